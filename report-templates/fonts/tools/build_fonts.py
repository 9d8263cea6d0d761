"""Makes the report's typefaces, *Vigie Sans* and *Vigie Serif*.

They are Adobe's Source Sans 3 and Source Serif 4, merged from the subsets of two npm packages,
completed with the glyphs that no web package of them holds (narrow no-break space, arrows,
triangles, comparison signs) and renamed, because "Source" is a reserved font name.

Run by hand, see README.md. The output is committed; two runs give the same bytes.
"""

import argparse
import hashlib
import io
import math
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import merge, subset
from fontTools.misc.transform import Identity, Transform
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

# The packages the committed files were made from. A newer version is a decision, not an accident.
PACKAGES = {
    "source-sans-3": "b598201d980b3512805bbea186aab8ef91590d59990e6a13c90e030b6ff37881",
    "source-serif-4": "54b7898afa20cf4b2d807bbf2b5a2f865e28a83db8a5fcc563dafce5ecb5e7c8",
}
VERSION = "1.000"
# Seconds since 1904 in the head table: 2026-01-01, so that no run writes its own clock.
EPOCH_2026 = 3850070400
SUBSETS = ("latin", "latin-ext", "greek", "vietnamese")
COPYRIGHT = {
    "source-sans-3": "© 2023 Adobe (http://www.adobe.com/), with Reserved Font Name ‘Source’",
    "source-serif-4": "© 2014 - 2021 Adobe Systems Incorporated (http://www.adobe.com/), "
    "with Reserved Font Name ‘Source’.",
}
# Hinting and optional tables: reports are set by renderers that use none of them.
DROPPED = ("prep", "fpgm", "cvt ", "gasp", "BASE", "STAT", "DSIG", "meta")
# What HTML reports can contain: French and English, their typography and the chart signs.
WEB = (
    list(range(0x20, 0x7F))
    + list(range(0xA0, 0x100))
    + [0x131, 0x152, 0x153, 0x160, 0x161, 0x178, 0x17D, 0x17E, 0x192, 0x2B3, 0x2C6, 0x2DA, 0x2DC, 0x1D49]
    + [0x394, 0x3BA, 0x3BC, 0x3C1, 0x3C3]
    + [0x2007, 0x2009, 0x200A, 0x200B, 0x200D, 0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A]
    + [0x201C, 0x201D, 0x201E, 0x2020, 0x2022, 0x2026, 0x202F, 0x2039, 0x203A, 0x2044, 0x2060, 0x2082]
    + [0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2197, 0x2198, 0x2212, 0x2248, 0x2260, 0x2264]
    + [0x2265, 0x25A0, 0x25B2, 0x25B6, 0x25BC, 0x25CB, 0x25CF, 0x2713]
)


@dataclass(frozen=True)
class Face:
    """One file to make: where it comes from and what it is called."""

    package: str
    cut: str
    family: str
    style: str
    file: str
    weight: int

    @property
    def italic(self) -> bool:
        return self.cut.endswith("italic")


FACES = (
    Face("source-sans-3", "400-normal", "Vigie Sans", "Regular", "VigieSans-Regular", 400),
    Face("source-sans-3", "400-italic", "Vigie Sans", "Italic", "VigieSans-Italic", 400),
    Face("source-sans-3", "600-normal", "Vigie Sans", "SemiBold", "VigieSans-SemiBold", 600),
    Face("source-sans-3", "700-normal", "Vigie Sans", "Bold", "VigieSans-Bold", 700),
    Face("source-serif-4", "400-normal", "Vigie Serif", "Regular", "VigieSerif-Regular", 400),
    Face("source-serif-4", "600-normal", "Vigie Serif", "SemiBold", "VigieSerif-SemiBold", 600),
)


def find_package(folder: Path, package: str) -> bytes:
    """Content of the package's archive; refuses any other version than the pinned one."""
    found = sorted(folder.glob(f"fontsource-{package}-*.tgz"))
    if len(found) != 1:
        sys.exit(f"{folder}: expected one fontsource-{package}-*.tgz, found {len(found)}; see README.md")
    content = found[0].read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != PACKAGES[package]:
        sys.exit(f"{found[0]}: sha256 is {digest}, expected {PACKAGES[package]}; see README.md")
    return content


