"""A named article, clause or point as it reads on the day; or what a law says of a matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from assistant.law import lines
from assistant.law.question import Intent, LawQuestion, asked
from assistant.law.quoting import at, grouped, listed, named, quote_of
from assistant.replies import Replies
from assistant.vocabulary import Draft, Ending, Line, Status
from knowledge_base.documents import Hit, Validity
from knowledge_base.law.gaps import told_gaps
from knowledge_base.law.library import Library, no_article, no_clause
from knowledge_base.law.pieces import pieces_of, source_of, words_of
from knowledge_base.law.references import Place
from knowledge_base.law.standing import article_of
from knowledge_base.law.text_on import ArticleText, article_on
from knowledge_base.law.told import FORMS
from knowledge_base.law.validity import TextState
from knowledge_base.law.view import Law
from knowledge_base.query import Filter, Query
from knowledge_base.search import KnowledgeBase

_SURELY = 0.5  # score of a passage that has other words for what is asked about
_MOST = 3  # places in one answer
_SUMMARIES = ("summary", "published_summary")
_CHANGED = re.compile(r"sửa đổi|bổ sung|bãi bỏ|thay thế|đính chính")
_TEXTS = {
    TextState.OLDER: "Đoạn trích là bản trước khi được sửa đổi: hãy xem văn bản sửa đổi.",
    TextState.MAYBE_OLDER: "Văn bản này đã được {by} sửa đổi; chưa rõ có sửa điều này không.",
    TextState.NEWER: "Đoạn trích đã gồm sửa đổi có hiệu lực sau ngày đang xét.",
}


@dataclass(frozen=True, slots=True)
class QuoteProvision:
    """Whole clauses, their path, whether they hold, and what amended them."""

    knowledge: KnowledgeBase
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        found = asked(draft)
        if found is None or draft.lines or found.intent is not Intent.PROVISION:
            return draft
        library = self.knowledge.library(draft.question.scope)
        if library is None:
            return draft
        if found.places:
            return self._places(draft, found, library)
        return self._matter(draft, found, library)

    # --- named places -------------------------------------------------------------------------

    def _places(self, draft: Draft, found: LawQuestion, library: Library) -> Draft | Ending:
        made: list[Told] = []
        for place, owner in list(zip(found.places, found.by_place, strict=True))[:_MOST]:
            law = library.law(found.documents[owner].keys[0])
            if law is None:
                return draft
            told = told_of(library, law, place, draft.as_of, asked_who=found.asks_standing)
            if isinstance(told, str):
                return self._missing(draft, law, place, told)
            made.append(told)
        return self._answer(draft, made)

    def _missing(self, draft: Draft, law: Law, place: Place, said: str) -> Ending:
        """An article or a clause that the law does not have here; what is near can be asked."""
        gaps = " ".join(told_gaps(law))
        article = law.article(place.article)
        asks = (f"Điều {article.label} {law.number}",) if article is not None else ()
        ending = replace(draft, suggestions=asks)
        text = " ".join(part for part in (said, gaps, self.replies.human) if part)
        return Ending(ending, Status.NO_SOURCE, text)

    # --- a matter -----------------------------------------------------------------------------

    def _matter(self, draft: Draft, found: LawQuestion, library: Library) -> Draft:
        """The clauses of the named documents that say most of what is asked about."""
        if not found.topic:
            return draft
        laws = [law for d in found.documents if (law := library.law(d.keys[0])) is not None]
        made: list[Told] = []
        for law in laws[:2]:
            hits = self._hits(draft, found, library, law)
            labels = _labels(hits, found, law)
            for label in labels:
                told = told_of(library, law, Place(label), draft.as_of, found.topic)
                if not isinstance(told, str):
                    made.append(told)
            whole = None if labels else _passage(library, law, hits, draft.as_of, found.topic)
            if whole is not None:
                made.append(whole)
            if made and found.asks_standing:
                made.append(_standing(library, law, draft.as_of))
        return self._answer(draft, made[: _MOST + 1]) if made else draft

    def _hits(
        self, draft: Draft, found: LawQuestion, library: Library, law: Law
    ) -> tuple[Hit, ...]:
        """What the search finds for the matter in the texts of one law."""
        ids = frozenset(library.shelves.numbered(law.key))
        return self.knowledge.search(
            Query(" ".join(found.topic)),
            scope=draft.question.scope,
            as_of=draft.as_of,
            within=Filter(document_ids=ids, include_not_in_force=True),
            limit=12,
            gate=False,
        )

    # --- the answer ---------------------------------------------------------------------------

    def _answer(self, draft: Draft, made: Sequence[Told]) -> Draft:
        found = [line for told in made for line in lines_of(told, alone=len(made) == 1)]
        if not found:
            return draft
        notices = tuple(dict.fromkeys(notice for told in made for notice in told.notices))
        asks = tuple(dict.fromkeys(ask for told in made for ask in told.asks))
        return replace(
            draft,
            kind="law",
            lead="\n".join(dict.fromkeys(told.lead for told in made if told.lead)),
            lines=tuple(found),
            notices=(*draft.notices, *notices),
            suggestions=asks[:4],
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one place."""

    lead: str
    lines: tuple[Line, ...]
    notices: tuple[str, ...]
    asks: tuple[str, ...]
    place: str = ""


