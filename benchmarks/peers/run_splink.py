"""Splink on DuckDB, trained by expectation maximisation: `python run_splink.py RECORDS.csv FOLDER`.

Splink is a toolbox: this is a sensible set-up for references, made once and not tuned to any set. Pairs at 0.95 and
more are joined, those from 0.5 on are the queue. Writes `groups.csv`, `queue.csv` and `versions.json` into the folder.
"""

import json
import re
import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

JOIN, ASK = 0.95, 0.5
FIELDS = ["title", "author", "year", "journal", "booktitle", "volume", "number", "pages", "doi", "abstract"]
EMPTY = 0.02
"""A field that fewer records fill is left out: nothing can be learnt from it."""


def folded(text: str) -> str:
    """Lower case, without accents."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()


def words(text: str) -> str | None:
    """Words of a title or journal, without tags and punctuation."""
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"<[^>]{0,80}>", " ", folded(text))).strip() or None


def number(text: str) -> str | None:
    """The first number."""
    found = re.search(r"\d+", text)
    return found.group() if found else None


def first_page(text: str) -> str | None:
    """The first page, without the S of a supplement."""
    found = re.search(r"[a-z]?\d+", folded(text))
    return found.group().lstrip("s") if found else None


def doi(text: str) -> str | None:
    """The DOI alone."""
    found = re.search(r"10\.\d{4,9}/\S+", text.lower())
    return found.group().rstrip(".;,)") if found else None


def families(text: str) -> list[str]:
    """Family names of an author field, in their order: `Doe, J. and Roe, M.`, or `Doe J.Roe M.` without separators."""
    separator = r" and |;" if re.search(r" and |;", text) else r"(?<=\.)(?=[^\W\d_]{2})"
    names = [name.strip(" .") for name in re.split(separator, text)]
    heads = [name.split(",")[0] if "," in name else re.sub(r"(\s+[\w.\-]{1,3})+$", "", name) for name in names if name]
    return [family for head in heads if (family := re.sub(r"[^a-z]", "", folded(head)))]


def prepared(records: pd.DataFrame) -> pd.DataFrame:
    """The columns that are compared and blocked on."""
    authors = records["author"].map(families)
    journal = records["journal"].where(records["journal"] != "", records["booktitle"])
    made = pd.DataFrame({"unique_id": records["record_id"], "title": records["title"].map(words)})
    made["doi"] = records["doi"].map(doi)
    made["authors"] = authors.map(lambda names: " ".join(sorted(names))[:200] or None)
    made["year"] = records["year"].map(number)
    made["volume"] = records["volume"].map(number)
    made["issue"] = records["number"].map(number)
    made["page"] = records["pages"].map(first_page)
    made["journal"] = journal.map(words)
    begins = records["abstract"].map(lambda text: words(text) or "")
    made["abstract"] = begins.map(lambda text: text[:150] if len(text) > 60 else None)
    made["first_author"] = authors.map(lambda names: names[0] if names else None)
    titles = made["title"].map(lambda text: text if isinstance(text, str) else "")
    made["title_begins"] = titles.map(lambda text: text.replace(" ", "")[:12] or None)
    made["longest_words"] = titles.map(
        lambda text: " ".join(sorted(sorted(set(text.split()), key=lambda word: (-len(word), word))[:3])) or None
    )
    return made


def linker(records: pd.DataFrame) -> Linker:
    """Splink, trained on the records."""
    filled = {name for name in records if records[name].notna().mean() >= EMPTY}
    comparisons = {
        "title": cl.JaroWinklerAtThresholds("title", [0.97, 0.92, 0.85]),
        "doi": cl.ExactMatch("doi"),
        "authors": cl.JaroWinklerAtThresholds("authors", [0.95, 0.85, 0.7]),
        "year": cl.ExactMatch("year"),
        "volume": cl.ExactMatch("volume"),
        "issue": cl.ExactMatch("issue"),
        "page": cl.ExactMatch("page"),
        "journal": cl.JaroWinklerAtThresholds("journal", [0.92, 0.75]),
        "abstract": cl.JaroWinklerAtThresholds("abstract", [0.97, 0.85]),
    }
    placed = {"page", "volume"} <= filled
    keys = [("doi",), ("abstract",), ("title",), ("title_begins", "year"), ("longest_words",)]
    if placed:
        keys += [("first_author", "year", "page"), ("volume", "page", "year"), ("first_author", "page", "volume")]
    else:
        keys += [("first_author", "year")]
    rules = [block_on(*key) for key in keys if set(key) <= filled]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[comparison for name, comparison in comparisons.items() if name in filled],
        blocking_rules_to_generate_predictions=rules,
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
    api = DuckDBAPI()
    made = Linker(api.register(records), settings)
    sure = ([block_on("doi")] if "doi" in filled else []) + [block_on("title", "year")]
    made.training.estimate_probability_two_random_records_match(sure, recall=0.8)
    made.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    second = ("first_author", "page", "volume") if placed else ("first_author", "year")
    for key in (("title",), second):
        try:
            made.training.estimate_parameters_using_expectation_maximisation(block_on(*key))
        except Exception as error:  # what cannot be trained on one key is trained on the other
            print(f"training on {key}: {error}", file=sys.stderr)
    return made


def main() -> None:
    """Read, run, write."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    records = pd.read_csv(source, dtype=str, keep_default_na=False)
    for name in FIELDS:
        if name not in records:
            records[name] = ""
    made = linker(prepared(records))
    predicted = made.inference.predict(threshold_match_probability=ASK)
    clusters = made.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=JOIN)
    grouped = clusters.as_pandas_dataframe()[["unique_id", "cluster_id"]]
    grouped.columns = ["record_id", "predicted_cluster"]
    grouped.to_csv(folder / "groups.csv", index=False)
    pairs = predicted.as_pandas_dataframe()
    ends = pairs.loc[pairs["match_probability"] < JOIN, ["unique_id_l", "unique_id_r"]]
    group = dict(grouped.itertuples(index=False))
    rows = [(x, y) for x, y in ends.itertuples(index=False) if group[x] != group[y]]
    asked = pd.DataFrame(rows, columns=["record_id_a", "record_id_b"])
    asked.to_csv(folder / "queue.csv", index=False)
    versions = {name: version(name) for name in ("splink", "duckdb", "pandas")}
    (folder / "versions.json").write_text(json.dumps(versions))


if __name__ == "__main__":
    main()
