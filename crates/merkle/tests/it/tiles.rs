//! Tiles: the specification's examples, every path there and back, and paths that are refused.

use merkle::{Error, Hash, TilePath};
use proptest::prelude::*;

use crate::store::{LARGE_STORE, entry};

fn path(text: &str) -> TilePath {
    text.parse().unwrap()
}

#[test]
fn paths_of_the_specification() {
    let tile = path("tile/0/x001/x234/067");
    assert_eq!(tile, TilePath::hashes(0, 1_234_067, 256).unwrap());
    assert_eq!(tile.span(), (0, 1_234_067 * 256..1_234_068 * 256));
    assert!(!tile.is_entries());

    let partial = path("tile/1/001.p/17");
    assert_eq!(partial, TilePath::hashes(1, 1, 17).unwrap());
    assert_eq!(partial.span(), (8, 256..273));

    let bundle = path("tile/entries/x273/000.p/112");
    assert_eq!(bundle, TilePath::entries(273_000, 112).unwrap());
    assert_eq!((bundle.is_entries(), bundle.width(), bundle.span().0), (true, 112, 0));

    for text in ["tile/0/000", "tile/7/999", "tile/0/x001/000", "tile/entries/x999/x999/999.p/255"] {
        assert_eq!(path(text).to_string(), text);
    }
}

#[test]
fn paths_that_are_refused() {
    let refused = [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tiles/0/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1234",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/0/x001/x000",
        "tile/0/xx01/000",
        "tile/0/X001/000",
        "tile/0/x1/000",
        "tile/0//000",
        "tile/00/000",
        "tile/+1/000",
        "tile/-1/000",
        "tile/8/000",
        "tile/63/000",
        "tile/64/000",
        "tile/256/000",
        "tile/data/000",
        "tile/Entries/000",
        "tile/8/0/000",
        "tile/ 0/000",
        "tile/0/+01",
        "tile/0/-01",
        "tile/0/ 01",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/65537",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/.p/1",
        "tile/0/000.P/1",
        "tile/0/000p/1",
        "tile/0/../000",
        "tile/0/%30",
        "tile/0/000?x",
        "tile/0/000\0",
        "tile/0/٠٠٠",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/entries/000.p/256",
        "tile/entries",
    ];
    for text in refused {
        let result = text.parse::<TilePath>();
        assert!(matches!(result, Err(Error::TilePath { .. })), "{text:?} gave {result:?}");
    }
    let long = format!("tile/0/{}000", "x000/".repeat(1_000_000));
    assert_eq!(long.parse::<TilePath>(), Err(Error::TilePath { why: "it is too long" }));
    assert!(TilePath::hashes(8, 0, 1).is_err());
    assert!(TilePath::entries(0, 0).is_err());
    assert!(TilePath::entries(0, 257).is_err());
}

/// A tree of 70,000 is the specification's example.
#[test]
fn the_tiles_that_a_tree_has() {
    let has = |size, text: &str| path(text).exists_in(size);
    for there in [
        "tile/0/000",
        "tile/0/272",
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
        "tile/entries/000",
        "tile/entries/272",
        "tile/entries/273.p/112",
    ] {
        assert!(has(70_000, there), "{there}");
    }
    for absent in [
        "tile/0/273",
        "tile/0/273.p/111",
        "tile/0/273.p/113",
        "tile/0/274.p/1",
        "tile/0/000.p/1",
        "tile/1/001",
        "tile/1/001.p/16",
        "tile/2/000",
        "tile/2/000.p/2",
        "tile/3/000.p/1",
        "tile/7/000.p/1",
        "tile/entries/273",
        "tile/entries/274.p/1",
        "tile/0/x999/x999/x999/999",
    ] {
        assert!(!has(70_000, absent), "{absent}");
    }
    assert!(has(256, "tile/0/000") && has(256, "tile/1/000.p/1") && !has(256, "tile/0/001.p/1"));
    assert!(!has(0, "tile/0/000.p/1") && !has(0, "tile/0/000"));

    // An earlier size's partial tile is still covered, a later one's is not.
    assert!(path("tile/0/273.p/111").is_covered_by(70_000));
    assert!(path("tile/0/000.p/1").is_covered_by(70_000));
    assert!(!path("tile/0/273.p/113").is_covered_by(70_000));
    assert!(!path("tile/2/000.p/2").is_covered_by(70_000));
}

#[test]
fn bytes_there_and_back() {
    for text in ["tile/0/003", "tile/0/390.p/160", "tile/1/001.p/134", "tile/2/000.p/1"] {
        let tile = path(text);
        assert!(tile.exists_in(100_000));
        let (level, span) = tile.span();
        let hashes: Vec<Hash> = span.map(|index| LARGE_STORE.at(level, index)).collect();
        let bytes = tile.render_hashes(&hashes).unwrap();
        assert_eq!(bytes.len(), 32 * usize::from(tile.width()));
        assert_eq!(tile.read_hashes(&bytes).unwrap(), hashes);
    }
    let bundle = path("tile/entries/000.p/3");
    let entries: Vec<[u8; 32]> = bundle.span().1.map(entry).collect();
    let bytes = bundle.render_entries(&entries).unwrap();
    assert_eq!(bytes.len(), 102);
    assert_eq!(bytes[..2], [0, 32]);
    assert_eq!(bytes[34..36], [0, 32]);
    assert_eq!(bundle.read_entries(&bytes).unwrap(), entries);
}

#[test]
fn bytes_that_do_not_fit_the_path() {
    let bundle = path("tile/entries/000.p/2");
    let words = |result: Result<_, Error>| result.map(|_: Vec<[u8; 32]>| ()).unwrap_err().to_string();
    assert_eq!(words(bundle.read_entries(&[0; 5])), "the tile tile/entries/000.p/2 holds 68 bytes, not 5");
    let mut bytes = bundle.render_entries(&[entry(0), entry(1)]).unwrap();
    bytes[35] = 31;
    assert_eq!(
        words(bundle.read_entries(&bytes)),
        "entry 1 of the bundle tile/entries/000.p/2 is not a commitment of 32 bytes"
    );
    assert!(bundle.render_entries(&[entry(0)]).is_err());
    let tile = path("tile/0/000.p/2");
    assert!(tile.render_hashes(&[]).is_err());
    assert!(tile.read_hashes(&[0; 63]).is_err());
}

proptest! {
    #[test]
    fn every_path_there_and_back(level in prop::option::of(0..=7_u8), index in 0..u64::MAX >> 9, width in 1..=256_u16) {
        let tile = match level {
            Some(level) => TilePath::hashes(level, index, width),
            None => TilePath::entries(index, width),
        };
        let tile = tile.unwrap();
        prop_assert_eq!(tile.to_string().parse(), Ok(tile));
        // Whatever is asked, the answer is a plain no and never an overflow.
        prop_assert!(!tile.exists_in(0));
        prop_assert_eq!(tile.is_covered_by(u64::MAX), tile.span().1.end <= u64::MAX >> tile.span().0);
    }
}
