"""One way of searching in a process of its own: how long a query takes, how much memory it holds.

``python -m evals.benchmarks.fresh`` reads a job as JSON on stdin and prints
what it measured as JSON; `measure` starts it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from evals.benchmarks.ways import Place, Ways, embedder_of
from knowledge_base.settings import KnowledgeSettings


@dataclass(frozen=True, slots=True)
class Speed:
    """Milliseconds of the first query and of the later ones, and the largest resident set."""

    first_ms: float
    p50_ms: float
    p95_ms: float
    peak_mb: float


def measure(
    way: str, place: Place, settings: KnowledgeSettings, as_of: date, queries: Sequence[str]
) -> Speed:
    """Run ``queries`` in a new process. Raises `RuntimeError` with what it said last."""
    job = {
        "way": way,
        "work": str(place.work),
        "corpus": place.corpus_name,
        "settings": settings.model_dump(mode="json"),
        "as_of": as_of.isoformat(),
        "queries": list(queries),
    }
    done = subprocess.run(
        [sys.executable, "-m", "evals.benchmarks.fresh"],
        cwd=Path(__file__).resolve().parents[2],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise RuntimeError(said[-1])
    return Speed(**json.loads(done.stdout.splitlines()[-1]))


def run(job: dict[str, Any]) -> Speed:
    """Do the job in this process. Every query is new to it."""
    settings = KnowledgeSettings.model_validate(job["settings"])
    place = Place(Path(job["work"]), job["corpus"])
    search = Ways(place, settings, embedder_of(settings), date.fromisoformat(job["as_of"])).way(
        job["way"]
    )
    took: list[float] = []
    for text in dict.fromkeys(job["queries"]):
        start = time.perf_counter()
        search(text)
        took.append(1000 * (time.perf_counter() - start))
    p50, p95 = np.percentile(took[1:] or took, [50, 95])
    return Speed(round(took[0], 1), round(float(p50), 1), round(float(p95), 1), _peak())


def _peak() -> float:
    """The largest resident set of this process so far, in MB; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    except OSError:
        return 0.0
    peak = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0")
    return round(int(peak.split()[1]) / 1024, 0)


if __name__ == "__main__":
    print(json.dumps(asdict(run(json.load(sys.stdin)))))
