//! The catalogue as people, programs and operators meet it. Documents here are invented.

mod answers;
mod bill;
mod elsewhere;
mod feeds;
#[path = "../../../../catalogue/tests/it/fixtures.rs"]
mod fixtures;
mod lookup;
mod names;
mod pages;
mod public_reads;
mod published;
mod search;
mod several;

use crate::app::{App, Clock, Random};
use crate::settings::Settings;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use fixtures::{Folder, import, now};
use tower::ServiceExt;

/// A centre with nothing but a catalogue in it.
struct Centre {
    app: App,
    folder: Folder,
}

impl Centre {
    fn new() -> Self {
        let folder = Folder::new();
        let data = folder.0.join("data").display().to_string();
        let settings = Settings::load(None, &[("data", data)]).unwrap();
        let app = App::open(settings, Clock::simulated(now()), Random::seeded(7)).unwrap();
        Self { app, folder }
    }

    /// A centre whose catalogue holds these documents.
    fn with(documents: &[String]) -> Self {
        let centre = Self::new();
        for (number, document) in documents.iter().enumerate() {
            let path = centre.folder.file(&format!("given/{number}.json"), document);
            let report = import(&centre.app.catalogue, &[path]);
            assert_eq!(report.bad, [], "a fixture has to be good");
        }
        centre
    }

    async fn bytes(&self, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
        let (router, _) = crate::router::routes(&self.app);
        let response = router.oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 64 << 20).await.unwrap();
        (status, headers, body.to_vec())
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let (status, headers, body) = self.bytes(request).await;
        (status, headers, String::from_utf8(body).unwrap())
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: impl Into<Body>) -> (StatusCode, String) {
        let (status, _, body) = self.ask(Request::post(path).body(body.into()).unwrap()).await;
        (status, body)
    }
}
