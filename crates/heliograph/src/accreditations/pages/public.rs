//! What everyone may see: the register of organisations that agree to it, and the schemes.

use super::pieces::{self, what, words};
use crate::access::Viewer;
use crate::accreditations::store::{self, Row, Which};
use crate::app::App;
use crate::refusal::Refusal;
use crate::web::{Asked, Shown, Tone, chip, csv_line, instant, list_file, no_rows, onward, page, when};
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use programme::{Mode, Schemes};

/// `GET /accreditations`
pub(crate) async fn register(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (wanted, now) = (asked.page(&[])?, app.now());
    let mut rows = app.read(move |tx| store::list(tx, &Which::Public, now, wanted)).await?;
    let more = wanted.cut(&mut rows);
    let (shown, schemes) = (Shown::of(&app), store::schemes()?);
    let at = |page: u32| format!("/accreditations?page={page}");
    let body = html! {
        h1 { "Accreditations" }
        p.lead { "What others certify of the organisations that work with this centre, as the centre has looked it up with \
            whoever issued it. By name, all alike; what lapsed says so." }
        @if rows.is_empty() {
            (no_rows(wanted, "None yet. An accreditation stands here once its holder agrees to it and the centre has looked it up.", at))
        } @else { (pieces::table(&shown, schemes, &rows, "/accreditations")) }
        (onward(wanted, more, "More", at))
        p { a href="/accreditations/export" { "The register for spreadsheets" } }
        h2 { "Schemes" }
        p { "Which scheme permits which service here. The list of services is closed, and no attack is in it." }
        (scheme_list(schemes))
    };
    Ok(page(&app, &viewer, "Accreditations", body))
}

fn scheme_list(schemes: &Schemes) -> Markup {
    html! {
        ul { @for scheme in schemes.all() {
            li { a href={ "/accreditations/schemes/" (scheme.id) } { (scheme.title) } " "
                @match scheme.mode {
                    Mode::Active if scheme.permits.is_empty() => (chip(Tone::Idle, "permits nothing by itself")),
                    Mode::Active => (chip(Tone::Calm, "in force")),
                    Mode::Reference => (chip(Tone::Idle, "to read and compare only")),
                } }
        } }
    }
}

/// `GET /accreditations/{id}`
pub(crate) async fn accreditation(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let row: Row = app.read(move |tx| store::public(tx, &id)).await?;
    let (shown, schemes) = (Shown::of(&app), store::schemes()?);
    let held = &row.held;
    let body = html! {
        p.quiet { a href="/accreditations" { "Accreditations" } " / " (row.id) }
        h1 { (row.name) }
        p.lead { (what(schemes, held)) }
        p { (pieces::standing_chip(held, shown.now)) }
        (pieces::times(&shown, held))
        dl.facts {
            dt { "Issued by" } dd { (row.told.issuer) }
            dt { "Number" } dd { (row.told.number) }
            @if let Some((at, found)) = held.checked {
                dt { "Looked up" } dd { (when(&shown, at)) ": " (found.words()) }
            }
            @if let Some(at) = held.withdrawn { dt { "Withdrawn" } dd { (instant(&shown, at)) } }
        }
        (pieces::permits(schemes, held, shown.now))
        @if let Some(place) = schemes.find(&held.scheme).and_then(|(scheme, _)| scheme.register.as_deref()) {
            p { "Check it yourself: " a href=(place) rel="noreferrer" { (place) } }
        }
    };
    Ok(page(&app, &viewer, "Accreditation", body))
}

/// `GET /accreditations/schemes/{scheme}`
pub(crate) async fn scheme(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let (scheme, _) = store::schemes()?.find(&id).ok_or(Refusal::NotFound)?;
    let body = html! {
        p.quiet { a href="/accreditations" { "Accreditations" } " / " (scheme.id) }
        h1 { (scheme.title) }
        @match scheme.mode {
            Mode::Active => p { (chip(Tone::Calm, "in force")) " Accreditations are registered by it." },
            Mode::Reference => p { (chip(Tone::Idle, "reference")) " To read and compare: nothing is registered by it, and it \
                permits nothing." },
        }
        dl.facts {
            dt { "Issued by" } dd { (scheme.issuer) }
            dt { "Stands for" } dd { (scheme.years_max) " years at most" }
            @if !scheme.levels.is_empty() { dt { "Levels, best first" } dd { (scheme.levels.join(", ")) } }
            @if !scheme.scopes.is_empty() {
                dt { "Scopes" } dd { (scheme.scopes.iter().map(|scope| words(scope)).collect::<Vec<_>>().join(", ")) }
            }
            @if let Some(place) = &scheme.register { dt { "Looked up at" } dd { (place) } }
        }
        h2 { "What it permits" }
        @if scheme.permits.is_empty() { p { "No service, by itself." } }
        @else { ul { @for permit in &scheme.permits { li { (permit.to_string()) } } } }
        h2 { "Where it was read" }
        dl.facts { @for (name, text) in &scheme.source { dt { (words(name)) } dd { (text) } } }
        p { a href={ "/accreditations/schemes/" (scheme.id) "/scheme.toml" } { "The same as a file, as the program reads it" } }
    };
    Ok(page(&app, &viewer, &scheme.title, body))
}

/// `GET /accreditations/schemes/{scheme}/scheme.toml`
pub(crate) async fn scheme_file(Path(id): Path<String>) -> Result<impl IntoResponse, Refusal> {
    let (_, text) = store::schemes()?.find(&id).ok_or(Refusal::NotFound)?;
    Ok(([(CONTENT_TYPE, "application/toml; charset=utf-8")], text))
}

/// `GET /accreditations/export`: the public register.
pub(crate) async fn register_file(State(app): State<App>) -> Result<Response, Refusal> {
    let (now, rows) = (app.now(), app.read(store::public_register).await?);
    let head = [
        "id",
        "holder",
        "scheme",
        "level",
        "scopes",
        "issuer",
        "number",
        "from",
        "until",
        "stands",
        "looked_up",
    ];
    let mut out = csv_line(&head);
    for row in rows {
        let held = row.held;
        let cells = [
            row.id.to_string(),
            row.name,
            held.scheme.clone(),
            held.level.clone().unwrap_or_default(),
            held.scopes.join(" "),
            row.told.issuer,
            row.told.number,
            held.from.to_string(),
            held.until.to_string(),
            held.standing(now).name().to_owned(),
            held.checked.map(|(at, _)| at.to_string()).unwrap_or_default(),
        ];
        out.push_str(&csv_line(&cells));
    }
    Ok(list_file("accreditations", "csv", out))
}
