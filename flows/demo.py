"""The example review twice, base search and update, through Prefect, against a stand-in for PubMed.

`make demo` runs this. In a workspace where it ran before it finds both updates closed and changes nothing.
"""

import os
from pathlib import Path

import typer

from livingsearch.errors import ReviewExists
from livingsearch.services.context import init_review
from livingsearch.settings import read_settings
from livingsearch.standin import Standin

REVIEW = "peer-support-personality-disorder"
DATA = Path("data")
WAVES = ("base", "update")
FILES = {
    "medline-ovid": "ovid-medline.ris",
    "embase-ovid": "ovid-embase.ris",
    "psycinfo-ovid": "ovid-psycinfo.ris",
    "cinahl-ebsco": "ebsco-cinahl.ris",
}


def main() -> None:
    """Runs both updates and says where the files lie."""
    workspace = read_settings().workspace.resolve()
    workspace.mkdir(parents=True, exist_ok=True)
    os.environ["LIVINGSEARCH_WORKSPACE"] = str(workspace)
    os.environ.setdefault("PREFECT_HOME", str(workspace / ".prefect"))
    # The first start writes Prefect's own database, which may take longer than its default patience of 20 s.
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    try:
        init_review(read_settings(), DATA / "reviews" / REVIEW / "review.toml")
        typer.echo(f"Made the review {REVIEW} in {workspace}")
    except ReviewExists:
        typer.echo(f"The review {REVIEW} is in {workspace} already: updates that are closed are left as they are")
    for number, wave in enumerate(WAVES, 1):
        typer.echo(f"Update {number}, {wave} wave: a stand-in for PubMed is searched, four exports are imported …")
        _run_wave(number, wave)
    typer.echo(f"Files: {workspace / REVIEW}")


def _run_wave(number: int, wave: str) -> None:
    # Prefect reads its settings when it is imported, so the environment has to be complete before.
    from flows.updates import import_export, update_review

    folder = DATA / "samples" / wave
    with Standin.of_files([folder / "pubmed.xml"]) as standin:
        os.environ["LIVINGSEARCH_EUTILS_URL"] = standin.base_url
        for source, name in FILES.items():
            # The manifest beside the export says when it was searched, what was shown, and who did it.
            import_export(REVIEW, source, [folder / name], update=number)
        update_review(REVIEW, number=number)


if __name__ == "__main__":
    main()
