"""``troly ingest``: what is new is read, what is unchanged is skipped, what fails is said."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from knowledge_base.documents import DocumentKind
from knowledge_base.home import Home
from knowledge_base.index.swap import current
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.ingest_commands import ingest
from knowledge_base.ingest_report import Report
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

SETTINGS = KnowledgeSettings(embedder="none", bundled_corpus=False)
PROSE = "Người dân nộp hồ sơ tại bộ phận một cửa và nhận kết quả theo giấy hẹn đã ghi rõ ngày."


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "huong-dan"
    (folder / "sau").mkdir(parents=True)
    (folder / "a.md").write_text(f"# Nộp hồ sơ\n\n{PROSE}")
    (folder / "sau" / "b.txt").write_text(PROSE)
    (folder / "c.pdf").write_bytes(b"\x00\x01\x02")
    (folder / ".giau.txt").write_text(PROSE)
    return folder


def corpus(folder: Path, *lines: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "corpus.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(texts))
    return path


def take(home: Home, *paths: Path, labels: tuple[str, ...] | None = None) -> Report:
    return ingest_files(list(paths), Target(home, labels), SETTINGS)


def test_a_folder_with_one_bad_file(home: Home, folder: Path) -> None:
    report = take(home, folder)
    assert (report.added, report.files) == (2, 3)
    assert [Path(failure.path).name for failure in report.failed] == ["c.pdf"]
    record = Record(home.record())
    assert record.ids() == ["file:huong-dan/a.md", "file:huong-dan/sau/b.txt"]
    document = record.document("file:huong-dan/a.md")
    assert document is not None
    assert (document.title, document.labels) == ("Nộp hồ sơ", ("public",))
    assert document.kind is DocumentKind.GUIDANCE


def test_again_and_after_a_change(home: Home, folder: Path) -> None:
    take(home, folder)
    again = take(home, folder)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    (folder / "a.md").write_text(f"# Nộp hồ sơ\n\n{PROSE} Có thay đổi.")
    after = take(home, folder)
    assert (after.added, after.changed, after.unchanged) == (0, 1, 1)


def test_a_law_is_known_as_one(home: Home, tmp_path: Path) -> None:
    law = tmp_path / "nd.txt"
    law.write_text(
        "CHÍNH PHỦ\nSố: 30/2020/NĐ-CP\n\nNGHỊ ĐỊNH\nVề công tác văn thư\n\n"
        f"Điều 1. Phạm vi\n{PROSE}\n\nĐiều 2. Đối tượng\n{PROSE}"
    )
    take(home, law)
    (document,) = Record(home.record()).documents()
    assert (document.kind, document.number) == (DocumentKind.LAW, "30/2020/NĐ-CP")
    assert document.title == "Nghị định về công tác văn thư"
    assert ("Điều 2. Đối tượng",) in [section.path for section in document.sections]


def test_a_corpus_in_beir_form(home: Home, tmp_path: Path) -> None:
    path = corpus(
        tmp_path / "luat",
        {"_id": "d1", "title": "Tên", "text": "Một."},
        {"_id": 2, "text": "Hai.", "metadata": {}},
        "{hỏng",
        {"title": "không có _id", "text": "x"},
        {"_id": "d1", "title": "", "text": "lặp lại"},
        {"_id": "d4", "title": "", "text": " "},
        "",
        {"_id": "d5", "title": "Chỉ có tên"},
    )
    (tmp_path / "luat" / "queries.jsonl").write_text('{"_id": "q", "text": "câu hỏi"}')
    (tmp_path / "luat" / "qrels").mkdir()
    (tmp_path / "luat" / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore")
    report = take(home, path.parent)
    assert report.added == 3
    assert [failure.path.rsplit(":", 1)[1] for failure in report.failed] == ["3", "4", "5", "6"]
    documents = list(Record(home.record()).documents())
    assert [d.id for d in documents] == ["beir:luat/2", "beir:luat/d1", "beir:luat/d5"]
    assert [d.source_id for d in documents] == ["2", "d1", "d5"]
    assert (documents[1].title, documents[1].text) == ("Tên", "Một.")


def test_a_thousand_lines_and_one_changed(home: Home, tmp_path: Path) -> None:
    lines = [{"_id": f"d{n}", "title": f"Điều {n}", "text": f"Nội dung {n}."} for n in range(1001)]
    take(home, corpus(tmp_path / "kho", *lines))
    lines[500]["text"] = "Nội dung đã sửa."
    report = take(home, corpus(tmp_path / "kho", *lines))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1000)


def test_a_file_that_is_no_corpus(home: Home, tmp_path: Path) -> None:
    report = take(home, corpus(tmp_path / "x", "một dòng", "hai dòng"))
    assert report.taken == 0
    assert "không có dòng nào dạng BEIR" in report.failed[-1].reason


def test_names_that_do_not_exist(home: Home, tmp_path: Path) -> None:
    report = take(home, tmp_path / "khong-co.txt")
    assert report.failed[0].reason == "không có tệp hay thư mục này"


def test_two_folders_of_one_name(home: Home, tmp_path: Path) -> None:
    for parent in "ab":
        (tmp_path / parent / "ho-so").mkdir(parents=True)
        (tmp_path / parent / "ho-so" / "x.txt").write_text(f"{PROSE} {parent}")
    report = take(home, tmp_path / "a" / "ho-so", tmp_path / "b" / "ho-so")
    assert report.added == 1
    assert "--collection" in report.failed[0].reason


# --- labels ----------------------------------------------------------------------------------


def test_a_labelled_file_never_touches_the_public_store(home: Home, folder: Path) -> None:
    take(home, folder / "a.md", labels=("noi-bo",))
    assert not home.record("public").exists()
    (document,) = Record(home.record("restricted")).documents()
    assert document.labels == ("noi-bo",)


def test_a_public_text_that_becomes_restricted_leaves_nothing_behind(
    home: Home, folder: Path
) -> None:
    take(home, folder / "a.md")
    public = Record(home.record("public"))
    sha = next(public.documents()).sha256
    take(home, folder / "a.md", labels=("noi-bo",))
    assert public.ids() == []
    assert public.version(sha) is None
    # Without a word about labels it does not become public again …
    report = take(home, folder / "a.md")
    assert "--label public" in report.failed[0].reason
    assert public.ids() == []
    # … and when the operator says so, it does.
    take(home, folder / "a.md", labels=("public",))
    assert public.ids() == ["file:huong-dan/a.md"]
    assert Record(home.record("restricted")).ids() == []


# --- the command -----------------------------------------------------------------------------


@dataclass
class State:
    home: Home
    console: Console
    knowledge: KnowledgeSettings = SETTINGS


def command(home: Home, *arguments: str) -> tuple[int, str, str]:
    app = typer.Typer()
    app.command()(ingest)
    words = io.StringIO()
    state = State(home, Console(file=words, width=300))
    result = CliRunner().invoke(app, list(arguments), obj=state)
    return result.exit_code, result.stdout, words.getvalue()


def test_the_command_reports_and_builds_the_index(home: Home, folder: Path) -> None:
    code, out, _ = command(home, str(folder), "--json")
    report = json.loads(out)
    assert code == 0
    assert (report["added"], report["documents"], report["passages"]) == (2, 2, 2)
    assert report["failed"][0]["reason"].startswith("tệp nhị phân")
    assert {"changed", "unchanged", "seconds"} <= set(report)
    assert current(home.index()) is not None


def test_the_command_when_nothing_could_be_read(home: Home, folder: Path) -> None:
    code, out, err = command(home, str(folder / "c.pdf"))
    assert code == 1
    assert "không đọc được 1" in out
    assert "tệp nhị phân" in err


def test_the_command_used_wrongly(home: Home, folder: Path) -> None:
    assert command(home, str(folder), "--label", " ")[0] == 2
    assert command(home)[0] == 2
