"""Records of our own invention, and the kernel run on them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from groupings import numbered

import dedup

Make = Callable[[Sequence[Mapping[str, Any]]], pa.Table]
Run = Callable[..., dedup.Outcome]


@pytest.fixture(scope="session")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    yield connection
    left_over = connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
    macros = connection.execute("SELECT function_name FROM duckdb_functions() WHERE function_name LIKE 'dedup_%'")
    assert left_over == []
    assert macros.fetchall() == []
    connection.close()


@pytest.fixture(scope="session")
def normalised(con: duckdb.DuckDBPyConnection) -> Make:
    """Rows with any of the record's fields, normalised; ids count from 1 where none is given."""

    def make(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
        full = [
            {name: row.get(name) for name in dedup.RECORDS.names} | {"record_id": row.get("record_id", number)}
            for number, row in enumerate(rows, 1)
        ]
        return dedup.normalise(con, pa.Table.from_pylist(full, schema=dedup.RECORDS))

    return make


@pytest.fixture(scope="session")
def run(con: duckdb.DuckDBPyConnection) -> Run:
    """Deduplicate normalised tables; pairs and labels are given as lists of tuples."""

    def call(new: pa.Table, known: pa.Table | None = None, **words: Any) -> dedup.Outcome:
        known = dedup.NORMALISED.empty_table() if known is None else known
        schemas = {
            "groups": dedup.STORED_GROUPS,
            "released": dedup.RELEASED,
            "together": dedup.DECIDED,
            "apart": dedup.DECIDED,
            "asked": dedup.DECIDED,
        }
        for name, schema in schemas.items():
            if isinstance(words.get(name), list):
                columns = list(zip(*words[name], strict=True)) or [[], []]
                words[name] = pa.table([pa.array(c, pa.int64()) for c in columns], schema=schema)
        return dedup.deduplicate(con, new, known, dedup.keys(con, new), dedup.keys(con, known), **words)

    return call


@pytest.fixture(scope="session")
def at_once(normalised: Make, run: Run) -> Callable[[list[dict[str, Any]]], tuple[pa.Table, dedup.Outcome]]:
    """A pool normalised, and what all of it at once come to: found once for all that asks of it."""
    made: dict[str, tuple[pa.Table, dedup.Outcome]] = {}

    def call(rows: list[dict[str, Any]]) -> tuple[pa.Table, dedup.Outcome]:
        key = repr(rows)
        if key not in made:
            pool = normalised(numbered(rows))
            made[key] = (pool, run(pool))
        return made[key]

    return call


def grouped(outcome: dedup.Outcome) -> dict[int, int]:
    """Record → group."""
    rows = outcome.groups.to_pylist()
    return {row["record_id"]: row["group_id"] for row in rows}


@pytest.fixture(scope="session")
def groups_of() -> Callable[[dedup.Outcome], dict[int, int]]:
    return grouped


@pytest.fixture(scope="session")
def works() -> list[list[dict[str, Any]]]:
    """Works, each with the records that several databases hold of it."""
    subjects = [
        ("Salt intake and blood pressure in coastal villages", "Okonkwo, Ada", "Journal of Coastal Medicine"),
        ("Lavender oil against needle fear: a crossover trial", "van der Meer, Jan P.", "Annals of Calm"),
        ("Sleep of night-shift bakers before and after retirement", "Müller, Käthe", "Occupational Rhythms"),
        ("Vitamin K2 and knee cartilage thickness in alpine skiers", "O'Brien, Sean", "Joint and Snow"),
        ("Walking groups for widowed men over eighty", "Nguyen, Thi Lan", "Ageing Outdoors"),
        ("Copper kettles and the microbiome of tea drinkers", "Rossi, Carla", "Gut and Cup"),
        ("Choir singing as breathing therapy in mild asthma", "Smith, John", "Lung Voices"),
        ("Hospital gardens and length of stay after hip repair", "Tanaka, Yuki", "Green Wards"),
    ]
    made = []
    for number, (title, author, journal) in enumerate(subjects):
        first = 100 + 37 * number
        base: dict[str, Any] = {
            "title": title,
            "authors": [author, "Second, Sam", f"Third{number}, Theo"],
            "year": 2001 + number,
            "journal": journal,
            "volume": str(10 + number),
            "issue": str(1 + number),
            "pages": f"{first}-{first + 8}",
            "doi": f"10.5555/invented.{number}",
        }
        family, given = author.split(", ")
        made.append(
            [
                base,
                base | {"title": title.upper() + ".", "authors": [f"{family} {given[0]}."], "doi": None},
                base | {"pages": f"{first}-{(first + 8) % 10}", "issue": None, "abstract": "A short abstract."},
            ]
        )
    return made
