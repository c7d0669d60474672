"""What each screening tool and reference manager takes, as data.

Sources: Covidence's and Rayyan's own help pages ("Importing references"; "How to Import References into Rayyan",
"Supported File Formats"), ASReview's documentation ("Data format"), and for what survives of our id the files of
`asreview/citation-file-formatting`, one set of references exported again by every tool. Where no limit is
published, the strictest known one is kept (`assumed`): a file that is split needlessly costs a click, one that is
cut off by the tool costs references.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from livingsearch.exports.forms import CSV, ENDNOTE_XML, NBIB, RIS, BatchForm


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may hold.

    Attributes:
        references: at most; None for any number.
        size: bytes at most, as encoded; None for any size.

    Raises:
        ValueError: a limit is below 1.
    """

    references: int | None = 15_000
    size: int | None = 50_000_000

    def __post_init__(self) -> None:
        if (self.references is not None and self.references < 1) or (self.size is not None and self.size < 1):
            raise ValueError("a file must be allowed at least one reference and one byte")


STRICTEST = Limits()
"""Covidence's: no other tool is known to take less."""

UNLIMITED = Limits(None, None)


@dataclass(frozen=True, slots=True)
class ScreeningTool:
    """One tool.

    Attributes:
        name: as it is asked for.
        label: as people call it.
        forms: that it takes of those written here, the best first.
        limits: of one file.
        assumed: whether a limit stands for one that is not published.
        at_once: files that one upload takes; None where that is not known.
        survives: where our id is found again in what the tool exports.
        advice: a sentence for whoever uploads.
    """

    name: str
    label: str
    forms: tuple[BatchForm, ...]
    limits: Limits
    assumed: bool
    at_once: int | None
    survives: tuple[str, ...]
    advice: str


_TOOLS = (
    ScreeningTool(
        "covidence",
        "Covidence",
        (RIS, ENDNOTE_XML, NBIB),
        STRICTEST,
        assumed=False,
        at_once=1,
        survives=("UR", "N1"),
        advice="Import the parts one after the other, in their order.",
    ),
    ScreeningTool(
        "rayyan",
        "Rayyan",
        (RIS, CSV, NBIB),
        Limits(15_000, 100_000_000),
        assumed=True,
        at_once=10,
        survives=("UR", "N1 (CSV: notes)"),
        advice="Up to 10 parts go up together; Rayyan puts a number of its own in place of AN and key.",
    ),
    ScreeningTool(
        "asreview",
        "ASReview",
        (RIS, CSV),
        UNLIMITED,
        assumed=False,
        at_once=1,
        survives=("N1 (CSV: every column)", "UR"),
        advice="A project takes one dataset, so the batch is never split; ASReview exports RIS only of a RIS dataset.",
    ),
    ScreeningTool(
        "eppi-reviewer",
        "EPPI-Reviewer",
        (RIS,),
        STRICTEST,
        assumed=True,
        at_once=None,
        survives=("UR", "N1"),
        advice="Import the parts as one source each.",
    ),
    ScreeningTool(
        "endnote",
        "EndNote",
        (ENDNOTE_XML, RIS),
        STRICTEST,
        assumed=True,
        at_once=1,
        survives=("UR", "N1", "LB"),
        advice="Import the XML as “EndNote generated XML”; the label column shows our id.",
    ),
    ScreeningTool(
        "zotero",
        "Zotero",
        (RIS,),
        STRICTEST,
        assumed=True,
        at_once=None,
        survives=("UR", "N1"),
        advice="Export with notes, or only the address brings the decisions back.",
    ),
    ScreeningTool(
        "distillersr",
        "DistillerSR",
        (RIS,),
        STRICTEST,
        assumed=True,
        at_once=None,
        survives=("UR",),
        advice="Let DistillerSR number the references (Refid) by itself, and export the URL with your answers.",
    ),
)

TOOLS: Mapping[str, ScreeningTool] = MappingProxyType({tool.name: tool for tool in _TOOLS})
"""All tools by name."""
