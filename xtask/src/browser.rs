//! ChromeDriver for one test run: the browser stories speak WebDriver to it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::Context;

use crate::command;
use crate::guard::{self, Guard};

#[derive(Debug)]
pub(crate) struct Driver {
    guard: Guard,
    port: u16,
}

impl Driver {
    pub(crate) fn start() -> anyhow::Result<Driver> {
        let program = command::find("chromedriver")
            .context("no chromedriver found; `cargo xtask test --only preflight`")?
            .display()
            .to_string();
        let port = guard::free_port()?;
        let folder = guard::folder("browser", None)?;
        let guard =
            Guard::start("chromedriver", &folder, None, "TERM", &[&program, &format!("--port={port}")])?;
        let mut driver = Driver { guard, port };
        driver.guard.wait_until(|| is_ready(port))?;
        Ok(driver)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn is_ready(port: u16) -> bool {
    status_says(port, r#""ready":true"#).unwrap_or(false)
}

/// ChromeDriver leaves the connection open, so the end of the answer is not the end of the stream.
fn status_says(port: u16, expected: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(stream, "GET /status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n")?;
    let (mut answer, mut part) = (Vec::new(), [0; 1024]);
    loop {
        let length = stream.read(&mut part)?;
        answer.extend_from_slice(&part[..length]);
        if String::from_utf8_lossy(&answer).contains(expected) {
            return Ok(true);
        }
        if length == 0 {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_is_ready_on_its_port_and_gone_afterwards() {
        if command::find("chromedriver").is_none() {
            eprintln!("skipped: no chromedriver on this machine");
            return;
        }
        let driver = Driver::start().unwrap();
        let port = driver.port;
        assert_eq!(driver.url(), format!("http://127.0.0.1:{port}"));
        assert!(is_ready(port));
        drop(driver);
        assert!(!is_ready(port));
    }
}
