"""Chroma finds what exact comparison finds, within what is asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index.vectors import VectorStore, write


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray]:  # type: ignore[type-arg]
    folder = tmp_path_factory.mktemp("chroma") / "store"
    vectors = np.random.default_rng(1).normal(size=(1200, 32)).astype(np.float16)
    write(folder, vectors, [{"kind": row % 3} for row in range(1200)], lambda *_: None)
    return folder, vectors


def exact(vectors: np.ndarray, query: np.ndarray, rows: np.ndarray, count: int) -> set[int]:  # type: ignore[type-arg]
    wide = vectors[rows].astype(np.float32)
    cosine = wide @ query / np.linalg.norm(wide, axis=1)
    return {int(rows[at]) for at in np.argsort(-cosine)[:count]}


@pytest.mark.parametrize("kind", [None, 1])
def test_nearest_are_the_nearest(
    stored: tuple[Path, np.ndarray],  # type: ignore[type-arg]
    kind: int | None,
) -> None:
    folder, vectors = stored
    store = VectorStore(folder)
    rows = np.arange(1200) if kind is None else np.arange(kind, 1200, 3)
    where = None if kind is None else {"kind": {"$in": [kind]}}
    right = 0
    for seed in range(10):
        query = np.random.default_rng(100 + seed).normal(size=32).astype(np.float32)
        right += len(exact(vectors, query, rows, 10) & set(store.nearest(query, 10, where)))
    store.close()
    assert right >= 90


def test_the_count_and_reopening(stored: tuple[Path, np.ndarray]) -> None:  # type: ignore[type-arg]
    folder, _ = stored
    for _ in range(2):
        store = VectorStore(folder)
        assert store.count() == 1200
        store.close()


def test_a_closed_store_may_be_moved(tmp_path: Path) -> None:
    vectors = np.eye(8, dtype=np.float16)
    write(tmp_path / "built", vectors, [{"kind": 0}] * 8, lambda *_: None)
    (tmp_path / "built").rename(tmp_path / "serving")
    store = VectorStore(tmp_path / "serving")
    assert store.nearest(vectors[3].astype(np.float32), 1) == [3]
    store.close()
