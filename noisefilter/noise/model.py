"""The trained model as arrays: judge batches, save, load, verify. NumPy only.

A model is a folder: ``weights.npz`` (arrays, no objects), ``model.json`` (format, labels, sizes, SHA-256 of the arrays, how it was
trained) and ``card.md``. Loading checks the digest, the format, the labels, and every array's type, shape and values before anything is
used, and never unpickles.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noisefilter.errors import ModelError
from noisefilter.noise.arrays import LARGEST_FILE, check_shapes, read_arrays
from noisefilter.noise.context import KINDS, Context, describe_context
from noisefilter.noise.hashing import GAP_BITS, LANES, OFFSET, Hashes, Words, read_words, rows_of, sum_words
from noisefilter.noise.precision import PrecisionTable, Promise
from noisefilter.noise.segment import NEWLINE, Batch
from noisefilter.records import LABELS, Label

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

# For each document a description of each line, or None.
Markup = Sequence[Sequence[str] | None] | None

FORMAT = 2
_ABOUT, _NO_DIGEST = "about_sha256", "0" * 64
WORD_BITS = 16
VIEW_SIZES = {
    "word": 1 << WORD_BITS,
    "stem": 1 << WORD_BITS,
    "pair": 1 << WORD_BITS,
    "gap": 1 << GAP_BITS,
    "opening": 1 << WORD_BITS,
}
# A row whose lanes all stand for 0.
_NO_WEIGHT = np.frombuffer(bytes([OFFSET] * LANES), "<u8")[0]


@dataclass(frozen=True)
class LaneTables:
    """Packed weights of up to eight outputs a group: one table a view, and what a step of each lane is worth.

    `tables` maps a view to an array ``(n_groups, n_rows)``; `scale` and `intercept` have shape ``(n_outputs,)``.
    """

    tables: Mapping[str, Hashes]
    scale: Floats
    intercept: Floats

    @property
    def n_groups(self) -> int:
        """How many integers a row takes."""
        return -(-len(self.scale) // LANES)

    @cached_property
    def _rows(self) -> dict[str, Hashes]:
        """The tables with the groups of a row side by side, ``(n_rows, n_groups)``, so that a look-up meets one place in memory."""
        return {view: np.ascontiguousarray(table.T) for view, table in self.tables.items()}

    def sums(self, words: Words) -> Floats:
        """Weighted sums over each paragraph's words, shape ``(n_paragraphs, n_outputs)``."""
        rows = {
            "word": lambda: rows_of(words.hashes, WORD_BITS),
            "stem": lambda: rows_of(words.stems, WORD_BITS),
            "pair": lambda: rows_of(words.pairs, WORD_BITS),
            "gap": lambda: words.gaps,
        }
        inner = [view for view in rows if view in self.tables]
        packed = self._rows[inner[0]].take(rows[inner[0]](), axis=0)
        for view in inner[1:]:
            packed += self._rows[view].take(rows[view](), axis=0)
        sums = sum_words(packed, words, len(inner))
        if "opening" in self.tables:
            opening = self._rows["opening"].take(rows_of(words.openings, WORD_BITS), axis=0)
            sums += opening.view(np.uint8)
            sums -= OFFSET
        total: Floats = np.multiply(sums.T[: len(self.scale)], self.scale[:, None], order="C").T
        return total

    def scores(self, words: Words) -> Floats:
        """Linear scores, the sums divided by the root of the number of words: long and short paragraphs on one scale."""
        length = np.sqrt(np.maximum(words.counts, 1)).astype(np.float32)[:, None]
        return self.sums(words) / length + self.intercept


@dataclass(frozen=True)
class Fired:
    """Hidden units of the nets of one kind, for the paragraphs they are asked about.

    `rows` are the numbers of these paragraphs, `units` ``(n_nets * n_hidden, n_rows)`` are 0 where they do not fire, and `share`
    ``(n_rows,)`` says how much the answer of each of the `nets` counts.
    """

    nets: slice
    rows: Ints
    units: Floats
    share: Floats


