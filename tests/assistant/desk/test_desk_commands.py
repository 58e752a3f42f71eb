"""``troly desk`` as an officer runs it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import troly


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def run(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """The command over the home whose desk ``make`` opens."""
    config = tmp_path / "config.yml"
    config.write_text("desk: {keep_days: 3650, expire_days: 3650}\n", encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "200")

    def command(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        given = ["troly", f"--home={tmp_path}", f"--config={config}", "desk", *arguments]
        monkeypatch.setattr(sys, "argv", given)
        capsys.readouterr()
        code = 0
        try:
            troly.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Done(code, said.out, " ".join(said.err.split()))

    return command


def test_an_officer_works_through_a_ticket(run: Any, one: Any) -> None:
    code = one.code("c-1", "CCCD 001085012345 làm hộ chiếu")
    listed = run("list")
    assert f"{code}  đang chờ  08:00 23/11/2026  CCCD [số định danh] làm hộ chiếu" in listed.out
    assert "Đang chờ 1, đang xử lý 0." in listed.err
    assert "Người dân: CCCD [số định danh]" in run("show", code).out
    assert "đang xử lý, Lan" in run("take", code, "--officer", "Lan").out
    refused = run("answer", code, "Xong.", "--officer", "Hùng")
    assert refused.code == 1
    assert "đang do Lan xử lý" in refused.err
    answered = run("answer", code, "-", "--officer", "Lan", stdin="Mang bản chính.\nCảm ơn.")
    assert "chưa chuyển" in answered.out
    assert [each.text for each in one.desk.outbox.pending("c-1")] == ["Mang bản chính.\nCảm ơn."]
    assert "đã đóng" in run("close", code, "--officer", "Lan", "--note", "đã gọi").out
    again = run("take", code, "--officer", "Lan")
    assert again.code == 1
    assert "đã đóng nên không nhận được" in again.err
    assert run("list").out == "Không có phiếu nào.\n"
    assert code in run("list", "--status", "closed").out
    assert code in run("list", "--all").out


def test_json_is_for_programs_and_says_nothing_of_the_conversation(run: Any, one: Any) -> None:
    codes = [one.code(f"ten-phien-{number}") for number in range(3)]
    page = json.loads(run("list", "--json", "--limit", "2").out)
    assert len(page["tickets"]) == 2
    assert page["counts"]["waiting"] == 3
    rest = json.loads(run("list", "--json", "--after", page["next"]).out)
    assert [each["code"] for each in page["tickets"] + rest["tickets"]] == codes
    taken = json.loads(run("take", codes[0], "--officer", "Lan", "--json").out)
    assert (taken["status"], taken["officer"], taken["version"]) == ("taken", "Lan", 2)
    assert json.loads(run("release", codes[0], "--json").out)["status"] == "waiting"
    exported = [json.loads(line) for line in run("export").out.splitlines()]
    assert [each["code"] for each in exported] == codes
    assert "ten-phien" not in json.dumps(exported)


def test_an_export_is_whole_or_not_there(run: Any, one: Any, tmp_path: Path) -> None:
    one.ask()
    out = tmp_path / "phieu.jsonl"
    assert "Đã ghi 1 phiếu" in run("export", "--out", str(out)).err
    assert len(out.read_text("utf-8").splitlines()) == 1
    refused = run("export", "--out", str(tmp_path / "none" / "x.jsonl"))
    assert refused.code == 1
    assert "Không ghi được" in refused.err


def test_wrong_use_says_what_is_right(run: Any, one: Any) -> None:
    code = one.code()
    wrong = run("show", code.split("-")[1])
    assert wrong.code == 1
    assert f"Có phải {code}?" in wrong.err
    assert "waiting, taken" in run("list", "--status", "mo").err
    assert "--after" in run("list", "--after", "x").err
    assert run("answer", code, "   ").code == 1
    for words in (("list", "--limit", "0"), ("list", "--limit", "x"), ("feedback", "--days", "0")):
        assert "Hãy viết một số từ" in run(*words).err


def test_nothing_yet_is_said_plainly(run: Any) -> None:
    assert run("list").out == "Không có phiếu nào.\n"
    assert run("feedback").out == "Chưa có góp ý nào.\n"
    assert run("export").out == ""


def test_feedback_is_counted(run: Any, one: Any) -> None:
    from assistant.desk.feedback import Judgement, Reason

    why = (Reason.NO_SOURCE, Reason.WRONG)
    one.desk.feedback.give(Judgement("a1", "c", "web", False, why, "sai phí", "1.001456"))
    one.desk.feedback.give(Judgement("a2", "c", "web", True))
    shown = run("feedback").out
    assert "Hữu ích: 1. Chưa tốt: 1." in shown
    assert "Thiếu nguồn: 1" in shown
    assert "Thủ tục 1.001456: 1" in shown
    counted = json.loads(run("feedback", "--json", "--latest", "1").out)
    assert counted["reasons"]["no_source"] == 1
    assert len(counted["latest"]) == 1


def test_each_officer_has_a_token_of_their_own(run: Any, one: Any) -> None:
    added = run("officer", "add", "Lan")
    token = added.out.strip()
    assert token.startswith("troly-")
    assert "không xem lại được" in added.err
    assert one.desk.accounts.opened_by(token) == "Lan"
    assert "Đã có cán bộ tên “lan”" in run("officer", "add", "lan").err
    assert "Lan  từ" in run("officer", "list").out
    assert json.loads(run("officer", "list", "--json").out)[0]["seen_on"]
    code = one.code()
    one.desk.officers.take(code, "Lan")
    gone = run("officer", "revoke", "LAN")
    assert gone.out == "Đã thu hồi mã truy cập của Lan.\n"
    assert "còn giữ 1 phiếu" in gone.err
    assert one.desk.accounts.opened_by(token) is None
    assert "đã thu hồi" in run("officer", "list").out
    assert run("officer", "add", "Lan").out.strip() != token
    for name in ("", "  ", "...", "x" * 61, "citizen", "TROLY"):
        refused = run("officer", "add", name)
        assert refused.code == 1
        assert "Hãy" in refused.err or "dài quá" in refused.err
    nobody = run("officer", "revoke", "Ai đó")
    assert nobody.code == 1
    assert "Đang có: Lan." in nobody.err
