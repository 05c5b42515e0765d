//! A case opened for one viewer: what this viewer may see, and nothing else.

use super::history::{self, History};
use crate::access::{Permission, Policies, Viewer};
use crate::cases::rules::{Case, Party, Statement};
use crate::cases::store::{self, party};
use crate::deadlines::{self, Clock};
use crate::ledger::{self, Item, Writer};
use crate::people;
use crate::refusal::Refusal;
use crate::reports::{self, ReportText};
use crate::vetting;
use crate::web::Shown;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use vocabulary::{CaseId, OrganisationId, Page, ReportId};

/// What a page shows of a case.
pub(in crate::cases) struct View {
    pub(in crate::cases) id: CaseId,
    pub(in crate::cases) case: Case,
    pub(in crate::cases) me: Party,
    pub(in crate::cases) texts: BTreeMap<ReportId, ReportText>,
    /// Those of them with a proof of concept.
    pub(in crate::cases) proofs: BTreeSet<ReportId>,
    pub(in crate::cases) statements: BTreeMap<OrganisationId, Statement>,
    pub(in crate::cases) clocks: Vec<Clock>,
    pub(in crate::cases) names: HashMap<String, String>,
    pub(in crate::cases) history: History,
    /// What it asks of those who are let in, in words.
    pub(in crate::cases) asks: Option<String>,
}

impl View {
    /// Whether something is still owed that this viewer may know of.
    pub(in crate::cases) fn has_open_clocks(&self) -> bool {
        self.clocks.iter().any(|clock| clock.is_open() && !clock.reference)
    }
}

/// Opens a case for a viewer who may read it, and lists what was opened. Of what happened, one page
/// is opened and no more; all of it where none is named.
pub(in crate::cases) fn open(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    id: &CaseId,
    shown: &Shown,
    page: Option<Page>,
) -> Result<(View, Vec<Item>), Refusal> {
    // By the hour at which the answer is made, not at which it was asked for.
    let now = w.now();
    let (case, resource) = store::find_as_seen(w.tx(), id, now)?;
    let me = party(viewer)?;
    policies.check(viewer, Permission::ViewCase, &resource)?;
    let mut items = Vec::new();
    let (texts, proofs) = texts(w, &case, &me, &mut items)?;
    let statements = statements(w, &case, &me, &mut items)?;
    let organisations = people::organisations(w.tx())?;
    let mut names: HashMap<String, String> =
        organisations.into_iter().map(|found| (found.id.to_string(), found.name)).collect();
    names.insert("centre".into(), "The centre".into());
    let subjects: Vec<String> =
        std::iter::once(id.to_string()).chain(case.reports.iter().map(ToString::to_string)).collect();
    let mut clocks = deadlines::of(w.tx(), &subjects, shown.now)?;
    // What we owed on a report, the case owes now; what its manufacturer owes, it still owes.
    clocks.retain(|clock| clock.subject == id.as_str() || clock.debtor != "centre");
    clocks.retain(|clock| sees_clock(&me, clock));
    let reader = history::Reader { viewer, me: &me, names: &names, shown };
    let history = history::open(w, id, &case, &reader, page, &mut items)?;
    let asks = vetting::asks_of(w.tx(), id)?;
    Ok((View { id: id.clone(), case, me, texts, proofs, statements, clocks, names, history, asks }, items))
}

/// The centre sees every clock, a vendor its own, a reporter hers and those of the centre.
fn sees_clock(me: &Party, clock: &Clock) -> bool {
    match me {
        Party::Centre => true,
        Party::Vendor(id) => clock.debtor == id.as_str() || clock.regarding == id.as_str(),
        Party::Reporter(_) => {
            clock.regarding.is_empty() && (clock.debtor == "centre" || clock.debtor == "reporter")
        }
    }
}

/// Texts of reports, and which of these have a proof of concept beside them.
type Told = (BTreeMap<ReportId, ReportText>, BTreeSet<ReportId>);

/// What the reporters wrote. Their names stay with the centre, and with themselves.
fn texts(w: &mut Writer<'_, '_>, case: &Case, me: &Party, items: &mut Vec<Item>) -> Result<Told, Refusal> {
    let (mut texts, mut proofs) = (BTreeMap::new(), BTreeSet::new());
    for id in &case.reports {
        if matches!(me, Party::Reporter(own) if own != id) {
            continue;
        }
        let report = reports::received(w.tx(), id)?.state;
        let (mut text, opened) = reports::text_of(w, &report)?;
        if matches!(me, Party::Vendor(_)) {
            text.contact = None;
        }
        items.extend(opened);
        texts.insert(id.clone(), text);
        if report.proof_of_concept.is_some() && !report.exploit_deleted {
            proofs.insert(id.clone());
        }
    }
    Ok((texts, proofs))
}

/// Vendors' statements: the centre sees all, a vendor its own.
fn statements(
    w: &mut Writer<'_, '_>,
    case: &Case,
    me: &Party,
    items: &mut Vec<Item>,
) -> Result<BTreeMap<OrganisationId, Statement>, Refusal> {
    let mut statements = BTreeMap::new();
    for (vendor, known) in &case.vendors {
        let mine = match me {
            Party::Centre => true,
            Party::Vendor(id) => id == vendor,
            Party::Reporter(_) => false,
        };
        if let Some(item) = known.statement.as_ref().filter(|_| mine) {
            if let ledger::Unsealed::Bytes(bytes) = w.unseal(item)? {
                statements.insert(vendor.clone(), serde_json::from_slice(&bytes).unwrap_or_default());
            }
            items.push(item.clone());
        }
    }
    Ok(statements)
}
