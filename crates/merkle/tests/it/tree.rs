//! Roots and proofs: known vectors, every pair of small sizes, and large ones at random.

use merkle::{
    Error, Frontier, Hash, MAX_SIZE, Nodes, append, commitment, consistency, hash, inclusion, leaf, root,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

use crate::store::{LARGE, LARGE_STORE, Store, flip};

/// The entries that the reference implementations of RFC 6962 are tested with, and the roots of
/// their first 1 to 8.
const ENTRIES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn known() -> Store {
    Store::of(ENTRIES.map(hash::leaf_of))
}

fn hex(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| format!("{hash:x}")).collect()
}

fn numbered(count: u64) -> Vec<Hash> {
    (0..count).map(|number| hash::leaf_of(format!("leaf {number}").as_bytes())).collect()
}

/// RFC 6962 section 2.1, word for word: slow and evidently right.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => hash::empty_root(),
        [one] => *one,
        more => {
            let mut half = 1;
            while half * 2 < more.len() {
                half *= 2;
            }
            hash::inner(&defined_root(&more[..half]), &defined_root(&more[half..]))
        }
    }
}

#[test]
fn known_roots() {
    for (size, want) in (1..).zip(ROOTS) {
        assert_eq!(format!("{:x}", root(size, &mut known()).unwrap()), want);
    }
    let empty = root(0, &mut Store::default()).unwrap();
    assert_eq!(format!("{empty:x}"), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn known_proofs() {
    let first_of_8 = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(hex(&inclusion(0, 8, &mut known()).unwrap()), first_of_8);
    assert_eq!(hex(&consistency(1, 8, &mut known()).unwrap()), first_of_8);
    let from_6_to_8 = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[3],
    ];
    assert_eq!(hex(&consistency(6, 8, &mut known()).unwrap()), from_6_to_8);
}

/// Computed with another implementation of SHA-256.
#[test]
fn known_commitment() {
    let salt: [u8; 32] = std::array::from_fn(|at| at as u8);
    let hidden = commitment(&salt, br#"{"kind":"report.received"}"#);
    let as_hex = |bytes| format!("{:x}", Hash(bytes));
    assert_eq!(as_hex(hidden), "c3c4a97322d07c14fdd3cbe72a2bb6237101fff70d03a61b757c902ce8137fb9");
    let leaf = leaf(&hidden);
    assert_eq!(format!("{leaf:x}"), "55f803dbe887b9e37591376e4498f0b7e978c199d9c54019c44bbd17dcde1244");
}

#[test]
fn roots_are_as_defined_and_append_agrees() {
    let leaves = numbered(201);
    let mut store = Store::default();
    for size in 0..=200_u64 {
        let want = defined_root(&leaves[..size as usize]);
        assert_eq!(root(size, &mut store).unwrap(), want, "size {size}");
        assert_eq!(Frontier::load(size, &mut store).unwrap().root(), want);
        let nodes = append(size, leaves[size as usize], &mut store).unwrap();
        assert_eq!(nodes.len(), 1 + (size + 1).trailing_zeros() as usize);
        store.keep(nodes);
    }
}

#[test]
fn a_batch_stores_what_single_appends_store() {
    let leaves = numbered(100);
    let mut store = Store::of(leaves[..37].iter().copied());
    let mut frontier = Frontier::load(37, &mut store).unwrap();
    for leaf in &leaves[37..] {
        let alone = append(frontier.size(), *leaf, &mut store).unwrap();
        let batched = frontier.push(*leaf).unwrap();
        assert_eq!(batched, alone);
        store.keep(batched);
    }
    assert_eq!(frontier.root(), defined_root(&leaves));
}

#[test]
fn every_inclusion_to_200_holds_and_no_altered_one() {
    let mut store = Store::of(numbered(200));
    for size in 0..=200 {
        let top = root(size, &mut store).unwrap();
        for index in 0..size {
            let proof = inclusion(index, size, &mut store).unwrap();
            let leaf = store.leaf(index);
            verify_inclusion(&leaf, index, size, &top, &proof).unwrap();
            let bit = (size * 31 + index * 7) as usize % 256;
            refuse_altered_inclusion(&leaf, index, size, &top, &proof, &[bit]);
        }
    }
}

#[test]
fn every_consistency_to_200_holds_and_no_altered_one() {
    let mut store = Store::of(numbered(200));
    let roots: Vec<Hash> = (0..=200).map(|size| root(size, &mut store).unwrap()).collect();
    for new in 0..=200 {
        for old in 0..=new {
            let (old_root, new_root) = (roots[old as usize], roots[new as usize]);
            let proof = consistency(old, new, &mut store).unwrap();
            verify_consistency(old, &old_root, new, &new_root, &proof).unwrap();
            let bit = (new * 31 + old * 7) as usize % 256;
            refuse_altered_consistency(old, &old_root, new, &new_root, &proof, &[bit]);
        }
    }
}

#[test]
fn every_single_bit_counts() {
    let bits: Vec<usize> = (0..256).collect();
    let mut store = Store::of(numbered(13));
    let top = root(13, &mut store).unwrap();
    for other in 0..13 {
        let proof = inclusion(other, 13, &mut store).unwrap();
        refuse_altered_inclusion(&store.leaf(other), other, 13, &top, &proof, &bits);
        let old_root = root(other, &mut store).unwrap();
        let proof = consistency(other, 13, &mut store).unwrap();
        refuse_altered_consistency(other, &old_root, 13, &top, &proof, &bits);
    }
}

fn refuse_altered_inclusion(leaf: &Hash, index: u64, size: u64, top: &Hash, proof: &[Hash], bits: &[usize]) {
    let refused = Err(Error::NotIncluded { index, size });
    for &bit in bits {
        assert_eq!(verify_inclusion(&flip(leaf, bit), index, size, top, proof), refused);
        assert_eq!(verify_inclusion(leaf, index, size, &flip(top, bit), proof), refused);
        for altered in altered(proof, bit) {
            assert_eq!(verify_inclusion(leaf, index, size, top, &altered), refused);
        }
    }
    // Another place, a longer proof, a shorter one.
    if index > 0 {
        assert!(verify_inclusion(leaf, index - 1, size, top, proof).is_err());
    }
    assert!(verify_inclusion(leaf, index, size, top, &[proof, &[*leaf]].concat()).is_err());
    if let Some((_, shorter)) = proof.split_last() {
        assert!(verify_inclusion(leaf, index, size, top, shorter).is_err());
    }
}

fn refuse_altered_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
    bits: &[usize],
) {
    let refused = Err(Error::NotConsistent { old, new });
    for &bit in bits {
        assert_eq!(verify_consistency(old, &flip(old_root, bit), new, new_root, proof), refused);
        // Any tree continues the empty one, so then only an empty new tree has a root to check.
        if old > 0 || new == 0 {
            assert_eq!(verify_consistency(old, old_root, new, &flip(new_root, bit), proof), refused);
        }
        for altered in altered(proof, bit) {
            assert_eq!(verify_consistency(old, old_root, new, new_root, &altered), refused);
        }
    }
    assert!(verify_consistency(old, old_root, new, new_root, &[proof, &[*new_root]].concat()).is_err());
    if let Some((_, shorter)) = proof.split_last() {
        assert!(verify_consistency(old, old_root, new, new_root, shorter).is_err());
    }
}

/// The proof with this bit flipped in each of its hashes in turn.
fn altered(proof: &[Hash], bit: usize) -> impl Iterator<Item = Vec<Hash>> {
    (0..proof.len()).map(move |at| {
        let mut altered = proof.to_vec();
        altered[at] = flip(&altered[at], bit);
        altered
    })
}

#[test]
fn questions_that_have_no_answer() {
    let mut store = known();
    assert_eq!(inclusion(8, 8, &mut store), Err(Error::NoSuchRecord { index: 8, size: 8 }));
    assert_eq!(inclusion(0, 0, &mut store), Err(Error::NoSuchRecord { index: 0, size: 0 }));
    assert_eq!(consistency(8, 7, &mut store), Err(Error::Shrunk { old: 8, new: 7 }));
    assert_eq!(root(u64::MAX, &mut store), Err(Error::TooLarge { size: u64::MAX }));
    let any = store.leaf(0);
    let too_large = Err(Error::TooLarge { size: u64::MAX });
    assert_eq!(verify_inclusion(&any, 0, u64::MAX, &any, &[]), too_large);
    assert_eq!(verify_consistency(1, &any, u64::MAX, &any, &[]), too_large);
    assert_eq!(verify_inclusion(&any, 1, 1, &any, &[]), Err(Error::NoSuchRecord { index: 1, size: 1 }));
    assert_eq!(verify_consistency(2, &any, 1, &any, &[]), Err(Error::Shrunk { old: 2, new: 1 }));
}

/// The application reads from a transaction, through a closure with its own error.
#[test]
fn a_closure_will_do_and_its_error_comes_back() {
    #[derive(Debug, PartialEq)]
    enum Mine {
        Merkle(Error),
        Disk,
    }
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Mine::Merkle(error)
        }
    }
    let mut broken = |_: &[(u8, u64)]| Err::<Vec<Hash>, _>(Mine::Disk);
    assert_eq!(root(3, &mut broken), Err(Mine::Disk));
    let mut short = |_: &[(u8, u64)]| Ok::<_, Mine>(Vec::new());
    assert_eq!(root(3, &mut short), Err(Mine::Merkle(Error::Store { want: 2, got: 0 })));
    assert_eq!(inclusion(0, 3, &mut short), Err(Mine::Merkle(Error::Store { want: 2, got: 0 })));
    let dynamic: &mut dyn Nodes<Error = Mine> = &mut short;
    assert_eq!(root(3, dynamic), Err(Mine::Merkle(Error::Store { want: 2, got: 0 })));
    assert_eq!(root(0, dynamic), Ok(hash::empty_root()));
}

