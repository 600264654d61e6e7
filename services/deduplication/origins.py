"""Whom a text comes from: the agency that it names, or the outlet that published it."""

from __future__ import annotations

import re

from schemas.articles import Article

_AGENCIES = {
    "reuters": "Reuters", "ap": "AP", "associated press": "AP", "afp": "AFP", "agence france-presse": "AFP", "dpa": "dpa",
    "pa": "PA", "pa media": "PA", "press association": "PA", "bloomberg": "Bloomberg", "upi": "UPI", "tass": "TASS",
    "interfax": "Interfax", "xinhua": "Xinhua", "kyodo": "Kyodo", "efe": "EFE", "ansa": "ANSA", "anadolu": "Anadolu",
    "anadolu agency": "Anadolu", "dow jones": "Dow Jones", "cna": "CNA", "yonhap": "Yonhap", "pti": "PTI",
}  # fmt: skip
_ANY = "|".join(sorted(map(re.escape, _AGENCIES), key=len, reverse=True))
_DATELINE = re.compile(rf"^[^\n()]{{0,60}}\(({_ANY})\)", re.IGNORECASE)
_BYLINE = re.compile(rf"\A\s*by [^\n]{{0,80}}?[,|/] *({_ANY})\s*$", re.IGNORECASE | re.MULTILINE)
_CREDIT = re.compile(rf"(?:^|\n)\W*(?:©|—|-|source:|credit:)\W*({_ANY})\W*\Z", re.IGNORECASE)


def agency_of(article: Article) -> str | None:
    """The agency that the article names as its author, by credit line, dateline or byline; None if it names none."""
    if article.credit.agency:
        return _AGENCIES.get(article.credit.agency.lower(), article.credit.agency)
    text = article.text.strip()
    for pattern, part in (
        (_DATELINE, text[:200]),
        (_DATELINE, text[:200].partition("\n\n")[2]),
        (_BYLINE, text[:200]),
        (_CREDIT, text[-120:]),
    ):
        if found := pattern.search(part):
            return _AGENCIES[found.group(1).lower()]
    return None


def outlet_of(article: Article) -> str:
    """The outlet's name, or what it is known by where it has none."""
    return article.outlet.name or article.outlet.source
