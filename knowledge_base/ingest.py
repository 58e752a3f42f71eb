"""Files and folders into the record: what is new is read, what is unchanged is skipped.

Labels decide the store: ``public`` alone goes to the public one, anything else
to the restricted one, and a text never stays in both.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from knowledge_base.documents import Document
from knowledge_base.errors import QuarantineReason, Unreadable, WrongUse
from knowledge_base.file_documents import document_of_file, document_of_line
from knowledge_base.home import Home
from knowledge_base.ingest_report import Failure, Gone, Report
from knowledge_base.judgments.recognise import refuse_judgment
from knowledge_base.portal.files import is_portal
from knowledge_base.portal.ingesting import PARSER, Waiting, taken
from knowledge_base.quarantine import Quarantine, Quarantined
from knowledge_base.readers.beir import is_beir
from knowledge_base.readers.formats import BY_SUFFIX
from knowledge_base.readers.jail import Jail
from knowledge_base.scope import PUBLIC
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Change, Record

Progress = Callable[[str, int, int], None]
Format = Literal["auto", "beir"]

HELD = 200  # cards that are stored in one transaction
READERS_VERSION = 2  # raise it when readers give another text for the same bytes


@dataclass(frozen=True, slots=True)
class Target:
    """Where documents go. ``labels`` None: the operator named none, so public."""

    home: Home
    labels: tuple[str, ...] | None = None
    collection: str = ""

    @property
    def written_labels(self) -> tuple[str, ...]:
        return self.labels or (PUBLIC,)

    @property
    def store(self) -> str:
        return "public" if self.written_labels == (PUBLIC,) else "restricted"


def ingest_files(
    paths: Sequence[Path],
    target: Target,
    settings: KnowledgeSettings,
    *,
    format: Format = "auto",
    progress: Progress | None = None,
) -> Report:
    """Read ``paths`` into the record. The index is built by the caller afterwards.

    One bad file never stops the others: it is in ``failed`` with its reason.
    Raises `RecordError` when the record itself cannot be written.
    """
    report = Report()
    work = _Work(target, settings, report, progress or (lambda *_: None))
    work.take_all(list(_files(paths, format, report)))
    work.look_for_gone(paths)
    return report


def ingest_again(
    files: Sequence[tuple[Path, str]],
    target: Target,
    settings: KnowledgeSettings,
    progress: Progress | None = None,
) -> Report:
    """Read single files, each with its name in the collection, as `ingest_files` did before."""
    report = Report()
    work = _Work(target, settings, report, progress or (lambda *_: None))
    work.take_all([(path, name, target.collection) for path, name in files])
    return report


class _Work:
    """One run of `ingest_files`."""

    jail: Jail
    _lines: set[str]  # the ids of the corpus read last
    _name: str  # of the file that is being read

    def __init__(
        self, target: Target, settings: KnowledgeSettings, report: Report, progress: Progress
    ) -> None:
        self.target = target
        self.settings = settings
        self.report = report
        self.progress = progress
        if target.store == "restricted":
            target.home.make_restricted()
        self.record = Record(target.home.record(target.store))
        self.quarantine = Quarantine(self.record)
        other = target.home.record("restricted" if target.store == "public" else "public")
        self.other = Record(other) if other.exists() else None
        self.waiting = Waiting(self.record)
        self.how = " ".join(
            (str(READERS_VERSION), str(settings.largest_file_mb), *target.written_labels)
        )

    def take_all(self, files: Sequence[tuple[Path, str, str]]) -> None:
        """Take in files with their names and collections; the seconds go into the report."""
        started = time.perf_counter()
        with Jail(self.settings) as self.jail:
            for done, (path, name, found_in) in enumerate(files):
                self.progress("files", done, len(files))
                self.report.files += 1
                collection = self.target.collection or found_in
                self._name = name
                try:
                    self.take(path, name, collection)
                except Unreadable as error:
                    self.put_aside(path, collection, error.reason, error.code)
                except OSError as error:
                    reason = f"không mở được: {error.strerror}"
                    self.put_aside(path, collection, reason, QuarantineReason.UNREACHABLE)
            self._count(self.waiting.stored())
            self.progress("files", len(files), len(files))
        self.report.seconds = round(time.perf_counter() - started, 2)

    def take(self, path: Path, name: str, collection: str) -> None:
        """Take one file in, unless its bytes were taken in the same way before."""
        key = str(path.resolve())
        with path.open("rb") as file:
            sha = hashlib.file_digest(file, "sha256").hexdigest()
        portal = is_portal(path)
        how = f"{self.how} {collection} {name}" + (f" {PARSER}" if portal else "")
        known = self.record.file(key)
        if known and known[:2] == (sha, how):
            self.report.unchanged += known[2]
            return
        self.quarantine.forget(key)  # what is wrong with it now is found out again
        if portal:
            count = self._records(path, collection, again=known is not None)
            self.waiting.read(key, sha, how, count)
            return
        if is_beir(path):
            count = self._corpus(path, collection)
            if known:
                self._look_for_gone_lines(key, collection)
        else:
            reading = self.jail.read(path, partial(self.progress, "scan"))
            refuse_judgment(reading.text)
            labels = self.target.written_labels
            document = document_of_file(reading, name, collection=collection, labels=labels)
            self._only_one_file_has(document.id, key)
            self._put([document])
            self.record.set_fact(f"file {document.id}", key)
            count = 1
        self.record.remember_file(key, sha, how, count)
        if self.other is not None and self.other.file(key):
            self.other.forget_file(key)

    def put_aside(self, path: Path, collection: str, reason: str, code: QuarantineReason) -> None:
        """Report a file that was not taken in, and keep the reason in the quarantine."""
        if self.record.file(str(path.resolve())):
            reason += " (nội dung nạp lần trước vẫn được dùng; muốn bỏ thì chạy: troly kb withdraw)"
        self._aside(path, collection, [Failure(str(path), reason, code.value)])

    def _aside(self, path: Path, collection: str, failures: list[Failure]) -> None:
        if not failures:
            return
        self.report.failed += failures
        key, sha = str(path.resolve()), _sha_of(path)
        self.quarantine.put(
            [
                Quarantined(
                    key + failure.path.removeprefix(str(path)), sha, failure.code, failure.reason,
                    collection, self.target.written_labels, name=self._name,
                )
                for failure in failures
            ]
        )  # fmt: skip

    def look_for_gone(self, paths: Sequence[Path]) -> None:
        """Report files of these folders that were read before and are not there any more."""
        for given in paths:
            folder = str(given.expanduser().resolve())
            for key in self.record.files_below(folder):
                if not Path(key).exists():
                    self.report.gone.append(Gone(key, tuple(self.record.documents_of_file(key))))
            for aside in self.quarantine.files(folder):
                if not aside.file.exists():
                    self.quarantine.forget(aside.path)

    def _look_for_gone_lines(self, key: str, collection: str) -> None:
        """Report documents that a corpus had before and has no more."""
        if self.record.other_files(key, collection):
            return  # they may come from there
        begin = f"beir:{collection}/"
        before = {key for key in self.record.ids(collection) if key.startswith(begin)}
        missing = before - {begin + line for line in self._lines}
        if missing:
            self.report.gone.append(Gone(key, tuple(sorted(missing))))

    def _corpus(self, path: Path, collection: str) -> int:
        seen: set[str] = set()
        size = max(1, path.stat().st_size)
        read = 0
        for lines in self.jail.lines(path):
            documents, bad = [], []
            for line in lines:
                problem = line.problem or (f"trùng _id {line.id}" if line.id in seen else "")
                if problem:
                    code = QuarantineReason.DAMAGED if line.problem else QuarantineReason.DUPLICATE
                    bad.append(Failure(f"{path}:{line.number}", problem, code.value))
                else:
                    seen.add(line.id)
                    documents.append(
                        document_of_line(
                            line, collection=collection, labels=self.target.written_labels
                        )
                    )
                read += len(line.text.encode()) + len(line.title) + 40
            self._put(documents)
            self._aside(path, collection, bad)
            self.progress(path.name, min(read, size), size)
        if not seen:
            raise Unreadable("không có dòng nào dạng BEIR (mỗi dòng một JSON có _id, title, text)")
        self._lines = seen
        return len(seen)

    def _records(self, path: Path, collection: str, *, again: bool) -> int:
        """The cards of a file of portal records; stored when enough of them have come together."""
        key, seen = str(path.resolve()), dict[str, str]()
        bad: list[Failure] = []
        before = set(self.record.documents_of_file(key)) if again else set()
        size, read = max(1, path.stat().st_size), 0
        labels = self.target.written_labels
        for batch in self.jail.records(path):
            found = taken(batch, self.record, seen, collection=collection, labels=labels)
            self._not_in_the_other_store([document for document, _ in found.stored])
            self.report.unchanged += found.older
            bad += [Failure(f"{path}:{n}", problem, code.value) for n, problem, code in found.bad]
            self.waiting.add(found.stored, key)
            self._count(self.waiting.stored(at_least=HELD))
            read += sum(one.size for one in batch)
            self.progress(path.name, min(read, size), size)
        self.progress(path.name, size, size)
        if not seen and len(bad) == 1:  # a file of one record: one line says it
            raise Unreadable(bad[0].reason, QuarantineReason(bad[0].code))
        self._aside(path, collection, bad)
        if not seen:
            raise Unreadable("không có bản ghi thủ tục nào đọc được", QuarantineReason.DAMAGED)
        if missing := before - {f"portal:{code}" for code in seen}:
            self.report.gone.append(Gone(key, tuple(sorted(missing))))
        return len(seen)

    def _put(self, documents: list[Document]) -> None:
        self._not_in_the_other_store(documents)
        self._count(self.record.put_many((document, None) for document in documents))

    def _count(self, changes: list[Change]) -> None:
        self.report.added += changes.count("added")
        self.report.changed += changes.count("changed")
        self.report.unchanged += changes.count("unchanged")

    def _not_in_the_other_store(self, documents: list[Document]) -> None:
        """A text that becomes restricted leaves the public store, with all its versions."""
        if self.other is None:
            return
        there = [d.id for d in documents if self.other.document(d.id) is not None]
        if there and self.target.labels is None:
            raise Unreadable(
                "tài liệu này đã được nạp với nhãn hạn chế; nếu thật sự muốn công khai, "
                "hãy ghi rõ --label public"
            )
        if there:
            self.other.remove(there, with_texts=True)

    def _only_one_file_has(self, document_id: str, key: str) -> None:
        before = self.record.fact(f"file {document_id}")
        if before and before != key and Path(before).exists():
            raise Unreadable(
                f"trùng tên với {before} đã nạp trước; hãy thêm --collection để phân biệt",
                QuarantineReason.DUPLICATE,
            )


def _sha_of(path: Path) -> str:
    """The hash of a file's bytes; empty where they cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def labels_of(given: Sequence[str]) -> tuple[str, ...] | None:
    """Labels from the command line; None when there are none. Raises `WrongUse`."""
    labels = tuple(dict.fromkeys(label.strip() for label in given))
    if any(not label for label in labels):
        raise WrongUse("--label cần một nhãn, ví dụ: --label public hoặc --label noi-bo")
    return labels or None


