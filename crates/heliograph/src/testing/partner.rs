//! A partner on its way, and the people around it. Every text holds [`MARK`](super::MARK).

use super::app::TestApp;
use super::client::{Answer, Client};
use crate::access::Role;
use vocabulary::{OrganisationId, PartnerId};

/// An organisation that was invited to apply.
pub(crate) struct Partnership<'a> {
    app: &'a TestApp,
    pub(crate) id: PartnerId,
    pub(crate) organisation: OrganisationId,
    /// Speaks for it.
    pub(crate) person: Client<'a>,
    pub(crate) manager: Client<'a>,
    /// Two coordinators, with their accounts.
    pub(crate) assessors: [(String, Client<'a>); 2],
}

/// What both assessors find: enough for the second level.
pub(crate) const FOUND: [(&str, &str); 7] = [
    ("fact_has_analysis", "yes"),
    ("fact_has_incident_response", "yes"),
    ("fact_has_written_methods", "yes"),
    ("fact_team_size", "12"),
    ("fact_work_quality", "good"),
    ("count_coordinated_before", "6"),
    ("words", "zinnober: as the evidence shows"),
];

/// Two contacts who count.
const CONTACTS: [(&str, &str); 12] = [
    ("name", "Zinnober One"),
    ("role", "analysis"),
    ("reach", "zinnober-1@unit.example"),
    ("key", "zinnober 01"),
    ("hours", "Mo-Fr 08-17 UTC"),
    ("out_of_hours", "yes"),
    ("name", "Zinnober Two"),
    ("role", "office"),
    ("reach", "zinnober-2@unit.example"),
    ("key", "zinnober 02"),
    ("hours", "Mo-Fr 08-17 UTC"),
    ("out_of_hours", "no"),
];

/// The steps from the invitation on, each with the place to which it leads.
const WAY: [&str; 8] =
    ["declared", "applied", "assessing", "assessed", "admitted", "offered", "contracted", "active"];

/// What a manager asks of a partner.
pub(crate) fn order_form(partner: &str) -> [(&'static str, &str); 6] {
    [
        ("partner", partner),
        ("asks", "data_analysis"),
        ("purpose", "remediation"),
        ("office", "Zinnober office"),
        ("legal_basis", "zinnober: contract, article 2"),
        ("question", "zinnober: which hosts?"),
    ]
}

fn done(answer: &Answer) {
    assert_eq!(answer.status(), 303, "{}", answer.text());
}

impl TestApp {
    /// A partner's person, signed in.
    pub(crate) fn partner_person(&self, organisation: &OrganisationId) -> Client<'_> {
        self.signed_in(&self.login(&[Role::Partner], Some(organisation.clone())))
    }

    /// An organisation that a manager has invited to apply.
    pub(crate) fn partnership(&self, name: &str) -> Partnership<'_> {
        let (organisation, manager) = (self.organisation(name), self.account(&[Role::ProgrammeManager]));
        let form = [("organisation", organisation.as_str()), ("programme", "tsu-defensive")];
        let invited = manager.post_form("/programme/invite", &form);
        done(&invited);
        let id = invited.header("location").strip_prefix("/programme/").unwrap().parse().unwrap();
        let assessors = [(); 2].map(|()| {
            let login = self.login(&[Role::Coordinator], None);
            (self.account_id(&login).to_string(), self.signed_in(&login))
        });
        let person = self.partner_person(&organisation);
        Partnership { app: self, id, organisation, person, manager, assessors }
    }

    /// The same, taken on until it stands somewhere.
    pub(crate) fn partnership_at(&self, place: &str) -> Partnership<'_> {
        let partnership = self.partnership(&format!("Unit {}", self.size()));
        partnership.go_to(place);
        partnership
    }
}

