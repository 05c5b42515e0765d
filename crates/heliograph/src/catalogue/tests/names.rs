//! What vendors are called.

use super::Centre;
use super::fixtures::told;

/// CVE schema, `vendor`: its name as the assigner writes it. What another adds to a record (CVE 5.1, `adp`) often has
/// CPE's small letters.
#[tokio::test]
async fn a_vendor_is_called_as_most_records_spell_it_and_alike_ones_stay_apart() {
    let of = |number: usize, vendor: &str, product: &str| {
        told(&format!("CVE-2024-{number}"), "A flaw", vendor, product, "9.8", "2024-02-02")
    };
    let added = |number: usize| {
        let adp = r#""adp": [{"providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000001", "shortName": "CISA-ADP"},
            "affected": [{"vendor": "apache_software_foundation", "product": "http_server", "defaultStatus": "unknown"}]}], "cna""#;
        of(number, "Apache Software Foundation", "HTTP Server").replace("\"cna\"", adp)
    };
    let centre = Centre::with(&[
        added(1),
        added(2),
        of(3, "apache  software foundation", "Tomcat"),
        of(4, "Apache", "http server"),
        of(5, "apache", "Sling"),
        of(6, "Apacheta", "HTTP Server"),
        of(7, "Apache Corp", "Oil"),
    ]);
    let (_, _, body) = centre.get("/vendors?q=apache").await;
    for part in
        ["apache%20software%20foundation\">Apache Software Foundation</a>", "/vendors/apache\">Apache</a>"]
    {
        assert!(body.contains(part), "{part}: {body}");
    }
    let (_, _, body) = centre.get("/vendors/apache").await;
    let also = "Also filed as <a href=\"/vendors/apache%20software%20foundation\">Apache Software Foundation</a> \
        <span class=\"quiet\">(1 product in common)</span>.</p>";
    assert!(body.contains("<h1>Apache</h1>") && body.contains(also), "{body}");
    assert!(body.contains("2 records."), "nothing is merged: {body}");
    let (_, _, body) = centre.get("/vendors/apache%20corp").await;
    assert!(!body.contains("Also filed"), "{body}");
    let (_, _, body) = centre.get("/vendors/apache/sling").await;
    assert!(body.contains("<a href=\"/vendors/apache\">Apache</a>"), "{body}");
    let (_, _, body) = centre.get("/api/vulnerability/browse").await;
    assert!(body.contains("apache_software_foundation"), "programs get keys: {body}");
}
