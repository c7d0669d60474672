"""Subject headings as Ovid writes them: `exp *Asthma/dt, th`, `"Wounds and Injuries"/`."""

import re

from livingsearch.strategy.loss import Losses, slot
from livingsearch.strategy.ovid.characters import usual
from livingsearch.strategy.ovid.words import ADJACENT, RESERVED
from livingsearch.strategy.qualifiers import code_of
from livingsearch.strategy.tree import Heading, Vocabulary

_UNUSABLE = re.compile(r'["$*#?\s]+')
_BARE = re.compile(r"[^\W_][\w&+%-]*(?:'[\w&+%-]+)*(?:,? [\w&+%-]+(?:'[\w&+%-]+)*)*")


def heading_name(text: str) -> str:
    """A heading's text without characters that Ovid would take for something else."""
    return _UNUSABLE.sub(" ", usual(text)).strip()


def heading_text(heading: Heading, own: Vocabulary | None, losses: Losses) -> str | None:
    """A heading of the database's own thesaurus.

    Args:
        heading: of the database's own thesaurus.
        own: the thesaurus of the database written for.
        losses: what becomes of subheadings that the thesaurus does not have is added to it.

    Returns:
        Its text; None where nothing of it can be written.
    """
    name = heading_name(heading.text)
    if not any(character.isalnum() for character in name):
        text = slot("subject heading")
        losses.add("settle", "a heading has no letters: name the one that is meant", heading.place, text)
        return text
    shown = name if _needs_no_quotes(name) else f'"{name}"'
    codes, lost = [], []
    for qualifier in heading.qualifiers:
        code = code_of(qualifier, own)
        (codes.append(code) if code else lost.append(qualifier))
    if lost:
        losses.add(
            "narrowed" if codes else "widened",
            "subheadings that this thesaurus does not have were left out"
            + (" of those asked for" if codes else ": the heading is searched with any"),
            heading.place,
            f"{heading.text}/{', '.join(lost)} → {name}/{', '.join(codes)}",
        )
    mark = "exp " * heading.exploded + "*" * heading.major
    return f"{mark}{shown}/{', '.join(dict.fromkeys(codes))}"


def _needs_no_quotes(name: str) -> bool:
    if _BARE.fullmatch(name) is None:
        return False
    words = name.casefold().replace(",", "").split(" ")
    return not any(word in RESERVED or ADJACENT.fullmatch(word) for word in words)
