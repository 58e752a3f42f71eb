"""Fixed sentences, from replies.vi.yml, with the blanks filled from configuration."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assistant.config import Contacts
from assistant.profiles.profile import Profile
from assistant.vocabulary import Status


@cache
def _file() -> dict[str, Any]:
    path = Path(__file__).parent / "replies.vi.yml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def examples_of(profile: Profile | None) -> dict[str, str]:
    """What a person is shown as examples of questions: a profile's own where it has some."""
    usual: dict[str, str] = _file()["examples"]
    if profile is None or not (profile.suggestions or profile.keeps_to_a_part):
        return usual
    subject = f"Thủ tục về {profile.about()}"
    usual_ones = (f"{subject} cần giấy tờ gì?", f"{subject} nộp ở đâu?")
    first, *others = profile.suggestions or usual_ones
    return {
        "example": first,
        "another": others[0] if others else first,
        "names": ", ".join(f"“{question}”" for question in (first, *others[:1])),
    }


def day(value: date) -> str:
    """A date as Vietnamese readers write it: 05/07/2026."""
    return value.strftime("%d/%m/%Y")


class Replies:
    """The sentences of one installation; ``english``: in English, as far as there are any.

    ``profile`` greets in its own words, and names questions of its own as examples.
    """

    def __init__(
        self, contacts: Contacts, *, english: bool = False, profile: Profile | None = None
    ) -> None:
        self._contacts = contacts
        self._profile = profile
        self._examples = examples_of(profile)
        self._english: dict[str, Any] = _file()["english"] if english else {}
        if english:
            self.human = self._english["human"].format(portal=contacts.portal)
        elif profile is not None and profile.audience == "officers":
            self.human = _file()["human_route_officers"]  # they are the desk that others go to
        else:
            self.human = _file()["human_route"].format(
                human_route=contacts.human_route, hotline=contacts.hotline, portal=contacts.portal
            )

    def speaking(self, english: bool) -> Replies:
        """The same in the language of a question."""
        if english == bool(self._english):
            return self
        return Replies(self._contacts, english=english, profile=self._profile)

    def of(self, profile: Profile) -> Replies:
        """The same as a profile says it."""
        return Replies(self._contacts, english=bool(self._english), profile=profile)

    def status(self, status: Status, **blanks: object) -> str:
        """The sentence of a status that has one."""
        text: str = (
            self._english.get("status", {}).get(status.value) or (_file()["status"][status.value])
        )
        blanks = {"portal": self._contacts.portal, **self._examples, **blanks}
        return text.format(human=self.human, **blanks)

    def has(self, status: Status) -> bool:
        return status.value in _file()["status"]

    def small_talk(self, kind: str) -> str:
        if kind == "greeting" and not self._english and self._profile and self._profile.greeting:
            return self._profile.greeting
        said: dict[str, str] = self._english.get("small_talk", _file()["small_talk"])
        return said[kind].format(**self._examples)

    def notice(self, name: str, **blanks: object) -> str:
        text: str = self._english.get("notices", {}).get(name) or _file()["notices"][name]
        return text.format(**{**self._examples, **blanks})

    def slot(self, slot: str) -> str:
        names: dict[str, str] = self._english.get("slots", _file()["slot_names"])
        return names.get(slot, slot)

    def suggestion(self, slot: str) -> str | None:
        text: str | None = _file()["suggestions"].get(slot)
        return text

    def ai_notice(self, *, worded: bool, english: bool = False) -> str:
        """The AI disclosure; ``worded`` says whether a model wrote any of the answer."""
        name = "ai_notice" if worded else "automatic_notice"
        text: str = _file()["english"][name] if english else _file()[name]
        return text

    def as_of(self, value: date, english: bool = False) -> str:
        text: str = _file()["english"]["as_of"] if english else _file()["as_of"]
        return text.format(as_of=day(value))
