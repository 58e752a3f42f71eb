"""Figures of sentences: what stands before a number names it, what is near it dates it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.figures.from_cells import Fallback, ambiguous
from assistant.figures.model import Figure, Kind, SentencePlace, Source
from assistant.figures.naming import says, trimmed
from assistant.figures.periods import Found as FoundPeriod
from assistant.figures.periods import Period, period_of_label, periods_in
from assistant.figures.scopes import Found as FoundScope
from assistant.figures.scopes import Scope, folded, scopes_in
from assistant.figures.sentences import Sentence, Token, tokens_of
from assistant.figures.tables import words
from assistant.figures.written import Style, _any, number_of

_COMPARED = re.compile(
    r"so\s+với\s+(?P<what>(?:(?:cùng\s+kỳ|thời\s+điểm|cuối|đầu|mức|kế\s+hoạch|mục\s+tiêu)\s*)*"
    r"(?:(?:của\s+)?(?:quý|tháng|năm|ngày)?\s*[\w/.-]*\d{4}|năm\s+trước|tháng\s+trước|quý\s+trước|"
    r"đề\s+ra|giao|năm\s+ngoái)?)",
    re.IGNORECASE,
)
_LEVEL_AFTER = re.compile(
    r"(?:lên|xuống|còn|đạt|tới|đến)(?:\s+(?:mức|còn|đến|tới|khoảng))*\s*$", re.I
)
_FROM = re.compile(r"\btừ(?:\s+mức)?\s*$", re.IGNORECASE)
_OF_DOCUMENT = re.compile(r"\d/[A-ZĐ][\w-]*(?:/[\w-]+)?,?\s*$")
_OF_VALUE = re.compile(r"\s*(?:\(|:|là|đạt|chỉ đạt|chỉ là|\s)*\s*", re.IGNORECASE)
_SHARE = re.compile(
    r"\s+((?:(?:so với|của)\s+)?(?:dự toán|kế hoạch|tổng|mục tiêu|chỉ tiêu|số\s|GDP|GRDP)"
    r"[^,;.:()\d]*)",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(r"(?:trong đó|riêng|cụ thể|tương ứng|còn lại)\b", re.IGNORECASE)
_TAIL = re.compile(r"[^,;.:()\d]*")
_STOP = re.compile(r"\b(?:tăng|giảm|đạt|chiếm|so với|và|với|được|là)\b")
_STOP_LATE = re.compile(r"\b(?:tăng|giảm|chiếm|so với|với|là)\b")


@dataclass
class _State:
    """What is carried from one number of a sentence to the next."""

    indicator: str = ""
    scope: Scope | None = None
    period: Period | None = None
    kind: Kind = Kind.LEVEL


def figures_of_text(
    sentences: Iterable[Sentence], source: Source, style: Style, fallback: Fallback
) -> list[Figure]:
    """All figures of sentences, in order."""
    found: list[Figure] = []
    last: tuple[Sentence, _State] | None = None
    for sentence in sentences:
        tokens = tokens_of(sentence.text)
        state = _State()
        if last and _goes_on(last[0], sentence):
            state = replace(last[1], scope=None)
        if tokens:
            found += _of_sentence(sentence, tokens, source, style, fallback, state)
        last = (sentence, state)
    return found


def _goes_on(before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence is about what the one before is: "Trong đó, …", or after a semicolon."""
    near = sentence.start - (before.start + len(before.text)) <= 3
    follows = before.text.endswith((";", ":")) or _FOLLOWS.match(sentence.text)
    return near and bool(follows)


