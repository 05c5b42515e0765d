//! The filings of a subject: what was written for each duty, and what was submitted.

use super::acts::Owed;
use super::event::{FilingEvent, ListMark};
use super::profiles::{field_table, profile};
use crate::ledger::{Item, Recorded, State};
use crate::refusal::Refusal;
use clocks::filing::{Form, Values, check};
use jiff::Timestamp;
use std::collections::BTreeMap;
use vocabulary::Instant;

/// One filing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filing {
    /// What was written, oldest first; the last one counts.
    pub(crate) texts: Vec<Item>,
    /// The list of fields of the last one.
    pub(crate) list: Option<ListMark>,
    /// The revision that was submitted, when, and what shows it.
    pub(crate) submitted: Option<(u32, Instant, Item)>,
}

/// All filings of a subject.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filings(pub(crate) BTreeMap<Owed, Filing>);

impl State for Filings {
    type Event = FilingEvent;

    fn evolve(&mut self, event: &FilingEvent, _: &Recorded) {
        let (FilingEvent::Saved { debtor, profile, duty, .. }
        | FilingEvent::Submitted { debtor, profile, duty, .. }) = event;
        let owed = Owed { debtor: debtor.clone(), profile: profile.clone(), duty: duty.clone() };
        let filing = self.0.entry(owed).or_default();
        match event {
            FilingEvent::Saved { list, text, .. } => {
                filing.texts.push(text.clone());
                filing.list.clone_from(list);
            }
            FilingEvent::Submitted { revision, at, evidence, .. } => {
                filing.submitted = Some((*revision, at.clone(), evidence.clone()));
            }
        }
    }
}

impl Filings {
    /// The stages before a duty that were written for the same kind of case, first to last: in the
    /// order of the profile, those whose names begin alike.
    pub(crate) fn earlier(&self, owed: &Owed) -> Vec<&Filing> {
        let kind = |duty: &str| duty.rsplit_once('.').map_or("", |(kind, _)| kind).to_owned();
        let duties = profile(&owed.profile).into_iter().flat_map(|profile| &profile.duties);
        let before = duties.map(|duty| duty.id.as_str()).take_while(|duty| *duty != owed.duty);
        let alike = before.filter(|duty| kind(duty) == kind(&owed.duty));
        let named = alike.map(|duty| Owed { duty: duty.to_owned(), ..owed.clone() });
        named.filter_map(|owed| self.0.get(&owed)).collect()
    }
}

/// The form of a duty, with the mark of its list.
pub(crate) fn form(owed: &Owed) -> Result<(Form, Option<ListMark>), Refusal> {
    let (profile, duty) = owed.rule()?;
    if duty.met_by != clocks::MetBy::Filing || profile.mode != clocks::Mode::Active {
        return Err(Refusal::NotFound);
    }
    let list = profile.field_list.as_ref().and_then(|list| field_table(&list.id, &list.version));
    let form = Form::of(duty, list.map(|(table, _)| table));
    let mark = form.list.clone().zip(list).map(|((id, version), (_, sha256))| ListMark {
        id,
        version,
        sha256: sha256.clone(),
    });
    Ok((form, mark))
}

/// May this be kept? What is missing may come later; what the form cannot hold may not.
pub(crate) fn keep(filing: Option<&Filing>, form: &Form, values: &Values) -> Result<(), Refusal> {
    if filing.is_some_and(|filing| filing.submitted.is_some()) {
        return Err(Refusal::conflict(
            "This stage was submitted and stands as it was. Say what has changed in the next one.",
        ));
    }
    let wrong = check(form, values).into_iter().find(|finding| {
        use clocks::filing::Problem;
        !matches!(finding.problem, Problem::Missing | Problem::MissingIfAvailable)
    });
    match wrong {
        Some(finding) => Err(Refusal::invalid(finding.field.clone(), finding.to_string())),
        None => Ok(()),
    }
}

/// May this submission be recorded?
pub(crate) fn submit(filing: Option<&Filing>, at: &Instant, now: Timestamp) -> Result<u32, Refusal> {
    if at.at > now {
        return Err(Refusal::invalid("at", "This lies in the future. Record a submission once it is made."));
    }
    match filing {
        Some(Filing { submitted: Some(_), .. }) => {
            Err(Refusal::conflict("The submission of this stage is recorded already."))
        }
        Some(filing) => Ok(u32::try_from(filing.texts.len()).unwrap_or(u32::MAX)),
        None => Ok(0),
    }
}
