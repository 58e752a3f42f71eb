"""What our own code takes from Python 3.11, for the process that runs on 3.10."""

from __future__ import annotations

import enum


class _TextEnum(str, enum.Enum):  # noqa: UP042 - there is no other way on 3.10
    """As `enum.StrEnum` of 3.11: a member is its value, ``auto()`` its name in small letters."""

    __str__ = str.__str__

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        del start, count, last_values
        return name.lower()


def lend() -> None:
    """Give Python 3.10 what `knowledge_base.typed` asks of `enum`; nothing where it is there."""
    if not hasattr(enum, "StrEnum"):
        enum.StrEnum = _TextEnum  # type: ignore[misc,assignment]
