"""What is true, and who is accurate, when sources disagree.

Method
------
Every claim votes for its value, by the accuracy `a` of its source (Dong et al., Accu; `e` is how sure we are to have read it rightly,
as in Knowledge-Based Trust)::

    score(v) = Σ weight · support · ln(N · a · e / (1 - a · e))         N false values are as likely as each other
    P(v)     = exp score(v) / (Σ exp score(other values) + values nobody states)

A claim supports its own value, and in part others: a number supports those that are equal after rounding, a country supports a city
in it a little. The claims of one group of copies share one vote.

Then the accuracy of each source is estimated from the probabilities of its claims, and so on, `ROUNDS` times. Three things keep the
sources from proving themselves right:

* Only objects with three voices teach. Of two that disagree, nobody can say which is right.
* A claim is judged with half of its own vote taken away.
* A source with few claims is drawn towards the mean of sources that say as little (empirical Bayes).

`e` is learnt too, for what is not a number: a value that its source gives for many objects, and that others confirm much more rarely than
the source's other values, was probably misread ("born to Elizabeth" read as a place).

The truth is never looked at. Settings and how much each matters: docs/decisions/truth-discovery.md, measured by scripts/truth.py.

Dong, Berti-Équille, Srivastava (2009), Integrating conflicting data; Dong et al. (2015), Knowledge-based trust.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# False values as likely as each other. From 10 to 50 the error on populations moves by 0.004, exact birthplaces by 0.002.
N_FALSE = 20
# Chance that a claim was read rightly, and how many claims of a value that chance is worth against how often the value is confirmed.
# From 8 to 24 claims exact birthplaces are 0.769-0.772; 0.761 where nothing is learnt of readings.
EXTRACTION, READING_WEIGHT = 0.95, 10.0
# Accuracy expected before anything is seen, and how many claims the expectation is worth against those of a source,
# and against those of all sources with as many claims.
EXPECTED_ACCURACY, EXPECTED_WEIGHT, POOLED_WEIGHT = 0.8, 4.0, 5.0
# Claims of a source: 1, 2-3, 4-9, 10 and more are pooled.
POOLS = np.array([1.5, 3.5, 9.5])
# Voices on one object under which nothing is learned about its sources, and the share of its own vote a claim is judged without.
FEWEST_VOICES, OWN_VOTE_REMOVED = 3, 0.5
ROUNDS = 20
# Relative difference of numbers that are taken for the same; and the most that rounding can excuse.
TOLERANCE, LARGEST_ROUNDING = 0.01, 0.05
# How much of a vote a place gives to a place inside it. From 0.5 to 1 exact birthplaces move by 0.0015.
FROM_GENERAL = 0.7
# Distinct numbers on either side that one number can support: bounds the work when thousands crowd together.
MOST_NEAR = 50


@dataclass(frozen=True)
class Resolution:
    """`values` has a row an object: object, value, probability, n_sources; `sources` a row a source: source, accuracy, n_claims."""

    values: pd.DataFrame
    sources: pd.DataFrame


@dataclass(frozen=True)
class _Votes:
    """Claims, and what they support.

    `source`, `object`, `voice` and `weight` have shape ``(n_claims,)``; claims of one group of copies on one object have one voice.
    `claim`, `value` and `degree` have shape ``(n_supports,)``; `value_object` ``(n_values,)``.
    """

    source: Ints
    object: Ints
    voice: Ints
    weight: Floats
    claim: Ints
    value: Ints
    degree: Floats
    value_object: Ints


@dataclass(frozen=True)
class _Support:
    """Values whose claims support other values of the same object: `giver`, `taker` and `degree`, shape ``(n_relations,)``."""

    giver: Ints
    taker: Ints
    degree: Floats


def resolve_claims(frame: pd.DataFrame, *, tolerance: float = TOLERANCE, seed: int = 0) -> Resolution:
    """Find for each object the value most likely true, and for each source how accurate it is.

    `frame` has the columns object, source, value and, if wanted, weight (0-1). Values are numbers, strings, or paths from the narrow to
    the wide as tuples: ``("Minneapolis", "Minnesota", "USA")``.

    >>> import pandas as pd
    >>> rows = [("Akron", "beirne", 217074), ("Akron", "ohwiki", 217000), ("Akron", "anonymous", 999), ("Allen", "ohwiki", 43554)]
    >>> resolution = resolve_claims(pd.DataFrame(rows, columns=["object", "source", "value"]))
    >>> resolution.values["value"].tolist()
    [217074.0, 43554.0]
    >>> resolution.sources.sort_values("accuracy")["source"].iloc[0]
    'anonymous'

    The probability is that of the value within `tolerance`, or of anything inside the place named. Of equally likely values the more
    precise is taken, then one at random, by `seed`.
    """
    import pandas as pd

    rows = _claims(frame)
    is_number = pd.api.types.is_numeric_dtype(rows["value"])
    objects, object_names = pd.factorize(rows["object"], sort=True)
    sources, source_names = pd.factorize(rows["source"], sort=True)
    codes = rows.groupby(["object", "value"], sort=True).ngroup().to_numpy(np.int64)
    first = np.unique(codes, return_index=True)[1]
    values, value_object = rows["value"].to_numpy()[first], objects[first]
    if is_number:
        support, precision = _near_numbers(value_object, values, tolerance), _digits(values)
    else:
        support, precision = _inside_places(value_object, values), np.array([len(v) if isinstance(v, tuple) else 1.0 for v in values])
    claim, value, degree = _spread_support(codes, support)
    weight = rows["weight"].to_numpy(np.float64)
    votes = _Votes(sources, objects, np.arange(len(rows)), weight, claim, value, degree, value_object)
    extraction = EXTRACTION if is_number else _readings(votes, codes, pd.factorize(rows["value"])[0])
    probability, accuracy = _estimate(votes, len(source_names), extraction)
    best = _best(value_object, probability, precision, seed)
    within = np.bincount(support.giver, probability[support.taker], minlength=len(values))
    found = {"value": values[best], "probability": np.minimum(1, within[best]), "n_sources": np.bincount(objects)}
    judged = {"accuracy": accuracy, "n_claims": np.bincount(sources)}
    return Resolution(pd.DataFrame({"object": object_names} | found), pd.DataFrame({"source": source_names} | judged))


def resolve_facts(fact: Ints, group: Ints, source: Ints, agrees: NDArray[Any], *, extraction: float = EXTRACTION) -> tuple[Floats, Floats]:
    """The chance that each fact is as stated, and the accuracy of each source; a group of copies has one vote on a fact.

    Each row is a claim: the number of the fact it speaks of, of its source and of that source's group, and whether it agrees with the
    fact as stated (True or 1, False or 0, or between). Those that do not agree are taken to agree with one another.

    >>> fact, group, source = np.array([0, 0, 1, 1, 1]), np.array([0, 0, 0, 1, 2]), np.array([0, 1, 0, 2, 3])
    >>> probability, accuracy = resolve_facts(fact, group, source, np.array([True, True, False, True, True]))
    >>> probability.round(2).tolist()
    [0.67, 1.0]

    Two copies of one report make a fact no more likely than one; two witnesses against a third settle it.
    """
    n_claims = len(fact)
    voices, voice = np.unique(np.stack((fact, group), axis=1), axis=0, return_inverse=True)
    voice = voice.reshape(-1)
    weight = 1 / np.bincount(voice, minlength=len(voices))[voice]
    agree = np.asarray(agrees, np.float64)
    claim = np.tile(np.arange(n_claims), 2)
    value = np.concatenate((2 * fact, 2 * fact + 1))
    degree = np.concatenate((agree, 1 - agree))
    n_facts, n_sources = int(fact.max(initial=-1)) + 1, int(source.max(initial=-1)) + 1
    votes = _Votes(source, fact, voice, weight, claim, value, degree, np.repeat(np.arange(n_facts), 2))
    probability, accuracy = _estimate(votes, n_sources, extraction)
    return probability[0::2], accuracy


def _claims(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that say something, once each, values comparable."""
    import pandas as pd

    missing = {"object", "source", "value"} - set(frame.columns)
    if missing:
        raise ValueError(f"no column {', '.join(sorted(missing))} (columns: {', '.join(map(str, frame.columns))})")
    rows = frame.dropna(subset=["object", "source", "value"])
    if pd.api.types.is_numeric_dtype(rows["value"]):
        values = rows["value"].astype(np.float64)
        rows, values = rows[np.isfinite(values)], values[np.isfinite(values)]
    else:
        values = rows["value"].map(lambda value: tuple(value) if isinstance(value, list | tuple) else value)
    rows = rows.assign(value=values, weight=rows.get("weight", 1.0))
    return rows.drop_duplicates(["object", "source", "value"])


