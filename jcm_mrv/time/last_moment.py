"""Whether the ends of some spans are the last moment that still counts, or the first that does not."""

from __future__ import annotations

from collections import Counter

from jcm_mrv.time.zones import DAY, MINUTE, SECOND

_USUAL = 0.5
"""A part of the spans that shows how they follow each other; the others stand beside what is missing."""


def last_moment(between: Counter[int], *, days: bool) -> int:
    """How much is missing between an end and the next beginning where the ends are the last moment that still counts.

    1 to 1 January is a day, 00:00 to 00:59 an hour: what lies between two rows is then always one day, minute or
    second. 0 where ends and beginnings meet, or are apart in any other way. ``days``: all begin and end with a day.
    """
    if not between:
        return 0
    ((most, count),) = between.most_common(1)
    usual = count > _USUAL * between.total() and not between[0]
    return most if usual and (most in (MINUTE, SECOND) or (most == DAY and days)) else 0
