"""Fees: the table's figure, and what the note and the description beside it say.

The portal prints "Miễn phí" for every fee that was left at zero, so that the
words of the note decide where they name a fee. A figure in the table below
1.000 đồng is a slip of the keyboard; only the note can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from knowledge_base.documents import Fee, FeeState
from knowledge_base.portal.money import Amount, Role, amounts, has_money
from knowledge_base.wording import money

_SMALLEST = 1000  # đồng; no fee of a table is smaller

_HEADER = re.compile(
    r"(?P<free>miễn phí)|(?P<none>không có thông tin)"
    r"|(?P<number>\d[\d.,]*)\s*(?P<currency>việt nam đồng|vnđ|vnd|usd|đồng)",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r"[;\n]|(?<=\))(?=\()|\.\s*(?=[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ+*-])|\s[-+*•]\s+(?=[A-ZĐ\d(])|(?<=[):])\s*[-+*]\s*(?=[A-ZĐ\d])"
    r"|(?<=[\w)])\s*,?\s+(?=(?:Phí|Lệ phí|phí|lệ phí)\s*:\s*\d)"
)
_BULLET = re.compile(r"^[\s\-+*•.,:(]+")
_LABELS = re.compile(
    r"^(?:(?:áp dụng\s+)?(?:mức\s+)?(?:thu\s*)?(?:phí|lệ phí|$)\s*:?\s*(?:đồng\b)?\s*\(?|"
    r"mức thu(?: là)?\s*:?\s*|là\s+|thu\s+"
    r"|áp dụng mức (?:thu )?(?:lệ )?phí\s*(?:là)?\s*:?\s*|đồng\b\s*)+$",
    re.IGNORECASE,
)
_PERIOD = re.compile(
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
_NOTHING = re.compile(
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
_REFERENCE = re.compile(
    r"\W*(?:(?:theo|quy định tại)?\s*(?:thông tư|nghị định|nghị quyết)(?: số)? [\w/.-]+"
    r"(?: ngày [\d/]+)?(?: của (?:bộ trưởng )?bộ tài chính)?)?\W*$",
    re.IGNORECASE,
)
_ARITHMETIC = re.compile(r"(?:đồng|đ|\d)\s*[+x×*]\s*\(|[\w)]\s[x×]\s+\d|nhân với \d")
_FOR_CASE = re.compile(r"(?:đối với|trường hợp|nếu)\b", re.IGNORECASE)
_FIRST_OF_MORE = re.compile(
    r"\(*\s*(?:đồng\s*)?\(?(?P<what>[^;:]*?)\)?,?\s+(?:phí|lệ phí)\s*:\s*\d", re.IGNORECASE
)
_ASIDE = re.compile(r"phí cấp bản sao|nếu có yêu cầu|chi phí khác", re.IGNORECASE)
_NAMES_NOTHING = re.compile(r"[:\s](?:không có|không)\W*$", re.IGNORECASE)
_TARIFF = re.compile(
    r"thông tư|nghị định|nghị quyết|biểu (?:phí|mức|khung|giá)|theo (?:quy định|hướng dẫn|mức|phí)"
    r"|theo thông báo|quy định tại|do [^.;]{3,60} quy định|pháp luật về (?:phí|giá)|\d\s*%"
    r"|mục [IVX]+\b",
    re.IGNORECASE,
)
_FEE_WORD = re.compile(r"phí|mức thu|\bthu\b|\bgiá\b", re.IGNORECASE)
_PER_ONLY = re.compile(
    r"^[\s(]*(?:đồng|đông|đ|vnđ)?\s*/\s*(?P<per>[^(;:.]{1,60}?)\s*(?=[(;:.,)]|$|\s+miễn\b)"
    r"|^[\s(]*(?P<times>(?:0?1\s+)?lần(?: cấp)?)\s*(?=[)(.]|$|\s+miễn\b)"
    r"|^[\s(]*(?P<many>0?1 [^\W\d]+(?: [^\W\d]+){0,2}(?:/0?1 [^\W\d]+(?: [^\W\d]+){0,2})+)\s*$",
    re.IGNORECASE,
)
_CURRENCY_ONLY = re.compile(r"^[\s(]*(?:đồng|đông|đ)\b\s*", re.IGNORECASE)


@dataclass(slots=True)
class _Told:
    """What a text says: its fees; whether all money in it was understood; limits of capital."""

    fees: list[Fee] = field(default_factory=list)
    clear: bool = True
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Fees:
    """What a row says about money.

    ``readable`` is False where something that looks like a fee could not be
    read for sure; ``overruled`` is True where the note names a fee beside the
    table's "Miễn phí".
    """

    values: tuple[Fee, ...] = ()
    readable: bool = True
    overruled: bool = False


def fees_of(header: str, note: str, description: str = "", *, sure: bool = True) -> Fees:
    """The fees of one row.

    Args:
        header: the table's figure: "Miễn phí", "200,000 VNĐ", "Không có thông tin" or "".
        note: the words in brackets behind it, or the whole cell where a table has no figure.
        description: the running text of the row; its amounts count only beside words for fees.
        sure: False where the figure may have digits of another cell before it.
    """
    match = _HEADER.match(header)
    figure = int(re.sub(r"\D", "", match["number"])) if match and match["number"] else 0
    noted, described = _told(note), _told(description, loose=True, figure=figure)
    clear = noted.clear and described.clear
    if match and not match["none"]:  # beside a figure, a province's right is only a remark
        described.fees = [f for f in described.fees if f.state is not FeeState.BY_PROVINCE]
    told = _distinct(
        [extra for fee in (*noted.fees, *described.fees) for extra in _free_for_a_time(fee)]
    )
    known = [fee for fee in told if fee.state is FeeState.KNOWN]
    if match is None or match["none"]:
        return Fees(tuple(told), clear and (bool(told) or not noted.limits))
    if match["free"]:
        return _beside_free(told, known, note, clear)
    if match["currency"].lower() == "usd":
        foreign = [fee for fee in told if fee.state is FeeState.FORMULA]
        return Fees(tuple(foreign or [_foreign(match[0].strip(), note)]), clear)
    if not sure:
        return Fees(tuple(told), clear and bool(known))
    if figure < _SMALLEST:
        return _beside_slip(figure, told, known, clear)
    return _beside_figure(figure, told, known, note, clear)


def _beside_free(told: list[Fee], known: list[Fee], note: str, clear: bool) -> Fees:
    free = Fee(FeeState.FREE)
    stripped = note.strip(" ().")
    if known:
        return Fees(tuple(told), clear, overruled=True)
    if not stripped or _NOTHING.fullmatch(stripped):
        return Fees((*told,) or (free,), clear)
    if not told and (_REFERENCE.match(stripped) or _FOR_CASE.match(stripped)):
        case = _FOR_CASE.match(stripped)
        words = _line(stripped)
        return Fees((replace(free, condition=words if case else "", text="" if case else words),))
    if not told:
        # A fee is named, no amount: whether the zero beside it is meant, nobody can tell.
        return Fees((Fee(FeeState.UNKNOWN, text=_line(stripped)),), readable=False)
    side = [fee for fee in told if _ASIDE.search(f"{fee.condition} {fee.text}")]
    if side and len(side) == len(told) and all(f.state is not FeeState.FREE for f in told):
        return Fees((free, *told), clear)
    return Fees(tuple(told), clear, overruled=free not in told)


def _beside_slip(figure: int, told: list[Fee], known: list[Fee], clear: bool) -> Fees:
    amounts_told = {fee.amount for fee in known}
    if figure == 0 and told:
        return Fees(tuple(told), clear)
    if figure * 1000 in amounts_told:
        return Fees(tuple(told), clear)
    if told and not known:
        return Fees(tuple(told), clear and all(f.state is FeeState.FORMULA for f in told))
    return Fees(tuple(told), readable=False)


def _beside_figure(figure: int, told: list[Fee], known: list[Fee], note: str, clear: bool) -> Fees:
    if any(fee.amount == figure for fee in known):
        return Fees(tuple(told), clear)
    per, condition, text = _around(note)
    if not known:
        base = Fee(FeeState.KNOWN, figure, per, condition, text)
        later = [fee for fee in told if fee.state is not FeeState.FORMULA or "%" in fee.text]
        if any(fee.text and fee.text in base.text for fee in later):
            base = replace(base, text="")
        return Fees(tuple(_distinct([*_free_for_a_time(base), *later])), clear)
    # "Sát hạch thực hành, Phí: 600,000 (Sát hạch lý thuyết)": the table's figure comes first.
    first = _FIRST_OF_MORE.match(note)
    base = Fee(FeeState.KNOWN, figure, per, condition=_condition(first["what"]) if first else "")
    if any(not _explained(fee) or _dearer_later(fee, figure) for fee in known):
        text = f"bảng ghi {money(figure)}, phần ghi chú: {_line(note)}"
        return Fees((Fee(FeeState.UNKNOWN, text=text),), readable=False)
    return Fees((base, *told), clear)


def _explained(fee: Fee) -> bool:
    """Whether a second figure says when it holds, so that two figures are no contradiction."""
    words = f"{fee.condition} {fee.text}"
    return bool(fee.condition or _PERIOD.search(words) or not _REFERENCE.match(fee.text))


def _dearer_later(fee: Fee, figure: int) -> bool:
    """Whether a figure for some months, which are reductions, is above the table's."""
    return bool(_PERIOD.search(f"{fee.condition} {fee.text}")) and (fee.amount or 0) > figure


