"""Reading what was sent: bounded in size and time, and never trusted to be what it claims."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from bots.web.errors import Refused

#: Largest request body, in bytes. A question is at most a few kilobytes.
LARGEST_BODY = 64 * 1024
#: Seconds for a whole body to arrive.
SLOWEST_BODY = 10.0

Shape = TypeVar("Shape", bound=BaseModel)

#: pydantic's error types, said in Vietnamese. Others say what the field must be called.
_REASONS = {
    "string_type": "phải là chuỗi chữ",
    "string_too_long": "quá dài",
    "string_pattern_mismatch": "có ký tự không được dùng",
    "bool_type": "phải là true hoặc false",
    "bool_parsing": "phải là true hoặc false",
    "list_type": "phải là danh sách",
    "dict_type": "phải là đối tượng JSON",
    "model_type": "phải là đối tượng JSON",
    "too_short": "không được để trống",
    "too_long": "có quá nhiều phần tử",
    "extra_forbidden": "không có trường này; xem các trường tại /docs",
    "enum": "không có giá trị này; xem các giá trị tại /docs",
    "value_error": "không đúng định dạng",
    "date_from_datetime_parsing": "phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-07-01",
    "date_parsing": "phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-07-01",
    "date_type": "phải là ngày dạng NĂM-THÁNG-NGÀY, ví dụ 2026-07-01",
}


def iso_day(value: object) -> date | None:
    """A field's ``2026-07-01`` as a day; pydantic would also read numbers as times since 1970.

    Raises:
        ValueError: it is something else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    raise ValueError("not a day")


async def read_body(
    request: Request, largest: int = LARGEST_BODY, seconds: float | None = None
) -> bytes:
    """The whole body.

    Raises:
        Refused: 413 beyond ``largest`` bytes, 408 beyond ``seconds`` (`SLOWEST_BODY`).
    """
    refuse_other_sites(request)
    too_large = Refused(413, "too_large", limit=largest // 1024)
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:12]) > largest:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(SLOWEST_BODY if seconds is None else seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > largest:
                    raise too_large
    except TimeoutError:
        raise Refused(408, "too_slow") from None
    return bytes(body)


def refuse_other_sites(request: Request) -> None:
    """A page of another site may not make this machine work by a visitor's browser."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise Refused(403, "cross_site")


async def read_json(request: Request, shape: type[Shape]) -> Shape:
    """The body as ``shape``, whatever its Content-Type says.

    Raises:
        Refused: the body is no UTF-8, no JSON object, or not of this shape.
    """
    return parse(await read_body(request), shape)


def parse(body: bytes, shape: type[Shape]) -> Shape:
    """``body`` as ``shape``; `Refused` with one sentence where it is not."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(400, "not_utf8") from None
    try:
        data: Any = json.loads(text)
        if not isinstance(data, dict):
            raise Refused(400, "not_object")
        # A lone surrogate is legal JSON and breaks every later encoding.
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(400, "bad_text") from None
    except (ValueError, RecursionError):
        raise Refused(400, "not_json") from None
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "body"
        if first["type"] == "missing":
            raise Refused(422, "missing_field", field=field) from None
        reason = _REASONS.get(first["type"], "không đúng kiểu")
        raise Refused(422, "bad_field", field=field, reason=reason) from None
