"""What a file that came back says: each reference once, as a report's, as a repetition or as nobody's."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from livingsearch.errors import IdentityBroken
from livingsearch.exports.back.decisions import Screened, Vote
from livingsearch.exports.back.match import Batch, Found, NotFound
from livingsearch.exports.back.reference import Reference


@dataclass(frozen=True, slots=True)
class ReturnedReference:
    """A reference that is a report of the batch.

    Attributes:
        report_id: whose it is, as it was handed out.
        update: that released the report.
        position: its place in the file, from 1.
        title: of the report.
        how: it was matched: `id`, `doi`, `pmid` or `title`.
        evidence: for that, in words.
        decision: `included`, `excluded`, `maybe` or `conflict`; None where the file says none.
        reason: for an exclusion.
        notes: of people.
        who: decided, where the tool names them.
        votes: each person's word.
        labels: or tags.
        stage: of screening, where the file tells.
    """

    report_id: str
    update: int
    position: int
    title: str | None
    how: str
    evidence: str
    decision: str | None
    reason: str | None
    notes: tuple[str, ...]
    who: tuple[str, ...]
    votes: tuple[Vote, ...]
    labels: tuple[str, ...]
    stage: str | None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A reference that is no report of the batch, or may be one of several.

    Attributes:
        position: its place in the file, from 1.
        title: as read.
        why: in words.
        candidates: ids of reports that it may be.
        decision: that the file gives it.
        form: how to read `payload`.
        payload: the reference as received, whole.
    """

    position: int
    title: str | None
    why: str
    candidates: tuple[str, ...]
    decision: str | None
    form: str
    payload: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A report that did not come back."""

    report_id: str
    update: int
    title: str | None


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that came back.

    Attributes:
        file: its name.
        tool: that exported it; None where nothing tells.
        form: its format.
        references: how many it holds: matched, repeated and unmatched together.
        updates: whose batches it was held against.
        released: reports of these batches: matched and missing together.
        matched: one reference a report.
        repeated: further references of a report that is matched.
        unmatched: all others, whole.
        missing: reports of these batches that the file does not hold.
        decisions: how many of the matched have each decision; `none` where the file says none.
        remarks: what somebody should look at, one sentence each.
    """

    file: str
    tool: str | None
    form: str
    references: int
    updates: tuple[int, ...]
    released: int
    matched: tuple[ReturnedReference, ...]
    repeated: tuple[ReturnedReference, ...]
    unmatched: tuple[Unmatched, ...]
    missing: tuple[Missing, ...]
    decisions: dict[str, int]
    remarks: tuple[str, ...]


def joined(
    file: str,
    tool: str | None,
    form: str,
    references: Sequence[Reference],
    results: Sequence[Found | NotFound],
    said: Sequence[Screened],
    batch: Batch,
    update: int | None,
    remarks: Sequence[str] = (),
) -> Returned:
    """Join what was matched with what was decided, and count.

    Args:
        file: its name.
        tool: that exported it.
        form: its format.
        references: of the file.
        results: the report of each, or why there is none.
        said: of each.
        batch: that it was held against.
        update: whose batch is asked about; None for those that the file holds reports of.
        remarks: from reading the file.

    Returns:
        The whole.

    Raises:
        IdentityBroken: a reference or a report is not accounted for.
    """
    matched: dict[str, ReturnedReference] = {}
    repeated: list[ReturnedReference] = []
    unmatched: list[Unmatched] = []
    for reference, result, words in zip(references, results, said, strict=True):
        if isinstance(result, NotFound):
            unmatched.append(_unmatched(reference, result, words))
            continue
        one = _returned(reference, result, words)
        if one.report_id in matched:
            repeated.append(one)
        else:
            matched[one.report_id] = one
    updates = (update,) if update is not None else tuple(sorted({one.update for one in matched.values()}))
    released = [report for report in batch.reports if report.update in updates]
    missing = tuple(
        Missing(report.report_id, report.update, report.title) for report in released if report.report_id not in matched
    )
    _require(len(references) == len(matched) + len(repeated) + len(unmatched), file)
    _require(len(released) == len(matched) + len(missing), file)
    differing = [
        one for one in repeated if one.decision is not None and one.decision != matched[one.report_id].decision
    ]
    contradictions = [
        f"{one.report_id} stands there again, in reference {one.position}, with another decision ({one.decision}, not "
        f"{matched[one.report_id].decision or 'none'})."
        for one in differing
    ]
    return Returned(
        file=file,
        tool=tool,
        form=form,
        references=len(references),
        updates=updates,
        released=len(released),
        matched=tuple(matched.values()),
        repeated=tuple(repeated),
        unmatched=tuple(unmatched),
        missing=missing,
        decisions=dict(sorted(Counter(one.decision or "none" for one in matched.values()).items())),
        remarks=(*remarks, *contradictions),
    )


def _require(holds: bool, file: str) -> None:
    if not holds:
        raise IdentityBroken(
            f"The references of {file} and the reports of the batch do not add up; nothing was concluded from it."
        )


def _returned(reference: Reference, found: Found, said: Screened) -> ReturnedReference:
    return ReturnedReference(
        report_id=found.report.report_id,
        update=found.report.update,
        position=reference.position,
        title=found.report.title,
        how=found.how,
        evidence=found.evidence,
        decision=said.decision,
        reason=said.reason,
        notes=said.notes,
        who=said.who,
        votes=said.votes,
        labels=said.labels,
        stage=said.stage,
    )


def _unmatched(reference: Reference, result: NotFound, said: Screened) -> Unmatched:
    return Unmatched(
        position=reference.position,
        title=reference.title,
        why=result.why,
        candidates=result.candidates,
        decision=said.decision,
        form=reference.form,
        payload=reference.payload,
    )
