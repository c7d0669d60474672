"""PubMed records out of PubmedArticleSet files: the XML as it stood, and what can be searched in it."""

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from livingsearch.errors import LivingSearchError
from livingsearch.standin.words import words_of
from livingsearch.strategy.tree import DateField

# Article elements never nest, so that a plain cut of the source keeps every byte of them.
_ARTICLE = re.compile(rb"<(PubmedArticle|PubmedBookArticle)(?=[\s>]).*?</\1\s*>", re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LANGUAGES = {
    "chi": "chinese",
    "cze": "czech",
    "dan": "danish",
    "dut": "dutch",
    "eng": "english",
    "fin": "finnish",
    "fre": "french",
    "ger": "german",
    "hun": "hungarian",
    "ita": "italian",
    "jpn": "japanese",
    "kor": "korean",
    "nor": "norwegian",
    "pol": "polish",
    "por": "portuguese",
    "rus": "russian",
    "spa": "spanish",
    "swe": "swedish",
    "tur": "turkish",
}
_PLACES: dict[str, tuple[str, ...]] = {
    "title": (".//ArticleTitle", ".//BookTitle"),
    "abstract": (".//AbstractText",),
    "author_keywords": (".//KeywordList/Keyword",),
    "journal": (
        ".//Journal/Title",
        ".//ISOAbbreviation",
        ".//MedlineTA",
        ".//Journal/ISSN",
        ".//ISSNLinking",
    ),
    "publication_type": (".//PublicationType",),
    "affiliation": (".//Affiliation",),
}


class RecordFileUnusable(LivingSearchError):
    """A file of records that the stand-in cannot serve."""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record of the stand-in's PubMed.

    Args:
        pmid: its number.
        xml: its element, byte for byte as the file had it.
        texts: what each field says, as cut into words and joined again; values stand on lines of their own.
        dates: the days that each kind of date names.
    """

    pmid: int
    xml: bytes
    texts: dict[str, str]
    dates: dict[DateField, tuple[date, ...]]


def read_records(files: Iterable[Path]) -> dict[int, StoredRecord]:
    """Read sets of PubMed records.

    Args:
        files: PubmedArticleSet or PubmedBookArticleSet files in UTF-8, plain or with the suffix `.gz`.

    Returns:
        The records by PMID; of a PMID that comes twice, the later one.

    Raises:
        RecordFileUnusable: a file is not XML of that kind, or a record has no PMID.
    """
    records = {}
    for path in files:
        for record in _records_in(path):
            records[record.pmid] = record
    return records


def _records_in(path: Path) -> Iterator[StoredRecord]:
    source = path.read_bytes()
    if path.suffix == ".gz":
        source = gzip.decompress(source)
    try:
        root: Element = fromstring(source)
        source.decode("utf-8")
    except (ParseError, ValueError) as error:
        raise RecordFileUnusable(f"{path} is not XML in UTF-8: {error}") from error
    # A file may hold one bare record instead of a set.
    articles = [element for element in (root, *root) if element.tag in ("PubmedArticle", "PubmedBookArticle")]
    slices = [found.group() for found in _ARTICLE.finditer(source)]
    if len(articles) != len(slices):
        raise RecordFileUnusable(f"{path} holds {len(articles)} records, but {len(slices)} could be cut out")
    for article, xml in zip(articles, slices, strict=True):
        pmid = (article.findtext("./*/PMID") or "").strip()
        if not pmid.isdigit():
            raise RecordFileUnusable(f"{path} holds a record without a PMID")
        yield StoredRecord(int(pmid), xml, _texts(article, pmid), _dates(article))


def _texts(article: Element, pmid: str) -> dict[str, str]:
    values: dict[str, list[str]] = {
        name: [_text(element) for place in places for element in article.iterfind(place)]
        for name, places in _PLACES.items()
    }
    values["abstract"] += [e.get("Label", "") for e in article.iterfind(".//AbstractText")]
    values["subject_heading"] = [_text(e) for e in article.iterfind(".//MeshHeading/DescriptorName")]
    values["subject_heading"] += list(_headings_with_qualifiers(article))
    values["subject_heading_major"] = [
        _text(heading.find("DescriptorName"))
        for heading in article.iterfind(".//MeshHeading")
        if any(part.get("MajorTopicYN") == "Y" for part in heading)
    ]
    values["author"] = list(_authors(article))
    codes = [_text(e) for e in article.iterfind(".//Language")]
    values["language"] = codes + [_LANGUAGES[code] for code in codes if code in _LANGUAGES]
    values["identifier"] = [_text(e) for e in article.iterfind(".//ELocationID")]
    # The reference list holds ArticleIds too, of other articles.
    for place in ("./PubmedData/ArticleIdList/ArticleId", "./BookDocument/ArticleIdList/ArticleId"):
        values["identifier"] += [_text(e) for e in article.iterfind(place)]
    values["uid"] = [pmid]
    return {name: _joined(texts) for name, texts in values.items()}


def _text(element: Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


def _joined(values: Iterable[str]) -> str:
    return "".join(f"\n {' '.join(words)} \n" for value in values if (words := words_of(value)))


def _headings_with_qualifiers(article: Element) -> Iterator[str]:
    for heading in article.iterfind(".//MeshHeading"):
        for qualifier in heading.iterfind("QualifierName"):
            yield f"{_text(heading.find('DescriptorName'))}/{_text(qualifier)}"


def _authors(article: Element) -> Iterator[str]:
    for author in article.iterfind(".//AuthorList/Author"):
        last = author.findtext("LastName") or ""
        yield f"{last} {author.findtext('Initials') or ''}"
        yield f"{last} {author.findtext('ForeName') or ''}"
        yield author.findtext("CollectiveName") or ""


def _dates(article: Element) -> dict[DateField, tuple[date, ...]]:
    published = [
        day
        for place in (".//JournalIssue/PubDate", ".//ArticleDate", ".//Book/PubDate", ".//ContributionDate")
        for element in article.iterfind(place)
        if (day := _day(element))
    ]
    history = {
        element.get("PubStatus", ""): day
        for element in article.iterfind(".//History/PubMedPubDate")
        if (day := _day(element))
    }
    # The "pubmed" date is the one that [edat] searches; "entrez" is the day on which the record was made.
    created = history.get("entrez") or history.get("pubmed")
    entered = history.get("pubmed") or history.get("entrez")
    return {
        "date_publication": tuple(published),
        "date_create": (created,) if created else (),
        "date_entry": (entered,) if entered else (),
    }


def _day(element: Element) -> date | None:
    medline = re.match(r"(\d{4})\s*([A-Za-z]{3})?", element.findtext("MedlineDate") or "")
    year = element.findtext("Year") or (medline[1] if medline else "")
    month = element.findtext("Month") or (medline[2] if medline and medline[2] else "1")
    try:
        return date(int(year), _month(month), int(element.findtext("Day") or "1"))
    except ValueError:
        return None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else 1
