"""Scores of VADER, vaderSentiment-fr, TextBlob-fr and AFINN on the sets of `vigie-train evaluate`.

    pip install -r crates/vigie-train/compare/requirements.txt
    python crates/vigie-train/compare/compare.py DIR

Each tool is used as its documentation says: compound of VADER beyond 0.05, polarity of TextBlob beyond 0,
AFINN's sum beyond 0. For two classes the sign decides, 0 counts as positive.
"""

import csv
import gzip
import re
import sys
from pathlib import Path

from afinn import Afinn
from textblob import Blobber
from textblob_fr import PatternAnalyzer, PatternTagger
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
from vaderSentiment_fr.vaderSentiment import SentimentIntensityAnalyzer as FrenchAnalyzer

data = Path(sys.argv[1])


def lines(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as file:
        return file.read().rstrip("\n").split("\n")


def posts(folder, part):
    texts = lines(data / folder / f"{part}_text.txt.gz")
    labels = [int(label) for label in (data / folder / f"{part}_labels.txt").read_text().split()]
    return list(zip(texts, labels))


def series(part):
    rows = [line.split("\t") for line in lines(data / "series-tv-fr" / part)]
    return [(row[1], 2 if row[0] == "1" else 0) for row in rows if len(row) > 1]


def stars(path, text, rating):
    with gzip.open(data / path, "rt", encoding="utf-8", newline="") as file:
        rows = [(row[text], float(row[rating] or 3)) for row in csv.DictReader(file)]
    return [(t, 0 if r <= 2 else 2) for t, r in rows if r != 3]


def confusion(examples, read):
    counts = [[0] * 3 for _ in range(3)]
    for text, label in examples:
        counts[label][read(text)] += 1
    return counts


def scores(counts, classes):
    recall, f1 = 0, 0
    for c in classes:
        truly, said = sum(counts[c]), sum(row[c] for row in counts)
        recall += counts[c][c] / max(truly, 1) / len(classes)
        f1 += 2 * counts[c][c] / max(truly + said, 1) / len(classes)
    return recall, f1


def three(border):
    return lambda value: 2 if value >= border else 0 if value <= -border else 1


blobber = Blobber(pos_tagger=PatternTagger(), analyzer=PatternAnalyzer())
vader, french_vader = SentimentIntensityAnalyzer(), FrenchAnalyzer()
afinn = Afinn(emoticons=True)
# The package has no French list; the one of its authors is in the data.
afinn_fr = dict(line.rsplit("\t", 1) for line in lines(data / "lexicons/AFINN-fr-165.txt") if "\t" in line)


def french_afinn(text):
    return sum(float(afinn_fr.get(word, 0)) for word in re.findall(r"[\w'-]+", text.lower()))


TOOLS = {
    "en": {
        "VADER": (lambda t: vader.polarity_scores(t)["compound"], 0.05),
        "AFINN": (afinn.score, 1e-9),
    },
    "fr": {
        "vaderSentiment-fr": (lambda t: french_vader.polarity_scores(t)["compound"], 0.05),
        "TextBlob-fr": (lambda t: blobber(t).sentiment[0], 1e-9),
        "AFINN-fr": (french_afinn, 1e-9),
    },
}
THREE = [
    ("English posts, TweetEval validation", "en", lambda: posts("tweeteval/sentiment", "val")),
    ("English posts, UMSAB validation", "en", lambda: posts("xlmt-umsab/english", "val")),
    ("French posts, UMSAB training and validation", "fr",
     lambda: posts("xlmt-umsab/french", "train") + posts("xlmt-umsab/french", "val")),
]
TWO = [
    ("French reviews of series", lambda: series("train.tsv.gz") + series("dev.tsv")),
    ("French reviews of insurers", lambda: stars("assurances-fr/avis_1_traduit.csv.gz", "avis", "note")),
    ("French reviews of shops", lambda: stars("trustpilot-fr-2021/trustpilot_to_predict.csv.gz", "review", "rating")),
]

for name, language, examples in THREE:
    texts = examples()
    for tool, (value, border) in TOOLS[language].items():
        decide = three(border)
        recall, f1 = scores(confusion(texts, lambda t: decide(value(t))), (0, 1, 2))
        print(f"{tool}: {name}: macro-recall {recall:.3f}, macro-F1 {f1:.3f}")
for name, examples in TWO:
    texts = examples()
    for tool, (value, _) in TOOLS["fr"].items():
        _, f1 = scores(confusion(texts, lambda t: 2 if value(t) >= 0 else 0), (0, 2))
        print(f"{tool}: {name}: macro-F1 of two classes {f1:.3f}")
