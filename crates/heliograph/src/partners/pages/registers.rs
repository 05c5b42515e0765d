//! Registers as tables: all partners beside one another, and both for spreadsheets.

use super::pieces::{life_chip, words};
use crate::access::{self, Viewer};
use crate::app::App;
use crate::partners::rules::{self, Counted, Line};
use crate::partners::store::{self, FindRow, Register, Row, Which};
use crate::refusal::Refusal;
use crate::vetting;
use crate::web::{Asked, ROWS_AT_ONCE, csv_line, in_pieces, last_of, list_file, no_rows, onward, page};
use axum::extract::State;
use axum::response::{Html, Response};
use jiff::Timestamp;
use maud::{Markup, html};
use programme::Mode;
use storage::Tx;

/// One line of the scoreboard.
struct Score {
    row: Row,
    counted: Counted,
    /// Criteria that the partner's own level does not meet now.
    open: Vec<String>,
    /// Hours to answer a check of its contacts, business days to answer a request: nine of ten.
    answers: (Option<i64>, Option<i64>),
}

fn scores(tx: &mut Tx<'_>, rows: Vec<Row>, now: Timestamp) -> Result<Vec<Score>, Refusal> {
    let mut all = store::counted(tx, store::year_before(now), now, None)?;
    let mut scores = Vec::new();
    for row in rows {
        let partner = store::find(tx, &row.id)?.state;
        let counted = all.remove(row.id.as_str()).unwrap_or_default();
        let level = row.level.clone().unwrap_or_default();
        let progress = rules::progress(&partner, &counted, now)?;
        let open = progress.iter().filter(|one| one.at(&level) != Some(programme::Outcome::Met));
        let open = open.map(|one| one.category.clone()).collect();
        let answers = rules::answers(&partner, &counted, now);
        scores.push(Score { row, counted, open, answers });
    }
    Ok(scores)
}

/// `GET /programme/scoreboard`: by name, because a list that ranks is an advertisement.
pub(crate) async fn scoreboard(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (wanted, now) = (asked.page(&[])?, app.now());
    let (scores, more, statistics) = app
        .read(move |tx| {
            let mut rows = store::list(tx, &Which::Register, wanted)?;
            let more = wanted.cut(&mut rows);
            Ok((scores(tx, rows, now)?, more, store::statistics(tx, now)?))
        })
        .await?;
    let at = |page: u32| format!("/programme/scoreboard?page={page}");
    let body = html! {
        p.quiet { a href="/programme" { "Partner programme" } " / scoreboard" }
        h1 { "Scoreboard" }
        p.quiet { "By name, over the last twelve months, from the record. "
            a href="/programme/export" { "The same for spreadsheets" } }
        @if scores.is_empty() {
            (no_rows(wanted, "No partner yet. One stands here from the day on which it becomes one.", at))
        } @else {
            table {
                thead { tr { th { "Partner" } th { "Level" } th { "Standing" }
                    @for (_, name, _) in Line::ALL { th.num { (words(name)) } } th.num { "Answers to checks" } th.num { "Answers to requests" } th { "Open criteria of its level" } } }
                tbody { @for score in &scores { tr {
                    td { a href={ "/programme/" (score.row.id) } { (score.row.name) } }
                    td data-label="Level" { (score.row.level.as_deref().unwrap_or("–")) }
                    td data-label="Standing" { (life_chip(score.row.life)) }
                    @for (line, name, _) in Line::ALL { td.num data-label=(words(name)) { (line.of(&score.counted)) } }
                    td.num data-label="Answers to checks" { (measured(score.answers.0, "h")) }
                    td.num data-label="Answers to requests" { (measured(score.answers.1, "business days")) }
                    td data-label="Open" { @if score.open.is_empty() { "none" } @else { (score.open.join(", ")) } }
                } } }
            }
        }
        (onward(wanted, more, "More", at))
        p.quiet { "Answers: nine of ten came within this time. To decline is to answer." }
        (capacity(&statistics))
    };
    Ok(page(&app, &viewer, "Scoreboard", body))
}

fn measured(number: Option<i64>, unit: &str) -> String {
    number.map_or_else(|| "–".to_owned(), |number| format!("{number} {unit}"))
}

/// What the partners of each programme stand for in a year, by the lower bounds of its review.
fn capacity(statistics: &store::Statistics) -> Markup {
    let active = rules::programmes().iter().filter(|published| published.programme.mode == Mode::Active);
    html! {
        h2 { "What the partners stand for" }
        p.quiet { "The least that the yearly review asks of all partners together, level by level. Nobody is held to the sum." }
        @for published in active {
            @let programme = &published.programme;
            @let partners: Vec<u32> = programme.levels.iter()
                .map(|level| statistics.levels.get(level).and_then(|many| u32::try_from(*many).ok()).unwrap_or_default())
                .collect();
            @if let Some(stage) = programme.stage("annual") {
                p { (programme.title) ": "
                    @for (at, (level, many)) in programme.levels.iter().zip(&partners).enumerate() {
                        @if at > 0 { ", " } (many) " at " (level) } "." }
                dl.facts { @for (id, credits) in &programme.capacity(stage, &partners).credits {
                    @let named = stage.asks(programme, id, "").map_or(id.as_str(), |(category, _)| category);
                    dt { (named) } dd { (credits) " a year" }
                } }
            }
        }
    }
}

