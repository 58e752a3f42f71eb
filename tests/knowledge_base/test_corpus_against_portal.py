"""Every bundled card against the record the portal published in July 2026.

The records are not part of this repository. They are looked for in the folder
named by TROLY_DATA, or in ``shared/data`` beside the repository; without them
these tests are skipped. A difference is an error unless it is named in
`DELIBERATE` with its reason, and told to the reader in a note of the card.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from knowledge_base.corpus_files import procedures
from knowledge_base.documents import Level, ProcedureCard, TimeUnit

from ..published_data import DATA

zstandard = pytest.importorskip("zstandard")

PORTAL = DATA / "tthc_dichvucong" / "procedures.jsonl.zst"
DEFENCE = DATA / "tthc_bo_quoc_phong" / "procedures.jsonl.zst"

pytestmark = pytest.mark.skipif(not PORTAL.exists(), reason="the portal's records are not here")

DECREE_NEWER = "the record is older than the decree in force, which the card follows"
UNIT_FROM_LAW = "the record's table has the number without a unit, or no time; the law has it"
HALF_UNTIL_2027 = "reduced by a circular and a resolution that are newer than the record's figures"
RESIDENCE_FEES = "the record shows one row of the fee circular; the card has all of its rows"
LICENCES = "filed with the provincial police or a commune they entrusted, as the steps say"
TESTING_STATION = "the record says another body: a testing station under the ministry's network"
FORM_ELSEWHERE = "the form is named in the record of a sibling procedure"

#: What differs on purpose: (code, slot) -> why.
DELIBERATE = {
    ("2.001478", "times"): DECREE_NEWER,
    ("2.001019", "times"): UNIT_FROM_LAW,
    ("2.001035", "times"): UNIT_FROM_LAW,
    ("2.001016", "times"): UNIT_FROM_LAW,
    ("1.004746", "times"): UNIT_FROM_LAW,
    ("1.004884", "times"): UNIT_FROM_LAW,
    ("1.000894", "times"): UNIT_FROM_LAW,
    ("1.001022", "times"): UNIT_FROM_LAW,
    ("1.004859", "times"): UNIT_FROM_LAW,
    ("1.014061", "fees"): HALF_UNTIL_2027,
    ("1.014063", "fees"): HALF_UNTIL_2027,
    ("1.014064", "fees"): HALF_UNTIL_2027,
    ("1.001471", "fees"): HALF_UNTIL_2027,
    ("1.004194", "fees"): RESIDENCE_FEES,
    ("1.002755", "fees"): RESIDENCE_FEES,
    ("3.000347", "levels"): LICENCES,
    ("3.000348", "levels"): LICENCES,
    ("3.000350", "levels"): LICENCES,
    ("3.000351", "levels"): LICENCES,
    ("3.000353", "levels"): LICENCES,
    ("1.013092", "levels"): TESTING_STATION,
    ("1.013101", "levels"): TESTING_STATION,
    ("1.013076", "forms"): FORM_ELSEWHERE,
}

UNITS = {
    TimeUnit.MINUTE: "phút",
    TimeUnit.HOUR: "giờ",
    TimeUnit.DAY: "ngày(?! làm việc)",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
}
LEVELS = {Level.CENTRAL: "bộ", Level.PROVINCE: "tỉnh", Level.COMMUNE: "xã"}


@dataclass(frozen=True)
class Published:
    """What a record says, as one text, with the fields that can be compared as they are."""

    code: str
    name: str
    decision: str
    level: str
    url: str
    text: str

    def numbers(self) -> set[int]:
        """Every figure, thousands' separators taken out."""
        found = re.findall(r"\d[\d.,]*\d|\d", self.text)
        return {int(re.sub(r"\D", "", figure)) for figure in found}


