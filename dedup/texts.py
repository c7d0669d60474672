"""Texts folded: what the queries of the normalising share, and the short ways round them.

What most records say is plain, and there is a quick way to read it; all others go the long way through SQL. Which
go which way never shows in what is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.letters import Flags, lowered, words
from dedup.scratch import Scratch
from dedup.vocabulary import ACCENTED, APOSTROPHES, GREEK, LETTERS, LIGATURES, MISREAD, NUMERALS


def _replaced(expression: str, names: Mapping[str, str]) -> str:
    for letter, name in names.items():
        expression = f"replace({expression}, '{letter}', '{name}')"
    return expression


def _mojibake(expression: str) -> str:
    """Letters of Latin-1 that were written as UTF-8 and read as Latin-1 or Windows-1252."""
    for letter in MISREAD:
        for misread in sorted({letter.encode().decode("latin-1"), letter.encode().decode("cp1252", "ignore")}):
            if len(misread) == 2:
                expression = f"replace({expression}, '{misread}', '{letter}')"
    return expression


_MACROS = (
    ("ascii", "x", "strlen(x) = length(x)"),
    ("greek", "x", f"CASE WHEN regexp_matches(x, '[α-ω]') THEN {_replaced('x', GREEK)} ELSE x END"),
    ("folded", "x", _replaced(f"translate(strip_accents(x), '{LETTERS[0]}', '{LETTERS[1]}')", LIGATURES)),
    ("mended", "x", f"CASE WHEN contains(x, 'Ã') THEN {_mojibake('x')} ELSE x END"),
    # An argument is worked out anew wherever it stands, so that asking first only pays for what costs nothing.
    (
        "letters",
        "x",
        f"""CASE WHEN dedup_ascii(x) THEN x WHEN regexp_matches(x, '[{ACCENTED}{LETTERS[0]}]') THEN dedup_folded(x)
            ELSE x END""",
    ),
    (
        "unmarked",
        "x",
        r"""regexp_replace(regexp_replace(regexp_replace(regexp_replace(x,
            '</?[a-zA-Z][^<>]{0,80}>', '', 'g'),
            '&(amp|#38);', ' and ', 'g'),
            '&(nbsp|lt|gt|quot|apos|#[0-9]+|#[xX][0-9a-fA-F]+);', ' ', 'g'),
            '&([a-zA-Z]+);', '\1', 'g')""",
    ),
    # The long way gives the same for plain letters without signs; most texts are that, and it costs ten times more.
    # Its steps are lists of one text: the argument of a macro is written wherever it stands, and these would be
    # planned and worked out some hundred times over.
    (
        "plain",
        "x",
        f"""CASE WHEN dedup_ascii(x) AND NOT contains(x, '<') AND NOT contains(x, '&')
            THEN replace(replace(lower(x), $$'$$, ''), '`', '')
            ELSE list_transform(list_transform([dedup_unmarked(x)],
                    lambda unmarked: dedup_folded(lower(dedup_mended(unmarked)))),
                lambda folded: replace(translate(dedup_greek(folded), $${APOSTROPHES}$$, ''), '&', ' and '))[1] END""",
    ),
    # `nullif` binds its first argument twice: what is empty is made null where it stands in a column.
    ("words", "x", r"trim(regexp_replace(x, '[^\p{L}\p{N}]+', ' ', 'g'))"),
    ("numeral", "x", f"coalesce(({list(NUMERALS.values())})[list_position({list(NUMERALS)}, x)], ltrim(x, '0'))"),
    ("number", "x", r"""nullif(ltrim(regexp_extract(x, '(\d+)', 1), '0'), '')"""),
)


PRINTED = "dedup_plain(x)"
"""How SQL folds a text that stands as a database printed it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads texts, most of them the short way.

    Attributes:
        space: where queries run.
        at_length: everything goes the long way; what is found is the same.
    """

    space: Scratch
    at_length: bool = False

    def define(self) -> None:
        """Make the macros that the queries share."""
        for name, arguments, expression in _MACROS:
            self.space.macro(name, arguments, expression)

    def words(self, texts: pa.ChunkedArray, *, folded: str = "dedup_letters(lower(x))") -> pa.ChunkedArray:
        """Words of texts, by the fast way where they are plain letters.

        Args:
            texts: strings.
            folded: how SQL folds a text `x` before its words are taken.
        """
        read = words(texts, printed=folded == PRINTED)
        return self.completed(texts, read, f"dedup_words({folded})", kept="nullif(x, '')")

    def plain(self, texts: pa.ChunkedArray) -> pa.ChunkedArray:
        """Texts in small letters, by the fast way where they are plain letters."""
        return self.completed(texts, lowered(texts), PRINTED)

    def completed(
        self, texts: pa.ChunkedArray, read: tuple[pa.ChunkedArray, Flags], told: str, *, kept: str = "x"
    ) -> pa.ChunkedArray:
        """What was read of the texts, and what SQL tells of those that were left unread.

        Args:
            texts: strings.
            read: what they came to, and which are still to be read.
            told: how SQL reads a text `x`.
            kept: what is made of what it read, `x` again.
        """
        made, unread = read
        unread = np.ones(len(texts), bool) if self.at_length else unread
        if not unread.any():
            return made
        left = pa.table({"place": np.arange(int(unread.sum())), "x": texts.filter(pa.array(unread))})
        self.space.lend("unread", left)
        select = f"SELECT {kept} AS x FROM (SELECT place, {told} AS x FROM dedup_unread) ORDER BY place"  # noqa: S608
        rest = self.space.read(select).column("x")
        self.space.take_back("unread")
        return replaced(made, unread, rest)

    def some(
        self, select: str, parameters: Mapping[str, object], rows: pa.Table, asked: Flags, other: Mapping[str, object]
    ) -> pa.Table:
        """What a query tells of some rows; of all others it is known beforehand.

        Args:
            select: reads `dedup_asked`: the rows that are asked for, with their `place`, which it returns.
            parameters: of the query.
            rows: all rows.
            asked: which of them are asked for.
            other: what is true of each of the others, by column.
        """
        asked = np.ones(len(asked), bool) if self.at_length else asked
        some = rows.filter(pa.array(asked))
        self.space.lend("asked", some.append_column("place", pa.array(np.arange(some.num_rows))))
        found = self.space.read(f"SELECT * FROM ({select}) ORDER BY place", parameters).drop_columns("place")  # noqa: S608
        self.space.take_back("asked")
        known = pa.table({name: [value] for name, value in other.items()}).select(found.column_names)
        where = np.full(len(asked), found.num_rows)
        where[asked] = np.arange(found.num_rows)
        return pa.concat_tables([found, known.cast(found.schema)]).combine_chunks().take(pa.array(where))


def replaced(texts: pa.ChunkedArray, where: Flags, by: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts with others in the places that are flagged, in their order."""
    return pa.chunked_array([pc.replace_with_mask(_whole(texts), pa.array(where), _whole(by))])


def says(texts: pa.ChunkedArray | pa.Array, pattern: str) -> Flags:
    """In which texts a pattern is found; Arrow looks for it with the same library as DuckDB, in half the time."""
    return told(pc.match_substring_regex(texts, pattern))


def told(flags: pa.ChunkedArray | pa.Array) -> Flags:
    """Flags, false where they are null."""
    return np.asarray(pc.fill_null(flags, False).to_numpy(zero_copy_only=False), bool)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()