def load_subsets(archive: bytes, face: Face) -> list[TTFont]:
    """The subsets of one face, without the tables nobody reads."""
    fonts = []
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for name in SUBSETS:
            member = tar.extractfile(f"package/files/{face.package}-{name}-{face.cut}.woff2")
            font = TTFont(io.BytesIO(member.read()), recalcTimestamp=False)
            font.flavor = None
            for table in DROPPED:
                if table in font:
                    del font[table]
            plain = io.BytesIO()
            font.save(plain)
            plain.seek(0)
            fonts.append(plain)
    return fonts


def add_glyph(font: TTFont, name: str, codepoint: int | None, glyph, advance: int) -> None:
    """Adds one glyph; replaces nothing, because completing must not redraw what Adobe drew."""
    table = font["glyf"]
    if name in table.glyphs:
        raise ValueError(f"glyph {name} exists already")
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    table.glyphOrder = font.getGlyphOrder()
    table.glyphs[name] = glyph
    glyph.recalcBounds(table)
    font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0) if glyph.numberOfContours else 0)
    if codepoint is not None:
        for cmap in font["cmap"].tables:
            if cmap.isUnicode():
                cmap.cmap[codepoint] = name


def outline(font: TTFont, codepoint: int) -> DecomposingRecordingPen:
    """Recorded outline of an existing character."""
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[font.getBestCmap()[codepoint]].draw(pen)
    return pen


def polygon(pen, points) -> None:
    """Closed polygon; points run clockwise, as TrueType fills them."""
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def circle(pen, x: float, y: float, radius: float) -> None:
    """Clockwise circle in eight quadratic arcs."""
    bulge = radius / math.cos(math.pi / 8)
    around = [math.pi / 2 - k * math.pi / 8 for k in range(17)]
    pts = [
        (x + (bulge if k % 2 else radius) * math.cos(a), y + (bulge if k % 2 else radius) * math.sin(a))
        for k, a in enumerate(around)
    ]
    pen.moveTo(pts[0])
    for k in range(0, 16, 2):
        pen.qCurveTo(pts[k + 1], pts[k + 2])
    pen.closePath()


def finish(pen: TTGlyphPen):
    """The glyph with whole-number coordinates."""
    glyph = pen.glyph()
    if glyph.numberOfContours:
        glyph.coordinates.toInt()
    return glyph


def transformed(recordings):
    """One glyph out of (recording, transform) pairs."""
    pen = TTGlyphPen(None)
    for recording, transform in recordings:
        recording.replay(TransformPen(pen, transform))
    return finish(pen)


def metrics(font: TTFont):
    """Digit width, height of the mathematical axis, stroke of the minus sign, cap height."""
    cmap = font.getBestCmap()
    minus = font["glyf"][cmap[0x2212]]
    width = font["hmtx"][cmap[0x30]][0]
    return width, (minus.yMin + minus.yMax) / 2, minus.yMax - minus.yMin, font["OS/2"].sCapHeight


def add_spaces(font: TTFont, digit: int) -> None:
    """Spaces of fixed width, and characters that take none."""
    em = font["head"].unitsPerEm
    narrow = round(em * 0.16)
    for name, codepoint, advance in (
        ("uni202F", 0x202F, narrow),
        ("uni2007", 0x2007, digit),
        ("uni200A", 0x200A, round(em / 16)),
        ("uni200D", 0x200D, 0),
        ("uni2060", 0x2060, 0),
    ):
        add_glyph(font, name, codepoint, TTGlyphPen(None).glyph(), advance)


