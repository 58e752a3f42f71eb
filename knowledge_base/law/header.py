"""What a document says of itself on its first page: number, kind, name, issuer, day of issue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from knowledge_base.law.dates import DAY, day_of, flat
from knowledge_base.law.keys import document_key, numbers_in
from knowledge_base.vietnamese import fold

KINDS = (
    "Hiến pháp",
    "Bộ luật",
    "Luật",
    "Pháp lệnh",
    "Nghị định",
    "Nghị quyết liên tịch",
    "Nghị quyết",
    "Thông tư liên tịch",
    "Thông tư",
    "Quyết định",
    "Chỉ thị",
    "Công điện",
    "Thông báo",
    "Kế hoạch",
    "Hướng dẫn",
    "Công văn",
    "Văn bản hợp nhất",
)
_BY_LETTERS = {
    "qh": "Luật",
    "nd": "Nghị định",
    "nqlt": "Nghị quyết liên tịch",
    "nq": "Nghị quyết",
    "ttlt": "Thông tư liên tịch",
    "tt": "Thông tư",
    "qd": "Quyết định",
    "ct": "Chỉ thị",
    "cd": "Công điện",
    "tb": "Thông báo",
    "kh": "Kế hoạch",
    "pl": "Pháp lệnh",
    "vbhn": "Văn bản hợp nhất",
}
_ISSUERS = {
    "cp": "Chính phủ",
    "ttg": "Thủ tướng Chính phủ",
    "bca": "Bộ Công an",
    "bqp": "Bộ Quốc phòng",
    "btp": "Bộ Tư pháp",
    "btc": "Bộ Tài chính",
    "byt": "Bộ Y tế",
    "bxd": "Bộ Xây dựng",
    "bnv": "Bộ Nội vụ",
    "bng": "Bộ Ngoại giao",
    "bct": "Bộ Công Thương",
    "bkhcn": "Bộ Khoa học và Công nghệ",
    "bgddt": "Bộ Giáo dục và Đào tạo",
    "bnnmt": "Bộ Nông nghiệp và Môi trường",
    "bvhttdl": "Bộ Văn hóa, Thể thao và Du lịch",
    "bdttg": "Bộ Dân tộc và Tôn giáo",
    "bgtvt": "Bộ Giao thông vận tải",
    "btnmt": "Bộ Tài nguyên và Môi trường",
    "bnnptnt": "Bộ Nông nghiệp và Phát triển nông thôn",
    "btttt": "Bộ Thông tin và Truyền thông",
    "bldtbxh": "Bộ Lao động - Thương binh và Xã hội",
    "bkhdt": "Bộ Kế hoạch và Đầu tư",
    "nhnn": "Ngân hàng Nhà nước Việt Nam",
    "ttcp": "Thanh tra Chính phủ",
    "tandtc": "Tòa án nhân dân tối cao",
    "vksndtc": "Viện kiểm sát nhân dân tối cao",
    "hdtp": "Hội đồng Thẩm phán Tòa án nhân dân tối cao",
    "vpcp": "Văn phòng Chính phủ",
    "vpqh": "Văn phòng Quốc hội",
    "ubnd": "Ủy ban nhân dân",
    "hdnd": "Hội đồng nhân dân",
}
_KIND_LINE = re.compile(
    r"^[\s#*_>|]*(" + "|".join(kind.upper() for kind in KINDS) + r")\b[ \t]*(?::|số\b)?[^\n]*$",
    re.MULTILINE,
)
_NUMBER_LINE = re.compile(
    r"\b(?:Số|SỐ|So(?= hieu)|(?:Luật|LUẬT|Pháp lệnh|Nghị quyết) số)"
    r"(?:\s+(?:ký\s+)?hiệu|\s+văn bản|\s+hieu)?"
    r"[\s*_]*[:|][\s*_|:]*(?=\d)"
    r"|^[\s#*_>|]*(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết)\s+số\s*(?=\d)",
    re.MULTILINE,
)
# "Nghị định số 233/2026/NĐ-CP" as the heading of a page, where no line says "Số:".
_NAMED_NUMBER = re.compile(
    r"\A(?:[^\n]*\n){0,6}?[\s#*_>]*(?:"
    + "|".join(KINDS)
    + r"|"
    + "|".join(k.upper() for k in KINDS)
    + r")\s+(?:(?:số|SỐ)\s*:?\s*)?(?=\d)"
)
_TITLE_ENDS = re.compile(
    r"\s*(?:Căn cứ|CĂN CỨ|Theo đề nghị|Xét đề nghị|Chương\s|CHƯƠNG|Phần\s|Điều\s+\d|[-—–_=*|]{3,}"
    r"|(?:CHÍNH PHỦ|QUỐC HỘI|BỘ TRƯỞNG|THỦ TƯỚNG|CHỦ TỊCH|ỦY BAN|UỶ BAN)[A-ZÀ-ỸĐ ,]*$|Số:|Luật số"
    r"|Hiến pháp|\(?Ban hành kèm|Kính gửi|Chính phủ ban hành|Quốc hội ban hành|Bộ trưởng Bộ)"
)
# "LUẬT / CỦA QUỐC HỘI … SỐ 28/2001/QH10 NGÀY 29 THÁNG 6 NĂM 2001 VỀ DI SẢN VĂN HÓA"
_OLD_NAME = re.compile(
    rf"^(?:của quốc hội[^.]{{0,60}}?\s)?số\s+\S+\s+{DAY}\s*(?:của quốc hội\s*)?(?:về\s+)?",
    re.IGNORECASE,
)
_PLACE_DAY = re.compile(rf"[A-ZĐÀ-Ỹ][\w .]{{2,30}},\s*({DAY})")
_PASSED = re.compile(rf"thông qua\s+(?:tại[^.]{{0,120}}?)?({DAY})")
_SAID_KIND = "(" + "|".join(KINDS[1:11]) + ")"
_GAZETTE = re.compile(rf"^{_SAID_KIND} số \S+ {DAY}[^\n]*\n+(?!\()([^\n]{{8,300}})$", re.MULTILINE)
_ENACTED = re.compile(
    rf"\bban hành\s+{_SAID_KIND}\s+"
    r"((?:[^.:\n]|\n(?!\n)|\n\n(?=[a-zđ])){8,500}?)\s*(?:[.:]|\n\n(?![a-zđ]))"
)
_ROW = re.compile(
    r"^[\s|*_]*(Ngày ban hành|Ngay ban hanh|Ngày (?:có )?hiệu lực|Ngay (?:co )?hieu luc)[\s*_]*"
    r"[:|][\s*_]*([^|\n]{4,60})",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD = 4000  # characters in which a document says what it is


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a document from its first page; empty where it does not say.

    ``number`` is as it is written ("30/2020/NĐ-CP"); ``title`` holds the kind.
    """

    number: str = ""
    kind: str = ""
    title: str = ""
    issuer: str = ""
    issued_on: date | None = None
    effective_from: date | None = None  # only from a table of facts; clauses are in the articles


