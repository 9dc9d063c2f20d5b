"""Who says so: the attribution of what a sentence states.

`quote`: the words stand inside quotation marks. `named`: a person, body or paper that could be asked gives them ("the coroner said",
"per the yearbook"), in this sentence or in a neighbour tied to it. `vague`: somebody who could not be asked ("experts", "we hear").
`none`: the writer's own voice. A document that is a body's own notice, log or report speaks for that body: its own voice is `named`.

Limit: a lexicon of reporting verbs and of vague sources, English only. Reported speech that runs over several sentences without a cue
is read as the writer's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUOTE, NAMED, VAGUE, NONE = "quote", "named", "vague", "none"

_VERB = r"""(?: sa(?:id|ys?) | told | tells? | stated? | states | add(?:s|ed) | announce[sd]? | confirm(?:s|ed)? | report(?:s|ed)? | writes? | wrote
  | estimate[sd]? | reckon(?:s|ed)? | count(?:s|ed)? | put(?:s)? | claim(?:s|ed)? | recall(?:s|ed)? | explain(?:s|ed)? | note[sd]?
  | insist(?:s|ed)? | admit(?:s|ted)? | warn(?:s|ed)? | show(?:s|ed|n)? | reveal(?:s|ed)? | find(?:s)? | found | record(?:s|ed)?
  | list(?:s|ed)? | declare[sd]? | calculate[sd]? | believe[sd]? | argue[sd]? | think(?:s)? | thought | cite[sd]? | testif(?:y|ies|ied)
  | expect(?:s|ed)? | give[sn]? | gave | holds? | publish(?:es|ed)? | establish(?:ed|es)? | acknowledge[sd]? | suggest(?:s|ed)?
  | indicate[sd]? | describe[sd]? | quote[sd]? | maintain(?:s|ed)? | conclude[sd]? | assess(?:es|ed)? | predict(?:s|ed)? | forecasts? )"""

# Verbs that report and seldom do anything else; the others count only after a name or a body.
_SURE_VERB = r"""(?: said | says | told | stated | announced | confirmed | reported | estimates? | reckons? | claims? | claimed | recalled | explained
  | insisted | insists | admitted | admits | warned | noted | declared | argued | argues | acknowledged | wrote | writes | calculated | believes? )"""

_VAGUE_SOURCE = r"""(?: (?: (?: some | many | most | several | leading | independent | security | market | industry | legal | medical | local | military
      | political | financial | economic | technical | diplomatic | western | senior | unnamed | anonymous | well-placed | reliable | informed
      | various | other | certain | top | our | the ) \s+ )*
    (?: experts? | analysts? | observers? | insiders? | economists | scientists | researchers | specialists | critics | commentators | pundits
      | sources? (?! \s*: ) | witness(?:es)? | eyewitness(?:es)? | locals | neighbou?rs | residents | users | posts? | rumou?rs? | reports
      | veterans | engineers | doctors | lawyers | historians | studies | research | statistics | surveys | social\ media | agents | dealers | brokers | everyone | everybody
      | [a-z]+\ firms | circles | activists | campaigners | officials\ close | onlookers | forecasters | traders | calculations ) )"""

VAGUE_CUE = re.compile(
    rf"""
    \b {_VAGUE_SOURCE} (?: ,? \s+ (?:in|at|of|from|close\ to|near|on|around|with|who) \s+ [\w\s]{{1,30}}? ,? )? \s
      (?: now\ | also\ | have\ | has\ | had\ | all\ | already\ )? (?: {_VERB} | agrees? | speaks? | sees? | fears? | whispers? | suspects? | hints? | likes?\ to\ say ) \b # experts say
    | (?<!\d\s) \b (?: some | many | most | local | ordinary )? \s* people (?: \s+ (?:who|in|on|close|here|there) \s+ [\w\s]{{1,25}}? )? \s+ (?: say | tell | claim | speak | reckon | whisper ) \b
    | {_SURE_VERB} \s+ {_VAGUE_SOURCE} \b                                                        # said insiders
    | \b (?: according\ to | per | from | by ) \s+ {_VAGUE_SOURCE} \b                             # according to experts
    | \b we \s+ (?: hear | are\ told(?!\ by) | understand | have\ (?:heard|learned) | gather | believe ) \b   # we hear
    | \b (?: i | you ) \s+ (?: hear | heard | am\ told | was\ told | have\ heard ) \b
    | \b (?: it \s+ is \s+ | are \s+ | is \s+ | were \s+ | was \s+ )
      (?: widely\ |now\ |generally\ |also\ )? (?: said | believed | thought | rumou?red | reported | understood | claimed | alleged | whispered ) \b (?!\ by)
    | \b (?: reportedly | allegedly | supposedly | apparently | rumou?r(?:s|ed)? | hearsay | word \s+ is | they \s+ say | people \s+ say
      | some \s+ say | many \s+ say | so \s+ they \s+ say | it \s+ is \s+ (?: widely \s+ )? (?: estimated | (?:well\s+)? known | assumed ) | as \s+ is \s+ well \s+ known | everybody \s+ knows | everyone \s+ knows | it \s+ seems | the \s+ talk \s+ of
      | unconfirmed | insider | leaked | our \s+ sources? | sources? \s+ close | a \s+ source | one \s+ insider | a \s+ friend | studies | research ) \b
    | \b (?: a | an | one ) \s+ (?: [a-z\-]+ \s+ ){{0,2}} (?: insider | source | expert | observer | analyst | veteran | neighbou?r | witness | user ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)

