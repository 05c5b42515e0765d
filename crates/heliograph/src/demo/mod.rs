//! The invented centre: people who do not exist report, coordinate and publish flaws of products
//! that do not exist, through the same requests that a browser sends, under a simulated clock.
//! Nothing is written behind the journal's back.

mod cases;
mod client;
mod page;
mod play;
mod programme;
mod records;
mod vetting;
mod years;

use crate::access;
use crate::app::{App, Clock, Random};
use crate::settings::Settings;
use crate::{jobs, router};
use axum::Router;
use client::Client;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// The password of every invented person.
pub(crate) const PASSWORD: &str = "demo password, not secret";

/// Who signs in, and as what.
const PEOPLE: &[play::Person] = &[
    ("admin", "Ada Brandt", "administrator", &["administrator"], None),
    ("keller", "Mara Keller", "coordinator", &["coordinator"], None),
    ("okoye", "Tunde Okoye", "coordinator, the second pair of eyes", &["coordinator"], None),
    ("lindgren", "Sofia Lindgren", "programme manager", &["programme-manager"], None),
    ("moreau", "Claire Moreau", "programme manager, for appeals", &["programme-manager"], None),
    ("silva", "Rui Silva", "security officer", &["security-officer"], None),
    ("haas", "Nora Haas", "security officer, the second pair of eyes", &["security-officer"], None),
    ("auditor", "Ines Ferrer", "auditor", &["auditor"], None),
    ("nordwind", "Jonas Wirth", "vendor", &["vendor"], Some("Nordwind GmbH")),
    ("kestrel", "Priya Raman", "vendor", &["vendor"], Some("Kestrel Systems")),
    ("opengate", "Lena Dufour", "vendor", &["vendor"], Some("Open Gate Project")),
    ("baltic", "Kaspar Tamm", "vendor", &["vendor"], Some("Baltic Devices")),
    ("helix", "Aino Virtanen", "partner", &["partner"], Some("Helix Security Labs")),
    ("brightwater", "Ida Nyström", "partner", &["partner"], Some("Brightwater Analysis")),
    ("fathom", "Leo Marchetti", "partner", &["partner"], Some("Fathom Works")),
    ("tidewater", "Owen Pryce", "applicant", &["partner"], Some("Tidewater Analytics")),
];

/// Builds the centre and prints how to get in. The clock runs free afterwards. Its router has one
/// page more than a real centre's: who can sign in, with the codes of the moment.
pub(crate) fn build(settings: Settings) -> anyhow::Result<(App, Router)> {
    let clock = Clock::default();
    let now = clock.now();
    let clock = Clock::simulated(now - days(210));
    println!("Building the invented centre in {} …", settings.data.display());
    let app = App::open(settings, clock.clone(), Random::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let devices = runtime.block_on(play(&app, &clock, now))?;
    runtime.block_on(jobs::catch_up(&app))?;
    clock.release();
    app.ledger.checkpoint_blocking()?;
    print_logins(&app, &devices);
    let router = router::routes(&app).0.merge(page::routes(&app, devices));
    Ok((app, router))
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

async fn play(app: &App, clock: &Clock, now: Timestamp) -> anyhow::Result<Devices> {
    let (router, _) = router::routes(app);
    let mut stage = play::Stage::new(app, clock, now, Client::new(router));
    stage.people(PEOPLE).await?;
    records::import(app)?;
    stage.years().await?;
    let claim = stage.published_case().await?;
    stage.partner(&claim).await?;
    stage.applicants().await?;
    stage.embargoed_case().await?;
    stage.overdue_case().await?;
    stage.exploited_case().await?;
    stage.classified_case().await?;
    stage.waiting_reports().await?;
    Ok(stage.devices)
}

/// The secrets of the invented people's one-time codes, by login.
type Devices = BTreeMap<&'static str, [u8; 20]>;

fn print_logins(app: &App, devices: &Devices) {
    let base = &app.settings.base_url;
    println!("\nOpen {base}\n\nSign in with one press: {base}/demo\n\nEveryone's password is: {PASSWORD}\n");
    for (login, name, role, _, organisation) in PEOPLE {
        println!(
            "  {login:10} {name}, {role}{}",
            organisation.map(|o| format!(" of {o}")).unwrap_or_default()
        );
        if let Some(secret) = devices.get(login) {
            println!("{:13}one-time code from the secret {}", "", access::base32(secret));
        }
    }
    println!("\nVerify it: heliograph verify --data {}\n", app.settings.data.display());
}
