//! A request, opened for whoever may see it.

use super::{checked, entitled, stream};
use crate::access::{Permission, Policies, Viewer};
use crate::accreditations::Entitled;
use crate::ledger::{Item, Unsealed, Writer, events_of};
use crate::partners::rules::{Asked, OrderText, RequestEvent};
use crate::people;
use crate::refusal::Refusal;
use crate::web::Happened;
use vocabulary::RequestId;

/// A request, opened.
pub(in crate::partners) struct OpenedRequest {
    pub(in crate::partners) id: RequestId,
    pub(in crate::partners) version: i64,
    pub(in crate::partners) name: String,
    pub(in crate::partners) asked: Asked,
    pub(in crate::partners) text: OrderText,
    /// What accreditations permit now, whatever they did when it was given out.
    pub(in crate::partners) entitled: Entitled,
    pub(in crate::partners) moments: Vec<Happened>,
}

/// Opens a request for whoever may see it, and lists what was opened.
pub(in crate::partners) fn open_request(
    w: &mut Writer<'_, '_>,
    policies: &Policies,
    viewer: &Viewer,
    permission: Permission,
    id: &RequestId,
) -> Result<(OpenedRequest, Vec<Item>), Refusal> {
    let loaded = checked(w, policies, viewer, permission, id)?;
    let (version, asked) = (loaded.version, loaded.state);
    let mut items: Vec<Item> = asked.order.iter().cloned().collect();
    let text = match asked.order.as_ref().map(|item| w.unseal(item)).transpose()? {
        Some(Unsealed::Bytes(bytes)) => serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::Internal("a sealed request is unreadable".into()))?,
        _ => OrderText::default(),
    };
    let organisation = asked.organisation.clone().ok_or(Refusal::NotFound)?;
    let name = people::organisation(w.tx(), &organisation)?.name;
    let now = w.now();
    let entitled = entitled(w.tx(), &asked, now)?;
    let mut moments = Vec::new();
    for recorded in events_of(w.tx(), &stream(id))? {
        let event: RequestEvent = recorded.event()?;
        let (words, item) = told(&event);
        let text = match item {
            Some(item) => {
                items.push(item.clone());
                w.unseal(item)?.text()
            }
            None => String::new(),
        };
        let (at, entry, kind) = (recorded.at, recorded.seq, recorded.kind);
        moments.push(Happened { at, entry, kind, words: words.into(), text, is_new: false });
    }
    let id = id.clone();
    Ok((OpenedRequest { id, version, name, asked, text, entitled, moments }, items))
}

fn told(event: &RequestEvent) -> (&'static str, Option<&Item>) {
    match event {
        RequestEvent::Sent { .. } => ("The centre asked.", None),
        RequestEvent::Accepted {} => ("The partner accepted.", None),
        RequestEvent::Declined { reasons } => {
            ("The partner declined. Nothing follows from it.", reasons.as_ref())
        }
        RequestEvent::Extended { reasons, .. } => ("The partner needs longer.", Some(reasons)),
        RequestEvent::Delivered { result } => ("The partner delivered.", Some(result)),
        RequestEvent::Reviewed { useful: true, feedback } => ("The centre found it useful.", Some(feedback)),
        RequestEvent::Reviewed { feedback, .. } => ("The centre did not find it useful.", Some(feedback)),
        RequestEvent::Withdrawn { reasons } => ("The centre needs it no more.", Some(reasons)),
    }
}
