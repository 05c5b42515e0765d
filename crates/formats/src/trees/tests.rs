//! What is compared, what is listed, and what is refused. Trees here are invented.

use super::*;

#[test]
fn a_tree_that_ends_too_early_is_damaged() {
    let tree = [&b"100644 a\0"[..], &[0xab; 20], b"40000 b\0", &[1; 20]].concat();
    let all: Vec<Entry<'_>> = entries(&tree, 20).map(Result::unwrap).collect();
    assert_eq!((all[0].name, all[0].hex()), (&b"a"[..], "ab".repeat(20)));
    assert!(all[0].is_file() && all[1].is_folder() && all.len() == 2);
    let kinds = ["100664", "0100755", "040000", "120000", "160000", "x"].map(|mode| {
        let entry = Entry { mode: mode.as_bytes(), name: b"", id: b"" };
        (entry.is_file(), entry.is_folder())
    });
    let (file, folder, other) = ((true, false), (false, true), (false, false));
    assert_eq!(kinds, [file, file, folder, other, other, other]);
    for end in (1..tree.len()).filter(|end| *end != 29) {
        assert!(entries(&tree[..end], 20).any(|entry| entry.is_err()), "{end}");
    }
}

/// Compares trees whose ids are their numbers, of one byte: the first with nothing.
fn compared(trees: &[Vec<u8>]) -> Result<Vec<Change>, TreeError> {
    compared_with(None, trees, BYTES_MAX)
}

const BYTES_MAX: u64 = 1 << 20;

fn compared_with(before: Option<&str>, trees: &[Vec<u8>], bytes_max: u64) -> Result<Vec<Change>, TreeError> {
    let mut comparison = Comparison::new(before.map(str::to_owned), "00".to_owned(), 1, bytes_max);
    let all: HashMap<String, Vec<u8>> =
        trees.iter().enumerate().map(|(id, tree)| (format!("{id:02x}"), tree.clone())).collect();
    while !comparison.wanted().is_empty() {
        comparison.take(&all)?;
    }
    comparison.files()
}

/// A tree as git writes it.
fn tree(entries: &[(&str, &str, u8)]) -> Vec<u8> {
    let mut entries = entries.to_vec();
    entries
        .sort_by_key(|(mode, name, _)| if *mode == "40000" { format!("{name}/") } else { name.to_string() });
    unsorted(&entries)
}

/// A tree as anybody may write it.
fn unsorted(entries: &[(&str, &str, u8)]) -> Vec<u8> {
    let entry =
        |(mode, name, id): &(&str, &str, u8)| [format!("{mode} {name}\0").as_bytes(), &[*id]].concat();
    entries.iter().flat_map(entry).collect()
}

/// Git does not compare what lies in its files with the id by which it is found, so a tree may hold itself.
#[test]
fn a_tree_that_holds_itself_is_refused() {
    let own = tree(&[("100644", "file", 9), ("40000", "again", 0)]);
    assert_eq!(compared(&[own]), Err(TreeError::Deep));
    let (one, other) = (tree(&[("40000", "x", 1)]), tree(&[("40000", "y", 0)]));
    assert_eq!(compared(&[one, other]), Err(TreeError::Deep));
}

/// Each of these trees is met one level below the root, and lies as deep as there are trees; where the last is met
/// first, each is known before it is met below the one above.
#[test]
fn a_chain_that_is_met_from_above_is_as_deep_as_it_is() {
    let chain = |length: u8, is_last_first: bool| {
        let names: Vec<String> = (0..length).map(|number| format!("{number:03}")).collect();
        let id = |at: u8| if is_last_first { length - at } else { at + 1 };
        let all: Vec<_> = names.iter().zip(0..).map(|(name, at)| ("40000", name.as_str(), id(at))).collect();
        let mut trees = vec![tree(&all)];
        trees.extend((1..length).map(|number| tree(&[("40000", "x", number + 1)])));
        trees.push(tree(&[("100644", "file", 0)]));
        trees
    };
    for is_last_first in [false, true] {
        assert_eq!(compared(&chain(63, is_last_first)).unwrap().len(), 63);
        assert_eq!(compared(&chain(64, is_last_first)), Err(TreeError::Deep));
        assert_eq!(compared(&chain(200, is_last_first)), Err(TreeError::Deep));
    }
}

/// Each level is asked for by itself, so that a chain of any length would take as long as it likes.
#[test]
fn a_chain_is_not_asked_for_below_the_depth_that_is_allowed() {
    let mut comparison = Comparison::new(None, "00".to_owned(), 1, BYTES_MAX);
    let mut level = |id: u8| {
        let below = tree(&[("40000", "x", id + 1)]);
        comparison.take(&HashMap::from([(format!("{id:02x}"), below)]))
    };
    let taken: Vec<_> = (0..=64).map(&mut level).collect();
    assert!(taken[..64].iter().all(Result::is_ok));
    assert_eq!(taken[64], Err(TreeError::Deep));
}