def header_of(text: str, before: int = _HEAD) -> Header:
    """Read the first page; ``before`` is where the first article begins."""
    head = text[: min(max(before, 200), _HEAD)]
    number = _number(head)
    key = document_key(number)
    kind = _kind(head, key)
    issued = _PLACE_DAY.search(flat(head))
    passed = _PASSED.search(flat(text[-3000:])) if key.rpartition("/")[2].startswith("qh") else None
    day = day_of(issued[1]) if issued else day_of(passed[1]) if passed else None
    rows = {fold(name)[:12]: day_of(value) for name, value in _ROW.findall(head)}
    since = rows.get("ngay hieu lu") or rows.get("ngay co hieu")
    day = day or rows.get("ngay ban han")
    title = _title(head, kind) or _named_elsewhere(head, kind)
    return Header(number, kind, title, issuer_of(key), day, since)


def issuer_of(key: str) -> str:
    """Who issues documents with numbers like this one; "" where the letters do not say."""
    letters = key.rpartition("/")[2]
    if re.match(r"qh\d", letters):
        return "Quốc hội"
    if "ubtvqh" in letters:
        return "Ủy ban Thường vụ Quốc hội"
    names = [_ISSUERS.get(part, "") for part in letters.split("-")[1:]]
    return ", ".join(names) if names and all(names) else ""


