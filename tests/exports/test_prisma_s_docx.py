"""Columns of the Word document's tables."""

import pytest

from livingsearch.exports.prisma_s_docx_style import cell_widths


@pytest.mark.parametrize(
    "texts",
    [
        [["Run", "Results shown"], ["5", "74"]],
        [["Name", "Database", "What"], ["EBSCOhost", "CINAHL", "words " * 40]],
        [["n" * 200, "a"], ["b", "c"]],
        [["", ""]],
    ],
)
def test_columns_fill_the_page(texts: list[list[str]]) -> None:
    widths = cell_widths(texts)
    assert sum(width.cm for width in widths) == pytest.approx(17)
    assert all(width.cm > 0.4 for width in widths)


def test_a_long_column_leaves_the_others_room_for_their_words() -> None:
    name, database, _ = cell_widths([["Name", "Database", "What"], ["EBSCOhost", "CINAHL", "words " * 40]])
    assert name.cm > 2.2
    assert database.cm > 2
