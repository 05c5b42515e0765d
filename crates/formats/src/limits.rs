//! How much a document may ask of its reader. Every limit is named by the error that it causes.

/// The largest document: the largest CSAF and CVE documents seen stay below 4 MiB.
pub const DOCUMENT_BYTES: usize = 16 << 20;
/// The deepest nesting: real records reach 14.
pub const DEPTH: usize = 64;
/// The longest string.
pub const STRING_BYTES: usize = 1 << 20;
/// The longest key.
pub const KEY_BYTES: usize = 1 << 10;
/// The most parser events of a YAML document, with its aliases written out.
pub const YAML_EVENTS: usize = 200_000;
/// The most aliases of a YAML document.
pub const YAML_ALIASES: usize = 100;
/// The most text that a product tree may hold when what stands on a branch is written out for
/// every product below it.
pub const TREE_BYTES: usize = 32 << 20;
/// The most text that statements of VEX may hold when what is said once is written out for every product.
pub const STATEMENTS_BYTES: usize = 32 << 20;
/// The largest file of EPSS scores: a day has about 10 MB.
pub const EPSS_BYTES: usize = 64 << 20;
/// The largest list of weaknesses or attack patterns: CWE's has about 15 MB.
pub const XML_BYTES: usize = 64 << 20;
/// The longest line of a table.
pub(crate) const LINE_BYTES: usize = 1_000;
/// The longest name of a container or publisher, and the longest CVE id.
pub(crate) const NAME_BYTES: usize = 256;
/// Products of a remedy that are named: a document may name the same thousands for each of its remedies.
pub(crate) const REMEDY_PRODUCTS: usize = 3;
/// Lists are freed of repetitions up to this length, so that this stays linear.
pub(crate) const DISTINCT: usize = 256;

/// The most bytes that are read of a document that begins so: lists are larger than records.
#[must_use]
pub fn of(head: &[u8]) -> usize {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => {
            std::str::from_utf8(head.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if crate::epss::is_beginning(text) {
        return EPSS_BYTES;
    }
    if text.starts_with('<') { XML_BYTES } else { DOCUMENT_BYTES }
}
