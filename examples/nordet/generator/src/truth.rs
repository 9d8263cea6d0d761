//! Writes `truth.toml`: what was planted, with the parameters and what they became, for people and machines.

use std::fmt::Write as _;

use crate::calendar::{self, Clock};
use crate::market::{Entity, Tone};
use crate::oracle::{BrandMonth, Oracle};
use crate::params;
use crate::row::{Nature, Plant, Row, Wording};
use crate::world::World;

const HEAD: &str = "\
# The truth of the fictional market of examples/nordet. Made by the generator beside the data: do not edit.
# All counts are realised: counted from the generated rows, not from the parameters. Months and days are local
# (America/Toronto). A row that names several brands counts once for each.
#
# Words used here
#   mentions     brand talk, once per story: no own posts, no homonyms, no spam, no wire copies, no repeated rows
#   with_copies  mentions + the copies of the wire story
#   with_spam    mentions + spam that names the brand
#   with_own     mentions + posts of the brands' own accounts
#   naive        all rows where the word occurs, homonyms too
#   lost         mentions that existed but were not collected (silence of the source forums); not in `mentions`;
#                a lost row that names two brands is in both, so the sum exceeds planted.silence.rows
#   sov          share of voice in percent: mentions of the brand / mentions of the five brands
#   net          100 x (positive - negative) / mentions
";

/// The whole file.
pub(crate) fn render(world: &World, oracle: &Oracle) -> String {
    let mut out = String::from(HEAD);
    let mut sections = String::new();
    // Writing to a String cannot fail.
    let _ = world_section(&mut sections, world, oracle)
        .and_then(|()| stories(&mut sections, world, oracle))
        .and_then(|()| fans(&mut sections, world))
        .and_then(|()| kpi(&mut sections, world))
        .and_then(|()| months(&mut sections, oracle));
    out.push_str(&sections);
    out
}

fn count(world: &World, keep: impl Fn(&Row) -> bool) -> usize {
    world.rows.iter().filter(|row| keep(row)).count()
}

fn world_section(out: &mut String, world: &World, oracle: &Oracle) -> std::fmt::Result {
    let polar = count(world, |r| r.wording.is_some());
    let ironic = count(world, |r| r.wording == Some(Wording::Ironic));
    let neutral = count(world, |r| r.is_clean() && r.opinions.first().is_some_and(|(_, t)| *t == Tone::Neutral));
    writeln!(out, "\n[world]\nseed = {}\nperiod = [\"2025-11-01\", \"2026-10-31\"]", world.seed)?;
    writeln!(out, "timezone = \"America/Toronto\"")?;
    writeln!(out, "unique_rows = {}                # rows of the four files, repeated rows once", world.rows.len())?;
    writeln!(out, "repeated_rows = {}               # same id twice in reseaux-sociaux.csv.gz", world.repeated.len())?;
    writeln!(out, "authors = {}                  # distinct (platform, author)", oracle.authors)?;
    writeln!(out, "french_rows = {}", count(world, |r| r.lang == crate::market::Lang::Fr))?;
    writeln!(out, "english_rows = {}", count(world, |r| r.lang == crate::market::Lang::En))?;
    for nature in [Nature::Brand, Nature::Own, Nature::Homonym, Nature::Spam] {
        writeln!(out, "{}_rows = {}", nature.id(), count(world, |r| r.nature == nature))?;
    }
    writeln!(
        out,
        "wire_copies = {}                 # rows that are copies of an earlier row",
        count(world, |r| r.is_copy)
    )?;
    writeln!(out, "polar_rows = {polar}")?;
    writeln!(out, "ironic_rows = {ironic}             # polar rows without words of opinion: a lexicon misses them")?;
    writeln!(out, "neutral_rows = {neutral}               # clean rows without opinion on the brand they speak of")?;
    writeln!(out, "several_brands_rows = {}", count(world, |r| r.is_clean() && r.opinions.len() > 1))?;
    writeln!(out, "\n# Rows of each file, repeated rows included.\n[files]")?;
    for (source, rows) in &oracle.file_rows {
        writeln!(out, "{source} = {rows}")?;
    }
    writeln!(out, "\n# Parameters of the ordinary market: share of the mentions and net tone aimed at.")?;
    for entity in Entity::ALL {
        let p = params::of(entity);
        writeln!(out, "[parameters.{}]\nweight = {:.3}\nnet = {:.1}", entity.id(), p.weight, p.net)?;
    }
    Ok(())
}

