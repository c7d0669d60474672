"""How wide text is in the sans-serif fonts that a diagram names, without a font at hand.

The numbers are advance widths in thousandths of the font size. They were read once with fontTools from
DejaVu Sans 2.37 and Liberation Sans 2.1.5 (both freely licensed; the latter has the widths of Arial and
Helvetica), regular and bold; of the two fonts the wider number stands here, rounded up, so text measured by
this table fits in either. An accented letter is as wide as its base letter unless it has an entry of its own.
"""

import unicodedata
from collections.abc import Mapping

_REGULAR = {
    228: "′",
    275: "'",
    278: "ijlı",
    285: "ł",
    295: "I",
    318: " ,.\xa0‘’‚",
    334: "·",
    337: "/:;\\|¦",
    342: "ŀ",
    353: "fſ",
    361: "-‐‑",
    375: "ľ",
    391: "()[]",
    393: "tŧ",
    400: "‹›",
    401: "!¡²³¹",
    412: "r",
    460: '"',
    472: "ªº",
    500: "*J`¨°´¸",
    519: "“”„",
    521: "s",
    525: "z",
    550: "c",
    553: "¯",
    556: "ĳ",
    557: "?_§–†‡",
    558: "LĿ",
    563: "Ł",
    580: "kĸ",
    590: "•",
    592: "vxy",
    611: "FT¿Ŧ",
    612: "o«»ðø",
    613: "a",
    616: "e",
    630: "ß",
    634: "hnuŋ",
    635: "bdgpqþđ",
    637: "$0123456789{}¢£¤¥µ¶€",
    667: "EKPSYÞ",
    685: "AV",
    686: "XZ",
    687: "B",
    695: "ħ",
    723: "CR",
    732: "U",
    735: "Ĳ",
    749: "NŊ",
    752: "H",
    771: "D",
    775: "ÐĐ",
    778: "G",
    780: "&",
    788: "OQØ",
    814: "ŉ",
    818: "w",
    838: "#+<=>^~¬±×÷≤≥−",
    863: "M",
    917: "Ħ",
    951: "%",
    970: "¼½¾",
    975: "m",
    982: "æ",
    989: "W",
    1000: "©®Æ—…™",
    1016: "@",
    1023: "œ",
    1070: "Œ",
}
_BOLD = {
    264: "′",
    307: "'",
    343: "ijlı",
    349: " \xa0",
    366: "/\\|¦",
    372: "ł",
    373: "I",
    380: ",.·‘’‚",
    400: ":;",
    413: "‹›",
    416: "-‐‑",
    436: "fſ",
    438: "²³¹",
    457: "!¡",
    458: "()[]",
    479: "tŧ",
    480: "ľť",
    494: "r",
    500: "`¨°´¸",
    521: '"',
    523: "*",
    553: "¯",
    557: "J_§ŀ–†‡",
    564: "ªº",
    583: "z",
    593: "c",
    596: "s",
    611: "?¿",
    637: "¤¶",
    638: "LĿ",
    640: "•",
    643: "Ł",
    646: "x«»",
    652: "vy",
    658: "“”„",
    666: "kĸ",
    675: "a",
    679: "e",
    683: "TŦ",
    684: "EF",
    686: "ĳ",
    688: "oðø",
    696: "$0123456789¢£¥€",
    712: "hnu{}ŋ",
    716: "bdgpqþđ",
    719: "ď",
    720: "ß",
    721: "S",
    725: "Y",
    726: "Z",
    733: "P",
    734: "C",
    736: "µ",
    738: "Þ",
    763: "B",
    771: "RX",
    774: "AV",
    775: "K",
    785: "Ĳ",
    791: "ħ",
    813: "U",
    821: "G",
    831: "D",
    837: "HNŊ",
    838: "#+<=>^~¬±Ð×÷Đ≤≥−",
    851: "OQØ",
    873: "&",
    924: "w",
    974: "Ħ",
    983: "ŉ",
    996: "M",
    1000: "@©®—…™",
    1002: "%",
    1036: "¼½¾",
    1042: "m",
    1048: "æ",
    1085: "Æ",
    1095: "œ",
    1104: "W",
    1167: "Œ",
}
OTHER = 1000
"""Width given to a character that the table does not hold: that of an ideograph, more than most letters need."""


def _by_character(table: Mapping[int, str]) -> dict[str, int]:
    return {character: width for width, characters in table.items() for character in characters}


_WIDTHS = {False: _by_character(_REGULAR), True: _by_character(_BOLD)}


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line of text, not kerned.

    Args:
        text: the line.
        size: font size.
        bold: whether the bold face is meant.

    Returns:
        The width in the unit of `size`; an upper bound for the fonts named above if `is_known`.
    """
    widths = _WIDTHS[bold]
    return sum(_width(character, widths) for character in text) * size / 1000


def is_known(text: str) -> bool:
    """Whether the width of every character comes from the table, so that no font can surprise."""
    return all(_base(character) in _WIDTHS[False] for character in text)


def _width(character: str, widths: Mapping[str, int]) -> int:
    if character in widths:
        return widths[character]
    if unicodedata.combining(character):
        return 0
    return widths.get(_base(character), OTHER)


def _base(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]
