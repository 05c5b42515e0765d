//! What people write of an advisory, as programs send and read it.

use formats::Advisory;
use formats::advisory::{Acknowledgement, Exploitation, Link, Product, Publisher, Tlp, Vector, Weakness};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What people write of an advisory. Its number, publisher, history and dates are the centre's.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Content {
    /// One line that names product and flaw.
    #[schema(example = "Kettles boil over on a crafted request")]
    title: String,
    /// One paragraph.
    #[serde(default)]
    #[schema(example = "The valve of a kettle can be opened from outside.")]
    summary: String,
    /// The whole story. Credits belong into the acknowledgements.
    #[serde(default)]
    #[schema(example = "A request with two colons opens the valve. Nobody needs to be signed in.")]
    description: String,
    /// What an attacker gains.
    #[serde(default)]
    #[schema(example = "Hot water.")]
    impact: Option<String>,
    /// CVE ids assigned to it.
    #[serde(default)]
    #[schema(example = json!(["CVE-1900-40200"]))]
    cves: Vec<String>,
    /// Other names of the same flaw.
    #[serde(default)]
    aliases: Vec<String>,
    /// `vendor`, `product`, optional `package` (`ecosystem`, `name`, `purl`), `versions` (`which`: `"all"`,
    /// `{"exact": v}`, `{"from": v}`, `{"before": {"introduced": v, "fixed": v}}`, `{"up_to": {"introduced": v,
    /// "last_affected": v}}`; `status`; `version_type`), `remediations` (`category`, `details`, `url`), `statement`.
    #[serde(default)]
    #[schema(value_type = Vec<Object>, example = json!([{
        "vendor": "Nordwind", "product": "Kettle",
        "package": { "ecosystem": "npm", "name": "kettle" },
        "versions": [{ "which": { "before": { "introduced": "1.0.0", "fixed": "1.5.0" } },
            "status": "affected", "version_type": "semver" }],
        "remediations": [{ "category": "vendor_fix", "details": "Update to 1.5.0.",
            "url": "https://nordwind.example/kettle/1.5" }]
    }]))]
    products: Vec<Product>,
    /// CVSS vectors, each as `{"vector": …}`; at most one for each version of CVSS.
    #[serde(default)]
    #[schema(value_type = Vec<Object>,
        example = json!([{ "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }]))]
    severities: Vec<Vector>,
    /// The SSVC decision, where it is published.
    #[serde(default)]
    ssvc: Option<String>,
    /// Weaknesses by `id` and `name`, as the CWE list has them; the first is the main one.
    #[serde(default)]
    #[schema(value_type = Vec<Object>, example = json!([{
        "id": "CWE-347", "name": "Improper Verification of Cryptographic Signature" }]))]
    weaknesses: Vec<Weakness>,
    /// Links, by `kind`, `url`, `summary`.
    #[serde(default)]
    #[schema(value_type = Vec<Object>, example = json!([{
        "kind": "advisory", "url": "https://nordwind.example/security/2026-07", "summary": "The vendor's own" }]))]
    references: Vec<Link>,
    /// Who is thanked, by `name`, `organisation`, `kind`. A reporter who stays anonymous is not among them.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    acknowledgements: Vec<Acknowledgement>,
    /// Present if exploitation is known: `evidence` in words fit for publication, `first_seen`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    exploited: Option<Exploitation>,
    /// The language of its texts, as BCP 47 has it.
    #[serde(default = "english")]
    #[schema(example = "en")]
    language: String,
}

fn english() -> String {
    "en".into()
}

impl From<Advisory> for Content {
    fn from(advisory: Advisory) -> Self {
        Self {
            title: advisory.title,
            summary: advisory.summary,
            description: advisory.description,
            impact: advisory.impact,
            cves: advisory.cves,
            aliases: advisory.aliases,
            products: advisory.products,
            severities: advisory.severities,
            ssvc: advisory.ssvc,
            weaknesses: advisory.weaknesses,
            references: advisory.references,
            acknowledgements: advisory.acknowledgements,
            exploited: advisory.exploited,
            language: advisory.language,
        }
    }
}

impl Content {
    /// The advisory without its frame, which is put around it when it is saved.
    pub(super) fn advisory(self) -> Advisory {
        let nobody = Publisher {
            name: String::new(),
            namespace: String::new(),
            contact: None,
            cve_organisation: None,
        };
        Advisory {
            id: String::new(),
            cves: self.cves,
            aliases: self.aliases,
            title: self.title,
            summary: self.summary,
            description: self.description,
            impact: self.impact,
            products: self.products,
            severities: self.severities,
            ssvc: self.ssvc,
            weaknesses: self.weaknesses,
            references: self.references,
            acknowledgements: self.acknowledgements,
            exploited: self.exploited,
            tlp: Tlp::Clear,
            revisions: Vec::new(),
            initial_release: Timestamp::UNIX_EPOCH,
            current_release: Timestamp::UNIX_EPOCH,
            publisher: nobody,
            language: self.language,
        }
    }
}