def _near_numbers(value_object: Ints, values: Floats, tolerance: float) -> _Support:
    """Numbers that are the same within the tolerance or after rounding; `values` ascend within each object.

    >>> near = _near_numbers(np.zeros(3, np.int64), np.array([8860.0, 9000.0, 9999.0]), 0.0)
    >>> list(zip(near.giver.tolist(), near.taker.tolist()))
    [(0, 0), (1, 1), (2, 2), (0, 1), (1, 0)]
    """
    size = np.abs(values)
    slack = np.maximum(tolerance * size, np.minimum(_rounding(values), LARGEST_ROUNDING * size))
    index = np.arange(len(values))
    pairs = [(index, index)]
    for distance in range(1, MOST_NEAR + 1):
        low, high = index[:-distance], index[distance:]
        same = value_object[low] == value_object[high]
        if not same.any():
            break
        near = np.flatnonzero(same & (values[high] - values[low] <= np.maximum(slack[low], slack[high])))
        pairs += [(low[near], high[near]), (high[near], low[near])]
    giver, taker = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return _Support(giver, taker, np.ones(len(giver)))


def _digits(values: Floats) -> Floats:
    """Significant digits of each number.

    >>> _digits(np.array([9000.0, 8860.0, 0.25, 0.0])).tolist()
    [1.0, 3.0, 2.0, 1.0]
    """
    return np.array(
        [len(f"{value:.15g}".split("e")[0].replace(".", "").lstrip("-0").rstrip("0")) or 1 for value in values.tolist()], np.float64
    )