fn stories(out: &mut String, world: &World, oracle: &Oracle) -> std::fmt::Result {
    writeln!(out, "\n# Planted stories: the analyses must find these and nothing else.")?;
    for planted in &oracle.planted {
        writeln!(out, "\n[planted.{}]", planted.id)?;
        if let Some(entity) = planted.entity {
            writeln!(out, "entity = \"{}\"", entity.id())?;
        }
        writeln!(out, "days = [\"{}\", \"{}\"]", planted.days.0, planted.days.1)?;
        writeln!(out, "rows = {}\nauthors = {}\nsources = {}", planted.rows, planted.authors, planted.sources)?;
        match planted.id {
            "crisis" => crisis(out, world)?,
            "wire" => writeln!(
                out,
                "outlets = {}\nwithin_hours = {}\n# one story: counts once in `mentions`\nminimum_jaccard_5 = 0.85",
                params::WIRE_COPIES,
                params::WIRE_HOURS
            )?,
            "esim" => esim(out, world)?,
            "silence" => writeln!(
                out,
                "source = \"forums\"\n# `rows` existed and are in no file\ncause = {{ fr = \"collecte en panne\", en = \"collection down\" }}"
            )?,
            _ => {}
        }
    }
    Ok(())
}

fn crisis(out: &mut String, world: &World) -> std::fmt::Result {
    let clock = Clock::default();
    writeln!(
        out,
        "cause = {{ fr = \"mise à jour du cœur de réseau à Lévis\", en = \"core network update in Lévis\" }}"
    )?;
    writeln!(out, "first_posts = \"2026-10-14T06:00\"\nstatement = \"2026-10-15T14:00\"")?;
    let nordet = |row: &Row| row.is_clean() && row.tone_of(Entity::Nordet).is_some();
    let on = |day: jiff::civil::Date| count(world, |r| nordet(r) && clock.local(r.at).date() == day);
    let first = calendar::index_of(params::CRISIS_START);
    let mut usual: Vec<usize> = (first - 28..first).map(|i| on(calendar::day(i))).collect();
    usual.sort_unstable();
    writeln!(out, "usual_mentions_per_day = {}     # median of the 28 days before", usual[14])?;
    let days: Vec<usize> = (first..first + 6).map(|i| on(calendar::day(i))).collect();
    writeln!(out, "mentions_per_day = {days:?}     # all clean mentions of Nordet, from the first day")?;
    let mut hours = [0_usize; 24];
    for row in world.rows.iter().filter(|r| nordet(r)) {
        let local = clock.local(row.at);
        if local.date() == params::CRISIS_START {
            hours[local.hour() as usize] += 1;
        }
    }
    writeln!(out, "first_day_by_hour = {hours:?}")?;
    let negative =
        count(world, |r| r.plant == Some(Plant::Crisis) && r.tone_of(Entity::Nordet) == Some(Tone::Negative));
    writeln!(out, "negative = {negative}")
}

fn esim(out: &mut String, world: &World) -> std::fmt::Result {
    let clock = Clock::default();
    writeln!(out, "terms = [\"carte eSIM voyage\", \"travel eSIM\"]")?;
    let months = calendar::months();
    let by_month: Vec<usize> = months
        .iter()
        .map(|month| {
            count(world, |r| r.plant == Some(Plant::Esim) && &calendar::month(clock.local(r.at).date()) == month)
        })
        .collect();
    writeln!(out, "by_month = {by_month:?}     # November 2025 to October 2026")
}

