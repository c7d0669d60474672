"""The page, the styles and the details of Word's format that python-docx has no words for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.shared import Length
    from docx.styles.style import ParagraphStyle
    from docx.table import _Cell, _Row
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

QUERY = "Query"
"""The style of searches: monospaced, shaded, one paragraph a line. One word, so that it is the id of the style too."""
QUERY_END = "QueryEnd"
"""The same for the last line, with some space behind it."""
TABLE_TEXT = "TableText"
AFTER_TABLE = "AfterTable"
"""A low empty line: Word joins tables that nothing parts."""

_FONT = "Calibri"
_QUERY_FONT = "Courier New"
_PALE = "F2F2F2"
_PAGE_CM = (21.0, 29.7)
_MARGIN_CM = 2.0
_LONGEST = 60
"""Characters: no column asks for more than a sentence's width."""


def new_document(language: str) -> "Document":
    """An empty A4 document with the appendix's styles.

    Args:
        language: of its words, e.g. `en-GB`.
    """
    from docx import Document as opened
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    document = opened()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(_PAGE_CM[0]), Cm(_PAGE_CM[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
    styles = document.styles
    normal = styles["Normal"]
    _set_font(normal, _FONT, 10.5)
    _set_language(normal, language)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 20), ("Subtitle", 12), ("Heading 1", 15), ("Heading 2", 12.5), ("Heading 3", 11)):
        _set_font(styles[name], _FONT, size)
        styles[name].font.color.rgb = RGBColor(0x1F, 0x2A, 0x44)
        styles[name].paragraph_format.keep_with_next = True
    for name, size, after in ((TABLE_TEXT, 9, 0), (AFTER_TABLE, 4, 4), (QUERY, 9, 0), (QUERY_END, 9, 8)):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        if name in (QUERY, QUERY_END):
            # Word wants the ground before spacing and indentation, which python-docx puts behind whatever is there.
            style.element.get_or_add_pPr().append(_ground())
            style.paragraph_format.left_indent = Cm(0.3)
        _set_font(style, _QUERY_FONT if name in (QUERY, QUERY_END) else _FONT, size)
        style.paragraph_format.space_after = Pt(after)
    return document


def cell_widths(texts: Sequence[Sequence[str]]) -> "list[Length]":
    """Widths of a table's columns that fill the page, by what stands in them.

    Args:
        texts: rows of cells, the header first.
    """
    from docx.shared import Cm

    columns = list(zip(*texts, strict=True))
    longest = [_centimetres(min(max(map(len, column)), _LONGEST)) for column in columns]
    # The longest word keeps its column from breaking it in two.
    words = [
        _centimetres(min(max((len(word) for text in column for word in text.split()), default=0), _LONGEST // 2))
        for column in columns
    ]
    page = _PAGE_CM[0] - 2 * _MARGIN_CM
    spare, wanted = page - sum(words), sum(longest) - sum(words)
    if 0 < spare < wanted:
        widths = [word + (whole - word) * spare / wanted for word, whole in zip(words, longest, strict=True)]
    else:
        fitting = longest if spare > 0 else words
        widths = [width * page / sum(fitting) for width in fitting]
    return [Cm(width) for width in widths]


def _centimetres(characters: int) -> float:
    """What a word of a table takes with the cell's margins, in a bold font that is wider than the document's own."""
    return 0.45 + 0.22 * characters


def repeat_header(row: "_Row") -> None:
    """Lets a table's first row stand on every page that the table reaches."""
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit"))
    properties.append(_element("w:tblHeader"))


def shade(cell: "_Cell") -> None:
    """Gives a cell a pale ground."""
    cell._tc.get_or_add_tcPr().append(_ground())


def without_proofing(run: "Run") -> None:
    """Keeps Word from marking a search's words as misspelt."""
    run._r.get_or_add_rPr().append(_element("w:noProof"))


def number_pages(document: "Document", words: str) -> None:
    """Writes words and the page's number at the foot of every page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.add_run(f"{words} · page ")
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _add_field(paragraph, "NUMPAGES")


def _add_field(paragraph: "Paragraph", name: str) -> None:
    field = _element("w:fldSimple", instr=name)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _set_font(style: "ParagraphStyle", name: str, size: float) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = name, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # The theme's font would win over the named one, and the latter holds for one script only.
    for script in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{script}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)


def _set_language(style: "ParagraphStyle", language: str) -> None:
    style.element.get_or_add_rPr().append(_element("w:lang", val=language))


def _ground() -> "BaseOxmlElement":
    return _element("w:shd", val="clear", color="auto", fill=_PALE)


def _element(name: str, **attributes: str) -> "BaseOxmlElement":
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made: BaseOxmlElement = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made
