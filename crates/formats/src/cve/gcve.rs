//! GCVE's extension of CVE records: another id, and how the record stands to others.
//!
//! Authority: GCVE-BCP-05, version 1.7 (`x_gcve` with `vulnId` and `relationships`); its verbs are a list
//! that may grow, so they stay words.

use crate::lenient::nullable;
use crate::limits::{DISTINCT, NAME_BYTES};
use crate::record::{Record, Relationship};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    vuln_id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    relationships: Vec<Given>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    dest_id: String,
    #[serde(rename = "type")]
    verb: String,
    src_id: Option<String>,
}

/// Adds what an extension says. One that does not look like what its name promises is no reason to refuse
/// the record.
pub(super) fn add(record: &mut Record, given: Option<&RawValue>) {
    let Some(given) = given else { return };
    let all: Vec<Extension> = match serde_json::from_str(given.get()) {
        Ok(all) => all,
        // Older versions of the paper have one object in the place of a list.
        Err(_) => serde_json::from_str(given.get()).into_iter().collect(),
    };
    for extension in all {
        let own = extension.vuln_id.map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        for said in extension.relationships {
            let is_own = |id: &str| id.eq_ignore_ascii_case(&record.id) || own.as_deref() == Some(id);
            // What is said of others than this record is theirs to say.
            if said.src_id.as_deref().is_none_or(is_own) {
                relate(record, &said.verb, &said.dest_id);
            }
        }
        if let Some(own) = own.filter(|own| !own.eq_ignore_ascii_case(&record.id)) {
            record.aliases.push(own);
        }
    }
}

fn relate(record: &mut Record, verb: &str, id: &str) {
    let (verb, id) = (verb.trim().to_lowercase().replace(' ', "_"), id.trim());
    let is_fit = !id.is_empty() && verb.len() <= NAME_BYTES && id.len() <= NAME_BYTES;
    if !is_fit || record.relationships.len() >= DISTINCT {
        return;
    }
    let relationship = Relationship { verb, id: id.to_owned() };
    if record.relationships.contains(&relationship) {
        return;
    }
    // The same flaw has another name; everything else is another flaw, or another part of it.
    match relationship.verb.as_str() {
        "equal" => record.aliases.push(id.to_owned()),
        _ => record.related.push(id.to_owned()),
    }
    record.relationships.push(relationship);
}

#[cfg(test)]
mod tests {
    use crate::{Kind, read};

    fn record(metadata: &str, extension: &str) -> crate::record::Record {
        let text = format!(
            r#"{{"dataType":"CVE_RECORD","dataVersion":"5.2","cveMetadata":{{{metadata},"state":"PUBLISHED"}},
                "containers":{{"cna":{{"descriptions":[],"x_gcve":{extension}}}}}}}"#
        );
        read(Kind::Cve5, text.as_bytes()).unwrap().remove(0)
    }

    /// GCVE-BCP-05, "Potential Relationship Verbs": only `equal` is another name of the same flaw.
    #[test]
    fn verbs_are_kept_and_only_equal_is_another_name() {
        let found = record(
            r#""vulnId":"GCVE-1-2025-0018""#,
            r#"[{"vulnId":"GCVE-1-2025-0018","recordType":"advisory","relationships":[
                {"destId":"CVE-2025-65095","type":"equal"},{"destId":"CVE-2025-2","type":"not equal"},
                {"destId":"CVE-2025-3","type":"subset"},{"destId":"CVE-2025-4","type":"superset","srcId":"GCVE-9-2025-1"}]}]"#,
        );
        assert_eq!(
            (found.id.as_str(), found.aliases.as_slice()),
            ("GCVE-1-2025-0018", &["CVE-2025-65095".to_owned()][..])
        );
        assert_eq!(found.related, ["CVE-2025-2", "CVE-2025-3"], "what another record says is not this one's");
        let verbs: Vec<&str> = found.relationships.iter().map(|one| one.verb.as_str()).collect();
        assert_eq!(verbs, ["equal", "not_equal", "subset"]);
    }

    #[test]
    fn a_record_of_cve_may_have_a_gcve_id_beside_it_and_odd_extensions_cost_nothing() {
        let cve = r#""cveId":"CVE-2025-1""#;
        let found = record(cve, r#"{"vulnId":"GCVE-1-2025-1","relationships":[]}"#);
        assert_eq!((found.id.as_str(), found.aliases[0].as_str()), ("CVE-2025-1", "GCVE-1-2025-1"));
        for odd in [
            "7",
            "[7]",
            r#"[{"relationships":{}}]"#,
            r#"[{"relationships":[{"destId":" ","type":"equal"}]}]"#,
        ] {
            assert_eq!(record(cve, odd).aliases, [""; 0], "{odd}");
        }
        let many: Vec<String> =
            (0..1_000).map(|number| format!(r#"{{"destId":"X-{number}","type":"related"}}"#)).collect();
        let found = record(cve, &format!(r#"[{{"relationships":[{}]}}]"#, many.join(",")));
        assert_eq!(found.relationships.len(), crate::limits::DISTINCT);
    }
}
