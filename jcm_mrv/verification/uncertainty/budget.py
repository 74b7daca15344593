"""The uncertainty budget of ER: first order, by derivatives, and the same by Monte Carlo.

Source: JCGM 100:2008 (GUM), law of propagation of uncertainty, rectangular distributions (4.3.7), expanded uncertainty
with k = 2; JCGM 101:2008, propagation of distributions and its comparison with the GUM (8).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from jcm_mrv.arrays import Numbers
from jcm_mrv.errors import JcmMrvError
from jcm_mrv.meters.instruments import error_of
from jcm_mrv.quality.settings import table
from jcm_mrv.quality.treatment.meter_errors import CROSSCHECK_UNKNOWN_ERROR
from jcm_mrv.result import Result
from jcm_mrv.verification.sensitivity import Sensitivity
from jcm_mrv.verification.uncertainty.draws import Cases
from jcm_mrv.words import joined, say

COVERAGE = 2.0
"""The factor k of the expanded uncertainty: about 95 % where the distribution is about normal."""


class UnknownInputError(JcmMrvError, ValueError):
    """An uncertainty was stated for something that the claim does not rest on."""


@dataclass(frozen=True)
class Part:
    """One input: it may be wrong by ``half`` (a fraction) either way, anything between being alike likely.

    ``effect`` is derivative times value [tCO2e]; ``low`` and ``high`` are the changes of ER, evaluated anew, at the two
    ends. ``half`` is None where nobody stated an error: such a part is not in the sum. ``alone`` is the error (a
    fraction) that alone would change ER by what is material, to first order, and ``alone_effect`` the change evaluated
    anew there; None where ER does not answer, or where the input would have to be wrong by more than all of itself.
    """

    name: str
    kind: str
    half: float | None
    basis: str
    effect: float
    low: float
    high: float
    alone: float | None
    alone_effect: float | None

    @property
    def uncertainty(self) -> float:
        """Its standard uncertainty in ER [tCO2e]."""
        return 0.0 if self.half is None else abs(self.effect) * self.half / math.sqrt(3)


@dataclass(frozen=True)
class MonteCarlo:
    """Draws of all inputs with a stated error: mean and standard deviation of ER and its 95 % interval [tCO2e]."""

    draws: int
    seed: int
    mean: float
    deviation: float
    low: float
    high: float

    @property
    def resolution(self) -> float:
        """The standard error of the standard deviation, about: what more draws would change it by."""
        return self.deviation / math.sqrt(2 * self.draws)


@dataclass(frozen=True)
class Budget:
    """The parts, those with the largest share first; ``reductions`` and ``material`` in tCO2e."""

    reductions: float
    material: float
    parts: tuple[Part, ...]
    monte_carlo: MonteCarlo

    @property
    def uncertainty(self) -> float:
        """The standard uncertainty of ER [tCO2e], first order."""
        return math.sqrt(sum(part.uncertainty**2 for part in self.parts))

    @property
    def expanded(self) -> float:
        """The expanded uncertainty [tCO2e], k = 2."""
        return COVERAGE * self.uncertainty

    def share(self, part: Part) -> float:
        """A part's share of the variance, a fraction."""
        return part.uncertainty**2 / self.uncertainty**2 if self.uncertainty else 0.0

    @property
    def agrees(self) -> bool:
        """Whether both ways agree: to half a unit of the second digit of u, and what the draws allow."""
        if not self.uncertainty:
            return self.monte_carlo.deviation == 0.0
        if not math.isfinite(self.uncertainty):
            return False
        digit = 10.0 ** (math.floor(math.log10(self.uncertainty)) - 1)
        tolerance = max(digit / 2, 3 * self.monte_carlo.resolution)
        return abs(self.uncertainty - self.monte_carlo.deviation) <= tolerance


def budget(
    result: Result, materiality: float, draws: int, seed: int, stated: Mapping[str, float] | None = None
) -> Budget:
    """The uncertainty budget of a result. ``materiality`` is a fraction of ER; ``stated`` gives errors of fixed values.

    Errors in ``stated`` are fractions by symbol. Raises UnknownInputError for a symbol that the claim does not rest on.
    """
    sensitivity = Sensitivity(result)
    given = dict(stated or {})
    symbols = list(dict.fromkeys(one.symbol for one in sensitivity.fixed))
    if unknown := [name for name in given if name not in symbols]:
        raise UnknownInputError(
            say(
                "the claim rests on no fixed value {unknown}; it has {symbols}",
                unknown=", ".join(unknown),
                symbols=", ".join(symbols),
            )
        )
    meters = list(dict.fromkeys(month.meter for month in sensitivity.months))
    symbols = [*given, *(name for name in symbols if name not in given)]
    errors = {**_errors(result, meters), **{name: (given[name], say("stated by the verifier")) for name in given}}
    names = [*meters, *symbols]
    effects = _effects(sensitivity, meters, symbols)
    material = materiality * abs(result.reductions)
    halves = [errors.get(name, (None, ""))[0] for name in names]
    parts = _parts(names, len(meters), halves, effects, material, Cases(sensitivity, meters, symbols), errors)
    drawn = [half for half in halves if half is not None]
    monte_carlo = _monte_carlo(Cases(sensitivity, meters, list(given)), drawn, draws, seed)
    ordered = sorted(parts, key=lambda part: (-part.uncertainty, -abs(part.effect), part.name))
    return Budget(sensitivity.reductions, material, tuple(ordered), monte_carlo)


