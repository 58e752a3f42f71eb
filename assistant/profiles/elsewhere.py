"""What a profile says of questions that it does not answer: what it is for, and who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.profiles.profile import Profile
from knowledge_base.vietnamese import fold

_MOST = 3  # fields named


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The sentences of one profile among others; ``portal`` is where anyone can look."""

    profile: Profile
    profiles: Mapping[str, Profile]
    portal: str

    def only(self, *, english: bool = False) -> str:
        """What the profile is for."""
        about = self.profile.about()
        if english:
            return f"This assistant only answers about: {about}."
        return f"Trợ lý này chỉ trả lời về {about}."

    def told(self, fields: Sequence[str], *, english: bool = False) -> str:
        """That a question of these fields (none: not known) is answered elsewhere, and where."""
        named = ", ".join(fields[:_MOST])
        where = self._where(fields, english=english)
        if english:
            of = f" Your question belongs to: {named};" if named else " For your question"
            return f"{self.only(english=True)}{of} see {where}."
        of = f"Câu hỏi này thuộc lĩnh vực {named}: xem" if named else "Câu hỏi này xem"
        return f"{self.only()} {of} ở {where}."

    def rest(self, fields: Sequence[str], *, english: bool = False) -> str:
        """That a part of what was asked is answered elsewhere."""
        named, where = ", ".join(fields[:_MOST]), self._where(fields, english=english)
        if english:
            return f"This assistant does not answer the part about {named}; see {where}."
        return f"Phần hỏi về {named} trợ lý này không trả lời: xem ở {where}."

    def _where(self, fields: Sequence[str], *, english: bool) -> str:
        titles = [profile.title for profile in self.profiles.values() if self._answers(profile)]
        asked = set(map(fold, fields))
        close = [
            profile.title
            for profile in self.profiles.values()
            if self._open(profile) and asked and asked <= set(map(fold, profile.fields))
        ]
        names = [f"“{title}”" for title in dict.fromkeys((*close, *titles))][:2]
        return (" or " if english else " hoặc ").join([*names, self.portal])

    def _open(self, profile: Profile) -> bool:
        return profile is not self.profile and profile.audience == "public"

    def _answers(self, profile: Profile) -> bool:
        """Whether anyone may ask it about any procedure."""
        return self._open(profile) and not profile.keeps_to_a_part
