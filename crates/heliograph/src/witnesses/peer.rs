//! A small witness that checks what c2sp.org/tlog-witness tells it to: the log's signature, and that each
//! checkpoint continues the one before.

use merkle::{Checkpoint, Hash, SigningKey, VerifierKey};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The status and the body of an answer.
type Said = (u16, String);

pub(super) struct Peer {
    pub(super) key: VerifierKey,
    pub(super) url: String,
    pub(super) state: Arc<Mutex<State>>,
}

/// What a witness keeps.
pub(super) struct State {
    log: VerifierKey,
    signer: SigningKey,
    /// The last checkpoint that it cosigned.
    pub(super) last: Option<Checkpoint>,
    /// Answers whatever it is told to, once.
    pub(super) instead: Option<Said>,
    /// Every status it gave.
    pub(super) said: Vec<u16>,
}

/// When this witness says that it saw what it cosigns.
pub(super) const AT: u64 = 1_795_514_400;

impl Peer {
    /// A witness of this log, on a port of its own, until the test ends.
    pub(super) fn of(log: VerifierKey, name: &str) -> Self {
        let signer = SigningKey::from_seed(name, [name.len().try_into().unwrap(); 32]).unwrap();
        let key = signer.witness();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/w", listener.local_addr().unwrap());
        let state = State { log, signer, last: None, instead: None, said: Vec::new() };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = serve(stream.unwrap(), &shared);
            }
        });
        Self { key, url, state }
    }

    pub(super) fn setting(&self) -> String {
        format!("{} {}", self.key, self.url)
    }

    pub(super) fn said(&self) -> Vec<u16> {
        std::mem::take(&mut self.state.lock().unwrap().said)
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    reader.read_line(&mut head)?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut state = state.lock().unwrap();
    let (status, text) = match state.instead.take() {
        Some(said) => said,
        None if !head.starts_with("POST /w/add-checkpoint ") => (404, String::new()),
        None => state.add(&String::from_utf8(body).unwrap()),
    };
    state.said.push(status);
    drop(state);
    let mut stream = stream;
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}", text.len())
}

impl State {
    /// `POST /add-checkpoint`, step by step as the specification has it.
    fn add(&mut self, body: &str) -> Said {
        let Some((head, note)) = body.split_once("\n\n") else { return (400, String::new()) };
        let mut lines = head.lines();
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).map(str::parse::<u64>);
        let Some(Ok(old)) = old else { return (400, String::new()) };
        let proof: Result<Vec<Hash>, _> = lines.map(str::parse).collect();
        let Ok(proof) = proof else { return (400, String::new()) };
        let checkpoint = match merkle::open(note, &self.log) {
            Ok(checkpoint) => checkpoint,
            Err(merkle::Error::WrongOrigin { .. }) => return (404, String::new()),
            Err(_) => return (403, String::new()),
        };
        let seen = self.last.as_ref().map_or(0, Checkpoint::size);
        if old > checkpoint.size() {
            return (400, String::new());
        }
        if old != seen {
            return (409, format!("{seen}\n"));
        }
        if let Some(last) = &self.last {
            let (new, root) = (checkpoint.size(), checkpoint.root());
            let continues = match old == new {
                true => proof.is_empty() && last.root() == root,
                false => merkle::verify_consistency(old, &last.root(), new, &root, &proof).is_ok(),
            };
            if !continues {
                return (if old == new { 409 } else { 422 }, String::new());
            }
        } else if !proof.is_empty() {
            return (422, String::new());
        }
        let line = self.signer.cosign(&checkpoint, AT).unwrap();
        self.last = Some(checkpoint);
        (200, line)
    }
}
