"""The portal's tables of papers, flattened into one line, as papers again.

"--Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị;Mau01.docx1 bản chínhBản sao…0 bản
chính,1 bản sao": a paper ends with its quantity; what stands before the next
heading of a table is the case that table is for ("--": every case).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge_base.documents import DossierItem

HEADER = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"

_QUANTITY = re.compile(
    r"(?:(?<=[^\s(/\d])|(?<=[^\s(/\d]\s)|(?<=/)(?=(?:19|20)\d{3} )|(?<=\n)|(?<=;/))"
    r",?(?!0\d )(?P<originals>\d{1,6}) bản chính"
    r"(?:,\s?(?P<copies>\d{1,3}) bản sao)?(?=$|[^\s;,.:)/]|\s+(?:[-+*•(]|[A-ZĐ0-9]))"
    r"|(?<=[^\s(/\d])(?P<only>\d{1,2}) bản sao(?=$|[A-ZĐ+*-])"
)
_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf|zip|rar|jpe?g|png|odt|pptx?)\s*$", re.IGNORECASE)
_FILES = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf|zip|rar|jpe?g|png|odt|pptx?)", re.IGNORECASE)
_GLUE = re.compile(r"(?<=[a-zà-ỹ;.):,”\"\]])(?=[A-ZĐÁÀẢÃẠÂĂÊÔƠƯ0-9])|(?<=[A-Z])(?=[A-ZĐ][a-zà-ỹ])")
_FILE_START = re.compile(
    r"mẫu|mau|phụ lục|phu ?luc|pl[\W\d]|đơn|don|tờ khai|to ?khai|biểu|bieu|bm|tk|bản|ban|\d"
    r"|giấy|giay|văn bản|van ban|đề nghị|form|mus|bn|vb|qđ|nđ|tt",
    re.IGNORECASE,
)
_NUMBERED = (
    r"(?P<code>(?:[A-ZĐ]{1,6}[.-])*[A-ZĐ]{0,6}\d{1,4}[a-zđA-Z]?(?:[./-][A-ZĐ\d]{1,8}(?![a-zà-ỹ]))*)"
)
_FORM = re.compile(
    r"\b(?:mẫu|biểu mẫu|tờ khai)\s+(?:đơn\s+|tờ khai\s+)?(?:số\s*:?\s*)?(?-i:" + _NUMBERED + ")",
    re.IGNORECASE,
)
_FORM_FILE = re.compile(r"^(?:mẫu|mau)\s*(?:số|so)?\s*(?-i:" + _NUMBERED + ")", re.IGNORECASE)
_APPENDIX = re.compile(
    r"mẫu (?:đơn )?(?:quy định )?(?:tại|ở) phụ lục (?:số )?(?P<code>[IVX\d]+[a-zđ]?)\b", re.I
)
_CODE = re.compile(
    r"(?<![\w/.])(?P<code>TK\d{1,2}[a-z]?|[A-ZĐ]{2,4}\d{1,3}[a-z]?(?:/\d+)?|BM(?:\.[A-Z]+)+(?:\.\d+)+|HQ/\d{4}/[A-Z]+)(?![\w/])"
)
_SHOW = re.compile(r"xuất trình", re.IGNORECASE)
_HAND_IN = re.compile(r"\bnộp\b|bao gồm|thành phần", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers, and whether the table was read whole."""

    items: tuple[DossierItem, ...] = ()
    readable: bool = True


def papers_of(text: str) -> Papers:
    """The papers of a flattened cell; not readable where there is no table in it."""
    if HEADER not in text:
        return Papers(readable=not text.strip(" -"))
    items: list[DossierItem] = []
    readable = True
    case, *tables = text.split(HEADER)
    for n, table in enumerate(tables):
        end = 0
        for name, quantity, at in _entries(table):
            end = at
            item = _item(name, quantity, case)
            if item is None:  # a row with nothing in it but its quantity
                continue
            items.append(item)
        rest = table[end:].strip()
        if n + 1 == len(tables) and rest.strip(" -.;"):
            readable = False
        case = rest
    return Papers(tuple(items), readable)


