"""The report: whole, escaped, the same each time, in two languages, and readable by anybody."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import troly
from evals.errors import RunFolderError
from evals.report import voice as voices
from evals.report.human import expected, fact, why
from evals.report.markup import Html, el, text
from evals.report.timings import Times, read_timings, spread
from evals.report.voice import Voice
from evals.report.write import write_report
from evals.running.folder import RunFolder

VI, EN = Voice("vi"), Voice("en")
HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(2)> & "q" \u202e\x00'
FIGURES = {"mean": 0.875, "low": 0.8, "high": 0.93, "n": 40, "unscored": 2, "errors": 1}
EMPTY = {"mean": None, "low": None, "high": None, "n": 0, "unscored": 3, "errors": 0}
EXAMPLE = {
    "task": "answers",
    "subject": "troly",
    "dataset": "citizens",
    "sample": "c0001",
    "kind": "short",
    "split": "dev",
    "measure": "whole",
    "value": 0.0,
    "why": "missing: fees: money 200000",
    "question": f"Hộ chiếu? ⏎ {HOSTILE}",
    "answer": HOSTILE,
    "status": "answered",
    "expected": {
        "status": ["answered", "no_source"],
        "codes": ["1.001456"],
        "facts": [{"slot": "fees", "type": "money", "value": 200000, "near": ["trực tuyến"]}],
        "allowed": {"money": [100000], "duration": ["8 working_day"]},
        "why": HOSTILE,
    },
    "evidence": [{"document_id": "law:1", "title": HOSTILE, "quote": HOSTILE}],
}


def measured(**figures: Any) -> dict[str, Any]:
    told = {**FIGURES, **figures}
    parts = {"dev": told, "test": {**told, "mean": 0.9}}
    kinds = {f"kind_{n}": {**told, "mean": n / 20} for n in range(14)}
    return {
        "all": told,
        "split": parts,
        "kind": kinds,
        "dataset": {"citizens": told, HOSTILE: told},
    }


def report(*, blocked: bool = True) -> dict[str, Any]:
    """report.json with one of everything."""
    subjects = {
        "troly": {"role": "own", "most": 0, "title": {"vi": "troly", "en": "troly"}, "model": None},
        "bm25": {"role": "baseline", "most": 9, "title": {"vi": HOSTILE, "en": HOSTILE}},
    }
    measures = {"whole": measured(), "wrong": measured(mean=0.1, low=0.05, high=0.2)}
    answers = {
        "name": "answers",
        "title": {"vi": "Trả lời", "en": "Answers"},
        "asks": {"vi": "Có đúng không?", "en": "Is it right?"},
        "headline": "whole",
        "measured": False,
        "lower_is_better": ["wrong"],
        "measure_titles": {"whole": {"vi": "đủ", "en": "whole"}},
        "subjects": {"troly": measures, "bm25": measures},
    }
    nothing = {"all": EMPTY, "split": {}, "kind": {}, "dataset": {}}
    latency = {
        "name": "latency",
        "title": {"vi": "Tốc độ", "en": "Speed"},
        "headline": "p95",
        "measured": True,
        "units": {"p95": "ms"},
        "subjects": {"troly": {"p95": measured(mean=812.0, low=700.0, high=900.0), "rss": nothing}},
    }
    goal = {"task": "answers", "measure": "whole", "subject": "troly", "split": "test", **FIGURES}
    goals = [
        {**goal, "at_least": 0.995, "at_most": None, "met": "no", "certain": True},
        {**goal, "at_least": 0.9, "at_most": None, "met": "no", "certain": False},
        {**goal, "at_least": 0.5, "at_most": None, "met": "yes", "certain": True, "kind": "short"},
        {**goal, **EMPTY, "at_least": None, "at_most": 0.1, "met": "unknown", "certain": False},
        {**goal, "task": "latency", "measure": "p95", "at_least": None, "at_most": 1000.0,
         "mean": 812.0, "low": 700.0, "high": 900.0, "met": "yes", "certain": True},
    ]  # fmt: skip
    error = {**{key: EXAMPLE[key] for key in ("task", "subject", "dataset", "sample")},
             "measure": "whole", "why": f"answers.jsonl:3: {HOSTILE}", "value": None}  # fmt: skip
    beside = {"task": "answers", "subject": "bm25", "n": 40, "ours": 0.875, "theirs": 0.7,
              "difference": 0.175, "low": 0.1, "high": 0.25}  # fmt: skip
    return {
        "schema": 1,
        "run": {
            "version": "9.9",
            "as_of": "2026-11-22",
            "tasks": ["answers"],
            "subjects": subjects,
            "groups": {"citizens": {"samples": 1234, "sha256": "ab" * 32}},
            "skipped": [{"what": "retrieval", "why": HOSTILE}],
            "asked": {"split": "dev", "limit": 5, "fast": False, "tasks": ["all"]},
        },
        "verdict": {"may_go_live": not blocked, "blockers": int(blocked), "goals_met": 2,
                    "goals": 5, "errors": 2},
        "blockers": [EXAMPLE] if blocked else [],
        "errors": [error] if blocked else [],
        "bad_lines": [{"where": "mine.jsonl:7", "why": HOSTILE}],
        "goals": goals,
        "beside": [{**beside, "measure": "whole"}, {**beside, "measure": "wrong"}],
        "tasks": [answers, latency],
        "worst": [EXAMPLE, {**EXAMPLE, "sample": "c0003", "split": "test", "expected": {},
                            "evidence": [], "answer": "", "question": ""}],
    }  # fmt: skip


def run_folder(path: Path, content: Any = None) -> RunFolder:
    folder = RunFolder(path)
    folder.write("run.yml", yaml.safe_dump({"tasks": ["answers"]}))
    folder.write("report.json", json.dumps(content or report()))
    times = [{"_id": f"c{n}", "ms": [n * 1.5], "steps": {"RetrieveEvidence": n}} for n in range(60)]
    lines = [json.dumps(row) for row in times]
    folder.write("timings/troly/citizens.jsonl", "\n".join([*lines, '{"ms": "odd"}', "{cut"]))
    return folder


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = run_folder(tmp_path_factory.mktemp("run"))
    write_report(folder)
    return (folder.path / "report.html").read_text("utf-8")


class Walk(HTMLParser):
    """Checks that tags nest, and keeps every element with its attributes."""

    void = frozenset({"meta", "br", "input", "link", "hr"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.children: dict[int, list[str]] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


# --- one safe file ------------------------------------------------------------------------------


def test_what_people_typed_is_never_markup(page: str) -> None:
    walk = Walk(page)
    assert len(walk.all("script")) == 1
    assert walk.all("img") == []
    assert not [key for _, attributes in walk.found for key in attributes if key.startswith("on")]
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page
    assert "\x00" not in page


def test_nothing_is_fetched_and_nothing_else_may_run(page: str) -> None:
    walk = Walk(page)
    assert not [a for _, a in walk.found if "src" in a or "style" in a]
    assert {tag for tag, _ in walk.found}.isdisjoint({"link", "iframe", "object", "base"})
    assert all(str(a["href"]).startswith("#") for a in walk.all("a"))
    assert not re.search(r"url\(|@import", page)
    policies = [a["content"] for a in walk.all("meta") if "http-equiv" in a]
    assert len(policies) == 1
    assert str(policies[0]).startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in str(policies[0])


def test_links_lead_somewhere_and_ids_are_single(page: str) -> None:
    walk = Walk(page)
    ids = [a["id"] for _, a in walk.found if "id" in a]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for a in walk.all("a")} <= set(map(str, ids))
    named = {a["aria-labelledby"] for _, a in walk.found if "aria-labelledby" in a}
    assert named <= set(ids)


def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    one, two = (run_folder(tmp_path / name) for name in ("one", "two"))
    two.write("timings/troly/citizens.jsonl", '{"_id": "c1", "ms": [99999]}\n')
    for folder in (one, two):
        write_report(folder, timings=False)
    for name in ("report.html", "report.csv"):
        assert (one.path / name).read_bytes() == (two.path / name).read_bytes()
    assert "operations-vi" not in (one.path / "report.html").read_text("utf-8")
    assert "latency" not in (one.path / "report.csv").read_text("utf-8")
    write_report(two)
    assert (one.path / "report.html").read_bytes() != (two.path / "report.html").read_bytes()


# --- for everybody ------------------------------------------------------------------------------


def test_tables_and_pictures_can_be_heard(page: str) -> None:
    walk = Walk(page)
    assert all(a.get("scope") in ("col", "row", "rowgroup") for a in walk.all("th"))
    pictures = [a for a in walk.all("svg") if a.get("role") == "img"]
    assert pictures
    assert all(a["aria-label"] for a in pictures)
    assert page.count('role="img"') == page.count("<desc>") == page.count("<title>") - 1
    assert page.count("<caption") == page.count("<table")
    headings = [int(tag[1]) for tag, _ in walk.found if re.fullmatch(r"h[1-6]", tag)]
    assert headings.count(1) == 2  # one a language, of which one is shown
    assert all(after <= before + 1 for before, after in pairwise(headings))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1])
def test_words_stand_out_from_their_ground(theme: int) -> None:
    style = (Path(voices.__file__).parent / "page.css").read_text("utf-8")
    found = re.findall(r":root \{(.*?)\}", style, flags=re.S)[theme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", found))
    pairs = [(word, ground) for word in ("ink", "soft", "link", "good", "bad", "unsure")
             for ground in ("paper", "sheet")]  # fmt: skip
    pairs += [(kind, f"{kind}-on") for kind in ("good", "bad", "unsure", "even")]
    for word, ground in pairs:
        light, dark = sorted((_luminance(colours[word]), _luminance(colours[ground])))[::-1]
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (word, ground)


def test_both_languages_stand_in_the_page_and_one_is_first(tmp_path: Path, page: str) -> None:
    assert '<html lang="vi">' in page
    assert "Chưa được đưa vào dùng" in page
    assert "It may not go live" in page
    folder = run_folder(tmp_path / "run")
    write_report(folder, lang="en", out=tmp_path / "other.html")
    english = (tmp_path / "other.html").read_text("utf-8")
    assert '<html lang="en">' in english
    assert [a["value"] for a in Walk(english).all("input") if "checked" in a] == ["en"]
    assert (tmp_path / "other.csv").exists()


def test_every_word_is_in_both_languages_and_takes_the_same_values() -> None:
    here = Path(voices.__file__).parent

    def walk(node: Any, path: str = "") -> None:
        if isinstance(node, dict) and {"vi", "en"} & node.keys():
            assert node.keys() == {"vi", "en"}, path
            holes = [sorted(re.findall(r"\{\w+\}", said)) for said in node.values()]
            assert holes[0] == holes[1], path
        elif isinstance(node, dict):
            for key, part in node.items():
                assert isinstance(key, str), f"{path}.{key}: YAML takes it for a truth"
                walk(part, f"{path}.{key}")

    for file in ("words.yml", "names.yml"):
        walk(yaml.safe_load((here / file).read_text("utf-8")))


@pytest.mark.browser
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium here")
def test_a_browser_runs_the_filters_and_hides_the_other_language(tmp_path: Path, page: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(page, "utf-8")
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert 'class="filters"' in done.stdout
    assert 'class="filters" hidden' not in done.stdout
    assert "<b>2</b>" in done.stdout


def test_an_answer_is_shown_with_its_status_once(page: str) -> None:
    assert 'Trợ lý trả lời<span class="soft"> (trả lời đủ)</span>' in page


# --- what it says -------------------------------------------------------------------------------


def test_the_board_says_why(page: str) -> None:
    vietnamese = page.split('<main lang="en"')[0]
    for said in (
        "1 điểm chặn",
        "5 mục tiêu: đạt 2, chưa đạt 2, chưa đo được 1",
        "chỉ lấy 5 mẫu mỗi bộ",
        "1.234",
        "≥ 99,5%",
        "Chưa đạt, chưa chắc",
        "troly hơn",
        "troly kém",  # more wrong answers is worse
        "87,5%",
        "trả lời đủ hoặc nói là không có nguồn",
        "lệ phí: 200.000 đồng (cùng dòng với “trực tuyến”)",
        "8 ngày làm việc",
        "Tìm nguồn",
        "Không cùng bài đo",
        "mine.jsonl:7",
    ):
        assert said in vietnamese, said
    assert "200,000 VND" in page
    assert '"type": "money"' not in page


def test_without_blockers_a_part_of_the_suite_is_not_enough_to_go_live(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", report(blocked=False))
    assert write_report(folder).verdict.may_go_live
    page = (folder.path / "report.html").read_text("utf-8")
    assert "Chưa đủ để kết luận" in page
    assert "Không có điểm chặn nào." in page


def test_the_previous_run_may_be_a_folder_and_must_share_samples(tmp_path: Path) -> None:
    score = {"task": "answers", "subject": "troly", "dataset": "citizens", "kind": "short",
             "split": "dev", "measure": "whole", "weight": 1.0, "state": "scored",
             "blocker": False, "why": "missing: fees: money 5"}  # fmt: skip
    before, after = (run_folder(tmp_path / name) for name in ("before", "after"))
    for folder, value in ((before, 1.0), (after, 0.0)):
        rows = [{**score, "sample": f"c{n}", "value": value if n < 20 else 1.0} for n in range(40)]
        folder.write("scores.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    write_report(after, previous=before.path)
    page = (after.path / "report.html").read_text("utf-8")
    assert "Có phần kém đi so với lần trước." in page
    assert "Mẫu đổi kết quả (20)" in page
    after.write("scores.jsonl", "")
    with pytest.raises(RunFolderError, match="share no scored sample"):
        write_report(after, previous=before.path)


def test_figures_as_csv(tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run")
    write_report(folder)
    head, *rows = (folder.path / "report.csv").read_text("utf-8").splitlines()
    assert head == "task,measure,subject,split,mean,low,high,n"
    assert "answers,whole,troly,all,0.875,0.8,0.93,40" in rows
    assert "answers,whole,troly,test,0.9,0.8,0.93,40" in rows
    assert "latency,rss,troly,all,,,,0" in rows


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([], "schema None"),
        ({"schema": 99}, "schema 99"),
        ({**report(), "goals": [{"task": 5}]}, r"damaged at goals\.0\.task"),
    ],
)
def test_an_odd_report_is_named_with_what_to_do(tmp_path: Path, content: Any, says: str) -> None:
    folder = run_folder(tmp_path / "run")
    folder.write("report.json", json.dumps(content))
    with pytest.raises(RunFolderError, match=says) as raised:
        write_report(folder)
    assert "troly eval score" in str(raised.value)
    assert not (folder.path / "report.html").exists()


def test_the_command_is_red_while_a_blocker_stands(tmp_path: Path) -> None:
    red = run_folder(tmp_path / "red")
    green = run_folder(tmp_path / "green", report(blocked=False))

    def run(*arguments: object) -> int:
        home = ["--home", str(tmp_path / "home"), "eval", "report"]
        return CliRunner().invoke(troly.app, [*home, *map(str, arguments)]).exit_code

    assert run(red.path) == 1
    assert run(green.path, "--no-timings", "--lang", "en") == 0
    assert run(green.path, "--lang", "fr") == 2
    assert run(green.path, "--out", tmp_path / "page.csv") == 2
    assert run(tmp_path / "nowhere") == 1
    assert (red.path / "report.html").exists()


# --- its parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1.0, "100%", "100\N{NO-BREAK SPACE}%"),
        (0.0, "0%", "0\N{NO-BREAK SPACE}%"),
        (0.99961, "99,96%", "99.96\N{NO-BREAK SPACE}%"),
        (0.0003, "0,03%", "0.03\N{NO-BREAK SPACE}%"),
        (0.875, "87,5%", "87.5\N{NO-BREAK SPACE}%"),
        (None, "–", "–"),
    ],
)
def test_what_is_not_all_is_not_said_to_be_100(value: float | None, vi: str, en: str) -> None:
    assert VI.percent(value) == vi
    assert EN.percent(value) == en


@pytest.mark.parametrize(
    ("given", "vi", "en"),
    [
        ({"type": "money", "value": 1500000}, "1.500.000 đồng", "1,500,000 VND"),
        ({"type": "free"}, "miễn phí", "free of charge"),
        ({"type": "duration", "value": 1, "unit": "day"}, "1 ngày", "1 day"),
        ({"type": "duration", "value": 1.5, "unit": "hour"}, "1,50 giờ", "1.50 hours"),
        ({"type": "duration", "value": None, "unit": "same_day"}, "trong ngày", "the same day"),
        ({"type": "date", "value": "2027-03-01"}, "01/03/2027", "1 March 2027"),
        ({"type": "number", "value": 50, "unit": "USD"}, "50 USD", "50 USD"),
        ({"type": "document", "value": "49/2019/QH14"}, "văn bản số 49/2019/QH14",
         "document 49/2019/QH14"),
        ({"type": "article", "value": "5"}, "Điều 5", "Article 5"),
        ({"type": "text", "any": ["a", "b"]}, "“a” hoặc “b”", "“a” or “b”"),
        ({"type": "unknown", "slot": "fees"}, "lệ phí: nói rõ là nguồn không nêu",
         "fees: say that the source does not tell"),
        ("nguyên văn", "“nguyên văn”", "“nguyên văn”"),
    ],
)  # fmt: skip
def test_facts_in_words(given: Any, vi: str, en: str) -> None:
    assert fact(given, VI) == vi
    assert fact(given, EN) == en


@pytest.mark.parametrize(
    ("explanation", "vi"),
    [
        ("missing: fees: money 200000; times: duration 8.0 working_day",
         "thiếu: lệ phí: 200.000 đồng; thời hạn: 8 ngày làm việc"),
        ("no_source; right: answered, answered_partly",
         "thực tế: nói là không có nguồn; cần: trả lời đủ, trả lời một phần"),
        ("1.001193; right: 1.004772", "thực tế: 1.001193; cần: 1.004772"),
        ("false fees: free", "sai: lệ phí: miễn phí"),
        ("[1] law:1: shown as “missing: money 5”", "[1] law:1: hiện là “missing: money 5”"),
    ],
)  # fmt: skip
def test_explanations_in_words_but_not_what_was_quoted(explanation: str, vi: str) -> None:
    assert why(explanation, VI) == vi


def test_codes_are_shown_with_their_titles_and_other_targets_as_lines() -> None:
    titles = {"procedure:1.001456": "Cấp hộ chiếu", "law:49/2019/QH14": "Luật <Xuất cảnh>"}
    told = expected(
        {"codes": ["1.001456", "9.9"], "documents": ["law:49/2019/QH14"],
         "expected": {"right": ["a", "b"], "no_mark": 3}}, VI, titles,
    )  # fmt: skip
    assert told is not None
    for said in ("Cấp hộ chiếu (1.001456)", "<dd>9.9</dd>", "Luật &lt;Xuất cảnh&gt; (49/2019/QH14)",
                 "<dd>right: a, b</dd>", "<dd>no mark: 3</dd>"):  # fmt: skip
        assert said in told
    assert expected({}, VI) is None


def test_plain_text_is_escaped_wherever_it_is_put() -> None:
    assert el("p", "<", Html("<b>x</b>"), title='"') == '<p title="&quot;">&lt;<b>x</b></p>'
    assert text("\x07a\ud800") == "\ufffda\ufffd"


def test_percentiles_and_the_spread_of_times(tmp_path: Path) -> None:
    timed = read_timings(run_folder(tmp_path / "run"))["troly"]
    assert len(timed.answers.ms) == 60
    assert timed.answers.percentile(0.5) == 29 * 1.5
    assert timed.steps["RetrieveEvidence"].percentile(0.99) == 59
    assert Times((7.0,)).percentile(0.5) == 7
    found = spread(Times((3.0, 60.0, 90.0, 3_000_000.0)))
    assert sum(found.counts) == 4
    assert len(found.edges) == len(found.counts) + 1
    assert found.edges[0] == 2
    assert 0 < found.place(3.0) < 1
    assert found.place(9e9) == len(found.counts)
    assert found.place(0) == 0