@dataclass(frozen=True)
class Hidden:
    """What the networks make of paragraphs before their output layers; the shares of all nets sum to 1.

    `page_share` says how far each paragraph's document is a web page, 0-1.
    """

    page_share: Floats
    parts: tuple[Fired, ...]

    def dense(self, n_nets: int, n_hidden: int) -> tuple[Floats, Floats]:
        """Units ``(n_paragraphs, n_nets, n_hidden)`` and shares ``(n_paragraphs, n_nets)``, 0 for nets that are not asked."""
        units = np.zeros((len(self.page_share), n_nets, n_hidden), np.float32)
        shares = np.zeros((len(self.page_share), n_nets), np.float32)
        for part in self.parts:
            units[part.rows, part.nets] = part.units.T.reshape(len(part.rows), -1, n_hidden)
            shares[part.rows, part.nets] = part.share[:, None]
        return units, shares


@dataclass(frozen=True)
class Network:
    """The second stage: small networks with one hidden layer each, over standardised columns, and a gate that mixes them.

    Some nets are for running text (articles, feeds) and were taught by it alone, the others for whole web pages, with all their menus,
    and were taught by both. The gate, a logistic model on columns that tell the kind of document, says how far a document is a page
    (mixture of experts: Jacobs, Jordan, Nowlan, Hinton 1991). On authors and domains left out this beats one set of nets for both: noise
    F1 0.944 instead of 0.930 on the development dumps, with 0.6 % lost instead of 1.8 %, and 0.736 instead of 0.715 on pages.

    `hidden` is ``(n_columns, n_nets * n_hidden)``, `output` ``(n_nets, n_hidden, n_labels)``, `gate` ``(n_columns,)``, `gate_bias`
    ``(1,)`` and `for_pages` ``(n_nets,)``, 1 for the nets for pages and 0 for the others.
    """

    mean: Floats
    scale: Floats
    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats
    gate: Floats
    gate_bias: Floats
    for_pages: Floats

    @classmethod
    def none(cls) -> Network:
        """A network without units, for models whose second stage is still to be learnt."""
        empty = np.zeros(0, np.float32)
        return cls(empty, empty, empty, empty, np.zeros((0, 0, len(LABELS)), np.float32), empty, empty, empty, empty)

    # Standard deviations. Beyond it a column says no more; keeps odd files from running off.
    LIMIT = 6.0
    # Share of a kind under which its nets are not asked: most documents are clearly of one kind, and then half the work is saved.
    LEAST_SHARE = 0.02

    def standardise(self, columns: Floats) -> Floats:
        """Columns as the networks see them."""
        standard: Floats = columns - self.mean
        standard /= self.scale
        return np.clip(standard, -self.LIMIT, self.LIMIT, out=standard)

    def page_share(self, standard: Floats) -> Floats:
        """How far each paragraph's document is a web page, 0-1, shape ``(n_paragraphs,)``."""
        if self.for_pages.min(initial=1) == self.for_pages.max(initial=0):
            return np.full(len(standard), self.for_pages.max(initial=0), np.float32)
        share: Floats = 1 / (1 + np.exp(-(standard @ self.gate + self.gate_bias)))
        share[share < self.LEAST_SHARE] = 0
        share[share > 1 - self.LEAST_SHARE] = 1
        return share

    def activate(self, standard: Floats) -> Hidden:
        """Hidden units of the nets that are asked, and how much each net counts."""
        page_share = self.page_share(standard)
        parts = []
        for is_asked, share in ((self.for_pages > 0, page_share), (self.for_pages == 0, 1 - page_share)):
            nets, rows = np.flatnonzero(is_asked), np.flatnonzero(share)
            if len(nets) and len(rows):
                chosen = slice(int(nets[0]), int(nets[-1]) + 1)
                asked = standard if len(rows) == len(standard) else standard.T.take(rows, axis=1).T
                parts.append(Fired(chosen, rows, self._fire(asked, chosen), share[rows] / np.float32(len(nets))))
        return Hidden(page_share, tuple(parts))

    def _fire(self, standard: Floats, nets: slice) -> Floats:
        columns = self.columns_of(nets)
        units: Floats = self.hidden[:, columns].T @ standard.T
        units += self.hidden_bias[columns][:, None]
        return np.maximum(units, 0, out=units)

    def columns_of(self, nets: slice) -> slice:
        """Where the hidden units of some nets stand in `hidden`."""
        n_hidden = self.output.shape[1]
        return slice(nets.start * n_hidden, nets.stop * n_hidden)

    def probabilities(self, hidden: Hidden) -> Floats:
        """Probabilities ``(n_paragraphs, n_labels)`` from hidden units."""
        _, n_hidden, n_labels = self.output.shape
        total = np.zeros((n_labels, len(hidden.page_share)), np.float32)
        for part in hidden.parts:
            # Axes are nets, labels, paragraphs, so that every step runs along many paragraphs.
            scores = self.output[part.nets].transpose(0, 2, 1) @ part.units.reshape(-1, n_hidden, len(part.rows))
            scores += self.output_bias[part.nets][:, :, None]
            scores -= scores.max(axis=1, keepdims=True)
            np.exp(scores, out=scores)
            scores *= (part.share / scores.sum(axis=1))[:, None]
            total[:, part.rows] += scores.sum(axis=0)
        return total.T


