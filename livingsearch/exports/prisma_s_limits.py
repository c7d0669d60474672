"""Item 9: limits and restrictions, with their justification."""

from livingsearch.exports.prisma_s import Restriction, Restrictions, SearchReport, StrategyVersion
from livingsearch.exports.prisma_s_document import Block, Bullets, Item, Paragraph, Subheading, Table
from livingsearch.exports.prisma_s_words import listed, numbered

_TITLE = "Limits and restrictions"
_FIELD = "review.toml, [search] and [[search.limits]]"


def limits(report: SearchReport) -> Item:
    """Dates, languages and limits as declared, those of versions that had others, and those within the queries.

    It is missing where the search is limited and nobody says why: PRISMA-S asks for the justification too. The
    declaration is that of review.toml as it stands, so that a reason can be given when the search has long been run.
    """
    declared = _declared_now(report)
    blocks = _told(declared)
    others: dict[tuple[object, ...], list[StrategyVersion]] = {}
    used = {number for update in report.updates for number in update.versions}
    for version in report.versions:
        if version.number in used and version.restrictions.without_reasons != declared.without_reasons:
            others.setdefault(version.restrictions.without_reasons, []).append(version)
    for versions in others.values():
        named = numbered("version", (version.number for version in versions))
        blocks += [Subheading(f"In {named} of the strategy"), *_told(versions[-1].restrictions)]
    blocks += _in_queries(report)
    to_do = _to_do(report, declared)
    if to_do:
        return Item(9, _TITLE, "missing", _FIELD, to_do, tuple(blocks))
    if report.query_limits:
        return Item(9, _TITLE, "both", f"{_FIELD}; automatic", None, tuple(blocks))
    return Item(9, _TITLE, "person", _FIELD, None, tuple(blocks))


def _declared_now(report: SearchReport) -> Restrictions:
    search = report.review.search
    return Restrictions(
        since=search.since.isoformat() if search.since else None,
        until=search.until.isoformat() if search.until else None,
        languages=tuple(sorted(set(search.languages))),
        limits=tuple(Restriction(limit.what, limit.reason) for limit in search.limits),
    )


def _told(restricted: Restrictions) -> list[Block]:
    since = f"from {restricted.since}" if restricted.since else "from the databases' inception"
    until = f"; the documented search covers up to {restricted.until}" if restricted.until else ""
    lines = (
        f"Dates of publication: {since}{until}",
        f"Languages: {listed(restricted.languages) if restricted.languages else 'all'}",
    )
    if not restricted.limits:
        return [Bullets(lines), Paragraph("No other limits or restrictions are declared.")]
    rows = tuple((limit.what, limit.reason) for limit in restricted.limits)
    return [Bullets(lines), Table(("Limit", "Why"), rows)]


def _in_queries(report: SearchReport) -> list[Block]:
    if report.query_limits:
        rows = tuple((found.label, "; ".join(found.texts)) for found in report.query_limits)
        blocks: list[Block] = [Subheading("Limits within the queries"), Table(("Source", "As it stands there"), rows)]
    else:
        blocks = []
    if report.unread:
        blocks.append(
            Paragraph(
                f"The queries of {listed(report.unread)} could not be read by the program: whether they hold limits, "
                "a person has to see."
            )
        )
    elif not report.query_limits and report.sources:
        blocks.append(Paragraph("No query holds a limit to dates, languages or types of publication."))
    return blocks


def _to_do(report: SearchReport, declared: Restrictions) -> str | None:
    if declared.limits:
        return None
    restricted = []
    if declared.since:
        restricted.append(f"the dates (from = {declared.since})")
    if declared.languages:
        restricted.append(f"the languages ({listed(declared.languages)})")
    if report.query_limits:
        restricted.append(f"limits within the queries ({listed([found.label for found in report.query_limits])})")
    if not restricted:
        return None
    return f'justify {listed(restricted)}: put [[search.limits]] with what = "…" and reason = "…" into review.toml.'
