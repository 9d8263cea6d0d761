//! What a chart is made of. All words arrive in the language of the edition; all numbers that are
//! printed arrive as text beside the number that is drawn.

/// How a mark is coloured; see the colour tokens of the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Colour slot of an entity: 1 is the client, 2 to 6 the competitors.
    Entity(u8),
    /// Entities beyond the sixth, and "others".
    Others,
    /// Positive tone.
    Positive,
    /// Negative tone, over a threshold.
    Negative,
    /// Context that is neither.
    Quiet,
}

/// A value as drawn and as printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Position on the scale.
    pub at: f64,
    /// Words printed.
    pub shown: String,
}

/// Title and description that every drawing carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    /// Prefix of all ids inside the drawing, unique in the page (`fig-02`).
    pub id: String,
    /// `<title>`.
    pub title: String,
    /// `<desc>`.
    pub desc: String,
}

/// Tick of an axis.
pub type Tick = Value;

/// A day-by-day curve; `None` is a day without collection, drawn as a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name printed at the end of the curve or as the panel's title.
    pub name: String,
    /// Colour.
    pub ink: Ink,
    /// One value per step of the horizontal axis.
    pub values: Vec<Option<f64>>,
    /// Words for the last value, where printed.
    pub last: String,
}

/// A dated fact written on a curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    /// Step on the horizontal axis.
    pub step: usize,
    /// First line, strong (`14 oct.`).
    pub title: String,
    /// Second line (`Panne du réseau`).
    pub text: String,
}

/// Expected range of each step, with its words (`attendu`); `None` where there is too little
/// history to expect anything.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Lowest and highest expected value of each step.
    pub ranges: Vec<Option<(f64, f64)>>,
    /// Words printed at its end.
    pub name: String,
}

/// Evolution of one series, with context curves in grey, dated facts and missing days.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    /// The curve that matters.
    pub main: Series,
    /// Other curves, drawn thin and grey with their names at the end.
    pub context: Vec<Series>,
    /// Reference level (median of the period before) with its words, dashed.
    pub reference: Option<Value>,
    /// Expected values of the main curve, drawn as a band behind everything.
    pub band: Option<Box<Band>>,
    /// Steps labelled on the horizontal axis (`at` is the step).
    pub x_ticks: Vec<Tick>,
    /// Levels labelled on the vertical axis.
    pub y_ticks: Vec<Tick>,
    /// Dated facts, at most five.
    pub annotations: Vec<Annotation>,
    /// Words written over hatched missing days (`collecte interrompue`).
    pub gap_label: String,
    /// Ranges of steps `[from, to)` without collection.
    pub gaps: Vec<(usize, usize)>,
    /// Tooltip of each step of the main curve (`14 oct. : 1 051 mentions`).
    pub tooltips: Vec<String>,
}

/// One row of a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Row name.
    pub name: String,
    /// Colour.
    pub ink: Ink,
    /// Strong (the client).
    pub strong: bool,
    /// Length; `None` when the base is too small: only `columns` are printed, in grey.
    pub value: Option<f64>,
    /// Whisker.
    pub interval: Option<(f64, f64)>,
    /// Tick of the previous period.
    pub previous: Option<f64>,
    /// Words at the end of the bar, when there are no columns for them.
    pub shown: String,
    /// Words of the value columns at the right, as many as `Bars::columns`.
    pub columns: Vec<String>,
}

/// Sorted horizontal bars from zero, with whiskers, previous ticks and value columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// Rows, top to bottom.
    pub rows: Vec<Bar>,
    /// Headings of the value columns.
    pub columns: Vec<String>,
    /// Axis levels.
    pub ticks: Vec<Tick>,
}

/// One row of a tone chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ToneRow {
    /// Row name.
    pub name: String,
    /// Colour of the name.
    pub ink: Ink,
    /// Strong (the client).
    pub strong: bool,
    /// Share of negative in percent, drawn left of zero, with its words; `None` under the floor.
    pub negative: Option<Value>,
    /// Share of positive in percent, drawn right of zero.
    pub positive: Option<Value>,
    /// Words of the value columns at the right (net with interval, change, n).
    pub columns: Vec<String>,
}

/// Diverging bars around zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Tone {
    /// Rows, top to bottom.
    pub rows: Vec<ToneRow>,
    /// Headings: left side, right side.
    pub sides: (String, String),
    /// Headings of the value columns.
    pub columns: Vec<String>,
    /// Axis levels (negative ones at the left).
    pub ticks: Vec<Tick>,
}

