"""What WARC says of TLS: `tls/1.3` and a cipher suite by its IANA name.

OpenSSL has its own names for the suites of TLS 1.2 and older; they follow a pattern that this
file turns back into the registry's (IANA TLS Cipher Suites; openssl-ciphers(1) lists both).
"""

from __future__ import annotations

import re

# Key exchange and authentication, as OpenSSL spells them; nothing means plain RSA.
_EXCHANGES = {
    "ECDHE-ECDSA": "ECDHE_ECDSA",
    "ECDHE-RSA": "ECDHE_RSA",
    "ECDHE-PSK": "ECDHE_PSK",
    "ECDHE": "ECDHE_RSA",  # so OpenSSL, for ARIA alone
    "DHE-RSA": "DHE_RSA",
    "DHE-DSS": "DHE_DSS",
    "DHE-PSK": "DHE_PSK",
    "RSA-PSK": "RSA_PSK",
    "AECDH": "ECDH_anon",
    "ADH": "DH_anon",
    "SRP-RSA": "SRP_SHA_RSA",
    "SRP-DSS": "SRP_SHA_DSS",
    "SRP": "SRP_SHA",
    "PSK": "PSK",
    "": "RSA",
}
_CIPHERS = (
    (r"(AES|ARIA|CAMELLIA)(128|256)-GCM-(SHA\d+)", r"\1_\2_GCM_\3"),
    (r"AES(128|256)-CCM(8?)", r"AES_\1_CCM_\2"),
    (r"(AES|CAMELLIA)-?(128|256)(?:-CBC)?-(SHA\d*)", r"\1_\2_CBC_\3"),
    (r"CHACHA20-POLY1305", r"CHACHA20_POLY1305_SHA256"),
    (r"DES-CBC3-(SHA)", r"3DES_EDE_CBC_\1"),
    (r"3DES-EDE-CBC-(SHA)", r"3DES_EDE_CBC_\1"),
    (r"SEED-(SHA)", r"SEED_CBC_\1"),
    (r"NULL-(SHA\d*|MD5)", r"NULL_\1"),
    (r"RC4-(SHA|MD5)", r"RC4_128_\1"),
)


def protocol_of(version: str) -> str:
    """Return WARC-Protocol's name for OpenSSL's *version*: `tls/1.3` for `TLSv1.3`."""
    number = version.removeprefix("TLSv").removeprefix("SSLv")
    family = "ssl" if version.startswith("SSL") else "tls"
    return f"{family}/{number if '.' in number or family == 'ssl' else number + '.0'}"


def cipher_suite_of(name: str) -> str | None:
    """Return the IANA name of the suite that OpenSSL calls *name*; None if it follows no rule."""
    if name.startswith("TLS_"):
        return name  # TLS 1.3 suites have one name only
    exchanges = "|".join(re.escape(exchange) for exchange in _EXCHANGES if exchange)
    match = re.fullmatch(rf"(?:({exchanges})-)?(.+)", name)
    if match is None:
        return None
    exchange, cipher = match[1] or "", match[2]
    for pattern, replacement in _CIPHERS:
        if re.fullmatch(pattern, cipher):
            suite = re.sub(pattern, replacement, cipher).rstrip("_")
            # Quirk: the registry turns this pair round where the tag is short (RFC 6655, 6).
            is_turned = exchange == "DHE-PSK" and suite.endswith("_8")
            return f"TLS_{'PSK_DHE' if is_turned else _EXCHANGES[exchange]}_WITH_{suite}"
    return None
