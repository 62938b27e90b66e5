"""The golden test of the project: the bytes on the wire are the bytes in the WARC.

One crawl visits every case of `tests.wire.cases`; another, at the same time, visits them
with Scrapy's own download handler, to show what a spider was used to see. The WARC is read
by warcio, with no parsing of HTTP.
"""

from __future__ import annotations

import hashlib
import os

import pytest

from tests.wire.case import Case, Seen
from tests.wire.cases import BY_NAME, CASES
from tests.wire.crawl import has_ipv6
from tests.wire.golden import (
    Golden,
    archived,
    comparable,
    crawl_twice,
    fields_of,
    handed,
    reuse_of,
)
from tests.wire.script import sent
from tests.wire.warcs import of_type, pair_of

SECRET = b"QWRhOnNlY3JldA=="
HAS_IPV6 = has_ipv6()
PLAYED = [case for case in CASES if case.route != "ipv6" or HAS_IPV6]
EVERY_CASE = [
    pytest.param(
        case,
        id=case.name,
        marks=pytest.mark.skipif(case not in PLAYED, reason="this machine has no IPv6"),
    )
    for case in CASES
]
every_case = pytest.mark.parametrize("case", EVERY_CASE)
like_scrapy = pytest.mark.parametrize(
    "case", [param for param in EVERY_CASE if not BY_NAME[str(param.id)].unlike_scrapy]
)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    """Crawl all cases, and then let every test look at what came of its own."""
    return crawl_twice(PLAYED, tmp_path_factory.mktemp("golden"))


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="IPv6 may be missing but under CI")
def test_under_ci_there_is_ipv6() -> None:
    assert HAS_IPV6


def test_there_are_forty_cases_and_more_and_each_has_a_name_of_its_own() -> None:
    assert len(CASES) == len(BY_NAME) > 40


@every_case
def test_the_server_sent_what_its_script_says(golden: Golden, case: Case) -> None:
    exchanges = golden.crawl.played[case.name].exchanges

    assert [bytes(exchange.sent) for exchange in exchanges] == [
        sent(answer.steps) for answer in case.script
    ]


@every_case
def test_the_response_blocks_are_what_the_server_sent(golden: Golden, case: Case) -> None:
    responses = of_type(golden.by_case[case.name], "response")

    assert [record.block for record in responses] == [
        answer.block for answer in case.script if answer.block is not None
    ]


@every_case
def test_the_request_blocks_are_what_the_server_received(golden: Golden, case: Case) -> None:
    requests = of_type(golden.by_case[case.name], "request")

    assert [record.block for record in requests] == [
        archived(exchange.received, case.withheld)
        for exchange in golden.crawl.played[case.name].exchanges
    ]


@every_case
def test_a_response_cut_short_says_why(golden: Golden, case: Case) -> None:
    responses = of_type(golden.by_case[case.name], "response")

    assert [record.get("WARC-Truncated") for record in responses] == [
        answer.truncated for answer in case.script if answer.block is not None
    ]


@every_case
def test_a_fetch_without_an_answer_is_a_metadata_record(golden: Golden, case: Case) -> None:
    records = of_type(golden.by_case[case.name], "metadata")

    assert [b"fetchFailure: " in record.block for record in records] == [True] * case.failures


@every_case
def test_a_spider_is_handed_what_the_case_says(golden: Golden, case: Case) -> None:
    first, *probes = golden.crawl.outcomes[case.name]

    assert handed(first) == case.seen
    assert [handed(probe) for probe in probes] == [Seen(status=200, body=b"yes")] * case.probes


@like_scrapy
def test_a_spider_sees_what_scrapys_own_handler_shows(golden: Golden, case: Case) -> None:
    ours, theirs = golden.crawl.outcomes[case.name], golden.scrapy.outcomes[case.name]

    assert comparable(ours) == comparable(theirs)


@like_scrapy
def test_a_server_is_asked_as_scrapys_own_handler_asks(golden: Golden, case: Case) -> None:
    ours, theirs = golden.crawl.played[case.name], golden.scrapy.played[case.name]

    assert [fields_of(exchange.received) for exchange in ours.exchanges] == [
        fields_of(exchange.received) for exchange in theirs.exchanges
    ]


@every_case
def test_what_breaks_the_rules_of_http_is_reported(golden: Golden, case: Case) -> None:
    target = golden.crawl.played[case.name].origin + case.path + case.suffix.partition("#")[0]
    lines = [
        line
        for line in golden.crawl.log.splitlines()
        if f" WARNING: Archived as it came: {target}: " in line
    ]

    assert len(lines) == sum(answer.problem for answer in case.answers)


@every_case
def test_a_connection_is_reused_where_that_is_safe(golden: Golden, case: Case) -> None:
    exchanges = golden.crawl.played[case.name].exchanges
    connections = [exchange.connection for exchange in exchanges]

    assert case.reused in (None, reuse_of(connections, case.probes))


@every_case
def test_each_response_stands_beside_its_request(golden: Golden, case: Case) -> None:
    records = of_type(golden.by_case[case.name], "response")
    followers = [golden.records[record.place + 1] for record in records]

    assert [pair_of(*both) for both in zip(records, followers, strict=True)] == [
        ("response", "request", True, True, True) for _ in records
    ]