def add_signs(font: TTFont, digit: int, axis: float, stroke: float) -> None:
    """Comparison signs, from the signs the face has."""
    sides = font["glyf"][font.getBestCmap()[0x2212]]
    left, right = sides.xMin, sides.xMax
    for codepoint, name, base in ((0x2265, "greaterequal", 0x3E), (0x2264, "lessequal", 0x3C)):
        pen = TTGlyphPen(None)
        outline(font, base).replay(TransformPen(pen, Transform(1, 0, 0, 0.86, 0, 100)))
        bottom = 0 if stroke > 80 else 20
        polygon(pen, [(left, bottom), (left, bottom + stroke), (right, bottom + stroke), (right, bottom)])
        add_glyph(font, name, codepoint, finish(pen), digit)
    wave = outline(font, 0x7E)
    gap = stroke * 1.35
    add_glyph(
        font, "approxequal", 0x2248,
        transformed([(wave, Transform(1, 0, 0, 1, 0, gap)), (wave, Transform(1, 0, 0, 1, 0, -gap))]), digit,
    )
    pen = TTGlyphPen(None)
    outline(font, 0x3D).replay(pen)
    half = stroke * 0.62
    middle = (left + right) / 2
    polygon(pen, [(middle - 130 - half, axis - 290), (middle + 130 - half, axis + 290),
                  (middle + 130 + half, axis + 290), (middle - 130 + half, axis - 290)])
    add_glyph(font, "notequal", 0x2260, finish(pen), digit)
    two = font["hmtx"][font.getBestCmap()[0xB2]][0]
    add_glyph(font, "twoinferior", 0x2082, transformed([(outline(font, 0xB2), Transform(1, 0, 0, 1, 0, -370))]), two)


def add_arrows(font: TTFont, axis: float) -> None:
    """The face's own upward arrow, turned; centred on the axis so that it sits well beside figures."""
    up = outline(font, 0x2191)
    source = font["glyf"][font.getBestCmap()[0x2191]]
    cx, cy = (source.xMin + source.xMax) / 2, (source.yMin + source.yMax) / 2
    length = (source.yMax - source.yMin) * 0.86
    for codepoint, name, degrees in (
        (0x2192, "arrowright", -90), (0x2190, "arrowleft", 90), (0x2197, "uni2197", -45), (0x2198, "uni2198", -135),
    ):
        reach = length if degrees in (-90, 90) else length * 0.86
        advance = round(reach + 80)
        turn = Identity.translate(advance / 2, axis).rotate(math.radians(degrees)).scale(0.86).translate(-cx, -cy)
        add_glyph(font, name, codepoint, transformed([(up, turn)]), advance)


def add_shapes(font: TTFont, axis: float, stroke: float, cap: float) -> None:
    """Filled and open shapes, as tall as small capitals, centred on the capitals."""
    middle = cap / 2
    half = cap * 0.36
    advance = round(2 * half + 100)
    x = advance / 2

    def shape(name, codepoint, draw):
        pen = TTGlyphPen(None)
        draw(pen)
        add_glyph(font, name, codepoint, finish(pen), advance)

    low, high = middle - half * 0.9, middle + half * 0.9
    shape("triagup", 0x25B2, lambda p: polygon(p, [(x - half, low), (x, high), (x + half, low)]))
    shape("triagdn", 0x25BC, lambda p: polygon(p, [(x - half, high), (x + half, high), (x, low)]))
    shape("uni25B6", 0x25B6, lambda p: polygon(p, [(x - half * 0.9, middle + half), (x + half * 0.9, middle), (x - half * 0.9, middle - half)]))
    side = half * 0.9
    shape("filledbox", 0x25A0, lambda p: polygon(p, [(x - side, middle - side), (x - side, middle + side), (x + side, middle + side), (x + side, middle - side)]))
    shape("H18533", 0x25CF, lambda p: circle(p, x, middle, half))

    def ring(pen):
        circle(pen, x, middle, half)
        circle(ReverseContourPen(pen), x, middle, half - stroke)

    shape("circle", 0x25CB, ring)
    # A check mark: two strokes with the weight of the minus sign.
    w = stroke * 1.1
    shape("uni2713", 0x2713, lambda p: polygon(p, [
        (x - half, middle - 0.05 * half), (x - half + w, middle + w - 0.05 * half), (x - 0.25 * half, middle - 0.75 * half + 1.4 * w),
        (x + half - w * 0.6, middle + half), (x + half + w * 0.4, middle + half - w), (x - 0.25 * half, middle - half),
    ]))


def add_hyphens(font: TTFont) -> None:
    """Hyphens that text uses to forbid or state a break look like the plain one."""
    plain = font.getBestCmap()[0x2D]
    for codepoint in (0x2010, 0x2011):
        for cmap in font["cmap"].tables:
            if cmap.isUnicode():
                cmap.cmap[codepoint] = plain


