"""Two texts compared over the web: the route, and the page without JavaScript."""

from __future__ import annotations

from typing import Any

A = "Trong thời hạn 15 ngày kể từ ngày nhận đủ hồ sơ, Sở Xây dựng phải cấp giấy phép xây dựng."
B = A.replace("15 ngày", "20 ngày")


def test_two_texts(site: Any) -> None:
    told = site.http.post("/api/conflicts", json={"a": A, "b": B}).json()
    (found,) = told["findings"]
    assert found["kind"] == "deadline"
    assert (found["a"]["quote"], found["b"]["said"]) == (A, "20 ngày")
    assert found["status"] == "Cần cán bộ xác nhận"


def test_what_cannot_be_compared(site: Any) -> None:
    answer = site.http.post("/api/conflicts", json={"a": A, "b": "   "})
    assert answer.status_code == 422
    assert "còn trống" in answer.json()["error"]["message"]
    assert site.http.post("/api/conflicts", json={"a": A}).status_code in (400, 422)
    long = site.http.post("/api/conflicts", json={"a": A, "b": "x" * 2_000_000})
    assert long.status_code == 413


def test_the_page(site: Any) -> None:
    assert "<form" in site.http.get("/conflicts").text
    page = site.http.post("/conflicts", data={"a": A, "b": B + " <script>x</script>"})
    assert "<mark>20 ngày</mark>" in page.text
    assert "<script>" not in page.text
