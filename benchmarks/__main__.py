"""Runs every benchmark one after the other; `python -m benchmarks NAME …` runs those.

Each prints its figures beside a peer of the same run. What needs labelled data looks for it in `COPYTASTER_DATA` (`../shared` unless told
otherwise) and says so where it is not there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
HELPERS = {"__init__", "__main__"}
BENCHMARKS = ("extraction", "copies", "remembering", "tracking", "rules", "flow")


def main() -> None:
    """Run what is asked for; the exit status is that of the first that failed."""
    unknown = [name for name in sys.argv[1:] if not (FOLDER / f"{name}.py").exists() or name in HELPERS]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}: choose of {', '.join(BENCHMARKS)}")
    failed = 0
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        failed = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode or failed
    sys.exit(failed)


if __name__ == "__main__":
    main()