#[test]
fn one_read_for_a_question_even_of_the_largest_log() {
    let mut store = known();
    inclusion(3, 7, &mut store).unwrap();
    assert_eq!(store.reads, 1);
    consistency(3, 7, &mut store).unwrap();
    assert_eq!(store.reads, 2);
    append(7, store.leaf(0), &mut store).unwrap();
    assert_eq!(store.reads, 3);

    let mut asked = 0;
    let mut any = |places: &[(u8, u64)]| {
        asked += places.len();
        Ok::<_, Error>(vec![hash::empty_root(); places.len()])
    };
    assert_eq!(inclusion(MAX_SIZE - 1, MAX_SIZE, &mut any).unwrap().len(), 62);
    assert_eq!(inclusion(0, MAX_SIZE, &mut any).unwrap().len(), 63);
    consistency(MAX_SIZE - 1, MAX_SIZE, &mut any).unwrap();
    let full = append(MAX_SIZE, hash::empty_root(), &mut any);
    assert_eq!(full, Err(Error::TooLarge { size: MAX_SIZE + 1 }));
    assert!(asked < 1000, "{asked} nodes");
}

proptest! {
    #[test]
    fn large_trees(a in 1..=LARGE, b in 1..=LARGE, pick in any::<u64>(), bit in 0..256_usize) {
        let mut store = &*LARGE_STORE;
        let (old, new) = (a.min(b), a.max(b));
        let (old_root, new_root) = (root(old, &mut store).unwrap(), root(new, &mut store).unwrap());
        let proof = consistency(old, new, &mut store).unwrap();
        verify_consistency(old, &old_root, new, &new_root, &proof).unwrap();
        refuse_altered_consistency(old, &old_root, new, &new_root, &proof, &[bit]);

        let index = pick % new;
        let proof = inclusion(index, new, &mut store).unwrap();
        verify_inclusion(&store.leaf(index), index, new, &new_root, &proof).unwrap();
        refuse_altered_inclusion(&store.leaf(index), index, new, &new_root, &proof, &[bit]);
    }

    #[test]
    fn no_proof_by_chance(
        index in any::<u64>(), size in any::<u64>(), old in any::<u64>(),
        proof in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash), 0..70),
        a in any::<[u8; 32]>(), b in any::<[u8; 32]>(),
    ) {
        prop_assume!(a != b);
        prop_assert!(verify_inclusion(&Hash(a), index, size, &Hash(b), &proof).is_err());
        prop_assert!(verify_consistency(old, &Hash(a), size, &Hash(b), &proof).is_err());
    }
}

#[test]
fn a_hash_is_read_in_its_one_spelling() {
    let hash = known().leaf(0);
    assert_eq!(hash.to_string().parse(), Ok(hash));
    let text = hash.to_string();
    for wrong in ["", "AAAA", &text[..43], &format!("{text}\n"), &format!("{text}="), &text.replace('=', "")]
    {
        assert_eq!(wrong.parse::<Hash>(), Err(Error::Hash), "{wrong:?}");
    }
    // The last letter carries two bits that do not count; they must be zero.
    let stray = format!("{}F=", "A".repeat(42));
    assert_eq!(stray.parse::<Hash>(), Err(Error::Hash));
}
