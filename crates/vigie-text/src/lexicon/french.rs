//! French words that change the valence of others, Quebec included. Accents do not count.

use super::Role;

/// Roles and their words, separated by spaces.
pub(super) const ROLES: &[(Role, &str)] = &[
    (Role::Ne, "ne n"),
    (Role::Negator, "pas jamais rien aucun aucune aucunement sans ni guère nullement moins pô"),
    (Role::NegatorNext, "non"),
    (Role::Lack, "manque absence perte"),
    (Role::NegatorWithNe, "plus point personne"),
    (
        Role::Degree(0.293),
        "très trop vraiment tellement super hyper ultra méga giga archi extrêmement totalement complètement entièrement \
         absolument particulièrement énormément franchement carrément sacrément vachement grave ben full fort si \
         beaucoup terriblement horriblement drôlement rudement diablement excessivement profondément hautement \
         tout bien réellement véritablement pleinement parfaitement incroyablement infiniment tant bigrement plein \
         immensément considérablement exceptionnellement remarquablement encore toujours définitivement assurément \
         littéralement strictement radicalement outrageusement scandaleusement incroyable gros grosse énorme sérieusement \
         affreusement foutrement",
    ),
    (
        Role::Degree(-0.293),
        "assez plutôt presque légèrement moyennement relativement vaguement quasi quasiment partiellement peu \
         modérément parfois occasionnellement",
    ),
    (
        Role::Swear,
        "tabarnak tabarnac tabarnouche taboire câlisse câlice crisse criss christie ostie osti estie esti hostie \
         viarge sacrament simonaque simonac torrieu batinse ciboire cibole mautadit mautadite verrat tabernacle putain ptn \
         bordel merde maudit maudite maudits",
    ),
    (Role::Contrast, "mais cependant pourtant toutefois néanmoins sauf hormis"),
];
