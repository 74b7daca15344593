"""A sample and its evaluation in words for a terminal, and as data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from jcm_mrv.verification.sampling.drawing import Design
from jcm_mrv.verification.sampling.evaluation import Evaluated
from jcm_mrv.verification.sampling.plan import Plan

SCHEMA = "jcm-mrv-sample/1"


def plan_lines(plan: Plan) -> list[str]:
    """How many items were drawn, of how many, why so many, and the seed."""
    wish = plan.wish
    lines = [
        f"{len(plan.sample)} of {len(plan.items)} {wish.kind} drawn ({wish.design}), seed {wish.seed}",
        f"Size: {plan.size.formula}",
        f"Source: {plan.size.source}",
    ]
    if wish.design is Design.RISK:
        certain = sum(one.certain for one in plan.sample)
        lines.append(
            f"{certain} in any case (at least {plan.interval:,.3f} t hang on each, or it is not known how much), "
            "the others by chance in proportion to what hangs on them"
        )
    if plan.unreachable:
        lines.append(
            f"{plan.unreachable} items on which no tonne hangs cannot be drawn by risk: look at some of them too"
        )
    return lines


def evaluated_lines(plan: Plan, found: Evaluated) -> list[str]:
    """The outcome in words."""
    confidence = f"{plan.wish.confidence:.0%}"
    low, high = found.rate_interval
    lines = [
        f"{found.checked} of {len(plan.items)} {plan.wish.kind} checked, {found.wrong} wrong or not seen",
        f"Share of items with errors: {found.rate:.1%}, {confidence} interval {low:.1%} to {high:.1%} "
        "(Clopper and Pearson)",
        f"Projected misstatement: {tonnes(found.misstatement)} tCO2e (above 0: the report claims too much), "
        f"{confidence} interval {tonnes(found.interval[0])} to {tonnes(found.interval[1])} tCO2e",
        f"By: {found.method}",
        f"Material: {found.threshold:,.3f} tCO2e ({plan.wish.materiality:.3g} of the emission reductions): "
        f"{found.against}",
        "What follows from it is the verifier's judgement.",
    ]
    for one, answer, lost in found.errors:
        value = "" if answer.found is None else f", found {answer.found:.15g} {one.item.unit}"
        note = f" ({answer.note})" if answer.note else ""
        lines.append(
            f"  {one.item.id}: {answer.outcome}, stated {one.item.stated:.15g} {one.item.unit}{value}: "
            f"{tonnes(lost)} tCO2e{note}"
        )
    return lines


def tonnes(value: float) -> str:
    """Tonnes with their sign, or that they are not known."""
    return f"{value:+,.3f}" if math.isfinite(value) else "not known"


def plan_data(plan: Plan) -> dict[str, Any]:
    """A sample as data."""
    wish = plan.wish
    return {
        "schema": SCHEMA,
        "of": wish.kind,
        "design": str(wish.design),
        "confidence": wish.confidence,
        "precision": wish.precision,
        "expected": wish.expected,
        "materiality": wish.materiality,
        "seed": wish.seed,
        "population": len(plan.items),
        "size": {"items": plan.size.items, "formula": plan.size.formula, "source": plan.size.source},
        "interval_tco2e": plan.interval,
        "material_tco2e": plan.threshold,
        "items": [
            {"item": one.item.id, "where": one.item.where, "stated": one.item.stated, "unit": one.item.unit}
            | {"effect_tco2e": one.item.effect, "certain": one.certain}
            for one in plan.sample
        ],
    }


def evaluated_data(plan: Plan, found: Evaluated) -> Mapping[str, Any]:
    """A sample with its evaluation as data; what is not known is null."""
    return plan_data(plan) | {
        "evaluation": {
            "checked": found.checked,
            "wrong": found.wrong,
            "rate": found.rate,
            "rate_interval": list(found.rate_interval),
            "misstatement_tco2e": _number(found.misstatement),
            "interval_tco2e": [_number(end) for end in found.interval],
            "method": found.method,
            "against_materiality": str(found.against),
            "errors": [
                {"item": one.item.id, "result": str(answer.outcome), "found": answer.found}
                | {"misstatement_tco2e": _number(lost), "note": answer.note, "by": answer.by, "on": answer.on}
                for one, answer, lost in found.errors
            ],
        }
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
