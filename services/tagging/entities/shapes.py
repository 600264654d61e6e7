"""What a name's own words say it is, and which capitals begin no name."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from services.tagging.months import CALENDAR

UPPER = "A-ZÀ-ÖØ-ÞĀŁŚŠŽČİĐ"
INNER = r"of|the|for|and|de|da|do|del|della|di|du|la|le|al|el|bin|bint|ibn|von|van|der|den|ul|e|y|en|on"
RUN = re.compile(
    rf"(?<![\w@#])(?:(?:al|el|an|ash|as)-)?[{UPPER}](?:\.[{UPPER}])*\.?[\w'’]*(?:[-&][\w'’]+)*"
    rf"(?:[ \u00a0](?:(?:{INNER}) ){{0,2}}(?:(?:al|el|an|ash|as)-)?[{UPPER}](?:\.[{UPPER}])*\.?[\w'’]*(?:[-&][\w'’]+)*)*"
)
WORDS = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8"))
SMALL, TITLES = frozenset(WORDS["small"]), frozenset(WORDS["titles"])
DAYS = CALENDAR | frozenset(WORDS["feasts"])
PERSON_TITLES = TITLES - frozenset(WORDS["parts_of_titles"])
ORGANISATION = re.compile(
    r"\b(?:Party|Ministry|Force|Forces|Army|Navy|Air Force|Police|Parliament|Congress|Senate|House of|Assembly|Court|University|College|Agency|Commission|"
    r"Council|Corporation|Corp|Company|Co|Inc|Ltd|LLC|PLC|Group|Bank|Federation|Association|Brigade|Brigades|Front|Movement|Guard|Guards|Airlines|"
    r"Airways|Authority|Committee|Organi[sz]ation|Bureau|Coalition|Alliance|Foundation|Institute|Service|Services|Society|Militia|Cartel|F\.?C\.?|"
    r"Union|League|Fund|Office|Department|Administration|Times|Post|News|Journal|Press|Tribune|Herald|Network|Television|Radio|Reuters|Center|Centre|"
    r"School|Hospital|Church|Club|Board|Trust|Enterprises?|Industries|Holdings?|Systems|Technologies|Energy|Petroleum|Motors|Media|Studios|Records|"
    r"Democrats|Republicans|Conservatives|Liberals|Labour|Greens|Tories|Socialists|Communists|Nationalists|Workers|Teachers|Resistance|"
    r"Command|Corps|Regiment|Battalion|Division|Directorate|Secretariat|Tribunal|Embassy|Chamber|Conference|Initiative|Project|Campaign|Partnership|"
    r"Observatory|Consortium|Syndicate|Company|Exchange|Reserve|Treasury)\b"
)
PLACE = re.compile(
    r"\b(?:Province|Oblast|Governorate|District|County|Prefecture|Region|State|Raion|Municipality|Territory|Island|Islands|River|Lake|Sea|Ocean|"
    r"Strait|Straits|Gulf|Peninsula|Mountains?|Valley|Airport|Base|Desert|Bay|City|Street|Road|Avenue|Square|Bridge|Park|Coast|Beach|Hills?|Heights|Creek|"
    r"Canyon|Forest|Falls|Harbou?r|Village|Town|Square|Border|Strip|Highway|Camp|Crossing|Canal)$|^(?:Mount|Lake|Port|Cape|Fort|Gulf of|Strait of|Bay of|Port of|Isle of|River|North|South|East|West|Northern|"
    r"Southern|Eastern|Western|Central|Saint|St\.?|New|San|Santa|Los|Las|El) "
)
EVENT = re.compile(
    r"\b(?:War|Cup|Championships?|Olympics?|Games|Prize|Award|Awards|Act|Treaty|Agreement|Accords?|Protocol|Convention|Day|Bowl|Open|Prix|Festival|Summit|Election|Revolution|Battle|"
    r"Amendment|Bill|Law|Resolution|Constitution|Crisis|Week|Month|Year|Century|Street Journal Poll|Deal|Plan|Code|Act of|Holocaust|Covid|COVID)\b"
)
PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|from|to|of|across|around|outside|inside|toward|towards|into|through|over|northern|southern|eastern|western|central|northeastern|southeastern|northwestern|southwestern|downtown) (?:the )?$",
    re.IGNORECASE,
)
CITY_BEFORE = re.compile(
    r"\b(?:town|city|village|capital|province|region|port|district|suburb|county|island|state|airport|settlement|neighbou?rhood|strip) of (?:the )?$",
    re.IGNORECASE,
)
SPEECH_AFTER = re.compile(
    r"^(?:,[^,]{3,60},)? ?(?:said|says|told|added|tweeted|wrote|announced|argued|warned|insisted|called|vowed|asked|explained|met|visited|resigned|spoke|was born|died)\b"
)
ACRONYM = re.compile(r"^[A-Z][A-Z0-9&]{1,6}$")
FIRST_NAME_INITIAL = re.compile(r"^[A-Z]\.$")
