"""Items 13, 15 and 16: dates of searches, records, duplicates. Every number comes from the ledger."""

from collections.abc import Iterable, Sequence

from livingsearch.exports.prisma_s import ReportedUpdate, SearchReport, SearchRun
from livingsearch.exports.prisma_s_document import Block, Bullets, Item, Paragraph, Subheading, Table
from livingsearch.exports.prisma_s_words import day, listed, number

_RECORDS = "Total records"
_UNKNOWN = "not compared yet"
_METHOD = (
    "Records of all sources and updates are compared with one another, and those of one report are grouped; no record "
    "is deleted. Two records are compared where they share a key (DOI, PMID, title, its beginning, its end or its "
    "longest words, volume and page, first author and page, part of the abstract); under a key that very many records "
    "share, two must agree in a second field too. The first rule of an ordered list that holds says whether a pair is "
    "a duplicate, perhaps a duplicate, or distinct. Vetoes (different PMIDs, different DOIs unless the place of "
    "publication agrees, parts or notices of one another, and others) keep apart what such a rule would join. A pair "
    "that is perhaps a duplicate is left to a person, whose word outranks every rule. Every verdict is kept with its "
    "rule and evidence."
)


def dates_of_searches(report: SearchReport) -> Item:
    """Item 13: the last day on which each source was searched, and the day of each update."""
    rows = []
    for source in {source.slug: source for source in report.sources}.values():
        runs = [run for run in report.counting if run.source.slug == source.slug]
        dates = "; ".join(f"update {run.update}: {run.searched_on.isoformat()}" for run in runs)
        rows.append((source.label, day(max((run.searched_on for run in runs), default=None)), dates or "none"))
    table = Table(("Source", "Last searched", "Date of the search, by update"), tuple(rows))
    return Item(13, "Dates of searches", "automatic", "automatic", None, (table,))


def total_records(report: SearchReport) -> Item:
    """Item 15: records that each source brought to each update, and what became of them."""
    columns = ("Update", "Source", "Searched", "Records", "Already known", "Duplicates", "New to screen")
    rows = [row for update in report.updates for row in _rows_of(update)]
    if together := _together(report.updates):
        rows.append((together[0], "All sources", "", *_totals(together[1])))
    if not rows:
        return Item(15, _RECORDS, "automatic", "automatic", None, (Paragraph("No source has been searched yet."),))
    blocks: list[Block] = [
        Table(columns, tuple(rows), frozenset({3, 4, 5, 6})),
        Paragraph(
            "Records = already known + duplicates + new to screen. Already known: the same source returned the record "
            "in an earlier update. Records found by other methods (items 4 to 7) are not counted here."
        ),
    ]
    blocks += [
        Paragraph(f"Update {update.number} is open: its counts may still change.")
        for update in report.updates
        if update.closed_at is None
    ]
    return Item(15, _RECORDS, "automatic", "automatic", None, tuple(blocks))


def deduplication(report: SearchReport) -> Item:
    """Item 16: method, software, version of the rules, and what they and people said."""
    found = report.deduplication
    rules = f"Rule set: {listed(found.rule_sets)}" if found.rule_sets else "Rule set: none used yet"
    blocks: list[Block] = [
        Paragraph(_METHOD),
        Bullets((f"Software: {_software(report.runs) or report.program}", rules)),
    ]
    if report.updates:
        rows = [(str(update.number), *_removed([update]), update.rule_set or "open") for update in report.updates]
        if together := _together(report.updates):
            rows.append((together[0], *_removed(together[1]), ""))
        columns = ("Update", "Already known", "Duplicates", "Removed in all", "Rule set")
        blocks += [Subheading("Records removed before screening"), Table(columns, tuple(rows), frozenset({1, 2, 3}))]
    said = [(rule.replace("_", " "), f"{pairs:,}") for rule, pairs in found.by_rule]
    blocks += [
        Subheading("Verdicts and decisions on pairs"),
        Bullets(
            (
                f"Pairs of records called duplicates by a rule: {found.automatic:,}",
                f"Pairs called duplicates by a person: {found.said_duplicate:,}",
                f"Pairs called different reports by a person: {found.said_distinct:,}",
                f"Pairs of reports that wait for a person: {found.waiting:,}; each is screened as two until then",
            )
        ),
    ]
    if said:
        blocks.append(Table(("Rule", "Pairs of records"), tuple(said), frozenset({1})))
    return Item(16, "Deduplication", "automatic", "automatic", None, tuple(blocks))


def _rows_of(update: ReportedUpdate) -> Iterable[tuple[str, ...]]:
    lacking = "not searched" if update.closed_at else "not yet"
    for count in update.counts:
        if count.searched:
            settled = [number(one) if update.compared else _UNKNOWN for one in (count.duplicates, count.to_screen)]
            cells = [number(count.identified), number(count.already_known), *settled]
        else:
            cells = ["–"] * 4
        yield (str(update.number), count.label, day(count.searched_on) if count.searched else lacking, *cells)
    yield (str(update.number), "All sources", "", *_totals([update]))


def _together(updates: Sequence[ReportedUpdate]) -> tuple[str, Sequence[ReportedUpdate]] | None:
    """Updates whose sums say something, and what they are called: an open one has no final counts to add."""
    closed = [update for update in updates if update.closed_at is not None]
    if len(closed) < 2:
        return None
    return ("All" if len(closed) == len(updates) else "Closed ones", closed)


def _totals(updates: Sequence[ReportedUpdate]) -> tuple[str, ...]:
    compared = all(update.compared for update in updates)
    settled = (sum(update.duplicates for update in updates), sum(update.to_screen for update in updates))
    return (
        number(sum(update.identified for update in updates)),
        number(sum(update.already_known for update in updates)),
        *(number(one) if compared else _UNKNOWN for one in settled),
    )


def _removed(updates: Sequence[ReportedUpdate]) -> tuple[str, ...]:
    known, duplicates = (sum(update.already_known for update in updates), sum(update.duplicates for update in updates))
    if not all(update.compared for update in updates):
        return (number(known), _UNKNOWN, _UNKNOWN)
    return (number(known), number(duplicates), number(known + duplicates))


def _software(runs: Iterable[SearchRun]) -> str:
    """Each combination of versions that runs were made with, in the order of runs."""
    told = dict.fromkeys(", ".join(f"{name} {version}" for name, version in run.software.items()) for run in runs)
    return "; ".join(filter(None, told))
