//! The schemes of this process, chosen once when it starts.

use programme::Schemes;
use std::sync::OnceLock;

static AT_HAND: OnceLock<Schemes> = OnceLock::new();

/// Chooses the schemes of this process.
///
/// # Errors
/// If others were chosen before.
pub(crate) fn choose(schemes: Schemes) -> anyhow::Result<()> {
    let chosen = AT_HAND.get_or_init(|| schemes.clone());
    anyhow::ensure!(*chosen == schemes, "this process already works with other schemes of accreditation");
    Ok(())
}

/// The schemes; none before they were chosen.
pub(crate) fn schemes() -> Option<&'static Schemes> {
    AT_HAND.get()
}
