"""Characters that come into a search from word processors, PDFs and web pages in the place of the keyboard's own.

What a platform makes of each is the affair of its reader; which there are is the same for all. None of them has a
meaning within a class of a regular expression.
"""

ASTERISKS = "∗⁎✱✲✳⁕＊﹡⋆★☆٭\u20f0"
DOUBLE_QUOTES = "“”„‟«»″‶❝❞〝〞〟＂"
APOSTROPHES = "‘’‚‛′‵‹›`´＇"
HYPHENS = "‐‑‒–—―−﹘﹣－"
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
INVISIBLE = (
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2065\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
)
