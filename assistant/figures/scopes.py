"""Who a figure is about: the whole country, a ministry, a province, a commune, a level."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from knowledge_base.place_table import provinces

UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
_NAME = rf"(?:\d{{1,2}}(?![\d.,%]|\s*%)|[{UPPER}]\w*(?:[ -][{UPPER}]\w*)*)"
# Ministries have names of several words with small letters in them; they are few.
_MINISTRIES = (
    "Công an", "Quốc phòng", "Ngoại giao", "Tư pháp", "Tài chính", "Công Thương", "Y tế",
    "Nội vụ", "Xây dựng", "Nông nghiệp và Môi trường", "Khoa học và Công nghệ",
    "Giáo dục và Đào tạo", "Văn hóa, Thể thao và Du lịch", "Dân tộc và Tôn giáo",
    "Kế hoạch và Đầu tư", "Giao thông vận tải", "Thông tin và Truyền thông",
    "Lao động - Thương binh và Xã hội", "Tài nguyên và Môi trường",
    "Nông nghiệp và Phát triển nông thôn",
)  # fmt: skip
_NOT_NAMES = "đạt|là|có|đã|tăng|giảm|và|còn|được|năm|với|ước|tiếp|từ|trong|cũng|chỉ|mới|chiếm"
_OTHERS = ("Ngân hàng Nhà nước", "Thanh tra Chính phủ", "Văn phòng Chính phủ",
           "Bảo hiểm xã hội Việt Nam")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """``kind``: country | ministry | province | commune | district | level | other."""

    kind: str
    name: str

    @property
    def key(self) -> str:
        return folded(self.name)


@dataclass(frozen=True, slots=True)
class Found:
    """A scope and where its words stand."""

    scope: Scope
    start: int
    end: int


_CITY = ("TP.HCM", "TPHCM", "TP HCM", "TP. HCM", "HCM")
COUNTRY = Scope("country", "cả nước")


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """Small letters without marks, single blanks.

    >>> folded("Tỷ lệ  ĐẠT")
    'ty le dat'
    """
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(text.split())


@cache
def _names() -> dict[str, Scope]:
    """Provinces of today and before, by their names as written."""
    found: dict[str, Scope] = {}
    for province in provinces():
        for name in (province.name, *province.merged_from, *_CITY):
            shown = "Thành phố Hồ Chí Minh" if name in _CITY else name
            shown = "Thành phố Hồ Chí Minh" if shown == "Hồ Chí Minh" else shown
            found.setdefault(name, Scope("province", shown))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_names(), key=len, reverse=True)))
    ministries = "|".join(map(re.escape, sorted(_MINISTRIES, key=len, reverse=True)))
    others = "|".join(_OTHERS)
    small = ministries.replace(",", ",?")
    return re.compile(
        rf"(?P<country>\b(?:[Tt]rên phạm vi |[Tt]rên |[Tt]rong )?"
        rf"(?:[Cc]ả nước|[Tt]oàn quốc|CẢ NƯỚC|TOÀN QUỐC)\b)"
        rf"|(?P<ministry>\b[Bb]ộ (?:{small})\b|\b(?:{others})\b)"
        rf"|(?P<province>(?:\b(?:[Tt]ỉnh|[Tt]hành phố|TP\.?)\s*)?\b(?:{names})(?![\w]))"
        rf"|(?P<unit>\b(?:[Xx]ã|[Pp]hường|[Tt]hị trấn|[Đđ]ặc khu)\s+{_NAME})"
        rf"|(?P<district>\b(?:[Hh]uyện|[Qq]uận|[Tt]hị xã)\s+{_NAME})"
        rf"|(?P<office>\b(?:Sở|Cục|Tổng cục|Vụ|UBND|Ban)\s+{_NAME}"
        rf"(?:\s+(?!(?:{_NOT_NAMES})\b)[a-zđà-ỹ]+){{0,2}})"
        rf"|(?P<level>(?<!hành chính )\b(?:[Cc]ấp|[Kk]hối)\s+(?:xã|tỉnh|huyện|bộ, ngành|bộ|"
        rf"trung ương|Trung ương|cơ sở|địa phương|phường|đặc khu)\b"
        rf"|\b[Cc]ác (?:bộ, ngành|bộ|địa phương)\b(?=:?\s*(?:đạt|là|có|chiếm|tăng|giảm|\d)))"
    )


def scopes_in(text: str) -> list[Found]:
    """All scopes named in a text, in order."""
    return [Found(_made(match), match.start(), match.end()) for match in _pattern().finditer(text)]


def _made(match: re.Match[str]) -> Scope:
    text = " ".join(match[0].split())
    kind = str(match.lastgroup)
    if kind == "country":
        return COUNTRY
    if kind == "ministry":
        return Scope("ministry", text[0].upper() + text[1:])
    if kind == "province":
        bare = re.sub(r"^(?:[Tt]ỉnh|[Tt]hành phố|TP\.?)\s*", "", text)
        return _names().get(bare) or _names().get(text) or Scope("province", bare)
    if kind == "unit":
        return Scope("commune", text[0].upper() + text[1:])
    if kind == "level":
        return Scope("level", text.lower())
    return Scope({"district": "district"}.get(kind, "other"), text[0].upper() + text[1:])


def scope_of_label(text: str) -> Scope | None:
    """The scope that a label is, not only names: "Hà Nội", "Toàn quốc", "Bộ Y tế".

    >>> scope_of_label("Tỉnh Lào Cai").name, scope_of_label("Tỷ lệ của Bộ Y tế")
    ('Lào Cai', None)
    """
    bare = re.sub(r"^\s*(?:\d+[.)]|[-+•*])?\s*", "", " ".join(text.split())).strip(" .:")
    bare = bare.title() if bare.isupper() and len(bare) > 8 else bare
    found = scopes_in(bare)
    if len(found) == 1 and found[0].start == 0 and found[0].end == len(bare):
        return found[0].scope
    return None


def scope_of_issuer(head: str) -> Scope | None:
    """The province or commune whose authority wrote a document, by the capitals at its top.

    The smallest place named there; a ministry is none, since it reports on the whole country.

    >>> scope_of_issuer("ỦY BAN NHÂN DÂN TỈNH LÀO CAI").name
    'Lào Cai'
    """
    provinces_named: list[Scope] = []
    communes: list[Scope] = []
    for match in _ISSUER.finditer(head):
        kind, name = match[1], " ".join(match[2].split())
        if kind in ("XÃ", "PHƯỜNG", "ĐẶC KHU"):
            communes.append(Scope("commune", f"{kind.capitalize()} {name.title()}"))
            continue
        known = next(
            (one for key, one in _names().items() if folded(name).startswith(folded(key))), None
        )
        provinces_named += [known] if known else []
    return next(iter([*communes, *provinces_named]), None)


_ISSUER = re.compile(
    rf"\b(TỈNH|THÀNH PHỐ|XÃ(?!\s+HỘI\b)|PHƯỜNG|ĐẶC KHU)\s+((?:[{UPPER}]+(?![a-zà-ỹ])[ -]?){{1,5}})"
)
