//! Case state (CS): what has happened to the vulnerability. Six letters, each turned once and never back.
//!
//! `v/V` vendor aware, `f/F` fix ready, `d/D` fix deployed belong to each vendor; `p/P` public aware,
//! `x/X` exploit public, `a/A` attacks observed belong to the case and are the same for everybody.
//!
//! Source: Vultron, "Case State Model", 32 states and 58 edges, computed here from its rules. The
//! printed grammar has a misprint, `VFdPxA → X VFDPXA`; one letter turns at a time, so it is `VFdPXA`.
//! The table of received messages makes attacks force public awareness (`···p·a → ···P·A`); the text
//! ("attacks do not necessarily cause public awareness") and the machine do not. The machine is taken.

use std::{fmt, str::FromStr};

worded! {
    /// How far one vendor has come. A fix needs a vendor who knows, deployment needs a fix.
    VendorFix {
        /// `vfd`
        Unaware = "not told",
        /// `Vfd`
        Aware = "told, no fix yet",
        /// `VFd`
        Ready = "fix ready",
        /// `VFD`
        Deployed = "fix deployed",
    }
}

worded! {
    /// The six things that can happen, in the order of their letters.
    CaseEvent {
        /// `V`
        VendorAware = "vendor told",
        /// `F`
        FixReady = "fix ready",
        /// `D`
        FixDeployed = "fix deployed",
        /// `P`
        PublicAware = "publicly known",
        /// `X`
        ExploitPublic = "exploit public",
        /// `A`
        AttacksObserved = "attacks observed",
    }
}

use CaseEvent::{AttacksObserved, ExploitPublic, FixDeployed, FixReady, PublicAware, VendorAware};

/// What the world knows: the same for every participant of a case.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Pxa {
    /// `P`: the vulnerability is publicly known.
    pub public: bool,
    /// `X`: an exploit is public.
    pub exploit: bool,
    /// `A`: attacks have been observed.
    pub attacks: bool,
}

/// One vendor's view of the case: its own three letters and the common three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseState {
    /// How far the vendor has come.
    pub vendor: VendorFix,
    /// What the world knows.
    pub pxa: Pxa,
}

/// An event that the case's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Letters are never turned back, nor twice.
    #[error("\"{}\" has already happened in this case", .0.label())]
    Already(CaseEvent),
    /// The order V before F before D.
    #[error("\"{}\" cannot come before \"{}\"; record that first", .0.label(), .1.label())]
    TooEarly(CaseEvent, CaseEvent),
    /// The state is passing: another event follows from it at once.
    #[error("\"{}\" has to wait: \"{}\" follows at once from what has happened; record that first",
        .0.label(), .1.label())]
    Forced(CaseEvent, CaseEvent),
}

/// Text that is not one of the 32 states.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a case state: expected six letters such as vfdpxa or VfdPxA")]
pub struct BadCaseState(String);

impl VendorFix {
    /// The vendor's three letters.
    #[must_use]
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Unaware => "vfd",
            Self::Aware => "Vfd",
            Self::Ready => "VFd",
            Self::Deployed => "VFD",
        }
    }
}

impl Pxa {
    /// The eight values, in the order of their letters read as a binary number.
    pub const ALL: [Self; 8] = {
        let mut all = [Self { public: false, exploit: false, attacks: false }; 8];
        let mut n = 0;
        while n < 8 {
            all[n] = Self { public: n & 4 != 0, exploit: n & 2 != 0, attacks: n & 1 != 0 };
            n += 1;
        }
        all
    };

    /// Nothing known to anybody outside (`pxa`): the only state in which embargoes are negotiated.
    #[must_use]
    pub const fn is_quiet(self) -> bool {
        !self.public && !self.exploit && !self.attacks
    }
}

impl fmt::Display for Pxa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |up: bool, yes: &'static str, no: &'static str| if up { yes } else { no };
        f.write_str(letter(self.public, "P", "p"))?;
        f.write_str(letter(self.exploit, "X", "x"))?;
        f.write_str(letter(self.attacks, "A", "a"))
    }
}

