"""Columns of whole numbers, one for each block of a page: what features are made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Columns = dict[str, Ints]

FAR = 99  # blocks, or elements, to what is not there


def column(values: Sequence[int]) -> Ints:
    """Return *values* as a column."""
    return np.asarray(values, dtype=np.int64)


def columns_of(numbers: Sequence[int], width: int) -> Ints:
    """Return *numbers*, row after row of *width* each, as so many columns."""
    return np.asarray(numbers, dtype=np.int64).reshape(-1, width).T


def thousandths(part: Ints, whole: Ints | int) -> Ints:
    """Return what share of *whole* each *part* is, in thousandths; 0 of nothing."""
    return np.asarray(1000 * part // np.maximum(whole, 1), dtype=np.int64)
