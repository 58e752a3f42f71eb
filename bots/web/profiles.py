"""Which assistant a request is for: the server's own, or one that it names and may have."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import HTTPConnection

from assistant.profiles.narrowing import Narrowing
from assistant.profiles.profile import Profile
from bots.web.callers import officer_of
from bots.web.desk import Desk
from bots.web.errors import Refused
from knowledge_base.query import EVERYTHING, Filter

#: Where there are more, a list of them is no help in a sentence.
_NAMED = 12


def served(desk: Desk, request: HTTPConnection) -> Mapping[str, Profile]:
    """The profiles that whoever sent this may use: those for officers need one signed in."""
    profiles = desk.config.profiles
    if officer_of(request) is not None:
        return profiles
    return {name: each for name, each in profiles.items() if each.audience == "public"}


def profile_of(
    desk: Desk, request: HTTPConnection, asked: str | None = None, field: str = "profile"
) -> str:
    """The name of the profile that a request is answered under.

    Raises:
        Refused: 422, there is no such profile, or not for the sender (which is the same to him).
    """
    may = served(desk, request)
    name = asked or desk.profile
    if name in may:
        return name
    names = ", ".join(list(may)[:_NAMED])
    raise Refused(422, "no_profile", field=field, name=name[:60], names=names)


def within_of(asked: Narrowing | None) -> Filter:
    """What a request is to be answered from."""
    return asked.within if asked is not None else EVERYTHING
