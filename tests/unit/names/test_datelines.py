from __future__ import annotations

import pytest

from processors.names.completion import Name
from processors.names.datelines import without_datelines


@pytest.mark.parametrize(
    ("content", "marked", "left"),
    [
        ("北京3月5日电 外交部5日公布决定", "电 外交部", ["外交部"]),
        ("北方网3月3日电（记者李四）外交部", "电", []),
        ("北京3月5日電 外交部公布", "電 外交部", ["外交部"]),
        ("他在电子公司工作", "电子公司", ["电子公司"]),
        ("北京3月5日电力公司宣布", "电力公司", ["电力公司"]),
    ],
)
def test_the_sign_of_a_telegram_is_no_part_of_a_name(content: str, marked: str, left: list[str]) -> None:
    start = content.find(marked)
    names = [Name(start, start + len(marked), "ORG", 0.9)] if start >= 0 else []
    assert [content[name.start : name.end] for name in without_datelines(content, names)] == left
