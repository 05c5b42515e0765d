//! Requests to partners: what may be asked, what becomes of it, by when. Pure.
//!
//! ARCHITECTURE, never built 1 and 5: nobody of an offensive or unknown mandate is asked, exploitation
//! cannot be asked for, and declining costs nothing.

use super::act::words;
use super::life::Life;
use super::state::Partner;
use crate::accreditations::Entitled;
use crate::ledger::{Error, Event, Item, Recorded, State};
use crate::refusal::Refusal;
use clocks::{Anchor, AnchorName, Assessment, Extension, Facts, Profile};
use jiff::{SignedDuration, Timestamp};
use programme::Service;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use vocabulary::{CaseId, OrganisationId, PartnerId};

macro_rules! words_of {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $word:literal $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($variant),* }

        impl $name {
            /// All of them, with the word of programs and the words for people.
            pub(crate) const ALL: &[(Self, &'static str, &'static str)] =
                &[$((Self::$variant, $word, $text)),*];

            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            pub(crate) fn words(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

words_of! {
    /// The types of requests, as the programme names them (domain facts S24).
    RequestKind {
        EvaluationAndJudgement "evaluation_and_judgement" "evaluation and judgement";
        TechnicalSeminar "technical_seminar" "technical seminar";
        DataAnalysis "data_analysis" "data analysis";
        EventSupport "event_support" "event support";
    }
}

words_of! {
    /// What a request is for: a closed list, and every entry of it defends somebody.
    Purpose {
        Remediation "remediation" "to have a flaw mended";
        EarlyWarning "early_warning" "to warn those who are affected";
        IncidentResponse "incident_response" "to respond to an incident";
        MassPatching "mass_patching" "to have many systems patched";
        ElectionProtection "election_protection" "to protect an election";
        CriticalInfrastructure "critical_infrastructure" "to protect critical infrastructure";
        Training "training" "to train those who defend";
    }
}

impl RequestKind {
    /// The service that a contract must name for it.
    pub(crate) fn service(self) -> Service {
        match self {
            Self::EvaluationAndJudgement | Self::DataAnalysis => Service::Analysis,
            Self::TechnicalSeminar => Service::Training,
            Self::EventSupport => Service::IncidentResponse,
        }
    }
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Stage {
    #[default]
    Nothing,
    Sent,
    Accepted,
    Declined,
    Withdrawn,
    Delivered,
    Reviewed,
}

/// What moves it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Send,
    Accept,
    Decline,
    Withdraw,
    Deliver,
    Review,
}

impl Stage {
    pub(crate) const ALL: &[(Self, &'static str)] = &[
        (Self::Nothing, "nothing"),
        (Self::Sent, "sent"),
        (Self::Accepted, "accepted"),
        (Self::Declined, "declined"),
        (Self::Withdrawn, "withdrawn"),
        (Self::Delivered, "delivered"),
        (Self::Reviewed, "reviewed"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(stage, _)| *stage == self).map_or("nothing", |(_, name)| name)
    }

    /// The table of allowed moves.
    pub(crate) fn after(self, by: Move) -> Option<Self> {
        Some(match (self, by) {
            (Self::Nothing, Move::Send) => Self::Sent,
            (Self::Sent, Move::Accept) => Self::Accepted,
            (Self::Sent, Move::Decline) => Self::Declined,
            (Self::Sent | Self::Accepted, Move::Withdraw) => Self::Withdrawn,
            (Self::Accepted, Move::Deliver) => Self::Delivered,
            (Self::Delivered, Move::Review) => Self::Reviewed,
            _ => return None,
        })
    }
}

/// What is asked, in words. It is sealed: it may speak of a flaw under embargo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OrderText {
    /// Which office asks.
    pub(crate) office: String,
    /// On which law or contract it stands.
    pub(crate) legal_basis: String,
    pub(crate) question: String,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body")]
pub(crate) enum RequestEvent {
    #[serde(rename = "request.sent")]
    Sent {
        partner: PartnerId,
        organisation: OrganisationId,
        asks: RequestKind,
        purpose: Purpose,
        level: String,
        case: Option<CaseId>,
        /// The clearance that the work takes, as `ladder/level`, where it takes one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clearance: Option<String>,
        order: Item,
        due: i64,
    },
    #[serde(rename = "request.accepted")]
    Accepted {},
    #[serde(rename = "request.declined")]
    Declined { reasons: Option<Item> },
    #[serde(rename = "request.extended")]
    Extended { until: i64, reasons: Item },
    #[serde(rename = "request.delivered")]
    Delivered { result: Item },
    #[serde(rename = "request.reviewed")]
    Reviewed { useful: bool, feedback: Item },
    #[serde(rename = "request.withdrawn")]
    Withdrawn { reasons: Item },
}

impl Event for RequestEvent {}

/// A request as its events say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) stage: Stage,
    pub(crate) partner: Option<PartnerId>,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) asks: Option<RequestKind>,
    pub(crate) purpose: Option<Purpose>,
    pub(crate) level: String,
    pub(crate) case: Option<CaseId>,
    pub(crate) clearance: Option<String>,
    pub(crate) order: Option<Item>,
    pub(crate) sent: Timestamp,
    pub(crate) due: Timestamp,
    pub(crate) extended: Option<Timestamp>,
    pub(crate) answered: Option<Timestamp>,
    pub(crate) delivered: Option<Timestamp>,
    pub(crate) result: Option<Item>,
    pub(crate) useful: Option<bool>,
}

impl Asked {
    /// Whether it came by its time; open where it has not come and there is time left.
    pub(crate) fn in_time(&self, now: Timestamp) -> Option<bool> {
        match (self.stage, self.delivered) {
            (_, Some(at)) => Some(at <= self.due),
            (Stage::Accepted, None) if self.due < now => Some(false),
            _ => None,
        }
    }
}

fn seconds(unix: i64) -> Timestamp {
    Timestamp::from_second(unix).unwrap_or(Timestamp::MAX)
}

impl State for Asked {
    type Event = RequestEvent;

    fn evolve(&mut self, event: &RequestEvent, recorded: &Recorded) {
        let at = recorded.at;
        let step = match event {
            RequestEvent::Sent {
                partner,
                organisation,
                asks,
                purpose,
                level,
                case,
                clearance,
                order,
                due,
            } => {
                self.partner = Some(partner.clone());
                self.organisation = Some(organisation.clone());
                (self.asks, self.purpose) = (Some(*asks), Some(*purpose));
                self.level.clone_from(level);
                self.case.clone_from(case);
                self.clearance.clone_from(clearance);
                self.order = Some(order.clone());
                (self.sent, self.due) = (at, seconds(*due));
                Move::Send
            }
            RequestEvent::Accepted {} => {
                self.answered = Some(at);
                Move::Accept
            }
            RequestEvent::Declined { .. } => {
                self.answered = Some(at);
                Move::Decline
            }
            RequestEvent::Extended { until, .. } => {
                (self.extended, self.due) = (Some(at), seconds(*until));
                return;
            }
            RequestEvent::Delivered { result } => {
                (self.delivered, self.result) = (Some(at), Some(result.clone()));
                Move::Deliver
            }
            RequestEvent::Reviewed { useful, .. } => {
                self.useful = Some(*useful);
                Move::Review
            }
            RequestEvent::Withdrawn { .. } => Move::Withdraw,
        };
        if let Some(next) = self.stage.after(step) {
            self.stage = next;
        }
    }
}

/// What is done with a request, by its partner or by the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({ "act": "decline", "reasons": "Our people are at work elsewhere." }))]
pub(crate) enum RequestAct {
    /// The partner takes it on.
    Accept {},
    /// The partner does not take it on. Reasons are welcome and not needed; nothing follows from it.
    Decline {
        #[serde(default)]
        reasons: String,
    },
    /// The partner needs more days, once, before its time is over.
    Extend { days: u32, reasons: String },
    /// The partner delivers.
    Deliver { result: String },
    /// The centre says whether it was useful.
    Review { useful: bool, feedback: String },
    /// The centre needs it no more.
    Withdraw { reasons: String },
}

impl RequestAct {
    /// Whether it is the partner's to do.
    pub(crate) fn is_of_partner(&self) -> bool {
        !matches!(self, Self::Review { .. } | Self::Withdraw { .. })
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Accept {} => Ok(()),
            Self::Decline { reasons } => super::act::limited("reasons", reasons, super::act::WORDS_MAX),
            Self::Extend { days, reasons } => {
                if *days == 0 || *days > 60 {
                    return Err(Refusal::invalid("days", "Between 1 and 60 days."));
                }
                words("reasons", reasons)
            }
            Self::Withdraw { reasons } => words("reasons", reasons),
            Self::Deliver { result } => words("result", result),
            Self::Review { feedback, .. } => words("feedback", feedback),
        }
    }
}

