"""Runs an update in a process of its own that is killed without warning at a named moment.

Usage: killed_update.py WORKSPACE EUTILS_URL MOMENT. A moment is the name of a step, or `clock N`: the Nth time that
the service asks for the time, which it does inside its transactions.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).parent.parent))

from living import LivingReview, settings_for

from livingsearch.services.updates import run_update


def die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


class DeadlyWatch:
    """Kills the process when a step is done."""

    def __init__(self, moment: str) -> None:
        self.moment = moment

    def step(self, name: str) -> None:
        if name == self.moment:
            die()

    def progress(self, what: str, done: int, total: int) -> None:
        """Lets it live."""


class DeadlyClock:
    """Kills the process when it is asked for the time often enough."""

    def __init__(self, moment: str) -> None:
        self.left = int(moment.removeprefix("clock ")) if moment.startswith("clock ") else -1

    def __call__(self) -> datetime:
        self.left -= 1
        if self.left == 0:
            die()
        return datetime.now(UTC)


if __name__ == "__main__":
    workspace, url, moment = sys.argv[1:]
    living = LivingReview(settings_for(Path(workspace), url))
    run_update(living.context(DeadlyWatch(moment), DeadlyClock(moment)), number=1)
