//! As much of HTTP as fetching public files from a log takes.
//!
//! Plain http: what is fetched is public and proves itself by the log's signature. HTTP/1.0, so that
//! no answer comes in chunks.

use anyhow::{Context, bail, ensure};
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long a server may stay silent.
const SILENCE: Duration = Duration::from_secs(20);

/// The largest answer: a bundle has 8.7 kB, a checkpoint with many cosignatures not more than this.
const ANSWER_BYTES_MAX: u64 = 256 * 1024;

pub(super) struct Server {
    /// For the `Host` header.
    host: String,
    address: String,
    /// What stands before `/log`.
    base: String,
}

impl Server {
    pub(super) fn parse(url: &str) -> anyhow::Result<Self> {
        if url.starts_with("https://") {
            bail!(
                "https is not spoken here. The log is public and proves itself by its signature: use \
                 http://, or a proxy of your own that speaks https for you"
            );
        }
        let rest = url.strip_prefix("http://").context("the URL should begin with http://")?;
        let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        ensure!(!host.is_empty() && !host.contains('@'), "the URL should name a host, and no password");
        ensure!(url.chars().all(|c| c.is_ascii_graphic()), "the URL has a character that no URL has");
        let path = path.trim_end_matches('/');
        let base = path.strip_suffix("/log").unwrap_or(path).to_owned();
        // A colon after the last bracket (of an IPv6 address) begins the port.
        let has_port = host.rsplit(']').next().is_some_and(|end| end.contains(':'));
        let address = if has_port { host.to_owned() } else { format!("{host}:80") };
        Ok(Self { host: host.to_owned(), address, base })
    }

    /// The body of an answer with status 200.
    pub(super) fn get(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        self.get_if_there(path)?.with_context(|| self.shown(path) + ": it answers with status 404")
    }

    /// The same, or `None` where there is no such thing.
    pub(super) fn get_if_there(&self, path: &str) -> anyhow::Result<Option<Vec<u8>>> {
        self.try_get(path).with_context(|| self.shown(path))
    }

    fn shown(&self, path: &str) -> String {
        format!("http://{}{}{path}", self.host, self.base)
    }

    fn try_get(&self, path: &str) -> anyhow::Result<Option<Vec<u8>>> {
        let address = self.address.to_socket_addrs()?.next().context("no such host")?;
        let mut stream = TcpStream::connect_timeout(&address, SILENCE)?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        let request = format!(
            "GET {}{path} HTTP/1.0\r\nHost: {}\r\nUser-Agent: heliograph-verify\r\nConnection: close\r\n\r\n",
            self.base, self.host
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX + 1).read_to_end(&mut answer)?;
        ensure!(
            answer.len() as u64 <= ANSWER_BYTES_MAX,
            "the answer is longer than {ANSWER_BYTES_MAX} bytes"
        );
        body(&answer)
    }
}

/// Takes an answer apart.
fn body(answer: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.context("this is not an HTTP answer")?;
    let head = std::str::from_utf8(&answer[..end]).context("the answer's head is not text")?;
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default();
    let code = status.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1));
    match code {
        Some("200") => {}
        Some("404") => return Ok(None),
        Some(code) if code.starts_with('3') => bail!("it answers with a redirect ({code}); use its target"),
        Some(code) => bail!("it answers with status {code}"),
        None => bail!("this is not an HTTP answer"),
    }
    let body = &answer[end + 4..];
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        if name.eq_ignore_ascii_case("transfer-encoding") {
            bail!("it answers in a transfer encoding that was not asked for");
        }
        if name.eq_ignore_ascii_case("content-length") && value.parse() != Ok(body.len()) {
            bail!("the answer broke off");
        }
    }
    Ok(Some(body.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let parts = |url| Server::parse(url).map(|it| (it.host, it.address, it.base)).unwrap();
        let own = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(parts("http://a.example"), own("a.example", "a.example:80", ""));
        assert_eq!(parts("http://a:8080/log/"), own("a:8080", "a:8080", ""));
        assert_eq!(parts("http://[::1]/x/log"), own("[::1]", "[::1]:80", "/x"));
        assert_eq!(parts("http://[::1]:99/x"), own("[::1]:99", "[::1]:99", "/x"));
        for bad in [
            "https://a",
            "ftp://a",
            "a",
            "http://",
            "http:///log",
            "http://u:p@a",
            "http://a/\r\nx",
            "http://ä",
        ] {
            assert!(Server::parse(bad).is_err(), "{bad}");
        }
        assert!(Server::parse("https://a").err().unwrap().to_string().contains("http://"));
    }

    #[test]
    fn answers_are_read_whole_or_refused() {
        let read = |text: &str| body(text.as_bytes());
        let body = Some(b"ab".to_vec());
        assert_eq!(read("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab").unwrap(), body);
        assert_eq!(read("HTTP/1.0 200 OK\r\n\r\nab").unwrap(), body);
        assert_eq!(read("HTTP/1.1 404 Not Found\r\n\r\n").unwrap(), None);
        for bad in [
            "",
            "HTTP/1.1 200 OK",
            "HTTP/1.1 500 Internal Server Error\r\n\r\n",
            "HTTP/1.1 301 Moved\r\n\r\n",
            "x\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ] {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
