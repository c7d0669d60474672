"""What a raw export holds, read by nothing but line patterns: no code of ours has a part in it.

    python tests/raw_exports.py FOLDER

prints, for every export in a folder, how many records have each field in the raw text and how many when we read it.
"""

import re
import sys
from pathlib import Path

FIELDS = (
    "title",
    "authors",
    "year",
    "abstract",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "accession",
    "issns",
)

_RIS_START = re.compile(r"^[\s\ufeff]*(?:\d+\.\s*)?TY {1,3}-")
_NBIB_START = re.compile(r"^\ufeff?PMID- ")
_RIS_LINE = re.compile(r"^\s*([A-Z][A-Z0-9]{1,3}) {2}-(.*)$")
_NBIB_LINE = re.compile(r"^([A-Z]{2,4}) *- (.*)$")
_DOI = r"10\.\d{4,9}/\S"

# field: (tag, what a value must hold)
_RIS = {
    "title": [("TI|T1|CT|BT", r"\w")],
    "authors": [("AU|A1", r"(?i)^(?!\W*(?:anonymous|no authorship indicated)).*\w")],
    "year": [("PY|Y1|DA|Y2", r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")],
    "abstract": [("AB|N2", r"^(?!Copyright of).*\w")],
    "journal": [("JF|JO|JA|J2|T2", r"\w")],
    "volume": [("VL|VO", r"\w")],
    "issue": [("IS", r"\w")],
    "pages": [("SP|C7", r"(?i)^(?!\s*(?:no|n\.?pag\.?|specified|-)\s*$).*\w")],
    "doi": [("DO|DI|L3", _DOI), ("M3", r"doi:\s*" + _DOI), ("UR", r"doi\.org/" + _DOI)],
    "pmid": [
        ("PMID|PM", r"^\s*\d{1,8}\s*$"),
        ("C3", r"PUBMED \d"),
        ("ID", r"^\s*NLM\d{6,8}\s*$"),
        ("N1", r"PMID: ?(?:NLM)?\d"),
        ("C5", r"^\s*\d{5,8}\s*$"),
        ("C2", r"^\s*\d{5,8}\s*$"),
        ("UR", r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/\d{5,8}"),
    ],
    "accession": [
        ("AN", r"^(?!\s*rayyan-).*\w"),
        ("U2", r"^\s*L\d{6,}"),
        ("N1", r"Accession Number: *\w"),
        ("UR", r"eid=2-s2\.0-\d|embase\.com.*id=L\d"),
    ],
    "issns": [("SN", r"(?<![\dX])\d{4}-?\d{3}[\dXx](?!\d)")],
}
_NBIB = {
    "title": [("TI|BTI", r"\w")],
    "authors": [("FAU|AU|CN", r"\w")],
    "year": [("DP", r"\d{4}")],
    "abstract": [("AB|OAB", r"\w")],
    "journal": [("JT|TA", r"\w")],
    "volume": [("VI", r"\w")],
    "issue": [("IP", r"\w")],
    "pages": [("PG", r"\w")],
    "doi": [("LID|AID", _DOI + r".*\[doi\]")],
    "pmid": [("PMID", r"\d")],
    "accession": [("PMID", r"\d")],
    "issns": [("IS", r"\d{4}-\d{3}[\dXx]")],
}


def raw_records(content: bytes) -> list[set[str]]:
    """For each record of a raw file, the fields that its text holds."""
    lines = re.split(r"\r\n|\n|\r", content.decode("utf-8-sig"))
    ris = any(_RIS_START.match(line) for line in lines)
    start, tagged, rules = (_RIS_START, _RIS_LINE, _RIS) if ris else (_NBIB_START, _NBIB_LINE, _NBIB)
    compiled = [
        (field, set(tags.split("|")), re.compile(pattern)) for field, rows in rules.items() for tags, pattern in rows
    ]
    records: list[set[str]] = []
    inside, tag = False, ""
    for line in lines:
        if start.match(line):
            records.append(set())
            inside = True
        found = tagged.match(line)
        if found and found[1] == "ER":
            inside = False
        if not inside:
            continue
        # A wrapped line goes on with the tag before it.
        tag, value = (found[1], found[2]) if found else (tag, line)
        records[-1].update(field for field, tags, pattern in compiled if tag in tags and pattern.search(value))
    return records


def table(folder: Path) -> str:
    """For each export in a folder and each field: records that have it in the raw text / when we read it."""
    from connectors.errors import FileRefused
    from connectors.exports import read_export

    rows = [f"{'raw/ours':36} {'platform':13} {'records':>7} " + " ".join(f"{name[:9]:>9}" for name in FIELDS)]
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".ris", ".nbib", ".txt"}):
        try:
            read = read_export(path.read_bytes(), path.name)
        except FileRefused as refusal:
            rows.append(f"{path.name[:36]:36} refused: {refusal}")
            continue
        raw = raw_records(path.read_bytes())
        cells = []
        for field in FIELDS:
            ours = sum(bool(getattr(record, field)) for _, record in read.records)
            cells.append(f"{sum(field in found for found in raw)}/{ours}")
        start = f"{path.name[:36]:36} {read.platform or '-':13} {len(read.records):>7} "
        rows.append(start + " ".join(f"{cell:>9}" for cell in cells))
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1])))
