"""The tables of this package as typed objects: kinds of papers, and how a page looks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BodyItem(_Table):
    """A heading with lines below it, as a table or a form writes it."""

    title: str = ""
    text: str = ""
    items: tuple[str | BodyItem, ...] = ()


class Kind(_Table):
    """One kind of paper; ``id`` is its key in the table ("cong_van")."""

    id: str
    name: str
    title: str
    letters: str
    addressed: Literal["yes", "no", "may"]
    divided: Literal["numbers", "articles"]
    ask: tuple[str, ...]
    body: tuple[str | BodyItem, ...]
    deadline: str
    ending: str


class PartLook(_Table):
    """How one part of a paper looks; None: either way. ``size`` is the range in points."""

    name: str
    size: tuple[float, float]
    bold: bool | None = None
    italic: bool | None = None
    capitals: bool = False


class Page(_Table):
    """How a page looks: millimetres, points and lines, each from – to."""

    paper: tuple[float, float]
    margins: Mapping[str, tuple[float, float]]
    font: str
    body_size: tuple[float, float]
    indent: tuple[float, float]
    space: float
    lines: tuple[float, float]
    page_number: tuple[float, float]
    parts: Mapping[str, PartLook]
    widths: Mapping[str, int]


def read_table(name: str) -> dict[str, Any]:
    """A table of this package as YAML has it."""
    text = Path(__file__).with_name(name).read_text("utf-8")
    return dict(yaml.safe_load(text))


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds, by id, in the order of the table."""
    return {key: Kind(id=key, **given) for key, given in read_table("kinds.yml")["kinds"].items()}


@cache
def questions() -> Mapping[str, str]:
    """What is asked for a field that is not given."""
    return dict(read_table("kinds.yml")["questions"])


@cache
def agency_letters() -> tuple[tuple[str, str], ...]:
    """Names of agencies in lower case with their letters, the longest name first."""
    given = read_table("kinds.yml")["agencies"]
    return tuple(sorted(given.items(), key=lambda pair: -len(pair[0])))


@cache
def page() -> Page:
    """How a page looks."""
    return Page(**read_table("page.yml"))
