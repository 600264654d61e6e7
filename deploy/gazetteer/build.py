"""Build `services/tagging/gazetteer/*.tsv` from open data: one row a name, with its source and licence. NOTICE names the sources.

Run by hand: `python deploy/gazetteer/build.py FOLDER`, where FOLDER holds `gazetteers/` and `petrarch2/` as NOTICE lists them. The result
is committed, so nothing of it is needed at run time, and two runs on the same FOLDER write the same bytes.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

TARGET = Path(__file__).parents[2] / "services" / "tagging" / "gazetteer"
COLUMNS = ("name", "type", "id", "full", "country", "wikidata", "kind", "source", "licence")
Row = tuple[str, str, str, str, str, str, str, str, str]
LEADERS = ("world-leaders-current", "CC-BY-SA-4.0")
COUNTRIES = ("countries-mledoze", "ODbL-1.0")
CODES = ("country-codes", "PDDL-1.0")
CONGRESS = ("us-congress", "CC0-1.0")
CITIES = ("world-cities", "CC-BY-4.0")
REGIONS = ("geonames-admin", "CC-BY-4.0")
PETRARCH = ("petrarch2", "MIT")


def slug(name: str) -> str:
    """The name as the last part of an id."""
    return re.sub(r"[^\w]+", "-", name.casefold()).strip("-")


def countries(folder: Path) -> Iterator[Row]:
    """States by their names, demonyms and capitals."""
    codes = {row["ISO3166-1-Alpha-2"]: row for row in _csv(folder / "country-codes/data/country-codes.csv")}
    for country in json.loads((folder / "countries-mledoze/countries.json").read_text("utf-8")):
        code, common = country["cca2"], country["name"]["common"]
        qid = codes.get(code, {}).get("wikidata_id", "").rsplit("/", 1)[-1]
        spellings = (name for name in country["altSpellings"] if len(name) > 3 and "," not in name)
        for name in dict.fromkeys((common, country["name"]["official"], *spellings)):
            yield (name, "place", f"country/{code.lower()}", common, code, qid, "state", *COUNTRIES)
        if cldr := codes.get(code, {}).get("CLDR display name"):
            yield (cldr, "place", f"country/{code.lower()}", common, code, qid, "state", *CODES)
        for form in _demonyms(country):
            yield (form, "place", f"country/{code.lower()}", common, code, qid, "demonym", *COUNTRIES)
        for capital in country["capital"]:
            yield (capital, "place", f"city/{code.lower()}/{slug(capital)}", capital, code, "", "capital", *COUNTRIES)


def _demonyms(country: dict[str, dict[str, dict[str, str]]]) -> Iterator[str]:
    for word in re.split(r", | or ", country.get("demonyms", {}).get("eng", {}).get("m", "")):
        if word:
            yield word
            if not word.endswith(("ese", "ish", "ch", "s")):
                yield word + "s"


def leaders(folder: Path) -> Iterator[Row]:
    """Heads of state and government, from the list's own country files."""
    for path in sorted((folder / "world-leaders-current/data/countries").glob("*/current.json")):
        record = json.loads(path.read_text("utf-8"))
        code = record["country"]["iso_code"] if len(record["country"]["iso_code"]) == 2 else ""
        for title, position in record["positions"].items():
            holder = position.get("current_holder") or {}
            if name := holder.get("name_en"):
                yield (
                    name,
                    "person",
                    f"person/{slug(name)}",
                    name,
                    code,
                    holder.get("wikidata_id") or "",
                    title,
                    *LEADERS,
                )


def congress(folder: Path) -> Iterator[Row]:
    """Members of the United States Congress, presidents and vice presidents since 1980."""
    for name in ("legislators-current.yaml", "executive.yaml"):
        for person in yaml.load((folder / "us-congress" / name).read_text("utf-8"), yaml.CSafeLoader):
            if max(term["end"] for term in person["terms"]) < "1980":
                continue
            names, qid = person["name"], person["id"].get("wikidata", "")
            forms = (names.get("official_full"), person["id"].get("wikipedia"), f"{names['first']} {names['last']}")
            full = names.get("official_full") or f"{names['first']} {names['last']}"
            for form in dict.fromkeys(re.sub(r" \(.*", "", form) for form in forms if form):
                yield (form, "person", f"person/{slug(full)}", full, "US", qid, "legislator", *CONGRESS)


