"""One question at every web door: the same answer, the same sources, the same choices."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from typing import Any

import httpx
import openai
import pytest

ASK = "Làm hộ chiếu hết bao nhiêu tiền?"


@pytest.fixture
def client(site: Any) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{site.address}/v1",
        api_key="none",
        max_retries=0,
        http_client=httpx.Client(trust_env=False),
    )


def chat(site: Any, text: str) -> dict[str, Any]:
    told = site.http.post("/api/chat", json={"message": text}).text
    last = told.strip().rsplit("\n\n", 1)[-1]
    final: dict[str, Any] = json.loads(last.split("data: ", 1)[1])
    return final


def rest(site: Any, text: str) -> dict[str, Any]:
    told = site.http.post("/webhooks/rest/webhook", json={"sender": "a-1", "message": text})
    last: dict[str, Any] = told.json()[-1]
    return last


@pytest.mark.parametrize(
    "text", [ASK, unicodedata.normalize("NFD", ASK), "<b>&amp; [1](x)</b> 👍🏽"]
)
def test_every_door_says_the_same(site: Any, client: openai.OpenAI, text: str) -> None:
    final, message = chat(site, text), rest(site, text)
    completion: Any = client.chat.completions.create(
        model="troly", messages=[{"role": "user", "content": text}]
    )
    assert completion.sources == final["citations"]
    assert completion.troly["status"] == final["status"]
    assert completion.troly["suggestions"] == final["suggestions"]
    assert [each["title"] for each in message["buttons"]] == final["suggestions"]
    content = completion.choices[0].message.content
    for citation in final["citations"]:
        assert f"[^{citation['number']}]: {citation['title']}" in content
        assert citation["quote"] in content
        assert f"[{citation['number']}]" in message["text"]
    first = unicodedata.normalize("NFC", final["text"].splitlines()[0])
    assert first in message["text"]
    assert [question.text for question in site.assistant.questions] == [text] * 3


def test_an_asynchronous_client_streams_the_same(site: Any, client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(
        model="troly", messages=[{"role": "user", "content": ASK}]
    )

    async def streamed() -> tuple[str, Any, Any]:
        text, last, usage = "", None, None
        async with openai.AsyncOpenAI(
            base_url=f"{site.address}/v1",
            api_key="none",
            max_retries=0,
            http_client=httpx.AsyncClient(trust_env=False),
        ) as asking:
            stream = await asking.chat.completions.create(
                model="troly",
                messages=[{"role": "user", "content": ASK}],
                stream=True,
                stream_options={"include_usage": True},
            )
            async for chunk in stream:
                usage = chunk.usage or usage
                if chunk.choices:
                    text += chunk.choices[0].delta.content or ""
                    last = chunk if chunk.choices[0].finish_reason else last
        return text, last, usage

    text, last, usage = asyncio.run(streamed())
    assert text == whole.choices[0].message.content
    assert last.sources == whole.sources  # type: ignore[attr-defined]
    assert last.choices[0].finish_reason == "stop"
    assert usage == whole.usage


def test_too_many_at_once_are_an_error_that_clients_retry(site: Any, client: openai.OpenAI) -> None:
    tickets = [site.desk.admit(use_model=False) for _ in range(10)]
    for stream in (False, True):
        with pytest.raises(openai.InternalServerError) as caught:
            client.chat.completions.create(
                model="troly", messages=[{"role": "user", "content": ASK}], stream=stream
            )
        assert caught.value.status_code == 503
        assert site.desk.config.contacts.hotline in caught.value.message
        assert caught.value.response.headers["retry-after"]
    for ticket in tickets:
        ticket.release()
    patient = client.with_options(max_retries=2)
    assert patient.models.list().data


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/webhooks/rest/webhook", "/api/chat"])
def test_a_page_of_another_site_is_refused_at_every_door(site: Any, path: str) -> None:
    body = {"message": "a", "sender": "a", "messages": [{"role": "user", "content": "a"}]}
    for where in ("cross-site", "same-origin", "none", ""):
        headers = {"sec-fetch-site": where} if where else {}
        status = site.http.post(path, json=body, headers=headers).status_code
        assert status == (403 if where == "cross-site" else 200)


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/webhooks/rest/webhook", "/api/chat"])
def test_the_wrong_method_and_odd_bodies_are_told_the_same_way(site: Any, path: str) -> None:
    assert site.http.get(path).status_code == 405
    for body, status in ((b"\xff", 400), (b"{", 400), (b"[]", 400), (b"{}", 422)):
        told = site.http.post(path, content=body)
        assert told.status_code == status
        assert set(told.json()["error"]) == {"message", "type", "param", "code"}
