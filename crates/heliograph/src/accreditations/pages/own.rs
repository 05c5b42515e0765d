//! One's own accreditations, and those of the organisation for which one speaks.

use super::desk::{Side, bytes, done, frame, opened, withdraw_form};
use super::{forms, pieces};
use crate::access::{Permission, Role, Viewer};
use crate::accreditations::rules::Holder;
use crate::accreditations::store::{self, Which};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Asked, Fields, Shown, WithFiles, choice, no_rows, onward, page};
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect};
use maud::html;
use vocabulary::OrganisationId;

/// The side of whoever holds them.
const HELD: Side = ("/account/accreditations", Permission::HoldAccreditations);

/// The organisation whose accreditations a viewer hands in and sees: that of a partner.
pub(in crate::accreditations) fn spoken_for(viewer: &Viewer) -> Option<OrganisationId> {
    match viewer {
        Viewer::Account(person) if person.roles.contains(&Role::Partner) => person.organisation.clone(),
        _ => None,
    }
}

/// `GET /account/accreditations`
pub(crate) async fn own(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (wanted, now) = (asked.page(&[])?, app.now());
    let (organisation, account) = (spoken_for(&viewer), viewer.person()?.id.clone());
    let speaks = organisation.is_some();
    let which = Which::Own { organisation, account };
    let mut rows = app.read(move |tx| store::list(tx, &which, now, wanted)).await?;
    let more = wanted.cut(&mut rows);
    let (shown, schemes) = (Shown::of(&app), store::schemes()?);
    let whose: &[(&str, &str)] = match speaks {
        true => &[("organisation", "our organisation"), ("account", "me")],
        false => &[("account", "me")],
    };
    let at = |page: u32| format!("/account/accreditations?page={page}");
    let body = html! {
        p.quiet { a href="/account" { "Your account" } " / accreditations" }
        h1 { "Accreditations" }
        p.quiet { "Yours" @if speaks { ", and your organisation's" } ". They permit something once the centre has looked them up." }
        @if rows.is_empty() { (no_rows(wanted, "None yet. Hand in what others certify of you, with the paper.", at)) }
        @else { (pieces::table(&shown, schemes, &rows, "/account/accreditations")) }
        (onward(wanted, more, "More", at))
        h2 { "Hand one in" }
        form.narrow method="post" action="/account/accreditations" enctype="multipart/form-data" {
            (choice("of", "Of whom", whose, ""))
            (pieces::inputs(schemes, &shown.zone))
            @if speaks {
                label.inline { input type="checkbox" name="publish" value="yes";
                    "The public register may show it, once it was looked up" }
            }
            div.actions { button.btn.main { "Hand it in" } }
        }
    };
    Ok(page(&app, &viewer, "Accreditations", body))
}

/// `POST /account/accreditations`
pub(crate) async fn hand_in(
    State(app): State<App>,
    viewer: Viewer,
    WithFiles(mut fields): WithFiles,
) -> Result<Redirect, Refusal> {
    let holder = match fields.text("of") {
        "organisation" => {
            let wrong = || Refusal::invalid("of", "You speak for no organisation.");
            Holder::Organisation(spoken_for(&viewer).ok_or_else(wrong)?)
        }
        "account" => Holder::Account(viewer.person()?.id.clone()),
        _ => return Err(Refusal::invalid("of", "Choose whose it is.")),
    };
    let (new, files) = (forms::new(&fields, holder)?, forms::files(&mut fields));
    let id = store::register(&app, &viewer, Permission::HoldAccreditations, new, files).await?;
    Ok(Redirect::to(&format!("/account/accreditations/{id}")))
}

/// `GET /account/accreditations/{id}`
pub(crate) async fn held(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let opened = opened(&app, &viewer, HELD.1, &id).await?;
    let aside = html! {
        h2 { "Your next step" }
        @if opened.state.held.withdrawn.is_some() { p { "None: it is withdrawn. If it was given again, hand it in again." } }
        @else {
            p { "None is due." }
            details { summary { "Give it up" } (withdraw_form(&format!("{}/{}", HELD.0, opened.id))) }
        }
    };
    frame(&app, &viewer, &opened, HELD, aside)
}

/// `POST /account/accreditations/{id}/{act}`
pub(crate) async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Path(named): Path<(String, String)>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    done(&app, &viewer, HELD, named, &fields).await
}

/// `GET /account/accreditations/{id}/evidence/{which}`
pub(crate) async fn evidence(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, which)): Path<(String, String)>,
) -> Result<impl IntoResponse, Refusal> {
    bytes(&app, &viewer, Permission::HoldAccreditations, &id, &which).await
}
