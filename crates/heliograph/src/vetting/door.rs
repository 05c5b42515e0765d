//! What the door of each route asks besides its permission: where an address names a case, or a report or
//! a request in it, need-to-know is asked for before the slice is reached, whichever slice it is. So a page that is added tomorrow is
//! shut as well, and what is shut answers like what is not there.

use super::store::matter;
use crate::access::{Asking, Permission, Resource, Viewer};
use crate::app::App;
use crate::refusal::Refusal;
use vocabulary::{CaseId, ReportId, RequestId};

/// Refuses a request unless everything that its address names is open to its viewer.
pub(crate) fn need(app: App, permission: Permission, viewer: Viewer, named: Vec<String>) -> Asking {
    Box::pin(async move {
        for subject in named.iter().filter_map(|value| subject(value)) {
            ask(&app, permission, &viewer, subject).await?;
        }
        Ok(())
    })
}

/// The number of a case, a report or a request, in the one spelling in which it is kept.
fn subject(value: &str) -> Option<String> {
    let case = value.parse::<CaseId>().ok().map(String::from);
    let report = || value.parse::<ReportId>().ok().map(String::from);
    case.or_else(report).or_else(|| value.parse::<RequestId>().ok().map(String::from))
}

async fn ask(app: &App, permission: Permission, viewer: &Viewer, subject: String) -> Result<(), Refusal> {
    let (wanted, now) = (subject.clone(), app.now());
    let matter = app.read(move |tx| matter(tx, &wanted, now)).await?;
    if !matter.is_classified && matter.kept_out.is_empty() {
        return Ok(());
    }
    app.policies.check(viewer, permission, &Resource::Matter { subject, matter })
}
