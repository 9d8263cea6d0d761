//! What the brief of the example promises is in the rows of the committed seed, counted from the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use nordet_generator::{
    COMMITTED_SEED, Clock, Entity, Lang, Nature, Oracle, Plant, Source, Wording, World, generate, jaccard, params,
    shingles,
};

static WORLD: LazyLock<World> = LazyLock::new(|| generate(COMMITTED_SEED));

fn share(world: &World, keep: impl Fn(&nordet_generator::Row) -> bool) -> f64 {
    world.rows.iter().filter(|row| keep(row)).count() as f64 / world.rows.len() as f64
}

#[test]
fn the_world_has_the_promised_shape() {
    let world = &*WORLD;
    let oracle = Oracle::new(world);
    assert!((40_000..46_000).contains(&world.rows.len()), "{}", world.rows.len());
    assert!(oracle.authors > 15_000, "{}", oracle.authors);
    assert_eq!(oracle.rows.len(), world.rows.len(), "row keys are unique");
    assert_eq!(world.repeated.len(), params::REPEATED_ROWS);
    for (keep, low, high) in [
        (share(world, |r| r.lang == Lang::Fr), 0.57, 0.63),
        (share(world, |r| r.nature == Nature::Homonym), 0.025, 0.035),
        (share(world, |r| r.nature == Nature::Spam), 0.012, 0.018),
        (share(world, |r| r.nature == Nature::Own), 0.025, 0.037),
        (share(world, |r| r.is_clean() && r.wording.is_none()), 0.38, 0.50),
    ] {
        assert!((low..high).contains(&keep), "{keep} outside {low}..{high}");
    }
    let polar = share(world, |r| r.wording.is_some());
    assert!(share(world, |r| r.wording == Some(Wording::Ironic)) / polar > 0.08);
}

#[test]
fn october_turns_the_market() {
    let world = &*WORLD;
    let oracle = Oracle::new(world);
    let sov = |month, entity| oracle.share(month, entity, |c| c.mentions).expect("mentions");
    assert!(sov("2026-09", Entity::Telvia) > sov("2026-09", Entity::Nordet) + 3.0);
    assert!(sov("2026-10", Entity::Nordet) > sov("2026-10", Entity::Telvia) + 3.0);
    let net = |month: &str, entity| oracle.months[&(month.to_owned(), entity)].net().expect("mentions");
    assert!(net("2026-10", Entity::Nordet) < -12.0);
    let yearly = |entity| nordet_generator::months().iter().map(|m| net(m, entity)).sum::<f64>() / 12.0;
    let ranks = [Entity::Laurentia, Entity::Ondea, Entity::Fibrax, Entity::Telvia].map(yearly);
    assert!(ranks.windows(2).all(|pair| pair[0] > pair[1] + 4.0), "{ranks:?}");
}

#[test]
fn the_outage_starts_at_six_and_multiplies_the_volume() {
    let world = &*WORLD;
    let clock = Clock::default();
    let crisis: Vec<_> = world.rows.iter().filter(|r| r.plant == Some(Plant::Crisis)).collect();
    let first = clock.local(crisis[0].at);
    assert_eq!((first.date(), first.hour()), (params::CRISIS_START, 6));
    let on = |day| {
        let nordet = |r: &&nordet_generator::Row| r.is_clean() && r.tone_of(Entity::Nordet).is_some();
        world.rows.iter().filter(nordet).filter(|r| clock.local(r.at).date() == day).count()
    };
    let usual = (1..=28).map(|back| on(params::CRISIS_START - jiff::Span::new().days(back))).sum::<usize>() / 28;
    let times = on(params::CRISIS_START) as f64 / usual as f64;
    assert!((4.0..7.5).contains(&times), "{times} times {usual}");
}

#[test]
fn the_wire_story_is_one_story() {
    let world = &*WORLD;
    let copies: Vec<_> = world.rows.iter().filter(|r| r.plant == Some(Plant::Wire)).collect();
    let outlets: BTreeSet<_> = copies.iter().map(|r| &r.venue).collect();
    assert_eq!((copies.len(), outlets.len()), (60, 60));
    assert!(copies[59].at - copies[0].at <= params::WIRE_HOURS * 3600);
    assert!(copies.iter().any(|r| !r.is_copy) && !copies[0].is_copy);
    let sets: Vec<_> = copies.iter().map(|r| shingles(&r.text, 5)).collect();
    for (i, a) in sets.iter().enumerate() {
        assert!(a.len() > 80);
        for b in &sets[i + 1..] {
            assert!(jaccard(a, b) >= 0.85, "{}", jaccard(a, b));
        }
    }
}

#[test]
fn nobody_else_copies_anybody() {
    let world = &*WORLD;
    let mut seen = BTreeSet::new();
    let own = world.rows.iter().filter(|r| r.is_clean());
    let repeated = own.filter(|r| !seen.insert(format!("{:?} {}", r.title, r.text))).count();
    assert!(repeated < 40, "{repeated} clean texts are repeated word for word");
}

#[test]
fn only_the_planted_people_are_one_sided() {
    let world = &*WORLD;
    let mut sides: BTreeMap<_, [u32; 3]> = BTreeMap::new();
    for row in world.rows.iter().filter(|r| r.is_clean()) {
        if let Some(tone) = row.tone_of(Entity::Nordet) {
            sides.entry((row.platform, row.author.id.as_str())).or_default()[tone as usize] += 1;
        }
    }
    let one_sided: BTreeSet<_> = sides
        .iter()
        .filter(|(_, [positive, neutral, negative])| {
            let (side, all) = (positive.max(negative), positive + neutral + negative);
            *side >= 3 && f64::from(*side) > 0.7 * f64::from(all)
        })
        .map(|(key, _)| *key)
        .collect();
    let planted: BTreeSet<_> = world.fans.iter().map(|fan| (fan.platform, fan.author.id.as_str())).collect();
    assert_eq!(planted.len(), 20);
    let others: Vec<_> = one_sided.difference(&planted).collect();
    assert!(others.is_empty(), "{others:?}");
    assert!(planted.intersection(&one_sided).count() >= 18);
}

#[test]
fn forums_are_silent_for_three_days_and_the_loss_is_known() {
    let world = &*WORLD;
    let clock = Clock::default();
    let silent = params::SILENCE_START..=params::SILENCE_END;
    assert!(world.rows.iter().all(|r| r.source() != Source::Forums || !silent.contains(&clock.local(r.at).date())));
    assert!(world.lost.len() > 30 && world.lost.iter().all(|r| r.source() == Source::Forums));
}

#[test]
fn churn_follows_the_tone_two_weeks_later() {
    let world = &*WORLD;
    let r = |shift: usize| {
        let pairs: Vec<(f64, f64)> =
            (shift..52).map(|w| (world.kpi[w - shift].driving_net, world.kpi[w].churn_pct)).collect();
        let n = pairs.len() as f64;
        let (mx, my) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
        let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
        sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
    };
    // The driving tone is already two weeks back: no further shift explains more.
    assert!(r(0) < -0.7, "{}", r(0));
    assert!((1..5).all(|shift| r(shift) > r(0) + 0.1));
}

#[test]
fn other_seeds_are_other_worlds() {
    let other = generate(1);
    assert_ne!(other.rows[0].text, WORLD.rows[0].text);
    assert_eq!(other.fans.len(), 20);
}
