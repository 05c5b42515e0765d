//! Tables of the programme that come in: looked over line by line, and taken in whole or not at all.

use crate::access::Viewer;
use crate::app::App;
use crate::partners::store::{self, Register};
use crate::refusal::Refusal;
use crate::web::{TableOutcome, WithFiles, page, table_form, table_of, table_page};
use axum::extract::State;
use axum::response::Html;
use maud::{Markup, html};

/// Where a table is put in.
pub(super) fn form(register: Register, text: &str, outcome: Option<&TableOutcome>) -> Markup {
    let hint = match register {
        Register::Partners => {
            "Organisations by their name or id. A level is decided, and stands in no table."
        }
        Register::Contacts => {
            "The partner by its number, a line for each contact; they take the place of those before."
        }
        Register::Requests => "The partner by its number; case and clearance may be empty.",
    };
    table_form("/programme/import", register.columns(), hint, text, outcome)
}

/// `POST /programme/import`
pub(crate) async fn import(
    State(app): State<App>,
    viewer: Viewer,
    WithFiles(mut fields): WithFiles,
) -> Result<Html<String>, Refusal> {
    let (text, apply) = table_of(&mut fields)?;
    let register = Register::by_head(&text);
    let (title, taken, back) = match register {
        Register::Partners => ("Invitations from a table", "Each organisation may apply now.", "/programme"),
        Register::Contacts => {
            ("Contacts from a table", "Each partner has the contacts of its lines.", "/programme")
        }
        Register::Requests => {
            ("Requests from a table", "Each was sent; accepting is the partners' to do.", "/requests")
        }
    };
    let outcome = store::take_table_in(&app, &viewer, text.clone(), apply).await?;
    let body = html! {
        p.quiet { a href=(back) { "Back" } " / table" }
        (table_page(title, Some(&outcome), taken, form(register, &text, Some(&outcome))))
    };
    Ok(page(&app, &viewer, title, body))
}
