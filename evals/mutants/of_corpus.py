"""Faults in what is stored: the program is right, and what it reads is not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from evals.mutants.mutant import Mutant, Spoiled
from knowledge_base.documents import (
    Document,
    Duration,
    Fee,
    FilingChannel,
    ProcedureCard,
    TimeUnit,
)

_MANY = 60  # cards of one fault, of those that people ask about


def _fees(card: ProcedureCard) -> bool:
    return any(fee.amount for channel in card.channels for fee in channel.fees)


def _times(card: ProcedureCard) -> bool:
    return any(time.amount for channel in card.channels for time in channel.times)


def _each(
    fits: Callable[[ProcedureCard], bool], change: Callable[[ProcedureCard], ProcedureCard]
) -> Callable[[Spoiled], None]:
    def corpus(spoiled: Spoiled) -> None:
        for card in list(spoiled.some(fits, _MANY)):
            spoiled.put(change(card))

    return corpus


def _channels(
    card: ProcedureCard, change: Callable[[FilingChannel], FilingChannel]
) -> ProcedureCard:
    return replace(card, channels=tuple(map(change, card.channels)))


def _fee(change: Callable[[Fee], Fee]) -> Callable[[ProcedureCard], ProcedureCard]:
    return lambda card: _channels(card, lambda c: replace(c, fees=tuple(map(change, c.fees))))


def _time(change: Callable[[Duration], Duration]) -> Callable[[ProcedureCard], ProcedureCard]:
    return lambda card: _channels(card, lambda c: replace(c, times=tuple(map(change, c.times))))


def _swap_fees(spoiled: Spoiled) -> None:
    cards = list(spoiled.some(_fees, _MANY))
    for one, other in zip(cards, [*cards[1:], *cards[:1]], strict=True):
        spoiled.put(replace(one, channels=_with_fees(one.channels, other.channels)))


def _with_fees(
    own: tuple[FilingChannel, ...], other: tuple[FilingChannel, ...]
) -> tuple[FilingChannel, ...]:
    fees = next(channel.fees for channel in other if channel.fees)
    return tuple(replace(channel, fees=fees) for channel in own)


def _named_by_neighbours(spoiled: Spoiled) -> None:
    """Texts of procedures under each other's codes: the right name over the wrong facts."""
    cards = list(spoiled.some(lambda card: bool(card.channels and card.dossier), _MANY))
    for one, other in zip(cards, [*cards[1:], *cards[:1]], strict=True):
        spoiled.put(
            replace(
                one,
                channels=other.channels,
                dossier=other.dossier,
                authority=other.authority,
                where=other.where,
            )
        )


def _withdrawn(spoiled: Spoiled) -> None:
    spoiled.record.withdraw(
        *(f"procedure:{card.code}" for card in spoiled.some(lambda _: True, 2 * _MANY))
    )


def _laws(change: Callable[[Document], Document]) -> Callable[[Spoiled], None]:
    def corpus(spoiled: Spoiled) -> None:
        for document in [d for d in spoiled.record.documents() if d.kind == "law"]:
            spoiled.record.put(change(document))

    return corpus


def _always_in_force(document: Document) -> Document:
    sections = tuple(
        replace(s, effective_from=date(1990, 1, 1), effective_to=None) for s in document.sections
    )
    return replace(document, effective_from=date(1990, 1, 1), effective_to=None, sections=sections)


MUTANTS = (
    Mutant("fees-swapped", "phí của các thủ tục đổi chỗ cho nhau", True, corpus=_swap_fees),
    Mutant(
        "fees-tenfold",
        "phí gấp mười",
        True,
        corpus=_each(_fees, _fee(lambda f: replace(f, amount=f.amount * 10 if f.amount else None))),
    ),
    Mutant(
        "fees-off-by-little",
        "phí lệch 5.000 đồng",
        True,
        corpus=_each(
            _fees, _fee(lambda f: replace(f, amount=f.amount + 5000 if f.amount else None))
        ),
    ),
    Mutant(
        "days-for-working-days",
        "ngày làm việc thành ngày",
        True,
        corpus=_each(
            _times,
            _time(lambda t: replace(t, unit=TimeUnit.DAY) if t.unit is TimeUnit.WORKING_DAY else t),
        ),
    ),
    Mutant(
        "times-doubled",
        "thời hạn gấp đôi",
        True,
        corpus=_each(
            _times, _time(lambda t: replace(t, amount=t.amount * 2 if t.amount else None))
        ),
    ),
    Mutant(
        "dossier-item-dropped",
        "hồ sơ thiếu giấy tờ",
        False,
        corpus=_each(
            lambda card: len(card.dossier) > 1, lambda card: replace(card, dossier=card.dossier[1:])
        ),
    ),
    Mutant(
        "wrong-office",
        "sai nơi nộp hồ sơ",
        False,
        corpus=_each(
            lambda card: bool(card.where),
            lambda card: replace(
                card,
                where="Văn phòng đăng ký tàu cá của huyện.",
                authority="Văn phòng đăng ký tàu cá của huyện",
            ),
        ),
    ),
    Mutant(
        "facts-of-another",
        "tên thủ tục này, nội dung thủ tục kia",
        True,
        corpus=_named_by_neighbours,
    ),
    Mutant("cards-withdrawn", "mất một phần thủ tục", False, corpus=_withdrawn),
    Mutant(
        "law-always-in-force",
        "luật chưa hoặc hết hiệu lực vẫn như đang có hiệu lực",
        True,
        corpus=_laws(_always_in_force),
    ),
    Mutant(
        "law-misquoted",
        "văn bản luật bị sửa một chữ: “phải” thành “không phải”",
        True,
        tampered=True,
        corpus=_laws(lambda d: _retold(d, " phải ", " không phải ")),
    ),
)


def _retold(document: Document, old: str, new: str) -> Document:
    """Another text with its own hash, its sections where they now begin and end."""
    text = document.text.replace(old, new)

    def moved(at: int) -> int:
        return len(document.text[:at].replace(old, new))

    sections = tuple(replace(s, start=moved(s.start), end=moved(s.end)) for s in document.sections)
    return replace(
        document, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), sections=sections
    )
