"""What happened to a record, one sentence an event."""

from collections.abc import Callable, Mapping
from typing import Any

from livingsearch.services.live_reports import report_name
from livingsearch.services.studies import study_name

Row = Mapping[str, Any]

_STAGES = {
    "before": "before screening",
    "title": "on title and abstract",
    "retrieval": "on retrieval",
    "fulltext": "in full text",
    "inclusion": "on inclusion",
}


def _returned(row: Row) -> str:
    what = "a search" if row["kind"] == "search" else "an import"
    part = " of a window" if row["scope"] == "window" else ""
    told = f"Run {row['run_id']} of update {row['update_number']}, {what}{part} of {row['source_label']} searched on "
    told += f"{row['date_searched']}, returned {row['name']}"
    if row["is_first"]:
        return f"{told} for the first time."
    if row["is_first_so"]:
        fields = ", ".join(row["changed"]) or "nothing in the bibliographic fields"
        return f"{told} with other metadata, version {row['version']}; changed: {fields}."
    return f"{told} again, as version {row['version']}."


def _noticed(row: Row) -> str:
    return f"{row['name']} says now: {'; '.join(row['notices'])}."


def _not_returned(row: Row) -> str:
    told = f"Run {row['run_id']} of update {row['update_number']}, {row['source_label']} searched on "
    told += f"{row['date_searched']}, "
    return told + (
        f"announced {row['name']} and did not hand it out."
        if row["announced"]
        else f"did not return {row['name']} any more."
    )


def _withdrawn(row: Row) -> str:
    told = f"Run {row['run_id']} of update {row['update_number']} ({row['source_label']}), which returned it, was "
    return f"{told}withdrawn: {row['why']}."


def _verdict(row: Row) -> str:
    pair = f"{row['one']} and {row['other']}"
    if row["outcome"] == "withdrawn":
        return f"The comparison says nothing of {pair} any more."
    said = row["outcome"] + (f" ({row['relation']})" if row.get("relation") else "")
    return f"The comparison says of {pair}: {said}, by the rule '{row['rule']}': {row['evidence']}."


def _decision(row: Row) -> str:
    pair = f"{row['one']} and {row['other']}"
    why = f", because: {row['why']}" if row["why"] else ""
    if row["word"] == "undone":
        return f"{row['who']} took the last word on {pair} back{why}."
    return f"{row['who']} said that {pair} are {'duplicates' if row['word'] == 'duplicate' else row['word']}{why}."


def _grouped(row: Row) -> str:
    how = "joined" if row["event"] == "joined" else "was parted from"
    return f"{row['name']} {how} report {report_name(row['report_id'])}."


def _counted(row: Row) -> str:
    of = "" if row["report_id"] is None else f" (report {report_name(row['report_id'])})"
    return f"Update {row['update_number']} closed and counted {row['name']}{of} as {row['counted_as']}."


def _kept(row: Row) -> str:
    with_others = f" with {row['others']:,} more" if row["others"] else ""
    where = f"of {report_name(row['label'])}" if row["label"] > 0 else "that never was a report of its own"
    return (
        f"{row['name']} was released and stays in the group {where}{with_others}, whatever comparison says later; "
        "a person's word can change it."
    )


def _reopened(row: Row) -> str:
    return (
        f"{row['who']} opened update {row['update_number']} again, because: {row['why']}; what it had counted when it "
        f"closed on {row['closed_at']:%Y-%m-%d} was taken back."
    )


def _handed_out(row: Row) -> str:
    return f"Update {row['update_number']} handed {report_name(row['report_id'])} out for screening."


def _screened(row: Row) -> str:
    told = (
        f"{row['who']} said of {report_name(row['report_id'])} {_STAGES.get(row['stage'], row['stage'])}: {row['word']}"
    )
    more = [
        f"reason: {row['reason']}" if row["reason"] else "",
        "a consensus" if row["consensus"] else "",
        f"note: {row['note']}" if row["note"] else "",
        f"in the file {row['file']}" if row["file"] else "",
    ]
    kept = "; ".join(one for one in more if one)
    return f"{told} ({kept})." if kept else f"{told}."


def _taken_back(row: Row) -> str:
    why = f", because: {row['why']}" if row["why"] else ""
    return (
        f"{row['who']} took back what {row['said_by']} had said of {report_name(row['report_id'])} "
        f"{_STAGES.get(row['stage'], row['stage'])}: {row['word']}{why}."
    )


def _studied(row: Row) -> str:
    report = report_name(row["report_id"])
    if row["study_id"] is None:
        return f"{row['who']} made {report} a study of its own."
    called = f" ({row['name']})" if row["name"] else ""
    return f"{row['who']} put {report} into the study {study_name(row['study_id'])}{called}."


def _published(row: Row) -> str:
    reason = f", {row['reason']}" if row["reason"] else ""
    return (
        f"{row['who']} published update {row['update_number']}, in which {report_name(row['report_id'])} stands as "
        f"{row['state']}{reason}."
    )


def _elsewhere(row: Row) -> str:
    fields = ", ".join(f"{name} {value}" for name, value in row["row"].items() if value is not None)
    return f"{row['table']}: {fields[:500]}."


TELL: dict[str, Callable[[Row], str]] = {
    "returned": _returned,
    "notice": _noticed,
    "not returned": _not_returned,
    "withdrawn": _withdrawn,
    "verdict": _verdict,
    "decision": _decision,
    "grouped": _grouped,
    "counted": _counted,
    "handed out": _handed_out,
    "kept": _kept,
    "reopened": _reopened,
    "screened": _screened,
    "taken back": _taken_back,
    "study": _studied,
    "published": _published,
    "elsewhere": _elsewhere,
}
"""How each kind of event is told, in the order in which events of one position happened."""
