"""Titles of texts that have none of their own."""

from __future__ import annotations

import pytest

from knowledge_base.readers.titles import title_of_text

HEAD = "UBND TỈNH A\n\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nĐộc lập - Tự do - Hạnh phúc\n\n"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{HEAD}DANH MỤC THỦ TỤC HÀNH CHÍNH\n\nLĨNH VỰC HỘ TỊCH\n\nSTT | Mã", (
            "DANH MỤC THỦ TỤC HÀNH CHÍNH LĨNH VỰC HỘ TỊCH")),
        (f"{HEAD}Số: /UBND-NC\nV/v rà soát thủ tục cấp xã\n\nKính gửi: các phòng ban", (
            "rà soát thủ tục cấp xã")),
        ("Mẫu CT01 ban hành kèm theo\n\nTỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ\n\nKính gửi", (
            "TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ")),
        ("Cách làm thẻ căn cước cho trẻ em\n\nCha mẹ đưa trẻ đến nơi cấp.", (
            "Cách làm thẻ căn cước cho trẻ em")),
        ("12\n\n`.\n\n", ""),
    ],
)  # fmt: skip
def test_what_a_text_is_about(text: str, title: str) -> None:
    assert title_of_text(text) == title
