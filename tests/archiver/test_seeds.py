from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import SeedError
from archiver.seeds import Seed, read_seeds, seed_of_url

SEEDS = Path(__file__).parents[2] / "seeds"


def list_of(folder: Path, octets: bytes, name: str = "list.txt") -> str:
    path = folder / name
    path.write_bytes(octets)
    return str(path)


def urls_in(path: str) -> list[str]:
    return [seed.url for seed in read_seeds(path)]


def refusal_of(path: str) -> str:
    with pytest.raises(SeedError) as refusal:
        read_seeds(path)
    return str(refusal.value).replace(path, Path(path).name)


@pytest.mark.parametrize(
    ("octets", "urls"),
    [
        (b"https://a.org/", ["https://a.org/"]),
        (b"a.org\nb.org/x\n", ["https://a.org/", "https://b.org/x"]),
        (b"a.org\r\n\r\n  \t\r\nb.org\r\n", ["https://a.org/", "https://b.org/"]),
        (b"a.org\rb.org\r", ["https://a.org/", "https://b.org/"]),
        (b"\xef\xbb\xbfa.org\n\xef\xbb\xbfb.org\n", ["https://a.org/", "https://b.org/"]),
        (b"# top\n  # indented\na.org # trailing\na.org/x#y\tz\n",
         ["https://a.org/", "https://a.org/x"]),
        (b"a.org\nhttps://A.ORG/\nhttps://a.org:443/#x\nb.org\na.org\n",
         ["https://a.org/", "https://b.org/"]),
        ("bücher.example/ü\nhttp://日本.jp\n".encode(),
         ["https://xn--bcher-kva.example/%C3%BC", "http://xn--wgv71a.jp/"]),
        (b"a.org/two words\n", ["https://a.org/two%20words"]),
    ],
)  # fmt: skip
def test_a_text_list_gives_its_urls_in_order(
    tmp_path: Path, octets: bytes, urls: list[str]
) -> None:
    assert urls_in(list_of(tmp_path, octets)) == urls


def test_standard_input_is_a_text_list(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfa.org # one\r\nb.org"), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", typed)
    assert urls_in("-") == ["https://a.org/", "https://b.org/"]


def test_a_slip_on_standard_input_is_named_by_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a.org\nnews\n")))
    assert refusal_of("-").startswith("standard input, line 2: 'news' names no host")


def test_a_toml_list_gives_seeds_with_kind_scope_and_label(tmp_path: Path) -> None:
    octets = b"""\xef\xbb\xbf# two papers\r
[[seed]]\r
url = " A.org "\r
kind = "feed"\r
scope = "host"\r
label = "A paper"\r
[[seed]]\r
url = "b.org"\r
"""

    assert read_seeds(list_of(tmp_path, octets, "list.TOML")) == [
        Seed(url="https://a.org/", kind="feed", scope="host", label="A paper"),
        Seed(url="https://b.org/", kind="auto", scope="domain", label=None),
    ]


def test_of_two_seeds_with_one_url_the_first_is_kept(tmp_path: Path) -> None:
    octets = b'[[seed]]\nurl = "a.org"\nlabel = "first"\n[[seed]]\nurl = "https://a.org/"\n'
    assert [seed.label for seed in read_seeds(list_of(tmp_path, octets, "a.toml"))] == ["first"]


def test_an_article_reaches_no_further_than_its_page_unless_told_so(tmp_path: Path) -> None:
    octets = b"""
seed = [
  { url = "a.org/1", kind = "article" },
  { url = "a.org/2", kind = "article", scope = "prefix" },
]
"""
    scopes = [seed.scope for seed in read_seeds(list_of(tmp_path, octets, "a.toml"))]
    assert scopes == ["page", "prefix"]


@pytest.mark.parametrize(
    ("octets", "refusal"),
    [
        (b"a.org\n\n# x\nnews\n", "a.txt, line 4: 'news' names no host: write it as "
         "https://host/path"),
        (b"a.org\rmailto:a@b.org\r", "a.txt, line 2: 'mailto:a@b.org' starts with mailto: where "
         "http: or https: is expected"),
        (b"a.org https://b.org/\n", "a.txt, line 1: 'a.org https://b.org/' is more than one URL: "
         "one to a line"),
        (b"https://a.org, A paper\n", "a.txt, line 1: 'a.org, A paper' cannot be the name of a "
         "host"),
        (b"a.org\nb\xfccher.org\n", "a.txt, line 2: not UTF-8: save the file as UTF-8"),
        ("a.org\n".encode("utf-16"), "a.txt, line 1: not UTF-8: save the file as UTF-8"),
        (b"", "a.txt lists no seed: add a line with a URL"),
        (b"\xef\xbb\xbf\r\n# a.org\n", "a.txt lists no seed: add a line with a URL"),
    ],
)  # fmt: skip
def test_a_slip_in_a_text_list_is_named_with_its_line(
    tmp_path: Path, octets: bytes, refusal: str
) -> None:
    assert refusal_of(list_of(tmp_path, octets, "a.txt")) == refusal


GOOD = '[[seed]]\nurl = "a.org"\n\n'


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "a.toml lists no seed: add a [[seed]] table with a url"),
        ("seed = []", "a.toml lists no seed: add a [[seed]] table with a url"),
        ("[[seed]]\nurl = \n", "a.toml is not TOML: Invalid value (at line 2, column 7)"),
        ('[seed]\nurl = "a.org"', "a.toml: seed is not a list of tables: write [[seed]], in two "
         "brackets"),
        ('seed = ["a.org"]', "a.toml, seed 1: 'a.org' is not a table: write [[seed]] and its url "
         "below"),
        ('[[seeds]]\nurl = "a.org"', "a.toml: unknown key 'seeds': expected seed; did you mean "
         "seed?"),
        (GOOD + '[[seed]]\nlabel = "A"', 'a.toml, line 4, seed 2: there is no url: add url = '
         '"https://…"'),
        (GOOD + '[[ seed ]] # B\nurl = "b"', "a.toml, line 4, seed 2: 'b' names no host: write "
         "it as https://host/path"),
        (GOOD + 'lable = "A"', "a.toml, line 1, seed 1: unknown key 'lable': expected url, kind, "
         "scope, label; did you mean label?"),
        (GOOD + 'depth = 3', "a.toml, line 1, seed 1: unknown key 'depth': expected url, kind, "
         "scope, label"),
        (GOOD + 'kind = "Feeds"', "a.toml, line 1, seed 1: kind 'Feeds' is not one of auto, "
         "article, feed, sitemap, front; did you mean feed?"),
        (GOOD + 'scope = "site"', "a.toml, line 1, seed 1: scope 'site' is not one of page, "
         "prefix, host, domain"),
        (GOOD + "label = 5", "a.toml, line 1, seed 1: label is 5 where text in quotes is "
         "expected"),
        (GOOD + 'label = " "', "a.toml, line 1, seed 1: label is ' ' where text in quotes is "
         "expected"),
        ('seed = [{url = "a.org"}, {url = ["b.org"]}]', "a.toml, seed 2: url is ['b.org'] where "
         "text in quotes is expected"),
    ],
)  # fmt: skip
def test_a_slip_in_a_toml_list_is_named_with_its_seed(
    tmp_path: Path, text: str, refusal: str
) -> None:
    assert refusal_of(list_of(tmp_path, text.encode(), "a.toml")) == refusal


