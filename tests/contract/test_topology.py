"""Topics, service folders, compose blocks and scrape targets name the same services."""

from collections import Counter

import pytest
import yaml

from schemas.generate import ROOT
from schemas.stages import SERVICES
from schemas.topics import BY_NAME, TOPICS

WRITERS_AND_READERS = {*SERVICES, "console"}


def test_every_topic_is_listed_once() -> None:
    assert [name for name, times in Counter(topic.name for topic in TOPICS).items() if times > 1] == []
    assert len(BY_NAME) == len(TOPICS)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_is_written_and_read_by_services_that_exist(topic) -> None:  # type: ignore[no-untyped-def]
    strangers = {*topic.written_by, *topic.read_by} - WRITERS_AND_READERS
    assert not strangers, (
        f"{topic.name} names {strangers}: add the service to schemas/stages.py, or correct schemas/topics.py"
    )
    assert topic.written_by, f"nobody writes {topic.name}"
    assert topic.read_by, f"nobody reads {topic.name}"


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_a_folder_of_the_uniform_shape(service: str) -> None:
    folder = ROOT / "services" / service
    missing = [
        name for name in ("__init__.py", "settings.py", "shell.py", "__main__.py") if not (folder / name).exists()
    ]
    assert not missing, f"services/{service} lacks {', '.join(missing)}"


def test_every_service_folder_is_a_service() -> None:
    folders = {path.name for path in (ROOT / "services").iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders - set(SERVICES) == set(), "list it in schemas/stages.py, or move it out of services/"


def test_every_service_has_a_compose_block() -> None:
    blocks = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    missing = [service for service in SERVICES if service not in blocks]
    assert not missing, f"docker-compose.yml has no block for {', '.join(missing)}"


def test_every_service_is_a_scrape_target() -> None:
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    targets = {
        target.split(":")[0]
        for job in config["scrape_configs"]
        for group in job.get("static_configs", [])
        for target in group["targets"]
    }
    missing = [service for service in SERVICES if service not in targets]
    assert not missing, f"deploy/prometheus/prometheus.yml scrapes no {', '.join(missing)}"
