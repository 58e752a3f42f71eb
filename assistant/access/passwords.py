"""Passwords: argon2id hashes, what is too weak to be one, and one that is made up."""

from __future__ import annotations

import secrets
import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.access.errors import AccessError
from knowledge_base.vietnamese import fold

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 200
#: Each check takes 64 MiB for a moment: so many at once, however many are sent.
_AT_ONCE = threading.BoundedSemaphore(2)
_COMMON = ("matkhau", "password", "123456", "qwerty", "canbo", "troly", "vietnam", "abcdef")
#: Letters and figures that are not taken for each other when they are read out.
_LETTERS = "abcdefghkmnpqrstuvwxyz23456789"


def hash_of(password: str) -> str:
    """The hash that is kept of ``password``."""
    with _AT_ONCE:
        return _hasher().hash(password)


def fits(password: str, kept: str) -> bool:
    """Whether ``kept`` is the hash of ``password``; as slow where there is no hash at all."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:  # hashing long texts is work that anybody could order
        password = ""
    with _AT_ONCE:
        try:
            _hasher().verify(kept or _nobody(), password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept) and bool(password)


def outdated(kept: str) -> bool:
    """Whether ``kept`` was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(kept)


def check_strength(password: str, name: str) -> None:
    """Raise `AccessError` with what to change where ``password`` is easily guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccessError(f"Mật khẩu cần từ {SHORTEST} đến {LONGEST} ký tự; nên dùng một câu dài.")
    plain = "".join(fold(password).split())
    if len(set(plain)) < 5:
        raise AccessError("Mật khẩu lặp lại quá ít ký tự khác nhau. Hãy dùng một câu dài, dễ nhớ.")
    rest = plain.replace("".join(fold(name).split()), "")
    for word in _COMMON:
        rest = rest.replace(word, "")
    if len(rest) < 6:
        raise AccessError(
            "Mật khẩu gồm toàn chữ dễ đoán (tên tài khoản, “matkhau”, “123456”…). "
            "Hãy dùng một câu dài mà chỉ mình biết."
        )


def made_up() -> str:
    """A new password of 95 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()  # RFC 9106, the second recommended option: 64 MiB, 3 passes


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex(16))
