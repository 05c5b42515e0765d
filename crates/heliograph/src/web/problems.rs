//! The problems that the API answers with (RFC 9457): each has an address of its own, which stays,
//! and lies on a page that says what happened and what to do.

use super::page;
use crate::access::Viewer;
use crate::app::App;
use crate::refusal::Refusal;
use axum::extract::{Path, State};
use axum::response::Html;
use maud::html;
use serde::Serialize;

/// A refusal as programs read it, `application/problem+json`.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// What kind of refusal it is: an address of this centre, such as `/problems/invalid`. Decide by
    /// this; the words may change.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The same in a few words.
    pub(crate) title: &'static str,
    /// The HTTP status.
    pub(crate) status: u16,
    /// What happened and what to do next, limits included. It never repeats what was sent.
    pub(crate) detail: String,
    /// Which input is wrong, by its name in the document, `address` or `document`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) field: Option<String>,
}

/// A kind of problem.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) status: u16,
    /// What happened, and what to do.
    pub(crate) about: &'static str,
}

impl Kind {
    /// Where it is explained; `type` in the answer.
    pub(crate) fn address(&self) -> String {
        format!("/problems/{}", self.name)
    }
}

macro_rules! kinds {
    ($($name:ident = ($text:literal, $status:literal, $title:literal, $about:literal),)*) => {
        $(static $name: Kind = Kind { name: $text, title: $title, status: $status, about: $about };)*
        /// All of them, by status.
        pub(crate) static KINDS: &[&Kind] = &[$(&$name),*];
    };
}

kinds! {
    SIGN_IN = ("sign-in", 401, "Sign in",
        "Nobody is known behind the request. Send a token as Authorization: Bearer, or sign in."),
    SECOND_FACTOR = ("second-factor", 403, "Second factor first",
        "Your role signs in with a second factor. Set it up on the page of your account."),
    FORBIDDEN = ("forbidden", 403, "Not allowed",
        "You may see this place, but not do this there. The detail says who can."),
    NOT_FOUND = ("not-found", 404, "Not found",
        "There is nothing here, or nothing for you: both answer alike. Check the number, the roles of \
         your account and the scopes of your token."),
    WRONG_METHOD = ("wrong-method", 405, "Wrong method",
        "The place is there and takes other methods; the header Allow lists them."),
    CONFLICT = ("conflict", 409, "Not possible now",
        "The rules or the state of the thing do not allow it; nothing was changed. Do not send it again \
         unchanged: read the detail, look at the thing, and decide anew."),
    CHANGED = ("changed", 412, "Changed meanwhile",
        "It is no longer what you decided on; nothing was changed. Read it again, decide again, and send \
         the new ETag as If-Match. After a lost answer this can mean that your first request went through."),
    TOO_LARGE = ("too-large", 413, "Too large",
        "What was sent is larger than the limit that the detail names; nothing was changed."),
    INVALID = ("invalid", 422, "Please correct one thing",
        "An input is wrong; nothing was changed. `field` names it, the detail says what is expected and \
         what the limit is."),
    UNCONDITIONAL = ("unconditional", 428, "Say what you saw",
        "Two people may write here at once, so a request must carry If-Match with the ETag of what was read."),
    TOO_MANY = ("too-many", 429, "Too many attempts",
        "Wait as long as the header Retry-After says, in seconds, and send it again."),
    INTERNAL = ("internal", 500, "Something failed",
        "The centre failed. What was acknowledged before is safe. Send it again with the same \
         Idempotency-Key; tell the centre if it stays."),
    NOT_YET = ("not-yet", 503, "Not yet",
        "The same request will succeed soon; wait as long as the header Retry-After says, in seconds."),
}

impl Refusal {
    /// Of which kind it is.
    pub(crate) fn kind(&self) -> &'static Kind {
        match self {
            Self::NotFound => &NOT_FOUND,
            Self::SignIn => &SIGN_IN,
            Self::SecondFactor => &SECOND_FACTOR,
            Self::Forbidden(_) => &FORBIDDEN,
            Self::Invalid { .. } => &INVALID,
            Self::Conflict(_) => &CONFLICT,
            Self::Changed(_) => &CHANGED,
            Self::Unconditional(_) => &UNCONDITIONAL,
            Self::WrongMethod => &WRONG_METHOD,
            Self::TooLarge(_) => &TOO_LARGE,
            Self::TooMany { .. } => &TOO_MANY,
            Self::NotYet(_) => &NOT_YET,
            Self::Internal(_) => &INTERNAL,
        }
    }
}

/// `GET /problems/{kind}`: what a kind of problem means, among all others.
pub(crate) async fn problem(
    State(app): State<App>,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Html<String>, Refusal> {
    let kind = KINDS.iter().find(|kind| kind.name == name).ok_or(Refusal::NotFound)?;
    let body = html! {
        h1 { (kind.title) }
        p.quiet { "Answers of the API with status " (kind.status) " and type " span.code { (kind.address()) } }
        p.lead { (kind.about) }
        h2 { "All kinds" }
        table {
            thead { tr { th { "Status" } th { "Type" } th { "What happened, and what to do" } } }
            tbody {
                @for kind in KINDS {
                    tr {
                        td { (kind.status) }
                        td data-label="Type" { a.code href=(kind.address()) { (kind.address()) } }
                        td { (kind.about) }
                    }
                }
            }
        }
        p { a href="/api/v1/openapi.json" { "The whole API as OpenAPI 3.1" } }
    };
    Ok(page(&app, &viewer, kind.title, body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestApp;

    /// RFC 9457, section 3.1.1: the type should lead to words for people.
    #[test]
    fn every_kind_of_refusal_has_its_address_and_page() {
        let all = [
            Refusal::NotFound,
            Refusal::SignIn,
            Refusal::SecondFactor,
            Refusal::forbidden("x"),
            Refusal::invalid("x", "x"),
            Refusal::conflict("x"),
            Refusal::changed("x"),
            Refusal::Unconditional("x"),
            Refusal::WrongMethod,
            Refusal::TooLarge("x".into()),
            Refusal::TooMany { limit: "At most 3 a day".into(), seconds: 1 },
            Refusal::NotYet("x"),
            Refusal::Internal("x".into()),
        ];
        assert_eq!(all.len(), KINDS.len());
        let app = TestApp::new();
        for refusal in all {
            let kind = refusal.kind();
            assert_eq!(kind.status, refusal.status().as_u16(), "{}", kind.name);
            let page = app.anonymous().get(&kind.address());
            assert_eq!(page.status(), 200, "{}", kind.name);
            assert!(page.text().contains(&format!("<h1>{}</h1>", kind.title)));
        }
        assert_eq!(app.anonymous().get("/problems/made-up").status(), 404);
        let wrong = app.anonymous().send("DELETE", "/api/v1/me", None, Vec::new());
        assert_eq!((wrong.status(), wrong.header("allow")), (405, "GET,HEAD"));
        assert_eq!(wrong.json()["type"], "/problems/wrong-method");
    }
}
