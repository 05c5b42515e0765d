//! The desk of those who keep the register: what is to be looked up, what ends soon, all.

use super::{forms, pieces};
use crate::access::{self, Permission, Viewer};
use crate::accreditations::rules::{Holder, Looked};
use crate::accreditations::store::{self, OfWhom, Opened, Show, Which, keeps};
use crate::app::App;
use crate::people;
use crate::refusal::Refusal;
use crate::web::{Asked, Expected, Fields, Shown, WithFiles, choice, no_rows, onward, page, text_area};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Redirect};
use maud::{Markup, html};
use storage::Tx;
use vocabulary::AccreditationId;

const SHOWN: [(&str, Show); 3] = [("waiting", Show::Waiting), ("ending", Show::Ending), ("all", Show::All)];

/// Who can be registered: name and id.
type Holders = Vec<(String, String)>;

fn organisations(tx: &mut Tx<'_>) -> Result<Holders, Refusal> {
    let all = people::organisations(tx)?.into_iter().filter(|one| one.mandate.may_receive());
    Ok(all.map(|one| (one.id.to_string(), one.name)).collect())
}

fn accounts(tx: &mut Tx<'_>) -> Result<Holders, Refusal> {
    let mut all: Holders = access::account_names(tx)?.into_iter().collect();
    all.sort_by(|one, other| (&one.1, &one.0).cmp(&(&other.1, &other.0)));
    Ok(all)
}

/// A register as a table, out and in.
fn many_at_once(of: &str, whose: OfWhom) -> Markup {
    html! {
        h2 { "Many at once" }
        p { a href={ "/desk/accreditations/export?of=" (of) } { "The register of " (of) " as a table" } ": what is sealed \
            in it is opened, and that stands in the read log." }
        details { summary { "Take a table of " (of) " in" } (super::tables::form(whose, "", None)) }
    }
}

/// `GET /desk/accreditations`
pub(crate) async fn desk(
    State(app): State<App>,
    viewer: Viewer,
    asked: Asked,
) -> Result<Html<String>, Refusal> {
    let (wanted, now) = (asked.page(&["show"])?, app.now());
    let show = asked.choice("show", &SHOWN)?.unwrap_or(Show::Waiting);
    let shown_word = SHOWN.iter().find(|(_, one)| *one == show).map_or("waiting", |(word, _)| *word);
    let (of_organisations, of_people) = keeps(&app.policies, &viewer);
    let (mut rows, firms, persons) = app
        .read(move |tx| {
            let which = Which::Kept { organisations: of_organisations, people: of_people, show };
            let rows = store::list(tx, &which, now, wanted)?;
            let firms = if of_organisations { organisations(tx)? } else { Holders::new() };
            let persons = if of_people { accounts(tx)? } else { Holders::new() };
            Ok((rows, firms, persons))
        })
        .await?;
    let more = wanted.cut(&mut rows);
    let (shown, schemes) = (Shown::of(&app), store::schemes()?);
    let at = |page: u32| format!("/desk/accreditations?show={shown_word}&page={page}");
    let body = html! {
        h1 { "Accreditations" }
        p.quiet { "What lapsed or was withdrawn permits nothing new, from that second on." }
        p.row { @for (word, _) in &SHOWN {
            a href={ "/desk/accreditations?show=" (word) } aria-current=[(*word == shown_word).then_some("true")] { (word) }
        } }
        @if rows.is_empty() {
            (no_rows(wanted, "Nothing here. What holders hand in waits to be looked up with whoever issued it; what ends \
                within ninety days is pointed out.", at))
        } @else { (pieces::table(&shown, schemes, &rows, "/desk/accreditations")) }
        (onward(wanted, more, "More", at))
        @if of_organisations {
            h2 { "Register one of an organisation" }
            @if firms.is_empty() { p { "There is no organisation with a defensive mandate yet." } }
            @else { (register_form(&shown, ("organisation", "Organisation"), &firms)?) }
            (many_at_once("organisations", OfWhom::Organisations))
        }
        @if of_people {
            h2 { "Register one of a person" }
            p.quiet { "It is sealed, and seen by this person and by security officers alone." }
            (register_form(&shown, ("account", "Person"), &persons)?)
            (many_at_once("people", OfWhom::People))
        }
    };
    Ok(page(&app, &viewer, "Accreditations", body))
}

fn register_form(shown: &Shown, (name, label): (&str, &str), holders: &Holders) -> Result<Markup, Refusal> {
    Ok(html! {
        form.narrow method="post" action="/desk/accreditations" enctype="multipart/form-data" {
            (choice(name, label, holders, ""))
            (pieces::inputs(store::schemes()?, &shown.zone))
            @if name == "organisation" {
                label.inline { input type="checkbox" name="publish" value="yes";
                    "Its holder agrees that the public register shows it" }
            }
            div.actions { button.btn.main { "Register it" } }
        }
    })
}

