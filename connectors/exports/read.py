"""One uploaded file, from bytes to canonical records."""

import json
from collections.abc import Sequence

from connectors.errors import RecordsLost
from connectors.exports.canonical import canonical
from connectors.exports.databases import database_of
from connectors.exports.decode import Decoded, decode
from connectors.exports.medline import split_medline
from connectors.exports.observe import observations
from connectors.exports.parse import Fields, grouped, parse_ris
from connectors.exports.platforms import MANAGERS, file_platform, platform_named, platform_of
from connectors.exports.prepass import Tagged, split_ris
from connectors.exports.profiles import GENERIC, PROFILES
from connectors.exports.sniff import count_starts, refuse_known_binary, sniff
from connectors.record import RawRecord, ReadFile, Record

_OTHER_FORM = {"ris": "nbib", "nbib": "ris"}


def read_export(content: bytes, name: str, platform: str | None = None) -> ReadFile:
    """Read an export.

    Args:
        content: the file as it was uploaded, whole.
        name: how the person calls it; only messages use it.
        platform: who wrote it, as the review declares it (`Ovid`, `Web of Science`); where it is None or
            says nothing, each record's own signals decide. Records that a reference manager rewrote are
            read in the manager's way all the same.

    Returns:
        Every record as received and in canonical fields, the text outside of records, and what a
        librarian should know of the file.

    Raises:
        FileEmpty: there is nothing in the file.
        FormatUnknown: it is not RIS and not MEDLINE text.
        RecordsLost: the records read are not those that the file begins; none is taken then.
    """
    shown = _shown(name)
    refuse_known_binary(content, shown)
    decoded = decode(content, shown)
    form = sniff(decoded.text, shown)
    tagged = split_ris(decoded.text) if form == "ris" else split_medline(decoded.text)
    starts = count_starts(decoded.text, form)
    _refuse_losses(decoded, form, tagged, starts, shown)
    if form == "ris":
        fields: list[Fields] = parse_ris(tagged.records, shown)
    else:
        fields = [grouped(record.pairs) for record in tagged.records]
    seen = _seen_platforms(form, tagged)
    platforms = _as_declared(platform_named(platform), seen) if form == "ris" else seen
    records = _canonical_records(form, tagged, fields, platforms)
    return ReadFile(
        format=form,
        platform=file_platform(platforms),
        encoding=decoded.encoding,
        record_starts=starts,
        records=tuple(records),
        remnants=tagged.remnants,
        warnings=(
            *decoded.warnings,
            *observations(tagged, [record for _, record in records], platform, file_platform(seen)),
        ),
    )


def _shown(name: str) -> str:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c if c.isprintable() else "?" for c in base).strip()
    return f"{text[:77]}…" if len(text) > 78 else text or "The file"


def _refuse_losses(decoded: Decoded, form: str, tagged: Tagged, starts: int, name: str) -> None:
    if len(tagged.records) != starts:
        raise RecordsLost(
            f"{name} begins {starts} records but {len(tagged.records)} could be told apart, so none was taken: "
            "export it again."
        )
    if tagged.headless:
        raise RecordsLost(
            f"{name} ends {starts + tagged.headless} records but begins only {starts} (a TY line is missing), so "
            "none was taken: export it again, or add the missing TY lines."
        )
    foreign = sum(count_starts(remnant.text, _OTHER_FORM[form]) for remnant in tagged.remnants)
    if form == "nbib":
        foreign = count_starts(decoded.text, "ris")
    if foreign:
        raise RecordsLost(
            f"{name} holds {starts} records of one format and {foreign} of another (RIS and PubMed's .nbib), so "
            "none was taken: split it into one file a format."
        )


def _seen_platforms(form: str, tagged: Tagged) -> list[str | None]:
    """The platform of each record by its own signals, else as of most of the file."""
    if form == "nbib":
        return ["pubmed"] * len(tagged.records)
    own = [platform_of(record) for record in tagged.records]
    common = file_platform(own)
    return [platform or common for platform in own]


def _as_declared(declared: str | None, seen: list[str | None]) -> list[str | None]:
    # PubMed writes no RIS, so a RIS file declared as PubMed's came through some manager.
    if declared is None or declared == "pubmed":
        return seen
    if declared in MANAGERS or declared == "generic":
        return [declared] * len(seen)
    # People declare where they searched. A manager's rewriting shows in the fields all the same: read in
    # Ovid's way, EndNote's running number would pass for an accession number.
    return [own if own in MANAGERS else declared for own in seen]


def _canonical_records(
    form: str, tagged: Tagged, fields: Sequence[Fields], platforms: Sequence[str | None]
) -> list[tuple[RawRecord, Record]]:
    header = tagged.records[0].lead
    trails = [*(record.lead for record in tagged.records[1:]), tagged.tail]
    result = []
    for position, (record, values, platform, trail) in enumerate(
        zip(tagged.records, fields, platforms, trails, strict=True), 1
    ):
        database = database_of(platform, values, (record.lead, trail, header))
        raw = RawRecord(position, form, json.dumps(record.pairs, ensure_ascii=False, separators=(",", ":")))
        result.append((raw, canonical(values, PROFILES.get(platform or "", GENERIC), database)))
    return result
