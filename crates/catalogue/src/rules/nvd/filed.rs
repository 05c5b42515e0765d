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
    for link in &record.references {
        for word in led_to(&link.url) {
            if !all.iter().any(|known| known == word) {
                all.push(word.to_owned());
            }
        }
    }
    all
}

/// What an address, or one within it, is filed for; letter case does not count.
fn led_to(url: &str) -> impl Iterator<Item = &'static str> {
    let is = |text: Option<&[u8]>, known: &str| {
        text.is_some_and(|text| text.eq_ignore_ascii_case(known.as_bytes()))
    };
    // Hosts end in `.gov` or `.org`, and most slashes stand behind something else.
    let ends = url
        .match_indices('/')
        .filter(|(at, _)| matches!(url[..*at].bytes().last(), Some(b'v' | b'V' | b'g' | b'G')));
    ends.flat_map(move |(at, _)| {
        let (before, behind) = (&url.as_bytes()[..at], &url.as_bytes()[at + 1..]);
        let leads = move |(_, host, path): &&(&str, &str, &str)| {
            is(before.len().checked_sub(host.len()).and_then(|from| before.get(from..)), host)
                && is(behind.get(..path.len()), path)
        };
        LINKS.iter().filter(leads).map(|(word, ..)| *word)
    })
}

/// Alerts and notes of CERTs and definitions of OVAL, by host and path, today and once.
const LINKS: [(&str, &str, &str); 6] = [
    ("link:cert-alert", "us-cert.gov", "cas/techalerts/"),
    ("link:cert-alert", "us-cert.gov", "ncas/alerts/"),
    ("link:cert-alert", "cisa.gov", "uscert/ncas/alerts/"),
    ("link:cert-note", "kb.cert.org", "vuls/id/"),
    ("link:oval", "oval.mitre.org", ""),
    ("link:oval", "oval.cisecurity.org", ""),
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
                link("kb.cert.org"),
                link("/"),
            ],
            ..Record::default()
        };
        assert_eq!(graded(&record), ["link:cert-note", "link:cert-alert"]);
        let kept = "https://web.archive.org/web/2020/HTTPS://OVAL.mitre.org/repository/data/getDef?id=oval:1";
        let record = Record { references: vec![link(kept)], ..Record::default() };
        assert_eq!(graded(&record), ["link:oval"]);
    }
}
