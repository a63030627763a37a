"""Builds `wirewatch.ndjson`, what Kibana imports, from the YAML files beside it.

    python -m deploy.kibana.build            # write it
    python -m deploy.kibana.build --prefix X # for indices named X-articles and so on, to standard output

The shapes are those Kibana 8.9 to 8.19 exports: 9.x brings older objects up to date as it imports them,
and an older Kibana refuses newer ones. Nothing in them depends on when or where they were built.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.kibana.lens import Reference, lens, phrase_filter

FOLDER = Path(__file__).parent
DASHBOARDS = ("newsroom", "sanctions", "health")
BUILT = FOLDER / "wirewatch.ndjson"
CORE_VERSION = "8.8.0"
TYPE_VERSIONS = {
    "index-pattern": "8.0.0",
    "search": "8.0.0",
    "visualization": "8.0.0",
    "lens": "8.9.0",
    "dashboard": "8.9.0",
}

SavedObject = dict[str, Any]
Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Views:
    """The data views: their ids, and the time field of each."""

    prefix: str
    times: Mapping[str, str]

    def id(self, view: str) -> str:
        """The id of a view's saved object, which is also the alias it looks at."""
        return f"{self.prefix}-{view}"


def saved_objects(prefix: str = "wirewatch", folder: Path = FOLDER) -> list[SavedObject]:
    """Every saved object, what is referred to before what refers to it."""
    shared = _read(folder / "views.yaml")
    views = Views(prefix, {name: spec["time"] for name, spec in shared["views"].items()})
    objects = [_data_view(views, name, spec) for name, spec in shared["views"].items()]
    objects += [_search(views, name, spec) for name, spec in shared["searches"].items()]
    for name in DASHBOARDS:
        objects += _dashboard(views, name, _read(folder / f"{name}.yaml"))
    return objects


def ndjson(objects: Sequence[SavedObject]) -> str:
    """Saved objects as Kibana imports them, one a line."""
    return "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in objects)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def _object(
    kind: str, name: str, attributes: Mapping[str, Any], references: Sequence[Reference] = ()
) -> SavedObject:
    return {
        "type": kind,
        "id": name,
        "attributes": dict(attributes),
        "references": list(references),
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": TYPE_VERSIONS[kind],
        "managed": False,
    }


def _data_view(views: Views, name: str, spec: Spec) -> SavedObject:
    attributes = {
        "title": views.id(name),
        "name": spec["name"],
        "timeFieldName": spec["time"],
        "fields": "[]",
        "fieldAttrs": "{}",
        "fieldFormatMap": json.dumps({"url": {"id": "url"}}),
        "sourceFilters": json.dumps([{"value": "record*"}]),  # kept for machines, and long
        "runtimeFieldMap": "{}",
        "typeMeta": "{}",
        "allowHidden": False,
    }
    return _object("index-pattern", views.id(name), attributes)


def _search(views: Views, name: str, spec: Spec) -> SavedObject:
    index = "kibanaSavedObjectMeta.searchSourceJSON.index"
    filters, references = [], [Reference(name=index, type="index-pattern", id=views.id(spec["view"]))]
    for number, (field, value) in enumerate(spec.get("only", {}).items()):
        at = f"kibanaSavedObjectMeta.searchSourceJSON.filter[{number}].meta.index"
        made = phrase_filter(field, value)
        made["meta"]["indexRefName"] = at
        filters.append(made)
        references.append(Reference(name=at, type="index-pattern", id=views.id(spec["view"])))
    source = {"query": {"query": "", "language": "kuery"}, "filter": filters, "indexRefName": index}
    attributes = {
        "title": spec["title"],
        "description": spec["description"],
        "columns": spec["columns"],
        "sort": [[views.times[spec["view"]], "desc"]],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(source)},
    }
    return _object("search", _search_id(views, name), attributes, references)


def _search_id(views: Views, name: str) -> str:
    return f"{views.prefix}-search-{name}"


def _dashboard(views: Views, name: str, spec: Spec) -> Iterator[SavedObject]:
    """The panels of a dashboard, then the dashboard."""
    panels: list[dict[str, Any]] = []
    references: list[Reference] = []
    for number, panel in enumerate(spec["panels"], 1):
        kind, target = "search", _search_id(views, panel.get("search", ""))
        if "search" not in panel:
            target = f"{views.prefix}-{name}-{_slug(panel['title'])}"
            made = _text(target, panel) if "text" in panel else _chart(views, target, panel)
            kind = made["type"]
            yield made
        panels.append(_placed(str(number), kind, panel["at"]))
        references.append(Reference(name=f"{number}:panel_{number}", type=kind, id=target))
    attributes = {
        "title": f"Wirewatch: {spec['title']}",
        "description": spec["description"],
        "panelsJSON": json.dumps(panels),
        "optionsJSON": json.dumps({"useMargins": True, "syncColors": True, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": spec["since"],
        "timeTo": "now",
        "refreshInterval": {"pause": False, "value": 60_000},
        "version": 1,
        "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(_NOTHING_ASKED)},
    }
    yield _object("dashboard", f"{views.prefix}-dashboard-{name}", attributes, references)


_NOTHING_ASKED = {"query": {"query": "", "language": "kuery"}, "filter": []}


def _placed(number: str, kind: str, at: Sequence[int]) -> dict[str, Any]:
    grid = dict(zip(("x", "y", "w", "h"), at, strict=True)) | {"i": number}
    return {
        "version": CORE_VERSION,
        "type": kind,
        "panelIndex": number,
        "panelRefName": f"panel_{number}",
        "gridData": grid,
        "embeddableConfig": {"enhancements": {}},
    }


def _chart(views: Views, name: str, panel: Spec) -> SavedObject:
    attributes, references = lens(panel, views.id(panel["view"]), views.times[panel["view"]])
    return _object("lens", name, attributes, references)


def _text(name: str, panel: Spec) -> SavedObject:
    params = {"markdown": panel["text"], "fontSize": 12, "openLinksInNewTab": False}
    state = {"title": panel["title"], "type": "markdown", "params": params, "aggs": []}
    attributes = {
        "title": panel["title"],
        "description": "",
        "visState": json.dumps(state),
        "uiStateJSON": "{}",
        "version": 1,
        "kibanaSavedObjectMeta": {"searchSourceJSON": json.dumps(_NOTHING_ASKED)},
    }
    return _object("visualization", name, attributes)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def main(arguments: Sequence[str]) -> None:
    """Write the file, or print it for another prefix."""
    if arguments[:1] == ["--prefix"]:
        sys.stdout.write(ndjson(saved_objects(arguments[1])))
    else:
        BUILT.write_text(ndjson(saved_objects()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
