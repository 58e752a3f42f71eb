"""A table of a case: issue, what raised it, provisions in force on the day, like cases.

Issues come from a table (``issues.yml``) by the circumstances that the facts name; a cell for
which nothing is there says so. No issue is called decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from assistant.judging.law_on_days import provision_json
from assistant.judging.provision import Provision, provision
from knowledge_base.judgments.circumstances import Circumstance, circumstances
from knowledge_base.judgments.codes import Code, CodeText, code_of_key
from knowledge_base.judgments.judgment import Judgment
from knowledge_base.judgments.similar import Case, Likeness
from knowledge_base.law.keys import document_key
from knowledge_base.store import Record

FILE = Path(__file__).with_name("issues.yml")
NOTICE = (
    "Bảng nêu vấn đề và điều luật có thể liên quan để người có thẩm quyền xem xét; không phải "
    "kết luận, "
    "không dự đoán kết quả. Án tương tự chỉ để tham khảo."
)
NOTHING = "không thấy trong kho"


@dataclass(frozen=True, slots=True)
class Issue:
    """A row of the table of issues."""

    branch: str
    name: str
    when: tuple[str, ...]
    articles: Mapping[str, tuple[str, ...]]
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One issue that the facts raise. ``cases`` applied an article of ``provisions``."""

    issue: Issue
    raised: tuple[Circumstance, ...]
    provisions: tuple[Provision, ...]
    cases: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class IssueTable:
    """The rows for one case on one day; ``masked``: the text that the quotes are cut from."""

    source: str
    day: date
    branch: str
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]
    masked: str


@cache
def every_issue() -> tuple[Issue, ...]:
    """The whole table."""
    import yaml

    return tuple(
        Issue(
            row["branch"],
            row["issue"],
            tuple(row["when"]),
            {number: tuple(map(str, labels)) for number, labels in row["articles"].items()},
            tuple(row["ask"]),
        )
        for row in yaml.safe_load(FILE.read_text("utf-8"))
    )


def issue_table(
    case: Case,
    day: date,
    record: Record | None,
    alike: Sequence[Likeness] = (),
    *,
    source: str = "",
    judgment: Judgment | None = None,
) -> IssueTable:
    """The issues that the facts of a case raise, most of it first."""
    seen = {c.name: c for c in circumstances(case.text, case.start, case.end)}
    rows = []
    for issue in every_issue():
        if case.branch and not _of_branch(issue, case.branch):
            continue
        raised = tuple(seen[name] for name in issue.when if name in seen)
        if not raised:
            continue
        provisions = tuple(_provisions(issue, day, record))
        wanted = {f"{document_key(p.number)}#{p.article}" for p in provisions}
        cases = tuple(one for one in alike if wanted & one.judgment.weights().keys())
        rows.append(Row(issue, raised, provisions, cases[:3]))
    rows.sort(key=lambda row: -len(row.raised))
    remarks = []
    if not rows:
        remarks.append(
            "Không nhận ra vấn đề pháp lý nào trong phần đã ghi: hãy kể rõ ai làm gì, khi "
            "nào, có giấy tờ gì, "
            "hoặc đưa tệp bản án có phần nội dung vụ án."
        )
    if judgment is not None:
        remarks += judgment.remarks
    return IssueTable(source, day, case.branch, tuple(rows), tuple(remarks), case.text)


def _of_branch(issue: Issue, branch: str) -> bool:
    civil = ("dân sự", "hôn nhân và gia đình", "kinh doanh, thương mại", "lao động")
    return issue.branch == branch or (issue.branch == "dân sự" and branch in civil)


def _provisions(issue: Issue, day: date, record: Record | None) -> list[Provision]:
    """Articles of the texts in force on the day; where a law has changed, the right one of both."""
    found = []
    for number, labels in issue.articles.items():
        held = code_of_key(document_key(number))
        if held is None or not held[1].holds_on(day):
            continue
        found += [_one(held, label, day, record) for label in labels]
    return found


def _one(held: tuple[Code, CodeText], label: str, day: date, record: Record | None) -> Provision:
    code, text = held
    if record is None:
        told = "Chưa mở kho văn bản"
        return Provision(day, code.name, text.number, label, missing=told)
    return provision(record, code.name, text.number, label, day)


def table_json(table: IssueTable) -> dict[str, Any]:
    """The table with quotes of facts, provisions with their spans, cases with their reasons."""
    from assistant.judging.told import likeness_json

    return {
        "source": table.source,
        "as_of": table.day.isoformat(),
        "branch": table.branch or None,
        "rows": [
            {
                "issue": row.issue.name,
                "branch": row.issue.branch,
                "raised_by": [{"circumstance": c.name, "quote": c.quote} for c in row.raised],
                "provisions": [provision_json(p) for p in row.provisions],
                "cases": [likeness_json(one) for one in row.cases],
                "ask": list(row.issue.ask),
            }
            for row in table.rows
        ],
        "remarks": list(table.remarks),
        "notice": NOTICE,
    }
