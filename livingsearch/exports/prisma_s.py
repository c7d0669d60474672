"""What is known of a review's search, as PRISMA-S asks for it; numbers in it are derived, never typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from livingsearch.review.model import Review


@dataclass(frozen=True, slots=True)
class SearchedSource:
    """A database or register on a platform.

    Attributes:
        slug: its name in the review's file.
        label: for readers: `Embase (Ovid)`.
        name: of the database, as PRISMA lists it.
        database: with its edition or segment, as declared.
        platform: where it is searched.
        kind: `database` or `register`.
        by_api: whether the program searches it by itself; else a person does, and imports the export.
        searched: whether a run of it counts in the updates reported on.
        edition: the database with its dates of coverage, as the last export names it; None where it does not.
        declared: the query that review.toml has now and no run reported on had; None where there is none.
        translated: whether that query is the documented search's translation.
    """

    slug: str
    label: str
    name: str
    database: str
    platform: str
    kind: str
    by_api: bool
    searched: bool
    edition: str | None = None
    declared: str | None = None
    translated: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file or reply of a run, as it came."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SearchRun:
    """A complete run: one search of one source, or one import of its export.

    Attributes:
        run_id: its number in the review.
        update: number of the update that it belongs to.
        source: as it was declared when it ran.
        by_api: whether the program sent the query; else it was declared when a person's export came in.
        replaced_by: the run that counts in its place; None where it counts itself.
        query: verbatim.
        translation: the query as the platform says that it understood it; None where it says nothing.
        warnings: of the platform, accepted in review.toml; or notes on the export.
        histories: search histories that the export carries, as the platform wrote them.
        hits: results that the platform showed; None where nobody noted them.
        received: records that came.
        searched_on: day of the search.
        finished_at: instant (UTC) at which its records were all in.
        accepted_mismatch: why an export was taken that is not as declared.
        version: of the strategy, under which it was made.
        actor: who ran or imported it.
        software: versions of the programs it was made with.
        files: what came.
        as_run: the search as the person who exported says that it ran; None where nobody said.
    """

    run_id: int
    update: int
    source: SearchedSource
    by_api: bool
    replaced_by: int | None
    query: str
    translation: str | None
    warnings: tuple[str, ...]
    histories: tuple[str, ...]
    hits: int | None
    received: int
    searched_on: date
    finished_at: datetime
    accepted_mismatch: str | None
    version: int
    actor: str
    software: Mapping[str, str]
    files: tuple[ReceivedFile, ...]
    as_run: str | None = None


@dataclass(frozen=True, slots=True)
class SourceCount:
    """What one source brought to one update; the fields are those of the flow diagram."""

    slug: str
    label: str
    kind: str
    searched: bool
    searched_on: date | None
    identified: int
    already_known: int
    duplicates: int
    to_screen: int


@dataclass(frozen=True, slots=True)
class ReportedUpdate:
    """One update.

    Attributes:
        number: of the update.
        reason: why it was opened.
        opened_at: instant (UTC).
        closed_at: instant (UTC); None while it is open and its counts may change.
        rule_set: version of the rules for duplicates that it was closed under; None while it is open.
        counts: by source, in the review's order.
        compared: whether duplicates were looked for since its last run; before, they are not known.
        to_screen: reports that it brings to screening.
        versions: of the strategy that its counting runs were made under.
    """

    number: int
    reason: str
    opened_at: datetime
    closed_at: datetime | None
    rule_set: str | None
    counts: tuple[SourceCount, ...]
    compared: bool
    to_screen: int
    versions: tuple[int, ...]

    @property
    def identified(self) -> int:
        """All records that came."""
        return sum(count.identified for count in self.counts)

    @property
    def already_known(self) -> int:
        """Records that the same source had returned in an earlier update."""
        return sum(count.already_known for count in self.counts)

    @property
    def duplicates(self) -> int:
        """Other records removed as duplicates."""
        return sum(count.duplicates for count in self.counts)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A limit of the search, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Restrictions:
    """All that item 9 asks for.

    Attributes:
        since: first day of publication covered; None for the databases' inception.
        until: last day covered; None where that is open.
        languages: taken in, sorted; empty for all.
        limits: each with its reason.
    """

    since: str | None
    until: str | None
    languages: tuple[str, ...]
    limits: tuple[Restriction, ...]

    @property
    def without_reasons(self) -> tuple[object, ...]:
        """What is restricted, whatever the reason."""
        return (self.since, self.until, self.languages, tuple(limit.what for limit in self.limits))


@dataclass(frozen=True, slots=True)
class StrategyVersion:
    """One version of the strategy.

    Attributes:
        number: from 1.
        author: who changed it.
        instant: when it was recorded (UTC).
        reason: why.
        reason_given: whether somebody said why.
        changes: against the version before, one sentence each; empty for the first.
        restrictions: of the search, as it had them.
    """

    number: int
    author: str
    instant: datetime
    reason: str
    reason_given: bool
    changes: tuple[str, ...]
    restrictions: Restrictions


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """Limits that stand in a query itself.

    Attributes:
        label: of the source.
        texts: as they stand there.
    """

    label: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deduplication:
    """How duplicates were found, and how many.

    Attributes:
        rule_sets: versions of the rules that said so.
        by_rule: pairs of records that a rule calls duplicates, by the rule's name.
        said_duplicate: pairs that a person called duplicates.
        said_distinct: pairs that a person called different reports.
        waiting: pairs of reports that may be the same and wait for a person.
    """

    rule_sets: tuple[str, ...]
    by_rule: tuple[tuple[str, int], ...]
    said_duplicate: int
    said_distinct: int
    waiting: int

    @property
    def automatic(self) -> int:
        """Pairs of records that the rules call duplicates."""
        return sum(pairs for _, pairs in self.by_rule)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """When a source falls due, in words, in the review's time zone."""

    label: str
    words: str
    wait_days: int | None


@dataclass(frozen=True, slots=True)
class SearchReport:
    """All that the appendix and the search records say.

    Attributes:
        review: as its file stands.
        update: the one update reported on; None for all.
        as_of: instant (UTC) of the last change of the review's log that is seen here.
        position: of that change in the log.
        program: name and version of this program.
        sources: searched ones and those declared, in the review's order.
        runs: complete runs of the updates reported on, in their order.
        updates: those reported on, in order.
        earlier: all updates up to the last one reported on, in order; the same as `updates` where all are.
        versions: of the strategy, as far as seen here, in order.
        pending: what review.toml changed since the last of them, one sentence each; no run has used it yet.
        query_limits: of the queries whose syntax can be read.
        unread: labels of sources whose queries cannot be read, so that limits in them are not known.
        deduplication: up to `position`.
        schedules: of the sources that the review's file declares.
    """

    review: Review
    update: int | None
    as_of: datetime
    position: int
    program: str
    sources: tuple[SearchedSource, ...]
    runs: tuple[SearchRun, ...]
    updates: tuple[ReportedUpdate, ...]
    earlier: tuple[ReportedUpdate, ...]
    versions: tuple[StrategyVersion, ...]
    pending: tuple[str, ...]
    query_limits: tuple[QueryLimits, ...]
    unread: tuple[str, ...]
    deduplication: Deduplication
    schedules: tuple[Scheduled, ...]

    @property
    def counting(self) -> tuple[SearchRun, ...]:
        """The runs that count."""
        return tuple(run for run in self.runs if run.replaced_by is None)


Status = Literal["automatic", "person", "both", "missing"]
"""Who filled an item: the program, a person in review.toml, each a part, or nobody yet."""
