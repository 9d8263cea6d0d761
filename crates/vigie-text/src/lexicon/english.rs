//! English words that change the valence of others.

use super::Role;

/// Roles and their words, separated by spaces.
pub(super) const ROLES: &[(Role, &str)] = &[
    (
        Role::Negator,
        "not no never none nobody nothing nowhere neither nor without cannot hardly barely scarcely rarely seldom \
         ain't aren't can't couldn't daren't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't \
         oughtn't shan't shouldn't wasn't weren't won't wouldn't aint arent cant couldnt didnt doesnt dont hadnt hasnt \
         havent isnt shouldnt wasnt werent wont wouldnt nope less fewer",
    ),
    (Role::Lack, "lack lacks lacked lacking"),
    (
        Role::Degree(0.293),
        "very really so too such extremely incredibly totally completely absolutely utterly entirely especially \
         exceptionally remarkably seriously truly deeply highly hugely immensely insanely super hella mad damn fucking \
         freaking frickin fricking flipping effing awfully terribly pretty quite particularly thoroughly tremendously \
         unbelievably unusually wicked majorly enormously exceedingly fully greatly intensely most more much purely \
         real ridiculously substantially amazingly beyond hell always ever definitely certainly literally mega ultra \
         way extra",
    ),
    (
        Role::Degree(-0.293),
        "almost somewhat slightly partly kinda sorta kindof sortof marginally occasionally little \
         mildly moderately fairly relatively rather maybe",
    ),
    (Role::Contrast, "but however although though nevertheless nonetheless except"),
];
