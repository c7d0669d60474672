"""One tree for a reply's fields, whether Biopython read it or, where it cannot, the checked document itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring

_INLINE = frozenset({"b", "i", "u", "sub", "sup", "DispFormula"})
_MATH = "{http://www.w3.org/1998/Math/MathML}"
_UNSPOKEN = frozenset({f"{_MATH}annotation", f"{_MATH}annotation-xml"})
_SHAPES = frozenset(f"{_MATH}{name}" for name in ("mfrac", "mfenced", "msqrt", "mroot", "mtable", "mtr"))
_POWERS = frozenset({f"{_MATH}msup", f"{_MATH}msubsup"})
_SIGNED = re.compile(r"\s*[-+\u2212\u2013]?\d")
_NUMBER_OR_NAME = re.compile(r"[\w.]*")
_LEFT_OUT = frozenset({"ReferenceList"})
"""Never read, and the larger half of many records."""


@dataclass(frozen=True, slots=True)
class Node:
    """An element: either text, or a container of other nodes.

    Attributes:
        tag: its name.
        text: its plain text, inline markup and MathML resolved; empty for a container.
        attributes: by name.
        children: in order; of Biopython's containers, in order for each name.
    """

    tag: str
    text: str
    attributes: Mapping[str, str]
    children: tuple["Node", ...] = ()

    def all(self, path: str) -> tuple["Node", ...]:
        """All nodes at the end of a path such as `AuthorList/Author`, in order."""
        found: tuple[Node, ...] = (self,)
        for name in path.split("/"):
            found = tuple(child for node in found for child in node.children if child.tag == name)
        return found

    def first(self, path: str) -> "Node | None":
        """The first node at the end of a path, or None."""
        return next(iter(self.all(path)), None)

    def value(self, path: str) -> str | None:
        """Text of the first node at the end of a path that has any, or None."""
        return next((node.text for node in self.all(path) if node.text), None)


class ElementNode(Node):
    """A node that looks into a checked element only where it is asked, as `from_element` would read it.

    Args:
        element: as parsed.
    """

    __slots__ = ("_element",)
    _element: Element

    def __init__(self, element: Element) -> None:
        object.__setattr__(self, "_element", element)

    @property
    def tag(self) -> str:
        """Its name."""
        return self._element.tag

    @property
    def text(self) -> str:
        """Its plain text."""
        return _text_in(self._element)

    @property
    def attributes(self) -> Mapping[str, str]:
        """By name."""
        return self._element.attrib

    @property
    def children(self) -> tuple[Node, ...]:
        """In order; none of an element that counts as text."""
        if _is_text(self._element):
            return ()
        return tuple(ElementNode(child) for child in self._element if child.tag not in _LEFT_OUT)

    def all(self, path: str) -> tuple[Node, ...]:
        """All nodes at the end of a path, in order."""
        return tuple(ElementNode(element) for element in self._found(path))

    def first(self, path: str) -> Node | None:
        """The first node at the end of a path, or None."""
        return next((ElementNode(element) for element in self._found(path)), None)

    def value(self, path: str) -> str | None:
        """Text of the first node at the end of a path that has any, or None."""
        return next((text for element in self._found(path) if (text := _text_in(element))), None)

    def _found(self, path: str) -> list[Element]:
        found = [self._element]
        for name in path.split("/"):
            # What counts as text has no children.
            found = [
                child
                for element in found
                if (children := element.findall(name)) and not _is_text(element)
                for child in children
            ]
        return found


def _text_in(element: Element) -> str:
    if not len(element):
        return (element.text or "").strip()
    return _plain(element, False).strip() if _is_text(element) else ""


def elements_in(node: Node) -> int:
    """How many elements a tree keeps."""
    return 1 + _below(node)


def _below(node: Node) -> int:
    children = node.children
    return len(children) + sum([_below(child) for child in children if child.children])


def elements_of(element: Element) -> int:
    """How many elements of a checked one `from_element` keeps, without building the tree.

    Args:
        element: a record; its list of references may only be a child of one of its children.

    Returns:
        The number, without references, inline markup and formulas.
    """
    tags = [element.tag]
    for holder in element:
        tags.append(holder.tag)
        for child in holder:
            if child.tag not in _LEFT_OUT:
                tags += [inner.tag for inner in child.iter()]
    return len([tag for tag in tags if tag not in _INLINE and tag[0] != "{"])


def from_element(element: Element) -> Node:
    """A node of a checked element, without its list of references.

    Args:
        element: as parsed.

    Returns:
        The node; an element with text between its children, or with inline markup, counts as text.
    """
    attributes = dict(element.attrib)
    if _is_text(element):
        return Node(element.tag, _plain(element, False).strip(), attributes)
    return Node(
        element.tag, "", attributes, tuple(from_element(child) for child in element if child.tag not in _LEFT_OUT)
    )


def from_entrez(value: Any) -> Node:
    """A node of what `Bio.Entrez.read(…, escape=True)` returns, without lists of references.

    Args:
        value: one of Biopython's string, list or dictionary elements.

    Returns:
        The node.

    Raises:
        ValueError: inline markup that Biopython did not write back as well-formed XML.
    """
    attributes = dict(value.attributes or {})
    tag: str = value.tag
    if isinstance(value, str):
        return Node(tag, _fragment(value).strip(), attributes)
    inner = value.values() if isinstance(value, dict) else value
    return Node(tag, "", attributes, tuple(from_entrez(child) for child in _flat(inner) if child.tag not in _LEFT_OUT))


def _flat(values: Any) -> list[Any]:
    flat: list[Any] = []
    for value in values:
        # A repeated child is a plain list, which unlike Biopython's own lists is no element.
        flat.extend(_flat(value) if isinstance(value, list) and not hasattr(value, "tag") else [value])
    return flat


def _fragment(text: str) -> str:
    if "<" not in text and "&" not in text:
        return str(text)
    try:
        return _plain(fromstring(f"<t>{text}</t>"), False)
    except ParseError as problem:
        raise ValueError("inline markup is not well-formed") from problem


def _is_text(element: Element) -> bool:
    if not len(element) or (element.text and not element.text.isspace()):
        return True
    for child in element:
        tag, tail = child.tag, child.tail
        if tag in _INLINE or (tag[0] == "{" and tag.startswith(_MATH)) or (tail and not tail.isspace()):
            return True
    return False


def _plain(element: Element, in_math: bool) -> str:
    in_math = in_math or element.tag.startswith(_MATH)
    inside = [(child, "" if child.tag in _UNSPOKEN else _plain(child, in_math)) for child in element]
    if element.tag in _SHAPES and inside:
        return _shaped(element, [text for _, text in inside if text])
    said = _trimmed(element.text, in_math)
    for child, text in inside:
        raised = child.tag == "sup" or (element.tag in _POWERS and child is element[-1] and len(element) > 1)
        said += _raised(said, text) if raised else text
        said += _trimmed(child.tail, in_math)
    return said


def _raised(base: str, text: str) -> str:
    """As in `connectors.fields.plain`: a number that is raised behind a number keeps a sign of it."""
    return f"^{text.lstrip()}" if base[-1:].isdecimal() and _SIGNED.match(text) else text


def _shaped(element: Element, parts: list[str]) -> str:
    """A formula's part that without its drawn lines, brackets and columns would read as another number."""
    shape = element.tag.removeprefix(_MATH)
    if shape == "mfrac":
        bar = " " if element.get("linethickness", "").startswith("0") else "/"
        return bar.join(part if _NUMBER_OR_NAME.fullmatch(part) else f"({part})" for part in parts)
    if shape == "mfenced":
        # Defaults of MathML 3, section 3.3.8; the last separator goes on for all parts that are left.
        separators = "".join(element.get("separators", ",").split())
        text = "".join(
            part + (separators[min(place, len(separators) - 1)] if separators and place < len(parts) - 1 else "")
            for place, part in enumerate(parts)
        )
        return f"{element.get('open', '(')}{text}{element.get('close', ')')}"
    if shape in ("msqrt", "mroot"):
        degree = parts.pop() if shape == "mroot" and len(parts) > 1 else ""
        text = "".join(parts)
        return f"{degree}√{text}" if _NUMBER_OR_NAME.fullmatch(text) else f"{degree}√({text})"
    return " ".join(parts)


def _trimmed(text: str | None, in_math: bool) -> str:
    # Between the tags of a formula white space is layout.
    return (text or "").strip() if in_math else text or ""
