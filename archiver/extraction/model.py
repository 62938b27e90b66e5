"""The model that says how likely each block of a page is part of its article.

Some hundred small decision trees over the numbers in `features`, grown by gradient boosting on
pages of seven public benchmarks by `benchmarks/train_blocks.py`, which wrote `model.json`:
the names of the features and, for each tree, its questions and answers. Whole numbers
throughout, so that a page gives the same text on every machine.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archiver.extraction.columns import Columns, Ints

Numbers = NDArray[np.int32]  # half the width of columns, so that caches hold more

_FILE = "model.json"
_AT_ONCE = 500  # blocks, so that a page of thousands needs no more memory


class Model(NamedTuple):
    """Trees that are complete and as many questions deep as there are *levels*.

    A level holds a feature and a number of each question, tree after tree. Question `i` of a
    level leads to question `2i` of the next where the feature is at most the number, else to
    `2i + 1`; those of the last lead to the *answers*, in ten-thousandths of a logit.
    """

    names: tuple[str, ...]
    base: int
    levels: tuple[tuple[Numbers, Numbers], ...]
    answers: Numbers

    def likelihoods(self, columns: Columns) -> Ints:
        """Return for each block of *columns* how likely it is article, in thousandths."""
        table = np.stack([columns[name] for name in self.names], axis=1).astype(np.int32)
        logits = [self._logits(table[at : at + _AT_ONCE]) for at in range(0, len(table), _AT_ONCE)]
        return thousandths_from(np.concatenate(logits))

    def _logits(self, table: Numbers) -> Ints:
        # Flat arrays and `take`: twice as fast as asking for rows and columns.
        rows, width = table.shape
        numbers = table.ravel()
        row = (np.arange(rows, dtype=np.int32) * width)[:, None]
        at = np.arange(self.levels[0][0].size, dtype=np.int32)[None, :]
        for features, limits in self.levels:
            asked = numbers.take(features.take(at) + row)
            at = 2 * at + (asked > limits.take(at))
        return np.asarray(self.answers.take(at).sum(axis=1) + self.base, dtype=np.int64)


def thousandths_from(logits: Ints) -> Ints:
    """Return the likelihoods, in thousandths, that *logits* in ten-thousandths mean."""
    odds = np.exp(-np.clip(logits, -90_000, 90_000) / 10_000)
    return np.asarray(np.rint(1000 / (1 + odds)), dtype=np.int64)


def logits_from(thousandths: Ints) -> Ints:
    """Return the logits, in ten-thousandths, of likelihoods in thousandths."""
    shares = np.clip(thousandths, 10, 990) / 1000
    return np.asarray(np.rint(10_000 * np.log(shares / (1 - shares))), dtype=np.int64)


@cache
def model() -> Model:
    """Return the model that comes with the package."""
    said = json.loads(_octets())
    trees = said["trees"]
    features, limits = (_levels([tree[name] for tree in trees]) for name in ("features", "limits"))
    answers = np.asarray([tree["answers"] for tree in trees], dtype=np.int32)
    return Model(
        names=tuple(said["features"]),
        base=said["base"],
        levels=tuple(zip(features, limits, strict=True)),
        answers=answers.ravel(),
    )


def _levels(questions: list[list[int]]) -> list[Numbers]:
    """Return level by level what the file has tree by tree, each from its root on."""
    table = np.asarray(questions, dtype=np.int32)
    depth = (table.shape[1] + 1).bit_length() - 1
    return [table[:, 2**level - 1 : 2 ** (level + 1) - 1].ravel() for level in range(depth)]


@cache
def model_digest() -> str:
    """Return 16 hexadecimal digits of the SHA-256 of the model."""
    return hashlib.sha256(_octets()).hexdigest()[:16]


def _octets() -> bytes:
    return files(__package__).joinpath(_FILE).read_bytes()
