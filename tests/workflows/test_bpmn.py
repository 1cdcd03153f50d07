"""The exported process model: valid by the standard's own schema, and complete."""

from io import StringIO
from pathlib import Path

import pytest
import SpiffWorkflow.bpmn.parser as spiff
from django.core.management import call_command
from lxml import etree

from workflows import bpmn
from workflows.flows import FLOWS, DisputeFlow, ReconsiderationFlow

NS = {"b": bpmn.MODEL, "di": bpmn.DIAGRAM}
SCHEMA = Path(spiff.__file__).parent / "schema" / "BPMN20.xsd"


@pytest.fixture
def model() -> etree._Element:
    return etree.fromstring(bpmn.export().encode())


def test_export_is_valid_bpmn(model: etree._Element) -> None:
    schema = etree.XMLSchema(file=str(SCHEMA))

    schema.validate(model)

    assert [str(error) for error in schema.error_log] == []


def test_export_draws_every_arrow_of_both_flows(model: etree._Element) -> None:
    drawn = {
        (p.get("id"), a.get("id"))
        for p in model.findall("b:process", NS)
        for a in p.findall("b:sequenceFlow[b:conditionExpression]", NS)
    }

    wanted = {
        (flow.__name__, bpmn._edge_id(flow, edge))
        for flow in FLOWS
        for node in flow.instance.nodes()
        for edge in node._outgoing()
    }
    assert drawn == wanted


def test_export_names_every_step_and_arrow(model: etree._Element) -> None:
    steps = model.xpath(
        "//b:userTask | //b:callActivity | //b:endEvent | //b:startEvent"
        " | //b:sequenceFlow[b:conditionExpression]",
        namespaces=NS,
    )

    assert [step.get("id") for step in steps if not step.get("name")] == []


def test_export_conditions_name_the_statuses(model: etree._Element) -> None:
    condition = model.find(
        ".//b:sequenceFlow[@id='dispute_review_closure_to_supervise_performance']/b:conditionExpression",
        NS,
    )

    assert condition.text == "status in ['performing', 'breached']"


def test_export_calls_the_linked_track(model: etree._Element) -> None:
    call = model.find(".//b:callActivity", NS)

    assert call.get("calledElement") == ReconsiderationFlow.__name__


def test_export_says_who_is_asked(model: etree._Element) -> None:
    owner = model.find(".//b:userTask[@id='dispute_mediate']/b:potentialOwner", NS)

    assert owner.get("name")


def test_export_gives_everything_a_place(model: etree._Element) -> None:
    shapes = {shape.get("bpmnElement") for shape in model.iter(f"{{{bpmn.DIAGRAM}}}BPMNShape")}
    lines = {line.get("bpmnElement") for line in model.iter(f"{{{bpmn.DIAGRAM}}}BPMNEdge")}

    steps = {
        node.get("id")
        for process in model.findall("b:process", NS)
        for node in process
        if not node.tag.endswith("sequenceFlow")
    }
    arrows = {arrow.get("id") for arrow in model.findall(".//b:sequenceFlow", NS)}
    assert (shapes, lines) == (steps, arrows)


def test_start_event_carries_no_condition(model: etree._Element) -> None:
    start = bpmn._id(DisputeFlow, "start")
    leaving = model.xpath(f"//b:sequenceFlow[@sourceRef='{start}']", namespaces=NS)

    assert [(arrow.get("targetRef"), len(arrow)) for arrow in leaving] == [
        ("dispute_start_gate", 0)
    ]


def test_flow_export_command_prints_the_document() -> None:
    out = StringIO()

    call_command("flow_export", "--language", "en", stdout=out)

    assert etree.fromstring(out.getvalue().encode()).find("b:process", NS).get("name") == "Dispute"
