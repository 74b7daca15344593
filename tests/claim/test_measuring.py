"""Points as a person reads them, chains of stocks and conversions, values typed in with fewer decimals; by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from jcm_mrv.claim.building import build_claim
from jcm_mrv.claim.claim import Claim
from jcm_mrv.claim.confirming import Given, confirmation_fault
from jcm_mrv.claim.correcting import corrected
from jcm_mrv.claim.corrections import Correction
from jcm_mrv.claim.crediting import at_decimals, credited_by_year
from jcm_mrv.claim.measuring import Chain, Point, Term, _place_of, _rows_of
from jcm_mrv.meters.conversions import Conversion, Conversions
from jcm_mrv.meters.segments import SegmentKind
from jcm_mrv.methodology import Methodology
from jcm_mrv.methodology.catalogue import catalogue
from jcm_mrv.methodology.declare import Precision, constant, default, equipment, monitored, result
from jcm_mrv.origin import NOWHERE, Origin
from jcm_mrv.quantities.expression import total
from jcm_mrv.quantities.units import parse_unit
from jcm_mrv.time.timeline import Timeline
from support.claims import Sketch
from support.forms import OutputForm, entry, sketch


def term(coefficient: float, name: str = "M") -> Term:
    return Term(name, coefficient, NOWHERE)


def point(*terms: Term, **more: Any) -> Point:
    return Point("1", "T", "P", "", terms, (0,), "MWh", **more)


@pytest.mark.parametrize(
    ("coefficients", "written"),
    [
        ((1.0,), "M0"),
        ((-1.0, 1.0), "- M0 + M1"),
        ((1.0, -1.0), "M0 - M1"),
        ((0.25, -0.75), "0.25 × M0 - 0.75 × M1"),
        ((1.0, 0.0), "M0 + 0 × M1"),
    ],
)
def test_a_point_as_a_person_writes_it(coefficients: tuple[float, ...], written: str) -> None:
    one = point(*(term(c, f"M{n}") for n, c in enumerate(coefficients)))
    assert (one.formula, one.name) == (written, "T P")


@pytest.mark.parametrize(
    ("more", "of_samples", "divided"),
    [
        ({}, False, False),
        ({"is_mean": True}, False, True),
        ({"precision": Precision()}, True, True),
        ({"combined": "highest"}, True, True),
        ({"combined": "product"}, False, False),
        ({"combined": "count"}, False, False),
    ],
)
def test_what_is_divided_by_hours_or_by_a_number(more: dict[str, Any], of_samples: bool, divided: bool) -> None:
    one = point(term(1.0), **more)
    assert (one.of_samples, one.divided) == (of_samples, divided)


def test_the_sides_of_a_point() -> None:
    one = point(term(1.0, "A"), term(-0.5, "B"), term(0.0, "C"), term(0.1, "D"), term(-1.0, "E"))
    added, subtracted = one.sides("ABCE")
    assert ([t.meter_id for t in added], [t.meter_id for t in subtracted]) == (["A"], ["B", "E"])


# --- a chain with conversions ---------------------------------------------------------------------


class Fuel(Methodology):
    """Invented: ER falls with the fuel that is metered in litres and counts in tonnes."""

    FC = monitored("fuel", unit="t", per=equipment)
    EF = default("factor", unit="tCO2e/t")
    zero = constant("0", unit="tCO2e", label="nothing", source="invented")
    RE = result(zero, "reference emissions")
    PE = result(total(FC * EF, over=equipment), "project emissions")
    ER = result(RE - PE, "emission reductions")


PERIOD = Timeline.of(date(2024, 12, 1), date(2025, 1, 31), "Asia/Ho_Chi_Minh")
NEW_YEAR = PERIOD.months[1].start


def density(value: float, start: int, end: int) -> Conversion:
    return Conversion("density", value, parse_unit("t/m3"), start, end, None)  # type: ignore[arg-type]


def fuel(**columns: Any) -> tuple[Claim, Sketch]:
    """1,000 L in December and in January, at 0.8 t/m3 to the end of the year and 0.9 t/m3 from then on."""
    drawn = Sketch(
        "T 1", start=date(2024, 12, 1), end=date(2025, 1, 31), equipment=[{"equipment_id": "A"}],
        points=[{"parameter": "FC", "applies_to": "A", "meter_id": "M", "sign": "+"}],
        fixed=[{"parameter": "EF", "value": 3.0, "unit": "tCO2e/t", "document": "D"}],
        monthly={"M": [1000.0, 1000.0]}, unit="L", entries=[entry(Fuel)],
    )  # fmt: skip
    series = drawn.series()
    conversions = Conversions({"M": [density(0.8, -(2**62), NEW_YEAR), density(0.9, NEW_YEAR, 2**62)]})
    series = replace(series, parts=replace(series.parts, **columns), conversions=conversions)
    claim, findings = build_claim(drawn.bounds(), drawn.data(), drawn.timeline, series)
    assert claim is not None and findings == []
    return claim, drawn


def test_a_conversion_holds_from_its_day_on() -> None:
    """0.8 t and 0.9 t at 3 t/t; ER falls with both."""
    claim, _ = fuel()
    assert claim.evaluate()[claim.ER].tolist() == pytest.approx([-2.4, -2.7])
    chain: Chain = claim.chains[0]
    assert chain.in_unit("L", "M", NEW_YEAR - 1) == pytest.approx(0.0008)
    assert chain.in_unit("L", "M", NEW_YEAR) == pytest.approx(0.0009)
    assert chain.in_unit("L", "M") == pytest.approx(0.0009)  # at most
    assert (chain.factor("M", NEW_YEAR - 1), chain.factor("M", NEW_YEAR)) == (0.8, 0.9)
    assert chain.in_unit("kg", "OTHER") == pytest.approx(0.001)


def test_a_reading_that_began_before_its_month_is_converted_by_the_month() -> None:
    """It began on 1 December, and what of it lies in January has the density of January."""
    start = np.full(2, PERIOD.months[0].start, dtype=np.int64)
    claim, _ = fuel(start=start, end=np.full(2, PERIOD.months[1].end, dtype=np.int64), share=np.array([0.5, 0.5]))
    assert claim.evaluate()[claim.ER].tolist() == pytest.approx([-1.2, -1.35])


def test_what_left_a_store_is_what_was_there_and_came_less_what_is_left() -> None:
    """In m3: 5 + 10 - 7 = 8 in December and 7 + 4 - 3 = 8 in January; a store's parts hold closing as opening."""
    kind = np.full(2, SegmentKind.STOCK)
    columns = {"value": [10.0, 4.0], "opening": [7.0, 3.0], "closing": [5.0, 7.0]}
    claim, _ = fuel(kind=kind, units=("m3",), **{name: np.array(one) for name, one in columns.items()})
    assert claim.evaluate()[claim.ER].tolist() == pytest.approx([-8 * 0.8 * 3, -8 * 0.9 * 3])
    columns["value"][1] = 3.0
    kind = np.array([SegmentKind.STOCK, SegmentKind.ENERGY])  # beside 3 m3 of an interval
    claim, _ = fuel(kind=kind, units=("m3",), **{name: np.array(one) for name, one in columns.items()})
    assert claim.evaluate()[claim.ER].tolist() == pytest.approx([-8 * 0.8 * 3, -3 * 0.9 * 3])
    mixed = {"value": [10.0, 0.0], "opening": [7.0, 30.0], "closing": [5.0, 70.0], "wrap": [0.0, 100.0]}
    claim, _ = fuel(
        kind=np.array([SegmentKind.STOCK, SegmentKind.REGISTER]), units=("m3",),
        **{name: np.array(one) for name, one in mixed.items()},
    )  # fmt: skip
    # the register: 70 - 30 + 100
    assert claim.evaluate()[claim.ER].tolist() == pytest.approx([-8 * 0.8 * 3, -140 * 0.9 * 3])


