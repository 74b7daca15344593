"""The page on portfolios lists the keys and columns that there are."""

from __future__ import annotations

import re
from pathlib import Path

from jcm_mrv.portfolio.querying import answer_here
from jcm_mrv.portfolio.reading import read_portfolio
from jcm_mrv.portfolio.running import run
from jcm_mrv.portfolio.store import Store
from jcm_mrv.portfolio.workers import Inline
from support.portfolios import member, portfolio_file
from support.scripts import load_script

PAGE = Path(__file__).parents[2] / "docs" / "portfolio.md"


def test_the_page_shows_the_keys_and_columns_of_now() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == load_script("write_portfolio_docs").page(text), "run make docs"


def test_every_question_of_the_page_is_answered(roofs: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    run(read_portfolio(portfolio_file(roofs, member("a"))), store, Inline)
    (block,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    questions = [one for one in re.split(r";\n", block) if one.strip()]
    assert len(questions) == 5
    for question in questions:
        assert answer_here(store, question).columns
