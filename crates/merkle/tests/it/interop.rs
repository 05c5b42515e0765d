//! Held against `tlog_tiles` and `signed_note`: they must accept what we write, and write the same.

use merkle::{Checkpoint, Hash, TilePath, consistency, inclusion, open, root};
use signed_note::Signer;
use tlog_tiles::{Tile, TileHashReader, TileReader, tlog};

use crate::store::{LARGE_STORE, ORIGIN, entry, log, log_key};

/// Serves our tiles to their reader, which checks each against the root before it believes it.
struct OurTiles;

fn our_path(tile: &Tile) -> TilePath {
    TilePath::hashes(tile.level(), tile.level_index(), tile.width() as u16).unwrap()
}

impl TileReader for OurTiles {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog::Error> {
        let read = |tile: &Tile| {
            let path = our_path(tile);
            let (level, span) = path.span();
            let hashes: Vec<Hash> = span.map(|index| LARGE_STORE.at(level, index)).collect();
            path.render_hashes(&hashes).unwrap()
        };
        Ok(tiles.iter().map(read).collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

fn theirs(hash: Hash) -> tlog::Hash {
    tlog::Hash(hash.0)
}

fn ours(proof: Vec<tlog::Hash>) -> Vec<Hash> {
    proof.into_iter().map(|hash| Hash(hash.0)).collect()
}

#[test]
fn their_reader_proves_the_same_from_our_tiles() {
    let mut store = &*LARGE_STORE;
    for size in [1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000, 99_999, 100_000_u64] {
        let top = theirs(root(size, &mut store).unwrap());
        let reader = TileHashReader::new(size, top, &OurTiles);
        for index in [0, size / 3, size / 2, size - 1] {
            let proof = tlog::prove_record(size, index, &reader).unwrap();
            tlog::check_record(&proof, size, top, index, theirs(store.leaf(index))).unwrap();
            assert_eq!(ours(proof), inclusion(index, size, &mut store).unwrap(), "{index} of {size}");
        }
        for old in [1, size.div_ceil(3), size.div_ceil(2), size] {
            let proof = tlog::prove_tree(size, old, &reader).unwrap();
            assert_eq!(ours(proof), consistency(old, size, &mut store).unwrap(), "{old} to {size}");
        }
    }
}

#[test]
fn the_tiles_they_list_are_those_that_exist() {
    for size in [1, 255, 256, 257, 70_000, 100_000] {
        for tile in Tile::new_tiles(8, 0, size) {
            assert!(our_path(&tile).exists_in(size), "{} of {size}", our_path(&tile));
        }
    }
    // Their paths carry the height where ours begin with the level; the rest is alike.
    for tile in [Tile::new(8, 0, 1_234_067, 256, false), Tile::new(8, 3, 5, 17, false)] {
        assert_eq!(tile.path().replacen("tile/8/", "tile/", 1), our_path(&tile).to_string());
    }
}

#[test]
fn entries_hash_to_the_leaves() {
    let bundle = TilePath::entries(3, 256).unwrap();
    let entries: Vec<[u8; 32]> = bundle.span().1.map(entry).collect();
    let bytes = bundle.render_entries(&entries).unwrap();
    for (index, entry) in bundle.span().1.zip(bundle.read_entries(&bytes).unwrap()) {
        assert_eq!(tlog::record_hash(&entry), theirs(LARGE_STORE.leaf(index)));
    }
}

#[test]
fn their_note_verifier_accepts_our_checkpoint() {
    let top = root(70_000, &mut &*LARGE_STORE).unwrap();
    let checkpoint = Checkpoint::new(ORIGIN, 70_000, top).unwrap();
    let text = log().sign(&checkpoint).unwrap();

    let verifier = signed_note::StandardVerifier::new(&log_key().to_string()).unwrap();
    let note = signed_note::Note::from_bytes(text.as_bytes()).unwrap();
    let keys = signed_note::VerifierList::new(vec![Box::new(verifier)]);
    let (signed, others) = note.verify(&keys).unwrap();
    assert_eq!((signed.len(), others.len()), (1, 0));

    let read = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((read.origin(), read.size(), read.hash()), (ORIGIN, 70_000, &theirs(top)));
}

#[test]
fn their_signer_writes_the_same_note() {
    let checkpoint = Checkpoint::new(ORIGIN, 1, Hash([1; 32])).unwrap();
    let signer = signed_note::StandardSigner::new(&log().to_secret_text()).unwrap();
    assert_eq!((signer.name(), signer.key_id()), (ORIGIN, log_key().id()));
    let mut note = signed_note::Note::new(checkpoint.text().as_bytes(), &[]).unwrap();
    note.add_sigs(&[&signer]).unwrap();
    assert_eq!(note.to_bytes(), log().sign(&checkpoint).unwrap().as_bytes());
    let text = String::from_utf8(note.to_bytes()).unwrap();
    assert_eq!(open(&text, &log_key()), Ok(checkpoint));
}
