"""Fees in words: the clauses of a note, each with its amounts, its case, its exemptions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from knowledge_base.documents import Fee, FeeState
from knowledge_base.portal.money import Amount, Role, amounts, has_money

_CLAUSES = re.compile(
    r"[;\n]|(?<=\))(?=\()|\.\s*(?=[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ+*-])|\s[-*•]\s+(?=[A-ZĐ\d(])"
    r"|\s\+\s+(?=[A-ZĐ])|(?<!đồng)(?<!\d)\s\+\s+(?=[\d(])|(?<=[):])\s*[-+*]\s*(?=[A-ZĐ\d])"
    r"|(?<=[\w)])(?<!Lệ)(?<!lệ)\s*,?\s+(?=(?:Phí|Lệ phí|phí|lệ phí)\s*:\s*\d)"
)
_BULLET = re.compile(r"^[\s\-+*•.,:(]+")
_LABELS = re.compile(
    r"^(?:(?:áp dụng\s+)?(?:mức\s+)?(?:thu\s*)?(?:phí|lệ phí|$)\s*:?\s*(?:đồng\b)?\s*\(?|"
    r"mức thu(?: là)?\s*:?\s*|là\s+|thu\s+"
    r"|áp dụng mức (?:thu )?(?:lệ )?phí\s*(?:là)?\s*:?\s*|đồng\b\s*)+$",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"(?:kể\s+)?từ\s+(?:ngày\s+)?\d{1,2}[^;()]{0,40}(?:đến|hết)|áp dụng (?:đến|từ)|giảm \d+\s*%",
    re.IGNORECASE,
)
_PROVINCE = re.compile(
    r"hội đồng nhân dân|hđnd|(?:ủy|uỷ) ban nhân dân (?:cấp )?tỉnh[^.;]{0,30}quy(?:ết)? định"
    r"|chính quyền địa phương",
    re.IGNORECASE,
)
_EXEMPT = re.compile(
    r"(?:được )?(?:miễn|không thu|không phải nộp)(?:\s+(?:lệ |thu )?phí)?", re.IGNORECASE
)
NOTHING = re.compile(
    r"\W*(?:không(?: có| quy định| mất phí| đồng)?"
    r"|không (?:phải )?(?:thu|nộp)(?: phí, lệ phí| lệ phí| phí)?"
    r"|miễn (?:lệ )?phí|(?:lệ )?phí\s*:\s*(?:0|không)(?: đồng)?|0 đồng)\W*",
    re.IGNORECASE,
)
_FREE_BY = re.compile(r"miễn (?:lệ )?phí \([^)]*\)", re.IGNORECASE)
_IS_FREE = re.compile(
    r"được miễn (?:lệ )?phí|không thu (?:lệ )?phí|không được quy định tại biểu", re.IGNORECASE
)
_FREE_PERIOD = re.compile(
    r"\(?\s*miễn\s?(?:lệ\s)?(?:phí\s)?(?P<period>(?:kể\s)?từ ngày[^();\n]*)\)*", re.IGNORECASE
)
REFERENCE = re.compile(
    r"\W*(?:(?:theo|quy định tại)?\s*(?:thông tư|nghị định|nghị quyết)(?: số)? [\w/.-]+"
    r"(?: ngày [\d/]+)?(?: của (?:bộ trưởng )?bộ tài chính)?)?\W*$",
    re.IGNORECASE,
)
_ARITHMETIC = re.compile(r"(?:đồng|đ|\d)\s*[+x×*]\s*\(|[\w)]\s[x×]\s+\d|nhân với \d")
_AND = re.compile(r"(?:hoặc|và)\b", re.IGNORECASE)
_NEW = re.compile(r"(?:lệ phí|phí|mức|miễn|không|riêng|cấp)\b", re.IGNORECASE)
_NAMES_NOTHING = re.compile(r"[:\s](?:không có|không)\W*$", re.IGNORECASE)
_TARIFF = re.compile(
    r"thông tư|nghị định|nghị quyết|biểu (?:phí|mức|khung|giá)|theo (?:quy định|hướng dẫn|mức|phí)"
    r"|theo thông báo|quy định tại|do [^.;]{3,60} quy định|pháp luật về (?:phí|giá)|\d\s*%"
    r"|mục [IVX]+\b",
    re.IGNORECASE,
)
_HOW_TO_PAY = re.compile(
    r"có thể (?:được )?nộp|hình thức nộp|chuyển khoản|vào tài khoản|thanh toán điện tử"
    r"|nộp (?:lệ )?phí [^.;]{0,60}(?:tại thời điểm|trước khi|khi nộp)|thời điểm nộp",
    re.IGNORECASE,
)
_FEE_WORD = re.compile(r"phí|mức thu|\bthu\b|\bgiá\b", re.IGNORECASE)


@dataclass(slots=True)
class Told:
    """What a text says: its fees; whether all money in it was understood; limits of capital."""

    fees: list[Fee] = field(default_factory=list)
    clear: bool = True
    limits: bool = False


def told_by(text: str, *, loose: bool = False, figure: int = 0) -> Told:
    """The fees a text names.

    In a ``loose`` text (a description) only clauses count that speak of fees,
    or that repeat the table's ``figure``.
    """
    told = Told()
    tariffs: list[Fee] = []
    heading = ""
    clauses = list(_clauses(text))
    for n, (clause, nested) in enumerate(clauses):
        found = list(amounts(clause))
        roles = {amount.role for amount in found}
        speaks = _FEE_WORD.search(clause) or any(a.value == figure for a in found if figure)
        if loose and not found and _PROVINCE.search(clause) and _FEE_WORD.search(clause):
            told.fees.append(Fee(FeeState.BY_PROVINCE, text=line_of(clause)))
            continue
        if loose and not (found and speaks):
            told.clear = told.clear and Role.FEE not in roles
            continue
        above = heading if nested else ""
        below = n + 1 < len(clauses) and clauses[n + 1][1]
        if Role.UNCLEAR in roles:
            told.clear = False
        elif roles & {Role.SHARE, Role.FOREIGN} or (found and _ARITHMETIC.search(clause)):
            told.fees.append(Fee(FeeState.FORMULA, condition=above, text=line_of(clause)))
        elif roles & {Role.FEE, Role.CAP}:
            paid = [amount for amount in found if amount.role in (Role.FEE, Role.CAP)]
            told.fees.extend(_paid(clause, paid, above))
        elif found:
            told.limits = True
        elif clause.rstrip().endswith(":") or (below and not nested):
            heading = _joined(above, condition_of(clause))
            if not clause.rstrip().endswith(":"):
                _remark(clause, told.fees, tariffs)
            continue
        elif not loose:
            _remark(clause, told.fees, tariffs)
        if not nested:
            heading = ""
    if not any(fee.state is FeeState.KNOWN for fee in told.fees):
        told.fees.extend(tariffs)
    return told


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """Clauses with whether they stand below a heading ("+" below "-")."""
    at = 0
    nested = False
    held: tuple[str, bool] | None = None
    for match in [*_CLAUSES.finditer(text), None]:
        clause = text[at : match.start() if match else len(text)].strip()
        if re.search(r"\w", clause):
            now = nested or clause.lstrip(" (").startswith("+")
            if held and _goes_on(held[0], clause):
                held = (f"{held[0]}; {clause}", held[1])
            else:
                if held:
                    yield held
                held = (clause, now)
        if match:
            marker = match[0] + text[match.end() :].lstrip()[:1]
            if "+" in marker:
                nested = True
            elif "-" in marker or "*" in marker:
                nested = False
            at = match.end()
    if held:
        yield held


def _goes_on(held: str, clause: str) -> bool:
    """Whether a clause is the rest of the sentence before it, which named no money yet."""
    if has_money(held) or held.endswith(":") or _EXEMPT.match(line_of(held)):
        return False
    return bool(_AND.match(clause)) or (clause[:1].islower() and not _NEW.match(clause))


def _paid(clause: str, paid: list[Amount], heading: str) -> Iterator[Fee]:
    """One fee for each amount of a clause; brackets behind an amount belong to it."""
    at = 0
    for n, amount in enumerate(paid):
        following = paid[n + 1] if n + 1 < len(paid) else None
        before = clause[at : amount.start]
        after = clause[amount.end : following.start if following else len(clause)]
        if following:
            after = "" if following.role is Role.CAP else after[: _own(after)]
        at = amount.end + len(after)
        condition = _joined(heading, condition_of(before))
        text = "" if _LABELS.fullmatch(line_of(after)) else line_of(after)
        if amount.value == 0:
            yield Fee(FeeState.FREE, condition=condition, text=text)
        else:
            yield Fee(FeeState.KNOWN, amount.value, amount.per, condition, text)


def _own(after: str) -> int:
    """How much of the text between two amounts still speaks of the first."""
    return after.rfind(")") + 1 if re.match(r"\s*(?:đồng\s*)?\(", after, re.IGNORECASE) else 0


def _remark(clause: str, fees: list[Fee], tariffs: list[Fee]) -> None:
    """A clause without an amount: an exemption, a tariff, a province's right, or a word more."""
    line = line_of(clause)
    exempt = _EXEMPT.match(line)
    last = fees[-1] if fees else None
    if (
        last
        and last.state is FeeState.FREE
        and last.condition
        and line[:1].islower()
        and not exempt
    ):
        # "… người thuộc hộ nghèo; người khuyết tật": the list of who is exempt goes on.
        fees[-1] = replace(last, condition=f"{last.condition}; {line}")
    elif NOTHING.fullmatch(line) or _FREE_BY.fullmatch(line):
        fees.append(Fee(FeeState.FREE))
    elif _NAMES_NOTHING.search(line):
        fees.append(Fee(FeeState.FREE, condition=condition_of(_NAMES_NOTHING.sub("", line))))
    elif exempt and len(line) > exempt.end() + 3:
        fees.append(Fee(FeeState.FREE, condition=_for_whom(line[exempt.end() :])))
    elif _IS_FREE.search(line) and not _FREE_PERIOD.search(line):
        fees.append(Fee(FeeState.FREE, condition=line))
    elif _PROVINCE.search(line):
        fees.append(Fee(FeeState.BY_PROVINCE, text=line))
    elif re.match(r"chưa quy định", line, re.IGNORECASE):
        fees.append(Fee(FeeState.UNKNOWN, text=line))
    elif _TARIFF.search(line) and not REFERENCE.match(line) and not _only_how_to_pay(line):
        (fees if "%" in line else tariffs).append(Fee(FeeState.FORMULA, text=line))


