"""What the report of an update says, as data."""

from dataclasses import dataclass
from datetime import datetime

from livingsearch.ledger.flow import Flow
from livingsearch.services.changes import Changes
from livingsearch.services.updates import Awaited


@dataclass(frozen=True, slots=True)
class NamedReport:
    """A report as people find it.

    Attributes:
        report: its id.
        url: its stable address.
        title: of its preferred record that has one.
        year: of publication.
        sources: slugs of those that returned it.
    """

    report: str
    url: str
    title: str | None
    year: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LateDuplicate:
    """A report that was handed out and turned out to be part of another.

    Attributes:
        report: the one that holds no record any more.
        batch: update whose batch had brought it.
        same_as: the report that holds its records now.
        at: instant (UTC).
        position: in the log.
    """

    report: str
    batch: int
    same_as: NamedReport
    at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class LateSplit:
    """A report made of records that belonged to another which had been handed out.

    Attributes:
        report: the new one, or the former one restored.
        was_part_of: that held its records.
        at: instant (UTC).
        position: in the log.
    """

    report: NamedReport
    was_part_of: str
    at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class WaitingPair:
    """Two reports of which a person has to say whether they are one.

    Attributes:
        one: the report with the smaller number.
        other: the other one.
        evidence: what speaks for it and against it.
    """

    one: NamedReport
    other: NamedReport
    evidence: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A report on which words differ.

    Attributes:
        report: which.
        words: who said what at which stage.
    """

    report: NamedReport
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RejectedDrop:
    """What was dropped into the inbox and could not be imported.

    Attributes:
        folder: that it lies in now, within the review's folder.
        why: the reason; its first paragraph.
    """

    folder: str
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person, as it stands now.

    Attributes:
        pairs: possible duplicates; at most `LISTED_PAIRS`.
        pairs_in_all: how many there are.
        conflicts: reports of which words differ.
        awaited: sources whose exports the open update waits for.
        rejected: of the inbox.
        states: reports by where they stand in screening, those that wait for somebody.
        to_approve: updates whose proposed version waits for approval.
    """

    pairs: tuple[WaitingPair, ...]
    pairs_in_all: int
    conflicts: tuple[Conflict, ...]
    awaited: tuple[Awaited, ...]
    rejected: tuple[RejectedDrop, ...]
    states: dict[str, int]
    to_approve: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """The report of one update.

    Attributes:
        review: slug.
        title: of the review.
        update: number.
        closed_at: instant (UTC); None while it is open.
        published_at: instant (UTC); None where it was not published.
        position: in the log, to which `waiting` and what came late hold.
        as_of: instant (UTC) of the report.
        flow: identification as frozen; as it stands where the update is open.
        new: reports that its batch released.
        changes: in records known before.
        late_duplicates: since the update before closed; for the newest update until now.
        late_splits: in the same time.
        waiting: for a person, now.
    """

    review: str
    title: str
    update: int
    closed_at: datetime | None
    published_at: datetime | None
    position: int
    as_of: datetime
    flow: Flow
    new: tuple[NamedReport, ...]
    changes: Changes
    late_duplicates: tuple[LateDuplicate, ...]
    late_splits: tuple[LateSplit, ...]
    waiting: Waiting
