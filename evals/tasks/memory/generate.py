"""Starts the process that is measured; its figures as it gave them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from evals.errors import SubjectError
from evals.subjects.port import Setting, Subject
from evals.subjects.server import ROOT, child_environment, write_config
from evals.vocabulary import Sample

_SECONDS_MORE = 300.0  # for opening: a first index, a model


def generate(sample: Sample, subject: Subject, setting: Setting) -> dict[str, Any] | None:
    """What the probe says; None where the sample does not concern this subject."""
    given = sample.given
    config = setting.config
    if given["embedder"] is not None:
        if subject.name != "troly":
            return None  # others have no such setting
        knowledge = config.knowledge_base.model_copy(update={"embedder": given["embedder"]})
        config = config.model_copy(update={"knowledge_base": knowledge})
    with tempfile.TemporaryDirectory(prefix="troly-eval-") as folder:
        order = {
            "home": str(setting.home.path),
            "work": str(setting.work),
            "config": str(write_config(config, Path(folder) / "config.yml")),
            "subject": subject.name,
            "as_of": sample.as_of.isoformat() if sample.as_of else None,
            **given,
        }
        return _probed(order)


def _probed(order: dict[str, Any]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "evals.tasks.memory.probe"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=order["seconds"] + _SECONDS_MORE,
            cwd=ROOT,
            env=child_environment(),
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    except subprocess.TimeoutExpired as error:
        raise SubjectError(f"the measured process took more than {error.timeout:.0f} s") from None
    except ValueError:
        last = done.stderr.strip().rpartition("\n")[2] or "nothing"
        raise SubjectError(
            f"the measured process ended with code {done.returncode} and said: {last}"
        ) from None
    return found