static TIMES: LazyLock<Option<Profile>> =
    LazyLock::new(|| Profile::parse(include_str!("../../../../../profiles/partner-requests.toml")).ok());

/// By when a request of this type is due at a level: what the one clock engine says of the profile
/// `partner-requests`.
pub(crate) fn due(asks: RequestKind, place: usize, now: Timestamp) -> Option<Timestamp> {
    let profile = TIMES.as_ref()?;
    clocks::evaluate(profile, &facts(asks, place, now), now).into_iter().find_map(|found| found.due)
}

/// The ground on which a partner has longer.
const LONGER: &str = "partner_needs_longer";

/// The clock of a request that was taken on: it runs from the sending, is put off where the partner asked
/// for it, and ends with what was delivered. Until then nothing is owed, and nothing after it was declined or
/// is needed no more.
pub(crate) fn clock(asked: &Asked, place: usize, now: Timestamp) -> Option<Assessment> {
    if !matches!(asked.stage, Stage::Accepted | Stage::Delivered | Stage::Reviewed) {
        return None;
    }
    let (profile, asks) = (TIMES.as_ref()?, asked.asks?);
    let mut facts = facts(asks, place, asked.sent);
    let found =
        |facts: &Facts| clocks::evaluate(profile, facts, now).into_iter().find(|one| one.due.is_some());
    let duty = found(&facts)?.duty.qualified(&profile.id);
    if let Some(decided) = asked.extended {
        let (until, ground, person) = (asked.due, LONGER.to_owned(), "partner".to_owned());
        facts.extended.insert(duty.clone(), vec![Extension { decided, until, ground, person }]);
    }
    if let Some(at) = asked.delivered {
        facts.record_filing(duty, Anchor::new(at, at, "what was delivered"));
    }
    found(&facts)
}

