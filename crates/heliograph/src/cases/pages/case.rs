//! The case: embargo, next step, who is silent, and all that happened, for each kind of viewer.

use super::grade;
use super::load::{self, View};
use crate::access::{self, Permission, Resource, Viewer, reads as read_log};
use crate::app::App;
use crate::cases::rules::{Affectedness, Case, Party, Statement};
use crate::cases::store;
use crate::deadlines::{self, Point};
use crate::people;
use crate::refusal::Refusal;
use crate::reports;
use crate::web::{
    Shown, Tone, chip, choice, date_input, field, instant, page, severity_chip, text_area, timeline,
};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use cvd::cs::VendorFix;
use cvd::em::EmbargoState;
use cvd::embargo::KeepReason;
use cvd::interaction::{EndCause, Force};
use cvd::pec::Consent;
use cvd::rm::{ReportMove, ReportState};
use maud::{Markup, html};
use std::collections::HashMap;
use vocabulary::{CaseId, Page, ReportId, distance};

/// `GET /case/{id}`
pub(crate) async fn case(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let wanted = id.clone();
    let found = app.read(move |tx| store::find(tx, &wanted)).await?.state;
    let resource = store::resource(&id, &found);
    let shown = Shown::of(&app);
    if !app.policies.allows(&viewer, Permission::ViewCase, &resource) {
        // An invited vendor sees the terms, and nothing of the case.
        app.policies.check(&viewer, Permission::ParticipateInCase, &resource)?;
        let body = invitation(&shown, &id, &found, &load::party(&viewer)?);
        return Ok(page(&app, &viewer, &found.code_name, body));
    }
    let view = opened(&app, &viewer, &id, &shown).await?;
    let vendors = match view.me {
        Party::Centre => app.read(people::organisations).await?,
        _ => Vec::new(),
    };
    let body = case_page(&shown, &view, &vendors);
    Ok(page(&app, &viewer, &view.case.code_name, body))
}

async fn opened(app: &App, viewer: &Viewer, id: &CaseId, shown: &Shown) -> Result<View, Refusal> {
    let (policies, seen, wanted, shown) = (app.policies.clone(), viewer.clone(), id.clone(), shown.clone());
    let subject = id.to_string();
    access::open(app, viewer, &subject, "work on the case", move |w| {
        load::open(w, &policies, &seen, &wanted, &shown)
    })
    .await
}

/// `GET /my/case`: the case of a report, for its reporter.
pub(crate) async fn my_case(State(app): State<App>, viewer: Viewer) -> Result<Html<String>, Refusal> {
    let Viewer::Reporter(report) = &viewer else { return Err(Refusal::NotFound) };
    let report = report.clone();
    let id = app.read(move |tx| reports::received(tx, &report)?.state.case.ok_or(Refusal::NotFound)).await?;
    let shown = Shown::of(&app);
    let view = opened(&app, &viewer, &id, &shown).await?;
    let body = html! {
        p.quiet { a href="/my" { "Your report" } " / " (view.id) }
        h1 { (view.case.code_name) " " (tlp(&view.case)) }
        (status_line(&shown, &view))
        (picture(&shown, &view))
        div.cols {
            section { h2 { "What happened" } (timeline(&shown, &view.moments)) }
            aside {
                div.sheet {
                    h2 { "Write" }
                    form method="post" action="/my/case/message" {
                        (choice("to", "To", &[("centre", "the centre"), ("everyone", "everyone in the case")], "centre"))
                        (text_area("message", "Message", "", "", true))
                        div.actions { button.btn.main { "Send" } }
                    }
                }
                div.sheet {
                    h2 { "Propose another end of the embargo" }
                    form method="post" action="/my/case/propose" {
                        (date_input("end", "Its end", "Day, hour and zone", "", &shown.zone))
                        div.actions { button.btn { "Propose" } }
                    }
                }
                details {
                    summary { "Leave the case" }
                    p { "You may leave at any time and for any reason. Nothing ends for the others." }
                    form method="post" action="/my/case/leave" { button.btn { "Leave" } }
                }
            }
        }
    };
    Ok(page(&app, &viewer, &view.case.code_name, body))
}

/// FIRST TLP 2.0: amber before publication, clear after it.
fn tlp(case: &Case) -> Markup {
    html! {
        @if case.published.is_some() { span.tlp.clear { "TLP:CLEAR" } } @else { span.tlp.amber { "TLP:AMBER" } }
    }
}

