"""``troly journey`` in the terminal."""

from __future__ import annotations

import json
from typing import Any

from assistant.journeys.said import said_code


def test_a_checklist_is_shown_kept_marked_and_deleted(run: Any) -> None:
    assert "birth              Sinh con" in run("journey", "list").out
    assert len(json.loads(run("journey", "list", "--json").out)) == 8
    shown = run(
        "journey", "show", "birth", "--on", "2026-11-20", "-a", "family=vietnam",
        "-a", "together=no", "--keep", "--today", "2026-11-22",
    )  # fmt: skip
    assert shown.code == 0
    assert "thứ Ba 19/01/2027" in shown.out
    code = said_code(shown.out)
    run("journey", "mark", code, "1", "--on", "21/11/2026", "--today", "2026-11-22")
    told = json.loads(run("journey", "resume", code, "-a", "insurance=none", "--json").out)
    assert told["steps"][0]["status"] == "done"
    assert told["answers"]["insurance"] == "none"
    assert "[-]" in run("journey", "mark", code, "residence", "--skip").out
    assert "Đã xóa" in run("journey", "forget", code).out
    gone = run("journey", "resume", code)
    assert gone.code == 1
    assert "Không tìm thấy danh sách" in gone.err


def test_what_is_wrong_is_said_in_one_sentence(run: Any) -> None:
    for words, says in (
        (("show", "wedding"), "Không có hành trình"),
        (("show", "birth", "-a", "family"), "tên=giá trị"),
        (("show", "birth", "-a", "family=mars"), "Chọn trong"),
        (("show", "birth", "-a", "xyz=1"), "Các câu hỏi: family, together, insurance."),
        (("show", "birth", "--on", "2090-01-01"), "không hợp lý"),
        (("resume", "123"), "Không tìm thấy"),
        (("forget", "7K2M-9QXA-4TRW"), "có thể đã xóa rồi"),
    ):
        done = run("journey", *words)
        assert done.code == 1
        assert says in done.err


def test_a_day_is_written_as_people_write_it(run: Any) -> None:
    shown = run("journey", "show", "birth", "--on", "20/11/2026", "--today", "ngày 25 tháng 11")
    assert "thứ Sáu 20/11/2026" in shown.out
    for words in ("mai", "32/13/2026", "x" * 500):
        refused = run("journey", "show", "birth", "--on", words)
        assert refused.code == 2
        assert "không phải một ngày" in refused.err
    code = said_code(run("journey", "show", "birth", "--keep").out)
    refused = run("journey", "mark", code, "99")
    assert "Hãy chọn số từ 1 đến" in refused.err
    assert "Chỉ chọn một" in run("journey", "mark", code, "1", "--skip", "--undo").err
