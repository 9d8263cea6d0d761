//! Claims worth a reader's two minutes, ranked by size, surprise and reach.
//!
//! Score `E · S · I`: `E` the size of the effect against a reference (10 points of share, 15 of tone,
//! a doubling of volume), `S` one minus the false discovery rate over 0.10, `I` the share of the
//! brand's authors concerned (one for a figure about the whole brand). Competitors weigh half of the
//! client. The client's crises come first; the others are chosen greedily: each repeated subject or kind halves the score, at most two per pair.

use vigie_analysis::crisis::{Episode, Rule};
use vigie_analysis::evidence::{FINDING, Measure, SURE, Strength};
use vigie_analysis::peaks::Series;
use vigie_analysis::terms::RisingTerm;
use vigie_model::estimate::Estimate;
use vigie_model::locale::Locale;
use vigie_model::period::from_epoch_day;
use vigie_report::number;
use vigie_report::report::{Finding, Origin};
use vigie_report::text::{Text, Words};

use crate::Error;
use crate::builder::Builder;
use crate::figures::shares::displayable;
use crate::figures::terms::surface;
use crate::sections::{clear_lead, peaks, previous_first};
use crate::shown;

/// Findings printed.
const MOST: usize = 5;
/// Score under which a claim is not worth printing.
const LEAST: f64 = 0.02;
/// Kind of the findings that come first when they are the client's.
const CRISIS: &str = "crisis";
/// Weight of a competitor against the client.
const COMPETITOR: f64 = 0.5;

/// The findings of the period, strongest first.
pub(crate) fn ranked(b: &mut Builder<'_>) -> Result<Vec<Finding>, Error> {
    let mut candidates = Vec::new();
    candidates.extend(rank(b)?);
    if b.analyses().tally.previous.is_none() {
        candidates.extend(first(b)?);
        candidates.extend(extreme(b, true)?);
        candidates.extend(extreme(b, false)?);
    }
    for entity in 0..b.input.project.entities.len() {
        candidates.extend(share(b, entity)?);
        candidates.extend(net(b, entity)?);
    }
    candidates.extend(volume(b)?);
    for episode in &b.analyses().episodes {
        candidates.push(beyond(b, episode)?);
    }
    for term in b.analyses().terms.as_deref().unwrap_or_default() {
        candidates.push(rising(b, term)?);
    }
    Ok(chosen(candidates))
}

/// A claim before it is chosen: what it is about, of which kind.
struct Candidate {
    subject: usize,
    kind: &'static str,
    finding: Finding,
}

fn chosen(mut candidates: Vec<Candidate>) -> Vec<Finding> {
    let (mut kept, mut candidates): (Vec<Candidate>, Vec<Candidate>) =
        candidates.drain(..).partition(|c| c.kind == CRISIS && c.subject == 0);
    kept.sort_by(|a, b| b.finding.score.total_cmp(&a.finding.score).then_with(|| a.finding.key.cmp(&b.finding.key)));
    kept.truncate(MOST);
    while kept.len() < MOST && !candidates.is_empty() {
        let weight = |c: &Candidate| {
            let same = |k: &&Candidate| k.subject == c.subject || k.kind == c.kind;
            let pair = kept.iter().filter(|k| k.subject == c.subject && k.kind == c.kind).count();
            if pair >= 2 { 0.0 } else { c.finding.score * 0.5_f64.powi(kept.iter().filter(same).count() as i32) }
        };
        let best = (0..candidates.len()).max_by(|i, j| {
            let (a, b) = (&candidates[*i], &candidates[*j]);
            weight(a).total_cmp(&weight(b)).then_with(|| b.finding.key.cmp(&a.finding.key))
        });
        let Some(best) = best.filter(|i| weight(&candidates[*i]) > LEAST) else { break };
        kept.push(candidates.remove(best));
    }
    kept.into_iter().map(|c| c.finding).collect()
}

