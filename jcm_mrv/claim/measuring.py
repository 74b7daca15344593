"""The measuring chain bound to readings: from them to the monitored parameters.

The equations are those of :class:`~jcm_mrv.claim.chain_graph.ChainGraph`; a
parameter(i, p) is the point that measures it. There is one chain per unit of
monitored parameters. Because the chain is a graph like the methodology, the
workbook's formulas, the derivative and the trace reach from a tonne to a
single reading.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace

import numpy as np

from jcm_mrv.arrays import Numbers, Ordinals
from jcm_mrv.claim.chain_graph import ChainGraph
from jcm_mrv.claim.corrections import Correction, CorrectionGraph
from jcm_mrv.meters.conversions import Conversions
from jcm_mrv.meters.segments import Parts, SegmentKind
from jcm_mrv.methodology.declare import SINGLE, Monitored, Precision, month
from jcm_mrv.origin import Origin
from jcm_mrv.quantities.expression import Defined, Expression, Named, at
from jcm_mrv.quantities.sets import Mapping, Numbered, Space
from jcm_mrv.time.timeline import Timeline

Origins = dict[Named, MappingOf[tuple[int, ...], Origin]]


@dataclass(frozen=True)
class Term:
    """A meter in a monitoring point: its signed share."""

    meter_id: str
    coefficient: float
    origin: Origin


@dataclass(frozen=True)
class Point:
    """A monitoring point: how meters make one monitored parameter (of one element), in ``unit``.

    ``months`` are the ordinals of the month slices over which it counts. ``unit`` is that of what its readings come to
    together, which for a mean (``is_mean``) is divided by hours, for
    samples (where a ``precision`` is asked for) by their number; ``parameter_unit`` is that of the parameter.
    ``combined`` is how it is made of single readings
    (a product, or the last, highest or lowest one), empty where it is what its meters come to.
    """

    number: str
    methodology: str
    parameter: str
    applies_to: str
    terms: tuple[Term, ...]
    months: tuple[int, ...]
    unit: str
    option: str = ""
    frequency: str = ""
    responsible: str = ""
    comment: str = ""
    is_mean: bool = False
    precision: Precision | None = None
    sampling: str = ""
    combined: str = ""
    parameter_unit: str = ""

    @property
    def name(self) -> str:
        """Methodology, parameter and element."""
        return " ".join(part for part in (self.methodology, self.parameter, self.applies_to) if part)

    @property
    def divided(self) -> bool:
        """True for what is no amount: its readings are divided by hours, or by the number of samples."""
        return self.is_mean or self.of_samples

    @property
    def of_samples(self) -> bool:
        """True where its readings are divided by their number: samples, or a single reading."""
        return self.precision is not None or self.combined in SINGLE

    def sides(self, known: Container[str]) -> tuple[list[Term], list[Term]]:
        """Its terms of known meters: those that are added, and those that are subtracted."""
        terms = [term for term in self.terms if term.meter_id in known]
        return [t for t in terms if t.coefficient > 0], [t for t in terms if t.coefficient < 0]

    @property
    def formula(self) -> str:
        """The point as a person writes it: ``M1 - M2 + 0.25 × M3``."""
        text = ""
        for term in self.terms:
            size = abs(term.coefficient)
            text += " - " if term.coefficient < 0 else " + "
            text += ("" if size == 1 else f"{size:.15g} × ") + term.meter_id
        return text.removeprefix(" + ").strip()


@dataclass(frozen=True, eq=False)
class Chain:
    """A measuring chain bound to readings.

    The tuples hold, in the order of their set's elements and as ordinals:
    ``rows`` the part of each reading, ``meter_months`` (meter id, month),
    ``terms`` (point, term), ``term_months`` (point, term, month),
    ``point_months`` (point, month), ``point_years`` (point, year).
    """

    graph: ChainGraph
    parts: Parts
    rows: Ordinals
    points: tuple[Point, ...]
    meter_months: tuple[tuple[str, int], ...]
    terms: tuple[tuple[int, int], ...]
    term_months: tuple[tuple[int, int, int], ...]
    point_months: tuple[tuple[int, int], ...]
    point_years: tuple[tuple[int, int], ...]
    conversions: Conversions
    values: MappingOf[Named, Numbers] = field(default_factory=dict)
    origins: Origins = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    correction_graph: CorrectionGraph | None = None

    @property
    def unit(self) -> str:
        """The unit of the parameters that the chain ends in."""
        return self.graph.unit

    def in_unit(self, unit: str, meter_id: str, at: int | None = None) -> float:
        """What one ``unit`` of a meter is in the chain's unit at an instant, or at most at any time.

        Raises UnitError for another kind of quantity.
        """
        scale = self.conversions.scale(meter_id, unit, self.unit)
        return scale * (self.conversions.largest(meter_id) if at is None else self.factor(meter_id, at))

    def factor(self, meter_id: str, at: int) -> float:
        """The product of a meter's conversions at an instant."""
        return float(self.conversions.factors(meter_id, np.array([at], dtype=np.int64))[0])


