//! Partner programmes and facts in, levels with their reasons out. Pure.
//!
//! A [`Programme`] is a set of criteria written as data: stages (admission, the yearly review), levels,
//! and what each level asks for. [`Facts`] are what is known of one partner: single facts, and the
//! credits that it has earned. [`Programme::evaluate`] puts the two together and answers, for each
//! criterion and level, *met*, *not met* or *unknown*, and why; the level reached is the best one
//! whose criteria are all met.
//!
//! What the engine promises:
//!
//! - What is not known is `unknown`, and unknown is not met. Nothing is invented.
//! - A find counts in an active programme only with evidence that its vendor was told.
//! - Attitude is never scored, and declining a request costs nothing.
//! - A programme that breaks this can be read, evaluated and compared as `reference`, never activated
//!   (see [`Forbidden`]).
//! - Nothing about politics, religion, ethnicity, origin, gender or family can be asked at all.
//!
//! A [`Scheme`] of accreditation is data too: who certifies, and which services that permits.
//!
//! A level changes services, fees and response times. What a partner may read is decided elsewhere, and
//! nothing here is an input to it.
#![warn(missing_docs)]

mod capacity;
mod count;
mod evaluate;
mod facts;
mod forbidden;
mod parse;
mod parse_scheme;
mod programme;
mod progress;
mod reader;
mod scheme;

pub use capacity::Capacity;
pub use evaluate::{Evaluation, Finding, Outcome};
pub use facts::{Credit, Facts, FactsError, Value};
pub use forbidden::{Forbidden, Rule};
pub use programme::{
    Condition, Count, Criterion, Demand, Demands, Filter, Guard, Mode, Programme, Stage, Test, Window,
};
pub use progress::Progress;
pub use reader::ProgrammeError;
pub use scheme::{Holders, Permit, RefusedScheme, Scheme, Schemes, Service, builtin_schemes};

/// The programmes that come with the program: identifier and TOML text, which partners read too.
#[must_use]
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &[
        ("cna", include_str!("../../../programmes/cna.toml")),
        ("cnnvd-tsu-2023", include_str!("../../../programmes/cnnvd-tsu-2023.toml")),
        ("sim3", include_str!("../../../programmes/sim3.toml")),
        ("tsu-defensive", include_str!("../../../programmes/tsu-defensive.toml")),
    ]
}
