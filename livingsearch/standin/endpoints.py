"""ESearch, EFetch, EPost and EInfo for db=pubmed, from parameters to replies; HTTP stands elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from livingsearch.standin.dates import period
from livingsearch.standin.evaluation import answer
from livingsearch.standin.faults import Fault, FaultKind
from livingsearch.standin.history import History, HistoryGone
from livingsearch.standin.index import Lookup
from livingsearch.standin.replies import (
    Reply,
    SearchResult,
    article_set,
    bare_error,
    error_reply,
    json_document,
    search_json,
    search_xml,
    xml_document,
)
from livingsearch.strategy.tree import DateField, DateRange, Place

Parameters = Mapping[str, str]

_DATE_TYPES: dict[str, DateField] = {
    "pdat": "date_publication",
    "crdt": "date_create",
    "edat": "date_entry",
}
_PAST_WINDOW = (
    "'retstart' cannot be larger than {last}. For PubMed, ESearch can only retrieve the first {window} records "
    "matching the query."
)
_PAST_WINDOW_ADVICE = (
    " To obtain more than {window} PubMed records, consider using EDirect that contains additional logic to "
    "batch PubMed search results automatically so that an arbitrary number can be retrieved. For details see "
    "https://www.ncbi.nlm.nih.gov/books/NBK25499/"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the service gives; smaller numbers let a test cross the limits with few records.

    Args:
        window: how many records of a search can be reached at all (PubMed: 9,999).
        post: how many ids EPost takes (10,000).
        url: how many characters the address of a GET may have before 414 comes.
    """

    window: int = 9_999
    post: int = 10_000
    url: int = 4_000


