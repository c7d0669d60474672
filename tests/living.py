"""A living review on the samples: the steps that several tests walk through."""

import atexit
import csv
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from livingsearch.services.context import ReviewContext, init_review, open_review, utc_now
from livingsearch.services.imports import import_export
from livingsearch.services.updates import UpdateOutcome, run_update
from livingsearch.services.watch import Unwatched, Watch
from livingsearch.settings import Settings
from livingsearch.standin import Standin

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data" / "samples"
SLUG = "peer-support-personality-disorder"
REVIEW_FILE = ROOT / "data" / "reviews" / SLUG / "review.toml"
EXPORTS = {
    "medline-ovid": "ovid-medline.ris",
    "embase-ovid": "ovid-embase.ris",
    "psycinfo-ovid": "ovid-psycinfo.ris",
    "cinahl-ebsco": "ebsco-cinahl.ris",
}
NOWHERE = "http://127.0.0.1:9/"
"""An address at which nothing listens."""
SEARCHED = {"base": date(2023, 12, 31), "update": date(2025, 8, 15)}


def settings_for(workspace: Path, eutils_url: str = NOWHERE, **more: object) -> Settings:
    """Settings of a test: its own workspace, a stand-in, little patience."""
    patience = 0.0 if eutils_url == NOWHERE else 2.0
    values: dict[str, object] = {"retry_budget": patience, "lock_timeout": 60.0, "threads": 1}
    values |= {"LIVINGSEARCH_API_KEY": "a key for tests", "standin_requests_per_second": 1000.0, **more}
    return Settings(workspace=workspace, eutils_url=eutils_url, **values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class LivingReview:
    """The example review in a workspace of its own.

    Attributes:
        settings: of the test.
    """

    settings: Settings

    def context(self, watch: Watch | None = None, now: Callable[[], datetime] = utc_now) -> ReviewContext:
        return open_review(self.settings, SLUG, actor="test", watch=watch or Unwatched(), now=now)

    def import_wave(
        self,
        wave: str,
        number: int | None = None,
        *,
        only: tuple[str, ...] = tuple(EXPORTS),
        watch: Watch | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        for source in only:
            import_export(
                self.context(watch, now),
                source,
                [SAMPLES / wave / EXPORTS[source]],
                date_searched=SEARCHED[wave],
                update=number,
            )

    def run(self, wave: str, standin: Standin, number: int | None = None, watch: Watch | None = None) -> UpdateOutcome:
        standin.load([SAMPLES / wave / "pubmed.xml"])
        self.import_wave(wave, number)
        return run_update(self.context(watch), number=number)


def made_in(workspace: Path, eutils_url: str = NOWHERE, **more: object) -> LivingReview:
    """The example review, just made."""
    return _copied(_stage("made"), workspace, eutils_url, **more)


def imported_in(workspace: Path, eutils_url: str = NOWHERE, **more: object) -> LivingReview:
    """The example review with all exports of the first wave in update 1; PubMed was not searched."""
    return _copied(_stage("imported"), workspace, eutils_url, **more)


def closed_in(workspace: Path, eutils_url: str = NOWHERE, **more: object) -> LivingReview:
    """The example review after update 1, which found the first wave in every source."""
    return _copied(_stage("closed"), workspace, eutils_url, **more)


def updated_in(workspace: Path, eutils_url: str = NOWHERE, **more: object) -> LivingReview:
    """The example review after update 2, which found the second wave in every source."""
    return _copied(_stage("updated"), workspace, eutils_url, **more)


def _copied(stage: Path, workspace: Path, eutils_url: str, **more: object) -> LivingReview:
    shutil.copytree(stage, workspace, dirs_exist_ok=True)
    return LivingReview(settings_for(workspace, eutils_url, **more))


@cache
def _stages() -> Path:
    """A folder that is gone when the process ends."""
    folder = tempfile.mkdtemp(prefix="livingsearch-stages-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@cache
def _stage(name: str) -> Path:
    """A workspace that a test may copy and must not touch: each stage is walked to once a process."""
    workspace = _stages() / name
    if name == "made":
        init_review(settings_for(workspace), REVIEW_FILE, actor="test")
    elif name == "imported":
        made_in(workspace).import_wave("base", 1)
    else:
        with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
            if name == "closed":
                assert run_update(imported_in(workspace, standin.base_url).context(), number=1).closed
            else:
                assert closed_in(workspace, standin.base_url).run("update", standin, 2).closed
    return workspace


def truth() -> list[dict[str, str]]:
    """`data/samples/truth.csv`."""
    with (SAMPLES / "truth.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def declared_counts(wave: str) -> dict[str, int]:
    """Records by source that the wave's files hold and the search finds."""
    with (SAMPLES / "counts.csv").open(newline="", encoding="utf-8") as file:
        return {r["source"]: int(r["matches"]) for r in csv.DictReader(file) if r["wave"] == wave}


def at(text: str) -> Callable[[], datetime]:
    """A clock that stands still at an instant (UTC)."""
    instant = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return lambda: instant
