"""Terms that a text defines: "3. Nơi cư trú là …" is what "định nghĩa nơi cư trú" wants."""

from __future__ import annotations

import re

# A numbered or lettered line that says what something is; terms are short.
_DEFINES = re.compile(
    r"^\s*(?:\d{1,3}[.)]|[a-zđ][.)]|-)?\s*[\"“]?([^\W\d][^\n.;:]{1,90}?)[\"”]?\s+"
    r"(?:là|được hiểu là|bao gồm|gồm)\s",
    re.MULTILINE,
)
_MOST_WORDS = 12
# Sentences, not terms: a subject that does something before "là".
_SENTENCE = re.compile(r"\b(?:phải|được|không|có|thì|khi|nếu|trường hợp|này|theo)\b", re.IGNORECASE)


def defined_terms(text: str) -> tuple[str, ...]:
    """Terms that lines of ``text`` define, in order.

    >>> defined_terms("1. Nơi cư trú là nơi người đó thường xuyên sinh sống.")
    ('Nơi cư trú',)
    """
    found: dict[str, None] = {}
    for match in _DEFINES.finditer(text):
        term = " ".join(match[1].split())
        if len(term.split()) <= _MOST_WORDS and not _SENTENCE.search(term):
            found[term] = None
    return tuple(found)
