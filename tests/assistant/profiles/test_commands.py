"""``troly profile``: made with options, with a pipe, checked; what is wrong is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.profiles import writing
from tests.assistant.conftest import Command


def folder_of(run: Command, name: str) -> Path:
    return run.home / "profiles" / name


def test_new_writes_all_that_a_profile_needs(run: Command) -> None:
    done = run("profile", "new", "ho-tich", "--field", "ho tich", "--yes")
    assert done.code == 0, done.err
    folder = folder_of(run, "ho-tich")
    block = yaml.safe_load((folder / "profile.yml").read_text("utf-8"))
    assert block["fields"] == ["Hộ tịch"]  # as the record writes it
    assert block["prompt"] == "prompt.txt"
    assert len(block["suggestions"]) == 4
    assert (folder / "prompt.txt").read_text("utf-8").strip()
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]
    kinds = {row["kind"] for row in rows}
    assert {"inside", "inside bare", "outside", "outside bare", "danger"} == kinds
    assert {row["origin"] for row in rows} == {"generated"}
    assert {row["split"] for row in rows} == {"dev", "test"}
    assert all(row["text"].isascii() for row in rows if row["kind"].endswith("bare"))
    assert not list(folder.parent.glob(".*"))


def test_what_was_made_is_ready_answers_and_refuses(run: Command) -> None:
    assert run("profile", "new", "quoc-tich", "--field", "Quốc tịch", "--yes").code == 0
    done = run("profile", "check", "quoc-tich", "--json")
    told = json.loads(done.out)
    assert done.code == 0
    assert told["ready"]
    assert {kind["name"] for kind in told["kinds"]} >= {"inside", "outside", "danger"}
    asked = run("ask", "Làm hộ chiếu hết bao nhiêu tiền?", "--profile", "quoc-tich", "--no-llm")
    assert "chỉ trả lời về lĩnh vực Quốc tịch" in asked.out
    listed = run("profile", "list")
    assert "quoc-tich: Trợ lý Quốc tịch (mọi người) · lĩnh vực Quốc tịch" in listed.out


def test_five_lines_of_a_pipe_are_five_answers(run: Command) -> None:
    said = "Quốc tịch\nHỏi về quốc tịch\n2\n2\nNhập quốc tịch cần gì?; Thôi quốc tịch ở đâu?\n"
    done = run("profile", "new", "qt", stdin=said)
    assert done.code == 0, done.err
    block = yaml.safe_load((folder_of(run, "qt") / "profile.yml").read_text("utf-8"))
    assert block["title"] == "Hỏi về quốc tịch"
    assert block["kinds"] == ["procedure"]
    assert block["audience"] == "officers"
    assert block["suggestions"] == ["Nhập quốc tịch cần gì?", "Thôi quốc tịch ở đâu?"]


def test_a_wrong_answer_is_asked_again_and_an_end_writes_nothing(run: Command) -> None:
    done = run("profile", "new", "qt", stdin="Quoc tịnh\n99\nQuốc tịch\n\n7\n1\n")
    assert done.code == 1
    assert "Gần nhất: “Quốc tịch”" in done.err
    assert "chưa ghi gì" in done.err
    assert not folder_of(run, "qt").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Y-Te", "--field", "Thuế"), "Hãy dùng: y-te"),
        (("Y tế", "--field", "Thuế"), "Hãy dùng: y-te"),
        (("y/te", "--field", "Thuế"), "Hãy dùng: y-te"),
        (("../te", "--field", "Thuế"), "Hãy dùng: te"),
        (("", "--field", "Thuế"), "chữ thường không dấu"),
        (("card", "--field", "Thuế"), "đã có nghĩa khác"),
        (("citizen", "--field", "Thuế"), "đã có"),
        (("x", "--field", "Y tế"), "BHYT"),
        (("x", "--document-type", "Thông tri"), "“Thông tư”"),
        (("x", "--authority", "Bộ Công ann"), "Bộ Công an"),
        (("x", "--collection", "bundle"), "bundled"),
        (("x", "--field", "Thuế", "--years", "20x"), "2020-2026"),
        (("x", "--field", "Thuế", "--years", "2026-2020"), "đổi chỗ"),
        (("x", "--field", "Thuế", "--document-type", "Thông tư"), "chưa ghi gì"),
        (("x",), "ít nhất một giới hạn"),
        (("x", "--field", "Thuế", "--title", "t" * 101), "title"),
    ],
)
def test_what_cannot_be_made_is_told(run: Command, arguments: Any, said: str) -> None:
    done = run("profile", "new", *arguments, "--yes")
    assert done.code == 1
    assert said in done.err
    assert not (run.home / "profiles" / "x").exists()


def test_nothing_is_overwritten_without_force(run: Command) -> None:
    assert run("profile", "new", "a", "--field", "Quốc tịch", "--yes").code == 0
    again = run("profile", "new", "a", "--field", "Thuế", "--yes")
    assert again.code == 1
    assert "--force" in again.err
    assert run("profile", "new", "a", "--field", "Thuế", "--yes", "--force").code == 0
    assert "Thuế" in run("profile", "show", "a").out


def test_a_record_without_procedures_is_told(
    tmp_path: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROLY_KNOWLEDGE_BASE__BUNDLED_CORPUS", "false")
    monkeypatch.setenv("TROLY_KNOWLEDGE_BASE__EMBEDDER", "none")
    run.home = tmp_path / "empty"
    done = run("profile", "new", "a", "--field", "Thuế", "--yes")
    assert done.code == 1
    assert "troly ingest" in done.err


def test_a_folder_that_cannot_be_written(run: Command) -> None:
    (run.home / "profiles").write_text("a file stands here")
    done = run("profile", "new", "a", "--field", "Quốc tịch", "--yes")
    assert done.code == 1
    assert "--home" in done.err


def test_an_interrupted_run_leaves_the_old_or_the_new(
    run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("profile", "new", "a", "--field", "Quốc tịch", "--yes").code == 0
    before = (folder_of(run, "a") / "profile.yml").read_text("utf-8")
    real = Path.rename

    def dies(self: Path, target: Any) -> Path:
        if self.name.startswith(".new-"):
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", dies)
    run("profile", "new", "a", "--field", "Thuế", "--yes", "--force")
    monkeypatch.undo()
    assert (folder_of(run, "a") / "profile.yml").read_text("utf-8") == before
    assert [path.name for path in folder_of(run, "a").parent.iterdir()] == ["a"]


def test_a_replacement_that_was_killed_half_way_is_put_right(tmp_path: Path) -> None:
    """``kill -9`` between putting the old aside and the new in its place."""
    old = tmp_path / ".old-a"
    old.mkdir()
    (old / "profile.yml").write_text("title: A")
    (tmp_path / ".new-b").mkdir()
    writing.write(tmp_path, "b", {"title": "B"}, "", [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: A\nfeilds: [Thuế]\n", "fields"),
        ("title: A\naudience: offcers\n", "officers"),
        ("title: A\ncapability: answer_laws\n", "answer_law"),
        ("title: A\nkinds: [proceedure]\n", "procedure"),
        ("title: A\ntools: [drafts]\n", "draft"),
        ("title: A\nfields: ['']\n", "để trống"),
        ("title: A\nfields: 5\n", "fields"),
        ("title: A\nsuggestions:\n  - Hỏi: phí bao nhiêu?\n", "ngoặc kép"),
        ("title: A\nkinds: [judgment]\n", "officers"),
        ("fields: [Thuế]\n", "title"),
        ("title: '   '\n", "để trống"),
        ("title: A\nyears: 2026-2020\n", "đổi chỗ"),
        ("title: A\nprompt: Phí là 50000 đồng.\n", "chữ số"),
        ("title: A\nprompt: Xem https://a.vn nhé.\n", "trang web"),
        ("title: A\nprompt: khong-co.txt\n", "khong-co.txt"),
        ("title: [\n", "không đọc được"),
        ("- a\n", "title: …"),
        ("", "title: …"),
    ],
)
def test_a_profile_with_a_fault_is_told_with_its_file(run: Command, text: str, said: str) -> None:
    folder = folder_of(run, "a")
    folder.mkdir(parents=True)
    (folder / "profile.yml").write_text(text, encoding="utf-8")
    done = run("profile", "list")
    assert done.code == 1
    assert said in done.err
    assert "profile" in done.err


def test_a_name_that_stands_twice_is_told(run: Command) -> None:
    run.config.write_text("model: {kind: none}\nprofiles: {a: {title: A}}\n", encoding="utf-8")
    folder = folder_of(run, "a")
    folder.mkdir(parents=True)
    (folder / "profile.yml").write_text("title: B\n", encoding="utf-8")
    done = run("profile", "list")
    assert done.code == 1
    assert "giữ một nơi" in done.err


def test_check_says_what_to_do(run: Command) -> None:
    run.config.write_text(
        "model: {kind: none}\nprofiles:\n  thue: {title: A, fields: [Thuê], suggestions: [x]}\n"
        "  quoc-tich: {title: B, fields: [Quoc tich], suggestions: ['Làm hộ chiếu ở đâu?']}\n",
        encoding="utf-8",
    )
    done = run("profile", "check", "thue")
    assert done.code in (0, 1)  # "Thuê" is "Thuế" without its mark
    done = run("profile", "check", "quoc-tich")
    assert done.code == 1
    assert "✗ câu mẫu" in done.out
    assert "tự sinh" in done.out
    done = run("profile", "check", "quoc-tihc")
    assert done.code == 1
    assert "quoc-tich" in done.err


def test_check_reads_the_set_that_was_edited(run: Command) -> None:
    assert run("profile", "new", "a", "--field", "Quốc tịch", "--yes").code == 0
    path = folder_of(run, "a") / "questions.jsonl"
    line = {"_id": "m1", "text": "Làm hộ chiếu ở đâu?", "kind": "của tôi"}
    wrong = {**line, "target": {"status": ["answered"], "codes": ["1.001456"]}}
    path.write_text(json.dumps(wrong, ensure_ascii=False) + "\n", encoding="utf-8")
    done = run("profile", "check", "a")
    assert done.code == 1
    assert "của tôi: 0/1" in done.out
    assert "out_of_scope" in done.out
    path.write_text('{"text": 5}\n', encoding="utf-8")
    done = run("profile", "check", "a")
    assert done.code == 1
    assert "dòng 1" in done.err


def test_a_block_of_config_yml_with_a_prompt_of_its_own(run: Command) -> None:
    (run.config.parent / "loi-nhac.txt").write_text("Nói ngắn.", encoding="utf-8")
    run.config.write_text(
        "model: {kind: none}\nprofiles:\n  a: {title: A, prompt: loi-nhac.txt}\n", encoding="utf-8"
    )
    assert "Nói ngắn." in run("profile", "show", "a").out
    assert json.loads(run("profile", "show", "a", "--json").out)["a"]["prompt"] == "Nói ngắn."


def test_fields_are_listed_with_counts(run: Command) -> None:
    there = json.loads(run("profile", "fields", "--json").out)
    assert there["fields"]["Hộ tịch"] > 10
    assert there["document_types"]["Thông tư"] >= 1
    assert "Hộ tịch" in run("profile", "fields").out
