"""Pieces of MathML (presentation markup), and MathML as a drawing.

The pieces are text: an equation is put together from the inside out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import inf
from xml.sax.saxutils import escape

_GASES = re.compile(r"((?<=CO)2(?!\d)|(?<=CH)4(?!\d)|(?<=N)2(?=O))")


def mrow(*parts: str) -> str:
    """Parts side by side as one."""
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def sign(text: str) -> str:
    """A sign of an operation or relation."""
    return f"<mo>{escape(text)}</mo>"


def bracketed(inner: str) -> str:
    """Something in round brackets as high as it is."""
    return mrow('<mo stretchy="true" form="prefix">(</mo>', inner, '<mo stretchy="true" form="postfix">)</mo>')


def upright(text: str) -> str:
    """A part of a symbol in upright letters; the digits of CO2, CH4 and N2O below the line."""
    parts = _GASES.split(text)
    set_parts = [f"<mtext>{escape(part)}</mtext>" for part in parts]
    # The gases' digits are every second part: each goes below the part before it.
    pairs = [f"<msub>{name}{digit}</msub>" for name, digit in zip(set_parts[::2], set_parts[1::2], strict=False)]
    return mrow(*pairs, set_parts[-1]) if parts[-1] else mrow(*pairs)


def cases(rows: Sequence[tuple[str, str]]) -> str:
    """Values with their conditions behind a brace."""
    cells = "".join(
        f"<mtr><mtd>{mrow(value)}</mtd><mtd><mspace width='1em'/><mrow>{condition}</mrow></mtd></mtr>"
        for value, condition in rows
    )
    brace = '<mo stretchy="true" form="prefix">{</mo>'
    return mrow(brace, f'<mtable columnalign="left left" columnspacing="0.5em">{cells}</mtable>')


def table(rows: Sequence[tuple[str, str]]) -> str:
    """Lines of an equation: what stands left of the sign of equality, and the rest."""
    cells = "".join(f"<mtr><mtd>{mrow(a)}</mtd><mtd><mrow>{b}</mrow></mtd></mtr>" for a, b in rows)
    return f'<mtable columnalign="right left" columnspacing="0.3em" displaystyle="true">{cells}</mtable>'


def whole(inner: str) -> str:
    """The whole formula."""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>{inner}</mrow></math>'


@lru_cache(maxsize=1024)
def svg(mathml: str, size: float = 12.0, room: float = inf) -> str:
    """MathML as a self-contained SVG (letters are outlines in it), the same text for the same equation.

    A formula wider than ``room``, in pixels, stands on several lines. Kept: drawing takes its time, and the PDF and the
    page show the same equations.
    """
    from jcm_mrv.quantities.drawing import drawn

    return drawn(mathml, size, room)
