//! Lists of records, taken apart: each record becomes a document of its own.

use super::entry::Bad;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A record in a list of them.
pub(super) struct Item<'a> {
    pub(super) place: String,
    /// What is kept of it: a document of its own.
    pub(super) document: Cow<'a, str>,
    /// Its own text, by which it is known again when the list around it changes.
    pub(super) own: &'a str,
}

fn list_error(error: &serde_json::Error) -> Bad {
    let place = format!("line {} column {}", error.line(), error.column());
    Bad::new(place, "not a list of records in JSON")
}

fn admit(document: &[u8]) -> Result<&str, Bad> {
    if document.len() > formats::limits::DOCUMENT_BYTES {
        let (bytes, limit) = (document.len(), formats::limits::DOCUMENT_BYTES);
        return Err(Bad::new("document", format!("{bytes} bytes, but at most {limit} are read")));
    }
    let text = std::str::from_utf8(document).map_err(|_| Bad::new("document", "not UTF-8"))?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// A list of known exploited vulnerabilities taken apart: each entry as a list of its own.
pub(super) fn listings(document: &[u8]) -> Result<Vec<Item<'_>>, Bad> {
    #[derive(serde::Deserialize)]
    struct Listed<'a> {
        #[serde(rename = "dateReleased", default)]
        released: serde_json::Value,
        #[serde(borrow)]
        vulnerabilities: Vec<&'a RawValue>,
    }
    let list: Listed<'_> = serde_json::from_str(admit(document)?).map_err(|error| list_error(&error))?;
    let released = list.released.as_str().map(serde_json::Value::from).unwrap_or_default();
    let mut items = Vec::with_capacity(list.vulnerabilities.len());
    for (at, entry) in list.vulnerabilities.into_iter().enumerate() {
        let own = entry.get();
        let alone = format!(r#"{{"catalogVersion":"","dateReleased":{released},"vulnerabilities":[{own}]}}"#);
        items.push(Item { place: format!("/vulnerabilities/{at}"), document: Cow::Owned(alone), own });
    }
    Ok(items)
}

/// A page of NVD's, a list of GitHub's advisories or of OSV's records, or an answer of OSV's interface, taken
/// apart; nothing for one record alone.
pub(super) fn items(document: &[u8]) -> Result<Vec<Item<'_>>, Bad> {
    #[derive(serde::Deserialize)]
    struct Page<'a> {
        #[serde(borrow)]
        vulnerabilities: Option<Vec<&'a RawValue>>,
        #[serde(borrow)]
        vulns: Option<Vec<&'a RawValue>>,
        cve: Option<serde::de::IgnoredAny>,
        ghsa_id: Option<serde::de::IgnoredAny>,
    }
    let text = admit(document)?;
    let (at, items): (&str, Vec<&RawValue>) = if text.trim_start().starts_with('[') {
        ("", serde_json::from_str(text).map_err(|error| list_error(&error))?)
    } else {
        let page: Page<'_> = serde_json::from_str(text).map_err(|error| list_error(&error))?;
        // An advisory has a list of this name, too.
        match (page.cve, page.ghsa_id, page.vulnerabilities, page.vulns) {
            (None, None, Some(items), _) => ("/vulnerabilities", items),
            (None, None, None, Some(items)) => ("/vulns", items),
            _ => return Ok(Vec::new()),
        }
    };
    let mut found = Vec::with_capacity(items.len());
    for (number, item) in items.into_iter().enumerate() {
        let own = item.get();
        found.push(Item { place: format!("{at}/{number}"), document: Cow::Borrowed(own), own });
    }
    Ok(found)
}
