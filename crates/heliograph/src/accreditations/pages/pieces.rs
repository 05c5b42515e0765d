//! Pieces that several pages share.

use crate::accreditations::rules::{self, Held, Holder, Standing};
use crate::accreditations::store::{self, Opened, Row};
use crate::refusal::Refusal;
use crate::web::{self, Shown, Tone, chip, date_input, field, instant, when};
use jiff::Timestamp;
use maud::{Markup, html};
use programme::{Mode, Scheme, Schemes};
use storage::Tx;
use vocabulary::OrganisationId;

/// `penetration_testing` is "penetration testing".
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// Whether it holds, in a word with its colour, and how soon it ends where that is soon.
pub(super) fn standing_chip(held: &Held, now: Timestamp) -> Markup {
    let standing = held.standing(now);
    let tone = match standing {
        Standing::Holds => Tone::Calm,
        Standing::Unchecked | Standing::NotYet => Tone::Idle,
        Standing::Lapsed | Standing::Withdrawn | Standing::InDoubt => Tone::Soon,
    };
    let ending = rules::schemes().and_then(|schemes| rules::alert(schemes, held, now));
    html! {
        (chip(tone, standing.words()))
        @if let Some(days) = ending { " " (chip(Tone::Soon, format!("ends within {days} days"))) }
    }
}

pub(super) fn title(schemes: &Schemes, id: &str) -> String {
    schemes.find(id).map_or_else(|| id.to_owned(), |(scheme, _)| scheme.title.clone())
}

/// Scheme, level and scopes.
pub(super) fn what(schemes: &Schemes, held: &Held) -> Markup {
    html! {
        a href={ "/accreditations/schemes/" (held.scheme) } { (title(schemes, &held.scheme)) }
        @if let Some(level) = &held.level { ", " (level) }
        @if !held.scopes.is_empty() {
            br; span.quiet { (held.scopes.iter().map(|scope| words(scope)).collect::<Vec<_>>().join(", ")) }
        }
    }
}

/// A table of accreditations, each leading to its page under `place`.
pub(super) fn table(shown: &Shown, schemes: &Schemes, rows: &[Row], place: &str) -> Markup {
    html! {
        table {
            thead { tr { th { "Holder" } th { "Accreditation" } th { "Issued by" } th { "Number" } th { "Until" } th { "Stands" } } }
            tbody { @for row in rows { tr {
                td { a href={ (place) "/" (row.id) } { (row.name) }
                    @if matches!(row.holder, Holder::Account(_)) { br; span.quiet { "a person" } } }
                td data-label="Accreditation" { (what(schemes, &row.held)) }
                td data-label="Issued by" { @if row.told.issuer.is_empty() { (chip(Tone::Seal, "sealed")) } @else { (row.told.issuer) } }
                td data-label="Number" { @if row.told.number.is_empty() { (chip(Tone::Seal, "sealed")) } @else { (row.told.number) } }
                td data-label="Until" { (when(shown, row.held.until)) }
                td data-label="Stands" { (standing_chip(&row.held, shown.now)) }
            } } }
        }
    }
}

/// What an accreditation permits, and why it does not now.
pub(super) fn permits(schemes: &Schemes, held: &Held, now: Timestamp) -> Markup {
    let Some((scheme, _)) = schemes.find(&held.scheme) else { return html! {} };
    let permitted = programme::Service::ALL
        .iter()
        .filter(|(service, ..)| scheme.permits(*service, held.level.as_deref(), &held.scopes));
    let permitted: Vec<&str> = permitted.map(|(.., words)| *words).collect();
    html! {
        @if scheme.mode == Mode::Reference || permitted.is_empty() {
            p { "It permits no service here by itself." }
        } @else {
            p { @if held.standing(now) == Standing::Holds { "It permits: " } @else { "It would permit, if it held: " }
                (permitted.join(", ")) "." }
        }
    }
}