def _of_sentence(
    sentence: Sentence,
    tokens: Sequence[Token],
    source: Source,
    style: Style,
    fallback: Fallback,
    state: _State,
) -> list[Figure]:
    text = sentence.text
    scopes = scopes_in(text)
    periods = [p for p in periods_in(text) if not _OF_DOCUMENT.search(text[: p.start])]
    compared = [(m.start(), m.end(), m["what"].strip()) for m in _COMPARED.finditer(text)]
    own = [p for p in periods if not any(a <= p.start < b for a, b, _ in compared)]
    found: list[Figure] = []
    last = 0
    for number, token in enumerate(tokens):
        following = tokens[number + 1].start if number + 1 < len(tokens) else len(text)
        lead = text[last : token.start]
        # What was said behind the last number ("… năm 2023") is not this one's name.
        before = [p for p in own if last <= p.start < token.start]
        earlier = [p for p in periods if p not in own and last <= p.start < token.start]
        named = [p for p in earlier if _OF_VALUE.fullmatch(text[p.end : token.start])]
        behind = _directly_behind(text, token, own, following)
        scope_near = [s for s in scopes if last <= s.start < token.start]
        kind, about = _kind_of(lead, token, state)
        said = (
            next((what for a, _, what in compared if token.end <= a < following), "")
            if kind is Kind.CHANGE
            else ""
        )
        if kind is not Kind.CHANGE:
            if named:  # "so với năm 2023 (33,1%)"
                period: Period | None = named[-1].period
            elif behind:
                period = behind.period
            elif before:
                period = before[-1].period
            else:
                period = state.period
            if not named and ((before and not behind) or state.period is None):
                state.period = period
        else:
            period = next((p.period for p in reversed(own) if p.start < token.start), state.period)
        scope = scope_near[-1].scope if scope_near else state.scope
        scope = scope or _scope_behind(text, token, scopes, following)
        name = _indicator(text, lead, last, token, periods, scopes, state, kind)
        if not name:
            last = token.end
            continue
        written = number_of(token.digits, style, counted=bool(token.unit and token.unit.counted))
        if not written.values:
            last = token.end
            continue
        value = written.clear
        readings = () if value is not None else written.values
        notes = [ambiguous(readings)] if readings else []
        if token.unit is None:
            notes.append("tài liệu không ghi đơn vị")
        if kind is Kind.CHANGE and _is_down(lead):
            value = -abs(value) if value is not None else None
            readings = tuple(-abs(one) for one in readings)
        used = period or fallback.period
        if period is None and used is not None:
            notes.append("kỳ lấy theo tiêu đề văn bản")
        place = SentencePlace(
            sentence.start, sentence.start + len(text), sentence.start + token.start,
            sentence.start + token.end, sentence.section, text,
        )  # fmt: skip
        found.append(
            Figure(
                name, value, token.unit, scope or fallback.scope, used, kind, source, place,
                readings, said, about, tuple(notes),
            )
        )  # fmt: skip
        state.indicator, state.scope = name.split(" – % ")[0], scope
        if kind is not Kind.CHANGE:
            state.kind = kind
        last = max(_counted_end(text, token, name), behind.end if behind else 0)
    return _in_turn(sentence, found, own, scopes)


def _kind_of(lead: str, token: Token, state: _State) -> tuple[Kind, str]:
    low = lead.lower()
    clause = re.split(r"[,;(]", low)[-1]
    abouts = re.search(rf"(?<!\w)({_any(words().about)})\s*$", low)
    about = abouts[1] if abouts else ""
    bare = low[: abouts.start()].rstrip() if abouts else low.rstrip()
    changes = _any((*words().changes["up"], *words().changes["down"]))
    changed = re.search(
        rf"(?<!\w)(?:{changes})(?:\s+(?:thêm|khoảng|được|tới|bình quân))*\s*$", bare
    )
    points = token.unit is not None and token.unit.base == "điểm phần trăm"
    if (changed or points) and not _LEVEL_AFTER.search(bare):
        return Kind.CHANGE, about
    if re.search(_any(words().targets), clause) or re.search(
        _any(words().targets), low.split(",")[0]
    ):
        return Kind.TARGET, about
    return (state.kind if not re.search(r"[;.]", low) else Kind.LEVEL), about


def _is_down(lead: str) -> bool:
    ups = [
        m.end()
        for m in re.finditer(rf"(?<!\w)(?:{_any(words().changes['up'])})(?!\w)", lead.lower())
    ]
    downs = [
        m.end()
        for m in re.finditer(rf"(?<!\w)(?:{_any(words().changes['down'])})(?!\w)", lead.lower())
    ]
    return bool(downs) and (not ups or downs[-1] > ups[-1])


def _directly_behind(
    text: str, token: Token, periods: Sequence[FoundPeriod], following: int
) -> FoundPeriod | None:
    """ "33,1% năm 2023", "45,2% (năm 2024)", "1.234 hồ sơ trong năm 2024"."""
    for found in periods:
        if token.end <= found.start < following:
            between = text[token.end : found.start]
            closed = between.strip() == "(" and text[found.end : found.end + 1] == ")"
            near = re.fullmatch(
                r"\s*(?:[^\W\d_]+\s+){0,6}?(?:(?:vào|trong|của|ở|tại)\s+)?", between
            )
            changes = re.search(r"\b(?:và|lên|xuống|tăng|giảm|so)\b", between)
            if closed or (near and not changes):
                return found
            return None
    return None


def _scope_behind(
    text: str, token: Token, scopes: Sequence[FoundScope], following: int
) -> Scope | None:
    for found in scopes:
        if token.end <= found.start < following:
            between = text[token.end : found.start]
            return None if re.search(r"[,;.:(]", between) else found.scope
    return None


def _share_of(text: str, token: Token) -> re.Match[str] | None:
    """ "95,4% dự toán": what a percentage is of."""
    if token.unit is None or token.unit.base != "%":
        return None
    return _SHARE.match(text[token.end :])


