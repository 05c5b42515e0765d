//! What NVD's interface is asked for, as search files it.

use super::criteria::{criteria, criterion_id};
use formats::record::Record;

/// The criteria of a record as search files them: by their numbers.
pub(crate) fn filed(record: &Record) -> Vec<String> {
    criteria(record).iter().map(|one| filed_under(&criterion_id(one))).collect()
}

/// How a criterion is filed, by its number; all begin as one without a number does.
pub(crate) fn filed_under(number: &str) -> String {
    format!("criterion:{}", number.to_lowercase())
}

/// What NVD's interface is asked for besides names, words and criteria, as search files it: what stands for a
/// weakness, and what links lead to.
pub(crate) fn graded(record: &Record) -> Vec<String> {
    let mut all: Vec<String> =
        record.weakness_marks.iter().map(|mark| format!("weakness:{}", mark.to_lowercase())).collect();
    let leads_to = |places: &[&str]| {
        record.references.iter().any(|link| {
            let url = link.url.to_ascii_lowercase();
            places.iter().any(|place| url.contains(place))
        })
    };
    for (word, places) in LINKS {
        if leads_to(places) {
            all.push((*word).to_owned());
        }
    }
    all
}

/// Alerts and notes of CERTs and definitions of OVAL, by where they lie, today and once.
const LINKS: [(&str, &[&str]); 3] = [
    (
        "link:cert-alert",
        &["us-cert.gov/cas/techalerts/", "us-cert.gov/ncas/alerts/", "cisa.gov/uscert/ncas/alerts/"],
    ),
    ("link:cert-note", &["kb.cert.org/vuls/id/"]),
    ("link:oval", &["oval.mitre.org/", "oval.cisecurity.org/"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// NVD, `hasCertAlerts`, `hasCertNotes`, `hasOval`: by what the links lead to.
    #[test]
    fn links_to_certs_and_oval_are_filed() {
        let link = |url: &str| formats::record::Reference { url: url.into(), ..Default::default() };
        let record = Record {
            references: vec![
                link("http://www.kb.cert.org/vuls/id/123"),
                link("https://www.us-cert.gov/ncas/alerts/TA15-1"),
                link("https://oval.example.org/"),
            ],
            ..Record::default()
        };
        assert_eq!(graded(&record), ["link:cert-alert", "link:cert-note"]);
    }
}
