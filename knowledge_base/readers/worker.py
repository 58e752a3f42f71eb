"""The process that opens other people's files: ``python -m knowledge_base.readers.worker``.

It limits itself before it reads anything, writes no file, and speaks JSON lines:
a request ``{"path", "kind"}`` on stdin, and on stdout either one reading, or
for a BEIR corpus batches of lines and an end. `jail` is the other side.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from knowledge_base.errors import Unreadable
from knowledge_base.readers.reading import Reading

BATCH = 500  # lines of a corpus in one message


def main(memory_mb: int, seconds: int, largest_mb: int) -> int:
    """Serve requests until stdin ends."""
    _limit(memory_mb)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints must not speak for us
    for line in sys.stdin:
        request = json.loads(line)
        _allow(seconds)
        try:
            _serve(request, seconds, largest_mb, answers)
        except Unreadable as error:
            _tell(answers, {"unreadable": error.reason})
        except MemoryError:
            _tell(answers, {"unreadable": f"cần hơn {memory_mb} MB bộ nhớ để mở", "ending": True})
            return 0  # what is left of the heap is not worth trusting
        except RecursionError:
            _tell(answers, {"unreadable": "cấu trúc tệp lồng nhau quá sâu"})
        except OSError as error:
            _tell(answers, {"unreadable": f"không mở được tệp: {error.strerror or error}"})
        except Exception as error:
            reason = f"trình đọc không hiểu tệp này ({type(error).__name__})"
            _tell(answers, {"unreadable": reason})
    return 0


def read_file(path: Path, largest_mb: int) -> Reading:
    """Read one file, whatever it is; `Unreadable` with a reason otherwise."""
    from knowledge_base.readers.formats import format_of
    from knowledge_base.readers.quality import check
    from knowledge_base.readers.secrecy import refuse_secret

    if path.stat().st_size > largest_mb * 1_000_000:
        size = path.stat().st_size // 1_000_000
        raise Unreadable(f"tệp nặng {size} MB, lớn hơn mức cho phép {largest_mb} MB: hãy tách nhỏ")
    data = path.read_bytes()
    reading = _reader(format_of(path, data))(data)
    refuse_secret(reading.text)
    check(reading.text)
    return reading


def _reader(kind: str) -> Callable[[bytes], Reading]:
    if kind == "docx":
        from knowledge_base.readers.docx import read_docx

        return read_docx
    if kind == "pdf":
        from knowledge_base.readers.pdf import read_pdf

        return read_pdf
    if kind == "html":
        from knowledge_base.readers.html import read_html

        return read_html
    from knowledge_base.readers.plain import read_markdown, read_text

    return read_markdown if kind == "markdown" else read_text


def _serve(request: dict[str, Any], seconds: int, largest_mb: int, answers: IO[str]) -> None:
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
    else:
        _tell(answers, asdict(read_file(path, largest_mb)))


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
    sys.exit(main(*map(int, sys.argv[1:4])))