# A name: one or more capitalised words, or initials.
_NAME = r"""(?: (?: [A-Z][\w’'\-]* \.? | [A-Z]\. ) (?: \s+ (?: (?: of | the | and | for | de | van | von | der | & ) \s+ ){0,2} [A-Z][\w’'\-]*\.? )* )"""
# People and bodies that can be asked though no name is given in the sentence.
_BODY = r"""(?: (?: polic | author | administ | officials? | office | minist | agency | agencies | bureau | department | council | court | coroner
    | committee | commission | company | firm | bank | union | association | federation | trust | board | chamber | service | hospital | clinic
    | university | institute | institution | laborator | observator | navy | army | military | coastguard | coast\ guard | government | cabinet
    | parliament | inspector | prosecutor | mayor | governor | minister | president | chair | director | manager | secretary | spokes | chief
    | commissioner | commander | captain | master | officer | judge | jury | doctor | professor | surveyor | engineer | operator | organis | organiz
    | report | log | register | petition | notice | statement | record | figures | data | survey | census | yearbook | minutes | prospectus | audit
    | study | paper | release | bulletin | circular | filing | table | accounts | map | document | agreement | order | ruling | gauge | desk
    | weather | met\ office | station | registry | authority | operator | owner | club | party | charity | foundation | society | regulator
    | insurer | airline | railway | port | school | festival | museum | family | widow | mother | father | sister | brother | driver | pilot | treasurer
    | clerk | curator | ranger | warden | foreman | nurse | midwife | farmer | priest | editor | author | photographer | coach | referee
    | brigade | embassy | delegation | envoy | negotiator | mediator | monitor | UN | Red\ Cross ) [\w’'\-]* )"""

