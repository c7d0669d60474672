"""Which report of the batch a returned reference is: by our id, by DOI or PMID, by title, or nobody's to say.

A wrong match gives one report the decision on another, so doubt always leaves the reference unmatched, with the
reports that it may be. The order is that of certainty: an identifier that several reports share, or two
identifiers that name two reports, decide nothing, and a weaker kind of evidence never takes a report that a
stronger one has given to another reference.

The limits were set on five labelled sets of database records (Copper, cytology, diabetes, digital work, haematology):
one record of each work as the batch, the others as what came back, every third work held out of the batch.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from livingsearch.exports.back.reference import Reference
from livingsearch.exports.back.titles import may_be_same, normal_title, same_first_author, years_apart
from livingsearch.exports.report import bare_doi

SAME_TITLE = 92.0
"""Least similarity (rapidfuzz's `ratio` of normal titles) at which a title identifies."""

MARGIN = 5.0
"""How far the second best title must lie behind."""

OTHER_TITLE = 60.0
"""A similarity of words (`token_set_ratio`) below which two titles contradict the same identifier."""

NOTED_TITLE = 80.0
"""Least similarity of titles at which an id is believed that stands in a note without its address: a number alone
may be another review's."""

_WHOLE_TITLE = 95.0
_SAME_LETTERS = 99.0
_TELLING_LETTERS = 25
_LONE_TITLE_WORDS = 6
_FEWEST_WORDS = 3
_RAREST = 5
_MOST_OF_A_WORD = 300
_NOTE = re.compile(r"\brecid:\s*(R\d{6,18})(?!\d)", re.IGNORECASE)
_ANY_ADDRESS = re.compile(r"/reports/R\d{6,18}(?!\d)", re.IGNORECASE)
_BARE = re.compile(r"\s*'?(R\d{6,18})\s*")
_ID_FIELDS = ("recid", "label", "lb")
_TEXT_FIELDS = frozenset(
    "ti t1 title primary_title ab n2 abstract au a1 fau authors author kw keywords keyword ot mh".split()
)
"""Where authors' own words stand; nothing there is taken for an id."""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A report as a batch handed it out.

    Attributes:
        report_id: `R` and a number.
        update: that released it.
        title: plain text.
        authors: in order.
        year: of publication.
        doi: as written.
        pmid: digits.
    """

    report_id: str
    update: int
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The report that a reference is.

    Attributes:
        report: it.
        how: `id`, `doi`, `pmid` or `title`.
        evidence: in words.
    """

    report: HandedOut
    how: str
    evidence: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """Why a reference is no report's.

    Attributes:
        why: in words.
        candidates: ids of reports that it may be.
    """

    why: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What the references are looked up in.

    Attributes:
        reports: of the batches that are asked about.
        address: what comes before the id in a report's address.
        elsewhere: the update of each report of other batches, by id.
    """

    reports: Sequence[HandedOut]
    address: str
    elsewhere: Mapping[str, int] = field(default_factory=dict)


def match(references: Sequence[Reference], batch: Batch) -> list[Found | NotFound]:
    """Find the report of each reference.

    Args:
        references: of a file.
        batch: that it may have been made from.

    Returns:
        One result a reference, in their order. By id, DOI or PMID several references may be one report; by its
        title a reference is never a report that another reference is.
    """
    index = _Index(batch)
    results: list[Found | NotFound] = [index.identified(reference) for reference in references]
    taken = {r.report.report_id: n for n, r in enumerate(results) if isinstance(r, Found)}
    for n, (reference, result) in enumerate(zip(references, results, strict=True)):
        if isinstance(result, NotFound) and not result.why:
            results[n] = index.titled(reference)
    return _once_by_title(references, results, taken)


def _once_by_title(
    references: Sequence[Reference], results: list[Found | NotFound], taken: Mapping[str, int]
) -> list[Found | NotFound]:
    claims: dict[str, list[int]] = defaultdict(list)
    for n, result in enumerate(results):
        if isinstance(result, Found) and result.how == "title":
            claims[result.report.report_id].append(n)
    for report_id, claimed in claims.items():
        if report_id in taken:
            said = f"its title is that of {report_id}, which reference {references[taken[report_id]].position} is"
        elif len(claimed) > 1:
            others = ", ".join(str(references[n].position) for n in claimed)
            said = f"references {others} have the title of {report_id}"
        else:
            continue
        for n in claimed:
            results[n] = NotFound(said, (report_id,))
    return results


class _Index:
    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._by_id = {report.report_id: report for report in batch.reports}
        self._address = re.compile(re.escape(batch.address) + r"(R\d{6,18})(?!\d)", re.IGNORECASE)
        self._dois: dict[str, set[str]] = defaultdict(set)
        self._pmids: dict[str, set[str]] = defaultdict(set)
        self._titles: dict[str, str] = {}
        self._words: dict[str, list[str]] = defaultdict(list)
        for report in batch.reports:
            if doi := bare_doi(report.doi or "").lower():
                self._dois[doi].add(report.report_id)
            if report.pmid:
                self._pmids[report.pmid].add(report.report_id)
            if title := normal_title(report.title):
                self._titles[report.report_id] = title
                for word in set(title.split()):
                    self._words[word].append(report.report_id)

    def identified(self, reference: Reference) -> Found | NotFound:
        """By id, DOI or PMID; a `NotFound` without a reason where it has none that is known."""
        addressed, noted = self._ids(reference)
        ids = addressed or noted
        if len(ids) > 1:
            return NotFound(f"it carries the ids of several reports ({', '.join(sorted(ids))})", tuple(sorted(ids)))
        by_number = self._by_number(reference)
        if not ids:
            return by_number
        (report_id,) = ids
        report = self._by_id.get(report_id)
        if report is None:
            update = self._batch.elsewhere.get(report_id)
            if update is None:
                return by_number
            return NotFound(f"it is {report_id}, of the batch of update {update}", (report_id,))
        other = isinstance(by_number, Found) and by_number.report.report_id != report_id
        if addressed and other and self._contradicts(reference, report):
            return NotFound(f"it carries the id {report_id} but title and number of another", (report_id,))
        if not addressed and not self._supports(reference, report, by_number):
            return NotFound(f"it carries the id {report_id} but its title is another", (report_id,))
        where = " and ".join(name for name, held in (("address", addressed), ("note", report_id in noted)) if held)
        return Found(report, "id", f"id in {where}")

    def titled(self, reference: Reference) -> Found | NotFound:
        """By title, held against year and first author."""
        title = normal_title(reference.title)
        if not title:
            return NotFound("it has no id, DOI, PMID or title that the batch knows")
        fitting = [
            (score, report_id, agreed)
            for report_id, score in self._similar(title)
            if may_be_same(title, self._titles[report_id])
            and (agreed := self._agreement(reference, self._by_id[report_id], score)) is not None
        ]
        fitting.sort(key=lambda one: (-one[0], one[1]))
        if not fitting or fitting[0][0] < SAME_TITLE:
            near = tuple(report_id for _, report_id, _ in fitting[:3])
            return NotFound("no report of the batch has its id, DOI, PMID or title", near)
        best, report_id, agreed = fitting[0]
        rivals = [other for score, other, _ in fitting[1:] if best - score < MARGIN]
        if rivals:
            names = (report_id, *rivals)
            return NotFound(f"its title fits several reports ({', '.join(names[:5])})", names)
        if not agreed and (best < 100 or len(title.split()) < _LONE_TITLE_WORDS):
            return NotFound(f"only its title ({best:.0f}) speaks for {report_id}", (report_id,))
        if len(title.split()) < _FEWEST_WORDS and len(agreed) < 2:
            return NotFound(f"its title is too short to tell whether it is {report_id}", (report_id,))
        said = "; ".join([f"title {best:.0f}", *(f"{name} same" for name in agreed)])
        return Found(self._by_id[report_id], "title", said)

    def _ids(self, reference: Reference) -> tuple[set[str], set[str]]:
        addressed: set[str] = set()
        noted: set[str] = set()
        for name, value in reference.fields:
            if name.strip().lower() in _TEXT_FIELDS:
                continue
            addressed |= {found.upper() for found in self._address.findall(value)}
            noted |= {found.upper() for found in _NOTE.findall(value)}
            if name.strip().lower() in _ID_FIELDS and (bare := _BARE.fullmatch(value)):
                noted.add(bare[1])
        return addressed, noted

    def _by_number(self, reference: Reference) -> Found | NotFound:
        doi = bare_doi(reference.doi or "").lower()
        named = {
            how: ids
            for how, ids in (
                ("doi", self._dois.get(doi, set())),
                ("pmid", self._pmids.get(reference.pmid or "", set())),
            )
            if ids
        }
        if not named:
            return NotFound("")
        common = set.intersection(*named.values())
        if len(common) != 1:
            ids = tuple(sorted(set().union(*named.values())))
            said = " and ".join(how.upper() for how in named)
            if not common:
                return NotFound(f"its {said} name different reports ({', '.join(ids[:5])})", ids)
            return NotFound(f"its {said} is that of several reports ({', '.join(sorted(common)[:5])})", ids)
        report = self._by_id[common.pop()]
        how = next(iter(named))
        if self._contradicts(reference, report):
            return NotFound(f"it has the {how.upper()} of {report.report_id} but another title", (report.report_id,))
        return Found(report, how, " and ".join(f"same {name.upper()}" for name in named))

    def _contradicts(self, reference: Reference, report: HandedOut) -> bool:
        one, other = normal_title(reference.title), self._titles.get(report.report_id, "")
        if not one or not other:
            return False
        return fuzz.token_set_ratio(one, other) < OTHER_TITLE

    def _supports(self, reference: Reference, report: HandedOut, by_number: Found | NotFound) -> bool:
        """Whether a reference that names a report in a note only may be that report."""
        if isinstance(by_number, Found):
            return by_number.report.report_id == report.report_id
        one, other = normal_title(reference.title), self._titles.get(report.report_id, "")
        if not one or not other:
            return not any(_ANY_ADDRESS.search(value) for _, value in reference.fields)
        if fuzz.ratio(one, other) >= NOTED_TITLE:
            return True
        # A title cut off at its colon is the same title still.
        cut = min(len(one), len(other)) >= _TELLING_LETTERS
        return cut and fuzz.partial_ratio(one, other) >= _WHOLE_TITLE

    def _similar(self, title: str) -> Iterable[tuple[str, float]]:
        """Reports that share one of the title's rarest words, by their similarity."""
        known = sorted((w for w in set(title.split()) if w in self._words), key=lambda w: (len(self._words[w]), w))
        nearby = {
            report_id
            for word in known[:_RAREST]
            if len(self._words[word]) <= _MOST_OF_A_WORD or word == known[0]
            for report_id in self._words[word]
        }
        titles = {report_id: self._titles[report_id] for report_id in nearby}
        found = process.extract(title, titles, scorer=fuzz.ratio, limit=20, score_cutoff=SAME_TITLE - 2 * MARGIN)
        return [(report_id, float(score)) for _, score, report_id in found]

    @staticmethod
    def _agreement(reference: Reference, report: HandedOut, score: float) -> tuple[str, ...] | None:
        """What agrees beside the title; None where something contradicts."""
        apart = years_apart(reference.year, report.year)
        same_author = same_first_author(reference.authors, report.authors)
        # The next year with a title that is not quite the same is as often another paper of the same people.
        if same_author is False or (apart is not None and (apart > 1 or (apart == 1 and score < _SAME_LETTERS))):
            return None
        return (*(["year"] if apart == 0 else []), *(["first author"] if same_author else []))
