//! The centre under test and the people in it.

use super::client::Client;
use super::watch;
use crate::access::{self, Permission, Role, Route};
use crate::app::{App, Clock, Random, VIEWS};
use crate::ledger::{self, Actor, Writer};
use crate::people::{self, Mandate};
use crate::refusal::Refusal;
use crate::router;
use crate::settings::Settings;
use axum::Router;
use jiff::{SignedDuration, Timestamp};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use storage::{Scratch, Tx};
use vocabulary::{AccountId, OrganisationId};

/// What every account of a test signs in with.
pub(crate) const PASSWORD: &str = "a sentence that is long enough";

/// When every test begins, unless it says otherwise: a Tuesday after the CRA's reporting began.
const BEGIN: &str = "2026-11-24T10:00:00Z";

/// A centre of its own for one test.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(super) router: Router,
    pub(crate) routes: Vec<Route>,
    pub(crate) runtime: tokio::runtime::Runtime,
    people: AtomicU8,
    devices: RefCell<BTreeMap<String, Device>>,
    addresses: AtomicU8,
    // The last field goes last: the folder outlives whatever writes into it.
    scratch: Scratch,
}

/// What somebody signs in with besides the password.
struct Device {
    secret: [u8; 20],
    /// The step of the last code that was used.
    step: i64,
    recovery: Vec<String>,
}