fn facts(asks: RequestKind, place: usize, sent: Timestamp) -> Facts {
    let mut facts = Facts {
        actors: Some(["partner".to_owned()].into()),
        triggers: Some([format!("{}_l{}", asks.name(), place + 1)].into()),
        jurisdictions: Some(Default::default()),
        ..Facts::default()
    };
    facts.record(AnchorName::Requested, sent);
    facts
}

/// What a partner is held against besides its own record, for one kind of work, at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fitness {
    /// Its mandate lets it receive anything at all.
    pub(crate) may_receive: bool,
    pub(crate) is_vendor_in_case: bool,
    pub(crate) entitled: Entitled,
    pub(crate) cleared: Cleared,
}

/// How many of a partner's people are cleared to what the work takes, now.
///
/// Who is cleared is asked about, and not about the level of the partner: neither lets anybody read what
/// they could not read before. A classified case stays shut to whoever is no member of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Cleared {
    /// It takes no clearance.
    #[default]
    NotAsked,
    /// It takes this one, in words, and so many hold it or what counts as it.
    To { words: String, persons: usize },
}

impl Cleared {
    /// Why the work cannot be given to this partner, if it cannot.
    pub(crate) fn reason(&self) -> Option<String> {
        match self {
            Self::To { words, persons: 0 } => Some(format!("None of its people is cleared to {words} now.")),
            _ => None,
        }
    }
}

/// Decides whether a partner may be asked, and by when it is due.
pub(crate) fn may_ask(
    partner: &Partner,
    asks: RequestKind,
    fitness: &Fitness,
    now: Timestamp,
) -> Result<(String, Timestamp), Refusal> {
    if !fitness.may_receive {
        return Err(Refusal::invalid(
            "partner",
            "Only an organisation with a defensive mandate can be asked.",
        ));
    }
    if !matches!(partner.life, Life::Active | Life::Probation) {
        return Err(Refusal::conflict("Only a partner in good standing or on probation can be asked."));
    }
    let services = partner.contract.as_ref().map_or(&[][..], |contract| contract.services.as_slice());
    if !services.contains(&asks.service()) {
        let service = asks.service().words();
        return Err(Refusal::conflict(format!("Its contract does not name the service: {service}.")));
    }
    if fitness.is_vendor_in_case {
        return Err(Refusal::conflict("It is a vendor in this case: its interest in it is its own."));
    }
    if let Some(reason) = fitness.entitled.reason(asks.service()).or_else(|| fitness.cleared.reason()) {
        return Err(Refusal::conflict(reason));
    }
    let level = partner.level.clone().unwrap_or_default();
    let levels = super::programmes::programme(&partner.programme).map(|found| &found.programme.levels);
    let place = levels.and_then(|levels| levels.iter().position(|known| *known == level));
    let due = place.and_then(|place| due(asks, place, now));
    due.map(|due| (level, due)).ok_or_else(|| Refusal::conflict("No time is set for its level."))
}

