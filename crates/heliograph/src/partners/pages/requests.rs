//! The request desk: what the centre asks of partners, and what partners do about it.

use super::own::reasons_form;
use super::pieces::words;
use super::tables;
use crate::access::{self, Permission, Viewer};
use crate::accreditations::Entitled;
use crate::app::App;
use crate::partners::rules::{OrderText, Purpose, RequestAct, RequestKind, Stage, WORDS_MAX};
use crate::partners::store::{self, Candidate, OpenedRequest, Order, Register, RequestRow};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{
    self, Asked, Expected, Fields, Shown, Tone, chip, choice, due_chip, field, instant, no_rows, onward,
    page, text_area,
};
use axum::extract::{Path, State};
use axum::response::{Html, Redirect};
use maud::{Markup, html};
use std::sync::LazyLock;
use vocabulary::RequestId;

/// `GET /requests`
pub(crate) async fn requests(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (wanted, now, seen) = (asked.page(&["asks", "clearance"])?, app.now(), viewer.clone());
    let words: Vec<(&str, RequestKind)> =
        RequestKind::ALL.iter().map(|(kind, word, _)| (*word, *kind)).collect();
    let asks = asked.choice("asks", &words)?.unwrap_or(RequestKind::EvaluationAndJudgement);
    let clearance = asked.choice("clearance", &clearances())?.unwrap_or_default();
    let needed = Some(clearance.clone()).filter(|asked| !asked.is_empty());
    let (mut rows, candidates) = app
        .read(move |tx| {
            let eyes = vetting::eyes(tx, &seen, now)?;
            let candidates = store::candidates(tx, asks, needed.as_deref(), &eyes)?;
            Ok((store::requests(tx, None, wanted, &eyes)?, candidates))
        })
        .await?;
    let more = wanted.cut(&mut rows);
    let shown = Shown::of(&app);
    let at = |page: u32| format!("/requests?page={page}");
    let body = html! {
        h1 { "Requests to partners" }
        p.quiet { "A partner accepts or declines; declining costs nothing and is not counted." }
        @if rows.is_empty() { (no_rows(wanted, NONE_ASKED, at)) } @else { (table(&shown, &rows, "/requests")) }
        (onward(wanted, more, "More", at))
        p { a href="/requests/export" { "The same for spreadsheets" } }
        h2 id="ask" { "Ask a partner: " (asks.words()) }
        p.row { "What kind of request? " @for (kind, word, text) in RequestKind::ALL {
            a href={ "/requests?asks=" (word) "&clearance=" (clearance) "#ask" } aria-current=[(*kind == asks).then_some("true")] { (text) }
        } }
        (clearance_form(asks, &clearance))
        (order_form(&candidates, asks, &clearance))
        details { summary { "Ask many, by a table" } (tables::form(Register::Requests, "", None)) }
    };
    Ok(page(&app, &viewer, "Requests to partners", body))
}

/// Each clearance that work can take, as addresses spell it; none first.
pub(in crate::partners) fn clearances() -> Vec<(&'static str, String)> {
    static ALL: LazyLock<Vec<String>> =
        LazyLock::new(|| vetting::pages::levels().into_iter().map(|(level, _)| level).collect());
    std::iter::once("").chain(ALL.iter().map(String::as_str)).map(|level| (level, level.to_owned())).collect()
}

/// Which clearance the work takes: who of whom is cleared is looked up for it.
fn clearance_form(asks: RequestKind, chosen: &str) -> Markup {
    let none = (String::new(), "none".to_owned());
    let all: Vec<(String, String)> = std::iter::once(none).chain(vetting::pages::levels()).collect();
    html! {
        form.narrow method="get" action="/requests#ask" {
            input type="hidden" name="asks" value=(asks.name());
            (choice("clearance", "Which clearance does the work take?", &all, chosen))
            span.hint { "A classified case asks for its own. Being cleared opens nothing: whoever works in such a case is let into it by name." }
            div.actions { button.btn { "Show whom it fits" } }
        }
    }
}

/// What stands where nothing was asked yet.
const NONE_ASKED: &str = "No request yet. What the centre asks stands here, with what is due first.";

