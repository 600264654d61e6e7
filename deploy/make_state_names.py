"""Write the names of states that alerts use: CLDR's English names (Unicode licence, by Babel), and the press's short forms of some.

Run by hand when CLDR changes: `python deploy/make_state_names.py`; the result is committed, so that nothing of it is needed at run time.
"""

from __future__ import annotations

import json
from pathlib import Path

import babel

TARGET = Path(__file__).parents[1] / "services" / "alerting" / "state_names.json"
PRESS = {
    "AE": "UAE",
    "BA": "Bosnia",
    "CD": "DR Congo",
    "CF": "Central African Republic",
    "CG": "Congo Republic",
    "EU": "EU",
    "GB": "UK",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
    "PS": "Palestinians",
    "TR": "Turkey",
    "UN": "UN",
    "US": "US",
    "VA": "Vatican",
}
NO_STATES = {"EZ", "QO", "XA", "XB", "ZZ"}


def names() -> dict[str, str]:
    """Code to name, by code."""
    cldr = {code: name for code, name in babel.Locale("en").territories.items() if len(code) == 2}
    return {code: PRESS.get(code, name) for code, name in sorted(cldr.items()) if code not in NO_STATES}


if __name__ == "__main__":
    TARGET.write_text(json.dumps(names(), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
