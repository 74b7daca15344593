"""A sample and its evaluation in words for a terminal, and as data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from jcm_mrv.verification.sampling.drawing import Design
from jcm_mrv.verification.sampling.evaluation import Evaluated
from jcm_mrv.verification.sampling.plan import Plan
from jcm_mrv.words import say

SCHEMA = "jcm-mrv-sample/1"
KINDS = {
    "months": say("months"),
    "meters": say("meters"),
    "equipment": say("pieces of equipment"),
    "invoices": say("invoices"),
    "documents": say("documents"),
}
DESIGNS = {Design.SIMPLE: say("simple"), Design.STRATIFIED: say("stratified"), Design.RISK: say("by risk")}


def plan_lines(plan: Plan) -> list[str]:
    """How many items were drawn, of how many, why so many, and the seed."""
    wish = plan.wish
    lines: list[str] = [
        say(
            "{number_of_sample} of {number_of_items} {kind} drawn ({design}), seed {seed}",
            number_of_sample=len(plan.sample),
            number_of_items=len(plan.items),
            kind=KINDS[wish.kind],
            design=DESIGNS[wish.design],
            seed=wish.seed,
        ),
        say("Size: {formula}", formula=plan.size.formula),
        say("Source: {source}", source=plan.size.source),
    ]
    if wish.design is Design.RISK:
        certain = sum(one.certain for one in plan.sample)
        lines.append(
            say(
                "{certain} in any case (at least {interval:,.3f} t hang on each, or it is not known how much), the "
                "others by chance in proportion to what hangs on them",
                certain=certain,
                interval=plan.interval,
            )
        )
    if plan.unreachable:
        lines.append(
            say(
                "{unreachable} items on which no tonne hangs cannot be drawn by risk: look at some of them too",
                unreachable=plan.unreachable,
            )
        )
    return lines


def evaluated_lines(plan: Plan, found: Evaluated) -> list[str]:
    """The outcome in words."""
    confidence = f"{plan.wish.confidence:.0%}"
    low, high = found.rate_interval
    lines = [
        say(
            "{checked} of {number_of_items} {kind} checked, {wrong} wrong or not seen",
            checked=found.checked,
            number_of_items=len(plan.items),
            kind=KINDS[plan.wish.kind],
            wrong=found.wrong,
        ),
        say(
            "Share of items with errors: {rate:.1%}, {confidence} interval {low:.1%} to {high:.1%} (Clopper and "
            "Pearson)",
            rate=found.rate,
            confidence=confidence,
            low=low,
            high=high,
        ),
        say(
            "Projected misstatement: {tonnes} tCO2e (above 0: the report claims too much), {confidence} interval "
            "{tonnes_2} to {tonnes_3} tCO2e",
            tonnes=tonnes(found.misstatement),
            confidence=confidence,
            tonnes_2=tonnes(found.interval[0]),
            tonnes_3=tonnes(found.interval[1]),
        ),
        f"By: {found.method}",
        say(
            "Material: {threshold:,.3f} tCO2e ({materiality:.3g} of the emission reductions): {against}",
            threshold=found.threshold,
            materiality=plan.wish.materiality,
            against=found.against,
        ),
        say("What follows from it is the verifier's judgement."),
    ]
    for one, answer, lost in found.errors:
        value = (
            ""
            if answer.found is None
            else say(", found {found:.15g} {item_unit}", found=answer.found, item_unit=one.item.unit)
        )
        note = f" ({answer.note})" if answer.note else ""
        lines.append(
            say(
                "  {item}: {outcome}, stated {stated:.15g} {item_unit}{value}: {tonnes} tCO2e{note}",
                item=one.item.id,
                outcome=answer.outcome,
                stated=one.item.stated,
                item_unit=one.item.unit,
                value=value,
                tonnes=tonnes(lost),
                note=note,
            )
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
