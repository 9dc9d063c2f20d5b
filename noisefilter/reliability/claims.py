"""Document → claims: each quantity with what it counts, where, when, and who says so.

The quantities of the whole text are read in one pass; only sentences that hold one are looked at further. What is counted is the noun
phrase to the right of the number, or, where nothing follows ("the toll is 12"), the words to its left. A place that a sentence does not
name is taken from the sentences before it in the paragraph and marked as inherited. Limit: shallow reading, no parse; see
docs/reliability.md.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from noisefilter.records import Claim, Document, LabelledDocument, Quantity
from noisefilter.reliability.attribution import NAMED, NONE, QUOTE, Voice, sentence_voice
from noisefilter.reliability.dates import Date, published_on, read_dates, resolve
from noisefilter.reliability.own_paper import speaks_for_body
from noisefilter.reliability.quantities import read_quantities
from noisefilter.reliability.sentences import Span, quoted_spans, sentence_spans
from noisefilter.reliability.units import CURRENCIES, UNITS

_LINE = re.compile(r"[^\n]*\S[^\n]*")
# Characters of a paragraph that are kept before a sentence as its setting: about two sentences.
_SETTING = 300

# Characters before and behind a quotation in which its speaker is looked for.
_SPEAKER_REACH = 120

# Words at which the phrase that is counted ends.
_PHRASE_END = re.compile(
    r"""
    [^\w\s’'\-%]                       # any mark
    | \b (?: a | an | and | are | as | at | be | been | but | by | can | could | did | do | does | during | each | every | for | from
      | had | has | have | he
      | her | his | if | in | into | is | it | its | may | might | more | must | no | nor | not | of | off | on | or | out | over | per
        | she | should | since | so | than
      | that | the | their | there | they | this | to | under | until | up | was | we | were | when | where | which | while | who
        | whose | will | with | within
      | without | would | yet | after | against | before | between | down | about | around | because | only | also | still | now | then
        | here ) \b
    | \d
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Words. A phrase that is counted is seldom longer.
_PHRASE_WORDS = 5
# Characters. How far a counted phrase is looked for on either side of its number.
_REACH = 90

_PLACE = re.compile(
    r"""
    \b (?: in | at | near | on | across | from | outside | around | over | of | to | for | between | above | off ) \s+ (?: the \s+ )?
    ( [A-Z][\w’'\-]+ (?: \s+ [A-Z][\w’'\-]+ ){0,3} )
    """,
    re.VERBOSE,
)
_NOT_PLACES = frozenset(
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Prof",
        "President",
        "Minister",
        "Lt",
        "Gen",
        "Capt",
    ]
)
_RATE = re.compile(
    r"""
    \b (?: (?: a | per | each
      | every ) \s+ (hour|day|night|week|month|quarter|year|season|minute|second) (?! \s+ (?:of|ago|later|before|earlier|after|or) \b)
      | (hourly|daily|nightly|weekly|monthly|quarterly|yearly|annual)(?:ly)? ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RATE_RIGHT = re.compile(r"(?:\s+[^\W\d]+){0,3}?\s+" + _RATE.pattern.strip(), re.VERBOSE | re.IGNORECASE)
_PER = {
    "hourly": "hour",
    "daily": "day",
    "nightly": "night",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annual": "year",
}
_VERB_LEFT = re.compile(
    r"""
    \b ( killed | injured | wounded | hurt | arrested | detained | evacuated | displaced | rescued | treated | destroyed | damaged
      | burned | sank | sold | bought
      | lost | earned | raised | cut | spent | paid | owes | owed | employs | carried | holds | held | made | has | have | had | was
        | were | is | are | reached
      | rose | fell | grew | stood | came | took | counted | recorded | fined | donated | won | covered | costs | cost ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_VERB_RIGHT = re.compile(
    r"^ [^,.;:]{0,60}? \b (?: was | were | are | is | have\ been | has\ been | had\ been | be "
    r"| being )? \s* ( \w+ed | dead | died | dying | hurt | held | missing | sold | lost | killed ) \b",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Passage:
    """A paragraph that is read: its place in the body and its article."""

    index: int
    start: int
    end: int
    article: int | None = None


def read_claims(document: Document | LabelledDocument) -> list[Claim]:
    """Find what a document claims in numbers, in order of appearance.

    Of a labelled document only the paragraphs that are kept are read, of a plain one every line.

    >>> page = Document("d", "Kyiv was hit on Thursday. At least 12 civilians were killed, the mayor said.")
    >>> [(claim.counted, claim.place, claim.place_inherited, claim.attribution) for claim in read_claims(page)]
    [('civilian', ('Kyiv',), True, 'named')]
    """
    page = document.document if isinstance(document, LabelledDocument) else document
    quantities = read_quantities(page.body)
    if not quantities:
        return []
    return list(_Reader(page).claims(quantities, _passages(document)))


def source_of(page: Document) -> str:
    """The source of a page: its own, else the page stands for itself."""
    return page.source or page.id


def _passages(document: Document | LabelledDocument) -> list[_Passage]:
    if isinstance(document, LabelledDocument):
        kept = (verdict.paragraph for verdict in document.paragraphs if verdict.label.is_kept)
        return [_Passage(part.index, part.start, part.end, part.article) for part in kept]
    return [_Passage(index, *match.span()) for index, match in enumerate(_LINE.finditer(document.body))]


class _Sentence:
    """A sentence of a paragraph; what is found in it is looked for once, however many quantities it holds."""

    def __init__(self, body: str, span: Span, paragraph: Span, published: datetime.date | None) -> None:
        self.start, self.end = span
        self.text = body[self.start : self.end]
        self.setting = body[max(paragraph[0], self.start - _SETTING) : self.start]
        self.published = published

    @cached_property
    def voice(self) -> Voice:
        """Who says what it states."""
        return sentence_voice(self.text)

    @cached_property
    def is_disputed(self) -> bool:
        """Whether it cites a figure only to reject it."""
        return bool(_RUMOUR.search(self.text))

    @cached_property
    def places(self) -> tuple[tuple[str, ...], bool]:
        """The places it names, or those of the sentences before, and whether they are inherited."""
        names = _names(_PLACE.findall(self.text))
        if names:
            return names, False
        names = _names(_SUBJECT_PLACE.findall(self.setting))
        return names, bool(names)

    @cached_property
    def dates(self) -> list[Date]:
        """Its dates."""
        return read_dates(self.text)

    def time(self, at: int) -> str:
        """The date nearest to an offset of the body."""
        if not self.dates:
            return ""
        at -= self.start
        nearest = min(self.dates, key=lambda date: min(abs(date.start - at), abs(date.end - at)))
        return resolve(nearest, self.published).key


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a quantity stands: its sentence, the one before, whether it is quoted, and the numbers on either side."""

    sentence: _Sentence
    before: _Sentence | None
    quote: Span | None
    previous: Quantity | None
    left: str
    right: str


class _Reader:
    """Reads one document."""

    def __init__(self, page: Document) -> None:
        self.page = page
        self.body = page.body
        self.source = source_of(page)
        self.own_paper = speaks_for_body(page.body)
        self.published = published_on(page.body, page.published)

    def claims(self, quantities: list[Quantity], passages: list[_Passage]) -> Iterator[Claim]:
        """The claims of the quantities that stand in a passage."""
        starts = [passage.start for passage in passages]
        for at, group in groupby(enumerate(quantities), key=lambda pair: bisect_right(starts, pair[1].start) - 1):
            if at >= 0:
                inside = [number for number, quantity in group if quantity.end <= passages[at].end]
                yield from self._passage(passages[at], inside, quantities)

    def _passage(self, passage: _Passage, inside: list[int], quantities: list[Quantity]) -> Iterator[Claim]:
        span = (passage.start, passage.end)
        sentences = [_Sentence(self.body, own, span, self.published) for own in sentence_spans(self.body, *span)]
        begins = [sentence.start for sentence in sentences]
        quotes = [(a + passage.start, b + passage.start) for a, b in quoted_spans(self.body[passage.start : passage.end])]
        for number in inside:
            quantity = quantities[number]
            which = max(0, bisect_right(begins, quantity.start) - 1)
            sentence = sentences[which]
            before = quantities[number - 1].end if number else 0
            after = quantities[number + 1].start if number + 1 < len(quantities) else passage.end
            place = _Place(
                sentence=sentence,
                before=sentences[which - 1] if which else None,
                quote=next((span for span in quotes if span[0] <= quantity.start < span[1]), None),
                previous=quantities[number - 1] if number and quantities[number - 1].start >= sentence.start else None,
                left=self.body[max(sentence.start, before, quantity.start - _REACH) : quantity.start],
                right=self.body[quantity.end : min(max(sentence.end, quantity.end), after, quantity.end + _REACH)],
            )
            yield self._claim(quantity, passage, place)

    def _claim(self, quantity: Quantity, passage: _Passage, place: _Place) -> Claim:
        sentence = place.sentence
        voice = self._voice(place)
        names, inherited = sentence.places
        return Claim(
            source=self.source,
            document_id=self.page.id,
            paragraph_index=passage.index,
            quantity=quantity,
            counted=_counted(quantity, place.left, place.right),
            predicate=_predicate(place.left, place.right),
            place=names,
            place_inherited=inherited,
            time=sentence.time(quantity.start),
            rate=_rate(quantity, place.right),
            attribution=voice.attribution,
            speaker=voice.speaker,
            in_quote=place.quote is not None,
            sentence=sentence.text,
            sentence_start=sentence.start,
            setting=sentence.setting,
            article=passage.article,
            unit=quantity.unit or _understood_unit(place),
            disputed=sentence.is_disputed,
        )

    def _introduction(self, quote: Span) -> str:
        """Who is named for a quotation: in the words before it, or else behind it, on the same line."""
        before = re.split(r"(?<=[.!?])\s+|\n", self.body[max(0, quote[0] - _SPEAKER_REACH) : quote[0]])[-1]
        after = re.split(r"(?<=[.!?])\s|\n", self.body[quote[1] : quote[1] + _SPEAKER_REACH].lstrip())[0]
        for words in (f"{before} …", f"… {after}"):
            voice = sentence_voice(words)
            if voice.attribution == NAMED:
                return voice.cue
        return ""

    def _voice(self, place: _Place) -> Voice:
        own = place.sentence.voice
        if place.quote:
            return Voice(QUOTE, self._introduction(place.quote))
        if own.attribution != NONE:
            return own
        if self.own_paper:
            return Voice(NAMED, self.source)
        if place.before and _GOES_ON.match(place.sentence.text):
            return place.before.voice
        return own


def _understood_unit(place: _Place) -> str:
    """The unit of the number before in the sentence, where none is named and no noun follows: "9 per cent against 4, …"."""
    return place.previous.unit if place.previous and _NO_NOUN.match(place.right) else ""


_NO_NOUN = re.compile(
    r"\s*(?:[,.;:)–—]|$|(?:next|in|at|for|by|with|without|the|last|now|after|before|against|and|but|to|than|then|on|among)\b)",
    re.IGNORECASE,
)
# A figure that goes round, and words that reject it.
_RUMOUR = re.compile(
    r"""
    \b (?: being \s+ shared | (?:is|are|now) \s+ circulating | went \s+ round | goes \s+ round | going \s+ round | posts? \s+ claim
      | claim \s+ now | rumou?rs?
      | no \s+ foundation | unfounded | no \s+ such | loose \s+ talk | talk \s+ of | retracted | withdr(?:ew|awn)
        | has \s+ apologi[sz]ed | misprint(?:ed)?
      | is \s+ (?:false|wrong|untrue|invented|nonsense) | was \s+ (?:false|wrong|untrue|invented|nonsense)
        | are \s+ (?:false|wrong|untrue) | not \s+ true | debunked | hoax
      | contrary \s+ to \s+ (?:reports|claims|rumou?rs) | had \s+ (?:wrongly|earlier) | wrongly | mistaken(?:ly)? | erroneous(?:ly)?
        | exaggerat\w+ ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:Of (?:th(?:em|ese|ose)|the)|They|Those|These|He|She|It|That|This|Another|The other|A further|Eight of"
    r"|\w+ of (?:them|those|these))\b"
)
_SUBJECT_PLACE = re.compile(r"\b([A-Z][\w’'\-]+(?: [A-Z][\w’'\-]+){0,2})")


def _names(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in found if name.split()[0] not in _NOT_PLACES))


def _counted(quantity: Quantity, left: str, right: str) -> str:
    """The noun phrase that is counted: the unit of a count, what follows a measure or a bare number, else the words to its left."""
    if quantity.unit and quantity.unit not in UNITS and quantity.unit not in CURRENCIES and " per " not in quantity.unit:
        return quantity.unit
    if quantity.unit:
        right = re.sub(r"^\s*of\s+(?:the\s+|its\s+|their\s+|his\s+|her\s+|our\s+|all\s+)?", "", right)
    phrase = _phrase(right)
    if phrase:
        return phrase
    return quantity.unit or " ".join(re.findall(r"[\w’'\-]+", left)[-_PHRASE_WORDS:])


def _phrase(text: str) -> str:
    end = _PHRASE_END.search(text)
    return " ".join((text[: end.start()] if end else text).split()[:_PHRASE_WORDS])


def _predicate(left: str, right: str) -> str:
    """The verb a number belongs to: "NUM people were V-ed" to the right, else the last verb of its own conjunct to the left."""
    follows = _VERB_RIGHT.match(right)
    precedes = [match for match in _VERB_LEFT.finditer(left) if " and " not in left[match.end() :]]
    if precedes and not (follows and precedes[-1][1].lower() in ("was", "were", "is", "are", "has", "have", "had")):
        return precedes[-1][1].lower()
    return follows[1].lower() if follows else ""


def _rate(quantity: Quantity, right: str) -> str:
    """The time a number is counted in: "5,000 weekly", "5,000 soldiers a week", within three words."""
    match = _RATE.search(quantity.text) or _RATE_RIGHT.match(right)
    if not match:
        return ""
    return match[1].lower() if match[1] else _PER[match[2].lower()]


def claims_of(documents: Iterable[Document | LabelledDocument]) -> Iterator[Claim]:
    """The claims of many documents, one after another."""
    for document in documents:
        yield from read_claims(document)


__all__ = ["claims_of", "read_claims", "source_of"]
