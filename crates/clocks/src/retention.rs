//! How long something must and may be kept under several rules at once.
//!
//! The longest of the minima is held against the shortest of the maxima. Where the first is longer,
//! no period keeps both rules; both are shown, and nothing is decided.

use jiff::Timestamp;
use serde::Serialize;

use crate::calendar::Calendar;
use crate::clauses::Retention;
use crate::duration::Period;
use crate::facts::Facts;
use crate::profile::Profile;
use crate::scope::{lies_in, profile_not_in_force};
use crate::terms::Counting;

/// One limit and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Limit {
    /// The profile.
    pub profile: String,
    /// Its article.
    pub article: String,
    /// The period as it was written.
    pub period: Period,
    /// Its end.
    pub until: Timestamp,
}

/// What all rules together say of one kind of thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Keeping {
    /// What is kept.
    pub what: String,
    /// The longest of the minima.
    pub at_least: Option<Limit>,
    /// The shortest of the maxima.
    pub at_most: Option<Limit>,
    /// Whether no period keeps both.
    pub conflict: bool,
    /// Both rules in words.
    pub explain: String,
}

/// What must and may be kept since `from`, under the profiles whose law is declared to apply and
/// those of any place.
pub fn retention(profiles: &[Profile], facts: &Facts, from: Timestamp) -> Vec<Keeping> {
    let applies = |profile: &&Profile| {
        let declared =
            facts.jurisdictions.iter().flatten().any(|place| lies_in(place, &profile.jurisdiction));
        (declared || profile.jurisdiction == "any") && profile_not_in_force(profile, None, facts).is_none()
    };
    let rules: Vec<_> = profiles
        .iter()
        .filter(applies)
        .flat_map(|profile| profile.retentions.iter().map(move |rule| (profile, rule)))
        .collect();
    let mut kinds: Vec<&str> = rules.iter().map(|(_, rule)| rule.what.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().map(|what| keeping(what, &rules, facts, from)).collect()
}

fn keeping(what: &str, rules: &[(&Profile, &Retention)], facts: &Facts, from: Timestamp) -> Keeping {
    let limit = |profile: &Profile, rule: &Retention, period: &Option<Period>| {
        let period = period.clone()?;
        let calendar = Calendar { zone: &facts.zone, holidays: &facts.holidays };
        let until = calendar.add(from, &period, Counting::Plain)?;
        Some(Limit { profile: profile.id.clone(), article: rule.article.clone(), period, until })
    };
    let of = rules.iter().filter(|(_, rule)| rule.what == what);
    let at_least = of
        .clone()
        .filter_map(|(profile, rule)| limit(profile, rule, &rule.at_least))
        .max_by_key(|limit| limit.until);
    let at_most =
        of.filter_map(|(profile, rule)| limit(profile, rule, &rule.at_most)).min_by_key(|limit| limit.until);
    let conflict =
        at_least.as_ref().zip(at_most.as_ref()).is_some_and(|(least, most)| least.until > most.until);
    let said = |word: &str, limit: &Option<Limit>| {
        limit.as_ref().map(|limit| {
            let (article, period) = (&limit.article, limit.period.in_words());
            format!(
                "{}, article {article}: {word} {period}, until {}.",
                limit.profile,
                facts.zone.show(limit.until)
            )
        })
    };
    let mut parts = vec![format!("{}:", crate::scope::words(what))];
    parts.extend(said("at least", &at_least));
    parts.extend(said("at most", &at_most));
    if conflict {
        parts.push("No period keeps both; this is for counsel to decide.".to_owned());
    }
    Keeping { what: what.to_owned(), at_least, at_most, conflict, explain: parts.join(" ") }
}
