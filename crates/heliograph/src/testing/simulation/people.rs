//! Who is there, and how they come in.

use super::centre::Centre;
use crate::access::Role;
use crate::ledger::Actor;
use crate::people::{self, Mandate};
use crate::testing::PASSWORD;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// What somebody is to the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    /// Somebody without an account or a claim code.
    Nobody,
    /// The reporter of this report.
    Reporter(String),
    /// Speaks for this organisation.
    Vendor(String),
    Coordinator,
    /// Auditor, security officer, programme manager, administrator: none of them reads a case.
    Other,
}

/// Somebody with a browser.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) who: Who,
    /// As the journal names them.
    pub(super) actor: String,
    pub(super) login: Option<String>,
    pub(super) claim: Option<String>,
    pub(super) address: IpAddr,
    pub(super) cookies: BTreeMap<String, String>,
}

/// Coordinators by their display names. The last account is the first one's person again.
const COORDINATORS: [&str; 3] = ["Anna Beispiel", "Bert Muster", "Anna B."];

impl Centre {
    /// Everybody with an account, and a stranger.
    pub(super) fn populate(&mut self) {
        self.newcomer("a stranger", Who::Nobody);
        for name in COORDINATORS {
            self.employ(name, Role::Coordinator, None, Who::Coordinator);
        }
        for role in [Role::Auditor, Role::SecurityOfficer, Role::ProgrammeManager, Role::Administrator] {
            self.employ(role.name(), role, None, Who::Other);
        }
        for (name, mandate) in [
            ("Nordwind", Mandate::Defensive),
            ("Südwind", Mandate::Defensive),
            ("Ostwind", Mandate::Defensive),
            ("Westwind", Mandate::Unknown),
        ] {
            let id = self.app.submit(move |w| people::add(w, &Actor::System, name, mandate));
            self.employ(name, Role::Vendor, Some(id.clone()), Who::Vendor(id.to_string()));
            self.vendors.push((id.to_string(), mandate));
        }
        self.register();
        self.found_unit();
    }

    /// The administrator says whose the last coordinator's account is, and shuts one of a vendor.
    fn register(&mut self) {
        let administrator = self.people.iter().position(|person| person.name == "administrator").unwrap();
        self.sign_in(administrator);
        let account = |person: &Person| person.actor.strip_prefix("account/").unwrap().to_owned();
        let [first, last] = ["Anna Beispiel", "Anna B."]
            .map(|name| self.people.iter().find(|person| person.name == name).unwrap().clone());
        let person = self.story.persons[&first.actor].clone();
        let said = self.post(
            administrator,
            "/accounts/person",
            &[("account", account(&last)), ("belongs_to", person)],
        );
        assert_eq!(said.status(), 303, "{}", said.text());
        assert_eq!(self.story.persons[&first.actor], self.story.persons[&last.actor]);
        let (nordwind, _) = self.vendors[0].clone();
        self.employ("Nordwind's former man", Role::Vendor, nordwind.parse().ok(), Who::Vendor(nordwind));
        let former = self.people.len() - 1;
        self.sign_in(former);
        let gone = account(&self.people[former]);
        let shut =
            self.post(administrator, "/accounts/change", &[("account", gone), ("do", "disable".into())]);
        assert_eq!(shut.status(), 303, "{}", shut.text());
    }

    pub(super) fn newcomer(&mut self, name: &str, who: Who) -> usize {
        let number = u16::try_from(self.people.len()).unwrap().to_be_bytes();
        let address = IpAddr::from([198, 18, number[0], number[1]]);
        self.people.push(Person {
            name: name.to_owned(),
            who,
            actor: String::new(),
            login: None,
            claim: None,
            address,
            cookies: BTreeMap::new(),
        });
        self.people.len() - 1
    }

    pub(super) fn employ(
        &mut self,
        name: &str,
        role: Role,
        organisation: Option<vocabulary::OrganisationId>,
        who: Who,
    ) {
        let login = format!("person-{}", self.people.len());
        let outside = organisation.is_some();
        self.app.begun(&login, name, &[role], organisation);
        if !outside {
            self.app.second_factor(&login);
        }
        let account = self.app.account_id(&login);
        let person = self.newcomer(name, who);
        self.people[person].login = Some(login);
        self.people[person].actor = format!("account/{account}");
        self.catch_up_with_the_journal();
    }

    /// Whoever was sent to the door goes through it.
    pub(super) fn sign_in(&mut self, person: usize) {
        let Person { login, claim, .. } = self.people[person].clone();
        // A one-time code is good for half a minute.
        self.app.advance_by(SignedDuration::from_mins(1));
        if let Some(login) = login {
            let (code, password) = (self.app.code(&login), PASSWORD.to_owned());
            let form = [("login", login), ("password", password), ("code", code), ("next", "/".into())];
            self.post(person, "/login", &form);
        } else if let Some(code) = claim {
            self.post(person, "/my/claim", &[("code", code)]);
        }
    }

    /// Whether this browser is let in by a session that has not run out.
    pub(super) fn is_in(&mut self, person: usize) -> bool {
        let place = match self.people[person].who {
            Who::Nobody => return true,
            Who::Reporter(_) => "/reads/my",
            _ => "/account",
        };
        let inside = self.get(person, place).status() == 200;
        let shut = self.story.shut.contains(&self.people[person].actor);
        assert!(!(inside && shut), "{} is let in, and the account is shut", self.people[person].name);
        inside
    }

    pub(super) fn somebody(&mut self, fits: impl Fn(&Who) -> bool) -> Option<usize> {
        let fitting: Vec<usize> =
            (0..self.people.len()).filter(|person| fits(&self.people[*person].who)).collect();
        self.dice.one(fitting)
    }
}
