//! `/metrics` for Prometheus: how busy the centre is and whether anything is late. It names routes as the
//! router has them, and nothing that anybody typed: no number of a case, no login, no address.
//!
//! It takes the permission `read-metrics`: counts of work under embargo are not for everyone. A scrape
//! costs a few index look-ups; counting a request, two additions.

use crate::access::Route;
use crate::app::App;
use crate::deadlines;
use crate::ledger::{self, MILLISECONDS, SIZES};
use crate::refusal::Refusal;
use crate::reports::{self, Waiting};
use crate::vetting::Eyes;
use crate::web::Requests;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use std::fmt::Write;
use storage::Tx;

/// `GET /metrics`
pub(crate) async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, Refusal> {
    let mut text = String::new();
    requests(&mut text, app.counters.get().map_or(&[], Vec::as_slice));
    writer(&mut text, &app);
    let now = app.now();
    for (name, help, value) in app.read(move |tx| work(tx, now)).await? {
        gauge(&mut text, name, help, value);
    }
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}

/// Writing into a `String` cannot fail.
macro_rules! line {
    ($text:expr, $($parts:tt)*) => { let _ = writeln!($text, $($parts)*); };
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    line!(text, "# HELP heliograph_{name} {help}");
    line!(text, "# TYPE heliograph_{name} {kind}");
}

fn gauge(text: &mut String, name: &str, help: &str, value: i64) {
    head(text, name, "gauge", help);
    line!(text, "heliograph_{name} {value}");
}

