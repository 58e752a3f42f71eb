"""The gate: what was found is an answer, or the documents do not say it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.uploads.find_units import ARTICLE, OUTLINE
from assistant.uploads.search import said_in
from assistant.uploads.vocabulary import Held
from assistant.uploads.words import gate, say
from assistant.vocabulary import Draft, Ending, Status
from knowledge_base.documents import Hit
from knowledge_base.query_terms import TermWeights, analyse
from knowledge_base.stop_words import STOP_WORDS
from knowledge_base.vietnamese import fold

_NEAR = 2  # places that are named where nothing is sure
_MOST = 4  # missing words that are told
_STEP = 80  # characters of a heading that is named
_LEADERS = re.compile(r"\.{4,}.*")  # of a table of contents


@dataclass(frozen=True, slots=True)
class DecideFound:
    """Ends with `no_source`, with the nearest places named, where the words are not there."""

    documents: tuple[Held, ...]

    def __call__(self, draft: Draft) -> Draft | Ending:
        if not self.documents:
            return Ending(draft, Status.NO_SOURCE, say("nothing_chosen"))
        if draft.kind == ARTICLE and not draft.hits:
            article, clause, point = draft.verdicts["asked"]
            inner = (f"điểm {point}" * bool(point), f"khoản {clause}" * bool(clause))
            name = " ".join(part for part in (*inner, f"Điều {article}") if part)
            return Ending(draft, Status.NO_SOURCE, say("no_article", article=name))
        if draft.kind in (ARTICLE, OUTLINE):
            return draft
        missing, first_is_missing = self._missing(draft.standalone)
        found = _evidence(draft.hits, first_is_missing)
        if found >= gate()["near"]:
            told = say("not_there", words=_listed(missing)) if missing else ""
            if found >= gate()["sure"] and not first_is_missing:
                return replace(draft, notices=(*draft.notices, told) if told else draft.notices)
            # What the question turns on is not said in its words: what follows is only near it.
            lead = f"{told or say('not_so')} {say('near')}"
            return replace(draft, lead=lead, missing=("words",))
        parts = [say("not_found")]
        if missing:
            parts.append(say("not_there", words=_listed(missing)))
        if draft.hits:
            places = "; ".join(_place(hit) for hit in draft.hits[:_NEAR])
            parts.append(say("nearest", places=places))
        return Ending(draft, Status.NO_SOURCE, " ".join(parts))

    def _missing(self, text: str) -> tuple[list[str], bool]:
        """Words of the question that are nowhere in the documents; whether its longest is."""
        terms = analyse(text, None)
        there = [said_in(held) for held in self.documents]
        words: list[str] = []
        for n in range(terms.own):
            joined = n and terms.joints[n - 1] >= TermWeights().word
            if joined:
                words[-1] += f" {terms.accented[n]}"
            else:
                words.append(terms.accented[n])
        telling = [w for w in dict.fromkeys(words) if any(t not in STOP_WORDS for t in w.split())]
        gone = [w for w in telling if not any(f" {fold(w)} " in said for said in there)]
        longest = max(telling, key=lambda w: (len(w.split()), len(w)), default="")
        return [w for w in gone if len(w) > 2], longest in gone


def _evidence(hits: Sequence[Hit], first_is_missing: bool) -> float:
    """How sure it is that the best hits say what was asked, on the scale of the gate."""
    weights = gate()["weights"]
    best = hits[:3]
    covered = max((hit.parts["covered"] for hit in best), default=0.0)
    alike = max((hit.parts["alike"] for hit in hits), default=0.0)
    if not alike:  # no vectors: the words alone decide
        said = covered >= gate()["words_alone"] and not first_is_missing
        return float(gate()["sure" if said else "none"])
    apart = hits[0].parts["apart"]
    parts = {"covered": covered, "alike": alike, "apart": apart}
    return float(sum(weights[name] * value for name, value in parts.items()))


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words[:_MOST]) + ("…" if len(words) > _MOST else "")


def _place(hit: Hit) -> str:
    where = " › ".join(_LEADERS.sub("", step)[:_STEP] for step in hit.passage.path[-2:])
    return f"{where} ({hit.passage.title})" if where else hit.passage.title
