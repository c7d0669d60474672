"""Where records begin and end, whatever the lines look like."""

import json

import pytest

from connectors.errors import RecordsLost
from connectors.exports import read_export
from connectors.exports.medline import split_medline
from connectors.exports.parse import parse_ris
from connectors.exports.prepass import TaggedRecord, split_ris

Pairs = list[list[str]]


def payloads(text: str) -> list[Pairs]:
    return [json.loads(raw.payload) for raw, _ in read_export(text.encode("utf-8"), "a.ris").records]


@pytest.mark.parametrize(
    "start",
    ["TY  - JOUR", "TY  -  JOUR", "TY  -JOUR", "  TY  - JOUR", "1. TY  - JOUR", "12.TY  - JOUR", "\ufeffTY  - JOUR"],
)
def test_starts(start: str) -> None:
    text = f"TY  - BOOK\nTI  - A\nER  - \n{start}\nTI  - B\nER  - \n"
    assert payloads(text) == [[["TY", "BOOK"], ["TI", "A"]], [["TY", "JOUR"], ["TI", "B"]]]


def test_one_blank_before_the_dash_throughout() -> None:
    assert payloads("TY - JOUR\nAU - Okafor, N\nTI - Tea\nER - \n") == [
        [["TY", "JOUR"], ["AU", "Okafor, N"], ["TI", "Tea"]]
    ]


def test_bare_cr_inside_lf() -> None:
    assert payloads("TY  - JOUR\nWE  - Index\rAN  - WOS:1\nER  -\n\rTY  - JOUR\nTI  - B\nER  -\n") == [
        [["TY", "JOUR"], ["WE", "Index"], ["AN", "WOS:1"]],
        [["TY", "JOUR"], ["TI", "B"]],
    ]


def test_other_line_separators_stay_in_their_value() -> None:
    assert payloads("TY  - JOUR\nAB  - a\u2028b\x0bc\x85d\nER  - \n") == [
        [["TY", "JOUR"], ["AB", "a\u2028b\x0bc\x85d"]]
    ]


def test_missing_er_neither_merges_nor_drops() -> None:
    read = read_export(b"TY  - JOUR\nDO  - 10.5555/a\nTY  - JOUR\nDO  - 10.5555/b", "a.ris")
    assert [record.doi for _, record in read.records] == ["10.5555/a", "10.5555/b"]
    assert "2 records lacked an ER line." in read.warnings


def test_missing_er_before_a_header() -> None:
    tagged = split_ris("TY  - JOUR\nKW  - Tea\n\nRecord #2 of 2\nProvider: Example\n\nTY  - JOUR\nER  - ")
    assert tagged.records[0].pairs == (("TY", "JOUR"), ("KW", "Tea"))
    assert [(part.line, part.text) for part in tagged.remnants] == [(4, "Record #2 of 2\nProvider: Example")]


@pytest.mark.parametrize(
    ("after", "value"),
    [("a line of text", "JOUR\na line of text"), ("", "JOUR"), ("\na line of text\n", "JOUR\n\na line of text")],
    ids=["text", "blank", "blank and text"],
)
def test_text_or_blank_straight_after_ty(after: str, value: str) -> None:
    assert payloads(f"TY  - JOUR\n{after}\nTI  - Tea\nER  - \n") == [[["TY", value], ["TI", "Tea"]]]


def test_continuation_stays_with_the_tag_before_it() -> None:
    assert payloads("TY  - JOUR\nZZ  - x\n   more\nKW  - a\nb\nKW  - c\nER  - \n") == [
        [["TY", "JOUR"], ["ZZ", "x\nmore"], ["KW", "a\nb"], ["KW", "c"]]
    ]


def test_repeated_and_unknown_tags_are_all_kept_in_order() -> None:
    pairs = [
        ["TY", "JOUR"],
        ["DO", "1"],
        ["L3", "a;b"],
        ["DO", "2"],
        ["UR", "u;v"],
        ["UK", "x"],
        ["A1", ""],
        ["DO", "1"],
    ]
    assert payloads("".join(f"{tag}  - {value}\n" for tag, value in pairs) + "ER  - ") == [pairs]


def test_text_after_er_and_around_records_is_kept_with_its_line() -> None:
    read = read_export(b"Export of today\n\nTY  - JOUR\nER  - done\n3.\n\nTY  - JOUR\nER  - \nThe end\n", "a.ris")
    assert [(part.line, part.text) for part in read.remnants] == [(1, "Export of today"), (4, "done"), (9, "The end")]


def test_glued_fields_only_after_a_single_word() -> None:
    assert payloads("TY  - JOUR\nAB  - one two     U2  - three\nER  - \n")[0][1] == ["AB", "one two     U2  - three"]
    assert payloads("TY  - JOUR\nUR  - one     U2  - two     LK  - three\nER  - \n")[0][1:] == [
        ["UR", "one"],
        ["U2", "two"],
        ["LK", "three"],
    ]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ((("TY", "JOUR"), ("TY", "BOOK")), "The record in line 7 of a.ris was not read whole"),
        ((("TY", "JOUR"), ("ER", ""), ("TY", "BOOK")), "begins 1 records but 2 were read"),
    ],
)
def test_what_rispy_reads_otherwise_is_refused(pairs: tuple[tuple[str, str], ...], words: str) -> None:
    with pytest.raises(RecordsLost, match=words):
        parse_ris([TaggedRecord(7, pairs, "", True)], "a.ris")


def test_medline_text_without_blank_lines_and_with_too_many() -> None:
    tagged = split_medline(
        "PMID- 1\nTI  - A\n      b\n\nAB  - c\nPMID- 2\nPMID- 3\n\n\nStray words\n\nPMID- 4\nTI  - d"
    )
    assert [record.pairs for record in tagged.records] == [
        (("PMID", "1"), ("TI", "A b"), ("AB", "c")),
        (("PMID", "2"),),
        (("PMID", "3"),),
        (("PMID", "4"), ("TI", "d")),
    ]
    assert [(part.line, part.text) for part in tagged.remnants] == [(10, "Stray words")]


def test_medline_text_wrapped_line_that_looks_like_a_tag() -> None:
    tagged = split_medline("PMID- 1\nAB  - levels of\n      RNA - and of\n      PMID- 7\nLA  - eng\n")
    assert tagged.records[0].pairs[1] == ("AB", "levels of RNA - and of PMID- 7")