def test_parts_belong_to_the_months_in_which_their_meter_stands() -> None:
    claim, drawn = fuel()
    parts = claim.chains[0].parts
    assert _place_of(parts, [("M", 1), ("N", 0), ("M", 2), ("M", 7)]).tolist() == [-1, 0]
    assert _rows_of(parts, {("M", 1)}).tolist() == [1] and _rows_of(parts, set()).tolist() == []
    none = replace(drawn, monthly={"M": [None, None]}).series().parts
    assert _rows_of(none, {("M", 0)}).tolist() == []


# --- corrections where ER falls ------------------------------------------------------------------


def test_corrections_take_out_and_add_by_month() -> None:
    """EC of 1 MWh a month in PE: half of March taken out, 0.2 MWh added in April and 10 % more of May's quarter."""
    claim, _ = sketch(OutputForm, {"Q": [10_000.0] * 12, "EC": [1000.0] * 12}).build()
    ordinal = {place: n for n, place in enumerate(claim.chains[0].meter_months)}
    rows = [
        Correction("MWh", ordinal["EC", 2], 0.5, -1.0, 0.0, "half", NOWHERE),
        Correction("MWh", ordinal["EC", 3], 0.0, 0.0, 0.2, "more", NOWHERE),
        Correction("MWh", ordinal["EC", 4], 0.25, 0.1, 0.0, "a quarter", Origin(line=7)),
    ]
    other = corrected(claim, rows)
    assert claim.reductions() == pytest.approx(120 - 12)
    assert other.reductions() == pytest.approx(120 - (12 - 0.5 + 0.2 + 0.025))
    graph = other.chains[0].correction_graph
    assert graph is not None and other.origins[graph.f][(2,)].line == 7
    assert other.space.elements[graph.correction] == ("half #1", "more #2", "a quarter #3")