def rows(path: Path) -> Iterator[dict[str, object]]:
    if path.exists():
        with path.open("rb") as file:
            stream = zstandard.ZstdDecompressor().stream_reader(file)
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                yield json.loads(line)


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def leaves(value: object) -> Iterator[str]:
    """Every text in a nested record, in order."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif value is not None:
        yield str(value)


@pytest.fixture(scope="module")
def published() -> dict[str, Published]:
    found = {}
    for row in rows(PORTAL):
        fields = {key: str(value or "") for key, value in row.items()}
        found[fields["ma_thu_tuc"]] = Published(
            fields["ma_thu_tuc"],
            fields["ten_thu_tuc"],
            fields["so_quyet_dinh"],
            fields["cap_thuc_hien"],
            fields["detail_url"],
            one_line("\n".join(leaves(row))),
        )
    for row in rows(DEFENCE):
        head = row["metadata"]
        assert isinstance(head, dict)
        code = str(row["thu_tuc_id"])
        found[code] = Published(
            code,
            head["tên_thủ_tục"],
            head["số_quyết_định"].removeprefix("Quyết định số "),
            head["cấp_thực_hiện"],
            "",
            one_line("\n".join(leaves(row))),
        )
    return found


@pytest.fixture(scope="module")
def pairs(published: dict[str, Published]) -> list[tuple[ProcedureCard, Published]]:
    return [(card, published[card.code]) for card in procedures() if card.code in published]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", one_line(text).lower()))


def expected(slot: str) -> set[str]:
    return {code for code, named in DELIBERATE if named == slot}


def test_most_cards_have_a_record(pairs: list[tuple[ProcedureCard, Published]]) -> None:
    assert len(pairs) >= 150


def test_names_say_nothing_the_record_does_not(
    pairs: list[tuple[ProcedureCard, Published]],
) -> None:
    linking = {"và", "đối", "với", "đất", "cho", "thủ", "tục"}
    assert {c.code: words(c.name) - words(p.name) - linking for c, p in pairs} == {
        c.code: set() for c, p in pairs
    }


def test_decision_and_address_are_the_records(
    pairs: list[tuple[ProcedureCard, Published]],
) -> None:
    wrong = []
    for card, record in pairs:
        (source,) = [source for source in card.sources if source.key == "portal"]
        if (source.decision_number, source.url) != (record.decision, record.url):
            wrong.append((card.code, source, record.decision, record.url))
    assert wrong == []


def levels_differ(card: ProcedureCard, record: Published) -> bool:
    """Whether the card sends people to a level the record does not name.

    The ministry may be left out: the record lists it with every level below,
    and nobody files there.
    """
    named = {level for level, word in LEVELS.items() if word in record.level.lower()}
    return not set(card.levels) <= named or bool(named - set(card.levels) - {Level.CENTRAL})


def fees_differ(card: ProcedureCard, record: Published) -> bool:
    numbers = record.numbers()
    amounts = {fee.amount for channel in card.channels for fee in channel.fees}
    return not {amount for amount in amounts if amount is not None} <= numbers


def times_differ(card: ProcedureCard, record: Published) -> bool:
    return any(
        time.amount is not None
        and not re.search(
            rf"(?<!\d)0?{time.amount:g}\s*(\([^)]*\)\s*)?{UNITS[time.unit]}", record.text, re.I
        )
        for channel in card.channels
        for time in channel.times
    )


def forms_differ(card: ProcedureCard, record: Published) -> bool:
    """Whether a form's code ("CT01", "05-ĐK-TCT") is not in the record, separators aside."""
    text = re.sub(r"[\W_]", "", record.text.lower())
    lawful = {re.sub(r"[\W_]", "", number.lower()) for number in card.legal_basis}
    said = {token for item in card.dossier for token in re.findall(r"[^\s,;()]+", item.form)}
    codes = {re.sub(r"[\W_]", "", token.lower()) for token in said if re.search(r"\d", token)}
    return any(code not in text and code not in lawful for code in codes)


@pytest.mark.parametrize(
    ("slot", "differ"),
    [
        ("levels", levels_differ),
        ("fees", fees_differ),
        ("times", times_differ),
        ("forms", forms_differ),
    ],
)
def test_what_the_card_says_is_in_the_record(
    slot: str,
    differ: Callable[[ProcedureCard, Published], bool],
    pairs: list[tuple[ProcedureCard, Published]],
) -> None:
    assert {card.code for card, record in pairs if differ(card, record)} == expected(slot)


def test_law_that_is_not_in_the_record_has_another_source(
    pairs: list[tuple[ProcedureCard, Published]],
) -> None:
    unsupported = []
    for card, record in pairs:
        text = one_line(record.text)
        titles = " ".join(f"{s.title} {s.decision_number}" for s in card.sources)
        other = set(card.slot_sources.get("legal_basis") or card.slot_sources["all"]) - {"portal"}
        for number in card.legal_basis:
            # The portal's own cells are cut ("118/2025/NĐ-C") or glued to the next word.
            cut = number.removesuffix("P") if number.endswith("-CP") else number
            if cut not in text and number not in titles and not other:
                unsupported.append((card.code, number))
    assert unsupported == []


def test_what_differs_is_told_to_the_reader(
    pairs: list[tuple[ProcedureCard, Published]],
) -> None:
    cards = {card.code: card for card, record in pairs}
    silent = [
        (code, slot)
        for code, slot in DELIBERATE
        if slot in ("fees", "times")
        and not any("Cổng" in note or "bản ghi" in note.lower() for note in cards[code].notes)
    ]
    assert silent == []
