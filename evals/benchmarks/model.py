"""``troly bench model``: the child process against llama.cpp used directly, on the same prompts.

Both run with the same file, threads, batch and passive waiting, each in a
process of its own, taking turns prompt by prompt; medians of the runs. Every
prompt begins differently, so that nothing is found in a cache. ``ratio`` is
child / raw: what the pipe, the deadlines and the supervision cost.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.language_model.catalogue import load_catalogue, model_path
from assistant.language_model.child import worker_environment
from assistant.language_model.opening import check_model, open_model
from assistant.language_model.port import LanguageModel, Prompt
from assistant.language_model.settings import ModelSettings
from assistant.language_model.templates import segments

SYSTEM = (
    "Bạn là trợ lý dịch vụ công. Trả lời ngắn gọn bằng tiếng Việt, chỉ dùng thông tin được cho."
)
FACTS = (
    "Lệ phí: 200.000 đồng/hộ chiếu khi nộp trực tiếp; cấp lại do bị hỏng hoặc bị mất: "
    "400.000 đồng/hộ chiếu. Thời hạn giải quyết: 8 ngày làm việc. Nơi nộp hồ sơ: Phòng Quản lý "
    "xuất nhập cảnh Công an cấp tỉnh nơi thuận lợi."
)
TOKENS = 48


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds to the first piece of text and to the last token, and how many tokens came."""

    first: float
    total: float
    tokens: int

    @property
    def speed(self) -> float:
        """Tokens a second while decoding."""
        return (self.tokens - 1) / max(1e-9, self.total - self.first)


def model(
    context: typer.Context,
    runs: Annotated[int, typer.Option(min=1, help="Số lượt đo mỗi bên.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Tiến trình con llama.cpp so với llama.cpp gọi trực tiếp, trên cùng câu lệnh."""
    settings: ModelSettings = context.obj.config.model
    models: Path = context.obj.home.models
    check_model(settings, models)
    report = measure(settings, models, runs)
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else table(report))


def measure(settings: ModelSettings, models: Path, runs: int) -> dict[str, Any]:
    """Run both in turns; medians, ratios and the resident memory of the child in MB."""
    template = load_catalogue().entry(settings.name).template if settings.path is None else None
    chosen = template or settings.template or "plain"
    child = open_model(settings, models=models)
    assert child is not None  # noqa: S101
    measured: dict[str, list[Run]] = {"child": [], "raw": []}
    try:
        with _raw_process(settings, model_path(settings, models)) as raw:
            for number in range(-1, runs):  # the first pair warms both up and is not counted
                user = f"Lượt {number + 1}. Thông tin: {FACTS}\nCâu hỏi: Làm hộ chiếu ở đâu?"
                ask = {
                    "child": lambda text=user: _ask_child(child, _prompt(text)),
                    "raw": lambda text=user: _ask_raw(raw, segments(chosen, SYSTEM, text)),
                }
                order = ("child", "raw") if number % 2 else ("raw", "child")
                pair = {name: ask[name]() for name in order}
                if number >= 0:
                    for name, run in pair.items():
                        measured[name].append(run)
            memory = _resident(child.health().pid)  # type: ignore[attr-defined]
    finally:
        child.close()
    middle = {
        name: {
            "first_token_s": statistics.median(run.first for run in all_runs),
            "total_s": statistics.median(run.total for run in all_runs),
            "tokens_per_s": statistics.median(run.speed for run in all_runs),
        }
        for name, all_runs in measured.items()
    }
    return {
        "model": child.name,
        "machine": f"{platform.machine()}, {settings.threads} threads",
        "runs": runs,
        "tokens": measured["child"][0].tokens,
        "child": middle["child"],
        "raw": middle["raw"],
        "ratio": {
            key: middle["child"][key] / middle["raw"][key]
            for key in ("first_token_s", "total_s", "tokens_per_s")
        },
        "child_rss_mb": memory,
        "each": {name: [asdict(run) for run in all_runs] for name, all_runs in measured.items()},
    }


def table(report: dict[str, Any]) -> str:
    """The report as a Markdown table with one line of how it was measured."""
    child, raw, ratio = report["child"], report["raw"], report["ratio"]
    rows = [
        ("time to first token (s)", "first_token_s", 3),
        ("whole answer (s)", "total_s", 3),
        ("decoding (tokens/s)", "tokens_per_s", 1),
    ]
    lines = ["| | child process | llama.cpp directly | ratio |", "|---|---:|---:|---:|"]
    lines += [
        f"| {title} | {child[key]:.{n}f} | {raw[key]:.{n}f} | {ratio[key]:.3f} |"
        for title, key, n in rows
    ]
    lines.append(
        f"\n{report['model']}, {report['machine']}, {report['tokens']} tokens an answer, medians "
        f"of {report['runs']} runs in turns; child resident: {report['child_rss_mb']} MB."
    )
    return "\n".join(lines)


def _prompt(user: str) -> Prompt:
    return Prompt(SYSTEM, user, max_tokens=TOKENS)


def _ask_child(model: LanguageModel, prompt: Prompt) -> Run:
    started, first = time.perf_counter(), 0.0
    for _ in model.stream(prompt, deadline=120):
        first = first or time.perf_counter() - started
    total = time.perf_counter() - started
    return Run(first, total, model.usage["tokens"])  # type: ignore[attr-defined]


def _ask_raw(process: subprocess.Popen[str], pieces: list[tuple[str, bool]]) -> Run:
    assert process.stdin is not None  # noqa: S101
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(json.dumps(pieces) + "\n")
    process.stdin.flush()
    return Run(**json.loads(process.stdout.readline()))


@contextmanager
def _raw_process(settings: ModelSettings, path: Path) -> Iterator[subprocess.Popen[str]]:
    options = [str(path), str(settings.context), str(settings.batch), str(settings.threads)]
    process = subprocess.Popen(
        [sys.executable, "-m", "evals.benchmarks.model", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=worker_environment(settings.threads),
        cwd=Path(__file__).resolve().parents[2],
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _raw(path: str, context: int, batch: int, threads: int, nice: int = 5) -> None:
    """llama-cpp-python's own loop, timed where it is, as politely scheduled as the child."""
    import os

    from llama_cpp import Llama

    os.nice(nice)
    llama = Llama(
        path,
        n_ctx=context,
        n_batch=batch,
        n_ubatch=batch,
        n_threads=threads,
        n_threads_batch=threads,
        verbose=False,
    )
    for line in sys.stdin:
        started, first, count = time.perf_counter(), 0.0, 0
        tokens: list[int] = []
        for text, special in json.loads(line):
            tokens += llama.tokenize(text.encode(), add_bos=False, special=special)
        for token in llama.generate(tokens, temp=0.0):
            first = first or time.perf_counter() - started
            if token == llama.token_eos():
                break
            llama.detokenize([token])
            count += 1
            if count >= TOKENS:
                break
        total = time.perf_counter() - started
        print(json.dumps({"first": first, "total": total, "tokens": count}), flush=True)


def _resident(pid: int | None) -> int:
    """Resident memory of a process in MB; 0 where /proc does not tell."""
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) // 1024 for line in text.splitlines() if line.startswith("VmRSS")), 0
    )


if __name__ == "__main__":
    _raw(sys.argv[1], *(int(number) for number in sys.argv[2:5]))
