"""What stands between the paragraphs and is no text: captions, picture credits, gallery and newsletter prompts, links to other stories."""

from __future__ import annotations

import re

from services.extraction.markup import Element

MAX_WORDS_OF_CAPTION = 70
MAX_WORDS_OF_PROMPT = 30

_PICTURE = r"(?:image|photo|picture|photograph|video|gallery|slideshow|graphic|map)s?"
_PROMPT = re.compile(
    rf"""^(?:[>»•*▶→|-]+\s*)?(?:
      (?:open|view|see|show|click|tap|enlarge|expand|hide|toggle|play|close)\b.{{0,20}}\b{_PICTURE}\b(?:\s+(?:in|to|for|of|full)\b.{{0,20}}?\b(?:gallery|screen|fullscreen|size|caption|enlarge|expand|\d+))?
    | (?:{_PICTURE})\s+(?:caption|source|credit|by|courtesy)\b
    | {_PICTURE}\s*[(\[]?\s*\d+\s*(?:(?:of|/)\s*\d+|{_PICTURE})\b
    | (?:read|see|watch|listen)\s+(?:more|also|next|now|the\s+full|on|this)\b.{{0,3}}(?::|\bon\b|\babout\b|\bhere\b|\bin\b|\bstory\b|\bthen\b|\bfrom\b|$)
    | (?:read|see)\s+(?:more|also)\s*(?:[:|>–—-]|$) | (?:also\s+)?(?:related|recommended|more\s+(?:from|on|stories|like\s+this|news)|you\s+(?:may|might)\s+(?:also\s+)?like|
        most\s+(?:read|popular|viewed)|editor['’]?s?\s+(?:picks?|choice)|don['’]t\s+miss|trending|what\s+to\s+read\s+next|up\s+next)\b\s*(?:stories|articles|content|topics|news|reading)?\s*(?::|$|(?-i:[A-Z“‘]))
    | (?:sign|signed)\s+up\b | subscribe\b | register\s+(?:now|for|free)\b | log\s+in\b
    | (?:get|receive)\b.{{0,60}}\b(?:newsletter|inbox|alerts?|briefing|straight\s+to\s+your)\b
    | follow\s+(?:us|me|him|her|them|our|the\s+latest|@)\b.* | join\s+(?:us|our|the\s+conversation|\d)\b
    | (?:click|tap)\s+here\b | (?:share|print|save|copy)\s+(?:this|article|link|story|on)\b | advertisement\b | sponsored\b | story\s+continues\b
    | (?:article|text|report)\s+continues\s+(?:below|after)\b | skip\s+(?:to|past|the|this)\b | download\s+(?:our|the)\b.{{0,30}}\bapp\b
    | (?:contact|email|reach)\s+(?:us|the\s+(?:author|reporter|newsroom))\b | have\s+you\s+got\s+a\s+story\b | leave\s+a\s+comment\b | comments?\s*(?:\(\d+\))?$
    | (?:all\s+rights\s+reserved|copyright\b|©|\(c\)\s*\d{{4}}) | (?:this\s+)?(?:content|material)\s+(?:may|is)\s+not\s+be\s+(?:published|reproduced)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_CREDITED = re.compile(
    rf"""(?:[(\[]\s*(?:
        [^()\[\]]{{0,60}}(?:/|\bvia\b)\s*[^()\[\]]{{2,40}}                     # (Name Surname/AGENCY), (AP via Getty)
      | (?:{_PICTURE}|credit|pic|courtesy|file|supplied|handout)\b[^()\[\]]{{0,60}}
      | [^()\[\]]{{0,40}}\b(?:getty|alamy|shutterstock|reuters|afp|epa|wire|{_PICTURE})\b[^()\[\]]{{0,30}}
      )\s*[)\]]\s*)+\.?\s*$
    | (?:^|[.”"\s])(?:{_PICTURE}|credit|pic)\s*(?:credit|source|by|courtesy(?:\s+of)?)?\s*[:©/|]\s*[^.!?]{{2,80}}\.?$
    | \b[^\W\d_a-z][\w.'’-]+(?:\s[^\W\d_a-z][\w.'’-]+){{0,3}}\s*/\s*(?:the\s+)?(?:ap|afp|epa|pa|reuters|getty|alamy|anadolu|bloomberg|shutterstock|associated\s+press|pool)\b[\w\s./-]{{0,40}}$
    """,
    re.IGNORECASE | re.VERBOSE,
)  # fmt: skip
_REPORTED_BY = re.compile(
    r"^[(\[]?\s*(?:additional\s+)?(?:reporting|writing|editing|compiled|translated|edited|written)\s+by\b.{3,200}$",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"(?:^|[\s_-])(?:figcaption|caption|captions|photo-?credit|image-?credit|credit|gallery|slideshow|related|recommended|recirc|read-?more|"
    r"readmore|see-?also|newsletter|sign-?up|signup|subscribe|promo|social|share|sharing|advert|advertisement|sponsored|outbrain|taboola|"
    r"most-?read|trending|cookie|breadcrumbs?|author-?bio|comments?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NEVER_INSIDE = {"html", "body", "main", "article"}
_ALWAYS = ("figcaption", "form", "button", "dialog", "select")
MAX_PARAGRAPH = 250
MAX_BLOCK = 1200
"""Characters of a block that may be furniture: a longer one holds the article, whatever its class says."""


def without_blocks(root: Element) -> None:
    """Takes out of the tree what its element or class declares to be furniture; long blocks stay."""
    for element in list(root.iter()):
        if isinstance(element.tag, str) and _is_block(element) and element.getparent() is not None:
            element.drop_tree()


def _is_block(element: Element) -> bool:
    if element.tag in _ALWAYS:
        return True
    said = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in _NEVER_INSIDE or len(said) < 4 or not _BLOCK.search(said):
        return False
    size, most = 0, MAX_PARAGRAPH if element.tag == "p" else MAX_BLOCK
    for part in element.itertext():
        size += len(part)
        if size > most:
            return False
    return True


def is_furniture(line: str) -> bool:
    """Whether a line of the text is a caption, a credit or a prompt."""
    words = line.count(" ") + 1
    if words > MAX_WORDS_OF_CAPTION:
        return False
    return bool(
        _CREDITED.search(line)
        or _REPORTED_BY.match(line)
        or (_PROMPT.match(line) and (words <= MAX_WORDS_OF_PROMPT or _picture_prompt(line)))
    )


def _picture_prompt(line: str) -> bool:
    return bool(
        re.match(rf"^\W*(?:open|view|see|show|click|tap|enlarge)\b.{{0,20}}\b{_PICTURE}\b", line, re.IGNORECASE)
    )
