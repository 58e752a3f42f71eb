"""A question that is the official name of a procedure and nothing else but what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.procedures import Procedures
from assistant.steps.understand_question import content
from knowledge_base.documents import Level, ProcedureCard
from knowledge_base.exact_names import official_names
from knowledge_base.vietnamese import fold, tokens

_LEVELS = {
    Level.CENTRAL: re.compile(r"\b(?:cấp|ở|tại) (?:bộ|trung ương)\b"),
    Level.PROVINCE: re.compile(r"\b(?:cấp|ở|tại) (?:tỉnh|thành phố)\b"),
    Level.COMMUNE: re.compile(r"\b(?:cấp|ở|tại) (?:xã|phường|đặc khu)\b"),
}
_ASIDE = re.compile(r"\([^()]*\)")
# What else is said of any procedure, with something between ("hồ sơ … gồm những gì").
_SAID_OF_ANY = (
    "hồ sơ giấy tờ thành phần trình tự quy trình cách thức bước gồm làm thông tin về chi tiết"
    " hướng dẫn mẫu đơn tờ khai điều kiện kết quả cơ quan thực hiện căn cứ pháp lý"
)
_ASKING = frozenset(fold(_SAID_OF_ANY).split())


def called_by_name(text: str, procedures: Procedures) -> tuple[ProcedureCard, ...]:
    """The cards whose official name ``text`` gives, if it says little else; none otherwise.

    Several share a name: those of the level that is said, and those that know
    more than their name, go before the others.
    """
    found = (_found(said, procedures) for said in (text, _ASIDE.sub(" ", text)))
    return next(filter(None, found), ())


def _found(text: str, procedures: Procedures) -> tuple[ProcedureCard, ...]:
    named = procedures.exactly(tokens(text))
    if named is None:
        return ()
    around = " ".join((*named.before, ".", *named.after))
    said = [level for level, pattern in _LEVELS.items() if pattern.search(around)]
    for pattern in _LEVELS.values():
        around = pattern.sub(" ", around)
    if set(map(fold, content(tokens(around)))) - _ASKING:
        return ()
    cards = [card for code in named.codes if (card := procedures.card(code))]
    cards = [c for c in cards if set(said) & set(c.levels)] or cards
    return tuple([c for c in cards if c.channels or c.steps or c.dossier] or cards)


def told_apart(cards: Sequence[ProcedureCard]) -> list[str]:
    """A label for each card by which it can be asked for again: a name that no other has.

    Cards of one name but for "(cấp tỉnh)" get the whole name, with the code where need be.
    """
    bare = [fold(list(official_names(card))[-1]) for card in cards]
    short = [card.short_name for card in cards]
    labels = []
    for card, own in zip(cards, bare, strict=True):
        if bare.count(own) == 1 and short.count(card.short_name) == 1:
            labels.append(card.short_name)
        else:
            labels.append(f"{card.name} (mã {card.code})")
    return labels