/// Whether a partner may take a request on. Domain facts S35: what permits a service is looked at again
/// when work is taken on, and so is who is cleared; work that was taken on before goes on.
pub(crate) fn may_accept(asked: &Asked, entitled: &Entitled, cleared: &Cleared) -> Result<(), Refusal> {
    let reason = asked.asks.and_then(|asks| entitled.reason(asks.service())).or_else(|| cleared.reason());
    reason.map_or(Ok(()), |reason| Err(Refusal::conflict(reason)))
}

/// Decides what is done with a request.
pub(crate) fn act(
    asked: &Asked,
    act: &RequestAct,
    now: Timestamp,
    seal: &mut dyn FnMut(&[u8]) -> Result<Item, Error>,
) -> Result<RequestEvent, Refusal> {
    act.check()?;
    let step = match act {
        RequestAct::Accept {} => Some(Move::Accept),
        RequestAct::Decline { .. } => Some(Move::Decline),
        RequestAct::Extend { .. } => None,
        RequestAct::Deliver { .. } => Some(Move::Deliver),
        RequestAct::Review { .. } => Some(Move::Review),
        RequestAct::Withdraw { .. } => Some(Move::Withdraw),
    };
    if step.is_some_and(|step| asked.stage.after(step).is_none()) {
        let stage = asked.stage.name();
        return Err(Refusal::conflict(format!("This request is {stage}; that cannot be done now.")));
    }
    Ok(match act {
        RequestAct::Accept {} => RequestEvent::Accepted {},
        RequestAct::Decline { reasons } if reasons.trim().is_empty() => {
            RequestEvent::Declined { reasons: None }
        }
        RequestAct::Decline { reasons } => {
            RequestEvent::Declined { reasons: Some(seal(reasons.as_bytes())?) }
        }
        RequestAct::Extend { days, reasons } => {
            if asked.stage != Stage::Accepted || asked.extended.is_some() || asked.due < now {
                return Err(Refusal::conflict(
                    "An accepted request is extended once, before its time is over.",
                ));
            }
            let until = asked.due + SignedDuration::from_hours(24 * i64::from(*days));
            RequestEvent::Extended { until: until.as_second(), reasons: seal(reasons.as_bytes())? }
        }
        RequestAct::Deliver { result } => RequestEvent::Delivered { result: seal(result.as_bytes())? },
        RequestAct::Review { useful, feedback } => {
            RequestEvent::Reviewed { useful: *useful, feedback: seal(feedback.as_bytes())? }
        }
        RequestAct::Withdraw { reasons } => RequestEvent::Withdrawn { reasons: seal(reasons.as_bytes())? },
    })
}

#[cfg(test)]
mod tests {
    use super::super::state::Contract;
    use super::*;
    use crate::partners::rules::Life;
    use clocks::State;

    fn item() -> Item {
        Item { item: "x".into(), commitment: "y".into() }
    }

    fn now() -> Timestamp {
        "2026-11-24T10:00:00Z".parse().unwrap()
    }

    fn fitness() -> Fitness {
        let (entitled, cleared) = (Entitled::Free, Cleared::NotAsked);
        Fitness { may_receive: true, is_vendor_in_case: false, entitled, cleared }
    }

    fn partner(level: &str) -> Partner {
        let services = Service::ALL.iter().map(|(service, ..)| *service).collect();
        let contract = Contract { services, hours: 40, terms: item(), signed: Some(now()) };
        let (level, programme) = (Some(level.to_owned()), "tsu-defensive".to_owned());
        Partner { life: Life::Active, level, programme, contract: Some(contract), ..Partner::default() }
    }