NETWORK_ARRAYS = tuple(part.name for part in fields(Network))


def markup_of(batch: Batch, markup: Markup) -> list[str] | None:
    """The description of each paragraph's place in its page, empty in documents without markup; None where no document has any."""
    if markup is None or all(lines is None for lines in markup):
        return None
    newlines = np.flatnonzero(np.frombuffer(batch.buffer, np.uint8) == NEWLINE)
    line = np.searchsorted(newlines, batch.starts)
    line -= np.searchsorted(newlines, batch.document_starts[:-1])[batch.documents]
    return [lines[at] if (lines := markup[number]) else "" for number, at in zip(batch.documents.tolist(), line.tolist(), strict=True)]


def score_markup(tables: LaneTables, texts: Sequence[str] | None) -> Floats | None:
    """Scores of `KINDS` by the place in the page, shape ``(n_paragraphs, n_kinds)``; rows of paragraphs without markup are NaN."""
    if texts is None:
        return None
    scores = tables.scores(read_words("".join(text + "\n" for text in texts).encode()))
    scores[[not text for text in texts]] = np.nan
    return scores


def _in_main(described: Sequence[str]) -> NDArray[np.int8]:
    """What the descriptions (`corpus.html.describe_block`) say of the extractor's opinion, see `Verdicts.in_main`."""
    return np.array([(" ismain" in text) - (" notmain" in text) for text in described], np.int8)


@dataclass(frozen=True)
class Verdicts:
    """What a model says of a batch: probabilities ``(n_paragraphs, n_labels)`` and what they came from.

    `known_share` is, for each document, the share of its words that the model has learnt something about, 1 where it has no words.
    `in_main` is 1 where an extractor takes the paragraph for main text, -1 where it does not, 0 where there was no HTML; None where no
    document had any.
    """

    probabilities: Floats
    standard: Floats
    hidden: Hidden
    context: Context
    known_share: Floats
    in_main: NDArray[np.int8] | None = None

    @property
    def page_share(self) -> Floats:
        """How far each paragraph's document is a whole web page, 0-1."""
        return self.hidden.page_share