/// A list of requests, each leading to its page under `place`.
pub(super) fn table(shown: &Shown, rows: &[RequestRow], place: &str) -> Markup {
    html! {
        @if rows.is_empty() { p { (NONE_ASKED) } }
        @else {
            table {
                thead { tr { th { "Request" } th { "Partner" } th { "Purpose" } th { "Stands at" } th { "Due" } } }
                tbody { @for row in rows { tr {
                    td { a href={ (place) "/" (row.id) } { (words(&row.asks)) } br; span.quiet { (row.id) } }
                    td data-label="Partner" { (row.name) }
                    td data-label="Purpose" { (words(&row.purpose)) }
                    td data-label="Stands at" { (chip(Tone::Idle, &row.stage)) }
                    td data-label="Due" { @if row.stage == "accepted" { (due_chip(shown, row.due)) } @else { (instant(shown, row.due)) }
                        @if row.stage == "sent" && row.due < shown.now { " " (chip(Tone::Soon, "no answer yet")) } }
                } } }
            }
        }
    }
}

fn order_form(candidates: &[Candidate], asks: RequestKind, clearance: &str) -> Markup {
    let purposes: Vec<(&str, &str)> = Purpose::ALL.iter().map(|(_, word, text)| (*word, *text)).collect();
    let (fit, unfit): (Vec<&Candidate>, Vec<&Candidate>) = candidates.iter().partition(|one| one.found.fits);
    html! {
        @if candidates.is_empty() { p { "There is no partner in standing that could be asked." } }
        @else if fit.is_empty() { p { "No partner fits now. Why, stands below." } }
        @else {
            form.narrow method="post" action="/requests" {
                input type="hidden" name="asks" value=(asks.name());
                input type="hidden" name="clearance" value=(clearance);
                (choice("purpose", "What for?", &purposes, ""))
                fieldset { legend { "Whom?" span.quiet { "The better level first, then whoever has less open" } }
                    @for one in &fit {
                        label.inline { input type="radio" name="partner" value=(one.id) required;
                            span { b { (one.name) } ", " (one.level) (reasons(one)) } }
                    }
                }
                (field("case", "In a case", "Its number; leave empty if it is about none", "", false))
                (field("office", "Which office asks", "It is named to the partner", "", true))
                (field("legal_basis", "On which legal basis", "The law, or the article of the contract", "", true))
                (text_area("question", "The question", "It is sealed; do not write more of a case than is needed", "", true))
                div.actions { button.btn.main { "Send the request" } }
            }
        }
        @if !unfit.is_empty() {
            h3 { "Not now" }
            ul { @for one in &unfit { li { b { (one.name) } ", " (one.level) (reasons(one)) } } }
        }
    }
}

/// What speaks for a partner, and what against it.
fn reasons(one: &Candidate) -> Markup {
    html! {
        @for reason in &one.found.speaks_against { br; (chip(Tone::Soon, "against")) " " (reason) }
        @if !one.found.speaks_for.is_empty() { br; span.quiet { (one.found.speaks_for.join(" ")) } }
    }
}

fn word<T: Copy>(all: &[(T, &str, &str)], fields: &Fields, name: &'static str) -> Result<T, Refusal> {
    let known = all.iter().find(|(_, word, _)| *word == fields.text(name));
    known.map(|(one, ..)| *one).ok_or_else(|| Refusal::invalid(name, "Choose among what is listed."))
}

/// The clearance that an order names, if it names one.
pub(in crate::partners) fn clearance_of(text: &str) -> Result<Option<(String, String)>, Refusal> {
    let wrong = |_| Refusal::invalid("clearance", "Expected a ladder and a level on it, like de-sueg/ue2.");
    let named = Some(text).filter(|text| !text.is_empty());
    named.map(|text| vetting::api::asked_level(text).map_err(wrong)).transpose()
}

