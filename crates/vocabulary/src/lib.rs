//! Words that all crates share: identifiers, instants with their zone, severity, pages.
#![warn(missing_docs)]

mod ids;
mod instant;
mod page;
mod severity;

pub use ids::{
    AccountId, AccreditationId, BadId, CaseId, DrillId, OrganisationId, PartnerId, PersonId, ReportId,
    RequestId, letters, typed_letters,
};
pub use instant::{BadInstant, Instant, distance, for_people};
pub use page::{PAGE_MAX, PAGE_SIZE, Page};
pub use severity::Severity;
