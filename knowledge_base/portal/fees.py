"""Fees: the table's figure, and what the note and the description beside it say.

The portal prints "Miễn phí" for every fee that was left at zero, so that the
words of the note decide where they name a fee. A figure in the table below
1.000 đồng is a slip of the keyboard; only the note can mend it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge_base.documents import Fee, FeeState
from knowledge_base.portal.fee_words import (
    NOTHING,
    PERIOD,
    REFERENCE,
    condition_of,
    free_for_a_time,
    line_of,
    told_by,
)
from knowledge_base.wording import money

_SMALLEST = 1000  # đồng; no fee of a table is smaller

_HEADER = re.compile(
    r"(?P<free>miễn phí)|(?P<none>không có thông tin)"
    r"|(?P<number>\d[\d.,]{0,30})\s*(?P<currency>việt nam đồng|vnđ|vnd|usd|đồng)",
    re.IGNORECASE,
)
_FOR_CASE = re.compile(r"(?:đối với|trường hợp|nếu)\b", re.IGNORECASE)
_FIRST_OF_MORE = re.compile(
    r"\(*\s*(?:đồng\s*)?\(?(?P<what>[^;:]*?)\)?,?\s+(?:phí|lệ phí)\s*:\s*\d", re.IGNORECASE
)
_ASIDE = re.compile(r"phí cấp bản sao|nếu có yêu cầu|chi phí khác", re.IGNORECASE)
_PER_ONLY = re.compile(
    r"^[\s(]*(?:đồng|đông|đ|vnđ)?\s*/\s*(?P<per>[^(;:.]{1,60}?)\s*(?=[(;:.,)]|$|\s+miễn\b)"
    r"|^[\s(]*(?P<times>(?:0?1\s+)?lần(?: cấp)?)\s*(?=[)(.]|$|\s+miễn\b)"
    r"|^[\s(]*(?P<many>0?1 [^\W\d]+(?: [^\W\d]+){0,2}(?:/0?1 [^\W\d]+(?: [^\W\d]+){0,2})+)\s*$",
    re.IGNORECASE,
)
_CURRENCY_ONLY = re.compile(r"^[\s(]*(?:đồng|đông|đ)\b\s*", re.IGNORECASE)


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
    noted, described = told_by(note), told_by(description, loose=True, figure=figure)
    clear = noted.clear and described.clear
    if match and not match["none"]:  # beside a figure, a province's right is only a remark
        described.fees = [f for f in described.fees if f.state is not FeeState.BY_PROVINCE]
    told = _distinct(
        [extra for fee in (*noted.fees, *described.fees) for extra in free_for_a_time(fee)]
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
    if not stripped or NOTHING.fullmatch(stripped):
        return Fees((*told,) or (free,), clear)
    if not told and (REFERENCE.match(stripped) or _FOR_CASE.match(stripped)):
        case = _FOR_CASE.match(stripped)
        words = line_of(stripped)
        return Fees((replace(free, condition=words if case else "", text="" if case else words),))
    if not told:
        # A fee is named, no amount: whether the zero beside it is meant, nobody can tell.
        return Fees((Fee(FeeState.UNKNOWN, text=line_of(stripped)),), readable=False)
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
        return Fees(tuple(_distinct([*free_for_a_time(base), *later])), clear)
    # "Sát hạch thực hành, Phí: 600,000 (Sát hạch lý thuyết)": the table's figure comes first.
    first = _FIRST_OF_MORE.match(note)
    base = Fee(FeeState.KNOWN, figure, per, condition=condition_of(first["what"]) if first else "")
    if any(not _explained(fee) or _dearer_later(fee, figure) for fee in known):
        text = f"bảng ghi {money(figure)}, phần ghi chú: {line_of(note)}"
        return Fees((Fee(FeeState.UNKNOWN, text=text),), readable=False)
    return Fees((base, *told), clear)


def _explained(fee: Fee) -> bool:
    """Whether a second figure says when it holds, so that two figures are no contradiction."""
    words = f"{fee.condition} {fee.text}"
    return bool(fee.condition or PERIOD.search(words) or not REFERENCE.match(fee.text))


def _dearer_later(fee: Fee, figure: int) -> bool:
    """Whether a figure for some months, which are reductions, is above the table's."""
    return bool(PERIOD.search(f"{fee.condition} {fee.text}")) and (fee.amount or 0) > figure


def _around(note: str) -> tuple[str, str, str]:
    """What a note without amounts says beside the table's figure: per what, when, what else."""
    rest = _CURRENCY_ONLY.sub("", note) if not _PER_ONLY.match(note) else note
    match = _PER_ONLY.match(rest)
    per = ""
    if match:
        per = (match["per"] or match["times"] or match["many"] or "").strip()
        rest = rest[match.end() :]
    rest = line_of(rest)
    if re.match(r"(?:đối với|trường hợp)\b", rest, re.IGNORECASE):
        return per, rest, ""
    return per, "", rest


def _foreign(header: str, note: str) -> Fee:
    line = line_of(note)
    return Fee(
        FeeState.FORMULA, text=f"{header}{'' if line.startswith('/') else ' '}{line}".strip()
    )


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
