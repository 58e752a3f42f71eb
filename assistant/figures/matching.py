"""Which indicator a name means: its words, what stands around it, and what else comes near."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.figures.model import CellPlace, Figure
from assistant.figures.question import same_length
from assistant.figures.tables import questions
from knowledge_base.vietnamese import canonical, expand_abbreviations

_SHORT_FORM = re.compile(r"([^()–]+?)\s*\(([^\W\d_a-zà-ỹ]{2,8}(?: [^\W\d_a-zà-ỹ]{2,8}){0,2})\)")
_WITH = re.compile(r"\bvới\s+(?:tổng|số|giá trị|kinh phí|quy mô|vốn)\b[^,;]*$", re.IGNORECASE)
SHARE_OF = " – % "  # between a name and what its share is of
_COUNTED = re.compile(r"\s*(?:tong )?so (?!hoa\b|cai\b|gia\b)")
_NEAREST = 6
_RATIO = frozenset({"tỷ", "lệ"})  # too many names begin so
_NEAR = 0.5  # of the words, for what is only offered

Key = frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """Figures whose indicator fits a name.

    ``others`` fit as well and are called otherwise; ``missing`` are words of the question
    that no indicator of the files has.
    """

    name: str
    figures: tuple[Figure, ...]
    others: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Near:
    """An indicator that comes near a name, and what tells them apart."""

    name: str
    lacks: tuple[str, ...]
    adds: tuple[str, ...]

    def told(self) -> str:
        """ "tỷ lệ hồ sơ trực tuyến (không có “toàn trình”)"."""
        said = [f"không có “{' '.join(self.lacks)}”"] if self.lacks else []
        said += [f"thêm “{' '.join(self.adds)}”"] if self.adds else []
        return f"{self.name} ({'; '.join(said)})" if said else self.name


def key_of(name: str) -> Key:
    """A name as the set of its words: "tỉ lệ X của Y" and "Tỷ lệ X Y" are one."""
    return frozenset(word for word in _words(name) if word not in _small())


def _words(name: str) -> list[str]:
    text = expand_abbreviations(name, document=True)
    found = [canonical(word) for word in re.findall(r"[^\W_]+", text)]
    text = " ".join("tỷ" if word == "tỉ" else word for word in found)
    for pattern, full in _written_out():
        text = pattern.sub(full, text)
    return text.split()


@cache
def _written_out() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Short forms with what they stand for; of some, the short form is kept as a word, too."""
    table = questions()
    made = [(rf"(?<!\w){short}(?!\w)", full) for short, full in table.short.items()]
    for short, full in table.called.items():
        made.append((rf"(?<!\w)(?:{full}\s+{short}|{short}|{full})(?!\w)", f"{short} {full}"))
    return tuple((re.compile(pattern), full) for pattern, full in made)