/// What every finding is made with.
struct Claim<'e> {
    subject: usize,
    kind: &'static str,
    name: String,
    section: &'static str,
    /// Effect over its reference size.
    effect: f64,
    /// Part of the brand's authors concerned.
    reach: f64,
    q: f64,
    estimate: &'e Estimate,
    /// Whether the measure rests on unaudited reading of tone.
    read_by_machine: bool,
}

fn candidate(b: &Builder<'_>, claim: &Claim<'_>, title: Words, body: Text) -> Result<Candidate, Error> {
    let confidence = confidence(b, claim);
    let weight = if claim.subject == 0 { 1.0 } else { COMPETITOR };
    let score = weight * claim.effect.min(1.0) * (1.0 - claim.q / FINDING).max(0.0) * claim.reach.sqrt();
    Ok(Candidate {
        subject: claim.subject,
        kind: claim.kind,
        finding: Finding {
            key: format!("{}.{}", claim.kind, claim.name),
            rule: claim.kind.to_owned(),
            title,
            body,
            confidence,
            confidence_word: b.say(&format!("confidence.{confidence}"), |_| vec![])?,
            section: claim.section.to_owned(),
            figures: Vec::new(),
            score,
            estimate: claim.estimate.clone(),
            origin: Origin::Auto,
        },
    })
}

/// 3 high: sure, complete collection, no unaudited reading. 2 with one doubt. 1 otherwise.
fn confidence(b: &Builder<'_>, claim: &Claim<'_>) -> u8 {
    let complete = !b.has_gap_of_one_entity() && b.analyses().health.complete_share().is_some_and(|s| s >= 0.95);
    let doubts = [claim.q > SURE, !complete, claim.read_by_machine, !claim.estimate.flags.is_empty()];
    match doubts.iter().filter(|d| **d).count() {
        0 => 3,
        1 => 2,
        _ => 1,
    }
}

fn direction(up: bool, strength: Strength) -> &'static str {
    match (up, strength) {
        (true, Strength::Sure) => "up.sure",
        (true, _) => "up.likely",
        (false, Strength::Sure) => "down.sure",
        (false, _) => "down.likely",
    }
}

fn entity_id<'a>(b: &Builder<'a>, entity: usize) -> &'a str {
    b.analyses().names.entities.get(entity).map_or("", String::as_str)
}

fn share(b: &Builder<'_>, entity: usize) -> Result<Option<Candidate>, Error> {
    let analyses = b.analyses();
    let Some(share) = analyses.share(entity) else { return Ok(None) };
    let strength = analyses.evidence.strength(Measure::ShareOfVoice, entity, share.change.as_ref());
    let (Some(now), Some(before), Some(change)) = (displayable(share), &share.previous, &share.change) else {
        return Ok(None);
    };
    if strength == Strength::None {
        return Ok(None);
    }
    let key = format!("finding.sov.{}", direction(change.value > 0.0, strength));
    let title =
        b.say(&key, |l| vec![("entity", b.short(entity).to_owned()), ("delta", shown::size(l, change.value, 1))])?;
    let body = b.text("finding.sov.body", |l| {
        vec![
            ("before", shown::share(l, before.value)),
            ("in_previous", b.in_previous(l, false).unwrap_or_default()),
            ("after", shown::share(l, now.value)),
            ("interval", shown::share_interval(l, now).unwrap_or_else(|| "—".to_owned())),
            ("n", b.count_in(l, "count.mentions", share.mentions).unwrap_or_default()),
        ]
    })?;
    let claim = Claim {
        subject: entity,
        kind: "sov.change",
        name: entity_id(b, entity).to_owned(),
        section: "share-of-voice",
        effect: change.value.abs() / 10.0,
        reach: 1.0,
        q: analyses.evidence.q(Measure::ShareOfVoice, entity).unwrap_or(1.0),
        estimate: change,
        read_by_machine: false,
    };
    candidate(b, &claim, title, body).map(Some)
}

