//! The one authorisation point. Policies are data (Cedar), default is deny, and what is denied
//! looks like what is not there.

use super::{Permission, Viewer};
use crate::refusal::Refusal;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, Policy, PolicySet,
    Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::str::FromStr;
use vocabulary::{AccountId, OrganisationId, ReportId};

/// The policies that come with the program.
const POLICIES: &str = include_str!("../../../../policies/heliograph.cedar");
const SCHEMA: &str = include_str!("../../../../policies/heliograph.cedarschema");

/// Who is let into what belongs to a case: need-to-know, at one instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Matter {
    /// The case asks for a clearance.
    pub(crate) is_classified: bool,
    /// Accounts of those who are cleared for it, members of it, and briefed.
    pub(crate) admitted: BTreeSet<AccountId>,
    /// Accounts of those whom a conflict of interest keeps out.
    pub(crate) kept_out: BTreeSet<AccountId>,
}

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resource {
    /// The centre as a whole: may the viewer use this place at all?
    Centre,
    /// A case, with those who take part in it.
    Case {
        id: String,
        /// Organisations that may read it: they have accepted its embargo, or none holds.
        readers: BTreeSet<OrganisationId>,
        /// Organisations invited, whether or not they have answered.
        invited: BTreeSet<OrganisationId>,
        /// Reports in it whose reporters take part: have not left.
        reporters: BTreeSet<ReportId>,
        matter: Matter,
    },
    /// Whatever belongs to a case, by one of its numbers: a report, its clocks, a filing.
    Matter { subject: String, matter: Matter },
    /// A report on its own.
    Report { id: ReportId },
    /// A partner of the programme, from its enquiry on.
    Partner {
        id: String,
        /// The organisation that it is, once that is known, or empty.
        organisation: String,
        /// Accounts that were asked to assess its application.
        assessors: BTreeSet<AccountId>,
    },
    /// What somebody else certifies of an organisation or a person.
    Accreditation {
        id: String,
        /// The organisation that holds it, or empty.
        organisation: String,
        /// The accounts of the person who holds it.
        accounts: BTreeSet<AccountId>,
    },
    /// What somebody owes to an authority in a report or case.
    Filing {
        subject: String,
        /// `centre`, `reporter`, or an organisation's id.
        debtor: String,
    },
}

/// Loaded and validated policies.
pub(crate) struct Policies {
    policies: PolicySet,
    authorizer: Authorizer,
}

impl Policies {
    /// The built-in policies, or those of a file that replaces them.
    pub(crate) fn load(path: Option<&Path>) -> anyhow::Result<Self> {
        let text = match path {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))?,
            None => POLICIES.to_owned(),
        };
        let (schema, warnings) = Schema::from_cedarschema_str(SCHEMA)?;
        anyhow::ensure!(warnings.count() == 0, "the policy schema has warnings");
        // A policy is named in a log by its `@id`, not by its place in the file.
        let mut policies = PolicySet::new();
        for policy in PolicySet::from_str(&text)?.policies() {
            let id = policy.annotation("id").unwrap_or_default().to_owned();
            anyhow::ensure!(!id.is_empty(), "every policy needs an @id: {policy}");
            policies.add(Policy::new_id(policy, id.parse()?))?;
        }
        let result = Validator::new(schema).validate(&policies, ValidationMode::Strict);
        let errors: Vec<String> = result.validation_errors().map(ToString::to_string).collect();
        anyhow::ensure!(errors.is_empty(), "the policies are wrong: {}", errors.join("; "));
        Ok(Self { policies, authorizer: Authorizer::new() })
    }

    /// Whether `viewer` has `permission` on `resource`.
    pub(crate) fn allows(&self, viewer: &Viewer, permission: Permission, resource: &Resource) -> bool {
        if permission == Permission::Public {
            return true;
        }
        if let Viewer::Account(person) = viewer
            && (person.scopes.as_ref().is_some_and(|scopes| !scopes.contains(&permission))
                || person.lacks_factor && permission != Permission::SecondFactor)
        {
            return false;
        }
        self.decide(viewer, permission, resource).unwrap_or(false)
    }

    /// Refuses what is not allowed, so that a stranger cannot tell it from what does not exist.
    pub(crate) fn check(
        &self,
        viewer: &Viewer,
        permission: Permission,
        resource: &Resource,
    ) -> Result<(), Refusal> {
        match (self.allows(viewer, permission, resource), resource, viewer) {
            (true, _, _) => Ok(()),
            // The places themselves are public knowledge; things in them are not.
            (false, Resource::Centre, Viewer::Anonymous) => Err(Refusal::SignIn),
            (false, Resource::Centre, Viewer::Account(person)) if person.lacks_factor => {
                Err(Refusal::SecondFactor)
            }
            (false, _, _) => Err(Refusal::NotFound),
        }
    }

    /// `None` where the question could not be put; that counts as "no".
    fn decide(&self, viewer: &Viewer, permission: Permission, resource: &Resource) -> Option<bool> {
        let (principal, resource) = (principal(viewer)?, entity(resource)?);
        let action = uid("Action", permission.name())?;
        let request = Request::new(principal.uid(), action, resource.uid(), Context::empty(), None).ok()?;
        let entities = Entities::from_entities([principal, resource], None).ok()?;
        let answer = self.authorizer.is_authorized(&request, &self.policies, &entities);
        Some(answer.decision() == Decision::Allow)
    }
}

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind = EntityTypeName::from_str(kind).ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}

