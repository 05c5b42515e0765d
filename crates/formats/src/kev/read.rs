//! A KEV catalogue into the catalogue's view: a record for each entry.

use crate::lenient::{date, nullable, time};
use crate::read::{ReadError, parse};
use crate::record::{Affected, Exploited, Record, Reference, Source};
use crate::weakness;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;

/// Reads all entries from a document that has passed the door.
pub(crate) fn read(text: &str) -> Result<Vec<Record>, ReadError> {
    let catalogue: Catalogue = parse(text)?;
    let released = catalogue.released;
    Ok(catalogue.vulnerabilities.into_iter().map(|entry| record(entry, released)).collect())
}

#[derive(Deserialize)]
struct Catalogue {
    #[serde(default, rename = "dateReleased", deserialize_with = "time")]
    released: Option<Timestamp>,
    vulnerabilities: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "cveID")]
    cve_id: String,
    vendor_project: Option<String>,
    product: Option<String>,
    vulnerability_name: Option<String>,
    #[serde(default, deserialize_with = "date")]
    date_added: Option<Date>,
    short_description: Option<String>,
    required_action: Option<String>,
    #[serde(default, deserialize_with = "date")]
    due_date: Option<Date>,
    #[serde(default, deserialize_with = "ransomware")]
    known_ransomware_campaign_use: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    notes: String,
    #[serde(default, deserialize_with = "nullable")]
    cwes: Vec<String>,
}

/// The catalogue says "Known" or "Unknown"; the latter is no denial.
fn ransomware<'de, D: serde::Deserializer<'de>>(json: D) -> Result<Option<bool>, D::Error> {
    crate::lenient::word(json, |word| word.eq_ignore_ascii_case("known").then_some(true))
}

fn record(entry: Entry, released: Option<Timestamp>) -> Record {
    let mut weaknesses = Vec::new();
    for id in &entry.cwes {
        weakness::collect(&mut weaknesses, id);
    }
    let added = entry.date_added.and_then(|day| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok());
    Record {
        id: entry.cve_id.trim().to_uppercase(),
        source: Source::Kev,
        title: entry.vulnerability_name,
        summary: entry.short_description,
        published: added,
        modified: released.or(added),
        weaknesses,
        affected: vec![Affected {
            vendor: entry.vendor_project,
            product: entry.product,
            ..Affected::default()
        }],
        references: links(&entry.notes),
        exploited: Some(Exploited {
            date_added: entry.date_added,
            due_date: entry.due_date,
            ransomware: entry.known_ransomware_campaign_use,
            required_action: entry.required_action,
            reference: None,
        }),
        ..Record::default()
    }
}

/// Notes are prose with addresses in it, separated by blanks and semicolons.
fn links(notes: &str) -> Vec<Reference> {
    notes
        .split([' ', ';', '\n'])
        .map(|word| word.trim_end_matches(['.', ',', ')']))
        .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
        .map(|url| Reference { url: url.to_owned(), ..Reference::default() })
        .collect()
}
