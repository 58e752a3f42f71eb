"""Labels of the datasets: ``python -m evals.authoring fill|stamp|check``.

- ``fill DRAFTS --out FILE``: drafts name the cards and slots a question is about; the typed facts
  of a right answer are read from the bundled corpus, once. A person reviews every line.
- ``stamp SET``: counts and hashes a new version file into ``dataset.yml``. A version that is
  listed there never changes again.
- ``check SET...``: facts that no longer stand in the corpus, as ``file:line``. Labels are frozen
  on purpose, so that a corpus gone wrong is noticed; a corpus put right needs a new version.

A draft has ``_id``, ``text`` and ``kind``, and of its target ``codes`` and ``slots`` (or
``documents``); ``how`` (only this way of filing), ``say`` (words of facts by slot, in place of
those read from the card), ``parts`` (two procedures in one message: a list of the four), and
anything else of a target, which is taken as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from evals.stated import durations, facts_of, money, stands, typed
from knowledge_base.card_text import CardLine, card_lines
from knowledge_base.corpus_files import legal_documents, procedures
from knowledge_base.documents import ProcedureCard
from knowledge_base.legal_text import document_of_legal, document_of_place
from knowledge_base.place_texts import places_text

Json = dict[str, Any]

DATASETS = Path(__file__).parent / "datasets"
LINE = ("_id", "text", "turns", "kind", "split", "pair", "as_of", "tags", "target")
TARGET = (
    "status", "codes", "documents", "choices", "slots", "facts", "absent", "allowed", "why",
)  # fmt: skip
ANSWERED = ["answered", "answered_partly"]
#: In a line so tagged each fact belongs to one of the procedures, not to all of them.
TWO = "two-procedures"


class AuthoringError(ValueError):
    """A line or a set cannot be written as asked; the message says which and why."""


class Corpus:
    """The bundled cards, documents and places, as texts in which facts stand."""

    def __init__(self) -> None:
        self.cards: dict[str, ProcedureCard] = {card.code: card for card in procedures()}
        self._lines: dict[str, tuple[CardLine, ...]] = {}
        laws = (*map(document_of_legal, legal_documents()), *map(document_of_place, places_text()))
        self.documents = {found.id: found.text for found in laws}

    def card(self, code: str) -> ProcedureCard:
        if code not in self.cards:
            raise AuthoringError(f"no bundled card has the code {code}")
        return self.cards[code]

    def text(self, code: str, slot: str = "", *, beside: bool = True) -> str:
        """What a card says of a slot, with its remarks; all it says where no slot is named."""
        lines = self._lines.setdefault(code, card_lines(self.card(code)))
        if not slot:
            return "\n".join(line.text for line in lines if line.slot != "sources")
        wanted = {slot, "notes", "online"} if beside else {slot}
        return "\n".join(line.text for line in lines if line.slot in wanted)

    def says(self, code: str, fact: Json) -> bool:
        """Whether a card states a fact; what is unknown must be so in the slot's own lines."""
        slot, beside = fact.get("slot", ""), fact["type"] != "unknown"
        return stands(fact, self.text(code, slot, beside=beside))


# --- lines -------------------------------------------------------------------------------------


def fill(draft: Mapping[str, Any], corpus: Corpus) -> Json:
    """The finished line of a draft."""
    target: Json = {"facts": []}
    parts = draft.get("parts") or [draft]
    for part in parts:
        for key in ("codes", "documents", "slots"):
            target[key] = [*dict.fromkeys([*target.get(key, []), *part.get(key, [])])]
        target["facts"] += _facts(part, corpus)
    target["status"] = ANSWERED
    target["allowed"] = allowed(target, corpus)
    target |= {key: draft[key] for key in TARGET if key in draft and key not in ("codes", "slots")}
    line = {key: draft[key] for key in LINE if key in draft}
    number = int(re.sub(r"\D", "", draft["_id"]))
    line["split"] = draft.get("split") or ("dev" if number % 2 else "test")
    tags = [*draft.get("tags", []), *([TWO] if "parts" in draft else [])]
    line |= {"tags": tags} if tags else {}
    line["target"] = {key: target[key] for key in TARGET if target.get(key)}
    return {key: line[key] for key in LINE if key in line}


def _facts(part: Mapping[str, Any], corpus: Corpus) -> list[Json]:
    """The facts that hold for every accepted card."""
    said: Mapping[str, list[str]] = part.get("say", {})
    codes, slots = part.get("codes", []), [*part.get("slots", [])]
    found = [typed(slot, words) for slot in said for words in said[slot]]
    for slot in (slot for slot in slots if slot not in said and codes):
        first = facts_of(
            corpus.card(codes[0]), slot, part.get("how", ""), corpus.text(codes[0], slot)
        )
        rest = codes[1:]
        found += [f for f in first if all(corpus.says(code, f) for code in rest)]
    return found


