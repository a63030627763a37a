"""Each format gives the same entries, where it tells them. All persons, bodies and ships are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from processors.watchlists.draft import Draft, entry_of
from processors.watchlists.entry import Alias, Entry
from processors.watchlists.faults import Fault, ListError
from processors.watchlists.readers import Format, read_list, sniff

DATA = Path(__file__).parents[2] / "data" / "watchlists"
FILES: dict[Format, str] = {
    "ftm": "entities.ftm.json",
    "ofac-xml": "sdn.xml",
    "ofac-advanced": "sdn_advanced.xml",
    "ofac-csv": "ofac_csv/sdn.csv",
    "un": "un.xml",
    "eu": "eu.xml",
    "csv": "own.csv",
}


def read(path: Path, form: Format | None = None) -> tuple[list[Entry], list[Fault]]:
    entries: list[Entry] = []
    faults: list[Fault] = []
    for item in read_list(path, form or sniff(path)):
        if isinstance(item, Draft):
            entry, found = entry_of(item, "test")
            faults += found
            entries += [entry] if entry else []
        else:
            faults.append(item)
    return entries, faults


def entries(form: Format) -> list[Entry]:
    found, faults = read(DATA / FILES[form], form)
    assert [fault for fault in faults if fault.skipped] == []
    return found


@pytest.mark.parametrize("form", FILES)
def test_the_format_is_told_by_the_file(form: Format) -> None:
    assert sniff(DATA / FILES[form]) == form


def test_ofac_xml() -> None:
    person, body, ship = entries("ofac-xml")
    assert person == Entry(
        list_name="test",
        entry_id="90001",
        kind="person",
        name="Arkady VELIKOSLOV",
        aliases=(Alias(name="Arkadi VELIKOSLAV"), Alias(name="ARKASHA", weak=True)),
        countries=("RU", "CY"),
        birth_dates=("1964-03-12",),
        programmes=("TEST-A", "TEST-B"),
    )
    assert (body.kind, body.name, body.countries) == ("organisation", "TARSIN MARINE WORKS LLC", ("IR",))
    assert (ship.kind, ship.name, ship.countries, ship.imo) == ("vessel", "SEVERIN TIDE", ("PA",), "9999023")


def test_ofac_advanced_xml_has_names_in_their_own_script() -> None:
    person, body, ship = entries("ofac-advanced")
    assert person == Entry(
        list_name="test",
        entry_id="90001",
        kind="person",
        name="VELIKOSLOV Arkady",
        original_names=("ВЕЛИКОСЛОВ Аркадий",),
        aliases=(Alias(name="ARKASHA", weak=True),),
        countries=("RU",),
        birth_dates=("1964-03-12",),
        programmes=("TEST-A", "TEST-B"),
        listed_on="2022-06-05",
    )
    assert (body.kind, body.countries, body.birth_dates) == ("organisation", ("IR",), ("1998/2001",))
    assert (ship.kind, ship.countries, ship.imo, ship.programmes) == (
        "vessel",
        ("PA",),
        "9999023",
        ("TEST-C",),
    )


def test_ofac_csv_with_the_files_beside_it() -> None:
    person, body, ship = entries("ofac-csv")
    assert person == Entry(
        list_name="test",
        entry_id="90001",
        kind="person",
        name="Arkady VELIKOSLOV",
        aliases=(Alias(name="Arkadi VELIKOSLAV"), Alias(name="ARKASHA", weak=True)),
        countries=("RU", "CY"),
        birth_dates=("1964-03-12",),
        programmes=("TEST-A", "TEST-B"),
    )
    assert (body.kind, body.name, body.aliases) == ("organisation", "TARSIN MARINE WORKS LLC", ())
    assert (ship.kind, ship.countries, ship.imo) == ("vessel", ("PA",), "9999023")


def test_un() -> None:
    person, body = entries("un")
    assert person == Entry(
        list_name="test",
        entry_id="TSi.001",
        kind="person",
        name="ARKADY PETROVICH VELIKOSLOV",
        original_names=("Аркадий Великослов",),
        aliases=(Alias(name="Arkadi Velikoslav"), Alias(name="Arkasha", weak=True)),
        countries=("RU", "IR"),
        birth_dates=("1963/1965",),
        programmes=("Testland",),
        listed_on="2022-06-05",
    )
    assert (body.entry_id, body.kind, body.countries) == ("TSe.002", "organisation", ("KP",))
    assert body.aliases == (Alias(name="Tarsin Yards"),)


def test_eu() -> None:
    person, body = entries("eu")
    assert person == Entry(
        list_name="test",
        entry_id="EU.9001.1",
        kind="person",
        name="Arkady Velikoslov",
        original_names=("Аркадий Великослов",),
        aliases=(Alias(name="Arkasha", weak=True),),
        countries=("RU",),
        birth_dates=("1964-03-12", "1963/1965"),
        programmes=("TST",),
        listed_on="2022-06-05",
    )
    assert (body.entry_id, body.kind, body.countries, body.imo) == ("72", "organisation", ("IR",), None)


def test_follow_the_money_joins_listings_wherever_they_stand() -> None:
    person, body, ship = entries("ftm")
    assert person == Entry(
        list_name="test",
        entry_id="Q99999901",
        kind="person",
        name="Arkady Velikoslov",
        original_names=("Аркадий Великослов",),
        aliases=(Alias(name="Arkadi Velikoslav"), Alias(name="Arkasha", weak=True)),
        countries=("RU", "CY"),
        birth_dates=("1964-03-12",),
        programmes=("TST-A",),
        wikidata="Q99999901",
        listed_on="2022-06-05",
        topics=("sanction",),
    )
    assert (body.wikidata, body.countries, body.programmes) == ("Q99999902", ("IR",), ("Test programme C",))
    assert (ship.kind, ship.imo, ship.listed_on) == ("vessel", "9999023", "2024-01-02")
    assert ship.programmes == ("Nested programme",)


def test_a_list_of_ones_own_in_csv() -> None:
    found, faults = read(DATA / FILES["csv"])
    person, body, ship = found
    assert person.original_names == ("Аркадий Великослов",)
    assert person.aliases == (Alias(name="Arkadi Velikoslav"), Alias(name="Arkasha", weak=True))
    assert (person.countries, person.birth_dates, person.wikidata) == (
        ("RU", "CY"),
        ("1964-03-12",),
        "Q99999901",
    )
    assert (body.name, body.kind) == ("Tarsin Marine Works, LLC", "organisation")
    assert (ship.imo, ship.programmes) == ("9999023", ("Desk list",))
    assert ship.entry_id.startswith("n")
    assert [str(fault) for fault in faults] == ["line 1: columns not known are not read: Desk"]


def test_an_id_made_from_the_name_stays_the_same(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("name,type\nArkady Velikoslov,person\n", "utf-8")
    other.write_text("type;name;country\nperson;Nobody Else;IR\nperson;ARKADY Velikoslov;RU\n", "utf-8")
    assert read(one)[0][0].entry_id == read(other)[0][1].entry_id


def test_a_list_of_ones_own_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "# ours\n- name: Arkady Velikoslov\n  aliases: [Аркадий Великослов]\n  country: NO\n"
        "  birth date: 1964-03-12\n  id: 7\n  type: person\n- just text\n- {name: 'Tarsin', type: org, colour: red}\n",
        "utf-8",
    )
    found, faults = read(path)
    assert found[0].countries == ("NO",)
    assert found[0].birth_dates == ("1964-03-12",)
    assert (found[0].entry_id, found[1].kind) == ("7", "organisation")
    assert [fault.place for fault in faults] == ["line 8", "line 9"]
    assert [fault.skipped for fault in faults] == [True, False]


def test_yaml_below_a_key_and_the_committed_sample(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text("title: ours\nowner: {desk: [a, b]}\nentries:\n- name: Arkady Velikoslov\n", "utf-8")
    assert [entry.name for entry in read(path)[0]] == ["Arkady Velikoslov"]
    sample = Path(__file__).parents[3] / "wirewatch" / "samples" / "watchlists" / "invented.yaml"
    found, faults = read(sample)
    assert len(found) >= 20
    assert faults == []
    assert {entry.kind for entry in found} == {"person", "organisation", "vessel"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xml", "<html><body>Sign in</body></html>", "web page"),
        ("a.xml", "<rss><channel/></rss>", "no list known"),
        ("a.json", '[{"id": 1}]', "one JSON object a line"),
        ("a.bin", "\x00\x01\x02", "--format"),
        ("a.csv", "surname;born\nx;y\n", "no column is called name"),
        ("a.yaml", "name: x\n", "no list"),
        ("a.yaml", "- name: [x\n", "no YAML"),
        ("a.csv", "", "empty"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(ListError, match=said):
        read(path)


@pytest.mark.parametrize("form", [form for form in FILES if "csv" not in form and form != "ftm"])
def test_one_format_read_as_another_is_refused(form: Format) -> None:
    for other in {"ofac-xml", "ofac-advanced", "un", "eu"} - {form}:
        with pytest.raises(ListError, match="its root is"):
            read(DATA / FILES[form], other)  # type: ignore[arg-type]


def test_an_xml_file_in_utf_16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "un.xml"
    text = (DATA / "un.xml").read_text("utf-8").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    path.write_bytes(text.encode("utf-16"))
    assert sniff(path) == "un"
    assert read(path)[0] == entries("un")


def test_faults_of_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(
        b"id,name,type,country\n"
        b"1,Good One,person,IR\n"
        b'2,"Broken "Quote",person,IR\n'
        b"3,Caf\xe9 Owner,person,FR\n"
        b"4,Too,many,cells,here\n"
        b"5,,person,IR\n"
        b"6,Odd Kind,wizard,IR\n"
        b"7,Far Away,person,Freedonia\n"
        b"8,Good Two,person,IR\n"
    )
    found, faults = read(path)
    assert [entry.entry_id for entry in found] == ["1", "7", "8"]
    told = {fault.place: fault.what for fault in faults}
    assert set(told) == {"line 3", "line 4", "line 5", "line 6", "line 7", "line 8"}
    assert "quote" in told["line 3"]
    assert "UTF-8" in told["line 4"]
    assert "5 columns, the header 4" in told["line 5"]
    assert "no name" in told["line 6"]
    assert "wizard" in told["line 7"]
    assert "Freedonia" in told["line 8"]


def test_faults_of_lines_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "entities.ftm.json"
    good = '{"id": "1", "schema": "Person", "caption": "Good One", "properties": {"name": ["Good One"]}}'
    path.write_text(
        f'{good}\n{{"id": \nnot json\n{{"id": "2", "schema": "Person", "properties": []}}\n', "utf-8"
    )
    found, faults = read(path)
    assert [entry.name for entry in found] == ["Good One"]
    assert [fault.place for fault in faults] == ["line 2", "line 3", "line 4"]
