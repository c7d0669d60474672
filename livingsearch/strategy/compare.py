"""What changed between two states of a review's strategy, in words for people."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from livingsearch.strategy.compare_searches import Given, SearchChange, listed, search_changes
from livingsearch.strategy.content import Strategy, StrategyConcept, StrategyLimit, StrategySource
from livingsearch.strategy.dialects import Dialect, platform_named
from livingsearch.strategy.plain_text import on_one_line, visible

ChangeKind = Literal["search", "fields", "dates", "languages", "concept", "limit", "source", "query"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed.

    Args:
        kind: what it belongs to: `search` the documented one, `query` that of a source.
        where: name of the concept, slug of the source; empty for the review as a whole.
        sentence: for people.
        added: terms, fields, languages or lines that came, all of them.
        removed: those that went.
    """

    kind: ChangeKind
    where: str
    sentence: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def differences(before: Strategy, after: Strategy) -> tuple[Change, ...]:
    """What changed, from the documented search to the sources.

    Args:
        before: the earlier state.
        after: the later state.

    Returns:
        One change each; none where the two are equal, at least one where they are not. Searches that can be read
        are compared by their terms and by how these are joined, others line by line.
    """
    return (
        *_documented(before, after),
        *_sets(
            "fields",
            "Fields in which terms without a field are looked for",
            [_words(name) for name in before.fields],
            [_words(name) for name in after.fields],
        ),
        *_dates(before, after),
        *_sets("languages", "Languages", before.languages, after.languages),
        *_concepts(before.concepts, after.concepts),
        *_limits(before.limits, after.limits),
        *_sources(before, after),
    )