fn embargo_chip(shown: &Shown, case: &Case) -> Markup {
    match (case.embargo.state(), case.embargo.end()) {
        (EmbargoState::Active, Some(end)) => chip(Tone::Seal, format!("embargo to {}", shown.date(end))),
        (EmbargoState::Revise, Some(end)) => {
            chip(Tone::Seal, format!("embargo to {}, a new end is proposed", shown.date(end)))
        }
        (EmbargoState::Proposed, _) => chip(Tone::Seal, "embargo proposed"),
        (EmbargoState::Exited, _) => chip(Tone::Idle, "embargo over"),
        _ => chip(Tone::Idle, "no embargo"),
    }
}

fn status_line(shown: &Shown, view: &View) -> Markup {
    let case = &view.case;
    let answered = case.vendors.values().filter(|vendor| vendor.statement.is_some()).count();
    html! {
        p.row {
            (embargo_chip(shown, case))
            @if case.attacks { (chip(Tone::Late, "attacks seen")) }
            @if case.exploit_public { (chip(Tone::Late, "exploit public")) }
            @if case.public { (chip(Tone::Idle, "public")) }
            @if case.closed { (chip(Tone::Idle, "closed")) }
            @if view.me == Party::Centre && !case.vendors.is_empty() {
                (chip(Tone::Idle, format!("{answered} of {} vendors answered", case.vendors.len())))
            }
            @if let Some(cause) = case.embargo.decision_due() {
                (chip(Tone::Soon, format!("decide: {}", cause.label())))
            }
        }
    }
}

fn picture(shown: &Shown, view: &View) -> Markup {
    let case = &view.case;
    let dot = |words: &str, at| Point { words: words.into(), at, class: "dot" };
    let mut points = vec![dot("opened", case.opened)];
    points.extend(
        case.vendors.values().filter_map(|vendor| vendor.told).min().map(|at| dot("vendor told", at)),
    );
    points.extend(case.published.map(|(_, at)| Point { words: "published".into(), at, class: "met" }));
    points.extend(case.embargo.end().map(|at| Point { words: "embargo ends".into(), at, class: "end" }));
    deadlines::picture(shown, &view.clocks, points)
}

fn case_page(shown: &Shown, view: &View, vendors: &[people::Organisation]) -> Markup {
    let list = if view.me == Party::Centre { ("/desk", "Desk") } else { ("/vendor", "Your cases") };
    let title = view.texts.values().next().map_or("", |text| text.product.as_str());
    html! {
        p.quiet { a href=(list.0) { (list.1) } " / " (view.id) }
        h1 { (view.case.code_name) " " (tlp(&view.case)) }
        p.quiet { (title) }
        (status_line(shown, view))
        (picture(shown, view))
        div.cols {
            section {
                @if view.me == Party::Centre { (vendor_table(shown, view)) }
                h2 { "Clocks" }
                @if view.clocks.is_empty() { p.quiet { "No clock runs." } }
                @else { (deadlines::pages::clock_table(shown, &view.clocks, &view.names, false, view.me == Party::Centre)) }
                (texts(view))
                h2 { "What happened" }
                (timeline(shown, &view.moments))
            }
            aside {
                @match view.me {
                    Party::Centre => (centre_actions(shown, view, vendors)),
                    _ => (vendor_actions(shown, view)),
                }
                (side(view))
            }
        }
    }
}

fn consent_chip(consent: Consent) -> Markup {
    match consent {
        Consent::Signatory => chip(Tone::Calm, "signed"),
        Consent::Lapsed => chip(Tone::Soon, "consent lapsed by revision"),
        Consent::Declined => chip(Tone::Soon, "declined"),
        Consent::Invited => chip(Tone::Idle, "invited"),
        Consent::NoEmbargo => chip(Tone::Idle, "no embargo"),
    }
}