def places(folder: Path, states: dict[str, str]) -> Iterator[Row]:
    """Regions and cities; the country only where all places of that name share it."""
    regions: dict[str, set[str]] = {}
    for region in json.loads((folder / "geonames-admin/admin1.json").read_text("utf-8")):
        regions.setdefault(region["name"], set()).add(region["code"][:2])
    for name, found in sorted(regions.items()):
        yield _place(name, "region", found, REGIONS)
    cities: dict[str, set[str]] = {}
    for row in _csv(folder / "world-cities/data/world-cities.csv"):
        cities.setdefault(row["name"], set()).add(states.get(row["country"], ""))
    for name, found in sorted(cities.items()):
        if name not in regions:
            yield _place(name, "city", found - {""}, CITIES)


def _place(name: str, kind: str, found: set[str], source: tuple[str, str]) -> Row:
    code = next(iter(found)) if len(found) == 1 else ""
    return (name, "place", f"{kind}/{code.lower() or 'several'}/{slug(name)}", name, code, "", kind, *source)


def actors(folder: Path, alpha2: dict[str, str]) -> Iterator[Row]:
    """Armed groups, organisations and office holders of the MIT-licensed actor dictionaries."""
    files = (("MilNonState", "group"), ("International", "organisation"))
    for name, kind in files:
        text = (folder / f"petrarch2/data/dictionaries/Phoenix.{name}.actors.txt").read_text("utf-8", "replace")
        for names, code in _entries(text):
            if kind == "organisation" and not re.match(r"IGO|NGO|MNC|MED", code):
                continue
            for form in names:
                country = alpha2.get(code[:3], "") if kind == "group" else ""
                yield (form, kind, f"{kind}/{slug(names[0])}", names[0], country, "", "listed", *PETRARCH)
    yield from _office_holders(folder, alpha2)


def _office_holders(folder: Path, alpha2: dict[str, str]) -> Iterator[Row]:
    text = (folder / "petrarch2/data/dictionaries/Phoenix.Countries.actors.txt").read_text("utf-8", "replace")
    for match in re.finditer(
        r"(?m)^([A-Z][^\s#\[]*?_[^\s#\[]+?)_?[ \t]*# CountryInfo.*\n((?:\+.*\n)*)\s*\[(\w{3})GOV\S* (?:>|\d)", text
    ):
        name = _title(match[1])
        if len(name.split()) < 5 and not re.search(r"\b(Minister|President|King|Queen|Of|The)\b", name):
            yield (
                name,
                "person",
                f"person/{slug(name)}",
                name,
                alpha2.get(match[3], ""),
                "",
                "office holder",
                *PETRARCH,
            )


def _entries(text: str) -> Iterator[tuple[list[str], str]]:
    """(the names of one actor, its code), for actors whose first line or last line holds the code."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        bare = line.split("#")[0].strip()
        if bare and not bare.startswith(("+", "[")) and block:
            yield from _entry(block)
            block = []
        if bare:
            block.append(bare)
    if block:
        yield from _entry(block)


def _entry(block: list[str]) -> Iterator[tuple[list[str], str]]:
    code = next(iter(re.findall(r"\[(\w+)", " ".join(block))), "")
    names = [_title(re.sub(r"\[.*|\(.*?\)", "", line).strip("+_ \t")) for line in block if not line.startswith("[")]
    kept = [name for name in names if len(name) > 4 and not name.isdigit() and "!" not in name and "}" not in name]
    if kept and code:
        yield kept, code


def _title(name: str) -> str:
    words = name.replace("_", " ").strip().split()
    small = {"of", "the", "and", "for", "in", "on", "de", "al"}
    titled = [word if not word.isupper() or (word.isalpha() and len(word) < 2) else word.title() for word in words]
    return " ".join(w.lower() if i and w.lower() in small else w for i, w in enumerate(titled))


def _csv(path: Path) -> Iterable[dict[str, str]]:
    return csv.DictReader(path.read_text("utf-8").splitlines())


def write(name: str, rows: Iterable[Row]) -> None:
    """One file of rows, each name and id once, in the order of the source."""
    kept = dict.fromkeys(tuple(" ".join(cell.split()) for cell in row) for row in rows)
    lines = ["\t".join(COLUMNS), *("\t".join(row) for row in kept)]
    (TARGET / f"{name}.tsv").write_text("\n".join(lines) + "\n", "utf-8")


def main(folder: Path) -> None:
    """Write every file of the gazetteer but `house.tsv`, which is written by hand."""
    sources = folder / "gazetteers"
    codes = list(_csv(sources / "country-codes/data/country-codes.csv"))
    alpha2 = {row["ISO3166-1-Alpha-3"]: row["ISO3166-1-Alpha-2"] for row in codes}
    states = {row[0]: row[4] for row in countries(sources) if row[6] == "state"}
    write("states", countries(sources))
    write("people", [*leaders(sources), *congress(sources)])
    write("places", places(sources, states))
    write("actors", actors(folder, alpha2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
