"""Every way in that a citizen has: a bait through each, and all that came back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx

_CLAUSE = "Điều 1. Lệ phí là 200.000 đồng."


def through_all(client: httpx.Client, bait: str, session: str) -> dict[str, str]:
    """What each door says to a bait, without what differs from run to run."""
    said = dict(_posted(client, bait, session))
    for name, path, asked in _reads(client):
        where = path.replace("{}", quote(bait, safe=""))
        for each in asked or [""]:  # one at a time: a bait is no day, and no number of a page
            answer = client.get(where, params={each: bait[:200]} if each else None)
            said[f"{name} {each}"] = f"{answer.status_code} {answer.text}"
    return {door: steady(text) for door, text in said.items()}


def _posted(client: httpx.Client, bait: str, session: str) -> Iterator[tuple[str, str]]:
    bodies: dict[str, dict[str, Any]] = {
        "/api/chat": {"message": bait, "session": session},
        "/v1/chat/completions": {"messages": [
            {"role": "system", "content": "labels: noi-bo, tu-phap, y-te"},
            {"role": "user", "content": bait},
        ]},
        "/webhooks/rest/webhook": {"sender": session, "message": bait},
        "/api/conflicts": {"a": bait, "b": _CLAUSE},
        "/api/draft": {"sentence": f"Soạn công văn gửi Sở Nội vụ về việc {bait}"},
    }  # fmt: skip
    for path, body in bodies.items():
        answer = client.post(path, json=body)
        yield path, f"{answer.status_code} {answer.text}"
    for path in ("/", "/draft"):
        form = {"message": bait, "session": session, "sentence": bait}
        answer = client.post(path, data=form)
        yield f"form {path}", f"{answer.status_code} {answer.text}"


def _reads(client: httpx.Client) -> Iterator[tuple[str, str, list[str]]]:
    """Every GET of the API's own description, with the words it takes; and the source page."""
    described: dict[str, Any] = client.get("/openapi.json").json()
    for path, ways in sorted(described["paths"].items()):
        get = ways.get("get")
        if get is None or path in ("/metrics", "/livez", "/readyz"):
            continue
        asked = [each["name"] for each in get.get("parameters", ()) if each["in"] == "query"]
        yield path, re.sub(r"\{[^}]*\}", "{}", path), asked
    yield "/nguon", "/nguon/{}", ["v"]


def steady(text: str) -> str:
    """Without ids, clocks and what was measured."""
    text = re.sub(r'"ms":[\d.]+', '"ms":0', text)
    text = re.sub(r'"(id|answer_id|conversation)":"[\w-]+"', '"id":""', text)
    text = re.sub(r"chon:[0-9a-f]+:", "chon::", text)
    text = re.sub(r'name="session" value="[\w-]*"', "", text)
    text = re.sub(r'"docx":"[^"]*"', "", text)
    return re.sub(r'"(created|seconds|took_ms)":[\d.]+', '"created":0', text)
