"""Names of companies and the like that are parties; the state's own bodies are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from knowledge_base.judgments.spelled import Taken, low_of
from knowledge_base.judgments.wordlist import words
from knowledge_base.syllables import is_syllable

_NEXT = re.compile(r"(?:[  ]{1,2}|\s*&\s*|\s+-\s+(?=[A-ZĐ])|-)([^\W_]+)")
_ALIAS = re.compile(
    r"\s*\(?(?:sau đây\s+)?(?:được\s+)?(?:gọi tắt|viết tắt|gọi|tên viết tắt|tên giao "
    r"dịch)\s*(?:là|:)\s*[“\"]?((?:[^)”\"\n;,.]|[.,](?=[.,]? ?(?:Ltd|JSC|Inc)\b)){2,60})"
)
_ABBREVIATION = re.compile(r"\s*\(([A-ZĐ][\w]{1,20}(?: Bank)?)\)")
_COMPANY = re.compile(r"(?:tổng )?công ty|doanh nghiệp tư nhân|dntn|ngân hàng|hợp tác xã|htx")
_PLURAL = frozenset({"và", "của", "tại", "là", "có", "do", "thuộc", "với", "cho", "ký", "về"})


@dataclass(frozen=True, slots=True)
class Organisation:
    """A mention: ``text[start:end]``; ``name`` is what tells it from others, lower case."""

    start: int
    end: int
    name: str
    head: str


@cache
def _head() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, words().organisations))})(?!\w)")


def organisations(text: str) -> list[Organisation]:
    """Mentions by their head ("Công ty …"), then by the short names that they are given."""
    found = list(_by_head(text))
    taken = Taken(len(text), ((one.start, one.end) for one in found))
    for short, name in _short_names(text, found).items():
        for match in re.finditer(rf"(?<!\w){re.escape(short)}(?!\w)", text):
            if _in_a_name(text, match.start(), match.end()):
                continue  # part of another name: "Lâm Chí Cường"
            if taken.free(match.start(), match.end()):
                found.append(Organisation(match.start(), match.end(), name, ""))
                taken.take(match.start(), match.end())
    return sorted(found, key=lambda one: one.start)


def _in_a_name(text: str, start: int, end: int) -> bool:
    """Whether a capital stands right before or after, with only a space between."""
    before = re.search(r"([^\W\d_]+) $", text[max(0, start - 12) : start])
    after = re.match(r" ([^\W\d_]+)", text[end : end + 12])
    return any(near is not None and near[1][0].isupper() for near in (before, after))


def _by_head(text: str) -> Iterator[Organisation]:
    listed = words()
    for match in _head().finditer(text):
        low = " ".join(text[match.start() : match.end() + 25].lower().split())
        if any(low.startswith(kept) for kept in listed.organisation_kept):
            continue
        taken = list(_taken(text, match.end()))
        if text[match.start() : match.end()].isupper() and not _COMPANY.match(low):
            continue  # a line in capitals: "CƠ SỞ KINH DOANH DƯỢC"
        while taken and not _is_proper(text, taken[-1]) and not _is_kind(taken):
            taken.pop()
        named = [low_of(t[1]) for t in taken if low_of(t[1]) not in listed.organisation_words]
        named = named or [low_of(t[1]) for t in taken]
        if taken:
            yield Organisation(match.start(), taken[-1].end(), " ".join(named), low_of(match[0]))


def _taken(text: str, end: int) -> Iterator[re.Match[str]]:
    """The words that may belong to the name after a head that ends at ``end``."""
    listed = words()
    proper = False
    while (step := _NEXT.match(text, end)) is not None:
        word = step[1]
        kind = low_of(word) in listed.organisation_words
        if proper and _ends(text, step):
            return
        if not (word[0].isupper() or word[0].isdigit() or (kind and not proper)):
            following = _NEXT.match(text, step.end())
            tail = kind and following is not None and following[1][0].isupper()
            if not tail and not (proper and _lexical(text, end, step)):
                return
        if word[0].isdigit() and (len(word) > 3 or re.match(r"[.,/]\d", text[step.end() :])):
            return  # "Công ty Hoàng Gia 68", not "… 6.120.000.000 đồng"
        after = _NEXT.match(text, step.end())
        if low_of(word) in _PLURAL and not (after and after[1][0].isupper()):
            return
        proper = proper or (word[0].isupper() and not kind)
        yield step
        end = step.end()


def _is_kind(taken: list[re.Match[str]]) -> bool:
    """Whether a name ends in what it does: "Ngân hàng TMCP Quân đội"."""
    from knowledge_base.judgments.likely import is_word

    if len(taken) < 2 or not taken[-2][1][0].isupper() or taken[-2][1].isupper():
        return False
    left, right = low_of(taken[-2][1]), low_of(taken[-1][1])
    kinds = words().organisation_words
    return left in kinds and right in kinds and is_word(left, right, strongly=True)


def _is_proper(text: str, step: re.Match[str]) -> bool:
    """A capital that no common word begins with: not "Giao thông", "Tòa án", "Giấy phép"."""
    from knowledge_base.judgments.likely import is_word

    word = low_of(step[1])
    if step[1][0].isdigit():
        return step[1].isdigit() and len(step[1]) <= 3 and step.start(1) - step.start() == 1
    if not step[1][0].isupper() or word in ("điều", "khoản", "điểm"):
        return False
    after = _NEXT.match(text, step.end())
    lower = after is not None and after[1].islower()
    common = lower and after is not None and is_word(word, low_of(after[1]), strongly=True)
    return not common or word in words().organisation_words


def _lexical(text: str, end: int, step: re.Match[str]) -> bool:
    """Lower case inside a name: "Thẩm định giá Tây Đô"; a capital comes soon again."""
    from knowledge_base.judgments.likely import is_word

    last = re.search(r"[^\W_]+$", text[:end])
    if last is None or low_of(step[1]) in _PLURAL or not is_word(low_of(last[0]), low_of(step[1])):
        return False
    return bool(re.match(r"(?:[ \u00a0][^\W\d_]+){0,2}?[ \u00a0][A-ZĐÀ-Ỹ]", text[step.end() :]))


def _ends(text: str, step: re.Match[str]) -> bool:
    """Where another begins: "Công ty A và Công ty B", "Ngân hàng C - Chi nhánh D"."""
    after = _NEXT.match(text, step.end())
    joins = low_of(step[1]) == "và" and after is not None and _head().match(text, after.start(1))
    head = _head().match(text, step.start(1))
    return bool(joins or head)


def _short_names(text: str, found: list[Organisation]) -> dict[str, str]:
    """Short names and abbreviations that a text gives right after a name."""
    from knowledge_base.judgments.likely import places

    short: dict[str, str] = {}
    for one in found:
        for pattern in (_ALIAS, _ABBREVIATION):
            match = pattern.match(text, one.end)
            if match and match[1].strip()[:1].isupper():
                given = match[1].strip()
                if len(given.split()) <= 6:
                    short[given] = one.name
        proper = text[one.start : one.end].split()[-len(one.name.split()) :]
        alone = " ".join(proper)
        foreign = not all(is_syllable(low_of(word)) for word in proper)
        known = (
            len(proper) > 1
            and alone.lower() not in {*places(), "việt nam", "nhà nước"}
            and alone.istitle()
        )
        if one.head and len(alone) > 4 and (foreign or known):
            short.setdefault(alone, one.name)
    return short
