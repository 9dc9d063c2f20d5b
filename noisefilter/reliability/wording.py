"""Words → what they mean for matching: stems, and concepts under which different words for one thing meet.

"12 people were killed", "the toll: 12" and "12 fatalities" share no word; `CONCEPTS` puts them under one name. The table holds
words that reports of all kinds use for what they count (people, harm, movement, money, buildings, vehicles, change), no names.
Limit: English only, one sense a word; the statistics of matching (see matching.py) have to carry the rest.
"""

from __future__ import annotations

import re
from functools import lru_cache

from noisefilter.reliability.vocabulary import words

WORD = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")

STOPWORDS = words(
    """
    a about above after again against all almost already also although always am among an and another any anyone are around
    as at away back be because been before being below between both but by came can come could did do does doing done down
    during each either else even ever every everybody everyone few for from further get gets getting give given go goes gone
    got had has have having he hence her here hers herself him himself his how however i if in indeed instead into is it its
    itself just last later least less like made make makes making many may me might mine more most much must my myself near
    nearly neither never next no nobody none nor not nothing now of off on once one only onto or other others our ours out
    over own past per perhaps put puts quite rather really roughly said same say saying says seem seems shall she should
    since so some somebody someone something still such take taken takes than that the their them themselves then there
    therefore these they thing things this those though through thus till to together too took toward towards under until up
    upon us used very via was we well went were what when where whether which while who whole whom whose why will with
    within without would yet you your yours according told told tells tell added adds approximately exactly mr mrs ms dr
    prof sir
    """
)

# Concept: the words that stand for it, as words.
CONCEPTS: dict[str, str] = {
    "death": "dead death die kill killed fatality fatal deceased casualty perish lose-life body corpse slay murder martyr victim mortality",
    "injury": "injure injured injury wound wounded hurt treat treated treatment harm burn casualty patch maim",
    "missing": "missing unaccounted disappear vanish untraced lost",
    "arrest": "arrest detain detained detention custody held hold apprehend",
    "charge": "charge indict prosecute accused",
    "hospital": "hospital clinic ward hospitalise hospitalize admit infirmary bed",
    "critical": "critical critically intensive danger",
    "evacuation": "evacuate evacuation evacuee flee displace displaced leave shelter order homeless refuge refugee",
    "rescue": "rescue save pull survivor survive",
    "person": "people person persons human individual man woman men women inhabitant resident soul citizen head folk",
    "population": "population inhabitant resident inhabitants citizen",
    "child": "child kid children minor boy girl youth teenager underage eighteen youngster",
    "soldier": "soldier troop military serviceman personnel fighter",
    "police": "police officer policeman policewoman cop constable",
    "fire_crew": "firefighter fireman brigade crew",
    "worker": "worker employee staff labourer laborer labour labor workforce job docker hand miner post payroll personnel workman",
    "member": "member membership",
    "passenger": "passenger traveller traveler rider aboard board",
    "patient": "patient participant volunteer subject",
    "pupil": "pupil student candidate schoolchild learner examinee",
    "school": "school college academy",
    "visitor": "visitor guest attend attendance attendee audience spectator crowd fan supporter follower",
    "runner": "runner finisher starter entrant athlete competitor racer",
    "household": "household family",
    "home": "home house dwelling residence unit flat apartment property",
    "building": "building structure",
    "shop": "shop store branch outlet",
    "ship": "ship vessel boat tanker freighter",
    "container": "container box teu",
    "car": "car coach carriage wagon vehicle bus",
    "train": "train rail railway railroad locomotive",
    "aircraft": "aircraft plane jet helicopter",
    "airstrike": "airstrike strike bombing bombardment raid missile attack shell shelling bomb",
    "strike": "strike stoppage walkout agitation",
    "bird": "bird",
    "film": "film movie picture title",
    "ticket": "ticket seat entry",
    "computer": "computer machine workstation server system terminal pc laptop",
    "record": "record file data",
    "turbine": "turbine generator",
    "price": "price cost costs expense tag bill pay-for",
    "wage": "wage pay salary hourly",
    "revenue": "revenue sale sales turnover takings income",
    "profit": "profit earnings surplus",
    "loss": "loss lose damage deficit",
    "debt": "debt owe liability owed liabilities loan bond",
    "asset": "asset assets worth holding",
    "fine": "fine fined penalty sanction",
    "ransom": "ransom demand",
    "fund": "fund money funding grant aid budget finance financing",
    "offer": "offer offered propose proposal table",
    "demand": "demand demanded ask asked want claim seek",
    "agreement": "agreement deal settle settlement accord agree agreed",
    "rise": "rise rose risen increase increased grow grew growth gain up raise raised jump surge climb climbed soar double doubled triple",
    "fall": "fall fell fallen decrease decline drop dropped reduce reduction cut shrink down lower dip slump plunge halve halved",
    "share": "share proportion percentage percent part ratio rate portion",
    "average": "average mean typical median",
    "record_high": "record highest peak maximum max largest biggest most top fullest",
    "minimum": "minimum lowest least smallest fewest",
    "total": "total altogether overall sum combined all",
    "speed": "speed mph km/h fast knots velocity pace going",
    "limit": "limit limited posted maximum threshold cap capped zone",
    "capacity": "capacity room hold built seat space",
    "height": "height high tall crest elevation",
    "length": "length long stretch span",
    "depth": "depth deep",
    "width": "width wide broad breadth",
    "area": "area acre hectare surface square extent cover burned burnt land",
    "level": "level gauge stage crest mark",
    "rain": "rain rainfall precipitation downpour shower",
    "wind": "wind gust",
    "temperature": "temperature degree celsius fahrenheit heat warm cold",
    "water": "water reservoir lake river flow discharge",
    "oil": "oil crude fuel barrel diesel petroleum",
    "spill": "spill leak escape discharge spilled leaked slick",
    "power": "power electricity output megawatt grid energy generation produce production",
    "outage": "outage blackout disconnected unpowered",
    "duration": "duration last lasted lasting hour minute second day week month year",
    "delay": "delay late delayed behind postponed postpone retarded",
    "age": "age aged old oldest youngest",
    "service": "service serve served career",
    "vote": "vote ballot poll voter turnout",
    "response": "respond response replied reply questionnaire answer",
    "absent": "absent absence out away stayed",
    "vacant": "vacant empty unoccupied standing-empty",
    "alone": "alone single singles one-person living-alone",
    "pass": "pass passed passing",
    "failure": "fail failed failing failure",
    "grade": "grade mark score",
    "closure": "close closed closure shut shutdown reopen",
    "insolvency": "insolvency insolvent bankrupt bankruptcy administration protection failure",
    "placebo": "placebo dummy sugar",
    "side_effect": "side-effect adverse nausea",
    "accident": "accident crash derailment derail collision disaster catastrophe",
    "fire": "fire blaze wildfire bushfire burn burned burnt flame",
    "flood": "flood flooding inundation deluge flooded",
    "quake": "earthquake quake tremor aftershock magnitude",
    "explosion": "explosion blast detonation explode detonate",
    "meeting": "meeting talk talks session round negotiation",
    "first": "first",
    "month": "month monthly",
    "register": "register registered roster rostered roll",
    "donation": "donation donate donated donor gift giving",
    "breach": "breach hack attack intrusion ransomware",
    "affected": "affected hit impacted struck touched",
    "contain": "contain contained containment control held edge perimeter secured safe rim",
    "claim_paid": "compensation compensate payout payment paid pay settle draw",
}

