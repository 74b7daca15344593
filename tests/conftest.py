"""What every test shares. How fast a machine is tells nothing of the code, so no example of a property has a deadline."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("without-deadline", deadline=None)
settings.load_profile("without-deadline")
