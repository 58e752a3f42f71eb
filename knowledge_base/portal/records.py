"""One record of the portal, from any of the three schemas it is published in.

* ``portal``: the crawl of dichvucong.gov.vn ("ma_thu_tuc", …), tables flattened;
* ``ministry``: the ministries' own files ("thu_tuc_id", "metadata", "tables");
* ``catalogue``: names only, from April 2025, before the districts were abolished.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from knowledge_base.portal.rows import HOWS, Row
from knowledge_base.portal.texts import clean, known


class Schema(StrEnum):
    PORTAL = "portal"
    MINISTRY = "ministry"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class Paper:
    """A row of the table of papers, where its cells are apart."""

    name: str
    form: str
    quantity: str


@dataclass(frozen=True, slots=True)
class Raw:
    """The cells of one record as text, under one set of names."""

    schema: Schema
    code: str
    name: str
    field: str = ""
    level: str = ""
    decision: str = ""
    url: str = ""
    who: str = ""
    authority: str = ""
    carried_out_by: str = ""
    where: str = ""
    steps: str = ""
    channels: str = ""  # flattened table
    rows: tuple[Row, ...] = ()  # or its rows
    dossier: str = ""  # flattened table
    papers: tuple[Paper, ...] = ()  # or its rows
    basis: str = ""  # flattened list
    numbers: tuple[str, ...] = ()  # or its cells
    conditions: str = ""
    result: str = ""


class NotARecord(ValueError):
    """A JSON object that is no record of a procedure; the message says what is missing."""


def schema_of(found: Mapping[str, Any]) -> Schema | None:
    """Which of the schemas an object is in, by its keys."""
    if "ma_thu_tuc" in found and "ten_thu_tuc" in found:
        return Schema.PORTAL
    if "thu_tuc_id" in found and "metadata" in found:
        return Schema.MINISTRY
    if "ma_so" in found and "ten" in found and "co_quan_ban_hanh" in found:
        return Schema.CATALOGUE
    return None


def raw_of(found: Mapping[str, Any]) -> Raw:
    """The record in ``found``; raises `NotARecord`."""
    schema = schema_of(found)
    if schema is None:
        raise NotARecord("không phải bản ghi thủ tục (thiếu ma_thu_tuc, thu_tuc_id hoặc ma_so)")
    make = {
        Schema.PORTAL: _portal,
        Schema.MINISTRY: _ministry,
        Schema.CATALOGUE: _catalogue,
    }[schema]
    raw = make(found)
    if not raw.code or not raw.name:
        raise NotARecord("thiếu mã hoặc tên thủ tục")
    if any(character.isspace() or character in "#/\\" for character in raw.code):
        raise NotARecord(f"mã thủ tục sai: {raw.code[:40]}")
    return raw


def _portal(found: Mapping[str, Any]) -> Raw:
    cell = {key: clean(value) for key, value in found.items()}.get
    return Raw(
        Schema.PORTAL,
        code=_code(found["ma_thu_tuc"]),
        name=cell("ten_thu_tuc", ""),
        field=cell("linh_vuc", ""),
        level=cell("cap_thuc_hien", ""),
        decision=cell("so_quyet_dinh", ""),
        url=cell("detail_url", ""),
        who=cell("doi_tuong_thuc_hien", ""),
        authority=cell("co_quan_co_tham_quyen", ""),
        carried_out_by=cell("co_quan_thuc_hien", ""),
        where=cell("dia_chi_tiep_nhan", ""),
        steps=cell("trinh_tu_thuc_hien", ""),
        channels=cell("cach_thuc_thuc_hien", ""),
        dossier=cell("thanh_phan_ho_so", ""),
        basis=cell("can_cu_phap_ly", ""),
        conditions=cell("yeu_cau_dieu_kien", ""),
        result=cell("ket_qua_xu_ly", ""),
    )


def _ministry(found: Mapping[str, Any]) -> Raw:
    head, body, tables = (_mapping(found.get(key)) for key in ("metadata", "content", "tables"))

    def cell(of: Mapping[str, Any], key: str) -> str:
        return known(clean(of.get(key)))

    return Raw(
        Schema.MINISTRY,
        code=known(_code(head.get("mã_thủ_tục"))) or _code(found.get("thu_tuc_id")),
        name=cell(head, "tên_thủ_tục"),
        field=cell(head, "lĩnh_vực"),
        level=cell(head, "cấp_thực_hiện"),
        decision=cell(head, "số_quyết_định"),
        who=cell(body, "đối_tượng_thực_hiện"),
        authority=cell(body, "cơ_quan_có_thẩm_quyền"),
        carried_out_by=cell(body, "cơ_quan_thực_hiện"),
        where=cell(body, "địa_chỉ_tiếp_nhận_hs"),
        steps=cell(body, "trình_tự_thực_hiện"),
        rows=tuple(
            Row(
                HOWS[cell(row, "hinh_thuc").casefold()],
                cell(row, "thoi_han_giai_quyet"),
                "",
                cell(row, "phi_le_phi"),
                cell(row, "mo_ta"),
            )
            for row in _rows(tables, "hinh_thuc_nop")
            if cell(row, "hinh_thuc").casefold() in HOWS
        ),
        # The table's columns are shifted by one: the form stands under "so_luong".
        papers=tuple(
            Paper(cell(row, "ten_giay_to"), cell(row, "so_luong"), cell(row, "ghi_chu"))
            for row in _rows(tables, "thanh_phan_ho_so")
            if cell(row, "ten_giay_to")
        ),
        numbers=tuple(cell(row, "so_ky_hieu") for row in _rows(tables, "can_cu_phap_ly")),
        conditions=clean(body.get("yêu_cầu_điều_kiện_thực_hiện")),
        result=cell(body, "kết_quả_thực_hiện"),
    )


def _catalogue(found: Mapping[str, Any]) -> Raw:
    cell = {key: clean(value) for key, value in found.items()}.get
    return Raw(
        Schema.CATALOGUE,
        code=_code(found["ma_so"]),
        name=cell("ten", ""),
        field=cell("linh_vuc", ""),
        url=cell("url", ""),
        carried_out_by=cell("co_quan_thuc_hien", ""),
        authority=cell("co_quan_ban_hanh", ""),
    )


def _code(value: object) -> str:
    """A code as text; a program that wrote it as a number has dropped its last zeros."""
    return f"{value:.6f}" if isinstance(value, float) and value < 100 else clean(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _rows(tables: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = tables.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
