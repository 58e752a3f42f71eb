"""``troly kb`` as an operator uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import troly
from knowledge_base.home import Home
from knowledge_base.index.swap import current
from knowledge_base.store import Record

PROSE = "Người dân nộp hồ sơ tại bộ phận một cửa và nhận kết quả theo giấy hẹn đã ghi rõ ngày."
LAW = (
    "CHÍNH PHỦ\nSố: 301/2026/NĐ-CP\n\nNGHỊ ĐỊNH\nVề việc thử nghiệm\n\n"
    "Điều 1. Phạm vi\n1. Nghị định này quy định việc thử.\n2. Không quy định việc khác.\n\n"
    "Điều 2. Lệ phí\n1. Lệ phí là {fee} đồng một lần nộp hồ sơ.\n2. Trẻ em được miễn lệ phí.\n\n"
    "Điều 3. Thi hành\nCác Bộ chịu trách nhiệm thi hành Nghị định này kể từ ngày ký."
)


class Kb:
    """The command line over one home and one folder of files."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder = home, folder
        folder.mkdir()
        self.config = home.path.parent / "config.yml"
        self.config.write_text("knowledge_base: {embedder: none, bundled_corpus: false}\n")

    def run(self, *arguments: str, code: int = 0, said: str = "") -> str:
        given = ["--home", str(self.home.path), "--config", str(self.config), *arguments]
        done = CliRunner().invoke(troly.app, given, input=said)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code, done.output
        return done.stdout

    def __call__(self, *arguments: str, code: int = 0, said: str = "") -> str:
        return self.run("kb", *arguments, code=code, said=said)

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def ingest(self, code: int = 0) -> None:
        self.run("ingest", str(self.folder), code=code)


@pytest.fixture
def kb(home: Home, tmp_path: Path) -> Kb:
    return Kb(home, tmp_path / "tai-lieu")


@pytest.fixture
def law(kb: Kb) -> Path:
    path = kb.file("nd.txt", LAW.format(fee="100.000"))
    kb.file("hd.md", f"# Hướng dẫn nộp hồ sơ\n\n{PROSE}")
    kb.ingest()
    return path


def test_status_of_an_empty_home(kb: Kb) -> None:
    assert "Thư mục dữ liệu" in kb("status")
    (store,) = kb.json("status")["stores"]
    assert (store["documents"], store["index"]["state"]) == (0, "none")


def test_status_counts_what_is_there(kb: Kb, law: Path) -> None:
    kb.file("hong.pdf", "\x00\x01")
    law.write_text(LAW.format(fee="200.000"))
    kb.ingest()
    found = kb.json("status")
    (store,) = found["stores"]
    assert (store["documents"], store["versions"], store["withdrawn"]) == (2, 3, 0)
    (collection,) = store["collections"]
    assert (collection["name"], collection["kinds"]) == (
        "tai-lieu", {"guidance": 1, "law": 1},
    )  # fmt: skip
    assert store["index"]["state"] == "full"
    assert store["index"]["corpus_version"] == store["corpus_version"]
    assert [c["kind"] for c in store["changes"]] == ["changed"]
    assert sum(store["quarantine"].values()) == 1
    text = kb("status")
    for words in ("2 tài liệu đang dùng", "đổi nội dung", "1 văn bản pháp luật", "Chưa đọc được 1"):
        assert words in text


def test_status_says_that_an_index_is_behind(kb: Kb, law: Path, home: Home) -> None:
    Record(home.record()).withdraw("file:tai-lieu/nd.txt")
    index = kb.json("status")["stores"][0]["index"]
    assert (index["state"], index["left_out"]) == ("behind", 1)
    assert "tạm loại khỏi tìm kiếm 1 tài liệu" in kb("status")


# --- diff --------------------------------------------------------------------------------------


