"""Exports as Ovid writes them: MEDLINE, Embase and PsycInfo."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from livingsearch.samples import names, titles
from livingsearch.samples.chance import percent
from livingsearch.samples.entries import ASSIGNED, BASE, UPDATE, Entry
from livingsearch.samples.placement import EMBASE, MEDLINE, PSYCINFO
from livingsearch.samples.ris import KINDS, line

_PAGE = "http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D={segment}&NEWS=N&AN={accession}"
_FULL_TEXT = (
    "Link to the Ovid Full Text or citation: "
    "http://ovidsp.ovid.com/ovidweb.cgi?T=JS&CSC=Y&NEWS=N&PAGE=fulltext&D={segment}&AN={accession}"
)

_SEARCH = (
    '((peer$ or "expert by experience$" or "expert patient$") and '
    '("personality disorder$" or "complex emotional needs$")).{fields}.'
)
_FIELDS = {MEDLINE: "ti,ab,kf", EMBASE: "ti,ab,kf", PSYCINFO: "ti,ab,id"}
"""Where the search looked, as review.toml documents it for each database."""
_DATABASES: Mapping[tuple[str, str], str] = {
    (MEDLINE, BASE): "Ovid MEDLINE(R) ALL <1946 to December 29, 2023>",
    (MEDLINE, UPDATE): "Ovid MEDLINE(R) ALL <1946 to August 15, 2025>",
    (EMBASE, BASE): "Embase <1974 to 2023 Week 52>",
    (EMBASE, UPDATE): "Embase <1974 to 2025 Week 33>",
    (PSYCINFO, BASE): "APA PsycInfo <1806 to December 2023 Week 4>",
    (PSYCINFO, UPDATE): "APA PsycInfo <1806 to August 2025 Week 2>",
}
"""Name of the database on the day of the export, as Ovid heads the search strategy."""


@dataclass(frozen=True, slots=True)
class _Style:
    author: Callable[[names.Author], str]
    title: Callable[[Entry], str]
    fields: Callable[[Entry, str], list[str]]


def write(entries: tuple[Entry, ...], wave: str) -> bytes:
    """One export file.

    Args:
        entries: records of one source on Ovid, in the file's order; at least one.
        wave: `base` or `update`; it shows in the names of the databases.

    Returns:
        The file's bytes: ASCII, LF.
    """
    lines: list[str] = []
    for counter, entry in enumerate(entries, 1):
        lines += [f"{counter}. ", *_record(entry, wave), "", " ", ""]
    lines += [
        "",
        f"Database: {_DATABASES[entries[0].source, wave]}",
        "Search Strategy:",
        "-" * 80,
        f"1     {_SEARCH.format(fields=_FIELDS[entries[0].source])} ({len(entries)})",
        "",
        "*" * 27,
        "",
    ]
    return titles.ascii_only("\n".join(lines)).encode("ascii")


def _record(entry: Entry, wave: str) -> list[str]:
    style = _STYLES[entry.source]
    lines = [
        f"TY  - {KINDS[entry.kind]}",
        f"DB  - {_segment_name(entry, wave)}",
        f"ID  - {entry.accession}",
        *line("DO", entry.doi and f"https://dx.doi.org/{entry.doi}"),
        f"T1  - {style.title(entry)}",
        *(f"A1  - {style.author(author)}" for author in entry.authors),
    ]
    if entry.cited:
        # Ovid puts the authors of the cited references where RIS has the editors.
        lines.append(f"A2  - {', '.join(cited.split('. (')[0] for cited in entry.cited)}")
    lines.append(f"Y1  - {entry.year}//")
    lines += (f"KW  - {keyword}" for keyword in entry.keywords)
    lines += line("N1", ASSIGNED if entry.keywords else "")
    lines += style.fields(entry, wave)
    return lines


def _medline(entry: Entry, wave: str) -> list[str]:
    journal = entry.journal
    full_title = percent("medline-journal", entry.work) < 50
    last_page = entry.last_page
    if percent("medline-pages", entry.work) < 40:
        last_page = _abbreviated(entry.first_page, last_page)
    link = {"segment": _segment(entry), "accession": entry.accession}
    return [
        *line("JF", (journal.nlm_title if full_title else journal.abbreviation) if journal else ""),
        *_numbers(entry),
        *line("SP", entry.first_page),
        *line("EP", last_page),
        f"UR  - {_PAGE.format(**link)}",
        "LA  - English",
        "PT  - Journal Article",
        "ER  -  ",
        "",
        _FULL_TEXT.format(**link),
    ]


def _embase(entry: Entry, wave: str) -> list[str]:
    link = {"segment": _segment(entry), "accession": entry.accession}
    # In some records the link's line has lost its line break.
    end = f"ER  -  {_FULL_TEXT.format(**link)}" if percent("embase-link", entry.work) < 15 else "ER  -  "
    return [
        *line("JF", entry.journal.title if entry.journal else ""),
        *_numbers(entry),
        *line("SP", entry.first_page),
        *line("EP", entry.last_page),
        f"L2  - {_PAGE.format(**link)}",
        "LA  - English",
        f"PT  - {'Article in Press' if entry.ahead_of_print else 'Article'}",
        end,
    ]


def _psycinfo(entry: Entry, wave: str) -> list[str]:
    journal = entry.journal
    nickname = line("NL", journal.abbreviation if journal else "")
    older = percent("psycinfo-segment", entry.work) < 25
    paged = bool(entry.last_page)
    kinds = {"dissertation": "Dissertation Abstract", "chapter": "Book, Edited Book"}
    lines = [
        *line("JF", journal.title if journal else ""),
        *_numbers(entry),
        f"SP  - {entry.first_page if paged else 'No'}",
        f"EP  - {entry.last_page if paged else 'Specified'}",
        *(f"M1  - {cited}" for cited in entry.cited),
        f"L2  - {_PAGE.format(segment=_segment(entry), accession=entry.accession)}",
        *([] if older else nickname),
        "LA  - English",
        f"PT  - {kinds.get(entry.kind, 'Journal, Peer Reviewed Journal')}",
        "ER  -  ",
    ]
    return lines + (nickname if older else [])


def _numbers(entry: Entry) -> list[str]:
    return [*line("VL", entry.volume), *line("IS", entry.issue)]


def _sentence(entry: Entry, *, capital_after_colon: bool) -> str:
    return titles.sentence_case(entry.title, headline=entry.headline_case, capital_after_colon=capital_after_colon)


def _embase_title(entry: Entry) -> str:
    title = titles.with_full_stop(entry.title) if percent("embase-stop", entry.work) < 50 else entry.title
    return html.escape(title, quote=percent("embase-entities", entry.work) < 50 or '"' in title)


def _segment(entry: Entry) -> str:
    if entry.source == MEDLINE:
        return "prem2" if entry.occurrence == 2 else f"med{min(max(entry.year - 1999, 4), 24)}"
    return f"{'emed' if entry.source == EMBASE else 'psyc'}{entry.year % 100:02d}"


def _segment_name(entry: Entry, wave: str) -> str:
    # PsycInfo's records name the year's segment, which does not move with the day of the export.
    return f"APA PsycInfo <{entry.year}>" if entry.source == PSYCINFO else _DATABASES[entry.source, wave]


def _abbreviated(first: str, last: str) -> str:
    if len(first) != len(last):
        return last
    same = next((place for place, pair in enumerate(zip(first, last, strict=True)) if len(set(pair)) > 1), 0)
    return last[same:]


_STYLES: Mapping[str, _Style] = {
    MEDLINE: _Style(
        names.spaced,
        lambda entry: titles.with_full_stop(_sentence(entry, capital_after_colon=False)),
        _medline,
    ),
    EMBASE: _Style(names.dense, _embase_title, _embase),
    PSYCINFO: _Style(
        names.dotted_without_last_stop,
        lambda entry: titles.with_full_stop(_sentence(entry, capital_after_colon=True)),
        _psycinfo,
    ),
}
