//! Heliograph: a vulnerability coordination centre in one binary.

mod access;
mod app;
mod catalogue;
mod cli;
mod ledger;
mod people;
mod refusal;
mod router;
mod settings;
mod web;

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().init();
    let settings = settings::Settings::load(None, &[])?;
    let app = app::App::open(settings, app::Clock::default(), app::Random::default())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(app.settings.listen).await?;
        let (router, _) = router::routes(&app);
        axum::serve(listener, router).await?;
        Ok(())
    })
}
