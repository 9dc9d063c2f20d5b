"""Every regular expression of the package is pumped: strings made of its own pieces, doubled and doubled again, must not take ever longer.

The pieces are read off the pattern: each repeated part gives a string that it matches, and that string, many times over, with something
behind it that cannot match, is what makes a bad pattern try every way to cut it.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

import noisefilter

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_parse

# Characters, each size after the first few four times the one before. A pattern that tries every way shows at the small ones, a quadratic
# one takes some 0.3 s for the last.
SIZES = (16, 20, 24, 28, 250, 1_000, 4_000)
# Seconds that no pattern takes which grows in line, and how many times longer four times the text may take.
NOTICEABLE, MOST_GROWTH = 0.05, 9.0
# Behind the pumped part: what ends a word, a number, a sentence, and what fits nowhere.
TAILS = ["!", " x"]

# Known failures: quadratic in a run of blanks, digits, capitals or names without an end. Take a name out when its pattern is mended.
KNOWN_SLOW = frozenset(
    f"reliability.{name}.0"
    for name in (
        "absolutes._NO_WORD_OF",
        "absolutes._WHO",
        "arithmetic._AGAIN",
        "arithmetic._OF",
        "arithmetic._ONE_OF_THEM",
        "arithmetic._OTHER",
        "arithmetic._PARTS",
        "claims._NO_NOUN",
        "claims._RATE_RIGHT",
        "measures._PER",
        "ranks._APPOSED",
        "ranks._ITEM",
        "ranks._PARTED",
        "roles._AFTER",
        "sentences._END",
        "slots._LISTED",
    )
)


def patterns_of(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (found for one in value.values() for found in patterns_of(one))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (found for one in value for found in patterns_of(one))


def all_patterns() -> dict[str, re.Pattern[Any]]:
    found = {}
    for module in pkgutil.walk_packages(noisefilter.__path__, "noisefilter."):
        # Adapters hold no patterns and need libraries that are extras.
        if module.name.startswith("noisefilter.adapters."):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for number, pattern in enumerate(patterns_of(value)):
                found[f"{module.name.removeprefix('noisefilter.')}.{name}.{number}"] = pattern
    return found


PATTERNS = all_patterns()


def example(parsed: Any) -> str:
    """A string that (roughly) matches a parsed pattern, each repeat once."""
    return "".join(_example(str(code), value) for code, value in parsed)


def _example(code: str, value: Any) -> str:
    if code == "LITERAL":
        return chr(value)
    if code == "NOT_LITERAL":
        return "a" if value != ord("a") else "b"
    if code == "ANY":
        return "a"
    if code == "IN":
        return _member(value)
    if code == "BRANCH":
        return example(value[1][0])
    if code == "SUBPATTERN":
        return example(value[-1])
    if code in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return example(value[2]) * max(1, min(value[0], 3))
    return example(value) if code == "ATOMIC_GROUP" else ""


def _member(members: Any) -> str:
    categories = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}
    for code, value in members:
        if str(code) == "LITERAL":
            return chr(value)
        if str(code) == "RANGE":
            return chr(value[0])
        if str(code) == "CATEGORY":
            return categories.get(str(value), "-")
    return "a"


def pumps(parsed: Any) -> Iterator[str]:
    """What each repeated part matches, and all repeats one after another."""
    repeats = list(_repeats(parsed))
    yield from repeats
    yield "".join(repeats[:6])
    yield example(parsed)


def _repeats(parsed: Any) -> Iterator[str]:
    for code, value in parsed:
        if str(code) in ("MAX_REPEAT", "MIN_REPEAT"):
            yield example(value[2])
            yield from _repeats(value[2])
        elif str(code) == "SUBPATTERN":
            yield from _repeats(value[-1])
        elif str(code) == "BRANCH":
            for branch in value[1]:
                yield from _repeats(branch)


def seconds(pattern: re.Pattern[Any], text: Any) -> float:
    """The best of three, or the first where it is quick."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        for _ in pattern.finditer(text):
            pass
        best = min(best, time.process_time() - began)
        if best < NOTICEABLE:
            break
    return best


def grows(pattern: re.Pattern[Any], piece: str, tail: str) -> bool:
    """Whether a text takes too long for what a shorter one took."""
    before = 0.0
    for size in SIZES:
        pumped: Any = (piece * (size // len(piece) + 1))[:size] + tail
        now = seconds(pattern, pumped.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else pumped)
        if now > NOTICEABLE:
            return now > MOST_GROWTH * before
        before = now
    return False


def test_there_are_patterns_to_pump() -> None:
    assert len(PATTERNS) > 30


def each_pattern() -> Iterator[Any]:
    for name in PATTERNS:
        known = pytest.mark.xfail(reason="quadratic", run=False)
        yield pytest.param(name, marks=known if name in KNOWN_SLOW else ())


@pytest.mark.parametrize("name", list(each_pattern()))
def test_no_pattern_takes_ever_longer(name: str) -> None:
    pattern = PATTERNS[name]
    parsed = sre_parse.parse(pattern.pattern, pattern.flags)
    pieces = {piece for piece in pumps(parsed) if piece} | {"a", "1", " ", "a ", "1 ", "A", "1,", "."}
    slow = [(piece, tail) for piece in sorted(pieces) for tail in TAILS if grows(pattern, piece, tail)]
    assert slow == []


@pytest.mark.parametrize("bad", [r"(a+)+b", r"\s*\d+\s*x", r"(\w+\s?)*$", "a*a*a*b"])
def test_the_pump_finds_bad_patterns(bad: str) -> None:
    pattern = re.compile(bad)
    pieces = {piece for piece in pumps(sre_parse.parse(bad)) if piece} | {" ", "1"}
    assert any(grows(pattern, piece, tail) for piece in pieces for tail in TAILS)
