"""Who a request is from, and what that officer may see: resolved anew at every request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.access.accounts import Account, Accounts
from assistant.access.database import AccessDatabase
from assistant.access.errors import ProviderAway, ProviderError, SignInRefused
from assistant.access.group_labels import GroupLabels
from assistant.access.sessions import Sessions
from assistant.access.settings import AccessSettings
from knowledge_base.home import Home
from knowledge_base.scope import Scope, officer

if TYPE_CHECKING:
    from assistant.access.oidc import Provider


@dataclass(frozen=True, slots=True)
class Officer:
    """Who is signed in. ``session`` is empty on the terminal."""

    account: int
    name: str
    groups: tuple[str, ...]
    labels: frozenset[str]
    session: str = ""

    @property
    def scope(self) -> Scope:
        return officer(self.labels)


class Access:
    """Accounts, sessions and labels of one installation's officers."""

    def __init__(
        self,
        database: AccessDatabase,
        settings: AccessSettings,
        *,
        config_path: Path | None = None,
        provider: Provider | None = None,
    ) -> None:
        self.database = database
        self.settings = settings
        self.accounts = Accounts(database)
        self.sessions = Sessions(
            database, idle=settings.idle_minutes * 60.0, longest=settings.longest_hours * 3600.0
        )
        self.labels = GroupLabels(settings, config_path)
        self.provider = provider

    def officer(self, token: str) -> Officer | None:
        """Who is signed in with ``token``, with the labels held at this moment.

        Raises `ProviderAway` while the agency's sign-in has to be asked and does not answer.
        """
        session = self.sessions.of(token)
        if session is None:
            return None
        account = session.account
        if account.source == "oidc":
            try:
                account = self._vouched_again(session.id, account)
            except ProviderAway:
                raise
            except ProviderError as error:
                self.sessions.end(session.id, why=str(error))
                return None
        return self.officer_of(account, session.id)

    def now(self, account: int) -> Officer:
        """An account as what it may see now. Raises `SignInRefused` once it is revoked."""
        found = self.accounts.by_id(account)
        if found is None or found.revoked_at is not None:
            raise SignInRefused("Tài khoản này đã bị thu hồi. Hãy hỏi người quản trị.")
        return self.officer_of(found)

    def officer_of(self, account: Account, session: str = "") -> Officer:
        """An account as what it may see now."""
        labels = self.labels.of(account.groups)
        return Officer(account.id, account.name, account.groups, labels, session)

    def _vouched_again(self, session: str, account: Account) -> Account:
        if self.provider is None:
            raise ProviderError("đã tắt đăng nhập bằng tài khoản cơ quan")
        groups = self.provider.still(session)
        if groups == account.groups:
            return account
        return self.accounts.regrouped(account.id, groups)


def open_access(home: Home, settings: AccessSettings, config_path: Path | None = None) -> Access:
    """Access over the restricted folder of ``home``; nothing is asked of anybody yet.

    Raises `StoreClosed` in a home for citizens, `ConfigError` where OIDC is half set up.
    """
    from assistant.access.oidc import open_provider

    database = AccessDatabase(home.accounts)
    provider = open_provider(settings, database.clock)
    return Access(database, settings, config_path=config_path, provider=provider)
