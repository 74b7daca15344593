"""What stands in portfolio.toml, and everything that may be wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jcm_mrv.findings import InputRefusedError
from jcm_mrv.portfolio.definition import Source, Status
from jcm_mrv.portfolio.reading import portfolio_of, read_portfolio
from jcm_mrv.portfolio.toml_lines import line_numbers, line_of
from support.portfolios import HEAD, Write

PLAIN = '[[member]]\nname = "compost"\nno_figures = "never measured"\n'


def told(path: Path) -> list[tuple[str, int]]:
    """Codes and lines of what is wrong."""
    return [(finding.code, finding.where.line) for finding in portfolio_of(path).findings]


def test_members_groups_tenants_and_flows(portfolio: Write, good: Path) -> None:
    path = portfolio(
        '[[group]]\nname = "city"\nlatitude = 20.86\nlongitude = 106.68',
        '[[group]]\nname = "park"\npart_of = "city"',
        '[[tenant]]\nname = "steel"\ngroup = "park"\nyear = 2023\nemissions = 3000\nsource = "letter (illustrative)"',
        f'[[member]]\nname = "roof"\nworkbook = "{good.name}"\ngroup = "park"\ntenant = "steel"\npilot = 3',
        '[[member]]\nname = "bus"\nstatus = "ended"\nstart = 2017-03-01\nend = 2019-06-30\n'
        '[[member.figures]]\nyear = 2018\namount = 0.5\nunit = "ktCO2e"\nsource = "report, p. 4 (illustrative)"\n'
        '[[member.figures]]\nyear = 2018\nwhat = "water treated"\namount = 12\nunit = "m3"\nsource = "the same"',
        '[[flow]]\nname = "slag"\nkind = "by-product"\nwhat = "slag"\nfrom = "steel"\nto = "bus"\n'
        'amount = 10\nunit = "t"\nstart = 2023-01-01\nend = 2023-12-31\ndocument = "slips"',
    )
    read = read_portfolio(path)
    roof, bus = read.members
    assert (roof.source, roof.file, roof.pilot, roof.status) == (Source.WORKBOOK, good.name, "3", Status.OPERATING)
    assert read.around(roof.group) == ("city", "park")
    assert [m.name for m in read.inside("city")] == ["roof"]
    assert (bus.end, [f.tonnes for f in bus.figures]) == (date(2019, 6, 30), [500.0, None])  # 0.5 kt are 500 t
    assert read.flows[0].from_ == "steel"
    assert read.tenants[0].emissions == 3000


def test_everything_wrong_is_told_at_once_with_its_line(portfolio: Write, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no workbook")
    path = portfolio(
        '[[group]]\nname = "city"\npart_of = "park"',  # 4: in itself
        '[[group]]\nname = "park"\npart_of = "city"',
        '[[member]]\nname = "a"\nworkbok = "a.xlsx"',  # 10: no source; 12: no such key
        '[[member]]\nname = "A"\nworkbook = "notes.txt"\ngroup = "parc"',  # 13: the same name; 15: no workbook
        '[[member]]\nname = "c"\npackage = "../c.zip"',  # 19: outside
        '[[member]]\nname = "d"\nworkbook = "d.xlsx"\nlatitude = 91.0',  # 22, 23
    )
    assert told(path) == [
        ("portfolio.group_cycle", 4),
        ("portfolio.missing_key", 10),
        ("portfolio.unknown_key", 12),
        ("portfolio.twice", 13),
        ("portfolio.unknown_name", 13),
        ("portfolio.file", 15),
        ("portfolio.file", 19),
        ("portfolio.missing_file", 22),
        ("portfolio.bad_value", 23),
        ("portfolio.missing_key", 23),
    ]
    with pytest.raises(InputRefusedError, match="Did you mean “workbook”"):
        read_portfolio(path)


def test_names_that_are_nowhere_are_asked_about(portfolio: Write) -> None:
    head = HEAD + 'fields = ["waste", "energy"]\n'
    path = portfolio(PLAIN + 'field = "enrgy"\ntenant = "stel"', '[[tenant]]\nname = "steel"', head=head)
    actions = [finding.action for finding in portfolio_of(path).findings]
    assert actions == ["Did you mean “steel”?", "Did you mean “energy”?"]


def test_one_file_is_not_two_members(portfolio: Write, good: Path) -> None:
    tables = [f'[[member]]\nname = "{name}"\nworkbook = "{good.name}"' for name in ("a", "b")]
    (finding,) = portfolio_of(portfolio(*tables)).findings
    assert finding.code == "portfolio.twice"
    assert "line 4" in finding.message


def test_a_link_that_leads_out_is_refused(portfolio: Write, tmp_path: Path, good: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "a.xlsx").symlink_to(good)
    path = portfolio('[[member]]\nname = "a"\nworkbook = "a.xlsx"')
    path = path.rename(inner / path.name)
    assert told(path) == [("portfolio.file", 6)]


@pytest.mark.parametrize(
    "figure",
    [
        'year = 2018\namount = nan\nunit = "tCO2e"\nsource = "x"',
        'year = 2018\namount = true\nunit = "tCO2e"\nsource = "x"',
        'year = 2018\namount = 1e300\nunit = "tCO2e"\nsource = "x"',
        f'year = 2018\namount = 1{"0" * 400}\nunit = "tCO2e"\nsource = "x"',
        'year = "2018"\namount = 1\nunit = "tCO2e"\nsource = "x"',
        'year = 2018\namount = 1\nunit = "kWh"\nsource = "x"',
        'year = 2018\namount = 1\nunit = "tCO2e"\nsource = " "',
        'year = 2018\namount = 1\nunit = "__import__"\nsource = "x"',
    ],
)
def test_a_figure_that_cannot_be_one_is_refused(portfolio: Write, figure: str) -> None:
    path = portfolio(f'[[member]]\nname = "a"\n[[member.figures]]\n{figure}')
    assert {code for code, _ in told(path)} == {"portfolio.bad_value"}


@pytest.mark.parametrize("value", ["0x" + "f" * 10_000, "{" + "a." * 3_000 + "b = 1}", "[" * 500 + "]" * 500])
@pytest.mark.parametrize("key", ["title", "latitude", "start", "status", "workbook", "figures", "group"])
def test_a_value_beyond_all_measure_is_refused(portfolio: Write, key: str, value: str) -> None:
    assert told(portfolio(f'[[member]]\nname = "a"\n{key} = {value}\n'))


def test_problems_without_end_are_told_in_part(portfolio: Write) -> None:
    lines = "\n".join(f"x{n} = 1" for n in range(12_000))
    assert len(told(portfolio(PLAIN + lines))) == 10_001


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"a = 1\na = 2", b"x = " + b"[" * 5000])
def test_what_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "portfolio.toml"
    path.write_bytes(content)
    assert [code for code, _ in told(path)] == ["portfolio.unreadable"]


def test_a_member_is_a_table_of_its_own(portfolio: Write) -> None:
    assert told(portfolio('[member]\nname = "a"')) == [("portfolio.bad_value", 4)]


def test_lines_are_found_in_texts_over_several_lines() -> None:
    text = 'note = """\n[[member]]\nname = 1\n"""\n[[member]]\nname = 2\n'
    text += '[[member.figures]]\n"year" = 3\n[[member]]\na.b = 4\n'
    lines = line_numbers(text)
    assert line_of(lines, ("member", 0)) == 5
    assert line_of(lines, ("member", 0, "figures", 0, "year")) == 8
    assert line_of(lines, ("member", 1, "a", "b")) == 10
    assert line_of(lines, ("member", 1, "nothing")) == 9


@given(st.text(max_size=200))
def test_lines_of_any_text_are_found_without_an_error(text: str) -> None:
    assert line_of(line_numbers(text), ("member", 0, "name")) >= 1
