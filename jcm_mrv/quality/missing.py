"""What a claim needs and does not have: every missing cell by name, before anything is computed from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from jcm_mrv.arrays import Flags
from jcm_mrv.claim.claim import Claim, Parameter
from jcm_mrv.findings import Code, Finding, Severity, errors
from jcm_mrv.meant import did_you_mean
from jcm_mrv.methodology.binding import Bound
from jcm_mrv.methodology.declare import Monitored, Switch, equipment
from jcm_mrv.methodology.factors import fuels_called
from jcm_mrv.origin import Origin, column_and_row
from jcm_mrv.quality.evidence import FIXED_VALUES, FixedValues
from jcm_mrv.quality.treatment.sampling import no_samples
from jcm_mrv.quality.treatment.single_readings import nothing_read
from jcm_mrv.quantities.evaluate import Evaluation
from jcm_mrv.quantities.expression import Defined, Divide, Expression, Input, Label, Named, Node
from jcm_mrv.quantities.required import required
from jcm_mrv.words import say, sentences
from jcm_mrv.workbook.records import MonitoringData
from jcm_mrv.workbook.rows import FixedRow
from jcm_mrv.workbook.schema import fold

FIXED = Code("fixed.missing", Severity.ERROR, "A fixed value that the calculation needs is missing.")
POINT = Code("points.missing", Severity.ERROR, "A monitored parameter has no monitoring point.")
METER = Code("points.no_meter", Severity.ERROR, "No meter of a monitoring point is installed while its equipment runs.")
CLASS = Code("fixed.outside_classes", Severity.ERROR, "A value lies outside the classes of the methodology's table.")
NOT_FINITE = Code("claim.not_finite", Severity.ERROR, "The emission reductions cannot be computed.")


# A cell that could not be read is not missing besides: where it may be the cause, nothing is asked for twice.
_CAUSES = {
    "Equipment": {"Equipment", "Fixed values"},
    "Fixed values": {"Equipment", "Fixed values"},
    "Monitoring points": {"Equipment", "Meters", "Monitoring points"},
}


def missing_findings(claim: Claim, data: MonitoringData, known: Iterable[Finding]) -> list[Finding]:
    """What the claim needs and does not have, unless an error that is known already explains it."""
    faults = errors(known)
    elsewhere = {f.where.sheet for f in faults if f.where.sheet != FIXED_VALUES}
    parameters = {row.row: fold(row.parameter) for row in data.fixed}

    def parameter(where: Origin) -> str:
        place = column_and_row(where.cell)
        return parameters.get(place[1], "") if place else ""

    faulty = {parameter(f.where) for f in faults if f.where.sheet == FIXED_VALUES}
    symbols = {fold(node.symbol) for bound in claim.bounds for node in bound.nodes}

    def explained(finding: Finding) -> bool:
        sheets = _CAUSES.get(finding.where.sheet)
        if sheets is None:
            return bool(faults)
        if elsewhere & sheets:
            return True
        # A fault in the row of one parameter is no cause that another one is missing.
        own = parameter(finding.where) if finding.where.sheet == FIXED_VALUES else ""
        return FIXED_VALUES in sheets and bool(faulty) and (not own or own in faulty or not faulty <= symbols)

    return [f for f in missing_values(claim, claim.evaluate(), data.file, data.fixed) if not explained(f)]


def missing_values(claim: Claim, evaluation: Evaluation, file: str, rows: Sequence[FixedRow] = ()) -> list[Finding]:
    """An error for each element of each input that the results rest on and that is unknown.

    ``rows`` are those of Fixed values: a value that is missing is asked for in its row.
    """
    needed = required(claim.credited_roots(), evaluation)
    sheet = FixedValues(file, rows)
    findings: list[Finding] = []
    for bound in claim.bounds:
        for node in bound.nodes:
            if isinstance(node, (Input, Label)) and node in needed:
                unknown = _unknown(node, evaluation) & needed[node]
                for one in _asked(bound, node):
                    findings += (_finding(claim, bound, one, place, sheet) for place in _places(unknown))
        findings += _outside_classes(claim, bound, evaluation, file)
    for parameter in claim.parameters:
        findings += _without_meter(claim, parameter, needed.get(parameter.defined), file)
    findings += [*no_samples(claim, evaluation), *nothing_read(claim, evaluation)]
    if not findings and not np.isfinite(evaluation[claim.ER]).all():
        findings.append(_not_finite(claim, evaluation, file))
    return list({one.key: one for one in findings}.values())  # two may rest on one that is missing


def _asked(bound: Bound, node: Input | Label) -> list[Input | Label]:
    """What the project has to give for an input: of a product its factors, of which some may be there."""
    if not isinstance(node, Monitored):
        return [node]
    behind = {one.symbol for one in (*node.rests_on, *(() if node.factors else (node,)))}
    return [n for n in bound.monitored if n.symbol in behind]


def _unknown(node: Input | Label, evaluation: Evaluation) -> Flags:
    value = evaluation[node]
    return value < 0 if isinstance(node, Label) else np.isnan(value)


def _places(mask: Flags) -> Iterator[tuple[int, ...]]:
    for place in np.argwhere(mask):
        yield tuple(int(n) for n in place)


def _finding(claim: Claim, bound: Bound, node: Input | Label, place: tuple[int, ...], sheet: FixedValues) -> Finding:
    labels = claim.space.labels(node.sets, place)
    whose = say(" of {what}", what=", ".join(labels)) if labels else ""
    if isinstance(node, Monitored):
        return POINT(
            say(
                "{symbol}{whose} ({node}) is not measured by any meter",
                symbol=node.symbol,
                whose=whose,
                node=node.label,
            ),
            Origin(file=sheet.file, sheet="Monitoring points"),
            found=say("no row"),
            action=say(
                "Add a row: parameter {symbol}, applies to {labels}, and the meter that measures it.",
                symbol=node.symbol,
                labels=labels[0] if len(labels) > 1 else say("(empty)"),
            ),
        )
    per_equipment = bool(node.sets) and bound.document_set(node.sets[0]) == equipment
    unit = "choice" if isinstance(node, Switch) else getattr(node, "unit", "1")
    column = f"{node.symbol} [{unit}]"
    action = (
        say("Fill the column {column} of Equipment, or write the value on Fixed values.", column=column)
        if per_equipment
        else say(
            "Write on Fixed values, in the row of the parameter {symbol} (add one where there is none): applies to "
            "{labels}, the value, unit {unit}, document and page.",
            symbol=node.symbol,
            labels=" / ".join(labels) or say("(empty)"),
            unit=unit,
        )
    )
    if isinstance(node, Switch):
        action += say(" Choices: {choices}.", choices="; ".join(node.choices))
    action = sentences(_other_name(bound, node, labels), action)
    return FIXED(
        say("{symbol}{whose} ({node}) is missing", symbol=node.symbol, whose=whose, node=node.label),
        Origin(file=sheet.file, sheet="Equipment") if per_equipment else sheet.place(bound, node.symbol, labels),
        found=say("empty"),
        action=action,
    )


def _other_name(bound: Bound, node: Input | Label, labels: Sequence[str]) -> str:
    """The name under which the card has a value where the project writes another: diesel for gas_diesel_oil."""
    card, label = bound.entry.card.defaults.get(node.symbol), next(iter(labels), "")
    if card is None:
        return ""
    called = [fuel for fuel in fuels_called(label) if fuel in card.by_name]
    if not called:
        return did_you_mean(label, card.by_name)
    return say(
        "Did you mean {called}? The card has a value for it.", called=" or ".join(f"“{fuel}”" for fuel in called)
    )


def _outside_classes(claim: Claim, bound: Bound, evaluation: Evaluation, file: str) -> Iterator[Finding]:
    for symbol, table in bound.tables.items():
        defined = next(n for n in bound.nodes if n.symbol == symbol)
        by = next(o for o in defined.operands[0].operands if isinstance(o, Input))
        outside = np.isnan(evaluation[defined]) & ~np.isnan(evaluation[by])
        lower, upper = evaluation[table.lower].min(), evaluation[table.upper].max()
        for place in _places(outside):
            yield CLASS(
                say(
                    "{symbol} of {labels} lies in no class of {symbol_2} ({lower:g} to {upper:g} {by_unit})",
                    symbol=by.symbol,
                    labels=", ".join(claim.space.labels(by.sets, place)),
                    symbol_2=symbol,
                    lower=lower,
                    upper=upper,
                    by_unit=by.unit,
                ),
                claim.origins.get(by, {}).get(place, Origin(file=file, sheet="Equipment")),
                found=say("{evaluation:.15g}", evaluation=float(evaluation[by][place])),
                action=say("Check the value and its unit; outside the table the methodology gives no default."),
            )


def _without_meter(claim: Claim, parameter: Parameter, needed: Flags | None, file: str) -> Iterator[Finding]:
    """For each element that the results rest on; a choice may leave some of them out."""
    node: Named = parameter.defined
    positions = claim.space.positions[parameter.mapping]
    exists = claim.space.exists(node.sets) if needed is None else needed & claim.space.exists(node.sets)
    for place in _places(exists & (positions < 0)):
        labels = claim.space.labels(node.sets, place)
        applies_to = labels[:-1]
        point = parameter.points.get(applies_to)
        if point is None:
            for one in _unmeasured(claim, parameter, applies_to):
                yield _finding(claim, parameter.bound, one, place, FixedValues(file, ()))
            continue
        term = parameter.chain.points[point].terms[0]
        yield METER(
            say(
                "{symbol} of {labels}: none of its meters is installed then",
                symbol=node.symbol,
                labels=", ".join(labels),
            ),
            term.origin,
            found=parameter.chain.points[point].formula,
            action=say("Correct the dates Installed and Removed on Meters, or the operation dates on Equipment."),
        )


def _unmeasured(claim: Claim, parameter: Parameter, labels: tuple[str, ...]) -> Iterator[Monitored]:
    """What has no meter: a parameter, or those that it is made of; where all have one, its own fault is reported."""
    declared = parameter.declared
    if not declared.rests_on:
        yield declared
        return
    of_user = {
        (p.parameter, (p.applies_to,) if p.applies_to else ())
        for p in claim.points
        if p.methodology == parameter.bound.namespace and not p.combined
    }
    behind = {one.symbol for one in (*declared.rests_on, *(() if declared.factors else (declared,)))}
    for one in parameter.bound.monitored:
        if one.symbol in behind and (one.symbol, labels) not in of_user:
            yield one


def _not_finite(claim: Claim, evaluation: Evaluation, file: str) -> Finding:
    """A division by zero or an overflow: name the zero, or else the first quantity without a value."""
    needed = required(claim.roots(), evaluation)
    for node in (n for n in needed if isinstance(n, Defined)):
        for fraction in (n for n in _within(node) if isinstance(n, Divide) and {*n.right.sets} <= {*node.sets}):
            zero = needed[node] & (evaluation.over(fraction.right, node.sets) == 0) & ~np.isfinite(evaluation[node])
            if zero.any():
                return _divided_by_zero(claim, evaluation, node, fraction, next(_places(zero)), file)
    for bound in claim.bounds:
        for node in bound.equations:
            bad = claim.space.exists(node.sets) & ~np.isfinite(evaluation[node]) if node in evaluation else None
            if bad is not None and bad.any():
                place = next(_places(np.asarray(bad)))
                return NOT_FINITE(
                    say(
                        "{symbol} of {labels} has no value",
                        symbol=node.symbol,
                        labels=", ".join(claim.space.labels(node.sets, place)) or say("the claim"),
                    ),
                    Origin(file=file),
                    found=f"{float(evaluation[node][place])}",
                    action=say("Look for a value far too large or too small among its inputs."),
                )
    return NOT_FINITE(say("the emission reductions have no value"), Origin(file=file))


def _within(node: Defined) -> Iterator[Node]:
    """The nodes of an equation of its own, up to the quantities that it names."""
    open_nodes: list[Node] = [node.equation]
    while open_nodes:
        inner = open_nodes.pop(0)
        yield inner
        open_nodes += [] if isinstance(inner, Named) else inner.operands


def _divided_by_zero(
    claim: Claim, evaluation: Evaluation, node: Defined, fraction: Divide, place: tuple[int, ...], file: str
) -> Finding:
    """Which quantities make the denominator that is 0, and what each way out is."""
    labels = claim.space.labels(node.sets, place)
    below = [n for n in dict.fromkeys(_named_in(fraction.right)) if set(n.sets) <= set(node.sets)]
    own = {n: tuple(place[node.sets.index(s)] for s in n.sets) for n in below}
    found = ", ".join(f"{n.symbol} {float(evaluation[n][own[n]]):.15g} {getattr(n, 'unit', '')}".strip() for n in below)
    names = ", ".join(n.symbol for n in below) or "the denominator"
    return NOT_FINITE(
        say(
            "{symbol} of {labels} ({node}) has no value: it is divided by {names}, which is 0",
            symbol=node.symbol,
            labels=", ".join(labels) or say("the claim"),
            node=node.label,
            names=names,
        ),
        next((o for n in below if (o := claim.origins.get(n, {}).get(own[n])) is not None), Origin(file=file)),
        found=found or "0",
        action=say(
            "Correct {names} where it was not 0. Where it was, the methodology has no value for that time: choose "
            "another way to determine {symbol} on Fixed values if it offers one, or take what did not operate out of "
            "that time with its operation dates on Equipment.",
            names=names,
            symbol=node.symbol,
        ),
    )


def _named_in(expression: Expression) -> Iterator[Named]:
    """The named quantities that an expression is written with."""
    if isinstance(expression, Named):
        yield expression
        return
    for operand in expression.operands:
        if isinstance(operand, Expression):
            yield from _named_in(operand)