/// Ten trees that each hold the one before ten times have ten thousand million folders, and not one file.
#[test]
fn folders_without_a_file_are_not_walked_through() {
    let names: Vec<String> = (0..10).map(|number| number.to_string()).collect();
    let ten = |id: u8| tree(&names.iter().map(|name| ("40000", name.as_str(), id)).collect::<Vec<_>>());
    let mut trees: Vec<Vec<u8>> = (1..=10).map(ten).collect();
    trees.push(Vec::new());
    assert_eq!(compared(&trees), Ok(Vec::new()));
    trees[10] = tree(&[("100644", "file", 0)]);
    assert_eq!(compared(&trees), Err(TreeError::Long(BYTES_MAX)));
}

const SIDE: u8 = 20;

/// Each leaf of one side stands beside each of the other: 20 and 20 leaves are 400 pairs. In them lie 20 folders
/// without a file, under names that begin as they are told.
fn many_pairs(were: &str, are: &str) -> Vec<Vec<u8>> {
    let names: Vec<String> = (0..SIDE).map(|number| number.to_string()).collect();
    let each = |prefix: &str, id: &dyn Fn(u8) -> u8| {
        let names: Vec<String> = names.iter().map(|name| format!("{prefix}{name}")).collect();
        let all = names.iter().zip(0..).map(|(name, at)| ("40000", name.as_str(), id(at)));
        tree(&all.collect::<Vec<_>>())
    };
    // The roots, their trees, their leaves, and a tree of nothing.
    let (middle, leaf, empty) = ([2, 2 + SIDE], [2 + 2 * SIDE, 2 + 3 * SIDE], 2 + 4 * SIDE);
    let mut trees: Vec<Vec<u8>> = middle.map(|first| each("", &|at| first + at)).into();
    trees.extend((0..SIDE).map(|at| each("", &|_| leaf[0] + at)));
    trees.extend((0..SIDE).map(|_| each("", &|at| leaf[1] + at)));
    trees.extend((0..SIDE).map(|_| each(are, &|_| empty)));
    trees.extend((0..SIDE).map(|_| each(were, &|_| empty)));
    trees.push(Vec::new());
    trees
}

/// In each pair 20 folders are gone and 20 are new. Not one file comes of it.
#[test]
fn a_few_trees_that_make_many_pairs_are_refused_while_they_are_compared() {
    let trees = many_pairs("gone", "new");
    let found = 400 * (2 * u64::from(SIDE) + 1);
    assert_eq!(
        compared_with(Some("01"), &trees, found * FOUND_BYTES),
        Err(TreeError::Large(found * FOUND_BYTES))
    );
    assert_eq!(compared_with(Some("01"), &trees, 2 * found * FOUND_BYTES), Ok(Vec::new()));
}

/// Nothing differs in any pair, so that nothing is found that would take up memory.
#[test]
fn trees_that_are_compared_too_often_are_refused_also_where_nothing_differs() {
    let trees = many_pairs("same", "same");
    let pairs = (400 + u64::from(SIDE)) * (PAIR_BYTES + 2 * ID_BYTES + FOUND_BYTES + 100);
    assert_eq!(compared_with(Some("01"), &trees, pairs), Err(TreeError::Often(2 * pairs)));
    assert_eq!(compared_with(Some("01"), &trees, 5 * pairs), Ok(Vec::new()));
}

/// git-ls-tree(1): names are bytes.
#[test]
fn no_two_names_become_one_text() {
    let plain = [r"CVE-2024-1.json", r"a\b", r"\x", r"\xf", r"C:\xyz", r"a\\b", "\u{ff}'\"\n", ""];
    assert_eq!(plain.map(|name| exactly(name.as_bytes())), plain);
    let odd: [&[u8]; 9] =
        [b"\xff", br"\xff", br"\\xff", b"\\\xff", br"\\\xff", br"\xFF", br"\\xFF", b"\xc3\\xff", b"\xc3\xff"];
    let texts: HashSet<String> = odd.into_iter().chain(plain.map(str::as_bytes)).map(exactly).collect();
    assert_eq!(texts.len(), odd.len() + plain.len(), "{texts:?}");
}

