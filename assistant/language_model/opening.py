"""From the ``model:`` section to a model that can be asked. The one place that chooses."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import ConfigError
from assistant.language_model.catalogue import load_catalogue, model_path
from assistant.language_model.files import pinned_sha256, verify_file
from assistant.language_model.port import LanguageModel
from assistant.language_model.settings import ModelSettings


def open_model(
    settings: ModelSettings, *, models: Path, logs: Path | None = None
) -> LanguageModel | None:
    """The model that ``settings`` name, or None for ``kind: none``.

    Nothing is started, loaded or connected here: the first request does that.
    ``models`` and ``logs`` are folders of the home.
    """
    match settings.kind:
        case "none":
            return None
        case "scripted":
            from assistant.language_model.scripted import ScriptedModel

            return ScriptedModel(settings.replies)
        case "openai":
            from assistant.language_model.openai_compatible import OpenAICompatible

            return OpenAICompatible(settings)
        case "langchain":
            from assistant.language_model.langchain_chat import LangChainChat

            return LangChainChat.named(settings)
        case "llama_cpp":
            return _llama(settings, models, logs)


def check_model(settings: ModelSettings, models: Path) -> None:
    """Raise when the local model could not be loaded now.

    Errors: `ModelMissing`, `ModelCorrupt`, `RuntimeMissing`. Other kinds pass.
    """
    if settings.kind != "llama_cpp":
        return
    from assistant.language_model.runtime import require_runtime

    require_runtime()
    verify_model(settings, models)


def verify_model(settings: ModelSettings, models: Path, *, thorough: bool = False) -> Path:
    """Check the file the settings mean, and return its path."""
    path = model_path(settings, models)
    if settings.path is not None:
        verify_file(path, sha256=settings.sha256 or pinned_sha256(path), thorough=thorough)
    else:
        entry = load_catalogue().entry(settings.name)
        sha256 = entry.sha256 or settings.sha256 or pinned_sha256(path)
        verify_file(path, sha256=sha256, size=entry.size, thorough=thorough)
    return path


def _llama(settings: ModelSettings, models: Path, logs: Path | None) -> LanguageModel:
    from assistant.language_model.llama_child import LlamaChild, ModelFile

    path = model_path(settings, models)
    if settings.path is not None:
        name, template = path.stem, settings.template
        if template is None:
            raise ConfigError("model.path needs model.template: chatml, gemma, phogpt or plain.")
    else:
        name, template = settings.name, load_catalogue().entry(settings.name).template

    def verify() -> None:
        check_model(settings, models)

    file = ModelFile(name=name, path=path, template=template, verify=verify)
    return LlamaChild(file, settings, log=logs / "model.log" if logs is not None else None)
