"""The people of a PubMed record: authors, editors, investigators, and those it is about."""

import re
from collections.abc import Iterable, Iterator

from connectors.fields import plain
from connectors.pubmed.canonical import name_of
from connectors.pubmed.details_model import Identifier, Person
from connectors.pubmed.nodes import Node

_ORCID = re.compile(r"(?<!\d)(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])(?![\dX])", re.IGNORECASE)


def listed(lists: Iterable[Node]) -> Iterator[Person]:
    """Authors and editors.

    Args:
        lists: `AuthorList` elements.

    Yields:
        Them, in order.
    """
    for part in lists:
        role = "editor" if part.attributes.get("Type") == "editors" else "author"
        for author in part.all("Author"):
            yield from _person(author, role)


def investigators(holder: Node) -> Iterator[Person]:
    """Members of groups.

    Args:
        holder: of `InvestigatorList` elements.

    Yields:
        Them, in order.
    """
    for part in holder.all("InvestigatorList"):
        for node in part.all("Investigator"):
            yield from _person(node, "investigator", plain(part.attributes.get("ID")))


def subjects(holder: Node) -> Iterator[Person]:
    """People whom the publication is about.

    Args:
        holder: of a `PersonalNameSubjectList`.

    Yields:
        Them, in order.
    """
    for node in holder.all("PersonalNameSubjectList/PersonalNameSubject"):
        yield from _person(node, "subject")


def _person(node: Node, role: str, members: str | None = None) -> Iterator[Person]:
    name = name_of(node)
    if not name:
        return
    groups = node.all("CollectiveName")
    pointed = (plain(group.attributes.get("Investigators")) for group in groups)
    yield Person(
        name=name,
        role=role,
        group=not plain(node.value("LastName")) and plain(node.value("CollectiveName")) is not None,
        valid=node.attributes.get("ValidYN") != "N",
        identifiers=tuple(_identifiers(node.all("Identifier"))),
        # Until 2015 an affiliation stood in the author itself.
        affiliations=tuple(
            text
            for found in (*node.all("Affiliation"), *node.all("AffiliationInfo/Affiliation"))
            if (text := plain(found.text))
        ),
        affiliation_ids=tuple(_identifiers(node.all("AffiliationInfo/Identifier"))),
        initials=plain(node.value("Initials")),
        equal=node.attributes.get("EqualContrib") == "Y",
        members=members or next((text for text in pointed if text), None),
    )


def _identifiers(nodes: Iterable[Node]) -> Iterator[Identifier]:
    for node in nodes:
        source, value = plain(node.attributes.get("Source")) or "", plain(node.text)
        if source.upper() == "ORCID" and (found := _ORCID.search(value or "")):
            value = "-".join(found.groups()).upper()
        if value:
            yield Identifier(source, value)
