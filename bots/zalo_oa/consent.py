"""Asking an administrator of the OA for its consent, and taking the answer."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from assistant.errors import InputError
from bots.zalo_oa.grant import Consent, Grant, GrantFile
from bots.zalo_oa.oauth import OAuth, Refused, new_verifier
from bots.zalo_oa.replies import sentence

#: Minutes that a link may be open. The code that it brings lives ten.
MINUTES = 30


def begin(
    file: GrantFile, oauth: OAuth, redirect: str, *, clock: Callable[[], float] = time.time
) -> str:
    """The link to open; an earlier one is void."""
    consent = Consent(secrets.token_urlsafe(24), new_verifier(), clock())
    file.keep_consent(consent)
    return oauth.link(redirect, consent.verifier, consent.state)


def finish(
    file: GrantFile,
    oauth: OAuth,
    code: str,
    state: str | None,
    *,
    oa_id: str = "",
    wanted: str = "",
    clock: Callable[[], float] = time.time,
) -> Grant:
    """The grant for a consent's ``code``, on disk.

    ``state`` None: there was none to compare, a person typed the code; PKCE binds it
    all the same. ``wanted`` is the OA that the configuration names, if it does.

    Raises:
        InputError: it belongs to no pending consent, or to another OA.
        OAuthError: Zalo gave no tokens.
    """
    with file.locked():
        consent = file.consent()
        if consent is None or clock() - consent.begun > MINUTES * 60:
            raise InputError(sentence("no_consent", minutes=MINUTES))
        if state is not None and not hmac.compare_digest(state.encode(), consent.state.encode()):
            raise InputError(sentence("wrong_state"))
        if wanted and oa_id and oa_id != wanted:
            raise InputError(sentence("other_oa", found=oa_id, wanted=wanted))
        try:
            tokens = oauth.exchange(code, consent.verifier)
        except Refused:
            file.forget_consent()  # its code is used up
            raise
        now = clock()
        grant = Grant(tokens.access, tokens.refresh, now, now + tokens.life, oa_id or wanted)
        file.write(grant)
        file.forget_consent()
        return grant


def read_answer(text: str) -> tuple[str, str | None, str]:
    """Code, state and OA of a pasted address; of a bare code only that. Raises `InputError`."""
    text = text.strip().strip("\"'")
    if text and "code=" not in text and not any(c.isspace() or c in "/?&" for c in text):
        return text, None, ""
    query = urlsplit(text).query or text.partition("?")[2] or text
    found = {name: values[-1] for name, values in parse_qs(query).items()}
    if not found.get("code"):
        raise InputError(sentence("no_code"))
    return found["code"], found.get("state"), found.get("oa_id", "")
