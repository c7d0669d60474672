"""What the appendix says of the strategy: its versions, and the limits within its queries."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from livingsearch.errors import SearchTextError
from livingsearch.exports.prisma_s import (
    QueryLimits,
    Restriction,
    Restrictions,
    SearchedSource,
    SearchRun,
    StrategyVersion,
)
from livingsearch.review import Review
from livingsearch.services.strategies import Version
from livingsearch.services.strategy_texts import strategy_of
from livingsearch.services.strategy_versions import NO_REASON
from livingsearch.strategy.compare import differences
from livingsearch.strategy.dialects import READABLE, Dialect, platform_named
from livingsearch.strategy.tree import DateRange, Limited, Node, Scoped, walk

_LIMITING = frozenset({"language", "publication_type", "date_publication", "date_create", "date_entry"})
"""Fields whose terms cut a search down rather than say what it is about."""


def reported_versions(versions: Sequence[Version], frozen_at: datetime | None = None) -> tuple[StrategyVersion, ...]:
    """Versions of the strategy with what each changed, the first one first.

    Args:
        versions: of the review.
        frozen_at: when the update that is reported on closed; a reason that came later is told as such.
    """
    changes: dict[int, tuple[str, ...]] = {
        after.number: tuple(change.sentence for change in differences(before.strategy, after.strategy))
        for before, after in pairwise(versions)
    }
    return tuple(
        StrategyVersion(
            number=version.number,
            author=version.author,
            instant=version.instant,
            reason=_reason(version, frozen_at),
            reason_given=version.reason_given,
            changes=changes.get(version.number, ()),
            restrictions=Restrictions(
                since=version.strategy.since,
                until=version.strategy.until,
                languages=version.strategy.languages,
                limits=tuple(Restriction(limit.what, limit.reason) for limit in version.strategy.limits),
            ),
        )
        for version in versions
    )


def _reason(version: Version, frozen_at: datetime | None) -> str:
    given = version.reason_instant
    if frozen_at is None or given is None or given <= frozen_at:
        return version.reason
    return f"{NO_REASON} when the update closed; given on {given:%Y-%m-%d}: {version.reason}"


def pending_changes(review: Review, versions: Sequence[Version]) -> tuple[str, ...]:
    """What a review's file changed since the last version that was recorded, one sentence each."""
    if not versions:
        return ()
    return tuple(change.sentence for change in differences(versions[-1].strategy, strategy_of(review)))


def query_limits(
    sources: Sequence[SearchedSource], runs: Sequence[SearchRun]
) -> tuple[tuple[QueryLimits, ...], tuple[str, ...]]:
    """Limits that stand in the queries themselves, whether declared or not.

    Args:
        sources: as reported.
        runs: as reported.

    Returns:
        Sources whose queries hold limits, and labels of sources with a query that cannot be read.
    """
    found: list[QueryLimits] = []
    unread: list[str] = []
    for source in {source.slug: source for source in sources}.values():
        queries = [(run.query, run.source) for run in runs if run.source.slug == source.slug]
        queries += [(source.declared, source)] if source.declared else []
        searched = dict.fromkeys((query, where.platform, where.database) for query, where in queries)
        limits = [limits_within(*one) for one in searched]
        texts = dict.fromkeys(text for one in limits if one for text in one)
        if texts:
            found.append(QueryLimits(source.label, tuple(texts)))
        if any(one is None for one in limits):
            unread.append(source.label)
    return tuple(found), tuple(unread)


def limits_within(query: str, platform: str, database: str) -> tuple[str, ...] | None:
    """Limits to dates, languages or types of publication within a query.

    Args:
        query: verbatim.
        platform: as the review's file calls it.
        database: likewise.

    Returns:
        Each as it stands there; None where searches of this platform, or this one, cannot be read.
    """
    from livingsearch.strategy.reading import read_search

    name = platform_named(platform)
    if name is None or name not in READABLE:
        return None
    try:
        search = read_search(query, Dialect(name, database))
    except SearchTextError:
        return None
    texts = (_text(query, limit) for line in search.lines for limit in _limits(line.node))
    return tuple(dict.fromkeys(text for text in texts if text))


def _limits(node: Node) -> Iterator[Node]:
    for inner in walk(node):
        match inner:
            case Limited(limits=limits):
                yield from limits
            case DateRange():
                yield inner
            case Scoped(fields=fields) if _LIMITING.issuperset(fields):
                yield inner


def _text(query: str, node: Node) -> str:
    return " ".join(query[node.place.start : node.place.end].split())
