"""The documents say what is there: commands, settings, statuses, steps, folders, links."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click
import pytest
import typer
import yaml
from pydantic import BaseModel

import troly
from assistant.build import build_assistant
from assistant.capabilities import answer_question
from assistant.config import RASA_KEYS, Config
from assistant.presentation import answer_json, sources_text
from assistant.vocabulary import Answer, Citation, EventKind, Question, Status
from knowledge_base.corpus_files import (
    LegalDocumentFile,
    ProcedureFile,
    legal_documents,
    procedures,
)
from knowledge_base.documents import ProcedureCard
from knowledge_base.home import Home
from knowledge_base.prepare import ensure_ready
from knowledge_base.scope import citizen
from knowledge_base.settings import KnowledgeSettings

ROOT = Path(__file__).resolve().parents[1]
ENGLISH, VIETNAMESE = ROOT / "README.md", ROOT / "README.vi.md"
DOCUMENTS = [
    ENGLISH,
    VIETNAMESE,
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]

_FENCE = re.compile(r"^([ \t]*)```(\w*)\n(.*?)^\1```", re.M | re.S)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def without_code(text: str) -> str:
    return _FENCE.sub("", text)


def headings(text: str) -> list[str]:
    return re.findall(r"^(#+) ", without_code(text), flags=re.M)


def code_blocks(text: str, language: str) -> list[str]:
    return [match[3] for match in _FENCE.finditer(text) if match[2] == language]


def tracked() -> list[str]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name]


# --- commands -------------------------------------------------------------------------------


def commands(group: Any, path: tuple[str, ...] = ("troly",)) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def every_command() -> dict[str, Any]:
    found = dict(commands(typer.main.get_command(troly.app)))
    assert len(found) > 10
    return found


def test_every_command_has_an_example_in_both_readmes() -> None:
    for readme in (ENGLISH, VIETNAMESE):
        text = readme.read_text("utf-8")
        names = {
            # Benchmarks have a document of their own.
            "troly bench" if name.startswith("troly bench ") else name
            for name in every_command()
        }
        assert not [name for name in sorted(names) if f"`{name}" not in text], readme.name


def test_every_benchmark_is_documented() -> None:
    text = text_of("docs/benchmarks.md") + text_of("docs/evaluation.md")
    names = [name for name in every_command() if name.startswith("troly bench ")]
    assert not [name for name in names if name not in text]


def calls(text: str) -> Iterator[list[str]]:
    """The words after ``troly`` of every call in a document; a quoted text is one word."""
    lines = [line for block in code_blocks(text, "sh") for line in block.splitlines()]
    lines += re.findall(r"`((?:\./)?troly [a-z][^`]*)`", text)
    for line in lines:
        for call in re.findall(r"(?:^|[;&] ?)(?:\./)?troly ([^;&>|]+)", line):
            words = re.sub(r'"[^"]*"', "TEXT", re.sub(r"--home \S+", "", call)).split()
            if words[0].isalpha() and words[0].islower():
                yield words


def test_examples_use_commands_and_options_that_exist() -> None:
    known = every_command()
    groups = {
        "access",
        "models",
        "bench",
        "kb",
        "law",
        "eval",
        "journey",
        "judgment",
        "draft",
        "figures",
        "dialogue",
        "desk",
        "channels",
        "uploads",
        "profile",
    }
    seen = 0
    for path in DOCUMENTS:
        for words in calls(path.read_text("utf-8")):
            size = 2 if words[0] in groups and len(words) > 1 else 1
            size += any(each.startswith(" ".join(("troly", *words[:2], ""))) for each in known)
            name = " ".join(("troly", *words[:size]))
            seen += 1
            mounted = any(each.startswith(f"troly {words[0]} ") for each in known)
            group_alone = words[0] in groups and (len(words) == 1 or not mounted)
            assert name in known or group_alone, f"{path.name}: {words}"
            if name == "troly test" or name not in known:
                continue
            parameters = known[name].params
            options = {o for each in parameters for o in (*each.opts, *each.secondary_opts)}
            used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
            assert used <= options | {"--help"}, f"{path.name}: {words}"
    assert seen > 40


def test_every_help_page_has_a_text() -> None:
    for name, command in every_command().items():
        assert (command.help or "").strip(), name
        for each in command.params:
            if isinstance(each, click.Option) or each.param_type_name == "option":
                assert getattr(each, "help", None), f"{name} {each.opts}"


# --- settings, statuses, steps, fields --------------------------------------------------------


def settings(model: type[BaseModel], at: str = "") -> Iterator[tuple[str, object]]:
    """Every key of config.yml with its default."""
    for key, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings(kind, f"{at}{key}.")
        elif key == "profiles":
            yield from settings(get_args(kind)[1], f"{at}{key}.<name>.")
        else:
            yield at + key, field.get_default(call_default_factory=True)


def test_every_setting_is_documented_with_its_default() -> None:
    text = text_of("docs/operating.md")
    rows = dict(re.findall(r"^\| `([a-z0-9_.<>]+)` \|([^|]*)\|", text, flags=re.M))
    known = dict(settings(Config))
    assert len(known) > 30
    assert not set(known) - set(rows), "settings that docs/operating.md does not name"
    documented = {key for key in rows if key.split(".")[0] in Config.model_fields}
    assert not documented - set(known), "settings that do not exist"
    for key, default in known.items():
        if isinstance(default, bool | int | float) or (default and key.startswith("server.")):
            shown = (
                str(default).lower()
                if isinstance(default, bool)
                else f"{default:g}"
                if isinstance(default, float)
                else str(default)
            )
            assert rows[key].strip("` ") == shown, key


def test_the_config_file_holds_only_known_keys() -> None:
    given = yaml.safe_load(text_of("config.yml"))
    assert set(given) <= set(Config.model_fields) | RASA_KEYS
    text = text_of("docs/operating.md")
    assert not [key for key in RASA_KEYS if f"`{key}`" not in text]


def test_every_status_is_documented() -> None:
    rows = set(re.findall(r"^\| `([a-z_]+)` \|", text_of("docs/answer-json.md"), flags=re.M))
    assert {status.value for status in Status} <= rows


def test_every_step_is_documented_in_its_order() -> None:
    source = Path(answer_question.__file__).read_text("utf-8")
    listed = source[source.index("def steps(") :]
    order = re.findall(r"^        ([A-Z]\w+)\b", listed, flags=re.M)
    assert len(order) >= 10
    documented = re.findall(r"^\| `([A-Z]\w+)` \|", text_of("docs/architecture.md"), flags=re.M)
    assert documented == order


def test_every_event_is_documented() -> None:
    text = text_of("docs/architecture.md")
    assert not [kind.value for kind in EventKind if f"`{kind.value}`" not in text]


def test_every_field_of_an_answer_is_documented() -> None:
    text = text_of("docs/answer-json.md")
    fields = {*Citation.__dataclass_fields__, *ProcedureCard.__dataclass_fields__}
    assert not [name for name in sorted(fields) if not re.search(rf"`{name}\b", text)]
    answer = Answer(
        "1", Status.NO_SOURCE, "", (), None, date(2026, 1, 1), False, None, "", (), (),
    )  # fmt: skip
    rows = re.findall(r"^\| `(\w+)`(?:, `(\w+)`)? \| [a-z]", text, flags=re.M)
    documented = {name for row in rows for name in row}
    assert set(answer_json(answer)) <= documented


def test_environment_variables_are_documented() -> None:
    text = text_of("docs/operating.md")
    code = [
        ROOT / "troly",
        *(ROOT / n for n in tracked() if n.endswith(".py") and not n.startswith("tests/")),
    ]
    asked = re.compile(r"environ(?:\.get\(|\[)\"((?:TROLY|HF)_\w+)\"")
    names = {name for path in code for name in asked.findall(path.read_text("utf-8"))}
    assert "TROLY_HOME" in names
    assert not [name for name in sorted(names) if f"`{name}`" not in text]


# --- examples ---------------------------------------------------------------------------------


def test_examples_of_corpus_files_pass_the_schema() -> None:
    card, law = code_blocks(text_of("docs/adding-a-document.md"), "yaml")
    assert ProcedureFile.model_validate(yaml.safe_load(card)).card().code == "1.001456"
    assert LegalDocumentFile.model_validate(yaml.safe_load(law)).number == "11/2017/QH14"


def test_examples_of_settings_are_accepted() -> None:
    blocks = code_blocks(text_of("docs/adding-a-model.md"), "yaml")
    assert len(blocks) == 3
    for block in blocks:
        given = yaml.safe_load(block)
        if "sha256" in given["model"]:
            given["model"]["sha256"] = "0" * 64
        Config(**given)


def test_the_corpus_is_as_large_as_the_readme_says() -> None:
    assert sum(1 for _ in procedures()) > 100
    assert sum(1 for _ in legal_documents()) > 30


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A folder with a home and the saved answer to the question of the README."""
    folder = tmp_path_factory.mktemp("docs")
    home = Home(folder / "home")
    config = Config(knowledge_base=KnowledgeSettings(embedder="none"))
    ensure_ready(home, config.knowledge_base)
    assistant = build_assistant(home, config)
    (text,) = set(re.findall(r'^\./troly ask "([^"]+)"$', text_of("README.md"), flags=re.M))
    answer = assistant.ask(Question(text, citizen(), use_model=False))
    assistant.close()
    (folder / "answer.json").write_text(json.dumps(answer_json(answer)), encoding="utf-8")
    return folder, answer


