"""What can go wrong while records come in.

::

    ConnectorError
    ├── SourceUnavailable        no answer, or a passing fault that outlasted the retries: try again later
    │   ├── RateLimited          the source kept saying "too many requests"
    │   └── HistoryLost          the source forgot the search while it was being fetched
    ├── SourceRefused            the source understood and said no: the request has to change
    ├── QueryAltered             the source did not run the query as it was sent
    ├── IncompleteFetch          fewer records came than the source itself had announced
    ├── MalformedReply           the source's reply cannot be read
    └── FileRefused              an uploaded file cannot be taken
        ├── FileEmpty
        ├── FormatUnknown        it is not an export that this version reads
        ├── FileDamaged          it begins as an export and cannot be read to its end
        └── RecordsLost          records read and record starts differ

Every message is one sentence or two that say what happened and what to do; none ever holds an API key.
"""


class ConnectorError(Exception):
    """Records could not come in; the message says why and what to do."""


class SourceUnavailable(ConnectorError):
    """The source did not answer, or a passing fault outlasted the retries."""


class RateLimited(SourceUnavailable):
    """The source kept answering that too many requests arrive."""


class HistoryLost(SourceUnavailable):
    """The source forgot the search while its result was being fetched."""


class SourceRefused(ConnectorError):
    """The source understood the request and refused it for good."""


class QueryAltered(ConnectorError):
    """The source ignored or replaced part of the query.

    Args:
        message: the sentence to show.
        warnings: the source's own words, one a warning.
    """

    def __init__(self, message: str, warnings: tuple[str, ...] = ()) -> None:
        super().__init__(message, warnings)
        self.message = message
        self.warnings = warnings

    def __str__(self) -> str:
        return self.message


class IncompleteFetch(ConnectorError):
    """Fewer records came than the source had announced."""


class MalformedReply(ConnectorError):
    """The source's reply cannot be read."""


class FileRefused(ConnectorError):
    """An uploaded file cannot be taken."""


class FileEmpty(FileRefused):
    """The file holds nothing."""


class FormatUnknown(FileRefused):
    """The file is no export that this version reads."""


class FileDamaged(FileRefused):
    """The file breaks its own format."""


class RecordsLost(FileRefused):
    """The number of records read differs from the number of record starts in the file."""
