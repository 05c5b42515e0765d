//! What accreditations permit at an instant, and what is pointed out before one ends.

use super::state::{Held, Standing};
use jiff::{SignedDuration, Timestamp};
use programme::{Scheme, Schemes, Service};

/// Whether somebody may be given a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entitled {
    /// No scheme in force speaks of the service.
    Free,
    /// By a scheme, until an instant.
    By { scheme: String, until: Timestamp },
    /// What would permit it, and what is held that does not.
    Not { needs: Vec<String>, held: Vec<String> },
}

impl Entitled {
    pub(crate) fn is_allowed(&self) -> bool {
        !matches!(self, Self::Not { .. })
    }

    /// Why not, for whoever reads it.
    pub(crate) fn reason(&self, service: Service) -> Option<String> {
        let Self::Not { needs, held } = self else { return None };
        let held = if held.is_empty() { "nothing of that".to_owned() } else { held.join("; ") };
        let (needs, service) = (needs.join("; or "), service.words());
        Some(format!("No accreditation permits it {service} now. It needs {needs}. It has {held}."))
    }
}

/// Domain facts S35: a rule says which scheme, at which level or better, permits which service, and is
/// evaluated when work is given out.
pub(crate) fn entitled(schemes: &Schemes, held: &[Held], service: Service, now: Timestamp) -> Entitled {
    let governing: Vec<&Scheme> = schemes.all().filter(|scheme| scheme.governs(service)).collect();
    if governing.is_empty() {
        return Entitled::Free;
    }
    let permitting = held.iter().filter(|one| {
        one.standing(now) == Standing::Holds
            && governing.iter().any(|scheme| {
                scheme.id == one.scheme && scheme.permits(service, one.level.as_deref(), &one.scopes)
            })
    });
    let title = |id: &str| schemes.find(id).map_or(id.to_owned(), |(scheme, _)| scheme.title.clone());
    match permitting.max_by_key(|one| one.until) {
        Some(one) => Entitled::By { scheme: title(&one.scheme), until: one.until },
        None => Entitled::Not {
            needs: governing.iter().map(|scheme| needed(scheme, service)).collect(),
            held: held
                .iter()
                .filter(|one| governing.iter().any(|scheme| scheme.id == one.scheme))
                .map(|one| said(&title(&one.scheme), one, now))
                .collect(),
        },
    }
}

fn needed(scheme: &Scheme, service: Service) -> String {
    let mut words = scheme.title.clone();
    for permit in scheme.permits.iter().filter(|permit| permit.service == service) {
        if let Some(level) = &permit.level {
            words.push_str(&format!(", {level} or better"));
        }
        if let Some(scope) = &permit.scope {
            words.push_str(&format!(", {}", scope.replace('_', " ")));
        }
    }
    words
}

fn said(title: &str, held: &Held, now: Timestamp) -> String {
    match (held.standing(now), &held.level) {
        (Standing::Holds, Some(level)) => format!("{title}, {level}, which is not enough"),
        (Standing::Holds, None) => format!("{title}, in another scope"),
        (standing, _) => format!("{title}, which is: {}", standing.words()),
    }
}

/// The days of the alert that an end within reach has come to: the shortest one reached.
pub(crate) fn alert(schemes: &Schemes, held: &Held, now: Timestamp) -> Option<u32> {
    if held.standing(now) != Standing::Holds {
        return None;
    }
    let (scheme, _) = schemes.find(&held.scheme)?;
    let left = held.until.duration_since(now);
    let reached = |days: &&u32| left <= SignedDuration::from_hours(24 * i64::from(**days));
    scheme.alert_days.iter().rev().find(reached).copied()
}

#[cfg(test)]
mod tests {
    use super::super::event::Looked;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn now() -> Timestamp {
        at("2026-11-24T10:00:00Z")
    }

    fn held(scheme: &str, level: Option<&str>, scopes: &[&str]) -> Held {
        Held {
            scheme: scheme.to_owned(),
            level: level.map(str::to_owned),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            from: at("2026-01-01T00:00:00Z"),
            until: at("2027-01-01T00:00:00Z"),
            checked: Some((at("2026-01-02T00:00:00Z"), Looked::Holds)),
            withdrawn: None,
        }
    }

    fn shipped() -> Schemes {
        Schemes::with([]).unwrap()
    }

    /// Domain facts S35.
    #[test]
    fn a_scheme_at_a_level_or_better_permits_a_service_and_nothing_else_does() {
        let schemes = shipped();
        let of = |held: &[Held], service| entitled(&schemes, held, service, now()).is_allowed();
        let response = Service::IncidentResponse;
        assert!(of(&[held("ti-accredited", Some("accredited"), &[])], response));
        assert!(of(&[held("ti-accredited", Some("certified"), &[])], response));
        assert!(!of(&[held("ti-accredited", Some("listed"), &[])], response));
        assert!(of(&[held("crest", None, &["incident_response"])], response));
        assert!(!of(&[held("crest", None, &["penetration_testing"])], response));
        assert!(!of(&[held("iso-27001", None, &[])], response));
        assert!(!of(&[held("cn-emergency-handling", Some("1"), &[])], response), "reference permits nothing");
        assert!(!of(&[], response));
        assert!(of(&[], Service::Training), "no scheme speaks of it");
    }

    /// Domain facts S34, S35: what lapsed, was withdrawn or was never looked up permits nothing.
    #[test]
    fn what_does_not_hold_now_permits_nothing() {
        let schemes = shipped();
        let good = held("iso-17025", None, &[]);
        let analysis = |held: Held| entitled(&schemes, &[held], Service::Analysis, now());
        let until = good.until;
        assert_eq!(analysis(good.clone()), Entitled::By { scheme: "ISO/IEC 17025".into(), until });
        for bad in [
            Held { until: now(), ..good.clone() },
            Held { from: at("2026-11-24T10:00:01Z"), ..good.clone() },
            Held { withdrawn: Some(now()), ..good.clone() },
            Held { checked: None, ..good.clone() },
            Held { checked: Some((now(), Looked::NotFound)), ..good.clone() },
        ] {
            let found = analysis(bad.clone());
            assert!(!found.is_allowed(), "{bad:?}");
            let reason = found.reason(Service::Analysis).unwrap();
            assert!(reason.contains("ISO/IEC 17025, which is: "), "{reason}");
        }
        assert!(
            analysis(held("iso-27001", None, &[]))
                .reason(Service::Analysis)
                .unwrap()
                .ends_with("It has nothing of that.")
        );
    }

    #[test]
    fn an_end_is_pointed_out_at_the_days_that_the_scheme_names() {
        let schemes = shipped();
        let one = held("iso-17025", None, &[]);
        for (now, days) in [
            ("2026-10-02T23:59:59Z", None),
            ("2026-10-03T00:00:00Z", Some(90)),
            ("2026-12-02T00:00:00Z", Some(30)),
            ("2026-12-25T00:00:00Z", Some(7)),
            ("2027-01-01T00:00:00Z", None),
        ] {
            assert_eq!(alert(&schemes, &one, at(now)), days, "{now}");
        }
    }
}
