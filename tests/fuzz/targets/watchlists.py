"""Watchlists in each of their formats."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from lxml import etree

from processors.watchlists.draft import entry_of
from processors.watchlists.faults import Fault, ListError
from processors.watchlists.readers import Format, read_list, sniff
from processors.watchlists.store import decode_entry, encode_entry
from tests.fuzz.target import Target, holds
from tests.fuzz.wording import any_text, any_value, as_json, elements, mapping, short_text, written


def read(data: bytes, format_: Format) -> None:
    """Every entry has names and is kept as it is, every fault says what and where."""
    with tempfile.NamedTemporaryFile(suffix=".list") as file:
        path = Path(file.name)
        path.write_bytes(data)
        with suppress(ListError):
            sniff(path)
        with suppress(ListError):
            for item in read_list(path, format_):
                _check(item)


def _check(item: object) -> None:
    if isinstance(item, Fault):
        holds(str(item) and len(str(item)) < 2000, "a fault as long as the list")
        return
    entry, faults = entry_of(item, "list")  # type: ignore[arg-type]
    holds(
        entry is not None or any(fault.skipped for fault in faults), "an entry was left out and nobody told"
    )
    if entry is not None:
        holds(all(entry.names()), "an entry with an empty name")
        line = encode_entry(entry)
        holds(b"\n" not in line and decode_entry(line) == entry, "the entry is not kept as it is")


_FTM = "\n".join(
    json.dumps(each)
    for each in (
        {"id": "s1", "schema": "Sanction", "properties": {"entity": ["p1"], "program": ["A"], "startDate": ["2022-06-05"]}},
        {"id": "p1", "caption": "Arkady Velikoslov", "schema": "Person", "target": True, "properties": {"name": ["Arkady Velikoslov", "Аркадий Великослов"], "birthDate": ["1964-03-12"], "country": ["ru"], "topics": ["sanction"], "wikidataId": ["Q99999901"]}},
        {"id": "v1", "schema": "Vessel", "properties": {"name": ["SEVERIN TIDE"], "imoNumber": ["IMO9999023"], "sanctions": [{"id": "n1", "schema": "Sanction", "properties": {"program": ["N"]}}]}},
    )
)  # fmt: skip
_SDN = """<?xml version="1.0"?><sdnList xmlns="https://lists.example/xml"><publshInformation><Publish_Date>09/17/2026</Publish_Date></publshInformation>
<sdnEntry><uid>1</uid><firstName>Arkady</firstName><lastName>VELIKOSLOV</lastName><sdnType>Individual</sdnType><programList><program>A</program></programList>
<akaList><aka><uid>2</uid><type>a.k.a.</type><category>weak</category><lastName>ARKASHA</lastName></aka></akaList>
<nationalityList><nationality><country>Russia</country></nationality></nationalityList><dateOfBirthList><dateOfBirthItem><dateOfBirth>12 Mar 1964</dateOfBirth></dateOfBirthItem></dateOfBirthList></sdnEntry></sdnList>"""
_ADVANCED = """<Sanctions xmlns="https://lists.example/advanced"><DateOfIssue><Year>2026</Year></DateOfIssue><ReferenceValueSets><CountryValues><Country ID="11">Russia</Country></CountryValues>
<FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType></FeatureTypeValues><PartySubTypeValues><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType></PartyTypeValues><SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues></ReferenceValueSets>
<Locations><Location ID="501"><LocationCountry CountryID="11"/></Location></Locations>
<DistinctParties><DistinctParty FixedRef="9"><Profile ID="9" PartySubTypeID="4"><Identity ID="1" FixedRef="9" Primary="true"><Alias Primary="true" LowQuality="false"><DocumentedName>
<DocumentedNamePart><NamePartValue NamePartGroupID="1">VELIKOSLOV</NamePartValue></DocumentedNamePart></DocumentedName></Alias></Identity>
<Feature ID="3" FeatureTypeID="8"><FeatureVersion><DatePeriod><Start><From><Year>1964</Year><Month>3</Month><Day>12</Day></From></Start></DatePeriod></FeatureVersion></Feature></Profile></DistinctParty></DistinctParties>
<SanctionsEntries><SanctionsEntry ID="1" ProfileID="9" ListID="1"><SanctionsMeasure SanctionsTypeID="1"><Comment>A</Comment></SanctionsMeasure></SanctionsEntry></SanctionsEntries></Sanctions>"""
_UN = """<CONSOLIDATED_LIST dateGenerated="2026-09-17"><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>ARKADY</FIRST_NAME><SECOND_NAME>VELIKOSLOV</SECOND_NAME><UN_LIST_TYPE>T</UN_LIST_TYPE>
<NAME_ORIGINAL_SCRIPT>Аркадий</NAME_ORIGINAL_SCRIPT><NATIONALITY><VALUE>Russian Federation</VALUE></NATIONALITY><INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Arkasha; Arkadi</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1963</FROM_YEAR><TO_YEAR>1965</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>TARSIN MARINE</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""
_EU = """<export xmlns="http://eu.example/export"><sanctionEntity euReferenceNumber="EU.1.1" logicalId="71"><regulation programme="TST"/><subjectType code="person"/>
<nameAlias firstName="Arkady" lastName="Velikoslov" wholeName="Arkady Velikoslov" strong="true"/><nameAlias wholeName="Аркадий" strong="false"/><citizenship countryIso2Code="RU"/>
<birthdate birthdate="1964-03-12" year="1964"/><birthdate circa="true" yearRangeFrom="1963" yearRangeTo="1965"/></sanctionEntity></export>"""
_OFAC_CSV = '1,"VELIKOSLOV, Arkady","individual","A","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","-0- ","DOB 12 Mar 1964; nationality Russia."\n2,"SEVERIN TIDE","vessel","B] [C","-0- ","-0- ","-0- ","-0- ","Panama","-0- ","-0- ","IMO 9999023"\n'
_CSV = 'id,Name,Aliases,Weak aliases,Type,Country,Birth date,Programme,Wikidata,IMO,Desk\no-1,Arkady Velikoslov,"Аркадий; Arkadi",Arkasha,person,RU|Cyprus,12 Mar 1964,L,Q9,,Anna\no-2,"Tarsin, LLC",,,company,Iran,,L,,9999023,\n'
_YAML = "entries:\n  - id: y1\n    name: Arkady Velikoslov\n    aliases: [Аркадий, 'no']\n    type: person\n    country: RU\n    birth date: 1964-03-12\n  - name: Tarsin\n"
_KEYS = (
    "id",
    "name",
    "aliases",
    "weak aliases",
    "type",
    "country",
    "birth date",
    "programme",
    "wikidata",
    "imo",
    "other",
)
_SAMPLES: dict[Format, str] = {
    "ftm": _FTM, "ofac-xml": _SDN, "ofac-advanced": _ADVANCED, "un": _UN, "eu": _EU, "ofac-csv": _OFAC_CSV, "csv": _CSV, "yaml": _YAML,
}  # fmt: skip


