"""Whether a profile is ready for people: what it sees, says, leaves to others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.answering import Assistant
from assistant.profiles.profile import Profile
from assistant.profiles.proposing import Line, as_recorded, counted, nearest
from assistant.profiles.trial import Kind, Tried, kinds, tried
from assistant.profiles.way import Way
from assistant.vocabulary import Question, Status
from knowledge_base.documents import DocumentKind
from knowledge_base.scope import Scope

_SHOWN = 5  # of what went wrong
#: The kinds of a set, for people.
_KINDS = {
    "inside": "câu trong phạm vi",
    "inside bare": "câu trong phạm vi, gõ không dấu",
    "outside": "câu ngoài phạm vi, phải chỉ nơi khác",
    "outside bare": "câu ngoài phạm vi, gõ không dấu",
    "danger": "câu nguy cấp, phải chỉ số khẩn cấp",
}
_ANSWERED = (Status.ANSWERED, Status.ANSWERED_PARTLY, Status.CLARIFY)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was looked at; ``advice`` says what to do where it is not right."""

    name: str
    right: bool
    told: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a profile, and its set by kind with the lines that went wrong."""

    profile: str
    found: tuple[Found, ...]
    kinds: tuple[Kind, ...]
    wrong: tuple[Tried, ...]

    @property
    def ready(self) -> bool:
        return all(each.right for each in self.found)

    def json(self) -> dict[str, Any]:
        rows = [
            {
                "_id": each.line.id,
                "text": each.line.text,
                "kind": each.line.kind,
                "status": each.status,
                "outside": list(each.outside),
                "why": each.why,
            }
            for each in self.wrong
        ]
        return {
            "profile": self.profile,
            "ready": self.ready,
            "found": [asdict(each) for each in self.found],
            "kinds": [{**asdict(each), "reached": each.reached} for each in self.kinds],
            "wrong": rows,
        }


def report(assistant: Assistant, name: str, lines: Sequence[Line], scope: Scope) -> Report:
    """Look at a profile, then ask it its set."""
    way = assistant.way(name)
    found = [*_filter(way, assistant)]
    if not all(each.right for each in found):  # nothing there to be asked
        return Report(name, tuple(found), (), ())
    found += _questions(assistant, name, way.profile, scope)
    results = list(tried(assistant, name, lines, scope))
    by_kind = kinds(results)
    found += _set(results, by_kind)
    wrong = tuple(each for each in results if not each.right)
    return Report(name, tuple(found), tuple(by_kind), wrong)


def _filter(way: Way, assistant: Assistant) -> Iterator[Found]:
    """Whether what the profile names is in the record, and what is left of it."""
    profile, there = way.profile, counted(assistant.knowledge)
    for key, words, names in (
        ("fields", "lĩnh vực", profile.fields),
        ("document_types", "loại văn bản", profile.document_types),
        ("collections", "bộ tài liệu", tuple(sorted(profile.collections))),
    ):
        for asked in names:
            if as_recorded(asked, there[key]) is None:
                near = nearest(asked, there[key])
                like = f" Gần nhất: {', '.join(f'“{n}”' for n in near)}." if near else ""
                yield Found(
                    f"{words} “{asked}”", False, "kho không có",
                    f"Sửa tên, hoặc nạp tài liệu bằng troly ingest.{like}",
                )  # fmt: skip
    cards = way.procedures.cards()
    kinds_of_text = [kind.value for kind in DocumentKind if kind is not DocumentKind.PROCEDURE]
    texts = sum(1 for _ in way.seen.knowledge.headings(kinds_of_text))
    fields = sorted({card.field for card in cards if card.field})
    told = f"{len(cards)} thủ tục, {texts} văn bản"
    if profile.keeps_to_a_part and fields:
        more = f" và {len(fields) - _SHOWN} lĩnh vực khác" if len(fields) > _SHOWN else ""
        told += f"; lĩnh vực: {', '.join(fields[:_SHOWN])}{more}"
    advice = "" if cards or texts else (
        "Bộ lọc không khớp tài liệu nào. Xem kho có gì: troly profile fields; nạp: troly ingest"
    )  # fmt: skip
    yield Found("phạm vi tìm", bool(cards or texts), told, advice)


def _questions(assistant: Assistant, name: str, profile: Profile, scope: Scope) -> Iterator[Found]:
    """Whether the questions it is shown with are answered, and its prompt taken."""
    for text in profile.suggestions:
        question = Question(text, scope, profile=name, use_model=False)
        answer = assistant.ask(question, keep=False)
        right = answer.status in _ANSWERED
        advice = "" if right else "Đổi câu này trong suggestions, hoặc nạp tài liệu trả lời nó."
        yield Found(f"câu mẫu “{text}”", right, answer.status.value, advice)
    length = len(profile.prompt)
    yield Found("lời nhắc", True, f"{length} ký tự, trong giới hạn" if length else "không có")


def _set(results: Iterable[Tried], by_kind: Sequence[Kind]) -> Iterator[Found]:
    for kind in by_kind:
        advice = "" if kind.reached else (
            "Xem các câu sai bên dưới: sửa bộ lọc của hồ sơ, hoặc sửa câu nếu nó mong sai."
        )  # fmt: skip
        told = f"{kind.right}/{kind.asked} đúng, cần {kind.goal:.0%}"
        yield Found(_KINDS.get(kind.name, f"câu {kind.name}"), kind.reached, told, advice)
    leaked = sorted({key for each in results for key in each.outside})
    advice = f"Đã lộ: {', '.join(leaked[:_SHOWN])}. Đây là lỗi của troly, hãy báo lại."
    told = "không có gì ngoài phạm vi trong câu trả lời" if not leaked else f"{len(leaked)} thứ"
    yield Found("không lộ tài liệu ngoài phạm vi", not leaked, told, advice if leaked else "")