/// `POST /requests`
pub(crate) async fn order(
    State(app): State<App>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let wrong = |_| Refusal::invalid("partner", "Choose a partner.");
    let case = match fields.text("case") {
        "" => None,
        text => {
            let wrong = |error: vocabulary::BadId| Refusal::invalid("case", error.to_string());
            Some(text.parse().map_err(wrong)?)
        }
    };
    let order = Order {
        partner: fields.text("partner").parse().map_err(wrong)?,
        asks: word(RequestKind::ALL, &fields, "asks")?,
        purpose: word(Purpose::ALL, &fields, "purpose")?,
        case,
        clearance: clearance_of(fields.text("clearance"))?,
        text: OrderText {
            office: fields.required("office", 300)?,
            legal_basis: fields.required("legal_basis", 1000)?,
            question: fields.required("question", WORDS_MAX)?,
        },
    };
    let (actor, prefix) = (viewer.actor()?, app.settings.prefix.clone());
    let id = app.ledger.submit(move |w| store::order(w, &actor, &order, &prefix)).await?;
    Ok(Redirect::to(&format!("/requests/{id}")))
}

/// Opens a request, with the read on the record.
pub(in crate::partners) async fn opened(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: &str,
) -> Result<OpenedRequest, Refusal> {
    let id: RequestId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (policies, who, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    access::open(app, viewer, &subject, "request to a partner", move |w| {
        store::open_request(w, &policies, &who, permission, &id)
    })
    .await
}

/// What permits the work; where nothing does any more, work that was taken on goes on with this mark.
fn accreditation(shown: &Shown, opened: &OpenedRequest) -> Markup {
    let is_open = matches!(opened.asked.stage, Stage::Sent | Stage::Accepted);
    let service = opened.asked.asks.map(RequestKind::service);
    html! {
        @match &opened.entitled {
            Entitled::By { scheme, until } if is_open => {
                dt { "Permitted by" } dd { (scheme) ", until " (instant(shown, *until)) }
            }
            Entitled::Not { .. } if is_open => {
                dt { "Permitted by" } dd { (chip(Tone::Soon, "nothing now"))
                    @if opened.asked.stage == Stage::Accepted { " What was taken on goes on; nothing new is given out." }
                    @else { " It cannot be taken on." }
                    @if let Some(reason) = service.and_then(|service| opened.entitled.reason(service)) { " " (reason) } }
            }
            _ => {}
        }
    }
}

fn whole(
    app: &App,
    viewer: &Viewer,
    opened: &OpenedRequest,
    back: (&str, &str),
    aside: Markup,
) -> Html<String> {
    let (shown, asked) = (Shown::of(app), &opened.asked);
    let title = asked.asks.map_or("Request", RequestKind::words);
    let body = html! {
        p.quiet { a href=(back.0) { (back.1) } " / " (opened.id) }
        h1 { (title) }
        p { (chip(Tone::Idle, asked.stage.name())) " asked of " b { (opened.name) } " "
            @if let Some(purpose) = asked.purpose { (purpose.words()) } }
        div.cols {
            section {
                dl.facts {
                    dt { "Asked by" } dd { (opened.text.office) }
                    dt { "Legal basis" } dd { (opened.text.legal_basis) }
                    dt { "Due" } dd { @if asked.stage == Stage::Accepted { (due_chip(&shown, asked.due)) } @else { (instant(&shown, asked.due)) }
                        " " span.quiet { "by its type, at level " (asked.level) } }
                    @if let Some(case) = &asked.case { dt { "Case" } dd { (case) } }
                    @if let Some((scheme, level)) = asked.clearance.as_deref().and_then(|asked| asked.split_once('/')) {
                        dt { "Takes a clearance" } dd { (vetting::pages::level_words(scheme, level)) } }
                    (accreditation(&shown, opened))
                }
                h2 { "The question" }
                p.text.sheet { (opened.text.question) }
                h2 { "What happened" }
                (web::story(&shown, &opened.moments))
            }
            aside { div.sheet { h2 { "Next step" } (aside) } }
        }
    };
    page(app, viewer, title, body)
}

/// `GET /requests/{id}`
pub(crate) async fn request(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let opened = opened(&app, &viewer, Permission::ManageProgramme, &id).await?;
    let at = |act: &str| format!("/requests/{}/{act}", opened.id);
    let aside = html! {
        @match opened.asked.stage {
            Stage::Sent => p { "The partner's: it accepts or declines." },
            Stage::Accepted => p { "The partner's: it delivers." },
            Stage::Delivered => form method="post" action=(at("review")) {
                (choice("useful", "Was it useful?", &[("yes", "yes"), ("no", "no")], "yes"))
                (text_area("feedback", "What the partner should know", "", "", true))
                div.actions { button.btn.main { "Review it" } }
            },
            _ => p { "None: it is closed." },
        }
        @if matches!(opened.asked.stage, Stage::Sent | Stage::Accepted) {
            details { summary { "Withdraw it" } (reasons_form(&at("withdraw"), "Reasons", "Withdraw")) }
        }
    };
    Ok(whole(&app, &viewer, &opened, ("/requests", "Requests"), aside))
}

/// `GET /partner/requests/{id}`
pub(crate) async fn own_request(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let opened = opened(&app, &viewer, Permission::RepresentPartner, &id).await?;
    let at = |act: &str| format!("/partner/requests/{}/{act}", opened.id);
    let aside = html! {
        @match opened.asked.stage {
            Stage::Sent => {
                form method="post" action=(at("accept")) { div.actions { button.btn.main { "Accept" } } }
                details { summary { "Decline" }
                    form method="post" action=(at("decline")) {
                        (text_area("reasons", "A word on why, if you like", "Nothing follows from it", "", false))
                        div.actions { button.btn { "Decline" } }
                    } }
            }
            Stage::Accepted => {
                form method="post" action=(at("deliver")) {
                    (text_area("result", "What you found", "It is sealed", "", true))
                    div.actions { button.btn.main { "Deliver" } }
                }
                @if opened.asked.extended.is_none() {
                    details { summary { "Ask for more time" }
                        form method="post" action=(at("extend")) {
                            (field("days", "Days", "Once, at most 60", "3", true))
                            (text_area("reasons", "Why", "", "", true))
                            div.actions { button.btn { "Ask for it" } }
                        } }
                }
            }
            Stage::Delivered => p { "The centre's: it reviews what you delivered." },
            _ => p { "None: it is closed." },
        }
    };
    Ok(whole(&app, &viewer, &opened, ("/partner", "Partnership"), aside))
}

fn read(act: &str, fields: &Fields) -> Result<RequestAct, Refusal> {
    let reasons = || fields.required("reasons", WORDS_MAX);
    Ok(match act {
        "accept" => RequestAct::Accept {},
        "decline" => RequestAct::Decline { reasons: fields.limited("reasons", WORDS_MAX)? },
        "extend" => {
            let wrong = |_| Refusal::invalid("days", "A whole number, please.");
            RequestAct::Extend { days: fields.text("days").parse().map_err(wrong)?, reasons: reasons()? }
        }
        "deliver" => RequestAct::Deliver { result: fields.required("result", WORDS_MAX)? },
        "review" => {
            let feedback = fields.required("feedback", WORDS_MAX)?;
            RequestAct::Review { useful: fields.text("useful") == "yes", feedback }
        }
        "withdraw" => RequestAct::Withdraw { reasons: reasons()? },
        _ => return Err(Refusal::NotFound),
    })
}

/// `POST /requests/{id}/{act}`
pub(crate) async fn manage_request(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, act)): Path<(String, String)>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let id: RequestId = id.parse().map_err(|_| Refusal::NotFound)?;
    let act = read(&act, &fields)?;
    store::act_on(&app, &viewer, Permission::ManageProgramme, id.clone(), Expected(None), act).await?;
    Ok(Redirect::to(&format!("/requests/{id}")))
}

/// `POST /partner/requests/{id}/{act}`
pub(crate) async fn answer_request(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, act)): Path<(String, String)>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    let id: RequestId = id.parse().map_err(|_| Refusal::NotFound)?;
    let act = read(&act, &fields)?;
    store::act_on(&app, &viewer, Permission::RepresentPartner, id.clone(), Expected(None), act).await?;
    Ok(Redirect::to(&format!("/partner/requests/{id}")))
}
