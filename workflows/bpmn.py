"""The flows as one BPMN 2.0 document, for tools that draw, compare or simulate processes.

What the engine runs is what is written: a human step is a user task with the role that is asked, the
status that leads on is the condition of its sequence flow, the linked track is a called process.
"""

import re
from typing import Any
from xml.etree import ElementTree as ET  # only writes; nothing foreign is parsed

from viewflow.workflow import chart as layout
from viewflow.workflow.nodes.end import End

from mediation.accounts.models import Role
from mediation.disputes.enums import Status
from mediation.reconsideration.models import State
from mediation.reconsideration.states import OWN_DUTY, OWN_REPLY
from mediation.warning.models import Alert
from workflows.flows import FLOWS
from workflows.mapping import ROLE_OF
from workflows.nodes import ChildFlow, StartCase

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
LINES = "http://www.omg.org/spec/DD/20100524/DI"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "dc": BOUNDS, "di": LINES, "xsi": SCHEMA_INSTANCE}
TARGET = "urn:fengqiao:flows"

WORDS = {**dict(Status.choices), **dict(State.choices), **dict(Alert.State.choices)}
# The same state with the office itself as respondent.
WORDS |= {own: WORDS[own.partition("/")[0]] for own in (OWN_REPLY, OWN_DUTY)}
# A start event has no conditions on its way out; a gateway of this size stands for them.
GATEWAY, SHIFT = 50, 100


def export() -> str:
    """The whole document in the language in force."""
    for prefix, address in PREFIXES.items():
        ET.register_namespace(prefix, address)
    root = ET.Element(f"{{{MODEL}}}definitions", {"id": "Fengqiao", "targetNamespace": TARGET})
    root.set("exporter", "Fengqiao")
    for flow in FLOWS:
        _process(root, flow)
    for flow in FLOWS:
        _diagram(root, flow)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


# The model -----------------------------------------------------------------------------------------


def _process(root: ET.Element, flow: Any) -> None:
    process = _add(
        root, MODEL, "process", id=flow.__name__, name=str(flow.process_title), isExecutable="true"
    )
    nodes = _nodes(flow)
    edges = [edge for node in nodes for edge in node._outgoing()]
    for node in nodes:
        _node(process, flow, node, edges)
        if isinstance(node, StartCase):
            _gateway(process, flow, node)
    for edge in edges:
        _sequence(process, flow, edge)


def _nodes(flow: Any) -> list[Any]:
    return sorted(flow.instance.nodes(), key=lambda node: str(node.name))


def _node(process: ET.Element, flow: Any, node: Any, edges: list[Any]) -> None:
    element = _add(process, MODEL, _kind(node), id=_id(flow, node.name), name=str(node.task_title))
    if isinstance(node, ChildFlow):
        element.set("calledElement", node._flow.__name__)
    for edge in edges:
        if edge.dst is node:
            _add(element, MODEL, "incoming").text = _edge_id(flow, edge)
    if isinstance(node, StartCase):
        _add(element, MODEL, "outgoing").text = _id(flow, node.name, "leads")
        return
    for edge in node._outgoing():
        _add(element, MODEL, "outgoing").text = _edge_id(flow, edge)
    if role := ROLE_OF.get(node.name):
        _add(element, MODEL, "potentialOwner", name=str(Role(role).label))


def _kind(node: Any) -> str:
    if isinstance(node, StartCase):
        return "startEvent"
    if isinstance(node, ChildFlow):
        return "callActivity"
    return "endEvent" if isinstance(node, End) else "userTask"


def _gateway(process: ET.Element, flow: Any, start: Any) -> None:
    gateway = _add(
        process,
        MODEL,
        "exclusiveGateway",
        id=_id(flow, start.name, "gate"),
        gatewayDirection="Diverging",
    )
    leads = _id(flow, start.name, "leads")
    _add(gateway, MODEL, "incoming").text = leads
    for edge in start._outgoing():
        _add(gateway, MODEL, "outgoing").text = _edge_id(flow, edge)
    _add(
        process,
        MODEL,
        "sequenceFlow",
        id=leads,
        sourceRef=_id(flow, start.name),
        targetRef=_id(flow, start.name, "gate"),
    )


def _sequence(process: ET.Element, flow: Any, edge: Any) -> None:
    """One arrow. Several statuses that lead the same way share it."""
    statuses = [status for status, node in edge.src._routes.items() if node is edge.dst]
    part = "gate" if isinstance(edge.src, StartCase) else ""
    arrow = _add(
        process,
        MODEL,
        "sequenceFlow",
        id=_edge_id(flow, edge),
        name=" / ".join(str(WORDS[status]) for status in statuses),
        sourceRef=_id(flow, edge.src.name, part),
        targetRef=_id(flow, edge.dst.name),
    )
    condition = _add(arrow, MODEL, "conditionExpression")
    condition.set(f"{{{SCHEMA_INSTANCE}}}type", "bpmn:tFormalExpression")
    condition.text = f"status in {statuses!r}"


# The drawing ---------------------------------------------------------------------------------------


def _diagram(root: ET.Element, flow: Any) -> None:
    grid = layout.calc_layout_data(flow)
    diagram = _add(
        root, DIAGRAM, "BPMNDiagram", id=_id(flow, "diagram"), name=str(flow.process_title)
    )
    plane = _add(diagram, DIAGRAM, "BPMNPlane", id=_id(flow, "plane"), bpmnElement=flow.__name__)
    cells = sorted(grid.cells, key=lambda cell: str(cell.node.name))
    for cell in cells:
        if isinstance(cell.node, StartCase):
            _shape(plane, _id(flow, cell.node.name), cell.shape, to_the_left=True)
            _shape(plane, _id(flow, cell.node.name, "gate"), cell.shape)
            _arrow(plane, _id(flow, cell.node.name, "leads"), _between(cell.shape))
        else:
            _shape(plane, _id(flow, cell.node.name), cell.shape)
    for edge in sorted(grid.edges, key=lambda edge: _edge_id(flow, edge)):
        _arrow(plane, _edge_id(flow, edge), [(x + SHIFT, y) for x, y in edge.segments])


def _between(shape: Any) -> list[tuple[int, int]]:
    """From the start event to its gateway, in the middle of both."""
    middle = shape.y + GATEWAY // 2
    return [(shape.x + GATEWAY, middle), (shape.x + SHIFT, middle)]


def _shape(plane: ET.Element, element: str, shape: Any, *, to_the_left: bool = False) -> None:
    box = _add(plane, DIAGRAM, "BPMNShape", id=f"{element}_shape", bpmnElement=element)
    _add(
        box,
        BOUNDS,
        "Bounds",
        x=str(shape.x if to_the_left else shape.x + SHIFT),
        y=str(shape.y),
        width=str(shape.width),
        height=str(shape.height),
    )


def _arrow(plane: ET.Element, element: str, points: list[tuple[int, int]]) -> None:
    line = _add(plane, DIAGRAM, "BPMNEdge", id=f"{element}_line", bpmnElement=element)
    for x, y in points:
        _add(line, LINES, "waypoint", x=str(x), y=str(y))


# Names ---------------------------------------------------------------------------------------------


def _add(parent: ET.Element, space: str, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{space}}}{tag}", attributes)


def _id(flow: Any, *parts: str) -> str:
    """A name that XML takes: flow, node, and what of the node."""
    return "_".join(part for part in (_short(flow), *parts) if part)


def _short(flow: Any) -> str:
    return re.sub("Flow$", "", flow.__name__).lower()


def _edge_id(flow: Any, edge: Any) -> str:
    return _id(flow, edge.src.name, "to", edge.dst.name)