impl CaseEvent {
    /// The capital letter of the protocol documents.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            VendorAware => 'V',
            FixReady => 'F',
            FixDeployed => 'D',
            PublicAware => 'P',
            ExploitPublic => 'X',
            AttacksObserved => 'A',
        }
    }
}

impl CaseState {
    /// `vfdpxa`, where every case starts.
    pub const START: Self =
        Self { vendor: VendorFix::Unaware, pxa: Pxa { public: false, exploit: false, attacks: false } };

    /// All 32 states.
    pub fn all() -> impl Iterator<Item = Self> {
        VendorFix::ALL.iter().flat_map(|&vendor| Pxa::ALL.into_iter().map(move |pxa| Self { vendor, pxa }))
    }

    /// Whether this has happened.
    #[must_use]
    pub fn has(self, event: CaseEvent) -> bool {
        match event {
            VendorAware => self.vendor >= VendorFix::Aware,
            FixReady => self.vendor >= VendorFix::Ready,
            FixDeployed => self.vendor >= VendorFix::Deployed,
            PublicAware => self.pxa.public,
            ExploitPublic => self.pxa.exploit,
            AttacksObserved => self.pxa.attacks,
        }
    }

    /// The event that follows at once. A public exploit makes the flaw public (`···pX·`), and what the
    /// public knows the vendor knows (`v··P··`). Attacks force nothing.
    #[must_use]
    pub fn forced(self) -> Option<CaseEvent> {
        if self.pxa.exploit && !self.pxa.public {
            Some(PublicAware)
        } else if self.pxa.public && self.vendor == VendorFix::Unaware {
            Some(VendorAware)
        } else {
            None
        }
    }

    /// The state after this event.
    ///
    /// # Errors
    /// It has happened already, comes too early, or another event is forced first.
    pub fn apply(self, event: CaseEvent) -> Result<Self, Refused> {
        if self.has(event) {
            return Err(Refused::Already(event));
        }
        if let Some(first) = self.forced().filter(|first| *first != event) {
            return Err(Refused::Forced(event, first));
        }
        let mut next = self;
        match event {
            VendorAware => next.vendor = VendorFix::Aware,
            FixReady if self.vendor < VendorFix::Aware => return Err(Refused::TooEarly(event, VendorAware)),
            FixReady => next.vendor = VendorFix::Ready,
            FixDeployed if self.vendor < VendorFix::Ready => return Err(Refused::TooEarly(event, FixReady)),
            FixDeployed => next.vendor = VendorFix::Deployed,
            PublicAware => next.pxa.public = true,
            ExploitPublic => next.pxa.exploit = true,
            AttacksObserved => next.pxa.attacks = true,
        }
        Ok(next)
    }

    /// The state after this event and all that it forces, with what happened, in order.
    ///
    /// # Errors
    /// As [`CaseState::apply`].
    pub fn apply_with_forced(self, event: CaseEvent) -> Result<(Self, Vec<CaseEvent>), Refused> {
        let mut happened = vec![event];
        let mut state = self.apply(event)?;
        while let Some(forced) = state.forced() {
            state = state.apply(forced)?;
            happened.push(forced);
        }
        Ok((state, happened))
    }

    /// Every edge of the machine: from, event, to.
    #[must_use]
    pub fn edges() -> Vec<(Self, CaseEvent, Self)> {
        Self::all()
            .flat_map(|from| CaseEvent::ALL.iter().map(move |&event| (from, event)))
            .filter_map(|(from, event)| from.apply(event).ok().map(|to| (from, event, to)))
            .collect()
    }
}

impl fmt::Display for CaseState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.vendor.letters(), self.pxa)
    }
}

impl FromStr for CaseState {
    type Err = BadCaseState;

    /// Letter case carries the meaning here, so it is read exactly.
    fn from_str(text: &str) -> Result<Self, BadCaseState> {
        Self::all()
            .find(|state| state.to_string() == text)
            .ok_or_else(|| BadCaseState(text.chars().take(20).collect()))
    }
}

impl From<CaseState> for String {
    fn from(state: CaseState) -> Self {
        state.to_string()
    }
}

