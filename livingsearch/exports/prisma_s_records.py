"""Searches as machine-readable records, one a run.

The fields are those of the data structure for bibliographic searching of Haddaway et al. 2022 (10.1002/cl2.1288);
those that it has no name for stand behind them.
"""

import json
import re
from typing import Any

from livingsearch.exports.prisma_s import SearchReport, SearchRun, StrategyVersion

STRUCTURE = "10.1002/cl2.1288"
_ORCID = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b")
_BEFORE_ORCID = ("https://orcid.org/", "http://orcid.org/", "orcid.org/", "orcid id", "orcid")
_SURROGATES = re.compile("[\ud800-\udfff]")


def search_records(report: SearchReport) -> list[dict[str, Any]]:
    """One record for each complete run reported on, in the order of runs; values as JSON has them."""
    versions = {version.number: version for version in report.versions}
    return [_record(report, run, versions.get(run.version)) for run in report.runs]


def json_records(report: SearchReport) -> bytes:
    """The records as a JSON array, UTF-8; texts are those that were run, whatever characters they hold."""
    text = json.dumps(search_records(report), ensure_ascii=False, indent=2)
    return (_SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n").encode()


def author_of(text: str) -> dict[str, str]:
    """An author as the structure has it.

    Args:
        text: a name, perhaps with an ORCID iD behind it.

    Returns:
        `name`, and `ORCID` where one is given.
    """
    found = _ORCID.search(text)
    if found is None:
        return {"name": text}
    name = text[: found.start()].rstrip(" :")
    for words in _BEFORE_ORCID:
        if name.lower().endswith(words):
            name = name[: -len(words)]
            break
    return {"name": name.rstrip(" ,;:([<") or text, "ORCID": found[0]}


def _record(report: SearchReport, run: SearchRun, version: StrategyVersion | None) -> dict[str, Any]:
    review, source = report.review, run.source
    reviewed = review.search.peer_review
    restricted = version.restrictions if version else None
    return {
        "record_info": {
            "id": f"{review.slug}-run-{run.run_id:04d}",
            "structure": STRUCTURE,
            "review": review.title,
            "review_version": review.version,
            "registration": review.registration,
            "contact": review.contact,
            "run_by": run.actor,
            "software": dict(run.software),
        },
        "authors": [author_of(version.author)] if version else [],
        "date": {
            "data_entry": run.finished_at.date().isoformat(),
            "search_conducted": run.searched_on.isoformat(),
        },
        "platform": source.platform,
        "version": source.edition,
        "database": [source.database],
        "search_string": run.query,
        "results_count": run.received if run.hits is None else run.hits,
        "records_received": run.received,
        "query_translation": run.translation,
        "search_history": list(run.histories),
        "strategy_as_run": run.as_run,
        "warnings": list(run.warnings),
        "accepted_mismatch": run.accepted_mismatch,
        "run_id": run.run_id,
        "update": run.update,
        "source": source.slug,
        "kind": "search" if run.by_api else "import",
        "counts": run.replaced_by is None,
        "replaced_by": run.replaced_by,
        "files": [{"name": file.name, "sha256": file.sha256} for file in run.files],
        "from": restricted.since if restricted else None,
        "to": restricted.until if restricted else None,
        "languages": list(restricted.languages) if restricted else [],
        "limits": [{"what": limit.what, "reason": limit.reason} for limit in restricted.limits] if restricted else [],
        "filters": review.search.reporting.filters,
        "peer_review": (
            {"who": reviewed.who, "when": reviewed.when.isoformat(), "method": reviewed.method} if reviewed else None
        ),
        "strategy_version": run.version,
    }