@dataclass(frozen=True)
class NoiseModel:
    """Both stages as arrays.

    `words` scores the labels and `KINDS`, `markup` scores `KINDS` by where a block stood in its page, `topics` maps words to topic
    vectors, `rarity` weighs words by how few texts have them, `network` decides.
    """

    words: LaneTables
    markup: LaneTables
    topics: LaneTables
    rarity: Floats
    network: Network
    about: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[Label, ...] = LABELS
    precision: PrecisionTable | None = None

    def context(self, batch: Batch, markup: Markup = None) -> Context:
        """Columns that the second stage sees."""
        return self._context(batch, read_words(batch.compact), markup_of(batch, markup))

    def _context(self, batch: Batch, words: Words, markup: Sequence[str] | None, leads: Floats | None = None) -> Context:
        places = score_markup(self.markup, markup)
        scores = self.words.scores(words)
        if leads is not None:
            scores[:, : len(LABELS)] += leads
        return describe_context(batch, words, scores, places, self.topics.sums(words), self.rarity)

    def judge(self, batch: Batch, markup: Markup = None, leads: Floats | None = None) -> Verdicts:
        """Probabilities of every paragraph of a batch.

        `markup` has, for each document, a description of each of its lines, or None where there was no HTML. `leads`
        ``(n_paragraphs, n_labels)`` are added to the first stage's scores.
        """
        words = read_words(batch.compact)
        described = markup_of(batch, markup)
        context = self._context(batch, words, described, leads)
        standard = self.network.standardise(context.columns)
        hidden = self.network.activate(standard)
        known_share, in_main = self._known_share(batch, words), _in_main(described) if described else None
        return Verdicts(self.network.probabilities(hidden), standard, hidden, context, known_share, in_main)

    def promise(self, precision: float) -> Promise:
        """The lowest threshold that keeps so large a share of the good text, see `noisefilter.noise.precision`."""
        if self.precision is None:
            raise ModelError("this model can promise no precision. Train it with scripts/train.py --folds 5, or set --threshold.")
        return self.precision.promise(precision)

    def _known_share(self, batch: Batch, words: Words) -> Floats:
        is_known = self._is_known.take(rows_of(words.hashes, WORD_BITS))
        stops = np.append(words.firsts, len(words.hashes))[batch.first_paragraphs].tolist()
        shares = [np.count_nonzero(is_known[start:stop]) / (stop - start) if stop > start else 1 for start, stop in pairwise(stops)]
        return np.array(shares, np.float32)

    @cached_property
    def _is_known(self) -> NDArray[np.bool_]:
        """Word rows with a weight for some label."""
        return self.words.tables["word"][0] != _NO_WEIGHT

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the weights, the model's name in every report."""
        return hashlib.sha256(_to_bytes(self)).hexdigest()

    def save(self, folder: str | Path) -> None:
        """Write ``weights.npz`` and ``model.json`` into a folder."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        weights = _to_bytes(self)
        (folder / "weights.npz").write_bytes(weights)
        about = {
            "format": FORMAT,
            "sha256": hashlib.sha256(weights).hexdigest(),
            "labels": [str(label) for label in self.labels],
            **self.about,
        }
        if self.precision:
            about["precision"] = {**self.precision.to_json(), "weights": about["sha256"]}
        (folder / "model.json").write_bytes(with_digest(about))


def load_model(folder: str | Path | None = None) -> NoiseModel:
    """Load a model folder; without an argument the one that ships with the package.

    >>> load_model().labels[0]
    <Label.CONTENT: 'content'>

    Raises
    ------
    ModelError
        The folder is no model, is damaged (digest), is of a newer format, holds pickled objects, or a precision table of other weights.
    """
    folder = Path(folder) if folder is not None else default_folder()
    try:
        text, weights = (_read_bounded(folder / name) for name in ("model.json", "weights.npz"))
        about = json.loads(text.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(
            f"{folder}: not a model folder ({error}). It needs model.json and weights.npz, as train.py writes them."
        ) from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        found = about.get("format") if isinstance(about, dict) else about
        raise ModelError(f"{folder}/model.json: format {found!r}, this version reads format {FORMAT}. Update noisefilter or train again.")
    _check_about(text, about, folder)
    digest = hashlib.sha256(weights).hexdigest()
    if digest != about.get("sha256"):
        raise ModelError(
            f"{folder}/weights.npz: SHA-256 {digest[:12]}… is not the {str(about.get('sha256'))[:12]}… of model.json. "
            "The file is damaged or was exchanged: fetch it again or train again."
        )
    if about.get("labels") != [str(label) for label in LABELS]:
        raise ModelError(f"{folder}/model.json: labels {about.get('labels')} are not {[str(label) for label in LABELS]}. Train again.")
    extra = {key: value for key, value in about.items() if key not in ("format", "sha256", _ABOUT, "labels", "precision")}
    model = replace(_from_bytes(weights, extra, folder), precision=_precision_table(about, folder))
    # The digest just verified; packing the arrays again takes longer than loading them, and another zlib packs otherwise.
    model.__dict__["digest"] = digest
    return model


def _read_bounded(path: Path) -> bytes:
    """A file's bytes; ValueError where it is no file or larger than any model's."""
    size = path.stat().st_size
    if not path.is_file() or size > LARGEST_FILE:
        raise ValueError(f"{path.name} is no file of at most {LARGEST_FILE} bytes")
    return path.read_bytes()


def with_digest(about: Mapping[str, Any]) -> bytes:
    """model.json with the digest of its own text, which is taken with noughts in its place."""
    # First, so that no other value of 64 noughts can be taken for it.
    about = {_ABOUT: _NO_DIGEST, **{name: value for name, value in about.items() if name != _ABOUT}}
    text = (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode()
    return text.replace(_NO_DIGEST.encode(), hashlib.sha256(text).hexdigest().encode(), 1)


def _check_about(text: bytes, about: Mapping[str, Any], folder: Path) -> None:
    """Refuse a model.json whose digest is not its own, see `with_digest`."""
    given = str(about.get(_ABOUT))
    if hashlib.sha256(text.replace(given.encode(), _NO_DIGEST.encode(), 1)).hexdigest() != given:
        raise ModelError(f"{folder}/model.json: damaged or edited ({_ABOUT} is not its digest). Fetch it again or train again.")


def _precision_table(about: Mapping[str, Any], folder: Path) -> PrecisionTable | None:
    if "precision" not in about:
        return None
    try:
        table = PrecisionTable.from_json(about["precision"])
    except ValueError as error:
        raise ModelError(f"{folder}/model.json: {error}. Train again with --folds.") from error
    if table.weights != about["sha256"]:
        raise ModelError(f"{folder}/model.json: the precision table was made for other weights. Train again with --folds.")
    return table


def default_folder() -> Path:
    """Where the shipped model lives: beside the package in a checkout, inside it in an installed one."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "models" / "default"
    return inside if inside.exists() else package.parent / "models" / "default"