/// One row of a change chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Row name.
    pub name: String,
    /// Colour of the name.
    pub ink: Ink,
    /// Strong (the client).
    pub strong: bool,
    /// Hollow mark: the period before.
    pub before: Option<f64>,
    /// Full mark: this period; `None` under the floor.
    pub after: Option<f64>,
    /// Whisker of this period.
    pub interval: Option<(f64, f64)>,
    /// Words of the value columns at the right.
    pub columns: Vec<String>,
}

/// Dumbbells: before and after on one scale that crosses zero.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// Rows, top to bottom.
    pub rows: Vec<Change>,
    /// Headings of the value columns.
    pub columns: Vec<String>,
    /// Axis levels.
    pub ticks: Vec<Tick>,
}

/// Same-scale panels, one per series, the others as grey ghosts.
#[derive(Clone, Debug, PartialEq)]
pub struct Multiples {
    /// One panel each, at most six.
    pub panels: Vec<Series>,
    /// Steps labelled in each panel.
    pub x_ticks: Vec<Tick>,
    /// Levels, labelled at the left of the first panel of a row.
    pub y_ticks: Vec<Tick>,
}

/// State of a source on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayState {
    /// Collected.
    Complete,
    /// Fewer rows than the source gives on such a day, or declared partial.
    Partial,
    /// Nothing collected.
    Missing,
    /// Outside what the source covers.
    Outside,
}

/// Sources by days, one tile each.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Source name, its days, and words at the right (`29 jours sur 31`).
    pub rows: Vec<(String, Vec<DayState>, String)>,
    /// Days labelled.
    pub x_ticks: Vec<Tick>,
    /// Legend words: complete, partial, missing.
    pub legend: (String, String, String),
}

/// A small curve without axis, with a band of usual values and a mark on the last value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparkline {
    /// One value per month; `None` is not known.
    pub values: Vec<Option<f64>>,
    /// Usual range, drawn as a band.
    pub band: Option<(f64, f64)>,
    /// Colour of the last mark.
    pub ink: Ink,
}

/// Superposed daily curves for the cover; decorative, made of real data.
#[derive(Clone, Debug, PartialEq)]
pub struct Ridge {
    /// Curves from top (back) to bottom (front); the last one is the client, in gold.
    pub series: Vec<Vec<Option<f64>>>,
    /// Step and words of the highest point of the client.
    pub peak: Option<(usize, String)>,
    /// Line under the curves.
    pub legend: String,
}

/// One column of a threshold chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Height; `None` when nothing was collected.
    pub value: Option<f64>,
    /// Whether it is over the threshold.
    pub over: bool,
    /// Words for the pointer.
    pub tooltip: String,
}

/// Hours or days against a threshold, with numbered milestones.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// One per step of the horizontal axis.
    pub columns: Vec<Column>,
    /// Threshold of each step, drawn dashed; `None` where there is none.
    pub threshold: Vec<Option<f64>>,
    /// Words of the threshold.
    pub threshold_name: String,
    /// Steps labelled on the horizontal axis (`at` is the step).
    pub x_ticks: Vec<Tick>,
    /// Levels labelled on the vertical axis.
    pub y_ticks: Vec<Tick>,
    /// Steps before which a new day starts.
    pub divisions: Vec<usize>,
    /// Numbered in the order given, which is that of time; at most six.
    pub milestones: Vec<Annotation>,
}

/// One tile of a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Tone from -1 (most negative) to 1; `None` under the floor: white, words in grey.
    pub level: Option<f64>,
    /// Words in the tile.
    pub shown: String,
    /// Strong words.
    pub strong: bool,
}

/// One row of a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct TileRow {
    /// Row name.
    pub name: String,
    /// As many as there are columns.
    pub tiles: Vec<Tile>,
}

/// A matrix, for instance of topics by brands, with the number written in each tile.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiles {
    /// Headings, each in its colour.
    pub columns: Vec<(String, Ink)>,
    /// Rows, top to bottom.
    pub rows: Vec<TileRow>,
}

/// A chart ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Chart {
    /// Evolution.
    Lines(Lines),
    /// Ranking.
    Bars(Bars),
    /// Tone around zero.
    Tone(Tone),
    /// Before and after.
    Changes(Changes),
    /// Panels.
    Multiples(Multiples),
    /// Collection.
    Calendar(Calendar),
    /// Tile curve.
    Sparkline(Sparkline),
    /// Cover drawing.
    Ridge(Ridge),
    /// Threshold and alert.
    Columns(Columns),
    /// Matrix.
    Tiles(Tiles),
}

/// A finished drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The SVG element, without XML declaration.
    pub svg: String,
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// Words that found no free place and must be read in the table of the figure.
    pub omitted: Vec<String>,
}
