"""Tables that came back: each line as a JSON list of column and cell, as the readers of tables hand it on."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable

import pytest
from reports import WHOLE, bare
from table_habits import Row, asreview, asreview_1, covidence, distillersr, rayyan

from connectors.record import RawRecord, Record
from livingsearch.exports import FORMS, BatchReport
from livingsearch.exports.back import Batch, HandedOut, Reference, list_named, match, screened, tool_of
from livingsearch.exports.back.match import Found
from livingsearch.exports.table import unguarded
from livingsearch.services.returned import reference_of

ADDRESS = "https://livingsearch.invalid/x/reports/"
REPORTS = [
    BatchReport(
        **{name: getattr(WHOLE, name) for name in WHOLE.__slots__}
        | {"report_id": "R000123", "url": f"{ADDRESS}R000123"}
    ),
    bare(2, title="=1+1 is a title that a spreadsheet would run", authors=("Moe, C.",), year=2019, doi="10.1/b"),
    bare(3, title="Recovery, housing; and “quotes”", authors=("Rossi, M.", "Team"), year=2021),
]
BATCH = Batch([HandedOut(r.report_id, 1, r.title, r.authors, r.year, r.doi, r.pmid) for r in REPORTS], ADDRESS)


def ours() -> list[Row]:
    text = b"".join(FORMS["csv"].pieces(REPORTS)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def reference(number: int, row: Row) -> Reference:
    small = {name.lower(): value for name, value in row.items()}
    authors = small.get("authors") or small.get("author") or ""
    record = Record(
        title=unguarded(small["title"]),
        authors=tuple(authors.replace(" and ", "; ").split("; ")) if authors else (),
        year=int(year) if (year := small.get("year") or small.get("published year")) else None,
        doi=small.get("doi") or None,
    )
    return reference_of(RawRecord(number, "csv", json.dumps(list(row.items()))), record)


@pytest.mark.parametrize(
    ("habit", "tool", "decisions"),
    [
        (asreview, "asreview", ["included", "excluded", None]),
        (asreview_1, "asreview", ["included", "excluded", None]),
        (rayyan, "rayyan", ["included", "excluded", "maybe"]),
        (covidence, "covidence", ["excluded"] * 3),
        (distillersr, "distillersr", ["included", "excluded", "maybe"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_our_table_comes_back(habit: Callable[[int, Row], Row], tool: str, decisions: list[str | None]) -> None:
    references = [reference(n + 1, habit(n, row)) for n, row in enumerate(ours())]
    results = match(references, BATCH)
    assert [r.report.report_id for r in results if isinstance(r, Found)] == [r.report_id for r in REPORTS]
    ways = Counter(r.how for r in results if isinstance(r, Found))
    assert ways == ({"doi": 2, "title": 1} if habit is covidence else {"id": 3})
    assert tool_of(references, None, "x.csv") == tool
    listed = list_named("review_1_excluded_csv_20240101.csv") if tool == "covidence" else None
    said = [screened(one, tool, listed) for one in references]
    assert [one.decision for one in said] == decisions
    assert not any(note.startswith(("recid:", "update:")) for one in said for note in one.notes)
