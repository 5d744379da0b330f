"""An exported description passes the official shapes of CPSV-AP, and says it all."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pyshacl import validate
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from kiosk.forms.cpsv import to_json_ld
from kiosk.forms.descriptor import ServiceDescriptor
from kiosk.forms.starter import starter
from kiosk.resources import assets

FOLDER = Path(__file__).parent / "cpsv-ap"
CONTEXT = json.loads((assets() / "cpsv-ap" / "cpsv-ap.jsonld").read_text("utf-8"))
EXAMPLE = FOLDER / "birth-registration.yaml"
DESCRIPTIONS = [EXAMPLE, *sorted((assets() / "services").glob("*/descriptor.yaml"))]

CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
DCT = Namespace("http://purl.org/dc/terms/")
EU = "http://publications.europa.eu/resource/authority/"


# rdflib's own parser, and pyshacl, still use what rdflib calls old
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(FOLDER / "cpsv-ap-SHACL.ttl")


def described(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    return data


def exported(path: Path = EXAMPLE, **changes: object) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text("utf-8"))
    return to_json_ld(ServiceDescriptor.from_json(data | changes), CONTEXT)


def graph_of(document: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(document), format="json-ld")


def problems(document: dict[str, Any], shapes: Graph) -> str:
    """What the shapes say against it; empty when it passes."""
    passes, _graph, report = validate(graph_of(document), shacl_graph=shapes, inference="none")
    return "" if passes else str(report)


def test_the_example_to_begin_with_passes_them_too(tmp_path: Path, shapes: Graph) -> None:
    path = tmp_path / "descriptor.yaml"
    path.write_bytes(starter()["descriptor.yaml"])
    assert problems(exported(path), shapes) == ""


@pytest.mark.parametrize("path", DESCRIPTIONS, ids=lambda path: path.parent.name)
def test_a_description_passes_the_official_shapes(path: Path, shapes: Graph) -> None:
    document = exported(path)
    assert problems(document, shapes) == ""
    assert len(list(graph_of(document).subjects(RDF.type, CPSV.PublicService))) == 1


@pytest.mark.parametrize("taken", ["name", "description", "identifier", "hasCompetentAuthority"])
def test_the_shapes_would_notice_what_is_missing(taken: str, shapes: Graph) -> None:
    document = copy.deepcopy(exported())
    del document["@graph"][0][f"PublicService.{taken}"]
    assert "MinCount" in problems(document, shapes)


def test_every_property_is_one_of_the_vocabulary() -> None:
    names = {name for node in exported()["@graph"] for name in node if "://" not in name}
    assert names - {"@id", "@type"} <= set(CONTEXT["@context"])


def test_the_words_carry_their_languages() -> None:
    graph = graph_of(exported())
    (service,) = graph.subjects(RDF.type, CPSV.PublicService)
    assert set(graph.objects(service, DCT.title)) == {
        Literal("ການຂຶ້ນທະບຽນເກີດ", lang="lo"),
        Literal("Birth registration", lang="en"),
    }
    assert set(graph.objects(service, DCT.language)) == {
        URIRef(EU + "language/LAO"),
        URIRef(EU + "language/ENG"),
    }


def test_a_fee_that_the_form_works_out_or_nobody_confirmed_has_no_value() -> None:
    def fees(path: Path) -> list[float]:
        return [float(str(value)) for value in graph_of(exported(path)).objects(None, CV.hasValue)]

    assert fees(EXAMPLE) == [5000.0]  # the fine is worked out
    assert fees(assets() / "services" / "residence-certificate" / "descriptor.yaml") == []


def test_a_requirement_names_its_evidence_and_a_rule_its_law() -> None:
    graph = graph_of(exported())
    ((requirement, evidence),) = graph.subject_objects(CV.hasSupportingEvidence)
    ((rule, law),) = graph.subject_objects(CPSV.implements)
    ids = [str(graph.value(node, DCT.identifier)) for node in (requirement, evidence, rule)]
    assert ids == ["child-resident", "family_book", "r30"]
    assert str(law).endswith("law/law-12-NA-2009")


def test_all_that_the_description_lists_is_there() -> None:
    data, graph = described(EXAMPLE), graph_of(exported())
    for listed, kind in (
        ("channels", CV.Channel),
        ("costs", CV.Cost),
        ("evidence", CV.Evidence),
        ("requirements", CV.Requirement),
        ("rules", CPSV.Rule),
        ("outputs", CV.Output),
        ("life_events", CV.LifeEvent),
    ):
        ids = {str(graph.value(node, DCT.identifier)) for node in graph.subjects(RDF.type, kind)}
        assert ids == {item["id"] for item in data[listed]}, listed


def test_a_withdrawn_service_says_so() -> None:
    assert "status/Withdrawn" in json.dumps(exported(status="withdrawn"))
