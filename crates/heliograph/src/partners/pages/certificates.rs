//! Certificates, for whoever wants to check one: a page with a code for telephones, and the signed token.

use crate::access::Viewer;
use crate::app::App;
use crate::partners::rules::{self, Certificate, Issuer, Validity};
use crate::partners::store;
use crate::refusal::Refusal;
use crate::web::{Shown, Tone, chip, instant, page};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use maud::{Markup, html};
use serde_json::{Value, json};

pub(in crate::partners) fn issuer(app: &App) -> Issuer<'_> {
    Issuer { base: &app.settings.base_url, name: &app.settings.name }
}

/// The seed of the key that certificates are signed with: it follows from the master key, and no other
/// use of that key gives it.
pub(in crate::partners) fn seed(app: &App) -> [u8; 32] {
    app.ledger.keys().derive("partner certificates", b"ed25519")
}

pub(in crate::partners) async fn found(app: &App, serial: &str) -> Result<Certificate, Refusal> {
    let serial = serial.to_owned();
    app.read(move |tx| store::certificate(tx, &serial)).await
}

/// `GET /certificates/{serial}`
pub(crate) async fn certificate(
    State(app): State<App>,
    viewer: Viewer,
    Path(serial): Path<String>,
) -> Result<Html<String>, Refusal> {
    let certificate = found(&app, &serial).await?;
    let (shown, place) = (Shown::of(&app), format!("/certificates/{}", certificate.serial));
    let address = format!("{}{place}", app.settings.base_url.trim_end_matches('/'));
    let body = html! {
        p.quiet { a href="/partners" { "Partners" } " / certificate " (certificate.serial) }
        h1 { (certificate.organisation) }
        p.lead { (validity_chip(&certificate, &shown)) " " (certificate.level) " of "
            a href={ "/programmes/" (certificate.programme) } { (certificate.programme) } }
        div.cols {
            section {
                dl.facts {
                    dt { "Issued" } dd { (instant(&shown, certificate.issued)) " by " (app.settings.name) }
                    dt { "Until" } dd { (instant(&shown, certificate.until)) }
                    @if let Some(at) = certificate.revoked { dt { "Revoked" } dd { (instant(&shown, at)) } }
                    dt { "Partner" } dd { (certificate.partner) }
                }
                p { "A level says what a partner was found to do. It says nothing of what it may read." }
                h2 { "Check it yourself" }
                p { a href={ (place) "/credential.jwt" } { "The credential" } ", an Open Badges 3.0 credential signed as a token; "
                    a href="/certificates/key" { "the key" } "; " a href="/certificates/revoked.json" { "what was revoked" } "." }
            }
            aside { div.sheet { (code(&address)?) p.quiet { (address) } } }
        }
    };
    Ok(page(&app, &viewer, "Certificate", body))
}

fn validity_chip(certificate: &Certificate, shown: &Shown) -> Markup {
    let validity = certificate.validity(shown.now);
    let tone = if validity == Validity::Valid { Tone::Calm } else { Tone::Soon };
    chip(tone, validity.name())
}

/// A QR code of an address. It is dark on light in every scheme, or no camera reads it.
pub(in crate::partners) fn code(text: &str) -> Result<Markup, Refusal> {
    let code = qrcode::QrCode::new(text).map_err(|error| Refusal::Internal(error.to_string()))?;
    let (width, border) = (code.width(), 4);
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == qrcode::Color::Dark);
    let path: String =
        dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + border, at / width + border)).collect();
    let size = width + 2 * border;
    Ok(html! {
        svg.qr viewBox={ "0 0 " (size) " " (size) } role="img" aria-label={ "A code that leads to " (text) } {
            rect width=(size) height=(size) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    })
}

/// `GET /certificates/{serial}/credential.jwt`
pub(crate) async fn credential(
    State(app): State<App>,
    Path(serial): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let certificate = found(&app, &serial).await?;
    let token = rules::token(&certificate, issuer(&app), &seed(&app));
    Ok(([(CONTENT_TYPE, "application/vc+jwt")], token))
}

/// `GET /certificates/key`
pub(crate) async fn key(State(app): State<App>) -> Json<Value> {
    Json(rules::public_key(issuer(&app), &seed(&app)))
}

/// `GET /certificates/revoked.json`: as Open Badges 3.0 describes its revocation list.
pub(crate) async fn revoked(State(app): State<App>) -> Result<Json<Value>, Refusal> {
    let serials = app.read(store::revoked).await?;
    let base = app.settings.base_url.trim_end_matches('/');
    let all: Vec<Value> =
        serials.iter().map(|serial| json!({ "id": format!("{base}/certificates/{serial}") })).collect();
    Ok(Json(json!({
        "id": format!("{base}/certificates/revoked.json"),
        "issuer": format!("{base}/certificates/key"),
        "revokedCredential": all,
    })))
}
