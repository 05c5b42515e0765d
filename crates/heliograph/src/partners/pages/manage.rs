//! The managers' desk: what waits, and one partner with what can be done next.

use super::credit;
use super::own::credits_of;
use super::own::{bytes, reasons_form};
use super::{forms, pieces, tables};
use crate::access::{self, Role, Viewer, holders};
use crate::accreditations;
use crate::app::App;
use crate::partners::rules::{ANNUAL, INITIAL, Life, ManagerAct, programmes};
use crate::partners::store::{self, Opened, Register, Row, Side, Which};
use crate::people::{self, Organisation};
use crate::refusal::Refusal;
use crate::web::{
    self, Asked, Expected, Fields, Shown, Tone, chip, choice, field, no_rows, onward, page, text_area, when,
};
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect};
use maud::{Markup, html};
use programme::{Mode, Service};
use vocabulary::PartnerId;

/// What the page of a partner offers to choose from: organisations, and who could assess.
struct Choices {
    organisations: Vec<Organisation>,
    assessors: Vec<(String, String)>,
}

fn choices(tx: &mut storage::Tx<'_>) -> Result<Choices, Refusal> {
    let names = access::account_names(tx)?;
    let mut ids = holders(tx, Role::ProgrammeManager)?;
    ids.extend(holders(tx, Role::Coordinator)?);
    let named = |id: &vocabulary::AccountId| {
        (id.to_string(), names.get(id.as_str()).cloned().unwrap_or_else(|| id.to_string()))
    };
    let mut assessors: Vec<(String, String)> = ids.iter().map(named).collect();
    assessors.sort_by(|one, other| one.1.cmp(&other.1));
    assessors.dedup();
    let mut organisations = people::organisations(tx)?;
    organisations.retain(|organisation| organisation.mandate.may_receive());
    Ok(Choices { organisations, assessors })
}

/// `GET /programme`
pub(crate) async fn programme(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let wanted = asked.page(&["show"])?;
    let words: Vec<(&str, Which)> = std::iter::once(("waiting", Which::Waiting))
        .chain(std::iter::once(("all", Which::All(None))))
        .chain(
            Life::ALL
                .iter()
                .filter(|(life, _)| *life != Life::Nothing)
                .map(|(life, name)| (*name, Which::All(Some(*life)))),
        )
        .collect();
    let which = asked.choice("show", &words)?.unwrap_or(Which::Waiting);
    let shown_word = words.iter().find(|(_, one)| *one == which).map_or("waiting", |(word, _)| *word);
    let query = which.clone();
    let (mut rows, choices) =
        app.read(move |tx| Ok((store::list(tx, &query, wanted)?, choices(tx)?))).await?;
    let more = wanted.cut(&mut rows);
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/programme?show={shown_word}&page={page}");
    let body = html! {
           h1 { "Partner programme" }
           p.row { @for (word, _) in &words {
               a href={ "/programme?show=" (word) } aria-current=[(*word == shown_word).then_some("true")] { (word) }
           } }
           @if rows.is_empty() {
               (no_rows(wanted, "Nothing here. Enquiries come from the public page of partners, applications from those whom you \
                   invite.", at))
           } @else { (table(&shown, &rows)) }
           (onward(wanted, more, "More", at))
           p { a href="/programme/scoreboard" { "Scoreboard" } " · " a href="/programme/calendar" { "Calendar" }
    }
           h2 { "Yearly review" }
           p.quiet { "Every partner in good standing or on probation is held against its programme, by its record." }
           form method="post" action="/programme/review" { div.actions { button.btn { "Review all partners now" } } }
           h2 { "Invite an organisation" }
           p.quiet { "One that has asked is invited on the page of its enquiry." }
           (invite_form("/programme/invite", &choices))
           details { summary { "Invite many, by a table" } (tables::form(Register::Partners, "", None)) }
           h2 { "Contacts" }
           p { a href="/programme/contacts/export" { "Contacts of all partners as a table" } ": they are opened for it, and \
               that stands in the read log." }
           details { summary { "Take contacts in, by a table" } (tables::form(Register::Contacts, "", None)) }
       };
    Ok(page(&app, &viewer, "Partner programme", body))
}

