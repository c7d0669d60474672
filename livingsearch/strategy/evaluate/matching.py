"""Which records a search finds, by the words that the records have.

An answer is true, false, or null where the words do not decide it. Words, phrases and proximity are looked for in
what the records carry; a record without an abstract is judged by the rest. Null are:

- subject headings that are not among a record's keywords: exports lack index terms, or bring few of them;
- headings with subheadings, and headings as main topics unless an asterisk marks them (`*Depression/therapy`);
- what a record does not give: its date, language, publication type, numbers, authors, journal;
- fields that canonical records do not have (affiliation, days of entry, fields of a single platform).

And, Or and Not join these by Kleene's logic: `false AND unknown` is false, `true OR unknown` is true.

`author_keywords`, `keywords`, `heading_word` and headings all look at the record's one list of keywords: it holds
author keywords and index terms, and does not tell one from the other. Publication types are compared as they are
given; narrower types of the same are not known here.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc

from livingsearch.strategy.evaluate.plan import (
    HEADINGS,
    MAIN_HEADINGS,
    All,
    Any,
    Contains,
    Numbers,
    Plan,
    Published,
    Unknown,
    Without,
    plan_of,
)
from livingsearch.strategy.evaluate.values import all_kleene, any_kleene, numbered, published
from livingsearch.strategy.evaluate.words import LETTER, folded_column
from livingsearch.strategy.tree import Node

_LISTS = frozenset({"authors", "keywords", "languages", "publication_types"})
_COLUMNS = _LISTS | {
    *("title", "title_original", "abstract", "journal", "journal_abbreviation"),
    *("year", "date", "doi", "pmid", "pmcid", "accession"),
}
_SUBHEADING = r"\s*(/|--).*$"
_MAIN = r"^\*|/\*"
_BYTES, _ROWS = 12_000_000, 8_192
_MOST_WORKERS = 4


def matches(tree: Node, records: pa.Table, *, workers: int | None = None) -> pa.BooleanArray:
    """Which records a search finds.

    Args:
        tree: without references to lines; terms without a field are looked for in title, abstract and keywords.
        records: canonical columns by name; missing ones count as empty.
        workers: threads; one a core, at most four, where None.

    Returns:
        One value a record, in order: true, false, or null where the words that it has do not decide it.

    Raises:
        ValueError: the tree refers to a line.
    """
    plan = plan_of(tree)
    batches = list(_batches(records))
    if not batches:
        return pa.array([], pa.bool_())
    count = min(len(batches), workers or min(os.cpu_count() or 1, _MOST_WORKERS))
    if count == 1:
        parts = [_Batch(batch).answer(plan) for batch in batches]
    else:
        with ThreadPoolExecutor(count) as pool:
            parts = list(pool.map(lambda batch: _Batch(batch).answer(plan), batches))
    return pa.concat_arrays(parts)


def _batches(records: pa.Table) -> Iterator[pa.RecordBatch]:
    """Pieces whose text stays small, so that memory does not grow with the number of records."""
    asked = [name for name in records.column_names if name in _COLUMNS]
    records = records.select(asked) if asked else records
    size = max(1, records.nbytes // max(1, records.num_rows))
    yield from records.to_batches(max_chunksize=max(1, min(_ROWS, _BYTES // size)))


class _Batch:
    """Records small enough to be folded at once; each column is folded when it is first asked for."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch, self._names = batch, set(batch.schema.names)
        self._texts: dict[str, pa.Array] = {}
        self._found: dict[tuple[str, str], pa.Array] = {}
        self._answers: dict[int, pa.Array] = {}

    def answer(self, plan: Plan) -> pa.Array:
        """True, false or null for each record; of a part that stands in several places it is worked out once."""
        known = self._answers.get(id(plan))
        if known is None:
            known = self._answers[id(plan)] = self._answer(plan)
        return known

    def _answer(self, plan: Plan) -> pa.Array:
        match plan:
            case Contains():
                return self._contains(plan)
            case All(parts=parts):
                return all_kleene(self.answer(part) for part in parts)
            case Any(parts=parts):
                return any_kleene(self.answer(part) for part in parts)
            case Without(left=left, right=right):
                return pc.and_not_kleene(self.answer(left), self.answer(right))
            case Published(first=first, last=last):
                dates, years = self._column("date", pa.string()), self._column("year", pa.int64())
                return published(dates, years, first, last)
            case Numbers(first=first, last=last):
                return numbered(self._column("pmid", pa.string()), first, last)
            case Unknown():
                return pa.nulls(len(self._batch), pa.bool_())

    def _contains(self, plan: Contains) -> pa.Array:
        found = any_kleene(self._finds(column, plan.pattern) for column in plan.columns)
        if plan.silent == "no":
            return found
        if plan.silent == "unknown":
            return pc.if_else(found, True, pa.scalar(None, pa.bool_()))
        given = any_kleene(self._finds(column, LETTER) for column in plan.columns)
        return pc.if_else(given, found, pa.scalar(None, pa.bool_()))

    def _finds(self, column: str, pattern: str) -> pa.Array:
        key = (column, pattern)
        if key not in self._found:
            text = self._text(column)
            try:
                self._found[key] = pc.match_substring_regex(text, pattern)
            except pa.ArrowInvalid:  # an expression beyond RE2's measure: nothing can be said
                self._found[key] = pa.nulls(len(text), pa.bool_())
        return self._found[key]

    def _text(self, name: str) -> pa.Array:
        if name not in self._texts:
            self._texts[name] = folded_column(
                self._headings(main=name == MAIN_HEADINGS) if name in (HEADINGS, MAIN_HEADINGS) else self._values(name)
            )
        return self._texts[name]

    def _values(self, name: str) -> pa.Array:
        return self._column(name, pa.list_(pa.string()) if name in _LISTS else pa.string())

    def _column(self, name: str, kind: pa.DataType) -> pa.Array:
        if name not in self._names:
            return pa.nulls(len(self._batch), kind)
        return self._batch.column(name).cast(kind)

    def _headings(self, *, main: bool) -> pa.Array:
        """Keywords without subheadings; the others are empty where only main topics are asked for."""
        keywords = self._values("keywords")
        values = keywords.flatten()
        names = pc.replace_substring_regex(values, _SUBHEADING, "")
        if main:
            names = pc.if_else(pc.match_substring_regex(values, _MAIN), names, "")
        lengths = pc.fill_null(pc.list_value_length(keywords), 0)
        ends = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
        return pa.ListArray.from_arrays(ends, names)
