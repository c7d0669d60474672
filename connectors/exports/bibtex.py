"""BibTeX, entry by entry, through bibtexparser.

bibtexparser reads whole texts; here each piece from one line that begins a block to the next is given to it, which is
where it starts anew after an error too. So memory holds one entry, and an entry with a broken brace cannot take the
next one with it. What an entry's fields mean is taken from BibTeX, BibLaTeX, and the exports of Scopus, Web of Science
and Zotero.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from connectors.errors import FileDamaged, RecordsLost
from connectors.exports.authors import is_group
from connectors.exports.bibtex_text import value_of, without_latex
from connectors.exports.canonical import canonical
from connectors.exports.columns import profile, take, takes
from connectors.exports.found import Found, FoundRecord, Lines, Said, counted, payload_of
from connectors.exports.parse import Fields
from connectors.exports.prepass import is_blank
from connectors.record import Remnant

# bibtexparser takes long to load, every file is asked whether it is BibTeX, and few are: loaded where one is read.
if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry

# The library reports broken blocks to the log as well, where nobody who hands in a file would look.
_LOGGER = logging.getLogger("bibtexparser")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False

_BLOCK = re.compile(r"[ \t\ufeff\u200b]{0,200}@\w{1,60}[ \t]{0,20}[{(]")
_KIND = r"@(?!(?:comment|string|preamble)[ \t]{0,20}[{(])\w{1,60}[ \t]{0,20}[{(]"
_ENTRY = re.compile(r"[ \t\ufeff\u200b]{0,200}" + _KIND, re.IGNORECASE)
_BEHIND = re.compile(r"[})][ \t]{0,20}" + _KIND, re.IGNORECASE)
"""An entry that begins in the line in which the one before it ends."""

_BRACE_OR_AND = re.compile(r"(?<!\\)[{}]| and ", re.IGNORECASE)
_LARGEST = 1 << 25
_NAMED = 5
_PMID = r"^\s*(?:PMID:?\s*)?(\d{1,8})\s*$"

_PROFILE = profile(
    title="title",
    title_original="origtitle",
    authors="author",
    groups="collaborator",
    year="year|date",
    date="date|month",
    journal="journal|journaltitle|booktitle",
    journal_abbreviation="abbrev_source_title|shortjournal|journal-iso",
    volume="volume",
    issue="number|issue",
    first_page="pages",
    article_number="art_number|article-number|eid",
    doi=takes("doi") + take("url", r"doi\.org/(10\.\S+)"),
    pmid=take("pmid", _PMID) + take("pubmed_id", _PMID) + take("unique-id", r"^\s*MEDLINE:(\d{1,8})\s*$"),
    pmcid=take("pmcid", r"(PMC\d+)"),
    accession=takes("unique-id") + take("url", r"\beid=(2-s2\.0-\d+)") + takes("accession_number"),
    issns="issn|eissn",
    abstract="abstract",
    keywords="author_keywords|keywords|keyword|keywords-plus",
    languages="language|langid",
    publication_types="document_type|type",
    url="url",
)
_PLATFORMS = {"Scopus": "scopus", "Web of Science": "wos", "MEDLINE": "wos"}
_LISTS = frozenset({"author_keywords", "keywords", "keyword", "keywords-plus", "language", "document_type", "type"})


def is_bibtex(head: str) -> int | None:
    """Where the first line stands that begins a block of BibTeX.

    Args:
        head: the beginning of a text, line ends LF.

    Returns:
        Its place, or None where there is none.
    """
    found = re.search(r"(?m)^[ \t\ufeff]{0,200}@\w{1,60}[ \t]{0,20}[{(][^\r\n]{0,500}(?:,|=|\}|$)", head)
    return found.start() if found else None


def read_bibtex(lines: Lines, name: str) -> Iterator[Found]:
    """Read BibTeX.

    Args:
        lines: of the file.
        name: how to call it in a message.

    Yields:
        One record an entry, whose payload is a JSON list of [field, value], `@` and the type first, the key under an
        empty name second; values without their delimiters, abbreviations written out, LaTeX as it stands. `@string`,
        `@preamble`, comments and text between entries come as remnants. At the end what a librarian should know.

    Raises:
        RecordsLost: entries are broken; the message names the first of them.
        FileDamaged: a single entry is of giant size.
    """
    reading = _Reading(name)
    for line, text in _blocks(lines, name):
        yield from reading.block(line, text)
    if reading.broken:
        names = "; ".join(f"line {line}: {why}" for line, why in reading.broken[:_NAMED])
        more = "; …" if len(reading.broken) > _NAMED else ""
        raise RecordsLost(
            f"{name} has {counted(len(reading.broken), 'entry', 'entries')} that cannot be read ({names}{more}), so "
            "nothing was taken: correct the braces and commas there, or export the file again."
        )
    yield from reading.remarks()


def count_bibtex(lines: Lines) -> int:
    """How many records a text itself begins: its lines `@type{` but `@string`, `@preamble` and `@comment`."""
    return sum((_ENTRY.match(line) is not None) + len(_BEHIND.findall(line)) for _, line in lines)


class _Reading:
    """State between two blocks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.broken: list[tuple[int, str]] = []
        self._abbreviations: dict[str, str] = {}
        self._undefined: dict[str, None] = {}
        self._keys: set[str] = set()
        self._repeated = 0

    def block(self, line: int, text: str) -> Iterator[Found]:
        from bibtexparser import model

        aside = (model.String, model.Preamble, model.ExplicitComment, model.ImplicitComment)
        repeated = (model.DuplicateFieldKeyBlock, model.DuplicateBlockKeyBlock)
        for found in _split(text, line, self._name):
            at = line + max(found.start_line or 0, 0)
            # Twice the same key or field is no reason to leave anything out.
            block = (found.ignore_error_block or found) if isinstance(found, repeated) else found
            if isinstance(block, model.Entry):
                yield self._entry(at, block)
            elif isinstance(block, aside):
                if isinstance(block, model.String):
                    value, _ = value_of(block.value, self._abbreviations)
                    self._abbreviations.setdefault(block.key.lower(), value)
                if not is_blank(block.raw or ""):
                    yield Remnant(at, block.raw or "")
            elif _ENTRY.match(block.raw or "@x{"):
                self.broken.append((at, _first_line(block.raw or text)))
            else:
                yield Remnant(at, block.raw or "")

    def remarks(self) -> Iterator[Said]:
        if self._repeated:
            yield Said(f"{counted(self._repeated, 'entry', 'entries')} with a key that the file had before: all kept.")
        if self._undefined:
            names = ", ".join(list(self._undefined)[:_NAMED])
            yield Said(f"Abbreviations that the file does not define were kept as they stand: {names}.")

    def _entry(self, line: int, entry: "Entry") -> FoundRecord:
        key = entry.key.strip()
        self._repeated += bool(key) and key in self._keys
        self._keys.add(key)
        pairs = [("@", entry.entry_type), ("", key)]
        for field in entry.fields:
            value, undefined = value_of(field.value, self._abbreviations)
            self._undefined.update(dict.fromkeys(undefined))
            pairs.append((field.key, value))
        fields = bibtex_fields(pairs)
        database = _database_of(fields)
        platform = _PLATFORMS.get(database or "")
        return FoundRecord(line, payload_of(pairs), canonical(fields, _PROFILE, database), platform)


