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

_FILE = "model.json"
_AT_ONCE = 500  # blocks, so that a page of thousands needs no more memory


class Model(NamedTuple):
    """The trees as arrays of one row each.

    Trees are complete and *depth* questions deep. The question at place `i`, of which the
    feature is in *features* and the number in *limits*, leads to place `2i + 1` where the feature
    is at most the number, else to `2i + 2`; the places past the questions are those of *answers*,
    in ten-thousandths of a logit.
    """

    names: tuple[str, ...]
    depth: int
    base: int
    features: NDArray[np.int32]
    limits: NDArray[np.int32]
    answers: NDArray[np.int32]

    def likelihoods(self, columns: Columns) -> Ints:
        """Return for each block of *columns* how likely it is article, in thousandths."""
        table = np.stack([columns[name] for name in self.names], axis=1).astype(np.int32)
        logits = [self._logits(table[at : at + _AT_ONCE]) for at in range(0, len(table), _AT_ONCE)]
        return thousandths_from(np.concatenate(logits))

    def _logits(self, table: NDArray[np.int32]) -> Ints:
        # Flat arrays and `take`: twice as fast as asking for rows and columns.
        questions, width = self.features.shape[1], table.shape[1]
        features, limits, numbers = self.features.ravel(), self.limits.ravel(), table.ravel()
        rows = (np.arange(len(table), dtype=np.int32) * width)[:, None]
        trees = np.arange(len(self.features), dtype=np.int32)
        place = np.zeros((len(table), len(trees)), dtype=np.int32)
        for _ in range(self.depth):
            at = place + trees * questions
            asked = numbers.take(features.take(at) + rows)
            place = 2 * place + 1 + (asked > limits.take(at))
        at = place - questions + trees * self.answers.shape[1]
        answers = self.answers.ravel().take(at)
        return np.asarray(answers.sum(axis=1) + self.base, dtype=np.int64)


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
    return Model(
        tuple(said["features"]),
        said["depth"],
        said["base"],
        *(
            np.asarray([tree[name] for tree in said["trees"]], dtype=np.int32)
            for name in ("features", "limits", "answers")
        ),
    )


@cache
def model_digest() -> str:
    """Return 16 hexadecimal digits of the SHA-256 of the model."""
    return hashlib.sha256(_octets()).hexdigest()[:16]


def _octets() -> bytes:
    return files(__package__).joinpath(_FILE).read_bytes()
