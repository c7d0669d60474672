"""The appendix as a Word document: the same appendix gives the same bytes."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from livingsearch.exports.prisma_s_document import (
    REFERENCE,
    Appendix,
    Block,
    Bullets,
    Item,
    Paragraph,
    Subheading,
    Table,
    Verbatim,
)
from livingsearch.exports.prisma_s_docx_style import (
    AFTER_TABLE,
    QUERY,
    QUERY_END,
    TABLE_TEXT,
    cell_widths,
    new_document,
    number_pages,
    repeat_header,
    shade,
    without_proofing,
)
from livingsearch.exports.prisma_s_text import one_line, visible

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

_LONGEST_PROPERTY = 255
"""Word's core properties take no more."""
_FIRST_INSTANT = (1980, 1, 1, 0, 0, 0)
"""The earliest that an entry of a zip file can bear."""
_UNIX = 3


def docx_appendix(appendix: Appendix) -> bytes:
    """Write the appendix as a Word document.

    Args:
        appendix: the document.

    Returns:
        The file. Nothing in it depends on the time or place of writing.
    """
    document = new_document(appendix.language)
    properties = document.core_properties
    properties.title = _property(f"{appendix.title}: {appendix.review_title}")
    properties.subject = _property(appendix.review_title)
    properties.author = "livingsearch"
    properties.last_modified_by = "livingsearch"
    properties.comments = ""
    properties.language = appendix.language
    properties.revision = 1
    properties.created = properties.modified = appendix.as_of.replace(tzinfo=None, microsecond=0)
    document.add_heading(one_line(appendix.title), 0)
    document.add_paragraph(one_line(appendix.review_title), style="Subtitle")
    _table(document, Table(("About this report", ""), appendix.about))
    document.add_paragraph(REFERENCE)
    document.add_heading("Overview", 1)
    document.add_paragraph(appendix.verdict)
    overview = tuple((str(item.number), item.title, item.filled) for item in appendix.items)
    _table(document, Table(("Item", "Name", "Filled"), overview))
    for group in appendix.groups:
        document.add_heading(one_line(group.title), 1)
        for item in group.items:
            _item(document, item)
    number_pages(document, one_line(appendix.title))
    written = io.BytesIO()
    document.save(written)
    return _fixed(written.getvalue())


def _item(document: "Document", item: Item) -> None:
    document.add_heading(f"{item.number}. {one_line(item.title)}", 2)
    said = document.add_paragraph()
    if item.to_do:
        said.add_run("Missing: ").bold = True
        said.add_run(one_line(item.to_do))
    else:
        said.add_run(f"Filled: {one_line(item.filled_by)}").italic = True
    # A heading and how it was filled do not stay behind on a page of their own.
    said.paragraph_format.keep_with_next = bool(item.blocks) or None
    for block in item.blocks:
        _block(document, block)


def _block(document: "Document", block: Block) -> None:
    match block:
        case Subheading(text):
            document.add_heading(one_line(text), 3)
        case Paragraph(text, strong):
            for part in _paragraphs(text):
                document.add_paragraph().add_run(part).bold = strong or None
        case Bullets(lines):
            for line in lines:
                document.add_paragraph(one_line(line), style="List Bullet")
        case Table():
            _table(document, block)
        case Verbatim(text):
            _verbatim(document, text)


def _verbatim(document: "Document", text: str) -> None:
    """One paragraph a line, so that what is copied out of Word has the lines that went in."""
    lines = visible(text).split("\n")
    for number, line in enumerate(lines, 1):
        paragraph = document.add_paragraph()
        paragraph._p.style = QUERY if number < len(lines) else QUERY_END
        without_proofing(paragraph.add_run(line))


def _table(document: "Document", table: Table) -> None:
    made = document.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
    repeat_header(made.rows[0])
    texts = [[one_line(cell) for cell in row] for row in (table.columns, *table.rows)]
    widths = cell_widths(texts)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    # Taken from all rows at once: asking a table for one row's cells walks the whole table each time. Styles are set
    # by their ids for the same reason: by name, Word's whole list of styles is searched for every cell.
    cells = made._cells
    for place, text in enumerate(text for row in texts for text in row):
        number = place % len(table.columns)
        cells[place].width = widths[number]
        _fill(cells[place], text, head=place < len(table.columns), number=number in table.numbers)
    document.add_paragraph()._p.style = AFTER_TABLE


def _fill(cell: "_Cell", text: str, *, head: bool, number: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    paragraph._p.style = TABLE_TEXT
    paragraph.add_run(text).bold = head or None
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if head:
        shade(cell)


def _paragraphs(text: str) -> Iterable[str]:
    """Lines that an empty line does not part belong to one paragraph."""
    lines = [line.strip() for line in visible(text).split("\n")]
    for part in "\n".join(lines).split("\n\n"):
        if part.strip():
            yield " ".join(part.split())


def _property(text: str) -> str:
    return one_line(text)[:_LONGEST_PROPERTY]


def _fixed(content: bytes) -> bytes:
    """The same zip file without the time and system of its making."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
        for name in _in_order(before.namelist()):
            entry = zipfile.ZipInfo(name, _FIRST_INSTANT)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
            after.writestr(entry, before.read(name))
    return made.getvalue()


def _in_order(names: Sequence[str]) -> list[str]:
    """The list of content types first, as readers of the format expect it."""
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", name))
