"""The grant: asked for, kept before it is used, refreshed once, and mourned when it is lost."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from assistant.errors import ConfigError, InputError, StateError
from bots.delivery.channel import Auth, Operator, Transient
from bots.fakes.serving import FakeServer
from bots.zalo_oa import consent
from bots.zalo_oa.grant import Grant, GrantFile
from bots.zalo_oa.oauth import Refused, challenge, new_verifier
from bots.zalo_oa.opening import APP_SECRET, SECRET_KEY, open_door, open_oauth

from .conftest import NOW, PERSON, REDIRECT, Place

TOKENS = "/v4/oa/access_token"


# --- consent --------------------------------------------------------------------------------


def test_pkce() -> None:
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
    )
    verifiers = {new_verifier() for _ in range(50)}
    assert len(verifiers) == 50
    assert {len(each) for each in verifiers} == {43}


def test_consent(place: Place) -> None:
    grant = place.authorise()
    (asked,) = place.fake.oauth.to(TOKENS)
    assert asked.headers["secret_key"] == place.account.app_secret
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.form().keys() == {"code", "app_id", "grant_type", "code_verifier"}
    assert (grant.oa_id, grant.issued, grant.expires) == (place.account.oa_id, NOW, NOW + 90_000)
    assert place.file.read() == grant
    assert place.run(place.keeper().token()) == grant.access_token


def test_what_is_kept_is_its_owners_alone(place: Place) -> None:
    consent.begin(place.file, place.oauth(), REDIRECT)
    modes = {each.name: each.stat().st_mode & 0o777 for each in place.file.folder.iterdir()}
    assert modes == {"consent.json": 0o600}
    grant = place.authorise()
    assert place.file.path.stat().st_mode & 0o777 == 0o600
    assert place.file.folder.stat().st_mode & 0o777 == 0o700
    assert sorted(each.name for each in place.file.folder.iterdir()) == ["grant.json", "lock"]
    for said in (repr(grant), str(grant), repr(place.oauth()), repr(place.client())):
        assert not [each for each in place.account.issued if each in said]


def test_a_consent_is_used_once_and_soon(place: Place) -> None:
    answer = place.fake.consent(consent.begin(place.file, place.oauth(), REDIRECT))
    code, state, _ = consent.read_answer(answer)
    with pytest.raises(InputError, match="không thuộc"):
        consent.finish(place.file, place.oauth(), code, "another", clock=place.clock)
    with pytest.raises(InputError, match="388613280878808645"):
        consent.finish(
            place.file, place.oauth(), code, state, oa_id=place.account.oa_id, wanted="7"
        )
    place.clock.advance(601)
    with pytest.raises(Refused):  # the code lives ten minutes
        consent.finish(place.file, place.oauth(), code, state, clock=place.clock)
    with pytest.raises(InputError, match="authorise"):
        consent.finish(place.file, place.oauth(), code, state, clock=place.clock)
    consent.begin(place.file, place.oauth(), REDIRECT, clock=place.clock)
    place.clock.advance(consent.MINUTES * 60 + 1)
    with pytest.raises(InputError, match="30 phút"):
        consent.finish(place.file, place.oauth(), code, None, clock=place.clock)
    assert place.file.read() is None


def test_a_consent_outlives_a_host_that_is_away(place: Place) -> None:
    answer = place.fake.consent(consent.begin(place.file, place.oauth(), REDIRECT))
    place.fake.oauth.next(close="before")
    code, state, _ = consent.read_answer(answer)
    with pytest.raises(Exception, match="Không gọi được"):
        consent.finish(place.file, place.oauth(), code, state, clock=place.clock)
    assert consent.finish(place.file, place.oauth(), code, state, clock=place.clock)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://a.vn/cb?code=x%3D1&oa_id=9&state=s", ("x=1", "s", "9")),
        (" 'code=x&state=s' ", ("x", "s", "")),
        ("  Abc-_1== ", ("Abc-_1==", None, "")),
    ],
)
def test_answers_as_people_paste_them(typed: str, read: tuple[str, str | None, str]) -> None:
    assert consent.read_answer(typed) == read


@pytest.mark.parametrize("typed", ["", "https://a.vn/cb", "https://a.vn/?code=&state=1", "a b"])
def test_answers_without_a_code(typed: str) -> None:
    with pytest.raises(InputError, match="code="):
        consent.read_answer(typed)


def test_the_callback_takes_the_consent(place: Place, served: FakeServer) -> None:
    here = f"{served.address}/webhooks/zalo-oa/callback"
    link = consent.begin(place.file, place.oauth(), here, clock=place.clock)
    query = parse_qs(urlsplit(link).query)
    forged = httpx.get(here, params={"code": "x", "state": "y"}, trust_env=False)
    assert (forged.status_code, place.file.read()) == (400, None)
    assert httpx.get(here, trust_env=False).status_code == 400
    place.fake.oauth.next(status=500)
    lost = httpx.get(here, params={"code": "x", "state": query["state"][0]}, trust_env=False)
    assert lost.status_code == 502
    opened = httpx.get(link, follow_redirects=True, trust_env=False)
    assert opened.status_code == 200
    assert "Đã nhận quyền" in opened.text
    grant = place.file.read()
    assert grant is not None
    assert grant.oa_id == place.account.oa_id
    assert httpx.get(str(opened.url), trust_env=False).status_code == 400  # once


def test_a_redirect_that_is_not_registered(place: Place) -> None:
    place.account.redirect = REDIRECT
    link = place.oauth().link("https://else.vn/", new_verifier(), "s")
    assert httpx.get(link, trust_env=False).json()["error"] == -14003


# --- refreshing -----------------------------------------------------------------------------


def test_refreshed_at_twenty_hours(place: Place) -> None:
    first = place.authorise()
    keeper = place.keeper()
    place.clock.advance(19.9 * 3600)
    place.run(keeper.keep_fresh())
    assert place.file.read() == first
    place.clock.advance(0.2 * 3600)
    place.run(keeper.keep_fresh())
    second = place.file.read()
    assert second is not None
    assert second.access_token != first.access_token
    assert second.refresh_token != first.refresh_token
    assert second.issued == place.clock()
    assert place.fake.oauth.requests[-1].form()["grant_type"] == "refresh_token"


def test_an_expired_token_is_not_used(place: Place) -> None:
    first = place.authorise()
    place.clock.advance(25 * 3600)
    assert place.run(place.keeper().token()) != first.access_token


def test_many_senders_refresh_once(place: Place) -> None:
    place.authorise()
    place.clock.advance(25 * 3600)
    place.fake.person(PERSON).last = place.clock()

    async def all_at_once() -> list[str]:
        one, other = place.keeper(), place.keeper()  # two processes, as good as
        clients = [place.client(one), place.client(one), place.client(other)]
        sent = await asyncio.gather(*(each.send(PERSON, "a") for each in clients * 4))
        for each in clients:
            await each.close()
        return sent

    assert len(set(place.run(all_at_once()))) == 12
    assert place.account.refreshes == 1


def test_many_processes_refresh_once(place: Place) -> None:
    place.authorise()
    place.clock.advance(25 * 3600)
    place.fake.oauth.next(delay=0.5)
    script = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from bots.zalo_oa.grant import GrantFile
        from bots.zalo_oa.oauth import OAuth
        from bots.zalo_oa.tokens import TokenKeeper
        home, url, app, secret, now = sys.argv[1:]
        file, oauth = GrantFile(Path(home)), OAuth(url, app, secret)
        keeper = TokenKeeper(file, oauth, clock=lambda: float(now))
        print(asyncio.run(keeper.token()))
    """)
    arguments = [
        sys.executable, "-c", script, str(place.home.path), place.fake.oauth.address,
        place.account.app_id, place.account.app_secret, str(place.clock()),
    ]  # fmt: skip
    root = Path(__file__).resolve().parents[3]
    running = [
        subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(3)
    ]
    said = {each.communicate(timeout=60)[0] for each in running}
    assert len(said) == 1
    grant = place.file.read()
    assert grant is not None
    assert said == {grant.access_token + "\n"}
    assert place.account.refreshes == 1


