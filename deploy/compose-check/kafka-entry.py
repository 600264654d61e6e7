"""Entry point of the Kafka stand-in: turns the KAFKA_… variables into properties as the official image does, and runs the broker."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

JAVA = "/opt/java/bin/java"
NOT_PROPERTIES = {"KAFKA_HEAP_OPTS"}


def properties(environ: dict[str, str]) -> dict[str, str]:
    """KAFKA_LOG_DIRS is log.dirs, and so on."""
    named = {key: value for key, value in environ.items() if key.startswith("KAFKA_") and key not in NOT_PROPERTIES}
    return {key.removeprefix("KAFKA_").lower().replace("_", "."): value for key, value in named.items()}


def main() -> None:
    """Format the log's folder if it is new, then become the broker."""
    environ = dict(os.environ)
    config = Path("/tmp/server.properties")  # noqa: S108 - the container's own
    config.write_text("".join(f"{key}={value}\n" for key, value in properties(environ).items()), encoding="utf-8")
    java = [JAVA, *environ.get("KAFKA_HEAP_OPTS", "-Xmx512m").split(), "-XX:+UseSerialGC", "-cp", "/opt/kafka/libs/*"]
    if not (Path(environ["KAFKA_LOG_DIRS"]) / "meta.properties").exists():
        subprocess.run(
            [*java, "kafka.tools.StorageTool", "format", "-t", "5L6g3nShT-eMCtK--X86sw", "-c", str(config)], check=True
        )
    os.execv(JAVA, [*java, "kafka.Kafka", str(config)])  # noqa: S606


if __name__ == "__main__":
    main()
