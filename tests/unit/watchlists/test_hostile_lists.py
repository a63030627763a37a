"""Lists that would fetch, blow up, steer a terminal or never end."""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from processors.watchlists import ListError, Store
from processors.watchlists.draft import ALIASES_MAX, NAME_LETTERS_MAX, Draft, clean, entry_of
from processors.watchlists.importing import Report, Wanted, import_list
from processors.watchlists.readers import formats
from processors.watchlists.readers.lines import LINE_BYTES_MAX
from tests.pace import within

NOW = datetime(2026, 9, 17, tzinfo=UTC)
ENTRY = "<sdnEntry><uid>1</uid><lastName>{}</lastName><sdnType>Entity</sdnType></sdnEntry>"
BOMB = (
    '<!DOCTYPE sdnList [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Report]:
    def bring(content: str | bytes, name: str = "sdn.xml", **wanted: object) -> Report:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
        return import_list(Wanted(path, "test", **wanted), Store(tmp_path / "lists"), NOW)  # type: ignore[arg-type]

    return bring


@pytest.mark.parametrize(
    "doctype",
    [
        BOMB,
        '<!DOCTYPE sdnList [<!ENTITY j SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE sdnList SYSTEM "http://127.0.0.1:9/sdn.dtd">',
        '<!DOCTYPE sdnList [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>',
    ],
    ids=["billion laughs", "file", "outer dtd", "parameter entity"],
)
def test_a_document_type_is_refused(bring: Callable[..., Report], doctype: str) -> None:
    with pytest.raises(ListError, match=r"document type|no whole XML"):
        bring(f"{doctype}<sdnList>{ENTRY.format('&j;')}</sdnList>")


def test_an_entity_out_of_nowhere_is_refused(bring: Callable[..., Report]) -> None:
    with pytest.raises(ListError, match="no whole XML"):
        bring(f"<sdnList>{ENTRY.format('&nowhere;')}</sdnList>")


def test_a_list_cut_off_changes_nothing(bring: Callable[..., Report], tmp_path: Path) -> None:
    bring(f"<sdnList>{ENTRY.format('One')}</sdnList>")
    before = Store(tmp_path / "lists").manifest()
    with pytest.raises(ListError, match="download it again"):
        bring(f"<sdnList>{ENTRY.format('Two')}<sdnEntry><uid>2</uid>")
    assert Store(tmp_path / "lists").manifest() == before
    assert not list((tmp_path / "lists").glob(".test*"))


def test_an_entry_of_a_million_aliases_is_refused_in_bounded_memory(bring: Callable[..., Report]) -> None:
    alias = "<aka><lastName>A</lastName></aka>"
    content = f"<sdnList><sdnEntry><uid>1</uid><akaList>{alias * 1_000_000}</akaList></sdnEntry></sdnList>"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ListError, match="20000 elements"):
        bring(content)
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 150_000


def test_depth_and_a_text_without_end_are_refused(bring: Callable[..., Report]) -> None:
    with pytest.raises(ListError, match="too deep"):
        bring("<sdnList>" + "<a>" * 5000)
    with pytest.raises(ListError, match="too long"):
        bring("<sdnList>" + ENTRY.format("A" * 11_000_000) + "</sdnList>")


def test_a_file_too_large_is_refused_at_once(
    bring: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "LIST_BYTES_MAX", 1 << 20)
    with pytest.raises(ListError, match="2 MiB, 1 at most"):
        bring("<sdnList>" + " " * (2 << 20) + "</sdnList>")


def test_more_entries_than_a_worker_can_hold_are_refused(
    bring: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("processors.watchlists.importing.ENTRIES_MAX", 50)
    rows = "".join(f"{n},Name {n}\n" for n in range(51))
    with pytest.raises(ListError, match="more than 50 entries"):
        bring(f"id,name\n{rows}", "own.csv")


def test_a_line_without_end_is_passed_over(bring: Callable[..., Report]) -> None:
    good = '{"id": "1", "schema": "Person", "caption": "Good One", "properties": {}}\n'
    report = bring(b'{"id": "' + b"x" * (LINE_BYTES_MAX + 10) + b'"}\n' + good.encode(), "entities.ftm.json")
    assert (report.info.count, report.skipped) == (1, 1)
    assert "4 MiB" in str(report.faults[0])


def test_a_quote_that_is_never_closed_swallows_no_list(bring: Callable[..., Report]) -> None:
    rows = "".join(f"{n},Name {n}\n" for n in range(20_000))
    report = bring(f'id,name\n0,"never closed\n{rows}', "own.csv")
    assert report.skipped == 1
    assert report.info.count > 10_000


def test_a_yaml_bomb_is_refused(bring: Callable[..., Report]) -> None:
    levels = "".join(f"  {chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)},' * 9}]\n" for n in range(8))
    with pytest.raises(ListError, match="alias"):
        bring(f"- name: x\n  a: &a [x,x]\n{levels}", "own.yaml")


def test_a_yaml_tag_builds_nothing(bring: Callable[..., Report], tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    report = bring(f"- id: 1\n  name: !!python/object/apply:os.system ['touch {touched}']\n", "own.yaml")
    assert report.info.count == 1
    assert not touched.exists()


def test_yaml_without_end_of_depth_is_refused(bring: Callable[..., Report]) -> None:
    with pytest.raises(ListError, match="levels"):
        bring("- name: " + "[" * 3000 + "]" * 3000, "own.yaml")


def test_a_long_name_is_refused_and_long_aliases_left_out() -> None:
    draft = Draft("line 1", entry_id="1", kind="person", name="A" * 10_000)
    entry, faults = entry_of(draft, "test")
    assert entry is None
    assert f"10000 letters, {NAME_LETTERS_MAX} at most" in str(faults[-1])
    draft = Draft("line 1", entry_id="1", kind="person", name="Good", aliases=["B" * 10_000, "Better"])
    entry, faults = entry_of(draft, "test")
    assert entry is not None
    assert [alias.name for alias in entry.aliases] == ["Better"]
    assert [fault.skipped for fault in faults] == [False]


def test_a_million_aliases_are_cut_soon() -> None:
    draft = Draft(
        "line 1", entry_id="1", kind="person", name="Good", aliases=[f"Alias {n}" for n in range(1_000_000)]
    )
    with within(1):
        entry, faults = entry_of(draft, "test")
    assert entry is not None
    assert len(entry.aliases) == ALIASES_MAX
    assert "the rest is left out" in str(faults[0])


def test_nothing_of_a_list_steers_a_terminal() -> None:
    hostile = "A\x1b[2Jrkady\n\u202eVelikoslov\u2066\x00\ud800 \u2028!"
    draft = Draft(
        "line 1",
        entry_id="1\x1b[31m",
        kind="person",
        name=hostile,
        aliases=[hostile + "x"],
        programmes=[hostile],
    )
    entry, _ = entry_of(draft, "test")
    assert entry is not None
    said = " ".join([entry.entry_id, entry.name, entry.aliases[0].name, *entry.programmes])
    assert not set(said) & set("\x1b\n\x00\u202e\u2066\u2028\ud800")
    assert clean("سپاه\u200cپاسداران") == "سپاه\u200cپاسداران"
