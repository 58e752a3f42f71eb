"""A form from one sentence: words that stand there are taken over, nothing else is filled in.

"Soạn công văn của Sở Y tế gửi UBND các xã về việc phòng dịch, hạn 30/11/2026" has a kind, an
agency, an addressee, a subject and a deadline. Cues are looked for with and without diacritics;
the words themselves are taken as they were typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.amounts import money
from assistant.drafting.form import Form, made_form
from assistant.drafting.tables import kinds
from assistant.errors import InputError
from knowledge_base.typed import repair
from knowledge_base.vietnamese import clean

_LONGEST = 2000  # characters of a sentence
#: Cues as they are folded, and the field that follows each. The first that fits at a place wins.
_CUES: tuple[tuple[str, str], ...] = (
    (r"(?:voi|co) (?:trich yeu|tieu de|noi dung)(?: la)?:?", "subject"),
    (r"trich yeu:?", "subject"),
    (r"(?:ve viec|v/v)", "subject"),
    (r"ve(?= (?:cong tac|tinh hinh|ket qua|tien do|chu truong|ke hoach|noi dung|cac noi dung))",
     "subject"),
    (r"xin(?= (?:kinh phi|phep|y kien|chu truong|cap|ho tro|dieu chinh|gia han|phe duyet|mua))",
     "request_for"),
    (r"de nghi(?! cua)", "request"),
    (r"theo de nghi cua", "proposer"),
    (r"kinh (?:gui|moi|trinh)", "to"),
    (r"(?:gui (?:toi|den|cho)|gui|trinh len|trinh|moi)", "to"),
    (r"(?:han chot(?: la)?|thoi han(?: la)?|truoc ngay|cham nhat(?: la)?(?: vao)?(?: ngay)?"
     r"|den het ngay|han(?: la| den| vao| truoc)*(?: ngay(?= \d))?)", "deadline"),
    (r"(?:(?:voi )?(?:tong )?(?:kinh phi|so tien|tri gia|gia tri)(?: thuc hien)?(?: la)?:?)",
     "money"),
    (r"(?:do |boi )?(?:nguoi ky(?: la)?|ky boi|ky ten):?", "signer"),
    (r"do(?= (?:ong|ba|dong chi) [^,;.]{3,60} chu tri)", "host"),
    (r"(?:chu tri|chu toa)(?: la)?:?", "host"),
    (r"thu ky(?: la)?:?", "secretary"),
    (r"(?:thanh phan(?: tham du)?|tham du):?", "attendees"),
    (r"(?:dia diem|hop tai|to chuc tai|tai)(?=\W)(?! (?:lieu|chinh|san|khoan|nguyen|tro)):?",
     "venue"),
    (r"(?:thoi gian:?|vao luc|luc|vao(?= \d))", "time"),
    (r"(?:ban hanh |ky )?(?:vao )?ngay(?= \d)", "date"),
    (r"can cu", "basis"),
    (r"so(?= \d+(?:[ ,;/]|$))", "number"),
    (r"(?:den |toi )?(?:tham )?du(?= )", "event"),
    (r"(?:cua|tu(?! ngay))", "agency"),
)  # fmt: skip
_CUE = re.compile("|".join(f"(?P<c{n}>{cue})" for n, (cue, _) in enumerate(_CUES)))
_DAY = re.compile(r"(?:ngay )?(\d{1,2})\s*(?:[/.-]|thang)\s*(\d{1,2})\s*(?:[/.-]|nam)\s*(\d{4})")
_POSITION = re.compile(
    r"((?:pho )?(?:chu tich|giam doc|tong giam doc|truong phong|vu truong|cuc truong|chanh van"
    r" phong|thu truong|bo truong|hieu truong|chi cuc truong|tong cuc truong|trung tam truong))\b"
)
#: Short cues that are other words with other marks: "tài", "sở", "tư".
_MARKED = {"tai": "tại", "so": "số", "cua": "của", "tu": "từ", "han": "hạn", "moi": "mời",
           "luc": "lúc", "trinh": "trình", "gui": "gửi"}  # fmt: skip
_BODIES = (
    r"(?:Bộ|Sở|UBND|Ủy ban|Uỷ ban|HĐND|Hội đồng|Văn phòng|Công an|Phòng|Ban|Cục|Chi cục|Tỉnh"
    r"|Kho bạc|Trung tâm|Trường|Bệnh viện|Công ty|Chi nhánh|Ngân hàng|Thanh tra|Viện|Tòa án|Toà án"
    r"|Trạm|Hội|Đoàn|Liên đoàn|Đài|Bảo hiểm|Mặt trận|Đảng ủy|Tỉnh ủy|Thành ủy|Hạt|Đội|Thuế)\s"
)
#: After "gửi" within a subject: somebody, not something ("gửi báo cáo").
_RECEIVER = re.compile(r"[\s:]+(?:[A-ZĐÀ-Ỵ]|(?:ông|bà|các|công ty)\s)")
#: What an office does: here its name has ended.
_DOES = re.compile(
    r"\s(?:kiểm tra|triển khai|tổ chức|tăng cường|thực hiện|nghỉ|họp|xin|đề nghị|phê duyệt|ban hành"
    r"|thành lập|mua sắm|khen thưởng|điều động|bổ nhiệm|tuyên truyền|phòng,? chống|hỗ trợ|rà soát"
    r"|đánh giá|tổng kết|sơ kết|trả lời|mời|tiếp nhận|tuyển dụng)\s"
)
#: Inside a subject these words do not begin another field unless a comma stands before.
_ONLY_AFTER_COMMA = {"agency", "to", "venue", "money", "time", "host", "attendees", "request",
                     "date", "number", "secretary", "basis", "proposer",
                     "request_for"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Piece:
    field: str
    words: str  # as typed
    low: str  # folded, of the same length


def form_of(sentence: str, today: date, kind: str = "") -> Form:
    """What a sentence says of a paper; ``today`` completes a day without a year.

    Raises:
        InputError: it names no kind of paper, a day that does not exist, or is too long.
    """
    text = " ".join(clean(sentence).split())
    if len(text) > _LONGEST:
        raise InputError(f"Câu dài quá {_LONGEST} chữ. Hãy viết vào biểu mẫu (--form).")
    if text.isascii():
        text = repair(text).text  # typed without marks: an official paper has them
    low = _flat(text)
    if _SECRET.search(text):
        raise InputError(
            "Văn bản có độ mật không được soạn trên máy này. Hãy soạn trên máy dành riêng cho bí "
            "mật nhà nước, theo quy định của cơ quan bạn."
        )
    found, start = _kind(low, kind)
    for day in _DAY.finditer(low):
        _day_in(day[0], today)  # one that does not exist is refused, wherever it stands
    given: dict[str, object] = {"kind": found}
    sums: list[dict[str, object]] = []
    for piece in _pieces(text, low, start, is_meeting=found in ("giay_moi", "bien_ban")):
        _take(piece, given, sums, today)
    if sums:
        given["amounts"] = sums
    if not sums and (amounts := money(text)) and "amounts" not in given:
        given["amounts"] = [{"what": "Số tiền", "value": int(each.value)} for each in amounts]
    _head_of(given)
    return made_form(given, where="câu này")


def _take(
    piece: _Piece, given: dict[str, object], sums: list[dict[str, object]], today: date
) -> None:
    words = piece.words.strip(" ,;.:")
    if not words:
        return
    match piece.field:
        case "deadline" | "date":
            day = _day_in(piece.low, today)
            if day is not None:
                given.setdefault(piece.field, day.isoformat())
        case "money":
            sums += [{"what": "Kinh phí", "value": int(each.value)} for each in money(words)[:1]]
        case "to":
            given.setdefault("to", _listed(words))
        case "basis":
            given.setdefault("bases", []).append(words)  # type: ignore[attr-defined]
        case "signer":
            given.setdefault("signer", _signer(words, piece.low.strip(" ,;.:")))
        case "agency":
            does = _DOES.search(f"{words} ")
            if does:
                given.setdefault("subject", words[does.start() :].strip())
                words = words[: does.start()].strip()
            if not re.match(r"(?i)(?:ông|bà|anh|chị)\s", words):
                given.setdefault("agency", words)
        case "number":
            if match := re.match(r"\d+", words):
                given.setdefault("number", int(match[0]))
        case "request":
            given.setdefault("subject", f"đề nghị {words}")
        case "request_for":
            given.setdefault("subject", f"xin {words}")
        case "host":
            given.setdefault("host", re.sub(r"\s+chủ (?:trì|toạ|tọa)$", "", words))
        case _:
            given.setdefault(piece.field, words)


def _kind(low: str, asked: str) -> tuple[str, int]:
    """The kind named first, and where its name ends."""
    names = {_flat(kind.name): key for key, kind in kinds().items()}
    places = [
        (low.find(name), -len(name), name) for name in names if re.search(rf"\b{name}\b", low)
    ]
    if asked:
        name = next((n for n, key in names.items() if key == asked), "")
        at = low.find(name) if name else -1
        return asked, at + len(name) if at >= 0 else 0
    if not places:
        known = ", ".join(kind.name for kind in kinds().values())
        raise InputError(f"Câu chưa nói loại văn bản nào. Hãy nêu một trong: {known}.")
    at, _, name = min(places)
    return names[name], at + len(name)


def _pieces(text: str, low: str, start: int, *, is_meeting: bool) -> Iterator[_Piece]:
    """Every field with its words: from its cue up to the next one."""
    cues: list[tuple[int, int, str]] = []
    seen: set[str] = set()
    # "tờ trình xin kinh phí …": what follows the kind is the subject where nothing says "về việc".
    named = re.search(r"\b(?:ve viec|v/v|trich yeu|noi dung)", low[start:])
    if not named and low[start:].strip(" ,.;:"):
        cues.append((start, start, "implied"))
    marked = not text.isascii()
    for match in _CUE.finditer(low, start):
        typed = text[match.start() : match.end()].lower()
        if marked and _MARKED.get(match[0], typed) != typed:
            continue
        if match.start() and low[match.start() - 1].isalnum():
            continue
        if match.end() < len(low) and low[match.end()].isalnum():
            continue
        if match.start() and match[0] in _MARKED and text[match.start()].isupper():
            continue  # a part of a name: "xã Nậm Lúc"
        field = next(f for n, (_, f) in enumerate(_CUES) if match[f"c{n}"] is not None)
        open_field = cues[-1][2] if cues else ""
        fresh = low[: match.start()].rstrip().endswith((",", ";", ".", ":"))
        if field == "event" and not is_meeting:
            continue
        if field in seen and field != "basis":
            continue
        if field == "date" and re.search(r"\b(?:tu|den) $", low[: match.start()]):
            continue  # a period, not the day of the paper
        of_meeting = is_meeting and field in ("time", "venue", "event")
        sent = field == "to" and _RECEIVER.match(text, match.end()) and "to" not in seen
        if open_field and not (fresh or of_meeting or sent) and _belongs(field, open_field):
            continue
        cues.append((match.start(), match.end(), field))
        seen.add(field)
    for n, (_, end, field) in enumerate(cues):
        until = cues[n + 1][0] if n + 1 < len(cues) else len(low)
        # "giấy mời các xã dự hội nghị": who is asked stands before what they are asked to.
        implied = "to" if "event" in seen and is_meeting else "subject"
        name = {"implied": implied, "event": "subject"}.get(field, field)
        yield _Piece(name, text[end:until], low[end:until])


def _belongs(field: str, open_field: str) -> bool:
    """Whether a cue is a word of the field that is open: "về việc mua sắm của Sở"."""
    if open_field in ("subject", "request", "event"):
        return field in _ONLY_AFTER_COMMA
    if open_field == "implied":
        return field in _ONLY_AFTER_COMMA - {"agency", "to", "basis", "number"}
    if open_field == "request_for":
        return field in (*_ONLY_AFTER_COMMA, "request")
    if open_field == "basis":
        return field != "subject"
    if open_field in ("agency", "to", "host", "attendees", "venue", "proposer"):
        return field in ("agency", "number") or (open_field == "venue" and field == "venue")
    return open_field == "time" and field == "date"


def _listed(words: str) -> list[str]:
    """Several addressees: parted by commas, or by "và" before another that is one by itself."""
    parts = re.split(rf"\s*[,;]\s*(?:và\s+)?|\s+và\s+(?={_BODIES})", words)
    names: list[str] = []
    for part in filter(None, parts):
        # "các xã, phường": what does not begin a name goes on with the one before.
        if names and not part[0].isupper():
            names[-1] += f", {part}"
        else:
            names.append(part)
    return names


def _signer(words: str, low: str) -> dict[str, str]:
    match = _POSITION.match(low.lstrip())
    offset = len(words) - len(words.lstrip())
    if match is None:
        return {"name": words}
    rest = words[offset + match.end() :].strip(" ,;:-")
    return {"position": words[offset : offset + match.end()].strip(), "name": rest}


def _day_in(low: str, today: date) -> date | None:
    match = _DAY.search(low)
    if match is not None:
        day, month, year = (int(part) for part in match.groups())
    else:
        short = re.search(r"(\d{1,2})\s*(?:/|thang)\s*(\d{1,2})(?!\d)", low)
        if short is None:
            return None
        day, month, year = int(short[1]), int(short[2]), today.year
    try:
        return date(year, month, day)
    except ValueError:
        raise InputError(
            f"Không có ngày {day}/{month}/{year}. Hãy kiểm tra lại ngày rồi viết lại câu."
        ) from None


def _head_of(given: dict[str, object]) -> None:
    """ "Sở Y tế tỉnh Lào Cai" is headed by the province's committee, which stands above it."""
    agency = str(given.get("agency", ""))
    match = re.match(r"(Sở .+?)\s+((?:tỉnh|thành phố|TP\.?)\s+.+)$", agency)
    if match:
        place = re.sub(r"^TP\.?", "thành phố", match[2])
        given["agency"], given["parent"] = match[1], f"Ủy ban nhân dân {place}"
    elif agency.upper().startswith("UBND "):
        given["agency"] = f"Ủy ban nhân dân {agency[5:]}"
    elif match := _CHAIR.match(agency):
        # Who signs a decision is named; the paper is of the body that he or she heads.
        body = re.sub(r"(?i)^UBND\b", "Ủy ban nhân dân", match[2])
        given["agency"] = body
        if given.get("kind") == "quyet_dinh":
            given.setdefault("issuer", f"{match[1].capitalize()} {body}")


_SECRET = re.compile(
    r"\b(?:công văn|tờ trình|báo cáo|thông báo|giấy mời|quyết định|kế hoạch|biên bản|văn bản)"
    r"\s+(?:tuyệt |tối )?mật\b|\bđộ mật\b|\b(?:tuyệt|tối) mật\b|đóng dấu mật",
    re.IGNORECASE,
)
_CHAIR = re.compile(
    r"(chủ tịch|phó chủ tịch|giám đốc|hiệu trưởng|cục trưởng|chi cục trưởng)\s+"
    r"((?:UBND|Ủy ban|Uỷ ban|Sở|Trường|Cục|Chi cục|Trung tâm|Bệnh viện)\s.+)$",
    re.IGNORECASE,
)


def _flat(text: str) -> str:
    """Lower case without marks, letter for letter: places are those of ``text``."""
    flat = []
    for letter in unicodedata.normalize("NFC", text):
        base = unicodedata.normalize("NFD", letter)[0].lower()
        flat.append({"đ": "d"}.get(base, base[:1]))
    return "".join(flat)
