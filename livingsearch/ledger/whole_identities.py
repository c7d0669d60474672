"""Identities that a whole flow must meet; a number that was typed is held to them as one that was counted.

The boxes are those of the PRISMA 2020 flow diagram (Page et al. 2021, 10.1136/bmj.n71). A box that nobody reported
cannot break an identity.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from livingsearch.errors import IdentityBroken
from livingsearch.ledger.whole_flow import Count, Included, Retrieval, WholeFlow, total

Level = Literal["hard", "warn"]


@dataclass(frozen=True, slots=True)
class Breach:
    """An identity that a flow does not meet.

    Attributes:
        identity: its number, 1 to 9.
        level: a `hard` one stops closing, publishing and typing; of the others people are told.
        sentence: which it is, with the numbers that disagree.
    """

    identity: int
    level: Level
    sentence: str


def breaches(flow: WholeFlow) -> list[Breach]:
    """The identities that a flow breaks.

    Args:
        flow: of one update or of several.

    Returns:
        In the order of identities; empty where all hold.
    """
    return sorted(_breaches(flow), key=lambda one: one.identity)


def require_whole(flow: WholeFlow, done: str) -> list[Breach]:
    """Lets a flow pass whose hard identities hold.

    Args:
        flow: to check.
        done: what was not done otherwise, e.g. `update 3 was not published`.

    Returns:
        Breaches that people are only told of.

    Raises:
        IdentityBroken: names every hard identity that fails.
    """
    found = breaches(flow)
    hard = [one.sentence for one in found if one.level == "hard"]
    if hard:
        typed = " Numbers that were typed are among them: correct them." if _has_typed(flow) else ""
        raise IdentityBroken(f"The numbers of {flow.label} do not agree, so {done}: {' '.join(hard)}{typed}")
    return found


def _breaches(flow: WholeFlow) -> Iterator[Breach]:
    found, screened, reports = flow.identification, flow.screening, flow.reports
    for kind, whole in (("database", found.databases), ("register", found.registers)):
        columns = [column.identified for column in found.sources if column.kind == kind]
        if columns or (found.sources and whole.origin == "derived"):
            yield from _equal(1, total(columns), whole, f"records by {kind}", f"in all {kind}s")
    left = _minus(found.identified, found.removed)
    went = total((screened.screened, screened.awaiting))
    yield from _equal(
        2,
        left,
        went,
        f"identified ({_n(found.identified)}) - removed before screening ({_n(found.removed)})",
        f"screened ({_n(screened.screened)}) + awaiting screening ({_n(screened.awaiting)})",
    )
    for column in found.sources:
        parts = total((column.already_known, column.duplicates, column.to_screen))
        yield from _equal(2, parts, column.identified, f"{column.slug}: known + duplicates + to screen", "identified")
    yield from _equal(
        3,
        screened.screened,
        total((screened.excluded, reports.sought, screened.pending)),
        "screened",
        f"excluded ({_n(screened.excluded)}) + sought ({_n(reports.sought)}) + pending ({_n(screened.pending)})",
        level="hard" if _typed(screened.screened, screened.excluded, reports.sought) else "warn",
    )
    yield from _of_reports(reports, "")
    if flow.other is not None:
        other = flow.other
        by = total((other.websites, other.organisations, other.citation_searching))
        yield from _equal(
            3,
            by,
            total((other.reports.sought, other.set_aside)),
            "identified by other methods",
            f"sought ({_n(other.reports.sought)}) + not sought ({_n(other.set_aside)})",
        )
        yield from _of_reports(other.reports, " by other methods")
    columns_of_reports = [reports, *([flow.other.reports] if flow.other else [])]
    eligible = total(_eligible(column) for column in columns_of_reports)
    yield from _equal(
        6, eligible, flow.new.reports, "assessed - excluded - pending, in both columns", "reports of new studies"
    )
    for included, name in ((flow.new, "new"), (flow.previous, "previous"), (flow.total, "total")):
        if included is not None:
            yield from _at_most(included, name)
    if flow.total is not None:
        yield from _of_total(flow, flow.total)


def _of_reports(reports: Retrieval, where: str) -> Iterator[Breach]:
    yield from _equal(
        4,
        _minus(reports.sought, reports.not_retrieved),
        total((reports.assessed, reports.awaiting)),
        f"sought ({_n(reports.sought)}) - not retrieved ({_n(reports.not_retrieved)}){where}",
        f"assessed ({_n(reports.assessed)}) + awaiting retrieval ({_n(reports.awaiting)})",
    )
    if reports.reasons or (reports.excluded.origin == "derived" and reports.excluded.value):
        summed = total(reason.reports for reason in reports.reasons)
        yield from _equal(5, summed, reports.excluded, f"all reasons together{where}", "reports excluded")
    yield from _equal(
        6,
        _eligible(reports),
        reports.included,
        f"assessed ({_n(reports.assessed)}) - excluded ({_n(reports.excluded)})"
        f" - pending ({_n(reports.pending)}){where}",
        "included",
    )


def _of_total(flow: WholeFlow, whole: Included) -> Iterator[Breach]:
    previous = flow.previous or Included(Count(0), Count(0))
    studies = _minus(total((previous.studies, flow.new.studies)), flow.removed_studies)
    yield from _equal(
        8,
        studies,
        whole.studies,
        f"previous ({_n(previous.studies)}) + new ({_n(flow.new.studies)})"
        f" - removed ({_n(flow.removed_studies)}) studies",
        "total studies",
    )
    reports = total((previous.reports, flow.new.reports))
    if None not in (reports.value, whole.reports.value) and not flow.removed_studies.value:
        if (whole.reports.value or 0) < (reports.value or 0):
            sentence = f"Identity 9: {_n(whole.reports)} total reports, but {_n(reports)} previous and new ones."
            yield Breach(9, "warn", sentence)


def _at_most(included: Included, name: str) -> Iterator[Breach]:
    studies, reports = included.studies.value, included.reports.value
    if studies is not None and reports is not None and studies > reports:
        yield Breach(7, "hard", f"Identity 7: {studies:,} {name} studies, but only {reports:,} reports of them.")


def _equal(
    identity: int, left: Count, right: Count, left_is: str, right_is: str, level: Level = "hard"
) -> Iterator[Breach]:
    if left.value is None or right.value is None or left.value == right.value:
        return
    sentence = f"Identity {identity}: {left_is} = {_n(left)}, but {right_is} = {_n(right)}."
    yield Breach(identity, level, sentence)


def _eligible(reports: Retrieval) -> Count:
    return _minus(reports.assessed, total((reports.excluded, reports.pending)))


def _minus(left: Count, right: Count) -> Count:
    both = total((left, right))
    if left.value is None or right.value is None:
        return both
    return Count(left.value - right.value, both.origin, both.source)


def _typed(*counts: Count) -> bool:
    return any(count.origin == "manual" for count in counts)


def _has_typed(flow: WholeFlow) -> bool:
    screened, reports = flow.screening, flow.reports
    return _typed(flow.identification.databases, screened.screened, reports.sought, flow.new.reports) or (
        flow.other is not None and _typed(flow.other.reports.sought)
    )


def _n(count: Count) -> str:
    return "not reported" if count.value is None else f"{count.value:,}"
