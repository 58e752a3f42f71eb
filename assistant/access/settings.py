"""``access:`` of config.yml: which groups hold which labels, and how officers sign in.

The secret of the OIDC client comes from the environment only: ``TROLY_OIDC_CLIENT_SECRET``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

#: How groups and labels are written: as people type them on a command line.
Name = Annotated[str, Field(pattern=r"^[^\s,;\"'`][^\n,;\"'`]{0,63}$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OidcSettings(_Section):
    """The agency's own sign-in (OpenID Connect). Off while ``issuer`` is empty.

    ``groups_claim`` names the claim whose values are groups of ``access.groups``; a dotted
    name leads into objects (``realm_access.roles``).
    """

    issuer: str = Field(default="", pattern=r"^$|^https://|^http://(127\.0\.0\.1|localhost)[:/]")
    client_id: str = ""
    title: str = "tài khoản cơ quan"
    scopes: tuple[str, ...] = ("openid", "profile")
    groups_claim: str = "groups"
    name_claim: str = "preferred_username"
    #: Seconds after which the provider is asked again whether the officer still may.
    recheck_seconds: float = Field(default=50, ge=1, le=60)


class AccessSettings(_Section):
    """Officers' access. ``groups``: the labels that members of a group hold."""

    groups: dict[Name, tuple[Name, ...]] = {}
    #: Where the restricted store, accounts and sessions lie; ``<home>/restricted`` without.
    store: Path | None = None
    #: Where officers reach their server, with https:// (for OIDC; else as it was asked).
    public_url: str = Field(default="", pattern=r"^$|^https?://[^/\s]+$")
    idle_minutes: int = Field(default=30, ge=1, le=1440)
    longest_hours: int = Field(default=12, ge=1, le=168)
    #: Days that the log of sign-ins is kept.
    log_days: int = Field(default=365, ge=30, le=3650)
    oidc: OidcSettings = OidcSettings()
