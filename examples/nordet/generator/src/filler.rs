//! Fills the places of a fragment: brands in the spellings people use, towns, amounts, delays. Remembers which
//! brands were named, because the truth must know them.

use crate::dice::Dice;
use crate::market::{Entity, Lang};
use crate::params;
use crate::stock::{Fill, Stock, expand};

/// How freely a brand is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Handles, hashtags, misspellings, no capitals.
    Social,
    /// Names with some misspellings.
    Casual,
    /// The proper name.
    Press,
}

/// The state of one text being written.
pub(crate) struct Filler<'a> {
    stock: &'a Stock,
    /// Language of the text.
    pub(crate) lang: Lang,
    /// Brand spoken of.
    pub(crate) brand: Entity,
    /// Second brand, if the text names one.
    pub(crate) other: Entity,
    /// Third brand.
    pub(crate) third: Entity,
    spelling: Spelling,
    /// Brands named so far.
    pub(crate) used: Vec<Entity>,
}

impl<'a> Filler<'a> {
    /// A fresh text about `brand`.
    pub(crate) fn new(stock: &'a Stock, lang: Lang, brand: Entity, spelling: Spelling, dice: &mut Dice) -> Self {
        let other = another(&[brand], dice);
        let third = another(&[brand, other], dice);
        Self { stock, lang, brand, other, third, spelling, used: Vec::new() }
    }

    /// One fragment of the language of the text.
    pub(crate) fn say(&mut self, key: &str, dice: &mut Dice) -> String {
        let key = format!("{}.{key}", self.lang.id());
        let stock = self.stock;
        stock.say(&key, dice, self)
    }

    /// One fragment of a stock whose key ends with the language.
    pub(crate) fn say_other(&mut self, key: &str, dice: &mut Dice) -> String {
        let key = format!("{key}.{}", self.lang.id());
        let stock = self.stock;
        stock.say(&key, dice, self)
    }

    /// A spelling of `entity`, remembered as named.
    pub(crate) fn spell(&mut self, entity: Entity, dice: &mut Dice) -> String {
        if !self.used.contains(&entity) {
            self.used.push(entity);
        }
        let name = entity.name().to_owned();
        let roll = dice.unit();
        match self.spelling {
            Spelling::Press if roll < 0.3 => entity.long_name().to_owned(),
            Spelling::Press => name,
            _ if roll < params::MISSPELLED => (*dice.pick(entity.misspellings())).to_owned(),
            _ if roll < 0.12 => entity.long_name().to_owned(),
            Spelling::Social if roll < 0.27 => format!("@{}", entity.handle()),
            Spelling::Social if roll < 0.36 => format!("#{}", dice.pick(entity.tags())),
            _ if roll < 0.55 => name.to_lowercase(),
            _ if roll < 0.58 => name.to_uppercase(),
            _ => name,
        }
    }

    fn elided(&mut self, entity: Entity, dice: &mut Dice, out: &mut String) {
        let spelled = self.spell(entity, dice);
        let vowel = spelled.chars().next().is_some_and(|c| "aeiouyéAEIOUYÉ".contains(c));
        out.push_str(if self.lang == Lang::Fr && vowel { "d'" } else { "de " });
        out.push_str(&spelled);
    }

    fn money(&self, low: i64, high: i64, dice: &mut Dice) -> String {
        let amount = dice.between(low, high);
        match self.lang {
            Lang::Fr if dice.chance(0.3) => format!("{amount}$"),
            Lang::Fr => format!("{amount} $"),
            Lang::En => format!("${amount}"),
        }
    }
}

/// A brand that is not in `but`, drawn by size.
pub(crate) fn another(but: &[Entity], dice: &mut Dice) -> Entity {
    let weights = Entity::ALL.map(|e| if but.contains(&e) { 0.0 } else { params::of(e).weight });
    Entity::ALL[dice.weighted(&weights)]
}

/// A short link.
pub(crate) fn short_link(dice: &mut Dice) -> String {
    let host = *dice.pick(&["bit.example", "lien.example", "t.example"]);
    format!("https://{host}/{:05x}", dice.bits() & 0xf_ffff)
}

impl Fill for Filler<'_> {
    fn fill(&mut self, name: &str, dice: &mut Dice, out: &mut String) {
        match name {
            "B" => out.push_str(&self.spell(self.brand, dice)),
            "C" => out.push_str(&self.spell(self.other, dice)),
            "D" => out.push_str(&self.spell(self.third, dice)),
            "deB" => self.elided(self.brand, dice, out),
            "deC" => self.elided(self.other, dice, out),
            "H" => {
                if !self.used.contains(&self.brand) {
                    self.used.push(self.brand);
                }
                out.push_str(self.brand.handle());
            }
            "n" => out.push_str(&dice.between(2, 12).to_string()),
            "m1" => out.push_str(&dice.between(3, 19).to_string()),
            "min" => out.push_str(&dice.between(20, 95).to_string()),
            "big" => out.push_str(&(dice.between(4, 90) * 5).to_string()),
            "d" => out.push_str(&dice.between(1, 28).to_string()),
            "h" => out.push_str(&dice.between(7, 21).to_string()),
            "kn" => out.push_str(&dice.between(15, 45).to_string()),
            "money" => out.push_str(&self.money(25, 180, dice)),
            "kmoney" => out.push_str(&self.money(200, 950, dice)),
            "ini" => out.push_str(dice.pick::<&str>(&["MB", "JL", "ST", "KD", "AR"])),
            "url" => out.push_str(&short_link(dice)),
            "tr" => out.push_str(match self.lang {
                Lang::Fr => dice.pick::<&str>(&["premier", "deuxième", "troisième", "quatrième"]),
                Lang::En => dice.pick::<&str>(&["first", "second", "third", "fourth"]),
            }),
            "tag" => {
                out.push('#');
                out.push_str(dice.pick::<&str>(self.brand.tags()));
            }
            "tags" => self.stuffed_tags(dice, out),
            "fam" => out.push_str(self.stock.line("fam", dice)),
            _ => {
                let key = format!("{}.{name}", self.lang.id());
                let line = self.stock.line(&key, dice);
                expand(line, dice, self, out);
            }
        }
    }
}

impl Filler<'_> {
    /// Hashtags of two or three brands: what spam abuses.
    fn stuffed_tags(&mut self, dice: &mut Dice, out: &mut String) {
        let mut brands = vec![self.brand, self.other];
        if dice.chance(0.5) {
            brands.push(self.third);
        }
        for brand in brands {
            if !self.used.contains(&brand) {
                self.used.push(brand);
            }
            out.push('#');
            out.push_str(dice.pick::<&str>(brand.tags()));
            out.push(' ');
        }
    }
}
