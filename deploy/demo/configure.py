"""Writes the demonstration's sources and rules into the log, once, for a publisher that runs somewhere else (containers).

python -m deploy.demo.configure --scenario deploy/demo/morning.yaml --publisher http://publisher:18100 --interval 2
"""

from __future__ import annotations

import argparse
from pathlib import Path

from console.running.demonstration import read_scenario, rule_outputs, source_outputs
from runtime.clock import now as clock
from runtime.publish import Publisher
from runtime.settings import ServiceSettings


def main() -> None:
    """Write and end; the same again changes nothing but the time at which it was said."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--scenario", type=Path, required=True)
    ask.add_argument("--publisher", required=True, help="address of the outlets, as scraping reaches them")
    ask.add_argument("--interval", type=float, default=2.0, help="seconds between two polls of a source")
    told = ask.parse_args()
    scenario, now = read_scenario(told.scenario), clock()
    outputs = [*rule_outputs(scenario, now), *source_outputs(scenario, told.publisher, told.interval, now)]
    with Publisher(ServiceSettings(), "desk") as publisher:
        publisher.put(outputs)
    print(f"{len(outputs)} sources and rules written", flush=True)


if __name__ == "__main__":
    main()
