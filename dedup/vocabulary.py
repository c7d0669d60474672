"""The words by which titles and names are read: data of the normalising, no logic."""

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
"""Names by which databases without Greek letters write them."""

LIGATURES = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
}  # fmt: skip
"""Letters that stand for several."""

MISREAD = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"
"""Letters of two bytes in UTF-8, as they are looked for where a source read the bytes one by one."""

APOSTROPHES = "'’‘ʼ`´′"
"""Signs that vanish between letters."""

LETTERS = ("øłđıðþµ²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "oldidtμ2310456789" + "0123456789")
"""Letters that `strip_accents` leaves, and what stands for them elsewhere."""

ACCENTED = (
    r"\x{AA}\x{B5}\x{BA}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{1FFF}\x{20D0}-\x{214F}\x{2C00}-\x{2DFF}"
    r"\x{2E80}-\x{10FFFF}"
)
"""Ranges of letters and marks, without the plain ones; dashes, quotes, arrows and the signs of mathematics, which most
texts of foreign letters hold, lie between them."""

PARTICLES = "van|von|vom|zu|der|den|de|del|della|dello|di|da|das|dos|do|du|la|le|las|los|el|al|ter|ten|te|bin|ibn|st|mc"
"""Particles of family names, which databases put before the name, after it or nowhere."""

NUMERALS = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "xvii": "17", "xviii": "18",
    "xix": "19", "xx": "20", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "a": "1", "b": "2",
    "c": "3",
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
}  # fmt: skip
"""Ways to write the number of a part."""

_ERRATUM = r"errat(?:um|a)|corrigend(?:um|a)|(?:author |publisher )?corrections?|addend(?:um|a)"
_REPLY = r"(?:the )?(?:authors?|editors?)s?\W{1,3}(?:reply|response)|(?:in )?reply|replies"
_COMMENT = r"(?:invited |editorial )?(?:comments?|commentary)"
_RETRACTION = r"(?:notice of )?(?:retraction|withdrawal|removal)(?: notice| note)?"

MARKS: tuple[tuple[str, str], ...] = (
    (
        "erratum",
        rf"^\W*(?:{_ERRATUM})(?: (?:to|for|in)\b|\W*[:.\-(\[]|\W*$)|[:.\-(\[]\s*(?:{_ERRATUM})\W*$"
        r"|\(vol\.?\s*\d+[^()]*(?:p|pg|pp|page|art|no)\W*\w*\d",
    ),
    ("retraction", rf"^\W*{_RETRACTION}(?: (?:to|of|for)\b|\W*[:.\-])|[:.\-(\[]\s*{_RETRACTION}\W*$"),
    ("concern", r"^\W*(?:editorial )?expression of concern"),
    (
        "reply",
        rf"^\W*(?:{_REPLY})(?: to\b|\W*[:.\-]|\W*$)|^\W*response to\W*:"
        r"|\b(?:the )?authors?s? (?:reply|response|respond)\W*$|[:.\-(\[]\s*(?:in )?reply(?: to\b.*)?\W*$",
    ),
    (
        "comment",
        rf"^\W*{_COMMENT} (?:on|to)\b|^\W*{_COMMENT}\W*[:.]|[:.\-(\[]\s*{_COMMENT}\W*$|\beditorial comment\W*$",
    ),
    ("withdrawn", r"^\W*withdrawn\W*[:.]"),
)
"""What a title announces itself to be, in the order in which it is looked for."""

NOTICE_WORDS = (
    "response", "reply", "comment", "commentary", "rejoinder", "discussion", "editorial", "erratum", "corrigendum",
    "correction", "retraction", "authorsreply", "authorreply", "authorsresponse", "authorresponse", "editorialcomment",
    "invitedcommentary",
)  # fmt: skip
"""Words that make another report of a title when nothing else is added to it; glued where they are two."""

POLES = (
    "hyper", "hypo", "macro", "micro", "inter", "intra", "extra", "over", "under", "post", "pre", "anti", "pro",
)  # fmt: skip
"""Beginnings of words that make two of one."""

DENIALS = ("no", "not", "non", "without", "never")
"""Words that turn a title into its opposite when nothing else is added to it."""

ARTICLES = (
    "a",
    "an",
    "the",
    "die",
    "der",
    "das",
    "la",
    "le",
    "el",
    "les",
    "los",
    "las",
    "il",
    "lo",
    "un",
    "une",
    "una",
)
"""Words that databases leave out before a title."""

