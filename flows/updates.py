"""Flows that scheduled runs and people start."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from prefect import flow, get_run_logger

from connectors.errors import ConnectorError
from flows.artifacts import publish_counts, publish_files
from flows.tasks import begin, finish, inbox, opened, search
from livingsearch.errors import StoreBusy, UpdateIncomplete, UpdateRefused
from livingsearch.services import imports
from livingsearch.services.batches import BatchFiles, last_closed_update, write_batch
from livingsearch.services.inbox import InboxOutcome
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
    """Brings a review's update as far as it goes: inbox, search, deduplicate, close, write the batch.

    Args:
        review: slug.
        number: the update that is meant; None for the open one, or the next.
        close_now: close without what has not come.
        due: slugs of the sources that it is for; None for all.
    """
    plan = begin(review, number, due)
    taken = InboxOutcome() if plan.closed else inbox(review, plan.number)
    failures: dict[str, str] = {}
    for source in plan.to_search:
        try:
            search(review, source, plan.number, only_if_missing=True)
        except (ConnectorError, StoreBusy, UpdateRefused) as error:
            failures[source] = str(error)
    outcome = replace(finish(review, plan.number, failures, close_now), inbox=taken)
    publish_counts(review, flow_for(review_counts(opened(review)), outcome.number), outcome.strategies)
    if outcome.batch:
        publish_files(review, outcome.batch)
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
    file: Path,
    date_searched: date,
    hits: int | None = None,
    update: int | None = None,
) -> RunResult:
    """Takes an export into the open update.

    Args:
        review: slug.
        source: slug of a source without an API.
        file: the export, on the worker's machine.
        date_searched: day on which the platform was searched.
        hits: results that the platform showed; checked.
        update: the update that is meant; None for the open one, or the next.
    """
    return imports.import_export(opened(review), source, [file], date_searched=date_searched, hits=hits, update=update)


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
    publish_counts(review, flow_for(counts, files.update), counts.strategies.get(files.update, ()))
    return files


@flow(name="scheduled-updates")
def update_due_reviews() -> list[str]:
    """Looks at every review of the workspace and updates those with a source that is due.

    A review that fails does not keep the others from their turn.

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
            if due or has_unfinished_update(context):
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
