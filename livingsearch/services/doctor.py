"""Look whether everything a review needs is there and agrees."""

import importlib.metadata
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from connectors.errors import ConnectorError
from livingsearch.errors import LivingSearchError
from livingsearch.ledger.counts import CountedSource, update_flow
from livingsearch.ledger.identities import broken_identities
from livingsearch.ledger.row_hashes import row_hashes
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict
from livingsearch.services.context import ReviewContext, open_review
from livingsearch.services.published_versions import published_updates, published_version, snapshot_of
from livingsearch.services.received_names import received_names
from livingsearch.services.searches import count_source
from livingsearch.services.strategies import strategy_history
from livingsearch.services.update_flows import frozen_flow
from livingsearch.settings import Settings
from livingsearch.store import ReceivedFiles, Workspace


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        ok: whether it is as it should be.
        told: what was found, or what to do.
    """

    name: str
    ok: bool
    told: str


def examine(settings: Settings, slugs: tuple[str, ...] = (), *, network: bool = False) -> Iterator[Check]:
    """Examines the machine and reviews of the workspace; changes nothing but a database of an older version.

    Args:
        settings: of the machine.
        slugs: reviews; all of the workspace where empty.
        network: also ask each source with an API how many records it would return.

    Yields:
        One check after the other.
    """
    versions = ", ".join(f"{n} {importlib.metadata.version(n)}" for n in ("duckdb", "prefect", "biopython", "rispy"))
    yield Check(
        "program",
        True,
        f"livingsearch {importlib.metadata.version('livingsearch')}, Python {platform.python_version()}, {versions}",
    )
    yield _e_mail(settings)
    workspace = Workspace(settings.workspace)
    found = slugs or tuple(workspace.slugs())
    reviews = ", ".join(workspace.slugs()) or "no review yet; make one with: livingsearch init path/to/review.toml"
    yield Check("workspace", True, f"{settings.workspace}: {reviews}")
    for slug in found:
        try:
            context = open_review(settings, slug)
        except LivingSearchError as error:
            yield Check(f"{slug}: review file", False, str(error))
            continue
        yield Check(f"{slug}: review file", True, f"{len(context.review.sources)} sources")
        yield _guarded(f"{slug}: received files", partial(_received, context))
        yield _guarded(f"{slug}: counts", partial(_counts, context))
        yield _guarded(f"{slug}: published", partial(_published, context))
        yield _guarded(f"{slug}: strategy", partial(_strategy, context))
        if network:
            for source in context.review.sources:
                if source.connector != "file":
                    yield _guarded(f"{slug}: {source.slug}", partial(_answer, context, source.slug))


def _e_mail(settings: Settings) -> Check:
    if settings.email:
        return Check("e-mail for NCBI", True, settings.email)
    if settings.reaches_ncbi:
        return Check("e-mail for NCBI", True, "not set; NCBI's own PubMed needs LIVINGSEARCH_EMAIL=you@example.org")
    return Check("e-mail for NCBI", True, f"not needed at {settings.eutils_url}")


def _guarded(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except (LivingSearchError, ConnectorError) as error:
        return Check(name, False, str(error))


def _received(context: ReviewContext) -> Check:
    with context.store.read() as con:
        names = received_names(con)
    for sha256 in names:
        context.received.read(sha256)
    return Check(f"{context.review.slug}: received files", True, f"all {len(names)} there and unchanged")


def _counts(context: ReviewContext) -> Check:
    """Derives every closed update's counts again and holds them against the frozen ones."""
    name = f"{context.review.slug}: counts"
    with context.store.read() as con:
        numbers = [r[0] for r in con.execute("SELECT update_number FROM update_closing ORDER BY ALL").fetchall()]
        for number in numbers:
            frozen = frozen_flow(con, number)
            broken = broken_identities(frozen)
            if broken:
                return Check(name, False, f"update {number}: {' '.join(broken)}")
            derived = update_flow(
                con,
                title=frozen.review_title,
                sources=[CountedSource(c.slug, c.label, c.kind) for c in frozen.sources],
                preferred=context.preferred_at(con, frozen.position),
                update=number,
                position=frozen.position,
                closed_at=frozen.closed_at,
            )
            for field in ("identified", "already_known", "duplicates", "to_screen"):
                now, then = getattr(derived, field), getattr(frozen, field)
                if now != then:
                    return Check(name, False, f"update {number}: {field} was {then} when it closed, derived now {now}")
    return Check(name, True, f"{len(numbers)} closed update(s) derived again: equal, identities hold")


def _published(context: ReviewContext) -> Check:
    """Derives every published version again, and holds its JSON and the rows behind it against their hashes."""
    name = f"{context.review.slug}: published"
    with context.store.read() as con:
        numbers = published_updates(con)
        for number in numbers:
            version = published_version(con, number)
            row = con.execute("SELECT snapshot FROM published WHERE update_number = ?", [number]).fetchone()
            if row is None or ReceivedFiles.sha256(row[0].encode()) != version.sha256:
                return Check(name, False, f"update {number}: its JSON is not what was published")
            hashes = row_hashes(con, version.position)
            changed = sorted(table for table, sha256 in version.row_hashes.items() if hashes.get(table) != sha256)
            if changed:
                return Check(
                    name, False, f"update {number}: rows of {', '.join(changed)} changed after it was published"
                )
            if snapshot_of(con, context, number, version.position)["flow"] != whole_flow_to_dict(version.flow):
                return Check(name, False, f"update {number}: its flow, derived again, has other numbers")
    return Check(name, True, f"{len(numbers)} version(s) derived again: equal, rows unchanged")


def _strategy(context: ReviewContext) -> Check:
    """Holds each version against its sha256, and each run's query against that of the version it points to."""
    name = f"{context.review.slug}: strategy"
    versions = {version.number: version for version in strategy_history(context)}
    altered = [n for n, version in versions.items() if version.strategy.sha256 != version.sha256]
    if altered:
        return Check(name, False, f"version {altered[0]} is not what was recorded")
    queries = {(n, s.slug): s.query for n, version in versions.items() for s in version.strategy.sources}
    with context.store.read() as con:
        runs = con.execute(
            "SELECT run_id, source, coalesce(declared_query, query), number "
            "FROM run LEFT JOIN run_strategy USING (run_id) LEFT JOIN run_window USING (run_id) ORDER BY run_id"
        ).fetchall()
    for run_id, source, query, number in runs:
        if queries.get((number, source)) != query:
            return Check(name, False, f"run {run_id} has another query of {source} than version {number}")
    told = f"{len(versions)} version(s), every run has the query of its own"
    nameless = [str(n) for n, version in versions.items() if not version.reason_given]
    if nameless:
        told += f"; no reason was given for version {', '.join(nameless)}"
    return Check(name, True, told)


def _answer(context: ReviewContext, source: str) -> Check:
    return Check(f"{context.review.slug}: {source}", True, f"{count_source(context, source):,} records now")
