"""Whether an article holds on a day: yes, no, or not known."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.documents import Validity
from knowledge_base.law.validity import Event, TextState, Verdict, text_on, validity_of

SINCE = date(2020, 7, 1)
LATER = date(2023, 8, 15)


def on(day: str, *events: Event, since: date | None = SINCE, until: date | None = None) -> Verdict:
    return validity_of(since, until, events, date.fromisoformat(day))


def repealed(since: date | None = LATER, note: str = "") -> Event:
    return Event("repealed_by", "23/2023/QH15", "1", since, note=note)


def test_by_its_own_days() -> None:
    assert on("2020-06-30").validity is Validity.NOT_IN_FORCE
    assert on("2020-07-01").validity is Validity.IN_FORCE
    assert on("2020-07-01", since=None).validity is Validity.UNKNOWN
    assert on("2021-01-01", until=date(2020, 12, 31)).validity is Validity.NOT_IN_FORCE
    assert on("2020-12-31", until=date(2020, 12, 31)).validity is Validity.IN_FORCE


def test_a_repeal_counts_from_its_day() -> None:
    assert on("2023-08-14", repealed()).validity is Validity.IN_FORCE
    after = on("2023-08-15", repealed(note="bị bãi bỏ bởi Điều 1"))
    assert after.validity is Validity.NOT_IN_FORCE
    assert after.reason == "Bị bãi bỏ bởi Điều 1 23/2023/QH15 từ 15/08/2023."
    assert after.note == "bị bãi bỏ bởi Điều 1"


@pytest.mark.parametrize(
    "event",
    [
        repealed(since=None),
        repealed(note="hết hiệu lực, trừ trường hợp quy định tại Điều 91"),
        Event("suspended_by", "96/2023/QH15", "20", LATER),
    ],
)
def test_what_is_not_clear_is_unknown(event: Event) -> None:
    found = on("2024-01-01", event)
    assert found.validity is Validity.UNKNOWN
    assert "23/2023" in found.reason or "96/2023" in found.reason


def test_a_repeal_without_its_own_start_is_still_a_repeal() -> None:
    assert on("2024-01-01", repealed(), since=None).validity is Validity.NOT_IN_FORCE


def test_an_amendment_ends_nothing_but_the_text_may_be_another() -> None:
    amended = Event("amended_by", "23/2023/QH15", "1", LATER)
    included = Event("amended_by", "23/2023/QH15", "1", LATER, included=True)
    whole = Event("amended_by", "23/2023/QH15", "", LATER, whole=True)
    assert on("2024-01-01", amended).validity is Validity.IN_FORCE
    assert on("2024-01-01", amended).text is TextState.OLDER
    assert on("2024-01-01", included).text is TextState.INCLUDED
    assert on("2022-01-01", included).text is TextState.NEWER
    assert on("2022-01-01", amended).text is TextState.AS_STORED
    assert text_on([whole], date(2024, 1, 1)) is TextState.MAYBE_OLDER
