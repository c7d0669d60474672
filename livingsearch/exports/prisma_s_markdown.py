"""The appendix as Markdown (CommonMark with tables)."""

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
from livingsearch.exports.prisma_s_text import escaped, fenced, one_line


def markdown_appendix(appendix: Appendix) -> bytes:
    """Write the appendix as Markdown.

    Args:
        appendix: the document.

    Returns:
        The file, UTF-8, lines ended by a line feed. Text of others prints as it stands: what Markdown would take for
        markup is escaped, searches stand in fenced blocks.
    """
    parts = [
        f"# {_cell(appendix.title)}",
        f"## {_cell(appendix.review_title)}",
        _table(Table(("About this report", ""), appendix.about)),
        escaped(REFERENCE),
        f"## Overview\n\n{appendix.verdict}",
        _table(Table(("Item", "Name", "Filled"), _overview(appendix))),
    ]
    for group in appendix.groups:
        parts.append(f"## {_cell(group.title)}")
        for item in group.items:
            parts += _item(item)
    return ("\n\n".join(parts) + "\n").encode()


def _overview(appendix: Appendix) -> tuple[tuple[str, ...], ...]:
    return tuple((str(item.number), item.title, item.filled) for item in appendix.items)


def _item(item: Item) -> list[str]:
    said = f"**Missing:** {escaped(item.to_do)}" if item.to_do else f"*Filled: {_cell(item.filled_by)}*"
    return [f"### {item.number}. {_cell(item.title)}", said, *(_block(block) for block in item.blocks)]


def _block(block: Block) -> str:
    match block:
        case Subheading(text):
            return f"#### {_cell(text)}"
        case Paragraph(text, strong):
            return f"**{_cell(text)}**" if strong else escaped(text)
        case Bullets(lines):
            return "\n".join(f"- {_cell(line)}" for line in lines)
        case Table():
            return _table(block)
        case Verbatim(text):
            return fenced(text)


def _table(table: Table) -> str:
    marks = ["---:" if place in table.numbers else "---" for place in range(len(table.columns))]
    rows = [[_cell(cell) for cell in row] for row in (table.columns, *table.rows)]
    lines = [rows[0], marks, *rows[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return escaped(one_line(text))