def test_diff_of_the_last_change(kb: Kb, law: Path) -> None:
    law.write_text(LAW.format(fee="200.000").replace("Điều 3. Thi hành", "Điều 3. Hiệu lực"))
    kb.ingest()
    for target in ("file:tai-lieu/nd.txt", "nd.txt", "301/2026/NĐ-CP", str(law)):
        (found,) = kb.json("diff", target)
        parts = {part["path"][-1].split(".")[0]: part for part in found["parts"]}
        assert parts["Điều 2"]["kind"] == "changed"
        assert parts["Điều 2"]["clauses"] == ["khoản 1"]
        assert not found["preview"]
        assert [v["current"] for v in found["versions"]] == [False, True]
    text = kb("diff", "301/2026/NĐ-CP")
    assert "Sửa:" in text
    assert "− 1. Lệ phí là 100.000 đồng" in text
    assert "+ 1. Lệ phí là 200.000 đồng" in text
    assert "Không có câu trả lời nào đã lưu" in text


def test_diff_of_a_file_before_it_is_taken_in(kb: Kb, law: Path, home: Home) -> None:
    law.write_text(LAW.format(fee="300.000"))
    assert "chưa nạp" in kb("diff", str(law))
    (document,) = [d for d in Record(home.record()).documents() if d.number]
    assert "300.000" not in document.text


def test_diff_between_named_versions(kb: Kb, law: Path) -> None:
    for fee in ("200.000", "300.000"):
        law.write_text(LAW.format(fee=fee))
        kb.ingest()
    (found,) = kb.json("diff", "nd.txt")
    first, _, last = [v["sha256"][:10] for v in found["versions"]]
    text = kb("diff", "nd.txt", "--from", first, "--to", last)
    assert "100.000" in text
    assert "300.000" in text
    with pytest.raises(Exception, match="Không có đúng một phiên bản"):
        kb("diff", "nd.txt", "--from", "zz")


def test_diff_of_what_has_one_version_or_is_unknown(kb: Kb, law: Path) -> None:
    with pytest.raises(Exception, match="mới có một phiên bản"):
        kb("diff", "nd.txt")
    with pytest.raises(Exception, match=r"Có phải: 301/2026/NĐ-CP\?"):
        kb("diff", "301/2025/NĐ-CP")


# --- withdraw and restore ----------------------------------------------------------------------


def test_withdraw_asks_and_restore_brings_back(kb: Kb, law: Path, home: Home) -> None:
    record = Record(home.record())
    assert "Không làm gì cả" not in kb("withdraw", "nd.txt", code=1, said="k\n")
    assert record.count() == 2
    text = kb("withdraw", "301/2026/NĐ-CP", "--reason", "ban hành nhầm", said="c\n")
    assert "Đã rút 1 tài liệu" in text
    assert record.ids() == ["file:tai-lieu/hd.md"]
    assert kb.json("status")["stores"][0]["changes"][0]["reason"] == "ban hành nhầm"
    assert "đã được rút từ trước" in kb("withdraw", "nd.txt")
    assert [d["id"] for d in kb.json("restore", "nd.txt")["restored"]] == ["file:tai-lieu/nd.txt"]
    assert record.count() == 2
    assert "không bị rút" in kb("restore", "nd.txt")


def test_withdraw_of_a_collection(kb: Kb, law: Path, home: Home) -> None:
    done = json.loads(kb("withdraw", "--collection", "tai-lieu", "--yes", "--json"))
    assert len(done["withdrawn"]) == 2
    assert (done["already"], done["affected"], done["index"]) == ([], [], "full")
    assert Record(home.record()).count() == 0
    assert current(home.index()) is not None
    kb.ingest()  # the same bytes do not bring it back
    assert Record(home.record()).count() == 0
    kb("restore", "--collection", "tai-lieu")
    assert Record(home.record()).count() == 2


def test_withdraw_of_nothing_or_of_the_unknown(kb: Kb, law: Path) -> None:
    kb("withdraw", code=2)
    with pytest.raises(Exception, match="Đang có: tai-lieu"):
        kb("withdraw", "--collection", "khong-co", "--yes")


