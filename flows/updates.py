"""Flows that scheduled runs and people start."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from prefect import flow, get_run_logger
from pydantic import NonNegativeInt

from connectors.errors import ConnectorError
from flows.artifacts import publish_counts, publish_files, publish_import, publish_inbox
from flows.tasks import begin, finish, inbox, opened, search, tell
from livingsearch.errors import StoreBusy, UpdateIncomplete, UpdateRefused
from livingsearch.services.batches import BatchFiles, last_closed_update, write_batch
from livingsearch.services.context import ReviewContext
from livingsearch.services.diagrams import diagram_now
from livingsearch.services.inbox import InboxOutcome, late_exports
from livingsearch.services.manifests import described, import_by_manifest
from livingsearch.services.reporting import flow_for, review_counts
from livingsearch.services.runs import RunResult
from livingsearch.services.schedule import due_sources, has_unfinished_update
from livingsearch.services.updates import UpdateOutcome
from livingsearch.settings import read_settings
from livingsearch.store import Workspace


@flow(flow_run_name="update {review}")
def update_review(
    review: str, number: int | None = None, close_now: bool = False, due: list[str] | None = None
) -> UpdateOutcome:
    """Brings a review's update as far as it goes: inbox, search, deduplicate, close, write the batch, report.

    Args:
        review: slug.
        number: the update that is meant; None for the open one, or the next.
        close_now: close without what has not come.
        due: slugs of the sources that it is for; None for all.
    """
    plan = begin(review, number, due)
    taken = InboxOutcome() if plan.closed else inbox(review, plan.number)
    # Told at once: whatever becomes of the searches, what left the inbox has left it.
    publish_inbox(review, taken)
    failures: dict[str, str] = {}
    for source in plan.to_search:
        try:
            search(review, source, plan.number, only_if_missing=True)
        except (ConnectorError, StoreBusy, UpdateRefused) as error:
            failures[source] = str(error)
    outcome = replace(finish(review, plan.number, failures, close_now), inbox=taken)
    context = opened(review)
    counted = flow_for(review_counts(context), outcome.number)
    publish_counts(review, counted, outcome.strategies, diagram_now(context, counted))
    if outcome.batch:
        publish_files(review, outcome.batch)
    tell(review, outcome.number)
    return outcome


@flow(name="search-source", flow_run_name="search {source} for {review}")
def search_source(review: str, source: str, overlap: int | None = None) -> RunResult:
    """Searches one source now, into the open update.

    Args:
        review: slug.
        source: slug of a source that has an API.
        overlap: search only what it took up since so many days before its last search; nothing for all of it.
    """
    return search(review, source, None, only_if_missing=False, overlap=overlap)


@flow(flow_run_name="import {source} for {review}")
def import_export(
    review: str,
    source: str,
    files: list[Path],
    manifest: Path | None = None,
    date_searched: date | None = None,
    hits: NonNegativeInt | Literal["not shown"] | None = None,
    exported_by: str | None = None,
    strategy: str | None = None,
    searched_on: str | None = None,
    read_as: str | None = None,
    columns: dict[str, str] | None = None,
    accept_mismatch: str | None = None,
    update: int | None = None,
) -> RunResult:
    """Takes an export into the open update: all of its files are one search.

    Date, hits, who exported, platform and strategy have to be known: given here, in a manifest, or, the last two,
    told by the files. What is given here goes before what the manifest says.

    Args:
        review: slug.
        source: slug of a source without an API.
        files: the parts of the export, on the worker's machine, also packed; none where there were no hits.
        manifest: a TOML file that says what is not given here; nothing for the one beside the files.
        date_searched: day on which the platform was searched.
        hits: results that the platform showed, checked; or "not shown".
        exported_by: who searched and exported.
        strategy: the search as it was run, or "as declared" where that is the one of review.toml.
        searched_on: the platform, where the files do not tell it.
        read_as: read the files as this platform's where the signals in them mislead.
        columns: canonical field by column name, for a table that nobody knows.
        accept_mismatch: why the files may differ from what is declared; kept.
        update: the update that is meant; nothing for the open one, or the next.
    """
    typed = {
        "date_searched": date_searched,
        "hits": hits,
        "exported_by": exported_by,
        "strategy": strategy,
        "platform": searched_on,
        "read_as": read_as,
        "columns": columns,
        "accept_mismatch": accept_mismatch,
    }
    result = import_by_manifest(opened(review), source, files, described(files, source, manifest, typed), update=update)
    publish_import(review, result)
    return result


@flow(flow_run_name="batch of {review}")
def publish_batch(review: str, update: int | None = None) -> BatchFiles:
    """Writes the batch of a closed update again and lists its files.

    Args:
        review: slug.
        update: number of the update; None for the last closed one.
    """
    context = opened(review)
    files = write_batch(context, update or last_closed_update(context))
    publish_files(review, files)
    counts = review_counts(context)
    counted = flow_for(counts, files.update)
    publish_counts(review, counted, counts.strategies.get(files.update, ()), diagram_now(context, counted))
    return files


@flow(name="scheduled-updates")
def update_due_reviews() -> list[str]:
    """Looks at every review of the workspace and updates those with a source that is due.

    An export in the inbox makes an update too, once its source's schedule has come round since its last run. A
    review that fails does not keep the others from their turn.

    Returns:
        Slugs of the reviews that were worked on.

    Raises:
        UpdateIncomplete: names the reviews that failed, after all had their turn.
    """
    logger = get_run_logger()
    worked, failed = [], []
    for slug in Workspace(read_settings().workspace).slugs():
        try:
            context = opened(slug)
            due = list(due_sources(context))
            under_way = has_unfinished_update(context)
            if not due and not under_way:
                due = _came_late(context)
            if due or under_way:
                logger.info("%s: due: %s", slug, ", ".join(due) or "nothing new; an update is under way")
                update_review(slug, due=due)
                worked.append(slug)
        except Exception as error:
            # Whatever is wrong with one review, also a fault of the program, the others have their turn.
            logger.exception("%s", slug)
            failed.append(f"{slug}: {error}")
    if failed:
        raise UpdateIncomplete(f"{len(failed)} review(s) could not be updated. {' '.join(failed)}")
    return worked


def _came_late(context: ReviewContext) -> list[str]:
    """Sources whose exports came when no update was under way, now imported; a bad export opens none."""
    late = late_exports(context)
    if not late:
        return []
    taken = inbox(context.review.slug, None)
    publish_inbox(context.review.slug, taken)
    return [run.source for run in taken.imported if run.source in late]