impl TryFrom<String> for CaseState {
    type Error = BadCaseState;
    fn try_from(text: String) -> Result<Self, BadCaseState> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vultron CS, the edges as listed, with the misprint corrected (the list names letters only).
    const EDGES: &str = "vfdpxa:VPXA vfdpxA:VPX vfdpXa:P vfdpXA:P vfdPxa:V vfdPxA:V vfdPXa:V vfdPXA:V \
        Vfdpxa:FPXA VfdpxA:FPX VfdpXa:P VfdpXA:P VfdPxa:FXA VfdPxA:FX VfdPXa:FA VfdPXA:F \
        VFdpxa:DPXA VFdpxA:DPX VFdpXa:P VFdpXA:P VFdPxa:DXA VFdPxA:DX VFdPXa:DA VFdPXA:D \
        VFDpxa:PXA VFDpxA:PX VFDpXa:P VFDpXA:P VFDPxa:XA VFDPxA:X VFDPXa:A VFDPXA:";

    #[test]
    fn vultron_cs_every_state_and_event_is_as_the_list_of_edges_says() {
        let rows: Vec<(&str, &str)> =
            EDGES.split_whitespace().map(|row| row.split_once(':').unwrap()).collect();
        assert_eq!(rows.len(), 32);
        assert_eq!(CaseState::all().count(), 32);
        for (name, letters) in rows {
            let state: CaseState = name.parse().unwrap();
            for &event in CaseEvent::ALL {
                let applied = state.apply(event);
                assert_eq!(applied.is_ok(), letters.contains(event.letter()), "{state} {event:?}");
                if let Ok(next) = applied {
                    let expected: String = name
                        .chars()
                        .map(|c| if c.eq_ignore_ascii_case(&event.letter()) { event.letter() } else { c })
                        .collect();
                    assert_eq!(next.to_string(), expected, "one letter turns, and upwards");
                }
            }
        }
        assert_eq!(CaseState::edges().len(), 58);
    }

    #[test]
    fn the_misprint_vfdpxa_x_goes_to_vfdpxa_with_d_still_small() {
        let state: CaseState = "VFdPxA".parse().unwrap();
        assert_eq!(state.apply(ExploitPublic).unwrap().to_string(), "VFdPXA");
    }

    #[test]
    fn forced_moves_follow_at_once_and_attacks_force_nothing() {
        let (state, happened) = CaseState::START.apply_with_forced(ExploitPublic).unwrap();
        assert_eq!(happened, [ExploitPublic, PublicAware, VendorAware]);
        assert_eq!(state.to_string(), "VfdPXa");
        let (state, happened) = CaseState::START.apply_with_forced(AttacksObserved).unwrap();
        assert_eq!((state.to_string().as_str(), happened.len()), ("vfdpxA", 1));
    }

    #[test]
    fn refusals_name_the_reason() {
        let start = CaseState::START;
        assert_eq!(start.apply(FixReady), Err(Refused::TooEarly(FixReady, VendorAware)));
        assert_eq!(start.apply(FixDeployed), Err(Refused::TooEarly(FixDeployed, FixReady)));
        let exploit = start.apply(ExploitPublic).unwrap();
        assert_eq!(exploit.apply(ExploitPublic), Err(Refused::Already(ExploitPublic)));
        assert_eq!(exploit.apply(VendorAware), Err(Refused::Forced(VendorAware, PublicAware)));
        assert_eq!(
            start.apply(FixReady).unwrap_err().to_string(),
            "\"fix ready\" cannot come before \"vendor told\"; record that first"
        );
    }

    #[test]
    fn the_six_letters_are_read_and_written() {
        for state in CaseState::all() {
            assert_eq!(state.to_string().parse(), Ok(state));
            let json = serde_json::to_string(&state).unwrap();
            assert_eq!(json, format!("\"{state}\""));
            assert_eq!(serde_json::from_str::<CaseState>(&json).unwrap(), state);
        }
        for bad in ["", "vFdpxa", "vfDpxa", "VFDPX", "vfdpxaa", "VFDPXY"] {
            assert!(bad.parse::<CaseState>().is_err(), "{bad}");
        }
    }
}