fn text(value: impl ToString) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_string())
}

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.into_iter().map(text))
}

fn need_to_know(matter: &Matter) -> HashMap<String, RestrictedExpression> {
    HashMap::from([
        ("classified".to_owned(), RestrictedExpression::new_bool(matter.is_classified)),
        ("admitted".to_owned(), texts(&matter.admitted)),
        ("kept_out".to_owned(), texts(&matter.kept_out)),
    ])
}

fn principal(viewer: &Viewer) -> Option<Entity> {
    let (id, kind, report) = match viewer {
        Viewer::Anonymous => ("anonymous".to_owned(), "anonymous", String::new()),
        Viewer::Reporter(report) => (report.to_string(), "reporter", report.to_string()),
        Viewer::Account(person) => (person.id.to_string(), "account", String::new()),
    };
    let roles: Vec<&str> = match viewer {
        Viewer::Account(person) => person.roles.iter().map(|role| role.name()).collect(),
        _ => Vec::new(),
    };
    let organisation = viewer.organisation().map(ToString::to_string).unwrap_or_default();
    let account = match viewer {
        Viewer::Account(person) => person.id.to_string(),
        _ => String::new(),
    };
    let attributes = HashMap::from([
        ("kind".to_owned(), text(kind)),
        ("report".to_owned(), text(report)),
        ("roles".to_owned(), texts(roles)),
        ("organisation".to_owned(), text(organisation)),
        ("account".to_owned(), text(account)),
    ]);
    Entity::new(uid("Viewer", &id)?, attributes, HashSet::new()).ok()
}

fn entity(resource: &Resource) -> Option<Entity> {
    let (uid, attributes) = match resource {
        Resource::Centre => (uid("Centre", "centre")?, HashMap::new()),
        Resource::Case { id, readers, invited, reporters, matter } => {
            let mut attributes = need_to_know(matter);
            attributes.extend([
                ("readers".to_owned(), texts(readers)),
                ("invited".to_owned(), texts(invited)),
                ("reporters".to_owned(), texts(reporters)),
            ]);
            (uid("Case", id)?, attributes)
        }
        Resource::Matter { subject, matter } => (uid("Matter", subject)?, need_to_know(matter)),
        Resource::Report { id } => {
            (uid("Report", id.as_str())?, HashMap::from([("id".to_owned(), text(id))]))
        }
        Resource::Partner { id, organisation, assessors } => {
            let attributes = HashMap::from([
                ("organisation".to_owned(), text(organisation)),
                ("assessors".to_owned(), texts(assessors)),
            ]);
            (uid("Partner", id)?, attributes)
        }
        Resource::Accreditation { id, organisation, accounts } => {
            let attributes = HashMap::from([
                ("organisation".to_owned(), text(organisation)),
                ("accounts".to_owned(), texts(accounts)),
            ]);
            (uid("Accreditation", id)?, attributes)
        }
        Resource::Filing { subject, debtor } => {
            let attributes =
                HashMap::from([("subject".to_owned(), text(subject)), ("debtor".to_owned(), text(debtor))]);
            (uid("Filing", subject)?, attributes)
        }
    };
    Entity::new(uid, attributes, HashSet::new()).ok()
}