fn net(b: &Builder<'_>, entity: usize) -> Result<Option<Candidate>, Error> {
    let analyses = b.analyses();
    let Some(tone) = analyses.tones.get(entity) else { return Ok(None) };
    let strength = analyses.evidence.strength(Measure::NetSentiment, entity, tone.change.as_ref());
    let now = crate::figures::tone::displayable(tone);
    let (Some(now), Some(before), Some(change)) = (now, &tone.previous, &tone.change) else { return Ok(None) };
    if strength == Strength::None {
        return Ok(None);
    }
    let key = format!("finding.net.{}", direction(change.value > 0.0, strength));
    let title =
        b.say(&key, |l| vec![("entity", b.short(entity).to_owned()), ("delta", shown::size(l, change.value, 0))])?;
    let body = b.text("finding.net.body", |l| {
        vec![
            ("before", shown::net(l, before.value)),
            ("in_previous", b.in_previous(l, false).unwrap_or_default()),
            ("after", shown::net(l, now.value)),
            ("interval", shown::net_interval(l, now).unwrap_or_else(|| "—".to_owned())),
            ("n", b.count_in(l, "count.mentions", tone.counts.read()).unwrap_or_default()),
            ("level", b.audit_of_level(l, entity)),
        ]
    })?;
    let claim = Claim {
        subject: entity,
        kind: "net.change",
        name: entity_id(b, entity).to_owned(),
        section: "tone",
        effect: change.value.abs() / 15.0,
        reach: 1.0,
        q: analyses.evidence.q(Measure::NetSentiment, entity).unwrap_or(1.0),
        estimate: change,
        read_by_machine: !b.is_audited(entity),
    };
    candidate(b, &claim, title, body).map(Some)
}

fn volume(b: &Builder<'_>) -> Result<Option<Candidate>, Error> {
    let analyses = b.analyses();
    let Some(volume) = analyses.volumes.first() else { return Ok(None) };
    let strength = analyses.evidence.strength(Measure::Volume, 0, volume.change.as_ref());
    let (Some(now), Some(before), Some(change)) = (&volume.per_day, &volume.previous, &volume.change) else {
        return Ok(None);
    };
    if strength == Strength::None {
        return Ok(None);
    }
    let key = format!("finding.volume.{}", direction(change.value > 1.0, strength));
    let title = b.say(&key, |l| {
        vec![
            ("of_entity", b.of(l, 0)),
            ("ratio", number::decimal(l, change.value, 1)),
            ("percent", shown::relative(l, change.value)),
        ]
    })?;
    let body = b.text("finding.volume.body", |l| {
        vec![
            ("after", shown::per_day(l, now.value)),
            ("before", shown::per_day(l, before.value)),
            ("in_previous", b.in_previous(l, false).unwrap_or_default()),
            ("percent", shown::relative(l, change.value)),
            ("interval", shown::relative_interval(l, change).unwrap_or_else(|| "—".to_owned())),
            ("authors", b.count_in(l, "count.authors", volume.authors).unwrap_or_default()),
        ]
    })?;
    let claim = Claim {
        subject: 0,
        kind: "volume.change",
        name: entity_id(b, 0).to_owned(),
        section: "visibility",
        effect: change.value.ln().abs() / std::f64::consts::LN_2,
        reach: 1.0,
        q: analyses.evidence.q(Measure::Volume, 0).unwrap_or(1.0),
        estimate: change,
        read_by_machine: false,
    };
    candidate(b, &claim, title, body).map(Some)
}

