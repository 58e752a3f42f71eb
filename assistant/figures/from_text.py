"""Figures of sentences: what stands before a number names it, what is near it dates it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from assistant.figures.comparing import without_comparisons
from assistant.figures.context import Context, Fallback
from assistant.figures.in_turn import in_turn
from assistant.figures.kinds import is_down, kind_of
from assistant.figures.labels import says_ratio
from assistant.figures.model import RANGE, Figure, Kind, SentencePlace, Source
from assistant.figures.naming import (
    is_measure_verb,
    named_by,
    points_back,
    points_to_share,
    says,
    trimmed,
    without_places,
)
from assistant.figures.periods import Found as FoundPeriod
from assistant.figures.periods import Period
from assistant.figures.scopes import Found as FoundScope
from assistant.figures.scopes import Scope, folded, scopes_in
from assistant.figures.sentences import Sentence, Token, tokens_of
from assistant.figures.tables import words
from assistant.figures.times import Times, compared_with, directly_behind, named_time, times_of
from assistant.figures.written import Style, _any, ambiguous, number_of

_FROM = re.compile(r"\btừ(?:\s+mức)?\s*$", re.IGNORECASE)
_MOVED = re.compile(r"[^;.]*?\b(?:lên|xuống|đến|còn|sang)\b", re.IGNORECASE)
_OR_MORE = re.compile(r"\s*trở (?:lên|xuống)", re.IGNORECASE)
_SHARE = re.compile(
    r"\s+(?P<of>(?:(?:so với|so|của|trên)\s+)?(?:dự toán|kế hoạch|tổng|mục tiêu|chỉ tiêu|số\s|GDP|"
    r"GRDP|KH\b)[^,;.:()\d]*?)"
    r"(?=[,;.:()\d]|$|\s+(?:và|tăng|giảm|cao hơn|thấp hơn|so với|bằng|đạt|trong đó)\b)",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(r"(?:trong đó|riêng|cụ thể|tương ứng|còn lại|gồm)\b", re.IGNORECASE)
_SHORT = 3  # words: "cơ quan, đơn vị" goes on behind its comma
_OF_ALL = re.compile(
    r"\s+(?!(?:và|tăng|giảm|so|trở|trong đó|vào|trên|năm|của|với|là|thì)\b)[^\W\d_][^;.:()\d]*"
)
_TOPIC = re.compile(r"^\s*(?:[-+•*]\s*)?(?:\d+[.)]\s*)?Về [^:]{1,80}:(?=[^:]*[^\W\d_])")
_TAIL = re.compile(r"[^,;.:()\d]*")
_PARTS = re.compile(r"(?:trong đó|bao gồm|gồm|cụ thể)\b", re.IGNORECASE)
_BESIDE = re.compile(r"(?:chỉ |mức )?(?:cao|thấp|nhanh|chậm) hơn\b", re.IGNORECASE)  # another value
_WAY = re.compile(r"(bằng|sang|qua|từ|theo|do|cho|thông qua)\s+\w", re.IGNORECASE)
# "tăng 3,8% về số doanh nghiệp": what has changed stands behind
_ABOUT = re.compile(
    r"\s+về\s+(?P<what>[^,;.:()\d]+?)(?=[,;.:()\d]|$|\s+(?:và|so với|tăng|giảm|đạt)\b)",
    re.IGNORECASE,
)
_TAKES = re.compile(r"\bchiếm(?:\s+(?:khoảng|gần|hơn|trên|tới|đến))?\s*$", re.IGNORECASE)
_STOP = re.compile(r"\b(?:tăng|giảm|đạt|chiếm|so với|và|với|được|là|trong đó|tương ứng)\b")
_STOP_LATE = re.compile(r"\b(?:tăng|giảm|chiếm|so với|với|là|trong đó|tương ứng)\b")
_SUMMED = re.compile(r"\b(?:l[ũu][yỹ] kế|cộng dồn)\b", re.IGNORECASE)
_UNTIL_NOW = re.compile(r"từ (?:đầu )?(?:năm )?\d{4} đến nay", re.IGNORECASE)
_SHARES = {"", "%", "‰", "điểm phần trăm", "lần"}
_OPENING = 60  # characters in which a sentence says the time of those behind it


@dataclass
class _State:
    """What is carried from one number of a sentence to the next."""

    indicator: str = ""
    scope: Scope | None = None
    period: Period | None = None
    kind: Kind = Kind.LEVEL
    unit: str = ""
    whole: str = ""  # what a sentence that opens with "Trong đó" tells the parts of
    by_unit: dict[str, str] = field(default_factory=dict)  # the last indicator in each unit

    def named_before(self, token: Token) -> str:
        """What a value without a name of its own belongs to: sums of money to sums of money."""
        base = token.unit.base if token.unit else ""
        return self.by_unit.get(base, self.indicator) if base not in _SHARES else self.indicator


def figures_of_text(
    sentences: Iterable[Sentence], source: Source, style: Style, fallback: Fallback
) -> list[Figure]:
    """All figures of sentences, in order."""
    found: list[Figure] = []
    context = Context(fallback)
    last: tuple[Sentence, _State] | None = None
    for sentence in sentences:
        follows = last is not None and _goes_on(last[0], sentence)
        if context.enter(sentence, goes_on=follows):
            last = (sentence, _State())
            continue
        tokens = tokens_of(sentence.text, context.year)
        state = replace(last[1], scope=None) if last and follows else _State()
        state.whole = state.indicator if follows and _PARTS.match(sentence.text) else ""
        if tokens:
            found += _of_sentence(sentence, tokens, source, style, context, state)
        _remember(context, sentence, tokens)
        last = (sentence, state)
    return found


def _goes_on(before: Sentence, sentence: Sentence) -> bool:
    """Whether a sentence is about what the one before is: "Trong đó, …", or after a semicolon."""
    near = sentence.start - (before.start + len(before.text)) <= 3
    follows = before.text.endswith((";", ":")) or _FOLLOWS.match(sentence.text)
    return near and bool(follows)


def _remember(context: Context, sentence: Sentence, tokens: Sequence[Token]) -> None:
    """The time and the subject that a sentence opens with hold for those behind it."""
    end = tokens[0].start if tokens else len(sentence.text)
    own = times_of(sentence.text, context.year).own
    leading = [one for one in own if one.start < end]
    planned = re.search(r"\b(?:phấn đấu|mục tiêu)\b", sentence.text.lower())
    one_time = len({one.period.key() for one in leading}) == 1
    if one_time and leading[0].start <= _OPENING and not planned:
        context.period = leading[0].period
    scopes = scopes_in(sentence.text)
    one_scope = len({one.scope.key for one in scopes}) == 1 and scopes[0].end <= end
    if one_scope and scopes[0].scope.kind != "level" and not _FOLLOWS.match(sentence.text):
        context.scope = scopes[0].scope


def _of_sentence(
    sentence: Sentence,
    tokens: Sequence[Token],
    source: Source,
    style: Style,
    context: Context,
    state: _State,
) -> list[Figure]:
    text = sentence.text
    scopes = scopes_in(text)
    times = times_of(text, context.year)
    found: list[Figure] = []
    last = 0
    for number, token in enumerate(tokens):
        following = tokens[number + 1].start if number + 1 < len(tokens) else len(text)
        lead = text[last : token.start]
        named = named_time(text, times, last, token, state.period or context.last_period()[0])
        behind = directly_behind(text, token, times.own, following)
        kind, about = kind_of(named[1] if named else lead, token, state.kind, plan=context.plan)
        period, note = _period_of(times, state, context, last, token, kind, named, behind, text)
        scope_near = [s for s in scopes if last <= s.start < token.start]
        scope = scope_near[-1].scope if scope_near else state.scope
        scope = scope or _scope_behind(text, token, scopes, following)
        name = _indicator(text, lead, last, token, times, scopes, state, kind)
        if points_back(name):
            share = token.unit is not None and token.unit.base == "%" and points_to_share(name)
            name = (context.share if share else "") or context.indicator
            name = without_places(name) if scope_near else name
        if more := _OR_MORE.match(text, token.end):
            about = more[0].strip()
        counted = bool(token.unit and token.unit.counted)
        written = number_of(token.digits, style, counted=counted)
        if not name or not written.values or _BESIDE.match(name):
            last = token.end
            continue
        value, notes = written.clear, list[str]()
        readings: tuple[Decimal, ...] = ()
        if value is None:
            readings = written.values
            notes.append(ambiguous(readings))
        if token.upto:
            upper = number_of(token.upto, style, counted=counted).values
            value, readings, about = None, (written.values[0], *upper[:1]), RANGE
            notes = ["tài liệu ghi một khoảng, không phải một số"]
        if token.unit is None:
            notes.append("tài liệu không ghi đơn vị")
        if kind is Kind.CHANGE and is_down(lead):
            value = -abs(value) if value is not None else None
            readings = tuple(-abs(one) for one in readings)
        place = SentencePlace(
            sentence.start, sentence.start + len(text), sentence.start + token.start,
            sentence.start + token.end, sentence.section, text,
        )  # fmt: skip
        found.append(
            Figure(
                name, value, token.unit, scope or context.last_scope(), period, kind, source,
                place, readings, compared_with(times, token, last, following, kind), about,
                (*notes, *([note] if note else [])),
            )
        )  # fmt: skip
        if not named:
            state.indicator, state.scope = re.split(r" – (?:% |lũy kế)", name)[0], scope
            context.indicator = state.indicator
            if token.unit and token.unit.base == "%" and says_ratio(state.indicator):
                context.share = state.indicator
            state.unit = token.unit.base if token.unit else ""
            state.by_unit = {**state.by_unit, state.unit: state.indicator}
            if kind is not Kind.CHANGE:
                state.kind = kind
        last = max(_counted_end(text, token, name), behind.end if behind else 0)
    found = in_turn(sentence, found, times.own, scopes)
    shares = [f.indicator for f in found if f.base_unit == "%" and says_ratio(f.indicator)]
    context.share = shares[-1] if shares else context.share
    return found


def _period_of(
    times: Times,
    state: _State,
    context: Context,
    last: int,
    token: Token,
    kind: Kind,
    named: tuple[Period, str] | None,
    behind: FoundPeriod | None,
    text: str,
) -> tuple[Period | None, str]:
    before = [p for p in times.own if last <= p.start < token.start]
    if named:
        return named[0], ""
    if kind is Kind.CHANGE:
        said = [p.period for p in times.own if p.start < token.start]
        period = said[-1] if said and not behind else behind.period if behind else None
        period = period or state.period
        return (period, "") if period else context.last_period()
    if behind:
        period = behind.period
    elif before:
        period = before[-1].period
    else:
        period = state.period
    moved = _MOVED.match(text, token.end) and not _OR_MORE.match(text, token.end)
    from_there = moved and _FROM.search(text[last : token.start])
    if from_there and before:
        state.period = before[-1].period  # "Năm 2025, … từ 5 xuống còn 4": 4 is of 2025
    if from_there and not behind:
        return None, "mức trước khi thay đổi: câu không ghi thời điểm"
    if ((before and not behind) or state.period is None) and not from_there:
        state.period = period
    return (period, "") if period else context.last_period()


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
    return _SHARE.match(text, token.end)


def _counted_end(text: str, token: Token, name: str) -> int:
    """Where the words end that say what was counted ("hồ sơ trực tuyến")."""
    if share := _share_of(text, token):
        return share.end("of")
    if about := _ABOUT.match(text, token.end):
        return about.end("what")
    if not _counts(token):
        return token.end
    tail = _TAIL.match(text, token.end)
    noun = token.unit.base if token.unit else ""
    stop = _STOP_LATE if folded(name).startswith(folded(noun)) else _STOP
    return token.end + len(stop.split(tail[0])[0]) if tail else token.end


def _indicator(
    text: str,
    lead: str,
    start: int,
    token: Token,
    times: Times,
    scopes: Sequence[FoundScope],
    state: _State,
    kind: Kind,
) -> str:
    """The name of what is counted: the words before, and for counted things those behind."""
    cut = [(p.start, p.end) for p in times.own] + [(s.start, s.end) for s in scopes]
    kept = list(without_comparisons(lead))
    for a, b in cut:
        for place in range(max(a, start), min(b, token.start)):
            kept[place - start] = " "
    name = named_by(_TOPIC.sub("", _UNTIL_NOW.sub(" ", "".join(kept))))
    if kind is Kind.CHANGE and (about := _ABOUT.match(text, token.end)):
        return _changed_of(trimmed(about["what"]), state)
    name = _part_of(name, state)
    if is_measure_verb(name):
        name = f"{state.indicator} – {name}" if state.indicator else ""
    if _counts(token) and kind is not Kind.CHANGE:
        name = _with_counted(text, lead, token, cut, name, state)
    share = _share_of(text, token)
    if not share and kind is not Kind.CHANGE and token.unit is not None and token.unit.base == "%":
        name = _with_share(text, lead, token, name, state)
    name = name or state.named_before(token)
    if _SUMMED.search(lead) and name and not _SUMMED.search(name):
        name = f"{name} – lũy kế"
    if share and name and kind is not Kind.CHANGE:
        name = f"{name} – % {trimmed(re.sub(r'^(?:so với|so|của|trên) ', '', share['of']))}"
    return name


def _changed_of(about: str, state: _State) -> str:
    """ "tăng 5% về số hợp tác xã": the hợp tác xã that were counted before in the sentence."""
    said = set(folded(about).split()) - {"so", "tong"}
    fits = [one for one in state.by_unit.values() if said <= set(folded(one).split())]
    return fits[0] if len(fits) == 1 else about


def _part_of(name: str, state: _State) -> str:
    """ "bằng đường bộ" behind "khách đến bằng đường hàng không" has the same head."""
    before = state.indicator
    if not name or not before or points_back(name):
        return name
    if way := _WAY.match(name):
        head = re.split(rf"\s+{way[1]}\s", before, maxsplit=1, flags=re.IGNORECASE)[0]
        return f"{head} {name}" if head != before else name
    own, whole = folded(name).split(), folded(state.whole).split()
    if whole and own[0] == whole[0] and len(own) > 1 and " – " not in state.whole:
        return name if set(whole) <= set(own) else f"{state.whole} – {name}"
    return name


def _with_counted(
    text: str,
    lead: str,
    token: Token,
    cut: Sequence[tuple[int, int]],
    name: str,
    state: _State,
) -> str:
    """What stands behind "1.520 doanh nghiệp …" belongs to the name."""
    unit_end = token.end
    unit_at = next(iter(_unit_at(text, token)), unit_end)
    tail = _TAIL.match(text, unit_at)
    behind = tail[0] if tail else ""
    for first, last in sorted(cut, reverse=True):
        a, b = first - unit_at, last - unit_at
        if 0 <= a < len(behind):
            behind = behind[:a] + " " + behind[max(a, b) :]
    # "15 xã đạt chuẩn nông thôn mới" has no other name than what follows.
    behind = trimmed((_STOP if name else _STOP_LATE).split(behind)[0])
    linked = _linked(lead)
    if not name:
        bare = token.unit is not None and folded(behind) == folded(token.unit.base)
        goes_on = linked or (token.unit is not None and state.unit == token.unit.base)
        return state.indicator if goes_on and bare and state.indicator else behind
    if not linked and behind and folded(behind) not in folded(name):
        return f"{name} {behind}"
    return name


def _with_share(text: str, lead: str, token: Token, name: str, state: _State) -> str:
    """ "100% cơ quan, đơn vị kết nối liên thông": what is behind a percentage names it, too."""
    tail = _OF_ALL.match(text, token.end)
    if not tail or (name and _linked(lead)):
        return name
    pieces = re.split(r",", _STOP_LATE.split(tail[0])[0])
    behind = ", ".join(pieces[: 2 if len(pieces[0].split()) < _SHORT else 1])
    behind = trimmed(behind)
    if not name and state.indicator and says(behind) and _TAKES.search(lead):
        return f"{state.indicator} – % {behind}"  # "chiếm 85,1% lượng khách quốc tế"
    return f"{name} {behind}".strip() if says(behind) else name


def _linked(lead: str) -> bool:
    return bool(_links().search(lead) or re.search(r":\s*$", lead))


@cache
def _links() -> re.Pattern[str]:
    links, about = _any(words().links), _any(words().about)
    return re.compile(rf"(?<!\w)(?:{links})(?:\s+(?:{about}))?\s*$", re.IGNORECASE)


def _counts(token: Token) -> bool:
    """Whether things are counted, be it in millions: "83 triệu hồ sơ trực tuyến"."""
    unit = token.unit
    return unit is not None and (unit.counted or unit.base in words().counted)


def _unit_at(text: str, token: Token) -> Iterator[int]:
    """Where the unit's own words begin behind the number."""
    if token.unit is not None:
        at = text.lower().find(token.unit.base.lower(), token.number_end, token.end)
        if at >= 0:
            yield at
