"""Fields and details of a record in words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, fields, is_dataclass
from typing import Any

from connectors.pubmed.details_model import (
    Correction,
    Heading,
    Identifier,
    Keyword,
    Moment,
    Note,
    OtherAbstract,
    Person,
    Term,
)

_LINE_A_VALUE = frozenset({"headings", "people", "corrections", "history", "other_abstracts", "grants", "sections"})


def told_fields(value: Any) -> Iterator[tuple[str, str]]:
    """What a record or its details say, for people.

    Args:
        value: the dataclass.

    Yields:
        Name and text of each field that says something; flags only where they are not as usual. A text has a line
        for each person, heading and the like.
    """
    for field in fields(value):
        held = getattr(value, field.name)
        name = field.name.replace("_", " ")
        if is_dataclass(held):
            yield from ((f"{name}: {inner}", told) for inner, told in told_fields(held))
        elif isinstance(held, bool):
            if held != field.default:
                yield name, "yes" if held else "no"
        elif held not in (None, ()):
            between = "\n" if field.name in _LINE_A_VALUE else "; "
            yield name, between.join(map(_told, held)) if isinstance(held, tuple) else str(held)


def _told(value: Any) -> str:
    writer = _WRITERS.get(type(value))
    if writer:
        return writer(value)
    return ", ".join(_parts(astuple(value))) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _parts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, tuple):
            yield from _parts(value)
        elif value is not None and not isinstance(value, bool):
            yield str(value)


def _term(term: Term) -> str:
    named = ", ".join(part for part in (term.ui, term.kind, "automatic" if term.automatic else None) if part)
    return ("*" if term.major else "") + term.name + (f" [{named}]" if named else "")


def _heading(heading: Heading) -> str:
    return "/".join(_term(term) for term in (heading.descriptor, *heading.qualifiers))


def _person(person: Person) -> str:
    marks = [person.role, *(["group"] if person.group else []), *(["equal contribution"] if person.equal else [])]
    marks += [] if person.valid else ["marked as wrong"]
    told = [f"{person.name} ({', '.join(marks)})", *map(_identifier, person.identifiers), *person.affiliations]
    return "; ".join([*told, *map(_identifier, person.affiliation_ids)])


def _identifier(one: Identifier) -> str:
    return f"{one.source} {one.value}" + ("" if one.valid else " (marked as wrong)")


def _correction(link: Correction) -> str:
    pmid = f"PMID {link.pmid}" if link.pmid else None
    return f"{link.kind}: " + "; ".join(part for part in (pmid, link.citation, link.note) if part)


def _moment(moment: Moment) -> str:
    return f"{moment.kind} {moment.on or moment.text}"


def _keyword(word: Keyword) -> str:
    return ("*" if word.major else "") + word.text + (f" [{word.owner}]" if word.owner else "")


def _note(note: Note) -> str:
    return note.text + (f" [{note.owner}]" if note.owner else "")


def _abstract(other: OtherAbstract) -> str:
    by = ", ".join(part for part in (other.kind, other.language, other.copyright) if part)
    return f"({by}) {other.text}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    Term: _term,
    Heading: _heading,
    Person: _person,
    Identifier: _identifier,
    Correction: _correction,
    Moment: _moment,
    Keyword: _keyword,
    Note: _note,
    OtherAbstract: _abstract,
}
