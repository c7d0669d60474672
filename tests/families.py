"""Records of made-up works: copies as databases make them, and near records that are other reports."""

from collections.abc import Callable
from random import Random
from typing import Any

from effort import chosen
from hypothesis import strategies as st

Record = dict[str, Any]
Change = Callable[[Record], Record]

_SUBJECTS = (
    ("Lavender oil against the needle fear of young sailors: a crossover trial", "van der Meer, Jan Pieter"),
    ("Sleep of night-shift bakers before and after retirement", "Müller, Käthe"),
    ("Walking groups for widowed men over eighty in mountain villages", "Nguyen, Thi Lan"),
    ("Copper kettles and the microbiome of tea drinkers", "Rossi, Carla"),
    ("Choir singing as breathing therapy in mild asthma: results of two winters", "Smith-Jones, John"),
    ("Hospital gardens and length of stay after hip repair", "O'Brien, Sean"),
)
_JOURNALS = ("Journal of Coastal Medicine", "Annals of Calm and Comfort", "International Review of Gentle Therapies")


def work(number: int) -> Record:
    """The full record of a work."""
    title, author = _SUBJECTS[number]
    first = 110 + 37 * number
    return {
        "title": title,
        "authors": [author, f"Second{number}, Sam Ulrich", "Third, Theodora"],
        "year": 2001 + number,
        "journal": _JOURNALS[number % 3],
        "volume": str(10 + number),
        "issue": str(1 + number),
        "pages": f"{first}-{first + 8}",
        "doi": f"10.5555/invented.{number}",
        "abstract": f"We asked {title.lower()}. " + "Ninety volunteers kept diaries for two winters. " * 5 + title,
    }


def _initials(record: Record) -> Record:
    names = [name.split(", ") for name in record["authors"]]
    return record | {"authors": [f"{name[0]} {''.join(part[0] for part in name[-1].split())}" for name in names]}


def _without(*fields: str) -> Change:
    return lambda record: record | dict.fromkeys(fields)


def _short_pages(record: Record) -> Record:
    first, dash, last = (record["pages"] or "").partition("-")
    return record | {"pages": first + dash + last[-2:] or None}


COPIES: dict[str, Change] = {
    "initials": _initials,
    "capitals": lambda r: r | {"title": r["title"].upper() + "."},
    "no accents": lambda r: r | {"authors": [a.replace("ü", "u").replace("ä", "a") for a in r["authors"]]},
    "et al": lambda r: r | {"authors": [r["authors"][0], "et al."]},
    "short pages": _short_pages,
    "first page": lambda r: r | {"pages": (r["pages"] or "").split("-")[0] or None},
    "journal short": lambda r: r | {"journal": " ".join(w[:5] for w in r["journal"].split() if w not in ("of", "and"))},
    "tags": lambda r: r | {"title": f"<i>{r['title'].split()[0]}</i> " + r["title"].split(" ", 1)[1]},
    "brackets": lambda r: r | {"title": f"[{r['title']}]. [Finnish]"},
    "address": lambda r: r | {"doi": r["doi"] and "https://doi.org/" + r["doi"].upper()},
    "no doi": _without("doi"),
    "no abstract": _without("abstract"),
    "no issue": _without("issue"),
    "no volume": _without("volume"),
    "no pages": _without("pages"),
    "no authors": lambda r: r | {"authors": []},
    "no journal": _without("journal"),
    "no year": _without("year"),
    "next year": lambda r: r | {"year": r["year"] and r["year"] + 1},
    "bare": _without("journal", "volume", "issue", "pages", "doi", "abstract"),
}
"""What a database does to a record of the same report."""

OTHERS: dict[str, Change] = {
    "part one": lambda r: r | {"title": r["title"] + ": Part I", "doi": None, "abstract": None},
    "part two": lambda r: r | {"title": r["title"] + ": Part II", "pages": "900-909", "doi": None, "abstract": None},
    "erratum": lambda r: r | {"title": "Erratum: " + r["title"], "pages": "950", "doi": None, "abstract": None},
    "reply": lambda r: (
        r | {"title": r["title"] + " - Reply", "authors": ["Kritiker, Kurt"], "pages": "951", "doi": None}
    ),
    "congress": lambda r: r | {"journal": "Acta Congressus Borealis", "volume": "99", "pages": "S12", "doi": None},
    "years later": lambda r: r | {"year": r["year"] + 5, "volume": "77", "pages": "1-9", "doi": r["doi"] + ".pub2"},
    "other DOI": lambda r: r | {"doi": "10.5556/other", "volume": None, "issue": None, "pages": None},
    "one PMID": lambda r: r | {"pmid": "9000001"},
    "another PMID": lambda r: r | {"pmid": "9000002"},
}
"""What makes it another report, or contradicts another record of it."""


def changed(number: int, other: str | None, copies: frozenset[str]) -> Record:
    """A record of a work, or of what stands near it, as a database has it."""
    record = work(number)
    if other:
        record = OTHERS[other](record)
    for name in COPIES:  # in one order, whatever the set's
        if name in copies:
            record = COPIES[name](record)
    return {field: value for field, value in record.items() if value not in (None, [])}


def records(works: int = 4) -> st.SearchStrategy[Record]:
    """Records of some works and of what stands near them."""
    return st.builds(
        changed,
        st.integers(0, works - 1),
        st.none() | st.sampled_from(sorted(OTHERS)),
        st.frozensets(st.sampled_from(sorted(COPIES)), max_size=4),
    )


def _dealt(deal: int) -> list[Record]:
    chance = Random(deal)
    others = [*[None] * 20, *OTHERS, *OTHERS]
    chance.shuffle(others)
    copies: list[set[str]] = [set() for _ in others]
    for name in [*COPIES] * 3:
        chance.choice(copies).add(name)
    return [changed(chance.randrange(4), other, frozenset(names)) for other, names in zip(others, copies, strict=True)]


DEALT = [_dealt(deal) for deal in (2, 4, 7)]
"""Pools of records of four works in which every change was made, each time of other works and beside other changes."""


def pools(smallest: int = 20, largest: int = 60) -> st.SearchStrategy[list[Record]]:
    """Enough records for chains and contradictions among them; in the usual run one of those that were dealt."""
    return chosen(DEALT, st.lists(records(), min_size=smallest, max_size=largest))


ONE_MORE: Record = {
    "authors": ["Okafor, Ngozi"],
    "year": 2004,
    "journal": "Annals of Calm",
    "volume": "7",
    "issue": "4",
    "pages": "12-19",
    "doi": "10.5555/one.more",
    "pmid": "9000044",
    "abstract": "We counted gulls and asked keepers how they slept. " * 5,
    "title_original": "Sel et pression dans les villages de la cote",
    "issns": ["1234-5679"],
}
"""Fields of which one beside the title is enough for identical records to be one report."""
