"""Where a text names people, and which of the names are one person's.

First what titles, roles and surnames give away; then, in the whole text, the
short forms of what was found ("Thu", "Thu Hà" for "Phan Thị Thu Hà").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from knowledge_base.judgments.likely import (
    follows_place_word,
    is_acronym,
    is_full_name,
    is_given,
    is_initials,
    is_ordinary,
    is_place,
    is_word,
)
from knowledge_base.judgments.spelled import Run, Spelled, Taken, low_of
from knowledge_base.judgments.wordlist import words
from knowledge_base.syllables import is_syllable as syllable

_AND = re.compile(
    r"\s*(?:[,;/|&]|[-–](?=\s))?\s*(?:và|cùng|hoặc|với|và "
    r"các)?\s*(?:\n?\s*[-*+]?\s*(?:\d{1,2}\s*[./)])?\s*)[\"“]?$"
)
_ALIAS = re.compile(
    r"(?i)\b(?P<sure>tên gọi khác|tên khác|tức|biệt danh|bí danh|hay gọi(?: là)?|thường gọi(?: là)?"
    r"|tên thường gọi|tên ở nhà"
    r"|alias)\s*(?:là)?\s*:?\s*(?P<one>[“\"]?(?-i:[A-ZĐÀ-Ỹ])[^;,.)(\n]{0,40})"
    r"|\b(?:còn gọi(?: là)?|gọi là)\s*:?\s*(?P<two>[“\"]?(?-i:[A-ZĐÀ-Ỹ])[^;,.)(\n]{0,40})"
)
_BESIDE = re.compile(r"\s*\(([^()\n]{1,30})\)|\s*([“\"][^”\"\n]{1,20}[”\"])")
_KIN = frozenset({"ông", "bà", "anh", "chị", "con", "vợ", "chồng", "cha", "mẹ", "em", "cháu"})
_BORN = re.compile(r"(?i)\s*[,(–-]\s*(?:sinh|s\.?n\.?)\s*(?:ngày|năm)?\s*:?\s*\d")
_WRAPPED = 60  # characters of a line that was broken because it was full
_FUNCTION = frozenset({"do", "của", "cho", "với", "giữa", "gồm"})
_NICKNAME = re.compile(r" ([“\"][^\W\d_]+(?: [^\W\d_]+)?[”\"])")
_NONE = re.compile(r"(?i)không|chưa|như trên")


@dataclass(frozen=True, slots=True)
class Mention:
    """``text[start:end]`` names somebody; ``name`` in lower case, syllables apart by a space."""

    start: int
    end: int
    name: str
    official: bool = False
    alias_of: int = -1  # the start of the mention it stands beside


@cache
def _lead() -> re.Pattern[str]:
    listed = "|".join(re.escape(x) for x in sorted(words().leads, key=len, reverse=True))
    return re.compile(
        rf"(?i)(?<![\w])({listed})(\s*[:–—]\s*(?:[-*+]\s*)?|\s+[-–]\s+|\s+|(?<=\.))(?:\d{{1,2}}\s*[./)]\s*)?(?:[“\"'*]\s*)?$"
    )


class People:
    """The mentions of people in one text, outside the spans that are something else already."""

    def __init__(self, text: str, taken: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._spelled = Spelled(text)
        self._taken = Taken(len(text), taken)
        self.mentions: list[Mention] = []

    def found(self) -> list[Mention]:
        """All mentions, in order, apart from each other."""
        from knowledge_base.judgments.shouted import shouted

        self._first_pass()
        from knowledge_base.judgments.bare import bare_names

        self._add_all(bare_names(self._spelled))
        known = [m.name for m in self.mentions]
        self._add_all(shouted(self._spelled, known))
        self._aliases()
        self._short_forms()
        self._nicknames()
        return sorted(self.mentions, key=lambda m: m.start)

    # --- what gives itself away -------------------------------------------------------------

    def _first_pass(self) -> None:
        last_end = -1
        for whole in self._spelled.runs:
            for run, lead in self._named(whole, last_end):
                mention = self._mention(run, official=lead == "official")
                if self._add(mention):
                    last_end = mention.end

    def _named(self, run: Run, last_end: int) -> Iterator[tuple[Run, str]]:
        spelled = self._spelled
        title = ""
        while len(run) > 1 and _is_rank(spelled.words[run.first].text):
            run = Run(run.first + 1, run.last)
        while (
            len(run) > 1
            and words().leads.get(spelled.words[run.first].low) == "title"
            and not is_ordinary(spelled, run)
            and not is_place(spelled, run)
            and (self._lead_of(run)[0] != "title" or spelled.words[run.first].text in ("Ông", "Bà"))
        ):
            if is_full_name(spelled, run) and spelled.words[run.first].low not in ("ông", "bà"):
                break
            title, run = "title", Run(run.first + 1, run.last)
        run = self._across_lines(run)
        if not title and self._is_born(run):
            yield run, "party"
            return
        kind, lead, plain = (title, "", True) if title else self._lead_of(run)
        if kind:
            weak = lead in words().weak
            loose = lead in _FUNCTION
            if self._fits(run, weak=weak, plain=plain, title=kind == "title", function=loose):
                yield self._cut(run), kind
                return
        between = spelled.text[last_end : spelled.words[run.first].start] if last_end >= 0 else "x"
        if (
            _AND.fullmatch(between) and self._follows(run, numbered=bool(re.search(r"\d", between)))
        ) or (is_full_name(spelled, run) and not is_ordinary(spelled, run)):
            yield self._cut(run), "party"
        elif len(run) > 2 and spelled.opens_sentence(run.first):
            inner = Run(run.first + 1, run.last)  # "Khi Nguyễn Văn Hùng …"
            if is_full_name(spelled, inner):
                yield inner, "party"

    def _lead_of(self, run: Run) -> tuple[str, str, bool]:
        """The kind of what stands before a run, its words, whether only a space is between."""
        match = _lead().search(self._spelled.before(run.first))
        if match is None:
            return "", "", False
        lead = " ".join(match[1].lower().split())
        if "\n" in match[2] and ":" not in match[2]:
            return "", "", False
        return words().leads[lead], lead, not match[2].strip()

    def _is_born(self, run: Run) -> bool:
        """Whether a day of birth stands right after a run: "Okafor Emmanuel, sinh năm …"."""
        if len(run) > 5 or is_place(self._spelled, run):
            return False
        end = self._spelled.words[run.last].end
        return _BORN.match(self._text, end) is not None

    def _follows(self, run: Run, *, numbered: bool) -> bool:
        """Whether a run that stands in a list after a name is another name."""
        spelled = self._spelled
        pieces = spelled.words[run.first : run.last + 1]
        lows = [piece.low for piece in pieces]
        if is_place(spelled, run) or is_ordinary(spelled, run):
            return False
        if len(lows) == 1 and lows[0] in words().stop:
            return False
        if any(low in words().brands for low in lows) or any(is_acronym(p.text) for p in pieces):
            return False
        if len(lows) == 1:
            return is_initials(pieces[0].text) or syllable(lows[0])
        if len(lows) > 5:
            return False
        return numbered or is_full_name(spelled, run) or not is_word(lows[0], lows[1])

    def _fits(
        self, run: Run, *, weak: bool, plain: bool, title: bool, function: bool = False
    ) -> bool:
        """Whether what follows a lead is a name."""
        spelled, listed = self._spelled, words()
        pieces = spelled.words[run.first : run.last + 1]
        lows = [piece.low for piece in pieces]
        if len(lows) > 1 and " ".join(lows[:2]) in listed.not_names:
            return False
        if all(low in listed.brands for low in lows) or (weak and lows[0] in listed.brands):
            return False
        if is_acronym(pieces[0].text) and not is_initials(pieces[0].text):
            return False
        before = spelled.before(run.first, 30).lower()
        if any(re.search(rf"{word}\s*:?\s*$", before) for word in listed.nationality_words):
            return False
        if len(lows) == 1:
            if is_initials(pieces[0].text):
                return pieces[0].text not in ("A", "B") or plain
            if f"{lows[0]} {_next_low(spelled, run)}" in listed.not_names:
                return False
            if plain and not weak and lows[0] not in listed.stop:
                return True  # a capital inside a sentence, after "ông" or "bị cáo"
            if title and plain and not weak and not is_ordinary(spelled, run):
                return True
            if is_ordinary(spelled, run):
                return False
            if lows[0] in listed.stop or function:
                return False
            return not weak or (is_given(spelled, run) and not is_place(spelled, run))
        if weak:
            following = _next_low(spelled, run)
            if is_place(spelled, run) or (
                following and is_word(lows[-1], following, strongly=True) and lows[-1] != "thị"
            ):
                return False  # "của Chánh Văn phòng"
            return is_full_name(spelled, run) or is_given(spelled, run)
        return not (not plain and is_ordinary(spelled, Run(run.first, run.first)))

    def _across_lines(self, run: Run) -> Run:
        """A name that a line break cuts: "Bùi Thị / Phương Mai"."""
        spelled = self._spelled
        after = run.last + 1
        if after >= len(spelled.words) or len(run) > 3:
            return run
        if spelled.words[run.first].low not in words().surnames:
            return run
        if spelled.between(run.last, after) != "\n" or not spelled.words[after].capital:
            return run
        middle = spelled.words[run.last].low in words().between and len(run) > 1
        # A long line that breaks after a surname goes on below; a short one ends there.
        end_of_line = spelled.words[run.last].end
        long = end_of_line - spelled.text.rfind("\n", 0, end_of_line) > _WRAPPED
        below = spelled.words[after].low in words().between | words().given
        if not middle and not (long and below and not spelled.words[after].shouted):
            return run
        end = after
        while (
            end + 1 < len(spelled.words)
            and spelled.words[end + 1].capital
            and spelled.between(end, end + 1) == " "
            and end - run.first < 4
        ):
            end += 1
        return Run(run.first, end) if spelled.words[after].capital else run

    def _cut(self, run: Run) -> Run:
        """A run without what does not belong to the name: "Nguyễn Văn A Giám đốc"."""
        spelled = self._spelled
        for at in range(run.first + 1, run.last + 1):
            word = spelled.words[at]
            pair = f"{word.low} {_next_low(spelled, Run(at, at), any_case=True)}"
            title = word.text in ("Ông", "Bà") and at >= run.first + 2
            if title or pair in words().not_names:
                return Run(run.first, at - 1)
        return run

    # --- what was found, elsewhere ----------------------------------------------------------

    def _aliases(self) -> None:
        """ "tên gọi khác: Tèo", "Nguyễn Văn Nam (Nam lùn)"."""
        for match in _ALIAS.finditer(self._text):
            told = (match["one"] or match["two"]).strip()
            if _NONE.match(told) or len(told.split()) > 6:
                continue
            nearest = max((m for m in self.mentions if m.end <= match.start()), default=None,
                          key=lambda m: m.end)  # fmt: skip
            near = nearest is not None and match.start() - nearest.end < 60
            if not near and not match["sure"]:
                continue  # "sau đây gọi là Nhà nước giao đất" names nobody
            start = match.start("one") if match["one"] else match.start("two")
            self._take(
                Mention(
                    start,
                    start + len(told),
                    _name(told),
                    alias_of=nearest.start if near and nearest else -1,
                )
            )
        for mention in list(self.mentions):
            beside = _BESIDE.match(self._text, mention.end)
            if beside is None:
                continue
            told = beside[1] or beside[2]
            start = beside.start(1) if beside[1] else beside.start(2)
            pieces = [p for p in re.split(r"[\s“”\"]+", told) if p]
            quoted = any(c in told for c in '“"')
            if not pieces or len(pieces) > 4 or not pieces[0][0].isupper():
                continue
            if quoted or (
                all(p[0].isupper() for p in pieces)
                and pieces[0].lower() not in words().stop
                and pieces[0].lower() not in _KIN
            ):
                self._take(Mention(start, start + len(told), _name(told), alias_of=mention.start))

    def _nicknames(self) -> None:
        """ "Khánh “trọc”": what stands in quotes right after a name."""
        for mention in list(self.mentions):
            match = _NICKNAME.match(self._text, mention.end)
            if match is not None:
                self._take(
                    Mention(match.start(1), match.end(1), _name(match[1]), alias_of=mention.start)
                )

    def _take(self, mention: Mention) -> None:
        """Add a mention in place of shorter ones that lie in it."""
        inside = [m for m in self.mentions if mention.start <= m.start and m.end <= mention.end]
        for one in inside:
            self.mentions.remove(one)
            self._taken.give_back(one.start, one.end)
        if not self._add(mention):
            for one in inside:
                self._add(one)

    def _short_forms(self) -> None:
        from knowledge_base.judgments.short_forms import short_mentions

        self._add_all(short_mentions(self._spelled, list(self.mentions), self._taken))

    # --- keeping ----------------------------------------------------------------------------

    def _mention(self, run: Run, *, official: bool) -> Mention:
        first, last = self._spelled.words[run.first], self._spelled.words[run.last]
        return Mention(first.start, last.end, _name(self._text[first.start : last.end]), official)

    def _add_all(self, mentions: Iterator[Mention] | Sequence[Mention]) -> None:
        for mention in mentions:
            self._add(mention)

    def _add(self, mention: Mention) -> bool:
        if not self._taken.free(mention.start, mention.end):
            return False
        self._taken.take(mention.start, mention.end)
        self.mentions.append(replace(mention))
        return True


def _is_rank(text: str) -> bool:
    """ "QNCN" between a rank and a name."""
    return len(text) > 2 and is_acronym(text)


def _name(text: str) -> str:
    return " ".join(low_of(piece) for piece in re.split(r"[\s“”\"]+", text) if piece)


def _next_low(spelled: Spelled, run: Run, *, any_case: bool = False) -> str:
    if run.last + 1 >= len(spelled.words):
        return ""
    following = spelled.words[run.last + 1]
    if spelled.between(run.last, run.last + 1).strip() or (following.capital and not any_case):
        return ""
    return following.low


__all__ = ["Mention", "People", "follows_place_word"]
