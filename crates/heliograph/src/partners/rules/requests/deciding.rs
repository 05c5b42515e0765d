//! Who may be asked, who may take it on, and what may be done with a request.

use super::clock::due;
use super::state::{Asked, Move, RequestEvent, Stage};
use super::words::RequestKind;
use crate::accreditations::Entitled;
use crate::ledger::{Error, Item};
use crate::partners::rules::act::{WORDS_MAX, limited, words};
use crate::partners::rules::life::Life;
use crate::partners::rules::programmes::programme;
use crate::partners::rules::state::Partner;
use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

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
    let levels = programme(&partner.programme).map(|found| &found.programme.levels);
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
            Self::Decline { reasons } => limited("reasons", reasons, WORDS_MAX),
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
    use super::*;
    use crate::partners::rules::requests::words::Purpose;
    use crate::partners::rules::state::Contract;
    use programme::Service;

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
}
