"""Who wrote a page: what it declares and what it shows, and which of the two to believe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from archiver.extraction.annotations import Annotations
from archiver.extraction.bylines import names_marked, names_marked_near, names_worded_near
from archiver.extraction.linked_data import Node, strings_of, types_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.names import is_house, is_person, people
from archiver.extraction.surroundings import Surroundings
from archiver.extraction.wire_services import agency_named

_META = (
    "author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "citation_author", "authors", "og:article:author", "cxenseparse:author",
    "articleauthor", "article:byline", "twitter:misc:written by", "swiftype author",
)  # fmt: skip
_MAX_MORE = 5


def authors_of(
    tree: HtmlElement,
    meta: MetaTags,
    annotations: Annotations,
    near: Surroundings,
    credited: list[Node],
    sitename: str | None,
) -> tuple[str, ...]:
    """Return the authors of the page: *credited* in its JSON-LD, else in its markup.

    Where nobody but organisations, or the site itself, is named, they are the authors.
    """
    houses: list[tuple[str, ...]] = []
    marked = names_marked_near(near)
    for source, is_declared in _sources(tree, meta, annotations, near, marked, credited):
        found = people(source)
        persons = tuple(name for name in found if not is_house(name, sitename))
        if any(map(is_person, persons)):
            if not is_declared:
                persons = tuple(filter(is_person, persons))
            lists = [[text] for text in meta.all(*_META)] + [marked]
            return _completed(persons, map(people, lists))
        houses.append(found)
    services = [names for names in houses if any(map(agency_named, names))]
    return next(filter(None, [*services, people(_names(credited)), *houses]), ())


def _sources(
    tree: HtmlElement,
    meta: MetaTags,
    annotations: Annotations,
    near: Surroundings,
    marked: list[str],
    credited: list[Node],
) -> Iterator[tuple[list[str], bool]]:
    """Yield the names in each place that has some, and whether they are declared."""
    yield _names([node for node in credited if "organization" not in types_of(node)]), True
    yield marked or names_worded_near(near), False
    yield meta.all(*_META), True
    for names in names_marked(tree, annotations):
        yield names, False


def _completed(found: tuple[str, ...], others: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return *found*, or the one of *others* that has all of it and more."""
    ours = {name.casefold() for name in found}
    for names in others:
        persons = tuple(filter(is_person, names))
        more = {name.casefold() for name in persons} - ours
        if more and len(more) <= _MAX_MORE and len(persons) == len(ours) + len(more):
            return persons
    return found


def _names(nodes: list[Node]) -> list[str]:
    return [name for node in nodes for name in strings_of(node, "name") or _given(node)]


def _given(node: Node) -> list[str]:
    given, family = strings_of(node, "givenName"), strings_of(node, "familyName")
    return [f"{given[0]} {family[0]}"] if given and family else []
