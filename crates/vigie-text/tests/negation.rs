//! What negation, degree, contrast and questions do to a tone, in French and in English.

use vigie_text::language::LanguageHints;
use vigie_text::reading::{Hints, Scratch, read_with};
use vigie_text::tone::{RulesEngine, ToneEngine, TrainedEngine};

/// Least distance from 0 for a score to take a side.
const SIDE: f32 = 0.1;

const FRENCH: &[(char, &str)] = &[
    ('-', "Je ne suis pas content du tout."),
    ('-', "Je suis pas content."),
    ('-', "Le service n'est pas bon."),
    ('-', "Ce n'est pas une bonne expérience."),
    ('-', "Je n'aime pas leur nouvelle application."),
    ('-', "J'aime pas leur nouvelle appli."),
    ('-', "Je ne recommande pas cette compagnie."),
    ('-', "Je ne recommanderai jamais cet assureur."),
    ('-', "Jamais satisfait de leurs réponses."),
    ('-', "Aucune écoute de leur part."),
    ('-', "Sans intérêt."),
    ('-', "Ni aimable ni efficace."),
    ('-', "Le réseau ne fonctionne plus depuis hier."),
    ('-', "Mon modem ne marche toujours pas."),
    ('-', "Ils ne sont plus fiables."),
    ('-', "Personne ne m'a aidé."),
    ('-', "Rien de bien dans cette offre."),
    ('-', "Je ne suis guère satisfait."),
    ('-', "Ce n'est nullement professionnel."),
    ('-', "Client non satisfait."),
    ('-', "Moins rapide qu'avant."),
    ('-', "Ils n'ont pas résolu mon problème."),
    ('-', "Je n'ai pas été bien accueilli."),
    ('-', "Le conseiller n'était vraiment pas aimable."),
    ('-', "On ne peut pas dire que ce soit efficace."),
    ('-', "Ça marche pas pantoute."),
    ('-', "C'est pas fort comme service."),
    ('-', "Ç'a pas d'allure, votre affaire."),
    ('-', "Toujours pas de réponse à ma demande."),
    ('-', "Manque de professionnalisme."),
    ('-', "Plus jamais chez eux."),
    ('-', "Je ne vous remercie pas."),
    ('-', "Pas terrible."),
    ('-', "Ce n'est pas normal."),
    ('-', "Accueil sympa, mais le produit est nul."),
    ('-', "C'est bien beau, cependant c'est beaucoup trop cher."),
    ('+', "Pas mal du tout, ce forfait."),
    ('+', "Pas mauvais."),
    ('+', "Aucun problème avec ma commande."),
    ('+', "Sans aucun souci."),
    ('+', "Rien à redire."),
    ('+', "Je n'ai jamais été déçu."),
    ('+', "Ils ne m'ont jamais déçue."),
    ('+', "Ce n'est pas cher."),
    ('+', "Jamais eu de panne avec eux."),
    ('+', "C'était pas plate, merci."),
    ('+', "Pas pire pantoute, leur service."),
    ('+', "Je recommande sans hésiter."),
    ('+', "Pas que du positif, mais je suis content."),
    ('+', "Non seulement rapide mais aussi très efficace."),
    ('+', "Un peu long, mais le résultat est excellent."),
    ('+', "N'est-ce pas magnifique !"),
    ('+', "Il n'y a que du bon dans cette offre."),
    ('+', "Crisse de bon service."),
    ('+', "C'est bon en tabarnak."),
    ('+', "Le technicien était ben fin."),
    ('+', "C'est pas compliqué, tout est simple et clair."),
    ('+', "Tiguidou, ben correct."),
    ('0', "La boutique ouvre lundi à neuf heures."),
    ('0', "Quel est le numéro de la succursale de Laval ?"),
    ('0', "Je change de forfait demain."),
    ('-', "Ostie que le réseau est pourri."),
];

const ENGLISH: &[(char, &str)] = &[
    ('-', "I am not happy with this."),
    ('-', "The service was not good."),
    ('-', "I don't like the new app."),
    ('-', "I would not recommend them."),
    ('-', "They never helped me, never friendly."),
    ('-', "Nobody was helpful."),
    ('-', "This isn't a great experience."),
    ('-', "It wasn't very clean."),
    ('-', "There is nothing good about this plan."),
    ('-', "The wifi doesn't work."),
    ('-', "I can't recommend this company."),
    ('-', "Hardly helpful."),
    ('-', "Not impressed."),
    ('-', "Nice people but the product is terrible."),
    ('-', "It's not that I am happy about it."),
    ('-', "Didn't enjoy the flight at all."),
    ('-', "Never again."),
    ('-', "Without any respect for customers."),
    ('-', "Pretty bad, honestly."),
    ('-', "I do not trust them."),
    ('+', "Not bad at all."),
    ('+', "No problem with my order."),
    ('+', "I have never been disappointed."),
    ('+', "It doesn't suck."),
    ('+', "A bit slow but the result is excellent."),
    ('+', "Couldn't be happier."),
    ('+', "Damn good service."),
    ('+', "Not only fast but really friendly."),
    ('+', "I had no issues, everything was smooth."),
    ('+', "Can't wait to fly with you again!"),
    ('0', "The store opens on Monday at nine."),
    ('0', "What is the number of the Laval branch?"),
];

fn check(engine: &dyn ToneEngine, code: &str, table: &[(char, &str)], most_wrong: usize) {
    let hints =
        Hints { language: LanguageHints { declared: Some(code), ..LanguageHints::default() }, ..Hints::default() };
    let mut scratch = Scratch::default();
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(side, text)| {
            let tone = read_with(engine, text, None, &hints, &mut scratch).tone;
            let found = if tone.score > SIDE {
                '+'
            } else if tone.score < -SIDE {
                '-'
            } else {
                '0'
            };
            let words: Vec<_> =
                tone.evidence.iter().map(|e| (&text[e.span.start as usize..e.span.end as usize], e.weight)).collect();
            (found != *side).then(|| format!("{side} expected, {found} found: {text} {words:?}"))
        })
        .collect();
    assert!(wrong.len() <= most_wrong, "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn french_table() {
    assert!(FRENCH.len() >= 60);
    check(&RulesEngine, "fr", FRENCH, 0);
    check(&TrainedEngine::shipped(), "fr", FRENCH, FRENCH.len() / 10);
}

#[test]
fn english_table() {
    assert!(ENGLISH.len() >= 30);
    check(&RulesEngine, "en", ENGLISH, 0);
    check(&TrainedEngine::shipped(), "en", ENGLISH, ENGLISH.len() / 5);
}
