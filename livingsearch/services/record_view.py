"""One record of a review with all that is stored of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connectors.pubmed.articles import FORMAT
from connectors.pubmed.details import Details, details_of
from connectors.record import RECORD_SCHEMA, Record
from livingsearch.errors import RecordUnknown
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import report_name
from livingsearch.services.related import related_to

_END_OF_LOG = 2**62

_VERSIONS = """
SELECT r.source, r.occurrence, m.report_id, v.*
FROM record r JOIN record_version v USING (record_id) LEFT JOIN member_at($position) m USING (record_id)
WHERE r.identity = 'acc:' || $accession AND ($source IS NULL OR r.source = $source)
ORDER BY r.source, r.occurrence, v.version
"""
_RUNS = """
SELECT rr.record_id, rr.version, run_id, update_number, date_searched
FROM run_record rr JOIN run USING (run_id)
WHERE list_contains($ids, rr.record_id)
ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class BroughtBy:
    """A run that returned a record.

    Attributes:
        run_id: as in the log and the appendix.
        update: number of the update that it belongs to.
        date_searched: day on which the source was searched.
    """

    run_id: int
    update: int
    date_searched: date


@dataclass(frozen=True, slots=True)
class RecordVersion:
    """A record as it was at one time.

    Attributes:
        version: from 1.
        changed: canonical fields that differ from the version before.
        fields: canonical.
        runs: that returned it so.
    """

    version: int
    changed: tuple[str, ...]
    fields: Record
    runs: tuple[BroughtBy, ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record with all that is stored of it.

    Attributes:
        source: slug.
        accession: its name there.
        occurrence: above 1 where a run of the source returned the name again.
        report: id of the report that it belongs to; None before its first comparison.
        related: reports that belong to its report and are others: id and kind.
        form: of what was received, as in `RawRecord`.
        fields: canonical, of the last version.
        details: what else PubMed says in the last version; None of records in another form.
        versions: the oldest first.
    """

    source: str
    accession: str
    occurrence: int
    report: str | None
    related: tuple[tuple[str, str], ...]
    form: str
    fields: Record
    details: Details | None
    versions: tuple[RecordVersion, ...]


def record_views(context: ReviewContext, accession: str, source: str | None = None) -> tuple[RecordView, ...]:
    """Finds records by accession number.

    Args:
        context: of the review.
        accession: as the source numbers the record; of PubMed the PMID.
        source: slug of the one source that is meant; all where None.

    Returns:
        One for each source that brought the record, or more where a source brought it more than once.

    Raises:
        SourceUnknown: the review declares no such source.
        RecordUnknown: none of them brought such a record.
        MalformedReply: what is stored is not the record that was received.
        StoreError: the database.
    """
    if source is not None:
        context.review.source(source)
    asked = {"accession": accession.strip(), "source": source, "position": _END_OF_LOG}
    with context.store.read() as con:
        rows = con.execute(_VERSIONS, asked).to_arrow_table().to_pylist()
        ids = sorted({row["record_id"] for row in rows})
        runs = con.execute(_RUNS, {"ids": ids}).fetchall() if ids else []
        reports = {row["report_id"] for row in rows if row["report_id"] is not None}
        related = {report: related_to(con, report, _END_OF_LOG) for report in reports}
    if not rows:
        raise RecordUnknown(
            f"No record {asked['accession']!r} came from {source or 'any source'} of {context.review.slug}; give the "
            "accession number as the source writes it (of PubMed the PMID)."
        )
    brought: dict[tuple[int, int], list[BroughtBy]] = defaultdict(list)
    for record_id, version, *run in runs:
        brought[record_id, version].append(BroughtBy(*run))
    of_record: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        of_record[row["record_id"]].append(row)
    return tuple(
        _view(versions, brought, related.get(versions[-1]["report_id"], [])) for versions in of_record.values()
    )


def _view(
    rows: list[Mapping[str, Any]],
    brought: Mapping[tuple[int, int], list[BroughtBy]],
    related: list[tuple[int, str, str]],
) -> RecordView:
    versions: list[RecordVersion] = []
    for row in rows:
        fields = _record(row)
        before = versions[-1].fields if versions else fields
        changed = tuple(name for name in RECORD_SCHEMA.names if getattr(fields, name) != getattr(before, name))
        runs = tuple(brought.get((row["record_id"], row["version"]), ()))
        versions.append(RecordVersion(row["version"], changed, fields, runs))
    last = rows[-1]
    return RecordView(
        source=last["source"],
        accession=last["accession"],
        occurrence=last["occurrence"],
        report=None if last["report_id"] is None else report_name(last["report_id"]),
        related=tuple((report_name(other), relation) for other, relation, _ in related),
        form=last["form"],
        fields=versions[-1].fields,
        details=details_of(last["payload"]) if last["form"] == FORMAT else None,
        versions=tuple(versions),
    )


def _record(row: Mapping[str, Any]) -> Record:
    values: dict[str, Any] = {
        name: tuple(row[name]) if isinstance(row[name], list) else row[name] for name in RECORD_SCHEMA.names
    }
    return Record(**values)
