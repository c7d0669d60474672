"""Records over time, by update."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from livingsearch.ledger.flow import Flow


@dataclass(frozen=True, slots=True)
class UpdateRecords:
    """What one update brought from one source.

    Attributes:
        update: its number.
        searched: date of the search; None where the source was not searched.
        source: slug.
        label: as a reader should see it.
        identified: records received.
        already_known: of these, returned by this source in an earlier update.
        duplicates: of the others, those whose report another record brings.
        to_screen: of the others, the one by which its report goes to screening.
    """

    update: int
    searched: date | None
    source: str
    label: str
    identified: int
    already_known: int
    duplicates: int
    to_screen: int


def records_over_time(flows: Iterable[Flow]) -> tuple[UpdateRecords, ...]:
    """One row an update and source, in their order.

    Args:
        flows: of single updates.
    """
    return tuple(
        UpdateRecords(
            update=flow.updates[0],
            searched=source.date_searched,
            source=source.slug,
            label=source.label,
            identified=source.identified,
            already_known=source.already_known,
            duplicates=source.duplicates,
            to_screen=source.to_screen,
        )
        for flow in flows
        for source in flow.sources
    )