HEADINGS = (
    "article", "originalarticle", "originalarticles", "originalpaper", "originalresearch", "originalinvestigation",
    "research", "researcharticle", "researchpaper", "reviewarticle", "fulllengtharticle",
)  # fmt: skip
"""Headings of sections, glued, that some databases put before a title."""

CONTINUED = (
    "pilot", "protocol", "followup", "feasibility", "rationale", "studydesign", "designof", "interim", "preliminary",
    "secondaryanalys", "subgroup", "posthoc", "substudy", "ancillary", "extension", "costeffectiveness", "costutility",
    "economicevaluation", "processevaluation", "qualitative", "statisticalanalysis", "baseline", "longterm",
    "yearresults", "yearoutcomes", "monthresults", "response", "reply", "rejoinder", "comment", "update",
)  # fmt: skip
"""Words, glued, that make another report of a title which goes on with them."""

YEARLY = (
    r"\b(?:annual|yearly|biennial|triennial|quarterly|monthly|weekly) (?:\w+ ){0,3}"
    r"(?:report|review|update|summary|survey|statistics|data|results|audit|bulletin|meeting|conference|congress)s?\b|"
    r"\breport (?:of|from|on) the (?:\w+ ){1,5}(?:registry|register|surveillance|monitoring|system|network)\b|"
    r"\b(?:registry|register|surveillance|activity|progress|status|data|statistical|interim)"
    r" (?:report|update|summary)\b|\byear in review\b|\bstatistics$|^statistics (?:of|on)\b|\bupdate$"
)
"""Titles of reports that appear anew each year, or more often."""

DOI_VERSION = r"[._/]?(?:pub|v)\d+$|(10\.12688/.*)\.\d+$"
"""How a DOI ends that names a version of what it stands for; those of F1000 end in a number."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of a congress, by which it numbers its abstracts."""

PAGE_LETTERS = rf"x{{0,2}}v?iii|x{{0,2}}vii|{'|'.join(DAYS)}|[a-z]{{0,2}}"
"""What stands before a page's number: a letter or two, the number of a supplement, a day."""

ADDRESS = r"(?i)^\s*(?:https?://|www\.)"
"""How the address of a page begins."""

SYLLABIC = r"\x{2E80}-\x{D7FF}"
"""Letters of Chinese, Japanese and Korean, each of which says as much as three others."""

_NOTES = (
    r"[\[(]\s*(?:see comments?|comments?:? (?:in|on)|(?:erratum|correction|corrected|retraction|retracted|republished|"
    r"update|published erratum|summary for patients|original|"
    r"partial retraction)\b[^\[\]]{0,40}\b(?:appears|in|from|of))\b.*$"
)
_TAGS = (
    r"(?i)\s*\((?:provisional abstract|structured abstract|review|abstract|brief record|cochrane review|meta-analysis|"
    r"authors? transl|english|french|german|spanish)\)\W*$|^\W*(?:retracted(?: article| paper)?)\W+"
)
GENERIC = (
    r"^(?:(?:guest )?editorials?( (?:introduction|note|board|comment.*))?|introduction|preface|foreword|afterword|"
    r"(?:from the )?editors? (?:comments?|notes?|introduction|corner|choice|desk|page|message)|from the editors?|"
    r"(?:an? )?introduction to (?:the|this) (?:special|theme).*|special (?:issue|section).*|book reviews?|"
    r"letters?(?: to the editors?)?|correspondence|news|in memoriam|obituary|commentary|comments?|reply|erratum|"
    r"corrigendum|corrections?|(?:table of )?contents|(?:author |subject )?index|"
    r"(?:meeting |congress |conference |selected )?abstracts?|"
    r"posters?(?: (?:session|presentation)s?)?|oral (?:session|presentation)s?|announcements?|calendar|in brief|"
    r"research highlights|reviewers?(?: acknowledge?ment)?|annual (?:report|meeting)|in this issue|"
    r"this (?:issue|month|week).*|"
    r"gateways to clinical trials|proceedings of .*|"
    r"(?:\w+ ){0,3}quiz(?: (?:of the )?(?:month|week|day|case|questions?|answers?|time|issue))?"
    r"(?: (?:what|whats|which|can|guess|test) .*)?|"
    r"(?:\w+ ){0,3}of the (?:month|week|day|quarter|fortnight)|"
    r"(?:\w+ ){0,2}what(?:s| is) (?:the|your) diagnosis(?: this time)?|"
    r"(?:spot (?:the )?diagnosis|diagnosis (?:please|at a glance)|(?:diagnostic|clinical) (?:dilemma|puzzle))|"
    r"clinical (?:challenges?|pictures?|images?|vignettes?|conundrums?|pearls?)(?: (?:and|in) (?:\w+ ?){1,4})?|"
    r"(?:images?|pictures?) (?:in|from) (?:clinical )?\w+|case records of the massachusetts general hospital|"
    r"journal club|(?:clinical |medical |surgical )?grand rounds|questions? and answers?|photo essay|"
    r"self assessment(?: questions?)?|clinicopathologic(?:al)? conference)$"
)
GENERIC_END = r"(?:\bconference proceedings|(?:^| )editors? comments?)$"
NUMBERS = r"\d{1,6}|ii|iii|iv|vi|vii|viii|ix|xi{1,3}|xi?v|xvi{1,3}|xi?x|first|second|third|fourth|fifth"
"""Numbers that tell titles apart, as words."""

