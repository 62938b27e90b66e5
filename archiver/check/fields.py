"""What a record's fields must be: by the standard in anybody's WARC, by our own rules in ours.

Section numbers are those of the WARC format 1.1 (ISO 28500:2017). What is missing, malformed
or said twice is a fault. What leaves a reader in no doubt, such as a field that should not be
there, is a note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address

from archiver.check.fault import Problem
from archiver.reader import StoredRecord

_VERSIONS = ("0.17", "0.18", "1.0", "1.1")
_TYPES = (
    "warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion",
    "continuation",
)  # fmt: skip
_MANDATORY = ("WARC-Record-ID", "WARC-Date", "WARC-Type")
_MANDATORY_FOR = {
    "response": ("WARC-Target-URI",),
    "resource": ("WARC-Target-URI",),
    "request": ("WARC-Target-URI",),
    "revisit": ("WARC-Target-URI", "WARC-Profile"),
    "conversion": ("WARC-Target-URI",),
    "continuation": ("WARC-Target-URI", "WARC-Segment-Origin-ID", "WARC-Segment-Number"),
}
_ABOUT_CAPTURES = ("warcinfo", "conversion", "continuation")
_MISPLACED = {
    "WARC-Concurrent-To": _ABOUT_CAPTURES,
    "WARC-IP-Address": _ABOUT_CAPTURES,
    "WARC-Refers-To": ("warcinfo", "response", "resource", "request", "continuation"),
    "WARC-Target-URI": ("warcinfo",),
    "WARC-Warcinfo-ID": ("warcinfo",),
    "WARC-Filename": tuple(type_ for type_ in _TYPES if type_ != "warcinfo"),
    "WARC-Profile": tuple(type_ for type_ in _TYPES if type_ != "revisit"),
    "WARC-Segment-Origin-ID": tuple(type_ for type_ in _TYPES if type_ != "continuation"),
}
# WARC-Protocol is from the proposal that gave us it and WARC-Cipher-Suite, and may repeat.
_REPEATABLE = ("warc-concurrent-to", "warc-protocol")
_ONCE = frozenset(
    name.lower()
    for name in (
        *_MANDATORY, *_MISPLACED, "Content-Length", "Content-Type", "WARC-Block-Digest",
        "WARC-Payload-Digest", "WARC-Truncated", "WARC-Identified-Payload-Type",
        "WARC-Segment-Number", "WARC-Segment-Total-Length", "WARC-Refers-To-Target-URI",
        "WARC-Refers-To-Date", "WARC-Cipher-Suite",
    )
).difference(_REPEATABLE)  # fmt: skip
_IDS = (
    "WARC-Record-ID", "WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID",
    "WARC-Segment-Origin-ID",
)  # fmt: skip

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# RFC 8141 and RFC 3986: a scheme, and no blanks or delimiters within.
_ID = re.compile(rf"<(?:urn:uuid:{_UUID}|(?!urn:uuid:)[a-z][a-z0-9+.-]*:[^\s<>]+)>", re.I)
_OUR_ID = re.compile(rf"<urn:uuid:(?=.{{14}}[47].{{4}}[89ab]){_UUID}>")
_DATE = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)Z",
    re.A,
)
# 1.1 lets a date be as coarse as a year and as fine as a nanosecond (5.4).
_DATE_1_1 = re.compile(
    r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])"
    r"(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d{1,9})?)?Z)?)?)?",
    re.A,
)
_OUR_DATE = re.compile(r".{19}\.[0-9]{6}Z")
_TARGET = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S*")
_UPPER_CASE_HOST = re.compile(r"[a-z]+://[^/?#]*[A-Z]")
_TOKEN = re.compile(r"[^\x00-\x20\x7f()<>@,;:\\\"/\[\]?={}]+")


def problems_of_fields(record: StoredRecord) -> Iterator[Problem]:
    """Yield what the standard finds wrong with the fields of *record*."""
    if record.version not in _VERSIONS:
        yield Problem("version", f"WARC/{record.version}", f"one of {', '.join(_VERSIONS)}")
    kind = record.type
    for name in (*_MANDATORY, *_MANDATORY_FOR.get(kind, ())):
        if not record.get(name):
            yield Problem("missing-field", f"no {name}", f"one in a {kind or 'WARC'} record")
    spelling = {name.lower(): name for name, _ in record.fields}
    if len(spelling) < len(record.fields):
        for name, count in Counter(name.lower() for name, _ in record.fields).items():
            if count > 1 and name in _ONCE:
                found = f"{spelling[name]} {count} times"
                yield Problem("repeated-field", found, "at most once (5.1)")
    for name, types in _MISPLACED.items():
        if kind in types and record.get(name) is not None:
            expected = f"no such field in a {kind} record"
            yield Problem("misplaced-field", f"{name} {record.get(name)!r}", expected, "note")
    yield from _problems_of_values(record)


def problems_of_our_fields(record: StoredRecord, warcinfo_id: str | None) -> Iterator[Problem]:
    """Yield where *record*, in a WARC of ours, departs from what our WARCs promise."""
    if record.version != "1.1":
        yield Problem("version", f"WARC/{record.version}", "WARC/1.1")
    record_id = record.record_id or ""
    if _ID.fullmatch(record_id) and not _OUR_ID.fullmatch(record_id):
        expected = "<urn:uuid:…> of version 4 or 7"
        yield Problem("bad-id", f"WARC-Record-ID is {record_id!r}", expected)
    date = record.get("WARC-Date")
    if date and not _OUR_DATE.fullmatch(date):
        yield Problem("bad-date", f"WARC-Date is {date!r}", "UTC with six decimals")
    if record.get("WARC-Block-Digest") is None:
        yield Problem("missing-field", "no WARC-Block-Digest", "one in every record")
    if record.type != "warcinfo" and record.get("WARC-Warcinfo-ID") != warcinfo_id:
        found = f"WARC-Warcinfo-ID is {record.get('WARC-Warcinfo-ID')!r}"
        yield Problem("reference", found, f"{warcinfo_id!r}, the warcinfo of this file")
    target = record.get("WARC-Target-URI")
    if target and (target[0] == "<" or "#" in target or _UPPER_CASE_HOST.match(target)):
        expected = "no angle brackets, no fragment, a lower-case host"
        yield Problem("bad-target", f"WARC-Target-URI is {target!r}", expected)


def _problems_of_values(record: StoredRecord) -> Iterator[Problem]:
    for name in _IDS:
        for value in record.get_all(name):
            if value and not _ID.fullmatch(value):
                yield Problem("bad-id", f"{name} is {value!r}", "a URI in angle brackets (5.2)")
    date = record.get("WARC-Date")
    date_form = _DATE_1_1 if record.version == "1.1" else _DATE
    if date and not date_form.fullmatch(date):
        yield Problem("bad-date", f"WARC-Date is {date!r}", "such as 2026-01-31T23:59:59Z (5.4)")
    if record.type and record.type not in _TYPES:
        found = f"WARC-Type is {record.type!r}"
        yield Problem("unknown-type", found, f"one of {', '.join(_TYPES)}", "note")
    target = record.target
    if target and not _TARGET.fullmatch(target):
        found = f"WARC-Target-URI is {target!r}"
        yield Problem("bad-target", found, "a URI without blanks (5.12)", "note")
    yield from _problems_of_small_values(record)


def _problems_of_small_values(record: StoredRecord) -> Iterator[Problem]:
    address = record.get("WARC-IP-Address")
    if address and not _is_address(address):
        found = f"WARC-IP-Address is {address!r}"
        yield Problem("bad-field", found, "an IPv4 or IPv6 address (5.10)", "note")
    reason = record.get("WARC-Truncated")
    if reason is not None and not _TOKEN.fullmatch(reason):
        found = f"WARC-Truncated is {reason!r}"
        yield Problem("bad-field", found, "length, time, disconnect or unspecified (5.13)")
    number = record.get("WARC-Segment-Number")
    if number is not None and not (number.isascii() and number.isdigit()):
        yield Problem("bad-field", f"WARC-Segment-Number is {number!r}", "a number (5.18)")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
