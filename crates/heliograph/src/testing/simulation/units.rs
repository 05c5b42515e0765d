//! A unit on its way through the partner programme, a step at a time: it applies, is assessed, becomes a
//! partner, is asked, declines or delivers. Faults strike here as everywhere, so that a step is tried until
//! it is done. What a partner earns and sees is looked at every evening.

use super::centre::Centre;
use super::people::Who;
use serde_json::Value;

/// Steps that are tried in one evening.
const STEPS: usize = 10;

const FOUND: [(&str, &str); 7] = [
    ("fact_has_analysis", "yes"),
    ("fact_has_incident_response", "yes"),
    ("fact_has_written_methods", "yes"),
    ("fact_team_size", "12"),
    ("fact_work_quality", "good"),
    ("count_coordinated_before", "6"),
    ("words", "As the evidence shows."),
];

const CONTACTS: [(&str, &str); 10] = [
    ("name", "One"),
    ("role", "analysis"),
    ("reach", "one@unit.example"),
    ("key", "01"),
    ("hours", "Mo-Fr 08-17 UTC"),
    ("name", "Two"),
    ("role", "office"),
    ("reach", "two@unit.example"),
    ("key", "02"),
    ("hours", "Mo-Fr 08-17 UTC"),
];

fn form(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

impl Centre {
    pub(super) fn programme_goes_on(&mut self) {
        (0..STEPS).for_each(|_| self.programme_step());
        self.a_level_opens_no_case();
        self.credit_stands_on_a_vendor_who_was_told();
    }

    /// Whoever has this name, signed in.
    fn named(&mut self, name: &str) -> usize {
        let person = self.people.iter().position(|person| person.name == name).unwrap();
        while !self.is_in(person) {
            self.sign_in(person);
        }
        person
    }

    /// Two texts of the first row, if there is one.
    fn row(&self, sql: &str) -> Option<(String, String)> {
        self.app.read(|tx| {
            let row = tx.query_opt(sql, &[])?;
            Ok(row.map(|row| Ok::<_, storage::Error>((row.get(0)?, row.get(1)?))).transpose()?)
        })
    }

    fn programme_step(&mut self) {
        let found = self.row("SELECT id, life FROM partners ORDER BY id LIMIT 1");
        let (id, life) = found.unwrap_or_default();
        let place = |act: &str| format!("/programme/{id}/{act}");
        let (who, place, pairs) = match life.as_str() {
            "" => {
                let organisation = self.unit.clone();
                let invite = [("organisation", organisation.as_str()), ("programme", "tsu-defensive")];
                ("programme-manager", "/programme/invite".to_owned(), form(&invite))
            }
            "invited" => return self.apply(),
            "applied" => {
                let both = ["Anna Beispiel", "Bert Muster"].map(|name| {
                    let actor = &self.people.iter().find(|person| person.name == name).unwrap().actor;
                    ("assessors", actor.strip_prefix("account/").unwrap().to_owned())
                });
                ("programme-manager", place("assessors"), both.to_vec())
            }
            "assessing" => {
                let name = self.dice.pick(&["Anna Beispiel", "Bert Muster"]);
                (name, format!("/assessments/{id}"), form(&FOUND))
            }
            "assessed" => {
                let yes = [("admit", "yes"), ("reasons", "Both found it sound.")];
                ("programme-manager", place("decide"), form(&yes))
            }
            "admitted" => {
                let terms = [("services", "analysis"), ("hours", "40"), ("terms", "As usual.")];
                ("programme-manager", place("contract"), form(&terms))
            }
            "offered" => ("the unit", "/partner/sign".to_owned(), Vec::new()),
            "contracted" => ("programme-manager", place("activate"), Vec::new()),
            "active" | "probation" => return self.work_together(&id),
            _ => return,
        };
        let person = self.named(who);
        self.post(person, &place, &pairs);
    }

    fn apply(&mut self) {
        let unit = self.named("the unit");
        for what in ["holdings", "conflicts", "foreign_disclosure"] {
            let declared = [("what", what), ("has_any", "no"), ("words", "There is nothing.")];
            self.post(unit, "/partner/declare", &form(&declared));
        }
        self.post(unit, "/partner/contacts", &form(&CONTACTS));
        let asks = [("level", "L2"), ("words", "We analyse.")];
        self.post(unit, "/partner/apply", &form(&asks));
    }

    /// A find is claimed, an accreditation looked up, something is asked and answered.
    fn work_together(&mut self, id: &str) {
        if self.dice.percent(20) {
            let claims: Vec<String> = self.people.iter().filter_map(|person| person.claim.clone()).collect();
            if let Some(claim) = self.dice.one(claims) {
                let unit = self.named("the unit");
                self.post(unit, "/partner/claim", &[("claim_code", claim)]);
            }
        }
        let accredited = self.row("SELECT id, COALESCE(checked, '') FROM accreditations ORDER BY id LIMIT 1");
        match accredited {
            None => self.register_accreditation(),
            Some((id, checked)) if checked.is_empty() => {
                let manager = self.named("programme-manager");
                let found = [("found", "holds"), ("place", "The register of the issuer.")];
                self.post(manager, &format!("/desk/accreditations/{id}/check"), &form(&found));
            }
            Some(_) => self.ask_and_answer(id),
        }
    }

    fn register_accreditation(&mut self) {
        let manager = self.named("programme-manager");
        let day = |days: i64| {
            let at = self.app.now() + jiff::SignedDuration::from_hours(24 * days);
            at.to_string()[..16].to_owned()
        };
        let (organisation, from, until) = (self.unit.clone(), day(-10), day(350));
        let paper = [
            ("organisation", organisation.as_str()),
            ("scheme", "iso-17025"),
            ("issuer", "An office"),
            ("number", "17"),
            ("from", &from),
            ("until", &until),
            ("publish", "yes"),
        ];
        self.post(manager, "/desk/accreditations", &form(&paper));
    }

    fn ask_and_answer(&mut self, partner: &str) {
        let newest = "SELECT id, stage FROM partner_requests ORDER BY year DESC, number DESC LIMIT 1";
        let (id, stage) = self.row(newest).unwrap_or_default();
        let unit = self.named("the unit");
        let answer = |act: &str| format!("/partner/requests/{id}/{act}");
        match stage.as_str() {
            "sent" if self.dice.percent(40) => {
                let before = self.merits(unit);
                let declined = self.post(unit, &answer("decline"), &[]);
                let after = self.merits(unit);
                if let (303, Some(before), Some(after)) = (declined.status(), before, after) {
                    assert_eq!(before, after, "declining a request costs nothing{}", self.last_words());
                }
            }
            "sent" => drop(self.post(unit, &answer("accept"), &[])),
            "accepted" => {
                drop(self.post(unit, &answer("deliver"), &form(&[("result", "Four of ninety.")])));
            }
            "delivered" => {
                let manager = self.named("programme-manager");
                let review = form(&[("useful", "yes"), ("feedback", "Thank you.")]);
                self.post(manager, &format!("/requests/{id}/review"), &review);
            }
            _ => {
                let manager = self.named("programme-manager");
                let case = self.any_case().unwrap_or_default();
                let order = [
                    ("partner", partner),
                    ("asks", "data_analysis"),
                    ("purpose", "remediation"),
                    ("case", case.as_str()),
                    ("office", "An office"),
                    ("legal_basis", "The contract, article 2"),
                    ("question", "Which hosts?"),
                ];
                self.post(manager, "/requests", &form(&order));
            }
        }
    }

    fn credits(&mut self, unit: usize) -> Option<Value> {
        let answer = self.get(unit, "/api/v1/partner/credits");
        (answer.status() == 200).then(|| answer.json())
    }

    /// What is found of each criterion; how soon the unit answers is no merit that a "no" could cost.
    fn merits(&mut self, unit: usize) -> Option<Vec<Value>> {
        let mut all = self.credits(unit)?["criteria"].as_array().unwrap().clone();
        all.retain(|one| one["criterion"] != "contact");
        Some(all)
    }

    /// ARCHITECTURE, never built 6: whatever its level, a partner reads no case for being one.
    fn a_level_opens_no_case(&mut self) {
        let unit = self.named("the unit");
        let cases: Vec<String> = self.story.cases.keys().cloned().collect();
        let Some(case) = self.dice.one(cases) else { return };
        for path in ["/case/", "/api/v1/cases/", "/deadlines/"] {
            let status = self.get(unit, &format!("{path}{case}")).status();
            assert!(status == 404 || status >= 500, "{path}{case}: {status}{}", self.last_words());
        }
    }

    /// ARCHITECTURE, never built 5: nothing counts without evidence that the vendor was told.
    fn credit_stands_on_a_vendor_who_was_told(&mut self) {
        let unit = self.named("the unit");
        let Some(credits) = self.credits(unit) else { return };
        for find in credits["finds"].as_array().unwrap().iter().filter(|find| find["counts"] == true) {
            let report = find["report"].as_str().unwrap();
            let Some(case) = &self.story.reports[report].case else { continue };
            let told = self.story.home(case).first_told;
            assert!(told.is_some(), "{report} counts, and no vendor was told{}", self.last_words());
        }
    }

    /// The unit and whoever speaks for it.
    pub(super) fn found_unit(&mut self) {
        let id = self.app.organisation("A unit");
        self.unit = id.to_string();
        self.employ("the unit", crate::access::Role::Partner, Some(id), Who::Other);
    }
}
