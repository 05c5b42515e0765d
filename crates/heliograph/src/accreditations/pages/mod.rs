//! Pages of the register: for the public, for holders, for those who look things up.

mod desk;
mod forms;
mod own;
mod pieces;
mod public;
mod tables;

pub(in crate::accreditations) use desk::opened;
pub(crate) use desk::{act as desk_act, desk, evidence as desk_evidence, kept, register as desk_register};
pub(in crate::accreditations) use own::spoken_for;
pub(crate) use own::{act as own_act, evidence as own_evidence, hand_in, held, own};
pub(crate) use pieces::standing_of;
pub(crate) use public::{accreditation, register, register_file, scheme, scheme_file};
pub(crate) use tables::{export, import};
