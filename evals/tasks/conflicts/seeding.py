"""Pairs of documents made from real provisions: clean, with one contradiction, with look-alikes.

The second document says what the first says, in other words, in another order,
with other numbers of articles, and not all of it. What is put into it is chosen
by the seed. Nothing of the detector is used.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from evals.tasks.conflicts.wordings import DEV, TEST, Wordings

KINDS = (
    "number", "deadline", "money", "duty", "permission", "authority", "territory", "period",
    "scope", "exception", "manner", "unit",
)  # fmt: skip
LOOK_ALIKES = ("plain", "spelt", "subject", "excepted", "reference", "later", "amended", "equal")


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was found: its name and its clauses, without their labels."""

    heading: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A pair. ``place`` is what the contradiction stands in (words of the second document)."""

    id: str
    source: str
    split: str
    kind: str  # one of KINDS, or "clean:" and one of LOOK_ALIKES
    first: str
    second: str
    was: str = ""
    place: str = ""


# On what a document says of its own force two documents never contradict each other.
_OF_ITSELF = re.compile(r"này (?:có hiệu lực|thay thế|được Quốc hội)|có hiệu lực (?:kể )?từ ngày")
_DURATION = re.compile(r"(?<![\d.,/])(\d{1,3}) (ngày làm việc|ngày|tháng|năm|giờ)(?!\w| \d)")
_MONEY = re.compile(r"(?<![\d.,/])(\d{1,3}(?:\.\d{3})+) đồng|(?<![\d.,/])(\d{1,4}) triệu đồng")
_COUNT = re.compile(r"(?<![\d.,/])(\d{1,3}) ?(%|tuổi|người|lần|mét|m2|thành viên|bản|bộ)(?!\w)")
_DATE = re.compile(r"ngày (\d{1,2})(?:/| tháng )(\d{1,2})(?:/| năm )(\d{4})")
_EXCEPT = re.compile(r", trừ (?:các )?trường hợp [^;.,]{10,160}(?=[.;]|$)")


def pairs(
    name: str, articles: Sequence[Article], split: str, seed: int, *, size: int = 6
) -> Iterator[Made]:
    """One pair for each kind that the articles allow, and as many clean ones."""
    words = DEV if split == "dev" else TEST
    for n, kind in enumerate((*KINDS, *(f"clean:{k}" for k in LOOK_ALIKES))):
        rng = random.Random(f"{seed}/{name}/{kind}/{n}")  # noqa: S311
        made = _pair(name, articles, split, kind, words, rng, size)
        if made is not None:
            yield made


def _pair(
    name: str, articles: Sequence[Article], split: str, kind: str, words: Wordings,
    rng: random.Random, size: int,
) -> Made | None:  # fmt: skip
    plain = kind.removeprefix("clean:")
    change = _CHANGES[plain]
    order = list(range(len(articles)))
    rng.shuffle(order)
    for at in order:
        clauses = list(range(len(articles[at].clauses)))
        rng.shuffle(clauses)
        for c in clauses:
            was = articles[at].clauses[c]
            if len(was) < 60 or len(was) > 900 or "\n" in was.strip() or _OF_ITSELF.search(was):
                continue
            now = change(was, words, rng)
            if now is None or (now == was and plain != "plain"):
                continue
            start = max(0, min(at - rng.randrange(size), len(articles) - size))
            chosen = articles[start : start + size]
            changed = [
                replace(a, clauses=tuple(now if a is articles[at] and i == c else x
                                         for i, x in enumerate(a.clauses)))
                for a in chosen
            ]  # fmt: skip
            head_a, head_b = _heads(name, plain, rng)
            first = _written(head_a, chosen)
            second = _written(head_b, _retold(changed, words, rng, keep=now))
            return Made(f"{split}-{name}-{kind}", name, split, kind, first, second, was, now)
    return None


def _heads(name: str, kind: str, rng: random.Random) -> tuple[str, str]:
    year = rng.randrange(2012, 2020)
    number = f"{rng.randrange(1, 90)}/{year}/QH13"
    what = name.replace("-", " ").upper()
    a = f"QUỐC HỘI\n\nLuật số: {number}\n\nHà Nội, ngày 15 tháng 6 năm {year}\n\nLUẬT\n\n{what}\n"
    about = f"quy định chi tiết {what}"
    if kind == "amended":
        about = f"sửa đổi, bổ sung một số điều của Luật số {number}"
    other = f"{rng.randrange(1, 90)}/{year + 2}/NĐ-CP"
    b = (
        f"CHÍNH PHỦ\n\nSố: {other}\n\nHà Nội, ngày 20 tháng 8 năm {year + 2}\n\n"
        f"NGHỊ ĐỊNH\n\n{about}\n"
    )
    if kind in ("amended", "later"):
        other = f"{rng.randrange(1, 90)}/{year + 2}/QH13"
        b = (
            f"QUỐC HỘI\n\nLuật số: {other}\n\nHà Nội, ngày 20 tháng 11 năm {year + 2}\n\n"
            f"LUẬT\n\n{about if kind == 'amended' else what}\n"
        )
    if kind == "later":
        b += f"\n@END Luật này thay thế Luật số {number}.\n"
    return a, b


def _written(head: str, articles: Sequence[Article]) -> str:
    head, _, closing = head.partition("\n@END ")
    lines = [head]
    for n, article in enumerate(articles, 1):
        lines.append(f"Điều {n}. {article.heading}\n")
        many = len(article.clauses) > 1
        for i, clause in enumerate(article.clauses, 1):
            lines.append(f"{i}. {clause}\n" if many else f"{clause}\n")
    if closing:
        lines.append(f"Điều {len(articles) + 1}. Hiệu lực thi hành\n\n{closing.strip()}\n")
    return "\n".join(lines)


def _retold(
    articles: Sequence[Article], words: Wordings, rng: random.Random, keep: str
) -> list[Article]:
    """The articles in other words, in another order, a few clauses left out."""
    found = []
    for article in articles:
        clauses = []
        for clause in article.clauses:
            if clause != keep and rng.random() < 0.15:
                continue
            clauses.append(_reworded(clause, words, rng))
        if rng.random() < 0.4:
            rng.shuffle(clauses)
        if clauses:
            found.append(replace(article, clauses=tuple(clauses)))
    if rng.random() < 0.5:
        rng.shuffle(found)
    return found


def _reworded(text: str, words: Wordings, rng: random.Random) -> str:
    for pattern, other in words.rewording:
        if rng.random() < 0.6:
            text = re.sub(pattern, other, text)
    return text


# --- what is changed -----------------------------------------------------------------------------

Change = Callable[[str, Wordings, random.Random], str | None]


def _other(number: int, words: Wordings, rng: random.Random) -> int:
    for factor in rng.sample(words.factors, len(words.factors)):
        made = max(1, round(number * factor))
        if made != number:
            return made
    return number + 1


def _duration(text: str, words: Wordings, rng: random.Random) -> str | None:
    match = _DURATION.search(text)
    if not match or re.search(r"(?:Điều|khoản|tháng) $", text[: match.start()]):
        return None
    number = _other(int(match[1]), words, rng)
    return text[: match.start(1)] + f"{number:02d}" + text[match.end(1) :]


def _unit(text: str, _words: Wordings, _rng: random.Random) -> str | None:
    match = re.search(r"(?<![\d.,/])\d{1,3} (ngày làm việc|ngày)(?! \d| tháng)(?!\w)", text)
    if not match:
        return None
    other = "ngày" if match[1] == "ngày làm việc" else "ngày làm việc"
    return text[: match.start(1)] + other + text[match.end(1) :]


def _money(text: str, words: Wordings, rng: random.Random) -> str | None:
    match = _MONEY.search(text)
    if not match:
        return None
    if match[2]:
        millions = _other(int(match[2]), words, rng)
        return text[: match.start(2)] + str(millions) + text[match.end(2) :]
    number = _other(int(match[1].replace(".", "")), words, rng)
    return text[: match.start(1)] + f"{number:,}".replace(",", ".") + text[match.end(1) :]


def _count(text: str, words: Wordings, rng: random.Random) -> str | None:
    match = _COUNT.search(text)
    if not match:
        return None
    return text[: match.start(1)] + str(_other(int(match[1]), words, rng)) + text[match.end(1) :]


def _date(text: str, _words: Wordings, _rng: random.Random) -> str | None:
    match = _DATE.search(text)
    if not match or re.search(r"(?:số \S+|QH\d+) $", text[: match.start()]):
        return None
    return text[: match.start(3)] + str(int(match[3]) + 1) + text[match.end(3) :]


def _from(table: str) -> Change:
    def change(text: str, words: Wordings, rng: random.Random) -> str | None:
        rows = list(getattr(words, table))
        rng.shuffle(rows)
        for pattern, other in rows:
            made = re.sub(pattern, other, text, count=1)
            if made != text:
                return made
        return None

    return change


def _narrowed(text: str, words: Wordings, rng: random.Random) -> str | None:
    match = re.match(
        r"((?:Người|Công dân|Cá nhân|Tổ chức, cá nhân|Doanh nghiệp|Nhà báo|Người lao động)"
        r"(?: [a-zđà-ỹ]+){0,3}?) (?=có quyền|phải|được|có trách nhiệm|có nghĩa vụ|không được)",
        text,
    )
    if not match:
        return None
    return f"{match[1]} {rng.choice(words.narrowing)} {text[match.end() :]}"


def _dropped(text: str, _words: Wordings, _rng: random.Random) -> str | None:
    match = _EXCEPT.search(text)
    if not match or "quy định khác" in match[0]:
        return None
    return text[: match.start()] + text[match.end() :]


def _plain(text: str, _words: Wordings, _rng: random.Random) -> str | None:
    return text


_SPELT = {
    "03": "ba", "3": "ba", "05": "năm", "5": "năm", "07": "bảy", "10": "mười", "15": "mười lăm",
    "20": "hai mươi", "30": "ba mươi", "45": "bốn mươi lăm", "60": "sáu mươi", "02": "hai",
}  # fmt: skip


def _spelt(text: str, _words: Wordings, _rng: random.Random) -> str | None:
    match = _DURATION.search(text)
    if not match or match[1] not in _SPELT:
        return None
    return text[: match.start(1)] + _SPELT[match[1]] + text[match.end(1) :]


def _equal(text: str, _words: Wordings, _rng: random.Random) -> str | None:
    """The same amount in another unit."""
    match = re.search(r"(?<![\d.,/])(\d{1,3})\.000\.000 đồng", text)
    if match:
        return text[: match.start()] + f"{match[1]} triệu đồng" + text[match.end() :]
    match = re.search(r"(?<![\d.,/])(12|24|36) tháng", text)
    if match:
        return text[: match.start()] + f"{int(match[1]) // 12:02d} năm" + text[match.end() :]
    match = re.search(r"(?<![\d.,/])(0?[1-5]) năm(?! \d)(?!\w)", text)
    if match:
        return text[: match.start()] + f"{int(match[1]) * 12} tháng" + text[match.end() :]
    return None


def _any_value(text: str, words: Wordings, rng: random.Random) -> str | None:
    return _duration(text, words, rng) or _money(text, words, rng) or _count(text, words, rng)


def _subject(text: str, words: Wordings, rng: random.Random) -> str | None:
    made = _any_value(text, words, rng)
    return made and rng.choice(words.subjects) + made[0].lower() + made[1:]


def _excepted(text: str, words: Wordings, rng: random.Random) -> str | None:
    if "trừ" in text or not text.endswith((".", ";")):
        return None
    return text[:-1] + rng.choice(words.exceptions) + text[-1]


def _referred(text: str, _words: Wordings, _rng: random.Random) -> str | None:
    match = _DURATION.search(text)
    if not match:
        return None
    return text[: match.start()] + "thời gian theo quy định của Luật" + text[match.end() :]


def _value(text: str, words: Wordings, rng: random.Random) -> str | None:
    return _any_value(text, words, rng) or _from("duty")(text, words, rng)


_CHANGES: dict[str, Change] = {
    "number": _count, "deadline": _duration, "money": _money, "duty": _from("duty"),
    "permission": _from("permission"), "authority": _from("authority"),
    "territory": _from("territory"), "period": _date, "scope": _narrowed, "exception": _dropped,
    "manner": _from("manner"), "unit": _unit, "plain": _plain, "spelt": _spelt,
    "subject": _subject, "excepted": _excepted, "reference": _referred, "later": _value,
    "amended": _value, "equal": _equal,
}  # fmt: skip
