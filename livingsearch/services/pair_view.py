"""Two records side by side, and a report with all its records: what persons look at before they decide."""

from dataclasses import dataclass
from typing import Any

import duckdb

import dedup
from livingsearch.errors import PairUnknown
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import report_name
from livingsearch.services.pair_names import Pair, pair_name
from livingsearch.services.related import related_to
from livingsearch.store import log_position

SHOWN = (
    "title", "title_original", "authors", "year", "journal", "journal_abbreviation", "volume", "issue", "pages", "doi",
    "pmid", "issns", "languages", "publication_types", "notices", "keywords", "abstract",
)  # fmt: skip
"""Fields of a record that are shown, in this order."""

_RECORDS = """
SELECT r.record_id, r.source, m.report_id, v.* EXCLUDE (record_id, payload)
FROM record r JOIN record_version v USING (record_id) LEFT JOIN member_at($position) m USING (record_id)
WHERE r.record_id IN (SELECT unnest($records::BIGINT[]))
QUALIFY row_number() OVER (PARTITION BY r.record_id ORDER BY v.version DESC) = 1
ORDER BY r.record_id
"""

_VERDICT = """
SELECT arg_max({'outcome': outcome, 'rule': rule, 'score': score, 'evidence': evidence, 'scores': scores,
    'relation': relation}, position) AS said
FROM verdict WHERE x_id = $x AND y_id = $y AND outcome <> 'withdrawn'
"""

_HISTORY = "SELECT word, who, instant, why, position FROM decision WHERE x_id = ? AND y_id = ? ORDER BY decision_id"

_INSIDE = """
SELECT v.x_id, v.y_id, v.rule, v.evidence, NULL AS who FROM verdict_at($position) v
WHERE v.outcome = 'duplicate' AND v.x_id IN (SELECT unnest($records::BIGINT[]))
    AND v.y_id IN (SELECT unnest($records::BIGINT[]))
UNION ALL
SELECT x_id, y_id, 'a person', coalesce(why, 'no reason given'), who || ', ' || strftime(instant, '%Y-%m-%d')
FROM decision_row_at($position) WHERE word = 'duplicate' AND x_id IN (SELECT unnest($records::BIGINT[]))
ORDER BY x_id, y_id
"""

# Where the record is now by which a report was called; a report that is part of another one leads there.
_LED = """
SELECT arg_max(m.report_id, e.seq) FROM report_event e JOIN member_at($position) m USING (record_id)
WHERE e.report_id = $report AND e.record_id = (
    SELECT min(record_id) FROM report_event WHERE report_id = $report AND event = 'joined'
)
"""


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record with the fields that are shown.

    Attributes:
        record: its number.
        source: that returned it.
        accession: its number there.
        report: id of the report that it stands in.
        fields: filled ones of `SHOWN`.
    """

    record: int
    source: str
    accession: str | None
    report: str | None
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PairView:
    """Two records side by side.

    Attributes:
        name: of the pair.
        records: the two.
        differing: fields that both fill, with different values.
        outcome: what the machine last said; None where it never compared them.
        rule: by which.
        score: by which pairs are ordered.
        evidence: in a sentence.
        scores: JSON of the fields' agreement.
        relation: of related pairs.
        history: words of persons, in order: word, who, when, why, entry of the log.
    """

    name: str
    records: tuple[ShownRecord, ShownRecord]
    differing: tuple[str, ...]
    outcome: str | None
    rule: str | None
    score: float | None
    evidence: str | None
    scores: str | None
    relation: str | None
    history: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as a batch shows it, and what it is made of.

    Attributes:
        report: its id.
        asked: the id that was asked for, where that one is part of this report now.
        fields: of its representative.
        origins: for each of these the record that it was taken from.
        records: all its records.
        accessions: `<source>:<number>` of all of them.
        dois: all that its records name.
        pmids: the same.
        reasons: why its records are one report: pair, rule, sentence, and who decided.
        related: reports that belong to it: id, relation, sentence.
    """

    report: str
    asked: str | None
    fields: dict[str, Any]
    origins: dict[str, int]
    records: tuple[ShownRecord, ...]
    accessions: tuple[str, ...]
    dois: tuple[str, ...]
    pmids: tuple[str, ...]
    reasons: tuple[tuple[str, str, str, str | None], ...]
    related: tuple[tuple[str, str, str], ...]


