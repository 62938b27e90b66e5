"""Who may fetch what by which robots.txt: RFC 9309, and what Google's own matcher is tested with.

`allowed` is the verdict of the RFC, and where that is silent, Google's. `protego` is what Protego
says by itself, and `ours` what we say, each only where it is another.
"""

from __future__ import annotations

from dataclasses import dataclass

_LONG = "/x/" + "a" * 16_643  # so that Google's limit of a line falls right behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What *rules* say to *agent* of *path*, at `http://foo.bar`."""

    section: str
    rules: str
    path: str
    allowed: bool
    agent: str = "FooBot"
    protego: bool | None = None
    ours: bool | None = None


def _verdicts(
    section: str, rules: str, *, yes: tuple[str, ...] = (), no: tuple[str, ...] = (),
    agent: str = "FooBot", protego: bool | None = None, ours: bool | None = None,
) -> list[Verdict]:  # fmt: skip
    paths = [*((path, True) for path in yes), *((path, False) for path in no)]
    return [
        Verdict(
            section=section, rules=rules, path=path, allowed=allowed, agent=agent,
            protego=protego, ours=ours,
        )
        for path, allowed in paths
    ]  # fmt: skip


_GROUPS = """\
allow: /foo/bar/

user-agent: FooBot
disallow: /
allow: /x/
user-agent: BarBot
disallow: /
allow: /y/


allow: /w/
user-agent: BazBot

user-agent: FooBot
allow: /z/
disallow: /
"""
_FISH = ("/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fishheads/yummy.html",
         "/fish.html?id=anything")  # fmt: skip
_NO_FISH = ("/bar", "/Fish.asp", "/catfish", "/?id=fish")
_SIMPLE = """\
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""
_LONGEST = """\
User-Agent: foobot
Allow: /example/page/
Disallow: /example/page/disallowed.gif
"""
_MERGED = """\
User-Agent: ExampleBot
Disallow: /foo
Disallow: /bar

