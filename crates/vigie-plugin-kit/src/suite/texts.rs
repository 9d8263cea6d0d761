//! D1, D4, D5: texts arrive as they were written, whatever people write.

use serde_json::Value;
use vigie_plugin_host::Failure;

use super::material::New;
use super::probe::{Doing, Probe, Seen, in_texts};
use super::stand::Stand;
use super::verdict::Verdict;

/// Bytes of a huge text.
const HUGE: usize = 2 << 20;
/// Bytes of a text that no buffer of a usual size holds.
const LONG: usize = 70_000;

const WHOLE: (&str, &str) = (
    "hand texts over as they came; a text that cannot be taken is a `reject`, never a shorter or another one",
    "rendez les textes tels qu'ils sont venus ; un texte impossible donne un `reject`, jamais un texte plus court ou autre",
);

/// Runs `check` on every probe; the first failure counts.
fn each(stand: &Stand, check: &dyn Fn(&Stand, &Probe) -> Result<(), Verdict>) -> Verdict {
    let probes = match in_texts(stand) {
        Ok(probes) => probes,
        Err(verdict) => return verdict,
    };
    probes.into_iter().find_map(|probe| check(stand, probe).err()).unwrap_or(Verdict::Passed)
}

/// The text of the probe's row after `new` was put there; `None` when the item was rejected.
fn text(stand: &Stand, probe: &Probe, new: &New, doing: &Doing) -> Result<Option<(String, bool)>, Verdict> {
    match probe.put(stand, probe.at(), new, doing)? {
        Seen::Row { row, warned } => {
            let text = row.get(probe.column()).and_then(Value::as_str).unwrap_or_default();
            Ok(Some((text.to_owned(), warned)))
        }
        Seen::Rejected => Ok(None),
        Seen::Failed(failure) => Err(stopped(doing, &failure)),
    }
}

fn stopped(doing: &Doing, failure: &Failure) -> Verdict {
    doing.failed(
        (
            format!("the whole reading stops with [{}] {}", failure.code, failure.message.en),
            format!("toute la lecture s'arrête sur [{}] {}", failure.code, failure.message.fr),
        ),
        WHOLE,
    )
}

/// `given` must come as it is, or be rejected; a beginning of it does if something says so.
fn intact(stand: &Stand, probe: &Probe, given: &str, doing: &Doing) -> Result<(), Verdict> {
    let Some((came, warned)) = text(stand, probe, &New::Text(given.to_owned()), doing)? else { return Ok(()) };
    if came == given || (warned && !came.is_empty() && given.starts_with(&came)) {
        return Ok(());
    }
    Err(doing.failed(difference(given, &came), WHOLE))
}

/// Where two texts part, without showing all of them.
fn difference(given: &str, came: &str) -> (String, String) {
    let at = given.chars().zip(came.chars()).take_while(|(a, b)| a == b).count();
    let piece = |text: &str| text.chars().skip(at).take(12).collect::<String>();
    let (given_here, came_here) = (piece(given), piece(came));
    let (long, short) = (given.len(), came.len());
    (
        format!("from character {at} on {came_here:?} stands where {given_here:?} was ({short} bytes of {long})"),
        format!("dès le caractère {at}, {came_here:?} au lieu de {given_here:?} ({short} octets sur {long})"),
    )
}

/// D1: strange texts.
pub(crate) fn strange(stand: &Stand) -> Verdict {
    each(stand, &|stand, probe| {
        for (en, fr, given) in [
            ("only emoji", "que des émojis", "🧭🔭👩\u{200D}🚀🏳\u{FE0F}\u{200D}🌈"),
            ("right-to-left text", "un texte de droite à gauche", "שלום עולם, مرحبا بالعالم (vigie)"),
            ("combining marks", "des signes combinants", "e\u{301}te\u{301}, a\u{30A}\u{323}, ก\u{E33}"),
        ] {
            intact(stand, probe, given, &Doing::new(en, fr))?;
        }
        empty(stand, probe)?;
        huge(stand, probe)?;
        null_character(stand, probe)?;
        broken(stand, probe)
    })
}

