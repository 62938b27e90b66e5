"""The index of an archive under the addresses that a browser asks for.

ReplayWeb.page looks up what a browser makes of a URL, letter for letter, and wants the record
that it finds to have that very target URI, but for escapes and fragment. Archives have target
URIs as they were requested: a Unicode host, port 80, a raw `"`. So each such capture is listed
a second time. Where its record would be refused, the second line leads to a revisit record,
made up for it, that refers to the first.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO
from urllib.parse import unquote

# What a line begins with whose URL is ordinary. It is told at a glance: there are millions.
_ORDINARY = re.compile(
    rb'[^ ]+ [0-9]{14} \{"url": "https?://(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*'
    rb"(?:/(?!\.|%2[Ee])[!$%&'()*+,.0-9:;=@A-Z_a-z~-]*)+"
    rb'(?:\?[!$%&()*+,./0-9:;=?@A-Z_a-z~-]*)?"'
)
_LINE_END = re.compile(r"[\r\n]")
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Half a character, where an octet that is no UTF-8 is U+DC80 to U+DCFF.
_NO_OCTET = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


def has_others(lines: Iterable[bytes], address: Callable[[str], str]) -> bool:
    """Say whether *address* changes the URL of any of the index *lines*."""
    return any(_readdressed(line, address) is not None for line in lines)


def addressed_index(
    lines: Iterable[bytes], address: Callable[[str], str], revisits: BinaryIO, filename: str
) -> Iterator[bytes]:
    """Yield the index *lines*, each followed by one with its URL as *address* gives it.

    A second line has the key of the first and comes only where that is another URL. The
    revisit records that it takes are written to *revisits*, which is called *filename*.
    """
    for line in lines:
        fields = _readdressed(line, address)
        if fields is None:
            yield line
            continue
        key, timestamp, block = line.split(b" ", 2)
        first = json.loads(block)
        url = _as_read(first["url"])
        yield line if url == first["url"] else _line(key, timestamp, {**first, "url": url})
        if url == fields["url"]:
            continue
        if not _passes(url, fields["url"]):
            offset = revisits.tell()
            revisits.write(_revisit(fields["url"], url, timestamp.decode("ascii")))
            place = {"length": str(revisits.tell() - offset), "offset": str(offset)}
            fields |= {"mime": "warc/revisit", **place, "filename": filename}
            fields.pop("recordDigest", None)
        yield _line(key, timestamp, fields)


def _line(key: bytes, timestamp: bytes, fields: dict[str, Any]) -> bytes:
    return b"%s %s %s\n" % (key, timestamp, json.dumps(fields).encode("ascii"))


def _as_read(url: str) -> str:
    """Return *url* as ReplayWeb.page reads it in a record.

    The fragment is gone, and what is no UTF-8 is U+FFFD.
    """
    text = _NO_OCTET.sub("\ufffd", url.partition("#")[0])
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _readdressed(line: bytes, address: Callable[[str], str]) -> dict[str, Any] | None:
    """Return what *line* says with the URL that *address* gives; None: it is the same one."""
    if _ORDINARY.match(line):
        return None
    fields = json.loads(line.split(b" ", 2)[2])
    url = address(fields["url"])
    return {**fields, "url": url} if url != fields["url"] else None


def _passes(url: str, address: str) -> bool:
    """Say whether the record of *url* is taken for that of *address*: all escapes undone."""
    if _NO_ESCAPE.search(url):
        return False
    try:
        return unquote(url, errors="strict") == unquote(address, errors="strict")
    except UnicodeError:
        return False


def _revisit(address: str, url: str, timestamp: str) -> bytes:
    """Return a record that says of *address* what there is of *url* at that time."""
    day, time = timestamp[:8], timestamp[8:]
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{date} {address}")
    fields = {
        "WARC-Type": "revisit",
        "WARC-Record-ID": f"<urn:uuid:{identity}>",
        "WARC-Date": date,
        "WARC-Target-URI": address,
        "WARC-Refers-To-Target-URI": _LINE_END.sub(" ", url),
        "WARC-Refers-To-Date": date,
        "WARC-Profile": _PROFILE,
        "Content-Length": "0",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.1\r\n{lines}\r\n\r\n\r\n".encode()