def _told(text: str, *, loose: bool = False, figure: int = 0) -> _Told:
    """The fees a text names.

    In a ``loose`` text (a description) only clauses count that speak of fees,
    or that repeat the table's ``figure``.
    """
    told = _Told()
    tariffs: list[Fee] = []
    heading = ""
    clauses = list(_clauses(text))
    for n, (clause, nested) in enumerate(clauses):
        found = list(amounts(clause))
        roles = {amount.role for amount in found}
        speaks = _FEE_WORD.search(clause) or any(a.value == figure for a in found if figure)
        if loose and not found and _PROVINCE.search(clause) and _FEE_WORD.search(clause):
            told.fees.append(Fee(FeeState.BY_PROVINCE, text=_line(clause)))
            continue
        if loose and not (found and speaks):
            told.clear = told.clear and Role.FEE not in roles
            continue
        above = heading if nested else ""
        below = n + 1 < len(clauses) and clauses[n + 1][1]
        if Role.UNCLEAR in roles:
            told.clear = False
        elif roles & {Role.SHARE, Role.FOREIGN} or (found and _ARITHMETIC.search(clause)):
            told.fees.append(Fee(FeeState.FORMULA, condition=above, text=_line(clause)))
        elif roles & {Role.FEE, Role.CAP}:
            paid = [amount for amount in found if amount.role in (Role.FEE, Role.CAP)]
            told.fees.extend(_paid(clause, paid, above))
        elif found:
            told.limits = True
        elif clause.rstrip().endswith(":") or (below and not nested):
            heading = _joined(above, _condition(clause))
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
            if (
                held
                and re.match(r"(?:hoặc|và)\b", clause, re.IGNORECASE)
                and not has_money(held[0])
            ):
                held = (f"{held[0]} {clause}", held[1])
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
        condition = _joined(heading, _condition(before))
        text = "" if _LABELS.fullmatch(_line(after)) else _line(after)
        if amount.value == 0:
            yield Fee(FeeState.FREE, condition=condition, text=text)
        else:
            yield Fee(FeeState.KNOWN, amount.value, amount.per, condition, text)


