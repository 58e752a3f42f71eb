"""Who is asking. On the citizens' server everyone is a citizen; on the officers' server whoever
has signed in (`bots.web.signed_in` finds that out before any route is asked)."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.requests import HTTPConnection

from assistant.access.access import Officer
from knowledge_base.scope import Scope, citizen

#: Where `SignedIn` puts the officer: in the ASGI scope, which no sender writes.
OFFICER = "troly.officer"


def officer_of(request: HTTPConnection) -> Officer | None:
    """The officer whose request it is; None for a citizen's."""
    found: Any = request.scope.get(OFFICER)
    return found if isinstance(found, Officer) else None


def scope_of(request: HTTPConnection) -> Scope:
    """What the sender of a request may see; nothing in a request can widen it."""
    officer = officer_of(request)
    return officer.scope if officer else citizen()


def conversation_of(request: HTTPConnection, session: str) -> str:
    """What a session is kept under: an officer's is nobody else's, whoever knows its name.

    With other labels it is another one: what was answered with a label that is gone
    by now is no longer there to be followed up.
    """
    officer = officer_of(request)
    if officer is None:
        return session
    whose = "\x1f".join((str(officer.account), *sorted(officer.labels), session))
    return "of-" + hashlib.sha256(whose.encode("utf-8", "surrogatepass")).hexdigest()[:40]
