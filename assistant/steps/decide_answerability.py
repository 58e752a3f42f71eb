"""The gate: answer, offer a choice, or say honestly that there is no source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import patterns
from assistant.amounts import durations
from assistant.asked import TOLD_BY, VALIDITY
from assistant.choices import in_english
from assistant.exact_name import told_apart
from assistant.numbered import passages_numbered, told_by_others
from assistant.old_places import REFORM, asks_of_unknown_unit, asks_where_it_is_now, place_lines
from assistant.procedures import Procedures
from assistant.replies import Replies
from assistant.steps.understand_question import function_syllables
from assistant.tables import table
from assistant.vocabulary import Candidate, Draft, Ending, Status
from knowledge_base.card_text import card_lines
from knowledge_base.documents import DocumentKind, Hit, Validity, validity_on
from knowledge_base.law.standing import article_of
from knowledge_base.query import Filter, Query
from knowledge_base.search import KnowledgeBase
from knowledge_base.vietnamese import fold

#: What is answered when a question asks for nothing in particular.
OVERVIEW = ("fees", "times", "where", "dossier")

#: What is answered to "phải làm gì?": the steps alone would leave out what to bring, and where.
WHAT_TO_DO = ("where", "dossier", "steps")

#: Reasons that leave no doubt which procedure is meant.
_CERTAIN = ("code", "follow-up", "name")
#: Where there is no embedder, nearness in meaning is not asked for.
_NOT_EMBEDDED = 9.0
#: What names of procedures have that concern people of other states, or going there (folded).
_ACROSS = ("nuoc ngoai", "quoc te", "xuat nhap canh", "apec")
#: Slots of procedures that laws speak of, too.
_SAID_BY_LAWS = frozenset({"times", "conditions", "authority", "who"})
_OURS = "quoc tich viet nam"
_AT_HOME = "o trong nuoc"


@dataclass(frozen=True, slots=True)
class DecideAnswerability:
    """Thresholds come from tables/gate.yml, where their measurement is written down."""

    procedures: Procedures
    knowledge: KnowledgeBase
    replies: Replies

    def __call__(self, draft: Draft) -> Draft | Ending:
        if draft.kind == "matter":  # answered already, by ComposeMatter
            return draft
        gate = _gate_for(draft)
        best = draft.candidates[0] if draft.candidates else None
        certain = best is not None and best.reason in _CERTAIN
        if certain and len(draft.candidates) > 1:  # several of the same name
            return self._clarify(draft, gate)
        unknown_number = draft.understood.document_numbers and not self._resolved(draft)
        if unknown_number and not certain:
            return self._by_number(draft, gate)
        likely = best is not None and not self._abroad(draft, best)
        by_card = draft.kind == "procedure" or certain
        about_nothing = draft.kind == "procedure" and not draft.understood.content
        if about_nothing and not certain and not self._resolved(draft):
            return self._ask_which(draft, gate)
        if best and not certain and self._is_generic(draft):
            return self._clarify(draft, gate)
        if by_card and not certain and not draft.slots:
            told = self._told_by_law(draft, gate)
            weak = best is None or best.score < gate["accept"]
            if told and (weak or not hard_slots(draft) or _outdoes(told[0], draft, gate)):
                return self._document(draft, told)
        if best and not certain and self._is_silent(draft, best):
            said_by_law = self._in_named(draft, gate) or self._documents(draft, gate)
            if said_by_law:
                return self._document(draft, said_by_law)
        if best and likely and by_card and self._is_meant(draft, best, gate):
            return self._procedure(draft, best, gate)
        documents = self._in_named(draft, gate) or self._documents(draft, gate)
        if documents:
            return self._document(draft, documents)
        if best and likely and best.score >= gate["accept"]:
            return self._procedure(draft, best, gate)
        if best and likely and best.score >= gate["clarify"]:
            return self._clarify(draft, gate)
        of_one_kind = self._of_one_kind(draft, gate)
        if len(of_one_kind) > 1:
            return self._clarify(replace(draft, candidates=of_one_kind), gate)
        return self._refuse(draft, gate)

    def _of_one_kind(self, draft: Draft, gate: dict[str, float]) -> tuple[Candidate, ...]:
        """Procedures whose names have all of the few words said ("xin trợ cấp"), if it is those."""
        said = draft.understood
        named = set(said.content)
        if draft.kind != "procedure" or not named or len(named) > gate["kind_syllables"]:
            return ()
        if said.english or said.foreign or said.document_numbers:
            return ()
        return tuple(c for c in draft.candidates if self._names(c.code, named))

    def _names(self, code: str, syllables: set[str]) -> bool:
        card = self.procedures.card(code)
        return card is not None and all(map(self.procedures.words_of(card).names_it, syllables))

    def _is_meant(self, draft: Draft, best: Candidate, gate: dict[str, float]) -> bool:
        """Likely enough; or less likely, but without a rival and asked for one of its slots."""
        if best.score >= gate["accept"]:
            return True
        second = draft.candidates[1].score if len(draft.candidates) > 1 else 0.0
        alone = best.score - second >= gate["alone_by"]
        least = gate["accept_alone"]
        story = len(draft.understood.clauses) > 1
        if story and second <= best.score * gate["story_alone"]:
            least = gate["accept_story"]  # what a story tells besides makes everything less likely
        return alone and best.score >= least and bool(draft.understood.slots)

    def _ask_which(self, draft: Draft, gate: dict[str, float]) -> Ending:
        """A question without a subject ("mấy ngày có?"); without even a slot it is refused."""
        if not draft.understood.slots:
            return self._refuse(replace(draft, candidates=()), gate)
        return Ending(draft, Status.CLARIFY, self._replies(draft).notice("which"))

    def _refuse(self, draft: Draft, gate: dict[str, float]) -> Ending:
        """No source, said honestly; the nearest procedures are offered beside it."""
        if (
            asks_where_it_is_now(draft.understood) and draft.as_of >= REFORM
        ):  # the text on the province is not here
            told = [*place_lines(draft, self.replies), self.replies.notice("old_unit_source")]
            return Ending(draft, Status.NO_SOURCE, " ".join((*told, self.replies.human)))
        if asks_of_unknown_unit(draft.understood):
            return Ending(draft, Status.CLARIFY, self.replies.notice("which_unit"))
        near = [c for c in draft.candidates if c.score >= gate["suggest"]][:3]
        known = draft.understood.in_domain or near
        status = Status.NO_SOURCE if known else Status.OUT_OF_SCOPE
        text = self._replies(draft).status(status)
        names = tuple(self._short_name(candidate.code) for candidate in near)
        return Ending(replace(draft, suggestions=names), status, text)

    # --- procedures -------------------------------------------------------------------------

    def _abroad(self, draft: Draft, best: Candidate) -> bool:
        """Whether the question is about another state and the card is not."""
        card = self.procedures.card(best.code)
        if card is None:
            return True
        if best.reason == "name":
            return False
        # A state of one syllable is not looked for: "Pháp" is in "lý lịch tư pháp", too.
        states = [fold(state) for state in draft.understood.foreign if " " in state]
        if any(state in fold(card.name) for state in states):
            return False  # "giấy thông hành sang Trung Quốc"
        text = fold(f"{card.name} {' '.join(card.other_names)}")
        if draft.understood.abroad and best.reason not in _CERTAIN:
            return True
        if _OURS in text and _OURS in fold(" ".join(draft.understood.syllables)):
            return False  # "đã thôi quốc tịch Việt Nam để nhập quốc tịch Đức"
        spoken = draft.understood.syllables
        if _AT_HOME in fold(card.name) and patterns.told("lives_abroad", spoken):
            return True  # who lives there goes to a mission, of which the card says nothing
        if patterns.told("sent_abroad", spoken):
            return False  # "hộ chiếu để đi Nhật", "đang ở Mỹ, xin lý lịch tư pháp"
        return bool(draft.understood.foreign) and not any(word in text for word in _ACROSS)

    def _procedure(self, draft: Draft, best: Candidate, gate: dict[str, float]) -> Draft | Ending:
        card = self.procedures.card(best.code)
        assert card is not None  # noqa: S101 - _abroad has looked it up
        if validity_on(card.valid_from, card.valid_to, draft.as_of) is Validity.NOT_IN_FORCE:
            text = self._replies(draft).status(
                Status.SOURCE_EXPIRED, as_of=draft.as_of.strftime("%d/%m/%Y")
            )
            return Ending(replace(draft, card=card), Status.SOURCE_EXPIRED, text)
        rivals = [c for c in draft.candidates[1:] if c.score >= best.score - gate["rival"]]
        if len(rivals) >= 2 and self._says_little(draft):
            return self._clarify(draft, gate)
        slots = draft.slots or draft.understood.slots or OVERVIEW
        if slots == ("steps",):
            slots = WHAT_TO_DO
        suggestions = tuple(
            self._short_name(c.code) for c in draft.candidates[1:3] if c.score >= gate["suggest"]
        )
        return replace(draft, kind="procedure", card=card, slots=slots, suggestions=suggestions)

    def _is_generic(self, draft: Draft) -> bool:
        """Whether nothing but words of any procedure was said ("cấp lại giấy tờ bị mất")."""
        generic = {str(word) for word in table("words")["generic"]}
        said = [word for word in draft.understood.subject if word not in function_syllables()]
        return bool(said) and not draft.understood.english and generic.issuperset(said)

    def _says_little(self, draft: Draft) -> bool:
        """Whether every telling word is shared by many procedures ("đăng ký", "cấp lại")."""
        weights = [self.procedures.weight(word) for word in draft.understood.content]
        return sum(weights) < float(table("gate")["says_little"])

    def _clarify(self, draft: Draft, gate: dict[str, float]) -> Ending:
        best = draft.candidates[0].score
        choices = [c for c in draft.candidates if c.score >= best - 2 * gate["rival"]][:5]
        cards = [card for choice in choices if (card := self.procedures.card(choice.code))]
        names = tuple(told_apart(cards))
        if draft.understood.english:
            names = tuple(map(in_english, names, cards))
        lines = [self._replies(draft).status(Status.CLARIFY)]
        if draft.understood.names_district:
            lines = [*place_lines(draft, self.replies, provinces=False), *lines]
        lines += [f"{n}. {name}" for n, name in enumerate(names, 1)]
        return Ending(replace(draft, suggestions=names), Status.CLARIFY, "\n".join(lines))

    def _replies(self, draft: Draft) -> Replies:
        return self.replies.speaking(draft.understood.english)

    def _short_name(self, code: str) -> str:
        card = self.procedures.card(code)
        return card.short_name if card else code

    def _in_named(self, draft: Draft, gate: dict[str, float]) -> tuple[Hit, ...]:
        """Passages of the document the question names, the best of it first."""
        resolved = self._resolved(draft)
        if draft.understood.document_numbers or resolved:
            return tuple(hit for hit in resolved if hit.passage.slot != "sources")
        if draft.understood.abroad:  # our laws do not say what another state asks for
            return ()
        named = [
            c
            for c in draft.named
            if c.score >= (gate["named"] if draft.kind != "procedure" else gate["named_surely"])
        ]
        if not named:
            return ()
        best = [c.code for c in named if c.score >= named[0].score - 0.01]
        hits = self.knowledge.search(
            Query(draft.standalone),
            scope=draft.question.scope,
            as_of=draft.as_of,
            within=Filter(document_ids=frozenset(best)),
            limit=6,
            gate=False,
        )
        first = draft.hits[0] if draft.hits else None
        surely = named[0].reason == "place" or (  # its name was said, and it is found first, too
            named[0].score >= gate["named_surely"]
            and first is not None
            and first.passage.document_id in best
            and first.score >= gate["document"]
        )
        return tuple(
            hit
            for hit in hits
            if hit.passage.slot != "sources"
            and (surely or hit.parts.get("coverage", 0.0) >= gate["named_covered"])
        )

    def _resolved(self, draft: Draft) -> list[Hit]:
        """Hits of documents and articles that the question names by number."""
        return [hit for hit in draft.hits if _is_resolved(hit)]

    def _told_by_law(self, draft: Draft, gate: dict[str, float]) -> tuple[Hit, ...]:
        """Passages of laws and guidance, where one of them is the best hit of all.

        "Sổ đỏ mẫu cũ có bắt buộc đổi không?" names a procedure and asks for none
        of its slots; the law has the sentence.
        """
        if draft.card is not None or not draft.hits:
            return ()
        kinds = (DocumentKind.LAW, DocumentKind.GUIDANCE)
        if draft.hits[0].passage.kind not in kinds:
            return ()
        found = self._documents(draft, gate)
        return found if found and found[0] is draft.hits[0] else ()

    def _is_silent(self, draft: Draft, best: Candidate) -> bool:
        """Whether it is asked how long something is valid, and the card names no period."""
        card = self.procedures.card(best.code)
        if card is None or draft.card is not None or draft.understood.slots != (VALIDITY,):
            return False
        told = [line.text for line in card_lines(card) if line.slot in TOLD_BY[VALIDITY]]
        return not any(map(durations, told))

    def _documents(self, draft: Draft, gate: dict[str, float]) -> tuple[Hit, ...]:
        """Hits of documents that carry the question's subject; procedures have cards instead."""
        kinds = (DocumentKind.LAW, DocumentKind.GUIDANCE, DocumentKind.PLACE, DocumentKind.OTHER)
        asked_by_number = bool(draft.understood.document_numbers)
        if draft.understood.abroad and not asked_by_number:
            return ()
        return tuple(
            hit
            for hit in draft.hits
            if hit.passage.kind in kinds
            and hit.passage.slot != "sources"
            and (
                (asked_by_number and _is_resolved(hit))
                or (
                    hit.score >= gate["document"]
                    and hit.parts.get("coverage", 0.0) >= gate["document_covered"]
                    and hit.parts.get("dense", _NOT_EMBEDDED) >= gate["document_dense"]
                )
                or _is_named_and_near(hit, draft, gate)
            )
        )

    def _by_number(self, draft: Draft, gate: dict[str, float]) -> Draft | Ending:
        """A document that the search did not find; where it is not here, nothing else answers.

        Whether it is in force, the text that ended it may say.
        """
        stored = passages_numbered(draft, self.knowledge)
        if stored:
            return self._document(draft, stored)
        told = told_by_others(draft, self.knowledge, self.replies)
        return told or self._refuse(draft, gate)

    def _document(self, draft: Draft, hits: Sequence[Hit]) -> Draft | Ending:
        # Who asks for an article gets that one: its neighbours do not answer for it.
        asked = {fold(name) for name in draft.understood.articles}
        hits = [hit for hit in hits if _article(hit) in asked] or hits
        in_force = [
            hit
            for hit in hits
            if self.knowledge.standing(hit.passage, draft.as_of).validity
            is not Validity.NOT_IN_FORCE
        ]
        asked_by_number = draft.understood.document_numbers or any(map(_is_resolved, hits))
        if not in_force and not asked_by_number:
            text = self._replies(draft).status(
                Status.SOURCE_EXPIRED, as_of=draft.as_of.strftime("%d/%m/%Y")
            )
            return Ending(draft, Status.SOURCE_EXPIRED, text)
        missing = _missing_article(draft.understood.articles, hits)
        if missing:
            title = hits[0].passage.title
            text = self.replies.notice("no_article", title=title, article=missing.capitalize())
            return Ending(draft, Status.NO_SOURCE, f"{text} {self.replies.human}")
        return replace(draft, kind="document", hits=tuple(in_force or hits))


