//! What can be permitted. Each route names one; the policies say who has it.

use std::fmt;
use std::str::FromStr;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// A permission, named as the policies and API tokens name it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Permission { $($(#[$doc])* $name),* }

        impl Permission {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

permissions! {
    /// Published things: catalogue, advisories, the log. Not a question for the policies.
    Public = "public",
    /// Send a report, with or without an account.
    SubmitReport = "submit-report",
    /// Follow and answer one's own report.
    FollowReport = "follow-report",
    /// Use one's own account: tokens.
    OwnAccount = "own-account",
    /// Set up one's second factor, which a session without it may do and nothing else.
    SecondFactor = "second-factor",
    /// See the queue of reports and cases.
    ViewDesk = "view-desk",
    /// Follow what is due in a calendar program, by code names.
    FollowDeadlines = "follow-deadlines",
    /// Accept, decline, grade, merge.
    Triage = "triage",
    /// Open a case and what is sealed in it.
    ViewCase = "view-case",
    /// Invite vendors, set embargoes, record facts.
    CoordinateCase = "coordinate-case",
    /// Write what a law demands of a debtor, and record that it was submitted.
    KeepFiling = "keep-filing",
    /// Answer for one's organisation in a case.
    ParticipateInCase = "participate-in-case",
    /// Speak for one's organisation in the partner programme.
    RepresentPartner = "represent-partner",
    /// Assess an application that one was asked to assess.
    AssessPartner = "assess-partner",
    /// Run the partner programme: admit, review, give out requests.
    ManageProgramme = "manage-programme",
    /// Hand in and see accreditations: one's own, and those of the organisation for which one speaks.
    HoldAccreditations = "hold-accreditations",
    /// Keep the register of accreditations: look them up with whoever issued them.
    KeepAccreditations = "keep-accreditations",
    /// Write and approve advisories.
    PublishAdvisory = "publish-advisory",
    /// See who read what.
    AuditReads = "audit-reads",
    /// See when reporters read their own reports, too.
    AuditReporters = "audit-reporters",
    /// Keep the need-to-know register: clearances, briefings, members of classified cases, conflicts.
    KeepRegister = "keep-register",
    /// Make accounts and give roles.
    ManageAccounts = "manage-accounts",
    /// Read how busy the centre is, by a monitoring program.
    ReadMetrics = "read-metrics",
    /// Keep the list of organisations.
    ManageOrganisations = "manage-organisations",
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Permission {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|permission| permission.name() == text);
        found.copied().ok_or_else(|| format!("no permission \"{text}\""))
    }
}
