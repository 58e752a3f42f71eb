"""What the embedder learns from: texts that belong together.

A `Unit` is a passage with what could be asked about it: the heading of its
article, the names of its procedure, headings of related articles, and its own
sentences. ``--data`` is a folder as `evals.benchmarks.sets` reads it; only the
codified law, the documents of 2026 and the procedures of the portal are used,
besides the bundled cards and the repository's own training questions.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge_base.passages import passages_of, spans
from knowledge_base.prepare import bundled_documents
from knowledge_base.vietnamese import clean

QUESTIONS = Path(__file__).parent.parent / "datasets" / "questions" / "training.jsonl"

#: How people ask for what a part of a procedure says; "" is anything.
ASKING: dict[str, tuple[str, ...]] = {
    "dossier": (
        "{} cần giấy tờ gì", "hồ sơ {} gồm những gì", "{} cần mang theo gì",
        "{} chuẩn bị giấy tờ nào",
    ),
    "times": ("{} mất bao lâu", "thời hạn giải quyết {}", "{} mấy ngày có kết quả", "{} bao lâu"),
    "fees": ("{} hết bao nhiêu tiền", "lệ phí {}", "phí {} là bao nhiêu", "{} có mất tiền không"),
    "where": ("{} nộp ở đâu", "{} ở đâu", "đến đâu để {}", "nơi nộp hồ sơ {}"),
    "authority": ("cơ quan nào giải quyết {}", "ai có thẩm quyền {}", "{} do cơ quan nào cấp"),
    "steps": ("{} làm như thế nào", "trình tự {}", "quy trình {} ra sao", "các bước {}"),
    "online": ("{} qua mạng được không", "nộp {} trực tuyến", "cách thức nộp {}"),
    "conditions": ("điều kiện {}", "{} cần đáp ứng yêu cầu gì", "khi nào được {}"),
    "result": ("kết quả {} là gì", "làm {} xong nhận được gì"),
    "legal_basis": ("căn cứ pháp lý {}", "văn bản nào quy định {}"),
    "who": ("ai được {}", "đối tượng {}"),
    "": (
        "thủ tục {}", "tôi muốn {} thì làm thế nào", "cho em hỏi {} với ạ", "{}", "{} làm sao",
        "hướng dẫn {}", "cho hỏi về {}", "cần làm giấy tờ liên quan đến {}",
    ),
}  # fmt: skip
#: How people ask about law.
ASKING_LAW = (
    "{}", "{}", "{}", "{} là gì", "{} được quy định như thế nào", "quy định về {}",
    "{} đúng hay sai",
    "pháp luật quy định {} như thế nào", "{} là bao nhiêu", "{} trong trường hợp nào",
    "cho hỏi {}", "{} ra sao", "{} có được không", "theo quy định thì {}", "khi nào {}",
)  # fmt: skip

_PORTAL = {
    "trinh_tu_thuc_hien": ("steps", "Trình tự thực hiện"),
    "cach_thuc_thuc_hien": ("online", "Cách thức thực hiện"),
    "thanh_phan_ho_so": ("dossier", "Thành phần hồ sơ"),
    "yeu_cau_dieu_kien": ("conditions", "Yêu cầu, điều kiện"),
    "ket_qua_xu_ly": ("result", "Kết quả"),
    "can_cu_phap_ly": ("legal_basis", "Căn cứ pháp lý"),
    "co_quan_co_tham_quyen": ("authority", "Cơ quan giải quyết"),
    "doi_tuong_thuc_hien": ("who", "Đối tượng thực hiện"),
}
_SKIP = ("sources", "relations", "notes")
_SENTENCE = re.compile(r"(?<=[.;:!?…])\s+|\n+")
_ARTICLE = re.compile(r"^#*\s*\**(Điều\s+\d+\w?)\s*[.:]\s*\**\s*(.*)$", re.MULTILINE)
_MARK = re.compile(r"[#*|>_`]+|^-{3,}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage and the texts that ask for it.

    ``group`` is what is similar (a law, a field), ``document`` what may not be
    told apart (an article, a procedure).
    """

    group: str
    document: str
    head: str
    sentences: tuple[str, ...]
    names: tuple[str, ...]
    related: tuple[str, ...] = ()
    slot: str | None = None  # of a procedure; None is law
    asked: tuple[str, ...] = ()  # whole questions