def test_a_correction_in_another_unit_leaves_the_chain_as_it_is() -> None:
    claim, _ = fuel()
    other = corrected(claim, [Correction("MWh", 0, 1.0, -1.0, 0.0, "of another", NOWHERE)])
    assert other.reductions() == pytest.approx(-5.1) and other.chains[0].correction_graph is None


# --- whole tonnes from values as they are typed in -----------------------------------------------------


def test_fewer_decimals_are_typed_in_where_the_same_tonnes_follow() -> None:
    """Q less EC in MWh: 10.0004 - 1.0002, with three decimals 10.000 - 1.000."""
    claim, _ = sketch(OutputForm, {"Q": [10_000.4] + [0.0] * 11, "EC": [1000.2] + [0.0] * 11}).build()
    evaluation = claim.evaluate()
    assert claim.reductions() == pytest.approx(9.0002)
    assert [float(one[0]) for one in at_decimals(claim, evaluation, 3, [claim.ER, claim.RE])] == [9.0, 10.0]
    assert float(at_decimals(claim, evaluation, 4, [claim.ER])[0][0]) == pytest.approx(9.0002)
    assert credited_by_year(claim, evaluation, 6) == (3, [9])


def test_as_many_decimals_as_keep_the_tonne() -> None:
    """1.0004 - 0.0005 is below 1; with three decimals 1.000 - 0.001 (0.0005 is rounded to even, 0.000) is 1."""
    claim, _ = sketch(OutputForm, {"Q": [1000.4] + [0.0] * 11, "EC": [0.5] + [0.0] * 11}).build()
    assert claim.reductions() == pytest.approx(0.9999)
    decimals, tonnes = credited_by_year(claim, claim.evaluate(), 6)
    assert (decimals, tonnes) == (4, [0])


# --- what a project confirms ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("symbol", "value", "document", "words"),
    [
        ("equation", "confirmed", "", "a confirmation of the equation without"),
        ("electricity_rule", "confirmed", "", "a confirmation of electricity_rule without"),
        ("equation", "yes", "D", "the equation is either confirmed"),
        ("electricity_rule", "grid", "D", "itself makes the choice of electricity_rule"),
    ],
)
def test_the_words_of_what_is_wrong_with_a_confirmation(symbol: str, value: str, document: str, words: str) -> None:
    card = catalogue().find("ID_AM002 2.0").card
    fault = confirmation_fault(symbol, card, Given(value, "", document, "", NOWHERE))
    assert fault is not None and words in fault.message
    assert confirmation_fault(symbol, card, Given("confirmed", "", "D", "", NOWHERE)) is None
