"""All sample files, with the truth about them."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from livingsearch.samples import ebsco, ovid, pubmed
from livingsearch.samples.entries import BASE, UPDATE, WAVES, Entry, entries_of
from livingsearch.samples.placement import CINAHL, EMBASE, MEDLINE, PSYCINFO, PUBMED, SOURCES
from livingsearch.samples.works import Work

FILE_NAMES: Mapping[str, str] = {
    PUBMED: "pubmed.xml",
    MEDLINE: "ovid-medline.ris",
    EMBASE: "ovid-embase.ris",
    PSYCINFO: "ovid-psycinfo.ris",
    CINAHL: "ebsco-cinahl.ris",
}
"""Name of each source's file in the folder of a wave."""

SEARCHED: Mapping[str, str] = {BASE: "2023-12-31", UPDATE: "2025-08-15"}
"""Day of a wave's searches, as its manifests say."""


def build(works: Iterable[Work]) -> dict[str, bytes]:
    """Make all sample files.

    Args:
        works: all works.

    Returns:
        Contents by path below the samples' folder.
    """
    works = tuple(works)
    waves = {wave: entries_of(works, wave) for wave in WAVES}
    files = {
        f"{wave}/{FILE_NAMES[source]}": _write(source, waves[wave][source], wave)
        for wave in WAVES
        for source in SOURCES
    }
    for wave in WAVES:
        for source in SOURCES:
            if source != PUBMED:
                name = f"{wave}/{FILE_NAMES[source].removesuffix('.ris')}.toml"
                files[name] = _manifest(source, wave, len(waves[wave][source]))
    files["truth.csv"] = _truth(waves)
    files["counts.csv"] = _counts(waves)
    files["records.csv"] = _records(waves[BASE])
    return files


def write_files(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files below a folder, which is made where it does not exist."""
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _write(source: str, entries: tuple[Entry, ...], wave: str) -> bytes:
    if source == PUBMED:
        return pubmed.write(entries)
    if source == CINAHL:
        return ebsco.write(entries)
    return ovid.write(entries, wave)


def _manifest(source: str, wave: str, records: int) -> bytes:
    lines = [
        f'source = "{source}"',
        f"date_searched = {SEARCHED[wave]}",
        f"hits = {records}",
        'exported_by = "livingsearch.samples"',
    ]
    if source == CINAHL:
        # Ovid's files hold the search; in EBSCOhost's there is none.
        lines.append('strategy = "as declared"')
    return ("\n".join(lines) + "\n").encode("utf-8")


def _truth(waves: Mapping[str, Mapping[str, tuple[Entry, ...]]]) -> bytes:
    rows = {
        (SOURCES.index(source), entry.accession, entry.occurrence): (
            source,
            entry.accession,
            entry.occurrence,
            entry.work,
            int(entry.matches),
        )
        for by_source in waves.values()
        for source, entries in by_source.items()
        for entry in entries
    }
    return _csv(("source", "accession", "occurrence", "work", "matches"), (rows[key] for key in sorted(rows)))


def _counts(waves: Mapping[str, Mapping[str, tuple[Entry, ...]]]) -> bytes:
    rows = (
        (wave, source, len(entries), sum(entry.matches for entry in entries))
        for wave, by_source in waves.items()
        for source, entries in by_source.items()
    )
    return _csv(("wave", "source", "records", "matches"), rows)


def _records(by_source: Mapping[str, tuple[Entry, ...]]) -> bytes:
    """A wave as one table, as sets of records for deduplication are handed about."""
    rows = (
        (
            f"{source}-{number}",
            " and ".join(", ".join(filter(None, (a.family, " ".join(a.initials)))) for a in entry.authors),
            entry.title,
            entry.year,
            entry.journal.title if entry.journal else "",
            entry.volume,
            entry.issue,
            "-".join(filter(None, (entry.first_page, entry.last_page))),
            entry.doi,
            entry.pmid,
        )
        for source, entries in by_source.items()
        for number, entry in enumerate(entries, 1)
    )
    header = ("record_id", "author", "title", "year", "journal", "volume", "number", "pages", "doi", "pmid")
    return _csv(header, rows)


def _csv(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
