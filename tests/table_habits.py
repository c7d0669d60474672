"""What screening tools do to a table of ours, imitated row by row.

Each function takes the place of a row, from 0, and the row as we wrote it, and gives the row that the tool exports.
"""

from collections.abc import Callable

Row = dict[str, str]


def asreview(number: int, row: Row) -> Row:
    """Keeps every column and adds its own."""
    label, note = (("1", ""), ("0", "not about peers"), ("", ""))[number % 3]
    return {**row, "asreview_label": label, "asreview_note": note, "asreview_user_name": "Ann" if label else ""}


def asreview_1(number: int, row: Row) -> Row:
    return {"record_id": str(number), **row, "included": ("1", "0", "")[number % 3], "asreview_ranking": str(number)}


def rayyan(number: int, row: Row) -> Row:
    """Its own columns only, a key of its own, authors parted by “and”."""
    columns = "title year journal issn volume issue pages url language abstract keywords notes doi pubmed_id".split()
    word = ("Included", "Excluded", "Maybe")[number % 3]
    return {
        "key": f"rayyan-{number}",
        **{name: row[name] for name in columns},
        **dict.fromkeys(("month", "day", "publisher", "location", "pmc_id"), ""),
        "authors": row["authors"].replace("; ", " and "),
        "notes": f'{row["notes"]} | RAYYAN-INCLUSION: {{"Ann"=>"{word}"}} | RAYYAN-LABELS: later',
    }


def covidence(number: int, row: Row) -> Row:
    """No address, no number, only what it shows."""
    return {
        "Title": row["title"],
        "Authors": row["authors"],
        "Published Year": row["year"],
        "DOI": row["doi"],
        "Covidence #": f"#{number}",
        "Study": "Somebody 2020",
        "Notes": "Exclusion reason: Wrong outcomes; ",
        "Tags": "",
    }


def distillersr(number: int, row: Row) -> Row:
    return {
        "Refid": str(number),
        "User": "ann",
        "Title": row["title"],
        "Author": row["authors"],
        "Year": row["year"],
        "URL": row["url"],
        "Include?": ("Yes", "No", "Unclear")[number % 3],
    }


def zotero(number: int, row: Row) -> Row:
    """Notes as HTML, the address, no number of ours."""
    return {
        "Key": f"AB{number:06}",
        "Item Type": "journalArticle",
        "Publication Year": row["year"],
        "Author": row["authors"],
        "Title": row["title"],
        "Publication Title": row["journal"],
        "ISSN": row["issn"],
        "DOI": row["doi"],
        "Url": row["url"],
        "Abstract Note": row["abstract"],
        "Date": row["year"],
        "Notes": "; ".join(f"<p>{note}</p>" for note in row["notes"].split(" | ")),
        "Manual Tags": row["keywords"],
    }


TABLE_HABITS: dict[str, Callable[[int, Row], Row]] = {
    habit.__name__: habit for habit in (asreview, asreview_1, rayyan, covidence, distillersr, zotero)
}
