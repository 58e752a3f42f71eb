"""The process that opens other people's files: ``python -m knowledge_base.readers.worker``.

It limits itself before it reads anything, writes no file, and speaks JSON lines:
a request ``{"path", "kind"}`` on stdin, and on stdout either one reading (after
``{"page", "pages"}`` for each page that is read from a picture), or for a BEIR
corpus batches of lines and an end. Kind "cells" adds the file's tables. `jail` is the other side.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import IO, Any

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.readers.ocr import Ocr
from knowledge_base.readers.reading import Reading

BATCH = 500  # lines of a corpus in one message
RECORDS = 100  # records of procedures in one message


def main(
    memory_mb: int, seconds: int, largest_mb: int, ocr_pages: int = 0, ocr_seconds: int = 0
) -> int:
    """Serve requests until stdin ends. ``ocr_pages`` 0: pictures are not read."""
    _limit(memory_mb)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints must not speak for us
    for line in sys.stdin:
        request = json.loads(line)
        _allow(seconds)

        def told(page: int, pages: int) -> None:
            _tell(answers, {"page": page, "pages": pages})
            _allow(seconds)

        ocr = Ocr(ocr_pages, ocr_seconds, told) if ocr_pages else None
        try:
            _serve(request, seconds, largest_mb, answers, ocr)
        except Unreadable as error:
            _refuse(answers, error.reason, error.code)
        except MemoryError:
            reason = f"cần hơn {memory_mb} MB bộ nhớ để mở"
            _refuse(answers, reason, QuarantineReason.OUT_OF_MEMORY, ending=True)
            return 0  # what is left of the heap is not worth trusting
        except RecursionError:
            _refuse(answers, "cấu trúc tệp lồng nhau quá sâu", QuarantineReason.UNSAFE)
        except OSError as error:
            reason = f"không mở được tệp: {error.strerror or error}"
            _refuse(answers, reason, QuarantineReason.UNREACHABLE)
        except Exception as error:
            reason = f"trình đọc không hiểu tệp này ({type(error).__name__})"
            _refuse(answers, reason, QuarantineReason.DAMAGED)
    return 0


def read_file(path: Path, largest_mb: int, ocr: Ocr | None = None) -> Reading:
    """Read one file, whatever it is; `Unreadable` with a reason otherwise."""
    from knowledge_base.readers.formats import BY_SUFFIX, format_of
    from knowledge_base.readers.quality import check
    from knowledge_base.readers.secrecy import refuse_secret

    if path.stat().st_size > largest_mb * 1_000_000:
        size = path.stat().st_size // 1_000_000
        raise Unreadable(
            f"tệp nặng {size} MB, lớn hơn mức cho phép {largest_mb} MB: hãy tách nhỏ",
            QuarantineReason.TOO_LARGE,
        )
    data = path.read_bytes()
    kind = format_of(path, data)
    reading = _reader(kind, ocr)(data)
    refuse_secret(reading.text)
    check(reading.text)
    if kind != BY_SUFFIX.get(path.suffix.lower()):
        return replace(reading, meta={**reading.meta, "format": kind})
    return reading


def _reader(kind: str, ocr: Ocr | None) -> Callable[[bytes], Reading]:
    """The function that reads a kind of file; each brings its own libraries."""
    if kind in ("pdf", "image"):
        from knowledge_base.readers.pdf import read_image, read_pdf

        return partial(read_pdf if kind == "pdf" else read_image, ocr=ocr)
    if kind in ("sheet", "csv"):
        from knowledge_base.readers.sheet import read_csv, read_sheet

        return read_sheet if kind == "sheet" else read_csv
    if kind == "doc":
        from knowledge_base.readers.doc import read_doc

        return read_doc
    if kind == "rtf":
        from knowledge_base.readers.rtf import read_rtf

        return read_rtf
    if kind == "odt":
        from knowledge_base.readers.odt import read_odt

        return read_odt
    if kind == "docx":
        from knowledge_base.readers.docx import read_docx

        return read_docx
    if kind in ("html", "mhtml", "page"):
        from knowledge_base.readers.html import read_html, read_mhtml, refuse_page

        return {"html": read_html, "mhtml": read_mhtml, "page": refuse_page}[kind]
    from knowledge_base.readers.plain import read_markdown, read_text

    return read_markdown if kind == "markdown" else read_text


def _serve(
    request: dict[str, Any], seconds: int, largest_mb: int, answers: IO[str], ocr: Ocr | None
) -> None:
    path = Path(request["path"])
    if request["kind"] == "beir":
        from knowledge_base.readers.beir import read_beir

        batch: list[dict[str, Any]] = []
        for line in read_beir(path):
            batch.append(asdict(line))
            if len(batch) == BATCH:
                _tell(answers, {"lines": batch})
                batch = []
                _allow(seconds)
        _tell(answers, {"lines": batch, "end": True})
    elif request["kind"] == "records":
        from knowledge_base.portal.files import read_records

        records: list[dict[str, Any]] = []
        for record in read_records(path):
            records.append(asdict(record))
            if len(records) == RECORDS:
                _tell(answers, {"records": records})
                records = []
                _allow(seconds)
        _tell(answers, {"records": records, "end": True})
    elif request["kind"] == "cells":
        from knowledge_base.readers.cells import tables_in
        from knowledge_base.readers.formats import format_of

        reading = read_file(path, largest_mb, ocr)  # refuses what may not be opened
        data = path.read_bytes()
        tables = tables_in(format_of(path, data), data)
        _tell(answers, asdict(reading) | {"tables": [asdict(table) for table in tables]})
    else:
        _tell(answers, asdict(read_file(path, largest_mb, ocr)))


def _refuse(answers: IO[str], reason: str, code: QuarantineReason, *, ending: bool = False) -> None:
    _tell(answers, {"unreadable": reason, "code": code.value, "ending": ending})


def _limit(memory_mb: int) -> None:
    memory = memory_mb * 1_000_000
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _allow(seconds: int) -> None:
    """Let this process use ``seconds`` more of the processor; then the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _tell(answers: IO[str], message: dict[str, Any]) -> None:
    # Lone surrogates can come out of a broken file; they are not text.
    line = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace").decode()
    answers.write(line + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:6])))
