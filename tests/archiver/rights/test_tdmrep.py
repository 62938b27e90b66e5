"""The TDM Reservation Protocol, by the sections of its final report."""

from __future__ import annotations

import json

import pytest

from archiver.rights.tdmrep import Declaration, declared_by, rules_of

URL = "https://paper.example.org/.well-known/tdmrep.json"
POLICY = "https://provider.example/policies/policy.json"
UNSET: tuple[int | None, str | None] = (None, None)

VALUES: list[tuple[list[str], list[str], tuple[int | None, str | None]]] = [
    ([], [], UNSET),
    # "tdm-reservation": 0, 1, and what is an error
    (["1"], [], (1, None)),
    (["0"], [], (0, None)),
    ([" 1 "], [], (1, None)),
    (["2"], [], UNSET),
    (["true"], [], UNSET),
    ([""], [], UNSET),
    (["01"], [], UNSET),
    (["2", "1"], [], (1, None)),
    (["0", "1"], [], (1, None)),
    # "tdm-policy"
    (["1"], [POLICY], (1, POLICY)),
    (["0"], [POLICY], (0, POLICY)),
    ([], [POLICY], (None, POLICY)),
    (["1"], ["/policies/1"], (1, "https://paper.example.org/policies/1")),
    (["1"], ["mailto:rights@example.org"], (1, None)),
    (["1"], ["javascript:alert(1)", POLICY], (1, POLICY)),
    (["1"], ["https://[provider.example/"], (1, None)),
    (["1"], [f"https://provider.example/{'x' * 2_000}"], (1, None)),
    (["1"], ["https://provider.example/\ud800"], (1, None)),
    (["1"], ["https://provider.example/a\r\nb: c"], (1, "https://provider.example/ab:c")),
    (["1"], ["https://provider.example/\x00"], (1, None)),
]


@pytest.mark.parametrize(("reservations", "policies", "expected"), VALUES)
def test_values_declare_what_the_report_says(
    reservations: list[str], policies: list[str], expected: tuple[int | None, str | None]
) -> None:
    declared = Declaration.of(reservations, policies, URL)

    assert (declared.reservation, declared.policy) == expected


# "Processing priority": what is found later supersedes what was found before.
PRIORITY = [
    (Declaration(), Declaration(reservation=1, policy="p"), (1, "p")),
    (Declaration(reservation=0), Declaration(reservation=1), (0, None)),
    (Declaration(reservation=1), Declaration(reservation=0, policy="p"), (1, "p")),
    (Declaration(reservation=1, policy="q"), Declaration(reservation=1, policy="p"), (1, "q")),
    (Declaration(policy="q"), Declaration(reservation=1, policy="p"), (1, "q")),
]


@pytest.mark.parametrize(("upper", "lower", "expected"), PRIORITY)
def test_what_is_nearer_to_the_text_supersedes(
    upper: Declaration, lower: Declaration, expected: tuple[int | None, str | None]
) -> None:
    declared = upper.over(lower)

    assert (declared.reservation, declared.policy) == expected


# "Examples" of "TDM File on the Origin Server"
WHOLE = '[{"location": "/", "tdm-reservation": 1}]'
THREE = f"""[
 {{"location": "/directory-a/", "tdm-reservation": 1}},
 {{"location": "/directory-b/html/", "tdm-reservation": 1, "tdm-policy": "{POLICY}"}},
 {{"location": "/directory-b/images/*.jpg", "tdm-reservation": 0}}
]"""
ORDERED = """[
 {"location": "/open/secret/", "tdm-reservation": 1},
 {"location": "/open/", "tdm-reservation": 0},
 {"location": "/", "tdm-reservation": 1, "tdm-policy": "/policy"},
 {"location": "/open/late/", "tdm-reservation": 1}
]"""
FILES: list[tuple[str, str, tuple[int | None, str | None]]] = [
    (WHOLE, "/any/thing.html", (1, None)),
    (THREE, "/directory-a/x.pdf", (1, None)),
    (THREE, "/directory-b/html/x", (1, POLICY)),
    (THREE, "/directory-b/images/x.jpg", (0, None)),
    (THREE, "/directory-b/images/x.png", UNSET),
    (THREE, "/Directory-a/x.pdf", UNSET),
    # the most specific match is the first in sequence
    (ORDERED, "/open/secret/1", (1, None)),
    (ORDERED, "/open/1", (0, None)),
    (ORDERED, "/open/late/1", (0, None)),
    (ORDERED, "/1", (1, "https://paper.example.org/policy")),
    # what is said of a URL wrongly is unset, although a later rule would say more
    ('[{"location": "/", "tdm-reservation": 2}, {"location": "/", "tdm-reservation": 1}]', "/a",
     UNSET),
    ('[{"location": "/", "tdm-reservation": "1"}]', "/a", (1, None)),
    ('[{"location": "/", "tdm-reservation": true}]', "/a", UNSET),
    ('[{"location": "/", "tdm-reservation": 1.0}]', "/a", UNSET),
    ('[{"location": "/", "tdm-reservation": 1, "tdm-policy": 7}]', "/a", (1, None)),
    ('\ufeff[{"location": "/", "tdm-reservation": 1}]', "/a", (1, None)),
    ('[7, null, [], {}, {"location": 3}, {"location": "", "tdm-reservation": 1}]', "/a", UNSET),
    (f'[{{"location": "/{"a*" * 2_000}", "tdm-reservation": 1}}]', "/" + "a" * 9, UNSET),
    # what declares nothing
    ('{"location": "/", "tdm-reservation": 1}', "/a", UNSET),
    ("", "/a", UNSET),
    ("<html><body>Not found</body></html>", "/a", UNSET),
    ("[" * 100_000, "/a", UNSET),
    ("null", "/a", UNSET),
    (f"{WHOLE}{' ' * (1 << 20)}", "/a", UNSET),
]  # fmt: skip


@pytest.mark.parametrize(("file", "path", "expected"), FILES)
def test_a_file_declares_what_its_first_matching_rule_says(
    file: str, path: str, expected: tuple[int | None, str | None]
) -> None:
    declared = declared_by(rules_of(file.encode(), URL), f"https://paper.example.org{path}")

    assert (declared.reservation, declared.policy) == expected


def test_of_very_many_rules_the_first_count() -> None:
    listed = [{"location": f"/{n}/", "tdm-reservation": 1} for n in range(6_000)]

    assert len(rules_of(json.dumps(listed).encode(), URL)) == 5_000
