"""Rasa's model: trained from the files of the project, kept under their hash."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.config import RASA_KEYS
from assistant.dialogue.project.components.sources import fingerprint
from assistant.dialogue.runtime.environment import Progress, ensure_environment, silent, stamp
from assistant.dialogue.runtime.places import ROOT, Places
from assistant.errors import DialogueSetupFailed
from assistant.language_model.installer import CommandFailed, run
from knowledge_base.locks import locked

HOST = Path(__file__).with_name("host.py")

#: Models of other files that are kept, so that going back costs nothing.
_KEPT = 2

#: What of the project a model is not made from.
_NOT_LEARNT = frozenset({"tests", "__pycache__"})
_NOT_READ = frozenset({"endpoints.yml", "credentials.yml", "secret_channel.py"})


@dataclass(frozen=True, slots=True)
class Trained:
    """A model file and whether it had to be made. ``name`` is what Rasa's status says."""

    path: Path
    fresh: bool

    @property
    def name(self) -> str:
        return self.path.name


def command(places: Places, *arguments: str) -> list[str]:
    """``rasa <arguments>`` in its environment, in the way of `host.py`."""
    return [str(places.python), str(HOST), *arguments]


def rasa_config(places: Places) -> dict[str, Any]:
    """Rasa's part of config.yml; from the one beside the code where the given one has none."""
    for path in (places.config, ROOT / "config.yml"):
        try:
            read = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise DialogueSetupFailed(f"Không đọc được {path}: {error}.") from error
        ours = read if isinstance(read, dict) else {}
        if ours.get("pipeline") and ours.get("policies"):
            return {key: ours[key] for key in sorted(RASA_KEYS & ours.keys())}
    raise DialogueSetupFailed(
        f"{places.config} thiếu mục pipeline hoặc policies nên Rasa không biết học thế nào. "
        "Chép hai mục đó từ config.yml đi kèm chương trình."
    )


def model_hash(places: Places) -> str:
    """Of everything a model is made from: settings, domain, data, components, versions."""
    config = yaml.safe_dump(rasa_config(places), allow_unicode=True, sort_keys=True)
    digest = hashlib.sha256(f"{stamp(places)}\n{config}\n{fingerprint()}".encode())
    for folder in (places.project, places.generated):
        for path in _files(folder):
            digest.update(f"\n{path.relative_to(folder)}\n".encode())
            try:
                digest.update(hashlib.sha256(path.read_bytes()).digest())
            except OSError as error:
                raise DialogueSetupFailed(f"Không đọc được {path}: {error.strerror}.") from error
    return digest.hexdigest()[:20]


def model_path(places: Places) -> Path:
    """Where the model of today's files is, or will be."""
    return places.models / f"{model_hash(places)}.tar.gz"


def ensure_model(places: Places, progress: Progress = silent, *, again: bool = False) -> Trained:
    """Train unless there is a model of these very files. The environment is made first.

    Raises:
        DialogueSetupFailed: Rasa refuses the project or cannot be run; says why and
            where the log is.
    """
    ensure_environment(places, progress)
    places.make()
    path = model_path(places)
    if path.is_file() and not again:
        return Trained(path, fresh=False)
    lock = places.folder / "training.lock"
    with locked(lock, waiting=lambda: progress("dialogue_waiting", 0, 0)):
        path = model_path(places)
        if path.is_file() and not again:
            return Trained(path, fresh=False)
        _train(places, path, progress, again)
    _forget_old(places, path)
    return Trained(path, fresh=True)


def write_config(places: Places) -> Path:
    """Rasa's settings as a file of their own: of a missing one Rasa would say nothing."""
    path = places.work / "config.yml"
    text = yaml.safe_dump(rasa_config(places), allow_unicode=True, sort_keys=False)
    new = path.with_name(f"config.{os.getpid()}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
    return path


def learnt(places: Places) -> list[str]:
    """The options that name what is learnt from; checked, because Rasa does not."""
    domain, data = places.project / "domain.yml", places.project / "data"
    for path in (domain, data):
        if not path.exists():
            raise DialogueSetupFailed(f"Thiếu {path}: hãy lấy lại mã nguồn đầy đủ của troly.")
    folders = [str(each) for each in (data, places.generated) if each.is_dir()]
    return ["--domain", str(domain), "--data", *folders]


def _train(places: Places, path: Path, progress: Progress, again: bool) -> None:
    config = rasa_config(places)
    steps = len(config["pipeline"]) + len(config["policies"]) + 1
    done = [0]
    making = places.models / ".new"
    log = places.log("train")
    name = f"{path.name.removesuffix('.tar.gz')}-{os.getpid()}"
    complaints: list[str] = []
    for left in making.glob("*"):  # of an attempt that was killed
        left.unlink(missing_ok=True)

    def line(text: str) -> None:
        # A component that is taken from the cache says so instead.
        if re.search(r"Finished training component|Restored component", text):
            done[0] = min(done[0] + 1, steps - 1)
            progress("dialogue_train", done[0], steps)
        elif found := _COMPLAINT.search(text):
            complaints.append(found[1])

    progress("dialogue_train", 0, steps)
    options = ["--config", str(write_config(places)), *learnt(places)]
    options += ["--out", str(making), "--fixed-model-name", name, *(["--force"] if again else [])]
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    try:
        run(
            command(places, "train", *options),
            what="Training Rasa",
            on_line=line,
            env=places.environment(),
            log=log,
            nice=5,
            cwd=places.work,
        )
        made = making / f"{name}.tar.gz"
        if not made.is_file():
            raise CommandFailed("Training Rasa", ["no model was written"])
        made.replace(path)
    except CommandFailed as error:
        last = [each.strip() for each in error.tail if each.strip()][-1:]
        why = (complaints or last or [""])[0]  # what follows the first follows from it
        raise DialogueSetupFailed(
            f"Rasa chưa học được từ {places.project}: {why[:300]} Nhật ký đầy đủ: {log}"
        ) from error
    finally:
        for left in making.glob(f"{name}*"):
            left.unlink(missing_ok=True)
    progress("dialogue_train", steps, steps)


#: The sentence of an error in Rasa's output, without colours, time and module.
_COMPLAINT = re.compile(r"(?:ERROR\s+\S+\s+-\s+|(?:[A-Z]\w+(?:Exception|Error)): )(.*\S)")


def _files(folder: Path) -> Iterator[Path]:
    """What a model is made from in ``folder``, in an order that stays the same."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if _NOT_LEARNT.isdisjoint(parts) and path.name not in _NOT_READ and path.is_file():
            yield path


def _forget_old(places: Places, current: Path) -> None:
    found = [each for each in places.models.glob("*.tar.gz") if each != current]
    for path in sorted(found, key=lambda each: each.stat().st_mtime, reverse=True)[_KEPT:]:
        path.unlink(missing_ok=True)