/// `POST /desk/accreditations`
pub(crate) async fn register(
    State(app): State<App>,
    viewer: Viewer,
    WithFiles(mut fields): WithFiles,
) -> Result<Redirect, Refusal> {
    let holder = match fields.text("account") {
        "" => {
            let wrong = |_| Refusal::invalid("organisation", "Choose an organisation.");
            Holder::Organisation(fields.text("organisation").parse().map_err(wrong)?)
        }
        id => Holder::Account(id.parse().map_err(|_| Refusal::invalid("account", "Choose a person."))?),
    };
    let (new, files) = (forms::new(&fields, holder)?, forms::files(&mut fields));
    let id = store::register(&app, &viewer, Permission::KeepAccreditations, new, files).await?;
    Ok(Redirect::to(&format!("/desk/accreditations/{id}")))
}

/// Opens an accreditation, with the read on the record.
pub(in crate::accreditations) async fn opened(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: &str,
) -> Result<Opened, Refusal> {
    let id: AccreditationId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (policies, who, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    access::open(app, viewer, &subject, "accreditation", move |w| {
        store::open(w, &policies, &who, permission, &id)
    })
    .await
}

/// `GET /desk/accreditations/{id}`
pub(crate) async fn kept(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    let opened = opened(&app, &viewer, KEPT.1, &id).await?;
    let place = format!("{}/{}", KEPT.0, opened.id);
    let found: Vec<(&str, &str)> = Looked::ALL.iter().map(|(_, name, words)| (*name, *words)).collect();
    let schemes = store::schemes()?;
    let register = schemes.find(&opened.state.held.scheme).and_then(|(scheme, _)| scheme.register.clone());
    let aside = html! {
        h2 { "Next step" }
        @if opened.state.held.withdrawn.is_some() { p { "None: it is withdrawn." } }
        @else {
            form method="post" action={ (place) "/check" } {
                p { "Look it up with whoever issued it" @if let Some(at) = &register { ": " (at) } "." }
                (choice("found", "What you found", &found, "holds"))
                (text_area("place", "Where you looked", "Its holder reads it", "", true))
                div.actions { button.btn.main { "Keep it on the record" } }
            }
            details { summary { "Withdraw it" } (withdraw_form(&place)) }
        }
    };
    frame(&app, &viewer, &opened, KEPT, aside)
}

/// A side of the register: where its pages lie, and the permission that they take.
pub(super) type Side = (&'static str, Permission);

/// That of whoever keeps it.
const KEPT: Side = ("/desk/accreditations", Permission::KeepAccreditations);

/// The page of an accreditation on one side, with what can be done there beside it.
pub(super) fn frame(
    app: &App,
    viewer: &Viewer,
    opened: &Opened,
    (root, _): Side,
    aside: Markup,
) -> Result<Html<String>, Refusal> {
    let (shown, place) = (Shown::of(app), format!("{root}/{}", opened.id));
    let body = html! {
        p.quiet { a href=(root) { "Accreditations" } " / " (opened.id) }
        div.cols {
            section { (pieces::opened(&shown, store::schemes()?, opened, &place)) }
            aside { div.sheet { (aside) } }
        }
    };
    Ok(page(app, viewer, &opened.name, body))
}

/// Does what a form on one side asks for, and leads back to the page.
pub(super) async fn done(
    app: &App,
    viewer: &Viewer,
    (root, permission): Side,
    (id, act): (String, String),
    fields: &Fields,
) -> Result<Redirect, Refusal> {
    let id: AccreditationId = id.parse().map_err(|_| Refusal::NotFound)?;
    let act = forms::act(&act, fields)?;
    store::run(app, viewer, permission, id.clone(), Expected(None), act).await?;
    Ok(Redirect::to(&format!("{root}/{id}")))
}

pub(super) fn withdraw_form(place: &str) -> Markup {
    html! {
        form method="post" action={ (place) "/withdraw" } {
            (text_area("reasons", "Reasons", "It cannot be taken back", "", true))
            div.actions { button.btn { "Withdraw it" } }
        }
    }
}

/// `POST /desk/accreditations/{id}/{act}`
pub(crate) async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Path(named): Path<(String, String)>,
    fields: Fields,
) -> Result<Redirect, Refusal> {
    done(&app, &viewer, KEPT, named, &fields).await
}

/// `GET /desk/accreditations/{id}/evidence/{which}`
pub(crate) async fn evidence(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, which)): Path<(String, String)>,
) -> Result<impl IntoResponse, Refusal> {
    bytes(&app, &viewer, Permission::KeepAccreditations, &id, &which).await
}

/// One piece of evidence, with the read on the record. A browser keeps it and does not show it.
pub(super) async fn bytes(
    app: &App,
    viewer: &Viewer,
    permission: Permission,
    id: &str,
    which: &str,
) -> Result<impl IntoResponse + use<>, Refusal> {
    let id: AccreditationId = id.parse().map_err(|_| Refusal::NotFound)?;
    let place: usize = which.parse().map_err(|_| Refusal::NotFound)?;
    let (policies, who, subject) = (app.policies.clone(), viewer.clone(), id.to_string());
    let bytes = access::open(app, viewer, &subject, "evidence of an accreditation", move |w| {
        store::file(w, &policies, &who, permission, &id, place)
    })
    .await?;
    let disposition = format!("attachment; filename=\"evidence-{place}\"");
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes))
}
