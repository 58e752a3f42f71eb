"""A journey in a conversation: one question at a time, in the words people use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.dialogue.ports import JOURNEY, Journeys, Spoken
from assistant.dialogue.state import Heard
from assistant.journeys.checklist import OpenQuestion
from assistant.journeys.for_conversations import JourneysInConversation
from assistant.journeys.guide import Guide
from assistant.journeys.keeping import Checklists
from assistant.journeys.said import said_choice, said_code, said_day, said_of_step, says_unknown
from assistant.journeys.schema import journeys
from assistant.journeys.sources import RecordSources
from assistant.personal_data import mask
from knowledge_base.scope import citizen

NOW = date(2026, 11, 22)


def heard(text: str) -> Heard:
    return Heard(text, "c", citizen(), as_of=NOW)


@pytest.fixture
def talk(sources: RecordSources, tmp_path: Path) -> JourneysInConversation:
    return JourneysInConversation(Guide(sources, Checklists(tmp_path / "state.sqlite")))


def said(talk: Journeys, spoken: Spoken, text: str) -> Spoken:
    answer = talk.go_on(spoken.pending, heard(text))
    assert answer is not None, text
    assert answer.pending.startswith(JOURNEY)
    assert len(answer.choices) <= 5
    return answer


def test_the_walk_of_a_conversation(talk: JourneysInConversation) -> None:
    spoken = talk.begin("event_birth", heard("vợ tôi vừa sinh con hôm qua"))
    assert spoken.text.startswith("Chúc mừng")
    spoken = said(talk, spoken, "1")
    spoken = said(talk, spoken, "làm riêng")
    assert talk.go_on(spoken.pending, heard("khai sinh mất bao nhiêu tiền?")) is None
    spoken = said(talk, spoken, "khong ro")
    assert "[ ] 1. Đăng ký khai sinh cho con (mã 1.001193)" in spoken.text
    assert "Hạn: thứ Tư 20/01/2027" in spoken.text
    assert "[60/2014/QH13, Điều 15, Khoản 1]" in spoken.text
    spoken = said(talk, spoken, spoken.choices[0])
    assert "[x] 1." in spoken.text
    spoken = said(talk, spoken, "xong việc 2 rồi ạ")
    assert "[x] 2." in spoken.text
    spoken = said(talk, spoken, "bỏ qua việc 4")
    assert "[-] 4." in spoken.text
    code = said_code(spoken.text)
    again = talk.again("", heard(f"mở lại danh sách {code.lower()}"))
    assert again is not None
    assert "[x] 2." in again.text
    at_hand = talk.again(spoken.pending, heard("danh sách việc của tôi"))
    assert at_hand is not None
    assert at_hand.text == again.text
    assert talk.again("", heard("danh sách việc của tôi")) is None
    talk.forget("c")
    gone = talk.again("", heard(code))
    assert gone is not None
    assert "Không tìm thấy" in gone.text


def test_the_day_is_asked_for_where_it_was_not_said(talk: JourneysInConversation) -> None:
    spoken = talk.begin("event_move", heard("nhà mình chuyển vào tỉnh khác ở"))
    for text in ("lâu dài", "có", "không"):
        spoken = said(talk, spoken, text)
    assert "ngày chuyển đến" in spoken.text
    assert "10/11/2026" in said(talk, spoken, "mùng 10 tháng 11").text
    spoken = talk.begin("event_retire", heard("tôi nghỉ hưu"))
    for text in ("chưa đóng", "không", "Chưa biết"):
        spoken = said(talk, spoken, text)
    assert "[ ] 1. Xin trợ cấp hưu trí xã hội" in spoken.text


@pytest.mark.parametrize("name", sorted(journeys()))
def test_every_journey_can_be_gone_through_by_its_buttons(
    talk: JourneysInConversation, name: str
) -> None:
    spoken = talk.begin(name, heard(""))
    for _ in range(5):
        if not spoken.pending.rpartition(":")[0].endswith(":list"):
            assert spoken.choices
            spoken = said(talk, spoken, spoken.choices[0])
    assert "[ ] 1. " in spoken.text
    for _ in range(12):
        if spoken.choices:
            spoken = said(talk, spoken, spoken.choices[0])
    assert "[x] " in spoken.text


def test_a_day_said_before_it_is_asked_for_is_noted(talk: JourneysInConversation) -> None:
    spoken = said(talk, talk.begin("event_birth", heard("tôi vừa sinh con")), "hom qua")
    assert "21/11/2026" in spoken.text
    assert "trường hợp nào?" in spoken.text
    for answer in ("1", "2", "không rõ"):
        spoken = said(talk, spoken, answer)
    assert "Hạn: thứ Tư 20/01/2027" in spoken.text
    undated = talk.begin("event_birth", heard("tôi vừa sinh con"))
    for answer in ("1", "2", "không rõ", "không rõ"):
        undated = said(talk, undated, answer)
    assert "Hạn: thứ Tư 20/01/2027" in said(talk, undated, "cháu sinh ngày 21/11").text


def test_a_step_done_before_all_is_asked_leads_to_the_list(talk: JourneysInConversation) -> None:
    spoken = said(talk, talk.begin("event_birth", heard("tôi vừa sinh con hôm qua")), "1")
    assert "[x] 1." in said(talk, spoken, "xong việc 1").text


def test_a_list_that_was_deleted_is_told(talk: JourneysInConversation, tmp_path: Path) -> None:
    spoken = talk.begin("event_birth", heard("vừa sinh con"))
    (tmp_path / "state.sqlite").unlink()
    gone = talk.go_on(spoken.pending, heard("1"))
    assert gone is not None
    assert gone.pending == ""
    assert "bắt đầu danh sách mới" in gone.text
    for pending in ("", "journey:", "journey:x", "other:x:y", "journey:x:y:z"):
        answer = talk.go_on(pending, heard("1"))
        assert answer is None or answer.pending == ""


def test_a_database_that_cannot_be_used_is_told(
    talk: JourneysInConversation, tmp_path: Path
) -> None:
    spoken = talk.begin("event_birth", heard("vừa sinh con"))
    (tmp_path / "state.sqlite").write_bytes(b"no database" * 500)
    for answer in (talk.go_on(spoken.pending, heard("1")), talk.again(spoken.pending, heard(""))):
        assert answer is not None
        assert "chưa mở hoặc lưu được" in answer.text
        assert answer.pending == spoken.pending


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20/11/2026", date(2026, 11, 20)),
        ("hôm 20-11", date(2026, 11, 20)),
        ("ngay 20 thang 11 nam 2026", date(2026, 11, 20)),
        ("ngày 5 tháng 1", date(2027, 1, 5)),  # the nearest
        ("5/1/26", date(2026, 1, 5)),
        ("2026-11-20", date(2026, 11, 20)),
        ("hôm kia", date(2026, 11, 20)),
        ("2 tuần trước", date(2026, 11, 8)),
        ("3 ngày nữa", date(2026, 11, 25)),
        ("31/2/2026", None),
        ("nghị định 58/2026/NĐ-CP", None),
        ("con thứ 2", None),
        ("", None),
    ],
)
def test_days_in_words(text: str, day: date | None) -> None:
    assert said_day(text, NOW) == day


TOGETHER = OpenQuestion("q", "Gộp hay riêng?", (("yes", "Làm gộp một lần"), ("no", "Làm riêng")))
PAPERS = OpenQuestion(
    "q", "Mất gì?", (("id", "Thẻ căn cước"), ("land", "Sổ đỏ"), ("pass", "Hộ chiếu")), many=True
)


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        ("làm gộp một lần", TOGETHER, "yes"),
        ("gop", TOGETHER, "yes"),
        ("cái thứ hai", TOGETHER, "no"),
        ("dạ có ạ", TOGETHER, "yes"),
        ("không", TOGETHER, "no"),
        ("làm", TOGETHER, None),
        ("làm riêng thì sao?", TOGETHER, None),
        ("hộ chiếu, sổ đỏ và căn cước", PAPERS, "pass,land,id"),
        ("so do", PAPERS, "land"),
        ("hộ chiếu và xe máy", PAPERS, None),
        ("", PAPERS, None),
    ],
)
def test_choices_in_words(text: str, question: OpenQuestion, value: str | None) -> None:
    assert said_choice(text, question) == value


def test_what_is_said_of_steps_and_codes() -> None:
    titles = ["Đăng ký khai sinh cho con", "Làm thẻ căn cước cho con"]
    assert said_of_step("đã làm xong: đăng ký khai sinh cho con", titles) == (0, True)
    assert said_of_step("xong 2", titles) == (1, True)
    assert said_of_step("bo qua viec 1", titles) == (0, False)
    assert said_of_step("xong việc 9", titles) is None
    assert said_of_step("làm xong việc 1 thì làm gì?", titles) is None
    assert said_code("mã của tôi là 7k2m-9qxa-4trw ạ") == "7K2M-9QXA-4TRW"
    assert said_code("222233334444") == said_code("danh sách") == ""
    assert says_unknown("Không rõ.")
    assert not says_unknown("không")


def test_the_code_stands_nowhere_in_what_is_kept(
    talk: JourneysInConversation, tmp_path: Path
) -> None:
    spoken = talk.begin("event_birth", heard("vợ tôi vừa sinh con hôm qua"))
    for text in ("1", "làm riêng", "không rõ"):
        spoken = said(talk, spoken, text)
    code = said_code(spoken.text)
    assert code
    assert code not in spoken.pending
    assert mask(f"mã {code} hay {code.replace('-', ' ')}") == "mã [mã danh sách] hay [mã danh sách]"
    other = Heard("xong việc 1", "another", citizen(), as_of=NOW)
    assert talk.go_on(spoken.pending, other) is None
    kept = b"".join(each.read_bytes() for each in tmp_path.glob("state.sqlite*"))
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept


def test_a_list_goes_with_the_conversation_it_was_begun_in(talk: JourneysInConversation) -> None:
    mine = talk.begin("event_retire", heard("tôi nghỉ hưu"))
    other = Heard("tôi nghỉ hưu", "another", citizen(), as_of=NOW)
    theirs = talk.begin("event_retire", other)
    talk.forget("c")
    assert said_nothing_but_gone(talk.go_on(mine.pending, heard("có")))
    assert talk.go_on(theirs.pending, Heard("có", "another", citizen(), as_of=NOW)) is not None
    talk.forget("c")  # nothing is left, which is no mistake


def said_nothing_but_gone(spoken: Spoken | None) -> bool:
    return spoken is not None and "không còn" in spoken.text and not spoken.pending