impl Partnership<'_> {
    /// A place of its manager: `""` for its page, `"/decide"`, …
    pub(crate) fn place(&self, what: &str) -> String {
        format!("/programme/{}{what}", self.id)
    }

    /// Takes every step from the invitation to a place.
    pub(crate) fn go_to(&self, place: &str) {
        let last = WAY.iter().position(|step| *step == place).unwrap();
        WAY[..=last].iter().for_each(|step| self.go_one(step));
    }

    /// Declares what is asked, and names two contacts.
    fn declare(&self) {
        for what in ["holdings", "conflicts", "foreign_disclosure"] {
            let form = [("what", what), ("has_any", "no"), ("words", "zinnober: none")];
            done(&self.person.post_form("/partner/declare", &form));
        }
        done(&self.person.post_form("/partner/contacts", &CONTACTS));
    }

    /// What the application says; its files lie beside it.
    pub(crate) fn apply(&self) -> Answer {
        let form = [&FOUND[..4], &FOUND[5..], &[("level", "L2")]].concat();
        self.person.multipart("/partner/apply", &form, &[("files", "zinnober.pdf", b"zinnober")])
    }

    /// Gives marks as one of the two.
    pub(crate) fn mark(&self, which: usize, found: &[(&str, &str)]) -> Answer {
        self.assessors[which].1.post_form(&format!("/assessments/{}", self.id), found)
    }

    pub(crate) fn name_assessors(&self) -> Answer {
        let both = self.assessors.each_ref().map(|(id, _)| ("assessors", id.as_str()));
        self.manager.post_form(&self.place("/assessors"), &both)
    }

    /// Something that a manager does with reasons.
    pub(crate) fn manage(&self, act: &str, form: &[(&str, &str)]) -> Answer {
        let form = [form, &[("reasons", "zinnober: reasons")]].concat();
        self.manager.post_form(&self.place(&format!("/{act}")), &form)
    }

    /// Takes one step.
    pub(crate) fn go_one(&self, to: &str) {
        let contract =
            [("services", "analysis"), ("services", "training"), ("hours", "40"), ("terms", "zinnober")];
        match to {
            "declared" => self.declare(),
            "applied" => done(&self.apply()),
            "assessing" => done(&self.name_assessors()),
            "assessed" => (0..2).for_each(|which| done(&self.mark(which, &FOUND))),
            "admitted" => done(&self.manage("decide", &[("admit", "yes")])),
            "offered" => done(&self.manage("contract", &contract)),
            "contracted" => done(&self.person.post_form("/partner/sign", &[])),
            _ => {
                done(&self.manage("activate", &[]));
                self.accredit("iso-17025", &[]);
            }
        }
    }

    /// Registers an accreditation of this partner for a year, and looks it up; gives its id.
    pub(crate) fn accredit(&self, scheme: &str, more: &[(&str, &str)]) -> String {
        let day = |years: i16| {
            let year = self.app.now().to_string()[..4].parse::<i16>().unwrap() + years;
            format!("{year}{}", &self.app.now().to_string()[4..16])
        };
        let (from, until) = (day(0), day(1));
        let form = [
            ("organisation", self.organisation.as_str()),
            ("scheme", scheme),
            ("issuer", "Zenith"),
            ("number", "A-17"),
            ("from", &from),
            ("until", &until),
            ("publish", "yes"),
        ];
        let made = self.manager.post_form("/desk/accreditations", &[&form, more].concat());
        done(&made);
        let place = made.header("location").to_owned();
        let found = [("found", "holds"), ("place", "zinnober: the issuer's register")];
        done(&self.manager.post_form(&format!("{place}/check"), &found));
        place.rsplit('/').next().unwrap().to_owned()
    }

    /// Asks this partner for an analysis; gives the number of the request.
    pub(crate) fn ask(&self) -> String {
        let sent = self.manager.post_form("/requests", &order_form(self.id.as_str()));
        done(&sent);
        sent.header("location").strip_prefix("/requests/").unwrap().to_owned()
    }

    /// Answers a request as this partner.
    pub(crate) fn answer(&self, request: &str, act: &str, form: &[(&str, &str)]) -> Answer {
        self.person.post_form(&format!("/partner/requests/{request}/{act}"), form)
    }

    /// Says that a report is its own.
    pub(crate) fn claim(&self, code: &str) -> Answer {
        self.person.post_form("/partner/claim", &[("claim_code", code)])
    }

    /// Where it stands, as its list says.
    pub(crate) fn life(&self) -> String {
        let sql = format!("SELECT life FROM partners WHERE id = '{}'", self.id);
        self.app.read(|tx| Ok(tx.query_one(&sql, &[])?.get(0)?))
    }

    /// The number of its certificate that holds.
    pub(crate) fn serial(&self) -> String {
        let sql = format!(
            "SELECT serial FROM partner_certificates WHERE partner = '{}' AND revoked IS NULL",
            self.id
        );
        self.app.read(|tx| Ok(tx.query_one(&sql, &[])?.get(0)?))
    }

    /// Its level, if it has one.
    pub(crate) fn level(&self) -> Option<String> {
        let sql = format!("SELECT level FROM partners WHERE id = '{}'", self.id);
        self.app.read(|tx| Ok(tx.query_one(&sql, &[])?.get(0)?))
    }
}
