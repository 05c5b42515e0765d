//! What a request asks for, and for what: closed lists, and the words beside them.

use programme::Service;
use serde::{Deserialize, Serialize};

macro_rules! words_of {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $word:literal $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($variant),* }

        impl $name {
            /// All of them, with the word of programs and the words for people.
            pub(crate) const ALL: &[(Self, &'static str, &'static str)] =
                &[$((Self::$variant, $word, $text)),*];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub(crate) fn words(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

words_of! {
    /// The types of requests, as the programme names them (domain facts S24).
    RequestKind {
        EvaluationAndJudgement "evaluation_and_judgement" "evaluation and judgement";
        TechnicalSeminar "technical_seminar" "technical seminar";
        DataAnalysis "data_analysis" "data analysis";
        EventSupport "event_support" "event support";
    }
}

words_of! {
    /// What a request is for: a closed list, and every entry of it defends somebody.
    Purpose {
        Remediation "remediation" "to have a flaw mended";
        EarlyWarning "early_warning" "to warn those who are affected";
        IncidentResponse "incident_response" "to respond to an incident";
        MassPatching "mass_patching" "to have many systems patched";
        ElectionProtection "election_protection" "to protect an election";
        CriticalInfrastructure "critical_infrastructure" "to protect critical infrastructure";
        Training "training" "to train those who defend";
    }
}

impl RequestKind {
    /// The service that a contract must name for it.
    pub(crate) fn service(self) -> Service {
        match self {
            Self::EvaluationAndJudgement | Self::DataAnalysis => Service::Analysis,
            Self::TechnicalSeminar => Service::Training,
            Self::EventSupport => Service::IncidentResponse,
        }
    }
}

/// What is asked, in words. It is sealed: it may speak of a flaw under embargo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderText {
    /// Which office asks.
    pub(crate) office: String,
    /// On which law or contract it stands.
    pub(crate) legal_basis: String,
    pub(crate) question: String,
}
