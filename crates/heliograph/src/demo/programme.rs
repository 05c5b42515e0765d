//! The partner programme in the play: a partner with a record, one that is being assessed, an enquiry.

use super::days;
use super::play::Stage;
use crate::access;
use jiff::SignedDuration;

/// So many hours after the first case went out: time only goes on.
fn hours_later(hours: i64) -> SignedDuration {
    days(20) - SignedDuration::from_hours(hours)
}

/// What both assessors find of the partner: enough for its second level.
pub(super) const FOUND: [(&str, &str); 6] = [
    ("fact_has_analysis", "yes"),
    ("fact_has_incident_response", "yes"),
    ("fact_has_written_methods", "yes"),
    ("fact_team_size", "14"),
    ("fact_work_quality", "good"),
    ("count_coordinated_before", "6"),
];

impl Stage<'_> {
    /// Helix Security Labs becomes a partner; `claim` is the claim code of a report of its own.
    pub(super) async fn partner(&mut self, claim: &str) -> anyhow::Result<()> {
        self.ago(hours_later(2));
        self.sign_in(&["lindgren", "helix"]).await?;
        let id = self.invite_to_apply("Helix Security Labs").await?;
        self.applies(
            "helix",
            "Fourteen people in Turku analyse firmware and answer incidents, by written methods.",
            &FOUND,
        )
        .await?;
        self.assessed(&id, &["keller", "okoye"], &FOUND).await?;
        self.ago(hours_later(4));
        self.sign_in(&["lindgren", "helix", "okoye"]).await?;
        let place = format!("/programme/{id}");
        let yes = [
            ("admit", "yes"),
            ("reasons", "Both assessors found the evidence sound; six cases with vendors' words."),
        ];
        self.does("lindgren", &format!("{place}/decide"), &yes).await?;
        let contract = [
            ("services", "analysis"),
            ("services", "incident_response"),
            ("services", "training"),
            ("hours", "120"),
            (
                "terms",
                "The centre names the office that asks and the legal basis. What is sealed stays sealed. \
                A request may be declined without a reason.",
            ),
        ];
        self.does("lindgren", &format!("{place}/contract"), &contract).await?;
        self.does("helix", "/partner/sign", &[]).await?;
        self.does("lindgren", &format!("{place}/activate"), &[]).await?;
        self.accreditations("Helix Security Labs").await?;
        self.record(&place, claim).await?;
        self.requests(&id).await
    }

    /// What others certify of a partner, looked up with whoever issued it: one ends soon.
    async fn accreditations(&mut self, name: &'static str) -> anyhow::Result<()> {
        let organisation = self.organisation(name)?;
        let day = |days_from_now: i64| {
            let at = self.app.now() + days(20 + days_from_now);
            at.to_string().chars().take(16).collect::<String>()
        };
        let papers = [
            ("crest", "vulnerability_assessment", "", "CREST", "CR-04417", day(-345), day(18)),
            (
                "ti-accredited",
                "",
                "accredited",
                "TF-CSIRT Trusted Introducer",
                "helix-labs",
                day(-300),
                day(400),
            ),
            ("iso-27001", "", "", "Nordic Certification", "NC-2291", day(-500), day(560)),
        ];
        for (scheme, scope, level, issuer, number, from, until) in papers {
            let mut form = vec![
                ("organisation", organisation.as_str()),
                ("scheme", scheme),
                ("level", level),
                ("issuer", issuer),
                ("number", number),
                ("from", from.as_str()),
                ("until", until.as_str()),
                ("publish", "yes"),
            ];
            form.extend(Some(("scopes", scope)).filter(|(_, scope)| !scope.is_empty()));
            let id = self.does("lindgren", "/desk/accreditations", &form).await?.led_to()?;
            let found = [("found", "holds"), ("place", "The issuer's own register, on its page.")];
            self.does("lindgren", &format!("/desk/accreditations/{id}/check"), &found).await?;
        }
        Ok(())
    }

    pub(super) async fn invite_to_apply(&mut self, organisation: &'static str) -> anyhow::Result<String> {
        let organisation = self.organisation(organisation)?;
        let form = [("organisation", organisation.as_str()), ("programme", "tsu-defensive")];
        self.does("lindgren", "/programme/invite", &form).await?.led_to()
    }

    pub(super) async fn applies(
        &mut self,
        login: &'static str,
        words: &str,
        found: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        for what in ["holdings", "conflicts", "foreign_disclosure"] {
            let form = [("what", what), ("has_any", "no"), ("words", "There is nothing to declare.")];
            self.does(login, "/partner/declare", &form).await?;
        }
        let contacts = [
            ("name", "Aino Virtanen"),
            ("role", "Head of analysis"),
            ("reach", "aino@unit.example"),
            ("key", "71C4 A9D0 5B2E 8F13"),
            ("hours", "Mo-Fr 08:00-17:00 Europe/Helsinki"),
            ("out_of_hours", "yes"),
            ("name", "Mikael Strand"),
            ("role", "Duty officer"),
            ("reach", "+358 9 000 000"),
            ("key", "0E55 6D21 C7AA 9042"),
            ("hours", "Every day, 08:00-22:00 Europe/Helsinki"),
            ("out_of_hours", "yes"),
        ];
        self.does(login, "/partner/contacts", &contacts).await?;
        let mut asks = found.to_vec();
        // How good its work is, the assessors judge.
        asks.retain(|(name, _)| *name != "fact_work_quality");
        asks.extend([("level", "L2"), ("words", words)]);
        self.does(login, "/partner/apply", &asks).await?;
        Ok(())
    }

    /// Two are named; those who are given here have marked.
    pub(super) async fn assessed(
        &mut self,
        id: &str,
        marked: &[&'static str],
        found: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let all = self.app.read(access::credentials).await?;
        let account = |login: &str| {
            let found = all.iter().find(|found| found.login == login).map(|found| found.account.to_string());
            found.ok_or_else(|| anyhow::anyhow!("nobody is called {login}"))
        };
        let (first, second) = (account("keller")?, account("okoye")?);
        let both = [("assessors", first.as_str()), ("assessors", second.as_str())];
        self.does("lindgren", &format!("/programme/{id}/assessors"), &both).await?;
        self.sign_in(marked).await?;
        for login in marked {
            let words =
                [("words", "The evidence shows it: methods in writing, and what vendors say of six cases.")];
            let marks = [found, &words].concat();
            self.does(login, &format!("/assessments/{id}"), &marks).await?;
        }
        Ok(())
    }

    /// What counts: a find of its own, two alerts, numbers that the centre measured.
    async fn record(&mut self, place: &str, claim: &str) -> anyhow::Result<()> {
        self.does("helix", "/partner/claim", &[("claim_code", claim)]).await?;
        for (number, words) in [
            (
                "1",
                "Scans for the gateway's update port have tripled since Monday; three networks, listed below.",
            ),
            ("2", "An exploit for the berth planner is offered for sale; the seller's sample works."),
        ] {
            self.alerts("helix", place, number, words).await?;
        }
        self.stated(place, "88").await
    }

    /// An alert that the centre found timely and confirmed.
    pub(super) async fn alerts(
        &mut self,
        login: &'static str,
        place: &str,
        number: &str,
        words: &str,
    ) -> anyhow::Result<()> {
        self.does(login, "/partner/alert", &[("words", words)]).await?;
        let review = [
            ("number", number),
            ("timely", "yes"),
            ("confirmed", "yes"),
            ("severity", "high"),
            ("feedback", "Confirmed by two operators. Thank you."),
        ];
        self.does("lindgren", &format!("{place}/alert"), &review).await?;
        Ok(())
    }

    /// The numbers that the centre measured.
    pub(super) async fn stated(&mut self, place: &str, scorecard: &str) -> anyhow::Result<()> {
        for (fact, value) in
            [("scorecard_mean", scorecard), ("drill_answer_p90_hours", "5"), ("ack_p90_business_days", "1")]
        {
            let form = [("fact", fact), ("value", value), ("evidence", "Measured over the last 180 days.")];
            self.does("lindgren", &format!("{place}/fact"), &form).await?;
        }
        Ok(())
    }

    /// One request delivered and reviewed, one declined, one that waits.
    async fn requests(&mut self, id: &str) -> anyhow::Result<()> {
        let mut numbers = Vec::new();
        for (asks, purpose, question) in [
            ("data_analysis", "remediation", "Which of the attached update logs show a changed body?"),
            (
                "technical_seminar",
                "training",
                "A morning on reading firmware images, for twelve people of hospitals.",
            ),
            (
                "event_support",
                "critical_infrastructure",
                "Help two water works to patch their gateways next week.",
            ),
        ] {
            let order = [
                ("partner", id),
                ("asks", asks),
                ("purpose", purpose),
                ("office", "Coordination office"),
                ("legal_basis", "Contract with the centre, article 2"),
                ("question", question),
            ];
            numbers.push(self.does("lindgren", "/requests", &order).await?.led_to()?);
        }
        let at = |number: usize, act: &str| format!("/partner/requests/{}/{act}", numbers[number]);
        self.does("helix", &at(0, "accept"), &[]).await?;
        let result = [("result", "Four of the ninety logs: all from one reseller. The list lies below.")];
        self.does("helix", &at(0, "deliver"), &result).await?;
        let review = [("useful", "yes"), ("feedback", "The reseller's images were replaced the same day.")];
        self.does("lindgren", &format!("/requests/{}/review", numbers[0]), &review).await?;
        self.does("helix", &at(1, "decline"), &[("reasons", "")]).await?;
        Ok(())
    }

    /// Tidewater Analytics is being assessed, and one of two marks is in; somebody else only asks.
    pub(super) async fn applicants(&mut self) -> anyhow::Result<()> {
        self.ago(hours_later(8));
        self.sign_in(&["lindgren", "tidewater"]).await?;
        let id = self.invite_to_apply("Tidewater Analytics").await?;
        self.applies(
            "tidewater",
            "Nine people analyse industrial protocols; we have taken two cases to a fix.",
            &FOUND,
        )
        .await?;
        self.assessed(&id, &["keller"], &FOUND).await?;
        self.ago(hours_later(10));
        let asks = [
            ("organisation", "Institute for Quiet Machines"),
            ("reach", "contact@quiet.example"),
            ("words", "We build test benches for pumps. May a research institute be a partner?"),
        ];
        self.stranger().post("/partners/enquiry", &asks).await?;
        Ok(())
    }
}
