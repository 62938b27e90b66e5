"""What can be proved, without a network, of a signature that a WACZ brings along.

Anybody's: an anonymous one as ours are, or one that is made with the certificate of a domain.
Of the latter the time stamp is left to others.
"""

from __future__ import annotations

import base64
import warnings
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from archiver.errors import ArchiveError


class BadSignature(ArchiveError):
    """A signature is none, is not one of what it stands with, or of whom it names."""


def verify(signed: Mapping[str, object]) -> None:
    """Verify the signature in *signed* of the hash in it. BadSignature if it is wrong.

    The key is the one that stands there, or that of the first certificate, which must be the
    domain's and have been trusted when the WACZ was created.
    """
    try:
        if "publicKey" in signed:
            octets = base64.b64decode(_text(signed, "publicKey"), validate=True)
            key: object = serialization.load_der_public_key(octets)
        else:
            chain = x509.load_pem_x509_certificates(_text(signed, "domainCert").encode("ascii"))
            key = chain[0].public_key()
            _verify_chain(chain, _text(signed, "domain"), _text(signed, "created"))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise BadSignature("the key is not one of ECDSA")
        signature = _in_der(base64.b64decode(_text(signed, "signature"), validate=True), key)
        key.verify(signature, _text(signed, "hash").encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise BadSignature("the signature is not one of this hash by this key") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadSignature(f"the signature cannot be read ({error})") from error


def _verify_chain(chain: list[x509.Certificate], domain: str, created: str) -> None:
    policy = PolicyBuilder().store(_roots()).time(datetime.fromisoformat(created))
    try:
        policy.build_server_verifier(x509.DNSName(domain)).verify(chain[0], chain[1:])
    except VerificationError as error:
        raise BadSignature(
            f"no root that is trusted here vouches for {domain!r} as of {created}"
        ) from error


@cache
def _roots() -> Store:
    octets = Path(certifi.where()).read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an old root or two are not as they should be
        return Store(x509.load_pem_x509_certificates(octets))


def _in_der(signature: bytes, key: ec.EllipticCurvePublicKey) -> bytes:
    """Return *signature* as OpenSSL has it; WebCrypto has two bare numbers."""
    octets = (key.curve.key_size + 7) // 8
    if len(signature) != 2 * octets:
        return signature
    halves = signature[:octets], signature[octets:]
    return encode_dss_signature(*(int.from_bytes(half, "big") for half in halves))


def _text(signed: Mapping[str, object], name: str) -> str:
    value = signed.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is {value!r}")
    return value