def lines_of(told: Told, *, alone: bool) -> tuple[Line, ...]:
    """The lines of one place; beside others the first says which place it is of."""
    if alone or not told.place or not told.lines:
        return told.lines
    first = told.lines[0]
    return (replace(first, text=f"{told.place}:\n{first.text}"), *told.lines[1:])


def told_of(
    library: Library,
    law: Law,
    place: Place,
    on: date,
    topic: Sequence[str] = (),
    *,
    asked_who: bool = False,
) -> Told | str:
    """One place quoted; a sentence where the law does not have it."""
    text = _text(library, law, place, on)
    if text is None:
        return no_article(law, place.article)
    pieces = at(text.pieces, place.clause, place.point)
    if not pieces:
        return _no_part(law, text, place)
    quote = quote_of(pieces, topic)
    if quote is None:
        return no_article(law, place.article)
    left = set(quote.left_out)
    kept = [piece for group in grouped(pieces) if named(group) not in left for piece in group]
    verdict = law.verdict_of(text.article, on)
    parts = [
        line for run in lines.runs(kept) if (line := lines.quoted(library, law, text.article, run))
    ]
    told = list(lines.changes(library, law, text.article.label, on, place.clause))
    notices = [*_notices(law, text, quote.left_out, verdict.text)]
    if asked_who and not told:
        notices.append(f"Chưa thấy văn bản nào trong kho sửa đổi Điều {text.article.label}.")
    notices += [f"{sentence}; kho chưa có văn bản đó." for sentence, line in told if line is None]
    shown = [line for _, line in told if line is not None]
    head = " › ".join(lines.path_of(text.article, pieces))
    lead = f"{lines.named(law)}, {head}. {lines.standing(verdict, on, law.effective_to)}"
    asks = (
        [f"So sánh Điều {text.article.label} {law.number} trước và sau khi sửa đổi"] if told else []
    )
    if verdict.validity is Validity.NOT_IN_FORCE:
        lead = f"{lead} Đoạn trích dưới đây chỉ để tra cứu."
    return Told(lead, (*parts, *shown), tuple(notices), tuple(asks), f"{place} {law.number}")


def _text(library: Library, law: Law, place: Place, on: date) -> ArticleText | None:
    """The article as it read on the day; a summary where nothing else is stored."""
    label = next(
        (a.label for a in law.articles if a.label.lower() == place.article.lower()), place.article
    )
    found = article_on(library.shelves, law, label, on)
    if found is not None:
        return found
    article = law.article(label)
    document = library.document(article.document_id) if article else None
    if article is None or document is None:
        return None
    pieces = pieces_of(document.text, article.start, article.end, source_of(document, label))
    return ArticleText(article, pieces)


def _no_part(law: Law, text: ArticleText, place: Place) -> str:
    clauses = [c for c in dict.fromkeys(piece.clause for piece in text.pieces) if c]
    if place.clause and place.clause not in clauses:
        return no_clause(law, text.article, place.clause, clauses)
    points = [p.point for p in at(text.pieces, place.clause, "") if p.point]
    there = f"có điểm {', '.join(points)}" if points else "không chia thành điểm"
    where = Place(place.article, place.clause)
    return f"{str(where).capitalize()} của {law.number} {there}; không có điểm {place.point}."