def build_chain(
    unit: str,
    points: Sequence[Point],
    parts: Parts,
    places: Sequence[tuple[str, int]],
    timeline: Timeline,
    space: Space,
    conversions: Conversions,
) -> Chain:
    """Build the chain of one unit and bind its sets in ``space``.

    ``places`` are the (meter, month) of the claim (:func:`jcm_mrv.claim.points.places`).
    Raises UnitError when a reading's unit is not of the parameters' kind.
    """
    meters = {t.meter_id for p in points for t in p.terms}
    meter_months = [place for place in places if place[0] in meters]
    known = set(meter_months)
    terms = [(k, t) for k, point in enumerate(points) for t in range(len(point.terms))]
    term_months = [(k, t, m) for k, t in terms for m in points[k].months if (points[k].terms[t].meter_id, m) in known]
    point_months = list(dict.fromkeys((k, m) for k, _, m in term_months))
    years = timeline.year_of_month
    point_years = list(dict.fromkeys((k, int(years[m])) for k, m in point_months))
    rows = _rows_of(parts, known)
    kinds = set(parts.kind[rows].tolist())
    graph = ChainGraph(
        unit,
        energy=not kinds or bool(kinds - {SegmentKind.REGISTER, SegmentKind.STOCK}),
        registers=SegmentKind.REGISTER in kinds,
        stocks=SegmentKind.STOCK in kinds,
        converted=any(meter in conversions for meter in meters),
        means=SegmentKind.MEAN in kinds,
        samples=any(point.of_samples for point in points),
    )
    chain = Chain(
        graph,
        parts,
        rows,
        tuple(points),
        tuple(meter_months),
        tuple(terms),
        tuple(term_months),
        tuple(point_months),
        tuple(point_years),
        conversions,
    )
    _bind_elements(chain, timeline, space)
    _bind_mappings(chain, timeline, space)
    return replace(chain, values=_values(chain, timeline), origins=_origins(chain))


def _rows_of(parts: Parts, known: set[tuple[str, int]]) -> Ordinals:
    """The parts of the chain's meters in the months in which they are installed."""
    if not len(parts):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(_place_of(parts, known) >= 0)


def _place_of(parts: Parts, places: Collection[tuple[str, int]]) -> Ordinals:
    """For each part the ordinal of its meter and month among ``places``, -1 where it is none of them."""
    ordinals = np.full((len(parts.meter_ids), int(parts.month.max(initial=0)) + 1), -1, dtype=np.int64)
    meters = {meter: n for n, meter in enumerate(parts.meter_ids)}
    for n, (meter, m) in enumerate(places):
        if meter in meters and m < ordinals.shape[1]:
            ordinals[meters[meter], m] = n
    return ordinals[parts.meter, parts.month]


def _bind_elements(chain: Chain, timeline: Timeline, space: Space) -> None:
    graph, names = chain.graph, [p.name for p in chain.points]
    months = [m.label for m in timeline.months]
    years = [y.label for y in timeline.years]
    space.add(graph.reading, Numbered(len(chain.rows)))
    space.add(graph.meter_month, [f"{meter} {months[m]}" for meter, m in chain.meter_months])
    space.add(graph.term, [f"{names[k]} / {t + 1}" for k, t in chain.terms])
    space.add(graph.term_month, [f"{names[k]} / {t + 1} {months[m]}" for k, t, m in chain.term_months])
    space.add(graph.point_month, [f"{names[k]} {months[m]}" for k, m in chain.point_months])
    space.add(graph.point_year, [f"{names[k]} {years[p]}" for k, p in chain.point_years])


def _bind_mappings(chain: Chain, timeline: Timeline, space: Space) -> None:
    graph, parts, points = chain.graph, chain.parts, chain.points
    month_at = {place: n for n, place in enumerate(chain.meter_months)}
    term_at = {place: n for n, place in enumerate(chain.terms)}
    point_at = {place: n for n, place in enumerate(chain.point_months)}
    year_at = {place: n for n, place in enumerate(chain.point_years)}
    years = timeline.year_of_month
    space.map(graph.month_of_reading, _place_of(parts, chain.meter_months)[chain.rows])
    space.map(graph.month_of_term, [month_at[points[k].terms[t].meter_id, m] for k, t, m in chain.term_months])
    space.map(graph.term_of, [term_at[k, t] for k, t, _ in chain.term_months])
    space.map(graph.point_of, [point_at[k, m] for k, _, m in chain.term_months])
    space.map(graph.year_of, [year_at[k, int(years[m])] for k, m in chain.point_months])


