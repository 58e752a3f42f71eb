"""Rasa's component for entities: `things.py`, as a part of the pipeline."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.dialogue.project.components.sources import fingerprint
from assistant.dialogue.project.components.things import Things

_FILE = "tables.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NamedThings(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Finds the entries of the lookup tables, and figures, with one value for each."""

    def __init__(self, storage: ModelStorage, resource: Resource, things: Things) -> None:
        self._storage, self._resource, self._things = storage, resource, things

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There is nothing to set."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NamedThings:
        """An extractor that knows figures alone."""
        del config, execution_context
        return cls(model_storage, resource, Things({}, {}))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> NamedThings:
        """An extractor with the tables it was trained with."""
        del config, execution_context
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(model_storage, resource, Things(kept["tables"], kept["values"]))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What Rasa cannot see of this component; it is trained again when it changes."""
        del config
        return fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Take the lookup tables and the synonyms of the training data."""
        tables: dict[str, list[str]] = {}
        for table in training_data.lookup_tables:
            entries = table["elements"]
            tables.setdefault(table["name"], []).extend(
                entries if isinstance(entries, list) else ()
            )
        values = dict(training_data.entity_synonyms)
        with self._storage.write_to(self._resource) as folder:
            text = json.dumps({"tables": tables, "values": values}, ensure_ascii=False)
            (folder / _FILE).write_text(text, encoding="utf-8")
        self._things = Things(tables, values)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is named to each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            found = [
                {
                    "entity": thing.entity,
                    "start": thing.start,
                    "end": thing.end,
                    "value": thing.value,
                    "confidence_entity": 1.0,
                }
                for thing in self._things.find(text)
            ]
            found = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
