"""One provision on the day of the act and on the day of the trial, side by side, not chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.errors import InputError
from assistant.judging.frames import Observation, observations
from assistant.judging.provision import Named, Provision, label_in, named, provision, text_on
from knowledge_base.judgments.codes import CodeText
from knowledge_base.law.article_map import MapArticle, article_map
from knowledge_base.law.keys import document_key
from knowledge_base.law.view import law as law_of
from knowledge_base.store import Record
from knowledge_base.wording import day as written

RULE = "khoản 3 Điều 7 Bộ luật Hình sự"
NOTICE = (
    "Máy đặt hai bản cạnh nhau và nêu chỗ khác. Bản nào có lợi hơn cho người phạm tội, áp "
    "dụng bản nào: "
    f"Hội đồng xét xử quyết định theo {RULE}."
)
CIVIL = (
    "Máy đặt hai bản cạnh nhau và nêu chỗ khác. Áp dụng bản nào do Tòa án quyết định theo quy "
    "định chuyển tiếp "
    "của luật và Điều 152, 156 Luật Ban hành văn bản quy phạm pháp luật 2015 (nay là Luật "
    "64/2025/QH15)."
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Provisions of both days: usually one each; several where an article was divided."""

    asked: str
    act: tuple[Provision, ...]
    trial: tuple[Provision, ...]
    how: str
    observations: tuple[Observation, ...]
    rule: Provision | None
    remarks: tuple[str, ...]
    notice: str


def beside(record: Record, asked: str, act: date, trial: date) -> Beside:
    """The provision on both days. Raises `InputError` where no article is named."""
    if trial < act:
        raise InputError(
            f"Ngày xét xử ({written(trial)}) trước ngày hành vi ({written(act)}): hãy xem lại "
            f"hai ngày."
        )
    one = named(asked)
    if one.code is None:
        single = one.number.upper()
        sides = tuple(provision(record, "", single, one.article, day) for day in (act, trial))
        return _made(asked, (sides[0],), (sides[1],), "cùng một văn bản", None, [], criminal=False)
    origin = one.text or text_on(one, trial) or text_on(one, act)
    texts = (text_on(one, act), text_on(one, trial))
    remarks = [
        f"Không biết {one.code.name} nào có hiệu lực ngày {written(day)}."
        for text, day in zip(texts, (act, trial), strict=True)
        if text is None
    ]
    if origin is None:
        raise InputError(" ".join(remarks))
    found: list[tuple[Provision, ...]] = []
    how = "cùng một văn bản"
    for text, day in zip(texts, (act, trial), strict=True):
        if text is None:
            found.append(())
            continue
        labels, by = _labels(record, one, text, origin)
        if by:
            how = by
        if not labels:
            remarks.append(
                f"Chưa biết điều tương ứng với Điều {one.article} ({origin.number}) trong "
                f"{text.number}: "
                f"xem bằng troly law map {min(text.number, origin.number, key=_year)} "
                f"{max(text.number, origin.number, key=_year)}."
            )
        found.append(tuple(provision(record, one.code.name, text.number, x, day) for x in labels))
    remarks += _amendments(record, one.code.name, texts, act, trial)
    criminal = one.code.name == "Bộ luật Hình sự"
    rule = None
    if criminal and texts[1] is not None:
        rule = provision(record, one.code.name, texts[1].number, "7", trial)
    return _made(asked, found[0], found[1], how, rule, remarks, criminal=criminal)


def _amendments(
    record: Record, name: str, texts: tuple[CodeText | None, ...], act: date, trial: date
) -> list[str]:
    """What is known to have changed a text up to the trial, and whether the record has it."""
    told = []
    for text in dict.fromkeys(filter(None, texts)):
        for number, since in text.amended:
            if since > trial:
                continue
            when = "giữa hai ngày này" if act < since else "trước ngày hành vi"
            held = "" if record.numbered(document_key(number)) else "; kho chưa có luật sửa đổi"
            told.append(
                f"{name} {text.number} được sửa đổi bởi {number} từ {written(since)}, "
                f"{when}{held}: "
                "hãy xem điều này có bị sửa không."
            )
    return told