def _rounding(values: Floats) -> Floats:
    """Half a unit of the last significant digit.

    >>> _rounding(np.array([90.0, 5000.0, 12.0])).tolist()
    [5.0, 500.0, 0.5]
    """
    size = np.where(values == 0, 1, np.abs(values))
    return 0.5 * 10 ** (np.floor(np.log10(size) + 1e-12) + 1 - _digits(values))


def _inside_places(value_object: Ints, values: NDArray[Any]) -> _Support:
    """A place supports the places of the same object inside it; other values support only themselves."""
    index = {(int(owner), value): number for number, (owner, value) in enumerate(zip(value_object.tolist(), values, strict=True))}
    rows = [(number, number, 1.0) for number in range(len(values))]
    for (owner, value), number in index.items():
        if isinstance(value, tuple):
            wider = (index.get((owner, value[cut:])) for cut in range(1, len(value)))
            rows += [(place, number, FROM_GENERAL) for place in wider if place is not None]
    giver, taker, degree = zip(*rows, strict=True) if rows else ((), (), ())
    return _Support(np.array(giver, np.int64), np.array(taker, np.int64), np.array(degree, np.float64))


def _spread_support(codes: Ints, support: _Support) -> tuple[Ints, Ints, Floats]:
    """From values that support values to claims that support values."""
    order = np.argsort(support.giver, kind="stable")
    firsts = np.searchsorted(support.giver[order], codes)
    counts = np.searchsorted(support.giver[order], codes, side="right") - firsts
    at = order[np.repeat(firsts - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))]
    return np.repeat(np.arange(len(codes)), counts), support.taker[at], support.degree[at]


def _readings(votes: _Votes, codes: Ints, names: Ints) -> Floats:
    """The chance that each claim was read rightly: how often others confirm this name from this source, against its other names.

    `codes` is the value and `names` the name that each claim states, the same on whatever object, both of shape ``(n_claims,)``.
    """
    is_met = np.bincount(votes.object)[votes.object] > 1
    is_confirmed = is_met & (np.bincount(votes.value)[codes] > 1)
    n_met, n_confirmed = (np.bincount(votes.source, what) for what in (is_met, is_confirmed))
    usual = ((EXPECTED_WEIGHT * EXPECTED_ACCURACY + n_confirmed) / (EXPECTED_WEIGHT + n_met))[votes.source]
    said = np.unique(votes.source * (names.max(initial=0) + 1) + names, return_inverse=True)[1].reshape(-1)
    met, confirmed = (np.bincount(said, what)[said] for what in (is_met, is_confirmed))
    share: Floats = (READING_WEIGHT * usual + confirmed) / (READING_WEIGHT + met)
    return EXTRACTION * np.minimum(1, share / usual)


