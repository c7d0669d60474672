"""What people said of a reference in a screening tool, where the tool writes it.

What each tool writes, and how it is known:

- Rayyan puts it into the notes (RIS `N1`, CSV `notes`): `RAYYAN-INCLUSION: {"Ann"=>"Included"} | RAYYAN-LABELS: a,b |
  RAYYAN-EXCLUSION-REASONS: wrong population | USER-NOTES: {"Ann"=>["text"]}`. Seen in exports and in a dozen
  public programs that read them. Reasons and labels are joined by commas, which they may hold themselves, so
  reasons stay one text.
- ASReview's documentation ("Variables in the exported dataset"): columns `asreview_label` (1, 0 or empty),
  `asreview_note`, `asreview_user_name`, `asreview_user_email`; version 1 wrote `included` and `exported_notes…`.
  In RIS `N1` holds `ASReview_relevant`, `ASReview_irrelevant` or `ASReview_not_seen`.
- Covidence writes no decision: each list is a file of its own, named after it
  (`review_123_irrelevant_csv_20240101.csv`; `screen`, `select`, `included`, `excluded` likewise), and the reason of an
  exclusion at full text stands in `Notes` as `Exclusion reason: …`. Seen in public programs that read them.
- EPPI-Reviewer's RIS holds no codes that are documented. Assumed: keywords that begin with the word INCLUDE or
  EXCLUDE in capitals are its screening codes, which its own templates name so.
- DistillerSR lets people name their questions. Assumed: a column `Include`, `Include?`, `Inclusion`, `Decision` or
  `Screening decision` holds the word, `Exclusion reason` or `Reason for exclusion` the reason, `User` the person.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from types import MappingProxyType

from livingsearch.exports.back.reference import Reference

DECISIONS = ("included", "excluded", "maybe", "conflict")
"""`conflict`: people said different things, also where the tool itself calls only some of these conflicts."""

COVIDENCE_LISTS: Mapping[str, tuple[str | None, str]] = MappingProxyType(
    {
        "screen": (None, "title and abstract"),
        "irrelevant": ("excluded", "title and abstract"),
        "select": ("included", "title and abstract"),
        "excluded": ("excluded", "full text"),
        "included": ("included", "full text"),
    }
)
"""Covidence's lists: what it means to stand in one, and at which stage."""

_NOTE_FIELDS = ("n1", "notes", "note", "rn", "research-notes", "gn")
_SECTION = re.compile(r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES)\s*:")
_VOTE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:=>|:)\s*"((?:[^"\\]|\\.)*)"')
_USER_NOTE = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*(?:=>|:))?')
_OURS = re.compile(r"'?(?:recid|update|pmid|sources|accessions|other numbers|possible duplicates|related to|notices):")
_PARAGRAPH = re.compile(r"\A\s*<p>|</p>\s*\Z")
_ASREVIEW = re.compile(r"\bASReview_(relevant|irrelevant|not_seen)\b")
_ASREVIEW_MARK = re.compile(r"\bASReview_\w+")
_COVIDENCE_REASON = re.compile(r"\bExclusion reason:\s*([^;\n]+)", re.IGNORECASE)
_COVIDENCE_FILE = re.compile(r"(?:\A|_)(screen|irrelevant|select|excluded|included)_(?:csv|ris|xml|endnote)")
_EPPI_CODE = re.compile(r"(INCLUDE|EXCLUDE)D?\b[\s:–-]*(.*)")
_WORDS = {
    **dict.fromkeys(("1", "1.0", "yes", "true", "include", "included", "relevant"), "included"),
    **dict.fromkeys(("0", "0.0", "no", "false", "exclude", "excluded", "irrelevant"), "excluded"),
    **dict.fromkeys(("maybe", "unsure", "unclear"), "maybe"),
}


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's word."""

    who: str
    decision: str


