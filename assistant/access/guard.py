"""The second wall of the citizens' server: a process that cannot open the restricted folder.

The first is that nothing in it knows a path there (`Home.for_citizens`). This one is for
our own faults: a watch inside Python that ends the process at the first attempt, and,
where the folder lies outside the home and the kernel has Landlock, the kernel's refusal,
which holds for libraries and for child processes, too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from assistant.access.landlock import deny

#: The process's exit code after an attempt: so that whoever restarts it can tell.
EXIT = 78

#: Where the paths are among the arguments of Python's audit events.
_PATHS = {
    "open": (0,), "sqlite3.connect": (0,), "os.listdir": (0,), "os.scandir": (0,),
    "os.rename": (0, 1), "os.link": (0, 1), "os.symlink": (0, 1), "os.remove": (0,),
    "os.mkdir": (0,), "os.rmdir": (0,), "os.truncate": (0,), "os.chmod": (0,), "os.chown": (0,),
    "os.chdir": (0,), "shutil.copyfile": (0, 1), "shutil.copytree": (0, 1), "shutil.move": (0, 1),
    "shutil.rmtree": (0,), "ctypes.dlopen": (0,), "subprocess.Popen": (0, 1),
}  # fmt: skip


def keep_out(home: Path, folder: Path, *, end: Callable[[str], object] | None = None) -> str:
    """From now on this process cannot open anything in ``folder``; it cannot be undone.

    Returns which walls stand, for the log. ``end`` is called with a sentence at an
    attempt; left out, it is printed and the process ends.
    """
    sys.addaudithook(_watch(os.path.realpath(folder), end or _end))
    if folder.resolve().is_relative_to(home.resolve()):
        return "watch"  # Landlock cannot leave one folder out of another that is written to
    return "watch, landlock" if deny(folder.resolve()) else "watch"


def _watch(folder: str, end: Callable[[str], object]) -> Callable[[str, tuple[object, ...]], None]:
    beneath = folder + os.sep

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        for place in _PATHS.get(event, ()):
            given = arguments[place] if place < len(arguments) else None
            for each in given if isinstance(given, list | tuple) else (given,):
                if _leads_to(each, folder, beneath):
                    end(
                        f"troly: CẢNH BÁO. Máy chủ cho người dân vừa thử mở kho hạn chế ({event}). "
                        "Tiến trình dừng ngay, không có gì được đọc. Đây là lỗi của chương trình: "
                        "hãy báo người quản trị."
                    )

    return hook


def _leads_to(given: object, folder: str, beneath: str) -> bool:
    if isinstance(given, bytes):
        given = os.fsdecode(given)
    elif isinstance(given, os.PathLike):
        given = os.fsdecode(os.fspath(given))
    if not isinstance(given, str) or not given or given == ":memory:":
        return False
    if given.startswith("file:"):
        given = unquote(given[5:].partition("?")[0])
        given = "/" + given.lstrip("/") if given.startswith("//") else given
    try:
        real = os.path.realpath(given)
    except (OSError, ValueError):
        return False
    return real == folder or real.startswith(beneath)


def _end(told: str) -> None:
    os.write(2, (told + "\n").encode())
    os._exit(EXIT)