def allowed(target: Mapping[str, Any], corpus: Corpus) -> Json:
    """Every figure of the cards, of the types that are asked about."""
    texts = [corpus.text(code) for code in target.get("codes", [])]
    found: Json = {}
    if "fees" in target.get("slots", []) and texts:
        found["money"] = sorted({value for text in texts for value in money(text)})
    if "times" in target.get("slots", []) and texts:
        times = {time for text in texts for time in durations(text)}
        found["duration"] = [u if v is None else f"{v:g} {u}" for v, u in sorted(times, key=str)]
    return found


def problems(line: Mapping[str, Any], corpus: Corpus) -> list[str]:
    """What of a line's target does not stand in the corpus, in words."""
    targets = [line.get("target") or {}, *(t.get("target") or {} for t in line.get("turns", []))]
    found = []
    for target in targets:
        known = {*corpus.cards, *corpus.documents}
        named = [*target.get("codes", []), *target.get("documents", []), *target.get("choices", [])]
        found += [f"not in the corpus: {name}" for name in named if name not in known]
        enough = any if TWO in line.get("tags", []) or target.get("documents") else all
        for fact in target.get("facts", []):
            held = [corpus.says(c, fact) for c in target.get("codes", []) if c in corpus.cards]
            laws = [corpus.documents.get(d, "") for d in target.get("documents", [])]
            held += [stands(fact, text) for text in laws if text]
            if held and not enough(held):
                found.append(f"does not stand: {json.dumps(fact, ensure_ascii=False)}")
    return found


def read(path: Path) -> Iterator[tuple[int, Json]]:
    """The lines of a JSONL file with their numbers. Raises `AuthoringError` with file:line."""
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            line = json.loads(unicodedata.normalize("NFC", text))
        except ValueError as error:
            raise AuthoringError(f"{path.name}:{number}: not JSON: {error}") from error
        yield number, line


# --- sets --------------------------------------------------------------------------------------


def stamp(folder: Path, *, new_version: bool = False, changes: str = "") -> list[str]:
    """Lists the version files of a set; returns what was added.

    Raises `AuthoringError` where a listed version has another content than it was
    listed with, or where a second version is there and was not asked for.
    """
    path = folder / "dataset.yml"
    about: Json = yaml.safe_load(path.read_text(encoding="utf-8"))
    listed: list[Json] = about.get("versions") or []
    for entry in listed:
        if _sha256(folder / entry["file"]) != entry["sha256"]:
            raise AuthoringError(
                f"{folder.name}/{entry['file']} is listed and must stay as it was: "
                f"put it back and write v{len(listed) + 1}.jsonl"
            )
    added = []
    while (file := folder / f"v{len(listed) + 1}.jsonl").exists():
        if listed and not new_version:
            raise AuthoringError(f"{file.name} is new: say --new-version and --changes")
        count = sum(1 for _ in read(file))
        listed.append(
            {"version": len(listed) + 1, "file": file.name, "samples": count,
             "sha256": _sha256(file), "changes": changes or "First version."}
        )  # fmt: skip
        added.append(file.name)
    about["versions"] = listed
    dumped = yaml.safe_dump(about, allow_unicode=True, sort_keys=False, width=98)
    path.write_text(dumped, encoding="utf-8")
    return added


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "missing"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 1 where a label does not stand or a set may not be written."""
    parser = argparse.ArgumentParser(prog="python -m evals.authoring", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)
    filling = commands.add_parser("fill")
    filling.add_argument("drafts", type=Path)
    filling.add_argument("--out", type=Path, required=True)
    stamping = commands.add_parser("stamp")
    stamping.add_argument("set")
    stamping.add_argument("--new-version", action="store_true")
    stamping.add_argument("--changes", default="")
    commands.add_parser("check").add_argument("sets", nargs="+")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "stamp":
            folder = DATASETS / chosen.set
            print(*stamp(folder, new_version=chosen.new_version, changes=chosen.changes))
            return 0
        corpus = Corpus()
        if chosen.command == "fill":
            lines = [fill(draft, corpus) for _, draft in read(chosen.drafts)]
            rows = [json.dumps(line, ensure_ascii=False) + "\n" for line in lines]
            chosen.out.write_text("".join(rows), encoding="utf-8")
            return 0
        wrong = [
            f"{path.parent.name}/{path.name}:{number}: {line.get('_id')}: {problem}"
            for name in chosen.sets
            for path in sorted((DATASETS / name).glob("v*.jsonl"))[-1:]
            for number, line in read(path)
            for problem in problems(line, corpus)
        ]
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 1
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
