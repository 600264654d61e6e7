"""Last step of setup.sh: make the environment that was built aside fit for its place, and put the `copytaster` command into it.

Called as: finish.py BUILT_ASIDE FINAL_PLACE PROJECT
"""

from __future__ import annotations

import shlex
import sys
import sysconfig
from pathlib import Path


def rename_inside(folder: Path, old: str, new: str) -> None:
    """Write the final place wherever a script names the one it was built in (first lines, activate)."""
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 1_000_000:
            continue
        content = path.read_bytes()
        if old.encode() in content:
            path.write_bytes(content.replace(old.encode(), new.encode()))


def main(aside: str, final: str, project: str) -> None:
    """Rename inside, then make the project importable and callable: its folders are an application's own, never installed."""
    rename_inside(Path(aside) / "bin", aside, final)
    packages = Path(sysconfig.get_path("purelib"))
    (packages / "copytaster.pth").write_text(f"{project}\n", encoding="utf-8")
    command = Path(aside) / "bin" / "copytaster"
    python = shlex.quote(f"{final}/bin/python")
    command.write_text(f'#!/bin/sh\nexec {python} -m console "$@"\n', encoding="utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    main(*sys.argv[1:])
