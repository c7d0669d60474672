import pyarrow as pa

import dedup


def table(rows: list[dict]) -> pa.Table:
    return pa.Table.from_pylist([{n: row.get(n) for n in dedup.RECORDS.names} for row in rows], schema=dedup.RECORDS)


def test_the_preferred_source_stands_and_the_others_fill(con) -> None:
    records = table(
        [
            {
                "record_id": 1,
                "source": "embase",
                "title": "From Embase",
                "doi": "10.5555/1",
                "abstract": "Long.",
                "volume": "3",
            },
            {"record_id": 2, "source": "pubmed", "title": "From PubMed", "pmid": "7", "doi": "", "authors": []},
            {"record_id": 3, "source": "other", "authors": ["A, B."], "journal": "Calm", "pages": "1-2"},
            {"record_id": 9, "source": "pubmed", "title": "Alone"},
        ]
    )
    groups = pa.table({"record_id": [1, 2, 3, 9], "group_id": [1, 1, 1, 9]})
    merged = dedup.merge(con, records, groups, ["pubmed", "embase"])
    first, alone = merged.reports.to_pylist()
    assert (first["record_id"], first["title"], first["pmid"], first["doi"]) == (2, "From PubMed", "7", "10.5555/1")
    assert (first["volume"], first["journal"], first["pages"]) == ("3", None, None)
    assert first["authors"] == ["A, B."]
    assert alone["title"] == "Alone"
    origins = {(row["group_id"], row["field"]): row["record_id"] for row in merged.origins.to_pylist()}
    assert origins[1, "doi"] == origins[1, "volume"] == 1
    assert (1, "journal") not in origins
    assert origins[1, "title"] == 2
    assert origins[1, "authors"] == 3
    assert origins[9, "title"] == 9


def test_without_preference_the_fullest_stands_and_the_oldest_of_equals(con) -> None:
    records = table(
        [
            {"record_id": 5, "title": "B", "year": 2001},
            {"record_id": 4, "title": "A", "year": 2001},
            {"record_id": 3, "title": "C"},
        ]
    )
    groups = pa.table({"record_id": [3, 4, 5], "group_id": [3, 3, 3]})
    (report,) = dedup.merge(con, records, groups).reports.to_pylist()
    assert (report["record_id"], report["title"], report["year"]) == (4, "A", 2001)


def test_nothing_to_merge(con) -> None:
    merged = dedup.merge(con, dedup.RECORDS.empty_table(), dedup.GROUPS.empty_table())
    assert (merged.reports.num_rows, merged.origins.num_rows) == (0, 0)
