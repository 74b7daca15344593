"""The table of settings: every limit of a rule with its default, unit and meaning.

A rule reads its limits from here, never from a number of its own, so that
the page ``docs/settings.md``, the sheet Settings and the result agree.
Defaults without a source in the comment are this project's choice: wide
enough to stay silent on sound data.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One limit. A number between ``least`` and ``most`` (inclusive), or one of ``choices``."""

    key: str
    default: float | str
    unit: str
    meaning: str
    least: float = 0.0
    most: float = math.inf
    whole: bool = False
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What may be written, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.least:g}" + (f" to {self.most:g}" if math.isfinite(self.most) else "")

    def shown(self, value: float | str) -> str:
        """A value with its unit, for people."""
        unit = "" if self.unit in ("", "1") else f" {self.unit}"
        return value if isinstance(value, str) else f"{value:.6g}{unit}"


_GAPS = (
    # A minute is less than any logger's interval: shorter holes come from rounding of time stamps.
    Setting("gaps.shortest_hole_hours", 1 / 60, "h", "shorter times without a reading are not gaps", most=24),
    Setting(
        "gaps.short_hole_hours",
        24.0,
        "h",
        "gaps shorter than this are bounded by the meter's highest single reading, longer ones by its highest month",
    ),
    Setting("gaps.minor_share", 0.01, "1", "a gap below this share of a month, without effect on ER, is minor", most=1),
    Setting(
        "gaps.most_corners",
        10.0,
        "1",
        "up to so many gaps of undecided direction are searched jointly, each for itself beyond it",
        most=16,
        whole=True,
    ),
)

_RESULTS = (
    Setting("plausible.most_of_estimate", 1.2, "1", "reductions above this multiple of the estimate are named"),
    Setting("plausible.least_of_estimate", 0.5, "1", "reductions below this multiple of the estimate are named"),
    Setting("divided.longest_hours", 24.0, "h", "longer readings over the end of a calendar year are named"),
)

_STUCK = (
    Setting("stuck.least_hours", 6.0, "h", "a value that repeats exactly for less than this is not named"),
    Setting("stuck.least_values", 12.0, "1", "a value of a log that repeats less often is not named", 2, whole=True),
    Setting(
        "stuck.least_readings",
        2.0,
        "1",
        "readings on the sheet Readings that repeat so often are named, if they have enough digits",
        2,
        whole=True,
    ),
    Setting(
        "stuck.least_digits",
        5.0,
        "1",
        "digits from which on two equal readings are named (of more than two, one digit less)",
        2,
        12,
        whole=True,
    ),
    Setting(
        "stuck.habit",
        4.0,
        "1",
        "where so many runs are at least half as long, repeating is the habit of the meter and not named",
        1,
        60,
        whole=True,
    ),
    Setting(
        "stuck.major_hours",
        24.0,
        "h",
        "a value that repeats for at least this is major, for less it is where no other run is a third as long",
    ),
    Setting("zero.least_hours", 6.0, "h", "a run of zeros that is shorter is not named"),
    Setting("zero.least_sun_hours", 4.0, "h", "a run of zeros over less sunshine is not named, for solar generation"),
)

