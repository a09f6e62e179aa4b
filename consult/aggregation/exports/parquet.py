"""inputs.parquet: the same records with their types, for R, Python, DuckDB and Spark."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from consult.aggregation.exports.records import COLUMNS, InputRecord, batches

ROWS_PER_GROUP = 20_000  # some 20 MB of text in memory; readers skip what they do not need by the group

_TYPES = {
    "text": pa.string(),
    "code": pa.string(),
    "integer": pa.int64(),
    "true or false": pa.bool_(),
    "time (UTC)": pa.timestamp("us", tz="UTC"),
    "list of integers": pa.list_(pa.int32()),
    "list of text": pa.list_(pa.string()),
}
SCHEMA = pa.schema(
    [
        pa.field(column.name, _TYPES[column.type], metadata={"description": column.description})
        for column in COLUMNS
    ]
)


def write_parquet(path: Path, records: Iterable[InputRecord]) -> int:
    """Write the file and return the number of records. The same records give the same bytes."""
    count = 0
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for batch in batches(records, ROWS_PER_GROUP):
            values = zip(*batch, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(values, SCHEMA, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA))
            count += len(batch)
    return count
