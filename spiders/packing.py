"""Requests as bytes and back, for the frontier.

Only what differs from a plain request's defaults is kept, pickled: this is local state that
none but its owner can write. Methods of the spider go by their names. What the archive notes
of one handing-out is left out.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.http import Headers

from archiver.capture import (
    HELD_KEY,
    LEASE_KEY,
    PAGE_KEY,
    PLACE_KEY,
    SITEMAPS_KEY,
    UNDONE_KEY,
)
from spiders.lineage import PARENT_KEY

_TRANSIENT = frozenset({PAGE_KEY, PLACE_KEY, UNDONE_KEY, LEASE_KEY, PARENT_KEY, SITEMAPS_KEY})
# Any: an attribute of a request may be of any type.
_DEFAULTS: dict[str, Any] = {
    "method": "GET",
    "body": b"",
    "encoding": "utf-8",
    "priority": 0,
    "dont_filter": False,
    "callback": None,
    "errback": None,
    "headers": {},
    "cookies": {},
    "flags": [],
    "cb_kwargs": {},
}
# By this key Scrapy takes a URL as it is: one that a request has borne was made safe before.
_VERBATIM = "verbatim_url"
_MISSING = object()


class NotPackable(ValueError):
    """A request holds what does not survive as bytes, such as a lambda."""


def pack(request: Request, spider: Spider) -> bytes:
    """Return *request* of *spider* as bytes; NotPackable when it holds what cannot be kept."""
    if HELD_KEY in request.meta:
        raise NotPackable(f"{request}: the pages of other requests wait for it")
    kind = type(request)
    try:
        kept = _kept(request, spider)
        return pickle.dumps((None if kind is Request else kind, kept), protocol=5)
    except NotPackable:
        raise
    except Exception as error:
        # Any: pickling runs the code of whatever a user has put in, such as its __reduce__.
        raise NotPackable(f"{request}: {_said(error)}") from error


def _kept(request: Request, spider: Spider) -> dict[str, Any]:
    """Return the attributes of *request* that differ from the defaults of its class."""
    kind = type(request)
    defaults = _DEFAULTS if kind is Request else {}  # another class may have other defaults
    kept: dict[str, Any] = {}
    for name in request.attributes:
        value = getattr(request, name)
        if name == "meta":
            value = {key: value[key] for key in value if key not in _TRANSIENT}
            if value:
                kept[name] = value
        elif value != defaults.get(name, _MISSING):
            kept[name] = value
    for name in ("callback", "errback"):
        if kept.get(name) is not None:
            kept[name] = _portable(kept[name], spider)
    if "headers" in kept:
        kept["headers"] = dict(kept["headers"])
    return kept


def unpack(packed: bytes, spider: Spider) -> Request:
    """Return the request that was *packed*, an equal one with methods of *spider*.

    ValueError when that fails, as where the program has changed and lacks a class or method.
    """
    try:
        kind, kept = pickle.loads(packed)
        return _made(kind or Request, kept, spider)
    except Exception as error:
        # Any: unpickling runs __setstate__ and the like, and a class of the user's own.
        raise ValueError(f"a request of an earlier run cannot be read: {_said(error)}") from error


def _made(kind: type[Request], kept: dict[str, Any], spider: Spider) -> Request:
    for name in ("callback", "errback"):
        if isinstance(kept.get(name), str):
            kept[name] = _method(kept[name], spider)
    headers, meta = kept.pop("headers", None), kept.pop("meta", {})
    request = kind(**kept, meta={**meta, _VERBATIM: True})
    del request.meta[_VERBATIM]
    request.meta.update(meta)
    if headers is not None:
        request.headers = Headers(encoding=request.encoding)
        dict.update(request.headers, headers)  # they were normalised when they were first set
    return request


def _portable(function: Callable[..., Any], spider: Spider) -> str | Callable[..., Any]:
    """Return the name of a method of *spider*, or a function that pickles by its own name."""
    if isinstance(function, FunctionType):
        return function
    if isinstance(function, MethodType) and function.__self__ is spider:
        name = _name_of(function, spider)
        if name is not None:
            return name
    raise NotPackable(f"{function!r} is no method of the spider {spider.name!r}")


def _name_of(method: MethodType, spider: Spider) -> str | None:
    name = method.__func__.__name__
    if getattr(getattr(spider, name, None), "__func__", None) is method.__func__:
        return name
    # Private and decorated methods are known to their class by another name.
    for kind in type(spider).__mro__:
        for name, value in vars(kind).items():
            if value is method.__func__:
                return name
    return None


def _method(name: str, spider: Spider) -> Callable[..., Any]:
    method = getattr(spider, name, None)
    if not callable(method):
        raise ValueError(
            f"it needs the method {name!r}, which the spider {spider.name!r} has no more"
        )
    return cast("Callable[..., Any]", method)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
