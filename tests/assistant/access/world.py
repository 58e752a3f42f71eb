"""A small installation with both servers running in this process, to see who gets to see what.

Every document has a canary: a word that stands nowhere else. What each caller is sent is
looked through for all of them, and so is everything that citizens' programs could read.
"""

from __future__ import annotations

import gc
import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from starlette.requests import Request
from starlette.testclient import TestClient

from assistant.access.access import Access, open_access
from assistant.access.accounts import Account
from assistant.access.settings import AccessSettings
from assistant.build import build_assistant
from assistant.config import Config
from assistant.dialogue.opening import open_conversation
from assistant.language_model.scripted import ScriptedModel
from bots.web import callers
from bots.web.app import create_app
from bots.web.desk import Desk
from knowledge_base import scope
from knowledge_base.database import Database
from knowledge_base.home import Home
from knowledge_base.index import build
from knowledge_base.ingest import Target, ingest_files
from knowledge_base.opened import OpenedStore
from knowledge_base.query import Query
from knowledge_base.scope import PUBLIC
from knowledge_base.settings import KnowledgeSettings
from knowledge_base.store import Record

LABELS = ("noi-bo", "tu-phap", "y-te")
TOPICS = (
    "trực đêm trạm Sâm Cầm", "kiểm kê kho giống Trà Vinh", "bàn giao xe công Bình Lục",
    "lịch họp tổ thẩm định Hàm Yên", "thưởng thi đua đội Cẩm Khê", "tuyển lái đò bến Hồng Vân",
)  # fmt: skip
SETTINGS = KnowledgeSettings(embedder="none", bundled_corpus=False, ocr="off")


def canary(number: int, version: int = 0) -> str:
    """An amount that stands nowhere else."""
    return f"7{number:02d}.{version:03d}.317"


_CANARY = re.compile(r"7(\d\d)\.\d{3}\.317")


def question(number: int) -> str:
    return f"Mức chi {TOPICS[number]} là bao nhiêu?"


