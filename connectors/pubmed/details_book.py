"""What PubMed says about a book, or a chapter of one, beyond the canonical fields."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from connectors.fields import plain
from connectors.pubmed.nodes import Node


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a title stands in the Bookshelf of NCBI.

    Attributes:
        element: whose title: `book`, `collection`, `chapter` or `section`.
        book: identifier of the book, or None.
        part: identifier of the part, or None.
        section: identifier of the section, or None.
    """

    element: str
    book: str | None
    part: str | None
    section: str | None


@dataclass(frozen=True, slots=True)
class Label:
    """The number under which a chapter, figure or the like stands in its book.

    Attributes:
        kind: `chapter`, `part`, `figure`, …, or None.
        text: as printed.
    """

    kind: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a chapter, with the sections within it.

    Attributes:
        title: plain text; empty where it has none.
        label: its number, or None.
        anchor: where it stands in the Bookshelf, or None.
        sections: those within it, in order.
    """

    title: str
    label: Label | None
    anchor: Anchor | None
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list that PubMed keeps of a book, such as its synonyms.

    Attributes:
        kind: PubMed's word.
        items: texts, in order.
    """

    kind: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """The book that a record is, or is a chapter of; None or empty where PubMed says nothing.

    Attributes:
        title: of the whole book.
        collection: the series that it belongs to.
        publisher: by name.
        place: where the publisher is.
        published: as printed.
        volume: as printed.
        volume_title: of the volume.
        edition: as printed.
        medium: `Internet`, …
        labels: of the chapter.
        sections: of the chapter.
        items: lists of synonyms and the like.
        anchors: of the titles that have a place in the Bookshelf.
    """

    title: str | None = None
    collection: str | None = None
    publisher: str | None = None
    place: str | None = None
    published: str | None = None
    volume: str | None = None
    volume_title: str | None = None
    edition: str | None = None
    medium: str | None = None
    labels: tuple[Label, ...] = ()
    sections: tuple[Section, ...] = ()
    items: tuple[ItemList, ...] = ()
    anchors: tuple[Anchor, ...] = ()


def book_of(document: Node, published: str | None) -> Book | None:
    """The book of a `BookDocument`.

    Args:
        document: the element's tree.
        published: the date that the book has.

    Returns:
        The book, or None where the element has none.
    """
    book = document.first("Book")
    if book is None:
        return None
    titles = {
        "book": book.all("BookTitle"),
        "collection": book.all("CollectionTitle"),
        "chapter": document.all("ArticleTitle"),
    }
    return Book(
        title=plain(book.value("BookTitle")),
        collection=plain(book.value("CollectionTitle")),
        publisher=plain(book.value("Publisher/PublisherName")),
        place=plain(book.value("Publisher/PublisherLocation")),
        published=published,
        volume=plain(book.value("Volume")),
        volume_title=plain(book.value("VolumeTitle")),
        edition=plain(book.value("Edition")),
        medium=plain(book.value("Medium")),
        labels=tuple(_labels(document.all("LocationLabel"))),
        sections=tuple(_section(node) for node in document.all("Sections/Section")),
        items=tuple(
            ItemList(
                _attribute(node, "ListType") or "", tuple(text for item in node.all("Item") if (text := item.text))
            )
            for node in document.all("ItemList")
        ),
        anchors=tuple(
            anchor for element, found in titles.items() for node in found if (anchor := _anchor(element, node))
        ),
    )


def _attribute(node: Node, name: str) -> str | None:
    return plain(node.attributes.get(name))


def _labels(nodes: Iterable[Node]) -> Iterator[Label]:
    for node in nodes:
        if text := plain(node.text):
            yield Label(_attribute(node, "Type"), text)


def _section(node: Node) -> Section:
    title = node.first("SectionTitle")
    return Section(
        title=plain(node.value("SectionTitle")) or "",
        label=next(_labels(node.all("LocationLabel")), None),
        anchor=_anchor("section", title) if title else None,
        sections=tuple(_section(inner) for inner in node.all("Section")),
    )


def _anchor(element: str, node: Node) -> Anchor | None:
    names = [_attribute(node, name) for name in ("book", "part", "sec")]
    return Anchor(element, *names) if any(names) else None
