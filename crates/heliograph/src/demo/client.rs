//! A browser without a window: cookies, forms, and a clear word when an answer is not the expected.

use crate::web::encoded;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use std::collections::BTreeMap;
use tower::ServiceExt;

/// One person's browser.
#[derive(Clone)]
pub(super) struct Client {
    router: Router,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub(super) struct Answer {
    pub(super) text: String,
    /// Where a redirect leads.
    pub(super) location: Option<String>,
}

impl Client {
    pub(super) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    /// Another person at the same centre.
    pub(super) fn fresh(&self) -> Self {
        Self::new(self.router.clone())
    }

    pub(super) async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.send(path, None).await
    }

    /// Sends a form.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.send(path, Some(pairs.join("&"))).await
    }

    async fn send(&mut self, path: &str, form: Option<String>) -> anyhow::Result<Answer> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .uri(path)
            .method(if form.is_some() { "POST" } else { "GET" })
            .header(header::COOKIE, cookies.join("; "))
            .header("sec-fetch-site", "same-origin");
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(Body::from(form.unwrap_or_default()))?;
        let response = self.router.clone().oneshot(request).await?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        let location =
            response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let bytes = to_bytes(response.into_body(), 16 * 1024 * 1024).await?;
        let text = String::from_utf8(bytes.to_vec())?;
        let signed_out = location.as_deref().is_some_and(|place| place.starts_with("/login?"));
        anyhow::ensure!(status.as_u16() < 400 && !signed_out, "{path} answered {status}: {}", words(&text));
        Ok(Answer { text, location })
    }
}

impl Answer {
    /// The last part of the address that a redirect leads to.
    pub(super) fn led_to(&self) -> anyhow::Result<String> {
        let place = self.location.as_deref().and_then(|place| place.rsplit('/').next());
        place.map(str::to_owned).ok_or_else(|| anyhow::anyhow!("expected to be led somewhere"))
    }

    /// The value of a hidden field.
    pub(super) fn hidden(&self, name: &str) -> anyhow::Result<String> {
        let after = self.text.split(&format!("type=\"hidden\" name=\"{name}\" value=\"")).nth(1);
        let value = after.and_then(|after| after.split('"').next());
        value.map(str::to_owned).ok_or_else(|| anyhow::anyhow!("the page has no hidden field {name}"))
    }

    /// The text of the element with this id.
    pub(super) fn element(&self, id: &str) -> anyhow::Result<String> {
        let after = self.text.split(&format!("id=\"{id}\">")).nth(1);
        let text = after.and_then(|after| after.split('<').next());
        text.map(str::to_owned).ok_or_else(|| anyhow::anyhow!("the page has no element {id}"))
    }
}

/// A page's words, shortened, for an error.
fn words(page: &str) -> String {
    let main = page.split("<main").nth(1).unwrap_or(page);
    let mut inside = false;
    let text: String = main
        .chars()
        .filter(|c| {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                _ => return !inside,
            }
            false
        })
        .collect();
    text.chars().take(300).collect()
}
