"""The figures of a run, by kind of fault and in total."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import median

from seeded_faults.judge import Verdict
from seeded_faults.run import Report

HEADINGS = ("fault", "cases", "within error", "detected", "located", "refused", "not above truth", "above, major",
            "above, silent", "given away")  # fmt: skip


def lines(report: Report) -> Iterator[str]:
    """The table as Markdown, the total last, then what was said of clean cases."""
    yield "| " + " | ".join(HEADINGS) + " |"
    yield "| --- |" + " ---: |" * (len(HEADINGS) - 1)
    by_kind: dict[str, list[Verdict]] = {}
    for verdict in report.verdicts:
        by_kind.setdefault(verdict.kind, []).append(verdict)
    for kind, verdicts in by_kind.items():
        yield _line(kind, verdicts)
    yield _line("**all**", report.verdicts)
    yield ""
    yield (
        f"Clean cases: {report.clean}, {report.events} of them with an event that is no fault, "
        f"{report.trees} with a tree of meters. With findings of "
        f"severity major or error: {len(_cases(report.alarms))}; with reductions other than the truth: "
        f"{len(report.wrong)}."
    )


def _cases(alarms: Iterable[str]) -> set[str]:
    """The cases that lines of alarms begin with."""
    return {alarm.partition(": ")[0] for alarm in alarms}


def _line(kind: str, verdicts: list[Verdict]) -> str:
    large = [v for v in verdicts if not v.small]
    given = [v.given_away for v in verdicts if v.given_away is not None]
    cells = (
        kind,
        str(len(verdicts)),
        str(len(verdicts) - len(large)),
        _share(v.detected for v in large),
        _share(v.located for v in large),
        _share(v.refused for v in verdicts),
        _share(not v.above for v in verdicts),
        str(sum(v.above and not v.silent for v in verdicts)),
        str(sum(v.silent for v in verdicts)),
        f"{median(given):.2%}" if given else "",
    )
    return "| " + " | ".join(cells) + " |"


def _share(values: Iterable[bool]) -> str:
    found = list(values)
    return f"{sum(found) / len(found):.1%}" if found else ""
