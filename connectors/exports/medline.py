"""PubMed's MEDLINE text (.nbib) to records of tags.

Written for this project because the usual readers drop the last record of a file without a final line
end and merge records that no blank line separates.
"""

import re

from connectors.exports.prepass import Tagged, TaggedRecord, is_blank, lines_of, remnant_of
from connectors.record import Remnant

_START = re.compile(r"\ufeff*PMID-(?=\s|\d|\Z)(.*)", re.DOTALL)
_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) *-(?=\s|\Z)(.*)", re.DOTALL)
_TAG_WIDTH = 4


def split_medline(text: str, first_line: int = 1) -> Tagged:
    """Cut a MEDLINE text into records: each begins with `PMID-`, wrapped lines are indented.

    Args:
        text: the decoded file, or a part of it that begins at its beginning or with a record.
        first_line: number of the text's first line in the file.

    Returns:
        Its records, and all text that belongs to none.
    """
    records: list[TaggedRecord] = []
    remnants: list[Remnant] = []
    fields: list[tuple[str, list[str]]] = []
    gap: list[tuple[int, str]] = []
    began, lead, paused = 0, "", False

    def close() -> None:
        if fields:
            pairs = tuple((tag, " ".join(filter(None, lines))) for tag, lines in fields)
            records.append(TaggedRecord(began, pairs, lead, True))

    def keep_gap() -> str:
        remnant = remnant_of(gap)
        if remnant:
            remnants.append(remnant)
        said = "\n".join(line for _, line in gap)
        gap.clear()
        return said

    for number, line in lines_of(text, first_line):
        start, tag = _START.match(line), _tag_of(line)
        if start:
            close()
            began, lead, paused = number, keep_gap(), False
            fields = [("PMID", [start[1].strip()])]
        elif not fields:
            gap.append((number, line))
        elif tag:
            # A blank line does not end a record while fields go on after it.
            fields.append((tag[0], [tag[1].strip()]))
            paused = False
        elif is_blank(line):
            paused = True
            if gap:
                gap.append((number, line))
        elif paused and not line.startswith(" " * _TAG_WIDTH):
            gap.append((number, line))
        else:
            fields[-1][1].append(line.strip())
    close()
    tail = keep_gap()
    return Tagged(tuple(records), tuple(remnants), tail)


def _tag_of(line: str) -> tuple[str, str] | None:
    found = _TAG.match(line)
    return (found[1], found[2]) if found and line.index("-") == _TAG_WIDTH else None