class Endpoints:
    """The four endpoints over one index.

    Args:
        index: the records; may be replaced while calls run, each call sees one.
        history: the history server.
        limits: how much a call may ask for.
        clock: the present, for `reldate` and EInfo; in UTC.
    """

    def __init__(self, index: Lookup, history: History, limits: Limits, clock: Callable[[], datetime]) -> None:
        self.history, self.limits, self._clock = history, limits, clock
        self.replace(index)

    def replace(self, index: Lookup) -> None:
        """Serve other records from now on; results that the history server keeps stay as they are."""
        self._index, self._built = index, self._clock()

    def reply(self, endpoint: str, parameters: Parameters, faults: Sequence[Fault] = ()) -> Reply:
        """Answer a call.

        Args:
            endpoint: `esearch`, `efetch`, `epost` or `einfo`.
            parameters: as sent.
            faults: those that bend the answer (missing PMIDs, wrong count, changed hits); others are ignored here.
        """
        as_json = parameters.get("retmode") == "json" and endpoint in ("esearch", "einfo")
        if endpoint == "einfo":
            return self._einfo(parameters, as_json)
        if parameters.get("db") != "pubmed":
            return error_reply(endpoint, f"Invalid db name specified: {parameters.get('db', '')}", as_json=as_json)
        try:
            if endpoint == "esearch":
                return self._esearch(parameters, faults, as_json)
            if endpoint == "epost":
                return self._epost(parameters)
            return self._efetch(parameters, faults)
        except RecursionError:
            message = "Search Backend failed: Exception: brackets are nested too deeply"
            return error_reply(endpoint, message, as_json=as_json)
        except HistoryGone:
            number = parameters.get("query_key") or "1"
            return error_reply(endpoint, f"Unable to obtain query #{number}", as_json=as_json)

    def _esearch(self, parameters: Parameters, faults: Sequence[Fault], as_json: bool) -> Reply:
        term, key = parameters.get("term", "").strip(), parameters.get("query_key", "")
        if not term and not key:
            return error_reply("esearch", "Empty term and query_key - nothing todo", as_json=as_json)
        start, wanted = _number(parameters, "retstart", 0), _number(parameters, "retmax", 20)
        window = self.limits.window
        if start >= window:
            text = (_PAST_WINDOW + _PAST_WINDOW_ADVICE).format(last=window - 1, window=f"{window:,}")
            return error_reply("esearch", f"Search Backend failed: Exception:\n{text}", as_json=as_json)

        kept = self.history.pmids(parameters.get("WebEnv", ""), key) if key else None
        found = answer(term, self._index, self._limit(parameters)) if term else None
        pmids = found.pmids if found else kept or ()
        if found and kept is not None:
            among = set(kept)
            pmids = tuple(pmid for pmid in pmids if pmid in among)
        pmids = self._unhidden(pmids, faults)
        count = max(0, len(pmids) + sum(f.by for f in faults if f.kind is FaultKind.WRONG_COUNT))
        if parameters.get("rettype") == "count":
            if as_json:
                return json_document("esearch", {"count": str(count)})
            return xml_document("esearch", f"<Count>{count}</Count>")

        end = min(start + wanted, window)
        messages = [] if pmids else ["No items found."]
        if start + wanted > window:
            messages.append(f"Restrictions achieved. start and count adjusted to {start}, {end - start}")
        webenv, query_key = "", None
        if parameters.get("usehistory") == "y":
            webenv, query_key = self.history.keep(pmids, parameters.get("WebEnv", ""))
        reading = found.reading if found else None
        result = SearchResult(
            count=count,
            start=start,
            pmids=pmids[start:end],
            translation=found.translation if found else f"#{key}",
            translations=reading.translations if reading else (),
            query_key=query_key,
            webenv=webenv,
            # A tag that was ignored leaves an empty list behind, and nothing else.
            phrases_not_found=(
                reading.phrases_not_found if reading and (reading.tag_ignored or reading.phrases_not_found) else None
            ),
            phrases_ignored=reading.phrases_ignored if reading else (),
            quoted_not_found=reading.quoted_not_found if reading else (),
            messages=tuple(messages),
        )
        return search_json(result) if as_json else search_xml(result)

    def _unhidden(self, pmids: tuple[int, ...], faults: Sequence[Fault]) -> tuple[int, ...]:
        for fault in faults:
            if fault.kind is FaultKind.CHANGED_HITS:
                hidden = fault.pmids or set(self._index.pmids[len(self._index.pmids) - fault.by :])
                pmids = tuple(pmid for pmid in pmids if pmid not in hidden)
        return pmids

    def _limit(self, parameters: Parameters) -> DateRange | None:
        """The date limit that stands beside the term; `mindate` and `maxdate` count together only."""
        field = _DATE_TYPES.get(parameters.get("datetype", "pdat"), "date_publication")
        today = self._clock().date()
        if days := _number(parameters, "reldate", 0):
            return DateRange(field, today - timedelta(days=days), date(3000, 12, 31), Place(0, 0))
        low, high = period(parameters.get("mindate", "")), period(parameters.get("maxdate", ""))
        return DateRange(field, low[0], high[1]) if low and high else None

    def _epost(self, parameters: Parameters) -> Reply:
        ids = [part.strip() for part in parameters.get("id", "").split(",") if part.strip()]
        numbers = [int(part) for part in ids if part.isdigit()]
        if len(ids) > self.limits.post:
            return error_reply("epost", f"Too many UIDs in request. Maximum number of UIDs is {self.limits.post}.")
        if not numbers:
            messages = ["Empty ID list; Nothing to store"]
            if ids:
                messages.append("Some IDs have invalid value and were omitted. Maximum ID value 18446744073709551615")
            return error_reply("epost", *messages)
        webenv, key = self.history.keep(tuple(dict.fromkeys(numbers)), parameters.get("WebEnv", ""))
        wrong = "".join(f"\n\t\t<Id>{part}</Id>" for part in ids if part.isalnum() and not part.isdigit())
        invalid = f"\n\t<InvalidIdList>{wrong}\n\t</InvalidIdList>" if wrong else ""
        return xml_document(
            "epost", f"{invalid}\n\t<QueryKey>{key}</QueryKey>\n\t<WebEnv>{webenv}</WebEnv>\n", separator=""
        )

    def _efetch(self, parameters: Parameters, faults: Sequence[Fault]) -> Reply:
        if parameters.get("retmode", "xml") not in ("xml", "") or parameters.get("rettype", "") not in (
            "",
            "xml",
            "null",
            "full",
            "abstract",
        ):
            report = parameters.get("rettype") or parameters.get("retmode")
            return bare_error(f"Report '{report}' not found in 'pubmed' presentation")
        start, wanted = _number(parameters, "retstart", 0), _number(parameters, "retmax", 10_000)
        if parameters.get("id"):
            asked = [int(part) for part in parameters["id"].split(",") if part.strip().isdigit()]
        elif "WebEnv" in parameters:
            window = self.limits.window
            asked = list(self.history.pmids(parameters["WebEnv"], parameters.get("query_key", "")))
            if start >= window:
                text = _PAST_WINDOW.format(last=window - 1, window=f"{window:,}")
                return bare_error(f"Search backend cannot retrieve history data. Reason: Exception: {text}")
            asked = asked[:window]
        else:
            asked = []
        if not asked:
            reply = error_reply("efetch", "ID list is empty! Possibly it has no correct IDs.")
            return Reply(reply.body, reply.content_type, status=400)
        page = list(dict.fromkeys(asked))[start : start + wanted]
        records = self._index.records
        return article_set(records[pmid].xml for pmid in _spared(page, faults) if pmid in records)

    def _einfo(self, parameters: Parameters, as_json: bool) -> Reply:
        built = self._built
        if parameters.get("db", "pubmed") != "pubmed":
            return error_reply("einfo", f"Can not retrieve DbInfo for db={parameters.get('db')}", as_json=as_json)
        facts = {
            "DbName": "pubmed",
            "MenuName": "PubMed",
            "Description": "PubMed bibliographic record",
            "DbBuild": f"Build-{built:%Y.%m.%d.%H.%M}",
            "Count": str(len(self._index.pmids)),
            "LastUpdate": f"{built:%Y/%m/%d %H:%M}",
        }
        if as_json:
            named = {name.lower(): value for name, value in facts.items()}
            return json_document("einfo", {"dbinfo": [named]} if parameters.get("db") else {"dblist": ["pubmed"]})
        if not parameters.get("db"):
            return xml_document("einfo", "\n<DbList>\n\n\t<DbName>pubmed</DbName>\n</DbList>\n")
        inner = "".join(f"\n\t\t<{name}>{value}</{name}>" for name, value in facts.items())
        return xml_document("einfo", f"\n\t<DbInfo>{inner}\n\t</DbInfo>\n")


def _number(parameters: Parameters, name: str, otherwise: int) -> int:
    text = parameters.get(name, "").strip()
    return int(text) if text.isdigit() else otherwise


def _spared(pmids: list[int], faults: Sequence[Fault]) -> list[int]:
    """The PMIDs that no fault leaves out."""
    for fault in faults:
        if fault.kind is FaultKind.MISSING_PMIDS:
            pmids = [
                pmid
                for number, pmid in enumerate(pmids, start=1)
                if pmid not in fault.pmids and not (fault.nth and number % fault.nth == 0)
            ]
    return pmids
