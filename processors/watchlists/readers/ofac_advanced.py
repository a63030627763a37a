"""OFAC's `SDN_ADVANCED.XML`: a root `Sanctions`, parties and sections that point to each other by number.

Names stand with the parties, programmes in a section at the end, what a number means in one at the
beginning: so the file is read twice, and only what the parties point to is kept between. It has what the
older forms lack: names in their own script.

Source: the Sanctions List Service of the US Treasury, "Advanced Sanctions Data Model".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from processors.watchlists.draft import Draft
from processors.watchlists.readers.xml import children, elements, local_name, place, text

ROOT = "Sanctions"
_LABELLED = frozenset({"Country", "FeatureType", "IDRegDocType", "SanctionsType", "PartyType"})
_SECTIONS = _LABELLED | {"PartySubType", "Location", "IDRegDocument", "SanctionsEntry"}
_COUNTRY_FEATURES = ("Nationality", "Citizenship", "Location", "Flag", "Vessel Flag")
_BIRTH = "Birthdate"
_VESSEL_NUMBER = "Vessel Registration Identification"


@dataclass
class _Sections:
    """What parties point to, by its number."""

    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    subtypes: dict[str, tuple[str, str]] = field(default_factory=dict)
    countries: dict[str, list[str]] = field(default_factory=dict)
    programmes: dict[str, list[str]] = field(default_factory=dict)
    listed_on: dict[str, str] = field(default_factory=dict)
    imo: dict[str, str] = field(default_factory=dict)

    def kind(self, subtype: str) -> str:
        """`Vessel`, `Aircraft`, or for a subtype that says nothing its type: `Individual`, `Entity`."""
        own, party_type = self.subtypes.get(subtype, ("", ""))
        if own.lower() in {"vessel", "aircraft"}:
            return own
        return self.labels.get(("PartyType", party_type), own)


def read(path: Path) -> Iterator[Draft]:
    """Each `DistinctParty`. Raises `ListError` where the file is no such list."""
    sections = _Sections()
    for element in elements(path, ROOT, _SECTIONS):
        _learn(sections, element)
    for party in elements(path, ROOT, {"DistinctParty"}):
        for profile in children(party, "Profile"):
            yield _draft(profile, place(party), sections)


def _learn(sections: _Sections, element: etree._Element) -> None:
    name, number = local_name(element), element.get("ID", "")
    if name in _LABELLED:
        sections.labels[name, number] = (element.text or "").strip()
    elif name == "PartySubType":
        sections.subtypes[number] = ((element.text or "").strip(), element.get("PartyTypeID", ""))
    elif name == "Location":
        sections.countries[number] = [
            label
            for country in children(element, "LocationCountry")
            if (label := sections.labels.get(("Country", country.get("CountryID", ""))))
        ]
    elif name == "IDRegDocument":
        document = sections.labels.get(("IDRegDocType", element.get("IDRegDocTypeID", "")))
        if document == _VESSEL_NUMBER:
            sections.imo[element.get("IdentityID", "")] = text(element, "IDRegistrationNo")
    elif name == "SanctionsEntry":
        _learn_programmes(sections, element)


def _learn_programmes(sections: _Sections, entry: etree._Element) -> None:
    profile = entry.get("ProfileID", "")
    found = sections.programmes.setdefault(profile, [])
    for measure in children(entry, "SanctionsMeasure"):
        measure_type = sections.labels.get(("SanctionsType", measure.get("SanctionsTypeID", "")))
        if measure_type == "Program" and (programme := text(measure, "Comment")):
            found.append(programme)
    dates = sorted(filter(None, map(_date, children(entry, "EntryEvent/Date"))))
    if dates:
        sections.listed_on[profile] = dates[0]


def _draft(profile: etree._Element, where: str, sections: _Sections) -> Draft:
    number = profile.get("ID", "")
    draft = Draft(
        place=where,
        entry_id=number,
        kind=sections.kind(profile.get("PartySubTypeID", "")),
        programmes=sections.programmes.get(number, []),
        listed_on=sections.listed_on.get(number, ""),
    )
    for identity in children(profile, "Identity"):
        draft.imo = draft.imo or sections.imo.get(identity.get("ID", ""), "")
        _add_names(draft, identity)
    for feature in children(profile, "Feature"):
        _add_feature(draft, feature, sections)
    return draft


def _add_names(draft: Draft, identity: etree._Element) -> None:
    for alias in children(identity, "Alias"):
        weak = alias.get("LowQuality") == "true"
        for documented in children(alias, "DocumentedName"):
            name = _joined(documented)
            if alias.get("Primary") == "true" and not draft.name:
                draft.name = name
            else:
                (draft.weak_aliases if weak else draft.aliases).append(name)


def _joined(documented: etree._Element) -> str:
    """The parts of a name in the order of the file: OFAC puts a family name first."""
    parts = children(documented, "DocumentedNamePart/NamePartValue")
    return " ".join((part.text or "").strip() for part in parts)


def _add_feature(draft: Draft, feature: etree._Element, sections: _Sections) -> None:
    label = sections.labels.get(("FeatureType", feature.get("FeatureTypeID", "")), "")
    for version in children(feature, "FeatureVersion"):
        if label == _BIRTH:
            draft.birth_dates += _period(version)
        elif label.startswith(_COUNTRY_FEATURES):
            for location in children(version, "VersionLocation"):
                draft.countries += sections.countries.get(location.get("LocationID", ""), [])


def _period(version: etree._Element) -> list[str]:
    """A date of birth; a range where its first and last year differ."""
    dates = [
        date
        for where in ("DatePeriod/Start/From", "DatePeriod/Start/To", "DatePeriod/End/To")
        for point in children(version, where)
        if (date := _date(point))
    ]
    if not dates:
        return []
    first, last = dates[0], max(dates)
    return [first] if first[:4] == last[:4] else [f"{first[:4]} to {last[:4]}"]


def _date(point: etree._Element) -> str:
    year, month, day = (text(point, part) for part in ("Year", "Month", "Day"))
    if not (year and month and day):
        return year
    return f"{year}-{month:0>2}-{day:0>2}"
