//! The planted stories: Nordet's outage, the travel eSIM, Ondéa in Abitibi, Telvia's price increase with its
//! wire story. Dates and sizes are in `params`.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::address;
use crate::calendar;
use crate::dice::Dice;
use crate::market::{Entity, Lang, Platform, Tone, Topic};
use crate::params;
use crate::row::{Author, Plant, Wording};
use crate::scribe::{self, Draft, Scribe};
use crate::voice::{Brief, Written};

/// Platforms of the stories that live among people rather than in the press.
const SOCIAL: [(Platform, f64); 8] = [
    (Platform::X, 0.32),
    (Platform::Facebook, 0.24),
    (Platform::Instagram, 0.08),
    (Platform::Youtube, 0.05),
    (Platform::Reddit, 0.14),
    (Platform::Forum, 0.09),
    (Platform::News, 0.05),
    (Platform::Blog, 0.03),
];

fn social(dice: &mut Dice) -> Platform {
    SOCIAL[dice.weighted(&SOCIAL.map(|(_, weight)| weight))].0
}

fn draw_tone(shares: [f64; 3], dice: &mut Dice) -> Tone {
    [Tone::Positive, Tone::Neutral, Tone::Negative][dice.weighted(&shares)]
}

/// Nordet's outage.
pub(crate) fn crisis(scribe: &mut Scribe) {
    for (offset, mean) in params::CRISIS_EXTRA.into_iter().enumerate() {
        let day = params::CRISIS_START + (offset as i32).days();
        for _ in 0..scribe.dice.count(mean) {
            let hour = crisis_hour(offset, &mut scribe.dice);
            let quiet_press = offset == 0 && hour < 19;
            let weights = Platform::ALL.map(|p| {
                let press = matches!(p, Platform::News | Platform::Blog);
                if press && quiet_press { 0.0 } else { params::crisis_platform_weight(p) }
            });
            let platform = Platform::ALL[scribe.dice.weighted(&weights)];
            let lang = scribe.lang();
            let mut tone = draw_tone(params::CRISIS_TONE, &mut scribe.dice);
            // Nobody thanks the crews before the signal is back, and headlines of an outage are not neutral.
            if tone == Tone::Positive && offset == 0 || matches!(platform, Platform::News | Platform::Blog) {
                tone = Tone::Negative;
            }
            let brief =
                Brief { platform, lang, brand: Entity::Nordet, tone, topic: Topic::Network, family: Some("crise") };
            let at = scribe.moment_in(day, hour);
            scribe.mention(brief, at, None, Some(Plant::Crisis));
        }
    }
    first_posts(scribe);
}

/// The outage is noticed at six, whatever the draws say: three short posts in the first quarter of an hour.
fn first_posts(scribe: &mut Scribe) {
    for second in [70, 410, 860] {
        let brief = Brief {
            platform: Platform::X,
            lang: Lang::Fr,
            brand: Entity::Nordet,
            tone: Tone::Neutral,
            topic: Topic::Network,
            family: Some("crise"),
        };
        let at = scribe.clock.utc(params::CRISIS_START, 6 * 3600 + second);
        scribe.mention(brief, at, None, Some(Plant::Crisis));
    }
}

fn crisis_hour(offset: usize, dice: &mut Dice) -> i64 {
    if offset == 0 {
        return dice.weighted(&params::CRISIS_HOURS) as i64;
    }
    let mut hours = [0.9; 24];
    hours[..6].fill(0.08);
    hours[8..11].fill(1.6);
    hours[19..22].fill(1.5);
    if offset == 1 {
        hours[params::STATEMENT_HOUR as usize] = 2.2;
    }
    dice.weighted(&hours) as i64
}

/// The travel eSIM: three early mentions in ten months, then more each week.
pub(crate) fn esim(scribe: &mut Scribe) {
    for offset in params::ESIM_EARLY {
        esim_mention(scribe, calendar::day(offset), Tone::Neutral);
    }
    let start = calendar::index_of(params::ESIM_START);
    for index in start..calendar::DAYS {
        let progress = f64::from(index - start) / f64::from(calendar::DAYS - 1 - start);
        let mean = params::ESIM_FIRST + (params::ESIM_LAST - params::ESIM_FIRST) * progress;
        for _ in 0..scribe.dice.count(mean) {
            let tone = draw_tone([0.42, 0.48, 0.10], &mut scribe.dice);
            esim_mention(scribe, calendar::day(index), tone);
        }
    }
}

fn esim_mention(scribe: &mut Scribe, day: Date, tone: Tone) {
    let platform = social(&mut scribe.dice);
    let lang = scribe.lang();
    let brief = Brief { platform, lang, brand: Entity::Nordet, tone, topic: Topic::Roaming, family: Some("esim") };
    let at = scribe.moment(day);
    // Many different people: no returning author carries the topic alone.
    let author = scribe.people.newcomer(platform, &scribe.stock, &mut scribe.dice);
    let signed = matches!(platform, Platform::News | Platform::Blog);
    let author = (!signed && scribe.dice.chance(0.5)).then_some(author);
    scribe.mention(brief, at, author, Some(Plant::Esim));
}

