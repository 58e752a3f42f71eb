"""The page of contradictions: a form that takes files, and what was found, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from string import Template
from typing import Any

SUFFIXES = (".docx", ".doc", ".pdf", ".html", ".md", ".txt", ".odt", ".rtf")


def page(
    *, largest: int, alert: str = "", found: str = "", texts: Mapping[str, str] | None = None
) -> str:
    """The form, below ``found`` (HTML) or ``alert`` (a sentence); ``largest`` in megabytes."""
    text = resources.files("bots.web").joinpath("static", "conflicts.html").read_text("utf-8")
    told = f'<p class="warn" role="alert">{escape(alert)}</p>' if alert else found
    sides = "".join(_side(name, (texts or {}).get(name, "")) for name in ("a", "b"))
    return Template(text).substitute(
        result=told, sides=sides, largest=largest, suffixes=" ".join(SUFFIXES)
    )


def _side(name: str, text: str) -> str:
    shown = name.upper()
    kinds = ",".join(SUFFIXES)
    return (
        f"<fieldset><legend>Văn bản {shown}</legend>"
        f'<p><label for="{name}-file">Chọn tệp</label>'
        f'<input type="file" id="{name}-file" name="{name}" accept="{kinds}"></p>'
        f'<p><label for="{name}">hoặc dán nội dung, hoặc ghi số hiệu (ví dụ 60/2014/QH13)</label>'
        f'<textarea id="{name}" name="{name}" rows="8">{escape(text)}</textarea></p></fieldset>'
    )


def comparison_html(made: Mapping[str, Any]) -> str:
    """A comparison (`comparison_json`) as HTML: each finding with both quotes."""
    remarks = "".join(f"<li>{escape(each)}</li>" for each in made["remarks"])
    findings, explained = made["findings"], made["explained"]
    count = len(findings)
    head = (
        f"{count} chỗ nói khác nhau, cần cán bộ xác nhận"
        if count
        else "Không thấy chỗ nào hai văn bản nói khác nhau"
    )
    return (
        f'<section class="found" aria-label="Kết quả so sánh"><h2>{head}</h2>'
        f"<p>A: {_document(made['a'])}<br>B: {_document(made['b'])}</p>"
        + (f"<ul>{remarks}</ul>" if remarks else "")
        + _findings(findings)
        + (
            f"<details><summary>{len(explained)} chỗ khác nhau có lý do</summary>"
            f"{_findings(explained)}</details>"
            if explained
            else ""
        )
        + f'<p class="fine">{escape(made["notice"])}</p></section>'
    )


def _document(one: Mapping[str, Any]) -> str:
    parts = [one["number"], one["title"], one["source"]]
    named = " · ".join(dict.fromkeys(escape(str(each)) for each in parts if each))
    return f"<b>{named}</b> ({escape(str(one['rank_name']))})"


def _findings(found: Sequence[Mapping[str, Any]]) -> str:
    items = "".join(f"<li>{_finding(each)}</li>" for each in found)
    return f'<ol class="findings">{items}</ol>' if items else ""


def _finding(one: Mapping[str, Any]) -> str:
    name = str(one["kind_name"])
    state = (
        f"Có lý do: {one['cause']}"
        if one["cause"]
        else f"{one['status']} (độ tin {one['confidence']:.2f})"
    )
    note = f"<p>{escape(str(one['note']))}</p>" if one["note"] else ""
    return (
        f"<h3>{escape(name[:1].upper() + name[1:])}</h3>"
        f'<p class="fine">{escape(state)}</p>'
        f'<div class="pair">{_quote("A", one["a"])}{_quote("B", one["b"])}</div>{note}'
    )


def _quote(name: str, one: Mapping[str, Any]) -> str:
    path = ", ".join(reversed([str(step) for step in one["path"]])) or f"ký tự {one['start']}"
    text = str(one["quote"])
    first, last = (max(0, mark - one["start"]) for mark in one["mark"])
    if first == 0 and last >= len(text):
        words = escape(text)
    else:
        words = (
            f"{escape(text[:first])}<mark>{escape(text[first:last])}</mark>{escape(text[last:])}"
        )
    head = f"<figcaption>{name}: {escape(path)}</figcaption>"
    return f"<figure>{head}<blockquote>{words}</blockquote></figure>"
