"""Local accounts: what opens them, what does not, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.access import passwords
from assistant.access.access import Access
from assistant.access.accounts import REFUSED
from assistant.access.errors import AccessError, SignInRefused, TooManyTries
from assistant.access.log import broken_at, entries
from assistant.access.one_time import code_at, picture_of
from tests.assistant.access.conftest import PASSWORD, Clock, code_of, secret_of


def tried(access: Access, name: str, password: str, code: str, address: str = "") -> str:
    """What a try is answered with; empty where it got in."""
    try:
        access.accounts.opened_by(name, password, code, address)
    except (SignInRefused, TooManyTries) as error:
        return str(error)
    return ""


@pytest.fixture(autouse=True)
def _lan(access: Access) -> None:
    access.accounts.add("lan", PASSWORD, ["tu-phap"])


def test_name_password_and_code_open_an_account(access: Access) -> None:
    account = access.accounts.opened_by("Lan ", PASSWORD, code_of(access))
    assert access.officer_of(account).labels == {"noi-bo", "tu-phap"}


def test_whatever_is_wrong_the_answer_is_the_same(access: Access, clock: Clock) -> None:
    code = "right"
    wrong = [
        ("lan", "mật khẩu khác hẳn", code), ("lan", PASSWORD, "000000"), ("lan", PASSWORD, ""),
        ("hoa", PASSWORD, code), ("", "", ""), ("lan", PASSWORD, code + " x"),
        ("lan", "x" * 100_000, code), ("\ud800", PASSWORD, code),
    ]  # fmt: skip
    for name, password, given in wrong:
        clock.now += 2000
        given = given.replace(code, code_of(access))
        assert tried(access, name, password, given) == REFUSED
    clock.now += 2000
    assert tried(access, "lan", PASSWORD, code_of(access)) == ""


def test_unknown_names_cost_a_hash_too(access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = []
    hasher = passwords._hasher()

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            checks.append(kept)
            return hasher.verify(kept, password)

        hash = staticmethod(hasher.hash)

    monkeypatch.setattr(passwords, "_hasher", lambda: Counting())
    for name in ("lan", "hoa", ""):
        tried(access, name, "mật khẩu khác hẳn", "000000")
    assert len(checks) == 3


def test_a_code_counts_once_and_half_a_minute_around(access: Access, clock: Clock) -> None:
    secret = secret_of(access, "lan")
    assert tried(access, "lan", PASSWORD, code_of(access)) == ""
    assert tried(access, "lan", PASSWORD, code_of(access)) == REFUSED  # the same once more
    clock.now += 90
    assert tried(access, "lan", PASSWORD, code_at(secret, clock.now - 30)) == ""
    assert tried(access, "lan", PASSWORD, code_at(secret, clock.now - 60)) == REFUSED
    spaced = code_at(secret, clock.now + 30)
    assert tried(access, "lan", PASSWORD, f"{spaced[:3]} {spaced[3:]}") == ""


def test_waits_grow_and_end(access: Access, clock: Clock) -> None:
    for _ in range(4):
        assert tried(access, "lan", "sai", "000000") == REFUSED
    waits = []
    for _ in range(6):
        with pytest.raises(TooManyTries) as refused:
            access.accounts.opened_by("lan", PASSWORD, code_of(access))
        waits.append(refused.value.seconds)
        clock.now += refused.value.seconds
        assert tried(access, "lan", "sai", "000000") == REFUSED
    assert waits == sorted(waits)
    assert waits[-1] > 3 * waits[0]
    assert tried(access, "hoa", "sai", "000000") == REFUSED  # others do not wait
    clock.now += 901
    assert tried(access, "lan", PASSWORD, code_of(access)) == ""
    assert tried(access, "lan", "sai", "000000") == REFUSED  # and start anew


def test_an_address_waits_whatever_names_it_tries(access: Access, clock: Clock) -> None:
    told = [tried(access, f"ten{n}", "sai", "000000", "203.0.113.7") for n in range(25)]
    assert told[0] == REFUSED
    assert "quá nhiều lần" in told[-1]
    assert tried(access, "lan", PASSWORD, code_of(access), "203.0.113.8") == ""


def test_revoked_restored_reset(access: Access, clock: Clock) -> None:
    token = access.sessions.begin(access.accounts.all()[0])
    assert access.officer(token) is not None
    assert access.accounts.revoke("LAN") == ("lan", 1)
    assert access.officer(token) is None
    assert tried(access, "lan", PASSWORD, code_of(access)) == REFUSED
    access.accounts.restore("lan")
    assert access.officer(token) is None  # what was ended stays so
    clock.now += 60
    assert tried(access, "lan", PASSWORD, code_of(access)) == ""
    old = secret_of(access, "lan")
    token = access.sessions.begin(access.accounts.all()[0])
    enrolled = access.accounts.reset("lan", "một câu khác hẳn dài hơn")
    assert access.officer(token) is None
    assert old not in enrolled.address
    clock.now += 60
    assert tried(access, "lan", PASSWORD, code_at(old, clock.now)) == REFUSED
    assert "█" in picture_of(enrolled.address)


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("lan", PASSWORD, "Đã có tài khoản"), ("LAN", PASSWORD, "Đã có tài khoản"),
        ("", PASSWORD, "không dùng được"), ("hai chữ", PASSWORD, "không dùng được"),
        ("hoa", "ngắn", "12"), ("hoa", "aaaaaaaaaaaaaaaa", "lặp lại"),
        ("nguyen.hoa", "nguyen.hoa 123456", "dễ đoán"), ("hoa", "matkhau123456", "dễ đoán"),
        ("hoa", "x" * 500, "200"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(access: Access, name: str, password: str, told: str) -> None:
    with pytest.raises(AccessError, match=told):
        access.accounts.add(name, password, [])


def test_made_up_passwords_are_strong_enough() -> None:
    made = {passwords.made_up() for _ in range(50)}
    assert len(made) == 50
    for each in made:
        passwords.check_strength(each, "lan")


def test_the_log_tells_who_and_shows_tampering(access: Access) -> None:
    tried(access, "lan", PASSWORD, code_of(access))
    tried(access, "mật khẩu gõ nhầm ô", "sai", "1")
    access.accounts.revoke("lan")
    told = [(each.event, each.who) for each in entries(access.database)]
    assert told == [("added", "lan"), ("signed_in", "lan"), ("refused", ""), ("revoked", "lan")]
    assert broken_at(access.database) is None
    with access.database.write() as db:
        db.execute("UPDATE log SET who = 'hoa' WHERE id = 2")
    assert broken_at(access.database) is not None
    with access.database.write() as db:
        db.execute("UPDATE log SET who = 'lan' WHERE id = 2")
        db.execute("DELETE FROM log WHERE id = 3")
    assert broken_at(access.database) is not None


def test_nothing_that_opens_an_account_is_in_the_file(access: Access, tmp_path: Path) -> None:
    token = access.sessions.begin(access.accounts.all()[0])
    tried(access, "lan", PASSWORD, code_of(access), "203.0.113.7")
    tried(access, "mật khẩu gõ nhầm ô", "sai", "1", "203.0.113.7")
    folder = tmp_path / "restricted"
    data = b"".join(path.read_bytes() for path in folder.iterdir())
    for word in (PASSWORD, token, "203.0.113.7", "gõ nhầm ô"):
        assert word.encode() not in data
    assert folder.stat().st_mode & 0o777 == 0o700
