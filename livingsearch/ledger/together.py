"""The flow of several updates together: row sums of their boxes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from livingsearch.ledger.whole_flow import (
    Count,
    Identification,
    Included,
    OtherMethods,
    Reason,
    Retrieval,
    Screening,
    SourceColumn,
    WholeFlow,
    total,
)

REASON_UNKNOWN = "Reason not reported"
"""Stands for the reports of an update that gave their number and no reasons."""


def together(flows: Sequence[WholeFlow], label: str) -> WholeFlow:
    """Sum the flows of several updates.

    Args:
        flows: at least one, in the order of updates.
        label: what the sum covers.

    Returns:
        A flow whose boxes are row sums; a box is not reported where one of the updates did not report it. What is
        a state, not a sum, is that of the first (previous studies) or last (total, possible pairs, instant) flow.
    """
    if len(flows) == 1:
        return replace(flows[0], label=label)
    first, last = flows[0], flows[-1]
    removed = total(f.removed_studies for f in flows)
    others = [f.other for f in flows if f.other is not None]
    return WholeFlow(
        review_title=last.review_title,
        label=label,
        updates=tuple(n for f in flows for n in f.updates),
        as_of=last.as_of,
        position=last.position,
        identification=sum_identification([f.identification for f in flows]),
        screening=sum_screening([f.screening for f in flows]),
        reports=sum_retrieval([f.reports for f in flows]),
        other=sum_other(others),
        previous=first.previous,
        new=Included(total(f.new.studies for f in flows), total(f.new.reports for f in flows)),
        removed_studies=removed,
        # In a first version the box of included studies says it all, unless a study has left since.
        total=last.total if first.previous is not None or removed.value != 0 else None,
        possible_pairs=last.possible_pairs,
        notes=tuple(dict.fromkeys(note for f in flows for note in f.notes)),
    )


def sum_identification(parts: Sequence[Identification]) -> Identification:
    """Row sums; by source only where every update says which source its records came from."""
    return Identification(
        sources=tuple(_sources(parts)),
        databases=total(p.databases for p in parts),
        registers=total(p.registers for p in parts),
        already_known=total(p.already_known for p in parts),
        duplicates=total(p.duplicates for p in parts),
        automation=total(p.automation for p in parts),
        other_reasons=total(p.other_reasons for p in parts),
    )


def _sources(parts: Sequence[Identification]) -> Iterable[SourceColumn]:
    # Where one update does not say which source its records came from, sums by source would not add up to the box.
    unsplit = {kind for kind in ("database", "register") if any(_is_unsplit(p, kind) for p in parts)}
    named = dict.fromkeys((s.slug, s.kind) for p in parts for s in p.sources if s.kind not in unsplit)
    for name in named:
        yield _source([s for p in parts for s in p.sources if (s.slug, s.kind) == name])


def _is_unsplit(part: Identification, kind: str) -> bool:
    box = part.databases if kind == "database" else part.registers
    return box.value != 0 and not any(s.kind == kind for s in part.sources)


def _source(columns: list[SourceColumn]) -> SourceColumn:
    dates = [c.date_searched for c in columns if c.date_searched]
    return replace(
        columns[-1],
        searched=any(c.searched for c in columns),
        date_searched=max(dates, default=None),
        identified=total(c.identified for c in columns),
        already_known=total(c.already_known for c in columns),
        duplicates=total(c.duplicates for c in columns),
        to_screen=total(c.to_screen for c in columns),
    )


def sum_screening(parts: Sequence[Screening]) -> Screening:
    """Row sums."""
    return Screening(
        screened=total(p.screened for p in parts),
        excluded=total(p.excluded for p in parts),
        awaiting=total(p.awaiting for p in parts),
        pending=total(p.pending for p in parts),
    )


def sum_retrieval(parts: Sequence[Retrieval]) -> Retrieval:
    """Row sums; reasons of the same words are one, the commonest first, those that nobody reported last."""

    def summed(box: Callable[[Retrieval], Count]) -> Count:
        return total(box(p) for p in parts)

    return Retrieval(
        sought=summed(lambda p: p.sought),
        not_retrieved=summed(lambda p: p.not_retrieved),
        awaiting=summed(lambda p: p.awaiting),
        assessed=summed(lambda p: p.assessed),
        reasons=tuple(_reasons(parts)),
        excluded=summed(lambda p: p.excluded),
        pending=summed(lambda p: p.pending),
        included=summed(lambda p: p.included),
    )


def _reasons(parts: Sequence[Retrieval]) -> list[Reason]:
    same: dict[str, list[Reason]] = {}
    for reason in (reason for part in parts for reason in part.reasons):
        same.setdefault(reason.text.casefold(), []).append(reason)
    summed = [Reason(some[0].text, total(one.reports for one in some)) for some in same.values()]
    summed.sort(key=lambda one: (-(one.reports.value or 0), one.text))
    unexplained = [part.excluded for part in parts if not part.reasons and part.excluded.value != 0]
    if summed and unexplained:
        summed.append(Reason(REASON_UNKNOWN, total(unexplained)))
    return summed


def sum_other(parts: Sequence[OtherMethods]) -> OtherMethods | None:
    """Row sums; None of none."""
    if not parts:
        return None
    return OtherMethods(
        websites=total(p.websites for p in parts),
        organisations=total(p.organisations for p in parts),
        citation_searching=total(p.citation_searching for p in parts),
        reports=sum_retrieval([p.reports for p in parts]),
        set_aside=total(p.set_aside for p in parts),
    )


NOTHING = Included(Count(0), Count(0))
"""No studies, of no reports: what a first version has before it."""
