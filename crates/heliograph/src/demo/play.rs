//! The stage of the play: its people, and what each act begins with. The acts lie beside it.

use super::client::Client;
use super::{Devices, PASSWORD};
use crate::access::{self, Role};
use crate::app::{App, Clock};
use crate::ledger::Actor;
use crate::people::{self, Mandate};
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use vocabulary::AccountId;

/// One of the invented people: login, name, what to print, roles, organisation.
pub(super) type Person =
    (&'static str, &'static str, &'static str, &'static [&'static str], Option<&'static str>);

pub(super) struct Stage<'a> {
    pub(super) app: &'a App,
    clock: &'a Clock,
    pub(super) now: Timestamp,
    stranger: Client,
    people: BTreeMap<&'static str, Client>,
    organisations: BTreeMap<&'static str, String>,
    pub(super) devices: Devices,
}

impl<'a> Stage<'a> {
    pub(super) fn new(app: &'a App, clock: &'a Clock, now: Timestamp, stranger: Client) -> Self {
        Self {
            app,
            clock,
            now,
            stranger,
            people: BTreeMap::new(),
            organisations: BTreeMap::new(),
            devices: BTreeMap::new(),
        }
    }

    /// Sets the clock to so long before the present.
    pub(super) fn ago(&self, before: SignedDuration) {
        self.clock.set(self.now - before);
    }

    /// Somebody whom nobody knows.
    pub(super) fn stranger(&self) -> Client {
        self.stranger.fresh()
    }

    /// The id of an organisation, by its name.
    pub(super) fn organisation(&self, name: &str) -> anyhow::Result<String> {
        self.organisations
            .get(name)
            .cloned()
            .ok_or_else(|| anyhow::anyhow!("no organisation is called {name}"))
    }

    pub(super) fn person(&mut self, login: &str) -> anyhow::Result<&mut Client> {
        self.people.get_mut(login).ok_or_else(|| anyhow::anyhow!("nobody is called {login}"))
    }

    pub(super) async fn does(
        &mut self,
        login: &str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> anyhow::Result<super::client::Answer> {
        self.person(login)?.post(path, fields).await
    }

    /// Makes the accounts; each person begins with the link and, where the role needs it, sets a
    /// second factor up, as in real use.
    pub(super) async fn people(&mut self, people: &[Person]) -> anyhow::Result<()> {
        for (login, name, _, roles, organisation) in people {
            let (id, secret) = self.account(login, roles, *organisation).await?;
            let mut client = self.stranger.fresh();
            client.post("/invite", &[("code", &secret), ("name", name), ("password", PASSWORD)]).await?;
            if organisation.is_none() {
                let secret = self.second_factor(id).await?;
                self.devices.insert(login, secret);
            }
            self.people.insert(login, client);
        }
        Ok(())
    }

    async fn second_factor(&self, id: AccountId) -> anyhow::Result<[u8; 20]> {
        let secret: [u8; 20] = self.app.random.bytes();
        let unix = self.app.now().as_second().unsigned_abs();
        let (_, code) = access::next_code(&secret, 0, unix).unwrap_or_default();
        let confirmed = self.app.ledger.submit(move |w| {
            access::offer_factor(w, &id, &secret, "")?;
            access::confirm_factor(w, &id, &code)
        });
        confirmed.await?;
        Ok(secret)
    }

    /// The code that a person's device shows, if she needs one.
    async fn code(&self, login: &str) -> anyhow::Result<String> {
        let Some(secret) = self.devices.get(login) else { return Ok(String::new()) };
        let all = self.app.read(access::credentials).await?;
        let last = all.iter().find(|account| account.login == login).map_or(0, |account| account.totp_last);
        let unix = self.app.now().as_second().unsigned_abs();
        let next = access::next_code(secret, last, unix);
        next.map(|(_, code)| code).ok_or_else(|| anyhow::anyhow!("{login} has used all codes of this moment"))
    }

    async fn account(
        &mut self,
        login: &'static str,
        roles: &'static [&'static str],
        organisation: Option<&'static str>,
    ) -> anyhow::Result<(AccountId, String)> {
        let made = self.app.ledger.submit(move |w| {
            let roles: Vec<Role> = roles.iter().map(|role| role.parse()).collect::<Result<_, _>>()?;
            let id = organisation
                .map(|name| people::add(w, &Actor::System, name, Mandate::Defensive))
                .transpose()?;
            let (account, secret) = access::create_account(w, &Actor::System, login, roles, id.clone())?;
            Ok::<_, Refusal>((account, secret.text(), id.map(String::from)))
        });
        let (account, secret, id) = made.await?;
        if let (Some(name), Some(id)) = (organisation, id) {
            self.organisations.insert(name, id);
        }
        Ok((account, secret))
    }

    /// Signs people in; a session lives for half a day only.
    pub(super) async fn sign_in(&mut self, logins: &[&'static str]) -> anyhow::Result<()> {
        for login in logins {
            let (mut client, code) = (self.stranger.fresh(), self.code(login).await?);
            client.post("/login", &[("login", login), ("password", PASSWORD), ("code", &code)]).await?;
            self.people.insert(login, client);
        }
        Ok(())
    }

    /// A stranger reports; returns the tracking number and the claim code.
    pub(super) async fn report(&mut self, fields: &[(&str, &str)]) -> anyhow::Result<(String, String)> {
        let mut client = self.stranger.fresh();
        client.get("/report").await?;
        let answer = client.post("/report", fields).await?;
        Ok((answer.element("tracking")?, answer.element("claim")?))
    }

    pub(super) async fn accept(&mut self, report: &str) -> anyhow::Result<String> {
        self.does("keller", &format!("/desk/report/{report}/accept"), &[("case", "")]).await?.led_to()
    }

    pub(super) async fn invite(&mut self, case: &str, vendors: &[&str]) -> anyhow::Result<()> {
        let ids: Vec<String> =
            vendors.iter().filter_map(|name| self.organisations.get(name).cloned()).collect();
        let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("vendor", id.as_str())).collect();
        self.does("keller", &format!("/case/{case}/invite"), &fields).await?;
        Ok(())
    }

    /// A vendor accepts the embargo, validates and accepts the report.
    pub(super) async fn vendor_joins(&mut self, login: &str, case: &str) -> anyhow::Result<()> {
        self.does(login, &format!("/case/{case}/terms"), &[("answer", "accept")]).await?;
        for step in ["validate", "accept"] {
            self.does(login, &format!("/case/{case}/report-state"), &[("step", step)]).await?;
        }
        Ok(())
    }
}
