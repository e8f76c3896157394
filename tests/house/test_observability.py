"""The page, the dashboard and the alert rules speak of metrics that exist, and the page of all of them."""

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client.core import Metric
from pydantic import BaseModel, ConfigDict, Field

from core.settings import Settings
from orchestrator.servers import Servers
from orchestrator.signals.exposition import Exporter
from orchestrator.signals.histograms import BulkHistogram
from orchestrator.signals.metrics import COUNTED
from orchestrator.wiring import wired
from tests.house.documents import ROOT, Document

RUNBOOK = ROOT / "docs/RUNBOOK.md"
PAGE = (ROOT / "docs/OBSERVABILITY.md").read_text()
RULES = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy/grafana/jarvis.json").read_text())
OF_PROMETHEUS = {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "up"}

# A family of ours tells its labels itself, the library's counters only here.
LABELS = {
    metric._name: metric._labelnames for metric in COUNTED._collector_to_names if not isinstance(metric, BulkHistogram)
}

Told = dict[str, tuple[str, tuple[str, ...]]]


@pytest.fixture
async def shown(db_url: str, redis_url: str, tmp_path: Any) -> Told:
    """Type and labels of every metric of ours, under its name as Prometheus stores it."""
    async with wired(Settings(home=tmp_path), Servers(db_url, redis_url, f"file://{tmp_path}")) as jarvis:
        jarvis.progress.beat("web")
        exporter = Exporter(jarvis, shows_circle=True)
        await exporter.text()
        ours = [metric for metric in exporter.registry.collect() if metric.name.startswith("jarvis_")]
        return dict(described(metric) for metric in ours)


def described(metric: Metric) -> tuple[str, tuple[str, tuple[str, ...]]]:
    ending = "_total" * (metric.type == "counter")
    labels = LABELS.get(metric.name) or tuple(getattr(metric, "_labelnames", ()))
    return metric.name + ending, (metric.type, labels)


def page_rows() -> Told:
    rows = re.findall(r"^\| `(jarvis_\w+)` \| (\w+) \|([^|]*)\| (?:process|circle) \| \S", PAGE, re.MULTILINE)
    return {name: (kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


async def test_the_page_holds_every_metric_with_its_type_and_labels(shown: Told):
    assert page_rows() == shown


def selectors(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Metric names of an expression with the labels they are chosen by; raises where Prometheus could not read it."""
    tree = promql_parser.parse(expression.replace("$__rate_interval", "5m"))
    return _walk(tree)


def _walk(node: Any) -> Iterator[tuple[str, set[str]]]:
    match node:
        case promql_parser.VectorSelector():
            yield node.name, {matcher.name for matcher in node.matchers.matchers}
        case _:
            inner = [getattr(node, part, None) for part in ("expr", "lhs", "rhs", "vector_selector")]
            for child in [*inner, *(getattr(node, "args", None) or [])]:
                yield from _walk(child) if child is not None else ()


def stored_names() -> dict[str, set[str]]:
    """Every series name of the page with its labels; a histogram has three."""
    stored = {name: set[str]() for name in OF_PROMETHEUS}
    for name, (kind, labels) in page_rows().items():
        ends = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        stored |= {name + end: set(labels) | ({"le"} if end == "_bucket" else set()) for end in ends}
    return stored


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


EXPRESSIONS = [rule["expr"] for rule in RULES] + [target["expr"] for panel in panels() for target in panel["targets"]]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_metric_and_label_that_is_asked_for_exists(expression: str):
    stored = stored_names()
    asked = list(selectors(expression))
    assert asked
    assert [(name, labels) for name, labels in asked if name not in stored or not labels <= stored[name]] == []


def test_every_metric_is_on_the_dashboard_or_in_a_rule():
    asked = {name for expression in EXPRESSIONS for name, _ in selectors(expression)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked}
    assert page_rows().keys() - families == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_how_bad_it_is_and_has_its_section_in_the_runbook(rule: dict[str, Any]):
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["runbook"] == f"docs/RUNBOOK.md#{rule['alert'].lower()}"
    assert rule["alert"].lower() in Document(RUNBOOK, RUNBOOK.read_text()).anchors


class Strict(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class Source(Strict):
    type: str = Field(pattern="^prometheus$")
    uid: str = Field(pattern=r"^\$\{datasource\}$")


class Place(Strict):
    h: int = Field(gt=0)
    w: int = Field(gt=0, le=24)
    x: int = Field(ge=0, lt=24)
    y: int = Field(ge=0)


class Target(Strict):
    ref: str = Field(alias="refId")
    expr: str
    datasource: Source


class Panel(Strict):
    id: int
    title: str = Field(min_length=3)
    description: str = Field(min_length=10)
    type: str = Field(pattern="^(timeseries|stat|table|bargauge)$")
    place: Place = Field(alias="gridPos")
    datasource: Source
    targets: list[Target] = Field(min_length=1)


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel["title"])
def test_every_panel_has_what_grafana_asks_for(panel: dict[str, Any]):
    read = Panel.model_validate(panel)
    assert read.place.x + read.place.w <= 24
    assert len({target.ref for target in read.targets}) == len(read.targets)


def test_the_dashboard_is_one_of_grafana_11_and_its_panels_do_not_overlap():
    assert 39 <= DASHBOARD["schemaVersion"] <= 40
    assert DASHBOARD["uid"] == "jarvis"
    assert [variable["name"] for variable in DASHBOARD["templating"]["list"]] == ["datasource"]
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(identifiers)) == len(identifiers)
    places = [Place.model_validate(panel["gridPos"]) for panel in DASHBOARD["panels"]]
    cells = [(x, y) for p in places for x in range(p.x, p.x + p.w) for y in range(p.y, p.y + p.h)]
    assert len(set(cells)) == len(cells)
