"""Long equations on several lines: every sign and letter is still there, none is smaller, and all fit."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import fromstring

import pytest

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
