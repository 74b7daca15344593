"""An uncertainty budget in words for a terminal, as data, and as a tornado chart."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from jcm_mrv.reporting.document.figures import NumberFormat
from jcm_mrv.reporting.pictures.tornado import Swing, tornado
from jcm_mrv.verification.uncertainty.budget import COVERAGE, Budget, Part
from jcm_mrv.words import say

SCHEMA = "jcm-mrv-uncertainty/1"
HEADS = (*(say("Input"), say("Error [%]"), "u [tCO2e]", say("Share [%]"), say("Alone material [%]"), say("Basis")),)
SHOWN = 12
METHOD = say(
    "Method: law of propagation of uncertainty, first order (JCGM 100:2008), by derivatives of the claim's own graph; "
    "each error evenly distributed between its ends (u = error / √3); a meter errs alike in all months and "
    "everywhere it counts, different meters by themselves."
)
LIMITS = say(
    "Limits: only the errors of meters that the sheet Meters states, and those given with --uncertain, are in the sum. "
    "What is not in it: other fixed values, mistakes, the scatter of samples (finding samples.precision), data that "
    "were bridged or treated, and what the methodology's equation itself leaves out. One name with several meters in "
    "turn counts as one meter. The claim is not changed by it."
)


def budget_lines(found: Budget) -> list[str]:
    """The result in words, with method and limits; the table of parts stands apart (:func:`rows`)."""
    mc = found.monte_carlo
    share = say(" ({expanded:.2%} of it)", expanded=found.expanded / abs(found.reductions)) if found.reductions else ""
    verdict = (
        say("the two agree")
        if found.agrees
        else say("the two do NOT agree: ER bends or breaks within the errors; use the second")
    )
    return [
        say(
            "Emission reductions {reductions:,.3f} tCO2e, expanded uncertainty +/- {expanded:,.3f} tCO2e{share}, k = "
            "{coverage:g} (about 95 %)",
            reductions=found.reductions,
            expanded=found.expanded,
            share=share,
            coverage=COVERAGE,
        ),
        say(
            "Standard uncertainty: {uncertainty:,.4f} tCO2e by derivatives, {deviation:,.4f} tCO2e by {draws:,d} draws "
            "(seed {seed}, Monte Carlo, JCGM 101:2008): {verdict}",
            uncertainty=found.uncertainty,
            deviation=mc.deviation,
            draws=mc.draws,
            seed=mc.seed,
            verdict=verdict,
        ),
        say("95 % of the draws lie from {low:,.3f} to {high:,.3f} tCO2e", low=mc.low, high=mc.high),
        METHOD,
        LIMITS,
        say(
            "Alone material: the error of one input that by itself would change ER by {material:,.3f} tCO2e.",
            material=found.material,
        ),
    ]


def rows(found: Budget, most: int | None = None) -> list[tuple[str, ...]]:
    """The parts as cells, the first of them where there are more than ``most``."""
    return [
        (
            part.name, _percent(part.half), *_in_the_sum(found, part), _alone(part), part.basis,
        )
        for part in found.parts[:most]
    ]  # fmt: skip


def chart(found: Budget, numbers: NumberFormat, caption: str) -> Markup:
    """The tornado chart of the parts with a stated error, as SVG."""
    swings = [Swing(p.name, p.low, p.high) for p in found.parts if p.half is not None][:SHOWN]
    return tornado(swings, "tCO₂e", numbers.fixed, caption)


def _in_the_sum(found: Budget, part: Part) -> tuple[str, str]:
    """What a part adds; nothing is said of one whose error nobody stated, which is not to be read as no error."""
    return ("-", "-") if part.half is None else (f"{part.uncertainty:,.4f}", f"{found.share(part) * 100:,.1f}")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share * 100:.4g}"


def _alone(part: Part) -> str:
    return "over 100" if part.alone is None else f"{part.alone * 100:,.2f}"


def budget_data(found: Budget) -> dict[str, Any]:
    """The budget as data."""
    mc = found.monte_carlo
    return {
        "schema": SCHEMA,
        "reductions_tco2e": found.reductions,
        "standard_uncertainty_tco2e": found.uncertainty,
        "expanded_uncertainty_tco2e": found.expanded,
        "coverage_factor": COVERAGE,
        "material_tco2e": found.material,
        "monte_carlo": {
            "draws": mc.draws,
            "seed": mc.seed,
            "mean_tco2e": mc.mean,
            "standard_deviation_tco2e": mc.deviation,
            "interval_95_tco2e": [mc.low, mc.high],
            "agrees": found.agrees,
        },
        "method": METHOD,
        "limits": LIMITS,
        "parts": [
            {
                "input": part.name,
                "kind": part.kind,
                "error": part.half,
                "basis": part.basis,
                "effect_tco2e": part.effect,
                "standard_uncertainty_tco2e": part.uncertainty,
                "share": found.share(part),
                "low_tco2e": part.low,
                "high_tco2e": part.high,
                "alone_material": part.alone,
                "alone_effect_tco2e": part.alone_effect,
            }
            for part in found.parts
        ],
    }
