//! The decision points and outcomes of the tables we use, with their keys and versions.

use super::DecisionPoint;

macro_rules! decision_point {
    ($(#[$meta:meta])* $name:ident $id:literal $title:literal {
        $($(#[$about:meta])* $variant:ident $key:literal $label:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$about])* $variant,)+ }

        impl $name {
            /// Every value, in the order of the source.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }

        impl DecisionPoint for $name {
            const ID: &'static str = $id;
            const NAME: &'static str = $title;
            const VALUES: &'static [Self] = Self::ALL;
            fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }
            fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

decision_point! {
    /// Is a viable report of the details publicly available already?
    ReportPublic "ssvc:RP:1.0.0" "Report Public" {
        /// It is.
        Yes "Y" "Yes",
        /// It is not.
        No "N" "No",
    }
}
decision_point! {
    /// Has the reporter tried in good faith to reach the supplier?
    SupplierContacted "ssvc:SCON:1.0.0" "Supplier Contacted" {
        /// Not yet.
        No "N" "No",
        /// Yes.
        Yes "Y" "Yes",
    }
}
decision_point! {
    /// Is the report credible?
    Credibility "ssvc:RC:1.0.0" "Report Credibility" {
        /// It is not.
        NotCredible "NC" "Not Credible",
        /// It is.
        Credible "C" "Credible",
    }
}
decision_point! {
    /// How many suppliers are responsible for the component?
    Cardinality "ssvc:SC:1.0.0" "Supplier Cardinality" {
        /// One.
        One "O" "One",
        /// Several.
        Multiple "M" "Multiple",
    }
}
decision_point! {
    /// Does the supplier answer and take part?
    Engagement "ssvc:SE:1.0.0" "Supplier Engagement" {
        /// It does.
        Active "A" "Active",
        /// It does not.
        Unresponsive "U" "Unresponsive",
    }
}
decision_point! {
    /// How useful an exploit is to an adversary. Follows from [`Automatable`] and [`ValueDensity`].
    Utility "ssvc:U:1.0.1" "Utility" {
        /// Neither automatable nor dense.
        Laborious "L" "Laborious",
        /// One of the two.
        Efficient "E" "Efficient",
        /// Both.
        SuperEffective "S" "Super Effective",
    }
}
decision_point! {
    /// A coarse measure of the harm to the public. Follows from [`SafetyImpact`].
    PublicSafetyImpact "ssvc:PSI:2.0.1" "Public Safety Impact" {
        /// Safety impact negligible.
        Minimal "M" "Minimal",
        /// Anything more.
        Significant "S" "Significant",
    }
}
decision_point! {
    /// How far the supplier has come, when publication is considered.
    SupplierInvolvement "ssvc:SINV:1.0.0" "Supplier Involvement" {
        /// A fix or a workaround is there.
        FixReady "FR" "Fix Ready",
        /// Working on it.
        Cooperative "C" "Cooperative",
        /// Not working on it, or silent.
        Uncooperative "UU" "Uncooperative/Unresponsive",
    }
}
decision_point! {
    /// The present state of exploitation.
    Exploitation "ssvc:E:1.1.0" "Exploitation" {
        /// No evidence, no public proof of concept.
        None "N" "None",
        /// A proof of concept is public.
        PublicPoc "P" "Public PoC",
        /// Shared, observable evidence of attacks.
        Active "A" "Active",
    }
}
decision_point! {
    /// What a publication by the coordinator would add.
    PublicValueAdded "ssvc:PVA:1.0.0" "Public Value Added" {
        /// Little: much is public already.
        Limited "L" "Limited",
        /// It amplifies or adds to what is public.
        Ampliative "A" "Ampliative",
        /// It would be the first.
        Precedence "P" "Precedence",
    }
}
decision_point! {
    /// Can an attacker reliably automate the first steps of the kill chain?
    Automatable "ssvc:A:2.0.0" "Automatable" {
        /// No.
        No "N" "No",
        /// Yes.
        Yes "Y" "Yes",
    }
}
decision_point! {
    /// How concentrated the value is in one target.
    ValueDensity "ssvc:VD:1.0.0" "Value Density" {
        /// Many systems with little each.
        Diffuse "D" "Diffuse",
        /// Few systems with much each.
        Concentrated "C" "Concentrated",
    }
}
decision_point! {
    /// What an exploit gives over the system.
    TechnicalImpact "ssvc:TI:1.0.0" "Technical Impact" {
        /// Some control.
        Partial "P" "Partial",
        /// Full control.
        Total "T" "Total",
    }
}
decision_point! {
    /// The harm to safety, after IEC 61508.
    SafetyImpact "ssvc:SI:2.0.1" "Safety Impact" {
        /// Negligible.
        Negligible "N" "Negligible",
        /// Marginal.
        Marginal "M" "Marginal",
        /// Critical. Its key is R, because C is taken.
        Critical "R" "Critical",
        /// Catastrophic.
        Catastrophic "C" "Catastrophic",
    }
}
decision_point! {
    /// What happens to the organisation's mission-essential functions (MEF).
    MissionImpact "ssvc:MI:2.0.0" "Mission Impact" {
        /// They are degraded.
        Degraded "D" "Degraded",
        /// What supports them is crippled.
        SupportCrippled "MSC" "MEF Support Crippled",
        /// One of them fails.
        FunctionFailure "MEF" "MEF Failure",
        /// The mission fails.
        MissionFailure "MF" "Mission Failure",
    }
}
decision_point! {
    /// Safety and mission impact together.
    HumanImpact "ssvc:HI:2.0.2" "Human Impact" {
        /// Low.
        Low "L" "Low",
        /// Medium.
        Medium "M" "Medium",
        /// High.
        High "H" "High",
        /// Very high.
        VeryHigh "VH" "Very High",
    }
}
decision_point! {
    /// How reachable the affected system is.
    Exposure "ssvc:EXP:1.0.1" "System Exposure" {
        /// Local or highly controlled.
        Small "S" "Small",
        /// A network with some protection.
        Controlled "C" "Controlled",
        /// The internet, or a network that cannot be controlled.
        Open "O" "Open",
    }
}
decision_point! {
    /// What a coordinator does with a report.
    Coordinate "ssvc:COORDINATE:1.0.1" "Decline, Track, Coordinate" {
        /// Do not act.
        Decline "D" "Decline",
        /// Watch.
        Track "T" "Track",
        /// Open a case.
        Coordinate "C" "Coordinate",
    }
}
decision_point! {
    /// Whether a coordinator publishes.
    Publish "ssvc:PUBLISH:1.0.0" "Publish, Do Not Publish" {
        /// Does not.
        DoNotPublish "N" "Do Not Publish",
        /// Does.
        Publish "P" "Publish",
    }
}
decision_point! {
    /// How urgent a patch is, to make or to apply.
    PatchPriority "ssvc:DSOI:1.0.0" "Defer, Scheduled, Out-of-Cycle, Immediate" {
        /// Not now.
        Defer "D" "Defer",
        /// With the next regular work.
        Scheduled "S" "Scheduled",
        /// Sooner than that.
        OutOfCycle "O" "Out-of-Cycle",
        /// Now, with all hands.
        Immediate "I" "Immediate",
    }
}