@dataclass(frozen=True, slots=True)
class Screened:
    """What was said of a reference.

    Attributes:
        decision: one of `DECISIONS`; None where the file says nothing, or nobody has decided.
        reason: for an exclusion.
        notes: that people or other programs wrote, without those that a batch carries.
        votes: by person, where the tool names them.
        labels: or tags.
        stage: `title and abstract` or `full text`, where the file tells.
    """

    decision: str | None = None
    reason: str | None = None
    notes: tuple[str, ...] = ()
    votes: tuple[Vote, ...] = ()
    labels: tuple[str, ...] = ()
    stage: str | None = None

    @property
    def who(self) -> tuple[str, ...]:
        """The people whose word it is."""
        return tuple(vote.who for vote in self.votes)


def screened(reference: Reference, tool: str | None, listed: str | None = None) -> Screened:
    """Read what was said of a reference.

    Args:
        reference: to read.
        tool: whose file it is; Rayyan's and ASReview's marks in notes are read in any file, since managers keep them.
        listed: what it means to stand in this file, where it says nothing itself: a decision, or one of Covidence's
            lists.

    Returns:
        What was said.
    """
    if tool in _READERS:
        said = _READERS[tool](reference)
    else:
        marked = [found for found in (_rayyan(reference), _asreview_marks(reference)) if found.decision]
        said = marked[0] if marked else Screened(notes=tuple(_foreign_notes(reference)))
    if listed is None or said.decision is not None:
        return said
    # "included" and "excluded" are Covidence's words for its lists at full text, and anybody's for a decision.
    decision, stage = (listed, None) if tool != "covidence" and listed in DECISIONS else _meaning(listed)
    return replace(said, decision=decision, stage=stage)


def _meaning(listed: str) -> tuple[str | None, str | None]:
    return COVIDENCE_LISTS.get(listed, (listed, None))


def list_named(file_name: str) -> str | None:
    """The list of Covidence that a file is, by its name.

    Args:
        file_name: without folders.
    """
    found = _COVIDENCE_FILE.search(file_name.lower())
    return found[1] if found else None


def tool_of(references: list[Reference], platform: str | None, file_name: str) -> str | None:
    """Which tool exported a file.

    Args:
        references: of it.
        platform: that the reader saw.
        file_name: without folders.

    Returns:
        A name of `livingsearch.exports.tools.TOOLS`, or None where nothing tells.
    """
    names = {name.strip().lower() for reference in references[:50] for name, _ in reference.fields}
    notes = [note for reference in references[:50] for note in reference.values(*_NOTE_FIELDS)]
    if platform == "rayyan" or any(_SECTION.search(note) for note in notes):
        return "rayyan"
    if any(name.startswith("asreview_") for name in names) or any(_ASREVIEW.search(note) for note in notes):
        return "asreview"
    if platform == "covidence" or "covidence #" in names or re.match(r"review_\d+_", file_name.lower()):
        return "covidence"
    if "refid" in names:
        return "distillersr"
    return {"eppi": "eppi-reviewer", "endnote": "endnote", "zotero": "zotero"}.get(platform or "")


def _agreed(votes: tuple[Vote, ...]) -> str | None:
    words = {vote.decision for vote in votes}
    return None if not words else words.pop() if len(words) == 1 else "conflict"


def _foreign_notes(reference: Reference) -> Iterator[str]:
    """Notes without those that the batch itself carries, whether a tool keeps them apart or joins them."""
    for note in reference.values(*_NOTE_FIELDS):
        text = _PARAGRAPH.sub("", note)
        kept = [part.strip() for part in re.split(r" \| |\n", text) if not _OURS.match(part.strip())]
        if left := " | ".join(part for part in kept if part):
            yield left