def _arrays(model: NoiseModel) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    for name in ("words", "markup", "topics"):
        lanes: LaneTables = getattr(model, name)
        arrays[f"{name}.scale"], arrays[f"{name}.intercept"] = lanes.scale, lanes.intercept
        for view, table in lanes.tables.items():
            arrays[f"{name}.{view}"] = table
    arrays["rarity"] = model.rarity
    for name in NETWORK_ARRAYS:
        arrays[f"network.{name}"] = getattr(model.network, name)
    return arrays


def _to_bytes(model: NoiseModel) -> bytes:
    """The arrays as an .npz with fixed times and order: the same model gives the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, array in _arrays(model).items():
            entry = io.BytesIO()
            np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, entry.getvalue())
    return stream.getvalue()


# Outputs of the linear models; None: as many as their scale has.
LANE_OUTPUTS = {"words": len(LABELS) + len(KINDS), "markup": len(KINDS), "topics": None}


def _from_bytes(weights: bytes, about: Mapping[str, Any], folder: Path) -> NoiseModel:
    try:
        arrays = read_arrays(weights)
        tables = {name for name in arrays if name.partition(".")[2] in VIEW_SIZES}
        if any((array.dtype == np.uint64) != (name in tables) for name, array in arrays.items()):
            raise ValueError("packed tables are uint64, and all else is float32")
        words, markup, topics = (_lane_tables(arrays, name, n_outputs) for name, n_outputs in LANE_OUTPUTS.items())
        check_shapes(arrays, {"rarity": (VIEW_SIZES["word"],), **_network_shapes(arrays)})
        network = Network(*(arrays[f"network.{part}"] for part in NETWORK_ARRAYS))
        if not (network.scale > 0).all() or (np.diff(network.for_pages) < 0).any():
            raise ValueError("network.scale is not above 0, or the nets for pages do not come last")
        model = NoiseModel(words, markup, topics, arrays["rarity"], network, about)
        n_columns = model.context(Batch.from_texts(["One line."])).columns.shape[1]
        check_shapes(arrays, {"network.mean": (n_columns,)})
    except (KeyError, ValueError) as error:
        raise ModelError(f"{folder}/weights.npz: not the arrays of a noisefilter model ({error}). Train again.") from error
    return model


def _lane_tables(arrays: Mapping[str, NDArray[Any]], name: str, n_outputs: int | None) -> LaneTables:
    n_outputs = n_outputs or arrays[f"{name}.scale"].size
    # Every table goes with one of words.
    views = {view: arrays[f"{name}.{view}"] for view in VIEW_SIZES if view == "word" or f"{name}.{view}" in arrays}
    lanes = LaneTables(views, arrays[f"{name}.scale"], arrays[f"{name}.intercept"])
    check_shapes(arrays, {f"{name}.{part}": (n_outputs,) for part in ("scale", "intercept")})
    check_shapes(arrays, {f"{name}.{view}": (lanes.n_groups, VIEW_SIZES[view]) for view in views})
    return lanes


def _network_shapes(arrays: Mapping[str, NDArray[Any]]) -> dict[str, tuple[int, ...]]:
    """The shapes of the network's arrays, which follow from two of them."""
    n_columns = arrays["network.mean"].size
    n_nets, n_hidden, n_labels = (*arrays["network.output"].shape, 0, 0, 0)[:3]
    shapes = {
        "mean": (n_columns,),
        "scale": (n_columns,),
        "hidden": (n_columns, n_nets * n_hidden),
        "hidden_bias": (n_nets * n_hidden,),
        "output": (n_nets, n_hidden, len(LABELS)),
        "output_bias": (n_nets, n_labels),
        "gate": (n_columns,),
        "gate_bias": (1,),
        "for_pages": (n_nets,),
    }
    return {f"network.{part}": shape for part, shape in shapes.items()}
