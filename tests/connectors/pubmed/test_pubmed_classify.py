import time

import pytest

from connectors.pubmed.classify import Kind, classify, none_exist

HEAD = b'<?xml version="1.0" encoding="UTF-8" ?>\n'
SEARCH = HEAD + b"<eSearchResult><Count>0</Count></eSearchResult>"


def error(text: str, root: str = "eFetchResult") -> bytes:
    return HEAD + f"<{root}>\n\t<ERROR>{text}</ERROR>\n</{root}>\n".encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, SEARCH, None),
        (200, b"\xef\xbb\xbf" + SEARCH, None),
        (200, HEAD + b'<!DOCTYPE PubmedArticleSet PUBLIC "a" "b">\n<PubmedArticleSet></PubmedArticleSet>', None),
        (200, HEAD + b"<PubmedArticleSet/>", None),
        (400, error("ID list is empty! Possibly it has no correct IDs."), None),
        (400, b"ID+list+is+empty!+Possibly+it+has+no+correct+IDs.", None),
        (500, b"", Kind.PASSING),
        (502, b"<html><body>Bad Gateway</body></html>", Kind.PASSING),
        (503, SEARCH, Kind.PASSING),
        (400, error(" Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout"), Kind.PASSING),
        (200, error("Search Backend failed: address table is empty", "eSearchResult"), Kind.PASSING),
        (200, error("something new"), Kind.PASSING),
        (200, b"", Kind.PASSING),
        (200, b"  \n", Kind.PASSING),
        (200, SEARCH[:-9], Kind.CUT),
        (200, HEAD[:20], Kind.CUT),
        (200, HEAD + b"<PubmedArticleSet><PubmedArticle>", Kind.CUT),
        (429, b"", Kind.TOO_MANY),
        (429, b'{"error":"API rate limit exceeded","api-key":"1.2.3.4","count":"4","limit":"3"}', Kind.TOO_MANY),
        (200, b'{"error":"API rate limit exceeded","api-key":"1.2.3.4","count":"4","limit":"3"}', Kind.TOO_MANY),
        (400, b'{"error":"API key invalid","api-key":"k1","type":"invalid",\n"status":"unknown"}', Kind.REFUSED),
        (
            400,
            error(
                "Search backend cannot retrieve history data. Reason: Exception: 'retstart' cannot be larger than 9998."
            ),
            Kind.REFUSED,
        ),
        (
            200,
            b'{"esearchresult":{"ERROR":"Search Backend failed:\n\'retstart\' cannot be larger than 9998."}}',
            Kind.REFUSED,
        ),
        (200, error("Empty term and query_key - nothing todo", "eSearchResult"), Kind.REFUSED),
        (400, b"what", Kind.DOUBTFUL),
        (400, error("Error: External viewer err")[:-30], Kind.DOUBTFUL),
        (418, b"", Kind.DOUBTFUL),
        (301, b"", Kind.REFUSED),
        (403, b"<html></html>", Kind.REFUSED),
        (404, b"<html></html>", Kind.REFUSED),
        (414, b"", Kind.REFUSED),
        (200, error("Unable to obtain query #1"), Kind.FORGOTTEN),
        (200, error("Unable to obtain query #1", "PubmedArticleSet"), Kind.FORGOTTEN),
        (200, HEAD + b"<PubmedArticleSet><A><ERROR>api key</ERROR></A></PubmedArticleSet>", None),
        (200, b'{"esearchresult":{"ERROR":"Unable to obtain query #1"}}', Kind.FORGOTTEN),
        (200, error("Cannot retrieve history data. query_key: 1"), Kind.FORGOTTEN),
        (200, b"<!DOCTYPE html><html><body>Sign in</body></html>", Kind.GARBAGE),
        (200, b"<html><body>Sign in</body></html>", Kind.GARBAGE),
        (200, b"{}", Kind.GARBAGE),
        (200, b"PMID- 1", Kind.GARBAGE),
        (200, b"\xff\xfe\x00\x01", Kind.GARBAGE),
    ],
)
def test_a_reply_is_judged_by_body_then_status(status: int, body: bytes, kind: Kind | None) -> None:
    fault = classify(status, {}, body)
    assert (fault.kind if fault else None) is kind


def test_words_of_an_error_inside_records_are_no_error() -> None:
    body = b"<PubmedArticleSet><a>API rate limit exceeded; Unable to obtain query</a></PubmedArticleSet>"
    assert classify(200, {}, body) is None


def test_no_reason_quotes_the_body() -> None:
    fault = classify(400, {}, b'{"error":"API key invalid","api-key":"SECRET-KEY"}')
    assert fault is not None
    assert "SECRET-KEY" not in fault.reason


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"Retry-After": "Tue, 01 Jul 2025 10:00:30 GMT", "Date": "Tue, 01 Jul 2025 10:00:00 GMT"}, 30.0),
        ({"Retry-After": "Tue, 01 Jul 2025 10:00:30 GMT"}, None),
        ({"Retry-After": "soon", "Date": "yesterday"}, None),
        ({"Retry-After": "-5"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    fault = classify(429, headers, b"")
    assert fault is not None
    assert fault.retry_after == seconds


def test_an_empty_set_is_not_an_error() -> None:
    assert not none_exist(b"<PubmedArticleSet></PubmedArticleSet>")


@pytest.mark.parametrize(
    "body",
    [
        b"<?a?>" * 4_000 + b"x",
        b"<!---->" * 2_500 + b"x",
        b"<a></a>" + b"<!---->" * 27 + b"x",
        b"<a>" + b"<error>" * 2_800,
        b"<!DOCTYPE a [" * 1_500,
        b" " * 1_000_000,
    ],
)
def test_no_body_takes_long_to_judge(body: bytes) -> None:
    began = time.perf_counter()
    assert classify(200, {}, body) is not None
    assert time.perf_counter() - began < 1
