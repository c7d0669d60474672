"""The reports of a batch, read from the database a few thousand at a time."""

from collections.abc import Generator

import duckdb
import pyarrow as pa

import dedup
from livingsearch.exports.report import BatchReport, each_report
from livingsearch.ledger.counts import possible_report_pairs
from livingsearch.ledger.flow import Flow
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import report_name
from livingsearch.services.related import RELATED

_AT_ONCE = 2_000

# Records of the reports that an update releases, in the version of their last counted run; no texts yet.
_RELEASED = """
CREATE OR REPLACE TEMP TABLE released AS
SELECT m.report_id AS group_id, r.record_id, r.source, r.identity, c.version,
    coalesce(list_position($preferred, r.source), 1000000) AS rank
FROM member_at($position) m
    SEMI JOIN (SELECT report_id FROM batch_report WHERE update_number = $update) USING (report_id)
    JOIN counted_at($position) c USING (record_id)
    JOIN record r USING (record_id)
QUALIFY row_number() OVER (PARTITION BY r.record_id ORDER BY c.update_number DESC) = 1
"""

_WAITING = """
CREATE OR REPLACE TEMP TABLE waiting AS
SELECT a AS group_id, list(DISTINCT b ORDER BY b) AS others
FROM (SELECT unnest($possible::BIGINT[][]) AS pair)
    CROSS JOIN LATERAL (VALUES (pair[1], pair[2]), (pair[2], pair[1])) AS either(a, b)
WHERE a IN (SELECT group_id FROM released)
GROUP BY a
"""

_LINKED = f"""
CREATE OR REPLACE TEMP TABLE linked AS
SELECT report_id AS group_id,
    list(format('{{}}|{{}}', other, relation) ORDER BY other, relation) AS related
FROM ({RELATED}) WHERE report_id IN (SELECT group_id FROM released) GROUP BY report_id
"""  # noqa: S608

_BOUNDS = """
SELECT min(group_id), max(group_id)
FROM (SELECT group_id, (row_number() OVER (ORDER BY group_id) - 1) // $at_once AS part
    FROM (SELECT DISTINCT group_id FROM released))
GROUP BY part ORDER BY part
"""

_MEMBERS = """
CREATE OR REPLACE TEMP TABLE members AS
SELECT k.group_id, k.source, k.identity, k.rank, v.* EXCLUDE (payload)
FROM (SELECT * FROM released WHERE group_id BETWEEN $first AND $last) k
    JOIN record_version v ON v.record_id = k.record_id AND v.version = k.version
"""

# What a representative of the report is not chosen for: the words of all its records, and where they stand.
_GATHERED = """
WITH places AS (SELECT unnest($preferred) AS source, unnest($labels) AS label)
SELECT group_id,
    first(keywords ORDER BY rank, record_id) FILTER (len(keywords) > 0) AS keywords,
    first(languages ORDER BY rank, record_id) FILTER (len(languages) > 0) AS languages,
    list_distinct(flatten(list(notices ORDER BY rank, record_id))) AS notices,
    list(m.source || ':' || accession ORDER BY rank, record_id) FILTER (accession IS NOT NULL) AS accessions,
    list(DISTINCT coalesce(label, m.source) ORDER BY coalesce(label, m.source)) AS sources,
    list_distinct(list(doi ORDER BY rank, record_id)) AS dois,
    list_distinct(list(pmid ORDER BY rank, record_id)) AS pmids,
    any_value(others) AS others, any_value(related) AS related
FROM members m LEFT JOIN waiting USING (group_id) LEFT JOIN linked USING (group_id)
    LEFT JOIN places p ON p.source = m.source
GROUP BY group_id
"""

# The report shows one DOI and one PMID; the others that its records bear are kept beside them.
_WITH_NUMBERS = """
SELECT m.*, g.* EXCLUDE (group_id, dois, pmids),
    list_transform(list_filter(g.dois, lambda n: n IS DISTINCT FROM m.doi), lambda n: 'doi:' || n)
        || list_transform(list_filter(g.pmids, lambda n: n IS DISTINCT FROM m.pmid), lambda n: 'pmid:' || n)
        AS other_numbers
FROM merged m JOIN gathered g USING (group_id) ORDER BY group_id
"""


def batch_reports(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, flow: Flow, at_once: int = _AT_ONCE
) -> Generator[BatchReport, None, None]:
    """The reports of a closed update's batch.

    Args:
        con: that reads the review's database; temporary tables are left on it.
        context: the review.
        flow: the update's counts.
        at_once: reports whose texts are in memory together.

    Yields:
        Each report, in the order of ids.
    """
    preferred = context.preferred()
    con.execute(_RELEASED, {"update": flow.update, "position": flow.position, "preferred": preferred})
    pairs = possible_report_pairs(con, position=flow.position)
    con.execute(_WAITING, {"possible": [list(pair) for pair in pairs]})
    con.execute(_LINKED, {"position": flow.position})
    bounds = con.execute(_BOUNDS, {"at_once": at_once}).fetchall()
    with context.store.scratch() as scratch:
        for first, last in bounds:
            con.execute(_MEMBERS, {"first": first, "last": last})
            yield from each_report(_table(con, scratch, context, flow, preferred))


def _table(
    con: duckdb.DuckDBPyConnection,
    scratch: duckdb.DuckDBPyConnection,
    context: ReviewContext,
    flow: Flow,
    preferred: list[str],
) -> pa.Table:
    """The reports of the table `members`, with the columns of `BatchReport`."""
    labels = {s.slug: s.label for s in context.review.sources}
    members = con.execute("FROM members").to_arrow_table()
    bound = {"preferred": preferred, "labels": [labels[slug] for slug in preferred]}
    gathered = con.execute(_GATHERED, bound).to_arrow_table()
    merged = dedup.merge(scratch, members, members.select(["record_id", "group_id"]), preferred).reports
    scratch.register("merged", merged.drop_columns(["record_id"]))
    scratch.register("gathered", gathered)
    table = scratch.execute(_WITH_NUMBERS).to_arrow_table()
    scratch.unregister("merged")
    scratch.unregister("gathered")
    names = [report_name(n) for n in table["group_id"].to_pylist()]
    others = [[report_name(n) for n in ids or ()] for ids in table["others"].to_pylist()]
    related = [[_linked(text) for text in texts or ()] for texts in table["related"].to_pylist()]
    return (
        table.drop_columns(["group_id", "others", "related"])
        .append_column("report_id", pa.array(names, pa.string()))
        .append_column("url", pa.array([context.review.report_url(n) for n in names], pa.string()))
        .append_column("update", pa.array([flow.update] * len(names), pa.int64()))
        .append_column("possible_duplicates", pa.array(others, pa.list_(pa.string())))
        .append_column("related", pa.array(related, pa.list_(pa.string())))
    )


def _linked(text: str) -> str:
    other, _, relation = text.partition("|")
    return f"{report_name(int(other))} ({relation})"