fn requests(text: &mut String, counters: &[(Route, &'static Requests)]) {
    let called = counters.iter().filter(|(_, counter)| counter.total() > 0);
    let called: Vec<_> = called.collect();
    head(text, "http_requests_total", "counter", "Requests answered, by route and class of status.");
    for (Route { method, path, .. }, counter) in &called {
        for (class, count) in counter.by_class().into_iter().enumerate() {
            let class = class + 1;
            if count > 0 {
                line!(
                    text,
                    "heliograph_http_requests_total{{method=\"{method}\",route=\"{path}\",status=\"{class}xx\"}} {count}"
                );
            }
        }
    }
    head(text, "http_request_seconds", "summary", "Time to an answer, by route.");
    for (Route { method, path, .. }, counter) in &called {
        let labels = format!("method=\"{method}\",route=\"{path}\"");
        let seconds = seconds(counter.micros());
        line!(text, "heliograph_http_request_seconds_sum{{{labels}}} {seconds}");
        line!(text, "heliograph_http_request_seconds_count{{{labels}}} {}", counter.total());
    }
}

/// Microseconds as Prometheus wants them.
fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn writer(text: &mut String, app: &App) {
    let meter = app.ledger.meter();
    let waiting = "Commands that wait for the writer.";
    gauge(text, "writer_waiting", waiting, meter.waiting());
    let (counts, sum) = meter.sizes().read();
    let bounds: Vec<String> = SIZES.iter().map(u64::to_string).collect();
    let help = "Commands in one batch of the writer.";
    histogram(text, "writer_batch_commands", help, &bounds, &counts, &sum.to_string());
    let (counts, sum) = meter.times().read();
    let bounds: Vec<String> = MILLISECONDS.iter().map(|bound| seconds(bound * 1000)).collect();
    let help = "Time of one batch of the writer, its commit included.";
    histogram(text, "writer_batch_seconds", help, &bounds, &counts, &seconds(sum));
}

fn histogram(text: &mut String, name: &str, help: &str, bounds: &[String], counts: &[u64], sum: &str) {
    head(text, name, "histogram", help);
    let mut so_far = 0;
    let infinite = "+Inf".to_owned();
    for (bound, count) in bounds.iter().chain([&infinite]).zip(counts) {
        so_far += count;
        line!(text, "heliograph_{name}_bucket{{le=\"{bound}\"}} {so_far}");
    }
    line!(text, "heliograph_{name}_sum {sum}");
    line!(text, "heliograph_{name}_count {so_far}");
}

type Gauge = (&'static str, &'static str, i64);

fn work(tx: &mut Tx<'_>, now: jiff::Timestamp) -> Result<Vec<Gauge>, Refusal> {
    let size = ledger::size(tx)?;
    let signed = ledger::latest_checkpoint(tx)?.map_or(0, |(size, _)| size);
    // The oldest entry that no checkpoint covers says since when none was signed.
    let lag = match signed < size {
        true => now.duration_since(ledger::entry(tx, signed)?.at).as_secs().max(0),
        false => 0,
    };
    let clocks = deadlines::counts(tx, &Eyes::of_nobody(now))?;
    let waiting = reports::waiting_count(tx, Waiting::All)?;
    Ok(vec![
        ("journal_entries", "Entries of the journal.", size),
        ("checkpoint_entries", "Entries that the latest signed checkpoint covers.", signed),
        ("checkpoint_lag_seconds", "Age of the oldest entry that no checkpoint covers.", lag),
        ("clocks_overdue", "Clocks that are overdue; 1001 stands for more than 1000.", clocks.overdue),
        ("clocks_due_soon", "Clocks due within a day; 1001 stands for more than 1000.", clocks.soon),
        ("reports_waiting", "Reports that wait for triage; 1001 stands for more than 1000.", waiting),
    ])
}

#[cfg(test)]
mod tests {
    use crate::access::{Permission, Role};
    use crate::testing::{Client, TestApp};

    fn scraped(program: &Client<'_>) -> String {
        let answer = program.get("/metrics");
        assert_eq!(answer.status(), 200, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
        answer.text().to_owned()
    }

    #[test]
    fn a_scrape_tells_how_busy_the_centre_is_and_nothing_of_what_it_does() {
        let app = TestApp::new();
        let case = app.case_with(&[("exploited", "yes")]);
        let program = app.token(&app.account(&[Role::Administrator]), &[Permission::ReadMetrics]);
        assert_eq!(case.desk.get(&case.place("")).status(), 200);
        assert_eq!(app.anonymous().get(&case.place("")).status(), 303);
        app.report();
        app.advance(24 * 3);
        let text = scraped(&program);
        for line in [
            "heliograph_http_requests_total{method=\"GET\",route=\"/case/{id}\",status=\"2xx\"} 1",
            "heliograph_http_requests_total{method=\"GET\",route=\"/case/{id}\",status=\"4xx\"} 1",
            "heliograph_http_request_seconds_count{method=\"GET\",route=\"/case/{id}\"} 2",
            "heliograph_writer_waiting 0",
            "heliograph_clocks_overdue 1",
            "heliograph_reports_waiting 1",
            "heliograph_checkpoint_entries 0",
            "heliograph_checkpoint_lag_seconds 259200",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
        let entries = format!("heliograph_journal_entries {}", app.size());
        assert!(text.lines().any(|found| found == entries), "{entries} in {text}");
        for secret in ["HEL-", "zinnober", "coordinator-", "Person", "198.51"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        app.app.ledger.checkpoint_blocking().unwrap();
        assert!(scraped(&program).contains("heliograph_checkpoint_lag_seconds 0\n"));
    }

    /// The exposition format: each line is a comment or a name, labels and a number; each series has a
    /// type; buckets add up.
    #[test]
    fn a_scrape_keeps_to_the_format() {
        let app = TestApp::new();
        let program = app.token(&app.account(&[Role::Administrator]), &[Permission::ReadMetrics]);
        scraped(&program);
        let text = scraped(&program);
        let mut typed = Vec::new();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                typed.push(rest.split(' ').next().unwrap().to_owned());
                continue;
            }
            if line.starts_with("# HELP ") {
                continue;
            }
            let (series, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            let name = series.split('{').next().unwrap();
            let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
            let known = |name: &str| typed.iter().any(|typed| typed == name);
            assert!(known(name) || base.is_some_and(known), "{line} has no type");
        }
        for name in ["writer_batch_commands", "writer_batch_seconds"] {
            let number = |end: &str| -> f64 {
                let start = format!("heliograph_{name}_{end} ");
                text.lines().find_map(|line| line.strip_prefix(&start)).unwrap().parse().unwrap()
            };
            assert_eq!(number("bucket{le=\"+Inf\"}"), number("count"), "{text}");
            assert!(number("sum") > 0.0 && number("count") > 0.0, "{text}");
        }
    }
}
