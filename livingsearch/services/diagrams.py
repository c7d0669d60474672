"""The flow diagram of a review, in any layout and form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from livingsearch.errors import ReportRefused, UpdateRefused
from livingsearch.ledger.diagram import LAYOUT_NAMES, Diagram, LayoutName, diagram_of
from livingsearch.ledger.diagram_links import Links, is_address, statements_of
from livingsearch.ledger.drawing import DIAGRAM_FORMS, drawn
from livingsearch.ledger.flow import Flow
from livingsearch.ledger.flow_diagram import flow_diagram, is_known_further
from livingsearch.ledger.whole_counts import whole_flow_at, whole_flows_at
from livingsearch.ledger.whole_flow import WholeFlow
from livingsearch.services.context import ReviewContext
from livingsearch.services.output_forms import form_for
from livingsearch.services.positions import AsOf, position_of
from livingsearch.store import log_position

_LINKED = ("svg", "csv")
_UPDATES = """
SELECT u.number, c.position IS NOT NULL
FROM review_update u LEFT JOIN update_closing c ON c.update_number = u.number AND c.position <= $position
WHERE u.position <= $position ORDER BY u.number
"""


def diagram_file(
    context: ReviewContext,
    *,
    update: int | None = None,
    as_of: AsOf = None,
    layout: str | None = None,
    form: str | None = None,
    to: Path | None = None,
    links: Links | None = None,
) -> bytes:
    """Draw the flow diagram of a review.

    Args:
        context: the review.
        update: only this one; None for all closed updates, or the open one where none is closed.
        as_of: an update's number for its closing, a date for the end of that day; None for now.
        layout: one of `LAYOUT_NAMES`; None for the one that fits.
        form: one of `DIAGRAM_FORMS`; None for what the file's name says.
        to: the file that it goes to; None for the terminal.
        links: of its statements, as `links_of` makes them.

    Returns:
        The file's content.

    Raises:
        ReportRefused: there is no such layout or form, the form keeps no links, or one is of no statement there is.
        UpdateRefused: there is no such update.
        StoreError: the database.
    """
    chosen, wanted = layout_named(layout), form_for(DIAGRAM_FORMS, form, to, "text")
    if links and wanted not in _LINKED:
        raise ReportRefused(f"Links are kept in {' and '.join(_LINKED)} only; a {wanted} has none.")
    flows, groups = _flows(context, update, as_of)

    # A study whose reports came with two updates is one study: sums of rows would count it twice.
    def join(some: Sequence[WholeFlow], label: str) -> WholeFlow:
        return replace(groups[tuple(n for flow in some for n in flow.updates)], label=label)

    if links:
        require_statements(links, diagram_of(flows, chosen, join=join))
    return drawn(flows, wanted, chosen, links=links, join=join)


def links_of(pattern: str | None, single: Sequence[str] = ()) -> Links | None:
    """The links of a diagram as a person types them.

    Args:
        pattern: an address with `{box}` in it for the name of a statement, and perhaps `{update}`.
        single: `NAME=ADDRESS`, for statements that lead elsewhere.

    Returns:
        Them, or None where there are none.

    Raises:
        ReportRefused: a text is not as told above, or is no address that a reader may be sent to.
    """
    if pattern is not None:
        rest = pattern.replace("{box}", "").replace("{update}", "")
        if "{box}" not in pattern or "{" in rest or "}" in rest:
            raise ReportRefused(
                f"The links {pattern!r} need {{box}} where the name of a box belongs, and may have {{update}}, as in "
                "https://example.org/flow/{update}#{box}."
            )
    named = {}
    for text in single:
        name, is_named, address = text.partition("=")
        if not (is_named and name.strip()):
            raise ReportRefused(f"The link {text!r} is not of the form BOX=ADDRESS, e.g. screened=screened.html.")
        named[name.strip()] = address.strip()
    for address in (*named.values(), *([pattern] if pattern is not None else ())):
        if not is_address(address):
            raise ReportRefused(f"{address!r} is no address to link to: use http, https, mailto or a relative one.")
    return Links(pattern, named) if pattern is not None or named else None


def require_statements(links: Links, diagram: Diagram) -> None:
    """Holds the single links against what a diagram says.

    Raises:
        ReportRefused: it has no statement of that name; those that it has are named.
    """
    names = list(dict.fromkeys(name for name, _ in statements_of(diagram).values()))
    for name in links.single:
        if name not in names:
            raise ReportRefused(f"The diagram has no {name!r} to link; it has: {', '.join(names)}.")


def known_diagram(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, flow: Flow, position: int | None = None
) -> Diagram:
    """The diagram of a flow as far as it is known: down to screening, or whole once anything that follows is.

    Args:
        con: the review's database; temporary tables are left on it.
        context: the review.
        flow: as it was frozen, or stands; several updates are drawn together.
        position: in the log, up to which the later boxes are taken; None for now.

    Returns:
        Frozen identification where nothing else is known; else all boxes as of that position.
    """
    at = log_position(con) if position is None else position
    whole = whole_flow_at(con, flow.updates, at, context.declared())
    if not is_known_further(whole):
        return flow_diagram(flow)
    every = {n: closed for n, closed in con.execute(_UPDATES, {"position": at}).fetchall()}
    return diagram_of([_marked(whole, every)])


def diagram_now(context: ReviewContext, flow: Flow) -> Diagram:
    """The diagram of a flow as far as it is known now; see `known_diagram`.

    Raises:
        StoreError: the database.
    """
    with context.store.read() as con:
        return known_diagram(con, context, flow)


def layout_named(name: str | None) -> LayoutName | None:
    """A layout by its name.

    Raises:
        ReportRefused: there is no such layout.
    """
    found = next((one for one in LAYOUT_NAMES if one == name), None)
    if name is not None and found is None:
        raise ReportRefused(f"There is no layout {name!r}; choose one of: {', '.join(LAYOUT_NAMES)}.")
    return found


def _flows(
    context: ReviewContext, update: int | None, as_of: AsOf
) -> tuple[list[WholeFlow], dict[tuple[int, ...], WholeFlow]]:
    """The flows of the updates that are meant, and by their numbers those of the groups that a layout may join."""
    with context.store.read() as con:
        position = position_of(con, context, as_of)
        every = {n: closed for n, closed in con.execute(_UPDATES, {"position": position}).fetchall()}
        meant = [n for n in every if n == update] if update is not None else [n for n in every if every[n]] or [*every]
        if not meant:
            have = ", ".join(map(str, every)) or "none"
            raise UpdateRefused(f"There is no update {'' if update is None else update} to draw (there are: {have}).")
        groups: list[tuple[int, ...]] = [(n,) for n in meant]
        groups += dict.fromkeys(tuple(some) for some in (meant, meant[1:], meant[:-1]) if len(some) > 1)
        flows = whole_flows_at(con, groups, position, context.declared())
    named = dict(zip(groups, (_marked(flow, every) for flow in flows), strict=True))
    return [named[n,] for n in meant], named


def _marked(flow: WholeFlow, closed: Mapping[int, bool]) -> WholeFlow:
    """A flow that says if an update of it is still open."""
    still = [n for n in flow.updates if not closed[n]]
    if not still:
        return flow
    note = f"Update {still[0]} is still open: these counts may change."
    return replace(flow, notes=(*flow.notes, note))
