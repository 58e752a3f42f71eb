"""Short forms of names that a text gave in full: "Thu", "Thu Hà", "Y Blơ", "Carter"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from knowledge_base.judgments.likely import follows_place_word, is_initials, is_ordinary, places
from knowledge_base.judgments.spelled import Run, Spelled, Taken
from knowledge_base.judgments.wordlist import words
from knowledge_base.syllables import is_syllable as syllable
from knowledge_base.vietnamese import fold

if TYPE_CHECKING:
    from knowledge_base.judgments.people import Mention

_NOT_AFTER = re.compile(
    r"(?i)(?:giới tính|dân tộc|quốc tịch|tôn giáo|tiếng|hướng|phía|miền|bắc -|bắc –|khu vực"
    r"|việt)\s*:?\s*$"
)


_ARTICLE = re.compile(r"(?:Điều|Khoản|Điểm|Chương|Mục|Phần)\s+(?:số\s+)?[\dIVX]+\b")
_ROMAN = re.compile(r"[IVX]+")


def forms_of(name: str) -> Iterator[str]:
    """What a person of this name is called, beside the whole name."""
    parts = name.split()
    if len(parts) < 2:
        return
    yield parts[-1]
    for size in (2, 3):
        if len(parts) > size:
            yield " ".join(parts[-size:])
    surname = parts[0] in words().surnames
    if not surname or parts[0] in ("y", "a", "k'") or "'" in parts[0] or len(parts[0]) < 2:
        yield " ".join(parts[:2])
        yield from (part for part in parts if len(part) > 2)  # "Michael James Carter"
    elif not _vietnamese(parts):
        yield from (part for part in parts if len(part) > 2)
        yield " ".join(parts[:2])


def _vietnamese(parts: Sequence[str]) -> bool:
    *names, last = parts
    plain = all(part.isalpha() and syllable(part) for part in names)
    return plain and (syllable(last) or len(last.rstrip("0123456789.")) <= 3)


def short_mentions(spelled: Spelled, known: Sequence[Mention], taken: Taken) -> Iterator[Mention]:
    """Mentions by short forms, and whole names without their diacritics."""
    from knowledge_base.judgments.people import Mention

    names = {mention.name for mention in known}
    shorts = names | {form for name in names for form in forms_of(name)}

    def free(first: int, last: int) -> bool:
        start, end = spelled.words[first].start, spelled.words[last].end
        return taken.free(start, end)

    for run in spelled.runs:
        for part in _parts(spelled, run, shorts):
            if not free(part.first, part.last) or _is_other(spelled, part, run):
                continue
            low = " ".join(w.low for w in spelled.words[part.first : part.last + 1])
            yield Mention(spelled.words[part.first].start, spelled.words[part.last].end, low)
    yield from _bare_names(spelled, names, taken)


def _parts(spelled: Spelled, run: Run, shorts: set[str]) -> Iterator[Run]:
    """The parts of a run that are short forms: all of it, without its first word, or several."""
    lows = [spelled.words[n].low for n in range(run.first, run.last + 1)]
    if " ".join(lows) in shorts:
        yield run
        return
    at = 0
    found: list[Run] = []
    while at < len(lows):
        for size in (4, 3, 2, 1):
            if at + size <= len(lows) and " ".join(lows[at : at + size]) in shorts:
                found.append(Run(run.first + at, run.first + at + size - 1))
                at += size
                break
        else:
            at += 1
    covered = sum(len(part) for part in found)
    opens = spelled.opens_sentence(run.first)
    titles = sum(low in words().leads or low in words().stop for low in lows)
    # What is left over must be the first word of a sentence, or a title.
    first = opens and found and found[0].first == run.first + 1 and not _name_part(lows[0])
    if found and (covered + titles >= len(lows) or (first and covered + 1 >= len(lows))):
        yield from found


def _name_part(low: str) -> bool:
    return low in words().surnames or low in words().given


def _is_other(spelled: Spelled, part: Run, run: Run) -> bool:
    """A place, a direction, or a word that opens a sentence."""
    word = spelled.words[part.first]
    whole = " ".join(w.low for w in spelled.words[run.first : run.last + 1])
    if len(run) > len(part) and (whole in places() or follows_place_word(spelled, run)):
        return True
    if _ARTICLE.match(spelled.text, word.start):
        return True
    after = spelled.words[part.last + 1] if part.last + 1 < len(spelled.words) else None
    inside = len(part) == 1 and after is not None and after.capital and part.last < run.last
    title = words().leads.get(word.low) == "title"
    if inside and after is not None and (title or _ROMAN.fullmatch(after.text)):
        return True
    if follows_place_word(spelled, part) and not _named_place_word(spelled, part):
        return True
    if _NOT_AFTER.search(spelled.before(part.first, 20)):
        return True
    if len(part) == 1 and is_initials(word.text):
        before = spelled.words[part.first - 1].low if part.first else ""
        follows = spelled.text[word.end : word.end + 2]
        listed = spelled.opens_sentence(part.first) and re.match(r"[.)/]\s", follows)
        return bool(listed) or before in ("điểm", "lớp", "lô", "khu", "loại", "nhóm", "hạng", "mẫu")
    if len(part) > 1:
        low = " ".join(w.low for w in spelled.words[part.first : part.last + 1])
        return low in places() and len(run) == len(part) and not _person_verb(spelled, part)
    if spelled.opens_sentence(part.first) or len(run) > len(part):
        return is_ordinary(spelled, part)
    return is_ordinary(spelled, part, strongly=True)


def _person_verb(spelled: Spelled, part: Run) -> bool:
    if part.last + 1 >= len(spelled.words):
        return False
    return spelled.words[part.last + 1].low in ("khai", "nói", "trình", "gọi", "rủ", "đưa", "đồng")


def _named_place_word(spelled: Spelled, part: Run) -> bool:
    """ "số" and the like stand before names too: "đại lộ" does not."""
    return spelled.words[part.first - 1].low in ("tổ", "bản", "hồ", "bến", "số", "điểm", "quý", "h")


def _bare_names(spelled: Spelled, names: set[str], taken: Taken) -> Iterator[Mention]:
    """Whole names in any case and without diacritics: "Nguyen Van Bay", "NGUYỄN VĂN BẢY"."""
    from knowledge_base.judgments.people import Mention

    by_bare = {fold(name): name for name in names if len(name.split()) >= 2}
    sizes = sorted({len(name.split()) for name in by_bare}, reverse=True)
    folded = [fold(word.text) for word in spelled.words]
    at = 0
    while at < len(folded):
        for size in sizes:
            name = by_bare.get(" ".join(folded[at : at + size]))
            pieces = spelled.words[at : at + size]
            if name is None or len(pieces) < size or not any(p.capital for p in pieces):
                continue
            start, end = pieces[0].start, pieces[-1].end
            gaps = [spelled.between(n, n + 1).strip() for n in range(at, at + size - 1)]
            if any(gaps) or not taken.free(start, end):
                continue
            yield Mention(start, end, name)
            at += size - 1
            break
        at += 1
