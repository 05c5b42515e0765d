//! What people with an account want to hear of: a saved search, which is public and has a feed of its own,
//! or a bill of materials, which is sealed and looked at again whenever the catalogue has changed.

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use store::look_again;

use crate::access::Viewer;
use crate::app::App;
use crate::catalogue::{Given, inventory};
use crate::refusal::Refusal;
use rules::{About, findings};
use store::{Look, Subscription};

/// Letters of a subscription's name.
const NAME_CHARS: usize = 100;

/// One of one's own; what is somebody else's is not there.
async fn own_one(app: &App, viewer: &Viewer, id: String) -> Result<Subscription, Refusal> {
    let (keys, viewer) = (app.ledger.keys().clone(), viewer.clone());
    app.read(move |tx| store::one(tx, &keys, &viewer, &id)).await
}

/// A search that can be read.
fn search_of(app: &App, text: String) -> Result<About, Refusal> {
    if text.chars().count() > catalogue::QUERY_CHARS {
        let most = catalogue::QUERY_CHARS;
        return Err(Refusal::invalid("search", format!("At most {most} letters.")));
    }
    catalogue::Search::read(&text, app.now())
        .map_err(|wrong| Refusal::invalid("search", wrong.to_string()))?;
    Ok(About::Search(text))
}

/// A bill of materials with what is known of it now, from which changes are counted: what cannot be answered for is
/// not kept for later.
async fn bill_of(app: &App, documents: Vec<(String, String)>) -> Result<(About, Look), Refusal> {
    let first = look(app, &documents).await?;
    Ok((About::Bill(documents), first))
}

/// What is known now of a bill of materials.
async fn look(app: &App, documents: &[(String, String)]) -> Result<Look, Refusal> {
    let (catalogue, given, at) = (app.catalogue.clone(), given(documents), app.now());
    // Whatever comes in meanwhile is looked at again.
    let state = catalogue.state()?;
    let report = tokio::task::spawn_blocking(move || inventory(&catalogue, given, at)).await;
    let report = report.map_err(|_| Refusal::Internal("a look at a bill failed unexpectedly".into()))??;
    Ok(Look { state, at, findings: findings(&report) })
}

fn given(documents: &[(String, String)]) -> Vec<Given> {
    let one =
        |(name, text): &(String, String)| Given { name: name.clone(), bytes: text.clone().into_bytes() };
    documents.iter().map(one).collect()
}
