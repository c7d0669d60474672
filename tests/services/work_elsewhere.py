"""What tests have done in another process, which may be killed at a named moment: see `processes.Dying`."""

from datetime import datetime, timedelta
from pathlib import Path

from living import NOWHERE, LivingReview, settings_for
from processes import Dying

from livingsearch.services.context import ReviewContext
from livingsearch.services.decisions import Word, decide
from livingsearch.services.inbox import take_inbox
from livingsearch.services.reporting import review_counts
from livingsearch.services.strategies import strategy_history
from livingsearch.services.updates import run_update


def living_in(workspace: Path, url: str = NOWHERE) -> LivingReview:
    return LivingReview(settings_for(workspace, url))


def context_in(workspace: Path, moment: str, url: str = NOWHERE) -> ReviewContext:
    dying = Dying(moment)
    return living_in(workspace, url).context(dying, dying.now)


def update(workspace: Path, url: str, moment: str = "") -> bool:
    """Whether update 1 is closed."""
    return run_update(context_in(workspace, moment, url), number=1).closed


def bring(workspace: Path, source: str, moment: str = "") -> None:
    dying = Dying(moment)
    living_in(workspace).import_wave("base", only=(source,), watch=dying, now=dying.now)


def take_drop(workspace: Path, moment: str) -> None:
    dying = Dying(moment)

    def later() -> datetime:
        return dying.now() + timedelta(minutes=10)

    take_inbox(living_in(workspace).context(dying, later))


def give_word(workspace: Path, moment: str, pair: tuple[int, int], word: Word) -> None:
    decide(context_in(workspace, moment), {pair: word})


def seen(workspace: Path, times: int) -> list[int]:
    """How many records are identified, looked up again and again."""
    found = []
    for _ in range(times):
        counts = review_counts(living_in(workspace).context())
        flow = counts.closed[0] if counts.closed else counts.open
        found.append(flow.identified if flow else 0)
    return found


def versions(workspace: Path) -> int:
    """How many versions of the strategy there are."""
    return len(strategy_history(living_in(workspace).context()))
