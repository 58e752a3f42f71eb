"""What a question puts forward to be confirmed, and the plain question behind it.

"Nghe nói hộ chiếu 500 nghìn phải không?" asks for the fee, "giấy độc thân dùng
được 1 năm đúng không?" for how long it is valid: with the figure or the office
turned into a question word both are read, searched and answered as if they had
been asked plainly, and the figure is compared with the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import amounts
from assistant.tables import first
from assistant.vocabulary import Amount
from knowledge_base.vietnamese import fold, tokens

#: "… hả bạn?", "… à?" at the end puts forward what stands before it.
_TAG = re.compile(
    r"(?i)\s(?:lận|luôn|lan|luon)?\s*(?:à|hả|há|ha|hở|ư|a)"
    r"(?:\s+(?:bạn|ban|anh|chị|chi|em|bác|bac|cô|co|chú|chu|shop|ad|mn|mọi người|ạ|a|vậy|vay))?"
    r"[\s?.!]*$"
)
#: A figure after these describes the person's case and is no claim.
_OF_THE_CASE = re.compile(
    r"(?i)(?:\b(?:mới sinh|moi sinh|(?<!khai )sinh|bé|be|con|cháu|chau|đã|da|cưới|cuoi|trễ|tre"
    r"|quá hạn|qua han|cách đây|hơn|sống|ở|trọ|o|tro|cấp|cap)(?:\s+được|\s+duoc)?)\s*$"
)
#: A sum after these is no price.
_NO_PRICE = re.compile(
    r"(?i)\b(?:dưới|duoi|trên|tren|từ|tu|quá|qua|hơn|hon|vốn|von|doanh thu|thu nhập|thu nhap"
    r"|lương|luong|tối đa|toi da|tối thiểu|toi thieu)\s*$"
)
_AGE = re.compile(
    r"(?i)\b(?P<before>đủ|du|hơn|hon|từ|tu|tới|toi|đến|den|trên|dưới)\s+\d{1,3}\s+(?:tuổi|tuoi)\b"
)
#: "Hàng xóm đồn", "chị bạn em bảo là": who said so has nothing to do with it.
_HEARSAY = re.compile(
    r"(?i)\b(?:hàng xóm|cán bộ|người ta|bạn|chị|anh|mẹ|họ|mấy người|đồng nghiệp|công ty|trên mạng)"
    r"(?:\s+(?:em|tôi|mình|bạn|tui))?\s+(?:đồn|bảo|nói|kêu|biểu|phán)(?:\s+(?:là|rằng))?(?=\s)"
)
_ASKS = re.compile(r"\b(?:gi|nao|dau|may|bao nhieu|bao lau|sao|khong|ko)\b")
_MUST = re.compile(r"\bco phai\b.*\b(?:khong|ko|k|hong)\b")
_TAKES = re.compile(r"(?i)\b(?:mất|hết|tốn|chờ|đợi|là|trong|sau|mat|het|ton|cho|doi|la)\s*$")
_LEVEL = r"(?:xã|phường|quận|huyện|tỉnh|thành phố|xa|phuong|quan|huyen|tinh|thanh pho)"
_OFFICE = re.compile(
    rf"(?i)(?:\b(?:ở|tại|lên|ra|đến|tới|vô|tai|len|den|toi|vo)\s+)?"
    rf"\b(?P<office>(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|uy ban nhan dan|ủy ban|uỷ ban|uy ban"
    rf"|công an|cong an)\s+{_LEVEL}\b"
    rf"|(?:sở|phòng)\s+(?:tư pháp|tài chính(?:\s+kế hoạch)?|xây dựng|nội vụ|y tế|công thương"
    rf"|giao thông vận tải|tài nguyên(?:\s+(?:và\s+)?môi trường)?|lao động|đăng ký kinh doanh)"
    rf"(?:\s+{_LEVEL})?\b)"
)
_UNITS = ("phút", "giờ", "ngày làm việc", "ngày", "tuần", "tháng", "năm")
_LONG = frozenset({"tháng", "năm"})


@dataclass(frozen=True, slots=True)
class Claimed:
    """Figures and offices put forward, and ``plain``: the texts with question words instead."""

    amounts: tuple[Amount, ...] = ()
    offices: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()

    @property
    def slot(self) -> str:
        """The slot that the claim's kind is about, for where the plain question names none."""
        if any(amount.unit == "đồng" for amount in self.amounts):
            return "fees"
        if any(amount.unit in _LONG for amount in self.amounts):
            return "validity"
        if self.amounts:
            return "times"
        return "authority" if self.offices else ""


