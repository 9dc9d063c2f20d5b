"""The verb `filter` over files and folders: plan → shards → kept, rejected, quarantined → run.json.

`OUT/kept/` holds the inputs' names and formats, `OUT/rejects.jsonl` every paragraph taken out, `OUT/uncertain.jsonl` (with `abstain`)
those that were nearly taken out and are kept, `OUT/quarantine.jsonl` what could not be read, `OUT/sample.jsonl` some documents with every
verdict (see `survey.py`), `OUT/run.json` versions and counts, written last, and `OUT/journal.jsonl` what became of every file. A run that
was cut off goes on with ``existing="resume"``.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Unpack

from noisefilter.corpus.remote import is_remote
from noisefilter.corpus.writing import creating, json_line, open_output
from noisefilter.errors import CorpusError, OutputError
from noisefilter.noise.clean import clean
from noisefilter.noise.decide import NOISE_SHARE
from noisefilter.noise.label import Settings, label
from noisefilter.noise.model import NoiseModel
from noisefilter.noise.templates import LEAST_DOCUMENTS, Templates, join_counts
from noisefilter.records import KEPT, Document, LabelledDocument
from noisefilter.run.conservation import ConservationError, check_conservation
from noisefilter.run.journal import NAME as JOURNAL
from noisefilter.run.journal import Journal
from noisefilter.run.lock import locked
from noisefilter.run.options import Options
from noisefilter.run.outputs import (
    SAMPLE,
    add_surveys,
    check_free,
    is_whole,
    put_parts_together,
    remove_leftovers,
    remove_parts,
    remove_run,
)
from noisefilter.run.plan import Plan, Shard, make_plan
from noisefilter.run.recipe import Recipe, promise_of
from noisefilter.run.shard import PARTS, count_shard, filter_shard
from noisefilter.run.summary import RunSummary
from noisefilter.run.workers import Crew, Task, do_here
from noisefilter.survey import Survey

# Kinds of files that hold one document.
SINGLE = frozenset({"text", "html"})
Do = Callable[[Task, Iterable[Shard], Recipe], Iterator[tuple[Shard, Any]]]


def filter(  # noqa: A001 - the same word as the command
    paths: Sequence[str | Path],
    output: str | Path,
    model: NoiseModel,
    *,
    keep: Collection[str] = KEPT,
    templates: bool = True,
    options: Options | None = None,
    **settings: Unpack[Settings],
) -> RunSummary:
    """Filter files and folders into a folder; see the module's head for what it holds.

    With `templates` the input is read twice, and paragraphs that repeat over a source are taken out, see `noise/templates.py`.
    The settings are those of `label`; `options` say how the run is carried out. With more than one worker the calling script must
    guard its main part (``if __name__ == "__main__":``), since workers start from a fresh interpreter.

    Raises
    ------
    OutputError
        The output is an input, inside one, in use, or already holds a run.
    CorpusError
        More records were quarantined than `options.max_errors`, or the input has changed since the run began.
    NoisefilterError
        The model cannot promise the `precision`, or `keep` breaks the promise.
    """
    began = time.monotonic()
    if is_remote(output):
        raise OutputError(f"{output}: a run is written to a local folder. Choose one and copy it.")
    options = options or Options()
    recipe = Recipe(Path(output), model, keep, settings, options.limits, options.page_seconds)
    # Before anything is written: a precision that cannot be had leaves no half of a run behind.
    summary = RunSummary(promise=promise_of(model, keep, settings))
    plan = make_plan(paths, recipe.output, options.shard_bytes)
    _check_output(recipe.output, options)
    with locked(recipe.output):
        header = {**recipe.describe(), "templates": templates, "shards": len(plan.shards), "files": plan.n_files}
        journal = _open_journal(recipe.output, header, plan, options)
        if not (recipe.output / "run.json").exists():
            _carry_out(plan, recipe, journal, options, summary, templates)
        _add_up(journal, plan, summary)
        _finish(recipe, journal, summary, header)
    summary.seconds = time.monotonic() - began
    options.progress.tell("finished", **summary.to_record(), seconds=round(summary.seconds, 3))
    return summary


def _check_output(output: Path, options: Options) -> None:
    with creating(output):
        known = (output / JOURNAL).exists()
    if not known:
        check_free(output)
    elif options.existing == "refuse":
        state = "already holds a run" if (output / "run.json").exists() else "holds a run that was not finished. Go on with --resume, or"
        raise OutputError(f"{output}: {state}. Choose another folder or start again with --overwrite.")


def _open_journal(output: Path, header: dict[str, Any], plan: Plan, options: Options) -> Journal:
    """The journal to go on with, with the rows of shards whose outputs are whole."""
    if options.existing == "overwrite":
        remove_run(output)
    if not (output / JOURNAL).exists():
        return Journal.create(output, header)
    journal = Journal.read(output)
    _check_same(output, journal, header, plan)
    if not (output / "run.json").exists():
        remove_leftovers(output)
        journal.forget({number for number, row in journal.rows.items() if not is_whole(output, row)})
    return journal


def _check_same(output: Path, journal: Journal, header: dict[str, Any], plan: Plan) -> None:
    before = {name: value for name, value in journal.header.items() if name != "templates_found"}
    other = [name for name in header if before.get(name) != json.loads(json.dumps(header[name]))]
    if other:
        raise OutputError(
            f"{output}: the run there was begun with other {', '.join(other)}. Give the same options, or start again with --overwrite."
        )
    for number, row in journal.rows.items():
        changed = [old[0] for old, new in zip(row["input"], plan.shards[number].marks(), strict=False) if old != new]
        if changed or len(row["input"]) != len(plan.shards[number].pieces):
            raise CorpusError(f"{(changed or ['the input'])[0]}: changed since the run in {output} began. Start again with --overwrite.")


def _carry_out(plan: Plan, recipe: Recipe, journal: Journal, options: Options, summary: RunSummary, templates: bool) -> None:
    """Do the shards that have no row yet."""
    if templates and _can_repeat(plan):
        recipe = replace(recipe, templates=_templates(plan, recipe, options))
    left = [shard for shard in plan.shards if shard.number not in journal.rows]
    errors = sum(row["counts"]["quarantined"] for row in journal.rows.values())
    with _working(recipe, left, options, "filtering") as do:
        for _, row in do(filter_shard, left):
            journal.add(row)
            options.progress.tell("shard", shard=row["shard"], **row["counts"])
            errors += row["counts"]["quarantined"]
            if options.max_errors is not None and errors > options.max_errors:
                raise CorpusError(
                    f"{errors} records quarantined, more than --max-errors {options.max_errors}. "
                    f"Go on with --resume and a higher number; what was wrong is in {recipe.output / PARTS}/*.quarantine.jsonl."
                )
    journal.close()


def _can_repeat(plan: Plan) -> bool:
    """Whether there can be enough documents for templates."""
    return plan.n_files >= LEAST_DOCUMENTS or any(piece.file.kind not in SINGLE for shard in plan.shards for piece in shard.pieces)


@contextmanager
def _working(recipe: Recipe, shards: Sequence[Shard], options: Options, phase: str) -> Iterator[Callable[..., Iterator[tuple[Shard, Any]]]]:
    """Something that does a task to shards, here or in workers, with its progress shown."""
    progress = options.progress
    progress.begin(phase, sum(shard.size for shard in shards))
    with ExitStack() as stack:
        stack.callback(progress.end)
        if options.crew:
            elsewhere = stack.enter_context(options.crew(recipe))
            yield lambda task, shards: elsewhere.do(task, shards, progress.advance)
        elif options.workers == 1 or len(shards) < 2:
            yield lambda task, shards: do_here(task, shards, recipe, progress.advance)
        else:
            crew = stack.enter_context(Crew(recipe, min(options.workers, len(shards))))
            yield lambda task, shards: crew.do(task, shards, progress.advance)


def _templates(plan: Plan, recipe: Recipe, options: Options) -> Templates:
    """What repeats, from the counting pass or from the file that an earlier run left."""
    path = recipe.output / PARTS / "templates.npz"
    mark = hashlib.sha256(json.dumps([shard.marks() for shard in plan.shards]).encode()).hexdigest()
    if path.exists() and (found := Templates.load(path, mark)) is not None:
        return found
    path.parent.mkdir(exist_ok=True)
    with _working(recipe, plan.shards, options, "counting") as do:
        found = join_counts((counted for _, counts in do(count_shard, plan.shards) for counted in counts), path.parent)
    with open_output(path) as stream:
        found.save(stream, mark)
    return found


def _add_up(journal: Journal, plan: Plan, summary: RunSummary) -> None:
    for number in sorted(journal.rows):
        summary.add(journal.rows[number]["counts"])
    summary.passed_over.update(plan.passed_over)
    accounted = summary.documents + summary.quarantined
    if summary.records != accounted or summary.paragraphs != summary.kept + summary.rejected.total():
        raise ConservationError(f"{summary.records} records read, {accounted} accounted for. Please report this.")


def _finish(recipe: Recipe, journal: Journal, summary: RunSummary, header: dict[str, Any]) -> None:
    """Put parts together, then say that the run is finished; parts go last, so that this too can be done again."""
    path = recipe.output / "run.json"
    if path.exists():
        done = json.loads(path.read_bytes())
        summary.templates, summary.templates_counted_in = done["templates"], done["templates_counted_in"]
    else:
        found = Templates.load(recipe.output / PARTS / "templates.npz")
        if found is not None:
            summary.templates, summary.templates_counted_in = len(found.keys), found.documents
        survey = add_surveys(recipe.output, sorted(journal.rows))
        with open_output(recipe.output / SAMPLE) as stream:
            stream.writelines(map(json_line, survey.rows()))
        put_parts_together(recipe.output, (journal.rows[number] for number in sorted(journal.rows)), recipe.sinks)
        journal.write_in_order()
        with open_output(path) as stream:
            stream.write(json.dumps(_run_record(recipe, summary, survey), indent=1).encode() + b"\n")
    remove_parts(recipe.output)


def _run_record(recipe: Recipe, summary: RunSummary, survey: Survey) -> dict[str, Any]:
    table = recipe.model.precision
    return {
        **recipe.describe(),
        "needed": summary.promise.threshold if summary.promise else NOISE_SHARE,
        **summary.to_record(),
        "precision_table": table and table.to_json(),
        "survey": survey.counts(),
        "conservation": "kept + rejected = read, checked for every document",
    }


def filter_stream(
    documents: Iterable[Document], model: NoiseModel, keep: Collection[str] = KEPT, **settings: Unpack[Settings]
) -> Iterator[tuple[Document, LabelledDocument]]:
    """Documents cleaned one after another, for pipes; each with the labelled document it came from.

    A pipe is read once, so nothing is known of what repeats over a source.
    """
    for labelled in label(documents, model, **settings):
        document = clean(labelled, keep)
        check_conservation(labelled, document, keep)
        yield document, labelled


__all__ = ["RunSummary", "filter", "filter_stream", "promise_of"]