    /// Domain facts S24: four types, and a clock for each by level, from the one clock engine.
    #[test]
    fn the_clock_goes_by_type_and_level() {
        for (asks, hours) in [
            (RequestKind::EvaluationAndJudgement, [72, 120, 240]),
            (RequestKind::TechnicalSeminar, [720, 1080, 1440]),
            (RequestKind::DataAnalysis, [120, 240, 360]),
            (RequestKind::EventSupport, [8, 24, 48]),
        ] {
            for (level, hours) in ["L1", "L2", "L3"].into_iter().zip(hours) {
                let (_, due) = may_ask(&partner(level), asks, &fitness(), now()).unwrap();
                assert_eq!(due.duration_since(now()).as_hours(), hours, "{asks:?} {level}");
            }
        }
    }

    /// ARCHITECTURE, never built 1; domain facts S24: exploitation cannot be created.
    #[test]
    fn nobody_offensive_is_asked_and_nothing_offensive_can_be() {
        let asks = RequestKind::DataAnalysis;
        let asked = may_ask(&partner("L2"), asks, &Fitness { may_receive: false, ..fitness() }, now());
        assert!(matches!(asked, Err(Refusal::Invalid { .. })));
        for word in ["exploitation", "exploit", "offensive", "attack", "surveillance", ""] {
            assert!(serde_json::from_value::<Purpose>(word.into()).is_err(), "{word}");
            assert!(serde_json::from_value::<RequestKind>(word.into()).is_err(), "{word}");
        }
    }

    #[test]
    fn only_what_the_contract_names_is_asked_and_no_vendor_about_its_own_case() {
        let mut one = partner("L2");
        one.contract.as_mut().unwrap().services = vec![Service::Analysis];
        let ask = |one: &Partner, asks, is_vendor_in_case| {
            may_ask(one, asks, &Fitness { is_vendor_in_case, ..fitness() }, now())
        };
        assert!(ask(&one, RequestKind::DataAnalysis, false).is_ok());
        assert!(ask(&one, RequestKind::EventSupport, false).is_err());
        assert!(ask(&one, RequestKind::DataAnalysis, true).is_err());
        for life in [Life::Suspended, Life::Ended, Life::Contracted] {
            let one = Partner { life, ..partner("L2") };
            assert!(ask(&one, RequestKind::DataAnalysis, false).is_err(), "{life:?}");
        }
    }

    /// Domain facts S35: entitlement is evaluated when work is given out, and again when it is taken on.
    #[test]
    fn work_that_no_accreditation_permits_is_neither_given_out_nor_taken_on() {
        let asks = RequestKind::DataAnalysis;
        let lapsed = Entitled::Not {
            needs: vec!["ISO/IEC 17025".into()],
            held: vec!["CREST, which is: lapsed".into()],
        };
        let by = Entitled::By { scheme: "ISO/IEC 17025".into(), until: now() };
        let with = |entitled: &Entitled| Fitness { entitled: entitled.clone(), ..fitness() };
        assert!(may_ask(&partner("L2"), asks, &with(&by), now()).is_ok());
        let refused = may_ask(&partner("L1"), asks, &with(&lapsed), now()).unwrap_err().to_string();
        assert!(
            refused.contains("ISO/IEC 17025") && refused.contains("CREST, which is: lapsed"),
            "{refused}"
        );
        let asked = Asked { stage: Stage::Sent, asks: Some(asks), ..Asked::default() };
        let may = |entitled: &Entitled| may_accept(&asked, entitled, &Cleared::NotAsked);
        assert!(may(&by).is_ok() && may(&Entitled::Free).is_ok());
        assert!(may(&lapsed).is_err());
    }

    /// Domain facts 5.2, S41: where work takes a clearance, it goes to a partner of which somebody is cleared
    /// now, at whatever level the partner stands, and is taken on only while that is so.
    #[test]
    fn work_that_takes_a_clearance_goes_to_whoever_has_it_now_and_a_level_does_not_stand_in() {
        let asks = RequestKind::DataAnalysis;
        let cleared = |persons| Cleared::To { words: "Ü2".into(), persons };
        let with = |persons| Fitness { cleared: cleared(persons), ..fitness() };
        assert!(may_ask(&partner("L3"), asks, &with(1), now()).is_ok());
        for level in ["L1", "L2", "L3"] {
            let refused = may_ask(&partner(level), asks, &with(0), now()).unwrap_err().to_string();
            assert!(refused.contains("None of its people is cleared to Ü2 now."), "{refused}");
        }
        let asked = Asked { stage: Stage::Sent, asks: Some(asks), ..Asked::default() };
        assert!(may_accept(&asked, &Entitled::Free, &cleared(1)).is_ok());
        assert!(may_accept(&asked, &Entitled::Free, &cleared(0)).is_err(), "it lapsed in between");
    }