/// What its holder and its keeper see of one.
pub(super) fn opened(shown: &Shown, schemes: &Schemes, opened: &Opened, place: &str) -> Markup {
    let held = &opened.state.held;
    html! {
        h1 { (opened.name) }
        p.lead { (what(schemes, held)) }
        p { (standing_chip(held, shown.now)) " "
            @if opened.state.is_public() { (chip(Tone::Idle, "in the public register once it was looked up")) }
            @else { (chip(Tone::Seal, "not in the public register")) } }
        (times(shown, held))
        dl.facts {
            dt { "Issued by" } dd { (opened.told.issuer) }
            dt { "Number" } dd { (opened.told.number) }
            dt { "Registered" } dd { (instant(shown, opened.state.registered)) }
            dt { "Looked up" } dd { @match held.checked {
                Some((at, found)) => { (when(shown, at)) ": " (found.words()) }
                None => "nobody has looked it up yet: it permits nothing",
            } }
            @if let Some(at) = held.withdrawn { dt { "Withdrawn" } dd { (instant(shown, at)) } }
        }
        (permits(schemes, held, shown.now))
        h2 { "Evidence" }
        @if opened.files.is_empty() { p.quiet { "No file came along." } }
        @else { ul { @for (number, name) in opened.files.iter().enumerate() {
            li { a href={ (place) "/evidence/" (number) } { (name) } }
        } } }
        h2 { "What happened" }
        (web::story(shown, &opened.moments))
    }
}

/// From its beginning to its end, with the present. The words under it say the same.
pub(super) fn times(shown: &Shown, held: &Held) -> Markup {
    const WIDTH: f64 = 400.0;
    let whole = held.until.duration_since(held.from).as_secs_f64().max(1.0);
    let gone = shown.now.duration_since(held.from).as_secs_f64() / whole;
    let now = (gone.clamp(0.0, 1.0) * WIDTH).round();
    html! {
        svg.bar viewBox="0 0 424 20" role="img" aria-label={ (title_of(gone)) } {
            rect.track x="0" y="5" width=(WIDTH) height="10" rx="5" {}
            @if now > 0.0 { rect.have x="0" y="5" width=(now.max(4.0)) height="10" rx="5" {} }
            @if gone < 1.0 { line.mark x1=(now) x2=(now) y1="1" y2="19" {} }
        }
        p.quiet { "From " (instant(shown, held.from)) " until " (when(shown, held.until)) "." }
    }
}

fn title_of(gone: f64) -> String {
    match gone {
        gone if gone < 0.0 => "its time has not begun".to_owned(),
        gone if gone >= 1.0 => "its time is over".to_owned(),
        gone => format!("{:.0} % of its time is over", gone * 100.0),
    }
}

/// Inputs of what is registered; who holds it is asked before.
pub(super) fn inputs(schemes: &Schemes, zone: &str) -> Markup {
    let active: Vec<&Scheme> = schemes.all().filter(|scheme| scheme.mode == Mode::Active).collect();
    let options: Vec<(&str, &str)> = std::iter::once(("", "choose"))
        .chain(active.iter().map(|scheme| (scheme.id.as_str(), scheme.title.as_str())))
        .collect();
    let levels: Vec<(&str, String)> = std::iter::once(("", "none".to_owned()))
        .chain(active.iter().flat_map(|scheme| {
            scheme.levels.iter().map(|level| (level.as_str(), format!("{level} ({})", scheme.title)))
        }))
        .collect();
    html! {
        (web::choice("scheme", "Scheme", &options, ""))
        (web::choice("level", "Level, where the scheme has levels", &levels, ""))
        fieldset { legend { "Scope, where the scheme has scopes" }
            @for scheme in &active { @for scope in &scheme.scopes {
                label.inline { input type="checkbox" name="scopes" value=(scope); (words(scope)) " " span.quiet { (scheme.title) } }
            } }
        }
        (field("issuer", "Issued by", "", "", true))
        (field("number", "Number", "As it stands on the paper", "", true))
        (date_input("from", "Valid from", "", "", zone))
        (date_input("until", "Valid until", "", "", zone))
        label for="files" { "Evidence" span.quiet { "Up to 10 files of 10 MiB; they are sealed" } }
        input type="file" id="files" name="files" multiple;
    }
}

/// An organisation's accreditations, for the pages of those who may see them: its own, and its keepers'.
///
/// # Errors
/// If they cannot be read.
pub(crate) fn standing_of(
    tx: &mut Tx<'_>,
    shown: &Shown,
    organisation: Option<&OrganisationId>,
) -> Result<Markup, Refusal> {
    let rows = organisation.map(|id| store::of_organisation(tx, id)).transpose()?.unwrap_or_default();
    let schemes = store::schemes()?;
    Ok(html! {
        @if rows.is_empty() { p.quiet { "None is registered." } }
        @else { ul { @for row in &rows { li {
            (what(schemes, &row.held)) " until " (when(shown, row.held.until)) " " (standing_chip(&row.held, shown.now))
        } } } }
    })
}
