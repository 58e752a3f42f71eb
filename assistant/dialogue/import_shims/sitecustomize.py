"""Stands in for TensorFlow, which Rasa imports even where no component of it is used.

Only Rasa's processes have this folder on their PYTHONPATH, and Python imports a
module of this name at its start. A real TensorFlow, where one is installed,
goes first. Python 3.10, standard library only.
"""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_MISSING = ("tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras")


class _Stub(type):
    """A class that can be inherited from, subscripted and called as a decorator."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Stub(name, (_Absent,), {})

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__module__ != __name__:  # a class of Rasa that inherits from TensorFlow's
            raise RuntimeError(
                f"{cls.__module__}.{cls.__name__} needs TensorFlow, which is not installed in "
                "this environment: take a component without it in config.yml (pipeline, policies)."
            )
        if len(args) == 1 and not kwargs and callable(args[0]):  # @tf.function
            return args[0]
        return cls

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


class _Absent(metaclass=_Stub):
    """What every name of the missing library is."""


class _Module(ModuleType):
    """A module in which every name exists."""

    __path__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Stub(name, (_Absent,), {})


class _Finder:
    """Finds what is missing, and everything below it."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: Any = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in _MISSING:
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


if importlib.util.find_spec("tensorflow") is None:
    sys.meta_path.append(_Finder())
