"""Build `services/tagging/gazetteer/*.tsv` from open data: one row a name, with its source and licence. NOTICE names the sources.

Run by hand: `python deploy/gazetteer/build.py FOLDER`, where FOLDER holds `gazetteers/` and `petrarch2/` as NOTICE lists them. The result
is committed, so nothing of it is needed at run time, and two runs on the same FOLDER write the same bytes.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

TARGET = Path(__file__).parents[2] / "services" / "tagging" / "gazetteer"
COLUMNS = ("name", "type", "id", "full", "country", "wikidata", "kind", "source", "licence")
Row = tuple[str, str, str, str, str, str, str, str, str]
LEADERS = ("world-leaders-current", "CC-BY-SA-4.0")
COUNTRIES = ("countries-mledoze", "ODbL-1.0")
CODES = ("country-codes", "PDDL-1.0")
FORMER = ("world-leaders-2021", "CC0-1.0")
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


def former(folder: Path, alpha2: dict[str, str], states: dict[str, str]) -> Iterator[Row]:
    """Heads of state and government of the years around 2021, as the open query of Wikidata gave them."""
    for row in _csv(folder / "world-leaders-2021/data/wikidata.csv"):
        name, code = row["officeholderLabel"], states.get(row["country"], "")
        if code and not re.fullmatch(r"Q\d+", name):
            yield (name, "person", f"person/{slug(name)}", name, code, row["officeholder"], "former_leader", *FORMER)


def surnames(rows: Iterable[Row], others: Iterable[Row]) -> Iterator[Row]:
    """The family names of heads of state and government, where they mean leaders of one state, nobody else listed, and no plain word."""
    meant: dict[str, dict[str, Row]] = {}
    borne = Counter(part for _, name in {(row[2], row[3]) for row in others if " " in row[3]} for part in name.split())
    for row in rows:
        if " of " in row[3] or " " not in row[3]:
            continue
        family = _family_name(row[3], row[4])
        for form in dict.fromkeys((family, _plain(family), re.sub("yy$", "y", family), re.sub("yy$", "iy", family))):
            meant.setdefault(form, {}).setdefault(row[2], row)
    for form, persons in sorted(meant.items()):
        first = next(iter(persons.values()))
        if (
            len({row[4] for row in persons.values()}) == 1
            and (borne[form] < 2 or form in PRESIDENTS)
            and form.lower() not in PLAIN_WORDS
        ):
            only = first if len(persons) == 1 else None
            yield (
                form,
                "person",
                first[2] if only else f"person/{slug(form)}",
                first[3] if only else form,
                first[4],
                first[5] if only else "",
                "surname",
                *first[7:],
            )


def _states_of(heads: Iterable[Row], other: Row) -> frozenset[str]:
    """The states whose leaders bear the family name of another listed person: who governs with them is taken for no other."""
    family = other[3].split()[-1]
    return frozenset(row[4] for row in heads if row[3].split()[-1] == family)


PRESIDENTS = frozenset({"Reagan", "Bush", "Clinton", "Obama", "Trump", "Biden"})
"""Presidents of the United States since 1981, whose names alone mean them in news though others bear them."""
FAMILY_FIRST = frozenset({"CN", "KP", "KR", "TW"})
"""States in whose names the family stands first."""
PLAIN_WORDS = frozenset(
    {
        "may",
        "brown",
        "major",
        "king",
        "prince",
        "iii",
        "ii",
        "i",
        "sr",
        "jr",
        "jr.",
        "young",
        "rice",
        "day",
        "hope",
        "meta",
        "nova",
        "bio",
        "marin",
        "borne",
        "moon",
        "jesus",
        "kim",
        "lam",
    }
)
"""Family names that are words, numbers or endings too."""


def _family_name(full: str, code: str) -> str:
    words = re.sub(r",? (?:Jr\.?|Sr\.?|I{1,3}|IV|VI?)$", "", full).split()
    return words[0] if code in FAMILY_FIRST else words[-1]


def _plain(name: str) -> str:
    """The name without marks over its letters, as most papers print it."""
    apart = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ł", "l").replace("đ", "d").replace("ø", "o"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


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
                kind = "former_leader" if name == "executive.yaml" else "legislator"
                yield (form, "person", f"person/{slug(full)}", full, "US", qid, kind, *CONGRESS)


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
    """Persons who governed at some time, under every spelling of their full name and the surname that the dictionary itself gives alone."""
    text = (folder / "petrarch2/data/dictionaries/Phoenix.Countries.actors.txt").read_text("utf-8", "replace")
    for match in re.finditer(
        r"(?m)^([A-Z][^\s#\[]*?_[^\s#\[]+?)_?[ \t]*# *CountryInfo.*\n((?:\+.*\n)*)((?:\s*\[.*\n)+)", text
    ):
        codes = re.findall(r"\[(\w{3})GOV", match[3])
        name = _title(match[1])
        if not codes or len(name.split()) > 4 or OFFICE.search(name):
            continue
        forms = [_title(line.split("#")[0].strip("+_ \t")) for line in match[2].splitlines()]
        for form in dict.fromkeys((name, *(form for form in forms if _is_name(form, name)))):
            alone = " " not in form
            yield (
                form,
                "person",
                f"person/{slug(name)}",
                name,
                alpha2.get(codes[-1], ""),
                "",
                "surname" if alone else "office holder",
                *PETRARCH,
            )


OFFICE = re.compile(
    r"\b(?:Minister|President|Premier|Chancellor|King|Queen|Prince|Emperor|Emir|Sultan|Crown|General|Gen|Colonel|Secretary|Ambassador|Leader|"
    r"Kanzler|Bundeskanzler|Speaker|Governor|Senator|Sheikh|Ayatollah|Pope|Dictator|Admiral|Marshal|Mr|Dr|Sir|Of|The|And|Envoy|Foreign)\b",
    re.IGNORECASE,
)


def _is_name(form: str, name: str) -> bool:
    """Whether a form is a spelling of the name, or its last part alone: no title, no nationality, no relative."""
    words = form.split()
    if not 0 < len(words) < 5 or OFFICE.search(form) or len(form) < 4 or not form[0].isalpha():
        return False
    return form == name.rsplit(maxsplit=1)[-1] if len(words) == 1 else words[-1] == name.rsplit(maxsplit=1)[-1]


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
    titled = [word if not word.isupper() or (word.isalpha() and len(word) < 2) else word.capitalize() for word in words]
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
    people = [*leaders(sources), *former(sources, alpha2, states), *congress(sources)]
    heads = [row for row in people if row[6] != "legislator" and row[4]]
    unmarked = [(_plain(row[0]), *row[1:]) for row in heads if _plain(row[0]) != row[0]]
    known = {row[2] for row in heads}
    officers = [row for row in actors(folder, alpha2) if row[6] == "office holder"]
    others = [
        row for row in (*people, *officers) if row[2] not in known and row[4] not in {"", *_states_of(heads, row)}
    ]
    write("people", [*people, *unmarked, *surnames(heads, others)])
    write("places", places(sources, states))
    write("actors", actors(folder, alpha2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
