"""The same 200 queries of 2,000 literals over the same texts: vigie, Python regular expressions, tantivy.

    python3 -m venv ENV && ENV/bin/pip install tantivy
    ENV/bin/python side_by_side.py prepare DATA WORK     # DATA: the folder of real texts (VIGIE_DATA)
    ENV/bin/python side_by_side.py measure WORK          # Python and tantivy
    VIGIE_QUERY_TEXTS=WORK cargo bench -p vigie-query --bench matching

`prepare` writes queries.tsv (ten words each, from the texts themselves: frequent, rare and absent ones), posts.txt and
articles.txt (one text per line). Each query is (a OR "b c" OR d*) NEAR/8 (e OR f) NOT (g OR h OR "i j").

Python: three compiled patterns per query (name near context in either order, exclusion), tried on the folded text; and,
as the floor of what Python can do, one alternation of all the literals. Tantivy: an index in memory, then each query as
(a OR "b c" OR d*) AND (e OR f) AND NOT (...): it has no NEAR between groups, so its answers are wider; indexing counts,
since each text is read once.
"""

import csv
import gzip
import html.parser
import pathlib
import random
import re
import sys
import time
import unicodedata

QUERIES = 200


def fold(text):
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


class Text(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)


def articles(data):
    for path in sorted(pathlib.Path(data, "articles").glob("*/expected.html*")):
        raw = gzip.open(path, "rt", encoding="utf-8").read() if path.suffix == ".gz" else path.read_text("utf-8")
        reader = Text()
        reader.feed(raw)
        text = " ".join(" ".join(reader.parts).split())
        if len(text) > 1000:
            yield text


def posts(data):
    with gzip.open(pathlib.Path(data, "airlines-us-2015", "Tweets.csv.gz"), "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield " ".join(row["text"].split())


def prepare(data, work):
    work.mkdir(parents=True, exist_ok=True)
    texts = {"posts": list(posts(data)), "articles": list(articles(data))}
    for name, list_ in texts.items():
        (work / f"{name}.txt").write_text("\n".join(list_) + "\n", "utf-8")
    counts = {}
    for text in texts["posts"] + texts["articles"]:
        for word in re.findall(r"[^\W\d_]{4,}", fold(text)):
            counts[word] = counts.get(word, 0) + 1
    ranked = sorted(counts, key=lambda w: (-counts[w], w))[200:]
    rng = random.Random(42)

    def word():
        kind = rng.random()
        if kind < 0.3:
            return rng.choice(ranked[:1500])
        if kind < 0.7:
            return rng.choice(ranked)
        return rng.choice(ranked) + "ax"

    with (work / "queries.tsv").open("w", encoding="utf-8") as file:
        for _ in range(QUERIES):
            file.write("\t".join(word() for _ in range(10)) + "\n")


def patterns(w):
    name = rf"\b(?:{w[0]}|{w[1]}\W+{w[2]}|{w[3]}\w*)\b"
    context = rf"\b(?:{w[4]}|{w[5]})\b"
    gap = r"(?:\W+\w+){0,8}?\W+"
    near = re.compile(f"{name}{gap}{context}|{context}{gap}{name}")
    excluded = re.compile(rf"\b(?:{w[6]}|{w[7]}|{w[8]}\W+{w[9]})\b")
    return near, excluded


def regexes(queries, texts):
    compiled = [patterns(w) for w in queries]
    found = 0
    for text in texts:
        folded = fold(text)
        for near, excluded in compiled:
            found += bool(near.search(folded) and not excluded.search(folded))
    return found


def alternation(queries, texts):
    words = sorted({word for w in queries for word in w}, key=len, reverse=True)
    one = re.compile(r"\b(?:" + "|".join(words) + r")\b")
    return sum(1 for text in texts for _ in one.finditer(fold(text)))


def tantivy_pass(queries, texts):
    from tantivy import Document, Index, Occur, Query, SchemaBuilder

    builder = SchemaBuilder()
    builder.add_text_field("text", stored=False)
    schema = builder.build()
    index = Index(schema)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for text in texts:
        writer.add_document(Document(text=fold(text)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def term(word):
        return Query.term_query(schema, "text", word)

    def either(*parts):
        return Query.boolean_query([(Occur.Should, part) for part in parts])

    def phrase(first, second):
        return Query.phrase_query(schema, "text", [first, second])

    found = 0
    for w in queries:
        name = either(term(w[0]), phrase(w[1], w[2]), Query.regex_query(schema, "text", w[3] + ".*"))
        context = either(term(w[4]), term(w[5]))
        excluded = either(term(w[6]), term(w[7]), phrase(w[8], w[9]))
        query = Query.boolean_query([(Occur.Must, name), (Occur.Must, context), (Occur.MustNot, excluded)])
        found += searcher.search(query, limit=1, count=True).count
    return found


def measure(work):
    queries = [line.split("\t") for line in (work / "queries.tsv").read_text("utf-8").splitlines()]
    for name in ["posts", "articles"]:
        texts = (work / f"{name}.txt").read_text("utf-8").splitlines()
        size = sum(len(t.encode()) for t in texts)
        for label, run in [("200 regexes", regexes), ("one alternation", alternation), ("tantivy", tantivy_pass)]:
            least = None
            for _ in range(3):
                start = time.perf_counter()
                found = run(queries, texts)
                took = time.perf_counter() - start
                least = took if least is None else min(least, took)
            print(f"{name}\t{label}\t{size / least / 2**20:.2f} MiB/s\t{found} found", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"] and len(sys.argv) == 4:
        prepare(sys.argv[2], pathlib.Path(sys.argv[3]))
    elif sys.argv[1:2] == ["measure"] and len(sys.argv) == 3:
        measure(pathlib.Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