fn table(shown: &Shown, rows: &[Row]) -> Markup {
    html! {
        table {
            thead { tr { th { "Partner" } th { "Stands at" } th { "Since" } th { "Level" } th { "Valid until" } } }
            tbody { @for row in rows { tr {
                td { a href={ "/programme/" (row.id) } { @if row.name.is_empty() { "An enquiry" } @else { (row.name) } }
                    br; span.quiet { (row.id) } }
                td data-label="Stands at" { (pieces::life_chip(row.life))
                    @if row.appeal { " " (chip(Tone::Soon, "appeal waits")) } }
                td data-label="Since" { (when(shown, row.since)) }
                td data-label="Level" { (row.level.as_deref().unwrap_or("–")) }
                td data-label="Valid until" { @if let Some(until) = row.until { (when(shown, until)) } @else { "–" } }
            } } }
        }
    }
}

fn invite_form(place: &str, choices: &Choices) -> Markup {
    let active = programmes().iter().filter(|published| published.programme.mode == Mode::Active);
    let active: Vec<(&str, &str)> = active
        .map(|published| (published.programme.id.as_str(), published.programme.title.as_str()))
        .collect();
    let organisations: Vec<(&str, &str)> =
        choices.organisations.iter().map(|found| (found.id.as_str(), found.name.as_str())).collect();
    html! {
        form.narrow method="post" action=(place) {
            (choice("organisation", "Organisation", &organisations, ""))
            span.hint { "Those with a defensive mandate; add others on the page of organisations." }
            (choice("programme", "Programme", &active, ""))
            div.actions { button.btn.main { "Invite to apply" } }
        }
    }
}