def test_a_labelled_document_is_withdrawn_from_its_store(kb: Kb, home: Home) -> None:
    path = kb.file("noi-bo.md", f"# Quy trình\n\n{PROSE}")
    kb.run("ingest", str(path), "--label", "noi-bo")
    (withdrawn,) = json.loads(kb("withdraw", "noi-bo.md", "--yes", "--json"))["withdrawn"]
    assert withdrawn["store"] == "restricted"
    assert Record(home.record("restricted")).count() == 0


# --- quarantine --------------------------------------------------------------------------------


def test_quarantine_is_listed_retried_and_forgotten(kb: Kb, home: Home) -> None:
    (kb.folder / "sau").mkdir()
    bad = kb.file("sau/hong.txt", "\x00\x01")
    kb.file("hong.pdf", "\x00\x01")
    kb.ingest(code=1)
    listed = kb.json("quarantine")
    assert [(Path(q["path"]).name, q["name"]) for q in listed] == [
        ("hong.pdf", "hong.pdf"), ("hong.txt", "sau/hong.txt"),
    ]  # fmt: skip
    assert all(q["reason"] and q["advice"] and q["code"] and q["exists"] for q in listed)
    assert "Cách xử lý:" in kb("quarantine", "list", str(kb.folder / "sau"))
    bad.write_text(f"Hướng dẫn\n\n{PROSE}")
    done = kb.json("quarantine", "retry")
    assert (done["files"], done["taken"], len(done["failed"])) == (2, 1, 1)
    # The same document as if the folder had been read again.
    assert Record(home.record()).ids() == ["file:tai-lieu/sau/hong.txt"]
    assert "Đã bỏ 1 mục" in kb("quarantine", "forget", str(kb.folder / "hong.pdf"))
    kb("quarantine", "forget", str(kb.folder / "hong.pdf"), code=1)
    assert "Không có tệp nào" in kb("quarantine")
    assert "Không có tệp nào" in kb("quarantine", "retry")


# --- lint --------------------------------------------------------------------------------------


def test_lint_of_the_bundled_corpus(kb: Kb) -> None:
    found = kb.json("lint", "--bundled")
    assert found["error"] == 0
    assert found["documents"] > 100
    assert "0 lỗi" in kb("lint", "--bundled")


def test_every_command_is_there() -> None:
    group = typer.main.get_command(troly.app).commands["kb"]  # type: ignore[attr-defined]
    assert {"status", "diff", "withdraw", "restore", "quarantine", "lint"} <= set(group.commands)


def test_diff_of_portal_records_before_they_are_taken_in(kb: Kb) -> None:
    record = {"ma_thu_tuc": "1.900001", "ten_thu_tuc": "Cấp giấy phép thả diều"}
    other = record | {"ma_thu_tuc": "1.900002"}

    def write(steps: str) -> str:
        path = kb.folder / "thu-tuc.json"
        path.write_text(json.dumps([record | {"trinh_tu_thuc_hien": steps}, other]))
        return str(path)

    write("Bước 1: Nộp hồ sơ.")
    kb.ingest()
    (found,) = kb.json("diff", write("Bước 1: Nộp hồ sơ và ảnh."))
    assert found["preview"]
    assert found["document_id"] == "portal:1.900001"
    assert [part["slot"] for part in found["parts"]] == ["steps"]
    with pytest.raises(Exception, match="không làm đổi"):
        kb("diff", write("Bước 1: Nộp  hồ sơ."))


def test_a_report_is_printed_although_the_index_was_not_built(
    kb: Kb, monkeypatch: pytest.MonkeyPatch
) -> None:
    from knowledge_base import ingest_commands
    from knowledge_base.errors import BuildFailed

    def full(*_: object, **__: object) -> None:
        raise BuildFailed("đĩa đầy")

    monkeypatch.setattr(ingest_commands, "refresh_index", full)
    kb.file("a.txt", PROSE)
    given = ["--home", str(kb.home.path), "--config", str(kb.config), "ingest", str(kb.folder)]
    done = CliRunner().invoke(troly.app, [*given, "--json"])
    assert isinstance(done.exception, BuildFailed)
    assert json.loads(done.stdout)["added"] == 1
