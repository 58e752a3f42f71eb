"""The shape of the repository: which way imports go, how long files are, what is not in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("knowledge_base", "assistant", "bots", "evals")
LOCKS = {
    "requirements.lock": ("requirements.in", "requirements-dev.in"),
    "requirements-llm.lock": ("requirements-llm.in",),
    "requirements-uv.lock": ("requirements-uv.in",),
    "assistant/dialogue/requirements.txt": ("assistant/dialogue/requirements.in",),
}
LONGEST = 400

# Written in two parts, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a path of one machine": re.compile(
        r"(?<![\w.<])/(?:" + "wor" + r"k|ro" + r"ot|tmp/la" + r"b|Use" + r"rs)/"
    ),
    "a package registry": re.compile(
        "|".join(["pyp" + r"i\.org", "pythonho" + r"sted\.org", "npm" + r"js\.(?:org|com)"])
    ),
    "where pins were fetched from": re.compile(
        "^--(?:extra-)?ind" + "ex-url|^--find-" + "links", re.M
    ),
}


def tracked(suffix: str = "") -> list[Path]:
    """Files of the repository. What lies beside them unadded is nobody's business."""
    try:
        found = subprocess.run(
            ["git", "ls-files", "-z"],
            cwd=ROOT, capture_output=True, check=True, text=True,
        ).stdout.split("\0")  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in found if name]
    return [path for path in paths if path.is_file() and path.name.endswith(suffix)]


def test_imports_go_one_way() -> None:
    command = shutil.which("lint-imports", path=Path(sys.executable).parent.as_posix())
    assert command, "import-linter is not installed beside this Python"
    done = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    analysed = re.search(r"Analyzed (\d+) files, (\d+) dependencies", done.stdout)
    kept = re.search(r"Contracts: (\d+) kept, 0 broken", done.stdout)
    assert analysed
    assert kept
    assert int(analysed[1]) > 60
    assert int(analysed[2]) > 200
    assert int(kept[1]) >= 3


def test_modules_are_short() -> None:
    modules = [path for path in tracked(".py") if path.relative_to(ROOT).parts[0] in PACKAGES]
    assert len(modules) > 60
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules}
    too_long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST}
    assert not too_long


def test_no_module_is_named_like_a_library() -> None:
    """A file ``telegram.py`` or a folder ``rasa`` would hide the library of that name."""
    names = {path.stem for path in tracked(".py")} | {
        part for path in tracked(".py") for part in path.relative_to(ROOT).parts[:-1]
    }
    assert not names & {"telegram", "rasa", "langchain", "chromadb", "openai", "utils", "helpers"}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_of_one_machine_is_in_the_repository(what: str) -> None:
    found = []
    files = tracked()
    assert len(files) > 150
    for path in files:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if match := FORBIDDEN[what].search(text):
            found.append(f"{path.relative_to(ROOT)}: {match[0]}")
    assert not found


@pytest.mark.parametrize("lock", LOCKS)
def test_pins_are_compiled_from_what_is_asked_for(lock: str) -> None:
    """Every name asked for is pinned, every pin has a hash, and none says where it is from."""
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.M)
    pinned = {
        match[1]: block for block in blocks if (match := re.match(r"([a-z0-9._-]+)==\S+", block))
    }
    assert pinned
    assert not [name for name, block in pinned.items() if "--hash=sha256:" not in block]
    asked = [name for source in LOCKS[lock] for name in _asked(ROOT / source)]
    assert asked
    assert not [name for name in asked if name not in pinned]


def _asked(path: Path) -> list[str]:
    """Normalised names of the requirements in an ``.in`` file."""
    lines = [line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines()]
    names = [
        re.match(r"[A-Za-z0-9._-]+", line) for line in lines if line and not line.startswith("-")
    ]
    return [re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name]


def test_versions_that_are_in_two_locks_agree() -> None:
    """The runtime is installed into the same environment as everything else."""

    def versions(lock: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        text = (ROOT / lock).read_text("utf-8")
        for name, version in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, flags=re.M):
            found.setdefault(name, set()).add(version)
        return found

    both, other = versions("requirements.lock"), versions("requirements-llm.lock")
    shared = both.keys() & other.keys()
    assert shared
    assert not {name: (both[name], other[name]) for name in shared if not both[name] & other[name]}
