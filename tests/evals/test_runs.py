"""A run: asked once, scored apart, resumable, the same bytes; errors are neither pass nor fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.config import Config
from evals.errors import RunFolderError, SubjectError, UnknownName
from evals.running.compare import baseline, compare, side, told
from evals.running.folder import RunFolder
from evals.running.plan import Choice
from evals.running.run import Wanted, execute, rescore
from evals.subjects.port import Reply, Setting
from knowledge_base.home import Home

Answering = Callable[[str], dict[str, Any]]


class Scripted:
    """A subject whose answers are what a test says; it counts what it was asked."""

    name = "troly"

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self.asked: list[str] = []

    def describe(self) -> dict[str, Any]:
        return {"version": "test"}

    def converse(self, messages: Sequence[str], as_of: date | None) -> list[Reply]:
        self.asked += messages
        return [Reply(self._answer(message), 1.0) for message in messages]

    def source(self, document_id: str, sha256: str) -> str | None:
        return None

    def close(self) -> None: ...


def right(message: str) -> dict[str, Any]:
    return {"status": "answered", "text": f"{message}: 200.000 đồng"}


def wrong(_: str) -> dict[str, Any]:
    return {"status": "answered", "text": "300.000 đồng"}


def quiet(stage: str, done: int, total: int) -> None: ...


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    lines = [
        {"_id": f"q{n}", "text": f"câu {n}", "kind": "full", "facts": ["200.000 đồng"]}
        for n in range(100)
    ]
    file = tmp_path / "made.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


@pytest.fixture
def setting(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setattr("evals.running.plan.bundled_sets", list)
    return Setting(home, Config(), tmp_path / "work")


def run(
    setting: Setting, out: Path, questions: Path, subject: Scripted, **choice: Any
) -> dict[str, Any]:
    wanted = Wanted(("answers",), ("troly",), (questions,), choice=Choice(**choice))
    return execute(wanted, RunFolder(out), setting, quiet, {"troly": subject})


def mean(report: dict[str, Any], measure: str = "facts found") -> float | None:
    found: float | None = report["tasks"][0]["subjects"]["troly"][measure]["all"]["mean"]
    return found


def test_the_same_run_twice_gives_the_same_bytes(
    setting: Setting, questions: Path, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        assert mean(run(setting, tmp_path / name, questions, Scripted(right))) == 1.0
    compared = 0
    for file in (tmp_path / "one").rglob("*"):
        where = file.relative_to(tmp_path / "one")
        if file.is_file() and where.parts[0] not in ("timings", ".lock"):
            assert file.read_bytes() == (tmp_path / "two" / where).read_bytes(), where
            compared += 1
    assert compared >= 5


def test_what_was_asked_is_not_asked_again(
    setting: Setting, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    run(setting, out, questions, Scripted(right))
    again = Scripted(wrong)
    assert mean(run(setting, out, questions, again)) == 1.0
    assert again.asked == []


def test_a_run_that_was_cut_short_goes_on(
    setting: Setting, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    whole = run(setting, out, questions, Scripted(right))
    file = out / "generated" / "troly" / "made.jsonl"
    full = file.read_bytes()
    file.write_bytes(full[: len(full) // 2])  # the last line is no JSON any more
    rest = Scripted(right)
    assert run(setting, out, questions, rest) == whole
    assert 0 < len(rest.asked) < 100
    assert file.read_bytes() == full


def test_scoring_again_asks_nobody(setting: Setting, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    first = run(setting, out, questions, Scripted(right))
    assert rescore(RunFolder(out), setting) == first
    rows = (out / "generated" / "troly" / "made.jsonl").read_text("utf-8").splitlines()
    spoiled = [row.replace("200.000", "900.000") if n < 3 else row for n, row in enumerate(rows)]
    (out / "generated" / "troly" / "made.jsonl").write_text("\n".join(spoiled) + "\n", "utf-8")
    assert mean(rescore(RunFolder(out), setting)) == pytest.approx(0.97)


def test_an_error_is_neither_a_pass_nor_a_fail(
    setting: Setting, questions: Path, tmp_path: Path
) -> None:
    def failing(message: str) -> dict[str, Any]:
        if message.endswith("7"):
            raise SubjectError("the server is dead")
        if message.endswith("8"):
            raise ZeroDivisionError("a fault of the subject")
        if message.endswith("9"):
            return {"text": "no status"}
        if message.endswith("6"):
            return {"status": "failed_search", "text": "Hệ thống tra cứu đang gặp sự cố."}
        return right(message)

    report = run(setting, tmp_path / "run", questions, Scripted(failing))
    assert mean(report) == 1.0
    assert report["verdict"]["errors"] == 40
    assert report["verdict"]["may_go_live"] is False
    told_why = {error["sample"]: error["why"] for error in report["errors"]}
    assert "server is dead" in told_why["q7"]
    assert "ZeroDivisionError" in told_why["q8"]
    assert "does not parse" in told_why["q9"]
    assert "status" in told_why["q9"]
    assert "failed_search" in told_why["q6"]  # a breakdown is no honest refusal
    # Errors are asked again when the run is taken up again.
    better = run(setting, tmp_path / "run", questions, Scripted(right))
    assert better["verdict"]["errors"] == 20  # what came back as an answer is kept


def test_a_sample_that_changed_is_asked_again(
    setting: Setting, questions: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    run(setting, out, questions, Scripted(right))
    text = questions.read_text("utf-8").replace('c\\u00e2u 5"', 'c\\u00e2u kh\\u00e1c"')
    questions.write_text(text, "utf-8")
    with pytest.raises(RunFolderError, match="groups"):
        run(setting, out, questions, Scripted(right))


def test_bad_lines_are_errors_and_the_run_goes_on(
    setting: Setting, questions: Path, tmp_path: Path
) -> None:
    with questions.open("a", encoding="utf-8") as file:
        file.write("{not json\n")
    report = run(setting, tmp_path / "run", questions, Scripted(right))
    assert mean(report) == 1.0
    assert [line["where"] for line in report["bad_lines"]] == [f"{questions}:101"]
    assert report["verdict"]["errors"] == 1


def test_a_folder_that_is_no_run_is_left_alone(
    setting: Setting, questions: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep", "utf-8")
    with pytest.raises(RunFolderError, match="something else"):
        run(setting, tmp_path / "mine", questions, Scripted(right))
    with pytest.raises(RunFolderError, match="no run"):
        rescore(RunFolder(tmp_path / "mine"), setting)
    assert [f.name for f in (tmp_path / "mine").iterdir() if f.name != ".lock"] == ["letter.txt"]


def test_unknown_names_say_what_there_is(setting: Setting, questions: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="answers"):
        execute(Wanted(("nonsense",), ("troly",)), RunFolder(tmp_path / "r"), setting, quiet)
    wanted = Wanted(("answers",), ("nobody",), (questions,))
    with pytest.raises(UnknownName, match="troly"):
        execute(wanted, RunFolder(tmp_path / "r"), setting, quiet)


# --- comparing ------------------------------------------------------------------------------


def spoiled(share: int) -> Answering:
    def answer(message: str) -> dict[str, Any]:
        at = int(message.rsplit(" ", 1)[1])
        return wrong(message) if at % 100 < share else right(message)

    return answer


@pytest.fixture
def many(tmp_path: Path) -> Path:
    file = tmp_path / "many.jsonl"
    file.write_text(
        "".join(
            json.dumps({"_id": f"m{n}", "text": f"câu {n}", "facts": ["200.000 đồng"]}) + "\n"
            for n in range(400)
        ),
        encoding="utf-8",
    )
    return file


def test_a_regression_of_three_in_a_hundred_is_found(
    setting: Setting, many: Path, tmp_path: Path
) -> None:
    run(setting, tmp_path / "a", many, Scripted(right))
    run(setting, tmp_path / "b", many, Scripted(spoiled(3)))
    found = compare(side(tmp_path / "a"), side(tmp_path / "b"))
    assert found.regressed
    (row,) = [row for row in found.rows if row.measure == "facts found"]
    assert (row.verdict, row.lost, row.won) == ("worse", 12, 0)
    assert row.low < row.high < 0
    assert {each.sample for each in found.changed} == {
        f"m{hundred + n}" for hundred in (0, 100, 200, 300) for n in range(3)
    }
    assert "| worse |" in "\n".join(told(found))


def test_what_goes_both_ways_is_chance(setting: Setting, many: Path, tmp_path: Path) -> None:
    def other(message: str) -> dict[str, Any]:
        at = int(message.rsplit(" ", 1)[1])
        return wrong(message) if 3 <= at % 100 < 6 else right(message)

    run(setting, tmp_path / "a", many, Scripted(spoiled(3)))
    run(setting, tmp_path / "b", many, Scripted(other))
    found = compare(side(tmp_path / "a"), side(tmp_path / "b"))
    assert not found.regressed
    assert {row.verdict for row in found.rows if row.measure == "facts found"} == {"within chance"}


def test_a_kept_baseline_compares_like_its_run(
    setting: Setting, many: Path, tmp_path: Path
) -> None:
    run(setting, tmp_path / "a", many, Scripted(right))
    run(setting, tmp_path / "b", many, Scripted(spoiled(5)))
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(baseline(tmp_path / "a")), "utf-8")
    assert compare(side(kept), side(tmp_path / "b")).rows == (
        compare(side(tmp_path / "a"), side(tmp_path / "b")).rows
    )
    assert not compare(side(kept), side(tmp_path / "a")).regressed


def test_runs_that_share_nothing_are_not_compared(
    setting: Setting, many: Path, questions: Path, tmp_path: Path
) -> None:
    run(setting, tmp_path / "a", many, Scripted(right))
    run(setting, tmp_path / "b", questions, Scripted(right))
    with pytest.raises(RunFolderError, match="share no scored sample"):
        compare(side(tmp_path / "a"), side(tmp_path / "b"))
    (tmp_path / "nonsense.json").write_text("[]", "utf-8")
    with pytest.raises(RunFolderError, match="neither a run nor a baseline"):
        side(tmp_path / "nonsense.json")
