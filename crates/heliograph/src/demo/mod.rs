//! The invented centre: people who do not exist report, coordinate and publish flaws of products
//! that do not exist, through the same requests that a browser sends, under a simulated clock.
//! Nothing is written behind the journal's back.

mod client;
mod play;
mod records;

use crate::app::{App, Clock, Random};
use crate::settings::Settings;
use crate::{jobs, router};
use client::Client;
use jiff::{SignedDuration, Timestamp};

/// The password of every invented person.
pub(crate) const PASSWORD: &str = "demo password, not secret";

/// Who signs in, and as what.
const PEOPLE: &[play::Person] = &[
    ("admin", "Ada Brandt", "administrator", &["administrator"], None),
    ("keller", "Mara Keller", "coordinator", &["coordinator"], None),
    ("okoye", "Tunde Okoye", "coordinator, the second pair of eyes", &["coordinator"], None),
    ("auditor", "Ines Ferrer", "auditor", &["auditor"], None),
    ("nordwind", "Jonas Wirth", "vendor", &["vendor"], Some("Nordwind GmbH")),
    ("kestrel", "Priya Raman", "vendor", &["vendor"], Some("Kestrel Systems")),
    ("opengate", "Lena Dufour", "vendor", &["vendor"], Some("Open Gate Project")),
    ("baltic", "Kaspar Tamm", "vendor", &["vendor"], Some("Baltic Devices")),
];

/// Builds the centre and prints how to get in. The clock runs free afterwards.
pub(crate) fn build(settings: Settings) -> anyhow::Result<App> {
    let clock = Clock::default();
    let now = clock.now();
    let clock = Clock::simulated(now - days(60));
    println!("Building the invented centre in {} …", settings.data.display());
    let app = App::open(settings, clock.clone(), Random::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(play(&app, &clock, now))?;
    runtime.block_on(jobs::catch_up(&app))?;
    clock.release();
    app.ledger.checkpoint_blocking()?;
    print_logins(&app);
    Ok(app)
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

async fn play(app: &App, clock: &Clock, now: Timestamp) -> anyhow::Result<()> {
    let (router, _) = router::routes(app);
    let mut stage = play::Stage::new(app, clock, now, Client::new(router));
    stage.people(PEOPLE).await?;
    records::import(app)?;
    stage.published_case().await?;
    stage.embargoed_case().await?;
    stage.overdue_case().await?;
    stage.exploited_case().await?;
    stage.waiting_reports().await
}

fn print_logins(app: &App) {
    println!("\nOpen {}\n\nEveryone's password is: {PASSWORD}\n", app.settings.base_url);
    for (login, name, role, _, organisation) in PEOPLE {
        println!(
            "  {login:10} {name}, {role}{}",
            organisation.map(|o| format!(" of {o}")).unwrap_or_default()
        );
    }
    println!("\nVerify it: heliograph verify --data {}\n", app.settings.data.display());
}
