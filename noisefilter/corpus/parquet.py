"""Parquet ↔ a document a row, in Arrow batches; pyarrow is imported here and nowhere else.

Columns other than the text are never turned into Python objects: what comes out has the schema and the values that came in, whatever their
types. Only an HTML column comes out as ``text``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

import pyarrow
import pyarrow.parquet

from noisefilter.corpus.compression import FREE
from noisefilter.corpus.intake import USED_FIELDS, Intake
from noisefilter.records import Document

# Rows converted at once, and fewer where they could have more than so many bytes; under 16 the handling of batches costs more than 1 %.
BATCH_ROWS, LEAST_ROWS, BATCH_BYTES = 1_000, 16, 64 << 20
# Rows and bytes of text of a row group that is written.
GROUP_ROWS, GROUP_BYTES = 100_000, 32 << 20


class Row(Mapping[str, Any]):
    """The fields of a row of an Arrow batch that pass through, converted when somebody asks."""

    __slots__ = ("batch", "index")

    def __init__(self, batch: pyarrow.RecordBatch, index: int) -> None:
        self.batch, self.index = batch, index

    def __getitem__(self, name: str) -> Any:
        if name in USED_FIELDS or name not in self.batch.schema.names:
            raise KeyError(name)
        return self.batch.column(name)[self.index].as_py()

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.batch.schema.names if name not in USED_FIELDS)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reduce__(self) -> tuple[Any, ...]:
        # A row that goes to another process does not take its batch along.
        return dict, (dict(self),)


def read_parquet(stream: IO[bytes], intake: Intake) -> Iterator[Document]:
    """The documents of rows with a string column ``text`` or ``html``."""
    number = 0
    try:
        with pyarrow.parquet.ParquetFile(stream, pre_buffer=False) as file:
            intake.columns = file.schema_arrow
            if _lacks_text(file.schema_arrow, intake) or _is_bomb(file.metadata, intake):
                return
            for group in range(file.metadata.num_row_groups):
                for batch in file.iter_batches(_batch_rows(file.metadata.row_group(group)), [group], use_threads=False):
                    for document in _read_batch(batch, number, intake):
                        if document is not None:
                            yield document
                    number += batch.num_rows
    except MemoryError:
        # Arrow's own is an ArrowException too.
        raise
    except (pyarrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        intake.break_off(number or None, f"damaged Parquet ({str(error).splitlines()[0][:120]})")


def _is_bomb(metadata: pyarrow.parquet.FileMetaData, intake: Intake) -> bool:
    """Whether the file unpacks to too much, as it says itself; it is set aside then."""
    columns = [column for group in range(metadata.num_row_groups) for column in _columns(metadata.row_group(group))]
    packed, unpacked = sum(column.total_compressed_size for column in columns), sum(column.total_uncompressed_size for column in columns)
    is_bomb = unpacked > FREE and unpacked > intake.limits.expansion * max(1, packed)
    if is_bomb:
        intake.break_off(None, f"unpacks to more than {intake.limits.expansion} times its size; --max-expansion allows more.")
    return is_bomb


def _batch_rows(group: pyarrow.parquet.RowGroupMetaData) -> int:
    """Rows to read at once: a value that stands once in a column's dictionary may be that of every row."""
    longest = max((column.total_uncompressed_size for column in _columns(group) if column.has_dictionary_page), default=0)
    return max(LEAST_ROWS, min(BATCH_ROWS, BATCH_BYTES // max(1, longest)))


def _columns(group: pyarrow.parquet.RowGroupMetaData) -> list[pyarrow.parquet.ColumnChunkMetaData]:
    return [group.column(place) for place in range(group.num_columns)]


def _lacks_text(schema: pyarrow.Schema, intake: Intake) -> bool:
    name = _text_column(schema)
    kind = schema.field(name).type if name else None
    is_text = kind is not None and (_is_string(kind) or (pyarrow.types.is_dictionary(kind) and _is_string(kind.value_type)))
    if not is_text:
        found = f"{name!r} is {kind}" if name else f"columns: {', '.join(schema.names)}"
        intake.break_off(None, f'no "text" or "html" column of strings ({found}). Rename the column that holds the text.')
    return not is_text


def _is_string(kind: pyarrow.DataType) -> bool:
    return bool(pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind) or pyarrow.types.is_string_view(kind))


def _text_column(schema: pyarrow.Schema) -> str | None:
    return next((name for name in ("text", "html") if schema.names.count(name) == 1), None)


def _read_batch(batch: pyarrow.RecordBatch, number: int, intake: Intake) -> Iterator[Document | None]:
    used = [name for name in batch.schema.names if name in USED_FIELDS]
    columns = {name: batch.column(name).to_pylist() for name in used}
    for index in range(batch.num_rows):
        line = number + index + 1
        record = {name: values[index] for name, values in columns.items()}
        text = record.get("text", record.get("html"))
        if not intake.admit(line):
            continue
        if text is not None and len(text) > intake.limits.record_size:
            intake.set_aside(line, f"a text of more than {intake.limits.record_size} bytes. --max-record-size allows more.")
        else:
            yield intake.document(record, line, Row(batch, index))


class ParquetWriter:
    """Writes documents as rows with the schema of the file that they were read from."""

    def __init__(self, stream: IO[bytes], intake: Intake) -> None:
        self._stream, self._intake = stream, intake
        self._writer: pyarrow.parquet.ParquetWriter | None = None
        self._column = ""
        self._batch: pyarrow.RecordBatch | None = None
        self._indices: list[int] = []
        self._texts: list[str] = []
        self._done: list[pyarrow.RecordBatch] = []
        self._n_rows = self._n_bytes = 0

    def write(self, document: Document) -> None:
        """Add a row; the document must have been read from Parquet."""
        row = document.extra
        assert isinstance(row, Row)
        if row.batch is not self._batch:
            self._close_batch()
            self._batch = row.batch
        self._indices.append(row.index)
        self._texts.append(document.body)
        self._n_rows += 1
        self._n_bytes += len(document.body)
        if self._n_rows >= GROUP_ROWS or self._n_bytes >= GROUP_BYTES:
            self._write_group()

    def close(self) -> None:
        """Write what is left and the footer; the stream stays open."""
        if self._intake.columns is not None and _text_column(self._intake.columns):
            self._write_group()
            self._open().close()

    def _close_batch(self) -> None:
        if self._batch is None or not self._indices:
            return
        schema = self._batch.schema
        name = _text_column(schema) or "text"
        place = schema.get_field_index(name)
        rows = self._batch.take(pyarrow.array(self._indices, pyarrow.int64()))
        # Lone surrogates cannot stand in Parquet, and cannot have come out of it.
        texts = pyarrow.array(self._texts, schema.field(place).type if name == "text" else pyarrow.string())
        arrays = [texts if i == place else column for i, column in enumerate(rows.columns)]
        self._done.append(pyarrow.RecordBatch.from_arrays(arrays, schema=self._schema()))
        self._indices, self._texts = [], []

    def _write_group(self) -> None:
        self._close_batch()
        if self._done:
            self._open().write_table(pyarrow.Table.from_batches(self._done), row_group_size=GROUP_ROWS)
        self._done, self._n_rows, self._n_bytes = [], 0, 0

    def _schema(self) -> pyarrow.Schema:
        schema = self._intake.columns
        name = _text_column(schema)
        place = schema.get_field_index(name)
        return schema if name == "text" else schema.set(place, pyarrow.field("text", pyarrow.string()))

    def _open(self) -> pyarrow.parquet.ParquetWriter:
        if self._writer is None:
            self._writer = pyarrow.parquet.ParquetWriter(self._stream, self._schema(), compression="zstd")
        return self._writer
