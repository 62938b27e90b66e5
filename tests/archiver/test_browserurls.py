"""A web address as browsers write it: judged by what Chromium made of each."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.browserurls import browser_url

# What `new URL(url)` is there, its hash set to nothing.
CASES = {
    "http://h.example/straße": "http://h.example/stra%C3%9Fe",
    "http://müller.example/x": "http://xn--mller-kva.example/x",
    "http://WWW.Case.example:80/Path": "http://www.case.example/Path",
    "HTTPS://h.example:443/": "https://h.example/",
    "https://h.example:80/": "https://h.example:80/",
    "http://h.example:0080/": "http://h.example/",
    "http://h.example:/x": "http://h.example/x",
    "http://h.example:08080/x": "http://h.example:8080/x",
    "http://h.example/app#!/frag": "http://h.example/app",
    "http://h.example/#": "http://h.example/",
    'http://h.example/"><script>alert(3)</script>': "http://h.example/%22%3E%3Cscript%3Ealert(3)%3C/script%3E",
    "http://h.example/{a}^b|c[d]`e": "http://h.example/%7Ba%7D%5Eb%7Cc[d]%60e",
    "http://h.example/it's <b>?it's <b>\"{}|^`": "http://h.example/it's%20%3Cb%3E?it%27s%20%3Cb%3E%22{}|^`",
    "http://h.example/sp ace": "http://h.example/sp%20ace",
    "  http://h.example/x  ": "http://h.example/x",
    "\x01http://h.example/x\x1f": "http://h.example/x",
    "http://h.ex\nample/a\tb\rc": "http://h.example/abc",
    "http://example.com?example=1": "http://example.com/?example=1",
    "http://example.com": "http://example.com/",
    "http://h.example/a/./b/../c": "http://h.example/a/c",
    "http://h.example/a/..": "http://h.example/",
    "http://h.example/a/.": "http://h.example/a/",
    "http://h.example/../../a": "http://h.example/a",
    "http://h.example/a/%2e%2E/b/%2e/c": "http://h.example/b/c",
    "http://h.example/a/.%2e/b": "http://h.example/b",
    "http://h.example/a//../b": "http://h.example/a/b",
    "http://h.example/a/b/..?q=../x": "http://h.example/a/?q=../x",
    "http://h.example\\a\\b?c\\d": "http://h.example/a/b?c\\d",
    "http:\\\\h.example\\x": "http://h.example/x",
    "http:h.example/x": "http://h.example/x",
    "http:/h.example/x": "http://h.example/x",
    "http:///h.example/x": "http://h.example/x",
    "http:////h.example/x": "http://h.example/x",
    "http://h.example/?": "http://h.example/?",
    "http://h.example/?#": "http://h.example/?",
    "http://h.example/%zz%": "http://h.example/%zz%",
    "http://h.example/%7E~%41": "http://h.example/%7E~%41",
    "http://h.example/\x7f\x01": "http://h.example/%7F",
    "http://h.example/?é=ü": "http://h.example/?%C3%A9=%C3%BC",
    "http://user:pass@h.example/x": "http://user:pass@h.example/x",
    "http://user@h.example/": "http://user@h.example/",
    "http://@h.example/": "http://h.example/",
    "http://:@h.example/": "http://h.example/",
    "http://us er:p@ss@h.example/": "http://us%20er:p%40ss@h.example/",
    "http://a:@h.example/": "http://a@h.example/",
    "http://EXAMPLE.com.:80/": "http://example.com./",
    "http://[::1]:80/x": "http://[::1]/x",
    "http://[2001:DB8:0:0:0:0:0:1]/": "http://[2001:db8::1]/",
    "http://[::ffff:1.2.3.4]/": "http://[::ffff:102:304]/",
    "http://127.1/": "http://127.0.0.1/",
    "http://0x7f.1/": "http://127.0.0.1/",
    "http://2130706433/": "http://127.0.0.1/",
    "http://256/": "http://0.0.1.0/",
    "http://1.2.3.4./": "http://1.2.3.4/",
    "http://h%41.example/": "http://ha.example/",
    "http://%C3%BC.example/": "http://xn--tda.example/",
    "https://\uff27\uff2f.example/": "https://go.example/",
    "http://faß.example/": "http://xn--fa-hia.example/",
    "http://☃.example/": "http://xn--n3h.example/",
    "http://xn--mller-kva.example/": "http://xn--mller-kva.example/",
    "http://xn--a.example/": "http://xn--a.example/",
    "http://a_b.example/": "http://a_b.example/",
    "http://h.example/a;b=c,d:@!$&()*+": "http://h.example/a;b=c,d:@!$&()*+",
    "http://日本語。例え/パス": "http://xn--wgv71a119e.xn--r8jz45g/%E3%83%91%E3%82%B9",
    "http://h.example/😀": "http://h.example/%F0%9F%98%80",
    "http://I♥.example/": "http://xn--i-n3p.example/",
    "http://h.example/a%20b": "http://h.example/a%20b",
    "urn:x:<y>": "urn:x:<y>",
    "dns:Example.org": "dns:Example.org",
    "http://a..b/": "http://a..b/",
    "http://.h.example/": "http://.h.example/",
    "http://h.example/?a%20b c": "http://h.example/?a%20b%20c",
    "http://-a-.example/": "http://-a-.example/",
    "http://xn--mller-KVA.example/": "http://xn--mller-kva.example/",
    "http://h\xad.example/": "http://h.example/",
    "http://h.example//x": "http://h.example//x",
    "http://h.example/x\xa0": "http://h.example/x%C2%A0",
    "http://%6d%C3%BCller.example/x": "http://xn--mller-kva.example/x",
    "http://ab--cd.example/": "http://ab--cd.example/",
    "http://1.2/": "http://1.0.0.2/",
    "http://0x/": "http://0.0.0.0/",
    "http://h.example/%2e": "http://h.example/",
    "http://h.example/%2e%2e%2f": "http://h.example/%2e%2e%2f",
    "http://h.example/..": "http://h.example/",
    "http://h.example/a?b?c#d#e": "http://h.example/a?b?c",
    "http://XN--80AK6AA92E.example/": "http://xn--80ak6aa92e.example/",
    "http://h.example/.%2E./": "http://h.example/.%2E./",
    "http://h.example/...": "http://h.example/...",
    "http://h`{}~.example/": "http://h`{}~.example/",
    "http://😀.example/": "http://xn--e28h.example/",
    "http://[1::0:0:2:0:0:0]/": "http://[1::2:0:0:0]/",
    "http://[0:0:1::]/": "http://[0:0:1::]/",
    "http://[1:0:2:3:4:5:6:7]/": "http://[1:0:2:3:4:5:6:7]/",
    "http://h.example/^": "http://h.example/%5E",
    "http://h.example/a|b[c]": "http://h.example/a%7Cb[c]",
}

NO_URLS = [
    "http://1.2.3.4.5/",
    "http://h<.example/",
    "http://h.example:99999/",
    "http://h.example:x/",
    "http://",
    "http://\xad/",
    "http://[::1",
    "http://[1:2]/",
    "http://09/",
    "http://a.0x1/",
    "http://a.1/",
    "http:",
    "http:?x",
    "http://?x",
    "http://[fe80::1%25eth0]/",
    "http://h.example|x/",
    "http://h^.example/",
    "http://[::1.2.3]/",
]

OF_OTHER_SCHEMES = [
    "urn:x:<y>",
    "urn:pageinfo:http://H.example:80/",
    "dns:Example.org",
    "metadata://gnu.org/Software/wget",
    "ftp://H.example:21/a b#c",
    "H.example/<x>",
    "",
]


@pytest.mark.parametrize(("url", "expected"), CASES.items(), ids=ascii)
def test_a_url_is_written_as_chromium_writes_it(url: str, expected: str) -> None:
    assert browser_url(url) == expected


@pytest.mark.parametrize("url", [*NO_URLS, *OF_OTHER_SCHEMES], ids=ascii)
def test_what_no_browser_opens_and_what_is_not_of_the_web_stays_as_it_is(url: str) -> None:
    assert browser_url(url) == url


def test_an_octet_that_is_no_utf_8_is_encoded_and_half_a_character_is_a_mark() -> None:
    assert browser_url("http://h.example/\udce9?\udce9") == "http://h.example/%E9?%E9"
    assert browser_url("http://h.example/\ud83d") == "http://h.example/%EF%BF%BD"


def test_a_port_of_many_digits_is_none() -> None:
    url = f"http://h.example:{'9' * 5000}/"

    assert browser_url(url) == url


PARTS = st.sampled_from([*"/\\?#.:@[]%<>\"'`{}|^ \t\x00é。", "%2e", "..", "xn--", "0x", "1", "a"])


@given(st.lists(PARTS | st.text(max_size=3)).map("".join))
@example("h/a/.%\t2e/b")
def test_doing_so_twice_changes_nothing(rest: str) -> None:
    once = browser_url(f"http://{rest}")

    assert browser_url(once) == once
