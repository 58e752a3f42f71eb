"""The words of an index: BM25 with diacritics and without, names, citations, syllables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge_base.documents import Passage
from knowledge_base.index import heads as named
from knowledge_base.index import initials, laws
from knowledge_base.index.definitions import defined_terms
from knowledge_base.index.lexical import Field, FieldTokens, Vocabulary, build, term_hashes
from knowledge_base.vietnamese import (
    clean,
    document_number,
    expand_abbreviations,
    fold,
    procedure_code,
    tokens,
)

_LONGEST_OPENING = 160

Progress = Callable[[str, int, int], None]

TITLE = Field(2.5, 0.5)
NAMES = Field(1.5, 0.5)
PATH = Field(1.5, 0.5)
BODY = Field(1.0, 0.5)


def indexed_tokens(text: str) -> list[str]:
    """Tokens of a document's text, formal abbreviations written out."""
    return tokens(expand_abbreviations(clean(text), document=True))


def code_keys(words: Sequence[str]) -> list[str]:
    """The short keys of codes among ``words``: ``30/2020`` of ``30/2020/nd-cp``, ``1.004222``."""
    keys = []
    for word in words:
        if word[0].isdigit() and not word.isdigit():
            number, code = document_number(word), procedure_code(word)
            keys += [key for key in (number and number.key, code) if key and key != word]
    return keys


def write_lexical(
    passages: Sequence[Passage],
    documents: npt.NDArray[np.int32],
    folder: Path,
    progress: Progress,
) -> None:
    """Write everything that is looked up by words; ``documents`` is the document of each row."""
    vocabulary = Vocabulary()
    names = ("title", "names", "path", "body", "codes")
    ids: dict[str, list[npt.NDArray[np.int32]]] = {name: [] for name in names}
    heads: dict[tuple[str, ...], npt.NDArray[np.int32]] = {}

    def numbered(words: Sequence[str]) -> npt.NDArray[np.int32]:
        return np.array(vocabulary.ids(words), dtype=np.int32)

    def head(*texts: str) -> npt.NDArray[np.int32]:
        if texts not in heads:  # passages of one document share theirs
            heads[texts] = numbered(indexed_tokens(" . ".join(text for text in texts if text)))
        return heads[texts]

    for done, passage in enumerate(passages, 1):
        body = indexed_tokens(passage.text)
        ids["title"].append(head(passage.title, passage.number))
        ids["names"].append(head(*passage.other_names))
        ids["path"].append(head(*(part for part in passage.path if part != passage.title)))
        ids["body"].append(numbered(body))
        ids["codes"].append(
            numbered(code_keys([*body, *tokens(passage.title), *tokens(passage.number)]))
        )
        if done % 500 == 0 or done == len(passages):
            progress("words", done, len(passages))

    words = vocabulary.words
    plain = Vocabulary()
    to_plain = np.array(plain.ids([fold(word) for word in words]), dtype=np.int32)
    _write_syllables(folder, words, ids["body"] + ids["title"])
    fields = {
        name: FieldTokens(
            np.concatenate(rows) if rows else np.zeros(0, np.int32),
            np.array([len(row) for row in rows], dtype=np.int32),
        )
        for name, rows in ids.items()
    }
    weights = {"title": TITLE, "names": NAMES, "path": PATH, "body": BODY, "codes": BODY}
    accented = [(weights[name], fields[name]) for name in names]
    folded = [(field, _mapped(found, to_plain)) for field, found in accented]
    build(accented, term_hashes(words), len(passages), pairs=True).save(folder, "words")
    plain_hashes = term_hashes(plain.words)
    build(folded, plain_hashes, len(passages), pairs=True).save(folder, "folded")
    merged = [
        (field, _by_document(found, documents, name))
        for (field, found), name in zip(folded, names, strict=True)
    ]
    count = int(documents.max()) + 1 if len(documents) else 0
    build(merged, plain_hashes, count, pairs=False).save(folder, "documents")
    _write_citations(passages, folder)
    initials.write(_headings(passages), folder)
    named.write(_names(passages), folder)


def _names(passages: Sequence[Passage]) -> Iterator[named.Names]:
    known: dict[tuple[str, ...], named.Names] = {}  # passages of one document share most of theirs
    for passage in passages:
        heads = (passage.title, *passage.other_names, *passage.path)
        if heads not in known:
            known[heads] = _tokenised(
                part for head in dict.fromkeys(heads) for part in named.parts(head)
            )
        own = (opening(passage), *defined_terms(passage.text))
        yield (*known[heads], *_tokenised(text for text in own if text))


