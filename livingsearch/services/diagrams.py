"""The flow diagram of a review, in any layout and form."""

from pathlib import Path

from livingsearch.errors import ReportRefused, UpdateRefused
from livingsearch.ledger.diagram import LAYOUT_NAMES, LayoutName
from livingsearch.ledger.drawing import DIAGRAM_FORMS, DiagramForm, drawn
from livingsearch.ledger.flow_diagram import whole_of
from livingsearch.ledger.whole_flow import WholeFlow
from livingsearch.services.context import ReviewContext
from livingsearch.services.output_forms import form_for
from livingsearch.services.reporting import review_counts


def diagram_file(
    context: ReviewContext,
    *,
    update: int | None = None,
    layout: str | None = None,
    form: str | None = None,
    to: Path | None = None,
) -> bytes:
    """Draw the flow diagram of a review.

    Args:
        context: the review.
        update: only this one; None for all closed updates, or the open one where none is closed.
        layout: one of `LAYOUT_NAMES`; None for the one that fits.
        form: one of `DIAGRAM_FORMS`; None for what the file's name says.
        to: the file that it goes to; None for the terminal.

    Returns:
        The file's content.

    Raises:
        ReportRefused: there is no such layout or form.
        UpdateRefused: there is no such update.
        StoreError: the database.
    """
    chosen, wanted = layout_named(layout), form_for(DIAGRAM_FORMS, form, to, "text")
    return _drawn(_flows(context, update), wanted, chosen)


def layout_named(name: str | None) -> LayoutName | None:
    """A layout by its name.

    Raises:
        ReportRefused: there is no such layout.
    """
    found = next((one for one in LAYOUT_NAMES if one == name), None)
    if name is not None and found is None:
        raise ReportRefused(f"There is no layout {name!r}; choose one of: {', '.join(LAYOUT_NAMES)}.")
    return found


def _drawn(flows: list[WholeFlow], form: DiagramForm, layout: LayoutName | None) -> bytes:
    return drawn(flows, form, layout, screening_only=True)


def _flows(context: ReviewContext, update: int | None) -> list[WholeFlow]:
    counts = review_counts(context)
    every = [*counts.closed, *([counts.open] if counts.open else [])]
    meant = [f for f in every if f.update == update] if update is not None else (list(counts.closed) or every)
    if not meant:
        have = ", ".join(str(f.update) for f in every) or "none"
        raise UpdateRefused(f"There is no update {'' if update is None else update} to draw (there are: {have}).")
    return [whole_of(flow) for flow in meant]