def _estimate(votes: _Votes, n_sources: int, extraction: Floats | float) -> tuple[Floats, Floats]:
    """The probability of each value and the accuracy of each source."""
    n_values = len(votes.value_object)
    n_objects = int(votes.value_object.max(initial=-1)) + 1
    unseen = np.maximum(1, N_FALSE + 1 - np.bincount(votes.value_object, minlength=n_objects))
    n_voices = np.bincount(votes.object, _first_of(votes.voice), minlength=n_objects)
    teaches = votes.weight * (n_voices >= FEWEST_VOICES)[votes.object]
    of_voice = np.unique(votes.voice[votes.claim] * n_values + votes.value, return_inverse=True)[1].reshape(-1)
    pools = np.searchsorted(POOLS, np.bincount(votes.source, minlength=n_sources))
    accuracy = np.full(n_sources, EXPECTED_ACCURACY)
    probability = np.empty(n_values)
    for _ in range(ROUNDS):
        right = accuracy[votes.source] * extraction
        vote = votes.degree * (votes.weight * np.maximum(0, np.log(N_FALSE * right / (1 - right))))[votes.claim]
        score = np.bincount(votes.value, vote, minlength=n_values)
        top = np.zeros(n_objects)
        np.maximum.at(top, votes.value_object, score)
        nobody = unseen * np.exp(-top)
        odds = np.exp(score - top[votes.value_object])
        probability = odds / (np.bincount(votes.value_object, odds, minlength=n_objects) + nobody)[votes.value_object]
        own = OWN_VOTE_REMOVED * np.bincount(of_voice, vote)[of_voice]
        believed = _judge(votes, odds, nobody, own)
        accuracy = _accuracies(votes.source, pools, teaches, believed)
    return probability, accuracy


def _first_of(voice: Ints) -> Floats:
    """1 for the first claim of each voice, 0 for its copies."""
    first = np.zeros(len(voice))
    first[np.unique(voice, return_index=True)[1]] = 1
    return first


def _judge(votes: _Votes, odds: Floats, nobody: Floats, own: Floats) -> Floats:
    """The probability of each claim, its own voice in part taken away."""
    n_claims = len(votes.source)
    others = odds[votes.value] * np.exp(-own)
    supported = np.bincount(votes.claim, others, minlength=n_claims)
    right = np.bincount(votes.claim, others * (votes.degree >= 1), minlength=n_claims)
    total = np.bincount(votes.value_object, odds, minlength=len(nobody))[votes.object]
    rest = total - np.bincount(votes.claim, odds[votes.value], minlength=n_claims)
    return right / (supported + np.maximum(rest, 0) + nobody[votes.object])


def _accuracies(source: Ints, pools: Ints, teaches: Floats, believed: Floats) -> Floats:
    n_sources, n_pools = len(pools), len(POOLS) + 1
    taught, right = np.bincount(source, teaches, minlength=n_sources), np.bincount(source, teaches * believed, minlength=n_sources)
    pooled = np.bincount(pools, right, minlength=n_pools) + POOLED_WEIGHT * EXPECTED_ACCURACY
    expected = pooled / (np.bincount(pools, taught, minlength=n_pools) + POOLED_WEIGHT)
    return (EXPECTED_WEIGHT * expected[pools] + right) / (EXPECTED_WEIGHT + taught)


def _best(value_object: Ints, probability: Floats, precision: Floats, seed: int) -> Ints:
    """The likeliest value of each object; of equals the more precise, then one at random."""
    chance = np.random.default_rng(seed).random(len(probability))
    order = np.lexsort((chance, precision, probability.round(6), value_object))
    return order[np.flatnonzero(np.diff(value_object[order], append=-1))]