@dataclass
class World:
    """Operator's acts, then `findings`: what somebody saw who must not, or did not who should."""

    path: Path
    documents: dict[int, tuple[str, ...]] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    officers: dict[str, frozenset[str]] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    were_public: set[tuple[int, int]] = field(default_factory=set)  # documents and versions
    fresh: bool = True  # whether the indexes are of the documents as they are

    def __post_init__(self) -> None:
        self.home = Home(self.path / "home")
        groups = {label: (label,) for label in LABELS}
        self.config = Config(
            knowledge_base=SETTINGS, access=AccessSettings(groups=groups),
            dialogue={"mode": "direct"},
        )  # fmt: skip
        self._files = self.path / "files"
        self._files.mkdir(parents=True)
        self._open = ExitStack()
        self._sessions: dict[str, str] = {}
        self._rounds = 0
        Record(self.home.record())
        self._build("public")
        self.model = ScriptedModel(("Theo [1].",))
        self.public = self._server(self.home.for_citizens(), None)
        officers = self.home.for_officers()
        self.access = open_access(officers, self.config.access)
        self.restricted = self._server(officers, self.access)

    def _server(self, home: Home, access: Access | None) -> TestClient:
        assistant = build_assistant(
            home, self.config, model=self.model, restricted=access is not None
        )
        desk = Desk(self.config)
        desk.access = access
        desk.open(assistant, open_conversation(home, assistant))
        client = TestClient(create_app(desk), base_url="http://127.0.0.1")
        client.app_state.update(desk=desk, assistant=assistant)
        return self._open.enter_context(client)

    def close(self) -> None:
        """Let go of every file, whoever still holds on to what had it open."""
        self._open.close()
        for each in gc.get_objects():
            if isinstance(each, Database) and each.path.is_relative_to(self.path):
                each._local = threading.local()
            elif isinstance(each, OpenedStore) and each.folder.is_relative_to(self.path):
                each.index.__dict__.clear()
                each.restorer.__dict__.clear()

    # --- what an operator does ------------------------------------------------------------------

    def put(self, number: int, labels: tuple[str, ...]) -> None:
        """Take a document in, or once more with other words and other labels."""
        version = self.versions[number] = self.versions.get(number, 0) + 1
        file = self._files / f"tai-lieu-{number}.md"
        file.write_text(
            f"BỘ NỘI VỤ\nSố: {number + 700}/QĐ-BSC\n\nQUYẾT ĐỊNH\nVề {TOPICS[number]}\n\n"
            f"Điều 1. Mức chi {TOPICS[number]}\n"
            f"Mức chi {TOPICS[number]} là {canary(number, version)} đồng mỗi tháng.\n\n"
            "Điều 2. Hiệu lực\nQuyết định này có hiệu lực từ ngày 01 tháng 01 năm 2026.\n",
            "utf-8",
        )
        report = ingest_files([file], Target(self.home, labels), SETTINGS)
        assert not report.failed, report.failed
        self.documents[number] = labels
        if labels == (PUBLIC,):
            self.were_public.add((number, version))
        self.fresh = False

    def withdraw(self, number: int) -> None:
        for store in ("public", "restricted"):
            if self.home.record(store).is_file():
                Record(self.home.record(store)).withdraw(self.id(number))
        self.documents.pop(number, None)
        self.fresh = False

    def build(self) -> None:
        self._build("public")
        if self.home.record("restricted").is_file():
            self._build("restricted")
        for client in (self.public, self.restricted):
            client.app_state["assistant"].knowledge.reload_if_changed()
        self.fresh = True

    def _build(self, store: str) -> None:
        quiet = mock.patch.object(build, "_say")
        with quiet, mock.patch.object(build, "_verify"):
            build._run(self.home, SETTINGS, store, True, False)

    def grant(self, name: str, labels: frozenset[str]) -> None:
        if name not in self.officers:
            with self.access.database.write() as db:
                db.execute(
                    "INSERT INTO accounts (name, folded, source, groups, added_at)"
                    " VALUES (?, ?, 'local', '[]', 0)",
                    (name, name),
                )
        self.access.accounts.set_groups(name, sorted(labels))
        self.officers[name] = labels

    def sign_in(self, name: str) -> None:
        self._sessions[name] = self.access.sessions.begin(self._account(name))

    def revoke(self, name: str) -> None:
        self.access.accounts.revoke(name)
        self.revoked.add(name)

    def restore(self, name: str) -> None:
        self.access.accounts.restore(name)
        self.revoked.discard(name)
        self.sign_in(name)

    def _account(self, name: str) -> Account:
        return next(each for each in self.access.accounts.all() if each.name == name)

    # --- what callers do ------------------------------------------------------------------------

    def id(self, number: int) -> str:
        return f"file:files/tai-lieu-{number}.md"

    def sent(self, who: str, number: int) -> str:
        """Everything that ``who`` (an officer; "" for a citizen) is sent about a document."""
        client = self.restricted if who else self.public
        cookies = {"troly": self._sessions[who]} if who else {}
        told = []
        for text in (question(number), f"Tóm tắt Quyết định {number + 700}/QĐ-BSC", "nhắc lại"):
            body = {"message": text, "session": "chung", "message_id": f"{number} {text[:9]}"}
            told.append(self._text(client, "POST", "/api/chat", cookies, json=body))
        told.append(self._text(client, "GET", f"/api/sources/{self.id(number)}", cookies))
        told.append(self._text(client, "GET", f"/nguon/{self.id(number)}", cookies))
        said = [{"role": "user", "content": question(number)}]
        body = {"messages": said, "model": "troly"}
        told.append(self._text(client, "POST", "/v1/chat/completions", cookies, json=body))
        return "\n".join(told)

    def _found(self, who: str, number: int) -> str:
        """What a search alone finds, before any step looks at it again."""
        client = self.restricted if who else self.public
        signed_in = self.access.officer(self._sessions[who]) if who else None
        if who and signed_in is None:
            return ""
        hits = client.app_state["assistant"].knowledge.search(
            Query(question(number)), scope=signed_in.scope if signed_in else scope.citizen(),
            as_of=date(2026, 7, 1), gate=False,
        )  # fmt: skip
        return "\n".join(hit.passage.text for hit in hits)

    @staticmethod
    def _text(
        client: TestClient, method: str, path: str, cookies: dict[str, str], **more: Any
    ) -> str:
        headers = {"cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())} if cookies else {}
        client.cookies.clear()
        return client.request(method, path, headers=headers, **more).text

    def entitled(self, who: str, number: int) -> bool:
        """Whether ``who`` should see the document as it is now."""
        labels = set(self.documents.get(number, ("nobody",))) - {PUBLIC}
        if who and (who in self.revoked or who not in self._sessions):
            return False
        return labels <= self.officers.get(who, frozenset())

    # --- what must hold -------------------------------------------------------------------------

    def findings(self, *, numbers: tuple[int, ...] | None = None) -> list[str]:
        """What is wrong; empty where nothing is."""
        return [
            *self._seen_by_the_wrong(numbers or tuple(self.versions)),
            *self._prompted(),
            *self._left_behind(),
            *self._walls(),
            *self._apart(),
        ]

    def _seen_by_the_wrong(self, numbers: tuple[int, ...]) -> Iterator[str]:
        for who in ("", *self._sessions):
            for number in numbers:
                sent = self.sent(who, number) + self._found(who, number)
                seen = {int(n) for n in _CANARY.findall(sent)}
                for each in sorted(seen):
                    if not self.entitled(who, each):
                        yield f"{who or 'a citizen'} saw {each} ({self.documents.get(each)})"
                right = canary(number, self.versions[number])
                if self.fresh and self.entitled(who, number) and number not in seen:
                    yield f"{who or 'a citizen'} did not see {number} {right}"

    def _prompted(self) -> Iterator[str]:
        for prompt in self.model.prompts:
            for each in _CANARY.findall(f"{prompt.system} {prompt.user}"):
                if PUBLIC not in self.documents.get(int(each), ()):
                    yield f"{each} in a prompt"

    def _left_behind(self) -> Iterator[str]:
        """What citizens' programs could read: all of the home but the restricted folder."""
        if not self.fresh:
            return
        for path in sorted(self.home.path.rglob("*")):
            if path.is_relative_to(self.home.restricted) or not path.is_file():
                continue
            data = path.read_bytes()
            for number, version in self.versions.items():
                if self.documents.get(number, ()) in ((PUBLIC,), ()):
                    continue
                # What citizens were answered while it was public stays theirs, for its days.
                theirs = not path.is_relative_to(self.home.store())
                for each in range(1, version + 1):
                    if theirs and (number, each) in self.were_public:
                        continue
                    if canary(number, each).encode() in data:
                        yield f"{number} (version {each}) in {path.name}"

    def _walls(self) -> Iterator[str]:
        """What must hold even while another wall holds, too."""
        knowledge = self.public.app_state["assistant"].knowledge
        if knowledge.home.role != "citizens" or knowledge._stores.keys() - {"public"}:
            yield "the citizens' assistant knows the restricted store"
        if callers.scope_of(Request({"type": "http"})).labels != {PUBLIC}:
            yield "whoever has not signed in holds labels"
        if self._text(self.restricted, "GET", "/", {}).find("Đăng nhập") < 0:
            status = self.restricted.post("/api/chat", json={"message": "a"}).status_code
            if status != 401:
                yield "the officers' server answers whoever has not signed in"
        for who, token in self._sessions.items():
            if who not in self.revoked:
                headers = {"cookie": f"troly={token}", "origin": "https://evil.example"}
                posted = self.restricted.post("/api/chat", json={"message": "a"}, headers=headers)
                if posted.status_code != 403:
                    yield "another site can act for an officer"
                break

    def _apart(self) -> Iterator[str]:
        """Conversations of the same name, and messages of the same id, are not the same."""
        self._rounds += 1
        round_ = self._rounds
        names = [name for name in self._sessions if name not in self.revoked]
        if len(names) > 1:
            self._final(self.restricted, names[0], question(0), f"rieng-{round_}")
            told = self._final(self.restricted, names[-1], "nhắc lại", f"rieng-{round_}")
            if told != self._final(self.restricted, names[-1], "nhắc lại", f"moi-{round_}"):
                yield "an officer goes on with another's conversation"
        first = self._final(self.public, "", question(0), f"a-{round_}", f"m-{round_}")
        if first == self._final(self.public, "", "xin chào", f"b-{round_}", f"m-{round_}"):
            yield "a citizen is given another's answer"

    def _final(self, client: TestClient, who: str, text: str, session: str, id_: str = "") -> str:
        """The words of the last event."""
        cookies = {"troly": self._sessions[who]} if who else {}
        body = {"message": text, "session": session, "message_id": id_}
        told = self._text(client, "POST", "/api/chat", cookies, json=body)
        return re.findall(r'"text":"(.*?)","citations"', told)[-1]
