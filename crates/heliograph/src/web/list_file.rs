//! Lists as files to keep.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// Pages of a list in one file, at most: 10,000 rows, all of them in memory.
pub(crate) const FILE_PAGES: u32 = 200;

/// A list as CSV or JSON. One that is not whole says so in its name: whoever opens it later still sees it.
pub(crate) fn list_file(name: &str, ending: &str, is_part: bool, body: String) -> Response {
    let kind = if ending == "json" { "application/json" } else { "text/csv; charset=utf-8" };
    let part = if is_part { "-first-part" } else { "" };
    let disposition = format!("attachment; filename=\"{name}{part}.{ending}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response()
}
