"""Profiles that stand in folders of their own: ``<home>/profiles/<name>/profile.yml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import ConfigError
from assistant.profiles.profile import CITIZEN, NAME, TAKEN
from assistant.profiles.prompt import LONGEST
from knowledge_base.vietnamese import fold

#: The folder of profiles in a home, and what one is called in it.
FOLDER, FILE = "profiles", "profile.yml"
#: What there is where config.yml names none.
_USUAL = {CITIZEN: {"title": "Trợ lý dịch vụ công"}}
_A_FILE = re.compile(r"[^\n]{1,200}\.(?:txt|md)")


def with_folders(written: Any, config: Path | None, folder: Path | None) -> Any:
    """The blocks ``written`` in ``config`` and those of ``folder``, prompts read from their files.

    What is no mapping is left as it is, for the one who checks types to say so.

    Raises:
        ConfigError: a name that cannot be one or stands twice, a file that cannot be read.
    """
    if written is not None and not isinstance(written, Mapping):
        return written
    blocks: dict[str, Any] = {**_USUAL, **(written or {})}
    for name, block in blocks.items():
        check_name(str(name), f"{config}: profiles")
        blocks[name] = _with_prompt(block, config.parent if config else None, f"{config}")
    for path in sorted(folder.glob(f"*/{FILE}")) if folder and folder.is_dir() else ():
        name = path.parent.name
        if name.startswith("."):  # one that is being written
            continue
        check_name(name, str(path))
        if name in (written or {}) or name == CITIZEN:
            raise ConfigError(
                f"Hồ sơ “{name}” có ở cả {config or 'mặc định'} và {path}. Hãy giữ một nơi."
            )
        blocks[name] = _with_prompt(_block(path), path.parent, str(path))
    return blocks


def check_name(name: str, where: str = "") -> None:
    """Raise `ConfigError` for what no profile can be called, with a name that can be taken."""
    near = name_like(name)
    advice = f" Hãy dùng: {near}" if near and near != name else ""
    at = f"{where}: " if where else ""
    if name in TAKEN:
        raise ConfigError(f"{at}tên “{name}” đã có nghĩa khác. Hãy chọn tên khác.")
    if not re.fullmatch(NAME, name, re.ASCII):
        raise ConfigError(
            f"{at}tên hồ sơ “{name}” không dùng được: chỉ gồm chữ thường không dấu, chữ số, dấu "
            f"gạch nối, nhiều nhất 40 ký tự, ví dụ y-te.{advice}"
        )


def name_like(text: str) -> str:
    """A name made of words ("Y tế" → ``y-te``); empty where nothing is left of them."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return "-".join(words)[:40].strip("-")


def _block(path: Path) -> Any:
    try:
        block = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(
            f"{path} không đọc được: {error}. Hãy sửa tệp, hoặc xóa thư mục {path.parent} để bỏ "
            "hồ sơ này."
        ) from error
    if not isinstance(block, dict):
        raise ConfigError(
            f"{path} phải gồm các dòng như “title: …”. Mẫu: troly profile show citizen"
        )
    return block


def _with_prompt(block: Any, folder: Path | None, where: str) -> Any:
    """``block`` with the words of its prompt in place of the name of their file."""
    named = block.get("prompt") if isinstance(block, dict) else None
    if not isinstance(named, str) or not _A_FILE.fullmatch(named.strip()):
        return block
    path = (folder or Path()) / named.strip()
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(4 * LONGEST)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{where}: không đọc được tệp lời nhắc {path}: {error}. Hãy tạo tệp đó hoặc bỏ dòng "
            "prompt."
        ) from error
    return {**block, "prompt": text}