def _own(after: str) -> int:
    """How much of the text between two amounts still speaks of the first."""
    return after.rfind(")") + 1 if re.match(r"\s*(?:đồng\s*)?\(", after, re.IGNORECASE) else 0


def _remark(clause: str, fees: list[Fee], tariffs: list[Fee]) -> None:
    """A clause without an amount: an exemption, a tariff, a province's right, or a word more."""
    line = _line(clause)
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
    elif _NOTHING.fullmatch(line) or _FREE_BY.fullmatch(line):
        fees.append(Fee(FeeState.FREE))
    elif _NAMES_NOTHING.search(line):
        fees.append(Fee(FeeState.FREE, condition=_condition(_NAMES_NOTHING.sub("", line))))
    elif exempt and len(line) > exempt.end() + 3:
        fees.append(Fee(FeeState.FREE, condition=_for_whom(line[exempt.end() :])))
    elif _IS_FREE.search(line) and not _FREE_PERIOD.search(line):
        fees.append(Fee(FeeState.FREE, condition=line))
    elif _PROVINCE.search(line):
        fees.append(Fee(FeeState.BY_PROVINCE, text=line))
    elif re.match(r"chưa quy định", line, re.IGNORECASE):
        fees.append(Fee(FeeState.UNKNOWN, text=line))
    elif _TARIFF.search(line) and not _REFERENCE.match(line):
        (fees if "%" in line else tariffs).append(Fee(FeeState.FORMULA, text=line))