def units(data: Path) -> Iterator[Unit]:
    """Everything there is to learn from."""
    yield from _codified(read_lines(data / "phapdien" / "corpus.jsonl.zst"))
    yield from _documents(read_lines(data / "van_ban_2026" / "documents.jsonl.zst"))
    yield from _portal(read_lines(data / "tthc_dichvucong" / "procedures.jsonl.zst"))
    yield from _bundled()


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a compressed file of JSON lines."""
    import zstandard

    with zstandard.ZstdDecompressor().stream_reader(path.open("rb")) as stream:
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            yield json.loads(line)


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SENTENCE.split(text) if part.strip())


def _pieces(text: str) -> Iterator[tuple[str, ...]]:
    text = clean(text)
    for start, end in spans(text, 0, len(text)):
        yield _sentences(text[start:end])


def _codified(rows: Iterable[dict[str, Any]]) -> Iterator[Unit]:
    kept = list(rows)
    titles = {row["_id"]: row["title"] for row in kept}
    for row in kept:
        related = [titles[key] for key in row["meta"]["related_ids"] if key in titles]
        group = ".".join(row["_id"].split(".")[:4])[:12]
        for piece in _pieces(row["text"]):
            yield Unit(group, row["_id"], row["title"], piece, (row["title"],), tuple(related[:6]))


def _documents(rows: Iterable[dict[str, Any]]) -> Iterator[Unit]:
    for row in rows:
        text = clean(row["markdown"])
        lines = [line for line in text.splitlines() if line.startswith("# ")]
        title = lines[0].strip("# *") if lines else ""
        found = list(_ARTICLE.finditer(text))
        for at, match in enumerate(found):
            end = found[at + 1].start() if at + 1 < len(found) else len(text)
            lines = _MARK.sub(" ", text[match.end() : end]).strip().splitlines()
            name = match[2].strip(" *.") or (lines[0].strip() if lines else "")
            if not 2 <= len(name.split()) <= 40:
                continue
            body = "\n".join(lines)
            for piece in _pieces(body):
                key = f"{row['id']}#{match[1]}"
                yield Unit(row["id"], key, f"{title} › {name}", piece, (name,))


def _portal(rows: Iterable[dict[str, Any]]) -> Iterator[Unit]:
    for row in rows:
        name = row["ten_thu_tuc"]
        for field, (slot, label) in _PORTAL.items():
            for piece in list(_pieces(f"{label}: {row.get(field) or ''}"))[:3]:
                if sum(map(len, piece)) > len(label) + 12:
                    yield Unit(
                        row["linh_vuc"], row["ma_thu_tuc"], f"{name} › {label}", piece, (name,),
                        slot=slot,
                    )  # fmt: skip


def _bundled() -> Iterator[Unit]:
    asked: dict[tuple[str, str], list[str]] = {}
    for line in QUESTIONS.read_text("utf-8").splitlines():
        row = json.loads(line)
        for code in row["codes"]:
            for slot in row["slots"] or [""]:
                asked.setdefault((code, slot), []).append(row["text"])
    for document, card in bundled_documents():
        names = (document.title, *document.other_names)
        for passage in passages_of(document):
            if passage.slot in _SKIP:
                continue
            head = " › ".join(dict.fromkeys((passage.title, *passage.path)))
            slot = "" if passage.slot == "summary" else passage.slot
            questions = asked.get((document.source_id, slot), ()) if card else ()
            yield Unit(
                "bundled", document.id, head, _sentences(clean(passage.text)),
                names if card else (" ".join(passage.path) or document.title,),
                slot=slot if card else None, asked=tuple(questions),
            )  # fmt: skip
