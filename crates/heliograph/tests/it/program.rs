//! The program as its users run it: to its end, or as a server.

use crate::wire::Browser;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use storage::Scratch;

/// A folder to work in, which goes when this does, and a database where one is asked for.
pub(crate) struct Place(Scratch);

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let scratch = Scratch::new().unwrap();
        fs::create_dir(scratch.dir().join("work")).unwrap();
        Self(scratch)
    }

    /// The folder in which commands run.
    pub(crate) fn folder(&self) -> PathBuf {
        self.0.dir().join("work")
    }

    /// The centre's folder; it is not there until a command makes it.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    /// The database's address, where it stands on a server.
    pub(crate) fn database(&self) -> Option<String> {
        self.0.url()
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// A command line, cut off from what is set on this machine.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heliograph"));
        command.args(arguments).env_clear().current_dir(self.folder()).env("TMPDIR", self.folder());
        command.envs(self.database().map(|url| ("HELIOGRAPH_DATABASE", url))).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        ended(&mut self.command(arguments))
    }

    /// Starts `serve` or `demo` on a free port; `name` is that of the files which take its output.
    pub(crate) fn start(&self, name: &str, command: &mut Command) -> Server {
        let (out, err) =
            (self.folder().join(format!("{name}.out")), self.folder().join(format!("{name}.err")));
        command.args(["--listen", "127.0.0.1:0"]);
        command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        let child = command.spawn().unwrap();
        let mut server = Server { child, out, err, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        server.address = server.wait_for_address();
        server
    }

    /// Starts `serve` on the centre's folder.
    pub(crate) fn serve(&self, name: &str) -> Server {
        self.start(name, &mut self.command(&["serve", "--data", "data"]))
    }
}

pub(crate) fn ended(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running centre; it is killed when this goes.
pub(crate) struct Server {
    child: Child,
    out: PathBuf,
    err: PathBuf,
    address: SocketAddr,
}

impl Server {
    fn wait_for_address(&mut self) -> SocketAddr {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            let out = self.out();
            let said = ["listens on http://", "Open http://"]
                .into_iter()
                .find_map(|words| out.split_once(words)?.1.split_once('\n'));
            if let Some((address, _)) = said {
                return address.parse().unwrap();
            }
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("it ended with {status}: {}", self.err());
            }
            sleep(Duration::from_millis(20));
        }
        panic!("it named no address: {}", self.out());
    }

    /// What it printed so far.
    pub(crate) fn out(&self) -> String {
        fs::read_to_string(&self.out).unwrap()
    }

    /// What it logged so far.
    pub(crate) fn err(&self) -> String {
        fs::read_to_string(&self.err).unwrap()
    }

    /// The one-time link of the first administrator, as a path, if one was printed.
    pub(crate) fn first_link(&self) -> Option<String> {
        // Printed after the address, so it may come a moment later; the key comes last.
        while !self.out().contains("The key that verifies") {
            sleep(Duration::from_millis(20));
        }
        let out = self.out();
        let link = out.lines().find(|line| line.contains("/invite/"))?.trim();
        let path = link.strip_prefix(&format!("http://{}", self.address));
        Some(path.unwrap_or_else(|| panic!("{link} does not lead here")).to_owned())
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// Asks it to end, as an operator or a service manager does.
    pub(crate) fn stop(&mut self) -> ExitStatus {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status();
        assert!(asked.unwrap().success());
        self.child.wait().unwrap()
    }

    /// kill -9.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
