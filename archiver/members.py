"""The members of a gzipped file (RFC 1952, 2.2), each unpacked in turn.

A short member is unpacked in one go by ISA-L, in less than half of zlib's time. A long or
damaged one is left to zlib, whose state can be copied: so all that came before the damage
is handed out, piece by piece.
"""

from __future__ import annotations

import zlib

from archiver.errors import DamagedRecord
from archiver.gzipped import GunzipError, new_gunzipper
from archiver.inflow import CutShort, Inflow

_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's window bits for a gzip header and trailer
# What is unpacked at a time. What is not used, at the end of each member, is handed back as a
# copy: a larger slice costs more for small members than it saves for large ones.
_SLICE = 64 << 10
_PIECE = 256 << 10
# What a short member has at most: octets unpacked, and slices packed.
_SHORT = 4 << 20
_SHORT_SLICES = 16


def is_gzip(beginning: bytes) -> bool:
    """Say whether a file that begins so consists of gzip members."""
    return beginning != b"" and _MAGIC.startswith(beginning[:2])


class Members:
    """The members of *inflow*, which stands at the beginning of the first or at its end."""

    unit = "gzip member"
    can_share_record = False

    def __init__(self, inflow: Inflow) -> None:
        self.member_offset = inflow.position
        self._inflow = inflow
        self._is_new = False
        self._inflater: zlib._Decompress | None = None  # None: the member is over
        self._damage: DamagedRecord | None = None

    @property
    def consumed(self) -> int:
        """How far the file has been unpacked."""
        # Quirk: at a member's end zlib may leave the same octets here and in unused_data.
        if self._inflater is None or self._inflater.eof:
            return self._inflow.position
        return self._inflow.position - len(self._inflater.unconsumed_tail)

    def next_member(self) -> bool:
        """Turn to the member that follows; False at the end of the file."""
        self.member_offset = self._inflow.position
        magic = self._inflow.peek(2)
        if not magic:
            return False
        if not _MAGIC.startswith(magic):
            raise DamagedRecord(self._inflow.filename, self.member_offset, self._foreign())
        self._is_new = True
        return True

    def _foreign(self) -> str:
        """Say what comes next, which is no member."""
        found = self._inflow.peek(20)
        if not found.strip(b"\0"):
            # Tapes, and file systems after a power cut, fill a file up with zeros.
            count = 0
            while octets := self._inflow.take(_SLICE):
                count += len(octets)
                if octets.strip(b"\0"):
                    break
            else:
                return f"{count} octets of padding with zeros behind the last gzip member"
        return f"{found!r} where a gzip member should begin"

    def piece(self) -> bytes:
        """Return the next octets of this member, none at its end.

        DamagedRecord where its data is damaged, after all that came before the damage.
        """
        if self._is_new:
            self._is_new = False
            whole = self._whole()
            if whole is not None:
                self._inflater = None
                return whole
            self._inflater = zlib.decompressobj(_GZIP)
        return self._next_piece()

    def _whole(self) -> bytes | None:
        """Return all of a member that begins here; None if it is not short, or not sound."""
        gunzipper = new_gunzipper()
        taken: list[bytes] = []
        pieces: list[bytes] = []
        left = _SHORT
        while left and len(taken) < _SHORT_SLICES and (octets := self._inflow.take(_SLICE)):
            taken.append(octets)
            try:
                pieces.append(gunzipper.decompress(octets, left))
            except GunzipError:
                break  # zlib will find the damage again, and what came before it
            if gunzipper.eof:
                self._inflow.at -= len(gunzipper.unused_data)
                return pieces[0] if len(pieces) == 1 else b"".join(pieces)
            left -= len(pieces[-1])
        self._inflow.give_back(b"".join(taken))
        return None

    def _next_piece(self) -> bytes:
        if self._damage is not None:
            raise self._damage
        inflater = self._inflater
        while inflater is not None and not inflater.eof:
            octets = inflater.unconsumed_tail or self._next_slice()
            spare = inflater.copy()
            try:
                piece = inflater.decompress(octets, _PIECE)
            except zlib.error as error:
                return self._salvage(spare, octets, error)
            self._inflow.at -= len(inflater.unused_data)
            if piece:
                return piece
        return b""

    def _next_slice(self) -> bytes:
        octets = self._inflow.take(_SLICE)
        if not octets:
            problem = "the file ends inside a gzip member"
            raise CutShort(self._inflow.filename, self.member_offset, problem)
        return octets

    def _salvage(self, inflater: zlib._Decompress, octets: bytes, error: zlib.error) -> bytes:
        """Return what *octets* give before the damage, which *error* has swallowed.

        Where many records share a member, those before the damage are among it.
        """
        problem = f"the gzip member is damaged ({error})"
        self._damage = DamagedRecord(self._inflow.filename, self.member_offset, problem)
        pieces = []
        for at in range(len(octets)):
            try:
                pieces.append(inflater.decompress(octets[at : at + 1]))
            except zlib.error:
                break
        if not any(pieces):
            raise self._damage from error
        return b"".join(pieces)
