//! HTTP to the world outside: to the witnesses of our log, to logs that are verified, and to the sources of
//! the public database. Whom it asks, an operator has named; where an answer leads elsewhere, nobody follows,
//! but for sources, whose files are often kept at another place.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

/// How long an exchange may take in all.
const PATIENCE: Duration = Duration::from_secs(20);

/// The largest answer: a bundle of entries has 8.7 kB, a checkpoint with many cosignatures not more than this.
const ANSWER_BYTES_MAX: u64 = 256 * 1024;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

fn agent() -> &'static ureq::Agent {
    static AGENT: OnceLock<ureq::Agent> = OnceLock::new();
    AGENT.get_or_init(|| {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent("heliograph")
            .build();
        config.into()
    })
}

/// Fetches what lies at an address.
pub(crate) fn get(url: &str) -> anyhow::Result<Answer> {
    read(agent().get(url).call()?)
}

/// Sends a text to an address.
pub(crate) fn post(url: &str, body: &str) -> anyhow::Result<Answer> {
    read(agent().post(url).content_type("text/plain; charset=utf-8").send(body)?)
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> anyhow::Result<Answer> {
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
    let body = body.map_err(|error| match error {
        ureq::Error::BodyExceedsLimit(limit) => anyhow::anyhow!("the answer is longer than {limit} bytes"),
        other => other.into(),
    })?;
    Ok(Answer { status, body })
}

/// What came of a download.
pub(crate) enum Download {
    /// It is what it was.
    Nothing,
    /// It lies where it was to lie; what the server calls it, and when it says that it was changed.
    Here { tag: Option<String>, dated: Option<String> },
}

/// How long a download may take in all, and how long nothing may come.
const DOWNLOAD_PATIENCE: Duration = Duration::from_secs(2 * 60 * 60);
const SILENCE: Duration = Duration::from_secs(60);

/// From how many places to the next a download is followed.
const REDIRECTS: u32 = 5;

/// Downloads a file that was changed since it was `known` by its tag or date (RFC 9110, 13.1).
pub(crate) fn download(
    url: &str,
    known: (Option<&str>, Option<&str>),
    to: &Path,
    bytes_max: u64,
) -> anyhow::Result<Download> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(DOWNLOAD_PATIENCE))
        .timeout_connect(Some(SILENCE))
        .timeout_recv_response(Some(SILENCE))
        .max_redirects(REDIRECTS)
        .http_status_as_error(false)
        .user_agent("heliograph")
        .build();
    let mut request = ureq::Agent::from(config).get(url);
    for (name, value) in [("if-none-match", known.0), ("if-modified-since", known.1)] {
        if let Some(value) = value {
            request = request.header(name, value);
        }
    }
    let response = request.call()?;
    match response.status().as_u16() {
        200 => {}
        304 => return Ok(Download::Nothing),
        other => anyhow::bail!("the server answers {other}"),
    }
    let text = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
    let (tag, dated) = (text("etag"), text("last-modified"));
    let announced = text("content-length").and_then(|length| length.parse::<u64>().ok());
    let mut file = File::create(to)?;
    let mut body = response.into_body().into_with_config().limit(u64::MAX).reader();
    let (mut part, mut size) = (vec![0; 1 << 16], 0);
    loop {
        let length = body.read(&mut part)?;
        if length == 0 {
            break;
        }
        size += length as u64;
        anyhow::ensure!(size <= bytes_max, "the file is longer than {} GiB", bytes_max >> 30);
        file.write_all(part.get(..length).unwrap_or_default())?;
    }
    anyhow::ensure!(announced.is_none_or(|announced| announced == size), "the file breaks off");
    file.sync_all()?;
    Ok(Download::Here { tag, dated })
}