/// The first place changed hands, and the lead is clear.
fn rank(b: &Builder<'_>) -> Result<Option<Candidate>, Error> {
    let analyses = b.analyses();
    let (Some(first), Some(second)) = (analyses.shares.first(), analyses.shares.get(1)) else { return Ok(None) };
    let Some(lead) = &first.lead else { return Ok(None) };
    let (Some(share), Some(other)) = (displayable(first), displayable(second)) else { return Ok(None) };
    if !clear_lead(b) || previous_first(b).is_none_or(|p| p == first.entity) {
        return Ok(None);
    }
    let before = {
        let mut shares: Vec<_> =
            analyses.shares.iter().filter_map(|s| Some((s.entity, s.previous.as_ref()?.value))).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        shares.iter().position(|s| s.0 == first.entity).map_or(0, |p| p + 1)
    };
    let title = b.say("finding.rank", |_| {
        vec![("entity", b.short(first.entity).to_owned()), ("second", b.short(second.entity).to_owned())]
    })?;
    let body = b.text("finding.rank.body", |l| {
        vec![
            ("share", shown::share(l, share.value)),
            ("other", shown::share(l, other.value)),
            ("lead", shown::size(l, lead.value, 1)),
            ("interval", shown::change_interval(l, lead).unwrap_or_else(|| "—".to_owned())),
            ("in_previous", b.in_previous(l, true).unwrap_or_default()),
            ("entity", b.short(first.entity).to_owned()),
            ("rank", number::rank(l, before as u64)),
        ]
    })?;
    let claim = Claim {
        subject: first.entity,
        kind: "rank.first",
        name: entity_id(b, first.entity).to_owned(),
        section: "share-of-voice",
        effect: 1.0,
        reach: 1.0,
        q: analyses.evidence.q(Measure::Lead, first.entity).unwrap_or(1.0),
        estimate: lead,
        read_by_machine: false,
    };
    candidate(b, &claim, title, body).map(Some)
}

/// Without a period to compare with: who is talked about most, when the lead is clear.
fn first(b: &Builder<'_>) -> Result<Option<Candidate>, Error> {
    let analyses = b.analyses();
    let (Some(first), Some(second)) = (analyses.shares.first(), analyses.shares.get(1)) else { return Ok(None) };
    let (Some(share), Some(other)) = (displayable(first), displayable(second)) else { return Ok(None) };
    let Some(lead) = first.lead.as_ref().filter(|_| clear_lead(b)) else { return Ok(None) };
    let title = b.say("finding.first", |_| vec![("entity", b.short(first.entity).to_owned())])?;
    let body = b.text("finding.first.body", |l| {
        vec![
            ("share", shown::share(l, share.value)),
            ("other", shown::share(l, other.value)),
            ("second", b.short(second.entity).to_owned()),
            ("lead", shown::size(l, lead.value, 1)),
            ("interval", shown::change_interval(l, lead).unwrap_or_else(|| "—".to_owned())),
            ("n", b.count_in(l, "count.mentions", first.mentions).unwrap_or_default()),
        ]
    })?;
    let claim = Claim {
        subject: first.entity,
        kind: "sov.first",
        name: entity_id(b, first.entity).to_owned(),
        section: "share-of-voice",
        effect: lead.value.abs() / 10.0,
        reach: 1.0,
        q: analyses.evidence.q(Measure::Lead, first.entity).unwrap_or(1.0),
        estimate: lead,
        read_by_machine: false,
    };
    candidate(b, &claim, title, body).map(Some)
}

/// Without a period to compare with: the best or the least well judged brand, when its interval lies
/// beyond that of the next one.
fn extreme(b: &Builder<'_>, best: bool) -> Result<Option<Candidate>, Error> {
    let mut ranked = crate::figures::tone::ranked(b);
    if !best {
        ranked.reverse();
    }
    let [(tone, net), (next, other), ..] = ranked[..] else { return Ok(None) };
    if !best && ranked.len() == 2 {
        // Of two brands, the best has said it.
        return Ok(None);
    }
    let (above, under) = if best { (net, other) } else { (other, net) };
    if !crate::figures::tone::below(under, above) {
        return Ok(None);
    }
    let title = b.say(if best { "finding.tone.first" } else { "finding.tone.last" }, |_| {
        vec![("entity", b.short(tone.entity).to_owned())]
    })?;
    let body = b.text(if best { "finding.tone.first.body" } else { "finding.tone.last.body" }, |l| {
        vec![
            ("net", shown::net(l, net.value)),
            ("interval", shown::net_interval(l, net).unwrap_or_else(|| "—".to_owned())),
            ("n", b.count_in(l, "count.mentions", tone.counts.read()).unwrap_or_default()),
            ("next", b.short(next.entity).to_owned()),
            ("other", shown::net(l, other.value)),
            ("level", b.audit_of_level(l, tone.entity)),
        ]
    })?;
    let claim = Claim {
        subject: tone.entity,
        kind: if best { "net.first" } else { "net.last" },
        name: entity_id(b, tone.entity).to_owned(),
        section: "tone",
        effect: (net.value - other.value).abs() / 15.0,
        reach: 1.0,
        // Disjoint 95 % intervals: the difference itself is beyond 1 %.
        q: SURE,
        estimate: net,
        read_by_machine: !b.is_audited(tone.entity),
    };
    candidate(b, &claim, title, body).map(Some)
}

