"""Whole flows to draw: the published example with updates of its own, and what makes drawings go wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime

from livingsearch.ledger.whole_flow import (
    NOT_REPORTED,
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

TITLE = "Implementation and outcomes of peer support workers in services for people with personality disorder"
PAPER = "Begum-Meades 2026, figure 1"
COVIDENCE = "Covidence, 2026-03-02, A. Librarian"
SHORT_REASONS = ("Wrong population", "Wrong intervention", "Not peer-led", "Conference abstract")
LONG_REASONS = tuple(
    f"{words} and no subgroup was reported separately that would have met the eligibility criteria of the protocol"
    for words in (
        "Participants had a diagnosis other than personality disorder",
        "Peer support was given by volunteers without lived experience of their own",
        "The service was delivered outside of health and social care",
        "Commentary, editorial or letter without primary data",
        "Protocol of a study whose results are not published yet",
        "The full text is in a language that the review team does not read",
        "Secondary analysis of a study that is included already",
        "Case report or series with fewer than five participants",
        "The comparison was between two forms of peer support",
        "No outcome of interest was measured at any point in time",
        "Retracted by the journal after the search",
        "Dissertation whose findings appear in an included article",
    )
)
FOURTEEN = (
    "MEDLINE ALL (Ovid)",
    "Embase Classic + Embase (Ovid)",
    "APA PsycInfo (Ovid)",
    "CINAHL Complete (EBSCOhost)",
    "PubMed (NCBI)",
    "Cochrane Central Register of Controlled Trials (Cochrane Library)",
    "Web of Science Core Collection (Clarivate)",
    "Scopus (Elsevier)",
    "Applied Social Sciences Index and Abstracts (ProQuest)",
    "Social Policy and Practice (Ovid)",
    "Health Management Information Consortium (Ovid)",
    "Latin American and Caribbean Health Sciences Literature (LILACS)",
    "Global Index Medicus (World Health Organization)",
    "Europe PMC",
)


def source(place: int, label: str, n: int | None, kind: str = "database", searched: bool = True) -> SourceColumn:
    count = NOT_REPORTED if n is None else Count(n)
    zero = Count(0)
    day = date(2025, 8, 15) if searched else None
    return SourceColumn(f"source-{place}", label, kind, searched, day, count, zero, zero, count)


def retrieval(sought: int, not_retrieved: int, reasons: dict[str, int], origin: str | None = None) -> Retrieval:
    def count(n: int) -> Count:
        return Count(n, "manual", origin) if origin else Count(n)

    return Retrieval(
        sought=count(sought),
        not_retrieved=count(not_retrieved),
        awaiting=Count(0),
        assessed=count(sought - not_retrieved),
        reasons=tuple(Reason(text, count(n)) for text, n in reasons.items()),
        excluded=count(sum(reasons.values())),
        pending=Count(0),
    )


def paper() -> WholeFlow:
    """The published flow, typed: the split by database and the reasons are not in the paper."""

    def n(value: int) -> Count:
        return Count(value, "manual", PAPER)

    return WholeFlow(
        review_title=TITLE,
        label="Base search",
        updates=(1,),
        as_of=None,
        position=None,
        identification=Identification((), n(3962), n(0), Count(0), n(2127), n(0), n(0)),
        screening=Screening(n(1835), n(1808), Count(0), Count(0)),
        reports=Retrieval(n(27), n(1), Count(0), n(26), (), n(14), Count(0)),
        other=OtherMethods(n(0), n(0), n(1), Retrieval(n(1), n(0), Count(0), n(1), (), n(0), Count(0))),
        previous=None,
        new=Included(n(13), n(13)),
        removed_studies=Count(0),
        total=None,
        possible_pairs=0,
    )


def update(
    number: int, before: Included, *, reasons: tuple[str, ...], labels: tuple[str, ...], **changes: object
) -> WholeFlow:
    """A derived flow of one update whose identities hold."""
    sources = (
        *(source(place, label, 100 * number + 7 * place) for place, label in enumerate(labels, 1)),
        source(90, "Embase.com", 0, searched=False),
        source(91, "ClinicalTrials.gov", 12 + number, "register"),
    )
    databases = total(s.identified for s in sources if s.kind == "database")
    registers = total(s.identified for s in sources if s.kind == "register")
    identified = (databases.value or 0) + (registers.value or 0)
    known, duplicates = (identified * 3 // 5, identified // 5) if number > 1 else (0, identified // 2)
    screened = identified - known - duplicates
    fell = {text: 1 + place % 3 for place, text in enumerate(reasons)}
    sought = sum(fell.values()) + 4
    other = OtherMethods(Count(2), Count(0), Count(3), retrieval(5, 1, {reasons[0]: 2, reasons[1]: 1}))
    new = Included(Count(3), Count(4))
    removed = Count(1 if number == 3 else 0)
    return WholeFlow(
        review_title=TITLE,
        label="Base search" if number == 1 else f"Update {number}",
        updates=(number,),
        as_of=datetime(2025, 8 + number, 1, 4, 30, tzinfo=UTC),
        position=100 * number,
        identification=Identification(
            sources, databases, registers, Count(known), Count(duplicates), Count(0), Count(0)
        ),
        screening=Screening(Count(screened), Count(screened - sought), Count(0), Count(0)),
        reports=retrieval(sought, 1, fell),
        other=other,
        previous=before if number > 1 else None,
        new=new,
        removed_studies=removed,
        total=_total(before, new, removed) if number > 1 else None,
        possible_pairs=number - 1,
    )


def _total(before: Included, new: Included, removed: Count) -> Included:
    studies = total((before.studies, new.studies))
    left = replace(studies, value=(studies.value or 0) - (removed.value or 0))
    return Included(left, total((before.reports, new.reports)))


def series(
    reasons: tuple[str, ...] = SHORT_REASONS, labels: tuple[str, ...] = FOURTEEN[:5], base: WholeFlow | None = None
) -> tuple[WholeFlow, ...]:
    """A base search and three updates."""
    nothing = Included(Count(0), Count(0))
    flows = [base or update(1, nothing, reasons=reasons, labels=labels)]
    for number in (2, 3, 4):
        before = flows[-1].total or flows[-1].new
        flows.append(update(number, before, reasons=reasons, labels=labels))
    return tuple(flows)


def missing() -> tuple[WholeFlow, ...]:
    """Numbers that nobody reported, beside zeros and work that is not finished."""
    base, *updates = series()
    unknown = Retrieval(Count(40), NOT_REPORTED, Count(0), NOT_REPORTED, (), Count(0), Count(0))
    gone = replace(
        base,
        identification=replace(
            base.identification, sources=(), databases=NOT_REPORTED, registers=Count(0), duplicates=NOT_REPORTED
        ),
        screening=Screening(
            NOT_REPORTED, Count(0, "manual", "Covidence, 2026-03-02, A. Librarian"), NOT_REPORTED, Count(0)
        ),
        reports=unknown,
        new=Included(Count(3), NOT_REPORTED),
    )
    last = updates[-1]
    under_way = replace(
        last,
        screening=Screening(Count(50), Count(31), Count(60), Count(3)),
        reports=replace(last.reports, awaiting=Count(2), pending=Count(1)),
        previous=Included(Count(8), NOT_REPORTED),
        total=Included(Count(11), NOT_REPORTED),
    )
    return (gone, *updates[:-1], under_way)


WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
CASES: dict[str, tuple[WholeFlow, ...]] = {
    "example": series(base=paper()),
    "14-databases": series(labels=FOURTEEN),
    "12-long-reasons": series(reasons=LONG_REASONS),
    "missing-numbers": missing(),
    "long-words": series(reasons=(WORD * 3, WORD, "x"), labels=(WORD * 4, "W" * 300)),
    "other-scripts": series(
        reasons=("研究对象不符合纳入标准" * 4, "Nicht verfügbar: Ġdańsk, Żółć, Ǻ̈ở ﷺ", "ไม่ตรงกับเกณฑ์"),
        labels=("中国知网（CNKI）数据库", "КиберЛенинка", "قاعدة البيانات", "Ίδρυμα"),
    ),
}