def test_the_text_of_a_heading_inside_a_label_does_not_mislead(tmp_path: Path) -> None:
    text = '[[seed]]\nurl = "a.org"\nlabel = """\n[[seed]]\n"""\nscope = "x"\n'
    refusal = refusal_of(list_of(tmp_path, text.encode(), "a.toml"))
    assert refusal.startswith("a.toml, seed 1: scope 'x'")


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    refusal = refusal_of(str(tmp_path / "a.toml"))
    assert refusal == "a.toml does not exist: check the name of the seed list"


def test_a_directory_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    assert refusal_of(str(tmp_path / "a.txt")) == "a.txt is a directory: name a seed list in it"


def test_a_list_below_a_file_cannot_be_read(tmp_path: Path) -> None:
    path = list_of(tmp_path, b"a.org") + "/b.txt"
    assert refusal_of(path) == "b.txt cannot be read: Not a directory"


def test_a_list_of_another_form_is_refused(tmp_path: Path) -> None:
    assert refusal_of(list_of(tmp_path, b"a.org", "a.csv")) == (
        "a.csv ends neither in .toml nor in .txt: rename it after what it holds"
    )


def test_a_url_alone_makes_a_seed() -> None:
    assert seed_of_url(" a.org#x ") == Seed(url="https://a.org/", kind="auto", scope="domain")


def test_a_url_that_is_none_makes_no_seed() -> None:
    with pytest.raises(SeedError, match=r"^'news' names no host: write it as https://host/path$"):
        seed_of_url("news")


@given(st.binary())
def test_whatever_a_list_holds_it_gives_seeds_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, octets: bytes
) -> None:
    path = list_of(tmp_path_factory.getbasetemp(), b"a.org\n" + octets)
    try:
        urls = urls_in(path)
    except SeedError as error:
        urls = [str(error)]
    assert urls[0] == "https://a.org/" or "list.txt, line " in urls[0]


@pytest.mark.parametrize("name", sorted(path.name for path in SEEDS.iterdir()))
def test_every_list_in_the_seeds_folder_can_be_read(name: str) -> None:
    assert read_seeds(str(SEEDS / name))


def test_the_example_list_names_five_news_sites() -> None:
    assert [seed.label for seed in read_seeds(str(SEEDS / "example-news.toml"))] == [
        "Connecticut Public",
        "Defense One",
        "Voice of America",
        "Sputnik",
        "The Christian Science Monitor",
    ]
