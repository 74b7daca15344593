"""The arrays that pass between the rooms, named by what their elements mean."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
"""Amounts, rates, factors."""
Ordinals = npt.NDArray[np.int64]
"""Positions in another array or set, and counts."""
Instants = npt.NDArray[np.int64]
"""Microseconds since 1970-01-01 in UTC."""
Flags = npt.NDArray[np.bool_]
"""Yes or no for each element."""
