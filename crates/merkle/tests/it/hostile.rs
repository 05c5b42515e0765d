//! Whatever a stranger sends is answered with a value: no reader panics.

use merkle::{Limits, Receipt, SigningKey, TilePath, VerifierKey, attach, cosignatures, open};
use proptest::prelude::*;

use crate::store::{log_key, witness};

const GOLDEN: &str = include_str!("golden.tlog-proof");

fn read_all(text: &str) {
    let witnesses = [witness().witness()];
    let _ = text.parse::<TilePath>();
    let _ = text.parse::<VerifierKey>();
    let _ = text.parse::<merkle::Hash>();
    let _ = SigningKey::from_secret_text(text);
    let _ = open(text, &log_key());
    let _ = cosignatures(text, &witnesses);
    let _ = attach(text, text, &witnesses);
    if let Ok(receipt) = Receipt::parse(text, Limits::default()) {
        assert_eq!(receipt.to_text(), text, "a receipt has one spelling");
        let _ = receipt.verify(&log_key());
    }
}

/// Pieces of the formats in any order, which get further in than arbitrary text.
fn pieces() -> impl Strategy<Value = String> {
    let mut words: Vec<String> = GOLDEN.lines().map(str::to_owned).collect();
    let more = [
        "\n", "\n\n", " ", "extra ", "index ", "— ", "tile/", "entries/", "x001/", ".p/", "+", "=", "0", "é",
    ];
    words.extend(more.map(str::to_owned));
    words.extend([log_key().to_string(), "PRIVATE+KEY+".to_owned()]);
    prop::collection::vec(prop::sample::select(words), 0..24).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text(text in any::<String>()) {
        read_all(&text);
    }

    #[test]
    fn any_lines(text in "(.{0,20}\n){0,12}") {
        read_all(&text);
    }

    #[test]
    fn any_pieces(text in pieces()) {
        read_all(&text);
    }

    #[test]
    fn any_splice_of_a_receipt(from in 0..GOLDEN.len(), to in 0..GOLDEN.len(), middle in pieces()) {
        let bytes = [&GOLDEN.as_bytes()[..from.min(to)], middle.as_bytes(), &GOLDEN.as_bytes()[from.max(to)..]].concat();
        read_all(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_tile_bytes(bytes in prop::collection::vec(any::<u8>(), 0..20_000), width in 1..=256_u16) {
        let tile = TilePath::hashes(0, 0, width).unwrap();
        prop_assert_eq!(tile.read_hashes(&bytes).is_ok(), bytes.len() == usize::from(width) * 32);
        let bundle = TilePath::entries(0, width).unwrap();
        let _ = bundle.read_entries(&bytes);
        let exact: Vec<u8> = bytes.iter().copied().cycle().take(usize::from(width) * 34 * usize::from(!bytes.is_empty())).collect();
        let _ = bundle.read_entries(&exact);
    }
}
