"""One document → the offices it gives to its people, and where it gives one person two that cannot both be held.

A role is a title before a name ("Deputy commander Thandi Roark", "former chairman Belliappa") or after it ("Thandi Roark, the incident
commander"). People are told apart by surname. Two mentions clash when one says the person holds an office and the other that they once did,
or hold it as a deputy, or when the offices are two of which a person holds one at a time (president, minister, chairman, chief executive).

Limit: a text that tells of a promotion names both offices too; where a word of change stands near ("was promoted", "until 2022",
"then") nothing is said.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from noisefilter.records import Contradiction
from noisefilter.reliability.scanning import has_any, matches_at
from noisefilter.reliability.vocabulary import words

# Longer offices before the words they begin with.
_OFFICE = r"""(?: vice-president | president | prime\ minister | minister | chancellor | premier | governor | mayor | chairman
  | chairwoman | chairperson | chair
  | chief\ executive | chief\ financial\ officer | ceo | cfo | director\ general | managing\ director | director | general\ secretary
    | secretary\ general | secretary
  | commissioner | commander | captain | chief | head | inspector | superintendent | prefect | coroner | judge | ambassador | spokesman
    | spokeswoman
  | treasurer | rector | principal | editor | manager | coach | leader | speaker | senator | king | queen | administrator | registrar
  | harbou?r\ master | warden | engineer | investigator | surgeon | general | colonel | major | lieutenant | sergeant | archbishop
    | bishop | producer | prosecutor | magistrate | curator | constable )"""
# What tells one director, secretary or officer from another.
_BRANCH = (
    r"(?P<branch{n}>finance|financial|sales|marketing|commercial|technical|operations|medical|sporting|artistic|musical|research|legal)"
)
_STANDING = r"(?P<standing{n}>former|ex-?|late|then|acting|interim|deputy|vice|assistant|outgoing|incoming|designate|junior)"
_NAME = r"(?P<name{n}>(?:(?:[A-Z]\.|[A-Z][\w’'\-]*)[ \u00a0]+){{0,3}}[A-Z][\w’'\-]+)"
_BEFORE = re.compile(
    rf"""
    # former US …, deputy incident …
    \b (?: (?i: {_STANDING.format(n=1)} ) [\s\-]+ (?: (?:[A-Z]{{2,3}} | [A-Z]\w+) \s+ )? (?: [a-z’'\-]+ \s+ ){{0,2}}? )?
    (?: \b {_BRANCH.format(n=1)} \s+ )?
    (?P<office1> (?i: {_OFFICE} ) ) (?: ,? \s+ (?:Mr|Mrs|Ms|Dr|Sir|Prof)\.? )?
        (?: \s+ | , \s+ (?=(?:[A-Z][\w’'\-]+[ ])?[A-Z][\w’'\-]+,) ) {_NAME.format(n=1)}
    """,
    re.VERBOSE,
)
_AFTER = re.compile(
    rf"""
    {_NAME.format(n=2)} , \s+ (?: (?: (?i: the | our | its | their | a )
      | (?: [A-Z][\w&\-]* [ ] ){{0,2}} [A-Z][\w&\-]*(?:[’']s|s[’']) ) \s+ )?
    (?i: (?: [a-z’'\-]+ \s+ ){{0,3}}? {_STANDING.format(n=2)} \s* )? (?i: (?: [a-z’'\-]+ \s+ ){{0,2}}? )
    (?: \b {_BRANCH.format(n=2)} \s+ )? \b (?P<office2> (?i: {_OFFICE} ) ) \b
    """,
    re.VERBOSE,
)
_CHANGED = re.compile(
    r"\b(?:promoted|appointed|(?:became|becomes)(?!\s+(?:the\s+)?(?:first|second|third|\w+th)\b)|until\s+(?:\w+\s+)?(?:(?:19|20)\d\d|last|this|recently|he|she)|succeed\w*|replaced?|replacing"
    r"|(?<!should\s)(?<!must\s)(?<!to\s)(?<!not\s)(?<!will\s)resign\w*|stepped|took\s+over"
    r"|handed\s+over|previously|elected|stood\s+in|stands\s+in|"
    r"who\s+(?:was|had\s+been|left)\b|left\s+(?:the|his|her)\s+(?:job|post|office)|no\s+longer|was\s+once|years?\s+ago|before\s+that)\b",
    re.IGNORECASE,
)
_PAST = frozenset(("former", "ex", "late", "outgoing"))
_LOWER = frozenset(("deputy", "vice", "assistant", "junior", "acting", "interim"))
# Offices of which a person holds one at a time, where nothing else is said.
_SINGLE = (
    frozenset(("chief executive", "ceo", "managing director")),
    frozenset(("chairman", "chairwoman", "chairperson", "chair")),
    frozenset(("chief financial officer", "cfo", "treasurer")),
    frozenset(("prime minister", "premier")),
    *(
        frozenset((office,))
        for office in (
            *(
                "mayor",
                "governor",
                "minister",
                "ambassador",
                "prefect",
                "judge",
                "magistrate",
                "prosecutor",
                "coroner",
                "editor",
                "producer",
            ),
            *("director", "coach", "captain", "rector", "curator", "general secretary", "archbishop", "bishop", "surgeon"),
            *("finance director", "sales director", "marketing director", "technical director", "operations director"),
            *("medical director", "sporting director", "artistic director", "research director", "commercial director"),
        )
    ),
    *(frozenset((rank,)) for rank in ("general", "colonel", "major", "lieutenant", "sergeant", "inspector", "superintendent", "constable")),
    frozenset(("spokesman", "spokeswoman")),
)


@dataclass(frozen=True, slots=True)
class Role:
    """A person's office as one place of the text gives it; `given` is the first name, "" where none stands there."""

    name: str
    office: str
    standing: str
    start: int
    end: int
    given: str = ""


# Words that a role has: the first of an office, or what stands before it.
ROLE_SIGNS = words(
    """
    former ex late then acting interim deputy vice assistant outgoing incoming designate junior
    finance financial sales marketing commercial technical operations medical sporting artistic musical research legal
    president prime minister chancellor premier governor mayor chairman chairwoman chairperson chair chief ceo cfo director managing
    general secretary commissioner commander captain head inspector superintendent prefect coroner judge ambassador spokesman spokeswoman
    treasurer rector principal editor manager coach leader speaker senator king queen administrator registrar harbor harbour warden
    engineer investigator surgeon colonel major lieutenant sergeant archbishop bishop producer prosecutor magistrate curator constable
    """
)


def read_roles(text: str, places: Sequence[int] | None = None) -> list[Role]:
    """The offices that a text gives to people, in order; `places` are those of `ROLE_SIGNS`, where they are known.

    >>> text = "Former chairman R. Belliappa spoke. Thandi Roark, the commander, left."
    >>> [(role.name, role.standing, role.office) for role in read_roles(text)]
    [('Belliappa', 'former', 'chairman'), ('Roark', '', 'commander')]
    """
    before = _BEFORE.finditer(text) if places is None else matches_at(_BEFORE, text, places)
    after = _AFTER.finditer(text) if places is None else matches_at(_AFTER, text, _names_before(text, places))
    found = [_role(match, "1") for match in before] + [_role(match, "2") for match in after]
    if has_any(text, ("charge", "command")):
        found += [Role(match["name"].split()[-1], IN_CHARGE, "", match.start(), match.end()) for match in _IN_CHARGE.finditer(text)]
    return sorted(found, key=lambda role: (role.start, role.end))


def _names_before(text: str, places: Sequence[int]) -> Iterator[int]:
    """Where a name may begin that has a comma behind it and then, without another comma, one of the places."""
    commas = [match.start() for match in _COMMA.finditer(text)] if places else []
    last = {bisect_right(commas, place) - 1 for place in places} - {-1}
    for number in sorted(last):
        begin = text.rfind("\n", commas[number - 1] if number else 0, commas[number])
        for match in _CAPITAL.finditer(text, max(begin, commas[number - 1] if number else 0), commas[number]):
            yield match.start()


_COMMA, _CAPITAL = re.compile(","), re.compile("[A-Z]")


# "The lady in charge is Thandi Roark": an office without its title.
IN_CHARGE = "in charge"
_IN_CHARGE = re.compile(rf"\bin\s+(?:overall\s+)?(?:charge|command)\s+(?:is|was)\s+{_NAME.format(n='')}")


def _role(match: re.Match[str], n: str) -> Role:
    standing = (match[f"standing{n}"] or "").lower().rstrip("-")
    *given, name = match[f"name{n}"].split()
    branch = (match[f"branch{n}"] or "").lower().replace("financial", "finance")
    office = f"{branch} {match[f'office{n}'].lower()}"
    first = next((word for word in given if word.rstrip(".") not in _TITLES), "")
    return Role(
        name.removesuffix("’s").removesuffix("'s"), " ".join(office.split()), standing, match.start(), match.end(), first.rstrip(".")
    )


_TITLES = frozenset(("Mr", "Mrs", "Ms", "Miss", "Dr", "Prof", "Sir", "Dame", "Lady", "Lord", "Professor", "Doctor"))


def check_roles(text: str, document_id: str, places: Sequence[int] | None = None) -> Iterator[Contradiction]:
    """Every person to whom a document gives two offices that cannot both be held."""
    by_name: dict[str, list[Role]] = defaultdict(list)
    everyone = read_roles(text, places)
    yield from _check_former(text, document_id, everyone)
    for role in everyone:
        by_name[role.name].append(role)
    for roles in by_name.values():
        alike: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, role in enumerate(roles):
            alike[role.office, role.standing].append(number)
        for number, one in enumerate(roles):
            others = [numbers for numbers in alike.values() if numbers[-1] > number and _clash(one, roles[numbers[0]])]
            other = roles[min(numbers[bisect_right(numbers, number)] for numbers in others)] if others else None
            if (
                other
                and not _CHANGED.search(text[max(0, one.start - 60) : one.end + 80])
                and not _CHANGED.search(text[max(0, other.start - 60) : other.end + 80])
            ):
                yield _contradiction(text, document_id, one, other)
                break


# "The president of the United States", "the chairman will sign": an office without a name, held now.
_HELD = re.compile(
    rf"""\b [Tt]he \s+ (?P<office> (?i: {_OFFICE} ) ) (?: \s+ of \s+ (?:the\s+)? (?P<country> [A-Z]\w+ (?: \s+ [A-Z]\w+ )? ) )?
      \s+ (?P<verb> will | is | has | believes? | says? | wants? | mentions? | plans? | does ) \b""",
    re.VERBOSE,
)
_QUALIFIER = re.compile(r"\b(?:former|ex)[\s-]+(?P<country>[A-Z][\w.]+)\s", re.IGNORECASE)
_COUNTRIES = {
    "us": "united states",
    "u.s.": "united states",
    "american": "united states",
    "uk": "united kingdom",
    "british": "united kingdom",
}
# Characters between a former holder and "the" holder of the office, where no country ties them.
_NEXT_TO = 120


def _check_former(text: str, document_id: str, roles: Sequence[Role]) -> Iterator[Contradiction]:
    """Somebody is called a former holder, and then the one who holds the office, without another name for it."""
    formers = [role for role in roles if role.standing in ("former", "ex")]
    held_by: dict[str, list[re.Match[str]]] = defaultdict(list)
    for match in _HELD.finditer(text) if formers else ():
        held_by[match["office"].lower()].append(match)
    holders: dict[str, set[str]] = defaultdict(set)
    for role in roles if held_by else ():
        holders[role.office].add(role.name)
    for role in formers:
        if role.office not in held_by:
            continue
        qualifier = _QUALIFIER.search(text[role.start : role.end])
        country = _country(qualifier["country"]) if qualifier else ""
        others = len(holders[role.office]) > 1
        for match in held_by[role.office]:
            same_country = bool(country and match["country"] and _country(match["country"])[:4] == country[:4])
            next_to = not match["country"] and not others and 0 < match.start() - role.end < _NEXT_TO
            if same_country or next_to:
                held = Role(role.name, role.office, "", match.start(), match.end())
                yield _contradiction(text, document_id, role, held)
                return


def _country(name: str) -> str:
    return _COUNTRIES.get(name.lower(), name.lower())


def _clash(one: Role, other: Role) -> bool:
    if one.given and other.given and not (one.given.startswith(other.given) or other.given.startswith(one.given)):
        return False
    if one.office == other.office:
        return (one.standing in _PAST) != (other.standing in _PAST) or (one.standing in _LOWER) != (other.standing in _LOWER)
    if IN_CHARGE in (one.office, other.office):
        return one.standing in _LOWER or other.standing in _LOWER
    if one.standing or other.standing:
        return False
    first = next((offices for offices in _SINGLE if one.office in offices), None)
    second = next((offices for offices in _SINGLE if other.office in offices), None)
    return first is not None and second is not None and first is not second


def _contradiction(text: str, document_id: str, one: Role, other: Role) -> Contradiction:
    kind = "former_vs_current" if (one.standing in _PAST) != (other.standing in _PAST) else "role_changed"
    said = [f"“{' '.join(text[role.start : role.end].split())}”" for role in (one, other)]
    return Contradiction(document_id, (one.start, one.end), (other.start, other.end), kind, f"{said[0]}, but {said[1]}.", 0.7)
