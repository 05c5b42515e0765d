//! Cases in the play: published, under embargo, overdue, exploited, and reports that wait.

use super::days;
use super::play::Stage;
use jiff::SignedDuration;

impl Stage<'_> {
    async fn grade(&mut self, case: &str, cvss31: &str, cvss40: &str, multiple: bool) -> anyhow::Result<()> {
        let fields = [
            ("cvss31", cvss31),
            ("cvss40", cvss40),
            ("triage", "yes"),
            ("report_public", "N"),
            ("supplier_contacted", "Y"),
            ("credibility", "C"),
            ("cardinality", if multiple { "M" } else { "O" }),
            ("engagement", "A"),
            ("automatable", "Y"),
            ("value_density", "C"),
            ("safety_impact", "M"),
        ];
        self.does("keller", &format!("/case/{case}/grade"), &fields).await?;
        Ok(())
    }

    /// A flaw in a gateway, coordinated with its one vendor and published.
    pub(super) async fn published_case(&mut self) -> anyhow::Result<String> {
        self.ago(days(52));
        let (report, claim) = self
            .report(&[
                ("product", "Kestrel Edge Gateway"),
                ("vendor", "Kestrel Systems"),
                ("versions", "3.0 to 3.4.1"),
                (
                    "description",
                    "The update service accepts an image whose signature covers only its header. \
                    A changed body is written to flash and run at the next start.",
                ),
                ("impact", "Whoever can reach the update port runs code as root."),
                ("how_found", "By reading the update service's log while updating a device of my own."),
                ("contact_name", "Noor Haddad"),
                ("contact_address", "noor@example.org"),
                ("credit", "yes"),
            ])
            .await?;
        self.sign_in(&["keller", "kestrel"]).await?;
        self.ago(days(51));
        self.sign_in(&["keller", "kestrel"]).await?;
        let case = self.accept(&report).await?;
        self.invite(&case, &["Kestrel Systems"]).await?;
        self.vendor_joins("kestrel", &case).await?;
        let cvss31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let cvss40 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
        self.grade(&case, cvss31, cvss40, false).await?;
        self.ago(days(20));
        self.sign_in(&["keller", "okoye", "kestrel"]).await?;
        self.does("kestrel", &format!("/case/{case}/fix"), &[("event", "fix_ready")]).await?;
        let statement = [
            ("product", "Kestrel Edge Gateway"),
            ("from", "3.0"),
            ("before", "3.4.2"),
            ("status", "affected"),
            ("text", "Update to 3.4.2. It checks the signature over the whole image."),
        ];
        self.does("kestrel", &format!("/case/{case}/statement"), &statement).await?;
        self.publish(&case).await?;
        Ok(claim)
    }

    /// Two persons publish: one writes and approves, the other approves; then it goes out.
    async fn publish(&mut self, case: &str) -> anyhow::Result<()> {
        let place = format!("/case/{case}/advisory");
        let cvss31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        let text = "The update service of Kestrel Edge Gateway checks a signature over the header of an image only. \
            A changed body is written to flash and run as root at the next start.";
        let draft = [
            ("base", "0"),
            ("change", "First release"),
            ("title", "Kestrel Edge Gateway runs update images with a changed body"),
            ("summary", text),
            ("description", text),
            ("impact", "Whoever can reach the update port runs code as root."),
            ("language", "en"),
            ("vendor", "Kestrel Systems"),
            ("product", "Kestrel Edge Gateway"),
            ("which", "before"),
            ("from", "3.0"),
            ("to", "3.4.2"),
            ("status", "affected"),
            ("remedy", "vendor_fix"),
            ("details", "Update to 3.4.2. It checks the signature over the whole image."),
            ("url", "https://kestrel.example/updates/3.4.2"),
            ("statement", "We thank the finder. All supported gateways have received 3.4.2."),
            ("ecosystem", ""),
            ("package", ""),
            ("purl", ""),
            ("version_type", "custom"),
            ("vectors", cvss31),
            ("weaknesses", "CWE-347 Improper Verification of Cryptographic Signature"),
            ("link_kind", "advisory"),
            ("link_url", "https://kestrel.example/security/2026-07"),
            ("link_summary", "The vendor's own advisory"),
            ("thanks_name", "Noor Haddad"),
            ("thanks_organisation", ""),
            ("thanks_kind", "finder"),
            ("cves", "CVE-1900-40200"),
        ];
        self.does("keller", &place, &draft).await?;
        let page = self.person("keller")?.get(&place).await?;
        let (revision, hash) = (page.hidden("revision")?, page.hidden("hash")?);
        let order = [("revision", revision.as_str()), ("hash", hash.as_str())];
        self.does("keller", &format!("{place}/share"), &order).await?;
        for login in ["keller", "okoye"] {
            self.does(login, &format!("{place}/approve"), &order).await?;
        }
        self.does("okoye", &format!("{place}/publish"), &order).await?;
        Ok(())
    }

    /// Three vendors under embargo: one signed, one signed and silent since, one only invited.
    pub(super) async fn embargoed_case(&mut self) -> anyhow::Result<()> {
        self.ago(days(19));
        let (report, claim) = self
            .report(&[
                ("product", "Northlight mesh protocol stack"),
                ("vendor", "several"),
                ("versions", "all with the 2024 reference code"),
                (
                    "description",
                    "A join request with a zero-length identity makes the parser read past its buffer. \
                    The reference code is in at least four products.",
                ),
                ("impact", "A device in radio range restarts, or runs chosen code."),
                ("anonymous", "yes"),
            ])
            .await?;
        self.ago(days(18));
        self.sign_in(&["keller", "nordwind", "kestrel", "opengate"]).await?;
        let case = self.accept(&report).await?;
        self.invite(&case, &["Nordwind GmbH", "Kestrel Systems", "Open Gate Project"]).await?;
        self.vendor_joins("nordwind", &case).await?;
        self.grade(&case, "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "", true).await?;
        self.ago(days(17));
        self.sign_in(&["keller", "nordwind", "kestrel"]).await?;
        self.does("kestrel", &format!("/case/{case}/terms"), &[("answer", "accept")]).await?;
        let asks = "Which identity lengths did you try beside zero?";
        self.does("nordwind", &format!("/case/{case}/message"), &[("to", "everyone"), ("message", asks)])
            .await?;
        let mut reporter = self.stranger();
        reporter.post("/my/claim", &[("code", &claim)]).await?;
        let says = "One and two bytes as well: the same. Three and more are read correctly.";
        reporter.post("/my/case/message", &[("to", "everyone"), ("message", says)]).await?;
        self.ago(days(3));
        self.sign_in(&["keller", "nordwind"]).await?;
        let statement = [
            ("product", "Nordwind Home Hub"),
            ("from", "4.0"),
            ("before", "4.7.3"),
            ("status", "affected"),
            ("text", "We are testing 4.7.3."),
        ];
        self.does("nordwind", &format!("/case/{case}/statement"), &statement).await?;
        self.does("nordwind", &format!("/case/{case}/fix"), &[("event", "fix_ready")]).await?;
        Ok(())
    }

    /// Accepted three days ago, and its vendor has not been told: our own clock is overdue.
    pub(super) async fn overdue_case(&mut self) -> anyhow::Result<()> {
        self.ago(days(4));
        let (report, _) = self
            .report(&[
                ("product", "Baltic Field Reader BR-7"),
                ("vendor", "Baltic Devices"),
                ("description", "The service port keeps its factory password after commissioning."),
                ("impact", "Readings can be changed by anyone on the site's network."),
                ("contact_name", "Emil Saar"),
                ("contact_address", "emil@example.org"),
            ])
            .await?;
        self.ago(days(3));
        self.sign_in(&["keller"]).await?;
        self.accept(&report).await?;
        Ok(())
    }

    /// A manufacturer reports exploitation of its own product: the early warning is due within the hour.
    pub(super) async fn exploited_case(&mut self) -> anyhow::Result<()> {
        let aware = self.now - SignedDuration::from_mins(23 * 60 + 22);
        let local = aware.to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M").to_string();
        self.ago(SignedDuration::from_hours(20));
        let (report, _) = self
            .report(&[
                ("product", "Nordwind Home Hub"),
                ("vendor", "Nordwind GmbH"),
                ("versions", "4.2 to 4.7.2"),
                ("description", "The remote access relay accepts a session token of another household."),
                ("impact", "Strangers open doors that the hub controls."),
                ("exploited", "yes"),
                (
                    "exploited_evidence",
                    "Two customers report doors opened; our relay's log shows foreign tokens.",
                ),
                ("for_manufacturer", "yes"),
                ("aware", &local),
                ("aware_zone", "UTC"),
                ("contact_name", "Jonas Wirth"),
                ("contact_address", "psirt@nordwind.example"),
            ])
            .await?;
        self.ago(SignedDuration::from_hours(19));
        self.sign_in(&["keller", "nordwind"]).await?;
        let case = self.accept(&report).await?;
        self.invite(&case, &["Nordwind GmbH"]).await?;
        self.grade(&case, "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N", "", false).await
    }

    /// Reports that nobody has looked at yet.
    pub(super) async fn waiting_reports(&mut self) -> anyhow::Result<()> {
        self.ago(SignedDuration::from_hours(9));
        self.report(&[
            ("product", "Paperboat document viewer"),
            ("description", "A font table with a negative count crashes the viewer; I think it can be more."),
            ("anonymous", "yes"),
        ])
        .await?;
        self.ago(SignedDuration::from_hours(3));
        self.report(&[
            ("product", "Open Gate reverse proxy"),
            ("vendor", "Open Gate Project"),
            (
                "description",
                "Two Content-Length headers are passed on, and the second one counts behind the proxy.",
            ),
            ("public", "yes"),
            ("public_where", "https://example.org/blog/two-lengths"),
        ])
        .await?;
        self.ago(SignedDuration::from_mins(25));
        self.report(&[
            ("product", "Harbourmaster berth planner"),
            (
                "description",
                "The export of a berth list runs whatever stands in a vessel's name as a formula.",
            ),
            ("contact_name", "R. Lindqvist"),
            ("contact_address", "+46 70 000 00 00"),
        ])
        .await?;
        Ok(())
    }
}
