"""What every command starts from, and the progress that a terminal shows."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from livingsearch.settings import Settings

if TYPE_CHECKING:
    from livingsearch.services.context import ReviewContext


@dataclass(frozen=True, slots=True)
class State:
    """Handed from the program's start to each command.

    Attributes:
        settings: of this machine.
    """

    settings: Settings

    @contextmanager
    def review(self, slug: str) -> Iterator["ReviewContext"]:
        """A review, with progress bars on standard error while it is worked on, if that is a terminal.

        Raises:
            ReviewUnknown, ReviewFileError: as for `open_review`.
        """
        # Imported here: commands on files need nothing of reviews.
        from livingsearch.services.context import open_review

        with self.watching() as watch:
            yield open_review(self.settings, slug, watch=watch)

    @contextmanager
    def watching(self) -> Iterator["TerminalWatch"]:
        """Progress bars on standard error, if that is a terminal."""
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as bars:
            yield TerminalWatch(bars)


class TerminalWatch:
    """Shows each long step as a progress bar.

    Args:
        bars: rich's display.
    """

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing is drawn meanwhile, so that a question can be asked."""
        self._bars.stop()
        try:
            yield
        finally:
            self._bars.start()

    def step(self, name: str) -> None:
        """Steps are not shown: the bars tell enough."""

    def progress(self, what: str, done: int, total: int) -> None:
        """Moves the bar of that step, making it where it is new."""
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=total)
        self._bars.update(self._tasks[what], completed=done, total=total)
