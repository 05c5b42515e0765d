//! WebDriver over a plain socket: the one command of the protocol, from which all others are made.

use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A browser that a driver started; it ends when this does.
pub(crate) struct Session {
    /// `host:port` of the driver.
    driver: String,
    /// `/session/…`, the beginning of every command's path.
    place: String,
}

/// The key under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element of the page that is open.
#[derive(Debug, Clone)]
pub(crate) struct Element(String);

impl Element {
    /// As a script takes it.
    pub(crate) fn argument(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

impl Session {
    /// Starts a browser.
    pub(crate) fn start(driver: &str, capabilities: &Value) -> Self {
        let driver = driver.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let mut session = Self { driver, place: "/session".into() };
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let started = session.ask("POST", "", &wanted);
        session.place += &format!("/{}", started["sessionId"].as_str().unwrap());
        session
    }

    /// A command that has to succeed.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.exchange(method, path, body).expect("the driver answers");
        assert!(status < 400, "{path}: {} {}", answer["error"], answer["message"]);
        answer
    }

    /// Runs a script in the page; what it returns.
    pub(crate) fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.ask("POST", "/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// The element that a script returns, if it returns one.
    pub(crate) fn find(&self, script: &str, arguments: &[Value]) -> Option<Element> {
        self.script(script, arguments)[ELEMENT].as_str().map(|id| Element(id.to_owned()))
    }

    /// A command to an element; says whether it succeeded, for a page may be gone meanwhile.
    pub(crate) fn act(&self, element: &Element, verb: &str, body: &Value) -> Result<(), String> {
        let path = format!("/element/{}/{verb}", element.0);
        let (status, answer) = self.exchange("POST", &path, body).map_err(|error| error.to_string())?;
        if status < 400 { Ok(()) } else { Err(answer["message"].to_string()) }
    }

    /// A command of Chromium's own protocol.
    pub(crate) fn chromium(&self, command: &str, parameters: &Value) -> Value {
        self.ask("POST", "/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    fn exchange(&self, method: &str, path: &str, body: &Value) -> std::io::Result<(u16, Value)> {
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let mut stream = TcpStream::connect(&self.driver)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        write!(
            stream,
            "{method} {}{path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.place,
            self.driver,
            body.len()
        )?;
        let answer = read(&mut stream)?;
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
        let value: Value = serde_json::from_str(body)?;
        Ok((head[9..12].parse().expect("a status"), value["value"].clone()))
    }
}

/// Reads one answer. The driver leaves the connection open, so its length says where it ends.
fn read(stream: &mut TcpStream) -> std::io::Result<String> {
    let (mut answer, mut part) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let length = match stream.read(&mut part) {
            // Nothing was read, and nothing is wrong.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read?,
        };
        answer.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&answer);
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, _)| {
            let lines = head.lines().filter_map(|line| line.split_once(':'));
            let mut sizes = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            let size = sizes.next().and_then(|(_, size)| size.trim().parse::<usize>().ok());
            size.is_some_and(|size| answer.len() >= head.len() + 4 + size)
        });
        if whole || length == 0 {
            return Ok(text.into_owned());
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.exchange("DELETE", "", &Value::Null);
    }
}
