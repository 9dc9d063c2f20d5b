"""One document → a share beside its part, and a whole that does not give it: "in 186 wells, which is 73 per cent", of 231.

The part is the amount that a share stands beside as another word for it ("23,000, or 23 per cent", "three quarters of it, or $49 million",
"… That is one in six"). Its whole may stand anywhere: beside them ("of 412"), as a larger figure of the same noun, or as the last larger
figure of the same kind. A share is right if any figure that could be its whole gives it, as a share, as what is missing, or as a change;
it clashes if none does, and the whole that is meant gives another.

Limit: a whole that the text does not tell is not known, so a share without a figure of its noun near is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from noisefilter.records import Claim, Contradiction
from noisefilter.reliability.measures import Measure
from noisefilter.reliability.wording import STOPWORDS, WORD, concepts, stem

Measured = tuple[Claim, Measure]

# Percentage points by which a percentage may be off.
POINTS = 1.0
# A share in words ("a quarter", "one in seven") is rounded by more.
OF_WORDED = 0.09
# A share that is meant to follow from part and whole is at most this many times off.
MOST_OFF = 4.0
# A part smaller than this is seldom what a percentage is taken from.
SMALLEST = 5
# Characters to a whole that is not named by its noun.
REACH = 350
# Characters before a share in which a word tells that it is a change.
LEAD = 25

_HEDGE = r"""(?: (?: about | some | just | nearly | almost | roughly | around | only | over | under | an? | the | full | fully | exactly
  | barely | hardly | precisely | whopping | staggering | mere | well | no\ less\ than | more\ than | less\ than | not\ quite
  | close\ to ) \s{1,4} ){0,3}"""
_SAYS_AGAIN = r"""or | which\s(?:is|was|makes|made|are|means|meant) | that\s(?:is|was|makes)(?:\sto\ssay)? | (?:that|which)[’']s | i\.?e\.?
  | making | equal\sto | equivalent\sto | in\sother\swords | and\s(?:that|this)\s(?:is|makes|was) | namely | meaning"""
# Between a part and its share: "23,000, or 23 per cent", "312 (60 per cent)", "In 186, which is 73 per cent", "the 34 make up 12 per cent".
_OR = re.compile(
    rf"""[^.;:()\d]{{0,90}}?
      (?: [,–—-] \s{{0,3}} (?:{_SAYS_AGAIN}) ,? | \s or | \( (?: \s{{0,2}} (?:{_SAYS_AGAIN}) )? | \s [–—]
        | \b (?: mak(?:e|es|ing|ing)\sup | made\sup | account(?:s|ed|ing)?\sfor | represent(?:s|ed|ing)? | constitut(?:e|es|ed|ing)
            | amount(?:s|ed|ing)?\sto | correspond(?:s|ed|ing)?\sto | equal(?:s|led|ling)? ) )
      \s{{0,4}} {_HEDGE}""",
    re.VERBOSE | re.IGNORECASE,
)
# "412 came, nine in ten of the members".
_COMMA, _OF = (
    re.compile(rf"[^.;:()\d]{{0,90}}?[,–—]\s{{1,4}}{_HEDGE}", re.VERBOSE | re.IGNORECASE),
    re.compile(r"\s{1,4}of\s{1,4}(?:the|all|its|their|our|his|her|those|these|every)\b", re.IGNORECASE),
)
# Between a share and the part that explains it: "three quarters of it, or $49 million", "a fifth (42)", "a quarter of us, 42 people".
_OR_PART = re.compile(
    rf"""[^.;:()\d]{{0,60}}? (?: [,–—] \s{{0,3}} (?:{_SAYS_AGAIN} | some) ,? | \( | \s [–—] ) \s{{0,4}} {_HEDGE}
      | \s{{1,4}} of \s [^.;:()\d]{{0,60}}?, \s{{1,4}} {_HEDGE}""",
    re.VERBOSE | re.IGNORECASE,
)
# "86 houses out of our 212 had water in them, which is …" and "of the 520 nurses who clicked, 312 …".
_OUT_OF = re.compile(
    r"[^.;:()\d]{0,30}?(?:\s|^)(?:out\s{1,4})?of\s{1,4}(?:the\s|its\s|their\s|our\s|my\s|all\s|a\stotal\sof\s|some\s|these\s|those\s){0,2}(?:\w+\s{1,4})?",
    re.IGNORECASE,
)
_OF_WHOLE = re.compile(
    r"\s{1,4}(?:out\s)?of\s{1,4}(?:the\s|its\s|their\s|our\s|my\s|all\s|a\stotal\sof\s|some\s|these\s|those\s){0,2}", re.IGNORECASE
)
_OF_THE = re.compile(r"\b(?:of|among)\s{1,4}(?:(?:the|its|their|our|all|some|a\stotal\sof|those|these)\s{1,4}){0,2}$", re.IGNORECASE)
_APPOSED = re.compile(r"[^.;:()\d]{0,30}?,\s{1,3}", re.IGNORECASE)
_END = re.compile(r"\s{0,2}[.,;)–—]|\s{1,3}of\s{1,3}(?:them|all|the\s{1,3}total)\b", re.IGNORECASE)
_OF_WHOM = re.compile(r"\bof\s{1,4}(?:them|these|those|which|whom)\b", re.IGNORECASE)
_OF_IT = re.compile(r"\s{1,4}of\s{1,4}(?:it|them|this|that|these|those|which|whom)\b", re.IGNORECASE)
_TO = re.compile(r"[^.;:()\d]{0,20}\bto\s{1,4}(?:\w+\s{1,4})?", re.IGNORECASE)
# A sentence that says the figures before it again.
_THAT_IS = re.compile(
    rf"""(?: (?:and\s|so\s|but\s)? (?:that|this|which|it) (?: \s (?:is|was|makes|made|means|comes\sto|amounts\sto
        |corresponds\sto|represents|equals) | [’']s )
      | in\sother\swords, | put\sdifferently, | or,? | [a-z]{{2,9}}\s(?:is|are|was|were) ) \s{{1,4}} (?:[a-z]{{1,8}}\s){{0,2}}? {_HEDGE}""",
    re.VERBOSE | re.IGNORECASE,
)
_CHANGE = re.compile(
    r"""(?<![\w-]) (?: ris(?:e|es|en|ing) | rose | up | increas\w* | grow\w* | grew | gain\w* | jump\w* | surg\w+ | climb\w* | falls?
      | fell | fallen | drop\w*
      | cuts? | down | reduc\w* | declin\w* | decreas\w* | shr[aiu]nk\w* | lower\w* | soar\w* | plung\w* | slump\w* | more
      | less | loss | lost | change ) \b
      (?! \s{1,3} than )""",
    re.VERBOSE | re.IGNORECASE,
)
_MORE = re.compile(
    r"\s{1,3}(?:of\s{1,3})?(?:an?\s{1,3})?(?:more|less|fewer|higher|lower|above|below|over|under|up|down|off|dearer|cheaper|better|worse|faster|too|rise|increase|jump|drop|fall|cut|discount|reduction)\b",
    re.IGNORECASE,
)


def check_shares(text: str, measured: Sequence[Measured]) -> Iterator[Contradiction]:
    """Every share that its part and the whole that is told do not make."""
    beside = frozenset(claim.start for claim, own in measured if own.kind in ("%", "share"))
    for at, (claim, own) in enumerate(measured):
        if claim.start not in beside or not 0 < own.value < 100 or not claim.quantity.unit:
            continue
        part, whole = find_part(text, measured, at)
        if part is None:
            continue
        wholes = [one for one in measured if _is_within(part, one)]
        if whole is None and any(_explains(claim, own, part, one) for one in wholes):
            continue
        whole = whole or _meant(text, part, claim, [one for one in wholes if not _has_share(text, one[0], beside)])
        if (
            whole is None
            or _fits(claim, own, part, whole, _made(part, whole))
            or not 1 / MOST_OFF < _made(part, whole) / own.value < MOST_OFF
        ):
            continue
        words = f"“{part[0].quantity.text}” of “{whole[0].quantity.text}” is {_made(part, whole):.3g} %, not “{claim.quantity.text}”."
        yield Contradiction(claim.document_id, (part[0].start, part[0].end), (claim.start, claim.end), "percent_mismatch", words)


def find_part(text: str, measured: Sequence[Measured], at: int) -> tuple[Measured | None, Measured | None]:
    """The amount that a share stands beside as another word for it, and its whole where the words name it."""
    claim = measured[at][0]
    behind = measured[at + 1] if at + 1 < len(measured) else None
    if behind and _is_amount(behind) and _OF_WHOLE.fullmatch(text, claim.end, behind[0].start):
        return _part_of(text, measured, at), behind
    before = measured[at - 1] if at else None
    if before and _is_amount(before) and (said := _part_before(text, before, measured[at - 2] if at > 1 else before, claim)):
        return said
    if not behind or not _is_amount(behind) or not _OR_PART.fullmatch(text, claim.end, behind[0].start):
        return None, None
    if _is_change(text, max(claim.sentence_start, claim.start - LEAD), claim):
        return None, None
    is_of_it = before and before[0].sentence_start == claim.sentence_start and _OF_IT.match(text, claim.end)
    return behind, before if before and is_of_it and _is_within(behind, before) else None


def _part_before(text: str, before: Measured, earlier: Measured, claim: Claim) -> tuple[Measured | None, Measured | None] | None:
    """The part before a share, and its whole; None where the share says nothing of what is before it."""
    is_beside = earlier[0].sentence_start == before[0].sentence_start
    if is_beside and _is_within(earlier, before) and _OUT_OF.fullmatch(text, earlier[0].end, before[0].start):
        # "34 of its 120 shops, almost half".
        is_comma = _COMMA.fullmatch(text, before[0].end, claim.start) and _END.match(text, claim.end)
        is_told = _is_said_again(text, before[0], claim) or (is_comma and not _is_change(text, before[0].end, claim))
        return (earlier, before) if is_told else None
    if not _is_said_again(text, before[0], claim):
        return None
    if is_beside and _is_within(before, earlier):
        opening, between = (earlier[0].sentence_start, earlier[0].start), (earlier[0].end, before[0].start)
        if _OF_THE.search(text, *opening) or _OF_WHOM.search(text, *between):
            return before, earlier
    is_step = is_beside and _TO.fullmatch(text, earlier[0].end, before[0].start)
    return (None, None) if is_step else (before, None)


def _is_within(part: Measured, whole: Measured) -> bool:
    """Whether one amount can be a part of the other."""
    return 0 < _made(part, whole) < 100


def _part_of(text: str, measured: Sequence[Measured], at: int) -> Measured | None:
    """The part of "62 per cent of the 3,400 votes, or 1,700", or of "1,700 votes, 62 per cent of the 3,400"."""
    claim, whole = measured[at][0], measured[at + 1]
    if at and _is_within(measured[at - 1], whole) and _is_said_again(text, measured[at - 1][0], claim):
        return measured[at - 1]
    behind = measured[at + 2] if at + 2 < len(measured) else None
    if behind is None or not _is_within(behind, whole):
        return None
    is_told = _OR_PART.fullmatch(text, whole[0].end, behind[0].start) or (
        _APPOSED.fullmatch(text, whole[0].end, behind[0].start) and text[behind[0].end : behind[0].end + 1] in (",", ")")
    )
    return behind if is_told else None


def _is_said_again(text: str, part: Claim, share: Claim) -> bool:
    """Whether a share stands behind an amount as another word for it."""
    if part.sentence_start == share.sentence_start:
        is_said = _OR.fullmatch(text, part.end, share.start) or (
            _OF.match(text, share.end) and _COMMA.fullmatch(text, part.end, share.start)
        )
        return bool(is_said) and not _is_change(text, part.end, share)
    gap = text[part.sentence_start + len(part.sentence) : share.sentence_start]
    is_next = part.sentence_start < share.sentence_start and len(gap) < 3 and "\n" not in gap
    return (
        is_next and bool(_THAT_IS.fullmatch(text, share.sentence_start, share.start)) and not _is_change(text, share.sentence_start, share)
    )


def _is_change(text: str, start: int, claim: Claim) -> bool:
    """Whether the words from `start` to a percentage, or those behind it, say that it is a change and no share."""
    return bool(_CHANGE.search(text, start, claim.start) or _MORE.match(text, claim.end))


def _is_amount(one: Measured) -> bool:
    claim, own = one
    # "11 per cent. Voters: 105": a number that has its unit from the one before may be an amount.
    is_amount = own.kind not in _NO_AMOUNTS or (own.kind == "share" and not claim.quantity.unit)
    return is_amount and not own.is_bound and own.value >= SMALLEST


_NO_AMOUNTS = frozenset(("%", "share", "ordinal", "time", "temperature", "angle", "percentage point", "ratio"))


def _made(part: Measured, whole: Measured) -> float:
    """The percentage that a part is of a whole; 0 where the two are not of one kind."""
    one, other = part[1], whole[1]
    if not _is_amount(whole) or one.per != other.per or part[0] is whole[0]:
        return 0.0
    if one.kind == other.kind:
        return 100 * one.value / other.value
    return (
        100 * one.stated / other.stated if (one.is_bare or other.is_bare or other.kind == "share") and _is_near(part[0], whole[0]) else 0.0
    )


def _explains(claim: Claim, own: Measure, part: Measured, whole: Measured) -> bool:
    """Whether a figure explains a share: as the whole, near or of one noun; beside it also by what is missing, or as a change."""
    if whole[0].sentence_start in (part[0].sentence_start, claim.sentence_start):
        share = _made(part, whole)
        ways = share, 100 - share, 100 * share / (100 - share), 100 * share / (100 + share)
        return any(_fits(claim, own, part, whole, way) for way in ways)
    return (_is_near(part[0], whole[0]) or bool(_heads(part[0]) & _heads(whole[0]))) and _fits(claim, own, part, whole, _made(part, whole))


def _fits(claim: Claim, own: Measure, part: Measured, whole: Measured, made: float) -> bool:
    """Whether what two figures make is the percentage, as far as rounding goes."""
    is_worded = not any(character.isdigit() for character in claim.quantity.text)
    rounded = made * sum(one.reach / one.value for _, one in (part, whole))
    room = max(POINTS, own.reach + rounded, OF_WORDED * own.value if is_worded else 0.0)
    return own.low - room <= made <= own.high + room


def _is_near(part: Claim, whole: Claim) -> bool:
    return abs(part.start - whole.start) < REACH


def _meant(text: str, part: Measured, claim: Claim, wholes: Sequence[Measured]) -> Measured | None:
    """The whole that a part and its share are of: that of their noun, or else the last larger figure before them on the line."""
    heads = _heads(part[0]) | _heads(claim)
    named = [one for one in wholes if heads & _heads(one[0])]
    if len({one[1].value for one in named}) == 1:
        return named[0]
    first = min(part[0].start, claim.start)
    line = text.rfind("\n", 0, first)
    before = [one for one in wholes if max(line, first - REACH) < one[0].start < first and not one[1].is_range]
    return before[-1] if before else None


def _has_share(text: str, claim: Claim, shares: frozenset[int]) -> bool:
    """Whether a figure has a share of its own in brackets: then it is a part like the others, "40 (38 %), 44 (42 %)"."""
    bracket = _BRACKET.match(text, claim.end)
    return bracket is not None and bracket.end() in shares


_BRACKET = re.compile(r"[^.;:()\d]{0,40}\(\s{0,2}(?:\w+\s{1,3})?")


def _heads(claim: Claim) -> frozenset[str]:
    """The noun that is counted and what it stands for."""
    nouns = [stem(word) for word in WORD.findall(claim.counted)[-1:] if word.lower() not in STOPWORDS and len(word) > 2]
    return frozenset(nouns) | {name for noun in nouns for name in concepts(noun)}


__all__ = ["check_shares", "find_part"]
