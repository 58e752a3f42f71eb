"""Everything the knowledge base can fail with. Each message says what to do next."""

from __future__ import annotations

import errno
from enum import StrEnum


class KnowledgeError(Exception):
    """The root: the command line prints its message and exits with 1, without a traceback."""


class StoreClosed(KnowledgeError):
    """This process serves citizens: it has no way to what is restricted."""


# --- the record ---------------------------------------------------------------------------


class RecordError(KnowledgeError):
    """The record cannot be used as it is."""


class RecordCorrupt(RecordError):
    """The record's file is not a readable database."""


class RecordTooNew(RecordError):
    """The record was written by a later version of this program."""


class RecordBusy(RecordError):
    """Another process has been writing for longer than we wait."""


class StorageFull(RecordError):
    """There is no room to write. What was committed before stays."""


def is_full(error: OSError) -> bool:
    """Whether an error of the system says that there is no room left."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def disk_full(where: object) -> str:
    """One Vietnamese sentence for a person whose disk is full."""
    return (
        f"Đĩa đã đầy, không ghi được vào {where}. Hãy xoá bớt tệp để có chỗ trống rồi chạy lại "
        "lệnh; những gì đã lưu trước đó vẫn nguyên vẹn."
    )


# --- the index ----------------------------------------------------------------------------


class IndexProblem(KnowledgeError):
    """The index cannot be used as it is."""


class IndexMissing(IndexProblem):
    """No index has been built."""


class IndexOutdated(IndexProblem):
    """The index has another format version, or belongs to another corpus."""


class IndexCorrupt(IndexProblem):
    """Files of the index are missing, short or unreadable."""


class BuildFailed(IndexProblem):
    """A new index could not be built or did not pass its checks; the old one still serves."""


# --- reading files ------------------------------------------------------------------------


class QuarantineReason(StrEnum):
    """Why a file was put aside: a closed list, so that people can sort and count."""

    SCAN_WITHOUT_TEXT = "scan_without_text"
    WRONG_FORMAT = "wrong_format"
    ERROR_PAGE = "error_page"
    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNSAFE = "unsafe"
    SECRET = "secret"  # noqa: S105
    LEGACY_ENCODING_UNREADABLE = "legacy_encoding_unreadable"
    NOT_VIETNAMESE = "not_vietnamese"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    UNSUPPORTED_FORMAT = "unsupported_format"
    DAMAGED = "damaged"
    DUPLICATE = "duplicate"
    UNREACHABLE = "unreachable"
    OTHER = "other"

    @property
    def advice(self) -> str:
        """What to do about it: one Vietnamese sentence."""
        return _ADVICE[self]


_ADVICE = {
    QuarantineReason.SCAN_WITHOUT_TEXT: "Cài gói tesseract-ocr-vie để máy đọc chữ từ ảnh, hoặc "
    "xin nơi ban hành bản có chữ (Word, PDF ký số) rồi nạp lại.",
    QuarantineReason.WRONG_FORMAT: "Mở tệp xem thật ra là gì, đổi đuôi cho đúng hoặc tải lại từ "
    "nguồn rồi nạp lại.",
    QuarantineReason.ERROR_PAGE: "Tải lại văn bản từ trang gốc: tệp này chỉ là trang báo lỗi hoặc "
    "trang đăng nhập.",
    QuarantineReason.ENCRYPTED: "Mở bằng mật khẩu, lưu một bản không có mật khẩu rồi nạp lại.",
    QuarantineReason.EMPTY: "Kiểm tra lại tệp gốc: ở đây không có chữ nào để nạp.",
    QuarantineReason.TOO_LARGE: "Tách thành nhiều tệp nhỏ, hoặc nhờ quản trị nâng giới hạn trong "
    "config.yml.",
    QuarantineReason.UNSAFE: "Đừng mở tệp này trên máy khác; hãy hỏi lại nơi gửi, hoặc lưu lại "
    "thành tệp mới không có macro và liên kết ngoài.",
    QuarantineReason.SECRET: "Đưa tệp ra khỏi máy này và báo người phụ trách bảo vệ bí mật nhà "
    "nước.",
    QuarantineReason.LEGACY_ENCODING_UNREADABLE: "Mở bằng phần mềm gốc, chuyển sang Unicode "
    "(UTF-8) rồi nạp lại.",
    QuarantineReason.NOT_VIETNAMESE: "Chỉ nạp văn bản tiếng Việt; nếu đây là tiếng Việt, hãy xin "
    "bản khác vì chữ trong tệp đã hỏng.",
    QuarantineReason.TIMED_OUT: "Tách nhỏ tệp, hoặc nhờ quản trị nâng thời gian đọc trong "
    "config.yml.",
    QuarantineReason.OUT_OF_MEMORY: "Tách nhỏ tệp, hoặc nhờ quản trị nâng bộ nhớ đọc trong "
    "config.yml.",
    QuarantineReason.UNSUPPORTED_FORMAT: "Lưu lại thành .docx, .pdf, .xlsx hoặc .txt rồi nạp lại.",
    QuarantineReason.DAMAGED: "Tải hoặc chép lại tệp từ nguồn: tệp này bị hỏng hoặc bị cắt cụt.",
    QuarantineReason.DUPLICATE: "Xoá bản thừa, hoặc nạp với --collection khác để phân biệt.",
    QuarantineReason.UNREACHABLE: "Kiểm tra đường dẫn và quyền đọc rồi nạp lại.",
    QuarantineReason.OTHER: "Mở tệp kiểm tra, lưu lại thành .docx hoặc .pdf rồi nạp lại.",
}


class Unreadable(KnowledgeError):
    """One file could not be read; ``reason`` is for the person who handed it in.

    ``code`` is for sorting; `QuarantineReason.advice` says what to do about it.
    """

    def __init__(self, reason: str, code: QuarantineReason = QuarantineReason.OTHER) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class WrongUse(KnowledgeError):
    """The command was given something it cannot mean (exit code 2)."""