def kind_of(key: str) -> str:
    """The kind of document a key's letters stand for; "" where they do not say."""
    letters = re.match(r"[a-z]+", key.rpartition("/")[2])
    return _BY_LETTERS.get(letters[0], "") if letters else ""


def _number(head: str) -> str:
    # A number of the document itself stands above what it is based on.
    own = re.split(r"\bCăn cứ\b|CĂN CỨ", head, maxsplit=1)[0]
    for pattern, where in ((_NUMBER_LINE, own), (_NAMED_NUMBER, own), (_NUMBER_LINE, head)):
        for match in pattern.finditer(where):
            rest = (
                where[match.end() : match.end() + 100].replace("*", "").replace("|", " ").lstrip()
            )
            found = next(iter(numbers_in(rest)), None)
            if found is not None and found.whole and found.start == 0:
                return _compact(rest[: found.end])
    return ""


def _compact(number: str) -> str:
    return re.sub(r"\s*([/‐‑–—-])\s*", lambda m: "/" if m[1] == "/" else "-", number)


def _kind(head: str, key: str) -> str:
    by_number = kind_of(key)
    for match in _KIND_LINE.finditer(head):
        kind = match[1].capitalize()
        # Resolutions and codes of the National Assembly have numbers like its laws.
        if not by_number or kind == by_number or by_number == "Luật":
            return kind
    return by_number


def _title(head: str, kind: str) -> str:
    """The name below the line that says the kind, with the kind before it."""
    if not kind:
        return ""
    for match in _KIND_LINE.finditer(head):
        if match[1].capitalize() != kind:
            continue
        words: list[str] = []
        rest = match[0][match.end(1) - match.start() :].strip(" #*_|:")
        if rest and not rest.lower().startswith("số"):
            words.append(rest)
        for line in head[match.end() :].split("\n"):
            plain = flat(line)
            if _TITLE_ENDS.match(plain) or sum(map(len, words)) > 400:
                break
            if not plain:
                if words:
                    break
                continue
            words.append(plain)
        name = _OLD_NAME.sub("", " ".join(" ".join(words).split()).rstrip(".;:* "))
        if len(name) >= 3 and not re.match(r"(?:số\s*)?:?\s*\d", name):
            return f"{kind} {_lowered(name, kind)}"
    return ""


def _named_elsewhere(head: str, kind: str) -> str:
    """The name below a gazette's "Luật số … ngày …", or in "Chính phủ ban hành Nghị định …".

    On scans a stamp often stands in one line with the kind, so that the line is not seen.
    """
    for pattern in (_GAZETTE, _ENACTED):
        for match in pattern.finditer(head):
            words = [flat(line) for line in match[2].split("\n")]
            name = " ".join(" ".join(words).split()).strip(".;:, ")
            if (
                kind in ("", match[1])
                and len(name) >= 8
                and not re.match(r"(?i)số\b|này\b|căn cứ\b", name)
            ):
                return f"{match[1]} {_lowered(name, match[1])}"
    return ""


_PROPER = ("Việt Nam", "Quốc hội", "Chính phủ", "Nhà nước", "Hà Nội", "Hồ Chí Minh")


def _lowered(name: str, kind: str) -> str:
    """A name after its kind, without its capitals: "Luật Căn cước", "Nghị định quy định về …"."""
    if sum(letter.isupper() for letter in name) > 0.6 * sum(map(str.isalpha, name)):
        numbers = [name[n.start : n.end] for n in numbers_in(name)]
        name = name.lower()
        for proper in (*_PROPER, *numbers):
            name = name.replace(proper.lower(), proper)
    if kind in ("Luật", "Bộ luật", "Pháp lệnh") and not name.lower().startswith("sửa đổi"):
        name = re.sub(r"^về\s+", "", name)
        return name[0].upper() + name[1:]
    return name if name.startswith(_PROPER) else name[0].lower() + name[1:]
