"""Numbers of versions as people write them."""

from __future__ import annotations

import re

_VERSION = re.compile(r"(?:version|ver\.?|v)?\s*([0-9]{1,4}(?:\.[0-9]{1,4}){0,3})")


def version_numbers(version: str) -> tuple[int, ...]:
    """``Ver. 2.10`` as (2, 10), ``1.0`` as (1,); () for what is no number of a version."""
    found = _VERSION.fullmatch(version.strip().casefold())
    numbers = [int(part) for part in found[1].split(".")] if found else []
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