_SUFFIXES = (
    ("ies", "y"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
    ("xes", "x"),
    ("ss", "ss"),
    ("us", "us"),
    ("is", "is"),
    ("s", ""),
)
_IRREGULAR = {
    "people": "people", "men": "man", "women": "woman", "children": "child", "died": "die", "dying": "die", "dies": "die",
    "lives": "life", "lost": "lose", "lay": "lie", "found": "find", "paid": "pay", "sold": "sell", "held": "hold", "fell": "fall",
    "rose": "rise", "risen": "rise", "grew": "grow", "grown": "grow", "fallen": "fall", "left": "leave", "fled": "flee", "took": "take",
    "hours": "hour", "species": "species", "police": "police", "news": "news", "series": "series", "buses": "bus", "gases": "gas",
    "became": "become", "began": "begin", "went": "go", "came": "come", "won": "win", "wrote": "write", "spoke": "speak", "knew": "know",
    "burnt": "burn", "shut": "shut", "cost": "cost", "boxes": "box", "halves": "half", "leaves": "leave", "wives": "wife",
    "houses": "house",
    "cases": "case", "nurses": "nurse", "horses": "horse", "licences": "licence", "prices": "price", "losses": "loss", "axes": "axe",
}  # fmt: skip


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A word without its inflection and last e, roughly: enough that two forms of one word meet.

    >>> [stem(word) for word in ("Houses", "killed", "injuries", "stopped", "bus", "Isaac's")]
    ['hous', 'kill', 'injury', 'stop', 'bus', 'isaac']
    """
    word = word.lower().replace("’", "'")
    word = word.removesuffix("'s").rstrip("'")
    if word in _IRREGULAR:
        return _without_verb_ending(_IRREGULAR[word])
    if len(word) > 3:
        for suffix, ending in _SUFFIXES:
            if word.endswith(suffix):
                word = word[: len(word) - len(suffix)] + ending
                break
    return _without_verb_ending(word)


def _without_verb_ending(word: str) -> str:
    for suffix in ("ing", "ed", "e"):
        rest = word.removesuffix(suffix)
        if rest == word or len(rest) < 3 or not any(vowel in rest for vowel in "aeiouy"):
            continue
        doubled = len(rest) > 3 and rest[-1] == rest[-2] and suffix != "e" and rest[-1] not in "ls"
        return rest[:-1] if doubled else rest
    return word


_CONCEPT_OF: dict[str, tuple[str, ...]] = {}
for _concept, _words in CONCEPTS.items():
    for _word in _words.split():
        for _form in {_word, stem(_word)}:
            if _concept not in _CONCEPT_OF.get(_form, ()):
                _CONCEPT_OF[_form] = (*_CONCEPT_OF.get(_form, ()), _concept)


def concepts(word: str) -> tuple[str, ...]:
    """The concepts a stem stands for, or none.

    >>> concepts("fatality"), concepts("kettle")
    (('death',), ())
    """
    return _CONCEPT_OF.get(word, ())


def stems(text: str) -> list[str]:
    """The stems of a text's words, without the words that say nothing about a claim.

    >>> stems("At least 12 civilians were killed in the strikes on Kyiv")
    ['civilian', 'kill', 'strik', 'kyiv']
    """
    return [stem(word) for word in WORD.findall(text) if word.lower() not in STOPWORDS]
