"""Plots: drawn offline by Vega, with every label and number in them."""

from datetime import date

from defusedxml.ElementTree import fromstring

from livingsearch.ledger.contribution import Records, contributions
from livingsearch.ledger.over_time import UpdateRecords
from livingsearch.ledger.overlap import SourceSet
from livingsearch.ledger.plots import MOST_SETS, contribution_plot, plot_svg, time_plot, upset_plot, yield_plot
from livingsearch.ledger.search_summary import SourceYield

LABELS = {"a": "MEDLINE ALL (Ovid)", "b": "Embase & <Classic>", "c": "Embase & <Classic>"}
SETS = (SourceSet(("a", "b"), 1200), SourceSet(("a",), 34), SourceSet(("b", "c"), 7))


def texts(svg: str) -> set[str]:
    return {(one.text or "") for one in fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}


def test_upset_has_every_set_and_source() -> None:
    svg = plot_svg(upset_plot(SETS, LABELS))
    assert {"1,200", "34", "7", "1,234", "1,207"} <= texts(svg)
    # Sources of the same label are told apart.
    assert {"MEDLINE ALL (Ovid)", "Embase & <Classic> [b]", "Embase & <Classic> [c]"} <= texts(svg)
    assert "Liberation Sans" in svg


def test_upset_says_what_it_leaves_out() -> None:
    many = [SourceSet((f"s{n}",), 100 - n) for n in range(MOST_SETS + 2)]
    spec = upset_plot(many, {one.sources[0]: one.sources[0] for one in many})
    assert spec["title"].endswith("(sets not shown: 2, with 139 reports)")


def test_the_other_plots() -> None:
    rows = contributions({"a": Records(9, 9, 9)}, SETS, list(LABELS))
    spec = contribution_plot(rows, LABELS)
    assert [(v["source"][:7], v["reports"]) for v in spec["data"]["values"]][:2] == [("MEDLINE", 34), ("MEDLINE", 1200)]
    shown = texts(plot_svg(yield_plot([SourceYield("a", 800, 4, 1, 8), SourceYield("b", 0, 0, 0, 8)], LABELS)))
    assert {"50%", "0.5%", "200.0", "Sensitivity", "Precision", "Number needed to read"} <= shown
    times = time_plot(
        [
            UpdateRecords(1, date(2025, 1, 2), "a", "A", 10, 0, 4, 6),
            UpdateRecords(1, date(2025, 1, 3), "b", "B", 5, 0, 5, 0),
            UpdateRecords(2, None, "a", "A", 0, 0, 0, 0),
        ]
    )
    assert [(v["update"], v["records"]) for v in times["data"]["values"]] == [
        ("1 (2025-01-03)", 6),
        ("1 (2025-01-03)", 9),
        ("1 (2025-01-03)", 0),
        ("2", 0),
        ("2", 0),
        ("2", 0),
    ]
