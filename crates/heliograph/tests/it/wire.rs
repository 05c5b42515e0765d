//! HTTP over a plain socket, one connection for each request, with cookies.

use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// One person's browser, or one program.
pub(crate) struct Browser {
    address: SocketAddr,
    cookies: RefCell<BTreeMap<String, String>>,
    headers: String,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, cookies: RefCell::default(), headers: String::new() }
    }

    /// The same, sending one more header.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let headers = format!("{}{name}: {value}\r\n", self.headers);
        Self { address: self.address, cookies: self.cookies.clone(), headers }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "", b"").unwrap()
    }

    pub(crate) fn post_form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
        let body = pairs.iter().map(pair).collect::<Vec<_>>().join("&");
        self.send("POST", path, "application/x-www-form-urlencoded", body.as_bytes()).unwrap()
    }

    pub(crate) fn post_json(&self, path: &str, value: &Value) -> std::io::Result<Answer> {
        self.send("POST", path, "application/json", value.to_string().as_bytes())
    }

    pub(crate) fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> std::io::Result<Answer> {
        let cookies: Vec<String> =
            self.cookies().into_iter().map(|(name, it)| format!("{name}={it}")).collect();
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {}\r\n\
             sec-fetch-site: same-origin\r\ncontent-type: {kind}\r\n{}content-length: {}\r\n\r\n",
            self.address,
            cookies.join("; "),
            self.headers,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        // An answer that was cut off is none.
        let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
        let answer = Answer { status: head[9..12].parse().unwrap(), head: head.into(), body: body.into() };
        let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
        if length.is_some_and(|length| body.len() < length) {
            return Err(cut());
        }
        self.keep_cookies(&answer);
        Ok(answer)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its cookies, by name.
    pub(crate) fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.borrow().clone()
    }

    fn keep_cookies(&self, answer: &Answer) {
        for line in answer.head.lines() {
            let Some((name, pair)) = line.split_once(": ") else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                let (name, value) = pair.split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.borrow_mut().insert(name.into(), value.into());
            }
        }
    }

    /// Signs in and says whether that worked.
    pub(crate) fn sign_in(&self, login: &str, password: &str, code: &str) -> bool {
        let fields = [("login", login), ("password", password), ("code", code), ("next", "/account")];
        self.post_form("/login", &fields).status == 303
    }

    /// Sets a second factor up, and gives its secret and the recovery codes.
    pub(crate) fn second_factor(&self) -> (String, Vec<String>) {
        let secret = self.post_form("/account/second-factor", &[]).element("secret");
        let fields = [("code", &*code(&secret))];
        let done = self.post_form("/account/second-factor/confirm", &fields);
        assert_eq!(done.status, 200, "{}", done.body);
        let list = done.body.split_once("id=\"recovery\">").unwrap().1.split_once("</ul>").unwrap().0;
        (secret, list.split("<li>").skip(1).map(|item| item[..19].to_owned()).collect())
    }
}

/// The six digits that an authenticator program shows for a secret (RFC 4648 and 6238).
#[expect(clippy::disallowed_methods, reason = "an authenticator program reads its own machine's clock")]
fn code(secret: &str) -> String {
    let five = |c: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap();
    let bits: Vec<usize> = secret.chars().flat_map(|c| (0..5).rev().map(move |i| five(c) >> i & 1)).collect();
    let byte = |bits: &[usize]| bits.iter().fold(0, |value, bit| value << 1 | *bit as u8);
    let secret: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(now).to_string()
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    /// The text of the element with an id.
    pub(crate) fn element(&self, id: &str) -> String {
        let after = self.body.split_once(&format!("id=\"{id}\">"));
        let (_, after) = after.unwrap_or_else(|| panic!("no element {id} in {}", self.body));
        after.split('<').next().unwrap().to_owned()
    }
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