PART_WORDS = "part|pt|volume|vol|chapter|section|paper|phase"
"""Words before the number of a part."""

_PARTS = rf"\b({PART_WORDS}) (\d{{1,3}}|[ivx]{{1,5}}|one|two|three|four|five|a|b|c)\b"
_NOBODY = (
    r"^\W*(?:anon(?:ymous)?|no authors?(?: listed)?|nct|unknown|authors? unknown|nil|none|n/?a|et\W*al|-?mass-?|"
    r"(?:jprn|euctr|isrctn|actrn|chictr|ctri|drks)[-\w]*)\W*(?:[,;]\W*)?$"
)
_BODIES = (
    r"\b(?:group|study|investigators|committee|consortium|collaborat\w+|society|network|trial|task force|"
    r"pharmaceuticals|department|ministry|organi[sz]ation|institute|inc|ltd|gmbh)\b"
)
# A number or letter that stands by itself at a title's end, or as a sentence of its own.
_ORDINAL = r"[\s:.,(\-]([ivx]{1,5}|[a-h]|\d{1,2})\W*$|[.:,;]\s*([ivx]{1,5}|\d{1,2}|[a-d])\s*[.:)]\s"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATES = (
    rf"^\W*(?:\d{{1,2}}\s*[-/ ]\s*{_MONTH}[a-z]*\b|"
    rf"{_MONTH}[a-z]*\W+\d{{1,4}}\W*$|\d{{4}}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}}/\d{{2,4}})"
)
_REGISTRY = (
    r"\b(NCT\d{8}|ISRCTN\d{8}|EUCTR[\d-]{14}|CHICTR[-\w]*\d+|ACTRN\d{14}|CTRI/[\d/]+|DRKS\d{8}|UMIN\d{9}|"
    r"JRCTS?\d{9,10}|IRCT\w{0,4}\d+N\d+|NTR\d{3,5}|KCT\d{7}|PACTR\d{15,16}|TCTR\d{11}|RBR-\w{6})\b"
)
_REGISTRY_BEGINS = r"NCT\d|ISRCTN|EUCTR|C[hH]i?I?CTR|ACTRN|CTRI/|DRKS|UMIN|[Jj]RCT|IRCT|NTR\d|KCT\d|PACTR|TCTR|RBR-"
_REGISTERED = (
    r"clinicaltrials\.gov|isrctn|trialregister|trialsearch|anzctr|chictr|drks\.de|ctri\.nic|umin\.ac|irct\.ir|jrct|"
    r"clinicaltrialsregister|\btrials? (?:registry|register)|registry record|trial registration"
)
_PREPRINT = (
    r"\b(?:med|bio|chem|psy|soc|ed|eco|tech|eng)?(?:a)?rxiv\b|\bpsyarxiv\b|\bsocarxiv\b|\bresearch square\b|\bssrn\b|"
    r"\bpreprints?\b|\bauthorea\b"
)
_PREPRINT_DOI = (
    r"10\.(?:1101/(?:\d{4}\.\d\d\.\d\d|\d{6}$)|21203/rs\.|2139/ssrn|48550/arxiv|31234/osf|31219/osf|31235/osf|"
    r"35542/osf|20944/preprints|26434/chemrxiv|22541/au|36227/techrxiv)"
)
_CONGRESS = (
    r"(?:meeting|conference|congress|poster) ?abstracts?|abstracts? (?:of|from) the|\.\s?conference:|^conference:|"
    r" conference: |^\d+(?:st|nd|rd|th) (?:[a-z]+ )?congress\b|\bannual (?:scientific )?meeting\b"
)