fn rising(b: &Builder<'_>, term: &RisingTerm) -> Result<Candidate, Error> {
    let analyses = b.analyses();
    let key = if term.authors_before == 0 { "finding.term.new" } else { "finding.term" };
    let title = b.say(key, |l| {
        vec![
            ("term", surface(term)),
            ("authors", b.count_in(l, "count.authors", term.authors).unwrap_or_default()),
            ("before", number::count(l, term.authors_before)),
        ]
    })?;
    let body = b.text("finding.term.body", |l| {
        let tone = term.net.and_then(|n| b.say_in(l, "finding.term.tone", &[("net", shown::net(l, n))]).ok());
        vec![
            ("mentions", b.count_in(l, "count.mentions", term.mentions).unwrap_or_default()),
            ("of_entity", b.of(l, 0)),
            ("day", number::date_short(l, from_epoch_day(term.first_day))),
            ("platforms", b.count_in(l, "count.platforms", term.platforms).unwrap_or_default()),
            ("tone", tone.unwrap_or_default()),
        ]
    })?;
    let authors = analyses.volumes.first().map_or(0, |v| v.authors).max(1);
    let estimate = Estimate {
        value: term.authors as f64,
        lo: None,
        hi: None,
        level: 0.95,
        n: term.mentions,
        clusters: term.authors,
        n_eff: None,
        p: None,
        method: vigie_model::estimate::Method::None,
        flags: Vec::new(),
    };
    let claim = Claim {
        subject: 0,
        kind: "term.rising",
        name: term.surface.replace(' ', "-"),
        section: "trends",
        effect: term.ratio.map_or(1.0, |r| r.ln() / std::f64::consts::LN_2),
        reach: (term.authors as f64 / authors as f64).min(1.0),
        q: term.q,
        estimate: &estimate,
        read_by_machine: false,
    };
    candidate(b, &claim, title, body)
}

