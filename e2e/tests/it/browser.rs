//! A browser as a person uses it: by the words on the page. Everything waits for what it needs.

use crate::webdriver::{Element, Session};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub(crate) struct Browser {
    pub(crate) session: Session,
    base: String,
    downloads: PathBuf,
}

/// How long a person waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// What can be seen, of one kind, by its words: the whole of them, else the beginning.
const BY_WORDS: &str = "
    const [selector, words] = arguments;
    const shown = [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility());
    const said = (it) => it.innerText.replace(/\\s+/g, ' ').trim();
    return shown.find((it) => said(it) === words) || shown.find((it) => said(it).startsWith(words)) || null;";

/// A control, by its label without the hint in it.
const BY_LABEL: &str = "
    const [words] = arguments;
    const own = (it) => [...it.childNodes].filter((part) => part.nodeType === 3).map((part) => part.data)
        .join(' ').replace(/\\s+/g, ' ').trim();
    const label = [...document.querySelectorAll('label')].find((it) => it.checkVisibility() && own(it) === words);
    return label ? label.control : document.querySelector(`[aria-label='${words}']`);";

/// Marks the page that is about to be left, and says whether it is: a fold, a file and a place on the
/// same page keep it.
const MARK: &str = "
    document.isLeft = true;
    return !arguments[0].matches('summary, [download], a[href^=\"#\"]');";

/// Comes back once the page has been painted.
const PAINTED: &str =
    "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));";

const ARRIVED: &str = "return !document.isLeft && document.readyState === 'complete'";

impl Browser {
    pub(crate) fn start(driver: &str, capabilities: &Value, base: &str, downloads: PathBuf) -> Self {
        let session = Session::start(driver, capabilities);
        // A window behind others has no focus to show, and Tab would go nowhere in it.
        session.chromium("Emulation.setFocusEmulationEnabled", &json!({ "enabled": true }));
        Self { session, base: base.to_owned(), downloads }
    }

    /// Types an address of the centre.
    pub(crate) fn open(&self, path: &str) {
        self.session.ask("POST", "/url", &json!({ "url": format!("{}{path}", self.base) }));
    }

    pub(crate) fn reload(&self) {
        self.session.ask("POST", "/refresh", &json!({}));
    }

    /// The address that is open, without the centre's own.
    pub(crate) fn place(&self) -> String {
        let url = self.session.ask("GET", "/url", &Value::Null);
        url.as_str().unwrap().strip_prefix(&self.base).unwrap_or_default().to_owned()
    }

    /// Everything that can be read on the page.
    pub(crate) fn text(&self) -> String {
        self.session.script("return document.body.innerText", &[]).as_str().unwrap().to_owned()
    }

    /// What can be read in one part of the page.
    pub(crate) fn text_of(&self, selector: &str) -> String {
        let script = "const it = document.querySelector(arguments[0]); return it && it.innerText.trim()";
        let text = wait(|| self.session.script(script, &[json!(selector)]).as_str().map(str::to_owned));
        text.unwrap_or_else(|| panic!("no {selector} on {}: {}", self.place(), self.text()))
    }

    /// Waits for words on the page.
    pub(crate) fn sees(&self, words: &str) {
        let seen = wait(|| self.text().contains(words).then_some(()));
        assert!(seen.is_some(), "\"{words}\" is not on {}:\n{}", self.place(), self.text());
    }

    pub(crate) fn sees_nothing_of(&self, words: &str) {
        assert!(!self.text().contains(words), "\"{words}\" is on {}:\n{}", self.place(), self.text());
    }

    pub(crate) fn press(&self, words: &str) {
        self.click("button", words);
    }

    pub(crate) fn follow(&self, words: &str) {
        self.click("a", words);
    }

    /// Opens what is folded away.
    pub(crate) fn unfold(&self, words: &str) {
        self.click("summary", words);
    }

    fn click(&self, selector: &str, words: &str) {
        let clicked = wait(|| {
            let element = self.session.find(BY_WORDS, &[json!(selector), json!(words)])?;
            let leaves = self.session.script(MARK, &[element.argument()]) == true;
            self.session.act(&element, "click", &json!({})).ok().map(|()| leaves)
        });
        let leaves = clicked
            .unwrap_or_else(|| panic!("no {selector} \"{words}\" on {}:\n{}", self.place(), self.text()));
        if leaves {
            self.arrives(words);
        }
    }

