"""What the assistant says itself is plain: every text reaches the target, all together more."""

from __future__ import annotations

from assistant.plain_language.measure import TARGET, means, measure
from assistant.plain_language.own import own_texts


def test_every_text_of_ours_is_plain() -> None:
    texts = list(own_texts())
    assert len(texts) > 200
    hard = {
        f"{own.where}: {own.text}": found.score
        for own in texts
        if (found := measure(own.text)).sentences and found.score < TARGET
    }
    assert not hard


def test_together_they_are_plainer_still() -> None:
    measured = [measure(own.text) for own in own_texts()]
    assert means([one for one in measured if one.sentences]) >= 90
