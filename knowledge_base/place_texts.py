"""What the knowledge base says about each province, made from the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge_base.place_table import Province, places_table, provinces
from knowledge_base.wording import day


@dataclass(frozen=True, slots=True)
class PlaceText:
    """One guidance text about one province, ready to be indexed.

    A province that became a city after the reform has two: as it was
    (``effective_to`` set) and as it is.
    """

    id: str
    title: str
    text: str
    source: str
    source_url: str
    effective_from: date
    effective_to: date | None
    other_names: tuple[str, ...]


def places_text() -> tuple[PlaceText, ...]:
    """The texts about all provinces; exactly one of each province holds on any day."""
    return tuple(text for province in provinces() for text in _texts(province))


def _texts(province: Province) -> Iterator[PlaceText]:
    reform = places_table().reform.effective_from
    if province.city_since is not None:
        yield _text(province, reform, province.city_since - timedelta(days=1))
    yield _text(province, province.city_since or reform, None)


def _text(province: Province, start: date, end: date | None) -> PlaceText:
    reform = places_table().reform
    kind = province.kind_on(start)
    name = f"{kind} {province.name}"
    became_city = province.city_since is not None and end is None
    sentences: list[str] = []
    if province.former_names:
        parts = _and([*province.former_names, province.name])
        old = _and(list(province.former_names))
        sentences += [
            f"{name} gồm {parts} trước đây, hợp nhất từ ngày {day(reform.effective_from)} "
            f"theo Nghị quyết {reform.number}.",
            f"Ai có địa chỉ cũ ở {old} nay thuộc {name}.",
            f"Trung tâm hành chính đặt trên địa bàn {province.centre_in} trước đây.",
        ]
    else:
        sentences.append(
            f"{name} được giữ nguyên, không sáp nhập, theo Nghị quyết {reform.number}."
        )
    if became_city and province.city_since is not None:
        sentences.append(
            f"{province.name} là thành phố trực thuộc trung ương từ ngày "
            f"{day(province.city_since)} ({province.city_source}); trước đó là tỉnh."
        )
    if province.note:
        sentences.append(province.note)
    sentences.append(
        "Dưới cấp tỉnh chỉ còn xã, phường, đặc khu; nộp hồ sơ tại Trung tâm Phục vụ hành chính "
        "công cấp xã, cấp tỉnh hoặc trên Cổng Dịch vụ công quốc gia."
    )
    text = " ".join(sentences)
    return PlaceText(
        id=f"place-{province.ascii.lower().replace(' ', '-')}{'' if end is None else '-2025'}",
        title=_title(province, kind),
        text=text[0].upper() + text[1:],
        source=province.city_source if became_city else reform.title,
        source_url=province.city_url if became_city else reform.url,
        effective_from=start,
        effective_to=end,
        other_names=(*province.former_names, *province.other_names, province.ascii),
    )


def _title(province: Province, kind: str) -> str:
    name = f"{kind.capitalize()} {province.name}"
    if province.former_names:
        return f"{name} (sau sáp nhập với {_and(list(province.former_names))})"
    return f"{name} (giữ nguyên sau sắp xếp năm 2025)"


def _and(names: list[str]) -> str:
    return " và ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
