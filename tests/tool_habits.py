"""What reference managers and screening tools do to a RIS file of ours, imitated tag by tag.

Each function takes our records as pairs of tag and value and gives the text that the tool would export. The habits
are those seen in one set of references that every tool exported again.
"""

import re
from collections.abc import Callable

Pairs = list[tuple[str, str]]

NOT_TITLE = {"AB", "KW", "AU", "SN", "N1", "UR"}


def records_of(ris: str) -> list[Pairs]:
    """Our own file, read in the plainest way."""
    records: list[Pairs] = []
    for line in ris.split("\n"):
        if line.startswith("TY  - "):
            records.append([])
        if line and not line.startswith("ER  - "):
            records[-1].append((line[:2], line[6:]))
    return records


def first(record: Pairs, tag: str) -> str:
    return next((value for name, value in record if name == tag), "")


def every(record: Pairs, tag: str) -> list[str]:
    return [value for name, value in record if name == tag]


def lines(pairs: Pairs, end: str = "\n") -> str:
    return "".join(f"{tag}  - {value}{end}" for tag, value in pairs) + f"ER  - {end}{end}"


def rispy_itself(records: list[Pairs]) -> str:
    """Through rispy, as ASReview and CiteSource read and write."""
    import rispy

    text = "".join(lines(record) for record in records)
    return str(rispy.dumps(rispy.loads(text)))


def zotero(records: list[Pairs]) -> str:
    """Keeps UR, AN, DB and N1 (as HTML); ids and JO go; CRLF; a DA of its own."""
    out = []
    for record in records:
        pairs = [("TY", first(record, "TY")), ("TI", first(record, "TI"))]
        pairs += [("AU", name) for name in every(record, "AU")]
        pairs += [("T2", first(record, "T2")), ("AB", first(record, "AB"))]
        pairs += [("DA", f"{first(record, 'PY')}///"), ("PY", first(record, "PY")), ("DO", first(record, "DO"))]
        pairs += [(tag, first(record, tag)) for tag in ("VL", "IS", "SP", "EP", "LA", "UR", "DB", "AN")]
        pairs += [("KW", word) for word in every(record, "KW")]
        pairs += [("N1", f"<p>{note}</p>") for note in every(record, "N1")]
        out.append(lines([(tag, value) for tag, value in pairs if value], "\r\n"))
    return "".join(out)


def endnote(records: list[Pairs]) -> str:
    """Tags sorted; lists on many lines; notes in one field; pages in SP; a running number in ID; a byte order mark."""
    out = []
    for number, record in enumerate(records, 101):
        pairs: Pairs = []
        for tag in sorted({tag for tag, _ in record} - {"TY", "AU", "EP", "JO"}):
            values = every(record, tag)
            if tag == "SP" and first(record, "EP"):
                values = [f"{values[0]}-{first(record, 'EP')}"]
            pairs.append((tag, "\n".join(values)))
        pairs += [("AU", name) for name in every(record, "AU")]
        pairs.append(("ST", first(record, "TI").partition(":")[0]))
        pairs.sort(key=lambda pair: pair[0])
        out.append(lines([("TY", first(record, "TY")), *pairs, ("ID", str(number))]))
    return "\ufeff" + "".join(out)


def rayyan(records: list[Pairs]) -> str:
    """AN becomes a number of its own; fields glued behind UR and DO; decisions join the notes."""
    out = []
    for number, record in enumerate(records, 42924189):
        word = ("Included", "Excluded", "Maybe")[number % 3]
        reason = " | RAYYAN-EXCLUSION-REASONS: wrong population,foreign language" if word == "Excluded" else ""
        pairs = [("TY", first(record, "TY")), ("AN", f"rayyan-{number}"), ("TI", first(record, "TI"))]
        pairs += [("Y1", first(record, "PY")), ("T2", first(record, "T2"))]
        pairs += [(tag, first(record, tag)) for tag in ("SN", "VL", "IS", "SP", "EP")]
        pairs += [("AU", name) for name in every(record, "AU")]
        pairs += [("UR", f"{first(record, 'UR')}     U2  - L20298{number}"), ("LA", first(record, "LA"))]
        pairs += [("CY", "A. Nobody, University of Nowhere"), *(("KW", word) for word in every(record, "KW"))]
        pairs += [("AB", first(record, "AB"))]
        notes = [*every(record, "N1"), f'RAYYAN-INCLUSION: {{"Emily"=>"{word}"}}{reason}']
        pairs += [("N1", " | ".join(notes))]
        if first(record, "DO"):
            pairs += [("DO", f"{first(record, 'DO')}     LK  - https://resolver.example/?id={number}")]
        out.append(lines([(tag, value) for tag, value in pairs if value]))
    return "".join(out)


