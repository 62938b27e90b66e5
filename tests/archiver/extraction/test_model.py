from __future__ import annotations

import hashlib
import json
import math
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extraction.model import (
    Model,
    logits_from,
    model,
    model_digest,
    thousandths_from,
)

OCTETS = files("archiver.extraction").joinpath("model.json").read_bytes()


def made(seed: int, *, depth: int, trees: int, features: int) -> Model:
    chance = np.random.default_rng(seed)
    sizes = [trees * 2**level for level in range(depth)]
    return Model(
        names=tuple(f"f{at}" for at in range(features)),
        base=int(chance.integers(-9_000, 9_000)),
        levels=tuple(
            (chance.integers(0, features, size, np.int32), chance.integers(-5, 6, size, np.int32))
            for size in sizes
        ),
        answers=chance.integers(-4_000, 4_000, trees * 2**depth, np.int32),
    )


def walked(trees: Model, row: dict[str, int]) -> int:
    """Return the logit of a block, each tree being asked as it is drawn."""
    logit = trees.base
    for place in range(trees.levels[0][0].size):
        for features, limits in trees.levels:
            is_most = row[trees.names[features[place]]] <= limits[place]
            place = 2 * place + (0 if is_most else 1)
        logit += int(trees.answers[place])
    return logit


def likelihood(logit: int) -> int:
    return round(1000 / (1 + math.exp(-max(-90_000, min(90_000, logit)) / 10_000)))


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**32),
    depth=st.integers(1, 6),
    trees=st.integers(1, 12),
    features=st.integers(1, 9),
    blocks=st.integers(1, 20),
)
def test_trees_answer_as_if_each_were_walked(
    seed: int, depth: int, trees: int, features: int, blocks: int
) -> None:
    forest = made(seed, depth=depth, trees=trees, features=features)
    chance = np.random.default_rng(seed + 1)
    columns = {name: chance.integers(-6, 7, blocks) for name in forest.names}

    found = forest.likelihoods(columns | {"unasked": np.zeros(blocks, dtype=np.int64)})

    rows = [{name: int(columns[name][at]) for name in columns} for at in range(blocks)]
    assert found.tolist() == [likelihood(walked(forest, row)) for row in rows]


@pytest.mark.parametrize("blocks", [499, 500, 501, 1_000, 1_777])
def test_a_page_of_many_blocks_is_answered_block_by_block(blocks: int) -> None:
    forest = made(5, depth=4, trees=20, features=6)
    chance = np.random.default_rng(6)
    columns = {name: chance.integers(-6, 7, blocks) for name in forest.names}

    found = forest.likelihoods(columns)

    alone = [
        int(forest.likelihoods({name: columns[name][at : at + 1] for name in columns})[0])
        for at in range(0, blocks, 37)
    ]
    assert found.shape == (blocks,)
    assert found[::37].tolist() == alone


def test_a_number_equal_to_the_limit_goes_to_the_first_answer() -> None:
    stump = Model(
        names=("f0",),
        base=0,
        levels=((np.asarray([0], np.int32), np.asarray([7], np.int32)),),
        answers=np.asarray([-20_000, 20_000], np.int32),
    )

    assert stump.likelihoods({"f0": np.asarray([6, 7, 8])}).tolist() == [119, 119, 881]


@pytest.mark.parametrize(
    ("logit", "thousandths"),
    [(0, 500), (10_000, 731), (-10_000, 269), (90_000, 1000), (10**12, 1000), (-(10**12), 0)],
)
def test_a_logit_means_a_likelihood(logit: int, thousandths: int) -> None:
    assert thousandths_from(np.asarray([logit])).tolist() == [thousandths]


def test_a_likelihood_survives_its_logit() -> None:
    shares = np.arange(10, 991)

    assert thousandths_from(logits_from(shares)).tolist() == shares.tolist()
    assert (
        logits_from(np.asarray([0, 1000])).tolist() == logits_from(np.asarray([10, 990])).tolist()
    )


def test_the_model_of_the_package_is_whole() -> None:
    forest = model()

    trees = forest.levels[0][0].size
    assert trees > 0
    for level, (features, limits) in enumerate(forest.levels):
        assert features.shape == limits.shape == (trees * 2**level,)
        assert 0 <= features.min() <= features.max() < len(forest.names)
        assert features.dtype == limits.dtype == np.int32
    assert forest.answers.shape == (trees * 2 ** len(forest.levels),)
    assert len(set(forest.names)) == len(forest.names)


def test_the_model_is_known_by_the_digest_of_its_file() -> None:
    assert model_digest() == hashlib.sha256(OCTETS).hexdigest()[:16]
    assert model() is model()


def test_the_model_holds_whole_numbers_only() -> None:
    assert "." not in "".join(
        str(number)
        for tree in json.loads(OCTETS)["trees"]
        for part in tree.values()
        for number in part
    )