_THESIS = (
    r"\bdissertations?\b.*\babstracts?\b|\bdissertations? (?:and|&) thes[ei]s\b|\bmasters abstracts international\b|"
    r"[\[(](?:[\w.']{1,12} ){0,3}(?:thesis|dissertation)[\])]\W*$"
)
_DEGREE = (
    r"(?i)(?:^|\|)\W*(?:[\w.']{1,12} ){0,3}(?:thes[ei]s|thes|dissertations?)(?: abstract)?s?\b|\bdissertations?\b|"
    r"(?:^|\|)(?:ph|ed|psy|m|d|dr)\. ?(?:a|d|s|sc|ed|phil|res|n\.p)\.\W*(?:$|\|)"
)

_MARKED = "|".join(f"(?:{pattern})" for _, pattern in MARKS)
TITLE_SIGNS = rf"[\[(]|retracted|{_MARKED}|{_ORDINAL}|(?i:{_REGISTRY_BEGINS})"
"""What stands in every title of which more is to be said than that it is a title."""

KIND_SIGNS = (
    r"abstract|meeting|conference|congress|poster|regist|trialsearch|clinicaltrials|isrctn|anzctr|chictr|drks\.de|"
    r"ctri\.nic|umin\.ac|irct\.ir|jrct|rxiv|square|ssrn|preprint|authorea|cochrane|errat|republished|retraction|concern|"
    r"\bthes|dissertation|masters abstracts|^(?:ph|ed|psy|m|d|dr)\. ?[adsprn]|"
    rf"(?i:{_REGISTRY_BEGINS})"
)
"""What stands in a journal, volume, issue or type by which a record's kind or registration may be known: of each
pattern a word that it cannot do without, as what is found may begin in one field and end in the next."""

KIND_DOI_SIGNS = (
    r"10\.(?:1101/|21203/|2139/|48550/|31234/|31219/|31235/|35542/|20944/|26434/|22541/|36227/|1002/14651858)"
)
"""What stands in a DOI by which a record's kind is known."""


def patterns() -> dict[str, dict[str, object]]:
    """Parameters of the normalising's queries, by the query that binds them."""
    return {
        "titles": {
            **{f"mark_{name}": pattern for name, pattern in MARKS},
            "marked": _MARKED,
            "notes": _NOTES,
            "registry": _REGISTRY,
            "ordinal": _ORDINAL,
            "registered": _REGISTERED,
            "registry_begins": _REGISTRY_BEGINS,
            "preprint": _PREPRINT,
            "preprint_doi": _PREPRINT_DOI,
            "congress": _CONGRESS,
            "thesis": _THESIS,
            "degree": _DEGREE,
            "tags": _TAGS,
            "mark_head": (
                rf"^\W*(?:{_ERRATUM}|{_RETRACTION}|(?:editorial )?expression of concern|{_REPLY}|{_COMMENT}|"
                r"response to|"
                r"withdrawn)(?: (?:to|for|on|of|in))?\b[\s:.\-]*"
            ),
            "mark_tail": rf"(?:[:.\-(\[]\s*)?\b(?:{_ERRATUM}|{_RETRACTION}|{_REPLY}|editorial comment|{_COMMENT})"
            r"(?: to\b.{0,60})?\W*$",
            "mark_where": r"\(vol\.?\s*\d+[^()]*\)?",
            "type_erratum": r"(?i)published erratum|^erratum$|\|erratum|corrected and republished",
            "type_retraction": r"(?i)retraction of publication|retraction notice",
            "type_concern": r"(?i)expression of concern",
        },
        "parts": {
            "generic": GENERIC,
            "generic_end": GENERIC_END,
            "parts": _PARTS,
        },
        "authors": {"nobody": _NOBODY, "bodies": _BODIES},
        "places": {"dates": _DATES},
    }
