"""Which court a judgment is of: from its head, or from where it says that it sat."""

from __future__ import annotations

import re

from knowledge_base.judgments.judgment import Read

_COURT = re.compile(r"(?:T[ÒO]À?A?|TÒA|TOÀ|Tòa|Toà|TOA)\s+(?:ÁN|án|AN)\b")
_OTHER = re.compile(
    r"(?i)cộng h[oò]|độc lập|bản án|nhân danh|quyết định|^số\b|^ngày|v/v|\d{4}|thẩm phán"
    r"|thành phần|^[-–_*=\s|]+$|^với|hội đồng"
)
_SMALL = frozenset(
    [
        "tòa",
        "án",
        "nhân",
        "dân",
        "huyện",
        "tỉnh",
        "thành",
        "phố",
        "quận",
        "thị",
        "xã",
        "cấp",
        "cao",
        "tại",
        "tối",
        "quân",
        "sự",
        "khu",
        "vực",
    ]
)
_SAT = re.compile(
    r"(?:trụ sở|của|hội trường)\s+((?:Tòa|Toà) án (?:nhân dân|quân "
    r"sự)[^,;.\n(]{3,60}(?:,\s*(?:tỉnh|thành phố|TP\.?)\s[^,;.\n(]{2,30}?)?)(?=\s+(?:xét|mở|đã"
    r"|tiến|công)|[,;.\n(])"
)


def court_of(text: str) -> Read:
    """The court with its district and province; the name that it had then."""
    head = text[:1800]
    lines = []
    at = 0
    for line in head.splitlines(keepends=True):
        cell = re.split(r"\t|\s{3,}|\|", line.strip())[0].strip(" *_|")
        lines.append((at, cell))
        at += len(line)
    found = []
    named = next((at for at, cell in lines if re.match(r"(?i)nhân danh", cell)), len(head))
    for n, (start, cell) in enumerate(lines):
        if not _COURT.match(cell) or re.search(r"(?i)không|xét|của", cell):
            continue
        words = [cell]
        for _, more in lines[n + 1 : n + 4]:
            if not more or _OTHER.search(more) or _COURT.match(more) or len(more) > 60:
                break
            words.append(more)
        value = _named(" ".join(words) if len(words) == 1 else _with_commas(words))
        if len(value.split()) > 4 and not value.isascii():
            found.append((start < named, Read(value, start, start + len(cell), 0.9)))
    # The court in whose name it is, below "Nhân danh", is before what stands in the corner.
    if found:
        return min(found, key=lambda one: one[0])[1]
    match = _SAT.search(text)
    if match:
        return Read(
            " ".join(match[1].split()).replace("Toà", "Tòa"), match.start(1), match.end(1), 0.7
        )
    if re.search(r"Hội đồng Thẩm phán Tòa án nhân dân tối cao", head):
        return Read("Tòa án nhân dân tối cao", 0, 0, 0.8)
    return Read()


def _with_commas(words: list[str]) -> str:
    whole = words[0]
    for word in words[1:]:
        wide = re.match(r"(?i)tỉnh|thành phố|tp", word) and re.search(
            r"(?i)huyện|quận|thị xã|thành phố|khu vực", whole
        )
        whole += (", " if wide else " ") + word.strip(" ,-–")
    return whole


def _named(text: str) -> str:
    """ "TÒA ÁN NHÂN DÂN HUYỆN PHÚ LƯƠNG" with capitals where names have them."""
    text = re.sub(r"\s+[-–]\s+(?=(?i:tỉnh|tp|thành phố)\b)", ", ", " ".join(text.split()))
    letters = [c for c in text if c.isalpha()]
    if sum(map(str.isupper, letters)) < 0.7 * len(letters):
        return text.replace("Toà", "Tòa")
    made = []
    for n, word in enumerate(text.lower().replace("toà", "tòa").split(" ")):
        bare = word.strip(",.-–")
        made.append(word if bare in _SMALL and n else word[:1].upper() + word[1:])
    named = re.sub(r"\bQuân Khu\b", "Quân khu", " ".join(made))
    named = named.replace("thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh")
    return re.sub(r"\bquân khu (\d)", r"Quân khu \1", named)
