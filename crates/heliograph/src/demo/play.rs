//! The play: who does what, and when.

use super::client::Client;
use super::{Devices, PASSWORD, days};
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
    now: Timestamp,
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

    fn person(&mut self, login: &str) -> anyhow::Result<&mut Client> {
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

    async fn grade(&mut self, case: &str, cvss31: &str, cvss40: &str, multiple: bool) -> anyhow::Result<()> {
        let fields = [
            ("cvss31", cvss31),
            ("cvss40", cvss40),
            ("triage", "yes"),
            ("report_public", "N"),
            ("supplier_contacted", "Y"),
            ("credibility", "C"),
            ("cardinality", if multiple { "M" } else { "O" }),
            ("engagement", "A"),
            ("automatable", "Y"),
            ("value_density", "C"),
            ("safety_impact", "M"),
        ];
        self.does("keller", &format!("/case/{case}/grade"), &fields).await?;
        Ok(())
    }

    /// A flaw in a gateway, coordinated with its one vendor and published.
    pub(super) async fn published_case(&mut self) -> anyhow::Result<String> {
        self.ago(days(52));
        let (report, claim) = self
            .report(&[
                ("product", "Kestrel Edge Gateway"),
                ("vendor", "Kestrel Systems"),
                ("versions", "3.0 to 3.4.1"),
                (
                    "description",
                    "The update service accepts an image whose signature covers only its header. \
                    A changed body is written to flash and run at the next start.",
                ),
                ("impact", "Whoever can reach the update port runs code as root."),
                ("how_found", "By reading the update service's log while updating a device of my own."),
                ("contact_name", "Noor Haddad"),
                ("contact_address", "noor@example.org"),
                ("credit", "yes"),
            ])
            .await?;
        self.sign_in(&["keller", "kestrel"]).await?;
        self.ago(days(51));
        self.sign_in(&["keller", "kestrel"]).await?;
        let case = self.accept(&report).await?;
        self.invite(&case, &["Kestrel Systems"]).await?;
        self.vendor_joins("kestrel", &case).await?;
        let cvss31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let cvss40 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
        self.grade(&case, cvss31, cvss40, false).await?;
        self.ago(days(20));
        self.sign_in(&["keller", "okoye", "kestrel"]).await?;
        self.does("kestrel", &format!("/case/{case}/fix"), &[("event", "fix_ready")]).await?;
        let statement = [
            ("product", "Kestrel Edge Gateway"),
            ("from", "3.0"),
            ("before", "3.4.2"),
            ("status", "affected"),
            ("text", "Update to 3.4.2. It checks the signature over the whole image."),
        ];
        self.does("kestrel", &format!("/case/{case}/statement"), &statement).await?;
        self.publish(&case).await?;
        Ok(claim)
    }

    /// Two persons publish: one writes and approves, the other approves; then it goes out.
    async fn publish(&mut self, case: &str) -> anyhow::Result<()> {
        let place = format!("/case/{case}/advisory");
        let cvss31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let text = "The update service of Kestrel Edge Gateway checks a signature over the header of an image only. \
            A changed body is written to flash and run as root at the next start.";
        let draft = [
            ("base", "0"),
            ("change", "First release"),
            ("title", "Kestrel Edge Gateway runs update images with a changed body"),
            ("summary", text),
            ("description", text),
            ("impact", "Whoever can reach the update port runs code as root."),
            ("language", "en"),
            ("vendor", "Kestrel Systems"),
            ("product", "Kestrel Edge Gateway"),
            ("which", "before"),
            ("from", "3.0"),
            ("to", "3.4.2"),
            ("status", "affected"),
            ("remedy", "vendor_fix"),
            ("details", "Update to 3.4.2. It checks the signature over the whole image."),
            ("url", "https://kestrel.example/updates/3.4.2"),
            ("statement", "We thank the finder. All supported gateways have received 3.4.2."),
            ("ecosystem", ""),
            ("package", ""),
            ("purl", ""),
            ("version_type", "custom"),
            ("vectors", cvss31),
            ("weaknesses", "CWE-347 Improper Verification of Cryptographic Signature"),
            ("link_kind", "advisory"),
            ("link_url", "https://kestrel.example/security/2026-07"),
            ("link_summary", "The vendor's own advisory"),
            ("thanks_name", "Noor Haddad"),
            ("thanks_organisation", ""),
            ("thanks_kind", "finder"),
            ("cves", "CVE-1900-40200"),
        ];
        self.does("keller", &place, &draft).await?;
        let page = self.person("keller")?.get(&place).await?;
        let (revision, hash) = (page.hidden("revision")?, page.hidden("hash")?);
        let order = [("revision", revision.as_str()), ("hash", hash.as_str())];
        self.does("keller", &format!("{place}/share"), &order).await?;
        for login in ["keller", "okoye"] {
            self.does(login, &format!("{place}/approve"), &order).await?;
        }
        self.does("okoye", &format!("{place}/publish"), &order).await?;
        Ok(())
    }

    /// Three vendors under embargo: one signed, one signed and silent since, one only invited.
    pub(super) async fn embargoed_case(&mut self) -> anyhow::Result<()> {
        self.ago(days(19));
        let (report, claim) = self
            .report(&[
                ("product", "Northlight mesh protocol stack"),
                ("vendor", "several"),
                ("versions", "all with the 2024 reference code"),
                (
                    "description",
                    "A join request with a zero-length identity makes the parser read past its buffer. \
                    The reference code is in at least four products.",
                ),
                ("impact", "A device in radio range restarts, or runs chosen code."),
                ("anonymous", "yes"),
            ])
            .await?;
        self.ago(days(18));
        self.sign_in(&["keller", "nordwind", "kestrel", "opengate"]).await?;
        let case = self.accept(&report).await?;
        self.invite(&case, &["Nordwind GmbH", "Kestrel Systems", "Open Gate Project"]).await?;
        self.vendor_joins("nordwind", &case).await?;
        self.grade(&case, "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "", true).await?;
        self.ago(days(17));
        self.sign_in(&["keller", "nordwind", "kestrel"]).await?;
        self.does("kestrel", &format!("/case/{case}/terms"), &[("answer", "accept")]).await?;
        let asks = "Which identity lengths did you try beside zero?";
        self.does("nordwind", &format!("/case/{case}/message"), &[("to", "everyone"), ("message", asks)])
            .await?;
        let mut reporter = self.stranger.fresh();
        reporter.post("/my/claim", &[("code", &claim)]).await?;
        let says = "One and two bytes as well: the same. Three and more are read correctly.";
        reporter.post("/my/case/message", &[("to", "everyone"), ("message", says)]).await?;
        self.ago(days(3));
        self.sign_in(&["keller", "nordwind"]).await?;
        let statement = [
            ("product", "Nordwind Home Hub"),
            ("from", "4.0"),
            ("before", "4.7.3"),
            ("status", "affected"),
            ("text", "We are testing 4.7.3."),
        ];
        self.does("nordwind", &format!("/case/{case}/statement"), &statement).await?;
        self.does("nordwind", &format!("/case/{case}/fix"), &[("event", "fix_ready")]).await?;
        Ok(())
    }

    /// Accepted three days ago, and its vendor has not been told: our own clock is overdue.
    pub(super) async fn overdue_case(&mut self) -> anyhow::Result<()> {
        self.ago(days(4));
        let (report, _) = self
            .report(&[
                ("product", "Baltic Field Reader BR-7"),
                ("vendor", "Baltic Devices"),
                ("description", "The service port keeps its factory password after commissioning."),
                ("impact", "Readings can be changed by anyone on the site's network."),
                ("contact_name", "Emil Saar"),
                ("contact_address", "emil@example.org"),
            ])
            .await?;
        self.ago(days(3));
        self.sign_in(&["keller"]).await?;
        self.accept(&report).await?;
        Ok(())
    }

    /// A manufacturer reports exploitation of its own product: the early warning is due within the hour.
    pub(super) async fn exploited_case(&mut self) -> anyhow::Result<()> {
        let aware = self.now - SignedDuration::from_mins(23 * 60 + 22);
        let local = aware.to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M").to_string();
        self.ago(SignedDuration::from_hours(20));
        let (report, _) = self
            .report(&[
                ("product", "Nordwind Home Hub"),
                ("vendor", "Nordwind GmbH"),
                ("versions", "4.2 to 4.7.2"),
                ("description", "The remote access relay accepts a session token of another household."),
                ("impact", "Strangers open doors that the hub controls."),
                ("exploited", "yes"),
                (
                    "exploited_evidence",
                    "Two customers report doors opened; our relay's log shows foreign tokens.",
                ),
                ("for_manufacturer", "yes"),
                ("aware", &local),
                ("aware_zone", "UTC"),
                ("contact_name", "Jonas Wirth"),
                ("contact_address", "psirt@nordwind.example"),
            ])
            .await?;
        self.ago(SignedDuration::from_hours(19));
        self.sign_in(&["keller", "nordwind"]).await?;
        let case = self.accept(&report).await?;
        self.invite(&case, &["Nordwind GmbH"]).await?;
        self.grade(&case, "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N", "", false).await
    }

    /// Reports that nobody has looked at yet.
    pub(super) async fn waiting_reports(&mut self) -> anyhow::Result<()> {
        self.ago(SignedDuration::from_hours(9));
        self.report(&[
            ("product", "Paperboat document viewer"),
            ("description", "A font table with a negative count crashes the viewer; I think it can be more."),
            ("anonymous", "yes"),
        ])
        .await?;
        self.ago(SignedDuration::from_hours(3));
        self.report(&[
            ("product", "Open Gate reverse proxy"),
            ("vendor", "Open Gate Project"),
            (
                "description",
                "Two Content-Length headers are passed on, and the second one counts behind the proxy.",
            ),
            ("public", "yes"),
            ("public_where", "https://example.org/blog/two-lengths"),
        ])
        .await?;
        self.ago(SignedDuration::from_mins(25));
        self.report(&[
            ("product", "Harbourmaster berth planner"),
            (
                "description",
                "The export of a berth list runs whatever stands in a vessel's name as a formula.",
            ),
            ("contact_name", "R. Lindqvist"),
            ("contact_address", "+46 70 000 00 00"),
        ])
        .await?;
        Ok(())
    }
}
