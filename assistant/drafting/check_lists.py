"""Addressees, bases, receivers and signatures: what ends each line, and who signs for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.drafting.faults import Fault, Level, Words, at_line
from assistant.drafting.parts import Parts

_LEARNED = re.compile(
    r"^(?:GS|PGS|TS|ThS|Th\.S|BS|CN|KS|Tiến sĩ|Thạc sĩ|Bác sĩ|Kỹ sư|Giáo sư)\b[.\s]", re.I
)
_LEARNED_BODIES = re.compile(
    r"TRƯỜNG|ĐẠI HỌC|HỌC VIỆN|VIỆN|TRẠM Y TẾ|CÔNG AN|QUÂN|TRUNG TÂM", re.IGNORECASE
)


def check_lists(parts: Parts) -> Iterator[Fault]:
    """Faults of the parts that are lists of lines."""
    yield from _addressees(parts)
    yield from _bases(parts)
    yield from _receivers(parts)
    yield from _signature(parts)


def _addressees(parts: Parts) -> Iterator[Fault]:
    lines = parts.lines.get("addressee", ())
    if not lines:
        return
    first = lines[0]
    if not re.match(r"Kính gửi\s*:", first.text):
        fixed = re.sub(r"(?i)^kính gửi\s*:?\s*", "Kính gửi: ", first.text).strip()
        yield at_line(
            first,
            "punctuation",
            "Sau “Kính gửi” phải có dấu hai chấm.",
            fixed,
            change=Words(first.text, fixed),
        )
    if len(lines) == 1 and not re.sub(r"(?i)^kính gửi\s*:?", "", first.text).strip(" .…"):
        yield at_line(
            first,
            "missing",
            "Chưa ghi nơi nhận văn bản sau “Kính gửi”.",
            "Ghi tên cơ quan, cá nhân nhận.",
        )
    listed = lines[1:]
    for at, line in enumerate(listed):
        last = at == len(listed) - 1
        if not line.text.endswith("." if last else ";"):
            fixed = line.text.rstrip(" .;,") + ("." if last else ";")
            yield at_line(
                line,
                "punctuation",
                "Cuối mỗi nơi nhận ghi dấu chấm phẩy, cuối dòng cuối cùng dấu chấm.",
                fixed,
                change=Words(line.text, fixed),
            )


def _bases(parts: Parts) -> Iterator[Fault]:
    lines = parts.lines.get("basis", ())
    for at, line in enumerate(lines):
        last = at == len(lines) - 1
        if last and line.text.endswith(";"):
            yield at_line(
                line,
                "punctuation",
                "Căn cứ cuối cùng kết thúc bằng dấu chấm.",
                line.text[:-1] + ".",
                level=Level.NOTE,
                change=Words(line.text, line.text[:-1] + "."),
            )
        elif not line.text.endswith((".", ",", ":") if last else ";"):
            fixed = line.text.rstrip(" .,;") + ("." if last else ";")
            says = "Cuối mỗi căn cứ ghi dấu chấm phẩy, cuối căn cứ cuối cùng dấu chấm."
            yield at_line(line, "punctuation", says, fixed, change=Words(line.text, fixed))
        if line.text[:1] in "-–+":
            fixed = line.text.lstrip("-–+ ")
            yield at_line(
                line,
                "wording",
                "Đầu dòng căn cứ không ghi gạch đầu dòng.",
                fixed,
                change=Words(line.text, fixed),
            )


def _receivers(parts: Parts) -> Iterator[Fault]:
    head, lines = parts.first("receivers_head"), parts.lines.get("receiver", ())
    if head is None:
        return
    if head.text.strip() == "Nơi nhận":
        yield at_line(
            head,
            "punctuation",
            "Sau “Nơi nhận” phải có dấu hai chấm.",
            "Nơi nhận:",
            change=Words(head.text, "Nơi nhận:"),
        )
    if not lines:
        if len(head.text) < 20:
            yield at_line(
                head,
                "missing",
                "Nơi nhận chưa ghi tên nơi nhận nào.",
                "Thêm nơi nhận và dòng Lưu: VT.",
            )
        return
    if not any(re.match(r"[-–+\s]*Lưu\b", line.text, re.I) for line in lines):
        yield at_line(
            lines[-1],
            "missing",
            "Nơi nhận thiếu dòng “Lưu: VT, …”.",
            "Thêm dòng cuối: - Lưu: VT, ….",
        )
    for at, line in enumerate(lines):
        last = at == len(lines) - 1
        if re.match(r"[-–+\s]*Lưu\s+\w", line.text):
            fixed = re.sub(r"Lưu\s+", "Lưu: ", line.text, count=1)
            yield at_line(
                line,
                "punctuation",
                "Sau “Lưu” phải có dấu hai chấm.",
                fixed,
                change=Words(line.text, fixed),
            )
        elif not line.text.endswith("." if last else (";", ":")):
            fixed = line.text.rstrip(" .,;") + ("." if last else ";")
            yield at_line(
                line,
                "punctuation",
                "Cuối mỗi nơi nhận ghi dấu chấm phẩy, cuối dòng Lưu dấu chấm.",
                fixed,
                change=Words(line.text, fixed),
            )


def _signature(parts: Parts) -> Iterator[Fault]:
    lines = parts.lines.get("capacity", ())
    for at, line in enumerate(lines):
        after = lines[at + 1] if at + 1 < len(lines) else None
        dotted = re.match(r"(TM|KT|TL|TUQ|Q)(\.?)\s*(?=\S)", line.text)
        if dotted and not dotted[2]:
            fixed = f"{dotted[1]}. {line.text[dotted.end() :]}"
            yield at_line(
                line,
                "signature",
                f"Sau {dotted[1]} phải có dấu chấm.",
                fixed,
                change=Words(line.text, fixed),
            )
        if (
            dotted
            and dotted[1] in ("KT", "TL", "TUQ")
            and (after is None or after.cell != line.cell)
        ):
            yield at_line(
                line,
                "signature",
                f"Dưới {dotted[1]}. phải ghi chức vụ của người ký.",
                "Thêm dòng chức vụ người ký.",
            )
        if (
            dotted
            and dotted[1] == "KT"
            and after is not None
            and not after.text.upper().startswith(("PHÓ", "THỨ"))
        ):
            yield at_line(
                after,
                "signature",
                "Ký thay (KT.) là cấp phó của người đứng đầu.",
                "Kiểm tra chức vụ người ký hoặc quyền hạn ký (TL., TUQ.).",
            )
    agency = " ".join(line.text for line in parts.lines.get("agency", ()))
    for line in parts.lines.get("signer", ()):
        if _LEARNED.match(line.text) and not _LEARNED_BODIES.search(agency):
            fixed = re.sub(r"^(?:(?:GS|PGS|TS|ThS|Th\.S|BS|CN|KS)[.\s]+)+", "", line.text)
            yield at_line(
                line,
                "signature",
                "Không ghi học hàm, học vị trước họ tên người ký.",
                fixed,
                change=Words(line.text, fixed),
            )
