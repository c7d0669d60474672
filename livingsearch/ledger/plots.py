"""Plots of overlap, contribution, yield and time, as Vega-Lite specifications; drawn with the shipped font."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from livingsearch.ledger.contribution import Contribution
from livingsearch.ledger.diagram_image import converter
from livingsearch.ledger.over_time import UpdateRecords
from livingsearch.ledger.overlap import SourceSet, held_by_source
from livingsearch.ledger.search_summary import SourceYield
from livingsearch.ledger.wording import plain

Spec = dict[str, Any]

MOST_SETS = 30
"""Sets of sources that an UpSet plot shows; the others are counted in its title."""
_DARK, _LIGHT, _BLUE, _ORANGE = "#333333", "#dddddd", "#4c78a8", "#f2a541"
_BAR, _LEFT, _HIGH = 18, 160, 180
_CONFIG: Spec = {
    "font": "Liberation Sans",
    "axis": {"labelLimit": 0, "titleFontWeight": "normal", "labelFontSize": 12, "titleFontSize": 12},
    "legend": {"labelLimit": 0, "labelFontSize": 12, "title": None, "orient": "top"},
    "title": {"anchor": "start", "fontSize": 15},
    "view": {"stroke": None},
}


def upset_plot(sets: Sequence[SourceSet], labels: Mapping[str, str]) -> Spec:
    """Reports by the set of sources that hold them, the largest sets first (UpSet, Lex 2014).

    Args:
        sets: of `source_sets`.
        labels: by slug, in the order of the rows.
    """
    shown = sets[:MOST_SETS]
    rest = sets[MOST_SETS:]
    title = "Reports by the sources that hold them"
    if rest:
        title += f" (sets not shown: {len(rest):,}, with {sum(s.reports for s in rest):,} reports)"
    names = _names(labels)
    bars = [{"set": place, "reports": one.reports} for place, one in enumerate(shown)]
    dots = [
        {"set": place, "source": names[slug], "held": slug in one.sources}
        for place, one in enumerate(shown)
        for slug in labels
    ]
    totals = [{"source": names[h.source], "reports": h.reports} for h in held_by_source(sets, list(labels))]
    band = {"type": "band", "padding": 0.3}
    across: Spec = {"field": "set", "type": "ordinal", "axis": None, "scale": band}
    down: Spec = {"field": "source", "type": "nominal", "sort": list(names.values()), "title": None, "scale": band}
    wide, tall = max(1, len(shown)) * 26, max(1, len(names)) * 24
    empty = {"data": {"values": [{}]}, "mark": {"type": "point", "opacity": 0}, "width": _LEFT, "height": _HIGH}
    # Flush bounds put the bars exactly above their dots, whatever room the axes take.
    return _whole(
        title,
        {
            "columns": 2,
            "bounds": "flush",
            "spacing": {"row": 12, "column": 64},
            "concat": [
                empty,
                {
                    "data": {"values": bars},
                    "width": wide,
                    "height": _HIGH,
                    "layer": _labelled({"type": "bar", "color": _DARK}, {"dy": -6}),
                    "encoding": {"x": across, "y": {"field": "reports", "type": "quantitative", "title": "Reports"}},
                },
                {
                    "data": {"values": totals},
                    "width": _LEFT,
                    "height": tall,
                    "layer": _labelled({"type": "bar", "color": _BLUE, "size": 12}, {"align": "right", "dx": -4}),
                    "encoding": {
                        "x": {
                            "field": "reports",
                            "type": "quantitative",
                            "scale": {"reverse": True},
                            "title": "Reports of the source",
                            "axis": {"tickCount": 3},
                        },
                        "y": {**down, "axis": None},
                    },
                },
                {
                    "data": {"values": dots},
                    "width": wide,
                    "height": tall,
                    "mark": {"type": "circle", "size": 120, "opacity": 1},
                    "encoding": {
                        "x": across,
                        "y": {**down, "axis": {"domain": False, "ticks": False, "orient": "right"}},
                        "color": {
                            "field": "held",
                            "type": "nominal",
                            "scale": {"domain": [True, False], "range": [_DARK, _LIGHT]},
                            "legend": None,
                        },
                    },
                },
            ],
        },
    )


def _labelled(bar: Spec, place: Spec) -> list[Spec]:
    """Bars with their numbers."""
    text = {"type": "text", "fontSize": 10, **place}
    return [{"mark": bar}, {"mark": text, "encoding": {"text": {"field": "reports", "format": ","}}}]


def contribution_plot(rows: Sequence[Contribution], labels: Mapping[str, str]) -> Spec:
    """Reports of each source, those that it alone holds apart."""
    names = _names(labels)
    kinds = ("Held by this source alone", "Held by others too")
    values = [
        {"source": names[row.source], "kind": kind, "order": place, "reports": n}
        for row in rows
        for place, (kind, n) in enumerate(zip(kinds, (row.held.unique, row.held.shared), strict=True))
    ]
    return _stacked("Reports by source", values, list(names.values()), kinds, (_BLUE, "#a9c6e2"))


def yield_plot(rows: Sequence[SourceYield], labels: Mapping[str, str]) -> Spec:
    """Sensitivity, precision and number needed to read of each source."""
    names = _names(labels)
    order = list(names.values())
    panels = []
    for place, (title, form, numbers) in enumerate(
        (
            ("Sensitivity", ".0%", [row.sensitivity for row in rows]),
            ("Precision", ".1%", [row.precision for row in rows]),
            ("Number needed to read", ",.1f", [row.number_needed_to_read for row in rows]),
        )
    ):
        values = [{"source": names[row.source], "n": n} for row, n in zip(rows, numbers, strict=True)]
        axis: Spec | None = {"title": None} if place == 0 else None
        panels.append(
            {
                "data": {"values": values},
                "width": 170,
                "height": max(1, len(order)) * 24,
                "layer": [
                    {"mark": {"type": "bar", "color": _BLUE, "size": _BAR}},
                    {
                        "transform": [{"filter": "isValid(datum.n)"}],
                        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11},
                        "encoding": {"text": {"field": "n", "format": form}},
                    },
                ],
                "encoding": {
                    "x": {
                        "field": "n",
                        "type": "quantitative",
                        "title": title,
                        "axis": {"format": form, "tickCount": 3},
                        "scale": {"domainMin": 0, "padding": 34},
                    },
                    "y": {"field": "source", "type": "nominal", "sort": order, "title": None, "axis": axis},
                },
            }
        )
    return _whole("Sources against the included studies", {"hconcat": panels})


def time_plot(rows: Sequence[UpdateRecords]) -> Spec:
    """Records of each update: new to screen, duplicates, already known."""
    kinds = ("New to screen", "Duplicates", "Already known")
    updates = list(dict.fromkeys(row.update for row in rows))
    values = []
    for update in updates:
        same = [row for row in rows if row.update == update]
        dates = [row.searched for row in same if row.searched]
        label = f"{update} ({max(dates):%Y-%m-%d})" if dates else str(update)
        numbers = (
            sum(r.to_screen for r in same),
            sum(r.duplicates for r in same),
            sum(r.already_known for r in same),
        )
        values += [
            {"update": label, "kind": kind, "order": place, "records": n}
            for place, (kind, n) in enumerate(zip(kinds, numbers, strict=True))
        ]
    order = list(dict.fromkeys(value["update"] for value in values))
    return _whole(
        "Records by update",
        {
            "data": {"values": values},
            "width": max(1, len(order)) * 34,
            "height": 260,
            "mark": {"type": "bar"},
            "encoding": {
                "x": {"field": "update", "type": "nominal", "sort": order, "title": "Update (last search)"},
                "y": {"field": "records", "type": "quantitative", "title": "Records"},
                "color": _color(kinds, (_BLUE, _ORANGE, _LIGHT)),
                "order": {"field": "order"},
            },
        },
    )


def plot_svg(spec: Spec) -> str:
    """A plot as SVG; nothing is read from outside."""
    return str(converter().vegalite_to_svg(json.dumps(spec), allowed_base_urls=[]))


def _stacked(title: str, values: list[Spec], order: list[str], kinds: Sequence[str], colors: Sequence[str]) -> Spec:
    return _whole(
        title,
        {
            "data": {"values": values},
            "width": 420,
            "height": max(1, len(order)) * 26,
            "mark": {"type": "bar", "size": _BAR},
            "encoding": {
                "x": {"field": "reports", "type": "quantitative", "title": "Reports"},
                "y": {"field": "source", "type": "nominal", "sort": order, "title": None},
                "color": _color(kinds, colors),
                "order": {"field": "order"},
            },
        },
    )


def _color(kinds: Sequence[str], colors: Sequence[str]) -> Spec:
    scale = {"domain": list(kinds), "range": list(colors)}
    return {"field": "kind", "type": "nominal", "scale": scale}


def _whole(title: str, body: Spec) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "padding": 12,
        "config": _CONFIG,
        "title": title,
        **body,
    }


def _names(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels as the plot's rows: one that two sources share is told apart by the slug."""
    cleaned = {slug: plain(label) or slug for slug, label in labels.items()}
    shared = {label for label in cleaned.values() if list(cleaned.values()).count(label) > 1}
    return {slug: f"{label} [{slug}]" if label in shared else label for slug, label in cleaned.items()}