def _values(chain: Chain, timeline: Timeline) -> dict[Named, Numbers]:
    graph, parts, rows = chain.graph, chain.parts, chain.rows
    scales, converted = _conversions(chain, timeline)
    hours = np.ones(len(rows)) if parts.hours is None else parts.hours[rows]
    store = parts.kind[rows] == SegmentKind.STOCK
    opening, closing, value = parts.opening[rows], parts.closing[rows], parts.value[rows]
    return {
        graph.V: np.where(store, 0.0, value),
        graph.V_open: np.where(store, 0.0, opening),
        graph.V_close: np.where(store, 0.0, closing),
        graph.V_wrap: parts.wrap[rows],
        # A store's parts hold its stocks the other way round: what is in store at the end was not used.
        graph.S_open: np.where(store, closing, 0.0),
        graph.S_in: np.where(store, value, 0.0),
        graph.S_close: np.where(store, opening, 0.0),
        graph.share: parts.share[rows],
        graph.k_T: parts.factor[rows] / hours,
        graph.t: hours,
        graph.k_C: converted,
        graph.u: scales,
        graph.E_corr: np.zeros(len(chain.meter_months)),
        graph.c: np.array([chain.points[k].terms[t].coefficient for k, t in chain.terms]),
    }


def _origins(chain: Chain) -> Origins:
    graph, parts, rows = chain.graph, chain.parts, chain.rows
    read, earlier = _OfParts(parts.origins, rows), _OfParts(parts.opening_origins, rows)
    shares: MappingOf[tuple[int, ...], Origin] = {
        (n,): chain.points[k].terms[t].origin for n, (k, t) in enumerate(chain.terms)
    }
    origins: Origins = {graph.V: read, graph.V_close: read, graph.V_open: earlier, graph.c: shares}
    return origins | {graph.S_in: read, graph.S_open: earlier, graph.S_close: read}


def _conversions(chain: Chain, timeline: Timeline) -> tuple[Numbers, Numbers]:
    """For each reading the scale of its unit, and the product of its meter's conversions when it begins."""
    parts, rows = chain.parts, chain.rows
    scales, converted = np.ones(len(rows)), np.ones(len(rows))
    begins = np.maximum(parts.start[rows], timeline.edges[parts.month[rows]])
    for meter in np.unique(parts.meter[rows]).tolist():
        name, own = parts.meter_ids[meter], np.flatnonzero(parts.meter[rows] == meter)
        for unit in np.unique(parts.unit[rows[own]]).tolist():
            same = own[parts.unit[rows[own]] == unit]
            scales[same] = chain.conversions.scale(name, parts.units[unit], chain.unit)
        if name in chain.conversions:
            converted[own] = chain.conversions.factors(name, begins[own])
    return scales, converted


class _OfParts(MappingOf[tuple[int, ...], Origin]):
    """The origins of the chain's parts by their ordinal, each made when it is asked for."""

    def __init__(self, origins: Sequence[Origin], rows: Ordinals) -> None:
        self._origins, self._rows = origins, rows

    def __getitem__(self, place: tuple[int, ...]) -> Origin:
        if len(place) != 1 or not 0 <= place[0] < len(self._rows):
            raise KeyError(place)
        return self._origins[int(self._rows[place[0]])]

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return ((n,) for n in range(len(self._rows)))

    def __len__(self) -> int:
        return len(self._rows)


DIVIDED = ("mean", "sample", *SINGLE)  # aggregates that are a sum over hours, or over the number of samples


def parameter_from(
    chain: Chain,
    namespace: str,
    parameter: Monitored,
    space: Space,
    points: MappingOf[tuple[str, ...], int],
    weight: Expression | None = None,
) -> tuple[Defined, Mapping]:
    """A methodology's monitored parameter as a quantity defined by the chain, and the mapping that takes it there.

    ``points`` says which point measures each element: by the labels of the
    parameter's sets without time, () where it has none. Of a weighted mean the point is that of the products with its
    weight, and ``weight`` what these are divided by.
    """
    graph = chain.graph
    *rest, time = parameter.sets
    monthly = time == month
    held = chain.point_months if monthly else chain.point_years
    ordinal = {place: n for n, place in enumerate(held)}
    positions = np.full(space.shape(parameter.sets), -1, dtype=np.int64)
    for place in np.ndindex(*positions.shape):
        point = points.get(space.labels(rest, place[:-1]))
        if point is not None:
            positions[place] = ordinal.get((point, place[-1]), -1)
    target = graph.point_month if monthly else graph.point_year
    mapping = Mapping(f"point of {namespace}.{parameter.symbol} ({chain.unit})", parameter.sets, target)
    space.map(mapping, positions)
    measured: Expression = at(graph.E_month if monthly else graph.E_year, mapping)
    if weight is not None:
        measured = measured / weight
    elif parameter.aggregate in DIVIDED:
        measured = measured / at(graph.H if monthly else graph.H_year, mapping)
    defined = Defined(parameter.symbol, parameter.label, parameter.unit, measured, parameter.sets)
    return defined, mapping
