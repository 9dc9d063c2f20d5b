"""Articles → which of them report on one event, so that their claims are compared.

Two articles are neighbours when they share rare words in the sentences that hold their claims, or rare names; no other pair is looked at.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import TypeVar

from noisefilter.records import Claim
from noisefilter.reliability.everyday import EVERYDAY
from noisefilter.reliability.grouping import Groups
from noisefilter.reliability.wording import stem, stems

# Articles. A word in more of them ties nothing together.
COMMON_WORD = 30
# Rare words that two articles must share to be compared, everyday words not counted. Of pairs of articles of the clusters, each pair's two
# events left out of the list of everyday words, 2 compares 95 % of those of one event and 8 % of those of two; 3 compares 88 % and 2 %;
# without the list, 3 compared nearly all of both.
FEWEST_SHARED = 2
# Articles with which each is compared, those it shares most with.
NEIGHBOURS = 20
# Pages in one event, that is, tied together by the pairs that are compared; weaker pairs that would make a larger one are not compared.
# It bounds the memory of matching: up to 1 MB a page where each has its 20 neighbours. The events of the clusters have 7 pages at most.
MOST_IN_EVENT = 300

Page = tuple[str, str]
Article = tuple[str, str, int]


def article_of(claim: Claim) -> Article:
    """The article that a claim stands in."""
    return claim.source, claim.document_id, claim.article or 0


def neighbours(claims: Sequence[Claim], texts: Mapping[Article, str] | None = None) -> set[tuple[Article, Article]]:
    """Pairs of articles of different sources that share rare words around their figures, or rare names in their `texts`."""
    words: dict[Article, set[str]] = defaultdict(set)
    for (article, sentence), _ in groupby(claims, key=lambda claim: (article_of(claim), claim.sentence)):
        words[article].update(words_in(sentence))
    for article, text in (texts or {}).items():
        if article in words:
            words[article].update(names_in(text))
    holders: dict[str, list[Article]] = defaultdict(list)
    for article, found in words.items():
        for word in found:
            holders[word].append(article)
    shared: Counter[tuple[Article, Article]] = Counter()
    for articles in holders.values():
        if 1 < len(articles) <= COMMON_WORD:
            shared.update(combinations(sorted(articles), 2))
    rare = {pair: n for pair, n in shared.items() if n >= FEWEST_SHARED and pair[0][0] != pair[1][0]}
    return set(strongest(sorted(rare, key=lambda pair: (-rare[pair], pair)), lambda article: article[:2]))


def words_in(sentence: str) -> set[str]:
    """The stems of the words of a sentence that do not stand in reports on anything."""
    return set(stems(sentence)) - EVERYDAY


def names_in(text: str) -> set[str]:
    """The stems of the capitalised words inside the sentences of a text; weekdays and the like are no names."""
    return {stem(name) for name in set(_NAME.findall(text))} - EVERYDAY


_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]{3,}")


def comparable_articles(
    articles: Iterable[tuple[Article, Article]], are_two_voices: Callable[[tuple[str, str], tuple[str, str]], bool]
) -> set[Article]:
    """The articles that have a neighbour of another voice: somebody else reports on their event."""
    found: set[Article] = set()
    for one, other in articles:
        if are_two_voices(one[:2], other[:2]):
            found.update((one, other))
    return found


K = TypeVar("K", bound=Hashable)
P = TypeVar("P", bound=Hashable)


def strongest(pairs: Iterable[tuple[K, K]], page_of: Callable[[K], P], most: int = MOST_IN_EVENT) -> Iterator[tuple[K, K]]:
    """Of pairs of articles, strongest first, those that are compared: so many of each article, and so many pages in one event.

    >>> list(strongest([(1, 2), (3, 4), (2, 3), (5, 6)], lambda article: article, most=3))
    [(1, 2), (3, 4), (5, 6)]
    """
    kept: Counter[K] = Counter()
    events = Groups[P]()
    for one, other in pairs:
        if min(kept[one], kept[other]) < NEIGHBOURS and events.join(page_of(one), page_of(other), most):
            kept.update((one, other))
            yield one, other


__all__ = ["Article", "Page", "article_of", "comparable_articles", "names_in", "neighbours", "strongest", "words_in"]
