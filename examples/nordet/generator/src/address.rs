//! Where a mention stands: native ids in the shape of each platform, links, boards and outlets, all fictional.

use crate::dice::Dice;
use crate::market::{Lang, Platform};
use crate::row::Author;
use crate::voice::Brief;

const SUBREDDITS: [&str; 8] =
    ["Quebec", "montreal", "QuebecTechno", "Gatineau", "TelecomQC", "saguenay", "sherbrooke", "vieuxlevis"];
const BOARDS: [&str; 5] =
    ["Téléphonie mobile", "Internet résidentiel", "Forfaits et promotions", "Wireless providers", "Télé et fibre"];
/// Outlets of the fictional press.
pub(crate) const OUTLETS: [&str; 68] = [
    "Le Courrier du Nord",
    "La Voix de l'Est-du-Québec",
    "Le Riverain",
    "Le Quotidien du Saguenay",
    "L'Écho de La Tuque",
    "Le Nouvelliste de Champlain",
    "La Tribune des Cantons",
    "Le Phare de Matane",
    "L'Avantage du Bas-Fleuve",
    "Le Havre de Gaspé",
    "La Gazette de Maniwaki",
    "Le Manic",
    "Le Nord-Est",
    "L'Étoile du Lac",
    "Le Citoyen d'Abitibi",
    "L'Action de Joliette",
    "Le Clairon de Saint-Hyacinthe",
    "La Nouvelle de Victoriaville",
    "Le Canada Rural",
    "L'Express de Drummond",
    "L'Hebdo du Saint-Maurice",
    "Le Soir de Lévis",
    "Le Devoir du Matin",
    "La Dépêche de Montréal",
    "Métro-Québec Infos",
    "Le Journal du Pontiac",
    "Techno Nordique",
    "Le Branché",
    "Réseau 418",
    "Info-Télécom",
    "Affaires Boréales",
    "Le Portail des Régions",
    "Radio Estuaire",
    "Radio Abitibi 102",
    "Radio Mauricie",
    "Télé-Côte",
    "CKRL Nouvelles",
    "Radio des Laurentides",
    "L'Argenteuil",
    "Le Peuple de Lotbinière",
    "L'Oie Blanche",
    "Le Placoteux",
    "L'Info-Dimanche",
    "Le Mouton Noir",
    "Le Trident",
    "Le Tremplin",
    "La Frontière",
    "Le Sentier",
    "Le Point de Dolbeau",
    "Le Réveil",
    "L'Écho Abitibien",
    "Le Bulletin de la Lièvre",
    "La Relève",
    "Le Reflet du Lac",
    "Le Journal de Chambly",
    "L'Œil de la Vallée",
    "La Vigie de Tadoussac",
    "L'Horizon de Charlevoix",
    "Le Carrefour du Granit",
    "La Lanterne de Beauce",
    "The West Quebec Record",
    "The Townships Courier",
    "The Gaspé Herald",
    "The Montreal Ledger",
    "The Laval Post",
    "Pontiac Valley News",
    "The Suburban Times",
    "Châteauguay Valley Star",
];
/// How many of them, from the first, write in French.
const FRENCH_OUTLETS: usize = 60;
const BLOGS: [&str; 8] = [
    "Le Blogue du cellulaire",
    "Forfaits & Cie",
    "Mon chalet branché",
    "Budget Mamma",
    "Tech Sans Chichi",
    "Signal Fort",
    "North Shore Notes",
    "The Plan Hunter",
];

/// Native id, link and venue.
pub(crate) fn of(brief: Brief, author: &Author, at: i64, dice: &mut Dice) -> (String, String, String) {
    let handle = &author.handle;
    let snowflake = (((at * 1000 + dice.between(0, 999)) - 1_288_834_974_657) << 22) + dice.between(0, 4_194_303);
    match brief.platform {
        Platform::X => (snowflake.to_string(), format!("https://x.com/{handle}/status/{snowflake}"), String::new()),
        Platform::Facebook => {
            let id = format!("{}_{}", 10_150 + dice.below(60), snowflake / 1000);
            let url = format!("https://www.facebook.com/{}", id.replace('_', "/posts/"));
            (id, url, String::new())
        }
        Platform::Instagram => {
            let id = base64ish(snowflake as u64 ^ 0x3c3c_0000, 11);
            (id.clone(), format!("https://www.instagram.com/p/{id}/"), String::new())
        }
        Platform::Youtube => {
            let id = format!("Ugx{}AaABAg", base64ish(dice.bits(), 9));
            let video = ["qZ8nordet01", "t3lv1aRvw22", "f0rf41tsQC7"][dice.below(3)];
            (id.clone(), format!("https://www.youtube.com/watch?v={video}&lc={id}"), String::new())
        }
        Platform::Reddit => {
            let id = format!("t1_{}", base36(at as u64 * 997 + dice.bits() % 997));
            let board = *dice.pick(&SUBREDDITS);
            let url = format!("https://www.reddit.com/r/{board}/comments/{}/", &id[3..]);
            (id, url, board.to_owned())
        }
        Platform::Forum => {
            let id = (9_007_199_254_740_993_i64 + (at - 1_760_000_000) * 1000 + dice.between(0, 999)).to_string();
            let url = format!("https://forum.telecomquebec.example/p/{id}");
            (id, url, (*dice.pick(&BOARDS)).to_owned())
        }
        Platform::Review => {
            let id = format!("AV-{:08}", (at - 1_760_000_000) * 2 + dice.between(0, 1));
            (id, String::new(), String::new())
        }
        Platform::News | Platform::Blog => {
            let blog = brief.platform == Platform::Blog;
            let outlet = match (blog, brief.lang) {
                (true, Lang::Fr) => *dice.pick(&BLOGS[..6]),
                (true, Lang::En) => *dice.pick(&BLOGS[6..]),
                (false, Lang::Fr) => *dice.pick(&OUTLETS[..FRENCH_OUTLETS]),
                (false, Lang::En) => *dice.pick(&OUTLETS[FRENCH_OUTLETS..]),
            };
            let (id, url) = press_address(outlet, at, dice);
            (id, url, outlet.to_owned())
        }
    }
}

/// Id and link of an article.
pub(crate) fn press_address(outlet: &str, at: i64, dice: &mut Dice) -> (String, String) {
    let slug: String = crate::noise::without_accents(outlet)
        .to_lowercase()
        .replace('œ', "oe")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let id = format!("P{:x}{:03x}", at, dice.bits() & 0xfff);
    let url = format!("https://{slug}.example/a/{id}");
    (id, url)
}

fn base64ish(mut bits: u64, len: usize) -> String {
    const SET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..len)
        .map(|_| {
            let c = SET[(bits & 63) as usize];
            bits = bits.rotate_right(6);
            char::from(c)
        })
        .collect()
}

fn base36(mut n: u64) -> String {
    const SET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut out = Vec::new();
    while n > 0 {
        out.push(SET[(n % 36) as usize]);
        n /= 36;
    }
    out.iter().rev().map(|c| char::from(*c)).collect()
}
