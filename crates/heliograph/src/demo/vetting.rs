//! Need-to-know in the play: two security officers, people whom they clear, and a case that asks for it.

use super::days;
use super::play::Stage;
use crate::access;
use jiff::SignedDuration;

impl Stage<'_> {
    /// A case that asks for Ü2: Okoye is let in for a year, Keller for three weeks more, and nobody else.
    pub(super) async fn classified_case(&mut self) -> anyhow::Result<()> {
        self.ago(SignedDuration::from_hours(11));
        self.sign_in(&["keller", "silva", "haas"]).await?;
        let case = self.signal_box().await?;
        self.does("keller", &format!("/case/{case}/classify"), &[("asks", "de-sueg/ue2")]).await?;
        for (login, cleared, reviewed) in [("okoye", 365, 180), ("keller", 20, 90)] {
            let place = format!("/vetting/persons/{}", self.person_of(login).await?);
            let (since, until) = (self.day(-700), self.day(cleared));
            let clearance =
                [("asks", "de-sueg/ue2"), ("authority", "bmi"), ("granted", &*since), ("until", &*until)];
            self.does("silva", &format!("{place}/clearance"), &clearance).await?;
            self.does("haas", &format!("{place}/confirm"), &[("scheme", "de-sueg")]).await?;
            let year = self.day(300);
            self.does("silva", &format!("{place}/brief"), &[("until", &year)]).await?;
            self.does("silva", &format!("{place}/confidentiality"), &[("until", &year)]).await?;
            self.does("silva", &format!("{place}/review"), &[("at", &self.day(reviewed))]).await?;
            self.does("silva", &format!("{place}/function"), &[("function", "coordination")]).await?;
            self.does("silva", &format!("{place}/join"), &[("case", &case)]).await?;
        }
        // Waits for its second pair of eyes.
        let place = format!("/vetting/persons/{}", self.person_of("nordwind").await?);
        let (since, until) = (self.day(-30), self.day(700));
        let waiting =
            [("asks", "de-sueg/ue1"), ("authority", "bmwk"), ("granted", &*since), ("until", &*until)];
        self.does("silva", &format!("{place}/clearance"), &waiting).await?;
        self.does("keller", "/me/year", &[("interest", "no")]).await?;
        Ok(())
    }

    async fn signal_box(&mut self) -> anyhow::Result<String> {
        let (report, _) = self
            .report(&[
                ("product", "Kestrel signal box"),
                ("description", "A train that is announced twice frees the track ahead of the first one."),
                ("anonymous", "yes"),
            ])
            .await?;
        self.accept(&report).await
    }

    /// The person behind a login.
    async fn person_of(&self, login: &str) -> anyhow::Result<String> {
        let all = self.app.read(access::credentials).await?;
        let found = all.into_iter().find(|account| account.login == login);
        found
            .map(|account| account.person.to_string())
            .ok_or_else(|| anyhow::anyhow!("nobody is called {login}"))
    }

    /// A day from now, as a form takes it.
    pub(super) fn day(&self, from_now: i64) -> String {
        (self.app.now() + days(from_now)).to_string().chars().take(16).collect()
    }
}
