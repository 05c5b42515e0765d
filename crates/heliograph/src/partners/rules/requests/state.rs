//! Where a request stands: its events, the table of its moves, and the fold.

use super::words::{Purpose, RequestKind};
use crate::ledger::{Event, Item, Recorded, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vocabulary::{CaseId, OrganisationId, PartnerId};

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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

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
    fn what_was_accepted_is_late_once_its_time_is_over_and_what_was_not_is_never() {
        let due: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
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

    #[test]
    fn old_entries_are_read() {
        crate::testing::old_entries_are_read::<Asked>();
    }
}