def paper(
    name: str, form: str, originals: int | None, copies: int | None, case: str = ""
) -> DossierItem:
    """One paper from cells that are apart already."""
    heading = re.sub(r"^[\s*+\-•.]+|[\s:.-]+$", "", " ".join(case.split()))
    show_only = bool(_SHOW.search(heading)) and not _HAND_IN.search(heading)
    general = re.fullmatch(
        r"(?:[a-z\d.)(]{1,4}\s+)?(?:các )?(?:thành phần hồ sơ|hồ sơ"
        r"|giấy tờ (?:phải )?(?:nộp|xuất trình))"
        r"(?: \([^)]*\))?[\s,]*(?:bao )?(?:gồm)?",
        heading,
        re.IGNORECASE,
    )
    name = re.sub(r"^[\s*•]*(?:[-+–]+\s*)?", "", " ".join(name.split())).strip(" ;.")
    return DossierItem(
        name=name,
        form=_form(name, form),
        originals=originals,
        copies=copies,
        condition="" if general else heading,
        show_only=show_only,
    )


def _entries(table: str) -> Iterator[tuple[str, re.Match[str], int]]:
    at = 0
    for match in _QUANTITY.finditer(table):
        digits = match["originals"] or match["only"]
        name = table[at : match.start()]
        yield name + ("" if len(digits) == 1 else f"\0{digits}"), match, match.end()
        at = match.end()


def _item(name: str, quantity: re.Match[str], case: str) -> DossierItem | None:
    name, _, glued = name.partition("\0")
    originals: int | None
    if glued:
        stem, originals = _unglue(name, glued)
        name += stem
    else:
        originals = int(quantity["originals"]) if quantity["originals"] else None
    copies = quantity["copies"] or quantity["only"]
    name = name.rstrip(" ,")
    form = ""
    if _FILE.search(name):
        name, form = _name_and_file(name)
    if not re.search(r"[^\W\d_]{2}", name):
        if not form:
            return None
        name, form = _FILE.sub("", form), form
    return paper(name, form, originals, int(copies) if copies else None, case)


def _unglue(name: str, digits: str) -> tuple[str, int | None]:
    """Digits before "bản chính" that may belong to the name: ("01", 1) of "011".

    A quantity has no leading zero, and a name that ends with a form's number
    has two digits of it. What stays open is no quantity.
    """
    if re.search(r"[\w).]\s*$", name) and len(digits) == 3 and digits[0] == "0":
        return digits[:2], int(digits[2])
    if len(digits) == 5 and digits.startswith(("19", "20")):
        return digits[:4], int(digits[4])
    if len(digits) == 2 and digits[0] != "0" and not re.search(r"[\d.](?:\s)?$", name):
        return "", int(digits)
    return digits, None


def _name_and_file(text: str) -> tuple[str, str]:
    """A paper's name and the file of its form that is glued to it."""
    places = [match.start() for match in _GLUE.finditer(text)]
    likely = [at for at in places if len(text) - at <= 150 and _FILE_START.match(text, at)]
    near = [at for at in places if len(text) - at <= 80]
    if likely:
        return text[: likely[0]], text[likely[0] :]
    if near:
        return text[: near[0]], text[near[0] :]
    return (text, "") if len(text) > 80 else ("", text)


def _form(name: str, files: str) -> str:
    """The form's code, from the paper's name or its file's; a file without a code is none."""
    stems = [stem.strip() for stem in _FILES.split(" ".join(files.split())) if stem.strip()]
    codes = [match["code"] for stem in stems if (match := _FORM_FILE.match(stem))]
    if (match := _FORM.search(name)) and len(codes) < 2:
        codes = [match["code"]]
    if codes:
        return "Mẫu số " + ", ".join(dict.fromkeys(code.rstrip(".-/") for code in codes))
    if match := _APPENDIX.search(name):
        return f"Phụ lục {match['code']}"
    found = [match["code"] for match in _CODE.finditer(name)]
    return ", ".join(dict.fromkeys(found))