/// Linux, `NAME_MAX`: no work tree has a longer name, and a tree could have one of any length.
#[test]
fn a_name_is_no_longer_than_a_file_system_takes() {
    for (bytes, is_taken) in [(NAME_BYTES, true), (NAME_BYTES + 1, false)] {
        let name = format!("\x1b\u{e4}{}", "x".repeat(bytes - 3));
        let named = tree(&[("100644", &name, 9)]);
        let expected = TreeError::LongName { name: beginning(name.as_bytes()), bytes };
        for trees in [[named.clone(), Vec::new()], [Vec::new(), named]] {
            let found = compared_with(Some("01"), &trees, BYTES_MAX);
            match is_taken {
                true => assert_eq!(found.unwrap()[0].file, name),
                false => assert_eq!(found, Err(expected.clone())),
            }
        }
        let said = expected.to_string();
        assert!(
            said.starts_with(&format!("a name of {bytes} bytes, 255 at most: \"\\x1b\\xc3\\xa4")),
            "{said}"
        );
        let is_plain = |letter: char| matches!(letter, ' '..='~' | '…');
        assert!(said.len() < 250 && said.chars().all(is_plain), "{said}");
    }
}

/// git-fsck(1): `badTree`, `fullPathname`, `hasDot`, `hasDotdot` and `zeroPaddedFilemode`; `hasDotgit` is no data.
#[test]
fn what_no_work_tree_can_have_is_refused() {
    let of = |mode: &str, name: &str| {
        let odd = tree(&[(mode, name, 9)]);
        let now = compared(std::slice::from_ref(&odd));
        let gone = compared_with(Some("01"), &[Vec::new(), odd], BYTES_MAX);
        assert_eq!(now.as_ref().err(), gone.as_ref().err(), "{mode} {name}");
        now.map(|files| files.len())
    };
    for name in ["", ".", "..", "/", "/a", "a/b", "a/", "../a", "//"] {
        assert_eq!(of("100644", name), Err(TreeError::NoName(format!("\"{name}\""))));
    }
    for name in [".git", "...", ".a", "a.", "\\", "a b", " "] {
        assert_eq!(of("100644", name), Ok(1), "{name}");
    }
    for mode in ["", "x", "100648", "+100644", "-1", "0x1", "00100644", "10000000"] {
        assert_eq!(of(mode, "a"), Err(TreeError::NoMode("\"a\"".to_owned())), "{mode}");
    }
    for mode in ["100644", "0100644", "120000", "160000"] {
        assert_eq!(of(mode, "a"), Ok(1), "{mode}");
    }
    let said = [TreeError::NoName("\"..\"".to_owned()), TreeError::NoMode("\"a\"".to_owned())];
    let words = [
        "a name that no file can have: \"..\"",
        "what \"a\" is cannot be read: its mode is none that git writes",
    ];
    assert_eq!(said.map(|error| error.to_string()), words);
}

/// git-fsck(1): `duplicateEntries` and `treeNotSorted`. A slash stands behind the name of a folder, as it were, so that
/// a file and a folder of one name may stand far from each other.
#[test]
fn a_tree_that_is_not_sorted_or_has_a_name_twice_is_refused() {
    const FILE: &str = "100644";
    const FOLDER: &str = "40000";
    let of = |entries: &[(&str, &str)]| {
        let all: Vec<_> = entries.iter().map(|(mode, name)| (*mode, *name, 2)).collect();
        let odd = unsorted(&all);
        let empty = || Vec::new();
        let now = compared(&[odd.clone(), empty(), empty()]);
        let gone = compared_with(Some("01"), &[empty(), odd, empty()], BYTES_MAX);
        assert_eq!(now.as_ref().err(), gone.as_ref().err(), "{entries:?}");
        now.map(|files| files.len())
    };
    let twice = |name: &str| Err(TreeError::Twice(format!("\"{name}\"")));
    let unsorted = |name: &str| Err(TreeError::Unsorted(format!("\"{name}\"")));
    assert_eq!(of(&[(FILE, "a"), (FILE, "a.b"), (FOLDER, "a.c"), (FILE, "a0"), (FILE, "b")]), Ok(4));
    assert_eq!(of(&[(FOLDER, "a-"), (FILE, "a.b"), (FOLDER, "a"), (FILE, "a0")]), Ok(2));
    assert_eq!(of(&[(FILE, "a"), (FILE, "a"), (FILE, "b")]), twice("a"));
    assert_eq!(of(&[(FOLDER, "a"), (FOLDER, "a")]), twice("a"));
    assert_eq!(of(&[("120000", "a"), ("160000", "a")]), twice("a"));
    assert_eq!(of(&[(FILE, "a"), (FOLDER, "a")]), twice("a"));
    assert_eq!(of(&[(FILE, "a"), (FILE, "a-"), (FILE, "a-b"), (FILE, "a.b"), (FOLDER, "a")]), twice("a"));
    assert_eq!(of(&[(FILE, "a"), (FILE, "a-"), (FILE, "a-+"), (FOLDER, "a-")]), twice("a-"));
    assert_eq!(of(&[(FILE, "b"), (FILE, "a")]), unsorted("a"));
    assert_eq!(of(&[(FOLDER, "a"), (FILE, "a.b")]), unsorted("a.b"));
    assert_eq!(of(&[(FOLDER, "a"), (FILE, "a")]), unsorted("a"));
    assert_eq!(of(&[(FILE, "ab"), (FILE, "a")]), unsorted("a"));
    let said = [TreeError::Twice("\"a\"".to_owned()), TreeError::Unsorted("\"a\"".to_owned())];
    let words = [
        "a name that stands twice in a tree: \"a\"",
        "a tree that is not sorted: \"a\" stands too late in it",
    ];
    assert_eq!(said.map(|error| error.to_string()), words);
}

