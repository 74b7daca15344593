"""Cards that are catalogued only: numbers and versions that no family here calculates."""

from __future__ import annotations

METHODOLOGY = None