/// Ondéa opens in Abitibi.
pub(crate) fn launch(scribe: &mut Scribe) {
    for (offset, mean) in params::LAUNCH_EXTRA.into_iter().enumerate() {
        let day = params::LAUNCH_DAY + (offset as i32).days();
        for _ in 0..scribe.dice.count(mean) {
            let platform = social(&mut scribe.dice);
            let tone = draw_tone([0.66, 0.34, 0.0], &mut scribe.dice);
            let lang = scribe.lang();
            let brief =
                Brief { platform, lang, brand: Entity::Ondea, tone, topic: Topic::Network, family: Some("lancement") };
            let at = scribe.moment(day);
            scribe.mention(brief, at, None, Some(Plant::Launch));
        }
    }
}

/// Telvia raises its prices: what people say of it.
pub(crate) fn price_rise(scribe: &mut Scribe) {
    for (offset, mean) in params::PRICE_RISE_EXTRA.into_iter().enumerate() {
        let day = params::WIRE_DAY + (offset as i32).days();
        for _ in 0..scribe.dice.count(mean) {
            let platform = match social(&mut scribe.dice) {
                Platform::News | Platform::Blog => Platform::Facebook,
                other => other,
            };
            let tone = draw_tone([0.0, 0.28, 0.72], &mut scribe.dice);
            let lang = scribe.lang();
            let brief =
                Brief { platform, lang, brand: Entity::Telvia, tone, topic: Topic::Price, family: Some("hausse") };
            let hour = scribe.dice.between(7, 23);
            let at = scribe.moment_in(day, hour);
            scribe.mention(brief, at, None, Some(Plant::PriceRise));
        }
    }
}

const WIRE_TITLE: &str = "Telvia augmente ses forfaits mobiles de 6 $ par mois";
const WIRE_BODY: &str = "Telvia augmentera de 6 $ par mois le prix de la plupart de ses forfaits mobiles à compter du \
1er décembre, a confirmé mardi l'entreprise dans un avis transmis à ses abonnés. La hausse touche environ 410 000 \
lignes au Québec, surtout des forfaits souscrits avant 2024. Le transporteur invoque le coût de ses réseaux et la \
croissance de l'usage des données, qui aurait bondi de 38 % en un an. Des groupes de consommateurs dénoncent une \
augmentation abusive, la troisième en deux ans, et déplorent que les clients fidèles soient les plus pénalisés. \
« Les familles sont déjà prises à la gorge, c'est une très mauvaise nouvelle », affirme la porte-parole du Comité de \
défense des abonnés, Hélène Vaudrin. Les clients visés pourront résilier leur entente sans frais dans les trente jours \
suivant la réception de l'avis. Le Conseil de la radiodiffusion et des télécommunications canadiennes n'a pas voulu \
commenter ce dossier. Telvia compte près de deux millions d'abonnés dans la province et publiera ses résultats";
const WIRE_TAIL: &str = "du trimestre le 12 novembre prochain";

/// One wire story, carried by sixty outlets with the small edits of sixty desks.
pub(crate) fn wire(scribe: &mut Scribe) {
    let start = scribe.clock.utc(params::WIRE_DAY, 6 * 3600 + 12 * 60);
    let span = (params::WIRE_HOURS * 3600 - 7200) as f64;
    for (index, outlet) in address::OUTLETS.into_iter().take(params::WIRE_COPIES).enumerate() {
        let dice = &mut scribe.dice;
        let lateness = dice.unit();
        // Cubing puts most copies in the first day.
        let at = if index == 0 { start } else { start + 600 + (span * lateness * lateness * lateness) as i64 };
        let text = wire_copy(outlet, dice);
        let title = if dice.chance(0.25) { format!("{WIRE_TITLE} dès décembre") } else { WIRE_TITLE.to_owned() };
        let name = (*dice.pick(&["La Presse associée", "Agence Boréale", "Rédaction"])).to_owned();
        let author = Author { id: name.clone(), handle: name.clone(), name, followers: None };
        let brief = scribe::plain_brief(Platform::News, Lang::Fr, Entity::Telvia);
        let written = Written {
            title: Some(title),
            text,
            opinions: vec![(Entity::Telvia, Tone::Negative)],
            wording: Some(Wording::Plain),
        };
        let nature = crate::row::Nature::Brand;
        scribe.push(Draft { brief, written, at, author, nature, topic: Some(Topic::Price), plant: Some(Plant::Wire) });
        let (native_id, url) = address::press_address(outlet, at, &mut scribe.dice);
        if let Some(row) = scribe.rows.last_mut() {
            row.native_id = native_id;
            row.url = url;
            outlet.clone_into(&mut row.venue);
            row.is_copy = index > 0;
        }
    }
}

fn wire_copy(outlet: &str, dice: &mut Dice) -> String {
    let body = match dice.below(3) {
        0 => format!("({outlet}) {WIRE_BODY}"),
        1 => format!("MONTRÉAL — {WIRE_BODY}"),
        _ => WIRE_BODY.to_owned(),
    };
    match dice.below(3) {
        0 => format!("{body}…"),
        1 => format!("{body} {WIRE_TAIL}."),
        _ => format!("{body} {} […]", WIRE_TAIL.chars().take(12).collect::<String>()),
    }
}
