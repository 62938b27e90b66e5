"""Pages as sites of a kind made them on a day, in prose of our own.

`tests/pages/<domain>/<date>.html.gz` is the page as its server sent it, `<date>.json` beside
it what we make of it; a new pair is a new case.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

from archiver.extraction import extract_html

FOLDER = Path(__file__).parents[2] / "pages"
EXPECTED = sorted(FOLDER.glob("*/*.json"))


@pytest.mark.parametrize(
    "path", EXPECTED, ids=[str(path.relative_to(FOLDER).with_suffix("")) for path in EXPECTED]
)
def test_a_dated_page_gives_its_article(path: Path) -> None:
    expected = json.loads(path.read_text(encoding="utf-8"))
    html = gzip.decompress(path.with_suffix(".html.gz").read_bytes())

    article = extract_html(
        html,
        expected["url"],
        charset=expected["charset"],
        captured_at=datetime.fromisoformat(expected["captured_at"]),
    )

    assert article is not None
    found = json.loads(json.dumps(asdict(article)))
    assert found.pop("language_score") > 0.9
    assert found == expected["article"]
