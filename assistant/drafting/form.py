"""The form of a paper, as a person fills it in: YAML or JSON, read strictly."""

from __future__ import annotations

from datetime import date as Day
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from assistant.drafting.number_words import MOST
from assistant.drafting.tables import BodyItem, kinds
from assistant.errors import InputError
from knowledge_base.vietnamese import clean, fold

#: Bytes of a form file; a longer one is no form.
LARGEST = 256 * 1024
_LONGEST = 4000  # characters of one text
_CAPACITIES = ("TM.", "KT.", "TL.", "TUQ.", "Q.")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Signer(_Strict):
    """Who signs. ``capacity``: lines above the position, as "KT. GIÁM ĐỐC"."""

    capacity: tuple[str, ...] = ()
    position: str = ""
    name: str = ""

    @field_validator("capacity", mode="before")
    @classmethod
    def _one_or_more(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _known(self) -> Self:
        for line in self.capacity:
            if not line.upper().startswith(_CAPACITIES):
                raise ValueError(
                    f"“{line}” chưa đúng: quyền hạn ký bắt đầu bằng TM., KT., TL., TUQ. hoặc Q."
                )
        return self


class Sum(_Strict):
    """A sum of money and what it is for."""

    what: str = "Số tiền"
    value: int = Field(ge=0, lt=MOST)
    currency: str = "đồng"


class Form(_Strict):
    """What is known of a paper; what is left empty becomes a blank and is asked for."""

    kind: str
    parent: str = ""
    agency: str = ""
    short: str = ""
    unit: str = ""
    number: int | None = Field(default=None, ge=1, le=99_999)
    place: str = ""
    date: Day | None = None
    subject: str = ""
    to: tuple[str, ...] = ()
    issuer: str = ""
    bases: tuple[str, ...] = ()
    proposer: str = ""
    content: tuple[str | BodyItem, ...] = ()
    amounts: tuple[Sum, ...] = ()
    deadline: Day | None = None
    receivers: tuple[str, ...] = ()
    file: str = ""
    signer: Signer = Signer()
    time: str = ""
    venue: str = ""
    attendees: str = ""
    host: str = ""
    secretary: str = ""
    end: str = ""

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, given: str) -> str:
        found = kind_of(given)
        if found is None:
            names = ", ".join(kind.name for kind in kinds().values())
            raise ValueError(f"không có loại văn bản “{given[:40]}”; có: {names}")
        return found

    @field_validator("to", "bases", "receivers", "content", mode="before")
    @classmethod
    def _one_or_more(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given if given is not None else ()

    @field_validator("date", "deadline", mode="before")
    @classmethod
    def _day(cls, given: object) -> object:
        return said_day(given) if isinstance(given, str) else given


def said_day(text: str) -> Day | None:
    """A day as a form has it: 2026-11-22 or 22/11/2026; None for an empty text.

    Raises:
        ValueError: it is another text, or there is no such day.
    """
    plain = text.strip()
    if not plain:
        return None
    parts = plain.replace(".", "/").split("/")
    try:
        if len(parts) == 3:
            return Day(int(parts[2]), int(parts[1]), int(parts[0]))
        return Day.fromisoformat(plain)
    except ValueError:
        raise ValueError(
            f"ngày “{plain[:20]}” không có thật hoặc chưa đúng dạng; hãy viết 22/11/2026"
        ) from None


def kind_of(text: str) -> str | None:
    """The id of a kind by its id or its name, with or without diacritics.

    >>> kind_of("Công văn"), kind_of("to trinh"), kind_of("thư")
    ('cong_van', 'to_trinh', None)
    """
    wanted = "_".join(fold(text.replace("_", " ").replace("-", " ")).split())
    return wanted if wanted in kinds() else None


def read_form(path: Path, kind: str = "") -> Form:
    """The form in a file; ``kind`` where the file does not say it.

    Raises:
        InputError: with the place in the file and what to do.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"Không đọc được {path}: {error.strerror}. Hãy kiểm tra lại.") from error
    if len(data) > LARGEST:
        raise InputError(f"{path.name} dài quá {LARGEST // 1024} KB, không phải một biểu mẫu.")
    try:
        given = yaml.load(data.decode("utf-8-sig"), Loader=_WithoutDates)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", dòng {mark.line + 1}" if mark else ""
        raise InputError(
            f"{path.name}{where}: không phải YAML (UTF-8) đúng cách viết. Xem mẫu bằng: "
            "troly draft kinds cong_van"
        ) from error
    return made_form(given, kind, path.name)


def made_form(given: Any, kind: str = "", where: str = "biểu mẫu") -> Form:
    """A form from what YAML or JSON gave. Raises `InputError`."""
    if not isinstance(given, dict):
        raise InputError(
            f"{where}: cần các dòng “tên: giá trị”. Xem mẫu bằng: troly draft kinds cong_van"
        )
    plain = _cleaned(given)
    stated = plain.get("kind")
    if kind and stated and kind_of(str(stated)) != kind_of(kind):
        raise InputError(
            f"{where}: kind là “{stated}”, lệnh lại gọi “{kind}”. Hãy bỏ một trong hai."
        )
    try:
        return Form(**{**plain, "kind": stated or kind or ""})
    except ValidationError as error:
        raise InputError(f"{where}: {_told(error)}") from error
    except TypeError as error:
        raise InputError(f"{where}: tên trường phải là chữ.") from error


class _WithoutDates(yaml.SafeLoader):
    """Days stay text, so that one that does not exist is told in our words."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as PyYAML keeps it
        first: [(tag, regexp) for tag, regexp in pairs if not tag.endswith("timestamp")]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _cleaned(given: Any, depth: int = 0) -> Any:
    if depth > 8:
        raise InputError("Biểu mẫu lồng quá 8 tầng. Hãy viết gọn lại.")
    if isinstance(given, str):
        text = clean(given)
        if len(text) > _LONGEST:
            raise InputError(f"Có một đoạn dài quá {_LONGEST} chữ. Hãy tách thành nhiều đoạn.")
        return text
    if isinstance(given, list):
        if len(given) > 500:
            raise InputError("Có danh sách quá 500 mục. Hãy tách thành phụ lục.")
        return [_cleaned(each, depth + 1) for each in given]
    if isinstance(given, dict):
        return {
            key: _cleaned(value, depth + 1) for key, value in given.items() if value is not None
        }
    return given


#: Names that pydantic gives to the ways a value may be read.
_INNER = ("constrained-str", "str", "Item", "ContentItem", "tuple")


def _told(error: ValidationError) -> str:
    told = error.errors()
    # A line of the content may be words or a part: what is wrong with the part says more.
    first = next((e for e in told if e["type"] == "extra_forbidden"), told[0])
    path = ".".join(str(part) for part in first["loc"] if str(part) not in _INNER)
    if first["type"] == "extra_forbidden":
        name = str(first["loc"][-1])
        if first["loc"][0] == "content":
            return (
                f"content: một mục có “{name}” mà máy không biết; mỗi mục là một câu, hoặc có "
                "title, text, items. Bảng thì chèn vào tệp Word sau khi soạn."
            )
        fields = Signer.model_fields if first["loc"][0] == "signer" else Form.model_fields
        near = get_close_matches(name, [*fields, "title", "text", "items"], n=1)
        hint = f"; có phải “{near[0]}”?" if near else f"; các trường: {', '.join(fields)}"
        return f"không có trường “{path}”{hint}"
    if first["type"] == "value_error":
        return f"{path}: {first['ctx']['error']!s}"
    reasons = {
        "string_type": "phải là chữ (đặt trong ngoặc kép nếu là số)",
        "int_type": "phải là số nguyên",
        "int_parsing": "phải là số nguyên, không có dấu chấm",
        "int_from_float": "phải là số nguyên",
        "greater_than_equal": "nhỏ quá",
        "less_than": "lớn quá",
        "less_than_equal": "lớn quá",
        "tuple_type": "phải là danh sách",
        "missing": "chưa có",
    }
    return f"{path}: {reasons.get(first['type'], 'không đúng kiểu')}"
