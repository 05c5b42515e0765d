//! Fetching the public files of a log.

use crate::outside;
use anyhow::{Context, bail, ensure};

pub(super) struct Server {
    /// What stands before `/log`.
    base: String,
}

impl Server {
    pub(super) fn parse(url: &str) -> anyhow::Result<Self> {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let rest = rest.context("the URL should begin with https:// or http://")?;
        let host = rest.split('/').next().unwrap_or_default();
        ensure!(!host.is_empty() && !host.contains('@'), "the URL should name a host, and no password");
        ensure!(url.chars().all(|c| c.is_ascii_graphic()), "the URL has a character that no URL has");
        let base = url.trim_end_matches('/');
        Ok(Self { base: base.strip_suffix("/log").unwrap_or(base).to_owned() })
    }

    /// The body of an answer with status 200.
    pub(super) fn get(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        self.get_if_there(path)?.with_context(|| format!("{}{path}: it answers with status 404", self.base))
    }

    /// The same, or `None` where there is no such thing.
    pub(super) fn get_if_there(&self, path: &str) -> anyhow::Result<Option<Vec<u8>>> {
        let url = format!("{}{path}", self.base);
        fetched(&url).with_context(|| url.clone())
    }
}

fn fetched(url: &str) -> anyhow::Result<Option<Vec<u8>>> {
    let answer = outside::get(url)?;
    match answer.status {
        200 => Ok(Some(answer.body)),
        404 => Ok(None),
        status @ 300..400 => bail!("it answers with a redirect ({status}); use its target"),
        status => bail!("it answers with status {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        for (url, base) in [
            ("http://a.example", "http://a.example"),
            ("https://a:8080/log/", "https://a:8080"),
            ("http://[::1]/x/log", "http://[::1]/x"),
        ] {
            assert_eq!(Server::parse(url).unwrap().base, base);
        }
        for bad in ["ftp://a", "a", "http://", "https:///log", "http://u:p@a", "http://a/\r\nx", "http://ä"]
        {
            assert!(Server::parse(bad).is_err(), "{bad}");
        }
    }
}
