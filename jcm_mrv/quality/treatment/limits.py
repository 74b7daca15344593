"""The limits of gaps, which several treatments share."""

from __future__ import annotations

from jcm_mrv.quality.setting import Setting

# A minute is less than any logger's interval: shorter data gaps come from rounding of timestamps.
GAPS_SHORTEST_HOLE_HOURS = Setting(
    "gaps.shortest_hole_hours", 1 / 60, "h", "shorter times without a reading are not gaps", most=24
)
GAPS_SHORT_HOLE_HOURS = Setting(
    "gaps.short_hole_hours",
    24.0,
    "h",
    "gaps shorter than this are bounded by the meter's highest single reading, longer ones by its highest month",
)
GAPS_MINOR_SHARE = Setting(
    "gaps.minor_share", 0.01, "1", "a gap below this share of a month, without effect on ER, is minor", most=1
)
GAPS_MOST_CORNERS = Setting(
    "gaps.most_corners",
    10.0,
    "1",
    "up to so many gaps of undecided direction are searched jointly, each for itself beyond it",
    most=16,
    whole=True,
)
