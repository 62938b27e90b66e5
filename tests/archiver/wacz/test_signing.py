"""Anonymous signatures: made with a key file, verified as replayers do it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from archiver.wacz.signing import KeyRefused, Signer
from archiver.wacz.verifying import BadSignature, verify

HASH = f"sha256:{'ab' * 32}"
CREATED = "2026-03-04T05:06:08Z"


def signed_with(path: Path) -> dict[str, str]:
    return Signer.at(path, print).sign(HASH, created=CREATED, software="archiver/0.1.0")


def test_signed_data_is_what_the_specification_asks_for(tmp_path: Path) -> None:
    signed = signed_with(tmp_path / "key.pem")

    assert {name: signed[name] for name in ("hash", "created", "software", "version")} == {
        "hash": HASH,
        "created": CREATED,
        "software": "archiver/0.1.0",
        "version": "0.1.0",
    }
    assert signed.keys() - {"hash", "created", "software", "version"} == {
        "signature",
        "publicKey",
    }


def test_a_signature_is_that_of_webcrypto(tmp_path: Path) -> None:
    signed = signed_with(tmp_path / "key.pem")

    # As wabac.js asks for it: an SPKI key on P-384, two bare numbers, SHA-256.
    key = serialization.load_der_public_key(base64.b64decode(signed["publicKey"]))
    octets = base64.b64decode(signed["signature"])
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert (key.curve.name, len(octets)) == ("secp384r1", 96)
    key.verify(
        encode_dss_signature(int.from_bytes(octets[:48]), int.from_bytes(octets[48:])),
        HASH.encode(),
        ec.ECDSA(hashes.SHA256()),
    )


def test_a_signature_of_ours_verifies(tmp_path: Path) -> None:
    verify(signed_with(tmp_path / "key.pem"))


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    told: list[str] = []

    first = Signer.at(path, told.append).sign(HASH, created="", software="")
    again = Signer.at(path, told.append).sign(HASH, created="", software="")

    assert first["publicKey"] == again["publicKey"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert told == [f"{path} is a new key: keep it, and keep it to yourself"]


def pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, password: bytes) -> bytes:
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


@pytest.mark.parametrize(
    ("octets", "sentence"),
    [
        (b"", "holds no private key in PEM: name another file"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds no private"),
        (pem(ec.generate_private_key(ec.SECP256R1()), b""), "is of another kind than P-384"),
        (pem(ed25519.Ed25519PrivateKey.generate(), b""), "is of another kind than P-384"),
        (pem(ec.generate_private_key(ec.SECP384R1()), b"secret"), "is encrypted: name one"),
    ],
    ids=["empty", "damaged", "another curve", "another algorithm", "a password"],
)
def test_a_key_that_cannot_sign_is_refused(octets: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(octets)

    with pytest.raises(KeyRefused) as refusal:
        Signer.at(path, print)

    assert sentence in str(refusal.value)
    assert str(path) in str(refusal.value)


def test_a_key_that_cannot_be_read_or_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match=r"neither read nor made \(Is a directory\)"):
        Signer.at(tmp_path, print)
    with pytest.raises(KeyRefused, match=r"neither read nor made \(No such file or directory\)"):
        Signer.at(tmp_path / "nowhere" / "key.pem", print)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"hash": f"sha256:{'00' * 32}"}, "the signature is not one of this hash by this key"),
        ({"signature": "AAAA"}, "the signature is not one of this hash by this key"),
        ({"signature": "?"}, "the signature cannot be read"),
        ({"signature": None}, "the signature cannot be read (signature is None)"),
        ({"publicKey": "AAAA"}, "the signature cannot be read"),
        ({"publicKey": 3}, "the signature cannot be read (publicKey is 3)"),
    ],
)
def test_a_signature_that_is_not_one_is_found_out(
    fields: dict[str, object], problem: str, tmp_path: Path
) -> None:
    signed = signed_with(tmp_path / "key.pem")

    with pytest.raises(BadSignature) as bad:
        verify({**signed, **fields})

    assert str(bad.value).startswith(problem)


def test_signed_data_without_a_key_or_a_certificate_is_found_out() -> None:
    with pytest.raises(BadSignature, match="domainCert is None"):
        verify({"hash": HASH, "signature": "AAAA"})
