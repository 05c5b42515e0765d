//! The claim code: how a reporter follows a report without an account. 160 bits, stored as a hash,
//! entered in a form, never in an address.

use super::parse;
use crate::access::{Limit, count_attempt};
use crate::app::App;
use crate::ledger::Keys;
use crate::refusal::Refusal;
use sha2::{Digest, Sha256};
use storage::{Tx, params};
use vocabulary::{ReportId, letters, typed_letters};

/// A claim code as it is printed: eight groups of four.
pub(in crate::reports) fn code(bytes: &[u8; 20]) -> String {
    let all = letters(bytes);
    let groups: Vec<&str> = (0..8).filter_map(|i| all.get(i * 4..i * 4 + 4)).collect();
    groups.join("-")
}

/// The hash under which a code is known; `None` for what cannot be one.
pub(in crate::reports) fn hash(typed: &str) -> Option<[u8; 32]> {
    let letters = typed_letters(typed);
    let hash = Sha256::new().chain_update(b"heliograph/claim/v1\n").chain_update(&letters);
    (letters.len() == 32).then(|| hash.finalize().into())
}

/// The code of a submission that may be sent twice: the same secret gives the same code, so a
/// reporter whose connection broke after sending sees her code when she sends again.
pub(in crate::reports) fn bytes_for(keys: &Keys, submission: &[u8]) -> [u8; 20] {
    let derived = keys.derive("claim code", submission);
    std::array::from_fn(|i| derived[i])
}

/// Claim codes that are none, from one address.
const WRONG_CODES: Limit = Limit { what: "wrong claim codes from one address", count_max: 30, minutes: 60 };

/// The report of a claim code that somebody typed. Only wrong ones are counted: with 160 bits nobody
/// guesses one, and nobody whose address another uses too is kept from her own report.
pub(crate) async fn claimed(app: &App, remote: String, typed: String) -> Result<Option<ReportId>, Refusal> {
    let found = app.read(move |tx| by_claim(tx, &typed)).await?;
    if found.is_none() {
        let bucket = format!("claim/{remote}");
        app.ledger.submit(move |w| count_attempt(w, &bucket, &WRONG_CODES)).await?;
    }
    Ok(found)
}

/// The report of a claim code.
fn by_claim(tx: &mut Tx<'_>, typed: &str) -> Result<Option<ReportId>, Refusal> {
    let Some(hash) = hash(typed) else { return Ok(None) };
    let row = tx.query_opt("SELECT id FROM reports WHERE claim_hash = $1", params![hash])?;
    row.map(|row| parse(row.get(0)?)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_160_bits_and_forgives_its_typist() {
        let printed = code(&[0xa5; 20]);
        assert_eq!(printed.len(), 39);
        let known = hash(&printed).unwrap();
        assert_eq!(hash(&printed.to_uppercase().replace('-', " ")), Some(known));
        assert_eq!(hash(&code(&[0; 20]).replace('0', "O")), hash(&code(&[0; 20])));
        assert_ne!(hash(&code(&[1; 20])), Some(known));
        for bad in ["", "abcd", &"x".repeat(33), "日本語"] {
            assert_eq!(hash(bad), None, "{bad}");
        }
    }
}
