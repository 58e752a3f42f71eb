"""Who can be evaluated, by name: troly by each of its doors, and what others would build."""

from __future__ import annotations

from collections.abc import Sequence

from evals.errors import UnknownName
from evals.subjects.bare_model import open_bare_model
from evals.subjects.bm25_template import open_bm25
from evals.subjects.by_chat import by_chat
from evals.subjects.in_process import open_plain, open_worded
from evals.subjects.over_http import open_http
from evals.subjects.over_openai import open_openai
from evals.subjects.port import Kind
from evals.subjects.tutorial_chain import open_chain
from evals.vocabulary import Words

#: Other doors of the same assistant are asked so many of a set, and where a model writes, so many.
_DOOR, _SLOW, _CHAT = 60, 20, 10
#: What a model of this size takes ten seconds a question for; asked of these sets alone.
_SLOW_SETS = ("citizens", "unanswerable", "false_premises")

#: troly by every door it has; then what somebody would build instead.
KINDS = (
    Kind("troly", Words(vi="troly", en="troly"), "own", open_plain),
    Kind(
        "troly-model",
        Words(vi="troly, mô hình diễn đạt", en="troly, worded by the model"),
        "own",
        open_worded,
        most=_SLOW,
    ),
    Kind(
        "http",
        Words(vi="troly qua HTTP", en="troly over HTTP"),
        "own",
        open_http,
        most=_DOOR,
    ),
    Kind(
        "openai",
        Words(vi="troly qua cổng /v1", en="troly over /v1"),
        "own",
        open_openai,
        most=_SLOW,
    ),
    Kind(
        "zalo-oa",
        Words(vi="troly qua Zalo OA", en="troly over Zalo OA"),
        "own",
        by_chat("zalo-oa"),
        most=_CHAT,
    ),
    Kind(
        "zalo-bot",
        Words(vi="troly qua Zalo Bot", en="troly over Zalo Bot"),
        "own",
        by_chat("zalo-bot"),
        most=_CHAT,
    ),
    Kind(
        "telegram",
        Words(vi="troly qua Telegram", en="troly over Telegram"),
        "own",
        by_chat("telegram"),
        most=_CHAT,
    ),
    Kind("bm25", Words(vi="BM25 và câu mẫu", en="BM25 and a template"), "baseline", open_bm25),
    Kind(
        "chain",
        Words(vi="LangChain + Chroma, cùng mô hình", en="LangChain + Chroma, same model"),
        "baseline",
        open_chain,
        most=_SLOW,
        sets=_SLOW_SETS,
    ),
    Kind(
        "model",
        Words(vi="mô hình, không tra cứu", en="the model alone"),
        "baseline",
        open_bare_model,
        most=_SLOW,
        sets=_SLOW_SETS,
    ),
)


def kinds(names: Sequence[str]) -> list[Kind]:
    """The subjects of these names, in the order of the report. Raises `UnknownName`."""
    known = {kind.name: kind for kind in KINDS}
    unknown = set(names) - known.keys()
    if unknown:
        raise UnknownName(
            f"There is no subject {', '.join(sorted(unknown))}. There are: {', '.join(known)}."
        )
    return [kind for kind in KINDS if kind.name in names]
