"""The strategy's part of a review's file, as it stands and as earlier programs kept it."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from livingsearch.errors import ReviewFileError, StoreDamaged
from livingsearch.review import Review
from livingsearch.review.model import Revision
from livingsearch.review.reader import review_of
from livingsearch.strategy.content import Strategy, StrategyConcept, StrategyLimit, StrategySource
from livingsearch.strategy.tree import FieldName


def strategy_of(review: Review) -> Strategy:
    """The strategy's part of a review's file."""
    search = review.search
    return Strategy(
        text=search.text,
        syntax=search.syntax,
        database=search.database,
        fields=search.fields,
        since=search.since.isoformat() if search.since else None,
        until=search.until.isoformat() if search.until else None,
        languages=tuple(sorted(set(search.languages))),
        concepts=tuple(StrategyConcept(one.name, one.terms) for one in search.concepts),
        limits=tuple(StrategyLimit(one.what, one.reason) for one in search.limits),
        sources=tuple(
            StrategySource(one.slug, one.name, one.database, one.platform, one.connector, one.query)
            for one in sorted(review.sources, key=lambda source: source.slug)
        ),
    )


def strategy_of_text(text: str | None, sha256: str) -> tuple[Strategy, Revision | None]:
    """The strategy of a review's file that runs were made under, and the reason that it gives.

    Args:
        text: as kept; None where it is not there.
        sha256: by which it goes.

    Raises:
        StoreDamaged: there is no text, or it is no TOML.
    """
    if text is None:
        raise StoreDamaged(f"The text of review.toml that runs were made under (sha256 {sha256}) is missing.")
    try:
        review = review_of(text.encode(), Path(f"review.toml {sha256[:12]}"))
        return strategy_of(review), review.search.revision
    except ReviewFileError:
        # What was a review's file for an earlier program need not be one for this.
        return _of_values(text, sha256), None


def _of_values(text: str, sha256: str) -> Strategy:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise StoreDamaged(
            f"The text of review.toml that runs were made under (sha256 {sha256}) is no TOML."
        ) from error
    search: Mapping[str, Any] = content.get("search", {})
    since, until = search.get("from"), search.get("to")
    sources = [
        StrategySource(*(str(one.get(name, "")) for name in StrategySource.__slots__))
        for one in content.get("source", [])
    ]
    return Strategy(
        text=str(search.get("text", "")).rstrip(),
        syntax=str(search.get("syntax", "")),
        fields=tuple(name for name in get_args(FieldName) if name in search.get("fields", [])),
        since=None if since in (None, "inception") else str(since),
        until=None if until is None else str(until),
        languages=tuple(sorted({str(one) for one in search.get("languages", [])})),
        concepts=tuple(
            StrategyConcept(str(one.get("name", "")), tuple(str(term) for term in one.get("terms", [])))
            for one in search.get("concepts", [])
        ),
        limits=tuple(
            StrategyLimit(str(one.get("what", "")), str(one.get("reason", "")).rstrip())
            for one in search.get("limits", [])
        ),
        sources=tuple(
            replace(source, query=source.query.rstrip()) for source in sorted(sources, key=lambda source: source.slug)
        ),
    )
