"""The boxes of a PRISMA 2020 flow diagram in the statement's own words (Page et al. 2021, 10.1136/bmj.n71).

What a flow says that PRISMA has no box for (records still waiting, reports without a decision, studies taken out)
stands as a further line of the box where it would be missed, and only where there is something to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from livingsearch.ledger.whole_flow import (
    Count,
    Identification,
    Included,
    OtherMethods,
    Retrieval,
    Screening,
    SourceColumn,
    WholeFlow,
)
from livingsearch.ledger.wording import n_equals, plain

ALREADY_KNOWN = "¹"
"""Mark of the footnote that splits the duplicates."""


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a box, still to be wrapped.

    Attributes:
        text: plain text; a count in it does not break.
        level: how far it stands in, from 0.
        name: what it counts, unique in the diagram, fit for an XML id.
        heading: whether it heads its box.
    """

    text: str
    level: int
    name: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """One box.

    Attributes:
        name: unique in the diagram, fit for an XML id.
        lines: its text, in order; at least one.
    """

    name: str
    lines: tuple[Line, ...]

    @property
    def summary(self) -> str:
        """The box in one sentence, for those who hear the diagram."""
        head, *rest = [plain(line.text) for line in self.lines]
        if not rest:
            return f"{head}."
        return f"{head} {'; '.join(rest)}." if head.endswith(":") else f"{'; '.join([head, *rest])}."


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the boxes of one part of a diagram.

    Attributes:
        prefix: of every name, so that the boxes of several parts differ.
        marks: of typed numbers, by source.
    """

    prefix: str
    marks: Mapping[str, str]

    def identified(self, flow: WholeFlow) -> Box:
        """Records identified, with a line for each database and register."""
        found = flow.identification
        lines = [self._heading("Records identified from:", "identified-heading")]
        for kind, heading, count in (
            ("database", "Databases", found.databases),
            ("register", "Registers", found.registers),
        ):
            lines.append(self._counted(heading, count, 1, heading.lower()))
            lines += [
                self._line(self._source(flow, source), 2, f"source-{place}")
                for place, source in enumerate(found.sources, 1)
                if source.kind == kind
            ]
        return self._box("identified", lines)

    def removed(self, found: Identification, *, footnote: bool) -> Box:
        """Records removed before screening; those already known are among the duplicates, a footnote may split them."""
        return self._box(
            "removed",
            [
                self._heading("Records removed before screening:", "removed-heading"),
                self._counted(
                    f"Duplicate records removed{ALREADY_KNOWN if footnote else ''}",
                    found.duplicates_removed,
                    1,
                    "duplicates",
                ),
                self._counted("Records marked as ineligible by automation tools", found.automation, 1, "automation"),
                self._counted("Records removed for other reasons", found.other_reasons, 1, "other-reasons"),
            ],
        )

    def screened(self, screening: Screening) -> Box:
        """Records screened; where none is and some wait, only those that wait."""
        lines = []
        if screening.screened.value is not None or screening.awaiting.value is None:
            lines.append(self._counted("Records screened", screening.screened, 0, "screened"))
        # Without these lines a screening that is not finished would look like lost records.
        if not lines or screening.awaiting.value:
            lines.append(self._counted("Records awaiting screening", screening.awaiting, 0, "awaiting"))
        if screening.pending.value:
            lines.append(self._counted("Records without a final decision yet", screening.pending, 0, "undecided"))
        return self._box("screening", lines)

    def records_excluded(self, screening: Screening) -> Box:
        """Records excluded on title and abstract."""
        return self._one("records-excluded", "Records excluded", screening.excluded)

    def identified_elsewhere(self, other: OtherMethods) -> Box:
        """Records identified via other methods."""
        return self._box(
            "other-identified",
            [
                self._heading("Records identified from:", "other-identified-heading"),
                self._counted("Websites", other.websites, 1, "websites"),
                self._counted("Organisations", other.organisations, 1, "organisations"),
                self._counted("Citation searching", other.citation_searching, 1, "citation-searching"),
            ],
        )

    def sought(self, reports: Retrieval, of: str = "") -> Box:
        """Reports sought for retrieval; `of` is put before the names of other methods' boxes."""
        lines = [self._counted("Reports sought for retrieval", reports.sought, 0, f"{of}sought")]
        if reports.awaiting.value:
            lines.append(self._counted("Reports awaiting retrieval", reports.awaiting, 0, f"{of}awaiting-retrieval"))
        return self._box(f"{of}sought-box", lines)

    def not_retrieved(self, reports: Retrieval, of: str = "") -> Box:
        """Reports not retrieved."""
        return self._one(f"{of}not-retrieved", "Reports not retrieved", reports.not_retrieved)

    def assessed(self, reports: Retrieval, of: str = "") -> Box:
        """Reports assessed for eligibility."""
        lines = [self._counted("Reports assessed for eligibility", reports.assessed, 0, f"{of}assessed")]
        if reports.pending.value:
            lines.append(self._counted("Reports without a final decision yet", reports.pending, 0, f"{of}pending"))
        return self._box(f"{of}assessed-box", lines)

    def reports_excluded(self, reports: Retrieval, of: str = "") -> Box:
        """Reports excluded, with their reasons."""
        name = f"{of}reports-excluded"
        if not reports.reasons:
            return self._one(name, "Reports excluded", reports.excluded)
        count = n_equals(reports.excluded, self.marks)
        lines = [self._heading(f"Reports excluded {count}:", name)]
        lines += [
            self._counted(plain(reason.text) or "Reason without a name", reason.reports, 1, f"{of}reason-{place}")
            for place, reason in enumerate(reports.reasons, 1)
        ]
        return self._box(f"{name}-box", lines)

    def included(self, included: Included, *, new: bool) -> Box:
        """Studies included, and reports of them; `new` ones where there is a version before."""
        words = (
            ("New studies included in review", "Reports of new included studies")
            if new
            else ("Studies included in review", "Reports of included studies")
        )
        return self._studies("included", words, included)

    def previous(self, included: Included) -> Box:
        """The box of previous studies."""
        words = (
            "Studies included in previous version of review",
            "Reports of studies included in previous version of review",
        )
        return self._studies("previous", words, included)

    def total(self, included: Included, removed: Count) -> Box:
        """The box of all studies, those taken out since named."""
        words = ("Total studies included in review", "Reports of total included studies")
        box = self._studies("total", words, included)
        if removed.value == 0:
            return box
        line = self._counted("Studies included before and taken out since", removed, 0, "removed-studies")
        return Box(box.name, (*box.lines, line))

    def _studies(self, name: str, words: tuple[str, str], included: Included) -> Box:
        studies, reports = words
        return self._box(
            name,
            [
                self._counted(studies, included.studies, 0, f"{name}-studies"),
                self._counted(reports, included.reports, 0, f"{name}-reports"),
            ],
        )

    def _source(self, flow: WholeFlow, source: SourceColumn) -> str:
        label = plain(source.label) or plain(source.slug) or "unnamed source"
        if source.searched:
            return f"{label} {n_equals(source.identified, self.marks)}"
        return f"{label}: not searched in {'these updates' if len(flow.updates) > 1 else 'this update'}"

    def _one(self, name: str, words: str, count: Count) -> Box:
        return self._box(f"{name}-box", [self._counted(words, count, 0, name)])

    def _counted(self, words: str, count: Count, level: int, name: str) -> Line:
        return self._line(f"{words} {n_equals(count, self.marks)}", level, name)

    def _line(self, text: str, level: int, name: str) -> Line:
        return Line(text, level, f"{self.prefix}{name}")

    def _heading(self, text: str, name: str) -> Line:
        return Line(text, 0, f"{self.prefix}{name}", heading=True)

    def _box(self, name: str, lines: list[Line]) -> Box:
        return Box(f"{self.prefix}{name}", tuple(lines))
