"""A review of a few records of our own invention, for what persons do with duplicates."""

from collections.abc import Sequence
from pathlib import Path

from living import LivingReview, made_in

from connectors.record import RawRecord, Record, received_table
from livingsearch.services.deduplicate import deduplicate_review
from livingsearch.services.ingest import ingest
from livingsearch.services.updates import finish_update
from livingsearch.store import append_to_log, log_position, utc_naive

_RUN = """
INSERT INTO run (run_id, update_number, source, source_label, source_kind, kind, scope, state, query, warnings,
    records_received, date_searched, started_at, finished_at, review_sha256, software, actor, position)
VALUES ($run, $update, $source, $source, 'database', 'import', 'full', 'complete', 'q', [], $received, '2024-01-01',
    $now, $now, $sha256, '{}', 'test', $position)
"""


def take_in(review: LivingReview, records: Sequence[Record], *, source: str = "medline-ovid", update: int = 1) -> None:
    """One complete run of a source, and the grouping of what it brought."""
    context = review.context()
    with context.store.write() as con:
        con.execute(
            "INSERT INTO review_update SELECT $n, 'test', $now, $p WHERE $n NOT IN (SELECT number FROM review_update)",
            {"n": update, "now": utc_naive(context.now()), "p": log_position(con)},
        )
        con.execute("INSERT OR IGNORE INTO update_due VALUES (?, ?, ?)", [update, source, utc_naive(context.now())])
        con.execute("INSERT OR IGNORE INTO review_file VALUES (?, ?, 1)", [context.review.sha256, context.review.text])
        (last,) = con.execute("SELECT coalesce(max(run_id), 0) FROM run").fetchone() or (0,)
        raw = [(RawRecord(n, "ris", "[]"), record) for n, record in enumerate(records, 1)]
        ingest(con, received_table(raw), run_id=last + 1, source=source)
        position = append_to_log(con, "run completed", context.now(), "test", {"run": last + 1})
        con.execute(
            _RUN,
            {
                "run": last + 1,
                "update": update,
                "sha256": context.review.sha256,
                "source": source,
                "received": len(records),
                "now": utc_naive(context.now()),
                "position": position,
            },
        )
    deduplicate_review(review.context())


def close(review: LivingReview, update: int) -> None:
    """Close an update as it stands."""
    finish_update(review.context(), update, close_now=True)


def grouping(review: LivingReview) -> dict[int, int]:
    """Report by record."""
    with review.context().store.read() as con:
        return dict(
            con.execute("SELECT record_id, report_id FROM member_at(?) ORDER BY 1", [log_position(con)]).fetchall()
        )


def review_of(workspace: Path, records: Sequence[Record]) -> LivingReview:
    """A review whose open update 1 holds these records, numbered from 1."""
    review = made_in(workspace)
    take_in(review, records)
    return review


def article(number: int, **other: object) -> Record:
    """An article; two of one number are duplicates, two of different numbers are not."""
    titles = (
        "Salt intake and blood pressure in coastal villages",
        "Lavender oil against needle fear: a crossover trial",
        "Sleep of night-shift bakers before and after retirement",
        "Walking groups for widowed men over eighty",
        "Copper kettles and the microbiome of tea drinkers",
        "Choir singing as breathing therapy in mild asthma",
    )
    names = ("Okonkwo, Ada", "Meer, Jan", "Bauer, Käthe", "Nguyen, Lan", "Rossi, Carla", "Smith, John")
    fields: dict[str, object] = {
        "title": titles[number],
        "authors": (names[number], "Second, Sam"),
        "year": 2001 + number,
        "journal": f"Journal of Matter {number}",
        "volume": str(10 + number),
        "pages": f"{100 + 37 * number}-{110 + 37 * number}",
    }
    return Record(**(fields | other))  # type: ignore[arg-type]
