"""Who says so: the attribution of what a sentence states.

`quote`: the words stand inside quotation marks. `named`: a person, body or paper that could be asked gives them ("the coroner said",
"per the yearbook"), in this sentence or in a neighbour tied to it. `vague`: somebody who could not be asked ("experts", "we hear").
`none`: the writer's own voice.

A sentence is looked at word by word around its reporting verbs, so one without any costs next to nothing. Limit: a lexicon of reporting
verbs and of vague sources, English only. Reported speech that runs over several sentences without a cue is read as the writer's
own, unless the same voice stands on both sides of a sentence (`claims.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from noisefilter.reliability.scanning import fold, has_any
from noisefilter.reliability.vocabulary import words as word_set

QUOTE, NAMED, VAGUE, NONE = "quote", "named", "vague", "none"

# Verbs that report and seldom do anything else: who follows them is the source too ("said the mayor").
_SURE = word_set(
    """
    said says say told tell tells stated announced confirmed reported estimate estimates estimated reckon reckons claim claims claimed
    recalled
    explained insisted insists admitted admits admit warned warns noted notes declared argued argues acknowledged wrote writes calculated
    believe
    believes according
    concedes conceded contends contended asserts asserted alleges alleged disclosed discloses cautions cautioned stresses stressed
    emphasises emphasised emphasizes emphasized specifies specified recounts recounted replied replies remarked remarks adds added
    reiterated briefed testified testifies swore promised promises pledged reminds reminded assures assured informs informed
    """
)
# Verbs that report after a name or a body.
_VERBS = _SURE | word_set(
    """
    states state adds added announces confirms confirm report reports write estimating reckoned count counts counted put puts recall recalls
    explain explains note insist admitted warn show shows showed shown reveal reveals revealed find finds found record records recorded list
    lists listed declare declares calculate calculates believed argue think thinks thought cite cites cited testify testifies testified
    expect
    expects expected give gives given gave hold holds publish publishes published establish established establishes acknowledge acknowledges
    suggest suggests suggested indicate indicates indicated describe described quote quoted maintain maintains maintained conclude concludes
    concluded assess assesses assessed predict predicts predicted forecast forecasts measured identify identifies identified detect
    detected observe observes
    observed document documented registered inform informs informed communicate communicates communicated clock clocks clocked
    tally tallies tallied verifies verified certifies certified projects projected logs logged charted surveyed audited itemises itemised
    answers answered answering replies retorts retorted counters countered objects objected
    saying noting citing adding telling claiming explaining recalling pointing pointed showing suggesting
    proposes proposed vows vowed ruled recommends recommended accuses accused urges urged tweeted continued
    attributes attributed credits sees names cites quotes reckons works computes computed values valued rates
    """
)
_VAGUE_VERBS = _VERBS | word_set(
    "agree agrees agreed speak speaks spoke see sees fear fears feared whisper whispers suspect suspects hint hints like"
)
_VAGUE_NOUNS = word_set(
    """
    expert experts analyst analysts observer observers insider insiders economists scientists researchers specialists critics commentators
    pundits source sources witness witnesses eyewitness eyewitnesses locals neighbours neighbors residents users posts rumour rumours rumor
    rumors reports veterans engineers doctors lawyers historians studies study research surveys media agents dealers brokers everyone
    everybody
    somebody someone friends firms circles activists campaigners onlookers forecasters traders people
    """
)
# A lone expert or study is vague only behind an article: "a study found", not "the study found".
_ONE_NOUNS = word_set(
    "expert analyst observer insider source witness eyewitness study researcher veteran neighbour neighbor user friend specialist"
)
_ARTICLES = word_set("a an one another some any")
# What may stand between a vague source and its verb, and between a name and its verb.
_PREPOSITIONS = word_set("in at of from close near on around with who inside familiar")
_BETWEEN = word_set("also now later then has have had since still only himself herself itself all already again just even")
_BEFORE_SOURCE = word_set("per from by")
_ADJECTIVES = word_set(
    """
    some many most several leading independent security market industry legal medical local military political financial economic technical
    diplomatic western senior unnamed anonymous well-placed reliable informed various other certain top our the cybersecurity
    """
)
PRONOUNS = word_set("he she who")
_NOT_NAMES = word_set(
    """
    the a an in on at it its this that these those there they we i you and but or so if when while as to of for by with from not no one two
    """
)

# What is vague wherever it stands.
_VAGUE_PHRASE = re.compile(
    r"""
    \b (?: we \s+ (?: hear | are\ told(?!\ by) | understand | have\ (?:heard|learned) | gather )            # we hear
      | (?: i | you ) \s+ (?: hear | heard | am\ told | was\ told | have\ heard )
      | (?: is | are | was | were ) \s+ (?: widely\ | now\ | generally\ | also\ )?
        (?: said | believed | thought | rumou?red | reported | understood | claimed | alleged | whispered | estimated
          | assumed ) (?! \s+ (?:by|in|on|at|from) )
      | reportedly | allegedly | supposedly | apparently | rumou?r\w* | hearsay | word \s+ is | it \s+ seems | unconfirmed | leaked
      | (?: they | people | some | many ) \s+ say | as \s+ is \s+ well \s+ known | (?: everybody | everyone ) \s+ knows
        | the \s+ talk \s+ of ) \b
    """,
    re.VERBOSE,
)
# One of these, or one of each of the last two, is in whatever the pattern finds.
_PHRASE_HINTS = (
    *("hear", "told", "understand", "learned", "gather", "reportedly", "allegedly", "supposedly", "apparently", "rumo", "word", "seems"),
    *("unconfirmed", "leaked", "say", "known", "knows", "talk"),
)
_BEING = ("is", "was", "are", "were")
_TOLD = ("said", "believed", "thought", "rumo", "reported", "understood", "claimed", "alleged", "whispered", "estimated", "assumed")
# The phrase begins with such a word, right before one of the others, or it is one of the last.
BEFORE_HEARSAY = word_set("we i you is are was were word it they people some many well everybody everyone the")
AFTER_HEARSAY = word_set(
    """
    hear heard are am was have understand gather said believed thought rumoured rumored reported understood claimed alleged whispered
    estimated assumed widely now generally also is seems say known knows talk
    """
)
HEARSAY_SIGNS = word_set(
    """
    reportedly allegedly supposedly apparently hearsay unconfirmed leaked rumor rumors rumored rumoring rumormonger rumour
    """
)
_VAGUE_TRIGGERS = word_set(
    """
    hear heard told understand learned gather said believed thought rumoured rumored reported understood claimed alleged whispered estimated
    assumed reportedly allegedly supposedly apparently rumour rumours rumor rumors hearsay word seems unconfirmed leaked say known knows
    talk
    """
)

_VAGUE_SIGNS = _VAGUE_NOUNS | _ONE_NOUNS | _VAGUE_TRIGGERS
_NAMED_SIGNS = _VERBS | {"per"}

# People and bodies that can be asked though no name is given in the sentence: the beginnings of their words.
_BODY = re.compile(
    r"""
    (?: polic | author | administ | official | office | minist | agenc | bureau | department | council | court | coroner | committee
      | commission
      | company | firm | bank | union | association | federation | trust | board | chamber | service | hospital | clinic | universit
        | institut
      | laborator | observator | navy | army | military | coastguard | government | cabinet | parliament | inspector | prosecutor | mayor
      | governor | president | chair | director | manager | secretary | spokes | chief | commander | captain | master | judge | jury
        | professor
      | surveyor | engineer | operator | organis | organiz | report | log | register | petition | notice | statement | record | figures
        | data
      | survey | census | yearbook | minutes | prospectus | audit | paper | release | bulletin | circular | filing | table | accounts | map
      | document | agreement | order | ruling | gauge | desk | weather | station | registry | owner | club | party | charit | foundation
      | societ | regulator | insurer | airline | railway | port | school | festival | museum | family | widow | mother | father | sister
      | brother | driver | pilot | treasurer | clerk | curator | ranger | warden | foreman | nurse | midwife | farmer | priest | editor
      | photographer | campaign | pollster | candidate | lawmaker | coach | referee | brigade | embass | delegation | envoy | negotiator
      | mediator | monitor | doctor | boss | head | leader )
    """,
    re.VERBOSE,
)
# "by her account", "the shire's tally": whose figure it is.
_FIGURE_OF = re.compile(
    r"""
    \b (?: [Bb]y | [Oo]n | [Ii]n ) \s+ (?: her | his | its | their ) \s+ (?: own \s+ )? (?: account | count | estimate | reckoning
      | figures? | words | telling ) \b
    | \b (?: [Bb]y | [Oo]n | [Ii]n ) \s+ (?: the | an? | its | their ) \s+ (?: estimate s? | count s? | calculation s? | reckoning
      | tally | figures | quotation | list | register | gauge | records | books | words | view ) \s+ of \b (?: \s+ [\w’'\-]+ ){1,6}
    | [’']s? \s+ (?: (?: own | final | latest | official | annual | first | new ) \s+ )* (?: tally | figures? | number | count | toll
      | estimate | log | list | records?
      | books? | register | yearbook | data | statistics | accounts | plan | bulletin | survey | reckoning | ledger | files? | tables? ) \b
    | \( (?: the \s+ )? (?: petition | annual\ report | yearbook | report | register | audit | prospectus | log | census | paper
      | study ) \)
    | \( (?: [A-Z][\w’'\-]*\.? | [A-Z]\. ) (?: \s+ [A-Z][\w’'\-]* ){0,3} (?: , \s [\w\s]{1,30} )? \) (?! \s* [-–—] )  # (Melk)
    """,
    re.VERBOSE,
)
_OWNER_HINTS, _OWNERS = ("’", "'", " of "), word_set("her his its their")
_FIGURE_TRIGGERS = word_set(
    """
    account count estimate reckoning figure figures words telling tally number toll log list record records book books register yearbook
    data
    statistics calculation calculations quotation gauge view estimates counts accounts plan bulletin survey ledger file files table tables
    petition report audit prospectus census paper study
    """
)
# A sentence without one of these words and without a bracket says nothing of where it is from.
VOICE_SIGNS = _VAGUE_SIGNS | _NAMED_SIGNS | _FIGURE_TRIGGERS
_NAMES = re.compile(
    r"[A-Z](?<!\w[A-Z])(?<![.!?]\s[A-Z])[\w’'\-]*\.?(?:\s+(?:(?:of|the|and|for|de|van|von|der|&)\s+){0,2}[A-Z][\w’'\-]*\.?)*"
)
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)")
_OPENING = ("“", '"', "«")
_MARKS = " .,;:!?()[]“”\"'’‘–—-•…"
_ENDS = (",", ".", ";", ":", "?", "!", ")")
_CALENDAR = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
    december
    """
)
# Capital words that are no name, and words beside a speaker that are no part of him.
_NO_SPEAKERS = _NOT_NAMES | _CALENDAR | _VERBS | word_set("our his her their my your what how according rs")
_AROUND_SPEAKER = (
    _VERBS | _BETWEEN | _CALENDAR | word_set("according to per by on in at of as from that than with and but or is are was were … —")
)
# Words that a source may stand from its verb on either side.
_REACH_LEFT, _REACH_RIGHT, _REACH_VAGUE = 6, 7, 7


@dataclass(frozen=True, slots=True)
class Voice:
    """How a sentence is attributed: the class and the words that show it ("" for none)."""

    attribution: str
    cue: str = ""

    @property
    def speaker(self) -> str:
        """The name in the cue, or the whole cue where it holds none.

        >>> Voice("named", "its director, Ilse Montoro, said").speaker
        'Ilse Montoro'
        >>> Voice("named", "The fire service found").speaker
        'The fire service'
        """
        return _speaker(self.cue) if self.cue else ""


NOBODY = Voice(NONE)


@lru_cache(maxsize=1024)
def _speaker(cue: str) -> str:
    names = [name.strip(_MARKS).removesuffix("’s").removesuffix("'s") for name in _NAMES.findall(cue)]
    names = [name for name in names if not _NO_SPEAKERS.issuperset(name.lower().split())]
    return max(names, key=len) if names else _noun_phrase(cue.split()) or cue


def _noun_phrase(words: list[str]) -> str:
    """What is left of a cue without its verb and what stands before the last mark: "2,860 employees, the petition says"."""
    bare = [word.strip(_MARKS).lower() for word in words]
    start, end = 0, len(words)
    while end and bare[end - 1] in _AROUND_SPEAKER and (not _is_body(bare[end - 1]) or bare[end - 1].endswith("ed")):
        end -= 1
    for at in range(end):
        if (bare[at] in _AROUND_SPEAKER and at == start) or (words[at].endswith(_ENDS) and at + 1 < end) or bare[at][:1].isdigit():
            start = at + 1
    return " ".join(words[start:end]).strip(_MARKS)


def sentence_voice(sentence: str, may_be_hearsay: bool = True) -> Voice:
    """How a sentence attributes what it states, quotation marks aside; vague phrases are looked for where it `may_be_hearsay`.

    >>> [sentence_voice(text).attribution for text in ("It is 40, the union said.", "Experts say it is 40.", "It rained 2 inches.")]
    ['named', 'vague', 'none']
    """
    told = _QUOTED.sub(" … ", sentence) if has_any(sentence, _OPENING) else sentence
    words = told.split()
    # Lower case may lengthen letters beyond ASCII, so there each word is taken for itself.
    bare = list(map(str.strip, told.lower().split() if told.isascii() else map(str.lower, words), repeat(_MARKS)))
    present = set(bare)
    if not present.isdisjoint(_VAGUE_SIGNS):
        cue = _vague_source(words, bare, present) or (_vague_phrase(told) if may_be_hearsay else "")
        if cue:
            return Voice(VAGUE, cue)
    cue = _named_cue(told, words, bare, present)
    return Voice(NAMED, cue) if cue else NOBODY


def _vague_source(words: Sequence[str], bare: Sequence[str], present: set[str]) -> str:
    for at, word in () if present.isdisjoint(_VAGUE_NOUNS) else enumerate(bare):
        if word in _VAGUE_NOUNS and (words[at][:1].islower() or at == 0) and _is_vague_source(words, bare, at):
            return " ".join(words[max(0, at - 1) : at + 2])
    return ""


def _vague_phrase(told: str) -> str:
    folded = fold(told)
    if not has_any(folded, _PHRASE_HINTS) and not (has_any(folded, _BEING) and has_any(folded, _TOLD)):
        return ""
    phrase = _VAGUE_PHRASE.search(folded)
    return told[phrase.start() : phrase.end()] if phrase else ""


def _is_vague_source(words: Sequence[str], bare: Sequence[str], at: int) -> bool:
    before = at - 1
    while before >= 0 and bare[before] in _ADJECTIVES:
        before -= 1
    one = bare[before] in _ARTICLES if before >= 0 else False
    if bare[at] in _ONE_NOUNS and not one and _ARTICLES.isdisjoint(bare[max(0, before - 1) : before]):
        return False
    if bare[at] == "people" and before >= 0 and words[before][:1].isdigit():
        return False
    if before >= 0 and bare[at] != "people":
        behind = bare[before - 1] if one and before else bare[before]
        if behind in _BEFORE_SOURCE or behind in _SURE or (behind == "to" and "according" in bare[max(0, before - 2) : before]):
            return True
    return _verb_follows(words, bare, at)


def _verb_follows(words: Sequence[str], bare: Sequence[str], at: int) -> bool:
    """A reporting verb right behind, or behind a phrase that belongs to the source: "analysts in London note"."""
    after = at + 1
    while after < len(bare) and bare[after] in _BETWEEN and not words[after - 1].endswith((",", ";", ":")):
        after += 1
    if after >= len(bare) or words[after - 1].endswith((";", ":")):
        return False
    verbs = _VAGUE_VERBS if bare[at] != "people" else _PEOPLE_SAY
    if bare[after] in verbs:
        return bare[after] != "has"
    return bare[after] in _PREPOSITIONS and any(
        word in verbs and word not in ("has", "found", "given") for word in bare[after + 1 : at + _REACH_VAGUE]
    )


_PEOPLE_SAY = word_set("say says tell claim speak reckon whisper believe")


def _named_cue(told: str, words: Sequence[str], bare: Sequence[str], present: set[str]) -> str:
    if "according" in present:
        return _source_after(words, bare.index("according"))
    for at, word in () if present.isdisjoint(_NAMED_SIGNS) else enumerate(bare):
        if word in _VERBS:
            source = _source_left(words, bare, at) or (_source_right(words, bare, at) if word in _SURE else "")
            if source:
                return source
        elif word == "per" and at + 1 < len(bare) and not words[at - 1].endswith("%"):
            follow = words[at + 1 : at + 4]
            if any(_is_name(one) for one in follow) or any(_is_body(one) for one in bare[at + 1 : at + 4]):
                return " ".join(words[at : at + 4])
    if "(" in told or (not present.isdisjoint(_FIGURE_TRIGGERS) and (has_any(told, _OWNER_HINTS) or not present.isdisjoint(_OWNERS))):
        figure = _FIGURE_OF.search(told)
        # With the owner before: "the shire's tally".
        return told[told.rfind(" ", 0, figure.start() + 1) + 1 : figure.end()] if figure else ""
    return ""


def _source_after(words: Sequence[str], at: int) -> str:
    """What follows "according to", to the next mark, with these words."""
    end = at + 2
    while end < min(len(words), at + _REACH_RIGHT) and not words[end - 1].endswith(_ENDS):
        end += 1
    return " ".join(words[at:end])


def _source_left(words: Sequence[str], bare: Sequence[str], at: int) -> str:
    """The name, body or pronoun before a reporting verb; of a sure verb also a body a few words off."""
    before = at - 1
    while before >= 0 and before > at - 4 and (bare[before] in _BETWEEN or bare[before].endswith("ly")):
        before -= 1
    if before < 0:
        return ""
    # The first word has a capital anyway: "Bread found its price".
    is_name = _is_name(words[before]) and bare[before] not in _NOT_NAMES and (before > 0 or bare[at] in _SURE)
    if is_name or bare[before] in PRONOUNS or _is_body(bare[before]):
        return " ".join(words[max(0, before - 3) : at + 1])
    if bare[at] in _SURE and any(_is_body(word) for word in bare[max(0, at - _REACH_LEFT) : before]):
        return " ".join(words[max(0, at - _REACH_LEFT) : at + 1])
    return ""


# What follows a verb is what was said, or where, and not who said it.
_NOT_SOURCES = word_set("that it there they in at on from of to as")


def _source_right(words: Sequence[str], bare: Sequence[str], at: int) -> str:
    """Who follows a sure verb: "said the trade union secretary"."""
    if bare[at + 1 : at + 2] and bare[at + 1] in PRONOUNS:
        return " ".join(words[at : at + 2])
    for after in range(at + 1, min(len(words), at + 1 + _REACH_RIGHT)):
        if bare[after] in _NOT_SOURCES:
            return ""
        if (_is_name(words[after]) and bare[after] not in _NOT_NAMES) or _is_body(bare[after]):
            return " ".join(words[at : _end_of_name(words, after)])
        if words[after].endswith((".", ";", ":")):
            return ""
    return ""


def _end_of_name(words: Sequence[str], at: int) -> int:
    """Where the name goes on that a word begins: "director, Tove Krall"."""
    end = at + 1
    while end < min(len(words), at + _REACH_LEFT) and _is_name(words[end]) and not words[end - 1].endswith(_ENDS[1:]):
        end += 1
    return end


# The same few words stand beside reporting verbs again and again.
@lru_cache(maxsize=1 << 14)
def _is_body(word: str) -> bool:
    return _BODY.match(word) is not None


def _is_name(word: str) -> bool:
    return word.lstrip(_MARKS)[:1].isupper()
