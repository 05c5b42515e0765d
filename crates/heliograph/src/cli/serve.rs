//! `heliograph serve` and `heliograph demo`.

use super::{Flags, open, user};
use crate::access;
use crate::app::App;
use crate::catalogue::sources;
use crate::demo;
use crate::settings::Settings;
use crate::{jobs, router};
use axum::Router;
use std::io::IsTerminal;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Runs the centre until it is told to stop.
pub(super) fn serve(mut settings: Settings) -> anyhow::Result<ExitCode> {
    log();
    // A list that cannot be read is told now, and not to the log every minute.
    sources::read(&settings.sources_file())?;
    let server = Server::armed()?;
    let listener = listen(&mut settings)?;
    let app = open(settings)?;
    println!("Heliograph listens on http://{}", app.settings.listen);
    if app.settings.lacks_base_url() {
        println!(
            "Links, advisories and security.txt will say {}, which only this machine reaches. Say by which address\n\
             the public does: base_url = \"https://cvd.example.org\" in heliograph.toml, or \
             HELIOGRAPH_BASE_URL=https://cvd.example.org",
            app.settings.base_url
        );
    }
    first_administrator(&app)?;
    println!("The key that verifies receipts and checkpoints: {}", app.ledger.keys().verifier());
    let router = router::routes(&app).0;
    server.run(app, router, listener)
}

/// Takes the address before anything is made or printed, so that a second server on it changes
/// nothing. The settings then name the port that was given, also where they left it open.
fn listen(settings: &mut Settings) -> anyhow::Result<TcpListener> {
    let wanted = settings.listen;
    let listener = TcpListener::bind(wanted).map_err(|error| {
        anyhow::anyhow!("cannot listen on {wanted}: {error}; choose another with --listen")
    })?;
    listener.set_nonblocking(true)?;
    settings.listens_on(listener.local_addr()?);
    Ok(listener)
}

/// A centre without any account gets a first one, begun with a link that can be used once.
fn first_administrator(app: &App) -> anyhow::Result<()> {
    if app.ledger.db().read(access::credentials)?.is_empty() {
        let link = user::add(app, "admin", &["administrator".to_owned()], None, None)?;
        println!("No account exists yet. The first administrator begins here, once:\n  {link}");
    }
    Ok(())
}

/// Builds the invented centre and runs it.
pub(super) fn demo(config: Option<&Path>, flags: &Flags) -> anyhow::Result<ExitCode> {
    log();
    let mut settings = Settings::load(config, &flags.pairs())?;
    // What is invented must not get into the database or under the keys of a real centre.
    settings.database = flags.database.clone();
    settings.keys = None;
    // Invented as well: so its advisories are whole, and none can be taken for a real centre's.
    settings.name = "The invented centre".to_owned();
    settings.contact = "desk@centre.example".to_owned();
    settings.cve_org_id = "00000000-0000-4000-8000-000000000000".to_owned();
    settings.cve_org_name = "invented".to_owned();
    let throw_away = flags.data.is_none();
    if throw_away {
        settings.data = std::env::temp_dir().join(format!("heliograph-demo-{}", std::process::id()));
    }
    let folder = settings.data.clone();
    anyhow::ensure!(
        !folder.join("heliograph.db").exists(),
        "there is a centre in {} already: run it with `heliograph serve`, or choose another folder",
        folder.display()
    );
    let listener = listen(&mut settings)?;
    settings.base_url = format!("http://{}", settings.listen);
    let server = Server::armed()?;
    let code = demo::build(settings).and_then(|(app, router)| server.run(app, router, listener));
    if throw_away {
        let _ = std::fs::remove_dir_all(folder);
    }
    code
}

fn log() {
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("HELIOGRAPH_LOG").unwrap_or_else(|_| "info".into());
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
}

/// A server that hears SIGTERM and Ctrl-C from its first moment on: whoever reads its address may
/// stop it at once, and it still ends in order.
struct Server {
    runtime: Runtime,
    terminate: Signal,
    interrupt: Signal,
}

impl Server {
    fn armed() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let armed = {
            let _inside = runtime.enter();
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
        };
        Ok(Self { runtime, terminate: armed.0, interrupt: armed.1 })
    }

    /// Serves until it is told to stop; requests under way are finished.
    fn run(self, app: App, router: Router, listener: TcpListener) -> anyhow::Result<ExitCode> {
        let Self { runtime, mut terminate, mut interrupt } = self;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            tokio::spawn(jobs::run(app));
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            let stopped = async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
            };
            axum::serve(listener, service).with_graceful_shutdown(stopped).await?;
            Ok(ExitCode::SUCCESS)
        })
    }
}
