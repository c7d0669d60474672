"""Changes of the example review's search, and what is recorded of them."""

import re
from collections.abc import Callable

from living import EXPORTS, SAMPLES, SEARCHED, LivingReview

from livingsearch.services.imports import import_export
from livingsearch.services.runs import RunResult
from livingsearch.services.strategies import (
    strategy_history,
)

Edit = Callable[[str], str]


def put(old: str, new: str) -> Edit:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def edit(living: LivingReview, *changes: Edit) -> None:
    file = living.context().folder.review_file
    text = file.read_text("utf-8")
    for change in changes:
        text = change(text)
    file.write_text(text, "utf-8")


def brought(living: LivingReview, source: str, wave: str = "base", number: int | None = None) -> RunResult:
    return import_export(
        living.context(), source, [SAMPLES / wave / EXPORTS[source]], date_searched=SEARCHED[wave], update=number
    )


def revised(reason: str, author: str = "A. Librarian") -> Edit:
    """Puts `[search.revision]` into the file, in place of the one that is there."""
    table = f'[search.revision]\nauthor = "{author}"\nreason = "{reason}"\n\n'

    def change(text: str) -> str:
        text = re.sub(r"\[search\.revision\]\n.*\n.*\n\n", "", text)
        return text.replace("[dedup]\n", f"{table}[dedup]\n", 1)

    return change


WIDER = put('"expert patient$"]', '"expert patient$", "lived experience$"]')
"""A change of the strategy that leaves all queries as they are."""
NARROWER = put('"expert patient$", "lived experience$"]', '"expert patient$"]')


def numbers(living: LivingReview) -> list[int]:
    return [version.number for version in strategy_history(living.context())]


def said(result: RunResult) -> list[str]:
    """What a run says of the strategy; the samples have warnings of their own."""
    return [warning for warning in result.warnings if "the strategy" in warning]


def version_of(living: LivingReview) -> dict[int, int]:
    """Version by run."""
    with living.context().store.read() as con:
        return dict(con.execute("SELECT run_id, number FROM run_strategy").fetchall())