def test_a_token_is_kept_before_it_is_used(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first = place.authorise()
    place.clock.advance(25 * 3600)
    keeper = place.keeper()
    written: list[Grant] = []
    write = GrantFile.write

    def full(self: GrantFile, grant: Grant) -> None:
        written.append(grant)
        if grant.access_token != first.access_token:
            raise StateError("the disk is full")
        write(self, grant)

    monkeypatch.setattr(GrantFile, "write", full)
    for _ in range(2):
        with pytest.raises(Transient):
            place.run(keeper.token())
    assert keeper.alert == "the disk is full"
    assert place.account.refreshes == 1  # the second time what is in memory was to be kept
    assert written[0].trying == place.clock()  # what is tried is on disk before it is
    monkeypatch.setattr(GrantFile, "write", write)
    assert place.run(keeper.token()) == place.account.issued[-2]
    kept = place.keeper()
    assert place.run(kept.token()) == place.account.issued[-2]
    assert place.account.refreshes == 1


def test_durable(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """fsync of the file, then its name, then fsync of the folder."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        fsync(handle)

    def replaced(self: Path, target: Path) -> Path:
        done.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    place.file.write(Grant("a", "b", 1.0, 2.0))
    assert done[0].startswith(".grant.json.")
    assert done[1:] == ["rename", "zalo-oa"]


# --- lost -----------------------------------------------------------------------------------


def test_an_answer_that_is_lost_loses_the_grant(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.authorise()
    keeper = place.keeper()
    place.clock.advance(21 * 3600)
    place.fake.oauth.next(close="after", path=TOKENS)  # rotated, and nobody heard
    with pytest.raises(Auth, match=r"bị ngắt.*troly zalo-oa authorise") as raised:
        place.run(keeper.renewed(place.account.issued[0]))
    assert raised.value.code == "-14014"
    assert "bị ngắt" in keeper.alert
    assert [each.levelname for each in caplog.records if "bị ngắt" in each.message] == ["ERROR"]
    asked = len(place.fake.oauth.requests)
    with pytest.raises(Auth, match="bị ngắt"):  # nobody hammers, also not after a restart
        place.run(place.keeper().renewed(place.account.issued[0]))
    assert len(place.fake.oauth.requests) == asked
    place.authorise()
    assert place.run(keeper.token()) == place.account.issued[-2]
    assert keeper.alert == ""


def test_a_lost_answer_to_a_refresh_that_was_not_done(place: Place) -> None:
    place.authorise()
    place.fake.oauth.next(close="before", path=TOKENS)
    place.clock.advance(25 * 3600)
    assert place.run(place.keeper().token()) == place.account.issued[-2]
    assert place.account.refreshes == 1


def test_dying_between_the_refresh_and_its_keeping(place: Place) -> None:
    first = place.authorise()
    place.clock.advance(25 * 3600)

    class Died(BaseException):
        pass

    keeper = place.keeper()
    keeper._save = lambda *_: (_ for _ in ()).throw(Died())  # type: ignore[assignment,method-assign]
    with pytest.raises(Died):
        keeper._renew(first.access_token)
    assert place.account.refreshes == 1
    with pytest.raises(Auth, match="bị ngắt"):
        place.run(place.keeper().token())


def test_killed_between_the_refresh_and_its_keeping(place: Place) -> None:
    place.authorise()
    place.clock.advance(25 * 3600)
    script = textwrap.dedent("""
        import asyncio, os, signal, sys
        from pathlib import Path
        from bots.zalo_oa.grant import GrantFile
        from bots.zalo_oa.oauth import OAuth
        from bots.zalo_oa.tokens import TokenKeeper
        home, url, app, secret, now = sys.argv[1:]
        class Deadly(OAuth):
            def refresh(self, token):
                super().refresh(token)
                os.kill(os.getpid(), signal.SIGKILL)
        file, oauth = GrantFile(Path(home)), Deadly(url, app, secret)
        asyncio.run(TokenKeeper(file, oauth, clock=lambda: float(now)).token())
    """)
    arguments = [
        sys.executable, "-c", script, str(place.home.path), place.fake.oauth.address,
        place.account.app_id, place.account.app_secret, str(place.clock()),
    ]  # fmt: skip
    done = subprocess.run(arguments, cwd=Path(__file__).resolve().parents[3], check=False)
    assert done.returncode == -9
    assert place.account.refreshes == 1
    keeper = place.keeper()  # the lock died with its holder
    with pytest.raises(Auth, match=r"bị ngắt.*authorise"):
        place.run(keeper.token())
    assert "bị ngắt" in keeper.alert
    assert sorted(each.name for each in place.file.folder.iterdir()) == ["grant.json", "lock"]


def test_a_refresh_token_that_is_too_old(place: Place) -> None:
    place.authorise()
    place.clock.advance(91 * 86_400)
    with pytest.raises(Auth, match=r"quyền của OA đã hết.*authorise"):
        place.run(place.keeper().token())
    grant = place.file.read()
    assert grant is not None
    assert (grant.dead, grant.lost) == ("-14014", False)


def test_the_code_118(place: Place) -> None:
    place.authorise()
    place.clock.advance(25 * 3600)
    place.fake.oauth.next(error={"error": -118, "error_name": "Invalid refresh token"})
    with pytest.raises(Auth) as raised:
        place.run(place.keeper().token())
    assert raised.value.code == "-118"


def test_an_error_that_quotes_the_token_is_not_repeated(place: Place) -> None:
    grant = place.authorise()
    place.clock.advance(25 * 3600)
    name = f"Invalid {grant.refresh_token}"
    place.fake.oauth.next(error={"error": "-14099", "error_name": name})
    with pytest.raises(Operator, match="-14099") as raised:
        place.run(place.keeper().token())
    assert grant.refresh_token not in str(raised.value)


def test_a_folder_that_cannot_be_written(place: Place) -> None:
    place.authorise()
    place.clock.advance(25 * 3600)
    (place.file.folder / "lock").unlink()
    (place.file.folder / "lock").mkdir()
    with pytest.raises(Transient, match="lock"):
        place.run(place.keeper().token())
    assert place.account.refreshes == 0


def test_an_app_that_is_not_active(place: Place) -> None:
    place.authorise()
    keeper = place.keeper()
    place.clock.advance(25 * 3600)
    place.fake.oauth.next(error={"error": -14002, "error_name": "Invalid appId"})
    with pytest.raises(Operator, match="-14002"):
        place.run(keeper.token())
    with pytest.raises(Transient):  # a rest
        place.run(keeper.token())
    place.clock.advance(31)
    assert place.run(keeper.token())


@pytest.mark.parametrize("fault", [{"status": 502}, {"truncate": 20}, {"error": {"a": 1}}])
def test_answers_that_cannot_be_read(place: Place, fault: dict[str, object]) -> None:
    place.authorise()
    keeper = place.keeper()
    place.clock.advance(25 * 3600)
    place.fake.oauth.next(2, path=TOKENS, **fault)  # type: ignore[arg-type]
    with pytest.raises((Transient, Auth)):
        place.run(keeper.token())
    grant = place.file.read()
    assert grant is not None
    assert grant.trying == place.clock()


def test_a_host_that_is_away_costs_nothing(place: Place) -> None:
    place.authorise()
    keeper = place.keeper()
    place.fake.oauth.stop()
    place.clock.advance(21 * 3600)
    place.run(keeper.keep_fresh())  # told, not raised
    assert "máy chủ cấp quyền" in keeper.alert
    grant = place.file.read()
    assert grant is not None
    assert grant.trying == 0
    assert place.run(keeper.token()) == grant.access_token  # good for four hours yet
    assert keeper.alert == ""
    place.clock.advance(5 * 3600)
    with pytest.raises(Transient):
        place.run(keeper.token())


def test_without_a_grant(place: Place) -> None:
    keeper = place.keeper()
    with pytest.raises(Auth, match="troly zalo-oa authorise"):
        place.run(keeper.token())
    place.run(keeper.keep_fresh())
    assert "authorise" in keeper.alert


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"access_token": "geheim"}', b"\xff"])
def test_a_damaged_file(place: Place, content: bytes) -> None:
    place.authorise()
    place.file.path.write_bytes(content)
    with pytest.raises(Auth, match=r"grant\.json") as raised:
        place.run(place.keeper().token())
    assert "geheim" not in str(raised.value)


def test_an_older_file_with_less_in_it(place: Place) -> None:
    grant = place.authorise()
    few = {
        name: getattr(grant, name)
        for name in ("access_token", "refresh_token", "issued", "expires")
    }
    place.file.path.write_text(json.dumps(few))
    assert place.run(place.keeper().token()) == grant.access_token


# --- opening --------------------------------------------------------------------------------


def test_the_door_says_what_is_missing(place: Place) -> None:
    off = place.settings.model_copy(update={"on": False})
    assert open_door(off, place.home, {}) is None
    with pytest.raises(ConfigError, match=r"channels\.zalo_oa\.app_id"):
        open_door(place.settings.model_copy(update={"app_id": ""}), place.home, place.environ)
    for name in (APP_SECRET, SECRET_KEY):
        with pytest.raises(ConfigError, match=name):
            open_door(place.settings, place.home, {**place.environ, name: " "})
    with pytest.raises(ConfigError, match=APP_SECRET):
        open_oauth(place.settings, place.home, {})


def test_the_door_keeps_its_token(place: Place) -> None:
    place.authorise()
    place.clock.advance(21 * 3600)
    door = place.door()

    async def a_moment() -> None:
        running = asyncio.create_task(door.run(place.inbox))
        for _ in range(200):
            await asyncio.sleep(0.02)
            if place.account.refreshes:
                break
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await door.channel.close()

    place.run(a_moment())
    assert place.account.refreshes == 1
    assert door.alert == ""
