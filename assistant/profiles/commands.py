"""``troly profile new | check | list | show | fields``: assistants without a line of Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Protocol, cast

import typer

from assistant.answering import Assistant
from assistant.config import Config
from assistant.errors import InputError
from assistant.profiles import asking, proposing
from assistant.profiles.check import Report, report
from assistant.profiles.loading import FILE, FOLDER, check_name
from assistant.profiles.profile import Profile
from assistant.profiles.proposing import Line, counted, lines_for
from assistant.profiles.way import Way, no_profile
from assistant.profiles.writing import QUESTIONS, as_yaml, questions, write
from assistant.session import Session, SessionState
from knowledge_base.documents import DocumentKind
from knowledge_base.home import Home
from knowledge_base.vietnamese import fold

profile_app = typer.Typer(
    name="profile",
    help="Trợ lý lĩnh vực, không cần lập trình: new tạo, check kiểm tra, list và show xem.",
    no_args_is_help=True,
)

_Json = Annotated[bool, typer.Option("--json", help="In JSON đầy đủ.")]
_Name = Annotated[str, typer.Argument(help="Tên hồ sơ, ví dụ y-te.", show_default=False)]
_SHOWN = 12  # lines that went wrong

#: What the model is told by a profile that `new` makes: how to speak, never what to say.
_PROMPT = "Xưng là trợ lý, gọi người hỏi là anh/chị. Câu ngắn, từ thường dùng, lịch sự."


class State(SessionState, Protocol):
    """What `troly.State` has."""

    @property
    def config_path(self) -> Path | None: ...


@profile_app.command("new")
def new(
    context: typer.Context,
    name: _Name,
    title: Annotated[str, typer.Option(help="Tên trợ lý.", show_default=False)] = "",
    field: Annotated[
        list[str] | None, typer.Option(help="Lĩnh vực (lặp lại được).", show_default=False)
    ] = None,
    authority: Annotated[
        list[str] | None, typer.Option(help="Cơ quan, ví dụ “Bộ Công an”.", show_default=False)
    ] = None,
    document_type: Annotated[
        list[str] | None, typer.Option(help="Loại văn bản, ví dụ “Thông tư”.", show_default=False)
    ] = None,
    years: Annotated[
        str, typer.Option(help="Năm ban hành: 2024 hoặc 2020-2026.", show_default=False)
    ] = "",
    collection: Annotated[
        list[str] | None, typer.Option(help="Bộ tài liệu khi nạp.", show_default=False)
    ] = None,
    kind: Annotated[
        list[DocumentKind] | None, typer.Option(help="Loại nguồn.", show_default=False)
    ] = None,
    officers: Annotated[bool, typer.Option(help="Chỉ cán bộ đã đăng nhập được dùng.")] = False,
    question: Annotated[
        list[str] | None, typer.Option(help="Câu hỏi mẫu (lặp lại được).", show_default=False)
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Không hỏi, lấy đề xuất.")] = False,
    force: Annotated[bool, typer.Option(help="Ghi đè hồ sơ đã có.")] = False,
) -> None:
    """Tạo một trợ lý lĩnh vực bằng năm câu hỏi, hoặc bằng các tùy chọn và --yes.

    Ví dụ: troly profile new ho-tich --field "Hộ tịch" --yes
    """
    state = cast(State, context.obj)
    folder = state.home.path / FOLDER
    _refuse_taken(name, state, folder, force=force)
    with Session(state, use_model=False) as session:
        assistant = session.assistant
        there = counted(assistant.knowledge)
        wanted = asking.Wanted(
            title=" ".join(title.split()),
            fields=_known(field, there["fields"], "lĩnh vực"),
            authorities=_authorities(authority, assistant),
            document_types=_known(document_type, there["document_types"], "loại văn bản"),
            years=years.strip(),
            collections=_known(collection, there["collections"], "bộ tài liệu"),
            kinds=tuple(kind or ()),
            audience="officers" if officers else "public" if yes else None,
            questions=tuple(" ".join(each.split()) for each in question or () if each.strip()),
        )
        wanted = _decided(wanted, asking.Questions(there, session.say), yes=yes)
        trial = _trial(wanted, assistant)
        _refuse_empty(trial)
        examples = wanted.questions or proposing.suggestions(trial)
        if not yes and not wanted.questions:
            examples = asking.Questions(there, session.say).examples(examples)
        block = asking.block_of(wanted, examples)
        asking.validated(block)
        lines = lines_for(trial, assistant.whole)
        written = write(folder, name, block, _PROMPT, lines)
    cards = len(trial.procedures.cards())
    print(f"Đã tạo hồ sơ {name}: {written}")
    print(f"  {FILE}: {cards} thủ tục trong phạm vi")
    print(f"  prompt.txt: lời nhắc cho mô hình; {QUESTIONS}: {len(lines)} câu để kiểm tra")
    print(f"Tiếp theo: troly profile check {name}; rồi troly chat --profile {name}")


@profile_app.command("check")
def check(context: typer.Context, name: _Name, as_json: _Json = False) -> None:
    """Kiểm tra một hồ sơ: bộ lọc, câu mẫu, lời nhắc, rồi hỏi bộ câu của nó.

    Ví dụ: troly profile check ho-tich
    """
    state = cast(State, context.obj)
    _refuse_unknown(name, state.config)
    with Session(state, use_model=False) as session:
        assistant = session.assistant
        lines = _set_of(name, state.home)
        generated = not lines
        if generated:
            lines = lines_for(assistant.way(name), assistant.whole)
        found = report(assistant, name, lines, session.scope)
    if as_json:
        print(json.dumps(found.json(), ensure_ascii=False, indent=2))
    else:
        _print(found, generated=generated)
    if not found.ready:
        raise typer.Exit(1)


@profile_app.command("list")
def listed(context: typer.Context, as_json: _Json = False) -> None:
    """Các hồ sơ trợ lý đang có."""
    state = cast(State, context.obj)
    rows = [
        {
            "name": name,
            "title": each.title,
            "audience": each.audience,
            "capability": each.capability,
            "about": list(each.parts()),
            "where": str(_where(name, state) or "mặc định"),
        }
        for name, each in state.config.profiles.items()
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        whom = "cán bộ" if row["audience"] == "officers" else "mọi người"
        about = "; ".join(row["about"]) or "tất cả"
        print(f"{row['name']}: {row['title']} ({whom}) · {about}\n    {row['where']}")


@profile_app.command("show")
def show(context: typer.Context, name: _Name, as_json: _Json = False) -> None:
    """Một hồ sơ như nó được hiểu; phần in ra dùng lại được trong config.yml."""
    state = cast(State, context.obj)
    _refuse_unknown(name, state.config)
    block = _told(state.config.profiles[name])
    if as_json:
        print(json.dumps({name: block}, ensure_ascii=False, indent=2))
        return
    where = _where(name, state)
    print(f"# {where or 'mặc định của troly'}")
    print(as_yaml({name: block}), end="")


@profile_app.command("fields")
def fields(context: typer.Context, as_json: _Json = False) -> None:
    """Những gì một hồ sơ có thể giới hạn vào: lĩnh vực, loại văn bản, bộ tài liệu, số lượng."""
    state = cast(State, context.obj)
    with Session(state, use_model=False) as session:
        there = counted(session.assistant.knowledge)
    if as_json:
        print(json.dumps(there, ensure_ascii=False, indent=2))
        return
    for key, words in (
        ("fields", "Lĩnh vực (số thủ tục)"),
        ("document_types", "Loại văn bản"),
        ("collections", "Bộ tài liệu"),
    ):
        print(f"{words}:")
        for each, count in there[key].items():
            print(f"  {each or '(không tên)'}: {count}")


def _refuse_taken(name: str, state: State, folder: Path, *, force: bool) -> None:
    check_name(name)
    there = folder / name
    if there.exists() and not force:
        raise InputError(
            f"Đã có hồ sơ “{name}” ở {there}. Chọn tên khác, hoặc thêm --force để ghi đè."
        )
    if name in state.config.profiles and not there.exists():
        where = state.config_path or "mặc định"
        raise InputError(f"Hồ sơ “{name}” đã có trong {where}. Hãy chọn tên khác.")


def _refuse_unknown(name: str, config: Config) -> None:
    if name not in config.profiles:
        near = proposing.nearest(name.replace("-", " "), config.profiles, 1)
        hint = f" Có phải là “{near[0]}”?" if near else " Tạo mới: troly profile new TÊN"
        raise InputError(f"{no_profile(name, config.profiles)}{hint}")


def _refuse_empty(way: Way) -> None:
    """A profile that finds nothing is not written."""
    kinds = [kind.value for kind in DocumentKind]
    rows = way.seen.knowledge.headings(kinds)
    if not way.procedures.cards() and next(rows, None) is None:
        raise InputError(
            "Không có tài liệu nào khớp tất cả các điều kiện đã chọn nên chưa ghi gì. Bớt điều "
            "kiện, hoặc nạp tài liệu: troly ingest. Kho có gì: troly profile fields"
        )


def _known(asked: list[str] | None, there: Any, what: str) -> tuple[str, ...]:
    return tuple(asking.known(each, list(there), what) for each in asked or ())


def _authorities(asked: list[str] | None, assistant: Assistant) -> tuple[str, ...]:
    """Names of authorities, each of which some document has."""
    there = counted(assistant.knowledge)["authorities"]
    for each in asked or ():
        if not any(fold(" ".join(each.split())) in fold(name) for name in there):
            names = list(dict.fromkeys(p.strip() for name in there for p in name.split(";")))
            asking.known(each, names, "cơ quan")
    return tuple(" ".join(each.split()) for each in asked or ())


def _decided(wanted: asking.Wanted, ask: asking.Questions, *, yes: bool) -> asking.Wanted:
    if not yes:
        return ask.all(wanted)
    if not wanted.limits:
        raise InputError(
            "Cần ít nhất một giới hạn: --field, --authority, --document-type, --years hoặc "
            '--collection. Ví dụ: --field "Hộ tịch". Kho có gì: troly profile fields'
        )
    subject = ", ".join((*wanted.fields, *wanted.authorities, *wanted.document_types))
    return asking.titled(wanted, f"Trợ lý {subject}" if subject else "Trợ lý lĩnh vực")


def _trial(wanted: asking.Wanted, assistant: Assistant) -> Way:
    """What the profile will see."""
    profile = asking.validated(asking.block_of(wanted, ()))
    return Way(profile, assistant.whole.seen.through(profile.within), ())


def _set_of(name: str, home: Home) -> list[Line]:
    return questions(home.path / FOLDER / name / QUESTIONS)


def _where(name: str, state: State) -> Path | None:
    own = state.home.path / FOLDER / name / FILE
    return own if own.is_file() else state.config_path


def _told(profile: Profile) -> dict[str, Any]:
    """A profile's keys that say something, in the order of the manual."""
    told = profile.model_dump(mode="json", exclude_defaults=True)
    order = ("title", "audience", "capability", "kinds", "collections", "fields", "authorities",
             "document_types", "years", "prompt", "greeting", "suggestions", "tools")  # fmt: skip
    return {key: sorted(told[key]) if key in ("kinds", "collections") else told[key]
            for key in order if key in told}  # fmt: skip


def _print(found: Report, *, generated: bool) -> None:
    print(f"Hồ sơ {found.profile}")
    for each in found.found:
        print(f"  {'✓' if each.right else '✗'} {each.name}: {each.told}")
        if each.advice:
            print(f"      → {each.advice}")
    for wrong in found.wrong[:_SHOWN]:
        lost = f"; lộ {', '.join(wrong.outside)}" if wrong.outside else ""
        print(f"    {wrong.line.id} “{wrong.line.text}”: {wrong.why or 'sai'}{lost}")
    if len(found.wrong) > _SHOWN:
        print(f"    … và {len(found.wrong) - _SHOWN} câu nữa (--json in đủ)")
    if generated and found.kinds:
        print("  (bộ câu hỏi tự sinh từ kho; hồ sơ này chưa có tệp questions.jsonl)")
    print("Sẵn sàng." if found.ready else "Chưa sẵn sàng: xem các dòng ✗.")