def _files(
    paths: Sequence[Path], format: Format, report: Report
) -> Iterator[tuple[Path, str, str]]:
    """Files with their names inside their collection, and the collection they fall into."""
    for given in paths:
        path = given.expanduser().absolute()
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                name = file.relative_to(path)
                hidden = any(part.startswith((".", "~$")) for part in name.parts)
                if not hidden and _badly_named(file, report):
                    continue
                if file.is_file() and not hidden and _wanted(file, format, report):
                    beir = is_beir(file)
                    yield file, name.as_posix(), _collection(file) if beir else path.name
        elif _badly_named(path, report):
            continue
        elif not path.exists():
            report.failed.append(Failure(str(given), "không có tệp hay thư mục này"))
        elif format == "beir" and not is_beir(path):
            reason = "không phải corpus.jsonl dạng BEIR (--format beir chỉ đọc .jsonl)"
            report.failed.append(Failure(str(given), reason))
        elif not path.is_file():
            report.failed.append(Failure(str(given), "không phải tệp thường"))
        else:
            yield path, path.name, _collection(path) if is_beir(path) else path.parent.name


def _badly_named(file: Path, report: Report) -> bool:
    """Whether a name is in another encoding; such a name can neither be stored nor shown."""
    try:
        str(file).encode()
    except UnicodeEncodeError:
        shown = os.fsencode(file).decode("utf-8", "replace")
        report.failed.append(Failure(shown, "tên tệp không ở bảng mã UTF-8: hãy đổi tên rồi nạp"))
        return True
    return False


def _wanted(file: Path, format: Format, report: Report) -> bool:
    """Whether a file found in a folder is looked at; one that is named always is."""
    corpora = ("corpus.jsonl", "corpus.jsonl.zst")
    beside = any((file.parent / name).exists() for name in corpora)
    if is_portal(file):
        return format != "beir"
    if is_beir(file):
        wanted = "corpus" in file.name.lower()
        if not wanted and not beside:
            reason = (
                "không thấy bản ghi thủ tục nào; nếu đây là kho văn bản (mỗi dòng một JSON có "
                "_id, title, text), hãy nêu thẳng tên tệp"
            )
            report.failed.append(Failure(str(file), reason))
        return wanted
    if format == "beir":
        return False
    # The relevance judgements and notes that come with a corpus are not documents.
    in_qrels = any((file.parent.parent / name).exists() for name in corpora)
    return not (in_qrels and file.parent.name == "qrels") and not (
        beside and file.suffix.lower() not in BY_SUFFIX
    )


def _collection(corpus: Path) -> str:
    stem = corpus.name.split(".")[0]
    return corpus.parent.name if stem == "corpus" else stem
