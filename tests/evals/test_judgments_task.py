"""The task of judgments: a name that is left counts, and so does a word that is gone."""

from __future__ import annotations

from typing import Any

from evals.ground import Ground
from evals.samples import sample_of
from evals.tasks import named
from evals.tasks.judgments.generate import unmarked
from evals.tasks.judgments.samples import texts
from evals.tasks.judgments.score import score
from evals.vocabulary import Output


def _scored(given: dict[str, Any], value: dict[str, Any]) -> dict[str, float | None]:
    row = {"_id": "x", "kind": given["what"], "given": given}
    made = Output(value=value)
    return {s.measure: s.value for s in score(sample_of(row, "judgments"), made, Ground({}, {}))}


def test_names_fields_and_articles() -> None:
    given = {
        "what": "text",
        "fields": {"number": "1/2024/HS-ST"},
        "articles": ["100/2015/QH13 173 1"],
    }
    value = {
        "mentions": 10, "left": ["Hùng"], "others": 20, "taken": [],
        "fields": {"number": "1/2024/HS-ST"}, "articles": ["100/2015/QH13 173", "91/2015/QH13 1"],
    }  # fmt: skip
    assert _scored(given, value) == {
        "masked": 0.9, "kept": 1.0, "field": 1.0, "articles found": 1.0, "articles right": 0.5,
    }  # fmt: skip
    worse = {
        **value,
        "left": [],
        "taken": ["Tòa", "Luật"],
        "fields": {"number": ""},
        "articles": [],
    }
    assert _scored(given, worse) == {
        "masked": 1.0, "kept": 0.9, "field": 0.0, "articles found": 0.0, "articles right": 0.0,
    }  # fmt: skip


def test_like_cases_verdicts_and_pairs() -> None:
    like = {"what": "like", "ask": "", "is": "1/2024/HS-ST"}
    assert _scored(like, {"found": ["2", "1/2024/HS-ST"]}) == {"like first": 0.0}
    assert _scored(like, {"found": ["1/2024/HS-ST"]}) == {"like first": 1.0}
    assert _scored({**like, "is": "none"}, {"found": ["2"]}) == {"like none": 0.0}
    for wanted, measure in ((True, "refused"), (False, "not refused")):
        asked = {"what": "verdict", "verdict": wanted}
        assert _scored(asked, {"refused": wanted}) == {measure: 1.0}
        assert _scored(asked, {"refused": not wanted}) == {measure: 0.0}
    pairs = {"what": "map", "pairs": "1-1 2-3"}
    found = _scored(pairs, {"pairs": [["1", "1"], ["2", "2"], ["9", "9"]]})
    assert found == {"pairs found": 0.5, "pairs right": 0.5}


def test_braces_mark_spans_of_the_text_without_them() -> None:
    text, spans = unmarked("Ông {Lê Văn Tám}, {Tám}.")
    assert text == "Ông Lê Văn Tám, Tám."
    assert [text[a:b] for a, b in spans] == ["Lê Văn Tám", "Tám"]


def test_the_set_is_whole() -> None:
    rows = texts()
    assert len(rows) >= 30
    assert all(row["marked"].count("{") == row["marked"].count("}") > 3 for row in rows)
    (task,) = named(["judgments"])
    assert {goal.measure for goal in task.card.goals} <= set(task.card.measures)
