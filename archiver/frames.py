"""The frames of a Zstandard file (RFC 8878), each unpacked in turn, with or without dictionary.

The IIPC's "Zstandard Compression for WARC Files 1.0" lets a file begin with a dictionary, in a
skippable frame, and a record lie in several frames. Frames are fed to the decoder block by
block: so all that came before a damage is handed out, and memory has a limit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from archiver.errors import DamagedRecord
from archiver.inflow import CutShort, Inflow, Readable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY_FRAME = b"\x5d\x2a\x4d\x18"
_SKIPPABLE = tuple(bytes([octet]) for octet in range(0x50, 0x60))
_SKIPPABLE_REST = b"\x2a\x4d\x18"
# The specification asks for 8 MiB of both. zstd itself unpacks windows up to 128 MiB unasked.
_MAX_DICTIONARY = 16 << 20
_MAX_WINDOW = 128 << 20
_MAX_BLOCK = 128 << 10
_RLE = 1
_RESERVED = 3
_STEP = 64 << 10


def is_zstandard(beginning: bytes) -> bool:
    """Say whether a file that begins so consists of frames, skippable ones among them."""
    return beginning != b"" and (_MAGIC.startswith(beginning[:4]) or _is_skippable(beginning))


class Frames:
    """The frames of *inflow*, which stands at the beginning of one.

    *reopened* gives the file from its beginning, where a dictionary may lie; None if *inflow*
    stands there itself.
    """

    unit = "zstd frame"
    can_share_record = True

    def __init__(self, inflow: Inflow, reopened: Callable[[], Readable] | None) -> None:
        self._inflow = inflow
        whole = inflow if reopened is None else Inflow(reopened(), inflow.filename)
        self._dictionary = _read_dictionary(whole)
        self.member_offset = inflow.position
        self._pieces: Iterator[bytes] = iter(())
        self._damage: DamagedRecord | None = None

    @property
    def consumed(self) -> int:
        """How far the file has been unpacked."""
        return self._inflow.position

    def next_member(self) -> bool:
        """Turn to the frame that follows; False at the end of the file."""
        inflow = self._inflow
        self.member_offset = inflow.position
        while _is_skippable(magic := inflow.peek(4)):
            if magic == _DICTIONARY_FRAME:
                raise self._damaged("a dictionary, which may lie only at the beginning")
            self._pass_over(int.from_bytes(self._taken(8)[4:], "little"))
            self.member_offset = inflow.position
        if not magic:
            return False
        if not _MAGIC.startswith(magic):
            raise self._damaged(f"{inflow.peek(20)!r} where a zstd frame should begin")
        self._pieces = self._unpacked()
        return True

    def piece(self) -> bytes:
        """Return the next octets of this frame, none at its end.

        DamagedRecord where its data is damaged, after all that came before the damage.
        """
        if self._damage is not None:
            raise self._damage
        return next(self._pieces, b"")

    def _unpacked(self) -> Iterator[bytes]:
        """Yield what each block of the frame holds (RFC 8878, 3.1.1)."""
        octets, has_checksum = self._frame_header()
        decoder = zstd.ZstdDecompressor(zstd_dict=self._dictionary)
        is_last = 0
        while not is_last:
            octets += self._taken(3)
            header = int.from_bytes(octets[-3:], "little")
            is_last, kind, size = header & 1, header >> 1 & 3, header >> 3
            if size > _MAX_BLOCK or kind == _RESERVED:
                raise self._damaged(f"{octets[-3:]!r} where a block of a zstd frame should begin")
            octets += self._taken(1 if kind == _RLE else size)
            if piece := self._fed(decoder, octets):
                yield piece
            octets = b""
        if has_checksum:
            self._fed(decoder, self._taken(4))
        if not decoder.eof:
            raise self._damaged("the zstd frame does not end with its last block")

    def _frame_header(self) -> tuple[bytes, bool]:
        """Return the header of the frame, and whether a checksum will end it (3.1.1.1)."""
        header = self._taken(5)
        flags = header[4]
        is_single = bool(flags & 0x20)
        sizes = (
            0 if is_single else 1,
            (0, 1, 2, 4)[flags & 3],
            (int(is_single), 2, 4, 8)[flags >> 6],
        )
        header += self._taken(sum(sizes))
        window = 0
        if not is_single:
            base = 1 << 10 + (header[5] >> 3)
            window = base + (base >> 3) * (header[5] & 7)
        elif sizes[2]:
            window = int.from_bytes(header[-sizes[2] :], "little")
        if window > _MAX_WINDOW:
            problem = (
                f"a zstd frame that takes {window} octets of memory, of {_MAX_WINDOW} at most"
            )
            raise self._damaged(problem)
        return header, bool(flags & 4)

    def _fed(self, decoder: zstd.ZstdDecompressor, octets: bytes) -> bytes:
        try:
            return decoder.decompress(octets)
        except zstd.ZstdError as error:
            raise self._damaged(f"the zstd frame is damaged ({error})") from error

    def _taken(self, count: int) -> bytes:
        inflow = self._inflow
        if not inflow.hold(count):
            problem = "the file ends inside a zstd frame"
            self._damage = CutShort(inflow.filename, self.member_offset, problem)
            raise self._damage
        return inflow.take(count)

    def _pass_over(self, count: int) -> None:
        while count:
            count -= len(self._taken(min(count, _STEP)))

    def _damaged(self, problem: str) -> DamagedRecord:
        self._damage = DamagedRecord(self._inflow.filename, self.member_offset, problem)
        return self._damage


def _is_skippable(beginning: bytes) -> bool:
    """Say whether a frame that begins so is one for others, not for us (3.1.2)."""
    return beginning[:1] in _SKIPPABLE and _SKIPPABLE_REST.startswith(beginning[1:4])


def _read_dictionary(inflow: Inflow) -> zstd.ZstdDict | None:
    """Read past the dictionary that *inflow* begins with; None if it begins with none."""
    if inflow.peek(4) != _DICTIONARY_FRAME:
        return None
    offset, filename = inflow.position, inflow.filename
    if not inflow.hold(8):
        raise CutShort(filename, offset, "the file ends inside its dictionary")
    size = int.from_bytes(inflow.take(8)[4:], "little")
    if size > _MAX_DICTIONARY:
        problem = f"a dictionary of {size} octets, of {_MAX_DICTIONARY} at most"
        raise DamagedRecord(filename, offset, problem)
    if not inflow.hold(size):
        raise CutShort(filename, offset, "the file ends inside its dictionary")
    content = inflow.take(size)
    try:
        dictionary = zstd.ZstdDict(_unpacked_dictionary(content))
        zstd.ZstdDecompressor(zstd_dict=dictionary)  # which is when its tables are looked at
    except (zstd.ZstdError, ValueError) as error:
        raise DamagedRecord(filename, offset, f"the dictionary is damaged ({error})") from error
    return dictionary


def _unpacked_dictionary(content: bytes) -> bytes:
    """Return a dictionary that may itself be one zstd frame."""
    if not content.startswith(_MAGIC):
        return content
    decoder = zstd.ZstdDecompressor()
    dictionary = decoder.decompress(content, _MAX_DICTIONARY)
    if not decoder.eof:
        raise ValueError(f"it does not end within {_MAX_DICTIONARY} octets")
    return dictionary