def _errors(result: Result, meters: Iterable[str]) -> dict[str, tuple[float, str]]:
    """The error of each meter and where it is from: of several meters at one place the largest."""
    found: dict[str, tuple[float, str]] = {}
    for row in result.data.meters:
        error = error_of(row)
        if error is not None and error > found.get(row.meter_id, (0.0, ""))[0]:
            basis = say("accuracy class") if row.permissible_error is None else say("permissible error")
            found[row.meter_id] = error, joined(", ", (basis, str(row.origin("meter_id"))))
    setting = table()[CROSSCHECK_UNKNOWN_ERROR.key]
    assumed = float(result.settings.get(setting.key, setting.default))
    return {
        name: found.get(name, (assumed, say("assumed: no class stated (setting {setting})", setting=setting.key)))
        for name in meters
    }


def _effects(sensitivity: Sensitivity, meters: Sequence[str], symbols: Sequence[str]) -> list[float]:
    """Derivative times value of each input over all months, points and elements, with its sign: they err together."""
    of_meters, of_symbols = dict.fromkeys(meters, 0.0), dict.fromkeys(symbols, 0.0)
    for month in sensitivity.months:
        of_meters[month.meter] += month.effect
    for one in sensitivity.fixed:
        of_symbols[one.symbol] += one.effect
    return [*of_meters.values(), *of_symbols.values()]


def _parts(
    names: Sequence[str],
    meters: int,
    halves: Sequence[float | None],
    effects: Sequence[float],
    material: float,
    cases: Cases,
    errors: Mapping[str, tuple[float, str]],
) -> list[Part]:
    """Each input with ER evaluated anew at both ends of its error, and at the error that alone would be material."""
    alone = [_alone(effect, material) for effect in effects]
    ends = [[-(half or 0.0), half or 0.0, -(a or 0.0), a or 0.0] for half, a in zip(halves, alone, strict=True)]
    changed = _one_by_one(cases, ends)
    parts = []
    for n, name in enumerate(names):
        low, high, below, above = changed[n]
        worst = max(below, above, key=abs) if alone[n] is not None else None
        basis = errors[name][1] if name in errors else say("not stated: not in the sum")
        kind = "meter" if n < meters else "fixed value"
        parts.append(Part(name, kind, halves[n], basis, effects[n], low, high, alone[n], worst))
    return parts


def _alone(effect: float, material: float) -> float | None:
    share = material / abs(effect) if effect and math.isfinite(effect) else math.inf
    return share if share <= 1 else None


def _one_by_one(cases: Cases, ends: Sequence[Sequence[float]]) -> list[list[float]]:
    """The change of ER where one input alone is changed, for each of some shares of it."""
    count, each = len(ends), len(ends[0]) if ends else 0
    shares = np.zeros((count * each + 1, count))
    for n, own in enumerate(ends):
        shares[n * each : (n + 1) * each, n] = own
    found = cases.reductions(shares)
    return (found[:-1] - found[-1]).reshape(count, each).tolist() if count else []


def _monte_carlo(cases: Cases, halves: Sequence[float], draws: int, seed: int) -> MonteCarlo:
    """Every input with an error drawn evenly between its ends, all of its months and elements alike."""
    found = cases.reductions(_drawn(halves, draws, seed))
    low, high = (float(np.quantile(found, q)) for q in (0.025, 0.975))
    return MonteCarlo(draws, seed, float(found.mean()), float(found.std(ddof=1)), low, high)


def _drawn(halves: Sequence[float], draws: int, seed: int) -> Numbers:
    """Shares, evenly distributed. From the bits of PCG64 itself, whose sequence no later version may change."""
    bits = np.random.PCG64(seed).random_raw(draws * len(halves)).reshape(draws, len(halves))
    return np.asarray(((bits >> np.uint64(11)).astype(np.float64) / 2**52 - 1) * np.asarray(halves), dtype=np.float64)