_NAMED_CUE = re.compile(
    rf"""
    \b [Aa]ccording \s+ to \b
    | \b (?: [Aa]s \s+ per | [Pp]er ) \s+ (?: the \s+ )? (?: {_NAME} | {_BODY} )            # per the yearbook
    | \b (?: [Bb]y | [Oo]n | [Ii]n ) \s+ (?: her | his | its | their ) \s+ (?: own \s+ )? (?: account | count | estimate | reckoning | figures? | words | telling )
    | (?: (?i: {_BODY} ) | {_NAME} | \b[Hh]e | \b[Ss]he | \b[Ww]ho ) ,? \s+
      (?: (?: also | now | later | then | has | have | had | since | still | only | himself | herself | itself | [\w]+ly ) \s+ ){{0,3}} {_VERB} \b
    | {_SURE_VERB} \s+ (?: the\ |its\ |their\ |his\ |her\ |a\ |an\ |Dr\ |Mr\ |Ms\ )? (?: [\w’'\-]+\ ){{0,6}}? (?: {_NAME} | (?i: {_BODY} ) )     # said the trade union secretary
    | , \s+ (?: (?: the | its | his | her | their | [a-z’']+ ) \s+ ){{0,3}} (?: [\w’'\-]+ ,? \s+ ){{0,8}}? {_SURE_VERB} \b      # …, the duty head, Rosa Quintela, said
    | \b (?: [Hh]e | [Ss]he ) \s+ {_VERB} \b
    | {_VERB} \s+ (?: he | she ) \b
    | (?i: {_BODY} ) (?: ’s | 's )? \s+ (?: log | figures? | register | records? | report | count | estimate | yearbook | books? | minutes | data | list | table ) \b
    | \b (?: the | its | his | her | a ) \s+ (?: [\w\-’']+ \s+ ){{0,3}} (?i: {_BODY} ) \s+ (?: [\w\-’']+ \s+ ){{0,5}}? {_SURE_VERB} \b
    | [’']s? \s+ (?: (?: own | final | latest | official | annual | first | new ) \s+ )* (?: tally | figures? | number | count | toll | estimate | log | list | records? | books?
      | register | yearbook | data | statistics | accounts | plan | bulletin | survey | reckoning | ledger | files? | tables? ) \b                     # the shire's tally
    | \( (?: the\ )? (?: petition | annual\ report | yearbook | report | register | audit | prospectus | log | census | paper | study ) \)
    | \( (?: {_NAME} | the\ [\w\s]{{1,30}} ) (?: ,\ [\w\s]{{1,30}} )? \) \s* : ?                 # (Melk)
    """,
    re.VERBOSE,
)

