//! The people who write: a heavy-tailed pool of returning authors per platform, the many who write once, the
//! brands' own accounts. No person here exists.

use crate::dice::Dice;
use crate::market::{Entity, Platform};
use crate::params;
use crate::row::Author;
use crate::stock::Stock;

/// All authors of the world.
#[derive(Debug)]
pub(crate) struct People {
    pools: Vec<(Vec<Author>, Vec<f64>)>,
    serial: u64,
}

impl People {
    /// Draws the returning authors of every platform.
    pub(crate) fn new(stock: &Stock, dice: &mut Dice) -> Self {
        let mut people = Self { pools: Vec::new(), serial: 0 };
        for platform in Platform::ALL {
            let size = (params::RETURNING_AUTHORS * params::platform_weight(platform)) as usize + 20;
            let authors: Vec<Author> = (0..size).map(|_| people.newcomer(platform, stock, dice)).collect();
            let mut total = 0.0;
            let cumulated = (0..size)
                .map(|rank| {
                    total += 1.0 / (rank as f64 + 12.0);
                    total
                })
                .collect();
            people.pools.push((authors, cumulated));
        }
        people
    }

    /// The author of an ordinary mention.
    pub(crate) fn draw(&mut self, platform: Platform, stock: &Stock, dice: &mut Dice) -> Author {
        if dice.chance(params::ONE_TIME_AUTHORS) {
            return self.newcomer(platform, stock, dice);
        }
        let (authors, cumulated) = &self.pools[platform as usize];
        let target = dice.unit() * cumulated.last().copied().unwrap_or(1.0);
        let rank = cumulated.partition_point(|c| *c < target).min(authors.len() - 1);
        authors[rank].clone()
    }

    /// Somebody never seen before.
    pub(crate) fn newcomer(&mut self, platform: Platform, stock: &Stock, dice: &mut Dice) -> Author {
        self.serial += 1;
        let first = stock.line("first", dice);
        let family = stock.line("fam", dice);
        let plain = crate::noise::without_accents(&format!("{first}{family}")).to_lowercase().replace('\'', "");
        let nick = stock.line("nick", dice);
        let tail = self.serial % 9973;
        let handle = match dice.below(4) {
            0 => format!("{plain}{tail}"),
            1 => format!("{}_{nick}{tail}", crate::noise::without_accents(first).to_lowercase()),
            2 => format!("{nick}{}{tail}", crate::noise::without_accents(family).to_lowercase().replace('\'', "")),
            _ => format!("{}{tail}", &plain[..plain.len().min(9)]),
        };
        let name = match (platform, dice.below(3)) {
            (Platform::News | Platform::Blog, _) | (_, 0) => format!("{first} {family}"),
            (Platform::Review, _) => format!("{first} {}.", &family.chars().take(1).collect::<String>()),
            (_, 1) => first.to_owned(),
            _ => handle.clone(),
        };
        let known = matches!(platform, Platform::X | Platform::Instagram) && !dice.chance(0.06);
        let followers = known.then(|| dice.heavy(140.0, 90_000.0));
        let id = match platform {
            Platform::Reddit => format!("t2_{:x}", 0x10_0000_u64 + self.serial * 7919),
            Platform::Forum => (9_007_199_254_740_993 + self.serial * 104_729).to_string(),
            Platform::Review | Platform::News | Platform::Blog => name.clone(),
            _ => handle.clone(),
        };
        Author { id, handle, name, followers }
    }
}

/// The account of a brand on X or its page on Facebook.
pub(crate) fn own_account(entity: Entity) -> Author {
    let followers = [48_200, 131_000, 39_500, 27_800, 18_900][entity as usize];
    Author {
        id: entity.handle().to_owned(),
        handle: entity.handle().to_owned(),
        name: entity.long_name().to_owned(),
        followers: Some(followers),
    }
}
