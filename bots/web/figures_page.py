"""The page of figures: files and a question in; values, where each stands, a chart, downloads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from string import Template
from typing import Any

from assistant.figures.written import plainly

SUFFIXES = (
    ".docx", ".xlsx", ".pdf", ".html", ".htm", ".md", ".csv", ".txt", ".doc", ".xls", ".ods",
    ".odt", ".rtf",
)  # fmt: skip
_KINDS = {"level": "", "change": "mức thay đổi", "target": "mục tiêu"}
_FILES = {
    "csv": ("so-lieu.csv", "text/csv"),
    "xlsx": ("so-lieu.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "svg": ("bieu-do.svg", "image/svg+xml"),
    "png": ("bieu-do.png", "image/png"),
}
_MOST_ROWS = 300
_NOWHERE = "không ghi phạm vi"

Made = Mapping[str, Any]


def page(
    *, largest: int, most: int, alert: str = "", found: str = "", question: str = "",
    indicator: str = "",
) -> str:  # fmt: skip
    """The form, below ``found`` (HTML) or ``alert`` (a sentence); ``largest`` in megabytes."""
    text = resources.files("bots.web").joinpath("static", "figures.html").read_text("utf-8")
    told = f'<p class="warn" role="alert">{escape(alert)}</p>' if alert else found
    return Template(text).substitute(
        result=told, largest=largest, most=most, suffixes=" ".join(SUFFIXES),
        accept=",".join(SUFFIXES), question=escape(question), indicator=escape(indicator),
    )  # fmt: skip


def shown_html(made: Made, indicator: str = "") -> str:
    """What was found as HTML; ``made`` is what `figures_apart` gives."""
    parts = [_failed(made["failed"])]
    if made["answer"] is not None:
        parts.append(_answer(made["answer"]))
    if indicator:
        parts.append(_series(made["series"], made["others"], indicator))
    if chart := made.get("chart"):
        parts.append(f'<figure class="chart">{chart}</figure>')
    parts.append(_downloads(made["exports"]))
    parts += [_file(one) for one in made["files"]]
    return f'<section class="figures" aria-label="Kết quả">{"".join(parts)}</section>'


def _failed(failed: Sequence[Made]) -> str:
    told = "".join(f"<li>{escape(one['file'])}: {escape(one['reason'])}</li>" for one in failed)
    return f'<div class="warn"><p>Không đọc được:</p><ul>{told}</ul></div>' if told else ""


def _answer(answer: Made) -> str:
    sums = "".join(f"<li>{_calculation(one)}</li>" for one in answer["calculations"])
    notes = "".join(f"<p>{escape(note)}</p>" for note in answer["notes"])
    choices = "".join(f"<li>{escape(one)}</li>" for one in answer["choices"])
    found = answer["findings"] or answer["calculations"]
    return (
        f"<h2>{'Trả lời' if found else 'Chưa trả lời được'}</h2>"
        + "".join(_finding(one) for one in answer["findings"])
        + (f"<ul class='sums'>{sums}</ul>" if sums else "")
        + notes
        + (f"<p>Có thể hỏi về:</p><ul>{choices}</ul>" if choices else "")
        + _places([figure for one in answer["calculations"] for figure in one["from"]])
    )


def _finding(one: Made) -> str:
    where = one["scope"] or _NOWHERE
    rows = "".join(_point(point) for point in one["points"])
    sums = "".join(f"<li>{_calculation(each)}</li>" for each in one["calculations"])
    stated = "".join(
        f"<li>Tài liệu tự ghi mức thay đổi{_against(each)}: <b>{_value(each)}</b></li>"
        for each in one["stated"]
    )
    notes = "".join(f"<p class='fine'>Lưu ý: {escape(note)}</p>" for note in one["notes"])
    held = [figure for point in one["points"] for figure in point["figures"]]
    return (
        f"<h3>{escape(_title(one['indicator']))} – {escape(where)}</h3>"
        + (f"<table class='values'>{rows}</table>" if rows else "")
        + (f"<ul class='sums'>{sums}{stated}</ul>" if sums or stated else "")
        + notes
        + _places([*held, *one["stated"]])
    )


def _point(point: Made) -> str:
    when = escape(point["period"] or "không rõ kỳ")
    values = "<br>".join(
        f"<b>{_value(figure)}</b> <span class='fine'>{escape(figure['source']['file'])}</span>"
        for figure in point["figures"]
    )
    differ = "<p class='differ'>Các nguồn ghi khác nhau, cần người xem lại</p>"
    told = f"{differ if point['conflict'] else ''}{values}"
    return f"<tr><th scope='row'>{when}</th><td>{told}</td></tr>"


def _series(series: Sequence[Made], others: Sequence[str], indicator: str) -> str:
    if not series:
        told = escape(indicator)
        return f"<h2>Không thấy chỉ tiêu “{told}”</h2><p>Xem tên các chỉ tiêu ở bảng dưới.</p>"
    blocks = "".join(
        f"<h3>{escape(_title(one['indicator']))} – {escape(one['scope'] or _NOWHERE)}</h3>"
        f"<table class='values'>{''.join(_point(point) for point in one['points'])}</table>"
        + _places([figure for point in one["points"] for figure in point["figures"]])
        for one in series
    )
    near = f"<p>Tên gần giống, không gộp: {escape('; '.join(others[:5]))}</p>" if others else ""
    return f"<h2>Theo thời gian</h2>{blocks}{near}"


def _calculation(one: Made) -> str:
    if one["value"] is None:
        return f"Không tính {escape(one['name'])}: {escape(one['problem'] or '')}"
    unit = f" {escape(one['unit'])}" if one["unit"] else ""
    name = one["name"][:1].upper() + one["name"][1:]
    return (
        f"{escape(name)}: <b>{plainly(one['value'])}{unit}</b> "
        f"<span class='formula'>= {escape(one['formula'] or '')}</span>"
    )


def _against(figure: Made) -> str:
    told = figure["compared_with"]
    return f" so với {escape(told)}" if told else ""


def _value(figure: Made) -> str:
    unit = f" {figure['unit']}" if figure["unit"] else ""
    if figure["value"] is None:
        ends = [plainly(one) for one in figure["readings"]]
        word = " đến " if figure["about"] == "từ – đến" else " hoặc "
        return escape(word.join(ends) + unit)
    about = figure["about"] or ""
    said = f"{plainly(figure['value'])}{unit}"
    return escape(f"{said} {about}" if about.startswith("trở") else f"{about} {said}".strip())


def _places(figures: Sequence[Made]) -> str:
    """Where values stand: the sentence with its number marked, or the cell with its headers."""
    shown: dict[str, None] = {}
    for figure in figures:
        shown[f"<li>{_place(figure)}</li>"] = None
    return f"<ol class='places'>{''.join(shown)}</ol>" if shown else ""


def _place(figure: Made) -> str:
    place, file = figure["place"], escape(figure["source"]["file"])
    notes = "".join(f"<br><span class='fine'>Lưu ý: {escape(n)}</span>" for n in figure["notes"])
    if place["kind"] == "sentence":
        start = place["number_start"] - place["start"]
        end = place["number_end"] - place["start"]
        quote = place["quote"]
        marked = (
            f"{escape(quote[:start])}<mark>{escape(quote[start:end])}</mark>{escape(quote[end:])}"
        )
        return f"{file}: <q>{marked}</q>{notes}"
    page_said = f"trang {place['page']}, " if place["page"] else ""
    sheet = f"trang tính “{place['sheet']}”" if place["sheet"] else f"bảng {place['table']}"
    heads = " › ".join(place["column_headers"]) or "không có tên cột"
    row = " › ".join(place["row_headers"]) or "không có tên dòng"
    caption = f"<caption>{escape(place['caption'])}</caption>" if place["caption"] else ""
    return (
        f"{file}, {escape(page_said + sheet)}, ô {escape(place['ref'])}"
        f"<table class='cell'>{caption}<tr><td></td><th scope='col'>{escape(heads)}</th></tr>"
        f"<tr><th scope='row'>{escape(row)}</th><td><mark>{escape(place['quote'])}</mark></td></tr>"
        f"</table>{notes}"
    )


def _downloads(exports: Mapping[str, str]) -> str:
    links = "".join(
        f'<a download="{name}" href="data:{kind};base64,{exports[key]}">{key.upper()}</a> '
        for key, (name, kind) in _FILES.items()
        if key in exports
    )
    return f"<p class='downloads'>Tải về: {links}</p>" if links else ""


def _file(one: Made) -> str:
    rows = "".join(_row(figure) for figure in one["figures"][:_MOST_ROWS])
    notes = "".join(f"<li>{escape(note)}</li>" for note in one["notes"])
    left = one["count"] - min(len(one["figures"]), _MOST_ROWS)
    more = f"<p>Còn {left} số liệu nữa: xem trong tệp tải về.</p>" if left else ""
    head = "".join(
        f"<th scope='col'>{name}</th>"
        for name in ("Chỉ tiêu", "Phạm vi", "Kỳ", "Giá trị", "Chỗ trong tệp")
    )
    table = f"<div class='scroll'><table class='all'><tr>{head}</tr>{rows}</table></div>"
    return (
        f"<details{' open' if one['notes'] else ''}><summary>{escape(one['file'])}: "
        f"{one['count']} số liệu</summary>"
        + (f"<ul>{notes}</ul>" if notes else "")
        + (table if rows else "")
        + f"{more}</details>"
    )


def _row(figure: Made) -> str:
    kind = _KINDS[figure["kind"]]
    name = escape(_title(figure["indicator"])) + (f" <i>({kind})</i>" if kind else "")
    when = figure["period"]["label"] if figure["period"] else "không rõ kỳ"
    where = figure["scope"]["name"] if figure["scope"] else "–"
    return (
        f"<tr><td>{name}</td><td>{escape(where)}</td><td>{escape(when)}</td>"
        f"<td>{_value(figure)}{_against(figure)}</td><td>{_place(figure)}</td></tr>"
    )


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]
