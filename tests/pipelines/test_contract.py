"""What our pipelines lean on in Scrapy, Twisted and asyncio without a promise that it stays.

A failure here means that a dependency has moved, and not that a crawl is broken already.
Each message says what to read before the pin is changed.
"""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import ssl
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request, Spider, signals
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.core.downloader.handlers import DownloadHandlerProtocol
from scrapy.crawler import AsyncCrawlerProcess, AsyncCrawlerRunner
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, HtmlResponse
from scrapy.settings import SETTINGS_PRIORITIES, Settings
from scrapy.utils._download_handlers import (
    check_stop_download,
    make_response,
    normalize_bind_address,
)
from scrapy.utils.ssl import _make_ssl_context
from scrapy.utils.test import get_crawler
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface.verify import verifyClass

import pipelines.resolver
from pipelines.commands.crawl import Command
from pipelines.handler import ArchiveDownloadHandler

PIPELINES = Path(str(pipelines.__file__)).parent
Pin = tuple[str, list[str] | None, str]
DEPENDENCIES = ("scrapy", "twisted", "asyncio", "uvloop", "zope", "tqdm")

# Names that are private by their own or their module's underscore: (name, parameters, reader).
PRIVATE: list[Pin] = [
    (
        "scrapy.utils._compression._DecompressionMaxSizeExceeded",
        None,
        "pipelines/decompression.py",
    ),
    (
        "scrapy.utils._download_handlers.check_stop_download",
        ["signal", "crawler", "request", "**kwargs"],
        "pipelines/visit.py",
    ),
    ("scrapy.utils._download_handlers.get_dataloss_msg", ["url"], "pipelines/handler.py"),
    (
        "scrapy.utils._download_handlers.get_maxsize_msg",
        ["size", "limit", "request", "expected"],
        "pipelines/visit.py",
    ),
    (
        "scrapy.utils._download_handlers.get_warnsize_msg",
        ["size", "limit", "request", "expected"],
        "pipelines/visit.py",
    ),
    (
        "scrapy.utils._download_handlers.make_response",
        [
            "url", "status", "headers", "body", "flags", "certificate", "ip_address", "protocol",
            "stop_download",
        ],
        "pipelines/visit.py",
    ),
    (
        "scrapy.utils._download_handlers.normalize_bind_address",
        ["value"],
        "pipelines/handler.py and pipelines/message.py",
    ),
    ("scrapy.utils.ssl._make_ssl_context", ["settings"], "pipelines/handler.py"),
]  # fmt: skip

# Names that look public and are in no documentation, or whose form matters to us.
UNDOCUMENTED: list[Pin] = [
    (
        "scrapy.core.downloader.handlers.http11.TunnelError",
        None,
        "pipelines/handler.py and pipelines/pool.py",
    ),
    ("scrapy.utils.url.add_http_if_no_scheme", ["url"], "pipelines/message.py"),
    ("scrapy.utils.asyncio.is_asyncio_available", [], "pipelines/handler.py"),
    (
        "scrapy.utils.asyncio.create_looping_call",
        ["func", "*args", "**kwargs"],
        "pipelines/progress.py",
    ),
    ("scrapy.utils.reactor.is_reactor_installed", [], "pipelines/resolver.py"),
    (
        "scrapy.core.engine.ExecutionEngine.close_spider_async",
        ["self", "reason"],
        "pipelines/archive.py",
    ),
    ("scrapy.crawler.Crawler.get_extension", ["self", "cls"], "pipelines/handler.py"),
    ("twisted.internet.ssl.Certificate.load", None, "pipelines/handler.py"),
]


def found(name: str) -> Any:  # Any: whatever a dependency calls so
    """Return what the dotted *name* means, or None."""
    module, _, rest = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), rest, None)
    except ImportError:
        return getattr(found(module), rest, None)


def parameters_of(function: Any) -> list[str]:
    """Return the names of its parameters, with the stars that they have."""
    parameters = inspect.signature(function).parameters.values()
    return [str(each.replace(annotation=each.empty, default=each.empty)) for each in parameters]