def text_difference(before: Strategy, after: Strategy, names: tuple[str, str] = ("before", "after")) -> str:
    """The same as a unified diff of both states written out.

    Args:
        before: the earlier state.
        after: the later state.
        names: what the two are called in the diff's head.

    Returns:
        Lines that end with a newline; empty where nothing differs.
    """
    lines = difflib.unified_diff(written_out(before), written_out(after), *names, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def written_out(strategy: Strategy) -> list[str]:
    """A strategy as lines of text, for people and for line by line comparison."""
    written_for = f"{strategy.syntax}, {strategy.database}" if strategy.database else strategy.syntax
    lines = [f"Documented search ({visible(written_for)}):", *_indented(strategy.text)]
    lines += [
        f"Fields: {', '.join(_words(name) for name in strategy.fields)}",
        f"From: {strategy.since or 'inception'}",
        f"To: {strategy.until or 'open'}",
        f"Languages: {', '.join(strategy.languages) or 'all'}",
    ]
    for concept in strategy.concepts:
        lines += [f"Concept: {visible(concept.name)}", *(f"  {visible(term)}" for term in concept.terms)]
    for limit in strategy.limits:
        lines += [f"Limit: {limit.what}", *_indented(limit.reason)]
    for source in strategy.sources:
        lines += [
            f"Source: {source.slug}",
            f"  {source.name}: {source.database} on {source.platform} (connector {source.connector})",
            *_indented(source.query),
        ]
    return lines


def _indented(text: str) -> list[str]:
    return [f"  {visible(line)}" for line in text.splitlines()]


def _words(field: str) -> str:
    return field.replace("_", " ")


def _documented(before: Strategy, after: Strategy) -> list[Change]:
    changes = []
    if before.syntax != after.syntax:
        sentence = f"The documented search is now in the syntax {after.syntax}; it was in {before.syntax}."
        changes.append(Change("search", "", sentence))
    if before.database != after.database:
        now, was = after.database or "no database named", before.database or "none named"
        changes.append(Change("search", "", f"The documented search is now written for: {now}; it was: {was}."))
    one = _given(before.text, before.syntax, before.database)
    other = _given(after.text, after.syntax, after.database)
    changes += [_in_words("search", "", "The documented search", change) for change in search_changes(one, other)]
    return changes


def _given(text: str, platform: str, database: str | None = None) -> Given:
    name = platform_named(platform)
    return Given(text, Dialect(name, database) if name else None)


def _in_words(kind: ChangeKind, where: str, name: str, change: SearchChange) -> Change:
    """A change of a search with the search named."""
    parts = []
    if change.added:
        parts.append(f"added {listed(change.added)}")
    if change.removed:
        parts.append(f"removed {listed(change.removed)}")
    sentence = f"{name}: {'; '.join([*parts, *([change.note] if change.note else [])])}."
    return Change(kind, where, sentence, change.added, change.removed)


def _dates(before: Strategy, after: Strategy) -> list[Change]:
    changes = []
    for name, open_end, one, other in (
        ("from", "inception", before.since, after.since),
        ("to", "no last day", before.until, after.until),
    ):
        if one != other:
            sentence = f"Dates: {name} {other or open_end} instead of {one or open_end}."
            changes.append(Change("dates", name, sentence, (other or open_end,), (one or open_end,)))
    return changes


def _sets(kind: ChangeKind, name: str, before: Sequence[str], after: Sequence[str]) -> list[Change]:
    added, removed = _only_in(after, before), _only_in(before, after)
    if not added and not removed:
        return []
    return [_in_words(kind, "", name, SearchChange(added, removed, ""))]


def _only_in(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    others = set(other)
    return tuple(dict.fromkeys(item for item in one if item not in others))


def _concepts(before: Sequence[StrategyConcept], after: Sequence[StrategyConcept]) -> list[Change]:
    olds, news = {one.name: one for one in before}, {one.name: one for one in after}
    changes, renamed = [], set()
    for concept in after:
        if concept.name in olds:
            changes += _terms(olds[concept.name], concept)
            continue
        twin = next(
            (one for one in before if one.name not in news and one.terms == concept.terms and one.name not in renamed),
            None,
        )
        if twin:
            renamed.add(twin.name)
            changes.append(Change("concept", concept.name, f"Concept “{twin.name}” is now called “{concept.name}”."))
        else:
            sentence = f"Concept “{concept.name}” is new: {listed(concept.terms)}."
            changes.append(Change("concept", concept.name, sentence, concept.terms))
    for concept in before:
        if concept.name not in news and concept.name not in renamed:
            sentence = f"Concept “{concept.name}” is gone: {listed(concept.terms)}."
            changes.append(Change("concept", concept.name, sentence, (), concept.terms))
    if not changes and tuple(before) != tuple(after):
        changes.append(Change("concept", "", "The concepts stand in another order."))
    return changes


def _terms(before: StrategyConcept, after: StrategyConcept) -> list[Change]:
    added, removed = _only_in(after.terms, before.terms), _only_in(before.terms, after.terms)
    if added or removed:
        name = f"Concept “{after.name}”"
        return [_in_words("concept", after.name, name, SearchChange(added, removed, ""))]
    if before.terms != after.terms:
        return [Change("concept", after.name, f"Concept “{after.name}”: the same terms, listed differently.")]
    return []


def _limits(before: Sequence[StrategyLimit], after: Sequence[StrategyLimit]) -> list[Change]:
    olds, news = {one.what: one for one in before}, {one.what: one for one in after}
    changes = []
    for limit in after:
        if limit.what not in olds:
            sentence = f"Limit “{limit.what}” is new: {on_one_line(limit.reason)}"
            changes.append(Change("limit", limit.what, sentence, (limit.what,)))
        elif limit.reason != olds[limit.what].reason:
            sentence = f"Limit “{limit.what}”: its reason is worded differently: {on_one_line(limit.reason)}"
            changes.append(Change("limit", limit.what, sentence))
    for limit in before:
        if limit.what not in news:
            changes.append(Change("limit", limit.what, f"Limit “{limit.what}” is gone.", (), (limit.what,)))
    if not changes and tuple(before) != tuple(after):
        changes.append(Change("limit", "", "The limits stand in another order."))
    return changes


def _sources(before: Strategy, after: Strategy) -> list[Change]:
    olds = {one.slug: one for one in before.sources}
    news = {one.slug: one for one in after.sources}
    gone = [one for one in before.sources if one.slug not in news]
    changes = []
    for source in after.sources:
        old = olds.get(source.slug)
        if old is None:
            old = next((one for one in gone if _same_place(one, source)), None)
            if old is None:
                sentence = f"Source {source.slug} is new: {source.database} on {source.platform}."
                changes.append(Change("source", source.slug, sentence, (source.slug,)))
                continue
            gone.remove(old)
            sentence = (
                f"Source {old.slug} is now called {source.slug}: its records are those of another source from here on, "
                "and none of them is already known."
            )
            changes.append(Change("source", source.slug, sentence, (source.slug,), (old.slug,)))
        changes += _source(old, source)
    for source in gone:
        sentence = f"Source {source.slug} is gone: {source.database} on {source.platform} is not searched any more."
        changes.append(Change("source", source.slug, sentence, (), (source.slug,)))
    return changes


def _same_place(one: StrategySource, other: StrategySource) -> bool:
    return (one.database, one.platform, one.connector) == (other.database, other.platform, other.connector)


def _source(before: StrategySource, after: StrategySource) -> list[Change]:
    slug = after.slug
    changes = [
        Change("source", slug, f"Source {slug}: its {name} is now {new}; it was {old}.", (new,), (old,))
        for name, old, new in (
            ("name", before.name, after.name),
            ("database", before.database, after.database),
            ("platform", before.platform, after.platform),
            ("connector", before.connector, after.connector),
        )
        if old != new
    ]
    one = _given(before.query, before.platform, before.database)
    other = _given(after.query, after.platform, after.database)
    name = f"The query of {after.label}"
    return [*changes, *(_in_words("query", slug, name, change) for change in search_changes(one, other))]
