"""Exports as EBSCOhost's old interface writes them: CINAHL."""

from livingsearch.samples import names, titles
from livingsearch.samples.chance import percent
from livingsearch.samples.entries import ASSIGNED, Entry
from livingsearch.samples.ris import KINDS, line, quarter

_PAGE = "https://search.ebscohost.com/login.aspx?direct=true&db=ccm&AN={accession}&site=ehost-live"


def write(entries: tuple[Entry, ...]) -> bytes:
    """One export file.

    Args:
        entries: records of CINAHL, in the file's order.

    Returns:
        The file's bytes: UTF-8, CRLF.
    """
    lines: list[str] = []
    for entry in entries:
        lines += [*_record(entry), "", ""]
    return "".join(f"{text}\r\n" for text in lines).encode("utf-8")


def _record(entry: Entry) -> list[str]:
    journal = entry.journal
    # Only what has both a first and a last page has pages here; article numbers are not taken over.
    paged = bool(entry.last_page)
    full_title = journal.title.replace(" and ", " & ") if journal else ""
    abbreviation = journal.abbreviation if journal else ""
    return [
        f"TY  - {KINDS[entry.kind]}",
        f"ID  - {entry.accession}",
        f"T1  - {_title(entry)}",
        *(f"AU  - {names.dotted(author)}" for author in entry.authors),
        f"Y1  - {_date(entry)}",
        f"N1  - {_note(entry)}",
        *(f"KW  - {keyword}" for keyword in entry.keywords),
        *line("N1", ASSIGNED if entry.keywords else ""),
        f"SP  - {entry.first_page if paged else 'N.PAG'}",
        f"EP  - {entry.last_page if paged else 'N.PAG'}",
        *line("JO", abbreviation),
        *line("JF", full_title),
        *line("JA", abbreviation.upper()),
        *line("VL", entry.volume),
        *line("IS", entry.issue),
        *line("L3", entry.doi),
        f"UR  - {_PAGE.format(accession=entry.accession)}",
        "DP  - EBSCOhost",
        "DB  - CINAHL Ultimate",
        "ER  - ",
    ]


def _title(entry: Entry) -> str:
    title = titles.curly(titles.with_full_stop(titles.headline_case(entry.title)))
    # Some publishers deliver U+2010 for every hyphen.
    return title.replace("-", "\N{HYPHEN}") if percent("cinahl-hyphens", entry.work) < 40 else title


def _date(entry: Entry) -> str:
    month, name = quarter(entry)
    return f"{entry.year}/{month}//{name}{entry.year}" if month else f"{entry.year}///"


def _note(entry: Entry) -> str:
    note = (
        f"Accession Number: {entry.accession}. Language: English. Entry Date: {entry.year}0101. "
        f"Publication Type: {'Journal Article' if entry.kind == 'article' else 'Report'}."
    )
    with_pmid = entry.pmid and percent("cinahl-pmid", entry.work) < 50
    return f"{note} PMID: NLM{entry.pmid}." if with_pmid else note
