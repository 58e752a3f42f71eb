"""The pages of signing in, in a real browser: no barriers, no script needed, dark and light."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.access.access import Access
from tests.bots.web.conftest import PASSWORD, code
from tests.bots.web.test_barriers import axe, barriers, tab

__all__ = ["axe", "tab"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_signing_in_has_no_barriers(
    tab: Any, officers: Any, access: Access, axe: str, width: int, scheme: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    tab.call("Emulation.setEmulatedMedia", features=[feature])
    tab.open(f"{officers.address}/account", width=width, height=740)
    tab.wait("location.pathname === '/sign-in'")
    assert barriers(tab, axe) == []
    assert tab.run("document.documentElement.scrollWidth <= innerWidth")
    tab.run("document.querySelector('#name').focus()")
    for word in ("lan", PASSWORD, "000000"):
        tab.type(word)
        tab.press("Tab", 9)
    tab.press("Enter", 13)
    tab.wait("document.querySelector('[role=alert]')")
    assert barriers(tab, axe) == []
    assert tab.run("document.querySelector('#name').value") == "lan"
    tab.run("document.querySelector('#password').focus()")
    for word in (PASSWORD, code(access, "lan")):
        tab.type(word)
        tab.press("Tab", 9)
    tab.press("Enter", 13)
    tab.wait("location.pathname === '/account'")
    assert barriers(tab, axe) == []
    tab.run("document.querySelector('form button').click()")
    tab.wait("location.search === '?out=1'")
    assert not [each for each in tab.faults if "401" not in each]