class Names:
    """The indicators of some figures, by their words."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.groups: dict[Key, list[Figure]] = {}
        held = list(figures)
        self._short = dict(_short_forms(figure.indicator for figure in held))
        for figure in held:
            self.groups.setdefault(self._key(figure.indicator), []).append(figure)
        self._beside = {key: self._words_beside(key, same) for key, same in self.groups.items()}
        self._around = {
            key: self._beside[key] | _words_before(same) for key, same in self.groups.items()
        }
        self._every = frozenset().union(*self.groups) if self.groups else frozenset()

    def _key(self, name: str) -> Key:
        """With short forms ("CPI") as the words they stand for."""
        bare = _SHORT_FORM.sub(r"\1", name)
        found = key_of(bare)
        for short, full in self._short.items():
            if short <= found:
                found = (found - short) | full
        return found

    def _words_beside(self, key: Key, figures: Sequence[Figure]) -> Key:
        """What names an indicator with its name: unit, labels, caption."""
        found = set(key)
        for figure in figures:
            for words in questions().by_unit.get(figure.base_unit, ()):
                found |= set(words.split())
            found |= key_of(figure.unit.shown) if figure.unit else frozenset()
        for figure in figures[:3]:
            place = figure.place
            if isinstance(place, CellPlace):
                found |= key_of(place.caption) | key_of(" ".join(place.row_headers))
                found |= key_of(" ".join(place.column_headers)) | key_of(place.sheet)
        return frozenset(found)

    def _has_head(self, key: Key, head: Key) -> bool:
        """Whether an indicator is what was asked for at all: "thuế" is no "GDP"."""
        if not head or any(head <= short and full <= key for short, full in self._short.items()):
            return True
        name = self.groups[key][0].indicator
        if SHARE_OF in name:  # "nợ công – % GDP" is no GDP
            return bool(head & _with_plain(self._key(name.partition(SHARE_OF)[0])))
        return bool(head & _with_plain(self._beside[key]))

    def candidates(self, asked: str, *, marked: bool = True) -> tuple[list[Key], tuple[str, ...]]:
        """Indicators with all words that are asked for, the nearest first; what none has."""
        wanted = self._key(asked)
        if not wanted:
            return [], ()
        plain = (lambda key: key) if marked else _unmarked
        every, wanted = plain(self._every), plain(wanted)
        unknown = {word for word in wanted if word not in every}
        known = wanted - unknown
        around_all = frozenset().union(*map(plain, self._around.values()))
        silent = plain(_loose()) | (frozenset() if marked else plain(_small()))
        if not known or unknown - silent - around_all:
            return [], tuple(sorted(unknown - silent))
        known = (known | unknown & around_all) - plain(_loose()) or known
        known = _without_filler(known) or known
        head = _head(asked, marked=marked)
        scored: list[tuple[int, int, int, Key]] = []
        for key, around in self._around.items():
            own, near = plain(key), plain(around)
            told = known & own
            if not self._has_head(key, head) or _is_of_both(own, wanted):
                continue
            least = len(known) / (4 if _is_with(self.groups[key][0]) else 2)
            if told and known <= own | near and len(told) >= least:
                scored.append((-len(wanted & own), len(own - wanted), len(scored), key))
        scored.sort()
        return [key for *_, key in scored], ()

    def best(self, asked: str, *, marked: bool = True) -> list[Key]:
        """Those of the candidates that nothing tells apart."""
        found, _ = self.candidates(asked, marked=marked)
        wanted = self._key(asked)
        plain = (lambda key: key) if marked else _unmarked
        wanted = plain(wanted)
        rank = [(-len(plain(key) & wanted), len(plain(key) - wanted)) for key in found]
        return [key for key, one in zip(found, rank, strict=True) if one == rank[0]]

    def is_just(self, key: Key, asked: str, *, marked: bool = True) -> bool:
        """Whether a name is what was asked for and nothing more."""
        plain = (lambda one: one) if marked else _unmarked
        return not (plain(key) ^ plain(self._key(asked))) - plain(_loose())

    def alike(self, first: Key, second: Key) -> bool:
        """Whether two names differ in nothing that says something."""
        return not _without_filler(first ^ second) - _loose()

    def fitting(self, key: Key, asked: str, *, marked: bool = True) -> list[Figure]:
        """The figures of an indicator, in the unit that the words ask for where they name one."""
        plain = (lambda one: one) if marked else _unmarked
        held, beyond = self.groups[key], plain(self._key(asked)) - plain(key)
        meant = {
            unit
            for unit, said in questions().by_unit.items()
            for words in said
            if beyond and plain(frozenset(words.split())) <= beyond
        }
        if not meant and _COUNTED.match(same_length(asked)):  # "số hồ sơ quá hạn" is no share
            return [one for one in held if one.base_unit != "%"] or held
        return [one for one in held if one.base_unit in meant] or held

    def nearest(self, asked: str, *, marked: bool = True) -> list[Near]:
        """What to offer where nothing fits, with what differs."""
        plain = (lambda key: key) if marked else _unmarked
        wanted = plain(self._key(asked))
        telling = wanted - plain(_RATIO)
        scored = []
        for key, held in self.groups.items():
            own = plain(key)
            both = len(telling & own)
            if both and both / len(telling) >= _NEAR:
                scored.append((len(wanted & own) / len(wanted | own), held[0].indicator, key))
        scored.sort(key=lambda one: -one[0])
        words = _words(asked)
        return [
            Near(
                name,
                tuple(one for one in words if plain(frozenset({one})) <= wanted - plain(key)),
                tuple(
                    one
                    for one in _words(name)
                    if one in key and not plain(frozenset({one})) <= wanted
                ),
            )
            for _, name, key in scored[:_NEAREST]
        ]


def matching(asked: str, figures: Iterable[Figure]) -> Match | None:
    """The indicator that fits best; None where none does. Several are named, not mixed."""
    names = Names(figures)
    marked = same_length(asked) != asked.lower()
    found, missing = names.candidates(asked, marked=marked)
    if not found:
        return None
    chosen = names.fitting(found[0], asked, marked=marked)
    others = tuple(names.groups[key][0].indicator for key in found[1:])
    return Match(chosen[0].indicator, tuple(chosen), others, missing)


@cache
def _small() -> Key:
    return frozenset(questions().small)


@cache
def _loose() -> Key:
    return frozenset(questions().loose)


def _without_filler(key: Key) -> Key:
    """A key without words that names have or leave out: "hàng hóa", not the "hóa" of "số hóa"."""
    for said in questions().filler:
        words = key_of(said)
        for one in (words, _unmarked(words)):
            key = key - one if one <= key else key
    return key


def _short_forms(names: Iterable[str]) -> Iterator[tuple[Key, Key]]:
    """ "Chỉ số giá tiêu dùng (CPI)" tells what "CPI" stands for."""
    for name in dict.fromkeys(names):
        for match in _SHORT_FORM.finditer(name):
            yield frozenset(match[2].lower().split()), key_of(match[1])


def _words_before(figures: Sequence[Figure]) -> Key:
    """What sentences say before their numbers, and their headings; tables have their own."""
    found: set[str] = set()
    for figure in figures[:3]:
        place = figure.place
        if isinstance(place, CellPlace):
            continue
        found |= key_of(" ".join(place.section))
        lead = _lead(figure)
        own = lead if _WITH.search(lead) else re.split(r"\d", lead)[-1]
        found |= key_of(own)
    return frozenset(found)


def _lead(figure: Figure) -> str:
    place = figure.place
    if isinstance(place, CellPlace):
        return ""
    return place.quote[: place.number_start - place.start].rpartition(";")[2]


def _is_with(figure: Figure) -> bool:
    """ "1.200 hợp tác xã với số vốn …": the vốn is that of the hợp tác xã."""
    return bool(_WITH.search(_lead(figure)))


def _head(asked: str, *, marked: bool) -> Key:
    """The noun that a name is about: its first word that says something, or its short form."""
    words = _words(asked)
    silent = _small() | _loose() | _RATIO
    if not marked:
        words, silent = [same_length(one) for one in words], _unmarked(silent)
    first = next((one for one in words if one not in silent), "")
    return frozenset({first}) if first else frozenset()


def _is_of_both(own: Key, wanted: Key) -> bool:
    """Whether a name is of two things of which one is asked for: "xuất, nhập khẩu"."""
    for pair in (frozenset({"xuất", "nhập"}), frozenset({"xuat", "nhap"})):
        if pair <= own and len(pair & wanted) == 1:
            return True
    return False


def _with_plain(key: Key) -> Key:
    """A key with its words without marks beside them: the head may have none."""
    return key | _unmarked(key)


def _unmarked(key: Key) -> Key:
    return frozenset(same_length(word) for word in key)
