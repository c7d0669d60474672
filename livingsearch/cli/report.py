"""The group of commands that report on a review; each is loaded when it is asked for."""

import typer

from livingsearch.cli.lazily import loaded_on_demand

_HERE = "livingsearch.cli."
REPORTS = {
    "import": _HERE + "report_import",
    "prisma-s": _HERE + "report_prisma_s",
    "changes": _HERE + "report_changes",
    "show": _HERE + "report_show",
    "overlap": _HERE + "source_reports",
    "contribution": _HERE + "source_reports",
    "summary": _HERE + "source_reports",
    "over-time": _HERE + "source_reports",
    "update": _HERE + "telling",
    "audit": _HERE + "telling",
    "methods": _HERE + "telling",
}
"""The module that adds each report, in the order of the help."""


def add_to(app: typer.Typer) -> None:
    """Adds the group to the program."""
    reports = typer.Typer(
        name="report",
        cls=loaded_on_demand(REPORTS),
        help="Report on a review: an update, its methods, one record, its sources, the search appendix, an import.",
        no_args_is_help=True,
    )
    app.add_typer(reports)
