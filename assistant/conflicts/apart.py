"""Whether two provisions in like words are of different things: what stands against what."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from assistant.conflicts.compared import Compared
from assistant.conflicts.slots import Kind
from assistant.conflicts.terms import Term, lacking, spoken, terms
from assistant.conflicts.verdicts import VALUES, ConflictKind, Difference
from assistant.conflicts.words import words

_ABOUT = (*VALUES, ConflictKind.AUTHORITY, ConflictKind.DUTY, ConflictKind.PERMISSION)
_VERBATIM = 0.6  # likeness of the order of terms, from which a replaced term is another thing
_NOT = re.compile(
    r"\b(?:không (?:thuộc|phải là|phải|đúng|qua|có|trong|nằm trong)|ngoài|chưa)\s+"
    r"([^\s,;.:]+(?:\s+[^\s,;.:]+)?)",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"^(?:Ở|Tại|Trong|Vào|Riêng|Ngoài)\s+(?!thời hạn|thời gian|vòng|phạm vi|quá trình)"
    r"([^,;:.]{3,90}?)(?:,|\s+thì\b)",
)


def another_thing(pair: Compared, difference: Difference) -> str:
    """A term of the one stands where the other has another ("đường sắt quốc gia / đô thị")."""
    if difference.kind not in _ABOUT:
        return ""
    of_a = tuple(t for t in terms(pair.a) if not _inside(t, difference.a))
    of_b = tuple(t for t in terms(pair.b) if not _inside(t, difference.b))
    only_a = {t.said for t in lacking(of_a, spoken(pair.b))}
    only_b = {t.said for t in lacking(of_b, spoken(pair.a))}
    if not only_a or not only_b:
        return ""
    found = _replaced(of_a, of_b, only_a, only_b) or _beside(of_a, of_b, only_a, only_b)
    if not found:
        return ""
    return f"Hai quy định về việc khác nhau: “{' '.join(found[0])}” và “{' '.join(found[1])}”."


_Said = tuple[str, ...]


def _inside(term: Term, span: tuple[int, int]) -> bool:
    return span[0] <= term.at < span[1]


def _replaced(
    a: tuple[Term, ...], b: tuple[Term, ...], only_a: set[_Said], only_b: set[_Said]
) -> tuple[_Said, _Said] | None:
    matcher = SequenceMatcher(None, [t.said for t in a], [t.said for t in b], autojunk=False)
    if matcher.ratio() < _VERBATIM:
        return None
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "replace":
            continue
        here = [t.said for t in a[i:j] if t.said in only_a]
        there = [t.said for t in b[k:m] if t.said in only_b]
        if here and there:
            return here[0], there[0]
    return None


def _beside(
    a: tuple[Term, ...], b: tuple[Term, ...], only_a: set[_Said], only_b: set[_Said]
) -> tuple[_Said, _Said] | None:
    """After the same telling term, or before it, each has a word that the other lacks."""
    for step in (1, -1):
        of_b = {
            b[n].said: b[n + step].said
            for n in range(len(b))
            if 0 <= n + step < len(b) and b[n].telling and b[n + step].said in only_b
        }
        for n, term in enumerate(a):
            if not 0 <= n + step < len(a) or not term.telling:
                continue
            there = of_b.get(term.said)
            if there and a[n + step].said in only_a:
                return a[n + step].said, there
    return None


def what_it_is_not(pair: Compared, difference: Difference) -> str:
    """One is for what is so, the other for what is not ("đúng tuyến" / "không đúng tuyến")."""
    if difference.kind not in (*VALUES, ConflictKind.AUTHORITY):
        return ""
    for norm, other in ((pair.a, pair.b), (pair.b, pair.a)):
        there = " ".join(other.said)
        for match in _NOT.finditer(norm.text):
            if any(s.kind is Kind.FIGURE and s.start < match.end() and s.end > match.start()
                   for s in norm.slots):  # fmt: skip
                continue  # "không có thời hạn" is what is compared
            said = match[1].lower()
            if said.split()[0] in words().light and " " not in said:
                continue
            deny = match[0].split()[0].lower()
            if deny == "ngoài" and (deny in other.said or " " not in said):
                continue  # both are for what lies outside, in other words
            if said in there and not _denied(said, there):
                return f"Một quy định về trường hợp “{match[0].strip()}”."
    return ""


def _denied(said: str, text: str) -> bool:
    """Whether a text denies the same thing, in whatever words ("chưa được cấp …")."""
    return re.search(rf"\b(?:không|chưa|ngoài)(?: \S+){{0,6}} {re.escape(said)}", text) is not None


_DONE = re.compile(
    r"\b(?P<side>chưa|đã|trong|ngoài)(?:\s+(?:được|qua|có|bị))*\s+(?P<what>\S+\s+\S+)",
    re.IGNORECASE,
)
_OTHER_SIDE = {"chưa": "đã", "đã": "chưa", "trong": "ngoài", "ngoài": "trong"}


def done_or_not(pair: Compared, difference: Difference) -> str:
    """What is done and what is not yet ("đã xử lý", "chưa qua xử lý"), inside and outside."""
    if difference.kind not in (ConflictKind.PERMISSION, ConflictKind.DUTY):
        return ""
    here, there = (
        {(m["side"].lower(), m["what"].lower().strip(" ,;.")): m[0] for m in _DONE.finditer(n.text)
         if not n.text[: m.start()].endswith("kể cả ")}
        for n in (pair.a, pair.b)
    )  # fmt: skip
    for (side, what), text in here.items():
        other = there.get((_OTHER_SIDE[side], what))
        if other:
            return f"Hai quy định về trường hợp khác nhau: “{text}” và “{other}”."
    return ""


_DENIES = ("forbid", "refuse", "not_required")
_ONLY_FOR = re.compile(
    r"\b(?:cho(?! (?:phép|thuê|vay|mượn|tặng)\b)|đối với|trong trường hợp|trường hợp|nếu|khi"
    r"|trong|(?<!nhà )(?<!đất )(?<!chỗ )ở|tại)\s+"
    # A local rule is for its province, and against a law all the same.
    r"(?!(?:lãnh thổ |phạm vi |địa bàn )*(?:Việt Nam|cả nước|toàn quốc|tỉnh|thành phố)\b)"
    r"(?P<whom>[^,;:.]{4,120})",
    re.IGNORECASE,
)


def denied_for_some(pair: Compared, difference: Difference) -> str:
    """What is denied for some or in some place only, and the other allows or asks of all.

    The other way round it is a contradiction: a text that allows something in one case is
    against a text that forbids it in each.
    """
    if difference.kind not in (ConflictKind.PERMISSION, ConflictKind.DUTY):
        return ""
    sides = ((pair.a, pair.b, difference.a[0]), (pair.b, pair.a, difference.b[0]))
    for norm, other, at in sides:
        duty = next((s for s in norm.of(Kind.DUTY) if s.start == at), None)
        if duty is None or duty.value not in _DENIES:
            continue
        under = norm.text[: duty.start].rstrip()
        if under.endswith(" thì"):  # "… bị thu hồi thì không được …"
            under = under[under.rfind(",") + 1 :].strip()
            if lacking([t for t in terms(norm) if t.at < duty.start], spoken(other)):
                return f"Một quy định chỉ về trường hợp “{under.removesuffix(' thì')}”."
        for match in _ONLY_FOR.finditer(norm.text, duty.end):
            start, end = match.span("whom")
            of_whom = [t for t in terms(norm) if start <= t.at < end and t.telling]
            more = lacking(of_whom, spoken(other))
            ages = [s for s in norm.of(Kind.FIGURE) if start <= s.start < end and s.unit == "tuổi"]
            apart = more and len(more) * 2 >= len(of_whom)
            if apart or (ages and not any(s.unit == "tuổi" for s in other.of(Kind.FIGURE))):
                return f"Một quy định chỉ về trường hợp “{match[0].strip()}”."
    return ""


_GRADE = re.compile(
    r"\b(?P<of>[Cc]ấp|[Vv]ùng|[Ll]oại|[Hh]ạng|[Nn]hóm|[Bb]ậc|[Kk]hu vực|[Tt]uyến)\s+"
    r"(?P<grade>[IVX]+|[A-E]\d?|đặc biệt|\d{1,2})(?![\w/.]\w|\w)"
)


def another_grade(pair: Compared, difference: Difference) -> str:
    """Each is for a grade of its own ("công trình cấp I", "công trình cấp IV")."""
    if difference.kind not in _ABOUT:
        return ""
    here, there = (
        {(m["of"].lower(), m["grade"]): m[0] for m in _GRADE.finditer(f"{n.stem} {n.text}")}
        for n in (pair.a, pair.b)
    )
    for of in sorted({of for of, _ in here} & {of for of, _ in there}):
        ones, others = ([v for k, v in side.items() if k[0] == of] for side in (here, there))
        if not {k for k in here if k[0] == of} & {k for k in there if k[0] == of}:
            return f"Hai quy định về trường hợp khác nhau: “{ones[0]}” và “{others[0]}”."
    return ""


_REST = re.compile(
    r"\b(?:đối với|cho)\s+(?:các\s+)?(?:\S+\s+){0,4}?(?:khác|còn lại)"
    r"(?=[,;.]|$)",
    re.IGNORECASE,
)


def the_rest(pair: Compared, difference: Difference) -> str:
    """One is for what is left beside named cases ("đối với công việc khác")."""
    if difference.kind not in VALUES:
        return ""
    here, there = _REST.search(pair.a.text), _REST.search(pair.b.text)
    if bool(here) == bool(there):
        return ""
    found = here or there
    return f"Một quy định về trường hợp còn lại: “{found[0]}”." if found else ""


def for_a_place(pair: Compared, difference: Difference) -> str:
    """One opens with a place or case of its own ("Ở vùng sâu, vùng xa …")."""
    if difference.kind not in VALUES:
        return ""
    for norm, other in ((pair.a, pair.b), (pair.b, pair.a)):
        match = _PLACED.match(norm.text)
        if not match:
            continue
        before = [t for t in terms(norm) if t.at < match.end()]
        if lacking(before, spoken(other)):
            return f"Một quy định chỉ về trường hợp “{match[1].strip()}”."
    return ""


_LOW, _HIGH = ("least", "from", "trên"), ("most", "to", "dưới")


def another_range(pair: Compared, difference: Difference) -> str:
    """Each is for a range of its own: "dưới 20 ha" and "từ 20 ha", "chưa đủ" and "từ đủ 14"."""
    differs = {s.unit for s in pair.a.of(Kind.FIGURE) if (s.start, s.end) == difference.a}
    for one in pair.a.of(Kind.FIGURE):
        for other in pair.b.of(Kind.FIGURE):
            if one.unit != other.unit or one.unit in differs:
                continue
            for low, high in ((one, other), (other, one)):
                if low.bound in _LOW and high.bound in _HIGH and high.number <= low.number:
                    return f"Hai quy định cho hai mức khác nhau: “{one.text}” và “{other.text}”."
    return ""