def covidence(records: list[Pairs]) -> str:
    """A fixed set of tags, empty ones too; DB, KW and numbers go; UR and the notes stay."""
    out = []
    for record in records:
        pairs = [("TY", first(record, "TY")), ("TI", first(record, "TI"))]
        pairs += [("AU", name) for name in every(record, "AU")]
        pairs += [("PY", first(record, "PY")), ("PD", ""), ("AB", first(record, "AB")), ("JO", first(record, "JO"))]
        pairs += [("PB", ""), ("CY", ""), ("VL", first(record, "VL")), ("IS", first(record, "IS"))]
        pairs += [("PG", ""), ("SP", first(record, "SP")), ("EP", first(record, "EP")), ("AN", "")]
        pairs += [("DO", first(record, "DO")), ("UR", first(record, "UR")), ("NS", "")]
        pairs += [("N1", "; ".join(every(record, "N1")))]
        out.append(lines(pairs))
    return "".join(out)


def eppi(records: list[Pairs]) -> str:
    """T1, JF, A1 without commas; addresses in one UR; a keyword and a number of its own."""
    out = []
    for number, record in enumerate(records, 102199191):
        pairs = [("TY", first(record, "TY")), ("T1", first(record, "TI")), ("JF", first(record, "T2"))]
        pairs += [("A1", name.replace(",", "").replace(".", " ")) for name in every(record, "AU")]
        pairs += [("ST", f"Somebody ({first(record, 'PY')})"), ("KW", "eppi-reviewer")]
        pairs += [("PY", first(record, "PY")), ("DA", f"{first(record, 'PY')}///"), ("Y1", f"{first(record, 'PY')}///")]
        pairs += [(tag, first(record, tag)) for tag in ("AB", "DO", "VL", "IS", "SP", "EP")]
        pairs += [("CY", ""), ("UR", f"{first(record, 'UR')} http://dx.doi.org/{first(record, 'DO')}")]
        pairs += [("U1", str(number)), ("N1", " ".join(every(record, "N1")))]
        out.append(lines(pairs))
    return "".join(out)


def asreview(records: list[Pairs]) -> str:
    """Through rispy, the label in front of the notes, unknown tags gone."""
    marks = ("ASReview_relevant", "ASReview_irrelevant", "ASReview_not_seen")
    marked = [
        [pair for tag, value in record for pair in ([("N1", marks[n % 3])] if value.startswith("recid:") else [])
         + [(tag, value)]]
        for n, record in enumerate(records)
    ]  # fmt: skip
    return rispy_itself(marked)


HABITS: dict[str, Callable[[list[Pairs]], str]] = {
    habit.__name__: habit for habit in (rispy_itself, zotero, endnote, rayyan, covidence, eppi, asreview)
}


def without(*tags: str) -> Callable[[Pairs], Pairs]:
    """A tool that drops these tags."""
    return lambda record: [(tag, value) for tag, value in record if tag not in tags]


def shouted(record: Pairs) -> Pairs:
    """A tool that writes titles in capitals and ends them with a full stop."""
    return [(tag, f"{value.upper().rstrip('.')}." if tag == "TI" else value) for tag, value in record]


def mistyped(record: Pairs) -> Pairs:
    """A person who corrected a title by hand, and did not type well."""
    return [(tag, re.sub(r"(?<=\w)tion\b", "toin", value) if tag == "TI" else value) for tag, value in record]