def test_the_answer_in_the_readme_is_the_one_given(answered: tuple[Path, Answer]) -> None:
    _, answer = answered
    given = f"{answer.text}\nNguồn:\n{sources_text(answer.citations)}\n"
    (block,) = code_blocks(text_of("README.md"), "console")
    shown = [line.rstrip("…").rstrip() for line in block.splitlines()[1:]]
    assert len(shown) > 5
    assert not [line for line in shown if line and f"\n{line}" not in f"\n{given}"]


def test_quotes_can_be_cut_from_the_record_as_described(answered: tuple[Path, Answer]) -> None:
    folder, answer = answered
    assert answer.citations
    (program,) = code_blocks(text_of("docs/answer-json.md"), "python")
    subprocess.run([sys.executable, "-c", textwrap.dedent(program), "home"], cwd=folder, check=True)


# --- folders and links --------------------------------------------------------------------------


def tree(readme: Path) -> dict[str, set[str]]:
    """Names by folder ("" is the root) in the tree of a README."""
    (block,) = code_blocks(readme.read_text("utf-8"), "text")
    found: dict[str, set[str]] = {"": set()}
    folder = ""
    for line in block.splitlines():
        inner = line.startswith(" ")
        # Names are parted by two blanks; a description stands in its column.
        names = [n for n in re.split(r" {2,}", line.strip()) if re.fullmatch(r"[\w.-]+/?", n)]
        names = names if inner or len(names) > 1 else [line.split()[0]]
        names = names[:1] if inner else names
        for name in names:
            found.setdefault(folder if inner else "", set()).add(name.rstrip("/"))
        if not inner and names[0].endswith("/"):
            folder = names[0].rstrip("/")
    return found


