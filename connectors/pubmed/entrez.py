"""Reading through `Bio.Entrez.read`, without the network and without files outside of Biopython."""

from io import BytesIO
from pathlib import Path
from typing import Any

from Bio import Entrez

from connectors.pubmed.document import Document
from connectors.pubmed.nodes import Node, from_element, from_entrez

_PACKAGE = Path(Entrez.__file__).parent
_DOWNLOADS = ("xmlns:xsi", "<processing-meta")
"""Markup at which Biopython fetches a schema from the network."""


class Unreadable(ValueError):
    """Biopython cannot read the XML; the checked document still can be."""


def read(root: str, content: str) -> Node:
    """Read XML through Biopython, by the newest description of it that comes with Biopython.

    Args:
        root: name of the outermost element, `PubmedArticleSet` or `eSearchResult`.
        content: the outermost element, whole, from a checked document.

    Returns:
        Its tree.

    Raises:
        Unreadable: elements that the description does not know, or that Biopython trips over.
    """
    if any(mark in content for mark in _DOWNLOADS):
        raise Unreadable("it refers to a schema")
    biopython: Any = Entrez
    if biopython.local_cache is None:
        # Otherwise Biopython makes a folder in HOME, which a service may not write to, and would prefer
        # descriptions found there. With its own folder it makes none and reads what it came with.
        biopython.local_cache = str(_PACKAGE.parent.parent)
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {root} SYSTEM "{_address(root)}">\n'
    try:
        return from_entrez(biopython.read(BytesIO((head + content).encode()), escape=True))
    except Exception as problem:
        # Unforeseen markup meets assertions, KeyErrors and AttributeErrors in there, not only ValueErrors.
        raise Unreadable(f"{type(problem).__name__}: {problem}") from problem


def read_or_fall_back(document: Document) -> Node:
    """The tree of a document's root, through Biopython where it can read it."""
    try:
        return read(document.root.tag, document.root.text)
    except Unreadable:
        return from_element(document.root.element)


def _address(root: str) -> str:
    if root == "eSearchResult":
        return "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd"
    newest = max(path.name for path in (_PACKAGE / "DTDs").glob("pubmed_[0-9]*.dtd"))
    return f"https://dtd.nlm.nih.gov/ncbi/pubmed/out/{newest}"
