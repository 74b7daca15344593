"""The equations of a measuring chain: from readings to monitoring points, in the equation language.

reading         E      = (V + V_close - V_open + V_wrap + S_open + S_in - S_close) x share x k_T x k_C x u
meter's month   E_raw  = sum of its readings;  E_used = E_raw + E_corr
point's month   E_month = sum over its meters of c x E_used
point's year    E_year = sum of its months

What is no amount (a temperature) is read as a mean: its reading counts for the hours t of its interval, and the
parameter is E over the hours H for which the point stands, by month or by year. Of samples H is their number.
"""

from __future__ import annotations

from copy import copy
from functools import reduce

from jcm_mrv.quantities.expression import Add, Defined, Expression, Input, at, total
from jcm_mrv.quantities.graph import Rebuild
from jcm_mrv.quantities.sets import Mapping, Set
from jcm_mrv.quantities.units import check_units
from jcm_mrv.words import say


class ChainGraph:
    """The equations of a measuring chain whose parameters are in ``unit``.

    Only what the readings are appears: amounts (``energy``: readings of an
    interval, sums of a log), differences of ``registers``, what left
    ``stocks``; k_C where the meters are ``converted``, and t where readings are ``means``.
    """

    def __init__(
        self,
        unit: str,
        *,
        energy: bool = True,
        registers: bool = True,
        stocks: bool = False,
        converted: bool = False,
        means: bool = False,
        samples: bool = False,
    ) -> None:
        self.unit = unit
        self._declare_sets(unit)
        self._declare_readings(unit)
        self.E_corr: Input | Defined = Input("E_corr", "correction of the meter's month", unit, (self.meter_month,))
        self.c = Input("c", "signed share of the meter in the monitoring point", "1", (self.term,))
        terms: list[Expression] = [self.V] if energy else []
        terms += [self.V_close - self.V_open + self.V_wrap] if registers else []
        terms += [self.S_open + self.S_in - self.S_close] if stocks else []
        counted = reduce(Add, terms) * self.share * self.k_T
        counted = counted * self.k_C if converted else counted
        counted = (counted * self.t if means else counted) * self.u
        self.E = Defined("E", "amount of the reading in the month", unit, counted, (self.reading,))
        self.E_raw = Defined(
            "E_raw", "measured by the meter", unit, total(self.E, by=self.month_of_reading), (self.meter_month,)
        )
        self.E_used = Defined("E_used", "used after corrections", unit, self.E_raw + self.E_corr, (self.meter_month,))
        part = at(self.c, self.term_of) * at(self.E_used, self.month_of_term)
        self.E_term = Defined("E_term", "the meter's part of the monitoring point", unit, part, (self.term_month,))
        self.E_month = Defined(
            "E_month", "monitoring point by month", unit, total(self.E_term, by=self.point_of), (self.point_month,)
        )
        self.E_year = Defined(
            "E_year", "monitoring point by year", unit, total(self.E_month, by=self.year_of), (self.point_year,)
        )
        over, unit_of_H = (
            (say("number of samples"), "pcs") if samples else (say("hours over which the mean is taken"), "h")
        )
        self.H = Input("H", over, unit_of_H, (self.point_month,))
        self.H_year = Defined(
            "H_year", say("{what}, by year", what=over), unit_of_H, total(self.H, by=self.year_of), (self.point_year,)
        )
        check_units([self.E_year, self.H_year])

    def _declare_readings(self, unit: str) -> None:
        own = (self.reading,)
        self.V = Input("V", "amount of the reading, as read", "rdg", own)
        self.V_open = Input("V_open", "opening reading of the register", "rdg", own)
        self.V_close = Input("V_close", "closing reading of the register", "rdg", own)
        self.V_wrap = Input("V_wrap", "size of the register times its rollovers", "rdg", own)
        self.S_open = Input("S_open", "opening stock", "rdg", own)
        self.S_in = Input("S_in", "received", "rdg", own)
        self.S_close = Input("S_close", "closing stock", "rdg", own)
        self.share = Input("share", "share of the reading's interval in the month", "1", own)
        self.k_T = Input("k_T", "transformer factor", "1", own)
        self.k_C = Input("k_C", "product of the meter's conversions", "1", own)
        self.t = Input("t", "hours for which the reading counts: of a mean those of its interval, else 1", "1", own)
        self.u = Input("u", say("unit of the reading in {unit}", unit=unit), f"{unit}/rdg", own)

    def rebuilt(self, rebuild: Rebuild) -> ChainGraph:
        """These equations with corrections in them: copies of everything above the corrections."""
        other = copy(self)
        for name in ("E_corr", "E_used", "E_term", "E_month", "E_year"):
            setattr(other, name, rebuild(getattr(self, name)))
        return other

    def _declare_sets(self, unit: str) -> None:
        self.reading = Set("reading", "r", "reading", unit)
        self.meter_month = Set("meter month", "n", say("meter in one month"), unit)
        self.term = Set("term", "t", say("meter in a monitoring point"), unit)
        self.term_month = Set("term month", "v", say("meter in a monitoring point in one month"), unit)
        self.point_month = Set("point month", "w", say("monitoring point in one month"), unit)
        self.point_year = Set("point year", "y", say("monitoring point in one year"), unit)
        self.month_of_reading = Mapping(f"month of the reading ({unit})", (self.reading,), self.meter_month)
        self.month_of_term = Mapping(f"meter's month of the term ({unit})", (self.term_month,), self.meter_month)
        self.term_of = Mapping(f"term ({unit})", (self.term_month,), self.term)
        self.point_of = Mapping(f"point's month of the term ({unit})", (self.term_month,), self.point_month)
        self.year_of = Mapping(f"year of the point's month ({unit})", (self.point_month,), self.point_year)