def _only_how_to_pay(line: str) -> bool:
    """Whether a remark says how one pays before it names any rule."""
    how, rule = _HOW_TO_PAY.search(line), _TARIFF.search(line)
    return bool(how and rule and how.start() < rule.start())


def _for_whom(text: str) -> str:
    return line_of(re.sub(r"^\W*(?:cho|đối với|kể)\s*:?\s+", "", text))


def free_for_a_time(fee: Fee) -> list[Fee]:
    """A fee, and the exemption for some months that its own words hold."""
    words = f"{fee.condition}\n{fee.text}"
    match = _FREE_PERIOD.search(words)
    if match is None or fee.state is FeeState.FREE:
        return [fee]
    rest = words[: match.start()] + (" " if "\n" in words[: match.start()] else "\n")
    condition, _, text = (rest + words[match.end() :].replace("\n", " ")).partition("\n")
    bare = replace(fee, condition=line_of(condition), text=line_of(text))
    empty = fee.state is FeeState.FORMULA and not bare.text
    return [*([] if empty else [bare]), Fee(FeeState.FREE, condition=line_of(match["period"]))]


def condition_of(before: str) -> str:
    """What stands before an amount, as the case it is for; empty where it is only a label."""
    line = _BULLET.sub("", " ".join(before.split())).rstrip(" :(-–=,.")
    line = re.sub(r"\s+(?:là|thu|mức thu là|nộp)$", "", line)
    if _LABELS.fullmatch(f"{line} ") or _LABELS.fullmatch(line):
        return ""
    return re.sub(r"^(?:phí|lệ phí)\s*:\s*", "", line, flags=re.IGNORECASE)


def _joined(heading: str, condition: str) -> str:
    return ", ".join(part for part in (heading, condition) if part)


def line_of(text: str) -> str:
    """A remark on one line, without the brackets that only wrapped it."""
    line = " ".join(text.split())
    while True:
        before = line
        line = line.strip(" ;,.:-–+*")
        if line.startswith("(") and (_wraps(line) or line.count("(") > line.count(")")):
            line = line[1:].removesuffix(")") if _wraps(line) else line[1:]
        if line.endswith(")") and line.count(")") > line.count("("):
            line = line[:-1]
        if line == before:
            return line


def _wraps(line: str) -> bool:
    """Whether the first bracket of a line is closed by its last character."""
    depth = 0
    for at, char in enumerate(line):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return at == len(line) - 1
    return False