_SIZE = (
    Setting("spike.most_of_highest_rate", 1.05, "1", "a value above this multiple of the highest rate is a spike"),
    Setting("spike.least_times_usual", 3.0, "1", "without a highest rate: a value above this multiple of a usual "
            "day's highest value is a spike", 1),
    Setting("spike.most_days", 3.0, "1", "on more days than this, values of that size are the habit of the meter", 1,
            whole=True),
    Setting("spike.major_times_usual", 8.0, "1", "without a highest rate: from this multiple of a usual day's highest "
            "value on a spike is major", 1),
    Setting("capacity.most_of_highest_rate", 1.0, "1", "a month above this multiple of highest rate times hours is "
            "named"),
    Setting("capacity.most_of_rated_generation", 1.2, "1", "generation above this multiple of rated capacity times "
            "hours is named"),
    Setting("capacity.most_of_rated", 5.0, "1", "consumption above this multiple of rated capacity times hours is "
            "named (fuel and efficiency lie between)"),
    Setting("capacity.refused_times", 2.0, "1", "a month above so many times what the capacity allows is refused", 1),
    Setting("capacity.most_of_rated_electric", 1.5, "1", "the same where it is counted in kWh: electricity"),
    Setting("capacity.most_megawatts", 500.0, "MW", "a meter without any stated capacity above this mean power is "
            "named"),
    Setting("capacity.unbounded_minor_tonnes", 1.0, "tCO2e", "a meter whose size nothing bounds is minor where so much "
            "of the claim rests on it"),
    Setting("capacity.unbounded_major_tonnes", 10.0, "tCO2e", "and major from so much on"),
    Setting("capacity.least_of_rated_generation", 0.3, "1", "solar generation whose highest value stays below this "
            "multiple of the rated capacity is named"),
    Setting("capacity.least_of_rated", 0.05, "1", "consumption whose highest value stays below this multiple of the "
            "rated capacity is named"),
    Setting("capacity.least_month", 0.01, "1", "without values by hour: a meter whose highest month stays below this "
            "multiple of capacity times hours is named"),
    Setting("slip.tolerance", 0.15, "1", "how near a ratio has to be to a factor that a slip makes (1000, 3.6, a "
            "transformer factor) to be named", 0.01, 0.5),
    Setting("slip.least_days", 3.0, "d", "a change by such a factor that lasts less is not named", 2, 31, whole=True),
    Setting("month.most_of_others", 2.5, "1", "of readings by month: the one that differs by this factor from the "
            "nearest of all others is named", 1.5),
    Setting("capacity.least_of_highest", 0.02, "1", "consumption whose highest value stays below this multiple of the "
            "stated highest rate is refused", most=0.5),
    Setting("month.most_of_other_years", 3.0, "1", "a month that differs by this factor from the same month of other "
            "years is named", 1),
    Setting("calendar.most_of_hours", 1.005, "1", "operating hours above this multiple of the calendar are refused", 1),
    Setting("negative.minor_share", 0.02, "1", "negative energy above this share of the positive is minor", most=1),
    Setting("negative.major_share", 0.1, "1", "negative energy above this share of the positive is major", most=1),
    Setting("negative.major_depth", 0.3, "1", "a negative value deeper than this share of the highest is major, where "
            "such values are rare", most=1),
    Setting("negative.least_depth", 0.05, "1", "a negative value deeper than this share of the highest is minor",
            most=1),
)  # fmt: skip

_SUN = (
    Setting("night.lowest_sun", -1.0, "°", "the sun is down when it stands lower than this", -18, 5),
    Setting("night.minor_share", 0.0005, "1", "generation at night above this share of the whole is minor", most=1),
    Setting("night.major_share", 0.002, "1", "generation at night above this share of the whole is major", most=1),
    Setting("clock.least_shift_hours", 0.6, "h", "a smaller shift of the daily shape is not named", 0.25, 12),
    Setting("clock.major_shift_hours", 1.5, "h", "a shift of the daily shape from this on is major", 0.25, 12),
)

_CALIBRATIONS = (
    Setting(
        "calibration.validity_from",
        "certificate",
        "",
        "from when the interval of calibration counts where a meter was calibrated before it was installed",
        choices=("certificate", "installation"),
    ),
)

_CROSS_CHECKS = (
    # Where neither class nor permissible error is given: class 2, the coarsest of meters for billing.
    Setting("crosscheck.unknown_error", 0.02, "1", "the error of a meter whose class is not stated", most=0.2),
    Setting("crosscheck.invoice_error", 0.01, "1", "the error of the supplier's own meter", most=0.2),
    Setting(
        "crosscheck.slip_tolerance",
        0.05,
        "1",
        "how near the ratio of two sources has to be to the factor of a slip to be refused",
        0.001,
        0.3,
    ),
    Setting(
        "crosscheck.shared_instrument",
        0.001,
        "1",
        "how far a log may differ from the register of the same meter",
        most=0.2,
    ),
)

SETTINGS: tuple[Setting, ...] = (*_GAPS, *_CALIBRATIONS, *_CROSS_CHECKS, *_RESULTS, *_STUCK, *_SIZE, *_SUN)
"""Every setting, grouped by the rules that read it."""
