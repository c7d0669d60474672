"""The whole flow of a PRISMA 2020 diagram, every box as data; what computes it and what draws it meet here.

Boxes and their order are those of the four official templates (Page et al. 2021, 10.1136/bmj.n71).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Origin = Literal["derived", "manual", "not reported"]


@dataclass(frozen=True, slots=True)
class Count:
    """The number in one box, and where it comes from.

    Attributes:
        value: the number; None where nobody reported it, which is not the same as 0.
        origin: `derived` from the ledger's rows, `manual` where a person typed it, `not reported`.
        source: of a typed number: who says so, e.g. `Covidence, 2026-03-02, A. Librarian`.
    """

    value: int | None
    origin: Origin = "derived"
    source: str | None = None


NOT_REPORTED = Count(None, "not reported")
"""A box without a number."""

NONE = Count(0)
"""A box that the ledger counted and found empty."""


def total(counts: Iterable[Count]) -> Count:
    """The sum of several boxes: not reported if one of them is, manual if one of them was typed; 0 of none."""
    taken = list(counts)
    if any(count.value is None for count in taken):
        return NOT_REPORTED
    value = sum(count.value or 0 for count in taken)
    typed = [count for count in taken if count.origin == "manual"]
    sources = sorted({count.source for count in typed if count.source})
    return Count(value, "manual", "; ".join(sources) or None) if typed else Count(value)


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """What one source brought.

    Attributes:
        slug: the source as the review's file names it; for typed totals a name of its own.
        label: as a reader should see it, e.g. `Embase (Ovid)`.
        kind: `database` or `register`.
        searched: False where the update was closed without a run of this source.
        date_searched: of the counting run; None where not searched, or not reported.
        identified: records received, occurrences included.
        already_known: of these, returned by this source in an earlier update.
        duplicates: of the others, those whose report another record brings or brought to screening.
        to_screen: of the others, the one record by which its report goes to screening.
    """

    slug: str
    label: str
    kind: str
    searched: bool
    date_searched: date | None
    identified: Count
    already_known: Count
    duplicates: Count
    to_screen: Count


@dataclass(frozen=True, slots=True)
class Identification:
    """Records identified, and records removed before screening.

    Attributes:
        sources: one column a database or register, in the order of the review's file; empty where the split was
            not reported.
        databases: records from databases.
        registers: records from registers.
        already_known: removed because the same source returned them in an earlier update.
        duplicates: removed as duplicates, those already known left out.
        automation: marked as ineligible by automation tools.
        other_reasons: removed for other reasons.
    """

    sources: tuple[SourceColumn, ...]
    databases: Count
    registers: Count
    already_known: Count
    duplicates: Count
    automation: Count
    other_reasons: Count

    @property
    def identified(self) -> Count:
        """All records identified."""
        return total((self.databases, self.registers))

    @property
    def duplicates_removed(self) -> Count:
        """PRISMA's box "Duplicate records removed": those already known are in it, a footnote splits the two."""
        return total((self.already_known, self.duplicates))

    @property
    def removed(self) -> Count:
        """All records removed before screening."""
        return total((self.duplicates_removed, self.automation, self.other_reasons))


@dataclass(frozen=True, slots=True)
class Screening:
    """Screening on title and abstract.

    Attributes:
        screened: records with a word on title and abstract.
        excluded: of these.
        awaiting: released and not screened yet.
        pending: screened, and neither excluded nor sought yet (conflicts, `maybe`).
    """

    screened: Count
    excluded: Count
    awaiting: Count
    pending: Count


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for excluding reports in full text, and how many fell to it."""

    text: str
    reports: Count


@dataclass(frozen=True, slots=True)
class Retrieval:
    """From reports sought to reports assessed; of databases and registers, or of other methods.

    Attributes:
        sought: reports sought for retrieval.
        not_retrieved: of these.
        awaiting: sought, and neither retrieved nor given up yet.
        assessed: for eligibility, in full text.
        reasons: of exclusion, one primary reason a report.
        excluded: all reports excluded.
        pending: assessed without an outcome yet.
        included: reports of this column that go into the review; no box of its own, but papers print it.
    """

    sought: Count
    not_retrieved: Count
    awaiting: Count
    assessed: Count
    reasons: tuple[Reason, ...]
    excluded: Count
    pending: Count
    included: Count = NOT_REPORTED


@dataclass(frozen=True, slots=True)
class OtherMethods:
    """The column "Identification of studies via other methods".

    Attributes:
        websites: records from websites.
        organisations: records from organisations.
        citation_searching: records by citation searching.
        reports: sought, assessed and excluded.
        set_aside: identified and not sought: known or found in a database too, or excluded on their title. No box of
            its own.
    """

    websites: Count
    organisations: Count
    citation_searching: Count
    reports: Retrieval
    set_aside: Count = NONE


@dataclass(frozen=True, slots=True)
class Included:
    """Studies, and the reports of them."""

    studies: Count
    reports: Count


@dataclass(frozen=True, slots=True)
class WholeFlow:
    """The flow of one update, or of several together.

    Attributes:
        review_title: for the diagram's title.
        label: what the flow covers, e.g. `Base search`, `Update 3`, `Updates 1-3`.
        updates: numbers of the updates that the counts cover.
        as_of: instant (UTC) to which the counts hold; None for typed totals without one.
        position: position in the review's log up to which the counts hold; None for typed totals.
        identification: records identified and removed.
        screening: on title and abstract.
        reports: sought and assessed, of databases and registers.
        other: the column of other methods; None where the review has none.
        previous: studies and reports of earlier versions; None in a first version.
        new: included by these updates.
        removed_studies: included before and taken out since, e.g. retracted.
        total: previous + new - removed; None in a first version, where `new` says it.
        possible_pairs: pairs of reports that wait for a person's word.
        notes: sentences that belong under the diagram.
    """

    review_title: str
    label: str
    updates: tuple[int, ...]
    as_of: datetime | None
    position: int | None
    identification: Identification
    screening: Screening
    reports: Retrieval
    other: OtherMethods | None
    previous: Included | None
    new: Included
    removed_studies: Count
    total: Included | None
    possible_pairs: int
    notes: tuple[str, ...] = ()
