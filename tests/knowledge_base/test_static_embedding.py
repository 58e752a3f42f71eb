"""Vectors looked up in a table: what is near, what is odd, what is broken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.index.embedding import EmbedderUnavailable
from knowledge_base.index.static_embedding import TABLE, Lexicon, StaticEmbedder, syllables

PASSAGES = [
    "Đăng ký khai sinh › Thành phần hồ sơ. Tờ khai đăng ký khai sinh, giấy chứng sinh.",
    "Cấp lại giấy phép lái xe › Phí, lệ phí. 135.000 đồng một lần.",
    "Đăng ký thường trú › Thời hạn giải quyết. 7 ngày làm việc.",
    "Hợp đồng lao động. Người lao động có quyền đơn phương chấm dứt hợp đồng lao động.",
]
QUERIES = [
    "làm giấy khai sinh cho con cần giấy tờ gì",
    "xin lại bằng lái xe bị mất",
    "nhập hộ khẩu thường trú mất mấy ngày",
    "khi nào được nghỉ việc, chấm dứt hợp đồng",
]


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def bare(text: str) -> str:
    from knowledge_base.vietnamese import fold

    return fold(text)


@pytest.mark.parametrize("asked", [QUERIES, [bare(query) for query in QUERIES]])
def test_questions_are_nearest_their_passages(embedder: StaticEmbedder, asked: list[str]) -> None:
    near = embedder.queries(asked) @ embedder.passages(PASSAGES).T
    assert np.argmax(near, axis=1).tolist() == [0, 1, 2, 3]


def test_vectors_have_length_one_and_do_not_depend_on_neighbours(embedder: StaticEmbedder) -> None:
    together = embedder.passages(PASSAGES)
    assert together.shape == (len(PASSAGES), embedder.dimension)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([embedder.passages([text]) for text in PASSAGES])
    assert np.allclose(together, alone, atol=1e-6)


def test_odd_texts_have_finite_vectors(embedder: StaticEmbedder) -> None:
    found = embedder.passages(["", "日本語 😀", "x" * 100_000, "đăng ký " * 10_000, "12/2025"])
    assert np.isfinite(found).all()
    assert embedder.queries([]).shape == (0, embedder.dimension)


def test_the_table_is_small_and_named_by_its_version(embedder: StaticEmbedder) -> None:
    assert TABLE.stat().st_size < 6_000_000
    assert embedder.name.startswith("static-")


def test_a_damaged_table_is_said_to_be_unavailable(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04 nothing", TABLE.read_bytes()[:5000]):
        (tmp_path / "table.npz").write_bytes(content)
        with pytest.raises(EmbedderUnavailable):
            StaticEmbedder(tmp_path / "table.npz").queries(["a"])
    with pytest.raises(EmbedderUnavailable):
        StaticEmbedder(tmp_path / "missing.npz").queries(["a"])


def test_a_lexicon_knows_syllables_with_and_without_diacritics_and_pairs() -> None:
    lexicon = Lexicon(["đăng", "ký"], ["dang", "ky"], np.array([[0, 1]], np.int32))
    rows, owners, _ = lexicon.rows([lexicon.numbered("Đăng kí"), lexicon.numbered("DANG ky xyz")])
    assert rows[owners == 0].tolist() == [0, 1, 2, 3, 4]
    assert rows[owners == 1].tolist() == [2, 3]
    assert syllables("Số 30/2020/NĐ-CP, hoà") == ["số", "30", "2020", "nđ", "cp", "hòa"]
