"""The bundled corpus reads, says what it must, and says it clearly when it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge_base.corpus_files import (
    CORPUS,
    CorpusError,
    LegalDocumentFile,
    legal_documents,
    procedures,
    read_legal_document,
    read_procedure,
)
from knowledge_base.places import names_district

DOCUMENTS = sorted((CORPUS / "documents").glob("*.yml"))
NUMBER = re.compile(r"^[\d.]+/\d{4}/(QH\d+|UBTVQH\d+|NĐ-CP|NQ-CP|QĐ-TTg|TT-[A-ZĐ]+)$")
#: Law the product itself lives under.
MUST_HAVE = {
    "134/2025/QH15",
    "142/2026/NĐ-CP",
    "91/2025/QH15",
    "356/2025/NĐ-CP",
    "117/2025/QH15",
    "118/2025/NĐ-CP",
    "367/2025/NĐ-CP",
    "64/2025/QH15",
    "87/2025/QH15",
    "30/2020/NĐ-CP",
}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_document_reads(path: Path) -> None:
    document = read_legal_document(path)
    assert document.kind == "guidance" or NUMBER.match(document.number), document.number
    assert document.other_names
    assert 2 <= len(document.passages) <= 30
    for relation in document.relations:
        assert NUMBER.match(relation.target), relation.target
        assert relation.target != document.number


def test_there_are_enough_documents_and_the_named_ones() -> None:
    documents = list(legal_documents())
    assert len(documents) >= 60
    numbers = [document.number for document in documents if document.number]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) >= MUST_HAVE


def test_empty_dates_are_named_as_unknown() -> None:
    for document in legal_documents():
        if document.kind == "law":
            for key in ("issued_on", "effective_from"):
                filled = getattr(document, key) is not None
                assert filled != (key in document.unknown), f"{document.number}: {key}"


#: In force before the day they were signed, as their own text says.
RETROACTIVE = {"141/2026/NĐ-CP"}


def test_dates_are_in_order() -> None:
    for document in legal_documents():
        if document.number in RETROACTIVE:
            continue
        dates = (document.issued_on, document.effective_from, document.effective_to)
        known = [day for day in dates if day is not None]
        assert known == sorted(known), document.number


def test_relations_between_bundled_documents_agree() -> None:
    documents = {document.number: document for document in legal_documents() if document.number}
    inverse = {"amends": "amended_by", "replaces": "replaced_by", "amended_by": "amends"}
    checked = 0
    for number, document in documents.items():
        for relation in document.relations:
            other = documents.get(relation.target)
            if other is None or relation.kind not in inverse:
                continue
            back = [r for r in other.relations if r.target == number]
            assert inverse[relation.kind] in {r.kind for r in back}, f"{number} -> {other.number}"
            checked += 1
    assert checked >= 5


def texts(document: LegalDocumentFile) -> Iterator[str]:
    yield document.summary
    for passage in document.passages:
        yield passage.text


def test_nobody_is_sent_to_a_district_office() -> None:
    said = [text for document in legal_documents() for text in texts(document)]
    for card in procedures():
        said += [card.authority, card.where, card.result, *card.steps, *card.notes]
        said += [item.name for item in card.dossier]
    assert len(said) > 100
    assert [text for text in said if names_district(text)] == []


def test_a_misspelt_key_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    text = DOCUMENTS[0].read_text(encoding="utf-8")
    path = tmp_path / "luat-thu.yml"
    path.write_text(text.replace("summary:", "sumary:"), encoding="utf-8")
    with pytest.raises(CorpusError, match=r"luat-thu\.yml") as caught:
        read_legal_document(path)
    assert "sumary" in str(caught.value)


def test_a_misspelt_slot_of_a_card_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (first, *_) = sorted((CORPUS / "procedures").glob("*.yml"))
    path = tmp_path / "the-thu.yml"
    path.write_text(
        first.read_text(encoding="utf-8").replace("authority:", "authorty:"), encoding="utf-8"
    )
    with pytest.raises(CorpusError, match=r"the-thu\.yml") as caught:
        read_procedure(path)
    assert "authorty" in str(caught.value)


@pytest.mark.parametrize("content", ["- a list", "a: [unclosed", "", "\x00"])
def test_what_is_not_a_mapping_is_an_error_that_names_the_file(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "hong.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"hong\.yml"):
        read_legal_document(path)
