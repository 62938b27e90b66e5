"""The payload of a response: how long it is, and whether others may refer to it.

A revisit record leaves the payload to the record that it refers to (WARC 1.1, 6.7), and with
it everything else in the block but the head. So both must be answers to GET that came whole
and sound, without trailers; replayers do not look for the answers to anything else.
"""

from __future__ import annotations

from archiver.head import Head
from archiver.wire import ResponseReader

# Below this a revisit record is hardly shorter than the response it stands for.
MIN_REPEATED = 256


class Measure:
    """Takes the octets of a response to a request of *method* and measures its payload."""

    def __init__(self, method: bytes) -> None:
        self._reader = ResponseReader(method)
        self._method = method
        self._size = 0

    @property
    def head(self) -> Head | None:
        """The response's head, once it is there."""
        return self._reader.head

    def feed(self, octets: bytes) -> bytes:
        """Take *octets* and return those of the payload, without transfer-encoding."""
        payload = self._reader.feed(octets)[1]
        self._size += len(payload)
        return payload

    def finish(self) -> int | None:
        """Return the payload's size, after the last octets.

        None where others may not refer to the response: it answers no GET, has ended early,
        breaks HTTP's rules or says something after its payload.
        """
        reader = self._reader
        _, is_cut_short = reader.close()
        says_more = reader.has_trailers or reader.interim or reader.leftover
        if self._method != b"GET" or reader.head is None or is_cut_short:
            return None
        return None if reader.problem or says_more else self._size


def is_repeatable(head: Head, payload_size: int | None) -> bool:
    """Say whether a response may be stored as a revisit, or be what a revisit refers to.

    *payload_size* is what `Measure.finish` gave. Redirects are stored each time: they are
    what leads to their targets.
    """
    if payload_size is None or 300 <= head.status < 400:
        return False
    return payload_size >= MIN_REPEATED
