"""Every number of a result unfolds down to where it was given, from data that a page may carry."""

from __future__ import annotations

import json
from typing import Any

from jcm_mrv.trace.unfolding import unfolded
from support import results

Steps = list[dict[str, Any]]


def below(steps: Steps, number: int) -> set[int]:
    """The numbers of a step and of all below it."""
    found, waiting = {number}, [number]
    while waiting:
        new = set(steps[waiting.pop()].get("parts", ())) - found
        found |= new
        waiting += new
    return found


def test_a_tonne_unfolds_down_to_the_cells_of_its_readings() -> None:
    """180 t = (100 + 120 + 140) MWh x 0.5 t/MWh; readings in Readings!E2 to E4, factor in Fixed values!D3."""
    result = results.solar()
    traces = unfolded(result)
    data = json.loads(json.dumps(traces.data, allow_nan=False))
    steps, quantities, places = data["steps"], data["quantities"], data["places"]
    er = traces.at(result.claim.ER, (0,))
    assert er is not None and steps[er]["shown"] == "180" and steps[er]["labels"] == ["2024"]
    quantity = quantities[steps[er]["quantity"]]
    assert (quantity["symbol"], quantity["unit"], quantity["equation"]) == ("ER", "tCO2e", "RE_p - PE_p")
    reached = [steps[n] for n in below(steps, er)]
    given = {places[step["place"]]["text"]: step["shown"] for step in reached if "place" in step}
    readings = {f"monitoring.xlsx, Readings!E{n}": v for n, v in ((2, "100,000"), (3, "120,000"), (4, "140,000"))}
    assert readings.items() <= given.items() and given["monitoring.xlsx, Fixed values!D3"] == "0.5"
    assert {"file": "monitoring.xlsx", "sheet": "Readings", "cell": "E2"}.items() <= next(
        place.items() for place in places if place["text"] == "monitoring.xlsx, Readings!E2"
    )
    assert "360 × 0.5" in [step.get("numbers") for step in reached]


def test_every_element_of_forty_units_is_there_and_small_enough_for_a_page() -> None:
    result = results.units()
    traces = unfolded(result)
    for node in result.claim.results:
        for ordinals in result.claim.space.tuples(node.sets):
            number = traces.at(node, ordinals)
            assert number is not None
            value = float(traces.data["steps"][number]["shown"].replace(",", ""))
            assert abs(value - result.value(node, ordinals)) <= 1e-9 * abs(value)
    assert not any("left_out" in step for step in traces.data["steps"])
    assert len(json.dumps(traces.data, ensure_ascii=False, separators=(",", ":"))) < 1_000_000


def test_what_does_not_fit_in_is_counted_and_the_numbers_are_the_page_s() -> None:
    result = results.solar()
    whole = unfolded(result).data["steps"]
    traces = unfolded(result, lambda value: f"{value:.1f}".replace(".", ","), most_steps=12)
    steps = traces.data["steps"]
    assert len(steps) == 12 and steps[0]["shown"] == "180,0"
    assert all(part < 12 for step in steps for part in step.get("parts", ()))
    for mine, theirs in zip(steps, whole, strict=False):
        assert len(mine.get("parts", ())) + mine.get("left_out", 0) == len(theirs.get("parts", ()))
    assert any("left_out" in step for step in steps)