def opening(passage: Passage) -> str:
    """The heading that a text without headings of its own opens with; mostly none."""
    first, _, rest = passage.text.partition("\n\n")
    said = first.strip()
    short = len(said) <= _LONGEST_OPENING and "\n" not in said and said[-1:] not in ".;:,"
    return said if passage.start == 0 and rest and short else ""


def _tokenised(texts: Iterable[str]) -> named.Names:
    found = (tuple(map(fold, indexed_tokens(text))) for text in texts)
    return tuple(words for words in found if words)


def _headings(passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        yield passage.title
        yield opening(passage)
        yield from passage.other_names
        yield from passage.path


# A codified article opens with where it comes from: "(Điều 35 Luật số 04/2017/QH14 …".
_PROVENANCE = re.compile(
    r"\W{0,3}(?:Điều\s+(\d+\w?)\s+)?"
    r"(?:Luật|Bộ luật|Nghị định|Thông tư|Nghị quyết|Quyết định|Pháp lệnh)\b"
    r"[^\d\n]{0,60}(\d{1,5}/\d{4}/[^\s,;)]+)"
)


def citation_keys(passage: Passage) -> list[str]:
    """Names a passage answers to: ``30/2020``, ``30/2020/nd-cp``, ``30/2020#35``, ``1.004222``.

    Only what the passage *is* counts (its number, title, heading, stated
    provenance), never what its text refers to.
    """
    codes = tokens(clean(f"{passage.number} {passage.title}"))
    articles = {*laws.articles_of(passage)}
    source = None if passage.number else _PROVENANCE.match(passage.text)
    if source is not None:
        codes += tokens(clean(source[2]))
        articles |= {source[1].lower()} if source[1] else set()
    keys: dict[str, None] = {}
    for code in codes:
        number, procedure = document_number(code), procedure_code(code)
        if procedure is not None:
            keys[procedure] = None
        if number is not None:
            named = [number.key]
            if number.issuer:
                kind = number.issuer.split("-")[0].rstrip("0123456789")
                named += [f"{number.key}/{number.issuer}", f"{number.key}|{kind}"]
            for key in named:
                keys[key] = None
                keys |= {f"{key}#{article}": None for article in articles}
    return list(keys)


def _write_citations(passages: Sequence[Passage], folder: Path) -> None:
    vocabulary = Vocabulary()
    names = laws.Names(passages)
    rows = [
        np.array(vocabulary.ids([*citation_keys(p), *names.keys(p)]), dtype=np.int32)
        for p in passages
    ]
    laws.write(vocabulary.words, folder)
    found = FieldTokens(
        np.concatenate(rows) if rows else np.zeros(0, np.int32),
        np.array([len(row) for row in rows], dtype=np.int32),
    )
    hashes = term_hashes(vocabulary.words)
    build([(BODY, found)], hashes, len(passages), pairs=False).save(folder, "citations")


def _mapped(found: FieldTokens, mapping: npt.NDArray[np.int32]) -> FieldTokens:
    return FieldTokens(mapping[found.ids] if len(found.ids) else found.ids, found.lengths)


def _by_document(found: FieldTokens, documents: npt.NDArray[np.int32], name: str) -> FieldTokens:
    """The fields of whole documents: bodies put together, heads taken once."""
    if len(documents) == 0:
        return found
    starts = np.concatenate(([0], np.cumsum(found.lengths)))
    order = np.argsort(documents, kind="stable")
    if name in ("title", "names"):
        _, first = np.unique(documents[order], return_index=True)
        order = order[first]
    pieces = [found.ids[starts[row] : starts[row + 1]] for row in order]
    lengths = np.bincount(
        documents[order], weights=found.lengths[order], minlength=int(documents.max()) + 1
    )
    return FieldTokens(np.concatenate(pieces), lengths.astype(np.int32))


def _write_syllables(
    folder: Path, words: Sequence[str], rows: Sequence[npt.NDArray[np.int32]]
) -> None:
    everything = np.concatenate(rows) if rows else np.zeros(0, np.int32)
    counts = np.bincount(everything, minlength=len(words))
    kept = [number for number, word in enumerate(words) if word.isalpha() and counts[number] > 0]
    np.savez_compressed(
        folder / "syllables.npz",
        words=np.array([words[number] for number in kept], dtype=np.str_),
        counts=counts[kept].astype(np.int64),
    )
