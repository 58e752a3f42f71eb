"""The last answer once more: shorter, or with its sources in full."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.presentation import sources_text
from assistant.vocabulary import Answer

_CITED = re.compile(r"\[(\d+)\]\s*$")
_LINES = 3


def shortened(answer: Answer, lead: str) -> Answer:
    """The first few cited lines of ``answer``; their citations keep their numbers."""
    lines = answer.text.splitlines()
    cited = [line for line in lines if _CITED.search(line)]
    facts = [line for line in cited if line.startswith("- ")] or cited
    if not facts:
        return answer
    kept = facts[:_LINES]
    numbers = {int(match[1]) for line in kept if (match := _CITED.search(line))}
    closing = lines[-2:]  # the day and the AI notice
    return replace(
        answer,
        text="\n".join([lead, *kept, *(line for line in closing if line not in kept)]),
        citations=tuple(c for c in answer.citations if c.number in numbers),
        notices=(),
    )


def with_sources(answer: Answer, lead: str) -> Answer:
    """The sources of ``answer``, with the words that were quoted."""
    return replace(
        answer, text=f"{lead}\n{sources_text(answer.citations, quotes=True)}", notices=()
    )