# What a paper calls itself by which a body speaks.
_OWN_PAPER = re.compile(
    r"""
    \b (?: press \s+ (?: kit | release | statement | notice ) | statement | bulletin | circular | newsletter | notice | notification | position \s+ paper | your \s+ questions
      | situation \s+ report | sitrep | (?: annual | final | interim | preliminary | technical | incident | progress | investigation | count | status ) \s+ (?: report | finding s? )
      | incident \s+ log | log | extract \s+ from | register | registry | decision | ruling | judge?ment | verdict | results? | result \s+ sheet
      | minutes | note \s+ to | note \s+ \d | briefing | communiqu[eé] | fact \s?sheet | data \s?sheet | gazette | memorandum | memo | findings?
      | inventory | audit | assessment | advisory | announcement | ordinance | regulation | white \s+ paper | filing | accounts | stock \s+ exchange | closing \s+ release
      | update \s+ no | report | no\. \s* \d+ | case \s+ (?:no\. \s* )? \d | issued | published \s+ (?:on|by) | table \s+ of | record \s+ of | faq | questions \s+ and \s+ answers
      | releases? \s+ (?: of | at | on ) | for \s+ (?:immediate\s+)? release ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The writer of a column, a blog or a news report speaks for nobody.
_PRESS = re.compile(
    r"""
    \b (?: by \s+ our | our \s+ (?:correspondent|reporter|staff|columnist) | columnist | column | blog | fan \s+ page | channel | news \s+ (?:agency|desk|service) | wire
      | radio | script | cover \s+ story | correspondent | diary | dear \s+ (?:all|friends?|readers?) | letters? \s+ from | web \s+ desk | digest | opinion | editorial
      | magazine | weekly | daily | thread | posted \s+ by | podcast | vlog | in \s+ (?:two|\d+) \s+ (?:minutes|seconds) | gossip | trending | shared | chronicle | tribune | herald
      | observer | mercury | courier | times | at \s+ a \s+ glance ) \b
    | \( [^()\n]{2,40} \) \s* [-–—]                                         # LORVANE, 12 March (Continental Press) -
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BODY_NAME = re.compile(
    r"""
    \b (?: office | service s? | bureau | ministry | department | authority | agency | council | court | trust | union | association | federation | chamber
      | institute | university | hospitals? | clinic | commission | commissioner | committee | board | bank | local \s \d+ | society | register | registry | network | club
      | company | ltd | inc | plc | gmbh | therapeutics | corporation | group | foundation | brigade | police | command | parliament | secretariat | inspectorate | directorate
      | observatory | cent(?:re|er) | district | municipality | airport | railways? | parish | school | college | festival | museum | coastguard | coast \s guard | navy | army
      | government | administration | operator | exchange | church | diocese | marathon | championship | tournament | fire \s and \s rescue | rescue ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "Bulletin of the Hunters' Association": the paper first, then the body.
_PAPER_OF = re.compile(
    rf"""\b(?: newsletter | bulletin | circular | statement | notice | register | log | organ | communiqu[eé] | release ) \s+ (?: of | by | from ) \s+
      [^.:\n]{{0,40}}? (?: {_BODY_NAME.pattern} )""",
    re.VERBOSE | re.IGNORECASE,
)
# Lines in which a paper names itself, and characters of each that are looked at.
_HEAD_LINES, _HEAD = 3, 240
_FIRST_PART = re.compile(r"[^.:—–|(]+")


@dataclass(frozen=True, slots=True)
class Voice:
    """How a sentence is attributed: the class and the words that show it ("" for none)."""

    attribution: str
    cue: str = ""


def speaks_for_body(text: str) -> bool:
    """Whether a document is a body's own paper, in which figures without a cue are that body's.

    >>> speaks_for_body("National Rail Safety Office — Preliminary bulletin 25-07\\nIssued on March 12.")
    True
    >>> speaks_for_body("Cup night ends in tear gas\\nBy our staff, Monday. The quarter-final was over.")
    False
    """
    lines = text[: _HEAD_LINES * 400].split("\n")[:_HEAD_LINES]
    if any(_PRESS.search(line[:_HEAD]) for line in lines[:2]):
        return False
    return any(_names_itself(line[:_HEAD]) for line in lines)


def _names_itself(line: str) -> bool:
    """A line that opens with a body's name and says what paper this is."""
    first = _FIRST_PART.match(line)
    if first is None or len(first[0].split()) > _NAME_WORDS:
        return False
    return bool(_BODY_NAME.search(first[0]) and _OWN_PAPER.search(line)) or bool(_PAPER_OF.search(line))


# Words of a body's name, and what stands before it in its line ("Statement by the …").
_NAME_WORDS = 10


def sentence_voice(sentence: str) -> Voice:
    """How a sentence attributes what it states, quotation marks aside.

    >>> [sentence_voice(s).attribution for s in ("Six cars left the track, the union said.", "Experts say it is 40.", "It rained 2 inches.")]
    ['named', 'vague', 'none']
    """
    told = _QUOTED.sub(_blank, sentence)
    vague = next((match for match in VAGUE_CUE.finditer(told) if not _is_name(told, match)), None)
    if vague:
        return Voice(VAGUE, vague[0].strip())
    named = _NAMED_CUE.search(told)
    return Voice(NAMED, named[0].strip()) if named else Voice(NONE)


_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)")
_SOURCE_NOUN = re.compile(_VAGUE_SOURCE, re.VERBOSE | re.IGNORECASE)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _is_name(sentence: str, match: re.Match[str]) -> bool:
    """Whether what looks like a vague source is the end of a name: the Federation of Sea Traders."""
    noun = _SOURCE_NOUN.search(match[0])
    if noun is None:
        return False
    last = noun[0].split()[-1]
    at = match.start() + noun.end() - len(last)
    return last[0].isupper() and bool(sentence[:at].strip(' “"(-•'))
