//! The real program with its invented centre, one for each story, and browsers to visit it.

use crate::browser::Browser;
use serde_json::json;
use std::cell::Cell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub(crate) struct Centre {
    driver: String,
    program: PathBuf,
    child: Child,
    folder: PathBuf,
    base: String,
    browsers: Cell<u32>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Centre {
    /// Starts an invented centre, or says why the story cannot be played.
    pub(crate) fn open() -> Option<Self> {
        let variable = |name: &str| {
            let value = std::env::var(name).ok();
            if value.is_none() {
                println!("skipped: {name} is not set");
            }
            value
        };
        let driver = variable("HELIOGRAPH_TEST_WEBDRIVER")?;
        let program = PathBuf::from(variable("HELIOGRAPH_TEST_PROGRAM")?);
        let name = format!("heliograph-e2e-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        let out = folder.join("demo.out");
        let mut command = Command::new(&program);
        command.args(["demo", "--listen", "127.0.0.1:0", "--data", "data"]).current_dir(&folder);
        command.stdin(Stdio::null()).stdout(File::create(&out).unwrap());
        let child = command.stderr(File::create(folder.join("demo.err")).unwrap()).spawn().unwrap();
        let base = String::new();
        let mut centre = Self { driver, program, child, folder, base, browsers: Cell::new(0) };
        centre.base = centre.wait_for_address(&out);
        Some(centre)
    }

    fn wait_for_address(&mut self, out: &Path) -> String {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(60) {
            let out = fs::read_to_string(out).unwrap();
            let opened = out.split_once("Open ").and_then(|(_, after)| after.split_once('\n'));
            if let Some((address, _)) = opened {
                return address.to_owned();
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the program ended: {}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the program named no address: {}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("demo.err")).unwrap_or_default()
    }

    /// Writes a file for somebody to attach.
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Runs the program beside the server; its exit code and what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(&self.program).args(arguments).current_dir(&self.folder).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    /// A fresh browser: nobody is signed in.
    pub(crate) fn browser(&self) -> Browser {
        self.browser_with(&[])
    }

    /// A fresh browser that runs no scripts.
    pub(crate) fn browser_without_scripts(&self) -> Browser {
        self.browser_with(&["--blink-settings=scriptEnabled=false"])
    }

    /// A browser in which somebody of the invented centre has signed in, by the button on the page
    /// that the demo adds. A one-time code works once, so a second sign-in may wait for the next.
    pub(crate) fn signed_in(&self, login: &str) -> Browser {
        Self::sign_in(self.browser(), login)
    }

    /// The same, in a browser that runs no scripts.
    pub(crate) fn signed_in_without_scripts(&self, login: &str) -> Browser {
        Self::sign_in(self.browser_without_scripts(), login)
    }

    fn sign_in(browser: Browser, login: &str) -> Browser {
        let button = format!("Sign in as {login}");
        browser.open("/demo");
        let began = Instant::now();
        while !browser.text().contains(&button) && began.elapsed() < Duration::from_secs(40) {
            std::thread::sleep(Duration::from_secs(1));
            browser.reload();
        }
        browser.press(&button);
        browser.sees("Sign out");
        browser
    }

    fn browser_with(&self, more: &[&str]) -> Browser {
        self.browsers.set(self.browsers.get() + 1);
        let own = self.folder.join(format!("browser-{}", self.browsers.get()));
        let downloads = own.join("downloads");
        fs::create_dir_all(&downloads).unwrap();
        let profile = format!("--user-data-dir={}", own.join("profile").display());
        let mut arguments = vec![
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-sync",
            "--no-first-run",
            "--lang=en-US",
            "--window-size=1440,1000",
            &profile,
        ];
        arguments.extend(more);
        let capabilities = json!({
            "browserName": "chrome",
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "args": arguments,
                "prefs": {
                    "download.default_directory": downloads,
                    "download.prompt_for_download": false,
                    "intl.accept_languages": "en-US",
                },
            },
        });
        Browser::start(&self.driver, &capabilities, &self.base, downloads)
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let log = self.log();
        let _ = fs::remove_dir_all(&self.folder);
        if !std::thread::panicking() {
            assert_eq!(log, "", "the program complained");
        } else if !log.is_empty() {
            eprintln!("the program's log:\n{log}");
        }
    }
}
