"""Observations and structures as SDMX-CSV 2.0 and SDMX-JSON 2.0."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.utils import timezone

from ...core.language import active_language
from ...text.csv_writer import MACHINE, pieces, written
from .observations import Observation
from .structures import AGENCY, AGENCY_NAME, CODE_LISTS, CONCEPTS, TIME, VERSION, Component, Flow, Level, Names

SCHEMAS = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master"
_CLASSES = {
    "Dataflow": "datastructure",
    "DataStructure": "datastructure",
    "Codelist": "codelist",
    "ConceptScheme": "conceptscheme",
}
CONCEPT_SCHEME_NAME = {"vi": "Khái niệm", "en": "Concepts of the tracker"}


def urn(kind: str, id_: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{_CLASSES[kind]}.{kind}={AGENCY}:{id_}({VERSION})"


def concept_urn(id_: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:{CONCEPTS}({VERSION}).{id_}"


def named(names: Names) -> dict[str, Any]:
    """The name in the language asked for, and in both."""
    return {"name": names["en" if active_language() == "en" else "vi"], "names": names}


def message(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """The envelope of a `data` or `structure` message."""
    prepared = timezone.now()
    meta = {
        "schema": f"{SCHEMAS}/{kind}-message/tools/schemas/2.0.0/sdmx-json-{kind}-schema.json",
        "id": f"{AGENCY}-{prepared:%Y%m%d%H%M%S%f}",
        "test": False,
        "prepared": prepared.isoformat(timespec="seconds"),
        "contentLanguages": ["vi", "en"],
        "sender": {"id": AGENCY, **named(AGENCY_NAME)},
    }
    return {"meta": meta, "data": data}


# --- data


def csv_pieces(flow: Flow, rows: Iterable[Observation]) -> Iterator[str]:
    """SDMX-CSV, one observation each line, many lines at a time; guarded like every file that a spreadsheet may open."""
    ids = [component.id for component in flow.components]
    beginning = ("dataflow", f"{AGENCY}:{flow.id}({VERSION})", "I")
    cells = written(((*beginning, *(row[id_] for id_ in ids)) for row in rows), MACHINE.cell)
    return pieces(chain([["STRUCTURE", "STRUCTURE_ID", "ACTION", *ids]], cells), lineterminator="\r\n")


class ValueIndex:
    """The values of one component that occur in a message, each with its place among them: SDMX-JSON writes a code once
    and refers to it by that place."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self.places: dict[Any, int] = {}
        # Codes and dimensions are written by their place, free values as they are.
        self.is_indexed = bool(component.codelist) or component.level in (Level.DIMENSION, Level.SERIES)

    def place(self, value: Any) -> int | None:
        return None if value is None else self.places.setdefault(value, len(self.places))

    def described(self) -> list[dict[str, Any]]:
        """The values in the order of their places, codes with their names."""
        if not self.component.codelist:
            return [{"value": str(value)} for value in self.places]
        codes = CODE_LISTS[self.component.codelist].codes()
        return [{"id": value, **named(codes[value])} for value in self.places]


def json_data(flow: Flow, rows: Iterable[Observation]) -> dict[str, Any]:
    """A data message of time series."""
    indexes = {component.id: ValueIndex(component) for component in flow.components}
    series: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = ":".join(str(indexes[component.id].place(row[component.id])) for component in flow.key)
        if key not in series:
            attributes = [indexes[component.id].place(row[component.id]) for component in flow.of(Level.SERIES)]
            series[key] = {"attributes": attributes, "observations": {}}
        cells = [row["OBS_VALUE"]]
        for component in flow.of(Level.OBSERVATION):
            index, value = indexes[component.id], row[component.id]
            cells.append(index.place(value) if index.is_indexed else value)
        series[key]["observations"][str(indexes[TIME].place(row[TIME]))] = cells
    links = [{"rel": "dataflow", "urn": urn("Dataflow", flow.id)}]
    dataset = {"structure": 0, "action": "Information", "links": links, "series": series}
    structure = {"links": links, **named(flow.names), **_components(flow, indexes), "dataSets": [0]}
    return message("data", {"dataSets": [dataset], "structures": [structure]})


def _components(flow: Flow, indexes: dict[str, ValueIndex]) -> dict[str, Any]:
    """How the message describes its components, by level."""
    entries = {component.id: _component(component, indexes[component.id], flow) for component in flow.components}
    for place, dimension in enumerate(flow.dimensions):
        entries[dimension.id]["keyPosition"] = place
    at = {level: [entries[component.id] for component in flow.of(level)] for level in Level}
    return {
        "dimensions": {"series": [entries[component.id] for component in flow.key], "observation": [entries[TIME]]},
        "measures": {"observation": at[Level.MEASURE]},
        "attributes": {"series": at[Level.SERIES], "observation": at[Level.OBSERVATION]},
    }


def _component(component: Component, index: ValueIndex, flow: Flow) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": component.id, **named(component.names)}
    if not component.codelist:
        entry["format"] = {"dataType": component.data_type}
    if component.level in (Level.SERIES, Level.OBSERVATION):
        entry["relationship"] = _relationship(component, flow)
    if index.is_indexed and index.places:
        entry["values"] = index.described()
    return entry


def _relationship(attribute: Component, flow: Flow) -> dict[str, Any]:
    if attribute.level == Level.OBSERVATION:
        return {"observation": {}}
    return {"dimensions": [dimension.id for dimension in flow.key]}


# --- structures


def dataflow(flow: Flow) -> dict[str, Any]:
    return {**_maintained(flow.id, flow.names), "structure": urn("DataStructure", flow.structure_id)}


def data_structure(flow: Flow) -> dict[str, Any]:
    dimensions = [
        {"id": dimension.id, "position": place, **_defined(dimension)} for place, dimension in enumerate(flow.key)
    ]
    time = {"id": TIME, **_defined(flow.dimensions[-1])}
    attributes = [
        {"id": attribute.id, "attributeRelationship": _relationship(attribute, flow), **_defined(attribute)}
        for attribute in (*flow.of(Level.SERIES), *flow.of(Level.OBSERVATION))
    ]
    measures = [{"id": measure.id, **_defined(measure)} for measure in flow.of(Level.MEASURE)]
    components = {
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": dimensions, "timeDimension": time},
        "measureList": {"id": "MeasureDescriptor", "measures": measures},
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
    }
    return {**_maintained(flow.structure_id, flow.names), "dataStructureComponents": components}


def codelist(id_: str) -> dict[str, Any]:
    code_list = CODE_LISTS[id_]
    codes = [{"id": code, **named(names)} for code, names in code_list.codes().items()]
    return {**_maintained(id_, code_list.names), **({"codes": codes} if codes else {})}


def concept_scheme(flows: Iterable[Flow]) -> dict[str, Any]:
    components = {component.id: component for flow in flows for component in flow.components}
    concepts = [{"id": id_, **named(component.names)} for id_, component in components.items()]
    return {**_maintained(CONCEPTS, CONCEPT_SCHEME_NAME), "concepts": concepts}


def _maintained(id_: str, names: Names) -> dict[str, Any]:
    return {"id": id_, "agencyID": AGENCY, "version": VERSION, **named(names)}


def _defined(component: Component) -> dict[str, Any]:
    """What a component means, and which values it takes."""
    if component.codelist:
        values: dict[str, Any] = {"enumeration": urn("Codelist", component.codelist)}
    else:
        values = {"format": {"dataType": component.data_type}}
    return {"conceptIdentity": concept_urn(component.id), "localRepresentation": values}
