"""A run calculates what has changed, and nothing else; whatever happens to it, nothing is lost."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jcm_mrv.file_sets import alone
from jcm_mrv.portfolio import parquet, running, software, store
from jcm_mrv.portfolio.calculating import OtherSoftwareError, Task, calculate_member
from jcm_mrv.portfolio.outcome import PortfolioResult, State
from jcm_mrv.portfolio.reading import portfolio_of, read_portfolio
from jcm_mrv.portfolio.records import Record, record_path
from jcm_mrv.portfolio.store import Store, StoreError
from jcm_mrv.portfolio.tonnes import Credited, Reported
from jcm_mrv.portfolio.workers import Inline, LocalProcesses
from support.portfolios import bytes_of, member, portfolio_file, roof

THREE = [member("a"), member("b"), member("c")]
FIGURES = """[[member]]
name = "bus"
status = "ended"
[[member.figures]]
year = 2018
amount = 12.5
unit = "tCO2e"
source = "report (illustrative)"
"""


def ran(folder: Path, *tables: str, progress: Callable[[str], None] = print) -> tuple[PortfolioResult, int]:
    path = portfolio_file(folder, *tables)
    return running.run(read_portfolio(path), Store(folder / "store"), Inline, progress)


def test_kinds_stand_side_by_side_and_a_second_run_calculates_nothing(three: Path) -> None:
    result, calculated = ran(three, *THREE, FIGURES, '[[member]]\nname = "water"\nno_figures = "never measured"')
    assert calculated == 3
    assert [one.state for one in result.members] == [*[State.CALCULATED] * 3, State.REPORTED, State.NONE]
    totals = result.totals()
    assert (totals.credited, totals.reported, totals.indicative) == (Credited(540), Reported(12.5), None)
    before = bytes_of(Store(three / "store"))
    again, calculated = ran(three, *THREE, FIGURES, '[[member]]\nname = "water"\nno_figures = "never measured"')
    assert calculated == 0
    assert again.totals() == totals
    assert bytes_of(Store(three / "store")) == before


def test_only_what_changed_is_calculated(three: Path) -> None:
    ran(three, *THREE)
    roof(three, "b", project={"title": "Another roof (illustrative)"})
    said: list[str] = []
    _, calculated = ran(three, *THREE, progress=said.append)
    assert calculated == 1
    assert any("1 of 1" in text and "b, calculated" in text for text in said)


def test_a_log_that_changes_or_goes_or_comes_is_a_change(three: Path) -> None:
    log = three / "a" / "roof.csv"
    hours = [f"2024-01-{day:02d} {hour:02d}:00,1.0" for day in range(1, 32) for hour in range(24)]
    log.write_text("\n".join(["time,kWh", *hours]))
    row = {
        "log_id": "L-1", "meter_id": "M-1", "file": "*.csv", "time_column": "time", "value_column": "kWh",
        "unit": "kWh", "kind": "energy", "time_zone": "Asia/Ho_Chi_Minh", "stamp": "start", "layout": "wide",
        "transformer_factor_included": "yes",
    }  # fmt: skip
    roof(three, "a", tables={"logs": [row], "readings": []})
    ran(three, member("a"))
    assert ran(three, member("a"))[1] == 0
    log.write_text("\n".join(["time,kWh", *hours[:-1], "2024-01-31 23:00,2.0"]))
    assert ran(three, member("a"))[1] == 1
    (three / "a" / "more.csv").write_text("time,kWh\n2024-02-01 00:00,1.0\n")  # the pattern takes it in
    assert ran(three, member("a"))[1] == 1
    assert ran(three, member("a"))[1] == 0


def test_other_software_calculates_anew(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(three, *THREE)
    lines = list(software._lines())
    monkeypatch.setattr(software, "_lines", lambda: iter([*lines, "another library 2.0"]))
    software.software_digest.cache_clear()
    try:
        assert ran(three, *THREE)[1] == 3
    finally:
        software.software_digest.cache_clear()


def test_one_failed_member_stops_no_other_and_is_listed(three: Path) -> None:
    roof(three, "b", project={"period_end": None})
    (three / "c" / "monitoring.xlsx").write_bytes(b"PK no workbook")
    result, _ = ran(three, *THREE)
    assert [one.state for one in result.members] == [State.CALCULATED, State.FAILED, State.FAILED]
    assert all(any(f.severity == "error" for f in one.findings) for one in result.faulty)
    assert "Project" in str(result.members[1].findings[0].where)
    assert ran(three, *THREE)[1] == 0  # it fails the same way until somebody mends it


def test_a_workbook_that_is_gone_fails_alone_and_comes_back(three: Path) -> None:
    ran(three, *THREE)
    book = three / "b" / "monitoring.xlsx"
    content = book.read_bytes()
    book.unlink()
    (finding,) = portfolio_of(portfolio_file(three, *THREE)).findings  # what "portfolio check" names
    assert (finding.code, finding.where.line) == ("portfolio.missing_file", 11)
    result, _ = ran(three, *THREE)
    assert [one.state for one in result.members] == [State.CALCULATED, State.FAILED, State.CALCULATED]
    assert "not there" in result.members[1].findings[0].message
    book.write_bytes(content)
    result, calculated = ran(three, *THREE)
    assert (calculated, result.faults) == (1, False)


def test_an_error_of_our_own_is_that_member_s_and_is_tried_again(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(path: Path) -> None:
        raise ZeroDivisionError("in the middle")

    with monkeypatch.context() as patch:
        patch.setattr("jcm_mrv.portfolio.calculating.calculate_file", breaks)
        result, _ = ran(three, member("a"))
    (finding,) = result.members[0].findings
    assert (finding.code, "in the middle" in finding.message) == ("portfolio.failed", True)
    assert ran(three, member("a"))[0].members[0].state is State.CALCULATED


def task_of(folder: Path) -> Task:
    """That of roof a."""
    (one,) = running.look(read_portfolio(portfolio_file(folder, member("a"))), Store(folder / "none")).waiting
    return one.task


class _Dying(Inline):
    """A crew whose process dies by one member, and takes those beside it with it once."""

    slots, memory, gone = 2, 10**12, (BrokenProcessPool,)

    def __init__(self, deadly: str) -> None:
        self.deadly, self.renewed = deadly, 0

    def submit(self, task: Task) -> Future[Record]:
        if task.member != self.deadly and (self.renewed or task.member != "c"):
            return super().submit(task)
        future: Future[Record] = Future()
        future.set_exception(BrokenProcessPool("killed"))
        return future

    def renew(self) -> None:
        self.renewed += 1


def test_a_member_by_which_processes_die_fails_alone(three: Path) -> None:
    path = portfolio_file(three, *THREE)
    result, _ = running.run(read_portfolio(path), Store(three / "store"), lambda: _Dying("b"))
    assert [one.state for one in result.members] == [State.CALCULATED, State.FAILED, State.CALCULATED]


def test_two_processes_give_the_same_bytes_as_one(three: Path) -> None:
    ran(three, *THREE)
    path = portfolio_file(three, *THREE)
    running.run(read_portfolio(path), Store(three / "other"), lambda: LocalProcesses(2))
    assert bytes_of(Store(three / "other")) == bytes_of(Store(three / "store"))


def test_a_member_is_as_large_as_its_logs(three: Path) -> None:
    (three / "a" / "logs").mkdir()
    (three / "a" / "logs" / "roof.csv").write_bytes(bytes(1_000_000))
    shutil.copy(three / "b" / "monitoring.xlsx", three / "c" / "other.xlsx")
    tables = [*THREE, member("d", file="c/other.xlsx")]
    waiting = running.look(read_portfolio(portfolio_file(three, *tables)), Store(three / "store")).waiting
    book = {n: (three / n / "monitoring.xlsx").stat().st_size for n in "abc"}
    # c and d lie in one folder and share what is in it.
    assert [one.size for one in waiting][:2] == [book["a"] + 1_000_000, book["b"]]
    assert sum(one.size for one in waiting[2:]) == pytest.approx(book["c"] + book["b"], rel=0.05)


def test_no_more_begins_than_the_memory_holds(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way: list[int] = []

    class Watched(Inline):
        def __init__(self, memory: int) -> None:
            self.slots, self.memory = 2, memory

        def submit(self, task: Task) -> Future[Record]:
            under_way.append(len(run.running))
            return super().submit(task)

    seen = running.look(read_portfolio(portfolio_file(three, *THREE)), Store(three / "store")).waiting
    tasks = [one.task for one in seen]
    for memory, most in ((2 * running.BASE_MEMORY + 10, 0), (3 * running.BASE_MEMORY, 1)):
        under_way.clear()
        waiting = [running.Waiting(task, 1_000_000) for task in tasks]
        run = running._Run(Watched(memory), waiting, lambda text: None)
        assert len(list(run.records())) == 3
        assert max(under_way) == most


def test_a_run_that_is_killed_at_any_moment_goes_on_to_the_same_bytes(three: Path) -> None:
    ran(three, *THREE)
    wanted = bytes_of(Store(three / "store"))
    program = (
        "import sys; from pathlib import Path\n"
        "from jcm_mrv.portfolio import running, store, reading, workers\n"
        "read = reading.read_portfolio(Path(sys.argv[1])); print('begun', flush=True)\n"
        "running.run(read, store.Store(Path(sys.argv[2])), workers.Inline, lambda text: print(text, flush=True))\n"
    )
    other = three / "other"
    for wait_for, pause in (("begun", 0.05), ("1 of", 0.02), ("Writing", 0.004)):
        command = [sys.executable, "-c", program, str(three / "portfolio.toml"), str(other)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if wait_for in line:
                    break
            time.sleep(pause)
            os.kill(process.pid, signal.SIGKILL)
    running.run(read_portfolio(three / "portfolio.toml"), Store(other), Inline)
    assert bytes_of(Store(other)) == wanted


def test_a_full_disk_leaves_the_earlier_tables(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(three, *THREE)
    before = bytes_of(Store(three / "store"))
    roof(three, "b", project={"title": "Another roof (illustrative)"})

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as patch:
        patch.setattr("jcm_mrv.file_sets._write", full)
        with pytest.raises(OSError, match="No space left"):
            ran(three, *THREE)
    after = bytes_of(Store(three / "store"))
    assert {n: s for n, s in after.items() if n.endswith("parquet")} == {
        n: s for n, s in before.items() if n.endswith("parquet")
    }
    assert ran(three, *THREE)[1] == 0  # the record was kept; only the tables were missing


def test_a_record_that_cannot_be_written_leaves_the_earlier_one(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(three, *THREE)
    path = record_path(Store(three / "store").records, "b")
    before = path.read_bytes()
    roof(three, "b", project={"title": "Another roof (illustrative)"})

    def full(descriptor: int, *_: object, **__: object) -> None:
        os.close(descriptor)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("jcm_mrv.portfolio.records.os.fdopen", full)
        with pytest.raises(OSError, match="No space left"):
            ran(three, *THREE)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_damaged_record_is_calculated_again(three: Path) -> None:
    ran(three, *THREE)
    before = bytes_of(Store(three / "store"))
    record_path(Store(three / "store").records, "b").write_bytes(b'{"schema": "jcm-mrv-record/1"')
    assert ran(three, *THREE)[1] == 1
    assert bytes_of(Store(three / "store")) == before


def test_a_store_of_another_version_or_kind_is_left_alone(three: Path) -> None:
    other = Store(three / "store")
    ran(three, *THREE)
    before = bytes_of(other)
    (three / "store" / store.MARK).write_text(json.dumps({"schema": "jcm-mrv-store/9"}))
    with pytest.raises(StoreError, match="another version"):
        ran(three, *THREE)
    assert {**bytes_of(other), store.MARK: ""} == {**before, store.MARK: ""}
    (three / "store" / store.MARK).unlink()
    with pytest.raises(StoreError, match="no store"):
        ran(three, *THREE)


def test_a_store_whose_making_was_killed_is_made_anew(three: Path) -> None:
    for left in (store.RECORDS, ".jcm-mrv-abc"):
        (three / "store" / left).mkdir(parents=True)
    assert ran(three, *THREE)[1] == 3


def test_a_store_that_another_run_writes_into_is_left_alone(three: Path) -> None:
    ran(three, *THREE)
    with alone(three / "store" / store.RECORDS), pytest.raises(StoreError, match="another run"):
        ran(three, *THREE)


def test_a_process_with_other_software_refuses(three: Path) -> None:
    with pytest.raises(OtherSoftwareError, match="jcm-mrv"):
        calculate_member(replace(task_of(three), software="0" * 64))


def test_a_process_that_finds_another_file_says_so(three: Path) -> None:
    record = calculate_member(replace(task_of(three), sha256="0" * 64))
    assert (record.state, record.fingerprint) == (State.FAILED, "")
    assert "another one" in str(record.rows["findings"][0]["message"])


def test_a_file_that_changes_while_it_is_read_is_read_again(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = three / "a" / "monitoring.xlsx"
    os.utime(path, (time.time() + 3600, time.time() + 3600))
    record = calculate_member(task_of(three))
    assert record.fingerprint == ""


def test_what_is_gathered_does_not_grow_with_the_rows_of_members(three: Path) -> None:
    """Only members that share something keep their rows; the tables have all of them, group by group."""
    result, _ = ran(three, *THREE)
    assert [one.rows for one in result.members] == [{}, {}, {}]
    roof(three, "b", serial="SN-M-a")
    result, _ = ran(three, *THREE)
    assert [bool(one.rows) for one in result.members] == [True, True, False]
    assert [finding.code for finding in result.findings] == ["portfolio.counted_twice"]
    tables = parquet.Tables()
    rows = [{"member": "m", "path": str(n), "sha256": ""} for n in range(parquet.GROUP + 1)]
    for n in range(0, len(rows), 700):
        tables.take("inputs", rows[n : n + 700])
    file = pq.ParquetFile(io.BytesIO(tables.contents()["inputs"]))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [parquet.GROUP, 1]
    assert file.read().column("path").to_pylist() == [row["path"] for row in rows]
