"""What a review's file says, as frozen data."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from livingsearch.errors import SourceUnknown
from livingsearch.review.fields import (
    BaseUrl,
    Contact,
    Day,
    Doi,
    FirstDay,
    OneLine,
    Pmid,
    Schedule,
    Slug,
    Text,
    TimeZone,
    WaitDays,
    Warning_,
)
from livingsearch.strategy.tree import FieldName


class Table(BaseModel):
    """A table of the file: it cannot be changed and takes no field that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Concept(Table):
    """One concept of the search: its name and the terms that stand for it."""

    name: OneLine
    terms: Annotated[tuple[OneLine, ...], Field(min_length=1)]


class Limit(Table):
    """A limit put on the search, and why."""

    what: OneLine
    reason: Text


class PeerReview(Table):
    """Who read the search strategy before it ran, when, and by which method (e.g. PRESS)."""

    who: OneLine
    when: Day
    method: OneLine


class Revision(Table):
    """`[search.revision]`: the last change of the strategy.

    Attributes:
        author: who changed it.
        reason: why; kept with the strategy's version.
    """

    author: OneLine
    reason: Text


class Reporting(Table):
    """`[search.reporting]`: what PRISMA-S asks for and only a person knows; each may be missing.

    Attributes:
        multi_database: databases searched together on one platform (item 2).
        registries: study registries searched (item 3).
        browsing: online resources and printed sources browsed (item 4).
        citation_searching: which references and citing articles were looked at, and how (item 5).
        contacts: who was asked for further studies (item 6).
        other_methods: anything else (item 7).
        filters: published search filters used, with their source (item 10).
        prior_work: strategies of other reviews that were adapted (item 11).
    """

    multi_database: Text | None = None
    registries: Text | None = None
    browsing: Text | None = None
    citation_searching: Text | None = None
    contacts: Text | None = None
    other_methods: Text | None = None
    filters: Text | None = None
    prior_work: Text | None = None


def _in_one_order(fields: tuple[FieldName, ...]) -> tuple[FieldName, ...]:
    """Each once, in the order of `FieldName`: the order in a file must not change what is written for a platform."""
    return tuple(name for name in get_args(FieldName) if name in fields)


class Search(Table):
    """`[search]`: the documented search.

    Attributes:
        text: verbatim, as published or registered.
        syntax: the platform whose syntax it is in.
        database: that it is written for, where its subject headings are to be read; None for the usual one.
        fields: where terms without a field of their own are looked for; each once, in the order of `FieldName`.
        since: first day of publication covered; None for the databases' inception. `from` in the file.
        until: last day that the documented search covers. `to` in the file.
        languages: languages that the review takes in; empty for all.
        framing: how the question is framed.
        justification: why this search.
        concepts: parts of the question with their terms.
        limits: each with its reason.
        peer_review: of the search strategy.
        revision: the strategy's last change.
        reporting: what PRISMA-S asks a person for.
    """

    text: Text
    syntax: Literal["ovid", "pubmed", "ebsco", "embase", "other"]
    database: OneLine | None = None
    fields: Annotated[tuple[FieldName, ...], Field(min_length=1), AfterValidator(_in_one_order)]
    since: Annotated[FirstDay, Field(alias="from")]
    until: Annotated[Day | None, Field(alias="to")] = None
    languages: tuple[OneLine, ...] = ()
    framing: Text | None = None
    justification: Text | None = None
    concepts: tuple[Concept, ...] = ()
    limits: tuple[Limit, ...] = ()
    peer_review: PeerReview | None = None
    revision: Revision | None = None
    reporting: Reporting = Reporting()


