"""HTTP: observations and structures as SDMX-CSV 2.0 and SDMX-JSON 2.0."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from ...text.csv_writer import pieces, written
from ...text.numbers import plain
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
    return {"name": names["en" if get_language() == "en" else "vi"], "names": names}


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
    """SDMX-CSV, one observation each line, many lines at a time."""
    ids = [one.id for one in flow.components]
    beginning = ("dataflow", f"{AGENCY}:{flow.id}({VERSION})", "I")
    cells = written(((*beginning, *(row[id_] for id_ in ids)) for row in rows), _cell)
    return pieces(chain([["STRUCTURE", "STRUCTURE_ID", "ACTION", *ids]], cells), lineterminator="\r\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, Decimal) else str(value)


class Values:
    """The values of one component that occur in a message, each with its place among them."""

    def __init__(self, component: Component) -> None:
        self.component = component
        self.places: dict[Any, int] = {}

    def place(self, value: Any) -> int | None:
        return None if value is None else self.places.setdefault(value, len(self.places))

    @property
    def is_indexed(self) -> bool:
        """Codes and dimensions are told by their place, free values as they are."""
        return bool(self.component.codelist) or self.component.level in (Level.DIMENSION, Level.SERIES)

    def told(self) -> list[dict[str, Any]]:
        if not self.component.codelist:
            return [{"value": str(value)} for value in self.places]
        codes = CODE_LISTS[self.component.codelist].codes()
        return [{"id": value, **named(codes[value])} for value in self.places]


def json_data(flow: Flow, rows: Iterable[Observation]) -> dict[str, Any]:
    """A data message of time series."""
    values = {one.id: Values(one) for one in flow.components}
    series: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = ":".join(str(values[one.id].place(row[one.id])) for one in flow.key)
        if key not in series:
            attributes = [values[one.id].place(row[one.id]) for one in flow.of(Level.SERIES)]
            series[key] = {"attributes": attributes, "observations": {}}
        told = [row["OBS_VALUE"], *(_told(values[one.id], row[one.id]) for one in flow.of(Level.OBSERVATION))]
        series[key]["observations"][str(values[TIME].place(row[TIME]))] = told
    links = [{"rel": "dataflow", "urn": urn("Dataflow", flow.id)}]
    dataset = {"structure": 0, "action": "Information", "links": links, "series": series}
    structure = {"links": links, **named(flow.names), **_components(flow, values), "dataSets": [0]}
    return message("data", {"dataSets": [dataset], "structures": [structure]})


def _told(values: Values, value: Any) -> Any:
    return values.place(value) if values.is_indexed else value


def _components(flow: Flow, values: dict[str, Values]) -> dict[str, Any]:
    """How the message describes its components, by level."""
    places = {one.id: place for place, one in enumerate(flow.dimensions)}
    told = {one.id: _component(one, values[one.id], flow) for one in flow.components}
    for name, place in places.items():
        told[name]["keyPosition"] = place
    at = {level: [told[one.id] for one in flow.of(level)] for level in Level}
    return {
        "dimensions": {"series": [told[one.id] for one in flow.key], "observation": [told[TIME]]},
        "measures": {"observation": at[Level.MEASURE]},
        "attributes": {"series": at[Level.SERIES], "observation": at[Level.OBSERVATION]},
    }


def _component(one: Component, values: Values, flow: Flow) -> dict[str, Any]:
    told: dict[str, Any] = {"id": one.id, **named(one.names)}
    if not one.codelist:
        told["format"] = {"dataType": one.data_type}
    if one.level in (Level.SERIES, Level.OBSERVATION):
        told["relationship"] = _relationship(one, flow)
    if values.is_indexed and values.places:
        told["values"] = values.told()
    return told


def _relationship(one: Component, flow: Flow) -> dict[str, Any]:
    return {"observation": {}} if one.level == Level.OBSERVATION else {"dimensions": [each.id for each in flow.key]}


# --- structures


def dataflow(flow: Flow) -> dict[str, Any]:
    return {**_maintained(flow.id, flow.names), "structure": urn("DataStructure", flow.structure_id)}


def data_structure(flow: Flow) -> dict[str, Any]:
    dimensions = [
        {"id": one.id, "position": place, **_defined(one)}
        for place, one in enumerate(flow.dimensions)
        if one.id != TIME
    ]
    time = _defined(flow.dimensions[-1])
    attributes = [
        {"id": one.id, "attributeRelationship": _relationship(one, flow), **_defined(one)}
        for level in (Level.SERIES, Level.OBSERVATION)
        for one in flow.of(level)
    ]
    components = {
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": dimensions, "timeDimension": {"id": TIME, **time}},
        "measureList": {
            "id": "MeasureDescriptor",
            "measures": [{"id": one.id, **_defined(one)} for one in flow.of(Level.MEASURE)],
        },
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
    }
    return {**_maintained(flow.structure_id, flow.names), "dataStructureComponents": components}


def codelist(id_: str) -> dict[str, Any]:
    found = CODE_LISTS[id_]
    codes = [{"id": code, **named(names)} for code, names in found.codes().items()]
    return {**_maintained(id_, found.names), **({"codes": codes} if codes else {})}


def concept_scheme(flows: Iterable[Flow]) -> dict[str, Any]:
    concepts = {one.id: {"id": one.id, **named(one.names)} for flow in flows for one in flow.components}
    return {**_maintained(CONCEPTS, CONCEPT_SCHEME_NAME), "concepts": list(concepts.values())}


def _maintained(id_: str, names: Names) -> dict[str, Any]:
    return {"id": id_, "agencyID": AGENCY, "version": VERSION, **named(names)}


def _defined(one: Component) -> dict[str, Any]:
    """What a component means, and which values it takes."""
    if one.codelist:
        values: dict[str, Any] = {"enumeration": urn("Codelist", one.codelist)}
    else:
        values = {"format": {"dataType": one.data_type}}
    return {"conceptIdentity": concept_urn(one.id), "localRepresentation": values}