def _tokens(sample: str) -> tuple[bytes, ...]:
    """The tags of a sample, opened and closed."""
    if not sample.startswith("<"):
        return _TOKENS
    names, _, _ = _names(sample)
    return (*(f"<{name}>".encode() for name in names), *(f"</{name}>".encode() for name in names))


def _trees(sample: str) -> SearchStrategy[bytes]:
    """Trees of the sample's own names, within its own root."""
    names, attributes, root = _names(sample)
    tree = elements(names, attributes or ("id",))
    return tree.map(lambda inner: written(f"<{root}>") + inner + written(f"</{root}>"))


def _names(sample: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Names of elements, of attributes, and of the root."""
    root = etree.fromstring(sample.encode())
    everything = [etree.QName(element).localname for element in root.iter()]
    attributes = {str(name) for element in root.iter() for name in element.attrib}
    return tuple(sorted({*everything})), tuple(sorted(attributes)), everything[0]


_cells = st.lists(
    short_text.map(lambda text: '"' + text.replace('"', '""') + '"') | short_text, max_size=14
).map(",".join)
_rows = st.lists(_cells, max_size=8).map("\n".join)
_properties = mapping(
    dict.fromkeys(
        ("name", "alias", "birthDate", "country", "topics", "wikidataId", "imoNumber", "sanctions", "entity"),
        st.lists(any_value, max_size=3) | any_text,
    )
)
_entities = mapping(
    {
        "id": short_text,
        "schema": st.sampled_from(("Person", "Company", "Vessel", "Sanction")),
        "caption": any_text,
        "properties": _properties,
    }
).map(as_json)
_SHAPES: dict[Format, SearchStrategy[bytes]] = {
    **{format_: _trees(sample) for format_, sample in _SAMPLES.items() if sample.startswith("<")},
    "ftm": st.lists(_entities, max_size=5).map(b"\n".join),
    "ofac-csv": _rows.map(written),
    "csv": _rows.map(lambda rows: written(_CSV.partition("\n")[0] + "\n" + rows)),
    "yaml": st.lists(mapping(dict.fromkeys(_KEYS, any_value | any_text)), max_size=4).map(as_json),
}
_TOKENS = (
    b'"',
    b'""',
    b";",
    b",",
    b"-0- ",
    b"\n",
    b"\r",
    b"DOB ",
    b"circa 1960",
    b"1964 to 1963",
    b"IMO",
    b"Q",
    b"*a",
    b"&a",
    b"!!python/object:x",
    b"- ",
    b"? ",
    b"|\n",
    b"<<: ",
    b"---\n",
    b"[[[[[[",
)

TARGETS = tuple(
    Target(
        f"watchlist-{format_}",
        lambda data, format_=format_: read(data, format_),  # type: ignore[misc]
        (written(_SAMPLES[format_]), *((written(_YAML.partition("\n")[2]),) if format_ == "yaml" else ())),
        _SHAPES[format_],
        _tokens(_SAMPLES[format_]),
    )
    for format_ in get_args(Format)
)
