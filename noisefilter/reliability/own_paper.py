"""Whether a document is a body's own paper: a notice, log, report or statement in which the body speaks for itself.

The first lines tell: one opens with the name of a body and says what paper this is ("Northern Fire Service. Situation report no. 16"), or
names the paper and then the body ("Bulletin of the Hunters' Association"). A masthead, a column or a dateline with an agency in brackets
speaks against it. Where these say nothing, a model of such heads is asked (heads.py). Limit: English names of bodies and papers only.
"""

from __future__ import annotations

import re

from noisefilter.reliability.heads import OWN, chance_of_own_paper
from noisefilter.reliability.scanning import fold
from noisefilter.reliability.vocabulary import words

# What a paper calls itself by which a body speaks.
_OWN_PAPER = re.compile(
    r"""
    \b (?: press \s+ (?: kit | release | statement | notice ) | statement | bulletin | circular | newsletter | notice | notification
      | position \s+ paper | your \s+ questions
      | situation \s+ report | sitrep | (?: annual | final | interim | preliminary | technical | incident | progress | investigation
        | count | status ) \s+ (?: report | finding s? )
      | incident \s+ log | log | extract \s+ from | register | registry | decision | ruling | judge?ment | verdict | results?
        | result \s+ sheet
      | minutes | note \s+ to | note \s+ \d | briefing | communiqu[eé] | fact \s?sheet | data \s?sheet | gazette | memorandum | memo
        | findings?
      | warning | outlook | review | survey | summary | summaries | returns | record s? | certificate | letter \s to | update
      | field \s+ (?: report | notes? ) | half-year | quarter(?:ly)? | trading \s | statistics | protocol | proceedings
      | our \s (?: figures | work | answer s? | position | view )
      | inventory | audit | assessment | advisory | announcement | ordinance | regulation | white \s+ paper | filing | accounts
        | stock \s+ exchange | closing \s+ release
      | report | no\. \s* \d+ | case \s+ (?:no\. \s* )? \d | issued | published \s+ (?:on|by) | table \s+ of
        | record \s+ of | release \s (?: no \. \s? )? \d | (?: daily | weekly | monthly ) \s report | faq | questions \s+ and \s+ answers
      | releases? \s+ (?: of | at | on ) | for \s+ (?:immediate\s+)? release ) \b
    """,
    re.VERBOSE,
)
# The writer of a column, a blog or a news report speaks for nobody.
_PRESS = re.compile(
    r"""
    \b (?: by \s+ our | our \s+ (?:correspondent|reporter|staff|columnist) | columnist | column | blog | fan \s+ page | channel
      | news \s+ (?:agency|desk|service) | wire
      | radio | script | cover \s+ story | correspondent | diary | dear \s+ (?:all|friends?|readers?) | letters? \s+ from
        | web \s+ desk | digest | opinion | editorial
      | magazine | (?: weekly | daily ) \b (?! \s (?: situation \s )? (?: report | bulletin | update | summary | log | return s? ) )
        | thread | posted \s+ by | podcast | vlog | in \s+ (?:two|\d+) \s+ (?:minutes|seconds) | gossip
        | trending | shared | chronicle | tribune | herald
      | observer | mercury | courier | times | at \s+ a \s+ glance ) \b
    | \( [^()\n]{2,40} \) \s* [-–—]                                         # LORVANE, 12 March (Continental Press) -
    """,
    re.VERBOSE,
)
_BODY_NAME = re.compile(
    r"""
    \b (?: office | service s? | bureau | ministry | department | authority | agency | council | court | trust | union | association
      | federation | chamber
      | institute | university | hospitals? | clinic | commission | commissioner | committee | board | bank | local \s \d+ | society
        | register | registry | network | club
      | company | ltd | inc | plc | gmbh | therapeutics | corporation | group | foundation | brigade | police | command | parliament
        | secretariat | inspectorate | directorate
      | observatory | cent(?:re|er) | district | municipality | airport | railways? | parish | school | college | festival | museum
        | coastguard | coast \s guard | navy | army
      | government | administration | operator | exchange | church | diocese | marathon | championship | tournament
        | fire \s and \s rescue | rescue | solicitors | advocates | charity
      | meteorolog\w+ | ambulance | red \s cross | utility | grid | city \s (?: of | hall ) | town \s hall | prefecture | embassy | alliance
      | cooperative | co-op | party | division | laboratory | library | zoo | port | harbour | tribunal | ombudsman | senate | assembly
      | campaign | initiative | relief | aid | holdings? | industries | partners | pharma\w* | airlines? | airways | insurance
      | registrar | secretary | headquarters | staff \s (?: side | council ) | works \s council ) \b
    """,
    re.VERBOSE,
)
# "Bulletin of the Hunters' Association": the paper first, then the body.
_PAPER_OF = re.compile(
    rf"""\b(?: newsletter | bulletin | circular | statement | notice | register | log | organ | communiqu[eé] | release ) \s+ (?: of
      | by | from | on \s behalf \s of ) \s+
      [^.:\n]{{0,40}}? (?: {_BODY_NAME.pattern} )""",
    re.VERBOSE,
)
# Lines in which a paper names itself, and characters of each that are looked at.
_HEAD_LINES, _HEAD = 3, 240
# Characters of the second line in which the press names itself.
_BYLINE = 80
_FIRST_PART = re.compile(r"[^.:—–|(,]+")


