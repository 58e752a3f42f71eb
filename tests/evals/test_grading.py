"""Grading: people on a page, a model, agreement; what is kept survives anything."""

from __future__ import annotations

import json
import random
import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml
from starlette.testclient import TestClient

from assistant.errors import ModelUnavailable
from assistant.language_model.scripted import ScriptedModel
from assistant.language_model.settings import ModelSettings
from evals.errors import EvalError
from evals.grading import command, labelled
from evals.grading.agreement import agreement
from evals.grading.app import HOST, Desk, create_app, listen
from evals.grading.grades import Ledger, checked_name, file_of, read_book
from evals.grading.items import Item, drawn, items_of
from evals.grading.model import GRAMMAR, grade_all, name_of, parsed, prompt_of
from evals.grading.section import section
from evals.grading.words import Grade, Reason, Verdict
from evals.ground import Ground, read
from evals.report.write import write_report
from evals.running.folder import RunFolder, dump
from evals.samples import load
from evals.vocabulary import State
from tests.bots.conftest import chromium  # noqa: F401 - a fixture
from tests.evals import crafted

GOOD = '{"verdict": "partial", "reasons": ["missing"], "readability": 4, "tone": 5}'


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A scored run of twelve questions of three kinds; every answer is the crafted one."""
    questions = tmp_path / "mine.jsonl"
    rows = [
        {"_id": f"q{n}", "text": f"Câu hỏi <b>{n}</b>?", "kind": "abc"[n % 3], "split": "dev",
         "as_of": "2026-11-22", "target": {"status": ["answered"], "facts": [
             {"slot": "fees", "type": "money", "value": 200000}]}}
        for n in range(12)
    ]  # fmt: skip
    rows.append({"_id": "talk", "turns": [{"text": "Một?"}, {"text": "Hai?"}], "split": "test"})
    questions.write_text("".join(map(dump, rows)), encoding="utf-8")
    folder = RunFolder(tmp_path / "run")
    folder.begin({
        "tasks": ["answers"], "subjects": {"troly": {"role": "own", "most": 0}},
        "groups": {"mine": {}}, "asked": {"datasets": [str(questions)]},
    })  # fmt: skip
    crafted.ground(folder.path)
    told = crafted.answer().model_dump(mode="json")
    lines = [
        {"_id": s.id, "sample": s.hash, "answers": [told] * len(s.turns)}
        for s in load(questions).samples
    ]
    path = folder.generated("troly", "mine")
    path.parent.mkdir(parents=True)
    path.write_text("".join(map(dump, lines)), encoding="utf-8")
    return folder


def items(run: RunFolder) -> list[Item]:
    return items_of(run, "troly")


def grade(item: Item, verdict: Verdict | None, **other: Any) -> Grade:
    return Grade(item.key, item.sample.hash, item.hash, verdict, **other)


def graded(run: RunFolder, name: str, verdicts: Sequence[Verdict]) -> None:
    with Ledger(file_of(run.path, name)) as ledger:
        for item, verdict in zip(drawn(items(run), 40, 1, "all"), verdicts, strict=False):
            ledger.keep(grade(item, verdict))


# --- which answers ------------------------------------------------------------------------------


def test_two_graders_are_given_the_same_answers_each_kind_in_proportion(run: RunFolder) -> None:
    all_ = items(run)
    assert len(all_) == 13
    six = drawn(all_, 6, 1, "dev")
    assert [i.key for i in six] == [i.key for i in drawn(list(reversed(all_)), 6, 1, "dev")]
    assert [i.key for i in drawn(all_, 3, 1, "dev")] == [i.key for i in six[:3]]
    assert [i.key for i in six] != [i.key for i in drawn(all_, 6, 2, "dev")]
    for seed in range(20):
        kinds = [i.sample.kind for i in drawn(all_, 6, seed, "dev")]
        assert {kinds.count(kind) for kind in "abc"} == {2}
    assert [i.sample.id for i in drawn(all_, 9, 1, "test")] == ["talk"]


def test_what_cannot_be_graded_is_said(run: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"không hỏi “http”\. Có: troly"):
        items_of(run, "http")
    with pytest.raises(EvalError, match="is no run"):
        items_of(RunFolder(tmp_path / "nowhere"), "troly")
    with pytest.raises(EvalError, match="dev, test hoặc all"):
        drawn(items(run), 3, 1, "both")
    run.generated("troly", "mine").unlink()
    with pytest.raises(EvalError, match="chưa có câu trả lời nào"):
        items_of(run, "troly")


# --- what is kept -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../lan", "a/b", "/etc/passwd", "", "..", "-x", "a" * 41, "a\nb", "model-x", "a\\b"]
)
def test_a_name_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(EvalError, match=r"Hãy|Ví dụ"):
        checked_name(name)
    assert checked_name(" Nguyễn Văn A ") == "Nguyễn Văn A"


def test_the_latest_line_holds_and_undo_brings_the_one_before_back(run: RunFolder) -> None:
    one, two, *_ = items(run)
    path = file_of(run.path, "lan")
    with Ledger(path) as ledger:
        ledger.keep(grade(one, Verdict.RIGHT))
        ledger.keep(grade(two, None))
        ledger.keep(grade(one, Verdict.WRONG, reasons=(Reason.OUTDATED,), comment="cũ\nrồi"))
        assert ledger.undo()
        assert ledger.book.latest()[one.key].verdict is Verdict.RIGHT
    assert read_book(path).latest() == ledger.book.latest()
    assert read_book(path).latest()[two.key].skipped
    assert len(path.read_text("utf-8").splitlines()) == 4  # nothing was rewritten
    with Ledger(path) as ledger:  # also when begun anew
        assert ledger.undo() is not None
        assert ledger.undo() is not None
        assert ledger.undo() is None


def test_a_line_cut_anywhere_costs_itself_alone(run: RunFolder) -> None:
    one, two, *_ = items(run)
    path = file_of(run.path, "lan")
    with Ledger(path) as ledger:
        ledger.keep(grade(one, Verdict.RIGHT))
        ledger.keep(grade(two, Verdict.PARTIAL, comment="một ghi chú có dấu"))
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for cut in range(first, len(whole), 7):
        path.write_bytes(whole[:cut])
        with Ledger(path) as ledger:
            assert set(ledger.book.latest()) == {one.key}
            assert [line.where for line in ledger.book.bad] == [f"{path}:2"] * (cut > first)
            ledger.keep(grade(two, Verdict.WRONG))
        assert read_book(path).latest()[two.key].verdict is Verdict.WRONG


def test_nobody_writes_into_anothers_file_or_twice_into_ones_own(run: RunFolder) -> None:
    path = file_of(run.path, "lan")
    with (
        Ledger(path) as ledger,
        pytest.raises(EvalError, match="cửa sổ chấm khác"),
        Ledger(path),
    ):
        pass
    with Ledger(path) as ledger:
        ledger.keep(grade(items(run)[0], Verdict.RIGHT))
    path.rename(file_of(run.path, "minh"))
    with pytest.raises(EvalError, match="của người chấm “lan”"), Ledger(file_of(run.path, "minh")):
        pass
    found = section(run, [])
    assert found is not None
    assert found["graders"][0]["n"] == 0
    assert "lan" in found["bad_lines"][0]["why"]


def test_a_full_disk_is_said_and_the_grade_is_not_taken_for_kept(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with Ledger(file_of(run.path, "lan")) as ledger:
        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(EvalError, match=r"No space left.*lưu lần nữa"):
            ledger.keep(grade(items(run)[0], Verdict.RIGHT))
        assert ledger.book.latest() == {}


def test_half_a_line_of_a_full_disk_does_not_swallow_the_next(run: RunFolder) -> None:
    one, two, *_ = items(run)

    class Full:
        """Takes thirty bytes and no more."""

        def __init__(self, file: Any) -> None:
            self.file = file

        def write(self, data: bytes) -> int:
            return int(self.file.write(data[:30]))

    with Ledger(file_of(run.path, "lan")) as ledger:
        file, ledger._file = ledger._file, Full(ledger._file)  # type: ignore[assignment]
        with pytest.raises(EvalError, match="No space left"):
            ledger.keep(grade(one, Verdict.RIGHT))
        ledger._file = file
        ledger.keep(grade(two, Verdict.WRONG))
    book = read_book(ledger.path)
    assert set(book.latest()) == {two.key}
    assert len(book.bad) == 1


# --- the page -----------------------------------------------------------------------------------


@pytest.fixture
def desk(run: RunFolder) -> Iterator[Desk]:
    with Ledger(file_of(run.path, "lan")) as ledger:
        yield Desk(drawn(items(run), 4, 1, "dev"), ledger, read(run.path))


@pytest.fixture
def page(desk: Desk) -> TestClient:
    return TestClient(create_app(desk), base_url=f"http://{HOST}", follow_redirects=True)


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def test_a_grade_is_kept_at_once_and_the_next_answer_shown(page: TestClient, desk: Desk) -> None:
    first = page.get(f"{desk.base}/")
    assert first.url.path == f"{desk.base}/1"
    assert "&lt;b&gt;" in first.text
    assert "200.000 đồng" in text(first.text)
    sent = {"verdict": "wrong", "reason": ["outdated", "missing"], "readability": "2",
            "comment": "Mức “cũ”\r\n từ 2021"}  # fmt: skip
    second = page.post(f"{desk.base}/1", data=sent)
    assert second.url.path == f"{desk.base}/2"
    assert "Đã chấm 1/4" in second.text
    kept = read_book(desk.ledger.path).latest()[desk.items[0].key]
    assert kept.verdict is Verdict.WRONG
    assert kept.reasons == (Reason.OUTDATED, Reason.MISSING)
    assert (kept.readability, kept.comment) == (2, "Mức “cũ”\n từ 2021")
    again = page.get(f"{desk.base}/1").text
    assert len(re.findall(r'value="(?:wrong|outdated|missing|2)"[^>]* checked', again)) == 3 + 1


def test_skip_undo_and_the_end(page: TestClient, desk: Desk) -> None:
    assert page.post(f"{desk.base}/1", data={"action": "skip"}).url.path.endswith("/2")
    for at in (2, 3, 4):
        last = page.post(f"{desk.base}/{at}", data={"verdict": "right"})
    assert last.url.path == f"{desk.base}/done"
    assert "Chấm 1 câu đã bỏ qua" in text(last.text)
    assert str(desk.ledger.path) in last.text
    assert page.post(f"{desk.base}/undo").url.path == f"{desk.base}/4"
    assert page.post(f"{desk.base}/4", data={"verdict": "right"}).url.path == f"{desk.base}/done"


def test_a_form_without_verdict_is_sent_back_with_what_was_written(
    page: TestClient, desk: Desk
) -> None:
    sent = {"comment": "đã viết <dở>", "reason": "unclear", "readability": "9"}
    back = page.post(f"{desk.base}/1", data=sent)
    assert back.status_code == 400
    assert "Hãy chọn Đúng" in back.text
    assert "đã viết &lt;dở&gt;" in back.text
    assert desk.grades() == {}
    assert page.post(f"{desk.base}/1", content=b"\xff\xfe").status_code == 400
    assert page.post(f"{desk.base}/1", content=b"a" * 70_000).status_code == 400


def test_the_quote_opens_inside_the_source_and_a_false_one_is_marked(
    page: TestClient, desk: Desk
) -> None:
    shown = page.get(f"{desk.base}/1").text
    assert f"<mark>{crafted.FEES}</mark>" in shown
    (address,) = set(re.findall(r'href="([^"]+/source/[^"]+)"', shown))
    whole = page.get(address.replace("&amp;", "&").partition("#")[0]).text
    assert f'<mark id="doan">{crafted.FEES}</mark>' in whole
    assert page.get(f"{desk.base}/source/{'0' * 64}").status_code == 404
    false = crafted.answer(None, crafted.citation(crafted.FEES, start=3, end=9))
    desk.items = [Item("troly", desk.items[0].sample, (false,))]
    assert "KHÔNG khớp" in page.get(f"{desk.base}/1").text
    desk.ground = Ground({}, "")
    assert "Không có bản lưu" in page.get(f"{desk.base}/1").text


def test_only_who_has_the_secret_sees_anything(page: TestClient, desk: Desk) -> None:
    for path in ("/", "/1", "/x/1", f"{desk.base}x/1", "/static/grade.css", "/docs"):
        found = page.get(path)
        assert found.status_code == 404
        assert desk.secret not in found.text
    assert page.get(f"{desk.base}/1", headers={"Host": "evil.example"}).status_code == 400
    assert page.get(f"{desk.base}/99").status_code == 404
    assert page.get(f"{desk.base}/static/..%2fapp.py").status_code == 404
    shown = page.get(f"{desk.base}/1")
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "minh" not in shown.text
    assert len(desk.secret) > 30


def test_a_second_grader_sees_nothing_of_the_first(run: RunFolder, page: TestClient,
                                                   desk: Desk) -> None:  # fmt: skip
    page.post(f"{desk.base}/1", data={"verdict": "wrong", "comment": "của lan"})
    with Ledger(file_of(run.path, "minh")) as ledger:
        other = Desk(desk.items, ledger, desk.ground)
        shown = TestClient(create_app(other), base_url=f"http://{HOST}").get(f"{other.base}/1").text
    assert "của lan" not in shown
    assert "checked" not in shown
    assert "Đã chấm 0/4" in shown


def test_a_port_that_is_taken_is_said() -> None:
    with listen(0) as taken, pytest.raises(EvalError, match="chọn cổng khác"):
        listen(taken.getsockname()[1])


# --- agreement ----------------------------------------------------------------------------------


def test_kappa_is_what_a_hand_gets() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed .7, expected .5.
    ours = [0] * 25 + [1] * 25
    theirs = [0] * 20 + [1] * 5 + [0] * 10 + [1] * 15
    found = agreement(ours, theirs, 2)
    assert (found["n"], found["agreement"], found["kappa"]) == (50, 0.7, 0.4)
    assert found["weighted"] == found["kappa"]  # with two classes there is one step only
    assert found["kappa_low"] < 0.4 < found["kappa_high"]
    assert agreement(ours, theirs, 2) == found


def test_weighted_kappa_counts_one_step_as_half_of_two() -> None:
    ours, near, far = [0, 1, 2] * 10, [0, 1, 1] * 10, [0, 1, 0] * 10
    close, distant = agreement(ours, near, 3), agreement(ours, far, 3)
    assert close["weighted"] > close["kappa"]
    assert distant["weighted"] < close["weighted"]
    # observed cost 1/3; expected: over our classes (thirds) against 1/3 zeros and 2/3 ones.
    assert close["weighted"] == pytest.approx(1 - (1 / 3) / (1 / 3 * 1 + 2 / 3 * 2 / 3), abs=1e-4)


def test_kappa_where_there_is_none() -> None:
    assert agreement([], [], 3)["kappa"] is None
    alone = agreement([0, 0, 0], [0, 0, 0], 3)
    assert (alone["kappa"], alone["agreement"]) == (None, 1.0)
    assert agreement([0, 1, 2] * 5, [0, 1, 2] * 5, 3)["kappa"] == 1.0
    chance = random.Random(3)  # noqa: S311
    ours, theirs = ([chance.randrange(3) for _ in range(3000)] for _ in range(2))
    assert abs(agreement(ours, theirs, 3)["kappa"]) < 0.05


def test_the_section_holds_graders_pairs_the_suite_and_where_they_differ(run: RunFolder) -> None:
    assert section(run, []) is None
    right, partial, wrong = Verdict.RIGHT, Verdict.PARTIAL, Verdict.WRONG
    graded(run, "lan", [right, right, partial, wrong, Verdict.UNGRADABLE])
    graded(run, "minh", [right, wrong, partial, wrong])
    order = drawn(items(run), 40, 1, "all")
    scores = [
        {"task": "answers", "subject": "troly", "dataset": "mine", "sample": item.sample.id,
         "measure": measure, "state": "scored", "value": value}
        for item in order[:5]
        for measure, value in (("whole", 1.0), ("wrong", 0.0), ("facts found", 1.0))
    ]  # fmt: skip
    found = section(run, scores)
    assert found is not None
    assert json.dumps(found) == json.dumps(section(run, scores))
    lan, _ = found["graders"]
    assert lan["n"] == 5
    assert lan["verdicts"] == {"right": 2, "partial": 1, "wrong": 1, "ungradable": 1}
    (pair,) = found["pairs"]
    assert (pair["a"], pair["b"], pair["n"], pair["left_out"]) == ("lan", "minh", 4, 0)
    assert pair["agreement"] == 0.75
    assert {(row["grader"], row["task"], row["n"]) for row in found["with_suite"]} == {
        ("lan", "answers", 4), ("minh", "answers", 4),
    }  # fmt: skip
    first = found["disagreements"][0]
    assert first["sample"] == order[1].sample.id  # right against wrong goes before all others
    assert first["grades"]["minh"]["verdict"] == "wrong"
    assert first["suite"] == {"answers": "right"}


def test_the_report_tells_it_in_both_languages_and_as_csv(run: RunFolder) -> None:
    graded(run, "lan", [Verdict.RIGHT, Verdict.WRONG, Verdict.PARTIAL])
    graded(run, "minh", [Verdict.RIGHT] * 3)
    file = labelled.folder_of(run.path) / "model-x.jsonl"
    grade_all(ScriptedModel([GOOD], name="x"), labelled.read()[0], file, seconds=5)
    verdict = {"may_go_live": True, "blockers": 0, "goals_met": 0, "goals": 0, "errors": 0}
    asked = {"version": "1", "as_of": "2026-11-22"}
    told = {"schema": 1, "run": asked, "verdict": verdict}
    run.write("report.json", json.dumps(told))
    write_report(run)
    assert "Người chấm" not in (run.path / "report.html").read_text("utf-8")
    command.renew(run, lambda _: None)
    write_report(run)
    html = (run.path / "report.html").read_text("utf-8")
    for words in ("lan – minh", "Chấm khác nhau", "Where they differ", "&lt;b&gt;", "dưới 0,4"):
        assert words in html
    table = (run.path / "report.csv").read_text("utf-8")
    assert "grading,kappa,lan - minh,all,0.0,0.0,0.0,3" in table
    assert "grading,kappa,model-x - labelled reading 1,all,0.0," in table


def test_a_grade_of_another_answer_does_not_hold(run: RunFolder) -> None:
    graded(run, "lan", [Verdict.RIGHT] * 3)
    path = run.generated("troly", "mine")
    path.write_text(path.read_text("utf-8").replace("200.000", "999.000"), encoding="utf-8")
    found = section(run, [])
    assert found is not None
    assert (found["graders"][0]["n"], found["graders"][0]["outdated"]) == (0, 3)


def test_grades_are_exported_and_no_cell_is_a_formula(run: RunFolder, tmp_path: Path) -> None:
    out = tmp_path / "grades.csv"
    with pytest.raises(EvalError, match="chưa có ai chấm"):
        command.export(run, out)
    with Ledger(file_of(run.path, "lan")) as ledger:
        ledger.keep(grade(items(run)[0], Verdict.WRONG, comment="=1+1"))
    assert command.export(run, out) == 1
    told = out.read_text("utf-8-sig")
    assert "'=1+1" in told
    assert "Câu hỏi" in told


# --- a model ------------------------------------------------------------------------------------


def test_a_good_model_is_parsed_kept_and_not_asked_again(run: RunFolder, tmp_path: Path) -> None:
    model = ScriptedModel([GOOD], name="openai:judge/1")
    file = file_of(run.path, name_of(model.name))
    assert file.name == "model-openai-judge-1.jsonl"
    first = grade_all(model, items(run), file, seconds=5)
    assert len(model.prompts) == 13
    assert {g.verdict for g in first} == {Verdict.PARTIAL}
    assert (first[0].reasons, first[0].readability, first[0].tone) == ((Reason.MISSING,), 4, 5)
    assert grade_all(model, items(run), file, seconds=5) == first
    assert len(model.prompts) == 13
    assert model.prompts[0].grammar == GRAMMAR
    asked = model.prompts[0].user
    assert "200.000 đồng" in asked
    assert "Câu hỏi <b>0</b>?" in asked
    assert "phí, lệ phí: 200.000 đồng" in asked
    row = json.loads(file.read_text("utf-8").splitlines()[0])
    assert row["model"] == "openai:judge/1"
    assert len(row["prompt"]) == 12


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Câu trả lời đúng.",
        f"```json\n{GOOD}\n```",
        f"Được: {GOOD}",
        f"{GOOD} Vì câu trả lời nêu đủ.",
        GOOD[:-1],
        GOOD.replace("partial", "excellent"),
        GOOD.replace("missing", "boring"),
        GOOD.replace("4", "6"),
        GOOD.replace("4", '"4"'),
        GOOD.replace("4", "true"),
        GOOD.replace("}", ', "why": "x"}'),
        '{"verdict": "right"}',
        "[]",
        "null",
        f"[{GOOD}]",
        "{" * 5000,
    ],
)
def test_what_is_not_the_form_is_an_error_and_never_a_pass(run: RunFolder, said: str) -> None:
    found = parsed(said, items(run)[0])
    assert found.state is State.ERROR
    assert found.verdict is None
    assert "does not parse" in found.comment
    assert not found.skipped


def test_rambling_is_cut_off_and_errors_are_tried_again(run: RunFolder) -> None:
    rambling = ScriptedModel(["rất hay " * 5000], name="judge")
    file = file_of(run.path, "model-judge")
    few = items(run)[:2]
    long = [grade_all(rambling, few, file, seconds=5)]
    assert all(g.state is State.ERROR for g in long[0])
    found = section(run, [])
    assert found is not None
    told = found["graders"][0]
    assert (told["kind"], told["n"], told["errors"]) == ("model", 0, 2)
    assert {e["sample"] for e in told["error_list"]} == {i.sample.id for i in few}
    healed = grade_all(ScriptedModel([GOOD], name="judge"), few, file, seconds=5)
    assert all(g.verdict is Verdict.PARTIAL for g in healed)
    assert section(run, [])["graders"][0]["errors"] == 0  # type: ignore[index]


def test_a_dead_or_slow_model_is_named_and_soon_left_alone(run: RunFolder) -> None:
    dead = ScriptedModel([GOOD], name="dead", failure=ModelUnavailable("nobody is there"))
    found = grade_all(dead, items(run), file_of(run.path, "model-dead"), seconds=5)
    assert len(found) == 13
    assert all(g.state is State.ERROR and "nobody is there" in g.comment for g in found)
    assert len(dead.prompts) == 3
    slow = ScriptedModel([GOOD], name="slow", delay=1)
    found = grade_all(slow, items(run)[:1], file_of(run.path, "model-slow"), seconds=0.05)
    assert "ModelTimeout" in found[0].comment


def test_a_long_answer_is_cut_to_fit_the_window(run: RunFolder) -> None:
    item = items(run)[0]
    long = Item("troly", item.sample, (crafted.answer("dài " * 20_000, crafted.citation("Lệ")),))
    assert len(prompt_of(long, 2048).user) < 2048 * 2
    assert "[…]" in prompt_of(long, 2048).user


def test_a_model_is_held_against_the_labelled_sample(run: RunFolder) -> None:
    known, labels = labelled.read()
    assert len(known) >= 60
    verdicts = [label.verdict for pair in labels.values() for label in pair]
    assert all(verdicts.count(v) >= 20 for v in (Verdict.RIGHT, Verdict.PARTIAL, Verdict.WRONG))
    reasons = {reason for pair in labels.values() for label in pair for reason in label.reasons}
    assert reasons == set(Reason)
    by_text = {prompt_of(item).user: labels[item.key][0] for item in known}

    def knows(prompt: Any) -> str:
        label = by_text.get(prompt.user)
        verdict = label.verdict.value if label else "right"
        return f'{{"verdict": "{verdict}", "reasons": [], "readability": 3, "tone": 3}}'

    said: list[str] = []
    settings = ModelSettings(kind="scripted", context=4096)
    judge = ScriptedModel(knows, name="seer")
    command.judged_by(
        judge, run, items(run)[:2], settings, said.append, lambda *_: None, with_labelled=True
    )
    found = section(run, [])
    assert found is not None
    (seer,) = found["labelled"]["models"]
    assert seer["model"] == "model-seer"
    assert seer["readings"][0]["kappa"] == 1.0
    assert 0.8 < seer["readings"][1]["kappa"] < 1.0
    assert seer["readings"][1]["kappa"] == found["labelled"]["readings"]["kappa"]
    assert "lỗi 0" in said[0]
    assert found["graders"][0]["n"] == 2
    assert any("seer" in line for line in command.lines_of(found))


def test_grades_reach_the_report_and_never_its_verdict(run: RunFolder) -> None:
    verdict = {"may_go_live": True, "blockers": 0}
    run.write("report.json", json.dumps({"schema": 1, "verdict": verdict}))
    graded(run, "lan", [Verdict.WRONG] * 3)
    said: list[str] = []
    command.renew(run, said.append)
    report = run.report()
    assert report["verdict"] == verdict
    assert report["grading"]["graders"][0]["verdicts"]["wrong"] == 3
    assert "troly eval report" in said[-1]


def test_many_clicks_at_once_lose_nothing(desk: Desk) -> None:
    fields = {"verdict": ["right"]}
    threads = [threading.Thread(target=desk.keep, args=(at % 4, fields)) for at in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(desk.ledger.path.read_text("utf-8").splitlines()) == 40
    assert read_book(desk.ledger.path).bad == []


@pytest.fixture
def served(desk: Desk) -> Iterator[str]:
    """The page on a real socket."""
    config = uvicorn.Config(create_app(desk), log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with listen(0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://{HOST}:{listening.getsockname()[1]}{desk.base}"
        server.should_exit = True
        thread.join(10)


def press(tab: Any, key: str) -> None:
    code, typed = (13, "\r") if key == "Enter" else (ord(key.upper()), key)
    for kind in ("keyDown", "keyUp"):
        tab.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                 text=typed)  # fmt: skip


def arrived(tab: Any, number: int) -> None:
    tab.wait(f"location.pathname.endsWith('/{number}') && document.readyState === 'complete'")


@pytest.mark.browser
def test_the_keyboard_is_enough(chromium: Any, served: str, desk: Desk) -> None:  # noqa: F811
    chromium.requests.clear()
    chromium.faults.clear()
    chromium.open(f"{served}/", width=1200)
    assert chromium.run("document.querySelector('#expected').open") is False
    chromium.run("document.querySelector('a.cite').click()")
    chromium.wait("document.querySelector('.sources details[open] mark')")
    for key in "2ev":
        press(chromium, key)
    press(chromium, "/")
    chromium.type("thiếu nơi nộp, 1 2 3")
    chromium.press("Escape", 27)
    chromium.open(f"{served}/3")  # looking elsewhere loses nothing that was begun
    chromium.open(f"{served}/1")
    press(chromium, "Enter")
    arrived(chromium, 2)
    kept = read_book(desk.ledger.path).latest()[desk.items[0].key]
    assert (kept.verdict, kept.reasons, kept.readability) == (
        Verdict.PARTIAL, (Reason.MISSING,), 4,
    )  # fmt: skip
    assert kept.comment == "thiếu nơi nộp, 1 2 3"
    press(chromium, "s")
    arrived(chromium, 3)
    press(chromium, "u")
    arrived(chromium, 2)
    assert chromium.faults == []
    assert all(each.startswith((served, "data:")) for each in chromium.requests)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_it_fits_and_everything_can_be_touched(
    chromium: Any,  # noqa: F811
    served: str,
    width: int,
) -> None:
    chromium.open(f"{served}/1", width=width, height=800)
    assert chromium.run("document.documentElement.scrollWidth <= innerWidth")
    small = chromium.run(
        "[...document.querySelectorAll('button, summary, fieldset label, .button')]"
        ".filter(e => e.offsetParent && e.offsetHeight < 44).map(e => e.outerHTML)"
    )
    assert small == []
    nodes = chromium.call("Accessibility.getFullAXTree")["nodes"]
    controls = ("button", "checkbox", "radio", "link", "textbox")
    nameless = [
        node for node in nodes
        if node.get("role", {}).get("value") in controls and not node["name"].get("value")
    ]  # fmt: skip
    assert nameless == []


def test_the_labelled_set_says_whose_readings_they_are() -> None:
    card = yaml.safe_load((labelled.BUNDLED / "graded" / "dataset.yml").read_text("utf-8"))
    assert "one author" in card["origin"]
    assert card["tasks"] == []
