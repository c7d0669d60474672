"""Says a word on a pair in a process of its own that is killed without warning at a named moment.

Usage: killed_decision.py WORKSPACE MOMENT WORD X Y. A moment is `clock N`, as in `killed_update`, or the name of what
the service tells the progress of.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from killed_update import DeadlyClock, die
from living import LivingReview, settings_for

from livingsearch.services.decisions import decide


class DeadlyProgress:
    """Kills the process when the progress of something is told."""

    def __init__(self, moment: str) -> None:
        self.moment = moment

    def step(self, name: str) -> None:
        """Lets it live."""

    def progress(self, what: str, done: int, total: int) -> None:
        if what == self.moment:
            die()


if __name__ == "__main__":
    workspace, moment, word, x, y = sys.argv[1:]
    living = LivingReview(settings_for(Path(workspace)))
    decide(living.context(DeadlyProgress(moment), DeadlyClock(moment)), {(int(x), int(y)): word})