class DeclaredSource(Table):
    """`[[source]]` as the file has it: a database on a platform.

    Attributes:
        slug: its name in files, commands and accession numbers.
        name: of the database as PRISMA lists it.
        kind: `database` or `register`, as PRISMA's first box splits them; `other` for PRISMA's column of other methods.
        method: of a source of kind `other`, and of no other: the box that its records stand in.
        database: the database with its edition or segment, as the platform calls it.
        platform: where it is searched.
        connector: `entrez` (PubMed) and `europepmc` run the search themselves, `file` takes in the platform's exports.
        query: the search verbatim, as run there; None where it is the documented search's translation.
        schedule: when it falls due, in the review's time zone; a source of kind `other` opens no update and none waits
            for it.
        wait_days: how long an update waits for this source's export.
        accepted_warnings: the platform's warnings that do not stop a run: `Kind` or `Kind: text`.
    """

    slug: Slug
    name: OneLine
    kind: Literal["database", "register", "other"]
    method: Literal["citation searching", "websites", "organisations"] | None = None
    database: OneLine
    platform: OneLine
    connector: Literal["entrez", "europepmc", "file"]
    query: Text | None = None
    schedule: Schedule
    wait_days: WaitDays = 14
    accepted_warnings: tuple[Warning_, ...] = ()


class Source(DeclaredSource):
    """A database on a platform, with the search that runs there.

    Attributes:
        query: the search as run there, written down or translated.
        translated: whether it is the documented search's translation, made when the file was read.
    """

    query: Text
    translated: StrictBool = False

    @property
    def label(self) -> str:
        """As a reader should see it: `Embase (Ovid)`."""
        return self.name if self.platform == self.name else f"{self.name} ({self.platform})"


class Known(Table):
    """`[[known]]`: a relevant article known before the search, which the search must find."""

    title: OneLine
    doi: Doi | None = None
    pmid: Pmid | None = None


class About(Table):
    """`[review]`."""

    slug: Slug
    title: OneLine
    version: OneLine
    registration: OneLine | None = None
    contact: Contact
    time_zone: TimeZone
    base_url: BaseUrl | None = None
    retirement_plan: Text | None = None


class Dedup(Table):
    """`[dedup]`: sources whose record speaks for a report, the first that has it."""

    preferred: tuple[Slug, ...] = ()


class Publish(Table):
    """`[publish]`: whether a person must approve what is published, and whether that may be who proposed it."""

    approval: StrictBool = True
    self_approval: StrictBool = False


class File(Table):
    """The whole file."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    review: About
    search: Search
    sources: Annotated[tuple[DeclaredSource, ...], Field(alias="source", min_length=1)]
    dedup: Dedup = Dedup()
    publish: Publish = Publish()
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A review as its file declares it.

    Attributes:
        slug: its name in a workspace.
        title: as published.
        version: of the review, as living reviews number them.
        registration: e.g. a PROSPERO number.
        contact: e-mail address of whoever keeps the review; databases with an API get it too.
        time_zone: IANA name; schedules are meant in it.
        base_url: under which reports have public addresses, without a slash at its end.
        retirement_plan: when the review will stop being updated.
        search: the documented search.
        sources: in the file's order.
        preferred: slugs, the source whose record speaks for a report first.
        approval: whether a person must approve what is published.
        self_approval: whether the person who proposed a version may approve it.
        known: relevant articles known before.
        text: the file as read.
        sha256: of the file's bytes.
    """

    slug: str
    title: str
    version: str
    registration: str | None
    contact: str
    time_zone: str
    base_url: str | None
    retirement_plan: str | None
    search: Search
    sources: tuple[Source, ...]
    preferred: tuple[str, ...]
    approval: bool
    self_approval: bool
    known: tuple[Known, ...]
    text: str
    sha256: str

    def source(self, slug: str) -> Source:
        """A source by its slug.

        Args:
            slug: as in the file.

        Returns:
            The source.

        Raises:
            SourceUnknown: the review declares no such source.
        """
        for source in self.sources:
            if source.slug == slug:
                return source
        declared = ", ".join(source.slug for source in self.sources)
        raise SourceUnknown(f"the review {self.slug} declares no source {slug!r}; it declares {declared}")

    def report_url(self, report_id: str) -> str:
        """The stable address of a report: under `base_url`, else under a name that never resolves.

        Args:
            report_id: `R` and a number.

        Returns:
            The address.
        """
        base = self.base_url or f"https://livingsearch.invalid/{self.slug}"
        return f"{base}/reports/{report_id}"