def imported() -> Iterator[str]:
    """Yield the dotted names that `pipelines` imports from its engines."""
    for path in sorted(PIPELINES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith(DEPENDENCIES):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (
                    alias.name for alias in node.names if alias.name.startswith(DEPENDENCIES)
                )


def private_attributes() -> Iterator[str]:
    """Yield where `pipelines` reads an underscored attribute of something not its own."""
    for path in sorted(PIPELINES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                owner = ast.unparse(node.value)
                # What `decompression` overrides is pinned by what it does: test_decompression.py.
                if owner not in ("self", "cls", "super()") and not node.attr.startswith("__"):
                    yield f"{path.name}:{node.lineno}: {owner}.{node.attr}"


# The pins


def test_every_private_name_that_we_import_is_pinned_here() -> None:
    private = {name for name in imported() if "._" in name}

    assert private == {name for name, _, _ in PRIVATE}, (
        "pipelines lean on another set of private names than this file pins: pin what is new "
        "with its parameters, and drop what is gone"
    )


def test_no_private_attribute_of_others_is_read() -> None:
    assert list(private_attributes()) == [], (
        "an underscored attribute of somebody else's object cannot be pinned by its name: find "
        "a public way, or pin its behaviour in this file and let it through here"
    )


@pytest.mark.parametrize(("name", "parameters", "reader"), PRIVATE + UNDOCUMENTED)
def test_a_name_that_we_lean_on_is_where_it_was(
    name: str, parameters: list[str] | None, reader: str
) -> None:
    assert found(name) is not None, (
        f"{name} is gone: read the release notes and the source of its module for what took its "
        f"place, then change {reader}"
    )


@pytest.mark.parametrize(
    ("name", "parameters", "reader"),
    [pin for pin in PRIVATE + UNDOCUMENTED if pin[1] is not None],
)
def test_a_function_that_we_lean_on_takes_what_it_took(
    name: str, parameters: list[str], reader: str
) -> None:
    assert parameters_of(found(name)) == parameters, (
        f"{name} takes other arguments: read its source, and see that {reader} still says to it "
        "what Scrapy's own handlers do (scrapy/core/downloader/handlers/http11.py)"
    )


# How they behave

READ_HELPERS = "read scrapy/utils/_download_handlers.py and then pipelines/visit.py"


def test_make_response_chooses_the_class_and_keeps_what_it_is_given() -> None:
    response = make_response(
        url="http://example.org/",
        status=203,
        headers=Headers({"Content-Type": "text/html"}),
        body=b"<p>",
        flags=["dataloss"],
        ip_address=IPv4Address("192.0.2.1"),
        protocol="HTTP/1.1",
    )

    assert isinstance(response, HtmlResponse), READ_HELPERS
    assert (response.status, response.body, response.flags) == (203, b"<p>", ["dataloss"])
    assert (str(response.ip_address), response.protocol) == ("192.0.2.1", "HTTP/1.1")


def test_make_response_raises_the_stop_whose_raiser_wanted_an_error() -> None:
    stop = StopDownload(fail=True)

    with pytest.raises(StopDownload) as raised:
        make_response("http://example.org/", 200, Headers(), stop_download=stop)

    assert raised.value.response is not None, READ_HELPERS
    assert raised.value.response.flags == ["download_stopped"], READ_HELPERS


def test_check_stop_download_returns_the_stop_that_a_handler_raised() -> None:
    crawler = get_crawler()
    stop = StopDownload(fail=False)

    def refuse() -> None:
        raise stop

    before = check_stop_download(signals.headers_received, crawler, Request("http://a/"))
    crawler.signals.connect(refuse, signals.headers_received)
    after = check_stop_download(signals.headers_received, crawler, Request("http://a/"))

    assert (before, after) == (None, stop), READ_HELPERS


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("127.0.0.2", ("127.0.0.2", 0)),
        (("127.0.0.2", 9), ("127.0.0.2", 9)),
    ],
)
def test_a_bind_address_becomes_a_pair(value: Any, expected: tuple[str, int] | None) -> None:
    assert normalize_bind_address(value) == expected, (
        "read scrapy/utils/_download_handlers.py and then route_of in pipelines/message.py"
    )


