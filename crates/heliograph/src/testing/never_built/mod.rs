//! What must never be built: the lines of that list in ARCHITECTURE, each with the test that proves
//! it. A test is named by its line.

mod credit;
mod exploit_material;
mod fields;
mod levels;
mod mandates;
mod reads;
mod reporters;
mod vendor_clock;