def _is_resolved(hit: Hit) -> bool:
    """Whether the search went to this passage because the question names its number."""
    return hit.parts.get("resolved", 0.0) > 0


def _is_named_and_near(hit: Hit, draft: Draft, gate: dict[str, float]) -> bool:
    """The best hit of all, of a document whose name is said, very near in meaning.

    People say "lãi", "đi lính" where the law has other words: these need not be in it.
    """
    near = hit.parts.get("dense", 0.0)
    told = bool(draft.understood.slots) and not hard_slots(draft)  # what laws say, not cards
    return (
        hit is draft.hits[0]
        and hit.parts.get("coverage", 0.0) >= gate["near_covered_told" if told else "near_covered"]
        and near >= gate["near_dense"]
        and (_name_said(hit, draft) >= gate["named"] or near >= gate["near_unnamed"])
    )


def _name_said(hit: Hit, draft: Draft) -> float:
    """How well the question names the document of a hit."""
    return next((c.score for c in draft.named if c.code == hit.passage.document_id), 0.0)


def hard_slots(draft: Draft) -> frozenset[str]:
    """Slots asked for that only a procedure has: what may be done, and until when, laws say."""
    return frozenset(draft.understood.slots) - frozenset(TOLD_BY)


def _outdoes(told: Hit, draft: Draft, gate: dict[str, float]) -> bool:
    """Whether a law says it so surely, and by its name, that the likeliest procedure gives way.

    "17 tuổi đăng ký nghĩa vụ quân sự lần đầu ở đâu?": what comes nearest among
    the procedures is another registration.
    """
    likely = draft.candidates[0].score if draft.candidates else 0.0
    surely = told.score >= gate["law"] and told.parts.get("coverage", 0.0) >= gate["law_covered"]
    name = _name_said(told, draft)
    if surely and told.score - likely >= gate["law_by"] and name >= gate["named"]:
        return True
    if not surely or name < gate["named_well"] or not hard_slots(draft) <= _SAID_BY_LAWS:
        return False
    cards = [hit for hit in draft.hits if hit.passage.kind is DocumentKind.PROCEDURE]
    nearest = max((hit.parts.get("dense", 0.0) for hit in cards), default=0.0)
    return told.parts.get("dense", 0.0) - nearest >= gate["law_nearer"]


def _gate_for(draft: Draft) -> dict[str, float]:
    """The thresholds; an English question shares few words with Vietnamese cards."""
    gate: dict[str, float] = table("gate")
    return {**gate, "accept": gate["accept_english"]} if draft.understood.english else gate


def _article(hit: Hit) -> str:
    """The article a passage is of, folded ("dieu 12a")."""
    return f"dieu {fold(article_of(hit.passage))}"


def _missing_article(asked: Sequence[str], hits: Sequence[Hit]) -> str:
    """The article a question names that no passage found is of; empty if there is none such."""
    there = {_article(hit) for hit in hits}
    articles = [name for name in asked if fold(name).startswith("dieu ")]
    return next((name for name in articles if fold(name) not in there), "")