def speaks_for_body(text: str) -> bool:
    """Whether a document is a body's own paper, in which figures without a cue are that body's.

    >>> speaks_for_body("National Rail Safety Office — Preliminary bulletin 25-07\\nIssued on March 12.")
    True
    >>> speaks_for_body("Cup night ends in tear gas\\nBy our staff, Monday. The quarter-final was over.")
    False
    """
    lines = text[: _HEAD_LINES * 400].split("\n")[:_HEAD_LINES]
    heads = [fold(line[:_HEAD]) for line in lines]
    if _opens_a_paper(heads[0]) or (len(heads) > 1 and _BODY_NAME.search(heads[0]) and _opens_a_paper(heads[1])):
        return True
    # A masthead may be anywhere in the first line; in the second only a byline or a dateline tells, and stands at its beginning.
    if any(_may_be_press(head) and _PRESS.search(head) for head in (heads[0], *(line[:_BYLINE] for line in heads[1:2]))):
        return False
    return any(map(_names_itself, heads)) or chance_of_own_paper(text) >= OWN


def _may_be_press(line: str) -> bool:
    """A quick look at a line in small letters: none without a bracket or one of these words is of the press."""
    return "(" in line or not _PRESS_WORDS.isdisjoint(_LETTERS.findall(line))


_LETTERS = re.compile("[a-z]+")
_PRESS_WORDS = words(
    """
    our columnist column blog fan channel news wire radio script cover correspondent diary dear letter letters web digest opinion editorial
    magazine weekly daily thread posted podcast vlog minutes seconds gossip trending shared chronicle tribune herald observer mercury
    courier times glance
    """
)


def _names_itself(line: str) -> bool:
    """A line in small letters that opens with a body's name and says what paper this is."""
    first = _FIRST_PART.match(line)
    if first is None or len(first[0].split()) > _NAME_WORDS:
        return False
    return bool(_BODY_NAME.search(first[0]) and _OWN_PAPER.search(line)) or bool(_PAPER_OF.search(line))


# A part of the first line that says what paper this is, whoever issues it: "Norhavn Launch. Statement on flight 4".
_PAPER_PART = re.compile(
    r"""
    (?: ^ | [.:—–|,;] [ ] ) (?: press \s (?: release | statement | information ) | to \s (?: the \s press | our \s \w+ )
      | statement \s (?: on | of | to | by )
      | bulletin \s (?: no | of | on | for ) | circular \s (?: to | no | of ) | communiqu[eé] | notice \s (?: to | of | no )
      | (?: [a-z]+ \s ){0,2} letter \s to | information \s (?: on | for | about ) | situation \s (?: report | on | in | at )
      | [^.:—–|,;]{0,40} \b (?: summary | report | submission | briefing ) \s (?: for | to ) \s the
      | (?: [a-z]+ \s )? (?: report | release | update | bulletin | summary | circular | notice ) \s (?: no \. \s? )? \d+ ) \b
    """,
    re.VERBOSE,
)


def _opens_a_paper(line: str) -> bool:
    """A first line in small letters that opens with a name and goes on with what paper this is."""
    first = _FIRST_PART.match(line)
    return bool(first and len(first[0].split()) <= _NAME_WORDS and _PAPER_PART.search(line) and not _PRESS.search(line))


# Words of a body's name, and what stands before it in its line ("Statement by the …").
_NAME_WORDS = 10
