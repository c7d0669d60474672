"""Identities that the counts of an update must meet before it may close.

The numbers are those of the PRISMA 2020 flow diagram (Page et al. 2021,
10.1136/bmj.n71), whose boxes must add up.
"""

from collections.abc import Iterator, Sequence

from livingsearch.errors import IdentityBroken
from livingsearch.ledger.flow import Flow


def broken_identities(flow: Flow) -> list[str]:
    """The identities that a flow breaks.

    Args:
        flow: of one update or of several.

    Returns:
        One sentence each, with the numbers that disagree; empty where all hold.
    """
    return list(_broken(flow))


def require_identities(flow: Flow, unreleased: Sequence[int] = ()) -> None:
    """Lets a flow pass whose identities hold.

    Args:
        flow: of the update that is closing.
        unreleased: reports with a counted record that no batch holds: nobody would ever screen them.

    Raises:
        IdentityBroken: names every identity that fails.
    """
    broken = broken_identities(flow)
    if unreleased:
        broken.append(f"{len(unreleased):,} reports with counted records stand in no batch.")
    if broken:
        raise IdentityBroken(
            f"The counts of update {flow.update} do not agree, so it was not closed: {' '.join(broken)} "
            "This is a fault of the program or of the database: run 'livingsearch doctor' and report it."
        )


def _broken(flow: Flow) -> Iterator[str]:
    for kind, total in (("database", flow.identified_databases), ("register", flow.identified_registers)):
        by_source = sum(c.identified for c in flow.sources if c.kind == kind)
        if by_source != total:
            yield f"Identity 1: {by_source:,} records by {kind}, but {total:,} in all {kind}s."
    left = flow.identified - flow.removed
    if left != flow.to_screen:
        yield (
            f"Identity 2: {flow.identified:,} identified - {flow.removed:,} removed = {left:,}, "
            f"but {flow.to_screen:,} go to screening."
        )
    for column in flow.sources:
        parts = column.already_known + column.duplicates + column.to_screen
        if parts != column.identified:
            yield (
                f"Identity 2 for {column.slug}: {column.already_known:,} already known + "
                f"{column.duplicates:,} duplicates + {column.to_screen:,} to screen = {parts:,}, "
                f"but {column.identified:,} identified."
            )