@pytest.mark.parametrize(("verifies", "mode"), [(True, ssl.CERT_REQUIRED), (False, ssl.CERT_NONE)])
def test_the_tls_context_is_the_standard_librarys_and_obeys_the_settings(
    verifies: bool, mode: ssl.VerifyMode
) -> None:
    context = _make_ssl_context(Settings({"DOWNLOAD_VERIFY_CERTIFICATES": verifies}))

    assert (type(context), context.verify_mode, context.check_hostname) == (
        ssl.SSLContext, mode, verifies,
    ), "read scrapy/utils/ssl.py and then ArchiveDownloadHandler.__init__"  # fmt: skip


# Protocols that we fill


def test_our_handler_has_what_scrapy_calls() -> None:
    wanted = {name for name in vars(DownloadHandlerProtocol) if not name.startswith("_")}
    wanted |= set(DownloadHandlerProtocol.__annotations__)

    assert wanted == {"lazy", "download_request", "close"}, (
        "the protocol of download handlers has changed: read "
        "scrapy/core/downloader/handlers/__init__.py and then pipelines/handler.py"
    )
    assert parameters_of(ArchiveDownloadHandler.download_request) == ["self", "request"]
    assert inspect.iscoroutinefunction(ArchiveDownloadHandler.download_request)
    assert inspect.iscoroutinefunction(ArchiveDownloadHandler.close)


def test_our_handler_is_made_after_the_archive_is_open() -> None:
    assert ArchiveDownloadHandler.lazy, (
        "a handler that is not lazy is made before extensions are: read "
        "scrapy/core/downloader/handlers/__init__.py"
    )


def test_our_receiver_hears_what_twisteds_resolver_says() -> None:
    receiver = pipelines.resolver._Receiver

    assert verifyClass(IResolutionReceiver, receiver), (
        "IResolutionReceiver has changed: read twisted/internet/interfaces.py and then "
        "pipelines/resolver.py"
    )


def test_twisteds_resolver_is_asked_as_ever() -> None:
    resolver: Any = IHostnameResolver  # an interface, which zope's types say nothing of

    assert resolver["resolveHostName"].required == ("resolutionReceiver", "hostName"), (
        "IHostnameResolver has changed: read twisted/internet/interfaces.py and then "
        "pipelines/resolver.py"
    )


def test_scrapys_crawl_command_is_run_with_arguments_and_options() -> None:
    assert parameters_of(ScrapyCrawl.run) == parameters_of(Command.run) == ["self", "args", "opts"]


def test_a_crawl_that_is_asked_for_is_a_task() -> None:
    signature = inspect.signature(AsyncCrawlerProcess.crawl)

    assert signature.return_annotation == "asyncio.Task[None]", (
        "AsyncCrawlerProcess.crawl returns something else: read scrapy/crawler.py and then "
        "_error_of in pipelines/commands/crawl.py"
    )


def test_a_crawl_that_could_not_begin_is_remembered() -> None:
    assert AsyncCrawlerRunner().bootstrap_failed is False, (
        "read scrapy/crawler.py and then pipelines/commands/crawl.py"
    )


def test_settings_know_how_firmly_they_are_set() -> None:
    assert SETTINGS_PRIORITIES["default"] == 0, (
        "the priority of defaults has changed: read scrapy/settings/__init__.py and then "
        "settings_without_secrets in pipelines/crawl_details.py"
    )
    assert Settings({"A": 1}).getpriority("A") == 20


def test_an_extension_is_found_by_its_class_once_the_crawler_has_them() -> None:
    class Extension:
        pass

    crawler = get_crawler(Spider, {"EXTENSIONS": {Extension: 0}})

    assert isinstance(crawler.get_extension(Extension), Extension), (
        "read Crawler.get_extension in scrapy/crawler.py and then from_crawler of "
        "pipelines/handler.py and pipelines/extract.py"
    )


# asyncio: what an event loop tells of a connection


def test_a_plain_connection_knows_its_peer_and_no_tls() -> None:
    async def told() -> tuple[Any, Any]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        transport, _ = await loop.create_connection(asyncio.Protocol, *address)
        try:
            return (
                transport.get_extra_info("peername") == address,
                transport.get_extra_info("ssl_object"),
            )
        finally:
            transport.abort()
            server.close()
            await server.wait_closed()

    assert asyncio.run(told()) == (True, None), (
        "read the event loop's notes on get_extra_info and then Peer in pipelines/connection.py"
    )
