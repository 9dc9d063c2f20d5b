"""Which paragraphs of a file belong to one article, and which article a teaser announces.

Articles of a feed are parted by what stands between them: a teaser, spam, comments, legal text. A byline, a caption or a promo in the
middle of the text parts nothing. A teaser belongs to the article that holds the paragraph it was cut from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from noisefilter.noise.segment import Batch
from noisefilter.records import LABELS, Label

Ints = NDArray[np.int64]

_KEPT = np.array([label.is_kept for label in LABELS])
# Labels that stand between two articles of a feed and not inside one.
_PARTING = np.array([label in (Label.TEASER, Label.SPAM, Label.COMMENT, Label.LEGAL) for label in LABELS])
_TEASER, _HEADING, _CONTENT = (LABELS.index(label) for label in (Label.TEASER, Label.HEADING, Label.CONTENT))


def heading_nothing(codes: Ints, documents: Ints) -> Ints:
    """Places of the headings that have no content below them in their document.

    They are text: of 41 such on authors held out one was a heading, and a short file of one sentence often looks like one.

    >>> heading, content = (LABELS.index(Label(name)) for name in ("heading", "content"))
    >>> heading_nothing(np.array([heading, content, heading, heading]), np.array([0, 0, 0, 1])).tolist()
    [2, 3]
    """
    last = np.full(int(documents.max(initial=-1)) + 1, -1)
    text = np.flatnonzero(codes == _CONTENT)
    last[documents[text]] = text
    return np.flatnonzero((codes == _HEADING) & (np.arange(len(codes)) > last[documents]))


def number_articles(codes: Ints, documents: Ints) -> Ints:
    """Article of each paragraph, from 1 in every document; 0 where it belongs to none.

    >>> teaser, heading, content = (LABELS.index(Label(name)) for name in ("teaser", "heading", "content"))
    >>> number_articles(np.array([teaser, heading, content, teaser, content]), np.zeros(5, int)).tolist()
    [0, 1, 1, 0, 2]
    """
    kept = np.flatnonzero(_KEPT[codes])
    articles = np.zeros(len(codes), np.int64)
    if not len(kept):
        return articles
    partings = np.cumsum(_PARTING[codes])[kept]
    owners = documents[kept]
    fresh = np.ones(len(kept), bool)
    fresh[1:] = (partings[1:] != partings[:-1]) | (owners[1:] != owners[:-1])
    total = np.cumsum(fresh)
    articles[kept] = total - total[np.searchsorted(owners, owners)] + 1
    return articles


def announced(codes: Ints, partners: Ints, articles: Ints, batch: Batch) -> list[int | None]:
    """For each teaser, the index in its document of the first paragraph of its article; None for an orphan."""
    found: list[int | None] = [None] * len(codes)
    for teaser in np.flatnonzero((codes == _TEASER) & (partners >= 0)).tolist():
        article = articles[partners[teaser]]
        if article:
            first, last = batch.first_paragraphs[batch.documents[teaser] + np.arange(2)]
            found[teaser] = int(np.argmax(articles[first:last] == article))
    return found