fn date(at: Option<Timestamp>) -> String {
    at.map(|at| at.to_string()).unwrap_or_default()
}

/// `GET /partners/export`: the public register.
pub(crate) async fn register_file(State(app): State<App>) -> Result<Response, Refusal> {
    let rows = app.read(store::register).await?;
    let mut out = csv_line(&["id", "name", "programme", "level", "standing", "since", "until"]);
    for row in rows {
        let level = row.level.unwrap_or_default();
        let cells = [
            row.id.to_string(),
            row.name,
            row.programme,
            level,
            row.life.name().to_owned(),
            date(row.active_since),
            date(row.until),
        ];
        out.push_str(&csv_line(&cells));
    }
    Ok(list_file("partners", "csv", out))
}

/// `GET /requests/export`: what was asked of whom, and what became of it, by number; the questions stay sealed.
pub(crate) async fn requests_file(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let file = in_pieces(&app, move |tx, now, behind: Option<String>| {
        let eyes = vetting::eyes(tx, &viewer, now)?;
        let rows = store::requests_behind(tx, behind.as_deref().unwrap_or_default(), ROWS_AT_ONCE, &eyes)?;
        let head = ["id", "partner", "name", "asks", "purpose", "stage", "sent", "due"];
        let mut out = if behind.is_none() { csv_line(&head) } else { String::new() };
        let last = last_of(&rows, |row| row.id.to_string());
        for row in rows {
            let (id, partner) = (row.id.to_string(), row.partner.to_string());
            let (sent, due) = (row.sent.to_string(), row.due.to_string());
            out.push_str(&csv_line(&[id, partner, row.name, row.asks, row.purpose, row.stage, sent, due]));
        }
        Ok((out, last))
    });
    Ok(list_file("requests", "csv", file.await?))
}

/// `GET /finds/export`: which report is whose find, how it was graded, and what came of it, by number.
pub(crate) async fn finds_file(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let file = in_pieces(&app, move |tx, now, behind: Option<String>| {
        let eyes = vetting::eyes(tx, &viewer, now)?;
        let finds = store::finds_behind(tx, behind.as_deref().unwrap_or_default(), ROWS_AT_ONCE, &eyes)?;
        let head = if behind.is_none() { csv_line(&FIND_COLUMNS) } else { String::new() };
        let last = last_of(&finds, |find| find.report.to_string());
        Ok((format!("{head}{}", find_lines(finds)), last))
    });
    Ok(list_file("finds", "csv", file.await?))
}

const FIND_COLUMNS: [&str; 11] = [
    "report",
    "partner",
    "claimed",
    "case",
    "vendor_told",
    "outcome",
    "severity",
    "novel",
    "reach",
    "contested",
    "joint",
];

fn find_lines(finds: Vec<FindRow>) -> String {
    let mut out = String::new();
    let yes_or_no = |is: bool| if is { "yes" } else { "no" }.to_owned();
    for find in finds {
        let cells = [
            find.report.to_string(),
            find.partner.to_string(),
            find.claimed.to_string(),
            find.case.map(String::from).unwrap_or_default(),
            date(find.told),
            find.outcome.unwrap_or_default(),
            find.severity.unwrap_or_default(),
            find.novel.map(yes_or_no).unwrap_or_default(),
            find.reach.unwrap_or_default(),
            yes_or_no(find.contested),
            yes_or_no(find.joint),
        ];
        out.push_str(&csv_line(&cells));
    }
    out
}

/// `GET /programme/contacts/export`: whom to reach at which partner. They are sealed, so that they were opened
/// stands in the journal.
pub(crate) async fn contacts_file(State(app): State<App>, viewer: Viewer) -> Result<Response, Refusal> {
    let contacts = access::open(&app, &viewer, "programme", "register of contacts", store::contacts);
    let mut out = csv_line(Register::Contacts.columns());
    for (id, one) in contacts.await? {
        let out_of_hours = if one.out_of_hours { "yes" } else { "no" }.to_owned();
        let cells = [id.to_string(), one.name, one.role, one.reach, one.key, one.hours, out_of_hours];
        out.push_str(&csv_line(&cells));
    }
    Ok(list_file("contacts", "csv", out))
}

/// `GET /programme/export`: the scoreboard.
pub(crate) async fn scoreboard_file(State(app): State<App>) -> Result<Response, Refusal> {
    let now = app.now();
    let scored = app.read(move |tx| {
        let rows = store::register(tx)?;
        scores(tx, rows, now)
    });
    let mut head = vec!["id", "name", "level", "standing"];
    head.extend(Line::ALL.iter().map(|(_, name, _)| *name));
    head.extend(["check_hours_p90", "request_business_days_p90", "open_criteria"]);
    let mut out = csv_line(&head);
    for score in scored.await? {
        let row = score.row;
        let mut cells =
            vec![row.id.to_string(), row.name, row.level.unwrap_or_default(), row.life.name().to_owned()];
        cells.extend(Line::ALL.iter().map(|(line, ..)| line.of(&score.counted).to_string()));
        let (hours, days) = score.answers;
        cells.extend([hours, days].map(|number| number.map(|number| number.to_string()).unwrap_or_default()));
        cells.push(score.open.join("; "));
        out.push_str(&csv_line(&cells));
    }
    Ok(list_file("scoreboard", "csv", out))
}
