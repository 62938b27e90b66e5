"""What a stylesheet names: `@import`, `url()` and `image-set()` (CSS Syntax Level 3).

One pass, left to right. What is skipped is looked for as single characters, and what has been
read is never read again, so that the time is in proportion to the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.requisites.requisite import Named

# One character, or two: there is nothing to go back to. Nothing else begins a name or hides one.
_MARK = re.compile(r"[\"'(@\\]|/\*")
_IN_IMAGE_SET = re.compile(r"[\"'()\\;{}]|/\*")
_BLANKS = " \t\n"
_HEX = frozenset("0123456789abcdefABCDEF")
_MOST_DIGITS = 6
_URL = ("url", "src")
_IMAGE_SET = ("image-set", "-webkit-image-set")
_LONGEST_NAME = 20
# A stylesheet of a megabyte has some ten thousand of them; each costs a microsecond or two.
_MOST_MARKS = 500_000


def names_in_css(text: str) -> Iterator[Named]:
    """Yield the references in *text*, a stylesheet or declarations, in their order.

    Strings that are no reference, comments and what `@namespace` says are passed over.
    """
    # 3.3: these are what a line end may be.
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return _Reading(plain).names()


class _Reading:
    """A stylesheet, read up to *at*."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._marks = 0

    def names(self) -> Iterator[Named]:
        while (mark := self._next(_MARK)) is not None:
            match mark[0]:
                case "(":
                    yield from self._function(_name_before(self._text, mark.start()))
                case "@":
                    yield from self._at_rule()
                case other:
                    self._skip(other)

    def _next(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go past the next of what *pattern* finds, and return it; None where that is enough."""
        self._marks += 1
        if self._marks > _MOST_MARKS:
            return None
        mark = pattern.search(self._text, self._at)
        self._at = mark.end() if mark is not None else len(self._text)
        return mark

    def _skip(self, mark: str) -> None:
        """Go past the comment, the escape or the string that *mark* has begun."""
        if mark == "/*":
            self._go_past("*/")
        elif mark == "\\":
            self._at += 1
        else:
            self._string(mark)

    def _function(self, name: str) -> Iterator[Named]:
        """Yield what the function *name* names, whose arguments come next."""
        if name in _URL:
            reference = self._url()
            if reference is not None:
                yield Named(reference, "part")
        elif name in _IMAGE_SET:
            yield from self._image_set()

    def _image_set(self) -> Iterator[Named]:
        """Yield the pictures to choose from; strings in `type()` are none (CSS Images, 2.4)."""
        depth = 1
        while depth and (mark := self._next(_IN_IMAGE_SET)) is not None:
            match mark[0]:
                case '"' | "'" if depth == 1:
                    reference = self._string(mark[0])
                    if reference is not None:
                        yield Named(reference, "choice")
                case "(":
                    if _name_before(self._text, mark.start()) not in _URL:
                        depth += 1
                    elif (reference := self._url()) is not None:
                        yield Named(reference, "choice")
                case ")":
                    depth -= 1
                case ";" | "{" | "}":
                    return  # it was never closed
                case other:
                    self._skip(other)

    def _at_rule(self) -> Iterator[Named]:
        """Yield what the rule names whose name comes next, if it is an import."""
        text, at = self._text, self._at
        name = text[at : at + _LONGEST_NAME].lower()
        if name.startswith("namespace"):
            self._go_past(";")  # it names a language, which nobody fetches
        if not name.startswith("import") or _is_in_name(name[6:7]):
            return
        self._at += len("import")
        self._go_past_blanks()
        reference = None
        if (quote := text[self._at : self._at + 1]) in ('"', "'"):
            self._at += 1
            reference = self._string(quote)
        elif text[self._at : self._at + 4].lower() in ("url(", "src("):
            self._at += 4
            reference = self._url()
        if reference is not None:
            yield Named(reference, "stylesheet")

    def _url(self) -> str | None:
        """Go past what stands in `url()`, and return it; None where it is no URL (4.3.6)."""
        self._go_past_blanks()
        quote = self._text[self._at : self._at + 1]
        if quote and quote in "\"'":
            self._at += 1
            return self._string(quote)
        reference = self._until(")", ends_at_line=False)
        reference = reference.rstrip(_BLANKS) if reference is not None else None
        if not reference or any(character in reference for character in " \t\n\"'("):
            return None
        return reference

    def _string(self, quote: str) -> str | None:
        """Go past a string that *quote* has begun; None where its line ends before it (4.3.5)."""
        return self._until(quote, ends_at_line=True)

    def _until(self, end: str, *, ends_at_line: bool) -> str | None:
        """Return what stands before *end*, or the end of the text, and go past that."""
        text, start = self._text, self._at
        place = text.find(end, start)
        place = len(text) if place < 0 else place
        plain = text[start:place]
        if "\\" in plain or (ends_at_line and "\n" in plain):
            return self._until_by_steps(end, ends_at_line=ends_at_line)
        self._at = place + 1
        return plain

    def _until_by_steps(self, end: str, *, ends_at_line: bool) -> str | None:
        text, size, pieces = self._text, len(self._text), list[str]()
        while self._at < size and (character := text[self._at]) != end:
            self._at += 1
            if character == "\\":
                pieces.append(self._escaped())
            elif character == "\n" and ends_at_line:
                return None
            else:
                pieces.append(character)
        self._at += 1
        return "".join(pieces)

    def _escaped(self) -> str:
        """Return the character that the escape means which a backslash has begun (4.3.7)."""
        text, start = self._text, self._at
        while self._at < start + _MOST_DIGITS and text[self._at : self._at + 1] in _HEX:
            self._at += 1
        digits = text[start : self._at]
        if not digits:
            self._at += 1
            character = text[start : self._at]
            return "" if character == "\n" else character  # a string goes on in the next line
        if text[self._at : self._at + 1] in (" ", "\t", "\n"):
            self._at += 1
        code = int(digits, 16)
        is_character = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000
        return chr(code) if is_character else "\ufffd"

    def _go_past(self, end: str) -> None:
        place = self._text.find(end, self._at)
        self._at = len(self._text) if place < 0 else place + len(end)

    def _go_past_blanks(self) -> None:
        text = self._text
        while self._at < len(text):
            if text.startswith("/*", self._at):
                self._go_past("*/")
            elif text[self._at] in _BLANKS:
                self._at += 1
            else:
                return


def _name_before(text: str, at: int) -> str:
    """Return the name of the function whose bracket stands at *at*, in lower case."""
    start = at
    while start > 0 and at - start < _LONGEST_NAME and _is_in_name(text[start - 1]):
        start -= 1
    return text[start:at].lower()


def _is_in_name(character: str) -> bool:
    return character.isalnum() or character in ("-", "_") or character > "\x7f"
