"""Targets and explanations in words a person uses, instead of field names and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evals.report.markup import Html, el
from evals.report.voice import Voice

_GOT = re.compile(r"^([\w.:/Đđ-]+); right: ")


def expected(
    target: Mapping[str, Any], voice: Voice, titles: Mapping[str, str] | None = None
) -> Html | None:
    """A target as a short list, or None where it says nothing. ``titles``: of documents by id."""
    rows = [*_rows(target, voice, titles or {})]
    if not rows:
        return None
    return el("dl", *(part for head, said in rows for part in (el("dt", head), *_items(said))),
              cls="expected")  # fmt: skip


def _items(said: Sequence[str]) -> list[Html]:
    return [el("dd", each) for each in said]


def _rows(
    target: Mapping[str, Any], voice: Voice, titles: Mapping[str, str]
) -> Iterator[tuple[str, Sequence[str]]]:
    if target.get("status"):
        told = voice.either(voice.name("status", str(each)) for each in target["status"])
        yield voice("expected.status"), [told]
    for key in ("codes", "documents", "choices"):
        if target.get(key):
            before = "" if key == "documents" else "procedure:"
            named = [_named(str(code), titles.get(f"{before}{code}")) for code in target[key]]
            yield voice(f"expected.{key}"), named
    if target.get("slots"):
        yield voice("expected.slots"), [", ".join(voice.name("slot", s) for s in target["slots"])]
    for key in ("facts", "absent"):
        if target.get(key):
            yield voice(f"expected.{key}"), [fact(each, voice) for each in target[key]]
    if target.get("allowed") is not None:
        yield from _allowed(target["allowed"], voice)
    if target.get("corrects"):
        yield voice("expected.corrects"), []
    if target.get("expected") is not None:
        yield voice("expected.other"), [*_plain(target["expected"])]
    if target.get("why"):
        yield voice("expected.note"), [str(target["why"])]


def _named(code: str, title: str | None) -> str:
    return f"{title} ({code.partition(':')[2] or code})" if title else code


def _allowed(allowed: Mapping[str, Sequence[Any]], voice: Voice) -> Iterator[tuple[str, list[str]]]:
    told = []
    for kind, values in allowed.items():
        for value in values:
            told.append(_money(value, voice) if kind == "money" else _figure(str(value), voice))
    yield voice("expected.allowed"), [", ".join(told) or voice("expected.allowed_none")]


def fact(given: Mapping[str, Any] | str, voice: Voice) -> str:
    """A key fact: “lệ phí: 200.000 đồng (cùng dòng với “trực tuyến”)”."""
    if isinstance(given, str):
        return voice.quoted(given)
    kind, value = str(given.get("type", "")), given.get("value")
    said = {
        "money": lambda: _money(value, voice),
        "free": lambda: voice("expected.free"),
        "duration": lambda: _duration(value, str(given.get("unit", "")), voice),
        "date": lambda: voice.day(str(value)),
        "number": lambda: f"{_count(value, voice)} {given.get('unit', '')}".strip(),
        "document": lambda: voice("expected.document", value=value),
        "article": lambda: voice("expected.article", value=value),
        "text": lambda: voice.either(map(voice.quoted, map(str, given.get("any", ())))),
        "unknown": lambda: voice("expected.unknown"),
    }.get(kind, lambda: f"{kind} {value}")()
    if given.get("near"):
        words = voice.either(map(voice.quoted, map(str, given["near"])))
        said += f" ({voice('expected.near', words=words)})"
    slot = given.get("slot")
    return f"{voice.name('slot', str(slot))}: {said}" if slot else said


def _money(value: Any, voice: Voice) -> str:
    return voice("expected.money", value=_count(value, voice))


def _count(value: Any, voice: Voice) -> str:
    try:
        found = float(value)
    except (TypeError, ValueError):
        return str(value)
    return voice.number(found, 0 if found == int(found) else 2)


def _duration(value: Any, unit: str, voice: Voice) -> str:
    count = _count(value, voice) if value else ""
    said = voice.name("unit", unit or "day").format(n=count).strip()
    return said.removesuffix("s") if count == "1" and voice.lang == "en" else said


def _figure(words: str, voice: Voice) -> str:
    """“8 working_day” as people say it."""
    amount, _, unit = words.partition(" ")
    return _duration(amount, unit, voice) if unit else words


def _plain(value: Any) -> Iterator[str]:
    """Any other target: its fields one a line."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield f"{str(key).replace('_', ' ')}: {', '.join(_plain(part))}"
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _plain(part)
    else:
        yield str(value)


def why(explanation: str, voice: Voice) -> str:
    """The explanation of a score, its codes and figures in words, its beginnings translated."""
    # Words that an answer or question said stand in quotation marks and are nobody's to change.
    explanation = _GOT.sub(rf"{voice('worst.got')}: \1; right: ", explanation)
    parts = re.split(r"(“[^”]*”)", explanation)
    return "".join(part if part.startswith("“") else _worded(part, voice) for part in parts)


def _worded(part: str, voice: Voice) -> str:
    for english, said in voice.beginnings():
        part = part.replace(english, said)
    part = re.sub(r"\bmoney (\d+(?:\.\d+)?)", lambda m: _money(m[1], voice), part)
    part = re.sub(r"\bdate (\d{4}-\d\d-\d\d)", lambda m: voice.day(m[1]), part)
    part = re.sub(r"\bnumber (\d+(?:\.\d+)?)(?= |;|$)", lambda m: _count(m[1], voice), part)
    units = "|".join(voice.knows("unit"))
    part = re.sub(
        rf"\b(?:duration )?(?:(\d+(?:\.\d+)?|None) )?({units})\b",
        lambda m: _duration(m[1] if m[1] != "None" else None, m[2], voice) if m[1] or "_" in m[2]
        else m[0],
        part,
    )  # fmt: skip
    part = re.sub(r"\b(\w+): free\b", lambda m: f"{m[1]}: {voice('expected.free')}", part)
    slots = "|".join(voice.knows("slot"))
    part = re.sub(rf"\b({slots}): ", lambda m: f"{voice.name('slot', m[1])}: ", part)
    codes = "|".join(voice.knows("status"))
    return re.sub(rf"(?<![\w-])({codes})(?![\w-])", lambda m: voice.name("status", m[1]), part)
