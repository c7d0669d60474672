"""Item 12: how the search is kept up to date, and how its strategy changed."""

from livingsearch.exports.prisma_s import ReportedUpdate, SearchReport, StrategyVersion
from livingsearch.exports.prisma_s_document import Block, Bullets, Item, Paragraph, Subheading, Table
from livingsearch.exports.prisma_s_words import listed, minute, numbered

_METHOD = (
    "Each source is searched again as a whole whenever its schedule falls due; the results are compared with "
    "everything found before, and only reports that are new go to screening. Times are those of "
)


def updates(report: SearchReport) -> Item:
    """Schedules in words, the updates so far, the versions of the strategy and what changed between them."""
    review = report.review
    rows = tuple(
        (one.label, one.words, "–" if one.wait_days is None else f"{one.wait_days} days") for one in report.schedules
    )
    blocks: list[Block] = [
        Paragraph(f"{_METHOD}{review.time_zone}."),
        Table(("Source", "Searched", "Update waits for the export"), rows),
    ]
    if review.retirement_plan:
        blocks += [Subheading("Until when"), Paragraph(review.retirement_plan)]
    blocks.append(Subheading("Updates so far"))
    if report.earlier:
        columns = ("Update", "Opened", "Closed", "Sources searched", "Strategy version")
        blocks.append(Table(columns, tuple(_row(update) for update in report.earlier)))
    else:
        blocks.append(Paragraph("The search has not been run yet."))
    blocks += _versions(report)
    filled = "automatic; review.toml, [[source]] schedule"
    return Item(12, "Updates", "both", filled, None, tuple(blocks))


def _row(update: ReportedUpdate) -> tuple[str, ...]:
    searched = [count.label for count in update.counts if count.searched]
    missed = [count.label for count in update.counts if not count.searched]
    told = listed(searched) or "none"
    lacking = "not" if update.closed_at else "not yet"
    return (
        str(update.number),
        minute(update.opened_at),
        minute(update.closed_at) if update.closed_at else "open",
        f"{told}; {lacking}: {listed(missed)}" if missed else told,
        listed([str(number) for number in update.versions]) or "–",
    )


def _versions(report: SearchReport) -> list[Block]:
    blocks: list[Block] = [Subheading("Versions of the strategy")]
    if not report.versions:
        return [*blocks, Paragraph("None is recorded yet.")]
    rows = tuple(_version(report, version) for version in report.versions)
    blocks.append(Table(("Version", "Recorded", "By", "Why", "Runs of updates"), rows))
    for version in report.versions:
        if version.changes:
            blocks += [Paragraph(f"What version {version.number} changed:"), Bullets(version.changes)]
    if report.pending:
        said = "Changed in review.toml since then, and not run yet:"
        blocks += [Paragraph(said), Bullets(report.pending)]
    nameless = [version.number for version in report.versions if not version.reason_given]
    if nameless:
        blocks.append(
            Paragraph(
                f"No reason was given for {numbered('version', nameless)}: add [search.revision] with author and "
                "reason to review.toml."
            )
        )
    return blocks


def _version(report: SearchReport, version: StrategyVersion) -> tuple[str, ...]:
    used = [str(update.number) for update in report.earlier if version.number in update.versions]
    return (
        str(version.number),
        minute(version.instant),
        version.author,
        version.reason,
        listed(used) or "none",
    )
