"""Reads a table of an archive with delta-rs and DuckDB and prints what they saw, as JSON."""

import json
import sys

import duckdb
from deltalake import DeltaTable


def seen(table):
    """Rows, distinct keys and likes of a version, by each engine; and the names of its columns."""
    files = table.file_uris()
    likes = "select count(*), count(distinct uid), sum(likes) from read_parquet($files, union_by_name = true)"
    by_duckdb = duckdb.execute(likes, {"files": files}).fetchone()
    arrow = table.to_pyarrow_table(columns=["uid", "likes"])
    uids = arrow.column("uid").to_pylist()
    by_delta = [len(uids), len(set(uids)), sum(l for l in arrow.column("likes").to_pylist() if l is not None)]
    return {
        "version": table.version(),
        "columns": [field.name for field in table.schema().fields],
        "delta": by_delta,
        "duckdb": [int(n or 0) for n in by_duckdb],
    }


path, versions = sys.argv[1], [int(v) for v in sys.argv[2:]]
answer = {"newest": seen(DeltaTable(path))}
answer["earlier"] = {str(v): seen(DeltaTable(path, version=v)) for v in versions}
print(json.dumps(answer))
