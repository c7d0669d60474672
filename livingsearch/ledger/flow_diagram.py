"""The diagram of a flow as far as it is known: down to screening, or whole once anything that follows is."""

from livingsearch.ledger.diagram import Diagram, diagram_of
from livingsearch.ledger.flow import Flow, SourceCounts
from livingsearch.ledger.whole_flow import (
    NOT_REPORTED,
    Count,
    Identification,
    Included,
    Retrieval,
    Screening,
    SourceColumn,
    WholeFlow,
)
from livingsearch.ledger.wording import plain

_IN_BOXES = {"database", "register"}


def flow_diagram(flow: Flow) -> Diagram:
    """Identification and screening of a flow in PRISMA's words.

    Args:
        flow: the counts of one update, or of several together.

    Returns:
        A diagram that ends with the box of screening.
    """
    return diagram_of([whole_of(flow)], "new", screening_only=True)


def is_known_further(flow: WholeFlow) -> bool:
    """Whether anything is known of a flow beyond identification: a word, a study, a record by another method."""
    screening, reports, other = flow.screening, flow.reports, flow.other
    later = [screening.screened, screening.excluded, screening.pending, reports.sought, flow.removed_studies]
    later += [flow.identification.automation, flow.identification.other_reasons]
    for studies in (flow.previous, flow.new, flow.total):
        later += [studies.studies, studies.reports] if studies else []
    later += [other.websites, other.organisations, other.citation_searching, other.reports.sought] if other else []
    return any(count.value for count in later)


def whole_of(flow: Flow) -> WholeFlow:
    """A flow with the boxes that follow screening not reported."""
    unknown = Retrieval(NOT_REPORTED, NOT_REPORTED, NOT_REPORTED, NOT_REPORTED, (), NOT_REPORTED, NOT_REPORTED)
    screened = NOT_REPORTED if flow.screened is None else Count(flow.screened)
    return WholeFlow(
        review_title=flow.review_title,
        label=_label(flow),
        updates=flow.updates,
        as_of=None,
        position=flow.position,
        identification=Identification(
            sources=tuple(_column(source) for source in flow.sources if source.kind in _IN_BOXES),
            databases=Count(flow.identified_databases),
            registers=Count(flow.identified_registers),
            already_known=Count(flow.already_known),
            duplicates=Count(flow.duplicates),
            automation=Count(flow.automation_excluded),
            other_reasons=Count(flow.other_reasons),
        ),
        screening=Screening(screened, NOT_REPORTED, Count(flow.to_screen - (flow.screened or 0)), NOT_REPORTED),
        reports=unknown,
        other=None,
        previous=None,
        new=Included(NOT_REPORTED, NOT_REPORTED),
        removed_studies=Count(0),
        total=None,
        possible_pairs=flow.possible_pairs,
        notes=tuple(_notes(flow)),
    )


def _column(source: SourceCounts) -> SourceColumn:
    return SourceColumn(
        slug=source.slug,
        label=source.label,
        kind=source.kind,
        searched=source.searched,
        date_searched=source.date_searched,
        identified=Count(source.identified),
        already_known=Count(source.already_known),
        duplicates=Count(source.duplicates),
        to_screen=Count(source.to_screen),
    )


def _label(flow: Flow) -> str:
    if flow.update is not None:
        name = f"Update {flow.update}"
    elif len(flow.updates) > 1:
        name = f"Updates {_ranges(flow.updates)} together"
    else:
        name = "Update " + "".join(str(one) for one in flow.updates) if flow.updates else "No update closed yet"
    if flow.closed_at is not None:
        return f"{name}, closed {flow.closed_at:%Y-%m-%d %H:%M} UTC"
    return f"{name}, still open: these counts may change" if flow.updates or flow.update else name


def _ranges(numbers: tuple[int, ...]) -> str:
    ordered = sorted(set(numbers))
    if ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f"{ordered[0]} to {ordered[-1]}"
    return ", ".join(str(one) for one in ordered)


def _notes(flow: Flow) -> list[str]:
    notes = [
        f"{plain(source.label)}: only records that it took up since {source.searched_since} were searched."
        for source in flow.sources
        if source.searched_since
    ]
    # The boxes cover databases and registers only; what came another way must not vanish unseen.
    notes += [
        f"Not in these boxes, identified via other methods: {plain(source.label) or plain(source.slug)}, "
        + (f"{source.identified:,} records." if source.searched else "not searched.")
        for source in flow.sources
        if source.kind not in _IN_BOXES
    ]
    return notes
