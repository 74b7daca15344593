"""Long equations on several lines: every sign and letter is still there, none is smaller, and all fit."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from xml.etree.ElementTree import Element, fromstring

import pytest

from jcm_mrv.quantities.breaking import within
from jcm_mrv.quantities.mathml import bracketed, cases, mrow, sign, svg, table, upright, whole

ROOM = 220.0
NAMES = [f"<msub>{upright('EC')}<mn>{n}</mn></msub>" for n in range(1, 13)]
LONG = f"<mrow>{sign('+').join(NAMES)}</mrow>"
LEFT = upright("RE") + sign("=")
EQUATIONS = {
    "terms": LEFT + LONG,
    "factors": LEFT + f"<mrow>{sign('×').join(NAMES)}</mrow>",
    "a row in a row": LEFT + mrow(LONG, sign("×"), mrow(LONG, sign("−"), NAMES[0])),
    "in a bracket": LEFT + mrow(NAMES[0], sign("×"), bracketed(LONG)),
    "brackets in brackets": LEFT + bracketed(mrow(NAMES[0], sign("×"), bracketed(mrow(LONG, sign("−"), NAMES[1])))),
    "over a fraction line": LEFT + f"<mfrac><mrow>{LONG}</mrow><mrow>{NAMES[0]}</mrow></mfrac>",
    "a fraction among factors": LEFT + mrow(NAMES[1], sign("×"), f"<mfrac><mrow>{LONG}</mrow>{LONG}</mfrac>"),
    "a power": LEFT + f"<msup><mrow>{bracketed(LONG)}</mrow><mn>2</mn></msup>",
    "a choice": LEFT + cases([(LONG, mrow(NAMES[0], sign("<"), NAMES[1])), (NAMES[2], NAMES[3])]),
    "the least of many": LEFT + mrow("<mtext>min</mtext>", bracketed("<mo>;</mo>".join(NAMES))),
    "lines with numbers": table([(upright("RE"), sign("=") + LONG), ("", sign("=") + "<mtext>1</mtext>")]),
}
PLAIN = LEFT + LONG + "".join(map(sign, "−×<;")) + "<mtext>min</mtext><mn>1234567890</mn>"


def width(drawing: str) -> float:
    return float(fromstring(drawing).attrib["width"])


def letters(drawing: str) -> list[tuple[str, str]]:
    """What is drawn of letters, digits and signs, each with its height; brackets are other outlines as they stretch."""
    uses = [e.attrib for e in fromstring(drawing).iter() if e.tag.endswith("use")]
    plain = {u["href"] for u in (e.attrib for e in fromstring(svg(whole(PLAIN), 13)).iter() if e.tag.endswith("use"))}
    return [(u["href"], u["height"]) for u in uses if u["href"] in plain]


@pytest.mark.parametrize("name", EQUATIONS)
def test_a_long_equation_fits_and_nothing_of_it_is_lost_or_made_smaller(name: str) -> None:
    mathml = whole(EQUATIONS[name])
    one_line, lines = svg(mathml, 13), svg(mathml, 13, ROOM)
    assert width(one_line) > ROOM >= width(lines)
    # Brackets and braces become as high as their lines; all else is there, as high as before.
    assert not Counter(letters(one_line)) - Counter(letters(lines))


def test_an_equation_that_fits_is_as_it_was() -> None:
    mathml = whole(LEFT + NAMES[0])
    assert svg(mathml, 13, ROOM) == svg(mathml, 13)


def test_what_has_no_sign_stays_on_its_line() -> None:
    mathml = whole(upright("A" * 60))
    assert width(svg(mathml, 13, ROOM)) > ROOM


# --- line by line, each letter as wide as one ------------------------------------------------------


def letter_width(parts: Sequence[Element]) -> float:
    """The widest line of what is put side by side: of tables the widest row."""
    return sum(_letters(part) for part in parts)


def _letters(part: Element) -> float:
    if part.tag == "mtable":
        return max(sum(_letters(cell) for cell in row) for row in part)
    if part.tag == "mspace":
        return float(part.attrib["width"].removesuffix("em"))
    if part.tag == "mfrac":
        return max(_letters(one) for one in part)
    return len(part.text or "") + sum(_letters(one) for one in part)


def lines(mathml: str, room: float) -> str:
    """What stands on each line, where a line goes on with ``_``; a table inside a line in square brackets."""
    return _shown(within(fromstring(mathml), room, 1.0, letter_width))


def _shown(element: Element) -> str:
    if element.tag == "mtable":
        return "[" + " / ".join("".join(map(_shown, row)) for row in element) + "]"
    if element.tag == "mspace":
        return "_"
    if element.tag == "mfrac":
        return "{" + ":".join(map(_shown, element)) + "}"
    return (element.text or "") + "".join(map(_shown, element))


def row(*parts: str) -> str:
    """Signs as they are, brackets, and names."""
    tags = {one: "mo" if one in "=+−×;()" else "mi" for one in parts}
    return f"<mrow>{''.join(p if p.startswith('<') else f'<{tags[p]}>{p}</{tags[p]}>' for p in parts)}</mrow>"


SUM = ("RE", "=", "aaaa", "+", "bbbb", "+", "cccc")


@pytest.mark.parametrize(
    ("mathml", "room", "said"),
    [
        (row(*SUM), 17, "RE=aaaa+bbbb+cccc"),  # 17 letters
        (row(*SUM), 16.9, "[RE=aaaa+bbbb / _+cccc]"),
        (row(*SUM), 12, "[RE=aaaa+bbbb / _+cccc]"),  # 12 letters on the first line
        (row(*SUM), 11.9, "[RE=aaaa / _+bbbb+cccc]"),  # 1 + 10 on the second
        (row(*SUM), 11, "[RE=aaaa / _+bbbb+cccc]"),
        (row(*SUM), 10.9, "[RE=aaaa / _+bbbb / _+cccc]"),
        (row(*SUM), 6.9, "[RE / _=aaaa / _+bbbb / _+cccc]"),
        (row("−", "aaaa", "+", "bb"), 6, "[−aaaa / _+bb]"),  # a sign in front stays with what it belongs to
        (row("abcdefghij"), 5, "abcdefghij"),  # no sign to break at
        (row("aa", "×", row("bb", "×", "cc")), 5, "[aa×bb / _×cc]"),  # rows in a row that no bracket holds
        # a bracket: what is in it is broken, with less room by the brackets and their growth
        (row("(", "aaaa", "+", "bbbb", ")"), 11, "(aaaa+bbbb)"),
        (row("(", "aaaa", "+", "bbbb", ")"), 10, "([aaaa / _+bbbb])"),
        # of 10 the brackets and their growth take 3: aaaa+bbb are 8
        (row("(", "aaaa", "+", "bbb", "+", "c", ")"), 10, "([aaaa / _+bbb+c])"),
        (row("aa", "×", row("(", "bbbb", "+", "cccc", ")")), 14, "aa×(bbbb+cccc)"),
        (row("aa", "×", row("(", "bbbb", "+", "cccc", ")")), 13, "[aa / _×(bbbb+cccc)]"),
        # a line of less than a quarter of the room goes on with what is broken within: of 20 are left 19 - 2 beside
        # aa, 15 beside the sign, 12 inside of the bracket; of 20 are left 19 - 1 - 1 and 14 below aaaaa
        (row("aa", "×", row("(", "bbbb", "+", "cccc", ")")), 12.9, "aa×([bbbb / _+cccc])"),
        (row("aa", "×", row("(", *SUM[2:], "+", "dddd", "+", "eeee", ")")), 20,
         "aa×([aaaa+bbbb / _+cccc+dddd / _+eeee])"),
        (row("aaaaa", "×", row("(", *SUM[2:], "+", "dddd", "+", "eeee", ")")), 20,
         "[aaaaa / _×([aaaa+bbbb+cccc / _+dddd+eeee])]"),
        # both sides of a fraction line; the base of a power beside its exponent
        (f"<mfrac>{row(*SUM)}{row('dd', '+', 'ee')}</mfrac>", 12, "{[RE=aaaa+bbbb / _+cccc]:dd+ee}"),
        (f"<msup>{row('aaaa', '+', 'bbbb')}<mn>2</mn></msup>", 9.9, "[aaaa / _+bbbb]2"),
        (f"<msup>{row('aaaa', '+', 'bbbb')}<mn>2</mn></msup>", 10, "aaaa+bbbb2"),
        (f"<munder>{row('aaaa', '+', 'bbbb')}<mn>2</mn></munder>", 5, "aaaa+bbbb2"),
        # a table of two columns: each cell has what the other column and the room between leave
        (f"<mtable><mtr><mtd>{row('LL')}</mtd><mtd>{row('aaaa', '+', 'bbbb')}</mtd></mtr></mtable>", 11,
         "[LLaaaa+bbbb]"),
        (f"<mtable><mtr><mtd>{row('LL')}</mtd><mtd>{row('aaaa', '+', 'bbbb')}</mtd></mtr></mtable>", 10.5,
         "[LL[aaaa / _+bbbb]]"),
        # of 10.5 LL takes 2 and the two columns 2; a column is as wide as its widest cell
        (f"<mtable><mtr><mtd>{row('LL')}</mtd><mtd>{row('aaaa', '+', 'bb', '+', 'cc')}</mtd></mtr></mtable>", 10.5,
         "[LL[aaaa / _+bb / _+cc]]"),
        (f"<mtable><mtr><mtd>{row('LL')}</mtd><mtd>{row('aaaa', '+', 'b', '+', 'cccc')}</mtd></mtr>"
         f"<mtr><mtd>{row('L')}</mtd><mtd>{row('cc')}</mtd></mtr></mtable>", 9.5, "[LL[aaaa / _+b / _+cccc] / Lcc]"),
        # a row that only begins or ends with a bracket is no bracket
        (row("(", "aaaa", "+", "bbbb", ")", "×", "cccc"), 7, "[(aaaa / _+bbbb) / _×cccc]"),
        (row("cccc", "×", "(", "aaaa", "+", "bbbb", ")"), 7, "[cccc / _×(aaaa / _+bbbb)]"),
        # what fits exactly is not broken within: 11 of 11, and 12 of 12 over a fraction line
        (row(row("(", "aaaa", "+", "bbbb", ")"), "+", "c"), 11, "[(aaaa+bbbb) / _+c]"),
        (f"<mrow><mfrac>{row(*SUM)}{row('dd', '+', 'ee')}</mfrac></mrow>", 12, "{[RE=aaaa+bbbb / _+cccc]:dd+ee}"),
        # where brackets and their growth leave no more than one letter, nothing is broken
        (row("(", "aa", "+", "bb", ")"), 4, "(aa+bb)"),
        (row("(", "aa", "+", "bb", ")"), 4.1, "([aa / _+bb])"),
    ],
)  # fmt: skip
def test_where_a_line_breaks(mathml: str, room: float, said: str) -> None:
    assert lines(mathml, room) == said


def test_a_line_that_goes_on_stands_in_by_an_em() -> None:
    """Of two letters: of 11.9 are left 9.9, too little for the ten of +bbbb+cccc."""
    found = within(fromstring(row(*SUM)), 11.9, 2.0, letter_width)
    assert _shown(found) == "[RE=aaaa / _+bbbb / _+cccc]"


def test_a_formula_as_wide_as_its_room_is_not_broken() -> None:
    mathml = whole(EQUATIONS["terms"])
    wide = width(svg(mathml, 13))
    assert svg(mathml, 13, wide) == svg(mathml, 13) != svg(mathml, 13, wide - 0.5)


def test_no_more_lines_are_taken_than_are_needed() -> None:
    """496 pixels in lines of 220 are three."""
    mathml = whole(EQUATIONS["terms"])
    one_line, lines = (float(fromstring(svg(mathml, 13, room)).attrib["height"]) for room in (math.inf, ROOM))
    assert 3 * one_line <= lines < 4 * one_line


def test_where_no_way_of_breaking_fits_the_one_that_is_least_too_wide_is_drawn() -> None:
    """7 pixels more than its room; with less room its brackets leave none for what is in them, and nothing breaks."""
    mathml = whole(EQUATIONS["brackets in brackets"])
    assert 150 < width(svg(mathml, 13, 150)) < 160 < width(svg(mathml, 13)) < 600