/// A day, or some, on which more was said than expected.
fn beyond(b: &Builder<'_>, episode: &Episode) -> Result<Candidate, Error> {
    let Episode { peak, causes, .. } = episode;
    let crisis = episode.level > 0;
    let (title, body) = match (crisis, peak.series) {
        (true, _) => ("finding.crisis", "finding.crisis.body"),
        (false, Series::All) => ("finding.peak", "finding.peak.body"),
        (false, Series::Negative) => ("finding.peak.negative", "finding.peak.negative.body"),
    };
    let (first, last) = (from_epoch_day(peak.days.0), from_epoch_day(peak.days.1));
    let top = |l| number::date_short(l, from_epoch_day(peak.top));
    let title = b.say(title, |l| {
        let range = [("range", number::date_range(l, first, last))];
        let when = b.say_in(l, if first == last { "when.day" } else { "when.days" }, &range);
        vec![
            ("day", top(l)),
            ("when", when.unwrap_or_default()),
            ("of_entity", b.of(l, peak.entity)),
            ("entity", b.short(peak.entity).to_owned()),
            ("level", number::count(l, u64::from(episode.level))),
            ("ratio", number::decimal(l, peak.seen as f64 / peak.expected, 1)),
        ]
    })?;
    let body = b.text(body, |l| {
        let quoted: Vec<String> = peaks::terms(l, causes)
            .into_iter()
            .map(|term| b.say_in(l, "finding.peak.term", &[("term", term)]).unwrap_or_default())
            .collect();
        let terms = (!quoted.is_empty())
            .then(|| b.say_in(l, "finding.peak.terms", &[("terms", number::and(l, &quoted))]).ok())
            .flatten();
        let days = (first != last)
            .then(|| b.say_in(l, "finding.peak.days", &[("range", number::date_range(l, first, last))]).ok())
            .flatten();
        vec![
            ("day", top(l)),
            ("seen", b.count_in(l, "count.mentions", peak.seen).unwrap_or_default()),
            ("expected", number::integer(l, peak.expected)),
            ("lo", number::count(l, peak.range.0)),
            ("hi", number::count(l, peak.range.1)),
            ("days", days.unwrap_or_default()),
            ("n", b.count_in(l, "count.mentions", peak.mentions).unwrap_or_default()),
            ("authors", b.count_in(l, "count.authors", causes.authors).unwrap_or_default()),
            ("negative", number::count(l, peak.negative)),
            ("reasons", number::and(l, &reasons(b, l, episode))),
            ("terms", terms.unwrap_or_default()),
            ("voice", peaks::voice(b, l, causes, "finding.peak.voice").unwrap_or_default()),
        ]
    })?;
    let authors = b.analyses().volumes.get(peak.entity).map_or(0, |v| v.authors).max(1);
    let estimate = Estimate {
        value: peak.seen as f64,
        lo: None,
        hi: None,
        level: 0.95,
        n: peak.mentions,
        clusters: causes.authors,
        n_eff: None,
        p: Some(peak.p),
        method: vigie_model::estimate::Method::None,
        flags: Vec::new(),
    };
    let claim = Claim {
        subject: peak.entity,
        kind: if crisis { CRISIS } else { "volume.peak" },
        name: format!("{}.{first}", entity_id(b, peak.entity)),
        section: "visibility",
        effect: (peak.seen as f64 / peak.expected).ln() / std::f64::consts::LN_2,
        reach: (causes.authors as f64 / authors as f64).min(1.0),
        q: peak.q,
        estimate: &estimate,
        read_by_machine: crisis || peak.series == Series::Negative,
    };
    candidate(b, &claim, title, body)
}

/// The rules that speak for a crisis, in words.
fn reasons(b: &Builder<'_>, l: Locale, episode: &Episode) -> Vec<String> {
    let rise = episode.causes.negative_change.as_ref().map_or(0.0, |e| e.value);
    let words = |rule: &Rule| match rule {
        Rule::NegativePeak => b.say_in(l, "crisis.rule.peak", &[]).ok(),
        Rule::NegativeShare => b.say_in(l, "crisis.rule.share", &[("delta", shown::size(l, rise, 0))]).ok(),
        Rule::Spread => {
            let platforms = b.count_in(l, "count.platforms", episode.causes.platforms).unwrap_or_default();
            b.say_in(l, "crisis.rule.spread", &[("platforms", platforms)]).ok()
        }
        Rule::OneVoice => None,
    };
    episode.rules.iter().filter_map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigie_model::estimate::Method;

    fn candidate(key: &str, subject: usize, kind: &'static str, score: f64) -> Candidate {
        let estimate = Estimate {
            value: 1.0,
            lo: None,
            hi: None,
            level: 0.95,
            n: 1,
            clusters: 1,
            n_eff: None,
            p: None,
            method: Method::None,
            flags: vec![],
        };
        let finding = Finding {
            key: key.into(),
            rule: kind.into(),
            title: Words::new(),
            body: Text::new(),
            confidence: 1,
            confidence_word: Words::new(),
            section: String::new(),
            figures: vec![],
            score,
            estimate,
            origin: Origin::Auto,
        };
        Candidate { subject, kind, finding }
    }

    #[test]
    fn repeated_subjects_and_kinds_give_way() {
        let keys = |c| chosen(c).into_iter().map(|f| f.key).collect::<Vec<_>>();
        let picked = keys(vec![
            candidate("a", 0, "sov", 1.0),
            candidate("b", 0, "net", 0.9),
            candidate("c", 1, "net", 0.6),
            candidate("d", 2, "term", 0.01),
        ]);
        // "c" shares nothing with "a"; "b" shares its subject, then also the kind of "c".
        assert_eq!(picked, ["a", "c", "b"]);
        assert!(keys(vec![candidate("x", 0, "sov", 0.019)]).is_empty());
    }
}
