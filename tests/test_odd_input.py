"""Every odd file of the matrix in one place: what is read is put back byte for byte, and what is not is named."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
import unicodedata
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

import noisefilter as nf
from noisefilter.corpus.files import corpus_files
from noisefilter.corpus.html import read_html
from noisefilter.corpus.intake import LONGEST_NAME, Intake, Limits, Quarantined
from noisefilter.corpus.reading import read_file
from noisefilter.errors import PageError
from noisefilter.noise.model import NoiseModel
from noisefilter.run.restore import restore
from noisefilter.run.verify import verify

ROOT = Path(__file__).resolve().parent.parent
ALL = set(map(str, nf.Label))
CLEAN = "The council voted on Monday to close the bridge for a year."
LINE = f"{CLEAN}\nShare on Facebook Tweet Email\n"

# Texts that come back byte for byte.
READ = {
    "empty": b"",
    "blanks": " \n\t\n\u00a0\r\n \u2003".encode(),
    "one line": CLEAN.encode(),
    "byte-order mark": b"\xef\xbb\xbf" + LINE.encode(),
    "crlf": LINE.replace("\n", "\r\n").encode(),
    "cr": LINE.replace("\n", "\r").encode(),
    "mixed line ends": (LINE + LINE.replace("\n", "\r\n") + LINE.replace("\n", "\r")).encode(),
    "no last line end": LINE.rstrip().encode(),
    "line ends of Unicode": LINE.replace(" ", "\u2028", 1).replace("on", "\u2029\u0085").encode(),
    "control characters": LINE.replace(" ", "\x01\x07\x1b[31m\x7f").encode(),
    "both directions": LINE.replace("the", "\u202ethe\u202c\u2066\u2069").encode(),
    "zero width": LINE.replace("e", "e\u200b\u200d\ufeff").encode(),
    "combining marks": unicodedata.normalize("NFD", "Åse såg på bron över ån i går.\nDela på Facebook\n").encode(),
    "trailing blanks": LINE.replace("\n", "   \t\n").encode(),
    "all capitals": LINE.upper().encode(),
    "a table": b"Name\tAge\n" + b"".join(f"Ann\t{n}\n".encode() for n in range(50)),
    "code": b"def f(x):\n    return x + 1\n\n\nfor i in range(3):\n    print(f(i))  # Share on Facebook\n",
    "a poem": b"The mill stands still,\n  the river runs,\n    and nobody\ncounts the suns.\n" * 4,
    "another language": "Rada miasta zdecydowała w poniedziałek o zamknięciu mostu na rok.\nUdostępnij na Facebooku\n".encode(),
    "emoji and other planes": "🦅 𝔗𝔥𝔢 bridge 👩‍👩‍👧 is closed.\n漢字の文章です。\n".encode(),
}
# Files that cannot be read, and a word of the reason.
REFUSED = {
    "a.txt": (b"caf\xe9 cr\xe8me", "not UTF-8"),
    "b.txt": (b"a \x93quote\x94 in cp1252", "not UTF-8"),
    "c.txt": (b"lone \xed\xa0\x80 surrogate", "not UTF-8"),
    "d.txt": (b"over\xc0\xaflong", "not UTF-8"),
    "e.txt": (b"zero\0byte", "zero byte"),
    "f.txt": (CLEAN.encode("utf-32"), "zero byte"),
    "g.txt": (CLEAN.encode("utf-16-be"), "zero byte"),
    "h.html": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nstream", "not UTF-8"),
    "i.html": (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
    "j.html": (gzip.compress(b"<p>x"), "not UTF-8"),
    "k.html": (b"<p>before" + b"<div>" * 3_000 + b"deep" + b"</div>" * 3_000 + b"<p>after", "gave up on line 1"),
    "l.jsonl": ('{"text": "x"}\n'.encode("utf-16"), "not JSON"),
    "m.txt.gz": (gzip.compress(LINE.encode() * 500)[:-20], "damaged or cut off"),
    "n.html.gz": (gzip.compress(f"<p>{LINE}".encode() * 500)[:-20], "damaged or cut off"),
    "o.csv": (b"text\n" + b"x" * 100_000, "a line of more than 50000"),
    "p.jsonl": (b'{"text": "' + b"x" * 100_000 + b'"}\n', "a line of more than 50000"),
    "q.jsonl": (json.dumps({"id": "x" * (LONGEST_NAME + 1), "text": LINE}).encode(), "id or source of 4097"),
    "r.jsonl": (json.dumps({"source": ["x" * 5_000], "text": LINE}).encode(), "id or source of"),
    "s.csv": (f"id,text\n{'x' * 5_000},y\n".encode(), "id or source of"),
}


def test_odd_texts_come_back_byte_for_byte(model: NoiseModel, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, data in READ.items():
        (tmp_path / "in" / f"{name}.txt").write_bytes(data)
    summary = nf.filter([tmp_path / "in"], tmp_path / "out", model)
    assert summary.quarantined == 0 and summary.unknown_languages["pl"] == 1
    verify(tmp_path / "out")
    restore(tmp_path / "out", tmp_path / "back", ALL)
    assert {path.stem: path.read_bytes() for path in (tmp_path / "back").iterdir()} == READ


def test_what_cannot_be_read_is_named_and_the_run_goes_on(model: NoiseModel, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, (data, _) in REFUSED.items():
        (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "in" / "good.txt").write_text(LINE)
    limits = nf.run.options.Options(limits=Limits(record_size=50_000, expansion=1_000))  # type: ignore[attr-defined]
    summary = nf.filter([tmp_path / "in"], tmp_path / "out", model, options=limits)
    rows = [json.loads(line) for line in (tmp_path / "out" / "quarantine.jsonl").read_text().splitlines()]
    assert {name for name, (_, word) in REFUSED.items() if not any(row["file"] == name and word in row["reason"] for row in rows)} == set()
    assert summary.documents == 1 and verify(tmp_path / "out").quarantined == len(rows)


def test_a_text_of_utf_16_is_read_by_its_mark(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(LINE.encode("utf-16"))
    assert next(nf.read_corpus(tmp_path / "a.txt")).body == LINE


@pytest.mark.parametrize("depth", [200, 2_000, 3_000, 30_000])
@pytest.mark.parametrize("tag", ["div", "span", "ul><li"])
def test_no_text_of_a_deep_page_is_lost_in_silence(tag: str, depth: int) -> None:
    page = f"<p>before</p>{f'<{tag}>' * depth}deep{f'</{tag}>' * depth}<p>after"
    try:
        assert read_html(page, nf.Document("d", "")).body.split() == ["before", "deep", "after"]
    except PageError as error:
        assert depth > 1_000 and "gave up" in str(error)


def test_files_of_the_same_name_are_refused_and_near_equal_ones_all_kept(model: NoiseModel, tmp_path: Path) -> None:
    """Thirty pages that differ in a word are thirty pages."""
    for folder in ("in", "other"):
        (tmp_path / folder).mkdir()
    for n in range(30):
        (tmp_path / "in" / f"{n}.txt").write_text(f"{CLEAN}\nThe work costs {n} million, said the mayor of the town on the river.\n")
    assert nf.filter([tmp_path / "in"], tmp_path / "out", model).files == 30
    assert len({path.read_text() for path in (tmp_path / "out" / "kept").iterdir()}) == 30
    (tmp_path / "other" / "7.txt").write_text(CLEAN)
    with pytest.raises(nf.NoisefilterError, match=r"would both be .*7\.txt"):
        nf.filter([tmp_path / "in", tmp_path / "other"], tmp_path / "out2", model)


def test_equal_ids_are_documents_of_their_own(model: NoiseModel, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": "same", "text": f"{n}. {LINE}"}) + "\n" for n in range(9)))
    nf.filter([tmp_path / "a.jsonl"], tmp_path / "out", model)
    restore(tmp_path / "out", tmp_path / "back", ALL)
    assert [document.body for document in nf.read_corpus(tmp_path / "back")] == [f"{n}. {LINE}" for n in range(9)]


def read(path: Path, **limits: int) -> tuple[list[nf.Document], list[Quarantined]]:
    bad: list[Quarantined] = []
    (file,) = corpus_files(path)
    return list(read_file(file, Intake(file.name, bad.append, limits=Limits(**limits)))), bad


def test_parquet_that_unpacks_to_too_much_is_set_aside(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(
        pyarrow.table({"text": ["x" * (65 << 20)]}), tmp_path / "a.parquet", compression="zstd", use_dictionary=False
    )
    assert "--max-expansion" in str(read(tmp_path / "a.parquet")[1][0])


def test_a_value_that_every_row_means_is_not_held_a_thousand_times(tmp_path: Path) -> None:
    """2 MB of text that stand once in the file, meant by 250 rows: twice 500 MB if they were read at once."""
    values = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 250, pyarrow.int32()), pyarrow.array([f"{CLEAN} " * 35_000]))
    pyarrow.parquet.write_table(pyarrow.table({"text": values}), tmp_path / "a.parquet", store_schema=False)
    program = (
        "import resource, sys; from noisefilter.corpus.reading import read_corpus\n"
        "print(sum(1 for _ in read_corpus(sys.argv[1])), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "a.parquet")], capture_output=True, text=True, check=True)
    n_documents, megabytes = map(int, done.stdout.split())
    assert n_documents == 250 and megabytes < 700


def test_a_long_line_of_a_table_is_not_held(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as stream:
        stream.write(b"text\n")
        stream.truncate(300 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    documents, bad = read(tmp_path / "a.csv")
    assert documents == [] and "--max-record-size" in str(bad[0])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


FORMS = {
    "nfd": (lambda text: unicodedata.normalize("NFD", text), 0.04),
    "straight quotes": (lambda text: text.translate(str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})), 0.02),
    "three dots": (lambda text: text.replace("…", "..."), 0.02),
    "dots in brackets": (lambda text: text.replace("…", "[…]"), 0.04),
    "zero width": (lambda text: text.replace(" the ", " the\u200b "), 0.0),
    "cr": (lambda text: text.replace("\n", "\r"), 0.0),
    "mixed line ends": (lambda text: text.replace("\n", "\r\n", len(text) // 200), 0.0),
}


@pytest.mark.parametrize("form", FORMS)
def test_another_way_to_write_the_same_changes_few_verdicts(form: str, model: NoiseModel) -> None:
    change, most = FORMS[form]
    n = other = 0
    for path in sorted((ROOT / "models" / "corpus").glob("*.txt"))[::40]:
        text = path.read_text(encoding="utf-8")
        one, two = nf.label([nf.Document("a", text), nf.Document("b", change(text))], model)
        if len(one.paragraphs) == len(two.paragraphs):
            n += len(one.paragraphs)
            other += sum(a.label is not b.label for a, b in zip(one.paragraphs, two.paragraphs, strict=True))
    assert n > 300 and other <= most * n


def test_a_second_filter_takes_out_little(model: NoiseModel) -> None:
    """Not nothing: without its noisy neighbours a paragraph may look otherwise. See docs/decisions/robustness.md."""
    n = again = 0
    for path in sorted((ROOT / "models" / "corpus").glob("*.txt"))[::40]:
        (first,) = nf.label([nf.Document("d", path.read_text(encoding="utf-8"))], model)
        (second,) = nf.label([nf.clean(first)], model)
        n += len(second.paragraphs)
        again += sum(not verdict.label.is_kept for verdict in second.paragraphs)
    assert n > 300 and again < 0.04 * n