def _notices(
    law: Law, text: ArticleText, left_out: Sequence[str], state: TextState
) -> Iterator[str]:
    if left_out:
        yield f"Chưa trích ở đây vì dài: {listed(left_out)} của Điều {text.article.label}."
    yield from text.remarks
    if text.made == "assembled":
        yield (
            f"Kho chưa có văn bản hợp nhất: phần đã sửa lấy nguyên văn từ {', '.join(text.by)}, "
            "phần còn lại từ văn bản gốc."
        )
    for amendment in text.swaps:
        for old, new in amendment.swaps:
            change = f"được thay bằng “{new}”" if new else "được bỏ"
            yield f"Cụm từ “{old}” {change} theo {amendment.said.source.number}."
    if state in _TEXTS and text.made == "stored" and not text.remarks:
        whole = [e.by for a, e in law.events if not a and e.kind in ("amended_by", "corrected_by")]
        yield _TEXTS[state].format(by=", ".join(dict.fromkeys(whole)))
    if text.article.form in _SUMMARIES:
        yield f"Đây là {FORMS[text.article.form]}."
    elif _CHANGED.search(text.article.note):
        yield f"Nguồn ghi: {' '.join(text.article.note.split()).strip('()')}."


def _labels(hits: Sequence[Hit], found: LawQuestion, law: Law) -> list[str]:
    """The articles that were found, at most two, where the second is nearly as good."""
    score: dict[str, float] = {}
    known = {article.label for article in law.articles}
    for hit in hits:
        label = article_of(hit.passage)
        if label in known:
            score[label] = max(score.get(label, 0.0), _weighed(hit.score, law, label, found))
    score = {label: s for label, s in score.items() if speaks_of(law, label, found.topic)}
    best = sorted(score, key=lambda label: -score[label])
    return [label for label in best[:2] if score[label] >= 0.9 * score[best[0]]]


def speaks_of(law: Law, label: str, topic: Sequence[str]) -> bool:
    """Whether an article is on what is asked about, and not on another matter beside it.

    Half of what is asked for stands in it, some of it word beside word ("lưu trú", not
    "lưu" and "trú"); where it has a name, the name shares a word, or its
    text has most ("Thẩm quyền" names no matter).
    """
    article = law.article(label)
    return article is not None and _is_on(topic, article.heading, article.text)


def _is_on(topic: Sequence[str], heading: str, text: str) -> bool:
    said = [*words_of(heading), "", *words_of(text)]
    there, pairs = set(said), set(pairwise(said))
    wanted = dict.fromkeys(topic)
    had = [word for word in wanted if word in there]
    beside = len(topic) < 2 or any(pair in pairs for pair in pairwise(topic))
    if 2 * len(had) < len(wanted) or not beside:
        return False
    return (
        not heading
        or 4 * len(had) >= 3 * len(wanted)
        or not wanted.keys().isdisjoint(words_of(heading))
    )


def _passage(
    library: Library, law: Law, hits: Sequence[Hit], on: date, topic: Sequence[str]
) -> Told | None:
    """What was found outside of articles, as in a summary: whole, and only if it is on that."""
    kept = (
        hit.passage
        for hit in hits
        if hit.passage.slot not in ("sources", "relations", "summary")
        and not article_of(hit.passage)
        and (hit.score >= _SURELY or _is_on(topic, "", hit.passage.text))
    )
    passage = next(kept, None)
    if passage is None:
        return None
    citation = lines.citation_of(
        library, passage.document_id, passage.start, passage.end, passage.path
    )
    if citation is None:
        return None
    line = Line("passage", " ".join(citation.quote.split()), citation)
    lead = f"{lines.named(law)}. {lines.standing(law.verdict(on), on, law.effective_to)}"
    return Told(lead, (line,), tuple(told_gaps(law)), ())


def _standing(library: Library, law: Law, on: date) -> Told:
    """Who changed the document, for a question that asks that, too."""
    told = list(lines.changes(library, law, "", on))
    absent = tuple(f"{sentence}; kho chưa có văn bản đó." for sentence, line in told if not line)
    if not told:
        absent = ("Chưa thấy văn bản nào trong kho sửa đổi, thay thế hay bãi bỏ văn bản này.",)
    return Told("", tuple(line for _, line in told if line is not None)[:5], absent[:5], ())


def _weighed(score: float, law: Law, label: str, found: LawQuestion) -> float:
    """The score of an article, higher where its name has what is asked about."""
    article = law.article(label)
    name = set(words_of(article.heading)) if article else set()
    wanted = set(found.topic)
    return score + 0.5 * len(wanted & name) / max(len(wanted), 1)
