//! The partner programme: enquiry, application, assessment, contract, and a partner's life.
//!
//! What is asked of partners is data (the crate `programme`). A level changes services, fees and response
//! times; what a partner may read is decided case by case, and nothing here is asked about it.

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use store::{last_number, last_request, look_after};

use crate::ledger::View;

pub(crate) const VIEW: View = View {
    tables: &[
        "partners",
        "partner_assessors",
        "partner_certificates",
        "partner_finds",
        "partner_alerts",
        "partner_requests",
    ],
    apply: store::apply,
    settle: store::settle,
};