fn empty(stand: &Stand, probe: &Probe) -> Result<(), Verdict> {
    let doing = Doing::new("an empty text", "un texte vide");
    match text(stand, probe, &New::Text(String::new()), &doing)? {
        Some((came, _)) if !came.is_empty() => {
            let (en, fr) = (format!("the text {came:?} came"), format!("le texte {came:?} est venu"));
            Err(doing.failed((en, fr), WHOLE))
        }
        _ => Ok(()),
    }
}

fn huge(stand: &Stand, probe: &Probe) -> Result<(), Verdict> {
    for (bytes, en, fr) in
        [(LONG, "a text of 70 kB", "un texte de 70 ko"), (HUGE, "a text of 2 MiB", "un texte de 2 Mio")]
    {
        let mut given = "vigie à l'écoute ".repeat(bytes / 17);
        given.push('.');
        intact(stand, probe, &given, &Doing::new(en, fr))?;
    }
    Ok(())
}

/// NUL ends text in C: what comes after it must not vanish.
fn null_character(stand: &Stand, probe: &Probe) -> Result<(), Verdict> {
    let doing = Doing::new("the character NUL in a text", "le caractère NUL dans un texte");
    match text(stand, probe, &New::Text("before\0after".into()), &doing)? {
        Some((came, _)) if !(came.contains("before") && came.contains("after")) => {
            Err(doing.failed(difference("before\0after", &came), WHOLE))
        }
        _ => Ok(()),
    }
}

/// What is no text at all may cost the answer it stands in, as long as that is said.
fn broken(stand: &Stand, probe: &Probe) -> Result<(), Verdict> {
    let mut cases = vec![("a byte that is no UTF-8", "un octet qui n'est pas de l'UTF-8", &b"before \xff after"[..])];
    if probe.at().in_json() {
        cases.push(("half of a surrogate pair", "la moitié d'une paire de substitution", br"before \ud83d after"));
    }
    for (en, fr, bytes) in cases {
        let doing = Doing::new(en, fr);
        let seen = probe.spoil(stand, probe.at(), &New::Raw(bytes.to_vec()), &doing)?;
        if let Seen::Row { row, .. } = seen {
            let came = row.get(probe.column()).and_then(Value::as_str).unwrap_or_default();
            if !(came.contains("before") && came.contains("after")) {
                return Err(doing.failed(difference("before … after", came), WHOLE));
            }
        }
    }
    Ok(())
}

/// D4: entities of HTML are decoded once, and no character is cut in two.
pub(crate) fn entities(stand: &Stand) -> Verdict {
    each(stand, &|stand, probe| {
        let doing = Doing::new("a text about HTML", "un texte qui parle de HTML");
        let given = "write &amp;lt;b&amp;gt; for bold";
        if let Some((came, _)) = text(stand, probe, &New::Text(given.into()), &doing)?
            && ![given, "write &lt;b&gt; for bold"].contains(&came.as_str())
        {
            return Err(doing.failed(
                difference(given, &came),
                (
                    "decode entities once, where the service sends HTML: what people write about HTML stays text",
                    "décodez les entités une seule fois, là où le service envoie du HTML : ce qu'on écrit du HTML reste du texte",
                ),
            ));
        }
        // Whatever the size of a buffer, one of four beginnings puts its end inside a character.
        for shift in 0..4 {
            let given = "x".repeat(shift) + &"🔭".repeat(LONG / 4);
            let doing = Doing::new(
                format!("a long text of characters of four bytes, shifted by {shift}"),
                format!("un long texte de caractères de quatre octets, décalé de {shift}"),
            );
            intact(stand, probe, &given, &doing)?;
        }
        Ok(())
    })
}

/// D5: French as it is written.
pub(crate) fn french(stand: &Stand) -> Verdict {
    each(stand, &|stand, probe| {
        let given = "L\u{2019}été où l'œuvre de Zoë coûta 12\u{202F}345,50\u{A0}$ : «\u{A0}ça va\u{202F}?\u{A0}» — À bientôt, là-bas…";
        intact(stand, probe, given, &Doing::new("a French sentence", "une phrase en français"))
    })
}
