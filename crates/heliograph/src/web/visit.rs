//! One visit: the address that was asked for, who asked, and what was sent along.
//!
//! It lasts while one request is answered, so that every page knows which place it is, and a page
//! that says no can give back what was written.

use super::form::Fields;
use crate::access::Viewer;
use axum::http::Uri;
use std::cell::RefCell;

tokio::task_local! {
    // Boxed, because it is put in its place and taken away again each time the answer goes on.
    static VISIT: Box<RefCell<Visit>>;
}

/// What is known of the request that is being answered.
#[derive(Debug, Default)]
pub(crate) struct Visit {
    pub(super) address: Uri,
    /// Who asked, once the route's door has found out.
    pub(super) viewer: Option<Viewer>,
    /// The form that was sent, without its files, once it could be read.
    pub(super) fields: Option<Fields>,
}

/// The visit in which a request is answered. It is no function that waits, for those copy what they wait for.
pub(super) fn visit<T>(address: Uri, answer: impl Future<Output = T>) -> impl Future<Output = T> {
    VISIT.scope(Box::new(RefCell::new(Visit { address, ..Visit::default() })), answer)
}

/// What became known in it; for its end.
pub(super) fn ended() -> Visit {
    VISIT.with(|visit| visit.take())
}

/// The path that was asked for; `None` outside of a visit.
pub(super) fn path() -> Option<String> {
    VISIT.try_with(|visit| visit.borrow().address.path().to_owned()).ok()
}

/// Takes down who asked.
pub(crate) fn visited_by(viewer: &Viewer) {
    note(|visit| visit.viewer = Some(viewer.clone()));
}

/// Takes down what was sent.
pub(super) fn sent(fields: &Fields) {
    note(|visit| visit.fields = Some(fields.without_files()));
}

fn note(what: impl FnOnce(&mut Visit)) {
    // Outside of a visit there is no page that could need it.
    let _ = VISIT.try_with(|visit| what(&mut visit.borrow_mut()));
}
