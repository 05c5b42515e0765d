//! Bills of materials: what a product is made of.
//!
//! Authority: CycloneDX 1.2 to 1.7 in JSON (`components`, nested ones too, and `vulnerabilities` with
//! their `analysis`), SPDX 2.2 and 2.3 in JSON (`packages` with `externalRefs`).

mod cyclonedx;
mod spdx;

use crate::door;
use crate::read::{ReadError, Reason, parse};
use crate::vex::Statement;
use serde::Deserialize;

/// A bill of materials, as far as questions about its parts need it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sbom {
    /// `CycloneDX 1.6`, `SPDX-2.3`.
    pub format: String,
    /// What it is a bill of, if it says so.
    pub subject: Option<Component>,
    /// The parts, in the document's order, parts of parts included.
    pub components: Vec<Component>,
    /// What it says itself of vulnerabilities of its parts.
    pub statements: Vec<Statement>,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Component {
    /// JSON pointer to it.
    pub place: String,
    /// Its name, with its group if it has one.
    pub name: String,
    /// Its version, where given apart from its names.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its CPE names.
    pub cpes: Vec<String>,
}

/// Reads a bill of materials.
///
/// # Errors
/// If it is none, or breaks one of the limits in [`crate::limits`]; with the place.
pub fn read(bytes: &[u8]) -> Result<Sbom, ReadError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head {
        bom_format: Option<String>,
        spdx_version: Option<String>,
    }
    let text = door::admit(bytes)?;
    let head: Head = parse(text)?;
    match (head.bom_format.as_deref(), head.spdx_version.as_deref()) {
        (Some("CycloneDX"), _) => cyclonedx::read(text),
        (_, Some(version)) if version.starts_with("SPDX-2.") => spdx::read(text),
        _ => {
            let reason = "neither CycloneDX nor SPDX 2 in JSON".to_owned();
            Err(ReadError::whole(Reason::NotARecord(reason)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Status;

    #[test]
    fn cyclonedx_is_read_with_parts_of_parts_and_what_it_says_itself() {
        let sbom = read(
            br#"{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"timestamp":"2026-10-01T00:00:00Z","component":{"bom-ref":"root","name":"gateway","version":"4.2","purl":"pkg:oci/gateway@4.2"}},
            "components":[{"bom-ref":"a","group":"org.example","name":"unpack","version":"1.9","purl":"pkg:maven/org.example/unpack@1.9","cpe":"cpe:2.3:a:kestrel:unpack:1.9:*:*:*:*:*:*:*",
              "components":[{"bom-ref":"b","name":"inner","version":"0.1"}]}],
            "vulnerabilities":[{"id":"CVE-1900-0042","analysis":{"state":"not_affected","justification":"code_not_reachable","detail":"Never called."},"affects":[{"ref":"a"}]},
              {"id":"CVE-1900-0043","analysis":{"state":"resolved"},"affects":[{"ref":"nobody"}]},{"id":"CVE-1900-0044"}]}"#,
        )
        .unwrap();
        assert_eq!((sbom.format.as_str(), sbom.subject.unwrap().name.as_str()), ("CycloneDX 1.6", "gateway"));
        let names: Vec<_> =
            sbom.components.iter().map(|one| (one.place.as_str(), one.name.as_str())).collect();
        assert_eq!(names, [("/components/0", "org.example/unpack"), ("/components/0/components/0", "inner")]);
        let [said] = sbom.statements.as_slice() else { panic!("{:?}", sbom.statements) };
        assert_eq!((said.vulnerabilities[0].as_str(), said.status), ("CVE-1900-0042", Status::NotAffected));
        assert_eq!(said.products[0].names[0], "pkg:maven/org.example/unpack@1.9");
        assert_eq!(said.why.as_deref(), Some("code_not_reachable: Never called."));
    }

    #[test]
    fn spdx_is_read_by_its_references() {
        let sbom = read(
            br#"{"spdxVersion":"SPDX-2.3","name":"gateway","documentDescribes":["SPDXRef-root"],"packages":[
            {"SPDXID":"SPDXRef-root","name":"gateway","versionInfo":"4.2"},
            {"SPDXID":"SPDXRef-1","name":"unpack","versionInfo":"1.9","externalRefs":[
              {"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:pypi/unpack@1.9"},
              {"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:kestrel:unpack:1.9:*:*:*:*:*:*:*"}]}]}"#,
        )
        .unwrap();
        assert_eq!((sbom.format.as_str(), sbom.subject.unwrap().name.as_str()), ("SPDX-2.3", "gateway"));
        let [part] = sbom.components.as_slice() else { panic!("{:?}", sbom.components) };
        assert_eq!(
            (part.purl.as_deref(), part.cpes.len(), part.place.as_str()),
            (Some("pkg:pypi/unpack@1.9"), 1, "/packages/1")
        );
    }

    #[test]
    fn what_is_no_bill_of_materials_is_refused() {
        for text in ["{}", r#"{"bomFormat":"Other"}"#, r#"{"spdxVersion":"SPDX-3.0"}"#] {
            assert_eq!(
                read(text.as_bytes()).unwrap_err().to_string(),
                "document: neither CycloneDX nor SPDX 2 in JSON"
            );
        }
        assert!(read(b"[]").is_err());
        let deep = format!(
            r#"{{"bomFormat":"CycloneDX","components":{}}}"#,
            r#"[{"name":"x","components":"#.repeat(40) + "[]" + &"}]".repeat(40)
        );
        assert!(read(deep.as_bytes()).unwrap_err().to_string().contains("nested deeper"));
        let twice = r#"{"bomFormat":"CycloneDX","bomFormat":"CycloneDX"}"#;
        assert!(read(twice.as_bytes()).unwrap_err().to_string().contains("stands there twice"));
    }
}
