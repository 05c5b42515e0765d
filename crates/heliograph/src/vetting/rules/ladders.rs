//! The ladders of this process, chosen once, before anybody is let in by them.

use super::ladder::{LadderError, Ladders};
use std::sync::OnceLock;

static AT_HAND: OnceLock<Ladders> = OnceLock::new();

/// Chooses the ladders of this process. Whoever comes later gets those that were chosen, because a
/// view that was made with others cannot be read with these.
///
/// # Errors
/// If others were chosen before.
pub(crate) fn choose(ladders: Ladders) -> anyhow::Result<()> {
    let chosen = AT_HAND.get_or_init(|| ladders.clone());
    anyhow::ensure!(*chosen == ladders, "this process already works with other ladders of clearances");
    Ok(())
}

/// The ladders at hand; those of the program where none were chosen.
pub(crate) fn ladders() -> &'static Ladders {
    AT_HAND.get_or_init(|| shipped().unwrap_or_else(|_| Ladders::empty()))
}

/// The ladders that come with the program. A test proves that they can be read.
pub(crate) fn shipped() -> Result<Ladders, LadderError> {
    Ladders::with([])
}
