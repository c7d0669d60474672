"""The 16 items of PRISMA-S (Rethlefsen et al. 2021, 10.1186/s13643-020-01542-z): what is said in each, by whom."""

from collections.abc import Sequence

from livingsearch.exports.prisma_s import SearchReport, Status
from livingsearch.exports.prisma_s_counts import dates_of_searches, deduplication, total_records
from livingsearch.exports.prisma_s_document import (
    Appendix,
    Block,
    Bullets,
    Group,
    Item,
    Paragraph,
    Subheading,
    Table,
)
from livingsearch.exports.prisma_s_limits import limits
from livingsearch.exports.prisma_s_strategies import full_strategies
from livingsearch.exports.prisma_s_updates import updates
from livingsearch.exports.prisma_s_words import by_person, day, minute, say_so

_KINDS = {"database": "bibliographic database", "register": "study registry"}


def appendix_of(report: SearchReport) -> Appendix:
    """The appendix, ready to be written in any form.

    Args:
        report: what is known of the search.

    Returns:
        All 16 items. One that a person has to fill and has not is marked as missing and says where to write what.
    """
    groups = (
        Group(
            "Information sources and methods",
            (
                _databases(report),
                _together(report),
                _registries(report),
                _browsing(report),
                _citations(report),
                _contacts(report),
                _other_methods(report),
            ),
        ),
        Group(
            "Search strategies",
            (
                full_strategies(report),
                limits(report),
                _filters(report),
                _prior_work(report),
                updates(report),
                dates_of_searches(report),
            ),
        ),
        Group("Peer review", (_peer_review(report),)),
        Group("Managing records", (total_records(report), deduplication(report))),
    )
    review = report.review
    return Appendix("Search report by PRISMA-S", review.title, _about(report), groups, report.as_of)


def _about(report: SearchReport) -> tuple[tuple[str, str], ...]:
    review = report.review
    rows = [
        ("Version of the review", review.version),
        ("Registration", review.registration or "none given"),
        ("Contact", review.contact),
        ("Reported on", _scope(report)),
        ("State of", f"{minute(report.as_of)} (position {report.position} of the review's log)"),
        ("Review file", f"review.toml, sha256 {review.sha256}"),
        ("Written by", report.program),
    ]
    return tuple(rows)


def _scope(report: SearchReport) -> str:
    if not report.updates:
        return "a search that has not been run yet"
    numbers = [update.number for update in report.updates]
    last = report.updates[-1]
    still = "" if last.closed_at else f"; update {last.number} is open, its counts may still change"
    if report.update is not None:
        return f"update {report.update} alone{still}"
    return f"update 1 (the base search){still}" if numbers == [1] else f"updates 1 to {numbers[-1]}{still}"


def _databases(report: SearchReport) -> Item:
    rows = [
        (
            source.name,
            source.database,
            source.platform,
            _KINDS.get(source.kind, source.kind),
            "by the program, through the API" if source.by_api else "by a person, results exported",
            source.edition or "not stated",
            "yes" if source.searched else "no",
        )
        for source in report.sources
    ]
    columns = ("Name", "Database and segment", "Platform", "Kind", "Searched how", "Coverage, as exported", "Searched")
    blocks: list[Block] = [Table(columns, tuple(rows))]
    if any(source.edition is None for source in report.sources):
        blocks.append(
            Paragraph(
                "Coverage is what the platform writes into its export. Where it is not stated, the dates of coverage "
                "can be put into the source's database in review.toml."
            )
        )
    return _automatic(1, "Database name", blocks)


def _together(report: SearchReport) -> Item:
    given = report.review.search.reporting.multi_database
    if given is None and all(source.by_api for source in report.sources):
        said = "No databases were searched together: the program searches each source by itself."
        return _automatic(2, "Multi-database searching", [Paragraph(said)])
    shared: dict[str, list[str]] = {}
    for source in report.sources:
        shared.setdefault(source.platform, []).append(source.name)
    known = [
        f"{platform}: {', '.join(names)} are declared as separate sources, each with runs of its own."
        for platform, names in shared.items()
        if len(names) > 1
    ]
    blocks: list[Block] = [Bullets(tuple(known))] if known else []
    to_do = say_so("multi_database", "If each database was searched by itself")
    return by_person(2, "Multi-database searching", "multi_database", given, to_do, blocks)


def _registries(report: SearchReport) -> Item:
    given = report.review.search.reporting.registries
    declared = [source for source in report.sources if source.kind == "register"]
    if not declared:
        to_do = say_so("registries", "If no study registry was searched")
        return by_person(3, "Study registries", "registries", given, to_do, [])
    lines = tuple(f"{source.label}{'' if source.searched else ', not searched'}" for source in declared)
    blocks: list[Block] = [Bullets(lines)]
    if given is None:
        return _automatic(3, "Study registries", blocks)
    return Item(
        3,
        "Study registries",
        "both",
        "automatic; review.toml, [search.reporting] registries",
        None,
        (*blocks, Paragraph(given)),
    )


def _browsing(report: SearchReport) -> Item:
    to_do = say_so("browsing", "If nothing was browsed")
    given = report.review.search.reporting.browsing
    return by_person(4, "Online resources and browsing", "browsing", given, to_do, [])


def _citations(report: SearchReport) -> Item:
    to_do = say_so("citation_searching", "If neither cited nor citing references were looked at")
    given = report.review.search.reporting.citation_searching
    return by_person(5, "Citation searching", "citation_searching", given, to_do, [])


def _contacts(report: SearchReport) -> Item:
    to_do = say_so("contacts", "If nobody was asked for studies or data")
    return by_person(6, "Contacts", "contacts", report.review.search.reporting.contacts, to_do, [])


def _other_methods(report: SearchReport) -> Item:
    to_do = say_so("other_methods", "If there were none")
    return by_person(7, "Other methods", "other_methods", report.review.search.reporting.other_methods, to_do, [])


def _filters(report: SearchReport) -> Item:
    to_do = say_so("filters", "If no published search filter was used")
    return by_person(10, "Search filters", "filters", report.review.search.reporting.filters, to_do, [])


def _prior_work(report: SearchReport) -> Item:
    to_do = say_so("prior_work", "If no strategy of another review was adapted or reused")
    return by_person(11, "Prior work", "prior_work", report.review.search.reporting.prior_work, to_do, [])


def _peer_review(report: SearchReport) -> Item:
    title = "Peer review"
    field = "review.toml, [search.peer_review]"
    review = report.review.search.peer_review
    if review is None:
        to_do = (
            'put it into [search.peer_review] who = "…", when = 2025-06-01, method = "PRESS 2015". If nobody reviewed '
            'the strategy, write so: who = "nobody", when = the day you write it, method = "none".'
        )
        return Item(14, title, "missing", field, to_do, ())
    blocks: list[Block] = [
        Table(("Reviewed by", "When", "Method"), ((review.who, day(review.when), review.method),)),
    ]
    later = [version for version in report.versions if version.number > 1 and version.instant.date() > review.when]
    if later:
        lines = tuple(f"Version {version.number}, {minute(version.instant)}: {version.reason}" for version in later)
        blocks += [Subheading("Changes of the strategy since that review"), Bullets(lines)]
    return Item(14, title, "both" if later else "person", field, None, tuple(blocks))


def _automatic(number: int, title: str, blocks: Sequence[Block]) -> Item:
    status: Status = "automatic"
    return Item(number, title, status, "automatic", None, tuple(blocks))
