"""Who is asking. Until officers can sign in, everyone on the web is a citizen."""

from __future__ import annotations

from fastapi import Request

from knowledge_base.scope import Scope, citizen


def scope_of(_: Request) -> Scope:
    """What the sender of a request may see; nothing in a request can widen it."""
    return citizen()