def pair_view(context: ReviewContext, pair: Pair) -> PairView:
    """Two records with what the machine and persons say of them."""
    with context.store.read() as con:
        first, second = _records(con, list(pair), log_position(con))
        row = con.execute(_VERDICT, {"x": pair[0], "y": pair[1]}).fetchone()
        history = con.execute(_HISTORY, list(pair)).fetchall()
    said: dict[str, Any] = (row[0] if row else None) or {}
    both = first.fields.keys() & second.fields.keys()
    return PairView(
        name=pair_name(pair),
        records=(first, second),
        differing=tuple(name for name in SHOWN if name in both and first.fields[name] != second.fields[name]),
        history=tuple(history),
        **{name: said.get(name) for name in ("outcome", "rule", "score", "evidence", "scores", "relation")},
    )


def report_view(context: ReviewContext, number: int) -> ReportView:
    """A report with the origin of every field, and why its records are one.

    Args:
        context: the review.
        number: of its id, also one that is part of another report now.

    Raises:
        PairUnknown: no report was ever called so.
    """
    with context.store.read() as con:
        position = log_position(con)
        members = _members(con, number, position)
        shown = number
        if not members:
            row = con.execute(_LED, {"report": number, "position": position}).fetchone()
            if row is None or row[0] is None:
                raise PairUnknown(f"No report of this review is, or was, called {report_name(number)}.")
            shown = int(row[0])
            members = _members(con, shown, position)
        records = _records(con, members, position)
        bound = {"position": position, "records": members}
        reasons = con.execute(_INSIDE, bound).fetchall()
        related = related_to(con, shown, position)
        table = con.execute(_RECORDS, bound).to_arrow_table()
    fields, origins = _represented(context, table, shown)
    return ReportView(
        report=report_name(shown),
        asked=report_name(number) if number != shown else None,
        fields=fields,
        origins=origins,
        records=tuple(records),
        accessions=tuple(f"{r.source}:{r.accession}" for r in records if r.accession),
        dois=tuple(dict.fromkeys(r.fields["doi"] for r in records if "doi" in r.fields)),
        pmids=tuple(dict.fromkeys(r.fields["pmid"] for r in records if "pmid" in r.fields)),
        reasons=tuple((pair_name((x, y)), rule, evidence, who) for x, y, rule, evidence, who in reasons),
        related=tuple((report_name(other), relation, evidence) for other, relation, evidence in related),
    )


def _members(con: duckdb.DuckDBPyConnection, number: int, position: int) -> list[int]:
    rows = con.execute("SELECT record_id FROM member_at(?) WHERE report_id = ? ORDER BY 1", [position, number])
    return [record for (record,) in rows.fetchall()]


def _records(con: duckdb.DuckDBPyConnection, numbers: list[int], position: int) -> list[ShownRecord]:
    table = con.execute(_RECORDS, {"position": position, "records": numbers}).to_arrow_table()
    return [
        ShownRecord(
            record=row["record_id"],
            source=row["source"],
            accession=row["accession"],
            report=None if row["report_id"] is None else report_name(row["report_id"]),
            fields={name: row[name] for name in SHOWN if row[name] not in (None, "", [])},
        )
        for row in table.to_pylist()
    ]


def _represented(context: ReviewContext, table: Any, report: int) -> tuple[dict[str, Any], dict[str, int]]:
    with context.store.scratch() as scratch:
        scratch.register("shown", table)
        # An identity is not asked for: what is shown is chosen by sources and by what a record fills.
        wanted = ", ".join("NULL::VARCHAR AS identity" if n == "identity" else f'"{n}"' for n in dedup.RECORDS.names)
        records = scratch.execute(f"SELECT {wanted} FROM shown").to_arrow_table()  # noqa: S608
        groups = scratch.execute("SELECT record_id, ?::BIGINT AS group_id FROM shown", [report]).to_arrow_table()
        scratch.unregister("shown")
        merged = dedup.merge(scratch, records, groups, context.preferred())
    row = merged.reports.to_pylist()[0]
    fields = {name: row[name] for name in SHOWN if row.get(name) not in (None, "", [])}
    return fields, {o["field"]: o["record_id"] for o in merged.origins.to_pylist() if o["field"] in fields}
