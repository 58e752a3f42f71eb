"""``python -m bots.demo.whole``: kill -9 over the whole, with everything that a town would run.

``troly up`` with three channels, real conversations over the knowledge base, Rasa and, if
asked for, the model. People write in several chats of each provider at once, while the
server, Rasa's process or the model's is killed at random moments. Then the books are
balanced: of every message that was acknowledged, which turn settled it, which messages
that turn sent, and what the provider has seen of them.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from bots.demo.books import Asked, Books, balance
from bots.demo.killable import (
    AtTelegram,
    AtZaloBot,
    AtZaloOa,
    Place,
    Whole,
    environment_of,
    free_port,
)
from bots.demo.people import OnTelegram, OnZaloBot, OnZaloOa
from knowledge_base.home import Home

#: What is asked about: nobody else asks about what one chat asks.
TITLES = (
    ("Cấp đổi thẻ căn cước", "Đăng ký tạm trú", "Chứng thực di chúc"),
    ("Đăng ký thường trú", "Đăng ký lại kết hôn", "Cấp giấy phép lái xe quốc tế"),
    ("Đăng ký giám hộ", "Chứng thực bản sao từ bản chính", "Cấp lại thẻ căn cước"),
    ("Đổi giấy phép lái xe", "Đăng ký lại khai sinh", "Giải thể doanh nghiệp"),
    ("Cấp bản sao từ sổ gốc", "Cấp lại giấy phép lái xe", "Đăng ký thành lập công ty cổ phần"),
    ("Giải quyết hưởng chế độ ốm đau", "Đăng ký lại việc nuôi con nuôi trong nước",
     "Chấm dứt hiệu lực mã số thuế"),
    ("Giải quyết hưởng chế độ thai sản", "Đăng ký chấm dứt giám hộ",
     "Đăng ký thành lập doanh nghiệp tư nhân"),
    ("Giải quyết hưởng chế độ tử tuất", "Đăng ký phục vụ trong ngạch dự bị",
     "Cấp thẻ căn cước cho người dưới 14 tuổi"),
    ("Giải quyết hưởng bảo hiểm xã hội một lần", "Đăng ký nghĩa vụ quân sự bổ sung",
     "Cấp giấy phép chặt hạ, dịch chuyển cây xanh"),
)  # fmt: skip
_KINDS = ("cần những giấy tờ gì?", "lệ phí bao nhiêu?", "mất bao lâu?", "nộp ở đâu?")
#: Seconds: at most until Rasa answers, and until everything is delivered.
_RASA, _DRAIN = 90.0, 600.0


@dataclass
class Kill:
    """What was killed, when, and how long it took until it was back and until a next answer."""

    what: str
    at: float
    back: float = 0.0


@dataclass
class Found:
    """What came of it. ``books.lost``, ``disordered`` and ``misplaced`` have to stay empty."""

    seed: int
    kills: list[Kill] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)
    acks_steady: list[float] = field(default_factory=list)
    pushed_again: int = 0
    answers_after: list[float] = field(default_factory=list)
    books: Books = field(default_factory=Books)
    seconds: float = 0.0


class Chats:
    """People who write, each in a thread of their own."""

    def __init__(self, places: Sequence[Place], each: int, seed: int, found: Found) -> None:
        self.asked: list[Asked] = []
        self.pause = (1.0, 5.0)
        self.stopped = threading.Event()
        self.steady = False
        self._found, self._seed = found, seed
        self._pool = ThreadPoolExecutor(len(places) * each)
        self._running = [
            self._pool.submit(self._write, place, chat, TITLES[number * each + chat])
            for number, place in enumerate(places)
            for chat in range(each)
        ]

    def end(self) -> None:
        """No more is written; what was begun is brought."""
        self.stopped.set()
        for each in self._running:
            each.result()
        self._pool.shutdown()

    def _write(self, place: Place, chat: int, titles: tuple[str, ...]) -> None:
        chance = random.Random(f"{self._seed} {place.channel} {chat}")  # noqa: S311 - no secret
        while not self.stopped.wait(chance.uniform(*self.pause)):
            title = chance.choice(titles)
            self._bring(place, chat, title, f"{title} {chance.choice(_KINDS)}")

    def _bring(self, place: Place, chat: int, title: str, text: str) -> None:
        """Push one message until it is acknowledged."""
        update, tries = "", 0
        while True:
            delivered = place.push(chat, text, update)
            update = place.update(delivered)
            if delivered is None or delivered.status == 200:
                break
            tries += 1
            self._found.pushed_again += 1
            if self.stopped.is_set() and tries > 600:
                return  # there is no server any more; this was not acknowledged
            time.sleep(0.1)
        if delivered is not None and delivered.seconds and not tries:
            acks = self._found.acks_steady if self.steady else self._found.acks
            acks.append(delivered.seconds)
        self.asked.append(Asked(place.channel, place.name(chat), update, title, time.time()))


def run(
    shared: Home,
    kills: int,
    seed: int,
    *,
    dialogue: str = "auto",
    model: bool = False,
    steady: float = 20.0,
    slow: float = 0.0,
    each: int = 3,
    keep: Path | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> Found:
    """Kill ``kills`` times; ``shared`` has the knowledge base, Rasa and the model, and is left as
    it is. ``steady``: seconds of asking before the first kill. ``slow``: seconds that providers
    take for each message: a kill in the midst of one leaves it unknown whether it arrived.
    ``keep``: a folder for what the server leaves behind."""
    found, begun = Found(seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="troly-whole-") as folder, ExitStack() as open_:
        home = _own(shared, Path(folder) / "home")
        port = free_port()
        oa = open_.enter_context(OnZaloOa())
        bot = open_.enter_context(OnZaloBot())
        telegram = open_.enter_context(OnTelegram())
        server = Whole(
            home, port, environment_of(oa, bot, telegram, dialogue=dialogue, model=model)
        )
        oa.meet(server.address, home)
        places: list[Place] = [AtZaloOa(oa), AtZaloBot(bot, server.address), AtTelegram(telegram)]
        server.start()
        try:
            server.wait(600)
            if dialogue != "direct":
                say(f"Rasa: {server.wait_for_rasa(_RASA)}")
            chats = Chats(places, each, seed, found)
            try:
                _steadily(chats, steady)
                if slow:
                    for place in places:
                        place.slow_down(slow)
                _kill_at_random(server, found, kills, random.Random(seed), dialogue, say)  # noqa: S311
            finally:
                chats.end()
            server.wait()
            say(f"{len(chats.asked)} messages; waiting for the rest to be delivered")
            _drain(home, telegram)
        finally:
            server.stop()
            if keep is not None:
                shutil.copytree(home.path, keep, symlinks=True, dirs_exist_ok=True)
        shown = {
            (place.channel, place.name(chat)): place.shown(chat)
            for place in places
            for chat in range(each)
        }
        killed = [kill.at for kill in found.kills if kill.what == "server"]
        own = {
            (place.channel, place.name(chat)): TITLES[number * each + chat]
            for number, place in enumerate(places)
            for chat in range(each)
        }
        found.books = balance(home.state_database, chats.asked, shown, own, killed)
        arrivals = sorted(message.at for messages in shown.values() for message in messages)
        found.answers_after = list(_next_after(killed, arrivals))
    found.seconds = time.monotonic() - begun
    return found


def _own(shared: Home, path: Path) -> Home:
    """A home of its own with what ``shared`` has made ready; conversations are not shared."""
    home = Home(path)
    path.mkdir(parents=True)
    shutil.copytree(shared.store(), home.store(), symlinks=True)
    if shared.models.is_dir():
        home.models.symlink_to(shared.models.resolve(), target_is_directory=True)
    if shared.state.is_dir():
        shutil.copytree(shared.state, path / "state")
    dialogue = shared.path / "dialogue"
    if dialogue.is_dir():
        (path / "dialogue").mkdir(mode=0o700)
        for name in ("models", "cache"):
            if (dialogue / name).is_dir():
                shutil.copytree(dialogue / name, path / "dialogue" / name)
        (path / "dialogue" / "venv").symlink_to((dialogue / "venv").resolve())
    return home


def _steadily(chats: Chats, seconds: float) -> None:
    chats.steady, usual = True, chats.pause
    chats.pause = (0.1, 0.6)
    time.sleep(seconds)
    chats.steady, chats.pause = False, usual


def _kill_at_random(
    server: Whole,
    found: Found,
    kills: int,
    chance: random.Random,
    dialogue: str,
    say: Callable[[str], object],
) -> None:
    for number in range(kills):
        when = chance.random()
        if when < 0.2:  # amid the start
            time.sleep(chance.uniform(0.0, 3.0))
        else:
            server.wait()
            if when > 0.5 and dialogue != "direct":
                server.wait_for_rasa(_RASA)
            time.sleep(chance.uniform(0.1, 5.0))
        targets = {"server": 0, "server too": 0, "rasa": server.rasa(), "model": server.model()}
        what = chance.choice([name for name, pid in targets.items() if pid or "server" in name])
        if "server" in what:
            what = "server"
            server.kill()
            found.kills.append(kill := Kill(what, time.time()))
            server.start()
            threading.Thread(target=_back, args=(server, kill), daemon=True).start()
        else:
            os.kill(targets[what], signal.SIGKILL)
            found.kills.append(kill := Kill(what, time.time()))
            if what == "rasa" and server.wait_for_rasa(_RASA, but=targets[what]):
                kill.back = time.time() - kill.at
        say(f"{number + 1}: {what}")


def _back(server: Whole, kill: Kill) -> None:
    """Note how long it took; nothing where it was killed again before."""
    begun = server._process
    while server._process is begun and time.time() - kill.at < 120:
        if server.is_ready():
            kill.back = time.time() - kill.at
            return
        time.sleep(0.05)


def _drain(home: Home, telegram: OnTelegram) -> None:
    """Wait until nothing waits any more, nor at the provider that is asked."""
    end, quiet = time.monotonic() + _DRAIN, 0
    while time.monotonic() < end and quiet < 3:
        waiting = Books.waiting(home.state_database) + len(telegram.fake.world.waiting())
        quiet = 0 if waiting else quiet + 1
        time.sleep(0.5)


def _next_after(killed: Sequence[float], arrivals: Sequence[float]) -> Iterator[float]:
    """Seconds from each kill to the first message that anybody was sent, unless the next kill
    came before."""
    for at, following in pairwise([*killed, float("inf")]):
        first = next((each for each in arrivals if each > at), None)
        if first is not None and first < following:
            yield first - at


def main(
    home: Annotated[
        Path | None, typer.Option(help="Nơi có sẵn chỉ mục, Rasa, mô hình; không bị đổi.")
    ] = None,
    kills: Annotated[int, typer.Option(min=0, help="Số lần kill -9 ngẫu nhiên.")] = 40,
    seed: Annotated[int, typer.Option(help="Hạt giống; 0 là chọn ngẫu nhiên và in ra.")] = 0,
    dialogue: Annotated[str, typer.Option(help="dialogue.mode: auto, rasa, direct.")] = "auto",
    model: Annotated[bool, typer.Option(help="Dùng cả mô hình ngôn ngữ.")] = False,
    steady: Annotated[float, typer.Option(min=0, help="Số giây hỏi trước lần đầu.")] = 20.0,
    slow: Annotated[float, typer.Option(min=0, help="Số giây mỗi tin gửi ở nhà cung cấp.")] = 0.0,
    keep: Annotated[
        Path | None, typer.Option(help="Giữ lại bảng và nhật ký ở thư mục này.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Máy chủ thật với ba kênh trò chuyện, bị kill -9 ngẫu nhiên: có mất, trùng, nhầm tin không."""
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    typer.echo(f"seed {seed}", err=True)
    found = run(
        Home.find(home), kills, seed, dialogue=dialogue, model=model, steady=steady,
        slow=slow, keep=keep,
        say=lambda text: typer.echo(text, err=True),
    )  # fmt: skip
    if as_json:
        told = {**vars(found), "books": vars(found.books), "kills": [vars(k) for k in found.kills]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo(table(found))
    if not found.books.balanced:
        raise typer.Exit(1)


def table(found: Found) -> str:
    """The figures as Markdown."""
    books, counts = found.books, Counter(kill.what for kill in found.kills)
    rows = [
        (f"random kill -9 (seed {found.seed})", f"{len(found.kills)}: " + _listed(counts)),
        ("acknowledged messages, turns, parts sent",
         f"{books.acknowledged}, {books.turns}, {books.parts}"),
        ("lost", str(len(books.lost))),
        ("chats out of order", str(len(books.disordered))),
        ("answers in a wrong chat", str(len(books.misplaced))),
        ("messages that came twice, most of one channel after one kill",
         f"{books.duplicates}, {books.most_duplicates}"),
        ("messages that nobody can explain", str(len(books.strays))),
        ("single questions answered by their own procedure", f"{books.own} of {books.single}"),
        ("webhook acknowledged while answers run, p50 / p99 / n", _times(found.acks_steady)),
        ("… between kills, starts included", _times(found.acks)),
    ]  # fmt: skip
    for what in ("server", "rasa"):
        backs = [kill.back for kill in found.kills if kill.what == what and kill.back]
        rows.append((f"{what} back after a kill, median / most", _seconds(backs)))
    rows.append(("next answer after the server was killed", _seconds(found.answers_after)))
    return "\n".join(("| what | measured |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)))


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))


def _times(seconds: Sequence[float]) -> str:
    if not seconds:
        return "–"
    ordered = sorted(seconds)
    p50, p99 = (ordered[min(len(ordered) - 1, len(ordered) * p // 100)] * 1000 for p in (50, 99))
    return f"{p50:.1f} / {p99:.1f} ms / {len(ordered)}"


def _seconds(found: Sequence[float]) -> str:
    return f"{statistics.median(found):.1f} / {max(found):.1f} s" if found else "–"


if __name__ == "__main__":
    typer.run(main)
