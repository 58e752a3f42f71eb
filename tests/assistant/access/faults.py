"""Faults of the kind that programs grow: each takes one wall, check or label away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from assistant.access.access import Access, Officer
from assistant.access.group_labels import GroupLabels
from assistant.access.sessions import Sessions
from bots.web import callers, chat_api, pages
from bots.web import signed_in as signing
from bots.web.once import Once
from knowledge_base import purging, scope
from knowledge_base.home import Home
from knowledge_base.index import build
from knowledge_base.ingest import Target, _Work
from knowledge_base.scope import PUBLIC, Scope
from knowledge_base.search import KnowledgeBase
from knowledge_base.stale import Stale, StaleDocuments

Fault = Callable[[], AbstractContextManager[Any]]


def _set(target: Any, name: str, value: Any) -> Fault:
    return lambda: mock.patch.object(target, name, value)


def _without_scope_in_the_key() -> AbstractContextManager[Any]:
    kept: dict[Any, Any] = {}
    real = KnowledgeBase._allowed

    def allowed(self: KnowledgeBase, opened: Any, scope: Scope, *rest: Any) -> Any:
        key = (opened.folder, opened.stale.look().key, rest)
        if key not in kept:
            kept[key] = real(self, opened, scope, *rest)
        return kept[key]

    return mock.patch.object(KnowledgeBase, "_allowed", allowed)


def _resolved_at_sign_in() -> AbstractContextManager[Any]:
    kept: dict[str, Officer | None] = {}
    real = Access.officer

    def officer(self: Access, token: str) -> Officer | None:
        if token not in kept:
            kept[token] = real(self, token)
        return kept[token]

    return mock.patch.object(Access, "officer", officer)


def _once_for_everybody() -> AbstractContextManager[Any]:
    begin, end = Once.begin, Once.end
    return mock.patch.multiple(
        Once,
        begin=lambda self, key: begin(self, ("", key[1])),
        end=lambda self, key, final=None: end(self, ("", key[1]), final),
    )


def _revoked_goes_on() -> AbstractContextManager[Any]:
    kept: dict[str, Any] = {}
    real = Sessions.of

    def of(self: Sessions, token: str) -> Any:
        kept[token] = real(self, token) or kept.get(token)
        return kept[token]

    return mock.patch.object(Sessions, "of", of)


async def _everybody(self: Any, request: Any, path: str) -> None:
    return None


def _any_document(self: KnowledgeBase, document_id: str, scope: Scope) -> Any:
    for name in self._visible(scope):
        record = self._record(name)
        found = record.document(document_id) if record is not None else None
        if found is not None:
            return found
    return None


def _any_version(self: KnowledgeBase, sha256: str, scope: Scope) -> str | None:
    for name in self._visible(scope):
        record = self._record(name)
        text = record.version(sha256) if record is not None else None
        if text is not None:
            return text
    return None


FAULTS: Mapping[str, Fault] = {
    "every text may be seen": _set(Scope, "may_see", lambda self, labels: True),
    "one label of several is enough": _set(
        Scope, "may_see", lambda self, labels: bool(self.labels & set(labels))
    ),
    "a text without a label is for everybody": _set(
        Scope, "may_see", lambda self, labels: self.labels.issuperset(labels)
    ),
    "what is labelled is stored as public": _set(
        Target, "written_labels", property(lambda self: (PUBLIC,))
    ),
    "labels are written, the store is the public one": _set(
        Target, "store", property(lambda self: "public")
    ),
    "masks are kept without the scope": _without_scope_in_the_key,
    "documents are handed out by their id": _set(KnowledgeBase, "document", _any_document),
    "texts are handed out by their hash": _set(KnowledgeBase, "version", _any_version),
    "the citizens' home knows the way": _set(Home, "for_citizens", lambda self: self),
    "who is a citizen is an officer": _set(
        callers, "citizen", lambda: scope.officer(frozenset({"noi-bo"}))
    ),
    "a relabelled text stays where it was": _set(
        _Work, "_not_in_the_other_store", lambda self, documents: None
    ),
    "what is gone is still searched": _set(StaleDocuments, "look", lambda self: Stale()),
    "older indexes stay on the disk": _set(build, "purge", lambda *_: False),
    "the index before stays beside the new one": _set(purging, "keep_only", lambda serving: None),
    "officers' receipts lie with the citizens'": _set(Home, "for_officers", lambda self: self),
    "nobody needs to sign in": _set(signing.SignedIn, "_admit", _everybody),
    "labels are looked up at sign-in": _resolved_at_sign_in,
    "a revoked account's session goes on": _revoked_goes_on,
    "every group holds every label": _set(
        GroupLabels, "of", lambda self, groups: frozenset({"noi-bo", "tu-phap", "y-te"})
    ),
    "conversations are anybody's who knows their name": lambda: mock.patch.multiple(
        chat_api, conversation_of=lambda request, session: session
    ),
    "a message sent twice is answered across conversations": _once_for_everybody,
    "pages do not ask whose request it is": _set(
        pages, "scope_of", lambda request: scope.officer(frozenset({"noi-bo", "tu-phap"}))
    ),
    "other sites may post": _set(signing, "same_origin", lambda request, access: True),
}
