"""The agency's sign-in: what its tokens must say, and how soon its "no" is heard."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from assistant.access.access import Access
from assistant.access.database import hashed
from assistant.access.errors import ProviderAway, ProviderError, SignInRefused
from assistant.access.oidc import SECRET, Provider, Vouched, open_provider
from assistant.access.settings import AccessSettings, OidcSettings
from assistant.errors import ConfigError
from tests.assistant.access.conftest import Clock
from tests.assistant.access.provider import FakeProvider, running

BACK = "http://127.0.0.1:8080/sign-in/oidc/callback"


@pytest.fixture
def agency(clock: Clock) -> Iterator[FakeProvider]:
    with running(FakeProvider(clock)) as provider:
        yield provider


@pytest.fixture
def provider(agency: FakeProvider, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.setenv(SECRET, agency.secret)
    settings = AccessSettings(oidc=OidcSettings(issuer=agency.issuer, client_id="troly"))
    opened = open_provider(settings, clock)
    assert opened
    return opened


def sign_in(provider: Provider, agency: FakeProvider) -> Vouched:
    begun = provider.begin(BACK)
    told = parse_qs(urlsplit(agency.authorize(begun.address)).query)
    return provider.finish(told["code"][0], told["state"][0], begun.ticket)


def test_who_signs_in_there_is_known_here(provider: Provider, agency: FakeProvider) -> None:
    vouched = sign_in(provider, agency)
    assert (vouched.name, vouched.groups) == ("lan", ("tu-phap",))
    assert vouched.subject == f"{agency.issuer} so-1"


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"aud": "khac"}, "aud"), ({"aud": None}, "aud"), ({"aud": ["troly", "khac"]}, "azp"),
        ({"azp": "khac"}, "azp"), ({"iss": "https://khac.example"}, "iss"),
        ({"nonce": "cu"}, "nonce"), ({"nonce": None}, "nonce"), ({"nonce": 5}, "nonce"),
        ({"exp": 1_799_999_000}, "exp"), ({"exp": None}, "exp"), ({"exp": "mai"}, "exp"),
        ({"iat": 1_800_009_000}, "iat"), ({"nbf": 1_800_009_000}, "nbf"),
        ({"sub": None}, "sub"), ({"sub": ""}, "sub"), ({"sub": "so-2"}, "người khác"),
    ],
)  # fmt: skip
def test_a_token_that_says_something_else_is_refused(
    provider: Provider, agency: FakeProvider, claims: dict[str, object], told: str
) -> None:
    agency.claims = claims
    with pytest.raises(ProviderError, match=told):
        sign_in(provider, agency)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_is_not_signed_with_a_key_is_refused(
    provider: Provider, agency: FakeProvider, algorithm: str
) -> None:
    agency.algorithm = algorithm
    with pytest.raises(ProviderError, match="chữ ký"):
        sign_in(provider, agency)


def test_another_key_is_refused_and_an_exchanged_one_is_fetched(
    provider: Provider, agency: FakeProvider, clock: Clock
) -> None:
    sign_in(provider, agency)
    agency.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"}, private=True)
    clock.now += 31
    with pytest.raises(ProviderError, match="chữ ký"):
        sign_in(provider, agency)  # signed with a key that is not published
    agency.published = agency.key
    clock.now += 31
    assert sign_in(provider, agency).name == "lan"


def test_state_code_and_ticket_belong_together(
    provider: Provider, agency: FakeProvider, clock: Clock
) -> None:
    begun, other = provider.begin(BACK), provider.begin(BACK)
    told = parse_qs(urlsplit(agency.authorize(begun.address)).query)
    code, state = told["code"][0], told["state"][0]
    with pytest.raises(ProviderError, match="trình duyệt khác"):
        provider.finish(code, state, other.ticket)
    with pytest.raises(ProviderError):
        provider.finish(code, state, begun.ticket)  # a state is taken once, whoever brings it
    with pytest.raises(ProviderError):
        provider.finish(code, "made-up", begun.ticket)
    late = provider.begin(BACK)
    told = parse_qs(urlsplit(agency.authorize(late.address)).query)
    clock.now += 601
    with pytest.raises(ProviderError, match="quá lâu"):
        provider.finish(told["code"][0], told["state"][0], late.ticket)


def test_the_verifier_is_what_the_challenge_was_of(
    provider: Provider, agency: FakeProvider
) -> None:
    begun = provider.begin(BACK)
    told = parse_qs(urlsplit(agency.authorize(begun.address)).query)
    agency.codes[told["code"][0]]["code_challenge"] = "x" * 43
    with pytest.raises(ProviderError):
        provider.finish(told["code"][0], told["state"][0], begun.ticket)


# --- afterwards -----------------------------------------------------------------------------


@pytest.fixture
def signed_in(access: Access, provider: Provider, agency: FakeProvider) -> str:
    access.provider = provider
    vouched = sign_in(provider, agency)
    account = access.accounts.vouched_for(vouched.subject, vouched.name, vouched.groups)
    token = access.sessions.begin(account)
    provider.hold(hashed(token), vouched)
    return token


def labels(access: Access, token: str) -> set[str] | None:
    officer = access.officer(token)
    return set(officer.labels) if officer else None


def test_within_a_minute_the_provider_is_asked_again(
    access: Access, agency: FakeProvider, signed_in: str, clock: Clock
) -> None:
    asked = len(agency.asked)
    assert labels(access, signed_in) == {"noi-bo", "tu-phap"}
    assert len(agency.asked) == asked  # not yet
    agency.info = {"sub": "so-1", "groups": ["y-te"]}
    clock.now += 60
    assert labels(access, signed_in) == {"y-te"}
    agency.info, agency.refreshed = None, None  # both refuse: the officer is gone there
    clock.now += 60
    assert labels(access, signed_in) is None
    agency.info = {"sub": "so-1", "groups": ["tu-phap"]}
    assert labels(access, signed_in) is None  # and stays out


def test_an_expired_access_token_is_renewed(
    access: Access, agency: FakeProvider, signed_in: str, clock: Clock
) -> None:
    agency.info, agency.refreshed = None, {"groups": ["y-te"]}
    clock.now += 60
    assert access.provider
    with pytest.raises(ProviderError):  # userinfo goes on refusing the new token as well
        access.provider.still(hashed(signed_in))


def test_groups_in_the_id_token_alone_are_renewed_with_it(
    access: Access, agency: FakeProvider, provider: Provider, clock: Clock
) -> None:
    agency.info = {"sub": "so-1"}
    agency.claims = {"groups": ["tu-phap"]}
    vouched = sign_in(provider, agency)
    assert vouched.groups == ("tu-phap",)
    provider.hold("one", vouched)
    clock.now += 60
    agency.claims, agency.refreshed = {}, {"groups": ["y-te"]}
    assert provider.still("one") == ("y-te",)
    agency.refresh, agency.refreshed = "", None
    clock.now += 60
    with pytest.raises(ProviderError):
        provider.still("one")
    agency.claims = {"groups": ["tu-phap"]}
    with pytest.raises(ProviderError, match="refresh token"):
        sign_in(provider, agency)  # could not be taken back in time: not let in


def test_while_the_provider_is_away_nothing_is_granted_and_nobody_is_thrown_out(
    access: Access, agency: FakeProvider, signed_in: str, clock: Clock
) -> None:
    agency.down = True
    assert labels(access, signed_in) == {"noi-bo", "tu-phap"}  # it was asked a moment ago
    clock.now += 60
    with pytest.raises(ProviderAway):
        access.officer(signed_in)
    agency.down = False
    assert labels(access, signed_in) == {"noi-bo", "tu-phap"}


def test_whoever_is_revoked_here_is_out_whatever_the_provider_says(
    access: Access, agency: FakeProvider, provider: Provider, signed_in: str
) -> None:
    access.accounts.revoke("lan")
    assert labels(access, signed_in) is None
    vouched = sign_in(provider, agency)
    with pytest.raises(SignInRefused):
        access.accounts.vouched_for(vouched.subject, vouched.name, vouched.groups)


def test_a_restart_asks_for_another_sign_in(access: Access, signed_in: str, clock: Clock) -> None:
    assert access.provider
    access.provider._held.clear()
    assert labels(access, signed_in) is None


def test_an_account_of_the_provider_has_no_password_here(access: Access, signed_in: str) -> None:
    with pytest.raises(SignInRefused):
        access.accounts.opened_by("lan", "", "")
    access.accounts.add("lan2", "con mèo trèo cây cau", [])
    vouched = access.accounts.vouched_for("x y", "lan 2", [])
    assert vouched.name == "lan.2"
    assert access.accounts.vouched_for("x z", "lan2", []).name == "lan2-2"


# --- set up wrongly ---------------------------------------------------------------------------


def test_what_is_set_up_wrongly_is_said(
    agency: FakeProvider, clock: Clock, provider: Provider
) -> None:
    wrong = AccessSettings(oidc=OidcSettings(issuer=f"{agency.issuer}/", client_id="troly"))
    opened = open_provider(wrong, clock)
    assert opened
    with pytest.raises(ProviderError, match="tự gọi là"):
        opened.begin(BACK)
    with pytest.raises(ConfigError, match="client_id"):
        open_provider(AccessSettings(oidc=OidcSettings(issuer=agency.issuer)), clock)
    assert open_provider(AccessSettings(), clock) is None
    agency.garbage = True
    with pytest.raises(ProviderError, match="JSON"):
        provider.begin(BACK)
    agency.garbage, agency.down = False, True
    with pytest.raises(ProviderAway):
        provider.begin(BACK)


def test_a_provider_without_https_is_refused() -> None:
    with pytest.raises(ValueError, match="issuer"):
        OidcSettings(issuer="http://dang-nhap.example.vn")