def _for_whom(text: str) -> str:
    return _line(re.sub(r"^\W*(?:cho|đối với|kể)\s*:?\s+", "", text))


def _free_for_a_time(fee: Fee) -> list[Fee]:
    """A fee, and the exemption for some months that its own words hold."""
    words = f"{fee.condition}\n{fee.text}"
    match = _FREE_PERIOD.search(words)
    if match is None or fee.state is FeeState.FREE:
        return [fee]
    rest = words[: match.start()] + (" " if "\n" in words[: match.start()] else "\n")
    condition, _, text = (rest + words[match.end() :].replace("\n", " ")).partition("\n")
    bare = replace(fee, condition=_line(condition), text=_line(text))
    empty = fee.state is FeeState.FORMULA and not bare.text
    return [*([] if empty else [bare]), Fee(FeeState.FREE, condition=_line(match["period"]))]


def _around(note: str) -> tuple[str, str, str]:
    """What a note without amounts says beside the table's figure: per what, when, what else."""
    rest = _CURRENCY_ONLY.sub("", note) if not _PER_ONLY.match(note) else note
    match = _PER_ONLY.match(rest)
    per = ""
    if match:
        per = (match["per"] or match["times"] or match["many"] or "").strip()
        rest = rest[match.end() :]
    rest = _line(rest)
    if re.match(r"(?:đối với|trường hợp)\b", rest, re.IGNORECASE):
        return per, rest, ""
    return per, "", rest


def _foreign(header: str, note: str) -> Fee:
    line = _line(note)
    return Fee(
        FeeState.FORMULA, text=f"{header}{'' if line.startswith('/') else ' '}{line}".strip()
    )


def _condition(before: str) -> str:
    line = _BULLET.sub("", " ".join(before.split())).rstrip(" :(-–=,.")
    line = re.sub(r"\s+(?:là|thu|mức thu là|nộp)$", "", line)
    if _LABELS.fullmatch(f"{line} ") or _LABELS.fullmatch(line):
        return ""
    return re.sub(r"^(?:phí|lệ phí)\s*:\s*", "", line, flags=re.IGNORECASE)


def _joined(heading: str, condition: str) -> str:
    return ", ".join(part for part in (heading, condition) if part)


def _line(text: str) -> str:
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


def _distinct(fees: list[Fee]) -> list[Fee]:
    """Fees without repetitions; of two with one amount the one that says more."""
    kept: list[Fee] = []
    for fee in fees:
        twin = next(
            (
                n
                for n, other in enumerate(kept)
                if other.state is fee.state is FeeState.KNOWN
                and other.amount == fee.amount
                and (not other.condition or not fee.condition or other.condition == fee.condition)
            ),
            None,
        )
        if twin is None:
            if fee not in kept:
                kept.append(fee)
        else:
            other = kept[twin]
            kept[twin] = replace(
                other,
                per=other.per or fee.per,
                condition=other.condition or fee.condition,
                text=other.text or fee.text,
            )
    return kept
