"""The history of a review's strategy: its versions, what used them, and what changed between two of them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from livingsearch.errors import StoreDamaged, StrategyUnknown
from livingsearch.services.context import ReviewContext
from livingsearch.services.strategy_texts import strategy_of
from livingsearch.services.strategy_versions import NO_REASON, reading_versions
from livingsearch.strategy.compare import Change, differences, text_difference
from livingsearch.strategy.content import Strategy, strategy_from_json

_VERSIONS = """
SELECT v.number, coalesce(r.author, v.author), v.instant, coalesce(v.reason, r.reason), r.instant, v.content, v.sha256,
    v.translated, v.review_sha256, v.position
FROM strategy_version v LEFT JOIN strategy_reason r USING (number)
ORDER BY v.number
"""

_USES = """
SELECT number, update_number, list(run_id ORDER BY run_id), count(*) FILTER (state = 'complete'),
    list(DISTINCT source ORDER BY source)
FROM run JOIN run_strategy USING (run_id)
GROUP BY number, update_number ORDER BY number, update_number
"""


@dataclass(frozen=True, slots=True)
class VersionUse:
    """The runs of one update that were made under a version.

    Attributes:
        update: number of the update.
        runs: their numbers.
        complete: how many of them came to their end.
        sources: slugs of the sources that were run.
    """

    update: int
    runs: tuple[int, ...]
    complete: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a review's strategy.

    Attributes:
        number: from 1.
        author: who changed the strategy; whoever was at work where the file did not say.
        instant: when it was recorded (UTC).
        reason: why; `reason not given` where nobody said.
        reason_given: whether somebody said.
        reason_instant: when the reason came, where it came after the version (UTC).
        strategy: what the version is.
        sha256: of the strategy as JSON.
        translated: slugs of the sources whose query was the documented search's translation.
        review_sha256: of the review's file that it was first read from.
        position: in the review's log.
        uses: runs made under it, by update.
    """

    number: int
    author: str
    instant: datetime
    reason: str
    reason_given: bool
    reason_instant: datetime | None
    strategy: Strategy
    sha256: str
    translated: tuple[str, ...]
    review_sha256: str
    position: int
    uses: tuple[VersionUse, ...]

    @property
    def updates(self) -> tuple[int, ...]:
        """Numbers of the updates that have a run under it."""
        return tuple(use.update for use in self.uses)

    @property
    def runs(self) -> int:
        """How many runs were made under it, failed ones included."""
        return sum(len(use.runs) for use in self.uses)


@dataclass(frozen=True, slots=True)
class StrategyDifference:
    """What changed between two states of a strategy.

    Attributes:
        before: `version 1`.
        after: `version 2`, or `review.toml as it stands`.
        changes: one each, with a sentence; empty where nothing changed.
        text: the same as a unified diff.
    """

    before: str
    after: str
    changes: tuple[Change, ...]
    text: str


def strategy_history(context: ReviewContext) -> tuple[Version, ...]:
    """All versions of a review's strategy, the first one first.

    Raises:
        StoreError: the database.
    """
    with reading_versions(context.store, actor=context.actor, now=context.now) as con:
        return _versions(con)


def current_version(context: ReviewContext) -> Version | None:
    """The last version that was recorded, or None where the review was never searched.

    What review.toml says now may differ from it: that becomes a version with the next run.

    Raises:
        StoreError: the database.
    """
    versions = strategy_history(context)
    return versions[-1] if versions else None


def strategy_difference(context: ReviewContext, one: int, other: int | None = None) -> StrategyDifference:
    """What changed from one version to another.

    Args:
        context: the review.
        one: number of the version to compare with.
        other: number of the version that is compared; None for the review's file as it stands.

    Raises:
        StrategyUnknown: there is no such version.
        StoreError: the database.
    """
    versions = {version.number: version.strategy for version in strategy_history(context)}
    for number in (one, other):
        if number is not None and number not in versions:
            known = ", ".join(str(n) for n in versions) or "none yet"
            raise StrategyUnknown(
                f"{context.review.slug} has no version {number} of its strategy; recorded are: {known}."
            )
    before = versions[one]
    after = strategy_of(context.review) if other is None else versions[other]
    names = (f"version {one}", "review.toml as it stands" if other is None else f"version {other}")
    return StrategyDifference(*names, differences(before, after), text_difference(before, after, names))


def _versions(con: duckdb.DuckDBPyConnection) -> tuple[Version, ...]:
    uses: dict[int, list[VersionUse]] = {}
    for number, update, runs, complete, sources in con.execute(_USES).fetchall():
        uses.setdefault(number, []).append(VersionUse(update, tuple(runs), complete, tuple(sources)))
    return tuple(
        Version(
            number=number,
            author=author,
            instant=instant.replace(tzinfo=UTC),
            reason=reason or NO_REASON,
            reason_given=reason is not None,
            reason_instant=later.replace(tzinfo=UTC) if later else None,
            strategy=_strategy(number, content),
            sha256=sha256,
            translated=tuple(translated),
            review_sha256=review_sha256,
            position=position,
            uses=tuple(uses.get(number, ())),
        )
        for number, author, instant, reason, later, content, sha256, translated, review_sha256, position in con.execute(
            _VERSIONS
        ).fetchall()
    )


def _strategy(number: int, content: str) -> Strategy:
    try:
        return strategy_from_json(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreDamaged(f"Version {number} of the strategy is not as it was recorded.") from error
