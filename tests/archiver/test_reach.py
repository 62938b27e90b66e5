from __future__ import annotations

from ipaddress import ip_address

import pytest

from archiver.reach import (
    Exceptions,
    address_of,
    is_closed,
    is_global,
    is_inside,
    is_nameless,
)

# Spelling, and the address that it is: what inet_aton(3) takes, what browsers make of a host,
# what stands in a URL.
SPELLINGS = [
    ("127.0.0.1", "127.0.0.1"),
    ("127.0.0.1.", "127.0.0.1"),
    ("2130706433", "127.0.0.1"),
    ("0x7f000001", "127.0.0.1"),
    ("0X7F.0x0.0.1", "127.0.0.1"),
    ("0x7f.1", "127.0.0.1"),
    ("017700000001", "127.0.0.1"),
    ("0177.0.0.01", "127.0.0.1"),
    ("127.1", "127.0.0.1"),
    ("127.0.1", "127.0.0.1"),
    ("10.256", "10.0.1.0"),
    ("169.254.43518", "169.254.169.254"),
    ("0xA9FEA9FE", "169.254.169.254"),
    ("0251.0376.0251.0376", "169.254.169.254"),
    ("0", "0.0.0.0"),
    ("127%2e0%2E0.1", "127.0.0.1"),
    ("%31%32%37.1", "127.0.0.1"),
    ("\uff11\uff12\uff17.0.0.1", "127.0.0.1"),
    ("①②⑦.0.0.1", "127.0.0.1"),
    ("127。0\uff0e0｡1", "127.0.0.1"),
    ("[::1]", "::1"),
    ("::1", "::1"),
    ("[0:0:0:0:0:0:0:1]", "::1"),
    ("[0000::0001]", "::1"),
    ("%5B::1%5D", "::1"),
    ("[FE80::A]", "fe80::a"),
    ("[fe80::a%25eth0]", "fe80::a"),
    ("fe80::a%eth0", "fe80::a"),
    ("[::ffff:127.0.0.1]", "::ffff:7f00:1"),
    ("[::FFFF:7F00:1]", "::ffff:7f00:1"),
    ("[::127.0.0.1]", "::7f00:1"),
    ("[64:ff9b::169.254.169.254]", "64:ff9b::a9fe:a9fe"),
]
NAMES = [
    "example.org",
    "127.0.0.1.example.org",
    "127.0.0.1.5",
    "256.0.0.1",
    "4294967296",
    "0x1g",
    "1.08.0.1",
    "127.0.0.1-",
    "a.127",
    "127.0.0.1\0",
    "127.0.0.1%00",
    "[::g]",
    "1:2",
    "xn--127-0-0-1",
    "..",
    ".",
    "",
]
GLOBAL = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2000::",
    "2001:200::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
    "2002:101:101::1",
]
CLOSED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.0",
    "169.254.169.254",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::1.1.1.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1.1.1.1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::f5ff:fffe",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::1",
    "2002:a00:1::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff::1",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize(("spelling", "address"), SPELLINGS)
def test_an_address_is_known_in_any_spelling(spelling: str, address: str) -> None:
    assert address_of(spelling) == ip_address(address)


@pytest.mark.parametrize("name", NAMES)
def test_what_no_resolver_takes_for_an_address_is_a_name(name: str) -> None:
    assert address_of(name) is None


@pytest.mark.parametrize("address", GLOBAL)
def test_the_world_is_global(address: str) -> None:
    assert is_global(ip_address(address))


@pytest.mark.parametrize("address", CLOSED)
def test_what_iana_does_not_give_to_the_world_is_not_global(address: str) -> None:
    assert not is_global(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "100.100.100.200", "168.63.129.16", "169.254.169.254", "192.0.0.192",
        "224.0.0.251", "255.255.255.255", "::", "fd00:ec2::254", "fd20:ce::254", "fe80::1",
        "fe80::1%eth0", "ff02::fb", "::ffff:169.254.169.254", "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::1",
    ],
)  # fmt: skip
def test_no_name_may_lead_to_this_link_or_to_what_a_cloud_tells_its_machines(
    address: str,
) -> None:
    assert is_nameless(ip_address(address))


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "::1", "fd00::1", "1.1.1.1"])
def test_a_name_may_lead_to_a_private_address(address: str) -> None:
    assert not is_nameless(ip_address(address))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LocalHost.", True),
        ("%6cocalhost", True),
        ("\uff4cocalhost", True),
        ("a.b.localhost", True),
        ("printer.local", True),
        ("metadata.google.internal", True),
        ("router.home.arpa", True),
        ("0x7f.1", True),
        ("[::1]", True),
        ("[2606:4700:4700::1111]", False),
        ("1.1", False),
        ("example.org", False),
        ("mylocalhost", False),
        ("localhost.example.org", False),
        ("local", True),
        ("", False),
    ],
)
def test_a_host_is_judged_as_it_is_written(host: str, expected: bool) -> None:
    assert is_closed(host) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.1:8080/a?b#c", True),
        ("https://ada:secret@localhost/", True),
        ("//[::ffff:10.0.0.1]:80/", True),
        ("https://example.org@169.254.169.254/", True),
        ("https://127.0.0.1@example.org/", False),
        ("https://example.org/127.0.0.1", False),
        ("data:,127.0.0.1", False),
    ],
)
def test_a_url_is_judged_by_its_host(url: str, expected: bool) -> None:
    assert is_inside(url) is expected


LISTED = ("intranet", ".corp.example", "127.1", "10.0.0.7/8", "fd00::/8", "Übung.example")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("intranet", True),
        ("INTRANET.", True),
        ("wiki.intranet", False),
        ("wiki.corp.example", True),
        ("a.b.corp.example", True),
        ("corp.example", False),
        ("evilcorp.example", False),
        ("2130706433", True),
        ("127.0.0.2", False),
        ("10.255.0.1", True),
        ("11.0.0.1", False),
        ("[fd12::1]", True),
        ("[::ffff:10.0.0.1]", True),
        ("xn--bung-zra.example", True),
        ("10.0.0.1.example.org", False),
        ("10.0.0.1%40intranet", False),
    ],
)
def test_exceptions_are_names_suffixes_and_networks(host: str, expected: bool) -> None:
    assert Exceptions.of(LISTED).has(host) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("64:ff9b::10.1.2.3", True),
        ("127.0.0.1", True),
        ("127.0.0.2", False),
        ("fd12::1", True),
        ("::1", False),
    ],
)
def test_an_address_is_an_exception_whatever_name_led_to_it(address: str, expected: bool) -> None:
    assert Exceptions.of(LISTED).has_address(ip_address(address)) is expected


def test_nothing_is_an_exception_where_nothing_is_listed() -> None:
    none = Exceptions.of(())

    assert not none.has("localhost")
    assert not none.has("")
    assert not none.has_address(ip_address("127.0.0.1"))


@pytest.mark.parametrize("host", ["10.0.0.0/33", "fd00::/129", "wiki/8"])
def test_what_is_no_network_is_no_exception(host: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        Exceptions.of((host,))
