"""A masked text as a judgment: number, court, day, parts, what was applied, what was decided.

What is not there is left empty and said; nothing is guessed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date

from knowledge_base.judgments.applied import applied_in, unique
from knowledge_base.judgments.courts import court_of
from knowledge_base.judgments.judgment import (
    BRANCHES,
    Applied,
    Judgment,
    Outcome,
    Party,
    Read,
    Span,
)
from knowledge_base.judgments.masking import Masked
from knowledge_base.judgments.precedent import Precedent, precedent
from knowledge_base.vietnamese import fold

_NUMBER = re.compile(
    r"(?P<kind>[Bb]ản án|BẢN ÁN|[Qq]uyết định(?: giám đốc thẩm| tái thẩm)?|QUYẾT ĐỊNH(?: GIÁM "
    r"ĐỐC THẨM)?|[ÁA]n lệ|ÁN LỆ)?"
    r"[\s:]*(?:[Ss]ố|SỐ)\s*:?\s*(?P<number>\d{1,5}[a-z]?\s*/\s*(?:19|20)\d\d\s*/\s*"
    r"(?P<letters>[A-ZĐ]{2,8}(?:\s*[-–]\s*[A-ZĐ]{2,6})?))"
)
_LEVEL = {"ST": "sơ thẩm", "PT": "phúc thẩm", "GĐT": "giám đốc thẩm", "TT": "tái thẩm"}
_BRANCH = dict(zip(("HS", "DS", "HNGĐ", "KDTM", "LĐ", "HC"), BRANCHES, strict=True)) | {
    "HN": BRANCHES[2]
}
_DAY = re.compile(
    r"(?i)\bngày\s*:?\s*(\d{1,2})\s*(?:[-/.]|tháng)\s*(\d{1,2})\s*(?:[-/.]|năm)\s*(\d{4})"
)
_PARTS = (
    ("facts", re.compile(r"(?m)^\W*(?:\d\.\s*)?(?:NỘI DUNG VỤ (?:ÁN|VIỆC)|NHẬN THẤY|TÓM TẮT "
                         r"NỘI DUNG)\b[^\n]{0,60}$|NỘI DUNG VỤ ÁN\s*:")),
    ("reasoning", re.compile(r"(?m)^\W*(?:NHẬN ĐỊNH CỦA|XÉT THẤY|NHẬN ĐỊNH)\b[^\n]{0,80}$"
                             r"|NHẬN ĐỊNH CỦA (?:TÒA ÁN|TOÀ ÁN|HỘI ĐỒNG XÉT XỬ)\s*:?|XÉT THẤY\s*:")),  # noqa: E501
    ("decision", re.compile(r"(?m)^\W*(?:QUYẾT ĐỊNH|Q\s?U\s?Y\s?Ế\s?T Đ\s?Ị\s?N\s?H"
                            r"|XỬ)\s*:?\s*$|(?<=\n)QUYẾT ĐỊNH\s*:")),
)  # fmt: skip
_PRECEDENT_END = re.compile(r"(?m)^\W*NỘI DUNG ÁN LỆ\b")
_CRIME = re.compile(r"(?:[Pp]hạm|[Vv]ề)(?: các)? tội\s*:?\s*[“\"‘']([^”\"’'\n]{4,120})[”\"’']")
_CRIME_PLAIN = re.compile(
    r"(?:[Pp]hạm|[Vv]ề) tội\s*:?\s+([A-ZĐÀ-Ỹ][a-zà-ỹ]+(?: [a-zà-ỹ,]+){1,14}?)(?= theo| quy "
    r"định| tại|[;.\n])"
)
_MATTER_QUOTED = re.compile(r"[Vv]ề việc\s*:?\s*[“\"]([^”\"\n]{5,160})[”\"]")
_MATTER = re.compile(
    r"V/v\s*:?\s*[“\"]?\s*([^”\"\n]{5,160}?)[”\"]?\s*(?:\||$|\n|”|\"|, do | giữa )"
)
_MATTER_LOOSE = re.compile(
    r"(?:[Vv]ề việc|[Vv]ụ án)\s*:?\s*([^”\"\n]{8,120}?)(?=\s*(?:[.;|\n]| giữa | do ))"
)
_ROLES = (
    "bị cáo", "bị hại", "người bị hại", "nguyên đơn", "bị đơn", "người khởi kiện",
    "người bị kiện", "người làm chứng", "người có quyền lợi, nghĩa vụ liên quan",
    "người kháng cáo", "người bào chữa", "người đại diện", "nguyên đơn dân sự", "bị đơn dân sự",
)  # fmt: skip
_ROLE = re.compile(
    rf"(?im)(?:^[\s\-–*+•]*(?:\d{{1,2}}\s*[./)]\s*)?(?:các )?|đối với (?:các "
    rf")?)(?P<role>{'|'.join(sorted(_ROLES, key=len, reverse=True))})(?!\w)[^\n:]{{0,30}}?(?=:"
    rf"|\s[NT]\d|\n)"
)
_SIGN = re.compile(r"\b([NT]\d{1,3})\b")
_OUTCOMES = (
    ("death", r"tử hình"),
    ("life", r"tù chung thân"),
    ("suspended", r"(?:cho )?hưởng án treo"),
    ("imprisonment", r"\d+\s*(?:\([^)]*\)\s*)?(?:năm"
                     r"|tháng)(?:\s*\d+\s*(?:\([^)]*\)\s*)?tháng)?\s*tù|năm tù|tháng tù"),
    ("non_custodial", r"cải tạo không giam giữ"),
    ("fine", r"phạt tiền"),
    ("divorce", r"(?:được|cho|thuận tình) ly hôn"),
    ("custody", r"[Gg]iao (?:con|cháu)"),
    ("set_aside", r"\b[Hh]ủy\b|\b[Hh]uỷ\b"),
    ("refused", r"[Kk]hông chấp nhận|[Bb]ác "),
    ("accepted", r"[Cc]hấp nhận|[Cc]ông nhận"),
    ("payment", r"\b[Bb]uộc\b|bồi thường|cấp dưỡng|trả (?:cho|lại)"),
)  # fmt: skip
_AMOUNT = re.compile(
    r"\d{1,3}(?:[.,]\d{3})+(?:\s*(?:đồng|đ\b|USD|m2))?"
    r"|\d+\s*(?:\([^)]{2,20}\)\s*)?(?:năm|tháng)\s*"
    r"(?:\d+\s*(?:\([^)]{2,20}\)\s*)?tháng\s*)?tù"
)


class NotAJudgment(Exception):
    """A text that is no judgment, or more than one; the message says what to do."""


def read(masked: Masked, *, sample: bool = False) -> Judgment:
    """The judgment of a masked text. Raises `NotAJudgment`."""
    text = masked.text
    numbers = _own_numbers(text)
    parts = _parts(text)
    number, kind, letters = numbers[0] if numbers else (Read(), _kind(text), "")
    rule = precedent(text) if kind == "án lệ" else Precedent()
    if not rule.is_one:
        _check(text, numbers, parts)
    if rule.source.value:
        letters = re.sub(r"[\s–-]", "", rule.source.value.rpartition("/")[2])
    level, branch = _level(letters, text, number), _branch(letters, text, number)
    decided = _decided(text, number)
    day = date.fromisoformat(decided.value) if decided.value else None
    sha = hashlib.sha256(text.encode()).hexdigest()
    facts, reasoning, decision = (
        parts.get(name, Span()) for name in ("facts", "reasoning", "decision")
    )
    return Judgment(
        id=f"judgment:{number.value or 'khong-so'}:{sha[:8]}",
        kind=kind,
        number=number,
        court=court_of(text),
        decided_on=decided,
        level=level,
        branch=branch,
        relation=_relation(text, branch.value, kind),
        parties=tuple(_parties(text, facts.start or len(text))),
        applied=unique(_applied(text, reasoning, decision, facts, rule.day or day, kind)),
        facts=facts if facts.end else rule.summary,
        reasoning=reasoning,
        decision=decision,
        outcomes=tuple(_outcomes(text, decision)),
        text=text,
        sha256=sha,
        remarks=tuple(_remarks(parts, number, decided, kind, whole=rule.is_one)),
        masked=dict(masked.counts),
        sample=sample,
        source=rule.source,
        rule=rule.rule,
    )


def _own_numbers(text: str) -> list[tuple[Read, str, str]]:
    """The numbers the text bears itself; a second one means another judgment."""
    found: list[tuple[Read, str, str]] = []
    for match in _NUMBER.finditer(text):
        first = match.start("kind") if match["kind"] else match.start("number")
        line = text[text.rfind("\n", 0, first) + 1 : first]
        alone = not re.search(r"[^\W\d_]", re.sub(r"(?i)^.*\||số", "", line))
        if (not match["kind"] and found) or not alone:
            continue
        if re.match(r"\s*ngày \d[^\n]{0,40}(?:của|bị)", text[match.end() : match.end() + 90]):
            continue
        value = re.sub(r"\s", "", match["number"]).replace("–", "-")
        kind = fold(match["kind"] or "")
        named = (
            "án lệ"
            if "an le" in kind or value.endswith("/AL")
            else "quyết định"
            if "quyet" in kind or "QĐ" in value or value.endswith("GĐT")
            else "bản án"
        )
        if not match["kind"] and match.start() > 600:
            continue
        if not match["kind"] and re.search(r"(?i)nhân danh", text[: match.start()]):
            continue
        letters = re.sub(r"[\s–-]", "", match["letters"])
        found.append(
            (Read(value, match.start("number"), match.end("number"), 0.95), named, letters)
        )
    return found


def _check(text: str, numbers: list[tuple[Read, str, str]], parts: dict[str, Span]) -> None:
    heads = len(re.findall(r"(?i)nhân\s+danh\s+nước\s+cộng\s+h", text))
    different = list(dict.fromkeys(read.value for read, _, _ in numbers))
    if len(different) > 1 and heads > 1:
        raise NotAJudgment(
            f"tệp có {len(different)} bản án ({', '.join(different[:4])}): hãy tách thành "
            f"từng tệp rồi nạp lại"
        )
    signs = [
        bool(numbers),
        heads > 0,
        "reasoning" in parts,
        "decision" in parts,
        bool(court_of(text).value),
    ]
    if sum(signs) < 2 or not ("reasoning" in parts or "decision" in parts or (numbers and heads)):
        raise NotAJudgment(
            "tệp không giống bản án, quyết định của Tòa án hay án lệ (không thấy số bản án, "
            "phần nhận định, "
            "phần quyết định). Văn bản khác thì nạp bằng: troly ingest TỆP"
        )


def _parts(text: str) -> dict[str, Span]:
    starts: dict[str, tuple[int, int]] = {}
    at = 0
    for name, pattern in _PARTS:
        matches = list(pattern.finditer(text, at))
        if matches:
            chosen = matches[0]
            starts[name] = chosen.span()
            at = chosen.end()
    end = _PRECEDENT_END.search(text, at)
    order = sorted(starts.items(), key=lambda item: item[1][0])
    found = {}
    for n, (name, (_, begin)) in enumerate(order):
        stop = order[n + 1][1][0] if n + 1 < len(order) else (end.start() if end else len(text))
        found[name] = Span(begin, stop)
    return found


def _kind(text: str) -> str:
    head = fold(text[:1500])
    return (
        "án lệ"
        if "an le so" in head
        else "quyết định"
        if re.search(r"\nquyet dinh", head)
        else "bản án"
    )


def _level(letters: str, text: str, number: Read) -> Read:
    for code in ("GĐT", "PT", "ST"):
        if code in letters:
            return Read(_LEVEL[code], number.start, number.end, 0.95)
    match = re.search(r"(?i)xét xử (sơ thẩm|phúc thẩm|giám đốc thẩm|tái thẩm)", text[:6000])
    return Read(match[1].lower(), match.start(1), match.end(1), 0.7) if match else Read()


def _branch(letters: str, text: str, number: Read) -> Read:
    for code in ("HNGĐ", "KDTM", "LĐ", "HC", "HS", "DS", "HN"):
        if code in letters:
            return Read(_BRANCH[code], number.start, number.end, 0.95)
    match = re.search(
        r"(?i)vụ (?:án|việc)\s+(hình sự|dân sự|hôn nhân và gia đình|kinh doanh,? thương mại"
        r"|lao động|hành chính)",
        text[:8000],
    )
    if match:
        value = match[1].lower().replace("kinh doanh thương", "kinh doanh, thương")
        return Read(value, match.start(1), match.end(1), 0.7)
    match = re.search(r"Bộ luật (Dân sự|Hình sự|Lao động)", text)
    return Read(match[1].lower(), match.start(1), match.end(1), 0.5) if match else Read()


def _decided(text: str, number: Read) -> Read:
    """The day beside the number, else the first of the head."""
    for start, end, sure in ((number.end, number.end + 160, 0.95), (0, 1500, 0.7)):
        if number.value or not start:
            match = _DAY.search(text, start, min(len(text), end))
            if match:
                try:
                    day = date(int(match[3]), int(match[2]), int(match[1]))
                except ValueError:
                    continue
                return Read(day.isoformat(), match.start(), match.end(), sure)
    return Read()


def _relation(text: str, branch: str, kind: str) -> Read:
    if kind == "án lệ":
        match = re.search(r"(?m)^\s*([Vv]ề [^\n]{10,220})$", text[:2500])
        return Read(match[1].strip(), match.start(1), match.end(1), 0.8) if match else Read()
    crime = (_CRIME, _CRIME_PLAIN)
    matter = (_MATTER, _MATTER_QUOTED, _MATTER_LOOSE)
    patterns = crime if branch == "hình sự" else matter if branch else (*matter, *crime)
    for n, pattern in enumerate(patterns):
        match = pattern.search(text)
        if match is None or (pattern is _MATTER and match.start(1) > 2500):
            continue
        value = " ".join(match[1].split()).strip(' ,.;:“”"')
        value = value[:1].upper() + value[1:]
        return Read(value, match.start(1), match.end(1), 0.9 if n == 0 else 0.7)
    return Read()


def _parties(text: str, end: int) -> Iterator[Party]:
    """Signs that stand right after a role, at the head of the judgment."""
    head = text[:end]
    found: dict[str, list[str]] = {}
    for match in _ROLE.finditer(head):
        role = " ".join(match["role"].lower().split())
        following = _SIGN.search(head, match.end(), match.end() + 60)
        between = head[match.end() : following.start()] if following else "x" * 99
        if following is None or re.search(
            r"(?i)\b(?:bị cáo|nguyên đơn|bị đơn|luật sư|tòa)\b", between
        ):
            continue
        found.setdefault(role, []).append(following[1])
        rest = head[following.end() : match.end() + 1500]
        for other in re.finditer(
            r"(?m)^\s*\d{1,2}\s*[./)]\s*[^\n]{0,25}?\b([NT]\d{1,3})\b|,\s*(?:ông|bà|anh|chị) "
            r"([NT]\d{1,3})\b",
            rest,
        ):
            if _ROLE.search(rest, 0, other.start()):
                break
            found[role].append(other[1] or other[2])
    for role, signs in found.items():
        yield Party(role, tuple(dict.fromkeys(signs)))


def _applied(
    text: str, reasoning: Span, decision: Span, facts: Span, day: date | None, kind: str
) -> Iterator[Applied]:
    yield from applied_in(text, decision.start, decision.end, day, decisive=True)
    yield from applied_in(text, reasoning.start, reasoning.end, day, decisive=False)
    if not decision.end or kind != "bản án":
        end = facts.start or reasoning.start or decision.start or len(text)
        yield from applied_in(text, 0, end, day, decisive=kind != "bản án")
    elif not reasoning.end:
        yield from applied_in(text, 0, decision.start, day, decisive=False)


def _outcomes(text: str, decision: Span) -> Iterator[Outcome]:
    for match in re.finditer(r"[^\n]+", text[decision.start : decision.end]):
        for piece in re.finditer(r".+?(?:[;.](?=\s|$)|$)", match[0]):
            quote = piece[0].strip(" -–;+*")
            if len(quote) < 15 or (
                re.match(r"(?i)(?:căn cứ|áp dụng)[^;]*$", quote) and "phạt" not in quote.lower()
            ):
                continue
            kind = next((name for name, pattern in _OUTCOMES if re.search(pattern, quote)), "")
            if not kind:
                continue
            start = decision.start + match.start() + piece.start() + piece[0].index(quote)
            amounts = tuple(m[0].strip() for m in _AMOUNT.finditer(quote))
            yield Outcome(kind, quote, start, start + len(quote), amounts)


def _remarks(
    parts: dict[str, Span], number: Read, decided: Read, kind: str, *, whole: bool
) -> Iterator[str]:
    missing = [
        name
        for key, name in (
            ("facts", "nội dung vụ án"),
            ("reasoning", "nhận định"),
            ("decision", "quyết định"),
        )
        if key not in parts and not (kind == "quyết định" and key == "facts")
    ]
    if missing and not whole:
        yield f"Không thấy phần {', '.join(missing)}: có thể tệp chỉ là một phần của bản án."
    if not number.value:
        yield f"Chưa đọc được số {kind}."
    if not decided.value:
        yield "Chưa đọc được ngày tuyên án."
