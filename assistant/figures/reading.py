"""Files as figures: read in the jail, cells first, then the sentences around them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.errors import InputError
from assistant.figures.context import Fallback
from assistant.figures.from_cells import figures_of_tables
from assistant.figures.from_text import figures_of_text
from assistant.figures.model import RANGE, Reading, Source
from assistant.figures.periods import periods_in
from assistant.figures.rows_of_text import tables_of_text
from assistant.figures.scopes import scope_of_issuer, scopes_in
from assistant.figures.sentences import sentences_of, tokens_of
from assistant.figures.written import NUMBER, Style, style_of
from knowledge_base.errors import Unreadable
from knowledge_base.readers import reading as texts
from knowledge_base.readers.cell_table import Table
from knowledge_base.readers.jail import Jail
from knowledge_base.settings import KnowledgeSettings

_PROVEN = 3  # numbers that are all thousands, or all decimals by a strange chance
_LETTERHEAD = 400  # characters in which it says who wrote it
_HEAD = 1500  # characters in which a document says its time and its place
# "Tình hình 6 tháng đầu năm và nhiệm vụ 6 tháng cuối năm": the second is not reported on.
_PLANS = re.compile(
    r"(?:[,;]|\bvà)\s*(?:phương hướng|nhiệm vụ|kế hoạch|giải pháp|dự báo|định hướng|ước)\b[^\n]*",
    re.IGNORECASE,
)
_AS_OF = re.compile(
    r"(?:số liệu|dữ liệu|thống kê|kỳ báo cáo|thời điểm báo cáo|tổng hợp)\b[^\n.;|]{0,60}?"
    r"(?:(?:tính\s+)?(?:đến|tới)|kỳ báo cáo:?|từ)\s[^\n;|]{0,60}",
    re.IGNORECASE,
)
_WITH_CELLS = {".docx", ".xlsx", ".xls", ".ods", ".csv", ".html", ".htm", ".md", ".pdf", ".odt"}
_SHEETS = {".xlsx", ".xls", ".ods", ".csv"}


def read_figures(
    paths: Sequence[Path], settings: KnowledgeSettings, names: Mapping[Path, str] | None = None
) -> tuple[list[Reading], list[tuple[Path, str]]]:
    """Each file's figures; and files that could not be read, with the reason and what to do.

    ``names`` are what people call the files, where that is not what they are called here.
    """
    known = names or {}
    done: list[Reading] = []
    failed: list[tuple[Path, str]] = []
    seen: dict[str, str] = {}
    with Jail(settings) as jail:
        for path in paths:
            try:
                sha = hashlib.sha256(path.read_bytes()).hexdigest()
                if sha in seen:
                    failed.append((path, f"giống hệt {seen[sha]}: chỉ tính một lần."))
                    continue
                seen[sha] = known.get(path, path.name)
                read, tables = jail.read_cells(path)
            except Unreadable as error:
                failed.append((path, f"{error.reason}. {error.code.advice}"))
            except OSError as error:
                failed.append((path, f"không mở được: {error.strerror}. Hãy kiểm tra đường dẫn."))
            else:
                done.append(figures_of(read, tables, seen[sha], sha, path.suffix.lower()))
    return done, failed


def figures_of(
    read: texts.Reading, tables: Sequence[Table], name: str, sha: str, suffix: str
) -> Reading:
    """All figures of one file that has been read."""
    by_ocr = "ocr" in read.meta
    text_sha = hashlib.sha256(read.text.encode()).hexdigest()
    source = Source(name, sha, text_sha, read.title, by_ocr)
    is_sheet = suffix in _SHEETS
    held = [] if is_sheet else list(sentences_of(read.text, read.sections, rows=False))
    tables = [*tables, *(tables_of_text(read.text, suffix) if not tables else ())]
    style = _style([sentence.text for sentence in held], tables)
    fallback = _fallback(read)
    found, notes = figures_of_tables(tables, source, style, fallback)
    found += figures_of_text(held, source, style, fallback)
    if by_ocr:
        notes.insert(0, "chữ được máy đọc từ ảnh quét: hãy đối chiếu từng số với bản gốc.")
    rows = sum(" | " in line for line in read.text.split("\n"))
    left = rows - sum(len(table.rows) for table in tables)
    if left > 0 and suffix not in _WITH_CELLS:
        notes.append(
            f"{left} dòng bảng thiếu ô nên không đọc (định dạng này chỉ đọc thành chữ): hãy lưu "
            "lại thành .docx hoặc .xlsx."
        )
    guessed = sum(len(table.rows) for table in tables if table.guessed)
    loose = sum(_is_loose_row(sentence.text) for sentence in held)
    if loose > guessed:
        notes.append(
            f"{loose} dòng giống dòng của bảng không kẻ ô: không đọc, vì không biết số nào thuộc "
            "cột nào. Hãy dùng bản .docx hoặc .xlsx."
        )
    if not found:
        notes.append("không có số liệu nào đọc được trong tệp này.")
    unclear = sum(figure.value is None and figure.about != RANGE for figure in found)
    if unclear:
        notes.append(f"{unclear} số có thể hiểu theo hai cách: để trống giá trị, cần người xem.")
    return Reading(source, tuple(found), tuple(notes))


def _is_loose_row(text: str) -> bool:
    """Numbers with nothing between them: a row of a table whose lines are not drawn."""
    return not tokens_of(text) and bool(re.search(rf"{NUMBER}\s*%?\s+{NUMBER}(?![\d/])", text))


def _style(sentences: Sequence[str], tables: Sequence[Table]) -> Style:
    texts = [token.digits.lstrip("-–−+") for sentence in sentences for token in tokens_of(sentence)]
    if style_of(texts) == "" and _all_in_thousands(texts):
        return "vi"
    cells = (cell for table in tables for row in table.rows for cell in row)
    for cell in cells:
        whole = isinstance(cell, str) and re.fullmatch(rf"[-–−+]?({NUMBER})\s*\D*", cell.strip())
        if whole:
            texts.append(whole[1])
    return style_of(texts)


def _all_in_thousands(texts: Sequence[str]) -> bool:
    """Three numbers of prose like "4.698": nobody writes every decimal with three digits."""
    seen = {text for text in texts if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text)}
    return len(seen) >= _PROVEN and not any("," in text for text in texts)


def _fallback(read: texts.Reading) -> Fallback:
    """The time and place in the title of a document; of neither more than one is believed."""
    head = read.text[:_HEAD]
    title = re.search(
        r"(?:^|\n)\s*(?:BÁO CÁO|THÔNG BÁO|TỔNG HỢP|THỐNG KÊ|BIỂU|KẾT QUẢ)[^\n]*"
        r"(?:\n+[^\n]{1,200})?",
        head,
    )
    said = _PLANS.sub("", f"{read.title}\n{title[0] if title else ''}")
    periods = {one.period.key(): one.period for one in periods_in(said)}
    if not periods:  # "(Số liệu tính đến ngày 15/9/2025)" stands for all
        told = " ; ".join(match[0] for match in _AS_OF.finditer(head))
        periods = {one.period.key(): one.period for one in periods_in(told)}
    years = {one.end.year for one in periods.values() if one.kind != "range"}
    scopes = {one.scope.key: one.scope for one in scopes_in(said)}
    issuer = scope_of_issuer(head[: title.start()] if title else head[:_LETTERHEAD])
    return Fallback(
        next(iter(periods.values())) if len(periods) == 1 else None,
        next(iter(scopes.values())) if len(scopes) == 1 else None if scopes else issuer,
        next(iter(years)) if len(years) == 1 else None,
    )


def existing(files: Sequence[Path]) -> list[Path]:
    """Files, and those below folders; raises `InputError` where there is none."""
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            found += sorted(
                one
                for one in path.rglob("*")
                if one.is_file() and not one.name.startswith((".", "~$"))
            )
        elif path.exists():
            found.append(path)
        else:
            raise InputError(f"Không có tệp {path}. Hãy kiểm tra lại đường dẫn.")
    if not found:
        raise InputError("Thư mục không có tệp nào. Hãy cho ít nhất một tệp .docx, .xlsx, .pdf…")
    return found
