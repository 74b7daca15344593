"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# How long one example takes says nothing about what it tests, and on a busy machine nothing at all.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
