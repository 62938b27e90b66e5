"""Requests as bytes and back: nothing of them may change on the way."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scrapy import FormRequest, Request, Spider
from scrapy.http import JsonRequest, Response, XmlRpcRequest
from scrapy.http.request import NO_CALLBACK

from archiver.capture import LEASE_KEY, PAGE_KEY, PLACE_KEY, UNDONE_KEY
from spiders.lineage import PARENT_KEY
from spiders.packing import NotPackable, pack, unpack

URL = "http://example.org/story?b=2&a=1#part"


def undecorated(method: Callable[..., None]) -> Callable[..., None]:
    def inner(*args: Any) -> None:
        method(*args)

    return inner


class Wanderer(Spider):
    name = "wanderer"

    def parse(self, response: Response) -> None:
        pass

    def complain(self, failure: object) -> None:
        pass

    def __hide(self, response: Response) -> None:
        pass

    @undecorated
    def renamed(self, response: Response) -> None:
        pass

    @property
    def hidden(self) -> Any:
        return self.__hide


class Trap:
    """Raises KeyError when it is unpickled."""

    def __getstate__(self) -> dict[str, int]:
        return {"set": 1}

    def __setstate__(self, state: dict[str, int]) -> None:
        raise KeyError("bait")


class Stubborn:
    """Raises ValueError when it is pickled."""

    def __reduce__(self) -> str:
        raise ValueError("no way")


def module_function(response: Response) -> None:
    pass


class Branded(Request):
    attributes = (*Request.attributes, "brand")

    def __init__(self, *args: Any, brand: str = "none", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand


SPIDER = Wanderer()

REQUESTS = {
    "plain": Request(URL),
    "whole": Request(
        URL,
        callback=SPIDER.parse,
        errback=SPIDER.complain,
        method="PUT",
        headers={"X-One": ["a", "b"], "Cookie": b"\xe9"},
        body=b"\x00\xff",
        cookies={"a": "b"},
        meta={"depth": 3, "nested": {"list": [1, 2]}},
        encoding="latin-1",
        priority=-7,
        dont_filter=True,
        flags=["flag"],
        cb_kwargs={"seed": "http://example.org/"},
    ),
    "cookies as a list": Request(URL, cookies=[{"name": "a", "value": "b", "domain": "x"}]),
    "verbatim": Request("http://example.org/a b|c", meta={"verbatim_url": True}),
    "not verbatim": Request("http://example.org/a b|c", meta={"verbatim_url": False}),
    "another encoding": Request("http://example.org/é?é", encoding="latin-1"),
    "no callback": Request(URL, callback=NO_CALLBACK),
    "a function": Request(URL, callback=module_function),
    "a private method": Request(URL, callback=SPIDER.hidden),
    "a decorated method": Request(URL, callback=SPIDER.renamed),
    "a form": FormRequest(URL, formdata={"name": "Ada"}),
    "a form to get": FormRequest(URL, formdata={"name": "Ada"}, method="GET"),
    "json": JsonRequest(URL, data={"b": 1, "a": [2]}, dumps_kwargs={"indent": 1}),
    "xml-rpc": XmlRpcRequest(URL, methodname="sum", params=(1, 2)),
    "xml-rpc, filtered": XmlRpcRequest(URL, methodname="sum", params=(1,), dont_filter=False),
    "of a class of one's own": Branded(URL, brand="acme"),
}


def attributes(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in request.attributes}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)
def test_a_request_comes_back_as_it_was(request_: Request) -> None:
    back = unpack(pack(request_, SPIDER), SPIDER)

    assert type(back) is type(request_)
    assert attributes(back) == attributes(request_)


def test_a_json_request_comes_back_without_headers_it_was_stripped_of() -> None:
    request = JsonRequest(URL, data={})
    del request.headers["Accept"]

    assert "Accept" not in unpack(pack(request, SPIDER), SPIDER).headers


def test_methods_come_back_as_those_of_the_spider_that_runs_now() -> None:
    packed = pack(Request(URL, callback=SPIDER.parse), SPIDER)
    successor = Wanderer()

    assert unpack(packed, successor).callback == successor.parse


def test_what_is_packed_is_a_copy() -> None:
    request = Request(URL, meta={"list": [1]})
    packed = pack(request, SPIDER)

    request.meta["list"].append(2)

    assert unpack(packed, SPIDER).meta == {"list": [1]}


def test_what_was_noted_of_one_handing_out_stays_behind() -> None:
    notes = dict.fromkeys((PAGE_KEY, PLACE_KEY, UNDONE_KEY, LEASE_KEY, PARENT_KEY), "noted")
    request = Request(URL, meta={**notes, "depth": 1})

    assert unpack(pack(request, SPIDER), SPIDER).meta == {"depth": 1}
    assert request.meta == {**notes, "depth": 1}


def test_a_plain_request_is_small() -> None:
    assert len(pack(Request(URL, callback=SPIDER.parse), SPIDER)) < 120


NAMELESS: Callable[..., None] = lambda response: None  # noqa: E731
DEEP: list[Any] = functools.reduce(lambda inner, _: [inner], range(10**5), [])

UNPACKABLE = {
    "a lambda": Request(URL, callback=NAMELESS),
    "a partial": Request(URL, callback=functools.partial(module_function)),
    "a method of another spider": Request(URL, callback=Wanderer().parse),
    "a function that is built in": Request(URL, errback=print),
    "a generator in meta": Request(URL, meta={"later": (n for n in range(1))}),
    "a local class in meta": Request(URL, meta={"kind": type("Local", (), {})}),
    "what is nested too deeply": Request(URL, meta={"deep": DEEP}),
    "what raises an error of its own": Request(URL, meta={"item": Stubborn()}),
    "a lambda in cb_kwargs": Request(URL, cb_kwargs={"then": lambda: None}),
}


@pytest.mark.parametrize("request_", UNPACKABLE.values(), ids=UNPACKABLE)
def test_what_cannot_be_kept_is_refused(request_: Request) -> None:
    with pytest.raises(NotPackable):
        pack(request_, SPIDER)


def test_a_method_that_the_spider_lacks_now_is_named() -> None:
    packed = pack(Request(URL, callback=SPIDER.renamed), SPIDER)

    with pytest.raises(ValueError, match=r"needs the method 'renamed', which .* 'other' has no"):
        unpack(packed, Spider("other"))


def test_a_class_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "passing_module.py").write_text("class Passing:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    passing = importlib.import_module("passing_module")
    packed = pack(Request(URL, meta={"item": passing.Passing()}), SPIDER)
    monkeypatch.delitem(sys.modules, "passing_module")
    (tmp_path / "passing_module.py").unlink()
    importlib.invalidate_caches()

    with pytest.raises(
        ValueError, match=r"cannot be read: ModuleNotFoundError: No module named 'passing_module'"
    ):
        unpack(packed, SPIDER)


def test_an_error_of_what_is_unpacked_is_told() -> None:
    packed = pack(Request(URL, meta={"item": Trap()}), SPIDER)

    with pytest.raises(ValueError, match="cannot be read: KeyError: 'bait'"):
        unpack(packed, SPIDER)


@pytest.mark.parametrize("size", range(0, 110, 7))
def test_bytes_cut_short_are_refused(size: int) -> None:
    packed = pack(REQUESTS["whole"], SPIDER)

    with pytest.raises(ValueError, match="cannot be read"):
        unpack(packed[:size], SPIDER)