def _year(number: str) -> str:
    return number.split("/")[1]


def _labels(
    record: Record, one: Named, target: CodeText, origin: CodeText
) -> tuple[tuple[str, ...], str]:
    """Labels in the text of a day, and how they were found, where they had to be."""
    if target.number == origin.number:
        return (one.article,), ""
    known = label_in(one, target, origin)
    if known:
        return known, "điều tương ứng lấy từ bảng đã biết chắc"
    old, new = (target, origin) if target.since < origin.since else (origin, target)
    laws = [law_of(record, text.key) for text in (old, new)]
    articles = [
        [
            MapArticle(a.label, a.heading, a.text)
            for a in each.articles
            if a.form in ("codified", "text")
        ]
        if each
        else []
        for each in laws
    ]
    if not all(articles):
        return (), ""
    pairs = article_map(*articles)
    mine, other = ("new", "old") if target is old else ("old", "new")
    labels = tuple(
        getattr(p, other) for p in pairs if getattr(p, mine) == one.article and getattr(p, other)
    )
    return labels, "điều tương ứng do máy ghép theo tên và nội dung: hãy đối chiếu"


def _made(
    asked: str,
    act: tuple[Provision, ...],
    trial: tuple[Provision, ...],
    how: str,
    rule: Provision | None,
    remarks: list[str],
    *,
    criminal: bool,
) -> Beside:
    seen: list[Observation] = []
    if len(act) == len(trial) == 1 and act[0].text and trial[0].text:
        if act[0].sha256 == trial[0].sha256 and act[0].start == trial[0].start:
            remarks.append(
                "Kho chỉ có một bản cho cả hai ngày: chỗ khác, nếu có, không nhìn thấy được từ đây."
            )
        else:
            seen = list(observations(act[0].text, trial[0].text))
            if not seen:
                remarks.append(
                    "Không thấy khung hình phạt, mức tiền nào khác nhau; hãy đọc nguyên văn "
                    "hai bản."
                )
    for side, day in ((act, "hành vi"), (trial, "xét xử")):
        remarks += [f"Ngày {day}: {p.missing}" for p in side if p.missing]
    if len(trial) > 1 or len(act) > 1:
        remarks.append("Một điều tương ứng với nhiều điều: máy không chọn, hãy đọc từng điều.")
    return Beside(
        asked,
        act,
        trial,
        how,
        tuple(seen),
        rule,
        tuple(dict.fromkeys(remarks)),
        NOTICE if criminal else CIVIL,
    )


def beside_json(found: Beside) -> dict[str, Any]:
    """Both sides with spans and hashes, the observations, what is missing."""
    return {
        "asked": found.asked,
        "act": [provision_json(p) for p in found.act],
        "trial": [provision_json(p) for p in found.trial],
        "how": found.how,
        "observations": [
            {"what": o.what, "act": o.act, "trial": o.trial} for o in found.observations
        ],
        "rule": provision_json(found.rule) if found.rule else None,
        "remarks": list(found.remarks),
        "notice": found.notice,
    }


def provision_json(one: Provision) -> dict[str, Any]:
    """A provision; ``text`` is ``[start:end]`` of the document with that hash."""
    return {
        "day": one.day.isoformat(),
        "name": one.name,
        "number": one.number,
        "article": one.article,
        "heading": one.heading,
        "text": one.text,
        "document_id": one.document_id,
        "sha256": one.sha256,
        "start": one.start,
        "end": one.end,
        "effective_from": one.since.isoformat() if one.since else None,
        "events": [
            {"kind": e.kind, "by": e.by, "since": e.since.isoformat() if e.since else None}
            for e in one.events
        ],
        "missing": one.missing,
        "notes": list(one.notes),
    }
