"""The five questions of ``troly profile new``: asked of a person, or of a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import ValidationError

from assistant.errors import InputError
from assistant.profiles.profile import Audience, Profile
from assistant.profiles.proposing import as_recorded, nearest
from knowledge_base.documents import DocumentKind

_Value = TypeVar("_Value")

_LISTED = 15  # of what the record has
_NEAR = 5  # names instead of one that is not there
_KINDS: Mapping[str, tuple[DocumentKind, ...]] = {
    "1": (),
    "2": (DocumentKind.PROCEDURE,),
    "3": (DocumentKind.LAW, DocumentKind.GUIDANCE),
}
_AUDIENCES: Mapping[str, Audience] = {"1": "public", "2": "officers"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a profile is to be; None and empty are still to be asked."""

    title: str = ""
    fields: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    document_types: tuple[str, ...] = ()
    years: str = ""
    collections: tuple[str, ...] = ()
    kinds: tuple[DocumentKind, ...] = ()
    audience: Audience | None = None
    questions: tuple[str, ...] = ()

    @property
    def limits(self) -> bool:
        """Whether anything says what it is for."""
        return any(
            (self.fields, self.authorities, self.document_types, self.years, self.collections)
        )


class Questions:
    """Asks what is not known yet. ``there`` is what the record has, with counts."""

    def __init__(
        self, there: Mapping[str, Mapping[str, int]], say: Callable[[str], object]
    ) -> None:
        self._there = there
        self._say = say

    def all(self, wanted: Wanted) -> Wanted:
        """The first four of the five; the fifth needs what these lead to (`examples`)."""
        self._say("Năm câu hỏi; Enter là lấy giá trị trong ngoặc. Ctrl-C để thôi, không ghi gì.")
        if not wanted.limits:
            wanted = self._fields(wanted)
        if not wanted.title:
            title = f"Trợ lý {', '.join(wanted.fields)}" if wanted.fields else "Trợ lý của tôi"
            wanted = replace(wanted, title=self._ask("2/5 Tên trợ lý", title[:100]))
        if not wanted.kinds:
            wanted = self._kinds(wanted)
        if wanted.audience is None:
            self._say("4/5 Ai được dùng?  1. mọi người   2. chỉ cán bộ đã đăng nhập")
            wanted = replace(wanted, audience=self._one_of(_AUDIENCES, "1"))
        return wanted

    def examples(self, proposed: Sequence[str]) -> tuple[str, ...]:
        """The fifth: questions people are shown to begin with."""
        self._say("5/5 Câu hỏi mẫu. Đề xuất từ kho:")
        for text in proposed:
            self._say(f"    {text}")
        said = self._ask("Enter để lấy, hoặc gõ câu của mình, cách nhau bằng dấu ;", "")
        own = tuple(part.strip() for part in said.split(";") if part.strip())
        return own or tuple(proposed)

    def _fields(self, wanted: Wanted) -> Wanted:
        fields = self._there["fields"]
        if not fields:
            raise InputError(
                "Kho chưa có thủ tục nào nên chưa có lĩnh vực để chọn. Nạp trước: troly ingest "
                "TỆP; hoặc chọn bằng --authority, --document-type, --collection."
            )
        self._say("1/5 Trợ lý trả lời về lĩnh vực nào? (số thủ tục trong ngoặc)")
        for n, (name, count) in enumerate(list(fields.items())[:_LISTED], 1):
            self._say(f"    {n:2}. {name} ({count})")
        if len(fields) > _LISTED:
            self._say(f"    … và {len(fields) - _LISTED} lĩnh vực khác: troly profile fields")
        while True:
            said = self._ask("Số hoặc tên, nhiều lĩnh vực cách nhau bằng dấu ;", "")
            try:
                return replace(wanted, fields=self._named(said, list(fields)))
            except InputError as error:
                self._say(str(error))

    def _named(self, said: str, fields: Sequence[str]) -> tuple[str, ...]:
        parts = [part.strip() for part in said.split(";") if part.strip()]
        if not parts:
            raise InputError("Hãy chọn ít nhất một lĩnh vực.")
        return tuple(
            fields[int(part) - 1]
            if part.isdecimal() and 1 <= int(part[:4]) <= min(len(fields), _LISTED)
            else known(part, fields, "lĩnh vực")
            for part in parts
        )

    def _kinds(self, wanted: Wanted) -> Wanted:
        self._say("3/5 Trả lời từ đâu?  1. thủ tục và văn bản   2. chỉ thủ tục   3. chỉ văn bản")
        return replace(wanted, kinds=self._one_of(_KINDS, "1"))

    def _one_of(self, choices: Mapping[str, _Value], usual: str) -> _Value:
        while True:
            said = self._ask(f"Chọn {', '.join(choices)}", usual)
            if said in choices:
                return choices[said]
            self._say(f"Xin gõ một trong các số {', '.join(choices)}.")

    def _ask(self, question: str, usual: str) -> str:
        sys.stderr.write(f"{question}{f' [{usual}]' if usual else ''}: ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise InputError(
                "Hết dữ liệu vào trước khi đủ câu trả lời nên chưa ghi gì. Trả lời đủ năm dòng, "
                "hoặc dùng --field, --title … --yes."
            )
        return " ".join(line.split()) or usual


def known(asked: str, names: Sequence[str], what: str) -> str:
    """The name as the record writes it. Raises `InputError` with the nearest where it has none."""
    found = as_recorded(asked, names)
    if found is not None:
        return found
    near = [f"“{name}”" for name in nearest(asked, names)]
    like = "Gần nhất" if near else "Kho có, chẳng hạn"
    near = near or [f"“{name}”" for name in names[:_NEAR]]
    told = f"{like}: {', '.join(near)}. " if near else ""
    raise InputError(
        f"Kho không có {what} “{asked}”. {told}Xem tất cả: troly profile fields; nạp thêm tài "
        "liệu: troly ingest."
    )


def block_of(wanted: Wanted, suggestions: Sequence[str]) -> dict[str, object]:
    """The block of a profile, in the order it is read; what is usual is left out."""
    block: dict[str, object] = {"title": wanted.title}
    if wanted.audience == "officers":
        block["audience"] = wanted.audience
    for key in ("fields", "authorities", "document_types", "collections"):
        if names := getattr(wanted, key):
            block[key] = list(names)
    if wanted.years:
        block["years"] = wanted.years
    if wanted.kinds:
        block["kinds"] = [kind.value for kind in wanted.kinds]
    about = validated(block).about()
    block["greeting"] = (
        f"Xin chào, tôi là {wanted.title}, trợ lý AI (không phải người), chỉ trả lời về {about} "
        "theo nguồn có dẫn. Xin đừng gửi số căn cước hay ảnh giấy tờ."
    )[:600]
    if suggestions:
        block["suggestions"] = list(suggestions)
    return block


def validated(block: Mapping[str, object]) -> Profile:
    """The profile of a block. Raises `InputError` for the first key that is wrong."""
    try:
        return Profile.model_validate(block)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from error


def titled(wanted: Wanted, title: str) -> Wanted:
    """With a title where it has none."""
    return wanted if wanted.title else replace(wanted, title=title[:100])
