"""The values of the examples in FIPS 180-4 and RFC 3174, as WARC 1.1 labels them."""

from __future__ import annotations

import pytest

from archiver.digests import Algorithm, digest_of, label, new_hasher

EXAMPLES: list[tuple[Algorithm, bytes, str]] = [
    (
        "sha256",
        b"abc",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
    (
        "sha256",
        b"",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
    ("sha1", b"abc", "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"),
    ("sha1", b"", "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"),
]


@pytest.mark.parametrize(("algorithm", "octets", "expected"), EXAMPLES)
def test_a_digest_is_labelled_as_the_standard_does(
    algorithm: Algorithm, octets: bytes, expected: str
) -> None:
    assert digest_of(octets, algorithm) == expected


@pytest.mark.parametrize(("algorithm", "octets", "expected"), EXAMPLES)
def test_a_digest_does_not_depend_on_how_the_octets_came(
    algorithm: Algorithm, octets: bytes, expected: str
) -> None:
    hasher = new_hasher(algorithm)

    hasher.update(octets[:1])
    hasher.update(octets[1:])

    assert label(algorithm, hasher) == expected


def test_hashers_share_nothing() -> None:
    used, fresh = new_hasher("sha1"), new_hasher("sha1")

    used.update(b"abc")

    assert label("sha1", fresh) == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def test_a_label_may_be_asked_for_while_octets_still_come() -> None:
    hasher = new_hasher("sha1")
    hasher.update(b"a")

    label("sha1", hasher)
    hasher.update(b"bc")

    assert label("sha1", hasher) == "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"
