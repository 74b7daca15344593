"""Questions to the store are answered, and reach nothing else."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jcm_mrv.portfolio import running
from jcm_mrv.portfolio.querying import QueryError, answer_here, query
from jcm_mrv.portfolio.reading import read_portfolio
from jcm_mrv.portfolio.store import Store, views
from jcm_mrv.portfolio.tables import TABLES
from jcm_mrv.portfolio.workers import Inline
from support.portfolios import bytes_of, member, portfolio_file

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def store(roofs: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = portfolio_file(roofs, *(member(name, more='field = "energy"') for name in ("a", "b", "c")))
    place = Store(tmp_path_factory.mktemp("query") / "store")
    running.run(read_portfolio(path), place, Inline)
    return place


def test_tonnes_by_field(store: Store) -> None:
    answer = query(
        store, "SELECT field, sum(credited_tco2e) AS credited, count(indicative_tco2e) FROM members GROUP BY 1"
    )
    assert (answer.columns[:2], answer.rows) == (("field", "credited"), (("energy", 540, 0),))


def test_readings_to_parameters_to_years(store: Store) -> None:
    answer = answer_here(store, "SELECT sum(value) FROM parameters WHERE symbol = 'EG' AND member = 'a'")
    assert answer.rows == ((360.0,),)  # 100 + 120 + 140 MWh
    answer = answer_here(
        store, "SELECT y.unrounded_tco2e, m.serial_number FROM years y JOIN meters m USING (member) WHERE member = 'b'"
    )
    assert answer.rows == ((180.0, "SN-M-b"),)  # 360 MWh x 0.5 t/MWh


def test_every_column_says_what_it_means(store: Store) -> None:
    for name, columns in TABLES.items():
        schema = pq.read_schema(store.table(name))
        assert [field.metadata[b"meaning"].decode() for field in schema] == [column.meaning for column in columns]


def test_rows_beyond_the_limit_are_not_passed_over_in_silence(store: Store) -> None:
    assert query(store, "FROM members", most=2).more
    assert not answer_here(store, "FROM members", most=3).more


def test_an_answer_has_a_size_and_says_where_it_ends(store: Store) -> None:
    """20 million characters: twenty rows of a million; a row that is larger by itself is refused."""
    answer = answer_here(store, "SELECT repeat('x', 1000000) FROM range(30)")
    assert (len(answer.rows), answer.more, answer.full) == (20, True, True)
    with pytest.raises(QueryError, match="first row alone"):
        answer_here(store, "SELECT repeat('x', 20000001)")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM glob('/*')",
        "COPY members TO '/tmp/stolen.csv'",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "ATTACH '/tmp/other.db'",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "INSTALL httpfs",
        "LOAD httpfs",
        "EXPORT DATABASE '/tmp/stolen'",
        "CREATE TABLE x AS SELECT 1",
        "DROP VIEW members",
        "DELETE FROM members",
        "UPDATE members SET field = ''",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "SELECT 1; SELECT 2",
        "",
        "SELECT nothing FROM nowhere",
        "SELECT store FROM store",
        "SELECT getenv('HOME')",
        "SELECT 1 " + "+ 1 " * 30_000,
        "(" * 5_000 + "1" + ")" * 5_000,
    ],
)
def test_nothing_else_can_be_reached_or_changed(store: Store, sql: str) -> None:
    before = bytes_of(store)
    with pytest.raises(QueryError):
        answer_here(store, sql)  # what the process of query does, without its start
    assert bytes_of(store) == before
    assert not Path("/tmp/stolen.csv").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(1000000000000) a, range(1000) b",
        "SELECT sum(length(repeat('x', 3000000000 - i::INT))) FROM range(100) t(i)",  # one call that nothing interrupts
    ],
)
def test_a_question_without_end_is_stopped(store: Store, sql: str) -> None:
    with pytest.raises(QueryError, match="took longer"):
        query(store, sql, seconds=0.2)
    assert not multiprocessing.active_children()


def test_what_is_wrong_with_a_question_comes_back_from_its_process(store: Store) -> None:
    with pytest.raises(QueryError, match="never changed"):
        query(store, "DELETE FROM members")


def test_memory_is_limited_and_nothing_spills_onto_the_disk(store: Store) -> None:
    asked = "SELECT current_setting('memory_limit'), current_setting('max_temp_directory_size')"
    assert answer_here(store, asked).rows == (("1.8 GiB", "0 bytes"),)


def test_a_store_without_tables_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="portfolio run"):
        query(Store(tmp_path / "nothing"), "FROM members")


def test_the_views_are_those_of_the_tables(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(store.folder)
    with duckdb.connect(":memory:") as connection:
        connection.execute(views())
        assert connection.execute("SELECT count(*) FROM members").fetchall() == [(3,)]
