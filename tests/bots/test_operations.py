"""Probes, metrics, headers, and what no page may do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from assistant.dialogue.decision import Decision, DecisionKind


def test_alive_and_ready(site: Any) -> None:
    assert site.http.get("/livez").status_code == 200
    assert site.http.get("/readyz").json()["ready"] is True
    site.assistant.state["model"] = "missing"  # the card still answers
    assert site.http.get("/readyz").status_code == 200
    site.assistant.state["index"] = "broken"
    refused = site.http.get("/readyz")
    assert refused.status_code == 503
    assert refused.json()["index"] == "broken"


def test_metrics_count_and_hold_no_words(site: Any) -> None:
    secret = "bímật079201001234"
    site.http.post("/api/chat", json={"message": secret, "session": "s-" + "1" * 20})
    site.http.get(f"/api/sources/{secret}")
    site.http.get(f"/{secret}")
    site.http.request("PROPFIND", "/livez")
    text = site.http.get("/metrics").text
    assert secret not in text
    assert "079201001234" not in text
    assert 'troly_answers_total{door="chat",status="answered"} 1.0' in text
    assert (
        'troly_http_request_seconds_count{code="200",method="POST",route="/api/chat"} 1.0' in text
    )
    assert 'route="/api/sources/{document_id:path}"' in text
    assert 'method="other"' in text
    assert 'troly_corpus_info{version="c0ffee"} 1.0' in text
    assert 'troly_model_state{state="ready"} 1.0' in text
    assert "troly_ready 1.0" in text
    assert 'troly_desk_tickets{status="waiting"} 0.0' in text
    site.desk.decided(Decision(DecisionKind.ASK, "ask_fee", 1.0, "rasa"))
    text = site.http.get("/metrics").text
    assert 'troly_decisions_total{by="rasa",kind="ask"} 1.0' in text


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/openapi.json", "/static/chat.js", "/nowhere", "/livez"]
)
def test_every_response_is_locked_down(site: Any, path: str) -> None:
    headers = site.http.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_no_page_asks_another_host_for_anything(site: Any) -> None:
    loaded = ""
    for path in ("/", "/docs", "/static/chat.js", "/static/docs.js", "/static/page.css"):
        loaded += site.http.get(path).text
    assert not re.findall(r"""(?:src|href)=["']https?://(?!dichvucong\.gov\.vn)""", loaded)
    assert not re.findall(r"""(?:url\(|@import|fetch\()\s*["'`]?https?:""", loaded)
    assert "innerHTML" not in loaded
    assert len(loaded.encode()) < 60_000


def test_the_description_covers_every_route(site: Any) -> None:
    paths = site.http.get("/openapi.json").json()["paths"]
    for path in (
        "/api/chat",
        "/v1/chat/completions",
        "/v1/models",
        "/livez",
        "/readyz",
        "/metrics",
    ):
        assert path in paths
    body = paths["/api/chat"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["properties"]) == {
        "message",
        "payload",
        "message_id",
        "session",
        "as_of",
        "profile",
        "within",
        "use_model",
    }


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/x", 404), ("GET", "/api/chat", 405)]
)
def test_wrong_addresses_get_a_sentence(site: Any, method: str, path: str, status: int) -> None:
    response = site.http.request(method, path)
    assert response.status_code == status
    assert "/docs" in response.json()["error"]["message"]


def test_static_files_are_not_sent_twice(site: Any) -> None:
    tag = site.http.get("/static/page.css").headers["etag"]
    again = site.http.get("/static/page.css", headers={"if-none-match": tag})
    assert again.status_code == 304


def test_before_there_is_an_assistant_the_door_says_so(site: Any) -> None:
    site.desk._assistant, kept = None, site.desk._assistant
    assert site.http.get("/livez").status_code == 200
    assert site.http.get("/readyz").status_code == 503
    assert 'troly_model_state{state="preparing"} 1.0' in site.http.get("/metrics").text
    response = site.http.post("/api/chat", json={"message": "a"})
    assert response.status_code == 503
    assert "chuẩn bị" in response.json()["error"]["message"]
    assert "chuẩn bị" in site.http.post("/", data={"message": "a"}).text
    site.desk._assistant = kept


def test_the_manual_names_every_route(site: Any) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")
    paths = site.http.get("/openapi.json").json()["paths"]
    assert len(paths) >= 8
    for path in paths:
        assert path.replace("{document_id}", "{id}") in manual