def _counted_end(text: str, token: Token, name: str) -> int:
    """Where the words end that say what was counted ("hồ sơ trực tuyến")."""
    if share := _share_of(text, token):
        return token.end + share.end()
    if token.unit is None or not token.unit.counted:
        return token.end
    tail = _TAIL.match(text, token.end)
    stop = _STOP_LATE if folded(name).startswith(folded(token.unit.shown)) else _STOP
    return token.end + len(stop.split(tail[0])[0]) if tail else token.end


def _indicator(
    text: str,
    lead: str,
    start: int,
    token: Token,
    periods: Sequence[FoundPeriod],
    scopes: Sequence[FoundScope],
    state: _State,
    kind: Kind,
) -> str:
    """The name of what is counted: the words before, and for counted things those behind."""
    cut = [(p.start, p.end) for p in periods] + [(s.start, s.end) for s in scopes]
    kept = list(lead)
    for a, b in cut:
        for place in range(max(a, start), min(b, token.start)):
            kept[place - start] = " "
    words_left = re.sub(r"\([^()]*\)", " ", _COMPARED.sub(" ", "".join(kept)))
    pieces = [trimmed(piece) for piece in re.split(r"[,;:()“”\"]|\s–\s", words_left)]
    named = [piece for piece in pieces if says(piece)]
    name = named[-1] if named else ""
    if token.unit is not None and token.unit.counted and kind is not Kind.CHANGE:
        unit_at = text.find(token.unit.shown, token.number_end)
        tail = _TAIL.match(text, unit_at if unit_at >= 0 else token.end)
        behind = tail[0] if tail else ""
        base = unit_at if unit_at >= 0 else token.end
        for first, last in sorted(cut, reverse=True):
            a, b = first - base, last - base
            if 0 <= a < len(behind):
                behind = behind[:a] + " " + behind[max(a, b) :]
        # "15 xã đạt chuẩn nông thôn mới" has no other name than what follows.
        stop = _STOP if name else _STOP_LATE
        behind = trimmed(stop.split(behind)[0])
        linked = re.search(
            rf"(?<!\w)(?:{_any(words().links)})(?:\s+(?:{_any(words().about)}))?\s*$", lead.lower()
        )
        linked = linked or re.search(r":\s*$", lead)
        if not name:
            bare = folded(behind) == folded(token.unit.shown)
            name = state.indicator if linked and bare and state.indicator else behind
        elif not linked and behind and folded(behind) not in folded(name):
            name = f"{name} {behind}"
    name = name or state.indicator
    share = _share_of(text, token)
    return f"{name} – % {trimmed(share[1])}" if share and name and kind is not Kind.CHANGE else name


def _in_turn(
    sentence: Sentence,
    found: list[Figure],
    periods: Sequence[FoundPeriod],
    scopes: Sequence[FoundScope],
) -> list[Figure]:
    """ "Năm 2023 và 2024, … lần lượt là 33,1% và 45,2%": the first to the first."""
    turn = re.search(r"lần lượt", sentence.text, re.IGNORECASE)
    if not turn:
        return found
    behind = [n for n, one in enumerate(found) if _number_at(one) - sentence.start >= turn.start()]
    years = [p.period for p in _listed(sentence.text, periods, turn.start())]
    places = [s.scope for s in scopes if s.start < turn.start()]
    note = "câu liệt kê “lần lượt” nhưng số mục không khớp số giá trị"
    for place, n in enumerate(behind):
        one = found[n]
        if len(years) > 1:
            fits = len(years) == len(behind)
            one = replace(one, period=years[place] if fits else None)
            one = one if fits else replace(one, notes=(*one.notes, note))
        if len(places) > 1:
            fits = len(places) == len(behind)
            one = replace(one, scope=places[place] if fits else None)
            one = one if fits else replace(one, notes=(*one.notes, note))
        found[n] = one
    return found


def _number_at(figure: Figure) -> int:
    return figure.place.number_start if isinstance(figure.place, SentencePlace) else 0


def _listed(text: str, periods: Sequence[FoundPeriod], end: int) -> list[FoundPeriod]:
    """Years named before a place; "năm 2023 và 2024" and "các năm 2022, 2023" are both."""
    found = [p for p in periods if p.start < end]
    if not found and not re.search(r"các năm", text[:end]):
        return []
    for match in re.finditer(r"(?<![\d/.,-])(?:19|20)\d{2}(?![\d/])", text[:end]):
        inside = any(p.start <= match.start() < p.end for p in found)
        period = period_of_label(match[0])
        if not inside and period:
            found.append(FoundPeriod(period, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)
