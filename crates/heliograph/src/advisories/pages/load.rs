//! A draft opened for one viewer: what this viewer may see, and nothing else.

use crate::access::{self, Permission, Policies, Viewer};
use crate::advisories::rules::{self, Draft, Frame, Material, Publishing, framed};
use crate::advisories::store::commands::FIRST_RELEASE;
use crate::advisories::store::{self, commands};
use crate::cases::{self, Case, Statement};
use crate::ledger::{Item, Unsealed, Writer};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::{people, reports};
use formats::Advisory;
use formats::advisory::{CveOrganisation, Publisher};
use std::collections::HashMap;
use vocabulary::CaseId;

/// What is shown of a draft.
pub(in crate::advisories) struct View {
    pub(in crate::advisories) id: CaseId,
    pub(in crate::advisories) case: Case,
    pub(in crate::advisories) state: Publishing,
    /// The draft that is shown: the latest for a coordinator, the shared one for a participant, and
    /// a first one, which nobody saved yet, where a coordinator begins.
    pub(in crate::advisories) draft: Option<Advisory>,
    /// The page of the case, for this viewer.
    pub(in crate::advisories) home: String,
    /// Whether this viewer writes and approves.
    pub(in crate::advisories) writes: bool,
    /// Names of accounts, and the person behind each.
    pub(in crate::advisories) names: HashMap<String, String>,
    pub(in crate::advisories) register: HashMap<String, String>,
}

impl View {
    /// The saved draft that is shown; none where a coordinator begins.
    pub(in crate::advisories) fn shown(&self) -> Option<&Draft> {
        if self.writes { self.state.latest.as_ref() } else { self.state.shared.as_ref() }
    }
}

/// Opens the advisory of a case for a viewer who may read the case, and lists what was opened.
pub(in crate::advisories) fn open(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    id: &CaseId,
    settings: &Settings,
) -> Result<(View, Vec<Item>), Refusal> {
    let case = cases::find(w.tx(), id)?.state;
    let resource = cases::resource(id, &case);
    policies.check(viewer, Permission::ViewCase, &resource)?;
    let home = match viewer {
        Viewer::Reporter(_) => "/my/case".to_owned(),
        _ => format!("/case/{id}"),
    };
    // A vendor's view of the case ends with its consent; a reporter's does not, but what the centre
    // shares is for those who hold the embargo.
    let waits = matches!(viewer, Viewer::Reporter(report) if !case.is_held_by_reporter(report));
    let writes = policies.allows(viewer, Permission::PublishAdvisory, &resource);
    let state = store::find(w.tx(), id)?.state;
    let mut items = Vec::new();
    let shown = if writes { &state.latest } else { &state.shared };
    let draft = match shown {
        _ if case.erased || waits => None,
        Some(draft) => {
            items.push(draft.item.clone());
            Some(commands::opened(w, draft)?)
        }
        None if writes => Some(first(w, id, &case, settings, &mut items)?),
        None => None,
    };
    let (names, register) =
        if writes { (access::account_names(w.tx())?, access::persons(w.tx())?) } else { Default::default() };
    Ok((View { id: id.clone(), case, state, draft, home, writes, names, register }, items))
}

/// The first draft, from what the case knows.
fn first(
    w: &mut Writer<'_, '_>,
    id: &CaseId,
    case: &Case,
    settings: &Settings,
    items: &mut Vec<Item>,
) -> Result<Advisory, Refusal> {
    let mut texts = Vec::new();
    for report in &case.reports {
        let report = reports::received(w.tx(), report)?.state;
        let (text, opened) = reports::text_of(w, &report)?;
        items.extend(opened);
        texts.push(text);
    }
    let mut statements = Vec::new();
    for (vendor, known) in &case.vendors {
        let Some(item) = &known.statement else { continue };
        items.push(item.clone());
        if let Unsealed::Bytes(bytes) = w.unseal(item)? {
            let statement: Statement = serde_json::from_slice(&bytes).unwrap_or_default();
            statements.push((people::organisation(w.tx(), vendor)?.name, statement));
        }
    }
    let material = Material {
        id: id.to_string(),
        publisher: publisher(settings),
        address: address(settings, id),
        texts,
        statements,
        vectors: case.vectors.clone(),
        ssvc: case.triage.as_ref().map(|record| format!("{}, {}", record.table, record.outcome)),
        attacked: case.attacks,
    };
    let (id, publisher) = (material.id.clone(), material.publisher.clone());
    let content = rules::first_draft(material);
    Ok(framed(content, Frame { id, publisher, published: None, change: FIRST_RELEASE.to_owned() }))
}

/// The centre, as its advisories name it.
pub(in crate::advisories) fn publisher(settings: &Settings) -> Publisher {
    let organisation = (!settings.cve_org_id.is_empty()).then(|| CveOrganisation {
        id: settings.cve_org_id.clone(),
        short_name: settings.cve_org_name.clone(),
    });
    Publisher {
        name: settings.name.clone(),
        namespace: settings.base_url.clone(),
        contact: Some(settings.contact.clone()).filter(|contact| !contact.trim().is_empty()),
        cve_organisation: organisation,
    }
}

/// The public address of an advisory.
pub(super) fn address(settings: &Settings, id: &CaseId) -> String {
    format!("{}/advisories/{id}", settings.base_url)
}