@every_case
def test_both_records_of_a_pair_name_the_address(golden: Golden, case: Case) -> None:
    records = golden.by_case[case.name]
    pairs = of_type(records, "response") + of_type(records, "request")
    address = "::1" if case.route == "ipv6" else "127.0.0.1"

    assert [record.get_all("WARC-IP-Address") for record in pairs] == [[address]] * len(pairs)


@every_case
def test_the_target_is_the_uri_without_its_fragment(golden: Golden, case: Case) -> None:
    records = golden.by_case[case.name]
    origin = golden.crawl.played[case.name].origin

    assert origin + case.path + case.suffix.partition("#")[0] in [
        record.get("WARC-Target-URI") for record in records
    ]
    assert [record for record in records if "#" in str(record.get("WARC-Target-URI"))] == []


@every_case
def test_each_block_has_the_digest_of_its_octets(golden: Golden, case: Case) -> None:
    records = golden.by_case[case.name]

    assert [record.get("WARC-Block-Digest") for record in records] == [
        f"sha256:{hashlib.sha256(record.block).hexdigest()}" for record in records
    ]


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("ordinary", b"hello"),
        ("chunk-extensions", b"hello"),
        ("trailers", b"hello"),
        ("lf-only", b"hello"),
        ("http-1.0-until-close", b"old but good"),
        ("103-then-200", b"hello"),
        ("close-mid-chunk", b"hello"),
        ("head-with-length", b""),
    ],
)
def test_a_payload_digest_leaves_the_framing_out(
    golden: Golden, name: str, payload: bytes
) -> None:
    response = of_type(golden.by_case[name], "response")[0]

    assert response.get("WARC-Payload-Digest") == f"sha256:{hashlib.sha256(payload).hexdigest()}"


@pytest.mark.parametrize(
    ("name", "protocols", "suite"),
    [
        ("ordinary", ["http/1.1"], None),
        ("through-a-proxy", ["http/1.1"], None),
        (
            "over-tls-1.2",
            ["http/1.1", "tls/1.2"],
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        ),
        ("over-tls-1.3", ["http/1.1", "tls/1.3"], "TLS_AES_256_GCM_SHA384"),
        ("through-a-tunnel", ["http/1.1", "tls/1.3"], "TLS_AES_256_GCM_SHA384"),
        ("tls-body-until-close", ["http/1.1", "tls/1.3"], "TLS_AES_256_GCM_SHA384"),
        ("tls-body-until-cut", ["http/1.1", "tls/1.3"], "TLS_AES_256_GCM_SHA384"),
        ("tls-silence", ["http/1.1", "tls/1.3"], "TLS_AES_256_GCM_SHA384"),
    ],
)
def test_both_records_of_a_pair_name_protocol_and_cipher(
    golden: Golden, name: str, protocols: list[str], suite: str | None
) -> None:
    records = golden.by_case[name]

    assert [record.get_all("WARC-Protocol") for record in records] == [protocols] * 4
    assert [record.get("WARC-Cipher-Suite") for record in records] == [suite] * 4


@pytest.mark.parametrize(
    ("name", "authorization"),
    [
        ("through-a-tunnel", b""),
        ("through-a-tunnel-with-credentials", b"Proxy-Authorization: Basic %b\r\n" % SECRET),
        ("through-a-tunnel-that-opens-slowly", b""),
        ("tunnel-refused", b""),
        ("tunnel-wants-credentials", b""),
    ],
)
def test_a_proxy_is_asked_once_for_a_tunnel(
    golden: Golden, name: str, authorization: bytes
) -> None:
    played = golden.crawl.played[name]
    authority = played.origin.removeprefix("https://").encode("ascii")

    assert list(played.tunnel_requests) == [
        b"CONNECT %b HTTP/1.1\r\nHost: %b\r\n%b\r\n" % (authority, authority, authorization)
    ]


def test_a_proxys_own_exchange_never_enters(golden: Golden) -> None:
    assert [record for record in golden.records if b"CONNECT 127" in record.block] == []
    assert [record for record in golden.records if b"Proxy-Agent" in record.block] == []


@pytest.mark.parametrize(
    "name", ["authorization", "through-a-proxy-with-credentials"], ids=["origin", "proxy"]
)
def test_credentials_are_sent_and_not_archived(golden: Golden, name: str) -> None:
    exchanges = golden.crawl.played[name].exchanges

    assert SECRET in exchanges[0].received
    assert [warc for warc in golden.warcs if SECRET in warc or b"Ada:secret" in warc] == []


def test_what_is_too_long_for_memory_is_kept_on_disk(golden: Golden) -> None:
    assert (golden.work_dir / "spool").is_dir()


def test_a_bind_address_is_used(golden: Golden) -> None:
    first, *_ = golden.crawl.played["another-local-address"].exchanges

    assert first.peer == "127.0.0.2"


def test_cookies_of_a_redirect_are_sent_on(golden: Golden) -> None:
    first, second, third, _ = golden.crawl.played["redirects"].exchanges

    assert b"seen=1" not in first.received
    assert b"Cookie: seen=1\r\n" in second.received
    assert b"Cookie: seen=1\r\n" in third.received
