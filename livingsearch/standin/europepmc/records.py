"""Records as Europe PMC's `core` replies hold them: invented ones, or out of a file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from livingsearch.errors import LivingSearchError

Result = Mapping[str, Any]

_SOURCES = ("MED", "MED", "MED", "PPR", "PMC", "AGR")
_NAMES = (("Müller", "Jörg"), ("Ní Bhriain", "Aoife"), ("O'Neill", "Ann B"), ("Østergård", "Åse"), ("王", "秀英"))
_TOPICS = ("personality disorder", "asthma control", "β-blockers in carers", "心理支持", "complex emotional needs")


class RecordsUnusable(LivingSearchError):
    """A file of records that the stand-in cannot serve."""


def invented(count: int, first: int = 1) -> tuple[Result, ...]:
    """Records of nobody's work, each with its own number, of several sources and scripts.

    Args:
        count: how many.
        first: number of the first one; a record of a number is always the same.

    Returns:
        The records; every title begins with "Peer support".
    """
    return tuple(_invented(number) for number in range(first, first + count))


def read_records(path: Path) -> tuple[Result, ...]:
    """Records of a file: a list of `core` records, or a reply of Europe PMC.

    Raises:
        RecordsUnusable: it holds no such records, each with its `source` and `id`.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RecordsUnusable(f"{path} is not JSON in UTF-8.") from error
    if isinstance(content, dict):
        content = content.get("resultList", {}).get("result")
    if not isinstance(content, list) or not all(
        isinstance(r, dict) and r.get("id") and r.get("source") for r in content
    ):
        raise RecordsUnusable(f"{path} holds no list of Europe PMC's records, each with its source and id.")
    return tuple(content)


def _invented(number: int) -> Result:
    source = _SOURCES[number % len(_SOURCES)]
    year = 2010 + number % 15
    topic = _TOPICS[number % len(_TOPICS)]
    family, given = _NAMES[number % len(_NAMES)]
    name = {"PPR": f"PPR{number}", "PMC": f"PMC{number}", "AGR": f"IND{number}"}.get(source, str(number))
    record: dict[str, Any] = {
        "id": name,
        "source": source,
        "doi": f"10.9999/inv.{number}",
        "title": f"Peer support and {topic}: study <i>{number}</i>.",
        "authorString": f"{family} {given[0]}, The Invented Group.",
        "authorList": {
            "author": [
                {"fullName": f"{family} {given[0]}", "firstName": given, "lastName": family, "initials": given[0]},
                {"collectiveName": "The Invented Group"},
            ]
        },
        "pubYear": str(year),
        "pageInfo": f"{number}-{number + 9}",
        "abstractText": f"<h4>Objective</h4>To invent record {number}.<h4>Results</h4>It was found (p&lt;0.05).",
        "language": "eng",
        "pubTypeList": {"pubType": ["Journal Article"]},
        "keywordList": {"keyword": ["Peer support", topic]},
        "citedByCount": number % 7,
        "firstPublicationDate": f"{year}-03-01",
        "dateOfCreation": f"{year}-04-{number % 28 + 1:02d}",
    }
    if source == "PPR":
        record["bookOrReportDetails"] = {"publisher": "InvRxiv", "yearOfPublication": year}
        record["pubTypeList"] = {"pubType": ["Preprint"]}
        return record
    record["journalInfo"] = {
        "issue": str(number % 12 + 1),
        "volume": str(year - 2000),
        "dateOfPublication": f"{year} Mar",
        "yearOfPublication": year,
        "journal": {"title": "Journal of Invented Facts", "isoabbreviation": "J Inv Facts", "issn": "1234-5679"},
    }
    if source == "MED":
        record["pmid"] = name
        record["meshHeadingList"] = {
            "meshHeading": [
                {
                    "majorTopic_YN": "N",
                    "descriptorName": "Depression",
                    "meshQualifierList": {
                        "meshQualifier": [{"abbreviation": "PX", "qualifierName": "psychology", "majorTopic_YN": "Y"}]
                    },
                }
            ]
        }
    if source == "PMC":
        record["pmcid"] = name
    return record
