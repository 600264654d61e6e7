"""Operators' rules and the dashboard: fresh, about declared metrics only, each with a runbook section, and tried by a real promtool."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.prometheus.generate import DASHBOARD, METRIC, ROOT, RULES, WARNINGS, base_name, stale
from runtime.metrics import DECLARED

RULES_TEST = ROOT / "deploy/prometheus/rules_test.yml"
promtool = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(promtool is None, reason="promtool is not installed: apt-get install prometheus")


def run_promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(promtool), *arguments], capture_output=True, text=True, check=False, timeout=60)


def expressions_of_the_dashboard() -> list[str]:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def test_rules_scrape_configuration_and_dashboard_are_fresh() -> None:
    assert [str(path.relative_to(ROOT)) for path in stale()] == [], "run `make contracts` and commit what it writes"


def test_every_rule_names_a_harm_and_a_section_of_the_runbook() -> None:
    runbook = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    sections = {
        line.removeprefix("## ").lower().replace(" ", "-") for line in runbook.splitlines() if line.startswith("## ")
    }
    assert {warning.section for warning in WARNINGS} <= sections
    assert all(len(warning.harm) > 40 for warning in WARNINGS)


def test_every_rule_but_the_slow_one_is_tried() -> None:
    tried = set(re.findall(r"alertname: (\w+)", RULES_TEST.read_text(encoding="utf-8")))
    assert {warning.name for warning in WARNINGS} - tried <= {"CopytasterAlertsSlow"}


def test_the_dashboard_shows_every_declared_metric_and_no_other() -> None:
    shown = {base_name(name) for expression in expressions_of_the_dashboard() for name in METRIC.findall(expression)}
    assert shown == {metric.name for metric in DECLARED}


@needs_promtool
def test_the_rules_fire_when_there_is_harm_and_only_then() -> None:
    done = run_promtool("test", "rules", str(RULES_TEST))
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
def test_a_changed_rule_would_be_noticed(tmp_path: Path) -> None:
    broken = RULES.read_text(encoding="utf-8").replace("> 60", "> 6000")
    (tmp_path / "rules.yml").write_text(broken, encoding="utf-8")
    shutil.copy(RULES_TEST, tmp_path)
    assert run_promtool("test", "rules", str(tmp_path / RULES_TEST.name)).returncode != 0


@needs_promtool
def test_every_expression_of_the_dashboard_can_be_asked(tmp_path: Path) -> None:
    records = [
        {"record": f"panel:{number}", "expr": expr} for number, expr in enumerate(expressions_of_the_dashboard())
    ]
    path = tmp_path / "dashboard.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": records}]}), encoding="utf-8")
    done = run_promtool("check", "rules", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