/// Linux, `PATH_MAX`, and git-fsck(1), `largePathname`: names that are allowed come to paths that are not.
#[test]
fn a_path_is_no_longer_than_a_system_takes() {
    let folder = "f".repeat(NAME_BYTES);
    let chain_of = |folders: usize, last: &str, file: usize| {
        let names = vec![folder.as_str(); folders].into_iter().chain([last]).zip(1..);
        let mut trees: Vec<Vec<u8>> = names.map(|(name, id)| tree(&[("40000", name, id)])).collect();
        trees.push(tree(&[("100644", &"x".repeat(file), 0)]));
        trees
    };
    let chain = |last, file| chain_of(15, last, file);
    // 15 times 256, two and the file.
    let found = compared(&chain("y", 254)).unwrap();
    assert_eq!(found[0].file.len() as u64, PATH_BYTES);
    let error = compared(&chain("y", 255)).unwrap_err();
    assert_eq!(error, TreeError::LongPath { folder: beginning(folder.as_bytes()) });
    let said = format!("the path of a file that lies below \"{}…\" is longer than 4096 bytes", &folder[..40]);
    assert_eq!(error.to_string(), said);
    // Without a file there is no path.
    let mut none = chain_of(20, "y", 255);
    assert_eq!(compared(&none), Err(TreeError::LongPath { folder: beginning(folder.as_bytes()) }));
    none[21] = Vec::new();
    assert_eq!(compared(&none), Ok(Vec::new()));
}

/// Trees that are compared lie in memory whole, and what stood in the earlier one beside them, also where nothing differs.
#[test]
fn what_is_held_to_compare_is_counted() {
    let names: Vec<String> = (100..200).map(|number| number.to_string()).collect();
    let all: Vec<_> = names.iter().map(|name| ("100644", name.as_str(), 9)).collect();
    let trees = [tree(&all), tree(&all)];
    let held = PAIR_BYTES + 2 * ID_BYTES + 2 * trees[0].len() as u64 + 100 * ENTRY_BYTES;
    assert_eq!(compared_with(Some("01"), &trees, held), Ok(Vec::new()));
    assert_eq!(compared_with(Some("01"), &trees, held - 1), Err(TreeError::Large(held - 1)));
    // What there is no room for need not be read.
    let mut comparison = Comparison::new(None, "00".to_owned(), 1, BYTES_MAX);
    let room = BYTES_MAX - PAIR_BYTES - ID_BYTES;
    assert_eq!([room - 10, 10, 1].map(|bytes| comparison.admit(bytes).is_ok()), [true, true, false]);
    // The next level has it again.
    let mut comparison = Comparison::new(Some("01".to_owned()), "00".to_owned(), 1, BYTES_MAX);
    let with = |id: u8| [trees[0].clone(), tree(&[("40000", "z", id)])].concat();
    comparison.take(&HashMap::from([("00".to_owned(), with(2)), ("01".to_owned(), with(3))])).unwrap();
    let room = BYTES_MAX - 2 * (PAIR_BYTES + 2 * ID_BYTES) - FOUND_BYTES - 1;
    assert_eq!([room, 1].map(|bytes| comparison.admit(bytes).is_ok()), [true, false]);
}

/// A file in the list is asked for and noted, so that its path is there more than once; what was found is there, too.
#[test]
fn the_list_of_files_is_counted_beside_what_was_found() {
    let names: Vec<String> = (100..200).map(|number| number.to_string()).collect();
    let all: Vec<_> = names.iter().map(|name| ("100644", name.as_str(), 9)).collect();
    let trees = [tree(&[("40000", "folder", 1)]), tree(&all)];
    let found = FOUND_BYTES + 6 + 100 * (FOUND_BYTES + 3);
    let listed = 100 * (350 + 2 * "folder/100".len() as u64);
    assert_eq!(compared_with(None, &trees, found + listed).unwrap().len(), 100);
    let less = found + listed - 1;
    assert_eq!(compared_with(None, &trees, less), Err(TreeError::Long(less)));
}
