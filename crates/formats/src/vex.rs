//! VEX: what the maker of a product says of its known vulnerabilities, whatever format it came in.

use crate::limits::STATEMENTS_BYTES;
use crate::read::{Kind, ReadError, Reason};
use crate::record::Status;
use crate::{csaf, door, openvex};
use jiff::Timestamp;

/// What is said of some products and one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The document's own id.
    pub document: String,
    /// Who says so.
    pub source: String,
    /// When.
    pub at: Option<Timestamp>,
    /// The vulnerability, by all its names.
    pub vulnerabilities: Vec<String>,
    /// The products; none, if none of those that it names is one.
    pub products: Vec<Product>,
    /// Whether they have it.
    pub status: Status,
    /// Why, or what to do: in the words of the document.
    pub why: Option<String>,
}

/// A product, or parts of one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Product {
    /// Package URLs, CPE names and whatever else it is called.
    pub names: Vec<String>,
    /// Where the statement is about parts of it alone, those.
    pub parts: Vec<Product>,
    /// In a bill of materials that speaks of its own parts, which of them: no other, whatever that one is called.
    pub reference: Option<String>,
    /// Where each version is spoken of by itself, those: nothing is said of others, whatever version its names have.
    pub versions: Vec<Versions>,
}

/// A version of a product or a range of them, and what is said of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versions {
    /// A version, or a range of the VERS specification; as it is written there.
    pub text: String,
    /// It is a range.
    pub is_range: bool,
    /// Whether they have it; none if they are listed, and nothing is said of that.
    pub status: Option<Status>,
}

/// Reads the statements of an OpenVEX or CSAF document.
///
/// # Errors
/// If it is no such document, or breaks one of the limits in [`crate::limits`]; with the place.
pub fn read(kind: Kind, bytes: &[u8]) -> Result<Vec<Statement>, ReadError> {
    let text = door::admit(bytes)?;
    match kind {
        Kind::OpenVex => openvex::said(text),
        Kind::Csaf20 | Kind::Csaf21 => csaf::said(text, kind),
        _ => Ok(Vec::new()),
    }
}

/// All statements, as long as they come to no more than [`STATEMENTS_BYTES`]: a small document may say one long
/// thing of a million products.
pub(crate) fn gathered(statements: impl Iterator<Item = Statement>) -> Result<Vec<Statement>, ReadError> {
    let (mut all, mut bytes_left) = (Vec::new(), STATEMENTS_BYTES);
    for statement in statements {
        let Statement { document, source, vulnerabilities, products, why, .. } = &statement;
        let all_named = products.iter().flat_map(|product| std::iter::once(product).chain(&product.parts));
        let names = all_named.flat_map(|product| product.names.iter().chain(&product.reference));
        let versions = products.iter().flat_map(|product| &product.versions).map(|versions| &versions.text);
        let texts =
            [document, source].into_iter().chain(why).chain(vulnerabilities).chain(names).chain(versions);
        let limit = STATEMENTS_BYTES;
        let left = texts.map(|text| text.len() + 1).try_fold(bytes_left, usize::checked_sub);
        bytes_left = left.ok_or_else(|| ReadError::whole(Reason::LargeStatements { limit }))?;
        all.push(statement);
    }
    Ok(all)
}

/// The reasons of a statement as one text. No colon stands behind a sentence that has its end.
pub(crate) fn reasons<T: AsRef<str>>(texts: &[T]) -> Option<String> {
    let mut all = String::new();
    for text in texts {
        let is_sentence = all.trim_end().ends_with(['.', '!', '?']);
        all.push_str(if all.is_empty() {
            ""
        } else if is_sentence {
            " "
        } else {
            ": "
        });
        all.push_str(text.as_ref());
    }
    (!texts.is_empty()).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::reasons;

    #[test]
    fn reasons_are_one_text_and_no_colon_follows_a_sentence() {
        assert_eq!(reasons::<&str>(&[]), None);
        assert_eq!(reasons(&["component_not_present"]).as_deref(), Some("component_not_present"));
        let texts = ["code_not_reachable", "It is on a read-only volume.", "Nothing to do"];
        let expected = "code_not_reachable: It is on a read-only volume. Nothing to do";
        assert_eq!(reasons(&texts).as_deref(), Some(expected));
    }
}
