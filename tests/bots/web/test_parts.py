"""What the page consists of: little, all of it ours, nothing inline."""

from __future__ import annotations

import gzip
import re
from typing import Any

from bots.web.pages import PARTS


def test_all_of_it_is_light_enough_for_a_cheap_phone(site: Any) -> None:
    parts = [site.http.get("/").content, site.http.get("/widget.js").content]
    parts += [site.http.get(f"/static/{name}").content for name in (*PARTS, "icon.svg")]
    assert sum(len(gzip.compress(part)) for part in parts) <= 60 * 1024


def test_parts_are_packed_for_whoever_can_unpack_them(site: Any) -> None:
    for name in (*PARTS, "icon.svg"):
        packed = site.http.get(f"/static/{name}", headers={"Accept-Encoding": "gzip, br"})
        plain = site.http.get(f"/static/{name}", headers={"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.content == plain.content
        assert packed.headers["etag"] != plain.headers["etag"]
        for each in (packed, plain):
            assert each.headers["vary"] == "Accept-Encoding"
            again = {
                "If-None-Match": each.headers["etag"],
                "Accept-Encoding": each.headers.get("content-encoding", "identity"),
            }
            assert site.http.get(f"/static/{name}", headers=again).status_code == 304


def test_every_part_that_is_asked_for_is_one(site: Any) -> None:
    page = site.http.get("/").text
    scripts = "".join(site.http.get(f"/static/{name}").text for name in PARTS)
    asked = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    asked += re.findall(r'from "\./([^"]+)"', scripts)
    assert set(asked) == {*PARTS, "icon.svg"}


def test_nothing_is_inline(site: Any) -> None:
    for path in ("/", "/embed"):
        page = site.http.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
        assert "set-cookie" not in site.http.get(path).headers