impl TestApp {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// A centre with some settings of its own.
    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        Self::on(Scratch::new().unwrap(), settings, 7)
    }

    /// A centre on a database, and keys beside it, that may be there already; with chance from a seed.
    pub(crate) fn on(scratch: Scratch, settings: &[(&str, &str)], seed: u64) -> Self {
        watch::begin();
        let mut flags: Vec<(&str, String)> =
            settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        flags.push(("data", scratch.dir().display().to_string()));
        flags.extend(scratch.url().map(|url| ("database", url)));
        let settings = Settings::load(None, &flags).unwrap();
        let clock = Clock::simulated(BEGIN.parse().unwrap());
        let app = App::open(settings, clock, Random::seeded(seed)).unwrap();
        let (router, routes) = router::routes(&app);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (people, addresses) = (AtomicU8::new(0), AtomicU8::new(0));
        let devices = RefCell::default();
        Self { app, router, routes, runtime, people, devices, addresses, scratch }
    }

    /// Somebody nobody knows, at a network address of their own.
    pub(crate) fn anonymous(&self) -> Client<'_> {
        let last = self.addresses.fetch_add(1, Ordering::Relaxed);
        Client::new(self, IpAddr::from([198, 51, 100, last]))
    }

    /// Somebody whose browser keeps these cookies.
    pub(super) fn browser(&self, address: IpAddr, cookies: BTreeMap<String, String>) -> Client<'_> {
        Client::new(self, address).keeping(cookies)
    }

    /// The program ends without a word, and a new one takes over what it left: database, keys and
    /// nothing else. Clock and chance go on.
    pub(super) fn reopen(&mut self) {
        let settings = Settings::clone(&self.app.settings);
        self.app = App::open(settings, self.app.clock.clone(), self.app.random.clone()).unwrap();
        (self.router, self.routes) = router::routes(&self.app);
    }

    /// A person with an account, signed in.
    pub(crate) fn account(&self, roles: &[Role]) -> Client<'_> {
        self.signed_in(&self.login(roles, None))
    }

    /// A vendor's person, signed in.
    pub(crate) fn vendor(&self, organisation: &OrganisationId) -> Client<'_> {
        self.signed_in(&self.login(&[Role::Vendor], Some(organisation.clone())))
    }

    /// Makes an account whose person has chosen [`PASSWORD`], with a second factor where its role
    /// needs one, and gives its login.
    pub(crate) fn login(&self, roles: &[Role], organisation: Option<OrganisationId>) -> String {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let login = format!("{}-{number}", roles[0].name());
        self.begun(&login, &format!("Person {number}"), roles, organisation);
        let outside = |role: &Role| matches!(role, Role::Reporter | Role::Vendor | Role::Partner);
        if !roles.iter().all(outside) {
            self.second_factor(&login);
        }
        login
    }

    /// Makes an account and lets its person begin, with this name and without a second factor.
    pub(crate) fn begun(
        &self,
        login: &str,
        name: &str,
        roles: &[Role],
        organisation: Option<OrganisationId>,
    ) {
        let (wanted, roles) = (login.to_owned(), roles.to_vec());
        let (_, code) =
            self.submit(move |w| access::create_account(w, &Actor::System, &wanted, roles, organisation));
        let form = [("code", code.text()), ("name", name.to_owned()), ("password", PASSWORD.to_owned())];
        let done = self
            .anonymous()
            .post_form("/invite", &form.each_ref().map(|(name, value)| (*name, value.as_str())));
        assert_eq!(done.status(), 303, "{}", done.text());
    }

    /// Gives an account a second factor; from now on this centre's people know its codes.
    pub(crate) fn second_factor(&self, login: &str) {
        let (id, secret) = (self.account_id(login), self.app.random.bytes::<20>());
        // With the code before the present one, so that two more work while the clock stands.
        let step = self.now().as_second() / 30 - 1;
        let code = access::totp_code(&secret, step.unsigned_abs() * 30).unwrap();
        let (_, recovery) = self.submit(move |w| {
            access::offer_factor(w, &id, &secret, "")?;
            access::confirm_factor(w, &id, &code)
        });
        self.devices.borrow_mut().insert(login.to_owned(), Device { secret, step, recovery });
    }

    /// A code that this person's device shows and that was not used before, or a recovery code.
    pub(crate) fn code(&self, login: &str) -> String {
        let mut devices = self.devices.borrow_mut();
        let Some(device) = devices.get_mut(login) else { return String::new() };
        let now = self.now().as_second().unsigned_abs();
        let Some((step, code)) = access::next_code(&device.secret, device.step, now) else {
            return device.recovery.pop().unwrap();
        };
        device.step = step;
        code
    }

    /// One of the codes on paper that this person keeps for the day on which the device is lost.
    pub(super) fn recovery_code(&self, login: &str) -> String {
        self.devices.borrow_mut().get_mut(login).unwrap().recovery.pop().unwrap()
    }

    /// Signs in through the login form.
    pub(crate) fn signed_in(&self, login: &str) -> Client<'_> {
        let (client, code) = (self.anonymous(), self.code(login));
        let form = [("login", login), ("password", PASSWORD), ("code", code.as_str()), ("next", "/")];
        let answer = client.post_form("/login", &form);
        assert_eq!(answer.status(), 303, "{}", answer.text());
        client
    }

    /// The account of a login.
    pub(crate) fn account_id(&self, login: &str) -> AccountId {
        let all = self.read(access::credentials);
        all.into_iter().find(|found| found.login == login).unwrap().account
    }

    /// An organisation with a defensive mandate.
    pub(crate) fn organisation(&self, name: &str) -> OrganisationId {
        let name = name.to_owned();
        self.submit(move |w| people::add(w, &Actor::System, &name, Mandate::Defensive))
    }

    /// A program with a token of this person.
    pub(crate) fn token<'a>(&'a self, person: &Client<'a>, scopes: &[Permission]) -> Client<'a> {
        self.anonymous().bearer(&self.secret(person, scopes))
    }

    /// The secret of a token of this person, made on the account's page.
    pub(crate) fn secret(&self, person: &Client<'_>, scopes: &[Permission]) -> String {
        let mut form = vec![("name", "a program"), ("days", "30")];
        form.extend(scopes.iter().map(|scope| ("scope", scope.name())));
        let page = person.post_form("/account/tokens", &form);
        assert_eq!(page.status(), 200, "{}", page.text());
        super::between(page.text(), "<p class=\"sheet code\">", "</p>").to_owned()
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, hours: i64) {
        self.advance_by(SignedDuration::from_hours(hours));
    }

    pub(crate) fn advance_by(&self, time: SignedDuration) {
        self.app.clock.set(self.app.now() + time);
    }

    /// Sets the clock.
    pub(crate) fn clock_at(&self, at: &str) {
        self.app.clock.set(at.parse().unwrap());
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// Runs a command that must succeed.
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        command: impl FnOnce(&mut Writer<'_, '_>) -> Result<T, Refusal> + Send + 'static,
    ) -> T {
        self.try_submit(command).unwrap()
    }

    /// Runs a command that may be refused.
    pub(crate) fn try_submit<T: Send + 'static>(
        &self,
        command: impl FnOnce(&mut Writer<'_, '_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.app.ledger.submit_blocking(command)
    }

    /// Reads what must be readable.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, Refusal>) -> T {
        self.app.ledger.db().read(work).unwrap()
    }

    /// A count or another single number.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.read(|tx| Ok(tx.query_one(sql, &[])?.get(0)?))
    }

    /// The kinds of all events from `seq` on.
    pub(crate) fn kinds_since(&self, seq: i64) -> Vec<String> {
        let sql = "SELECT kind FROM events WHERE seq >= $1 ORDER BY seq";
        self.read(|tx| {
            Ok(tx.query(sql, storage::params![seq])?.iter().map(|row| row.get(0).unwrap()).collect())
        })
    }

    /// How many events there are.
    pub(crate) fn size(&self) -> i64 {
        self.number("SELECT CAST(COUNT(*) AS BIGINT) FROM events")
    }

    /// The tables with a row that holds these bytes.
    pub(crate) fn tables_with(&self, needle: &[u8]) -> Vec<String> {
        self.read(|tx| Ok(watch::tables_with(tx, needle)))
    }

    /// Another node of the same centre: the same database, keys and clock.
    pub(crate) fn node(&self) -> App {
        App::open((*self.app.settings).clone(), self.app.clock.clone(), Random::seeded(11)).unwrap()
    }

    /// A folder that goes when the test ends.
    pub(crate) fn folder(&self) -> &Path {
        self.scratch.dir()
    }

    /// Everything that the centre did verifies: entries, tree, checkpoints, sealed items, views.
    pub(crate) fn verify(&self) {
        self.app.ledger.checkpoint_blocking().unwrap();
        let keys = self.app.ledger.keys();
        let outcome = self.app.ledger.db().read(|tx| ledger::verify(tx, keys, VIEWS)).unwrap();
        assert_eq!(outcome.findings, Vec::new());
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        self.verify();
        self.read(|tx| {
            watch::tables(tx);
            Ok(())
        });
        watch::log();
    }
}
