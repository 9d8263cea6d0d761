#!/usr/bin/env python3
"""The rows of benches/plugins/million.c through a Singer tap and a target, for comparison.

    python3 benches/singer.py tap 1000000 | python3 benches/singer.py target

Both are as short as the Singer specification allows: one JSON message per line, a state every 8192 rows; the target
parses every message and counts. Neither validates against the schema, which real targets do at several times the cost.
"""
import json
import sys
from datetime import datetime, timedelta, timezone

SENTENCE = "Le réseau est tombé hier soir, et personne au comptoir ne savait dire pourquoi; "
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
TEXT = {"type": "string"}
COUNT = {"type": "integer"}
SCHEMA = {
    "native_id": TEXT, "platform": TEXT, "kind": TEXT, "author_handle": TEXT, "title": TEXT, "text": TEXT,
    "lang": TEXT, "likes": COUNT, "shares": COUNT, "published_at": {"type": "string", "format": "date-time"},
}


def tap(count):
    write = sys.stdout.write
    schema = {"type": "SCHEMA", "stream": "mentions", "schema": {"properties": SCHEMA}, "key_properties": ["native_id"]}
    write(json.dumps(schema) + "\n")
    times = [(START + timedelta(seconds=row)).isoformat() for row in range(8192)]
    texts = [f"{row} " + SENTENCE * 4 for row in range(8192)]
    for number in range(count):
        row = number % 8192
        record = {
            "native_id": f"{number:019d}", "platform": "forum", "kind": "post",
            "author_handle": "marianne_41" if row % 2 else "oliver_b", "title": "Panne de réseau au centre-ville",
            "text": texts[row], "lang": "fr", "likes": row % 97, "shares": row % 13, "published_at": times[row],
        }
        write(json.dumps({"type": "RECORD", "stream": "mentions", "record": record}, ensure_ascii=False) + "\n")
        if row == 8191 or number == count - 1:
            write(json.dumps({"type": "STATE", "value": {"given": number + 1}}) + "\n")


def target():
    records, size = 0, 0
    for line in sys.stdin:
        size += len(line.encode())
        message = json.loads(line)
        if message["type"] == "RECORD":
            records += 1
        elif message["type"] == "STATE":
            state = message["value"]
    print(f"{records} records, {size >> 20} MiB, state {state}", file=sys.stderr)


if __name__ == "__main__":
    tap(int(sys.argv[2])) if sys.argv[1] == "tap" else target()