def _rayyan(reference: Reference) -> Screened:
    votes: list[Vote] = []
    reasons: list[str] = []
    labels: list[str] = []
    notes: list[str] = []
    for note in _foreign_notes(reference):
        marks = list(_SECTION.finditer(note))
        before = note[: marks[0].start()] if marks else note
        if plain := before.strip(" |"):
            notes.append(plain)
        for mark, following in zip_longest(marks, marks[1:]):
            content = note[mark.end() : following.start() if following else len(note)].strip(" |")
            match mark[1]:
                case "RAYYAN-INCLUSION":
                    votes += _rayyan_votes(content)
                case "RAYYAN-LABELS":
                    labels += [label.strip() for label in content.split(",") if label.strip()]
                case "RAYYAN-EXCLUSION-REASONS" if content:
                    reasons.append(content)
                case "USER-NOTES":
                    notes += _user_notes(content)
    found = tuple(dict.fromkeys(votes))
    return Screened(_agreed(found), "; ".join(reasons) or None, tuple(notes), found, tuple(labels))


def _rayyan_votes(content: str) -> Iterator[Vote]:
    for who, word in _VOTE.findall(content):
        decision = _WORDS.get(word.strip().lower())
        if decision:
            yield Vote(who, decision)


def _user_notes(content: str) -> Iterator[str]:
    who = ""
    found = False
    for text, names in _USER_NOTE.findall(content):
        if names:
            who = text
        elif text.strip():
            found = True
            yield f"{who}: {text}" if who else text
    if not found and content:
        yield content


def _asreview(reference: Reference) -> Screened:
    labels = reference.values("asreview_label") or reference.values("included")
    if not labels:
        return _asreview_marks(reference)
    who = next(iter(reference.values("asreview_user_name", "asreview_user_email")), None)
    decision = _WORDS.get(labels[0].strip().lower())
    exported = tuple(
        value for name, value in reference.fields if name.lower().startswith("exported_notes") and value.strip()
    )
    notes = (*_foreign_notes(reference), *reference.values("asreview_note"), *exported)
    votes = (Vote(who, decision),) if who and decision else ()
    return Screened(decision, None, notes, votes, reference.values("asreview_tags"))


def _asreview_marks(reference: Reference) -> Screened:
    notes: list[str] = []
    words: set[str] = set()
    for note in _foreign_notes(reference):
        words |= {_WORDS[word] for word in _ASREVIEW.findall(note) if word in _WORDS}
        if plain := _ASREVIEW_MARK.sub("", note).strip(" |"):
            notes.append(plain)
    decision = None if not words else words.pop() if len(words) == 1 else "conflict"
    return Screened(decision, None, tuple(notes))


def _covidence(reference: Reference) -> Screened:
    notes = tuple(_foreign_notes(reference))
    reasons = [found.strip() for note in notes for found in _COVIDENCE_REASON.findall(note)]
    tags = tuple(tag.strip() for value in reference.values("tags") for tag in value.split(";") if tag.strip())
    return Screened(None, "; ".join(dict.fromkeys(reasons)) or None, notes, labels=tags)


def _eppi(reference: Reference) -> Screened:
    codes = [code for value in reference.values("kw", "keywords") if (code := _EPPI_CODE.fullmatch(value.strip()))]
    words = {"included" if code[1] == "INCLUDE" else "excluded" for code in codes}
    decision = None if not words else words.pop() if len(words) == 1 else "conflict"
    reasons = [code[2] for code in codes if code[1] == "EXCLUDE" and code[2]]
    return Screened(decision, "; ".join(reasons) or None, tuple(_foreign_notes(reference)))


def _distiller(reference: Reference) -> Screened:
    said = reference.values("include", "include?", "inclusion", "decision", "screening decision")
    words = {decision for value in said if (decision := _WORDS.get(value.strip().lower()))}
    decision = None if not words else words.pop() if len(words) == 1 else "conflict"
    reasons = reference.values("exclusion reason", "reason for exclusion")
    who = reference.values("user")
    votes = tuple(Vote(name, decision) for name in who) if decision else ()
    notes = (*_foreign_notes(reference), *reference.values("comments", "comment"))
    return Screened(decision, "; ".join(reasons) or None, notes, votes)


_READERS: Mapping[str | None, Callable[[Reference], Screened]] = MappingProxyType(
    {
        "rayyan": _rayyan,
        "asreview": _asreview,
        "covidence": _covidence,
        "eppi-reviewer": _eppi,
        "distillersr": _distiller,
    }
)
