"""Filters by what is known of documents, and a knowledge base seen through one."""

from __future__ import annotations

import inspect
from datetime import date

import pytest

from knowledge_base.document_facts import DocumentFacts, Facts
from knowledge_base.documents import DocumentKind
from knowledge_base.home import Home
from knowledge_base.narrowed import NarrowedKnowledge, both
from knowledge_base.query import EVERYTHING, Filter, Query
from knowledge_base.scope import citizen
from knowledge_base.search import KnowledgeBase
from knowledge_base.settings import KnowledgeSettings

DAY = date(2026, 8, 1)


@pytest.fixture(scope="module")
def whole(bundled_home: Home) -> KnowledgeBase:
    return KnowledgeBase(bundled_home, KnowledgeSettings())


def within(**parts: object) -> Filter:
    return Filter(**{k: v if k == "years" else frozenset(v) for k, v in parts.items()})  # type: ignore[arg-type,call-overload]


def found(knowledge: KnowledgeBase, text: str, where: Filter = EVERYTHING) -> set[str]:
    hits = knowledge.search(
        Query(text), scope=citizen(), as_of=DAY, within=where, limit=30, gate=False
    )
    return {hit.passage.document_id for hit in hits}


@pytest.mark.parametrize("field", ["Hộ tịch", "ho tich", "HỘ TỊCH", "hộ tịch"])
def test_fields_are_compared_without_case_and_marks(whole: KnowledgeBase, field: str) -> None:
    there = found(whole, "đăng ký khai sinh", within(fields=[field]))
    assert "procedure:1.001193" in there
    facts = whole.opened().facts()
    assert {name for key in there for name in facts.of_document(key).fields} == {"Hộ tịch"}  # type: ignore[union-attr]


def test_a_law_is_of_the_field_of_the_procedures_that_rest_on_it(whole: KnowledgeBase) -> None:
    facts = whole.opened().facts()
    assert facts.of_document("law:60/2014/QH13").fields == ("Hộ tịch",)  # type: ignore[union-attr]
    assert facts.of_document("law:91/2015/QH13").fields == ()  # type: ignore[union-attr]  # a code
    assert "law:60/2014/QH13" in found(whole, "Luật Hộ tịch", within(fields=["Hộ tịch"]))


@pytest.mark.parametrize(
    ("where", "inside", "outside"),
    [
        ({"authorities": ["bo cong an"]}, "procedure:1.001456", "procedure:1.001193"),
        ({"authorities": ["UBND cấp xã"]}, "procedure:1.001193", "procedure:1.001456"),
        ({"document_types": ["THONG TU"]}, "law:25/2021/TT-BTC", "law:49/2019/QH14"),
        ({"years": (2021, 2021)}, "law:25/2021/TT-BTC", "law:49/2019/QH14"),
        ({"years": (2019, 2021), "kinds": [DocumentKind.LAW]}, "law:49/2019/QH14", "procedure:1"),
    ],
)
def test_other_filters(
    whole: KnowledgeBase, where: dict[str, object], inside: str, outside: str
) -> None:
    fitting = whole.opened().facts().fitting(within(**where))
    assert inside in fitting
    assert outside not in fitting
    assert found(whole, "hộ chiếu, khai sinh, lệ phí", within(**where)) <= fitting


def test_a_name_is_found_by_whole_words_only() -> None:
    facts = DocumentFacts([Facts("a", "a", DocumentKind.LAW, "", authority="Bộ Y tế")])
    assert facts.fitting(within(authorities=["bộ y tế"])) == {"a"}
    assert not facts.fitting(within(authorities=["bộ y t"]))


def test_what_is_not_known_of_a_document_does_not_fit() -> None:
    facts = DocumentFacts([Facts("a", "a", DocumentKind.LAW, "")])
    for where in ({"fields": ["x"]}, {"authorities": ["x"]}, {"years": (1945, 2100)}):
        assert not facts.fitting(within(**where))
    assert facts.fitting(EVERYTHING) == {"a"}


def test_of_two_filters_both_must_fit(whole: KnowledgeBase) -> None:
    law, births = within(kinds=[DocumentKind.LAW]), within(fields=["Hộ tịch"])
    joined = both(law, births)
    facts = whole.opened().facts()
    assert facts.fitting(joined) == facts.fitting(law) & facts.fitting(births)
    assert joined.include_not_in_force is law.include_not_in_force
    assert facts.fitting(both(joined, within(fields=["Thuế"]))) == frozenset()


@pytest.mark.parametrize(
    "where",
    [
        {"fields": ["Hộ tịch"]},
        {"kinds": [DocumentKind.LAW]},
        {"collections": ["khong co"]},
        {"authorities": ["Bộ Tư pháp"]},
    ],
)
def test_a_narrowed_knowledge_base_has_nothing_else(
    whole: KnowledgeBase, where: dict[str, object]
) -> None:
    filters = within(**where)
    narrow = NarrowedKnowledge(whole, filters)
    fitting = whole.opened().facts().fitting(filters)
    for card in whole.cards():
        key = f"procedure:{card.code}"
        assert (narrow.card(card.code) is not None) == (key in fitting)
        assert (narrow.document(key, citizen()) is not None) == (key in fitting)
        assert narrow.sees(key, citizen()) == (key in fitting)
    assert {f"procedure:{card.code}" for card in narrow.cards()} <= fitting
    kinds = [kind.value for kind in DocumentKind]
    assert {row[0] for row in narrow.headings(kinds)} == fitting
    assert found(narrow, "đăng ký khai sinh, hộ chiếu, đất đai, luật") <= fitting


def test_every_way_to_a_document_goes_through_the_filter() -> None:
    """A method added to the knowledge base is narrowed, or is said here to give no document."""
    harmless = {
        # what words mean, which index it is, opening and closing
        "as_spoken", "weights", "query_vector", "corpus_version", "opened", "reload_if_changed",
        # texts of old citations by their hash; numbers of laws without their texts
        "version", "standing", "graph",
    }  # fmt: skip
    public = {name for name, _ in inspect.getmembers(KnowledgeBase) if not name.startswith("_")}
    own = set(vars(NarrowedKnowledge))
    assert public - own <= harmless


def test_the_whole_stays_open_when_a_part_is_closed(whole: KnowledgeBase) -> None:
    narrow = NarrowedKnowledge(whole, within(fields=["Hộ tịch"]))
    narrow.close()
    assert found(whole, "đăng ký khai sinh")


def test_fields_are_counted_by_procedure(whole: KnowledgeBase) -> None:
    fields = whole.opened().facts().fields
    cards = list(whole.cards())
    assert fields["Hộ tịch"] == sum(card.field == "Hộ tịch" for card in cards)
    assert list(fields.values()) == sorted(fields.values(), reverse=True)
