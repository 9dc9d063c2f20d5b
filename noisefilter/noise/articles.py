"""Which paragraphs of a file belong to one article, and which article a teaser announces.

A teaser that was cut from a paragraph names an article: it begins at that paragraph, or at the standfirst and headings right above
it. A heading that stands behind running text of another article opens a new one only where a teaser, a byline or spam parts them;
otherwise it is a section heading.
"""

from __future__ import annotations

from collections.abc import Sequence

from noisefilter.records import Label

# Labels that stand between two articles of a feed and not inside one.
_PARTING = frozenset({Label.TEASER, Label.SPAM, Label.COMMENT, Label.LEGAL})


def number_articles(labels: Sequence[Label]) -> list[int | None]:
    """Article of each paragraph, from 1; None where it belongs to none.

    >>> number_articles([Label.TEASER, Label.HEADING, Label.CONTENT, Label.TEASER, Label.CONTENT])
    [None, 1, 1, None, 2]
    """
    articles: list[int | None] = []
    current, parted = 0, True
    for label in labels:
        if label.is_kept:
            if parted:
                current += 1
            parted = False
            articles.append(current)
        else:
            parted = parted or label in _PARTING
            articles.append(None)
    return articles


def announced(labels: Sequence[Label], partners: Sequence[int], articles: Sequence[int | None]) -> list[int | None]:
    """For each teaser, the first paragraph of its article in the file, or None for an orphan."""
    begins: dict[int, int] = {}
    for index, article in enumerate(articles):
        if article is not None:
            begins.setdefault(article, index)
    found: list[int | None] = []
    for label, partner in zip(labels, partners, strict=True):
        article = articles[partner] if label == Label.TEASER and partner >= 0 else None
        found.append(begins[article] if article is not None else None)
    return found
