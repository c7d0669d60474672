"""Words read by the bytes of a column, and words in order by their ranks, are what reading one by one gives."""

import re

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.letters import lowered, words
from dedup.ranked import glued, longest, spaced
from dedup.scratch import scratch
from dedup.texts import PRINTED, Reader

SETTINGS = settings(max_examples=60, deadline=None)
TEXTS = st.lists(st.none() | st.text(st.sampled_from("aBz09 '`-.<&\t\0éß≥’–字"), max_size=12), max_size=8)
PLAIN = st.lists(st.sampled_from(["salt", "tea", "ten", "kettle", "a", "garden", "winter", "of"]), max_size=7)


def one_by_one(text: str, printed: bool) -> str | None:
    text = re.sub("['`’]", "", text) if printed else text
    text = text.replace("é", "e").replace("ß", "ss")
    return re.sub("[^a-z0-9]+", " ", text.lower()).strip() or None


@SETTINGS
@given(texts=TEXTS, before=TEXTS, printed=st.booleans())
def test_plain_letters_are_read_as_one_by_one(texts, before, printed) -> None:
    whole = pa.array([*before, *texts], pa.string())
    column = pa.chunked_array([whole.slice(0, len(before)), whole.slice(len(before))])
    found, unread = words(column, printed=printed)
    for text, told, left in zip([*before, *texts], found.to_pylist(), unread, strict=True):
        strange = text is not None and ("字" in text or (printed and bool(re.search("[<&]", text))))
        assert left == strange
        assert told == (None if text is None or strange else one_by_one(text, printed))
    found, unread = lowered(column)
    for text, told, left in zip([*before, *texts], found.to_pylist(), unread, strict=True):
        strange = text is not None and bool(re.search("[^\x01-\x7f]|[<&]", text))
        assert left == strange
        assert told == (None if text is None or strange else re.sub("['`]", "", text.lower()))


@SETTINGS
@given(titles=st.lists(st.none() | PLAIN.map(" ".join), max_size=6))
def test_the_longest_words(titles) -> None:
    split = spaced(pa.chunked_array([pa.array(titles[:2], pa.string()), pa.array(titles[2:], pa.string())]))
    assert glued(split).to_pylist() == [title and title.replace(" ", "") for title in titles]
    found = longest(split, 4).to_pylist()
    for title, told in zip(titles, found, strict=True):
        by_length = sorted(set((title or "").split(" ")), key=lambda word: (-len(word), word))
        assert (told or "") == " ".join(sorted(by_length[:4]))


def test_every_letter_is_read_as_at_length(con) -> None:
    letters = [chr(code) for code in range(1, 0x3100) if not 0xD800 <= code < 0xE000]
    column = pa.chunked_array([pa.array([f"a{letter}b {letter} {letter.upper()}c" for letter in letters])])
    with scratch(con) as space:
        short, long = Reader(space), Reader(space, at_length=True)
        short.define()
        for read in (Reader.words, Reader.plain, lambda reader, texts: reader.words(texts, folded=PRINTED)):
            found = zip(letters, read(short, column).to_pylist(), read(long, column).to_pylist(), strict=True)
            assert [told for told in found if told[1] != told[2]] == []


def test_columns_without_rows() -> None:
    empty = pa.chunked_array([], pa.string())
    found, unread = words(empty, printed=True)
    assert (len(found), len(unread)) == (0, 0)
