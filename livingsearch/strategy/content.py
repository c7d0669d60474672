"""What a review's strategy consists of: what is compared when it changed, and kept with every version."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StrategySource:
    """A database on a platform, and what is searched there.

    Args:
        slug: its name in the review.
        name: of the database, for readers.
        database: the database with its edition, as the platform calls it.
        platform: where it is searched.
        connector: how its records come in.
        query: the search as it runs there.
    """

    slug: str
    name: str
    database: str
    platform: str
    connector: str
    query: str

    @property
    def label(self) -> str:
        """As a reader should see it: `Embase (Ovid)`."""
        return self.name if self.platform == self.name else f"{self.name} ({self.platform})"


@dataclass(frozen=True, slots=True)
class StrategyConcept:
    """One concept of the question, with its terms as documented."""

    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrategyLimit:
    """A limit put on the search, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """A review's strategy.

    Args:
        text: the documented search, verbatim.
        syntax: the platform whose syntax it is in.
        fields: where terms without a field are looked for, in one order.
        since: first day covered, as `2000-01-01`; None for the databases' inception.
        until: last day covered; None where it is open.
        languages: that the review takes in, sorted; empty for all.
        concepts: in the review's order.
        limits: in the review's order.
        sources: sorted by slug, so that their order in a file makes no difference.
        database: that the documented search is written for; None where the file does not say.
    """

    text: str
    syntax: str
    fields: tuple[str, ...]
    since: str | None
    until: str | None
    languages: tuple[str, ...]
    concepts: tuple[StrategyConcept, ...]
    limits: tuple[StrategyLimit, ...]
    sources: tuple[StrategySource, ...]
    database: str | None = None

    @property
    def json(self) -> str:
        """As it is kept: equal strategies give the same text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """Of `json` in UTF-8."""
        return hashlib.sha256(self.json.encode()).hexdigest()


def strategy_from_json(text: str) -> Strategy:
    """The strategy that `Strategy.json` wrote.

    Args:
        text: JSON.

    Raises:
        ValueError, KeyError, TypeError: it is not what `Strategy.json` writes.
    """
    values: dict[str, Any] = json.loads(text)
    return Strategy(
        text=values["text"],
        syntax=values["syntax"],
        fields=tuple(values["fields"]),
        since=values["since"],
        until=values["until"],
        languages=tuple(values["languages"]),
        concepts=tuple(StrategyConcept(one["name"], tuple(one["terms"])) for one in values["concepts"]),
        limits=tuple(StrategyLimit(**one) for one in values["limits"]),
        sources=tuple(StrategySource(**one) for one in values["sources"]),
        database=values["database"],
    )
