"""Document → claims: each quantity with what it counts, where, when, and who says so.

The quantities of the whole text are read in one pass; only sentences that hold one are looked at further. What is counted is the noun
phrase to the right of the number, or, where nothing follows ("the toll is 12"), the words to its left. A place that a sentence does not
name is taken from the sentences before it in the paragraph and marked as inherited. Limit: shallow reading, no parse; see
docs/reliability.md.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from noisefilter.records import Claim, Document, LabelledDocument, Quantity
from noisefilter.reliability.attribution import (
    AFTER_HEARSAY,
    BEFORE_HEARSAY,
    HEARSAY_SIGNS,
    NAMED,
    NOBODY,
    NONE,
    PRONOUNS,
    QUOTE,
    VOICE_SIGNS,
    Voice,
    sentence_voice,
)
from noisefilter.reliability.dates import DATE_SIGNS, Date, may_have_dates, published_on, read_dates, resolve
from noisefilter.reliability.numerals import AFTER_ARTICLE, ARTICLES, NUMBER_WORDS, find_numerals, lower
from noisefilter.reliability.ordinals import ORDINAL, RANK_SIGNS, ordinals_at
from noisefilter.reliability.own_paper import speaks_for_body
from noisefilter.reliability.quantities import quantities_of
from noisefilter.reliability.scanning import Places, WordScan, fold_lowered, has_any
from noisefilter.reliability.sentences import Span, quoted_spans, sentence_spans
from noisefilter.reliability.units import CURRENCIES, UNITS
from noisefilter.reliability.vocabulary import words

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
_BEFORE_NAME = words("in at near on across from outside around over of to for between above off the")
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
    re.VERBOSE,
)
_RATE_RIGHT = re.compile(r"(?:\s+[^\W\d]+){0,3}?\s+" + _RATE.pattern.strip(), re.VERBOSE)
_RATE_SIGNS = words(
    "hour day night week month quarter year season minute second hourly daily nightly weekly monthly quarterly yearly annual annually"
)
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
_VERBS = words(
    """
    killed injured wounded hurt arrested detained evacuated displaced rescued treated destroyed damaged burned sank sold bought
    lost earned raised cut spent paid owes owed employs carried holds held made has have had was were is are reached
    rose fell grew stood came took counted recorded fined donated won covered costs cost
    """
)
_AUXILIARIES = words("was were is are has have had")
_VERB_RIGHT = re.compile(
    r"^ [^,.;:]{0,60}? \b (?: was | were | are | is | have\ been | has\ been | had\ been | be "
    r"| being )? \s* ( \w+ed | dead | died | dying | hurt | held | missing | sold | lost | killed ) \b",
    re.VERBOSE,
)
_VERB_HINTS = ("ed", "dea", "dying", "hurt", "held", "missing", "sold", "lost")
_CLAUSE = re.compile(r"[^,.;:]*")
_STOP_BEFORE, _STOP_AFTER = re.compile(r"(?<=[.!?])\s+|\n"), re.compile(r"(?<=[.!?])\s|\n")
_WORD = re.compile(r"\b\w+")


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
    re.VERBOSE,
)
# One of these words is in whatever the pattern finds, as far as a `WordScan` looks at it.
_RUMOUR_SIGNS = words(
    "shared circulating round claim rumor rumors rumour rumours foundation unfounded such talk retracted withdrew withdrawn apologised "
    "misprint misprinted false wrong untrue invented nonsense true debunked hoax contrary wrongly earlier mistaken erroneous exaggerated"
)

# What the words of a sentence are signs of.
_NUMERAL, _RANK, _DATED, _VOICED, _DISPUTED, _RATED, _PLACED, _VERB, _HEARSAY = (1 << n for n in range(9))
_SCAN = WordScan(
    {
        _NUMERAL: NUMBER_WORDS,
        _RANK: RANK_SIGNS,
        _DATED: DATE_SIGNS,
        _VOICED: VOICE_SIGNS,
        _DISPUTED: _RUMOUR_SIGNS,
        _RATED: _RATE_SIGNS,
        _VERB: _VERBS,
        _HEARSAY: HEARSAY_SIGNS,
    },
    before={_NUMERAL: ARTICLES, _PLACED: _BEFORE_NAME, _HEARSAY: BEFORE_HEARSAY},
    after={_NUMERAL: AFTER_ARTICLE, _HEARSAY: AFTER_HEARSAY},
    capital=_PLACED,
)


class _Passage(NamedTuple):
    """A paragraph that is read: its place in the body and its article."""

    number: int
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
    page = document_of(document)
    lowered = lower(page.body)
    folded = fold_lowered(lowered)
    signs = _SCAN(page.body, folded)
    numerals = find_numerals(lowered, signs.of(_NUMERAL))
    ordinals = ordinals_at(page.body, lowered, signs.of(_RANK))
    quantities = _with_ordinals(quantities_of(page.body, lowered, numerals), ordinals)
    return list(_Reader(page, folded, signs).claims(quantities, _passages(document))) if quantities else []


def _with_ordinals(quantities: list[Quantity], ordinals: list[Quantity]) -> list[Quantity]:
    """The quantities and, between them, the ordinals that claim a rank."""
    starts = [quantity.start for quantity in quantities]
    found = []
    for ordinal in ordinals:
        at = bisect_right(starts, ordinal.start)
        is_free = (not at or quantities[at - 1].end <= ordinal.start) and (at == len(starts) or ordinal.end <= starts[at])
        if is_free:
            found.append(ordinal)
    return sorted((*quantities, *found), key=lambda quantity: quantity.start) if found else quantities


def source_of(page: Document) -> str:
    """The source of a page: its own, else the page stands for itself."""
    return page.source or page.id


def document_of(document: Document | LabelledDocument) -> Document:
    """The document itself, without its labels."""
    return document.document if isinstance(document, LabelledDocument) else document


def kept_text(document: Document | LabelledDocument) -> str:
    """The text of a document without what the noise model leaves out, a paragraph a line."""
    if isinstance(document, Document):
        return document.body
    return "\n".join(verdict.text for verdict in document.paragraphs if verdict.label.is_kept)


def articles_of(document: Document | LabelledDocument) -> Iterator[tuple[int, str]]:
    """The kept texts of a document with the number of their article; 0 where there is none."""
    if isinstance(document, Document):
        yield 0, document.body
        return
    for verdict in document.paragraphs:
        if verdict.label.is_kept:
            yield verdict.paragraph.article or 0, verdict.text


def is_weighed(claim: Claim) -> bool:
    """Whether a claim counts in a score: "one" is seldom a figure."""
    return claim.quantity.text.lower() != "one"


def _passages(document: Document | LabelledDocument) -> list[_Passage]:
    if isinstance(document, LabelledDocument):
        kept = (verdict.paragraph for verdict in document.paragraphs if verdict.label.is_kept)
        return [_Passage(part.index, part.start, part.end, part.article) for part in kept]
    return list(_lines(document.body))


def _lines(body: str) -> Iterator[_Passage]:
    """The lines that are not blank, numbered."""
    index = start = 0
    for line in body.split("\n"):
        if line and not line.isspace():
            yield _Passage(index, start, start + len(line))
            index += 1
        start += len(line) + 1


@dataclass(slots=True)
class _Sentence:
    """A sentence of a paragraph; what is found in it is looked for once, however many quantities it holds.

    `places` are those it names, or those of the sentences before (`inherited`); `key` is its first date as text. A sentence is
    `disputed` where it cites a figure only to reject it.
    """

    start: int
    end: int
    text: str
    signs: int
    setting: str
    places: tuple[str, ...]
    inherited: bool
    dates: list[Date]
    key: str
    disputed: bool
    before: Span | None
    after: Span | None
    voice: Voice | None = None

    def time(self, at: int, published: datetime.date | None) -> str:
        """The date nearest to an offset of the body."""
        if len(self.dates) < 2:
            return self.key
        at -= self.start
        nearest = min(self.dates, key=lambda date: min(abs(date.start - at), abs(date.end - at)))
        return resolve(nearest, published).key


@dataclass(slots=True)
class _Place:
    """Where a quantity stands: its sentence, its quotation, the number before, and from where to where its words go."""

    sentence: _Sentence
    quote: Span | None
    previous: Quantity | None
    begin: int
    stop: int


class _Reader:
    """Reads one document."""

    def __init__(self, page: Document, folded: str, signs: Places) -> None:
        self.page = page
        self.body = page.body
        self.folded = folded
        self.signs = signs
        self.verbs = signs.of(_VERB)
        self.source = source_of(page)
        self.own_paper = speaks_for_body(page.body)
        self.published = published_on(page.body, page.published)

    def claims(self, quantities: list[Quantity], passages: list[_Passage]) -> Iterator[Claim]:
        """The claims of the quantities that stand in a passage."""
        starts = [quantity.start for quantity in quantities]
        first = 0
        for passage in passages:
            first = bisect_left(starts, passage.start, first)
            last = bisect_left(starts, passage.end, first)
            inside = [number for number in range(first, last) if quantities[number].end <= passage.end]
            if inside:
                yield from self._passage(passage, inside, quantities)

    def _passage(self, passage: _Passage, inside: list[int], quantities: list[Quantity]) -> Iterator[Claim]:
        spans = sentence_spans(self.body, passage.start, passage.end)
        quotes = quoted_spans(self.body, passage.start, passage.end)
        opened = [start for start, _ in quotes]
        which, last = 0, len(spans) - 1
        sentence = None
        for number in inside:
            quantity = quantities[number]
            start, end = quantity.start, quantity.end
            while which < last and spans[which + 1][0] <= start:
                which += 1
                sentence = None
            if sentence is None:
                beside = (spans[which - 1] if which else None, spans[which + 1] if which < last else None)
                sentence = self._sentence(spans[which], beside, passage.start)
            previous = quantities[number - 1] if number else None
            after = quantities[number + 1].start if number + 1 < len(quantities) else passage.end
            quote = bisect_right(opened, start) - 1 if quotes else -1
            place = _Place(
                sentence,
                quotes[quote] if quote >= 0 and start < quotes[quote][1] else None,
                previous if previous and previous.start >= sentence.start else None,
                max(sentence.start, previous.end if previous else 0, start - _REACH),
                min(max(sentence.end, end), after, end + _REACH),
            )
            yield self._claim(quantity, passage, place)

    def _sentence(self, span: Span, beside: tuple[Span | None, Span | None], begin: int) -> _Sentence:
        start, end = span
        text, signs = self.body[start:end], self.signs.kinds_in(start, end)
        setting = self.body[max(begin, start - _SETTING) : start]
        places, inherited = _names(_PLACE.findall(text)) if signs & _PLACED else (), False
        if not places and setting:
            places = _names(_SUBJECT_PLACE.findall(setting))
            inherited = bool(places)
        dates = read_dates(text) if may_have_dates(text, bool(signs & _DATED)) else []
        key = resolve(dates[0], self.published).key if dates else ""
        disputed = bool(signs & _DISPUTED) and _RUMOUR.search(self.folded, start, end) is not None
        return _Sentence(start, end, text, signs, setting, places, inherited, dates, key, disputed, *beside)

    def _claim(self, quantity: Quantity, passage: _Passage, place: _Place) -> Claim:
        sentence = place.sentence
        voice = self._voice(place)
        start, end = quantity.start, quantity.end
        left, right, after = self.body[place.begin : start], self.body[end : place.stop], self.folded[end : place.stop]
        return Claim(
            source=self.source,
            document_id=self.page.id,
            paragraph_index=passage.number,
            quantity=quantity,
            counted=_counted(quantity, left, right),
            predicate=_predicate(self._verb_before(place.begin, start), right, after),
            place=sentence.places,
            place_inherited=sentence.inherited,
            time=sentence.time(quantity.start, self.published),
            rate=_rate(self.folded[start:end], after) if sentence.signs & _RATED or end > sentence.end else "",
            attribution=voice.attribution,
            speaker=voice.speaker,
            in_quote=place.quote is not None,
            sentence=sentence.text,
            sentence_start=sentence.start,
            setting=sentence.setting,
            article=passage.article,
            unit=quantity.unit or _understood_unit(place, right),
            disputed=sentence.disputed,
        )

    def _verb_before(self, begin: int, end: int) -> str:
        """The last verb of the conjunct that ends at a number and begins at `begin` or later, or ""."""
        begin = max(begin, self.body.rfind(" and ", begin, end))
        for at in range(bisect_left(self.verbs, end) - 1, -1, -1):
            if self.verbs[at] < begin:
                break
            word = _WORD.match(self.folded, self.verbs[at])
            if word and word[0] in _VERBS:
                return word[0]
        return ""

    def _introduction(self, quote: Span) -> str:
        """Who is named for a quotation: in the words before it, or else behind it, on the same line."""
        before = _STOP_BEFORE.split(self.body[max(0, quote[0] - _SPEAKER_REACH) : quote[0]])[-1]
        after = _STOP_AFTER.split(self.body[quote[1] : quote[1] + _SPEAKER_REACH].lstrip(), 1)[0]
        for passage in (f"{before} …", f"… {after}"):
            voice = sentence_voice(passage)
            if voice.attribution == NAMED:
                return voice.cue
        return ""

    def _voice(self, place: _Place) -> Voice:
        if place.quote:
            return Voice(QUOTE, self._introduction(place.quote))
        sentence = place.sentence
        if sentence.voice is None:
            sentence.voice = self._own_voice(sentence)
        return sentence.voice

    def _own_voice(self, sentence: _Sentence) -> Voice:
        """Who says what a sentence states outside quotation marks."""
        is_voiced = sentence.signs & _VOICED or "(" in sentence.text
        own = sentence_voice(sentence.text, bool(sentence.signs & _HEARSAY)) if is_voiced else NOBODY
        if own.speaker.lower() in PRONOUNS:
            before = self._voice_of(sentence.before)
            return before if before.attribution == NAMED and before.speaker[:1].isupper() else own
        if own.attribution != NONE:
            return own
        if self.own_paper:
            return Voice(NAMED, self.source)
        # What is between two of one voice is said by it, too.
        if _GOES_ON.match(sentence.text) or self._voice_of(sentence.after).attribution == NAMED:
            return self._voice_of(sentence.before)
        return own

    def _voice_of(self, span: Span | None) -> Voice:
        """The voice of a neighbouring sentence."""
        return sentence_voice(self.body[slice(*span)]) if span and self.signs.kinds_in(*span) & _VOICED else NOBODY


def _understood_unit(place: _Place, right: str) -> str:
    """The unit of the number before in the sentence, where none is named and no noun follows: "9 per cent against 4, …"."""
    return place.previous.unit if place.previous and place.previous.unit != ORDINAL and _NO_NOUN.match(right) else ""


_NO_NOUN = re.compile(
    r"\s*(?:[,.;:)–—]|$|(?:next|in|at|for|by|with|without|the|last|now|after|before|against|and|but|to|than|then|on|among)\b)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:Of (?:th(?:em|ese|ose)|the)|They|Those|These|He|She|It|That|This|Another|The other|A further|Eight of"
    r"|\w+ of (?:them|those|these))\b"
)
_SUBJECT_PLACE = re.compile(r"([A-Z](?<!\w[A-Z])[\w’'\-]+(?: [A-Z][\w’'\-]+){0,2})")


def _names(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([name for name in found if name.split(None, 1)[0] not in _NOT_PLACES])) if found else ()


def _counted(quantity: Quantity, left: str, right: str) -> str:
    """The noun phrase that is counted: the unit of a count, what follows a measure or a bare number, else the words to its left."""
    if quantity.unit == ORDINAL:
        return " ".join((quantity.text.partition(" ")[2] + " " + _phrase(right)).split()[:_PHRASE_WORDS])
    if quantity.unit and quantity.unit not in UNITS and quantity.unit not in CURRENCIES and " per " not in quantity.unit:
        return quantity.unit
    if quantity.unit:
        right = _OF.sub("", right)
    phrase = _phrase(right)
    if phrase:
        return phrase
    return quantity.unit or " ".join(_LEFT_WORDS.findall(left)[-_PHRASE_WORDS:])


_OF = re.compile(r"^\s*of\s+(?:the\s+|its\s+|their\s+|his\s+|her\s+|our\s+|all\s+)?")
_LEFT_WORDS = re.compile(r"[\w’'\-]+")


def _phrase(text: str) -> str:
    end = _PHRASE_END.search(text)
    return " ".join((text[: end.start()] if end else text).split()[:_PHRASE_WORDS])


def _predicate(precedes: str, right: str, folded: str) -> str:
    """The verb a number belongs to: "NUM people were V-ed" to the right, given also `folded`, else the one that `precedes` it."""
    if precedes and precedes not in _AUXILIARIES:
        return precedes
    clause = _CLAUSE.match(folded)
    follows = _VERB_RIGHT.match(folded) if clause and has_any(clause[0], _VERB_HINTS) else None
    return right[follows.start(1) : follows.end(1)].lower() if follows else precedes


def _rate(stated: str, right: str) -> str:
    """The time a number is counted in: "5,000 weekly", "5,000 soldiers a week", within three words; in small letters."""
    # Not from the first letter: "a week" is a span of time and no rate.
    match = _RATE.search(stated, 1)
    if match is None and right[:1].isspace():
        match = _RATE_RIGHT.match(right)
    return (match[1] or _PER[match[2]]) if match else ""


def claims_of(documents: Iterable[Document | LabelledDocument]) -> Iterator[Claim]:
    """The claims of many documents, one after another."""
    for document in documents:
        yield from read_claims(document)


__all__ = ["articles_of", "claims_of", "document_of", "is_weighed", "kept_text", "read_claims", "source_of"]
