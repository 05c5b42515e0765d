//! Style and script: ours, small, named by their content so that they can be cached for good.

use crate::refusal::Refusal;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

fn named(content: &str, ending: &str) -> String {
    let hash = Sha256::digest(content);
    let name: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}.{ending}")
}

/// File name of the style sheet.
pub(super) static STYLE_NAME: LazyLock<String> = LazyLock::new(|| named(STYLE, "css"));

/// The address of the style sheet, for pages without the frame.
pub(crate) fn style() -> String {
    format!("/assets/{}", *STYLE_NAME)
}

/// File name of the script.
pub(super) static SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| named(SCRIPT, "js"));

/// `GET /assets/{name}`
pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Refusal> {
    let (kind, content) = match name {
        name if name == *STYLE_NAME => ("text/css; charset=utf-8", STYLE),
        name if name == *SCRIPT_NAME => ("text/javascript; charset=utf-8", SCRIPT),
        _ => return Err(Refusal::NotFound),
    };
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, content).into_response())
}
