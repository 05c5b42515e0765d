//! Two partners in the play whose year is over: one has done more than its level asks, one less. The next
//! review promotes the one and demotes the other.

use super::days;
use super::play::Stage;

/// What both assessors find of a partner of the third level.
const SMALL: [(&str, &str); 6] = [
    ("fact_has_analysis", "yes"),
    ("fact_has_incident_response", "yes"),
    ("fact_has_written_methods", "yes"),
    ("fact_team_size", "7"),
    ("fact_work_quality", "acceptable"),
    ("count_coordinated_before", "2"),
];

/// Products of one vendor, in each of which one flaw was found and mended.
const PRODUCTS: [&str; 10] = [
    "Baltic Field Reader BR-2",
    "Baltic Field Reader BR-3",
    "Baltic Field Reader BR-4",
    "Baltic Meter Bridge",
    "Baltic Meter Gateway",
    "Baltic Pump Panel",
    "Baltic Relay Board",
    "Baltic Station Display",
    "Baltic Tank Probe",
    "Baltic Valve Driver",
];

/// In so many of the cases both found the flaw, independently.
const BOTH: usize = 3;

impl Stage<'_> {
    /// Brightwater Analysis and Fathom Works become partners, work on ten cases, and sign their reports.
    pub(super) async fn years(&mut self) -> anyhow::Result<()> {
        self.ago(days(205));
        self.sign_in(&["lindgren", "brightwater", "fathom"]).await?;
        let brightwater = self.admitted("Brightwater Analysis", "brightwater", &SMALL).await?;
        let fathom = self.admitted("Fathom Works", "fathom", &super::programme::FOUND).await?;
        self.ago(days(160));
        self.sign_in(&["keller", "baltic", "brightwater", "fathom"]).await?;
        for (number, product) in PRODUCTS.into_iter().enumerate() {
            self.mended(product, number < BOTH).await?;
        }
        self.ago(days(101));
        self.sign_in(&["lindgren", "brightwater", "fathom"]).await?;
        self.counted("brightwater", &brightwater, 10, 5).await?;
        self.counted("fathom", &fathom, 3, 2).await?;
        // From here on it has ninety days to come back to its level.
        self.does("lindgren", &format!("/programme/{fathom}/review"), &[]).await?;
        Ok(())
    }

    /// Takes an organisation from the invitation to its certificate.
    async fn admitted(
        &mut self,
        name: &'static str,
        login: &'static str,
        found: &[(&str, &str)],
    ) -> anyhow::Result<String> {
        let id = self.invite_to_apply(name).await?;
        self.applies(login, "What our people can do, and six cases with what their vendors say.", found)
            .await?;
        self.assessed(&id, &["keller", "okoye"], found).await?;
        let place = format!("/programme/{id}");
        let yes = [("admit", "yes"), ("reasons", "Both assessors found the evidence sound.")];
        self.does("lindgren", &format!("{place}/decide"), &yes).await?;
        let contract =
            [("services", "analysis"), ("hours", "60"), ("terms", "As the centre's standard terms say.")];
        self.does("lindgren", &format!("{place}/contract"), &contract).await?;
        self.does(login, "/partner/sign", &[]).await?;
        self.does("lindgren", &format!("{place}/activate"), &[]).await?;
        Ok(id)
    }

    /// A flaw that one partner found, or both did, from the report to the fix.
    async fn mended(&mut self, product: &str, by_both: bool) -> anyhow::Result<()> {
        let flaw = [
            ("product", product),
            ("vendor", "Baltic Devices"),
            ("description", "The service menu opens without its code once the display has been asleep."),
            ("anonymous", "yes"),
        ];
        let (report, claim) = self.report(&flaw).await?;
        self.does("brightwater", "/partner/claim", &[("claim_code", &claim)]).await?;
        let case = self.accept(&report).await?;
        if by_both {
            let (report, claim) = self.report(&flaw).await?;
            self.does("fathom", "/partner/claim", &[("claim_code", &claim)]).await?;
            self.does("keller", &format!("/desk/report/{report}/accept"), &[("case", &case)]).await?;
        }
        self.invite(&case, &["Baltic Devices"]).await?;
        self.vendor_joins("baltic", &case).await?;
        self.does("baltic", &format!("/case/{case}/fix"), &[("event", "fix_ready")]).await?;
        let end = [("do", "end"), ("cause", "agreed")];
        self.does("keller", &format!("/case/{case}/embargo"), &end).await?;
        let now = self.day(0);
        let published = [
            ("debtor", "centre"),
            ("vendor", ""),
            ("anchor", "publication"),
            ("at", now.as_str()),
            ("at_zone", "UTC"),
            ("evidence", "The vendor's own advisory, on its page."),
        ];
        self.does("keller", &format!("/deadlines/{case}/fact"), &published).await?;
        self.does("keller", &format!("/case/{case}/close"), &[]).await?;
        Ok(())
    }

    /// Alerts, what the centre states, and the work report with the numbers of the record.
    async fn counted(
        &mut self,
        login: &'static str,
        id: &str,
        cases: u32,
        alerts: u32,
    ) -> anyhow::Result<()> {
        let place = format!("/programme/{id}");
        for number in 1..=alerts {
            let words = "Scans for the readers' service port, from two networks; both lists lie below.";
            self.alerts(login, &place, &number.to_string(), words).await?;
        }
        self.stated(&place, "81").await?;
        let (cases, alerts) = (cases.to_string(), alerts.to_string());
        let report = [("finds", &*cases), ("cases", &*cases), ("alerts", &*alerts), ("requests", "0")];
        self.does(login, "/partner/report", &report).await?;
        Ok(())
    }
}
