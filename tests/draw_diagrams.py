"""Draws docs/diagrams: all eight layouts of what makes drawings hard, and the plots, as small PNGs.

Run by `make diagrams`.
"""

import io
import re
from datetime import date
from pathlib import Path

from PIL import Image, ImageColor
from whole_flows import CASES

from livingsearch.ledger.contribution import Records, contributions
from livingsearch.ledger.diagram import LAYOUT_NAMES, diagram_of
from livingsearch.ledger.diagram_image import png_of
from livingsearch.ledger.diagram_svg import svg_diagram
from livingsearch.ledger.over_time import UpdateRecords
from livingsearch.ledger.overlap import SourceSet
from livingsearch.ledger.plots import contribution_plot, plot_svg, time_plot, upset_plot, yield_plot
from livingsearch.ledger.search_summary import SourceYield

FOLDER = Path(__file__).parent.parent / "docs" / "diagrams"
SHOWN = ("example", "14-databases", "12-long-reasons", "missing-numbers")
UPDATES = 3
WIDEST, DOTS, COLORS = 900, 54, 8
"""Limits that keep the repository small; the pictures that `livingsearch prisma` writes have 300 dots an inch."""
MOST_BYTES = 1_000_000
OURS = ("fff", "000", "555", "aaa", "ffc000", "d9d9d9", "9dc3e6")
"""The colours of a diagram, and two between black and white for the edges of letters."""

LABELS = {"pubmed": "PubMed (NCBI)", "medline-ovid": "MEDLINE ALL (Ovid)", "embase-ovid": "Embase (Ovid)"}
SETS = (
    SourceSet(("medline-ovid", "pubmed"), 612),
    SourceSet(("embase-ovid", "medline-ovid", "pubmed"), 540),
    SourceSet(("embase-ovid",), 433),
    SourceSet(("pubmed",), 88),
    SourceSet(("embase-ovid", "medline-ovid"), 61),
    SourceSet(("medline-ovid",), 17),
)


def small(svg: str, dots: float = DOTS, palette: Image.Image | None = None) -> bytes:
    """A picture in few colours, those of a palette where one is given, no wider than a page."""
    found = re.search(r'width="([\d.]+)"', svg)
    assert found
    picture = Image.open(io.BytesIO(png_of(svg, min(dots, WIDEST / float(found[1]) * 96))))
    written = io.BytesIO()
    few = picture.convert("RGB").quantize(COLORS, palette=palette, dither=Image.Dither.NONE)
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def our_colors() -> Image.Image:
    """A palette of `OURS`."""
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for color in OURS for value in ImageColor.getrgb(f"#{color}")])
    return palette


def plots() -> dict[str, str]:
    """The four plots of made-up sources."""
    records = {slug: Records(3 * n, 2 * n, n) for slug, n in zip(LABELS, (700, 650, 550), strict=True)}
    yields = [
        SourceYield(slug, 2 * n, found, 0, 13)
        for (slug, n), found in zip(zip(LABELS, (700, 650, 550), strict=True), (11, 12, 9), strict=True)
    ]
    times = [
        UpdateRecords(
            u, date(2025, u, 15), slug, label, 400 + 30 * u, 0 if u == 1 else 380, 20, 30 * u if u > 1 else 400
        )
        for u in range(1, 7)
        for slug, label in LABELS.items()
    ]
    specs = {
        "plot-overlap": upset_plot(SETS, LABELS),
        "plot-contribution": contribution_plot(contributions(records, SETS, list(LABELS)), LABELS),
        "plot-summary": yield_plot(yields, LABELS),
        "plot-over-time": time_plot(times),
    }
    return {name: plot_svg(spec) for name, spec in specs.items()}


def draw() -> None:
    """Writes the pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for case in SHOWN:
        for layout in LAYOUT_NAMES:
            # A new review has one search; what several updates come to together is a layout of its own.
            flows = CASES[case][: 1 if layout in {"new", "new-other"} else UPDATES]
            svg = svg_diagram(diagram_of(flows, layout))
            (FOLDER / f"{layout}-{case}.png").write_bytes(small(svg, palette=our_colors()))
    for name, svg in plots().items():
        (FOLDER / f"{name}.png").write_bytes(small(svg, 72))
    size = sum(file.stat().st_size for file in FOLDER.glob("*.png"))
    if size > MOST_BYTES:
        raise SystemExit(f"The pictures take {size:,} bytes, more than {MOST_BYTES:,}: lower DOTS or COLORS.")


if __name__ == "__main__":
    draw()