    #[test]
    fn every_stage_takes_its_moves_and_no_other() {
        let allowed = [
            (Stage::Nothing, Move::Send),
            (Stage::Sent, Move::Accept),
            (Stage::Sent, Move::Decline),
            (Stage::Sent, Move::Withdraw),
            (Stage::Accepted, Move::Withdraw),
            (Stage::Accepted, Move::Deliver),
            (Stage::Delivered, Move::Review),
        ];
        for (stage, _) in Stage::ALL {
            for by in [Move::Send, Move::Accept, Move::Decline, Move::Withdraw, Move::Deliver, Move::Review] {
                assert_eq!(stage.after(by).is_some(), allowed.contains(&(*stage, by)), "{stage:?} {by:?}");
            }
        }
    }

    #[test]
    fn an_accepted_request_is_extended_once_before_its_time_is_over() {
        let due = now() + SignedDuration::from_hours(24);
        let asked = Asked { stage: Stage::Accepted, due, ..Asked::default() };
        let extend = |asked: &Asked, at| {
            act(asked, &RequestAct::Extend { days: 2, reasons: "x".into() }, at, &mut |_| Ok(item()))
        };
        assert!(matches!(extend(&asked, now()), Ok(RequestEvent::Extended { until, .. })
            if until == (due + SignedDuration::from_hours(48)).as_second()));
        assert!(extend(&asked, due + SignedDuration::from_secs(1)).is_err(), "too late");
        assert!(extend(&Asked { extended: Some(now()), ..asked.clone() }, now()).is_err(), "once");
        assert!(extend(&Asked { stage: Stage::Sent, ..asked }, now()).is_err(), "not accepted");
    }

    #[test]
    fn what_was_accepted_is_late_once_its_time_is_over_and_what_was_not_is_never() {
        let due = now();
        let (before, after) = (due - SignedDuration::from_secs(1), due + SignedDuration::from_secs(1));
        let asked = |stage, delivered| Asked { stage, delivered, due, ..Asked::default() };
        assert_eq!(asked(Stage::Accepted, None).in_time(before), None);
        assert_eq!(asked(Stage::Accepted, None).in_time(after), Some(false));
        assert_eq!(asked(Stage::Delivered, Some(due)).in_time(after), Some(true));
        assert_eq!(asked(Stage::Delivered, Some(after)).in_time(after), Some(false));
        for stage in [Stage::Sent, Stage::Declined, Stage::Withdrawn] {
            assert_eq!(asked(stage, None).in_time(after), None, "{stage:?}");
        }
    }

    /// Domain facts S24, peers section 4, 8: one clock engine says what a request comes to, from the sending to
    /// what came of it; declining leaves no clock behind.
    #[test]
    fn the_clock_of_a_request_runs_from_the_sending_is_put_off_and_ends_with_what_came() {
        let hours = |hours: i64| now() + SignedDuration::from_hours(hours);
        let asks = Some(RequestKind::DataAnalysis);
        let asked = Asked { stage: Stage::Accepted, asks, sent: now(), due: hours(240), ..Asked::default() };
        let state = |asked: &Asked, at| clock(asked, 1, at).map(|found| (found.state, found.due));
        assert_eq!(state(&asked, hours(1)), Some((State::Running, Some(hours(240)))));
        assert_eq!(state(&asked, hours(241)), Some((State::Overdue, Some(hours(240)))));
        let longer = Asked { extended: Some(hours(200)), due: hours(288), ..asked.clone() };
        assert_eq!(state(&longer, hours(241)), Some((State::Extended, Some(hours(288)))));
        assert_eq!(state(&longer, hours(289)), Some((State::Overdue, Some(hours(288)))));
        for (at, met) in [(240, State::Met), (241, State::MetLate)] {
            let came = Asked { stage: Stage::Delivered, delivered: Some(hours(at)), ..asked.clone() };
            assert_eq!(state(&came, hours(300)).map(|(state, _)| state), Some(met), "{at}");
        }
        for stage in [Stage::Sent, Stage::Declined, Stage::Withdrawn] {
            assert_eq!(state(&Asked { stage, ..asked.clone() }, hours(241)), None, "{stage:?}");
        }
    }

    #[test]
    fn old_entries_are_read() {
        crate::testing::old_entries_are_read::<Asked>();
    }
}
