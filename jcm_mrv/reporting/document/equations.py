"""Equations of a claim as drawings, in symbols and with the numbers of an example in."""

from __future__ import annotations

import re
from itertools import islice

from markupsafe import Markup

from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Result as EmissionResult
from jcm_mrv.quantities.expression import Defined
from jcm_mrv.quantities.text import term_text
from jcm_mrv.quantities.typeset import choices_in, equation_mathml, numbers_mathml, svg
from jcm_mrv.reporting.document.blocks import Equation
from jcm_mrv.reporting.document.context import Context
from jcm_mrv.reporting.document.glyphs import CLASS
from jcm_mrv.reporting.document.tables import Cell, symbol, unit

SIZE = 13.0
ROOM = 596.0
"""How wide a formula may be, in pixels: the text of a page on paper less the margins of an equation."""
MOST_EXAMPLES = 3


def equation(context: Context, defined: Defined, numbers: bool = True) -> Equation:
    """One equation with what it means and, where it has a value, with numbers in."""
    name = Markup("{}: {}").format(symbol(defined), context.said(defined.label))
    label = Markup("{} [{}]").format(name, unit(defined.unit))
    examples = tuple(_example(context, defined, place) for place in _places(context, defined)) if numbers else ()
    notes = tuple(f"{left}: {choice}" for left, choice in choices_in(defined))
    return Equation(label, drawing(equation_mathml(defined), _spoken(defined)), examples, notes)


def ordered(context: Context, bound: Bound) -> list[Defined]:
    """The equations of a methodology from the result down; what is measured comes elsewhere."""
    own = [e for e in bound.equations if id(e) not in context.measured]
    results = [e for e in own if isinstance(e, EmissionResult)]
    first = [e for e in (bound.ER, *bound.results[:-1]) if any(e is r for r in own)]
    return [*first, *(e for e in [*results, *own] if not any(e is f for f in first))]


def drawing(mathml: str, spoken: str) -> Markup:
    """MathML as an inline drawing that a screen reader reads as ``spoken``."""
    text = svg(mathml, size=SIZE, room=ROOM)
    opening = Markup('<svg class="{}" role="img" aria-label="{}" ').format(CLASS, spoken)
    named = re.sub(r"^<svg ", lambda _: str(opening), text, count=1)
    title = Markup("<title>{}</title>").format(spoken)
    return Markup(named.replace(">", f">{title}", 1))


def _spoken(defined: Defined) -> str:
    return f"{defined.symbol} = {term_text(defined.equation)}"


def _places(context: Context, defined: Defined) -> list[tuple[int, ...]]:
    """Where an equation is shown with numbers: in each of the first years, or for the first element with a value."""
    known = (o for o in context.result.claim.space.tuples(defined.sets) if context.known(defined, o))
    return list(islice(known, MOST_EXAMPLES if len(defined.sets) == 1 and isinstance(defined, EmissionResult) else 1))


def _example(context: Context, defined: Defined, place: tuple[int, ...]) -> tuple[Cell, Markup]:
    labels = ", ".join(context.result.claim.space.labels(defined.sets, place))
    mathml = numbers_mathml(defined, context.result.evaluation, place, context.n.in_equation)
    value = context.n.in_equation(context.result.value(defined, place))
    return labels, drawing(mathml, f"{defined.symbol} ({labels}) = {value}")
