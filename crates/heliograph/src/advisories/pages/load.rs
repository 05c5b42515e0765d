//! A draft opened for one viewer: what this viewer may see, and nothing else.

use crate::access::{self, Permission, Policies, Resource, Viewer};
use crate::advisories::rules::{self, Draft, Frame, Material, Publishing, framed};
use crate::advisories::store::commands::FIRST_RELEASE;
use crate::advisories::store::{self, commands};
use crate::app::App;
use crate::cases::{self, Case, Statement};
use crate::ledger::{Item, Unsealed, Writer};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::{people, reports};
use formats::Advisory;
use formats::advisory::{CveOrganisation, Publisher};
use std::collections::HashMap;
use storage::Tx;
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
    /// The draft that a case brought along which became part of this one, and its number. A coordinator
    /// begins with it; a participant of that case reads it until this case shares one of its own.
    pub(in crate::advisories) carried: Option<(CaseId, Draft)>,
    /// For a coordinator: cases that became part of this one and had a draft.
    pub(in crate::advisories) parts: Vec<CaseId>,
    /// Names of accounts, and the person behind each.
    pub(in crate::advisories) names: HashMap<String, String>,
    pub(in crate::advisories) register: HashMap<String, String>,
}

impl View {
    /// The saved draft that is shown; none where a coordinator begins.
    pub(in crate::advisories) fn shown(&self) -> Option<&Draft> {
        if self.writes {
            return self.state.latest.as_ref();
        }
        self.state.shared.as_ref().or(self.carried.as_ref().map(|(_, draft)| draft))
    }
}

/// The number under which a viewer finds the draft of a case. One that became part of another leads
/// there; whoever writes can still read what was drafted in it.
pub(in crate::advisories) async fn addressed(
    app: &App,
    viewer: &Viewer,
    id: CaseId,
) -> Result<CaseId, Refusal> {
    if app.policies.allows(viewer, Permission::PublishAdvisory, &Resource::Centre) {
        return Ok(id);
    }
    let (wanted, now) = (id.clone(), app.now());
    let (there, resource) = app
        .read(move |tx| {
            let (there, case) = cases::surviving(tx, &wanted)?;
            let resource = cases::resource(tx, &there, &case, now)?;
            Ok((there, resource))
        })
        .await?;
    if there != id {
        app.policies.check(viewer, Permission::ViewCase, &resource)?;
    }
    Ok(there)
}

/// The saved draft that a viewer may read, and what was opened for it.
pub(crate) fn draft_for(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    id: &CaseId,
) -> Result<Option<(Advisory, Item)>, Refusal> {
    let now = w.now();
    let (case, resource) = cases::find_as_seen(w.tx(), id, now)?;
    let writes = policies.allows(viewer, Permission::PublishAdvisory, &resource);
    let state = store::find(w.tx(), id)?.state;
    let draft = if writes { state.latest } else { state.shared };
    let draft = draft.filter(|_| !case.erased);
    draft.map(|draft| Ok((commands::opened(w, &draft)?, draft.item))).transpose()
}

/// The newest draft of several cases with its case, and the cases that have one.
type Brought = (Option<(CaseId, Draft)>, Vec<CaseId>);

/// The newest draft that cases brought along which became part of this one, as far as this viewer may
/// read it, and the numbers of all that had one.
fn brought_along(tx: &mut Tx<'_>, case: &Case, viewer: &Viewer, writes: bool) -> Result<Brought, Refusal> {
    let (mut newest, mut parts) = (None::<(CaseId, Draft)>, Vec::new());
    for part in &case.merged {
        let state = store::find(tx, part)?.state;
        let draft = match writes {
            true => state.latest,
            false if cases::took_part(tx, part, viewer)? => state.shared,
            false => None,
        };
        let Some(draft) = draft else { continue };
        parts.push(part.clone());
        if newest.as_ref().is_none_or(|(_, known)| known.at < draft.at) {
            newest = Some((part.clone(), draft));
        }
    }
    Ok((newest, parts))
}

/// Opens the advisory of a case for a viewer who may read the case, and lists what was opened.
pub(in crate::advisories) fn open(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    id: &CaseId,
    settings: &Settings,
) -> Result<(View, Vec<Item>), Refusal> {
    let now = w.now();
    let (case, resource) = cases::find_as_seen(w.tx(), id, now)?;
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
    let own = if writes { &state.latest } else { &state.shared };
    let (carried, parts) = brought_along(w.tx(), &case, viewer, writes)?;
    let carried = carried.filter(|_| own.is_none());
    let draft = match (own, &carried) {
        _ if case.erased || waits => None,
        (Some(draft), _) | (None, Some((_, draft))) => {
            items.push(draft.item.clone());
            let opened = commands::opened(w, draft)?;
            // Under this case's number it is another text, which nobody has saved or approved yet.
            let is_to_be_saved = own.is_none() && writes;
            Some(if is_to_be_saved { begun(opened, id, settings) } else { opened })
        }
        (None, None) if writes && case.merged_into.is_none() => {
            Some(first(w, id, &case, settings, &mut items)?)
        }
        _ => None,
    };
    let parts = if writes { parts } else { Vec::new() };
    let (names, register) =
        if writes { (access::account_names(w.tx())?, access::persons(w.tx())?) } else { Default::default() };
    Ok((View { id: id.clone(), case, state, draft, home, writes, carried, parts, names, register }, items))
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
    Ok(begun(rules::first_draft(material), id, settings))
}

/// A first draft with this case's frame around it.
fn begun(content: Advisory, id: &CaseId, settings: &Settings) -> Advisory {
    let frame = Frame {
        id: id.to_string(),
        publisher: publisher(settings),
        published: None,
        change: FIRST_RELEASE.to_owned(),
    };
    framed(content, frame)
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
