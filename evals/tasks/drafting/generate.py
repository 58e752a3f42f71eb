"""What ``troly draft new`` and ``troly draft check`` make of a sample, in this process."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.capabilities.check_document import faults_of
from assistant.capabilities.draft_document import draft_document
from assistant.drafting.faults import Level
from assistant.drafting.form import made_form
from assistant.drafting.from_sentence import form_of
from assistant.drafting.number_words import sum_in_words
from assistant.drafting.paper import compose
from assistant.drafting.sheet import sheet_of
from assistant.errors import InputError
from evals.subjects.port import Setting, Subject
from evals.tasks.drafting.reading import read, spoilt
from evals.vocabulary import Sample

_TODAY = date(2026, 11, 22)


def generate(sample: Sample, _: Subject, __: Setting) -> Any:
    """JSON that the scorer reads; a refusal is ``{"refused": why}``."""
    given = sample.given
    if sample.kind in ("sentence", "refused"):
        return _said(given["text"])
    if sample.kind == "amount":
        return {"words": sum_in_words(given["number"])}
    data = draft_document(made_form(given["form"]), None, _TODAY).data
    if sample.kind == "fault":
        return {"faults": _faults(spoilt(data, given["spoil"]))}
    return {**read(data), "faults": _faults(data)}


def _said(text: str) -> Any:
    try:
        form = form_of(text, _TODAY)
    except InputError as error:
        return {"refused": str(error)}
    fields = form.model_dump(mode="json")
    fields["signer"] = form.signer.name if form.signer else ""
    fields["amount"] = form.amounts[0].value if form.amounts else None
    return {"fields": fields, "missing": [each.field for each in compose(form).missing]}


def _faults(data: bytes) -> list[str]:
    found = faults_of(sheet_of(data, "a.docx"), None, _TODAY)
    return [each.code for each in found if each.level is Level.ERROR]