User-Agent: ExampleBot
Disallow: /baz
"""
_TWICE = "user-agent: {}\nallow: /x/\ndisallow: /\n"

CASES: list[Verdict] = [
    # RFC 9309
    *_verdicts("2.2.1, groups are combined", _MERGED, agent="examplebot", yes=("/qux",),
               no=("/foo", "/bar", "/baz")),
    *_verdicts("2.2.1, the case of a name", "User-agent: FOOBOT\nDisallow: /", agent="foobot",
               no=("/a",)),
    *_verdicts("2.2.1, a name is matched whole", "User-agent: foo\nDisallow: /", yes=("/a",),
               protego=False),
    *_verdicts("2.2.1, a name is matched whole", "User-agent: foobot-news\nDisallow: /",
               yes=("/a",)),
    *_verdicts("2.2.1, everybody's groups are combined",
               "User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", no=("/a", "/b"),
               yes=("/c",)),
    *_verdicts("2.2.1, one's own group counts alone",
               "User-agent: *\nDisallow: /\nUser-agent: foobot\nDisallow: /a", no=("/a",),
               yes=("/b",)),
    *_verdicts("2.2.1, no group and none for everybody", "User-agent: other\nDisallow: /",
               yes=("/a",)),
    *_verdicts("2.2.2, robots.txt itself is allowed", "User-agent: *\nDisallow: /",
               yes=("/robots.txt",)),
    *_verdicts("2.2.2, an empty rule forbids nothing", "User-agent: *\nDisallow:", yes=("/a",)),
    *_verdicts("2.2.2, of two as long the one that allows",
               "User-agent: *\nDisallow: /a\nAllow: /a", yes=("/a", "/ab")),
    *_verdicts("2.2.2, octets are compared in percent-encoding",
               "User-agent: *\nDisallow: /foo/bar/ツ", no=("/foo/bar/%E3%83%84",),
               yes=("/foo/bar",)),
    *_verdicts("2.2.2, octets are compared in percent-encoding",
               "User-agent: *\nDisallow: /foo/bar/%E3%83%84", no=("/foo/bar/%E3%83%84",)),
    *_verdicts("2.2.2, what needs no percent-encoding is compared without",
               "User-agent: *\nDisallow: /foo/bar/%62%61%7A", no=("/foo/bar/baz",)),
    *_verdicts("2.2.2, the case of hexadecimal digits", "User-agent: *\nDisallow: /%e3%83%84",
               no=("/%E3%83%84",)),
    *_verdicts("2.2.2, a query is compared too",
               "User-agent: *\nDisallow: /foo/bar?baz=quz", no=("/foo/bar?baz=quz",),
               yes=("/foo/bar", "/foo/bar?baz=other")),
    *_verdicts("2.2.2, what is reserved is no other than its percent-encoding",
               "User-agent: *\nDisallow: /\nAllow: /a%3Fb", no=("/a?b",), ours=True,
               protego=True),
    *_verdicts("2.2.3, a comment", "User-agent: * # all\nDisallow: /a # of this",
               no=("/a",), yes=("/b",)),
    *_verdicts("2.2.3, the end of a match", "User-agent: *\nAllow: /this/path/exactly$\n"
               "Disallow: /", yes=("/this/path/exactly",), no=("/this/path/exactly/not",)),
    *_verdicts("2.2.3, anything", "User-agent: *\nDisallow: /\nAllow: /this/*/exactly",
               yes=("/this/path/exactly", "/this/long/path/exactly.html"), no=("/this/exactly",)),
    *_verdicts("2.2.3, an asterisk that is meant", "User-agent: *\nDisallow: /path/file-"
               "with-a-%2A.html", no=("/path/file-with-a-*.html", "/path/file-with-a-%2A.html")),
    *_verdicts("2.2.3, a dollar that is meant", "User-agent: *\nDisallow: /path/foo-%24",
               no=("/path/foo-$", "/path/foo-%24")),
    *_verdicts("2.2.3, a dollar at the end is no letter",
               "User-agent: *\nDisallow: /\nAllow: /a$", yes=("/a",), no=("/b",)),
    *_verdicts("2.2.3, a dollar at the end is no letter",
               "User-agent: *\nDisallow: /\nAllow: /a$", no=("/a$b",), ours=True, protego=True),
    *_verdicts("2.2.4, other records end no group",
               "User-agent: foobot\nSitemap: https://a.example/s.xml\nUser-agent: b\n"
               "Disallow: /", no=("/a",)),
    *_verdicts("2.2.4, other records end no group",
               "User-agent: foobot\nCrawl-delay: 9\nUser-agent: b\nDisallow: /", no=("/a",),
               protego=True),
    *_verdicts("5.1", _SIMPLE, agent="foobot", yes=("/example/page.html", "/example/allowed.gif"),
               no=("/", "/example/")),
    *_verdicts("5.1", _SIMPLE, agent="barbot", no=("/example/page.html",), yes=("/example/a",)),
    *_verdicts("5.1", _SIMPLE, agent="bazbot", no=("/example/page.html",), yes=("/picture.gif",)),
    *_verdicts("5.1", _SIMPLE, agent="quxbot", yes=("/example/page.html", "/picture.gif")),
    *_verdicts("5.1", _SIMPLE, agent="another", no=("/picture.gif", "/example/page.html"),
               yes=("/publications/a", "/picture.gift")),
    *_verdicts("5.2", _LONGEST, agent="foobot", no=("/example/page/disallowed.gif",),
               yes=("/example/page/", "/example/page/another.gif", "/other")),
    # Google's tests, by their names
    *_verdicts("GoogleOnly_SystemTest", "", yes=("",)),
    *_verdicts("GoogleOnly_SystemTest", "user-agent: FooBot\ndisallow: /\n", agent="",
               yes=("",)),
    *_verdicts("GoogleOnly_SystemTest", "user-agent: FooBot\ndisallow: /\n", no=("",)),
    *_verdicts("GoogleOnly_SystemTest", "", agent="", yes=("",)),
    *_verdicts("ID_LineSyntax_Line", "user-agent: FooBot\ndisallow: /\n", no=("/x/y",)),
    *_verdicts("ID_LineSyntax_Line", "foo: FooBot\nbar: /\n", yes=("/x/y",)),
    *_verdicts("ID_LineSyntax_Line", "user-agent FooBot\ndisallow /\n", no=("/x/y",)),
    *_verdicts("ID_LineSyntax_Groups", _GROUPS, yes=("/x/b", "/z/d"), no=("/y/c", "/foo/bar/")),
    *_verdicts("ID_LineSyntax_Groups", _GROUPS, agent="BarBot", yes=("/y/c", "/w/a"),
               no=("/z/d", "/foo/bar/")),
    *_verdicts("ID_LineSyntax_Groups", _GROUPS, agent="BazBot", yes=("/z/d",),
               no=("/foo/bar/",)),
    *_verdicts("ID_LineSyntax_Groups_OtherRules",
               "User-agent: BarBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\n"
               "Disallow: /\n", no=("/",)),
    *_verdicts("ID_LineSyntax_Groups_OtherRules",
               "User-agent: BarBot\nSitemap: https://foo.bar/sitemap\nUser-agent: *\n"
               "Disallow: /\n", agent="BarBot", no=("/",)),
    *_verdicts("ID_LineSyntax_Groups_OtherRules",
               "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\n"
               "Disallow: /\n", no=("/",), protego=True),
    *_verdicts("ID_LineSyntax_Groups_OtherRules",
               "User-agent: FooBot\nInvalid-Unknown-Line: unknown\nUser-agent: *\n"
               "Disallow: /\n", agent="BarBot", no=("/",)),
    *_verdicts("ID_REPLineNamesCaseInsensitive",
               "USER-AGENT: FooBot\nALLOW: /x/\nDISALLOW: /\n", yes=("/x/y",), no=("/a/b",)),
    *_verdicts("ID_REPLineNamesCaseInsensitive", _TWICE.format("FooBot"), yes=("/x/y",),
               no=("/a/b",)),
    *_verdicts("ID_REPLineNamesCaseInsensitive",
               "uSeR-aGeNt: FooBot\nAlLoW: /x/\ndIsAlLoW: /\n", yes=("/x/y",), no=("/a/b",)),
    *_verdicts("ID_UserAgentValueCaseInsensitive", _TWICE.format("FOO BAR"), agent="Foo",
               yes=("/x/y",)),
    *_verdicts("ID_UserAgentValueCaseInsensitive", _TWICE.format("FOO BAR"), agent="Foo",
               no=("/a/b",), protego=True),
    *_verdicts("ID_UserAgentValueCaseInsensitive", _TWICE.format("foo bar"), agent="Foo",
               yes=("/x/y",)),
    *_verdicts("ID_UserAgentValueCaseInsensitive", _TWICE.format("foo bar"), agent="Foo",
               no=("/a/b",), protego=True),
    *_verdicts("ID_UserAgentValueCaseInsensitive", _TWICE.format("FoO bAr"), agent="foo",
               yes=("/x/y",)),
    *_verdicts("ID_UserAgentValueCaseInsensitive", _TWICE.format("FoO bAr"), agent="foo",
               no=("/a/b",), protego=True),
    *_verdicts("GoogleOnly_AcceptUserAgentUpToFirstSpace",
               "User-Agent: *\nDisallow: /\n" + _TWICE.format("Foo Bar"), agent="Foo",
               yes=("/x/y",), protego=False),
    # What we are called is cut in the same way, and then it is the group's own name.
    *_verdicts("GoogleOnly_AcceptUserAgentUpToFirstSpace",
               "User-Agent: *\nDisallow: /\n" + _TWICE.format("Foo Bar"), agent="Foo Bar",
               no=("/x/y",), protego=True, ours=True),
    *_verdicts("ID_GlobalGroups_Secondary", "", yes=("/x/y",)),
    *_verdicts("ID_GlobalGroups_Secondary",
               "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n", no=("/x/y",)),
    *_verdicts("ID_GlobalGroups_Secondary",
               "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n", agent="BarBot",
               yes=("/x/y",)),
    *_verdicts("ID_GlobalGroups_Secondary",
               "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\n"
               "user-agent: BazBot\ndisallow: /\n", agent="QuxBot", yes=("/x/y",)),
    *_verdicts("ID_AllowDisallow_Value_CaseSensitive", "user-agent: FooBot\ndisallow: /x/\n",
               no=("/x/y",)),
    *_verdicts("ID_AllowDisallow_Value_CaseSensitive", "user-agent: FooBot\ndisallow: /X/\n",
               yes=("/x/y",)),
    *_verdicts("ID_LongestMatch",
               "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/\n", no=("/x/page.html",)),
    *_verdicts("ID_LongestMatch",
               "user-agent: FooBot\nallow: /x/page.html\ndisallow: /x/\n",
               yes=("/x/page.html",), no=("/x/",)),
    *_verdicts("ID_LongestMatch", "user-agent: FooBot\ndisallow: \nallow: \n",
               yes=("/x/page.html",)),
    *_verdicts("ID_LongestMatch", "user-agent: FooBot\ndisallow: /\nallow: /\n",
               yes=("/x/page.html",)),
    *_verdicts("ID_LongestMatch", "user-agent: FooBot\ndisallow: /x\nallow: /x/\n", no=("/x",),
               yes=("/x/",)),
    *_verdicts("ID_LongestMatch",
               "user-agent: FooBot\ndisallow: /x/page.html\nallow: /x/page.html\n",
               yes=("/x/page.html",)),
    *_verdicts("ID_LongestMatch", "user-agent: FooBot\nallow: /page\ndisallow: /*.html\n",
               no=("/page.html",), yes=("/page",)),
    *_verdicts("ID_LongestMatch", "user-agent: FooBot\nallow: /x/page.\ndisallow: /*.html\n",
               yes=("/x/page.html",), no=("/x/y.html",)),
    *_verdicts("ID_LongestMatch",
               "User-agent: *\nDisallow: /x/\nUser-agent: FooBot\nDisallow: /y/\n",
               yes=("/x/page",), no=("/y/page",)),
    *_verdicts("ID_Encoding",
               "User-agent: FooBot\nDisallow: /\n"
               "Allow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par\n",
               yes=("/foo/bar?qux=taz&baz=http://foo.bar?tar&par",)),
    *_verdicts("ID_Encoding", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/ツ\n",
               yes=("/foo/bar/%E3%83%84",)),
    # Google's matcher leaves it to its caller to encode a URL, and the RFC to the matcher.
    *_verdicts("ID_Encoding", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/ツ\n",
               yes=("/foo/bar/ツ",)),
    *_verdicts("ID_Encoding", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%E3%83%84\n",
               yes=("/foo/bar/%E3%83%84", "/foo/bar/ツ")),
    # Google compares what needs no encoding as it stands, against 2.2.2 of the RFC.
    *_verdicts("ID_Encoding", "User-agent: FooBot\nDisallow: /\nAllow: /foo/bar/%62%61%7A\n",
               yes=("/foo/bar/baz", "/foo/bar/%62%61%7A")),
    *_verdicts("ID_SpecialCharacters",
               "User-agent: FooBot\nDisallow: /foo/bar/quz\nAllow: /foo/*/qux\n",
               no=("/foo/bar/quz",), yes=("/foo/quz", "/foo//quz", "/foo/bax/quz")),
    *_verdicts("ID_SpecialCharacters",
               "User-agent: FooBot\nDisallow: /foo/bar$\nAllow: /foo/bar/qux\n",
               no=("/foo/bar",), yes=("/foo/bar/qux", "/foo/bar/", "/foo/bar/baz")),
    *_verdicts("ID_SpecialCharacters",
               "User-agent: FooBot\n# Disallow: /\nDisallow: /foo/quz#qux\nAllow: /\n",
               yes=("/foo/bar",), no=("/foo/quz",)),
    *_verdicts("GoogleOnly_IndexHTMLisDirectory",
               "User-Agent: *\nAllow: /allowed-slash/index.html\nDisallow: /\n",
               yes=("/allowed-slash/", "/allowed-slash/index.html"),
               no=("/allowed-slash/index.htm", "/anyother-url")),
    *_verdicts("GoogleOnly_LineTooLong", f"user-agent: FooBot\ndisallow: {_LONG}/qux\n",
               yes=("/fux",)),
    *_verdicts("GoogleOnly_LineTooLong", f"user-agent: FooBot\ndisallow: {_LONG}/qux\n",
               no=(f"{_LONG}/fux",), protego=True, ours=True),
    *_verdicts("GoogleOnly_LineTooLong", f"user-agent: FooBot\ndisallow: /\nallow: {_LONG}/qux\n",
               no=("/",), yes=(f"{_LONG}/qux",)),
    *_verdicts("GoogleOnly_LineTooLong", f"user-agent: FooBot\ndisallow: /\nallow: {_LONG}/qux\n",
               yes=(f"{_LONG}/fux",), protego=False, ours=False),
    *_verdicts("GoogleOnly_DocumentationChecks",
               "user-agent: FooBot\ndisallow: /\nallow: /fish\n", yes=_FISH, no=_NO_FISH),
    *_verdicts("GoogleOnly_DocumentationChecks",
               "user-agent: FooBot\ndisallow: /\nallow: /fish*\n", yes=_FISH, no=_NO_FISH),
    *_verdicts("GoogleOnly_DocumentationChecks",
               "user-agent: FooBot\ndisallow: /\nallow: /fish/\n",
               yes=("/fish/", "/fish/salmon", "/fish/?salmon", "/fish/salmon.html",
                    "/fish/?id=anything"),
               no=("/bar", "/fish", "/fish.html", "/Fish/Salmon.html")),
    *_verdicts("GoogleOnly_DocumentationChecks",
               "user-agent: FooBot\ndisallow: /\nallow: /*.php\n",
               yes=("/filename.php", "/folder/filename.php", "/folder/filename.php?parameters",
                    "//folder/any.php.file.html", "/filename.php/", "/index?f=filename.php/"),
               no=("/bar", "/php/", "/index?php", "/windows.PHP")),
    *_verdicts("GoogleOnly_DocumentationChecks",
               "user-agent: FooBot\ndisallow: /\nallow: /*.php$\n",
               yes=("/filename.php", "/folder/filename.php"),
               no=("/bar", "/filename.php?parameters", "/filename.php/", "/filename.php5",
                   "/php/", "/filename?php", "/aaaphpaaa", "//windows.PHP")),
    *_verdicts("GoogleOnly_DocumentationChecks",
               "user-agent: FooBot\ndisallow: /\nallow: /fish*.php\n",
               yes=("/fish.php", "/fishheads/catfish.php?parameters"), no=("/bar", "/Fish.PHP")),
    *_verdicts("GoogleOnly_DocumentationChecks", "user-agent: FooBot\nallow: /p\ndisallow: /\n",
               yes=("/page",)),
    *_verdicts("GoogleOnly_DocumentationChecks",
               "user-agent: FooBot\nallow: /folder\ndisallow: /folder\n", yes=("/folder/page",)),
    *_verdicts("GoogleOnly_DocumentationChecks",
               "user-agent: FooBot\nallow: /page\ndisallow: /*.htm\n", no=("/page.htm",)),
    *_verdicts("GoogleOnly_DocumentationChecks", "user-agent: FooBot\nallow: /$\ndisallow: /\n",
               yes=("/",), no=("/page.html",)),
]  # fmt: skip
