"""What was given to a command, whatever it is, as one source: members, an index, pages."""

from archiver.sources.part import Member, Part
from archiver.sources.source import Source, open_source

__all__ = ["Member", "Part", "Source", "open_source"]