def test_the_trees_match_the_folders() -> None:
    shown = tree(ENGLISH)
    assert shown == tree(VIETNAMESE)
    files = tracked()
    assert shown[""] == {name.split("/")[0] for name in files}
    for package in ("knowledge_base", "assistant", "bots", "evals"):
        folders = {
            name.split("/")[1]
            for name in files
            if name.startswith(f"{package}/") and name.count("/") > 1
        }
        assert shown.get(package, set()) == folders, package


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", without_code(text), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_local_links_lead_somewhere(path: Path) -> None:
    for link in _LINK.findall(without_code(path.read_text("utf-8"))):
        if re.match(r"https?:|mailto:", link):
            continue
        target, _, anchor = link.partition("#")
        leads_to = (path.parent / target).resolve() if target else path
        assert leads_to.exists(), link
        if anchor:
            assert anchor in anchors(leads_to.read_text("utf-8")), link


def test_every_document_is_linked() -> None:
    linked = {
        (path.parent / link.partition("#")[0]).resolve()
        for path in DOCUMENTS
        for link in _LINK.findall(path.read_text("utf-8"))
    }
    alone = [path for path in DOCUMENTS if path not in linked and path not in (ENGLISH,)]
    # A folder's README is linked by the folder.
    assert not [path for path in alone if path.parent not in linked]


def test_the_two_readmes_say_the_same() -> None:
    english, vietnamese = ENGLISH.read_text("utf-8"), VIETNAMESE.read_text("utf-8")
    assert headings(english) == headings(vietnamese)
    assert len(headings(english)) > 8
    for language in ("sh", "console"):
        assert code_blocks(english, language) == code_blocks(vietnamese, language)
    assert len(code_blocks(english, "sh")) >= 5
    rows = [text.count("\n| ") for text in (english, vietnamese)]
    assert rows[0] == rows[1]
    bullets = [text.count("\n- ") for text in (english, vietnamese)]
    assert bullets[0] == bullets[1]
    assert sorted(_links(english)) == sorted(_links(vietnamese))


def _links(text: str) -> list[str]:
    return [link for link in _LINK.findall(text) if not link.startswith("README")]


def test_decisions_are_numbered_and_complete() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    assert len(files) >= 9
    for number, path in enumerate(files, 1):
        assert path.name.startswith(f"{number:04d}-")
        text = path.read_text("utf-8")
        assert text.startswith(f"# {number}. ")
        for part in ("Context", "Decision", "Consequences"):
            assert f"\n## {part}\n" in text, path.name
        assert path.name in text_of("docs/adr/README.md")
