"""Ways to damage a file on purpose: pure functions of a random source and the bytes, for any format.

Whoever adds a format adds its small files to `golden/`; whoever knows another way to damage a file adds it to
`MUTATIONS`.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[Random, bytes], bytes]

_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "latin-1", "cp1251", "shift_jis")
_LINE_ENDS = (b"\n", b"\r\n", b"\r", b"\n\r", b"\x0b", b"\xe2\x80\xa8", b"\x85")
_NASTY = (
    *(bytes([byte]) for byte in (0, 1, 8, 9, 11, 12, 13, 26, 27, 31, 127, 0x81, 0x92, 0xC3, 0xFF)),
    b"\xef\xbb\xbf",
    b"\xe2\x80\x8b",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"&#" + b"9" * 5000 + b";",
    b"9" * 5000,
    b"&amp;" * 50,
    b"TY  - ",
    b"\nTY  - JOUR\n",
    b"\nER  - \n",
    b"\nPMID- 1\n",
    b"TY - ",
    b"1. ",
    b"     U2  - ",
    b"<record>",
    b"</record>",
    b"]]>",
    b"<!--",
    b'"',
    b",",
    b"\t",
    b"{",
    b"}",
    b"@article{",
    b"\nPT J\n",
    b"\nEF\n",
)


def truncated(chance: Random, content: bytes) -> bytes:
    """The end is missing, as after a broken download."""
    return content[: chance.randint(0, len(content))]


def beheaded(chance: Random, content: bytes) -> bytes:
    """The beginning is missing."""
    return content[chance.randint(0, len(content)) :]


def shuffled(chance: Random, content: bytes) -> bytes:
    """The lines stand in another order."""
    lines = content.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def moved(chance: Random, content: bytes) -> bytes:
    """Some lines are gone, come twice, or stand elsewhere."""
    lines = content.splitlines(keepends=True)
    for _ in range(chance.randint(1, 8)):
        if not lines:
            break
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        line = lines[at] if chance.random() < 0.4 else lines.pop(at)
        if chance.random() < 0.6:
            lines.insert(to, line)
    return b"".join(lines)


def reencoded(chance: Random, content: bytes) -> bytes:
    """The text is written in another encoding, with or without its mark."""
    text = content.decode("utf-8", "replace")
    return text.encode(chance.choice(_ENCODINGS), "replace")


def misread(chance: Random, content: bytes) -> bytes:
    """Half of the text is written in one encoding and half in another."""
    at = chance.randint(0, len(content))
    return content[:at] + reencoded(chance, content[at:])


def with_other_line_ends(chance: Random, content: bytes) -> bytes:
    """Line ends are others, and not all alike."""
    ends = chance.sample(_LINE_ENDS, chance.randint(1, 3))
    return re.sub(rb"\r\n|\n|\r", lambda _: chance.choice(ends), content)


def with_giant_line(chance: Random, content: bytes) -> bytes:
    """One line is very long."""
    at = chance.randint(0, len(content))
    filler = chance.choice((b"x", b"word ", b"a; b, ", b"\xc3\xa9", b"<", b"&", b"(", b"10.1/", b"TY  - ", b"Label: "))
    return content[:at] + filler * (chance.choice((1_000, 20_000, 100_000)) // len(filler)) + content[at:]


def with_nasty_bytes(chance: Random, content: bytes) -> bytes:
    """Control characters, half characters, marks, and what formats take for syntax."""
    for _ in range(chance.randint(1, 10)):
        at = chance.randint(0, len(content))
        content = content[:at] + chance.choice(_NASTY) + content[at:]
    return content


def with_flipped_bits(chance: Random, content: bytes) -> bytes:
    """Single bits are wrong."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 12) if data else 0):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def doubled(chance: Random, content: bytes) -> bytes:
    """The same file again behind itself, with or without a line between."""
    return chance.choice((b"", b"\n", b"\r\n\r\n", b"\x1a")).join([content] * chance.randint(2, 4))


def without_blanks(chance: Random, content: bytes) -> bytes:
    """Blanks are squeezed, as by mail programs."""
    return re.sub(rb" {2,}", b" ", content) if chance.random() < 0.5 else re.sub(rb" +(?=\r?\n)", b"", content)


MUTATIONS: tuple[Mutation, ...] = (
    truncated,
    beheaded,
    shuffled,
    moved,
    reencoded,
    misread,
    with_other_line_ends,
    with_giant_line,
    with_nasty_bytes,
    with_flipped_bits,
    doubled,
    without_blanks,
)


def mutated(chance: Random, seeds: Sequence[bytes], mutations: Sequence[Mutation] = MUTATIONS) -> bytes:
    """A damaged file.

    Args:
        chance: decides; the same one gives the same file.
        seeds: files to begin with.
        mutations: to choose from; one to three are made, one after another.

    Returns:
        Its bytes; sometimes two files glued together.
    """
    content = chance.choice(seeds)
    if chance.random() < 0.1:
        content += chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 2, 3))):
        content = chance.choice(mutations)(chance, content)
    return content
