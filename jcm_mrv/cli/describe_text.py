"""A methodology described for a terminal, laid out like a document."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from jcm_mrv.cli.describe import LEVELS as EVIDENCE
from jcm_mrv.cli.describe import Description
from jcm_mrv.cli.methodologies_list import STATUSES
from jcm_mrv.cli.output import plain, width
from jcm_mrv.words import joined, say

WIDTH = 118
LEVELS: Mapping[str, str] = {
    "approved": say("Read in the approved document"),
    "summary": say("Official summary or filed document"),
    "secondary": say("Another public source"),
    "unconfirmed": say("NOT CONFIRMED"),
}
PATTERN = say(
    "A pattern: the general form of its family. Figures are indicative, without a monitoring report sheet and without "
    "credited tonnes, until the project confirms equation and defaults against the approved document."
)


def as_text(it: Description) -> str:
    """The description for a terminal."""
    parts = [
        "\n".join(textwrap.fill(plain(line), WIDTH, subsequent_indent="  ") for line in _head(it)),
        _paragraph(it["summary"]),
        _paragraph(PATTERN if it["status"] == "pattern" else it["not_calculated"]),
        _levels(it),
        _section(
            say("Equation of the document"),
            [
                *filter(None, (it["document_equation"], it["formal_equation"])),
                joined("", ("(", it["evidence"]["equation"], ")")),
            ],
        ),
        _section(say("What is monitored"), _monitored(it)),
        _equations(it["equations"]),
        _parameters(it["parameters"]),
        _section(
            say("Choices that the text leaves"),
            [joined("", (c["symbol"], ": ", c["text"], " (", c["evidence"], ")")) for c in it["choices"]],
        ),
        _section(
            say("Eligibility criteria"),
            [
                joined("", (c["number"], ". ", c["text"], " (", EVIDENCE.get(c["evidence"], c["evidence"]), ")"))
                for c in it["criteria"]
            ],
        ),
        _section(say("Notes"), it["notes"]),
    ]
    return "\n\n".join(part for part in parts if part)


def _monitored(it: Description) -> list[str]:
    """What is monitored, but for what stands among the parameters anyway."""
    listed = tuple(f"{p['symbol']} [{p['unit']}]: " for p in it["parameters"] if p["kind"] == "monitored")
    return [line for line in it["monitored"] if not line.startswith(listed)]


def _head(it: Description) -> list[str]:
    others = ", ".join(it["other_versions"])
    return [
        f"{it['number']} {it['version']}  {it['title']}",
        say(
            "{it}; scope: {it_2}; family: {it_3}; status: {it_4}; from {it_5}",
            it=it["country"],
            it_2=it["scope"],
            it_3=it["family"],
            it_4=STATUSES.get(it["status"], it["status"]),
            it_5=it["package"],
        ),
        *([say("Adopted {it}", it=it["adopted"])] if it["adopted"] else []),
        say("Applied by {it}", it=", ".join(it["projects"]) or say("no registered project")),
        *([say("Other versions: {others}", others=others)] if others else []),
    ]


def _levels(it: Description) -> str:
    """What is confirmed, and apart from it what is not; the source of each statement stands beside it further down."""
    rows: list[tuple[str, str]] = [
        (LEVELS[level], joined(", ", what) if what else say("nothing")) for level, what in it["confirmed"].items()
    ]
    rows += [(say("Entered by the project"), ", ".join(it["entered"]))] if it["entered"] else []
    said = [(plain(head), plain(text)) for head, text in rows]
    wide = max(width(head) for head, _ in said) + 4
    lines = [
        textwrap.fill(
            text, WIDTH, initial_indent=f"  {head}" + " " * (wide - 2 - width(head)), subsequent_indent=" " * wide
        )
        for head, text in said
    ]
    return "\n".join([plain(say("What is confirmed, and what is not")), "", *lines])


def _equations(equations: Sequence[str]) -> str:
    lines = [_laid_out(plain(equation)) for equation in equations]
    return "\n".join([plain(say("Equations")), "", *lines]) if lines else ""


def _parameters(parameters: Sequence[Mapping[str, str]]) -> str:
    return plain(say("Parameters")) + "\n\n" + _parameter_list(parameters) if parameters else ""


def _laid_out(equation: str) -> str:
    """An equation; the cases of a choice stand below each other where the line would be long."""
    if len(equation) <= WIDTH - 2:
        return f"  {equation}"
    written: list[str] = []
    opened: list[bool] = []  # for each bracket that is open: does it hold the cases of a choice?
    for n, character in enumerate(equation):
        if character == "(":
            opened.append(equation[:n].endswith("choose"))
        elif character == ")" and opened:
            opened.pop()
        after_case = n >= 2 and equation[n - 2 : n] in ("; ", "| ")
        if after_case and opened and opened[-1]:
            written.append("\n" + " " * (2 + 4 * sum(opened)))
        written.append(character)
    return "\n".join(_folded(line) for line in ("  " + "".join(written)).split("\n"))


def _folded(line: str) -> str:
    """A line of an equation that is still too long, continued below itself."""
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.fill(
        line.strip(),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _parameter_list(parameters: Sequence[Mapping[str, str]]) -> str:
    """Symbol, unit, kind and what it is; below it the value with evidence level and source."""
    heads = ("symbol", "unit", "kind")
    widths = [max(width(plain(p[key])) for p in parameters) for key in heads] if parameters else []
    lines: list[str] = []
    for parameter in parameters:
        cells = [plain(parameter[key]) for key in heads]
        start = "  " + "  ".join(c + " " * (w - width(c)) for c, w in zip(cells, widths, strict=True)) + "  "
        blank = " " * len(start)
        lines.append(textwrap.fill(plain(parameter["label"]), WIDTH, initial_indent=start, subsequent_indent=blank))
        if value := _value_text(parameter):
            lines.append(textwrap.fill(value, WIDTH, initial_indent=blank, subsequent_indent=f"{blank}  "))
    return "\n".join(lines)


def _value_text(parameter: Mapping[str, str]) -> str:
    evidence = EVIDENCE.get(parameter["evidence"], parameter["evidence"])
    told = joined(": ", (part for part in (evidence, parameter["source"]) if part))
    counted = parameter["value"][:1].isdigit() or parameter["value"].startswith("-")
    value = "= " + parameter["value"] if counted else parameter["value"]
    return plain(joined(" ", (part for part in (value, joined("", ("(", told, ")")) if told else "") if part)))


def _paragraph(text: str) -> str:
    return textwrap.fill(plain(text), 100)


def _section(title: str, lines: Sequence[str]) -> str:
    wrapped = [textwrap.fill(plain(line), WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines]
    return "\n".join([plain(title), "", *wrapped]) if lines else ""