/// Opens a partner for a manager.
pub(in crate::partners) async fn opened(app: &App, viewer: &Viewer, id: &str) -> Result<Opened, Refusal> {
    let id: PartnerId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (policies, who, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    access::open(app, viewer, &subject, "programme", move |w| {
        store::open(w, &policies, &who, Side::Manager, &id)
    })
    .await
}

/// `GET /programme/{id}`
pub(crate) async fn partner(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let opened = opened(&app, &viewer, &id).await?;
    let shown = Shown::of(&app);
    let (dates, organisation) = (shown.clone(), opened.partner.organisation.clone());
    let (choices, accredited) = app
        .read(move |tx| Ok((choices(tx)?, accreditations::shown_for(tx, &dates, organisation.as_ref())?)))
        .await?;
    let credits = credits_of(&app, &viewer, &opened, vocabulary::Page::FIRST).await?;
    let partner = &opened.partner;
    let level = partner.level.clone().unwrap_or_default();
    let title = if opened.name.is_empty() { "An enquiry" } else { &opened.name };
    let body = html! {
        p.quiet { a href="/programme" { "Partner programme" } " / " (opened.id) }
        h1 { (title) }
        p { (pieces::life_chip(partner.life)) @if partner.appeal.is_some() { " " (chip(Tone::Soon, "appeal waits")) } }
        div.cols {
            section {
                @if let Some(enquiry) = &opened.enquiry {
                    h2 { "Enquiry" }
                    p { (enquiry.organisation) ", " (enquiry.reach) } p.text.sheet { (enquiry.words) }
                }
                @if let Some(application) = &opened.application {
                    h2 { "Application for " (partner.wanted) }
                    (pieces::application(application, &format!("/programme/{}", opened.id)))
                }
                (marks(&opened))
                @if let Some(decision) = &partner.decision {
                    h2 { @if decision.admitted { "Admitted" } @else { "Not admitted" } }
                    (pieces::found_table(&partner.programme, INITIAL, &decision.found))
                }
                @if let Some(review) = &partner.review {
                    h2 { "Last review" }
                    p { (when(&shown, review.at)) ": " (review.outcome.words()) "." }
                    (pieces::found_table(&partner.programme, ANNUAL, &review.found))
                }
                (credit::section(&shown, partner, &credits, &level))
                (credit::alerts(&shown, &opened, true))
                (pieces::standing(&shown, partner, &opened.terms))
                h2 { "Declared" }
                (pieces::declarations(&shown, partner))
                @if partner.organisation.is_some() {
                    h2 { "Accreditations" }
                    (accredited)
                    p { a href="/desk/accreditations?show=all" { "The register" } }
                }
                @if !opened.contacts.is_empty() {
                    h2 { "Contacts" }
                    ul { @for contact in &opened.contacts { li { (contact.name) ", " (contact.role) ", " (contact.reach) ", " (contact.hours) } } }
                }
                h2 { "What happened" }
                (web::story(&shown, &opened.moments))
            }
            aside { (next_step(&opened, &choices)) @if partner.life.is_partner() { (credit::review_actions(&opened)) } }
        }
    };
    Ok(page(&app, &viewer, title, body))
}

fn marks(opened: &Opened) -> Markup {
    let partner = &opened.partner;
    html! {
        @if !partner.assessors.is_empty() {
            h2 { "Marks" }
            @if !partner.is_assessed() {
                p { (partner.marks.len()) " of 2 are in. They open once both are." }
            }
            @for (who, marks) in &opened.marks {
                h3 { (opened.names.get(who.as_str()).map_or("An assessor", String::as_str)) }
                (pieces::marks(marks))
            }
        }
    }
}

fn next_step(opened: &Opened, choices: &Choices) -> Markup {
    let (partner, place) = (&opened.partner, format!("/programme/{}", opened.id));
    let at = |act: &str| format!("{place}/{act}");
    html! {
        @if partner.appeal.is_some() { div.sheet { h2 { "The appeal" } (appeal_form(&at("appeal"), opened)) } }
        div.sheet {
            h2 { "Next step" }
            @match partner.life {
                Life::Enquiry => (invite_form(&at("invite"), choices)),
                Life::Invited => p { "None: it is invited, and may apply." },
                Life::Applied | Life::Assessing => (assessors_form(&at("assessors"), choices, partner.life)),
                Life::Assessed => (decision_form(&at("decide"))),
                Life::Admitted | Life::Offered => (contract_form(&at("contract"), partner.life)),
                Life::Contracted => {
                    p { "It has signed." }
                    form method="post" action=(at("activate")) { div.actions { button.btn.main { "Make it a partner" } } }
                }
                Life::Refused => p { "None: it may appeal, or apply again." },
                Life::Active => p { "None is due." },
                Life::Probation | Life::Suspended => (reasons_form(&at("reinstate"), "What was mended", "Reinstate")),
                Life::Nothing | Life::Ended => p { "None: it has ended." },
            }
            (further(partner.life, &at))
        }
    }
}

fn further(life: Life, at: &impl Fn(&str) -> String) -> Markup {
    html! {
        @if matches!(life, Life::Enquiry | Life::Invited) {
            details { summary { "Turn away" } (reasons_form(&at("turn-away"), "Reasons", "Turn away")) }
        }
        @if life == Life::Active {
            details { summary { "Put on probation" }
                form method="post" action=(at("warn")) {
                    (field("days", "Days to mend it", "At most 180", "60", true))
                    (text_area("reasons", "What is to be mended, and why", "The partner reads it", "", true))
                    div.actions { button.btn { "Put on probation" } }
                } }
        }
        @if matches!(life, Life::Active | Life::Probation) {
            details { summary { "Revoke its certificate" } (reasons_form(&at("revoke"), "Reasons", "Revoke it")) }
            details { summary { "Suspend" } (reasons_form(&at("suspend"), "Reasons", "Suspend")) }
        }
        @if !matches!(life, Life::Ended | Life::Nothing | Life::Enquiry | Life::Invited) {
            details { summary { "End it" } (reasons_form(&at("end"), "Reasons", "End it")) }
        }
    }
}

fn assessors_form(place: &str, choices: &Choices, life: Life) -> Markup {
    let mut options = vec![(String::new(), "choose".to_owned())];
    options.extend(choices.assessors.iter().cloned());
    html! {
        @if life == Life::Assessing { p { "Two assessors are at work. Name others to replace one who does not answer." } }
        form method="post" action=(place) {
            @for number in ["First", "Second"] {
                label { (number) " assessor"
                    select name="assessors" { @for (id, name) in &options { option value=(id) { (name) } } } }
            }
            div.actions { button.btn.main { "Name these two" } }
        }
    }
}

fn decision_form(place: &str) -> Markup {
    html! {
        p { "Both marks are in. The level follows from the criteria; the lower of two findings counts." }
        form method="post" action=(place) {
            (choice("admit", "Admit it?", &[("", "choose"), ("yes", "yes, at the level that the criteria give"), ("no", "no")], ""))
            (text_area("reasons", "Reasons", "The applicant reads them, and may appeal", "", true))
            div.actions { button.btn.main { "Decide" } }
        }
    }
}

fn appeal_form(place: &str, opened: &Opened) -> Markup {
    let programme = crate::partners::rules::programme(&opened.partner.programme);
    let levels = programme.map(|published| published.programme.levels.clone()).unwrap_or_default();
    let mut options = vec![(String::new(), "none: rejected".to_owned())];
    options.extend(levels.into_iter().map(|level| (level.clone(), level)));
    html! {
        p { "Its reasons stand below, in what happened. Whoever assessed or decided before does not decide it." }
        form method="post" action=(place) {
            (choice("uphold", "Is it right?", &[("", "choose"), ("yes", "yes, upheld"), ("no", "no, rejected")], ""))
            (choice("level", "Level, if upheld", &options, ""))
            (text_area("reasons", "Reasons of the decision", "The partner reads them", "", true))
            div.actions { button.btn.main { "Decide the appeal" } }
        }
    }
}

fn contract_form(place: &str, life: Life) -> Markup {
    html! {
        @if life == Life::Offered { p { "A contract waits for its signature. Offering another takes its place." } }
        form method="post" action=(place) {
            fieldset { legend { "Services" }
                @for (_, name, words) in Service::ALL {
                    label.inline { input type="checkbox" name="services" value=(name); (words) }
                }
            }
            (field("hours", "Hours a year", "A request beyond them can be declined like any other", "40", true))
            (text_area("terms", "Terms", "Who is liable, who sees what, fees, response times", "", true))
            div.actions { button.btn.main { "Offer this contract" } }
        }
    }
}

/// `POST /programme/invite`
pub(crate) async fn approach(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let (by, prefix) = (viewer.person()?.id.clone(), app.settings.prefix.clone());
    let act = forms::manager("invite", &fields)?;
    let id = app.ledger.submit(move |w| store::approach(w, &by, &act, &prefix)).await?;
    Ok(Redirect::to(&format!("/programme/{id}")))
}

/// `POST /programme/review`
pub(crate) async fn review(State(app): State<App>, viewer: Viewer) -> Result<Redirect, Refusal> {
    let by = viewer.person()?.id.clone();
    app.ledger.submit(move |w| store::review_all(w, &by)).await?;
    Ok(Redirect::to("/programme?show=all"))
}

/// `POST /programme/{id}/{act}`
pub(crate) async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, act)): Path<(String, String)>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let id: PartnerId = id.parse().map_err(|_| Refusal::NotFound)?;
    let act: ManagerAct = forms::manager(&act, &fields)?;
    store::manage(&app, &viewer, id.clone(), Expected(None), act).await?;
    Ok(Redirect::to(&format!("/programme/{id}")))
}

/// `GET /programme/{id}/evidence/{which}`
pub(crate) async fn evidence(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, which)): Path<(String, String)>,
) -> Result<impl IntoResponse, Refusal> {
    let id: PartnerId = id.parse().map_err(|_| Refusal::NotFound)?;
    bytes(&app, &viewer, Side::Manager, id, &which).await
}

/// `GET /assessments/{id}/evidence/{which}`
pub(crate) async fn assessed_evidence(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, which)): Path<(String, String)>,
) -> Result<impl IntoResponse, Refusal> {
    let id: PartnerId = id.parse().map_err(|_| Refusal::NotFound)?;
    bytes(&app, &viewer, Side::Assessor, id, &which).await
}
