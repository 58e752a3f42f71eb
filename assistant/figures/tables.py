"""The words of this package as one typed object."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class Words(BaseModel):
    """``words.yml``: units, and what stands around a figure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    magnitudes: dict[str, int]
    measured: tuple[tuple[str, ...], ...]
    counted: tuple[str, ...]
    counted_in_text: tuple[str, ...]
    counted_short: dict[str, str]
    not_figures: tuple[str, ...]
    links: tuple[str, ...]
    about: tuple[str, ...]
    verbs: tuple[str, ...]
    targets: tuple[str, ...]
    changes: dict[str, tuple[str, ...]]
    ends: tuple[str, ...]
    starts: tuple[str, ...]
    whole_names: tuple[str, ...]
    breaks: tuple[str, ...]
    heads: tuple[str, ...]
    clauses: tuple[str, ...]
    measure_verbs: tuple[str, ...]
    plans: tuple[str, ...]
    ordinal_headers: tuple[str, ...]
    unit_headers: tuple[str, ...]
    place_headers: tuple[str, ...]
    period_headers: tuple[str, ...]
    indicator_headers: tuple[str, ...]
    value_headers: tuple[str, ...]
    measures: tuple[str, ...]
    totals: tuple[str, ...]
    empty: tuple[str, ...]


@cache
def words() -> Words:
    """Read once, on first use."""
    text = Path(__file__).with_name("words.yml").read_text("utf-8")
    return Words.model_validate(yaml.safe_load(text))


class Questions(BaseModel):
    """``questions.yml``: the words that ask, with diacritics."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    growth: tuple[str, ...]
    total: tuple[str, ...]
    share: tuple[str, ...]
    most: tuple[str, ...]
    least: tuple[str, ...]
    mean: tuple[str, ...]
    goal: tuple[str, ...]
    ratio: tuple[str, ...]
    silent: tuple[str, ...]
    same: dict[str, str]
    short: dict[str, str]
    called: dict[str, str]
    small: tuple[str, ...]
    loose: tuple[str, ...]
    filler: tuple[str, ...]
    by_unit: dict[str, tuple[str, ...]]

    @property
    def does(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What a question may ask to be done, with the words for it."""
        return (
            ("growth", self.growth), ("total", self.total), ("share", self.share),
            ("most", self.most), ("least", self.least), ("mean", self.mean), ("goal", self.goal),
            ("ratio", self.ratio),
        )  # fmt: skip


@cache
def questions() -> Questions:
    """Read once, on first use."""
    text = Path(__file__).with_name("questions.yml").read_text("utf-8")
    return Questions.model_validate(yaml.safe_load(text))
