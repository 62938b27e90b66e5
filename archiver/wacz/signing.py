"""Sign a WACZ, anonymously (wacz-auth 0.1.0).

Who holds the key is for others to say: a signature proves that one hand made two WACZs, and
that nobody else changed one since. Replayers take ECDSA on P-384 with SHA-256, the signature
as WebCrypto has it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from archiver.errors import ArchiveError

_AUTH_VERSION = "0.1.0"
_CURVE_OCTETS = 48
_ALGORITHM = ec.ECDSA(hashes.SHA256())


class KeyRefused(ArchiveError):
    """A key file cannot be used to sign with."""


class Signer:
    """Who signs with the private *key*."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    @classmethod
    def at(cls, path: Path, say: Callable[[str], None]) -> Signer:
        """Return who signs with the key in the file *path*, which is made if there is none.

        KeyRefused if it cannot be read or made, or holds a key of another kind.
        """
        try:
            if not path.exists():
                _make_key(path)
                say(f"{path} is a new key: keep it, and keep it to yourself")
            octets = path.read_bytes()
        except OSError as error:
            raise KeyRefused(
                f"the key {path} can be neither read nor made ({error.strerror}): free it, or "
                "name another file"
            ) from error
        return cls(_key_of(octets, path))

    def sign(self, package_hash: str, *, created: str, software: str) -> dict[str, str]:
        """Return the data of a signature of *package_hash*, that of a `datapackage.json`."""
        r, s = decode_dss_signature(self._key.sign(package_hash.encode("ascii"), _ALGORITHM))
        signature = b"".join(number.to_bytes(_CURVE_OCTETS, "big") for number in (r, s))
        public_key = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return {
            "hash": package_hash,
            "created": created,
            "software": software,
            "version": _AUTH_VERSION,
            "signature": base64.b64encode(signature).decode("ascii"),
            "publicKey": base64.b64encode(public_key).decode("ascii"),
        }


def _make_key(path: Path) -> None:
    octets = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(octets)


def _key_of(octets: bytes, path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(octets, password=None)
    except TypeError as error:  # cryptography's way to ask for a password
        raise KeyRefused(f"the key {path} is encrypted: name one without a password") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyRefused(
            f"{path} holds no private key in PEM: name another file, or one that does not exist "
            "to have a key made"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP384R1):
        raise KeyRefused(
            f"the key {path} is of another kind than P-384, which replayers verify: name another "
            "file, or one that does not exist to have a key made"
        )
    return key