def complete(font: TTFont) -> None:
    """Adds every glyph the web packages lack."""
    digit, axis, stroke, cap = metrics(font)
    present = font.getBestCmap()
    for codepoint in (0x2191, 0x7E, 0x3D, 0xB2, 0x2212):
        if codepoint not in present:
            raise ValueError(f"the base face lacks U+{codepoint:04X}")
    # Adobe's own drawing wins where the package holds one.
    for codepoint in (0x202F, 0x2007, 0x200A, 0x200D, 0x2060, 0x2265, 0x2192, 0x25B2):
        if codepoint in present:
            raise ValueError(f"U+{codepoint:04X} is in the package now: drop it from this script")
    add_spaces(font, digit)
    add_hyphens(font)
    add_signs(font, digit, axis, stroke)
    add_arrows(font, axis)
    add_shapes(font, axis, stroke, cap)
    font["maxp"].numGlyphs = len(font.getGlyphOrder())


def rename(font: TTFont, face: Face) -> None:
    """New names, so that nothing presents itself under the reserved one; the copyright stays."""
    table = font["name"]
    table.names = []
    plain = face.style in ("Regular", "Italic", "Bold")
    names = {
        0: COPYRIGHT[face.package] + " Modified by the vigie project: subsets merged, glyphs added, renamed.",
        1: face.family if plain else f"{face.family} {face.style}",
        2: face.style if plain else "Regular",
        3: f"{VERSION};VIGI;{face.file}",
        4: f"{face.family} {face.style}",
        5: f"Version {VERSION}",
        6: face.file,
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }
    if not plain:
        names[16], names[17] = face.family, face.style
    for name_id, text in names.items():
        table.setName(text, name_id, 3, 1, 0x409)


def set_style(font: TTFont, face: Face) -> None:
    """Weight, slope and dates. Bit 7 of fsSelection keeps the line height the same everywhere."""
    os2, head = font["OS/2"], font["head"]
    os2.usWeightClass = face.weight
    os2.fsType = 0
    bold, italic = face.style == "Bold", face.italic
    os2.fsSelection = (0x80) | (0x20 if bold else 0) | (0x01 if italic else 0) | (0 if bold or italic else 0x40)
    head.macStyle = (1 if bold else 0) | (2 if italic else 0)
    head.fontRevision = float(VERSION)
    head.created = head.modified = EPOCH_2026
    os2.recalcUnicodeRanges(font)


def subsetted(source: Path, unicodes: list[int] | None, flavor: str | None) -> bytes:
    """The font with the given characters only (all when None), unreachable glyphs dropped."""
    options = subset.Options()
    options.flavor = flavor
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "pnum"]
    options.name_IDs = ["*"]
    options.name_languages = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = False
    options.recalc_timestamp = False
    options.drop_tables = list(DROPPED)
    font = subset.load_font(str(source), options)
    font.recalcTimestamp = False
    chosen = unicodes if unicodes is not None else list(font.getBestCmap())
    missing = [f"U+{c:04X}" for c in chosen if c not in font.getBestCmap()]
    if missing:
        raise ValueError(f"{source.name} lacks {', '.join(missing)}")
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=chosen)
    subsetter.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()


def build(face: Face, packages: Path, out: Path) -> None:
    """Writes the TTF and the woff2 of one face."""
    merger = merge.Merger(merge.Options(drop_tables=list(DROPPED)))
    font = merger.merge(load_subsets(find_package(packages, face.package), face))
    complete(font)
    rename(font, face)
    set_style(font, face)
    font["post"].formatType = 2.0
    font["post"].extraNames, font["post"].mapping = [], {}
    font.recalcTimestamp = False
    ttf = out / f"{face.file}.ttf"
    font.save(ttf)
    ttf.write_bytes(subsetted(ttf, None, None))
    web = out / "web" / f"{face.file}.woff2"
    web.parent.mkdir(exist_ok=True)
    web.write_bytes(subsetted(ttf, sorted(WEB), "woff2"))
    print(f"{ttf.name}: {ttf.stat().st_size} bytes, web {web.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", type=Path, help="folder with the two .tgz files of npm pack")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent)
    arguments = parser.parse_args()
    for face in FACES:
        build(face, arguments.packages, arguments.out)


if __name__ == "__main__":
    main()
