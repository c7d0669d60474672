"""Searches of three platforms, their trees, and how each of seven platforms writes them.

The table is `translations.toml`, a row a search. What it says was checked against the platforms' own rules; a
change of a reader or writer that changes a row has to be checked again before the table is written anew with
`python tests/strategy/test_translations.py`.
"""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from notation_of_trees import shown

from livingsearch.strategy.dialects import PLATFORMS, Dialect
from livingsearch.strategy.normal import same_search
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.search import Search
from livingsearch.strategy.translate import AS_GIVEN, translate

TABLE = Path(__file__).parent / "translations.toml"
FIELDS = ("title", "abstract", "author_keywords")
DATABASES = {"embase": "Embase", "ebsco": "CINAHL"}
LONGEST = 1_500


def rows() -> list[dict[str, Any]]:
    return tomllib.loads(TABLE.read_text("utf-8"))["search"]


def read(row: dict[str, Any]) -> Search:
    return read_search(row["text"], Dialect(row["from"], row.get("database")))


def to(platform: Any, row: dict[str, Any]) -> Dialect:
    """The database written for: the one searched before, where it is on this platform too."""
    database = row.get("database") if platform == row["from"] else None
    return Dialect(platform, database or ("CINAHL" if platform == "ebsco" else None))


def made(row: dict[str, Any]) -> dict[str, str]:
    """What the row should say."""
    search = read(row)
    out = {"tree": shown(search.lines[-1].node)}
    for platform in PLATFORMS:
        translation = translate(search, to(platform, row), default_fields=FIELDS)
        kinds = dict.fromkeys(loss.kind for loss in translation.losses if loss.kind != "exact")
        out[platform] = translation.text
        out[f"{platform}_losses"] = " ".join(kinds)
    return {name: text if len(text) <= LONGEST else f"{text[:200]} … {text[-100:]}" for name, text in out.items()}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["name"])
def test_each_platform_writes_it(row: dict[str, Any]) -> None:
    assert made(row) == {name: row[name] for name in made(row)}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["name"])
@pytest.mark.parametrize("platform", ["ovid", "pubmed", "ebsco"])
def test_what_was_written_reads_back(platform: Any, row: dict[str, Any]) -> None:
    """The same tree, or a loss that says what differs."""
    search = read(row)
    translation = translate(search, to(platform, row), default_fields=FIELDS)
    if any(loss.kind != "exact" and not loss.sentence.startswith(AS_GIVEN) for loss in translation.losses):
        return
    assert same_search(read_search(translation.text, translation.dialect).tree, search.tree)


def test_the_table_is_large_enough() -> None:
    table = rows()
    assert len(table) >= 150
    assert {row["from"] for row in table} == {"ovid", "pubmed", "ebsco"}


def lines_of(table: list[dict[str, Any]]) -> Iterator[str]:
    for row in table:
        yield "[[search]]"
        for name in ("name", "from", "database", "text"):
            if name in row:
                yield f"{name} = {json.dumps(row[name], ensure_ascii=False)}"
        for name, text in made(row).items():
            yield f"{name} = {json.dumps(text, ensure_ascii=False)}"
        yield ""


if __name__ == "__main__":
    TABLE.write_text("\n".join(lines_of(rows())), "utf-8")