fn fans(out: &mut String, world: &World) -> std::fmt::Result {
    writeln!(out, "\n# Planted people: ten advocates and ten detractors of Nordet.")?;
    for fan in &world.fans {
        let own = |r: &&Row| r.platform == fan.platform && r.author.id == fan.author.id;
        let tally = |tone| world.rows.iter().filter(own).filter(|r| r.tone_of(Entity::Nordet) == Some(tone)).count();
        writeln!(out, "[[{}]]", if fan.side == Plant::Advocate { "advocate" } else { "detractor" })?;
        writeln!(out, "platform = \"{}\"\nauthor_id = \"{}\"", fan.platform.id(), fan.author.id)?;
        writeln!(out, "handle = \"{}\"", fan.author.handle)?;
        for tone in [Tone::Positive, Tone::Neutral, Tone::Negative] {
            writeln!(out, "{} = {}", tone.id(), tally(tone))?;
        }
    }
    Ok(())
}

fn kpi(out: &mut String, world: &World) -> std::fmt::Result {
    writeln!(out, "\n# kpi/hebdomadaire.csv: churn = level + slope x net tone of Nordet two weeks before + noise.")?;
    writeln!(out, "[kpi]\ncolumn = \"desabonnements_pct\"\nlag_weeks = {}", params::KPI_LAG_WEEKS)?;
    writeln!(
        out,
        "level_pct = {}\nslope_pct_per_point = {}\nnoise_sd_pct = {}",
        params::KPI_LEVEL,
        params::KPI_SLOPE,
        params::KPI_NOISE
    )?;
    writeln!(out, "realised_r = {:.3}     # Pearson, 52 weeks, with the tone that drove it", driving_r(world))
}

/// Pearson correlation of churn with the tone that drove it.
fn driving_r(world: &World) -> f64 {
    let n = world.kpi.len() as f64;
    let mean = |f: &dyn Fn(usize) -> f64| (0..world.kpi.len()).map(f).sum::<f64>() / n;
    let x = |i: usize| world.kpi[i].driving_net;
    let y = |i: usize| world.kpi[i].churn_pct;
    let (mx, my) = (mean(&x), mean(&y));
    let cov = mean(&|i| (x(i) - mx) * (y(i) - my));
    let (vx, vy) = (mean(&|i| (x(i) - mx) * (x(i) - mx)), mean(&|i| (y(i) - my) * (y(i) - my)));
    cov / (vx * vy).sqrt()
}

fn months(out: &mut String, oracle: &Oracle) -> std::fmt::Result {
    writeln!(out, "\n# Realised counts, one table per month and brand.")?;
    for ((month, entity), cell) in &oracle.months {
        writeln!(out, "\n[[month]]\nmonth = \"{month}\"\nentity = \"{}\"", entity.id())?;
        let BrandMonth {
            mentions,
            positive,
            neutral,
            negative,
            french,
            with_copies,
            with_spam,
            with_own,
            homonyms,
            naive,
            lost,
        } = *cell;
        writeln!(out, "mentions = {mentions}\npositive = {positive}\nneutral = {neutral}\nnegative = {negative}")?;
        writeln!(
            out,
            "french = {french}\nwith_copies = {with_copies}\nwith_spam = {with_spam}\nwith_own = {with_own}"
        )?;
        writeln!(out, "homonyms = {homonyms}\nnaive = {naive}\nlost = {lost}")?;
        let share = |count| oracle.share(month, *entity, count).unwrap_or(0.0);
        writeln!(out, "sov = {:.2}", share(|c: &BrandMonth| c.mentions))?;
        writeln!(out, "sov_with_copies = {:.2}", share(|c: &BrandMonth| c.with_copies))?;
        writeln!(out, "sov_with_spam = {:.2}", share(|c: &BrandMonth| c.with_spam))?;
        writeln!(out, "sov_naive = {:.2}", share(|c: &BrandMonth| c.naive))?;
        if let Some(net) = cell.net() {
            writeln!(out, "net = {net:.2}")?;
        }
    }
    Ok(())
}
