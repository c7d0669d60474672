"""Author names as the two reference lists print them, and as the platforms write them."""

import re
from dataclasses import dataclass

_LEADING_INITIALS = re.compile(r"^((?:[A-Z]\.(?:-[A-Z]\.)? )+)(.+)$")


@dataclass(frozen=True, slots=True)
class Author:
    """One author.

    Attributes:
        family: family name, or the whole name of a group.
        initials: one entry a given name; a hyphenated name stays one entry (`C-O`). Empty for a group.
    """

    family: str
    initials: tuple[str, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether this is an organisation."""
        return not self.initials


def read_inverted_first(text: str) -> tuple[tuple[Author, ...], bool]:
    """Authors of a list that inverts only the first name: `Barr, K. R., M. L. Townsend, and B. Grenyer`.

    Args:
        text: the authors as printed.

    Returns:
        The authors named, and whether the list is complete (no `et al`).
    """
    parts, complete = _parts(text)
    if len(parts) == 1:
        return (Author(parts[0]),), complete
    authors = [Author(parts[0], _split_dotted(parts[1]))]
    for part in parts[2:]:
        found = _LEADING_INITIALS.match(part.removeprefix("and "))
        if found is None:
            raise ValueError(f"No initials before the name: {part!r}")
        authors.append(Author(found[2], _split_dotted(found[1])))
    return tuple(authors), complete


def read_vancouver(text: str) -> tuple[tuple[Author, ...], bool]:
    """Authors of a Vancouver list: `Barr KR, Townsend ML, et al`.

    Args:
        text: the authors as printed.

    Returns:
        The authors named, and whether the list is complete (no `et al`).
    """
    parts, complete = _parts(text)
    authors = []
    for part in parts:
        family, initials = part.rsplit(" ", 1)
        authors.append(Author(family, tuple(re.findall(r"[A-Z](?:-[A-Z])?", initials))))
    return tuple(authors), complete


def spaced(author: Author) -> str:
    """`Barr, K R`, as Ovid writes MEDLINE's names."""
    return author.family if author.is_group else f"{author.family}, {' '.join(author.initials)}"


def dotted(author: Author) -> str:
    """`Barr, K. R.`, as EBSCO writes names."""
    if author.is_group:
        return author.family
    return f"{author.family}, {' '.join(_with_stops(initial) for initial in author.initials)}"


def dotted_without_last_stop(author: Author) -> str:
    """`Barr, K. R`: Ovid takes the last full stop off PsycInfo's names."""
    return dotted(author).removesuffix(".")


def dense(author: Author) -> str:
    """`Barr K.R.`, as Embase writes names."""
    if author.is_group:
        return author.family
    return f"{author.family} {''.join(_with_stops(initial) for initial in author.initials)}"


def _parts(text: str) -> tuple[list[str], bool]:
    parts = text.split(", ")
    if parts[-1].rstrip(".") == "et al":
        return parts[:-1], False
    return parts, True


def _split_dotted(text: str) -> tuple[str, ...]:
    return tuple(word.replace(".", "") for word in text.split())


def _with_stops(initial: str) -> str:
    return "-".join(f"{letter}." for letter in initial.split("-"))
