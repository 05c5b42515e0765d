//! HTTP to the world outside: to the witnesses of our log, and to logs that are verified. Whom it asks, an
//! operator has named; where an answer leads elsewhere, nobody follows.

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