def bibtex_fields(pairs: Sequence[tuple[str, str]]) -> Fields:
    """Plain values by field name in lower case, names of authors as `Family, Given`.

    Args:
        pairs: as `read_bibtex` keeps them.
    """
    fields: dict[str, list[str]] = {}
    for name, value in pairs[2:]:
        tag = name.lower()
        if tag in ("author", "collaborator"):
            values = [_person(person) for person in persons_in(" ".join(value.split()))]
        elif tag in _LISTS:
            separator = ";" if ";" in value else ","
            values = [without_latex(part).strip() for part in value.split(separator)]
        else:
            values = [without_latex(value)]
        fields.setdefault(tag, []).extend(value for value in values if value.strip())
    return fields


def persons_in(names: str) -> list[str]:
    """Names parted at each `and` outside of braces.

    bibtexparser's own function loses an accent's macro that stands first in a name.

    Args:
        names: a field of authors, single blanks only.
    """
    persons, depth, begin = [], 0, 0
    for found in _BRACE_OR_AND.finditer(names):
        mark = found[0]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth = max(depth - 1, 0)
        elif depth == 0:
            persons.append(names[begin : found.start()])
            begin = found.end()
    return [*persons, names[begin:]]


def _person(name: str) -> str:
    if name.strip().lower() == "others":
        return ""
    from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts

    grouped = name.startswith("{") and name.endswith("}") and name.find("}") == len(name) - 1
    if grouped or ("," not in name and is_group(name)):
        # A comma in the name of a group must not make a person of it.
        return without_latex(name).replace(";", ",")
    try:
        parts = parse_single_name_into_parts(name, strict=False)
    except (InvalidNameError, IndexError, ValueError):
        return without_latex(name)
    family = without_latex(" ".join((*parts.von, *parts.last)))
    rest = [without_latex(" ".join(part)) for part in (parts.first, parts.jr) if part]
    return ", ".join((family, *rest)).replace(";", " ")


def _database_of(fields: Fields) -> str | None:
    number = next(iter(fields.get("unique-id", ())), "").upper()
    if number:
        return "MEDLINE" if number.startswith("MEDLINE:") else "Web of Science"
    if any(value.strip().lower() == "scopus" for value in fields.get("source", ())):
        return "Scopus"
    return None


def _blocks(lines: Lines, name: str) -> Iterator[tuple[int, str]]:
    """The text from one line that begins a block to the next."""
    kept: list[str] = []
    began, size = 1, 0
    for number, line in lines:
        if kept and _BLOCK.match(line):
            yield began, "\n".join(kept)
            kept, size = [], 0
        if not kept:
            began = number
        kept.append(line)
        size += len(line)
        if size > _LARGEST:
            raise FileDamaged(f"{name} holds an entry of more than {_LARGEST >> 20} MB (line {began}), which is none.")
    if kept:
        yield began, "\n".join(kept)


def _split(text: str, line: int, name: str) -> "list[Block]":
    from bibtexparser.splitter import Splitter

    try:
        return list(Splitter(text).split().blocks)
    except Exception:
        raise FileDamaged(
            f"The entry in line {line} of {name} cannot be read, so nothing was taken: correct it."
        ) from None


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0][:60]
    return "".join(c if c.isprintable() else " " for c in line)
