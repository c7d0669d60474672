"""Records made on the fly: a PubMed of any size that holds none of them in memory."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import cycle, islice

from livingsearch.standin.records import StoredRecord
from livingsearch.strategy.tree import DateField

STEP = 250
"""PMIDs between two records, so that 120,000 of them spread over the numbers that PubMed has given out."""

_WORDS = (
    "peer support workers in community mental health teams were interviewed about their training and supervision "
    "and adults with lived experience reported outcomes at baseline and follow up while costs and satisfaction "
    "were compared between randomised groups by analysts who did not know the allocation of any participant"
).split()
_NAMES = ("Adams", "Bauer", "Costa", "Dubois", "Evans", "Fischer", "García", "Hansen", "Ito", "Jones", "Kowalski")
_INITIALS = "ABCDEFGHJKLMNPRST"
_TOPICS = ("Peer Group", "Mental Health Services", "Personality Disorders", "Social Support", "Counseling", "Humans")

_ARTICLE = (
    '<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM" IndexingMethod="Automated">'
    '<PMID Version="1">{pmid}</PMID>'
    "<DateRevised><Year>{year}</Year><Month>03</Month><Day>{day:02}</Day></DateRevised>"
    '<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">1234-5{issn:03}</ISSN>'
    '<JournalIssue CitedMedium="Internet"><Volume>{volume}</Volume><Issue>{issue}</Issue><PubDate>'
    "<Year>{year}</Year><Month>Mar</Month></PubDate></JournalIssue><Title>Journal of generated research {issue}"
    "</Title><ISOAbbreviation>J Gen Res</ISOAbbreviation></Journal><ArticleTitle>{title}.</ArticleTitle>"
    "<Pagination><StartPage>{page}</StartPage><EndPage>{last}</EndPage><MedlinePgn>{page}-{last}</MedlinePgn>"
    '</Pagination><ELocationID EIdType="doi" ValidYN="Y">10.9999/gen.{pmid}</ELocationID><Abstract>'
    '<AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">{background}.</AbstractText>'
    '<AbstractText Label="RESULTS" NlmCategory="RESULTS">{results}.</AbstractText></Abstract>'
    '<AuthorList CompleteYN="Y">{authors}</AuthorList><Language>eng</Language><PublicationTypeList>'
    '<PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>'
    "<MedlineJournalInfo><Country>England</Country><MedlineTA>J Gen Res</MedlineTA><NlmUniqueID>101{issn:03}"
    "</NlmUniqueID><ISSNLinking>1234-5{issn:03}</ISSNLinking></MedlineJournalInfo><CitationSubset>IM"
    "</CitationSubset><MeshHeadingList>{headings}</MeshHeadingList>"
    '<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">peer support</Keyword></KeywordList></MedlineCitation>'
    '<PubmedData><History><PubMedPubDate PubStatus="pubmed"><Year>{year}</Year><Month>3</Month><Day>{day}</Day>'
    '</PubMedPubDate><PubMedPubDate PubStatus="entrez"><Year>{year}</Year><Month>3</Month><Day>{day}</Day>'
    "</PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
    '<ArticleId IdType="pubmed">{pmid}</ArticleId><ArticleId IdType="doi">10.9999/gen.{pmid}</ArticleId>'
    "</ArticleIdList></PubmedData></PubmedArticle>"
)
_AUTHOR = (
    '<Author ValidYN="Y"><LastName>{name}</LastName><ForeName>{initial}</ForeName><Initials>{initial}</Initials>'
    "<AffiliationInfo><Affiliation>Department {number}, University of Invented Places, Nowhere.</Affiliation>"
    "</AffiliationInfo></Author>"
)
_HEADING = '<MeshHeading><DescriptorName UI="D{ui:06}" MajorTopicYN="N">{name}</DescriptorName></MeshHeading>'
_AUTHORS, _LEAST_WITH_ALL = 6, 4_500


def generated_record(pmid: int, size: int) -> bytes:
    """The XML of one record; the same number gives the same record.

    Args:
        pmid: its number.
        size: bytes that it should have, roughly; none has fewer than some 3,000. One below 4,500 has a single author.
    """
    authors = _AUTHORS if size >= _LEAST_WITH_ALL else 1
    names = [_NAMES[(pmid // STEP + n * 3) % len(_NAMES)] for n in range(authors)]
    values: dict[str, object] = {
        "pmid": pmid,
        "year": 1990 + pmid % 35,
        "day": 1 + pmid // 7 % 28,
        "issn": pmid // STEP % 1000,
        "volume": 1 + pmid // STEP % 90,
        "issue": 1 + pmid // STEP % 12,
        "page": 1 + pmid % 900,
        "last": 9 + pmid % 900,
        "title": _text(pmid // STEP, 90).capitalize() + f" {pmid}",
        "authors": "".join(
            _AUTHOR.format(name=name, initial=_INITIALS[(pmid + n) % len(_INITIALS)], number=n + 1)
            for n, name in enumerate(names)
        ),
        "headings": _HEADINGS,
        "background": _text(pmid // STEP + 5, 400).capitalize(),
        "results": "",
    }
    bare = len(_ARTICLE.format(**values).encode())
    values["results"] = _text(pmid // STEP + 11, max(20, size - bare)).capitalize()
    return _ARTICLE.format(**values).encode()


class GeneratedIndex:
    """Records with the PMIDs `step`, 2 × `step`, … of which every word, phrase and date finds all.

    Only a range of PMIDs tells them apart. To be served in the place of an `Index`.

    Args:
        count: how many.
        size: bytes of each, roughly.
        step: from one PMID to the next.
    """

    def __init__(self, count: int, size: int = 5_000, step: int = STEP) -> None:
        self.pmids: tuple[int, ...] = tuple(range(step, step * count + 1, step))
        self.records: Mapping[int, StoredRecord] = _Made(count, size, step)
        self._step = step

    def term(self, words: tuple[str, ...], truncated: bool, fields: tuple[str, ...]) -> set[int]:
        """All records, whatever the words."""
        return set(self.pmids) if words else set()

    def near(self, words: tuple[str, ...], between: int, fields: tuple[str, ...]) -> set[int]:
        """All records, whatever the words."""
        return set(self.pmids) if words else set()

    def dated(self, field: DateField, first: date | None, last: date | None) -> set[int]:
        """All records, whatever the dates."""
        return set(self.pmids)

    def numbered(self, first: int | None, last: int | None) -> set[int]:
        """Records whose PMID lies between two numbers, both included; None leaves an end open."""
        low = max(1, -(-(first or 0) // self._step))
        high = len(self.pmids) if last is None else min(len(self.pmids), last // self._step)
        return set(self.pmids[low - 1 : high]) if low <= high else set()


class _Made(Mapping[int, StoredRecord]):
    def __init__(self, count: int, size: int, step: int) -> None:
        self._count, self._size, self._step = count, size, step

    def __getitem__(self, pmid: int) -> StoredRecord:
        if pmid not in self:
            raise KeyError(pmid)
        return StoredRecord(pmid, generated_record(pmid, self._size), {}, {})

    def __contains__(self, pmid: object) -> bool:
        return isinstance(pmid, int) and pmid % self._step == 0 and 1 <= pmid // self._step <= self._count

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._step, self._step * self._count + 1, self._step))

    def __len__(self) -> int:
        return self._count


_TEXTS = tuple(" ".join(islice(cycle(_WORDS), start, start + 9_000)) for start in range(len(_WORDS)))
_HEADINGS = "".join(_HEADING.format(ui=n, name=name) for n, name in enumerate(_TOPICS, 1))


def _text(start: int, length: int) -> str:
    """Words from another place for each `start`, of about that length; no more than some 50,000 characters."""
    text = _TEXTS[start % len(_TEXTS)][:length]
    return text[: text.rfind(" ")]
