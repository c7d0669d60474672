"""What can go wrong in the service; connectors and dedup have trees of their own.

::

    LivingSearchError
    ├── SettingsError            an environment variable of the service
    ├── ReviewFileError          review.toml: file, line, field, what is allowed
    ├── SearchTextError          a Boolean search cannot be read: line, column
    ├── SearchUnreadable         a search in a syntax that is not read, or a file that cannot be
    ├── ReviewUnknown            no such review in the workspace
    ├── ReviewExists             init would overwrite one
    ├── SourceUnknown            the review declares no such source
    ├── RecordUnknown            no source of the review brought such a record
    ├── PairUnknown              no two records or reports of the review are called so
    ├── DecisionRefused          a person's word that cannot stand beside the others
    ├── StrategyUnknown          the review has no such version of its strategy
    ├── ImportRefused            the import as a whole cannot be taken
    │   └── ManifestIncomplete   what has to be said of an export is neither said nor in its files
    ├── RecordsRefused           files of records cannot be deduplicated as they are
    ├── ReturnRefused            a file of a screening tool cannot be held against the batch
    ├── ReportRefused            a diagram, table or plot cannot be made as asked
    ├── ScreeningRefused         a word on a report, or a study, that cannot be taken
    ├── TotalsRefused            typed numbers that cannot be taken
    ├── ArchiveRefused           an archive cannot be written there, or cannot be trusted or read
    ├── UpdateRefused            the update cannot do what was asked
    │   ├── UpdateIncomplete     sources failed; the update stays open
    │   └── QueryFaulty          a query that its platform would not run as meant; nothing was sent
    ├── StoreError               the review's database
    │   ├── StoreBusy            another process kept the lock too long
    │   ├── StoreFull            the disk, or a limit on file sizes
    │   └── StoreDamaged         the file is not what this version wrote
    └── IdentityBroken           counts that must agree do not: nothing was closed

Every message is one sentence or two that say what happened and what to do.
"""

from pathlib import Path


class LivingSearchError(Exception):
    """The service could not do what was asked; the message says why and what to do."""


class SettingsError(LivingSearchError):
    """An environment variable of the service cannot be used."""


class ReviewFileError(LivingSearchError):
    """A review file that cannot be used.

    Args:
        path: the file.
        line: the line the problem stands on, from 1, or None where the whole file is meant.
        field: dotted name of the field, or an empty string.
        problem: what is wrong and what is allowed.
    """

    def __init__(self, path: Path, line: int | None, field: str, problem: str) -> None:
        super().__init__(path, line, field, problem)
        self.path, self.line, self.field, self.problem = path, line, field, problem

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line else str(self.path)
        return f"{where}: {self.field + ': ' if self.field else ''}{self.problem}"


class SearchTextError(LivingSearchError):
    """A Boolean search that cannot be read.

    Args:
        problem: what was found and what was expected.
        line: from 1, within the search's text.
        column: from 1.
        underlined: the text of that line and, below it, marks under the place; empty where there is none.
        code: of `livingsearch.strategy.findings.CODES`.
    """

    def __init__(self, problem: str, line: int, column: int, *, underlined: str = "", code: str = "S001") -> None:
        super().__init__(problem, line, column)
        self.problem, self.line, self.column = problem, line, column
        self.underlined, self.code = underlined, code

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.problem}"


class SearchUnreadable(LivingSearchError):
    """A search is in a syntax that is not read here, or in a file that cannot be read."""


class ReviewUnknown(LivingSearchError):
    """No such review in the workspace."""


class ReviewExists(LivingSearchError):
    """The workspace already holds a review of that name."""


class SourceUnknown(LivingSearchError):
    """The review declares no such source."""


class RecordUnknown(LivingSearchError):
    """No source of the review brought a record of that name."""


class PairUnknown(LivingSearchError):
    """No two records or reports of the review are called so."""


class DecisionRefused(LivingSearchError):
    """A person's word on a pair that contradicts others, or that cannot be taken back; nothing was changed."""


class StrategyUnknown(LivingSearchError):
    """The review has no such version of its strategy."""


class ImportRefused(LivingSearchError):
    """An import that cannot be taken as a whole."""


class ManifestIncomplete(ImportRefused):
    """What has to be said of an export is neither said nor told by its files.

    Args:
        source: slug of the source that the import is for.
        missing: names of the manifest's fields that lack, in its order.
    """

    def __init__(self, source: str, missing: tuple[str, ...]) -> None:
        super().__init__(source, missing)
        self.source, self.missing = source, missing

    def __str__(self) -> str:
        lacking = "; ".join(f"{name} ({_SAID_WITH[name]})" for name in self.missing)
        return (
            f"Nothing was imported, since the manifest of this export of {self.source} is not complete. Missing: "
            f"{lacking}. Give it with these options, or write the fields into a manifest beside the export: "
            "export.toml beside export.ris, or manifest.toml with files = [...]."
        )


_SAID_WITH = {
    "date_searched": "day of the search: --date-searched 2025-08-15",
    "hits": 'results that the platform showed: --hits 2141, or --hits not-shown; in a manifest "not shown"',
    "exported_by": "who searched and exported: --exported-by 'A librarian'",
    "platform": "where the search was made, since the files do not tell: --searched-on Ovid",
    "strategy": "the search as it was run, since the files do not hold it: --strategy FILE, or --strategy as-declared "
    'where it ran as review.toml declares it; in a manifest the text, or "as declared"',
}


class RecordsRefused(LivingSearchError):
    """Files of records that cannot be deduplicated, or an output that cannot be written."""


class ReturnRefused(LivingSearchError):
    """A file that a screening tool exported cannot be held against the batch."""


class ReportRefused(LivingSearchError):
    """A diagram, table or plot that cannot be made as it was asked for."""


class ScreeningRefused(LivingSearchError):
    """A word on a report, or a grouping of reports into a study, that cannot be taken; nothing was written."""


class TotalsRefused(LivingSearchError):
    """Numbers that a person typed cannot be taken; nothing was written."""


class ArchiveRefused(LivingSearchError):
    """An archive that cannot be written as asked, or that is not what this program wrote; nothing was made of it."""


class UpdateRefused(LivingSearchError):
    """The update cannot do what was asked of it."""


class UpdateIncomplete(UpdateRefused):
    """Sources failed; the update stays open and nothing of them was counted."""


class QueryFaulty(UpdateRefused):
    """A query that its platform would not run as it is meant; nothing was sent."""


class StoreError(LivingSearchError):
    """The review's database could not be used."""


class StoreBusy(StoreError):
    """Another process held the review's lock for too long."""


class StoreFull(StoreError):
    """No room to write: the disk is full or a limit on file sizes is reached."""


class StoreDamaged(StoreError):
    """The database is not one that this version wrote."""


class IdentityBroken(LivingSearchError):
    """Counts that must agree do not; the transaction was rolled back."""