    /// Waits for the page that follows the one that was marked: what is read before it is there is
    /// still the old one's.
    fn arrives(&self, words: &str) {
        let arrived = wait(|| (self.session.script(ARRIVED, &[]) == true).then_some(()));
        assert!(arrived.is_some(), "\"{words}\" leads nowhere on {}:\n{}", self.place(), self.text());
    }

    /// The control with a label.
    fn control(&self, label: &str) -> Element {
        let found = wait(|| self.session.find(BY_LABEL, &[json!(label)]));
        found.unwrap_or_else(|| {
            panic!("nothing is labelled \"{label}\" on {}:\n{}", self.place(), self.text())
        })
    }

    fn type_into(&self, control: &Element, text: &str) {
        self.session.act(control, "value", &json!({ "text": text })).unwrap();
    }

    /// Replaces what stands in a field.
    pub(crate) fn fill(&self, label: &str, text: &str) {
        let control = self.control(label);
        self.session.act(&control, "clear", &json!({})).unwrap();
        self.type_into(&control, text);
    }

    /// Types a day and an hour, `2027-05-01T09:30`, into a date field, part by part.
    pub(crate) fn fill_date(&self, label: &str, date: &str) {
        let (day, hour) = date.split_once('T').unwrap();
        let parts: Vec<&str> = day.split('-').collect();
        let (hours, minutes) = hour.split_once(':').unwrap();
        let hours: u32 = hours.parse().unwrap();
        let half = if hours < 12 { "AM" } else { "PM" };
        let hours = if hours.is_multiple_of(12) { 12 } else { hours % 12 };
        let keys = format!("{}{}{}\u{e004}{hours:02}{minutes}{half}", parts[1], parts[2], parts[0]);
        self.type_into(&self.control(label), &keys);
        assert_eq!(self.value(label), date, "{label}");
    }

    pub(crate) fn tick(&self, label: &str) {
        self.session.act(&self.control(label), "click", &json!({})).unwrap();
    }

    /// Chooses from a list by its words.
    pub(crate) fn choose(&self, label: &str, words: &str) {
        let script = "return [...arguments[0].options].find((it) => it.label === arguments[1]) || null";
        let option = self.session.find(script, &[self.control(label).argument(), json!(words)]);
        let option = option.unwrap_or_else(|| panic!("\"{label}\" has no choice \"{words}\""));
        self.session.act(&option, "click", &json!({})).unwrap();
    }

    pub(crate) fn attach(&self, label: &str, file: &Path) {
        self.type_into(&self.control(label), &file.display().to_string());
    }

    /// What stands in a field.
    pub(crate) fn value(&self, label: &str) -> String {
        let value = self.session.script("return arguments[0].value", &[self.control(label).argument()]);
        value.as_str().unwrap().to_owned()
    }

    /// Waits until a control has the focus.
    pub(crate) fn is_in(&self, label: &str) {
        let control = self.control(label);
        let script = "return document.activeElement === arguments[0] || null";
        let there = wait(|| self.session.script(script, &[control.argument()]).as_bool());
        assert!(there.is_some(), "\"{label}\" never gets the focus on {}", self.place());
    }

    /// Types wherever the focus is.
    pub(crate) fn keys(&self, text: &str) {
        // Chromium drops what is typed before a page was painted: nobody types at what is not there yet.
        self.session.script(PAINTED, &[]);
        let press = |key: char| {
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        };
        let keys: Vec<Value> = text.chars().flat_map(press).collect();
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": keys }] });
        self.session.ask("POST", "/actions", &actions);
    }

    /// The newest downloaded file whose name ends so, once it is there.
    pub(crate) fn downloaded(&self, ending: &str) -> Option<PathBuf> {
        wait_for(Duration::from_secs(2), || {
            let files = fs::read_dir(&self.downloads).unwrap().map(|entry| entry.unwrap().path());
            files.filter(|path| path.display().to_string().ends_with(ending)).max()
        })
    }

    /// What the browser complained of since the last time, but for answers that say no.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.session.ask("POST", "/se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().cloned().unwrap_or_default();
        let message = |entry: &Value| entry["message"].as_str().unwrap_or_default().to_owned();
        let refusal = "the server responded with a status of 4";
        entries.iter().map(message).filter(|message| !message.contains(refusal)).collect()
    }
}

/// Tries again until something comes of it.
pub(crate) fn wait<T>(attempt: impl FnMut() -> Option<T>) -> Option<T> {
    wait_for(PATIENCE, attempt)
}

fn wait_for<T>(patience: Duration, mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    loop {
        let outcome = attempt();
        if outcome.is_some() || began.elapsed() > patience {
            return outcome;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.complaints(), [""; 0], "the browser complained");
        }
    }
}
