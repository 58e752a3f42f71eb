"""The access token that is good now: refreshed by one at a time, kept before it is used."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from assistant.errors import StateError
from bots.delivery.channel import Auth, DeliveryError, Operator, Transient
from bots.zalo_oa.grant import Grant, GrantFile, fingerprint
from bots.zalo_oa.oauth import DEAD, AnswerLost, Away, OAuth, Refused, Tokens
from bots.zalo_oa.replies import sentence

logger = logging.getLogger(__name__)

#: Seconds: of a token's life after which it is refreshed; before its end when it is not used
#: any more; until a failed refresh is tried again; between two tries of one refresh.
REFRESH_AT, MARGIN, REST, AGAIN = 20 * 3600.0, 60.0, 30.0, 1.0
_VIETNAM = timezone(timedelta(hours=7))


class TokenKeeper:
    """Hands out the access token of `GrantFile` and replaces it in time.

    The file is read each time (it is cached by its inode), so that what another
    process refreshed or an operator authorised counts at once.
    """

    def __init__(
        self, file: GrantFile, oauth: OAuth, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._file = file
        self._oauth = oauth
        self._clock = clock
        self._one = asyncio.Lock()
        self._unsaved: tuple[str, Grant] | None = None  # the access token that it replaces; it
        self._rest_until = 0.0
        self.alert = ""  # what an operator has to know, in Vietnamese

    async def token(self) -> str:
        """The access token to send with. Raises a `DeliveryError`."""
        grant = await asyncio.to_thread(self._read)
        if self._clock() < grant.expires - MARGIN:
            return grant.access_token
        return await self.renewed(grant.access_token)

    async def renewed(self, refused: str) -> str:
        """Another token than ``refused``: what is on disk by now, or a refresh.

        Raises:
            Auth: the grant is gone; an operator must authorise again.
            Operator: Zalo refuses the app itself.
            Transient: the OAuth host is away, or the disk is full.
        """
        async with self._one:
            return (await asyncio.to_thread(self._renew, refused)).access_token

    async def keep_fresh(self) -> None:
        """Refresh where the token is `REFRESH_AT` old. Failures are told, not raised."""
        try:
            grant = await asyncio.to_thread(self._read)
            if self._is_due(grant) and not grant.dead:
                await self.renewed(grant.access_token)
        except DeliveryError as error:
            self._tell(str(error))

    # --- in a thread ------------------------------------------------------------------------

    def _is_due(self, grant: Grant) -> bool:
        life = grant.expires - grant.issued
        return self._clock() >= grant.issued + min(REFRESH_AT, life * 0.8)

    def _read(self) -> Grant:
        try:
            grant = self._file.read()
        except StateError as error:
            raise Auth(str(error)) from None
        if grant is None:
            raise Auth(sentence("no_grant"))
        if not grant.dead and self._unsaved is None:
            self.alert = ""
        return grant

    def _renew(self, refused: str) -> Grant:
        try:
            with self._file.locked():
                return self._renew_alone(refused)
        except StateError as error:  # nothing was used up, or it is kept in memory
            self._tell(str(error))
            raise Transient(str(error), after=REST) from None

    def _renew_alone(self, refused: str) -> Grant:
        grant = self._read()
        if self._unsaved is not None:
            replaced, fresh = self._unsaved
            if grant.access_token == replaced:  # else an operator has authorised meanwhile
                self._save(replaced, fresh)
                grant = fresh
            self._unsaved = None
        if grant.access_token != refused:
            return grant
        if grant.dead:
            raise self._gone(grant)
        if self._clock() < self._rest_until:
            raise Transient(sentence("oauth_away", reason="…"), after=REST)
        self._file.write(replace(grant, trying=grant.trying or self._clock()))
        try:
            tokens = self._refreshed(grant)
        except Away as error:
            self._rest_until = self._clock() + REST
            self._file.write(grant)
            raise Transient(str(error), after=REST) from None
        except AnswerLost as error:
            self._rest_until = self._clock() + REST
            raise Transient(str(error), after=REST) from None
        now = self._clock()
        fresh = Grant(tokens.access, tokens.refresh, now, now + tokens.life, grant.oa_id)
        self._save(refused, fresh)
        logger.info("zalo_oa: token %s was refreshed", fingerprint(refused))
        return fresh

    def _refreshed(self, grant: Grant) -> Tokens:
        """Tokens for the refresh token, which is tried twice where its answer was lost."""
        lost = bool(grant.trying)
        try:
            try:
                return self._oauth.refresh(grant.refresh_token)
            except AnswerLost:
                lost = True
                time.sleep(AGAIN)
                return self._oauth.refresh(grant.refresh_token)
        except Away as error:
            if lost and not grant.trying:  # the first of two was lost all the same
                raise AnswerLost(str(error)) from None
            raise
        except Refused as error:
            if error.code not in DEAD:
                self._rest_until = self._clock() + REST
                self._file.write(grant)
                self._tell(str(error))
                raise Operator(str(error), code=str(error.code)) from None
            trying = grant.trying or self._clock()
            dead = replace(grant, trying=trying, dead=str(error.code), lost=lost)
            self._file.write(dead)
            raise self._gone(dead) from None

    def _save(self, replaced: str, fresh: Grant) -> None:
        """On disk before anybody uses it; what cannot be kept yet is not forgotten."""
        self._unsaved = (replaced, fresh)
        self._file.write(fresh)
        self._unsaved = None

    def _gone(self, grant: Grant) -> Auth:
        message = gone(grant)
        self._tell(message)
        return Auth(message, code=grant.dead)

    def _tell(self, message: str) -> None:
        if message != self.alert:
            logger.error("zalo_oa: %s", message)
        self.alert = message


def gone(grant: Grant) -> str:
    """Why the grant is of no use any more, and what to do."""
    if grant.lost:
        return sentence("lost", when=at(grant.trying), code=grant.dead)
    return sentence("dead", code=grant.dead)


def at(seconds: float) -> str:
    """A time of the clock in Viet Nam, for a person."""
    return f"{datetime.fromtimestamp(seconds, _VIETNAM):%H:%M ngày %d/%m/%Y}"
