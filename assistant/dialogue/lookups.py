"""Names for Rasa to find in messages, made into its data/nlu/lookups.yml.

``python -m assistant.dialogue.lookups`` writes the file anew from the bundled
corpus; a test says when that is due. Python 3.11; what it writes, 3.10 reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from assistant.asked import slots_asked
from knowledge_base.corpus_files import procedures
from knowledge_base.documents import ProcedureCard
from knowledge_base.places import provinces
from knowledge_base.vietnamese import tokens

FILE = Path(__file__).parent / "project" / "data" / "nlu" / "lookups.yml"
TABLE = Path(__file__).with_suffix(".yml")
_LONGEST = 12  # syllables; nobody types a longer name, and the retrieval knows them all
_SHORTEST = 2


def lookups(cards: Iterable[ProcedureCard]) -> dict[str, object]:
    """Rasa's training data of these cards' names: lookup tables, and synonyms for their values."""
    values: dict[str, dict[str, str]] = {"procedure": _procedures(cards), "place": _places()}
    for entity, kinds in _table()["kinds"].items():
        values[entity] = {name: value for value, names in kinds.items() for name in names}
    data: list[dict[str, str]] = []
    taken: dict[str, str] = {}
    for entity, names in values.items():
        data.append({"lookup": entity, "examples": _listed(names)})
        by_value: dict[str, list[str]] = {}
        for name, value in names.items():
            if name != value and taken.setdefault(name, value) == value:
                by_value.setdefault(value, []).append(name)
        data += [{"synonym": value, "examples": _listed(said)} for value, said in by_value.items()]
    return {"version": "3.1", "nlu": data}


def written(cards: Iterable[ProcedureCard]) -> str:
    """The text of the file."""
    head = "# Made by `python -m assistant.dialogue.lookups`; not edited by hand.\n"
    return head + yaml.dump(
        lookups(cards), Dumper=_Blocks, allow_unicode=True, sort_keys=False, width=10_000
    )


def main() -> None:
    """Write the file of the bundled corpus."""
    FILE.write_text(written(procedures()), encoding="utf-8")


def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return loaded


def _procedures(cards: Iterable[ProcedureCard]) -> dict[str, str]:
    """Codes by name; a name of several procedures stands for itself."""
    codes = {str(name): str(name) for name in _table()["papers"]}
    for card in cards:
        for name in (card.name, card.short_name, *card.other_names):
            said = tokens(name)
            if not _SHORTEST <= len(said) <= _LONGEST or slots_asked(said) or "(" in name:
                continue
            key = name.strip().lower()
            codes[key] = card.code if codes.get(key, card.code) == card.code else key
    return codes


def _places() -> dict[str, str]:
    found: dict[str, str] = {}
    for province in provinces():
        for name in (province.name, province.full_name, *province.former_names):
            found.setdefault(name, province.full_name)
    return found


def _listed(names: Iterable[str]) -> str:
    return "".join(f"- {name}\n" for name in names)


class _Blocks(yaml.SafeDumper):
    """Writes the lists as Rasa's blocks."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Blocks.add_representer(str, _block)

if __name__ == "__main__":
    main()
