"""Work on many values that live until its end, while Python looks for no garbage."""

from __future__ import annotations

import atexit
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Millions of cells, boxes or values live until the end; looking for garbage takes a tenth to a fifth."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def for_one_command() -> None:
    """Set this process up to end after one command: what it holds lives until then, and one thread multiplies.

    NumPy's threads cost more to start than the small products here save; who sets their number keeps it.
    """
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


_SELDOM = 100_000
"""New values before Python looks for garbage (700 by itself): the modules of a command are some ten thousands."""
