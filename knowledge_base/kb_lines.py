"""What ``troly kb`` says to a person: tables and sentences in Vietnamese."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from rich.console import Console
from rich.table import Table

from knowledge_base.changes import Affected, ChangeKind, ChangeReport
from knowledge_base.errors import QuarantineReason
from knowledge_base.meant import Meant
from knowledge_base.quarantine import Quarantined
from knowledge_base.status import Status, StoreStatus

SHOWN = 20  # rows of a table; --json has them all
_LONGEST = 400  # characters of a changed line

STORE = {"public": "công khai", "restricted": "hạn chế"}
INDEX = {
    "full": "đầy đủ, mới nhất",
    "words": "mới nhất theo từ; phần theo nghĩa chưa xong",
    "behind": "cũ hơn kho; chạy troly ingest hoặc troly up để lập lại",
    "none": "chưa có; chạy troly ingest hoặc troly up",
}
KIND = {
    "procedure": "thủ tục",
    "law": "văn bản pháp luật",
    "guidance": "hướng dẫn",
    "place": "địa bàn",
    "other": "tài liệu khác",
}
CHANGE = {
    "changed": "đổi nội dung",
    "withdrawn": "rút",
    "restored": "khôi phục",
    "removed": "xoá",
}
PART = {
    ChangeKind.ADDED: "Thêm",
    ChangeKind.CHANGED: "Sửa",
    ChangeKind.REPEALED: "Bãi bỏ",
    ChangeKind.MOVED: "Chuyển chỗ",
}
REASON = {
    QuarantineReason.SCAN_WITHOUT_TEXT: "bản quét không có chữ",
    QuarantineReason.WRONG_FORMAT: "sai định dạng",
    QuarantineReason.ERROR_PAGE: "trang báo lỗi",
    QuarantineReason.ENCRYPTED: "có mật khẩu",
    QuarantineReason.EMPTY: "rỗng",
    QuarantineReason.TOO_LARGE: "quá lớn",
    QuarantineReason.UNSAFE: "không an toàn",
    QuarantineReason.SECRET: "tài liệu mật",
    QuarantineReason.LEGACY_ENCODING_UNREADABLE: "bảng mã cũ",
    QuarantineReason.NOT_VIETNAMESE: "không phải tiếng Việt",
    QuarantineReason.TIMED_OUT: "đọc quá lâu",
    QuarantineReason.OUT_OF_MEMORY: "hết bộ nhớ khi đọc",
    QuarantineReason.UNSUPPORTED_FORMAT: "định dạng chưa hỗ trợ",
    QuarantineReason.DAMAGED: "hỏng",
    QuarantineReason.DUPLICATE: "trùng",
    QuarantineReason.UNREACHABLE: "không mở được",
    QuarantineReason.OTHER: "lý do khác",
}


def say(text: str = "") -> None:
    """A line on stdout."""
    print(text)


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on stdout, of at most `SHOWN` rows."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows[:SHOWN]:
        made.add_row(*(str(cell) for cell in row))
    console = Console(file=sys.stdout, markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(file=sys.stdout, markup=False, highlight=False, width=160)
    console.print(made)
    if len(rows) > SHOWN:
        say(f"… và {len(rows) - SHOWN} mục nữa (xem đủ bằng --json).")


def moment(at: str) -> str:
    """A moment in Viet Nam.

    >>> moment("2026-07-01T20:30:00+00:00")
    '02/07/2026 03:30'
    """
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return at
    return when.astimezone(timezone(timedelta(hours=7))).strftime("%d/%m/%Y %H:%M")


def size(count: int) -> str:
    """
    >>> size(1_234_000), size(900)
    ('1,2 MB', '900 B')
    """
    amount, unit = float(count), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.1f}".replace(".", ",").removesuffix(",0") + f" {unit}"


def reason(code: str) -> str:
    """A reason code in words."""
    return REASON[_code(code)]


def _code(code: str) -> QuarantineReason:
    try:
        return QuarantineReason(code)
    except ValueError:  # a later version of the program may know more
        return QuarantineReason.OTHER


# --- status -----------------------------------------------------------------------------------


def show_status(status: Status) -> None:
    say(f"Thư mục dữ liệu: {status.home} (đĩa còn trống {size(status.free_bytes)})")
    if not status.stores:
        say("Chưa có kho nào. Nạp tài liệu bằng: troly ingest THƯ_MỤC")
    for store in status.stores:
        _show_store(status, store)


def _show_store(status: Status, store: StoreStatus) -> None:
    say(f"\nKho {STORE[store.store]}")
    say(
        f"  {store.documents} tài liệu đang dùng ({store.cards} thẻ thủ tục), {store.withdrawn} đã "
        f"rút; {store.versions} phiên bản văn bản được giữ; {size(store.record_bytes)}"
    )
    index = store.index
    say(f"  Chỉ mục: {INDEX[index.state]}; {index.passages} đoạn; {size(store.index_bytes)}")
    say(f"  Phiên bản kho {store.corpus_version}; chỉ mục {index.corpus_version or '(chưa có)'}")
    if index.state == "behind" and index.left_out:
        say(f"  Đã tạm loại khỏi tìm kiếm {index.left_out} tài liệu bị rút hoặc đã đổi nội dung.")
    if status.embedder and index.vectors < index.passages:
        doing = "đang tính" if index.computing else "chưa chạy"
        kept = min(store.vectors_kept, index.passages)
        say(f"  Vector: {kept}/{index.passages} đoạn ({doing})")
    if index.nearest == "exact":
        say(
            "  Tìm theo nghĩa đang so từng vector một (Chroma không qua được kiểm tra): kết quả "
            "như nhau, chậm hơn một chút. Lần lập chỉ mục sau sẽ tự thử lại Chroma."
        )
    show(
        "\nBộ tài liệu",
        ("Tên", "Tài liệu", "Thẻ", "Đã rút", "Gồm"),
        [
            (c.name or "(không tên)", c.documents, c.cards, c.withdrawn, _kinds(c.kinds))
            for c in store.collections
        ],
    )
    if store.changes:
        show(
            "\nThay đổi gần đây",
            ("Lúc", "Việc", "Mã", "Tên", "Lý do"),
            [
                (moment(c.at), CHANGE.get(c.kind, c.kind), c.document_id, c.title, c.reason)
                for c in store.changes
            ],
        )
    if store.quarantine:
        listed = ", ".join(f"{reason(code)}: {n}" for code, n in store.quarantine.items())
        say(f"\nChưa đọc được {sum(store.quarantine.values())} mục ({listed}).")
        say("  Xem: troly kb quarantine")


def _kinds(kinds: dict[str, int]) -> str:
    return ", ".join(f"{n} {KIND.get(kind, kind)}" for kind, n in kinds.items())


# --- changes ----------------------------------------------------------------------------------


def show_report(report: ChangeReport, affected: Sequence[Affected], *, preview: bool) -> None:
    number = f" ({report.number})" if report.number and report.number not in report.title else ""
    say(f"{report.document_id}: {report.title}{number}")
    to = "tệp trên đĩa, chưa nạp" if preview else moment(report.to_at)
    say(f"  từ bản {report.from_sha[:12]} ({moment(report.from_at)})")
    say(f"  đến bản {report.to_sha[:12]} ({to})")
    if report.nothing:
        say("  Không có gì thay đổi về nội dung.")
    for fact in report.facts:
        say(f"  {fact.name}: {fact.before or '(trống)'} → {fact.after or '(trống)'}")
    for part in report.parts:
        clauses = f" ({', '.join(part.clauses)})" if part.clauses else ""
        say(f"\n  {PART[part.kind]}: {' › '.join(part.path)}{clauses}")
        if part.kind is ChangeKind.MOVED:
            say(f"    trước ở: {part.before}")
        _show_lines(part.removed, part.added)
    if not report.parts and (report.removed or report.added):
        say(f"  {len(report.removed)} dòng bị bỏ, {len(report.added)} dòng mới:")
        _show_lines(report.removed, report.added)
    show_affected(affected)


def _show_lines(removed: Sequence[str], added: Sequence[str]) -> None:
    for mark, lines in (("−", removed), ("+", added)):
        for line in lines[:SHOWN]:
            say(f"    {mark} {_short(line)}")
        if len(lines) > SHOWN:
            say(f"    {mark} … và {len(lines) - SHOWN} dòng nữa")


def show_affected(affected: Sequence[Affected]) -> None:
    """Past answers that rest on what changed or goes."""
    if not affected:
        say("\nKhông có câu trả lời nào đã lưu dẫn bản cũ.")
        return
    stands = {True: "còn nguyên văn", False: "KHÔNG còn đúng", None: "cần xem lại"}
    show(
        f"\n{len({a.id for a in affected})} câu trả lời đã lưu có dẫn (dựng lại: troly replay MÃ)",
        ("Mã", "Ngày", "Lời đã dẫn", "Tài liệu", "Câu hỏi"),
        [(a.id, a.day, stands[a.still_stands], a.document_id, a.question) for a in affected],
    )


def show_meant(title: str, documents: Sequence[Meant]) -> None:
    show(
        title,
        ("Mã", "Tên", "Số hiệu", "Bộ", "Kho"),
        [(d.id, d.title, d.number, d.collection, STORE[d.store]) for d in documents],
    )


def show_quarantine(found: Sequence[Quarantined]) -> None:
    if not found:
        say("Không có tệp nào bị để riêng.")
        return
    for aside in found[:SHOWN]:
        gone = "" if aside.file.exists() else " (tệp không còn ở đó)"
        say(f"{aside.path}{gone}")
        say(f"  {reason(aside.code)}: {aside.reason}")
        say(f"  Cách xử lý: {_code(aside.code).advice}")
    if len(found) > SHOWN:
        say(f"… và {len(found) - SHOWN} mục nữa (xem đủ bằng --json).")
    say(f"\n{len(found)} mục. Nạp lại: troly kb quarantine retry; bỏ khỏi danh sách: … forget TỆP")


def aside_json(aside: Quarantined) -> dict[str, Any]:
    return {
        "path": aside.path, "sha256": aside.sha256, "code": aside.code, "reason": aside.reason,
        "advice": _code(aside.code).advice, "collection": aside.collection,
        "labels": list(aside.labels), "name": aside.name, "seen_at": aside.seen_at,
        "exists": aside.file.exists(),
    }  # fmt: skip


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
