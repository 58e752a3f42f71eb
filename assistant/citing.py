"""Citations from stored documents: the quote is cut from the text, never typed."""

from __future__ import annotations

import hashlib

from assistant.vocabulary import Citation
from knowledge_base.documents import Document


def cite(document: Document, start: int, end: int, path: tuple[str, ...]) -> Citation:
    """The citation of ``document.text[start:end]``."""
    quote = document.text[start:end]
    if not quote.strip():
        raise ValueError(f"an empty quote of {document.id} at {start}-{end}")
    return Citation(
        document_id=document.id,
        document_number=document.number,
        title=document.title,
        path=path,
        quote=quote,
        start=start,
        end=end,
        sha256=document.sha256,
        quote_sha256=hashlib.sha256(quote.encode()).hexdigest(),
        url=document.url,
        effective_from=document.effective_from,
        effective_to=document.effective_to,
        ocr=bool(document.meta.get("ocr")),
    )


def holds(citation: Citation, text: str | None) -> bool:
    """Whether ``text`` (the stored version) still says, there, exactly what was quoted."""
    return (
        text is not None
        and hashlib.sha256(text.encode()).hexdigest() == citation.sha256
        and text[citation.start : citation.end] == citation.quote
        and hashlib.sha256(citation.quote.encode()).hexdigest() == citation.quote_sha256
    )
