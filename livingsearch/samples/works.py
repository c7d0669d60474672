"""The works behind the samples: references, which of them are one work, and the journals they stand in."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from livingsearch.samples.names import Author, read_inverted_first, read_vancouver

_VANCOUVER_PAPER = "Barr 2020"

_CITING_DOI = "10.1186/s40479-020-00135-5"
"""The work whose own reference list is known: the references of `_VANCOUVER_PAPER`."""


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal, from `journals.csv`.

    Attributes:
        title: full title.
        abbreviation: in NLM's style.
        nlm_title: title as NLM's catalogue writes it; empty where PubMed does not hold the journal.
        field: what it is about, which decides the databases that hold it.
        in_pubmed: whether its articles stand in PubMed.
        online: whether it appears online only, so that its articles have numbers rather than pages.
    """

    title: str
    abbreviation: str
    nlm_title: str
    field: str
    in_pubmed: bool
    online: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A work as one reference list prints it.

    Attributes:
        authors: those named.
        complete: False where the list ends in `et al`.
        year: of publication.
        title: in English, without what the reference adds to it (publisher, editor).
        title_original: in the language of the publication, where the reference gives both.
        headline_case: whether the list writes titles in headline case.
        journal: None for what is no article.
        volume: as printed.
        issue: as printed.
        first_page: or the article number.
        last_page: written out in full; empty for an article number.
        doi: bare; empty where the list gives none.
    """

    authors: tuple[Author, ...]
    complete: bool
    year: int
    title: str
    title_original: str
    headline_case: bool
    journal: Journal | None
    volume: str
    issue: str
    first_page: str
    last_page: str
    doi: str


@dataclass(frozen=True, slots=True)
class Work:
    """One publication.

    Attributes:
        id: from `works.csv`.
        kind: `article`, `book`, `chapter`, `dissertation`, `report`, `scale` or `unplaced`.
        included: whether it is one of the review's included studies.
        citations: as the reference lists print it, the fullest first.
        cited: the references of the work itself, in one line each, where they are known.
    """

    id: str
    kind: str
    included: bool
    citations: tuple[Citation, ...]
    cited: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        """Year of publication."""
        return self.citations[0].year


def read_works(data: Path) -> tuple[Work, ...]:
    """Read the works behind the samples.

    Args:
        data: folder of `references.csv`, `works.csv` and `journals.csv`.

    Returns:
        The works in the order of their ids.
    """
    references = _rows(data / "references.csv")
    journals = _journals(_rows(data / "journals.csv"))
    grouped: dict[str, list[tuple[Mapping[str, str], Mapping[str, str]]]] = {}
    for row in _rows(data / "works.csv"):
        grouped.setdefault(row["work"], []).append((row, references[int(row["reference"]) - 1]))
    cited = tuple(sorted(_in_one_line(row) for row in references if row["paper"] == _VANCOUVER_PAPER))
    works = []
    for work_id, members in sorted(grouped.items()):
        citations = tuple(_citation(row, reference, journals) for row, reference in members)
        works.append(
            Work(
                id=work_id,
                kind=members[0][0]["kind"],
                included=any(reference["included"] == "1" for _, reference in members),
                citations=citations,
                cited=cited if citations[0].doi == _CITING_DOI else (),
            )
        )
    return tuple(works)


def expand_last_page(first: str, last: str) -> str:
    """Write an abbreviated last page out: `319`, `28` gives `328`; none stays none."""
    missing = len(first) - len(last)
    return first[:missing] + last if last and missing > 0 else last


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _journals(rows: Iterable[Mapping[str, str]]) -> dict[str, Journal]:
    journals = {}
    for row in rows:
        journal = Journal(
            title=row["title"],
            abbreviation=row["abbreviation"],
            nlm_title=row["nlm_title"],
            field=row["field"],
            in_pubmed=row["pubmed"] == "1",
            online=row["online"] == "1",
        )
        journals.update(dict.fromkeys(row["printed"].split("|"), journal))
    return journals


def _citation(row: Mapping[str, str], reference: Mapping[str, str], journals: Mapping[str, Journal]) -> Citation:
    vancouver = reference["paper"] == _VANCOUVER_PAPER
    authors, complete = (read_vancouver if vancouver else read_inverted_first)(reference["authors"])
    first, _, last = reference["pages"].partition("-")
    return Citation(
        authors=authors,
        complete=complete,
        year=int(reference["year"]),
        title=row["title"] or reference["title"].strip(),
        title_original=row["title_original"],
        headline_case=not vancouver,
        journal=journals[reference["journal"]] if row["kind"] == "article" else None,
        volume=reference["volume"],
        issue=reference["number"],
        first_page=first,
        last_page=expand_last_page(first, last),
        doi=reference["doi"],
    )


def _in_one_line(reference: Mapping[str, str]) -> str:
    source = reference["journal"]
    if reference["volume"]:
        source += f", {reference['volume']}"
    if reference["pages"]:
        source += f", {reference['pages']}"
    title = reference["title"].rstrip("?.")
    return f"{reference['authors']}. ({reference['year']}). {title}. {source}."
