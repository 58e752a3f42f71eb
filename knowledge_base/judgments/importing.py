"""Files to judgments: read in the jail, masked in memory, and only then kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge_base.errors import QuarantineReason, Unreadable
from knowledge_base.judgments.judgment import Judgment
from knowledge_base.judgments.masking import mask
from knowledge_base.judgments.reading import NotAJudgment, read
from knowledge_base.judgments.store import Judgments
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Change

SUFFIXES = (".docx", ".doc", ".pdf", ".html", ".htm", ".md", ".txt", ".rtf", ".odt")
SAMPLES = Path(__file__).parents[1] / "corpus" / "judgments"
_SHORTEST = 200  # characters


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file: a judgment that is kept now, or why it is not."""

    source: str
    judgment: Judgment | None = None
    change: Change | None = None
    refused: str = ""
    advice: str = ""


def from_text(text: str, *, keep_officials: bool = False, sample: bool = False) -> Judgment:
    """A judgment of a text. Raises `NotAJudgment`."""
    if len(text.strip()) < _SHORTEST:
        raise NotAJudgment("tệp không có đủ chữ để đọc (rỗng, hoặc chỉ có ảnh)")
    return read(mask(text, keep_officials=keep_officials), sample=sample)


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """Files, and those that lie in folders, by name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
        else:
            yield path


def import_files(
    paths: Sequence[Path],
    into: Judgments,
    settings: KnowledgeSettings,
    *,
    keep_officials: bool = False,
) -> Iterator[Imported]:
    """Import file by file; one that cannot be read stops nothing."""
    from knowledge_base.readers.jail import Jail

    with Jail(settings) as jail:
        for path in files_in(paths):
            try:
                if path.suffix.lower() not in SUFFIXES:
                    raise Unreadable(
                        f"chỉ nạp bản án ở dạng {' '.join(SUFFIXES)}",
                        QuarantineReason.UNSUPPORTED_FORMAT,
                    )
                reading = jail.read(path)
                judgment = from_text(reading.text, keep_officials=keep_officials)
            except Unreadable as error:
                yield Imported(path.name, refused=error.reason, advice=error.code.advice)
                continue
            except NotAJudgment as error:
                yield Imported(path.name, refused=str(error))
                continue
            if reading.meta.get("ocr"):
                told = (
                    "Bản quét: chữ do máy đọc từ ảnh, tên người có thể bị đọc sai và sót "
                    "khi che. Hãy xem lại."
                )
                judgment = replace(judgment, remarks=(*judgment.remarks, told))
            yield Imported(path.name, judgment, into.put(judgment))


def import_samples(into: Judgments) -> Iterator[Imported]:
    """The invented judgments that come with the program; braces mark what must be masked."""
    for path in sorted(SAMPLES.glob("*.txt")):
        text = sample_text(path)
        judgment = from_text(text, sample=True)
        yield Imported(path.name, judgment, into.put(judgment))


def sample_text(path: Path) -> str:
    """The text of a sample as a court would have written it."""
    body = path.read_text("utf-8").split("---\n", 1)[1]
    return body.replace("{", "").replace("}", "")
