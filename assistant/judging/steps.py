"""Steps of `help_judge`: each ends the way for what it was made for, and passes everything else on.

Names in what a judge types are masked before anything is kept of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from assistant.errors import InputError
from assistant.judging.issues import NOTICE as ISSUES_NOTICE
from assistant.judging.issues import IssueTable
from assistant.judging.law_on_days import Beside
from assistant.judging.library import Library
from assistant.judging.provision import Provision, named
from assistant.judging.told import SIMILAR_NOTICE, similar_lines
from assistant.vocabulary import Citation, Draft, Ending, Line, Status
from knowledge_base.judgments.circumstances import circumstances
from knowledge_base.judgments.masking import mask
from knowledge_base.law.article_map_known import known_pairs
from knowledge_base.vietnamese import fold
from knowledge_base.wording import day as written

FILE = Path(__file__).with_name("asked.yml")
_LONGEST = 1500  # characters of a provision that are shown
_STORY = 25  # words of a message that tells a case by itself
_DAYS = re.compile(r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\b")

CLOSED = (
    "Chưa có bản án nào để so, hoặc anh/chị chưa được xem bản án: cần đăng nhập bằng tài "
    "khoản thuộc "
    "nhóm có nhãn “judgment” (trên máy chủ: troly ask --as TÊN). Người quản trị nạp bằng: troly "
    "judgment import TỆP."
)
INSTEAD = (
    "Tôi không nêu mức án, không đoán kết quả và không nói bên nào đúng: việc đó của Hội đồng "
    "xét xử. "
    "Tôi có thể:\n"
    "- đặt điều luật của ngày hành vi cạnh điều luật của ngày xét xử (ví dụ: “Điều 173 BLHS, "
    "hành vi "
    "ngày 01/5/2017, xét xử hôm nay”);\n"
    "- tìm bản án tương tự trong số đã nạp và nói giống, khác ở đâu (“tìm bản án tương tự: …”);\n"
    "- lập bảng vấn đề pháp lý, điều luật, điều cần hỏi thêm (“vấn đề pháp lý của vụ: …”)."
)


@cache
def _asked() -> dict[str, re.Pattern[str]]:
    import yaml

    raw = yaml.safe_load(FILE.read_text("utf-8"))
    return {name: re.compile("|".join(listed)) for name, listed in raw.items()}


def asks(kind: str, text: str) -> bool:
    """Whether the words of a message ask for this."""
    return _asked()[kind].search(fold(text)) is not None


@dataclass(frozen=True, slots=True)
class RefuseVerdict:
    """No sentence, no winner, no forecast; what can be done instead is named."""

    def __call__(self, draft: Draft) -> Draft | Ending:
        text = draft.question.text
        if not asks("verdict", text):
            return draft
        return Ending(_masked(draft), Status.REFUSED_OUTCOME, INSTEAD)


@dataclass(frozen=True, slots=True)
class LayLawBeside:
    """ "Điều 173 BLHS, hành vi ngày …, xét xử ngày …": both texts, not chosen."""

    library: Library

    def __call__(self, draft: Draft) -> Draft | Ending:
        text = draft.question.text
        days = _days(text)
        if not re.search(r"(?i)\bđiều\s+\d", text) or not days:
            return draft
        if not asks("law", text) and len(days) < 2:
            return draft
        act, trial = days[0], days[1] if len(days) > 1 else draft.as_of
        try:
            found = self.library.law(text, min(act, trial), max(act, trial))
        except InputError as error:
            return Ending(_masked(draft), Status.CLARIFY, str(error))
        sides = (*found.act, *found.trial)
        seen = [f"- {one.what}." for one in found.observations]
        lead = (
            f"Điều luật ngày hành vi ({written(min(act, trial))}) và ngày xét xử "
            f"({written(max(act, trial))}), đặt cạnh nhau:"
        )
        notices = (*_differences(seen), *found.remarks, *_how(found), found.notice)
        return _ending(draft, lead, sides, notices)


@dataclass(frozen=True, slots=True)
class NameNewArticle:
    """ "Điều 138 BLHS 1999 nay là điều nào?"."""

    def __call__(self, draft: Draft) -> Draft | Ending:
        text = draft.question.text
        if not re.search(r"(?i)\bđiều\s+\d", text) or not asks("map", text):
            return draft
        try:
            one = named(text)
        except InputError:
            return draft
        if one.code is None or len(one.code.texts) < 2:
            return draft
        old, new = one.code.texts[-2], one.code.texts[-1]
        of_new = one.text is not None and one.text.number == new.number
        pairs = [
            p
            for p in known_pairs(old.key, new.key)
            if (one.article in p.new if of_new else p.old == one.article)
        ]
        if not pairs:
            told = (
                f"Chưa có cặp điều đã biết chắc cho Điều {one.article} {one.code.name}. Trên "
                f"máy chủ có thể "
                f"chạy: troly law map {old.number} {new.number} --article {one.article}."
            )
            return Ending(_masked(draft), Status.NO_SOURCE, told)
        told = "\n".join(
            f"Điều {p.old} ({old.number}) → Điều {', '.join(p.new)} ({new.number}): {p.about}."
            for p in pairs
        )
        notice = "Hai điều tương ứng không có nghĩa là quy định như nhau: hãy đối chiếu nguyên văn."
        return Ending(replace(_masked(draft), lead=told, notices=(notice,)), Status.ANSWERED)


@dataclass(frozen=True, slots=True)
class FindLikeCases:
    """ "Tìm bản án tương tự: …": like cases, why, and what differs."""

    library: Library

    def __call__(self, draft: Draft) -> Draft | Ending:
        if not asks("similar", draft.question.text):
            return draft
        kept = _masked(draft)
        library = self.library.seen_by(draft.question.scope)
        if not library.has_judgments:
            return Ending(kept, Status.NO_SOURCE, CLOSED)
        try:
            told = library.case(_facts(draft.question.text))
        except InputError as error:
            return Ending(kept, Status.CLARIFY, str(error))
        found = library.similar(told.case, 3)
        lines = list(similar_lines(found))
        if not found:
            return Ending(kept, Status.NO_SOURCE, lines[-1])
        lead = "\n".join(line for line in lines if line != SIMILAR_NOTICE)
        return Ending(replace(kept, lead=lead, notices=(SIMILAR_NOTICE,)), Status.ANSWERED)


@dataclass(frozen=True, slots=True)
class ListIssues:
    """The issues of a situation; a message that tells one is enough."""

    library: Library

    def __call__(self, draft: Draft) -> Draft | Ending:
        text = draft.question.text
        kept = _masked(draft)
        story = len(text.split()) >= _STORY and len(circumstances(kept.text)) >= 2
        if not asks("issues", text) and not story:
            return draft
        library = self.library.seen_by(draft.question.scope)
        try:
            told = library.case(_facts(text))
        except InputError as error:
            return Ending(kept, Status.CLARIFY, str(error))
        table = library.issues(told, draft.as_of)
        if not table.rows:
            return draft if story else Ending(kept, Status.CLARIFY, "\n".join(table.remarks))
        provisions = tuple(p for row in table.rows[:4] for p in row.provisions)
        lead = "\n".join(_issue_lines(table))
        missing = dict.fromkeys(p.missing for p in provisions if p.missing)
        return _ending(draft, lead, provisions, (*missing, *table.remarks, ISSUES_NOTICE))


def _issue_lines(table: IssueTable) -> Iterator[str]:
    yield "Những vấn đề pháp lý nên xem xét:"
    for n, row in enumerate(table.rows[:4], 1):
        because = "; ".join(c.name for c in row.raised)
        articles = ", ".join(p.name for p in row.provisions) or "không thấy trong bảng điều luật"
        yield f"{n}. {row.issue.name} (vì: {because}): {articles}."
        cases = "; ".join(one.judgment.name for one in row.cases)
        if cases:
            yield f"   Án tương tự: {cases}."
        yield f"   Cần hỏi: {' '.join(row.issue.ask)}"


def _facts(text: str) -> str:
    """What is told after "tìm bản án tương tự:", or all of it."""
    head, colon, rest = text.partition(":")
    return rest.strip() if colon and len(head.split()) <= 14 and len(rest.split()) >= 3 else text


def _ending(
    draft: Draft, lead: str, provisions: tuple[Provision, ...], notices: tuple[str, ...]
) -> Ending:
    """An answer whose lines quote what the record has of the provisions."""
    lines = tuple(_line(one) for one in dict.fromkeys(provisions) if one.text)
    made = replace(_masked(draft), lead=lead, lines=lines, notices=notices, kind="document")
    return Ending(made, Status.ANSWERED if lines else Status.ANSWERED_PARTLY)


def _line(one: Provision) -> Line:
    end = one.end
    if end - one.start > _LONGEST:
        end = one.start + one.text.rfind(" ", 0, _LONGEST)
    quote = one.text[: end - one.start].rstrip()
    digest = hashlib.sha256(quote.encode()).hexdigest()
    citation = Citation(
        one.document_id,
        one.number,
        one.law,
        (f"Điều {one.article}",),
        quote,
        one.start,
        one.start + len(quote),
        one.sha256,
        digest,
        "",
        one.since,
    )
    notes = "".join(f" ({note})" for note in one.notes)
    return Line("passage", f"{one.name}, ngày {written(one.day)}{notes}: “{quote}”", citation)


def _differences(seen: list[str]) -> Iterator[str]:
    if seen:
        yield "Chỗ khác có thể đáng lưu ý:\n" + "\n".join(seen)


def _how(found: Beside) -> Iterator[str]:
    if found.how != "cùng một văn bản":
        yield f"Cách ghép: {found.how}."


def _masked(draft: Draft) -> Draft:
    """The draft with the words that may be kept."""
    return replace(draft, text=mask(draft.question.text).text)


def _days(text: str) -> list[date]:
    found = []
    for match in _DAYS.finditer(text):
        try:
            found.append(date(int(match[3]), int(match[2]), int(match[1])))
        except ValueError:
            continue
    return found or [value for value, _ in _spelled(text)]


def _spelled(text: str) -> Iterator[tuple[date, int]]:
    for match in re.finditer(r"(?i)ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})", text):
        try:
            yield date(int(match[3]), int(match[2]), int(match[1])), match.start()
        except ValueError:
            continue
