//! The public catalogue.
use std::path::Path;
#[derive(Clone)]
pub(crate) struct Catalogue;
impl Catalogue {
    pub(crate) fn open(_path: &Path) -> anyhow::Result<Self> {
        Ok(Self)
    }
}