fn vendor_table(shown: &Shown, view: &View) -> Markup {
    html! {
        h2 { "Vendors" }
        @if view.case.vendors.is_empty() { p { "No vendor is invited yet. The vendor comes first: invite it now." } }
        @else {
            table {
                thead { tr { th { "Vendor" } th { "Embargo" } th { "Report" } th { "Fix" } th { "Versions" } th { "Last heard" } } }
                tbody {
                    @for (id, vendor) in &view.case.vendors {
                        tr {
                            td { (view.names.get(id.as_str()).map_or("a vendor", String::as_str)) }
                            td data-label="Embargo" {
                                @if vendor.left { (chip(Tone::Idle, "left")) } @else { (consent_chip(view.case.consent(id))) }
                            }
                            td data-label="Report" { (vendor.rm.label()) }
                            td data-label="Fix" { (vendor.fix.label()) }
                            td data-label="Versions" { @match view.statements.get(id) {
                                Some(statement) => (statement_markup(statement)),
                                None => { span.quiet { "no statement" } }
                            } }
                            td.num data-label="Last heard" { @match vendor.last_heard {
                                Some(at) => { (distance(at, shown.now)) " ago" }
                                None => (chip(Tone::Late, format!("silent {}", distance(vendor.invited, shown.now)))),
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn statement_markup(statement: &Statement) -> Markup {
    html! {
        @for row in &statement.products {
            div { (row.product) " "
                @if !row.from.is_empty() { "from " (row.from) " " }
                @if !row.before.is_empty() { "before " (row.before) " " }
                (chip(if row.status == Affectedness::Affected { Tone::Soon } else { Tone::Calm }, row.status.name().replace('_', " ")))
            }
        }
        @if !statement.text.is_empty() { div.text { (statement.text) } }
    }
}

fn texts(view: &View) -> Markup {
    html! {
        @for (id, text) in &view.texts {
            h2 { "Report " @if view.me == Party::Centre { a href={ "/desk/report/" (id) } { (id) } } }
            (reports::pages::text_markup(text))
            @if view.me != Party::Centre {
                p { a href={ "/case/" (view.id) "/exploit/" (id) } { "Proof of concept, if there is one" } }
            }
        }
    }
}

fn side(view: &View) -> Markup {
    html! {
        div.sheet {
            h2 { "Severity" }
            p { (severity_chip(view.case.tenths)) }
            @for vector in &view.case.vectors { p.code { (vector) } }
            @if let Some(record) = &view.case.triage { p { "SSVC: " (record.outcome.value) } p.quiet { (record.table) } }
        }
        div.sheet {
            h2 { "Advisory" }
            p { a href={ "/case/" (view.id) "/advisory" } { "The draft and its revisions" } }
        }
        div.sheet {
            h2 { "Who has read this" }
            p { a href={ "/case/" (view.id) "/reads" } { "Read log" } }
        }
    }
}

fn centre_actions(shown: &Shown, view: &View, vendors: &[people::Organisation]) -> Markup {
    let place = format!("/case/{}", view.id);
    let known = &view.case.vendors;
    let free: Vec<_> = vendors
        .iter()
        .filter(|vendor| vendor.mandate.may_receive() && !known.contains_key(&vendor.id))
        .collect();
    html! {
        div.sheet {
            h2 { "Your next step" }
            @if known.is_empty() { (invite_form(&place, &free)) }
            @else if view.case.tenths.is_none() { p { "Grade the case." } (grade::draw(&place, &view.case)) }
            @else { p { a.btn.main href={ (place) "/advisory" } { "Write the advisory" } } }
        }
        details { summary { "Write a message" } (message_form(&place, view)) }
        @if !known.is_empty() {
            details { summary { "Invite vendors" } (invite_form(&place, &free)) }
            @if view.case.tenths.is_some() { details { summary { "Grade again" } (grade::draw(&place, &view.case)) } }
        }
        details open[view.case.embargo.decision_due().is_some()] { summary { "Embargo" } (embargo_forms(shown, &place, &view.case)) }
        details { summary { "It became public, or attacks were seen" } (state_form(shown, &place)) }
        @if !view.case.closed {
            details { summary { "Close the case" }
                form method="post" action={ (place) "/close" } { p { "Nothing more can be added afterwards." } button.btn { "Close" } }
            }
        } @else if !view.case.erased {
            details { summary { "Erase the case" }
                form method="post" action={ (place) "/erase" } {
                    p { "The keys of the case and its reports are destroyed: their texts are gone for good, the log \
                        stays whole. Erasure is complete when the last backup of the keys is gone." }
                    button.btn { "Erase" }
                }
            }
        }
    }
}

fn invite_form(place: &str, free: &[&people::Organisation]) -> Markup {
    html! {
        @if free.is_empty() { p { "Every organisation with a defensive mandate is here. "
            a href="/organisations" { "Add another" } } }
        @else {
            form method="post" action={ (place) "/invite" } {
                fieldset {
                    legend { "Invite vendors" }
                    @for vendor in free {
                        label.inline { input type="checkbox" name="vendor" value=(vendor.id); (vendor.name) }
                    }
                }
                div.actions { button.btn.main { "Invite" } }
            }
        }
    }
}

fn message_form(place: &str, view: &View) -> Markup {
    let mut options = vec![("everyone".to_owned(), "everyone in the case".to_owned())];
    if view.me == Party::Centre {
        let vendor =
            |id: &vocabulary::OrganisationId| view.names.get(id.as_str()).cloned().unwrap_or_default();
        options.extend(view.case.vendors.keys().map(|id| (id.to_string(), vendor(id))));
        options.extend(view.case.reports.iter().map(|id| (id.to_string(), format!("the reporter of {id}"))));
    } else {
        options.insert(0, ("centre".into(), "the centre".into()));
    }
    let options: Vec<(&str, &str)> =
        options.iter().map(|(value, word)| (value.as_str(), word.as_str())).collect();
    html! {
        form method="post" action={ (place) "/message" } {
            (choice("to", "To", &options, ""))
            (text_area("message", "Message", "", "", true))
            div.actions { button.btn.main { "Send" } }
        }
    }
}

fn embargo_forms(shown: &Shown, place: &str, case: &Case) -> Markup {
    html! {
        @if let Some(cause) = case.embargo.decision_due() {
            p { "The embargo should end: " (cause.label()) ". A person decides, with a reason." }
            form method="post" action={ (place) "/embargo" } {
                input type="hidden" name="do" value="keep";
                (choice("reason", "Keep it because", &words(KeepReason::ALL, KeepReason::label), ""))
                div.actions { button.btn { "Keep it" } }
            }
        }
        @for proposal in case.embargo.proposals().iter().filter(|proposal| proposal.by.0 != "centre") {
            p { "Proposed: to end " (instant(shown, proposal.end)) }
            form.row method="post" action={ (place) "/embargo" } {
                button.btn.main name="do" value="revision-accept" { "Accept" }
                button.btn name="do" value="revision-decline" { "Decline" }
            }
        }
        form method="post" action={ (place) "/propose" } {
            (date_input("end", "Propose an end", "At most 180 days in all", "", &shown.zone))
            div.actions { button.btn { "Propose" } }
        }
        @if case.embargo.state().in_force() {
            @let causes: Vec<EndCause> = EndCause::ALL.iter().copied().filter(|cause| cause.force() != Force::Shall).collect();
            form method="post" action={ (place) "/embargo" } {
                input type="hidden" name="do" value="end";
                (choice("cause", "End it early because", &words(&causes, EndCause::label), ""))
                div.actions { button.btn { "End the embargo" } }
            }
        }
    }
}

/// The words of a machine as options: the value as events write it, the label as pages show it.
fn words<T: Copy + serde::Serialize>(
    all: &[T],
    label: fn(T) -> &'static str,
) -> Vec<(&'static str, &'static str)> {
    let value = |item: T| serde_json::to_value(item).ok()?.as_str().map(str::to_owned);
    // The few distinct words live as long as the program; each is leaked at most once a start.
    all.iter().filter_map(|item| Some((intern(value(*item)?), label(*item)))).collect()
}

fn intern(word: String) -> &'static str {
    use std::collections::BTreeSet;
    use std::sync::{LazyLock, Mutex};
    static WORDS: LazyLock<Mutex<BTreeSet<&'static str>>> = LazyLock::new(Mutex::default);
    let Ok(mut words) = WORDS.lock() else { return "" };
    if let Some(known) = words.get(word.as_str()) {
        return known;
    }
    let leaked: &'static str = Box::leak(word.into_boxed_str());
    words.insert(leaked);
    leaked
}

fn state_form(shown: &Shown, place: &str) -> Markup {
    let events = [
        ("public_aware", "the flaw is public"),
        ("exploit_public", "an exploit is public"),
        ("attacks_observed", "attacks were seen"),
    ];
    html! {
        form method="post" action={ (place) "/state" } {
            (choice("event", "What is known", &events, ""))
            (date_input("at", "Since when", "Leave it empty for now", "", &shown.zone))
            (text_area("evidence", "How it is known", "Sealed; only the centre reads it", "", false))
            div.actions { button.btn { "Record" } }
        }
    }
}

fn invitation(shown: &Shown, id: &CaseId, case: &Case, me: &Party) -> Markup {
    let consent = match me {
        Party::Vendor(vendor) => case.consent(vendor),
        _ => Consent::NoEmbargo,
    };
    html! {
        p.quiet { a href="/vendor" { "Your cases" } " / " (id) }
        h1 { (case.code_name) " " (tlp(case)) }
        p { (embargo_chip(shown, case)) " " (consent_chip(consent)) }
        div.narrow {
            p.lead { "A vulnerability that may concern your products was reported to us. The report is sealed; it opens \
                when you agree to keep it until the embargo ends." }
            @if let Some(end) = case.embargo.end() {
                p { "The embargo ends " b { (instant(shown, end)) } " (in " (distance(shown.now, end)) "). \
                    You may propose another end, and you may leave at any time. Information is for defensive \
                    purposes only: to mitigate or remediate." }
            }
            form.row method="post" action={ "/case/" (id) "/terms" } {
                button.btn.main name="answer" value="accept" { "Accept the embargo and open the report" }
                @if consent != Consent::Declined { button.btn name="answer" value="decline" { "Decline" } }
            }
        }
    }
}

fn vendor_actions(shown: &Shown, view: &View) -> Markup {
    let place = format!("/case/{}", view.id);
    let Party::Vendor(id) = &view.me else { return html! {} };
    let Some(vendor) = view.case.vendors.get(id) else { return html! {} };
    let open = !view.case.embargo.has_accepted(&view.me.id()) && view.case.embargo.state().in_force()
        || !view.case.embargo.proposals().is_empty();
    html! {
        @if open && view.case.consent(id) != Consent::Signatory {
            div.sheet {
                h2 { "A new end is proposed" }
                @for proposal in view.case.embargo.proposals() { p { "To end " (instant(shown, proposal.end)) } }
                form.row method="post" action={ (place) "/terms" } {
                    button.btn.main name="answer" value="accept" { "Accept" }
                    button.btn name="answer" value="decline" { "Decline" }
                }
            }
        }
        div.sheet {
            h2 { "Your next step" }
            @if vendor.rm == ReportState::Accepted && vendor.fix < VendorFix::Deployed { (fix_step(&place, vendor.fix)) }
            (report_step(&place, vendor.rm))
        }
        details open[vendor.statement.is_none()] {
            summary { "Which versions are affected" }
            (statement_form(&place, view.statements.get(id)))
        }
        details { summary { "Write a message" } (message_form(&place, view)) }
        details {
            summary { "Propose another end of the embargo" }
            form method="post" action={ (place) "/propose" } {
                (date_input("end", "Its end", "Day, hour and zone", "", &shown.zone))
                div.actions { button.btn { "Propose" } }
            }
        }
        details {
            summary { "Leave the case" }
            form method="post" action={ (place) "/leave" } { p { "You may leave at any time." } button.btn { "Leave" } }
        }
    }
}

fn report_step(place: &str, rm: ReportState) -> Markup {
    let steps: Vec<(ReportMove, &str)> = ReportMove::ALL
        .iter()
        .filter(|step| **step != ReportMove::Receive && rm.apply(**step).is_ok())
        .map(|step| (*step, step.label()))
        .collect();
    html! {
        p { "Your report state: " b { (rm.label()) } }
        form.row method="post" action={ (place) "/report-state" } {
            @for (number, (step, label)) in steps.iter().enumerate() {
                @let value = serde_json::to_value(step).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
                button class=(if number == 0 && rm != ReportState::Accepted { "btn main" } else { "btn" }) name="step" value=(value) { (label) }
            }
        }
    }
}

fn fix_step(place: &str, fix: VendorFix) -> Markup {
    let (event, words) = match fix {
        VendorFix::Ready => ("fix_deployed", "The fix is deployed"),
        _ => ("fix_ready", "The fix is ready"),
    };
    html! {
        form method="post" action={ (place) "/fix" } {
            div.actions { button.btn.main name="event" value=(event) { (words) } }
        }
    }
}

fn statement_form(place: &str, known: Option<&Statement>) -> Markup {
    let empty = Statement::default();
    let known = known.unwrap_or(&empty);
    html! {
        form method="post" action={ (place) "/statement" } {
            @for row in 0..(known.products.len() + 2) {
                @let product = known.products.get(row);
                fieldset {
                    legend { "Product " (row + 1) }
                    (field("product", "Product", "", product.map_or("", |p| p.product.as_str()), false))
                    (field("from", "From version", "Empty: from the beginning", product.map_or("", |p| p.from.as_str()), false))
                    (field("before", "Before version", "Empty: all later ones", product.map_or("", |p| p.before.as_str()), false))
                    (choice("status", "State", Affectedness::ALL, product.map_or("affected", |p| p.status.name())))
                }
            }
            (text_area("text", "Your statement", "Published with the advisory", &known.text, false))
            div.actions { button.btn.main { "Save the statement" } }
        }
    }
}

/// `GET /case/{id}/exploit/{report}`: the proof of concept, for who may read the case.
pub(crate) async fn exploit(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, report)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let report: ReportId = report.parse().map_err(|_| Refusal::NotFound)?;
    let (policies, seen, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    let bytes = access::open(&app, &viewer, &subject, "open exploit material", move |w| {
        let case = store::find(w.tx(), &id)?.state;
        policies.check(&seen, Permission::ViewCase, &store::resource(&id, &case))?;
        if !case.reports.contains(&report) {
            return Err(Refusal::NotFound);
        }
        reports::proof_of_concept(w, &report)
    });
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"proof-of-concept\""),
    ];
    Ok((headers, bytes.await?).into_response())
}

/// `GET /case/{id}/reads`
pub(crate) async fn reads(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let wanted = id.clone();
    let case = app.read(move |tx| store::find(tx, &wanted)).await?.state;
    app.policies.check(&viewer, Permission::AuditReads, &store::resource(&id, &case))?;
    read_page(&app, &viewer, Some(id.to_string()), &query).await
}

/// `GET /reads/my`: who has read a reporter's report.
pub(crate) async fn my_reads(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let Viewer::Reporter(report) = &viewer else { return Err(Refusal::NotFound) };
    read_page(&app, &viewer, Some(report.to_string()), &query).await
}

/// `GET /reads`: all reads, for auditors.
pub(crate) async fn all_reads(
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    app.policies.check(&viewer, Permission::AuditReads, &Resource::Centre)?;
    read_page(&app, &viewer, None, &query).await
}

async fn read_page(
    app: &App,
    viewer: &Viewer,
    subject: Option<String>,
    query: &HashMap<String, String>,
) -> Result<Html<String>, Refusal> {
    let number = Page::new(query.get("page").and_then(|page| page.parse().ok()));
    // Participants see roles and pseudonyms; those who audit the centre see who it was.
    let full = access::sees_all_reads(app, viewer);
    let (mut rows, names) = app
        .read(move |tx| Ok((read_log(tx, subject.as_deref(), number)?, access::account_names(tx)?)))
        .await?;
    let more = number.cut(&mut rows);
    let shown = Shown::of(app);
    let mut pseudonyms: Vec<String> = Vec::new();
    let mut pseudonym = |organisation: &str| {
        let known = pseudonyms.iter().position(|known| known == organisation);
        let number = known.unwrap_or_else(|| {
            pseudonyms.push(organisation.to_owned());
            pseudonyms.len() - 1
        });
        format!("organisation {}", number + 1)
    };
    let who: Vec<String> = rows
        .iter()
        .map(|read| match (full, &read.account, &read.organisation) {
            (true, Some(account), _) => names.get(account).cloned().unwrap_or_else(|| account.clone()),
            (_, _, Some(organisation)) => pseudonym(organisation),
            _ => "the centre".into(),
        })
        .collect();
    let body = html! {
        h1 { "Who has read this" }
        p.quiet { "Each opening of sealed material stands in the journal before its reader sees it. \
            A reporter's own readings are not shown." }
        table {
            thead { tr { th { "When" } @if full { th { "What" } } th { "Role" } th { "Who" } th { "Purpose" } th { "Items" } th { "Entry" } } }
            tbody {
                @for (read, who) in rows.iter().zip(&who).filter(|(read, _)| full || read.role != "reporter") {
                    tr {
                        td { (instant(&shown, read.at)) }
                        @if full { td data-label="What" { (read.subject) } }
                        td data-label="Role" { (read.role) }
                        td data-label="Who" { (who) }
                        td data-label="Purpose" { (read.purpose) }
                        td.num data-label="Items" { (read.items) }
                        td.num data-label="Entry" { (read.seq) }
                    }
                }
            }
        }
        @if more { p { a href={ "?page=" (number.number() + 1) } { "Earlier ones" } } }
    };
    Ok(page(app, viewer, "Read log", body))
}