def claimed(text: str, meant: str) -> Claimed:
    """What ``text`` (``meant``: the same with its diacritics) puts forward; empty if nothing."""
    confirms = any(first("words", "confirm", tokens(each)) for each in (text, meant))
    tagged = _TAG.search(text) and not _ASKS.search(fold(text))
    if not confirms and not tagged:
        return Claimed()
    figures = _figures(text)
    if _MUST.search(fold(text)):  # "ở trọ 3 tháng có phải đăng ký không?" tells of the case
        figures = tuple(a for a in figures if a.unit == "đồng" or _TAKES.search(_before(text, a)))
    offices = tuple(m["office"] for m in _OFFICE.finditer(meant)) if confirms else ()
    ages = bool(_AGE.search(meant)) and not figures and not offices
    if not figures and not offices and not ages:
        return Claimed()
    plain = tuple(_plain(each, figures, offices=not figures, ages=ages) for each in (text, meant))
    compared = tuple(a for a in figures if not _NO_PRICE.search(_before(text, a)))
    return Claimed(compared, () if figures else offices, plain)


def _figures(text: str) -> tuple[Amount, ...]:
    periods = (a for a in amounts.durations(text) if not _OF_THE_CASE.search(_before(text, a)))
    return (*amounts.money(text), *periods)


def _before(text: str, amount: Amount) -> str:
    at = text.find(amount.words)
    return text[:at] if at >= 0 else ""


def _plain(text: str, figures: Sequence[Amount], *, offices: bool, ages: bool) -> str:
    """``text`` with question words where ``figures`` or offices were put forward."""
    said = text
    values = {(amount.value, amount.unit) for amount in figures}
    for amount in (*amounts.money(text), *amounts.durations(text)):
        if (amount.value, amount.unit) not in values:
            continue
        said = said.replace(amount.words, _like(_asking(amount, _before(text, amount)), text), 1)
    if offices:
        said = _OFFICE.sub(f" {_like('ở cơ quan nào', text)}", said)
    if ages:
        said = _AGE.sub(lambda m: f"{m['before']} {_like('mấy tuổi', text)}", said)
    return _HEARSAY.sub(" ", _TAG.sub("", said))


def _asking(amount: Amount, before: str) -> str:
    if amount.unit == "đồng":
        return "bao nhiêu" if _NO_PRICE.search(before) else "bao nhiêu tiền"
    return f"mấy {amount.unit}" if amount.unit in _UNITS else "bao lâu"


def _like(words: str, text: str) -> str:
    """Without diacritics where ``text`` has none: half of either is read as typed with them."""
    return fold(words) if text.isascii() else words


def wrong_offices(offices: Sequence[str], told: str) -> tuple[str, ...]:
    """The offices of ``offices`` whose kind is nowhere in ``told`` (what the source says)."""
    there = fold(told)
    return tuple(office for office in offices if not any(k in there for k in _kinds(office)))


def _kinds(office: str) -> tuple[str, ...]:
    name = fold(office).replace("ubnd", "uy ban nhan dan")
    for kind in ("uy ban", "cong an"):
        if name.startswith(kind):
            return (kind, "ubnd") if kind == "uy ban" else (kind,)
    words = name.split()
    return (" ".join(words[:3]),)
