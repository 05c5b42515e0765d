//! Maven: numbers and qualifiers, divided by dots, hyphens and every change from digit to letter.
//!
//! Authority: the POM reference, "Version Order Specification", and `ComparableVersion` of Maven
//! 3.9 and 4, which agree. `.alpha` is read as `-alpha` since Maven 3.8.7, so `2.0.a` is before
//! `2-1`.
//! Maven would read any text; here a version has a digit, or ends in a word for a release
//! (`Finchley.RELEASE`), so that a word is never a hit, and nothing that no file's name may have, as
//! Maven's `DefaultModelValidator` wants it.
//! Maven's order has circles: `0-rc.1` is before `0`, that before `v2`, and that before `0-rc.1`.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::digits;

/// A version as a chain of lists: each list's last item, as it were, is the list behind it.
#[derive(Debug, Clone)]
pub(crate) struct Maven<'a>(Vec<Vec<Item<'a>>>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Item<'a> {
    Number(&'a str),
    Word(Word<'a>),
    /// A word and the number that follows it: `rc1`, `rc-1`.
    Both(Word<'a>, &'a str),
}

/// Known qualifiers in their order, then all others by their letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Word<'a> {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    Release,
    ServicePack,
    Other(Cow<'a, str>),
}

/// Reads a version.
pub(crate) fn parse(text: &str) -> Option<Maven<'_>> {
    let text = text.trim();
    let is_good = text.bytes().all(|byte| byte.is_ascii_graphic() && !b"[](),;|<>\"'\\/:?*".contains(&byte))
        && (text.bytes().any(|byte| byte.is_ascii_digit()) || ends_in_release(text));
    is_good.then(|| Maven(normal(lists(text))))
}

fn ends_in_release(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.rsplit_once(['.', '-']).is_some_and(|(_, last)| Word::of(last, false) == Word::Release)
}

/// Takes a text apart, the way `parseVersion` does.
fn lists(text: &str) -> Vec<Vec<Item<'_>>> {
    let mut lists = vec![Vec::new()];
    let (mut start, mut is_digit, mut is_both) = (0, false, false);
    let bytes = text.as_bytes();
    let part = |start, end| text.get(start..end).unwrap_or_default();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'.' => {
                add(
                    &mut lists,
                    if at == start { Item::Number("") } else { Item::of(part(start, at), is_digit, is_both) },
                );
                (is_both, start) = (false, at + 1);
            }
            b'-' => {
                if at == start {
                    add(&mut lists, Item::Number(""));
                } else {
                    // `rc-1` is `rc1`.
                    if !is_digit && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
                        is_both = true;
                        continue;
                    }
                    add(&mut lists, Item::of(part(start, at), is_digit, is_both));
                }
                lists.push(Vec::new());
                (is_both, start) = (false, at + 1);
            }
            b'0'..=b'9' => {
                if !is_digit && at > start {
                    is_both = true;
                    begin_list(&mut lists);
                }
                is_digit = true;
            }
            _ => {
                if is_digit && at > start {
                    add(&mut lists, Item::of(part(start, at), true, is_both));
                    lists.push(Vec::new());
                    (is_both, start) = (false, at);
                }
                is_digit = false;
            }
        }
    }
    if text.len() > start {
        if !is_digit {
            begin_list(&mut lists);
        }
        add(&mut lists, Item::of(part(start, text.len()), is_digit, is_both));
    }
    lists
}

fn add<'a>(lists: &mut [Vec<Item<'a>>], item: Item<'a>) {
    if let Some(last) = lists.last_mut() {
        last.push(item);
    }
}

/// Begins a list, unless the last is still empty.
fn begin_list(lists: &mut Vec<Vec<Item<'_>>>) {
    if lists.last().is_some_and(|last| !last.is_empty()) {
        lists.push(Vec::new());
    }
}

/// Drops what says nothing: zeros at the end of a list and before words, and empty lists at the end.
fn normal(mut lists: Vec<Vec<Item<'_>>>) -> Vec<Vec<Item<'_>>> {
    for at in (0..lists.len()).rev() {
        // What follows the items of this list, if anything does: the first item of the next list.
        let mut word_follows = match lists.get(at + 1).map(|next| next.first()) {
            None => Some(true),
            Some(Some(Item::Word(_) | Item::Both(..))) => Some(true),
            Some(_) => Some(false),
        };
        let Some(list) = lists.get_mut(at) else { continue };
        let mut kept: Vec<Item<'_>> = Vec::with_capacity(list.len());
        while let Some(item) = list.pop() {
            let is_nothing = matches!(&item, Item::Number(number) if digits::significant(number).is_empty());
            if is_nothing && word_follows == Some(true) {
                continue;
            }
            word_follows = Some(matches!(item, Item::Word(_)));
            kept.push(item);
        }
        kept.reverse();
        *list = kept;
        if at + 1 == lists.len() && lists.last().is_some_and(Vec::is_empty) && at > 0 {
            lists.pop();
        }
    }
    lists
}

impl<'a> Item<'a> {
    fn of(text: &'a str, is_digit: bool, is_both: bool) -> Self {
        if is_both {
            let end = text.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(text.len());
            let (word, number) = text.split_at(end);
            Self::Both(Word::of(word.trim_end_matches('-'), true), number)
        } else if is_digit {
            Self::Number(text)
        } else {
            Self::Word(Word::of(text, false))
        }
    }
}

impl<'a> Word<'a> {
    fn of(text: &'a str, before_digit: bool) -> Self {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        let short = |word: &str| before_digit && is(word);
        if is("alpha") || short("a") {
            Self::Alpha
        } else if is("beta") || short("b") {
            Self::Beta
        } else if is("milestone") || short("m") {
            Self::Milestone
        } else if is("rc") || is("cr") {
            Self::Candidate
        } else if is("snapshot") {
            Self::Snapshot
        } else if text.is_empty() || is("ga") || is("final") || is("release") {
            Self::Release
        } else if is("sp") {
            Self::ServicePack
        } else if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Self::Other(text.to_ascii_lowercase().into())
        } else {
            Self::Other(text.into())
        }
    }
}

impl Maven<'_> {
    /// List by list, item by item.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        compare_lists(&self.0, &other.0)
    }
}

/// One place of a list: an item, the list behind it, or nothing.
enum Place<'a, 'b> {
    Item(&'b Item<'a>),
    List(&'b [Vec<Item<'a>>]),
    Nothing,
}

fn place<'a, 'b>(lists: &'b [Vec<Item<'a>>], at: usize) -> Place<'a, 'b> {
    let Some((list, behind)) = lists.split_first() else { return Place::Nothing };
    match list.get(at) {
        Some(item) => Place::Item(item),
        None if at == list.len() && !behind.is_empty() => Place::List(behind),
        None => Place::Nothing,
    }
}

fn compare_lists(mut a: &[Vec<Item<'_>>], mut b: &[Vec<Item<'_>>]) -> Ordering {
    let mut at = 0;
    loop {
        let order = match (place(a, at), place(b, at)) {
            (Place::Nothing, Place::Nothing) => return Ordering::Equal,
            (Place::List(behind_a), Place::List(behind_b)) => {
                // Lists are the last of their lists, so nothing is left to come back to.
                (a, b, at) = (behind_a, behind_b, 0);
                continue;
            }
            (Place::Item(a), Place::Item(b)) => compare_items(a, b),
            (Place::Item(item), Place::Nothing) => with_nothing(item),
            (Place::Nothing, Place::Item(item)) => with_nothing(item).reverse(),
            (Place::List(lists), Place::Nothing) => list_with_nothing(lists),
            (Place::Nothing, Place::List(lists)) => list_with_nothing(lists).reverse(),
            (Place::Item(item), Place::List(_)) => item_with_list(item),
            (Place::List(_), Place::Item(item)) => item_with_list(item).reverse(),
        };
        if order.is_ne() {
            return order;
        }
        at += 1;
    }
}

fn compare_items(a: &Item<'_>, b: &Item<'_>) -> Ordering {
    match (a, b) {
        (Item::Number(a), Item::Number(b)) => digits::compare(a, b),
        (Item::Number(_), _) => Ordering::Greater,
        (_, Item::Number(_)) => Ordering::Less,
        (Item::Word(a), Item::Word(b)) => a.cmp(b),
        (Item::Word(a), Item::Both(b, _)) => a.cmp(b).then(Ordering::Less),
        (Item::Both(a, _), Item::Word(b)) => a.cmp(b).then(Ordering::Greater),
        (Item::Both(a, number_a), Item::Both(b, number_b)) => {
            a.cmp(b).then_with(|| digits::compare(number_a, number_b))
        }
    }
}

fn with_nothing(item: &Item<'_>) -> Ordering {
    match item {
        Item::Number(number) => digits::compare(number, ""),
        Item::Word(word) | Item::Both(word, _) => word.cmp(&Word::Release),
    }
}

fn list_with_nothing(lists: &[Vec<Item<'_>>]) -> Ordering {
    lists.iter().flatten().map(with_nothing).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// `1.1` is later than `1-1`, and that is later than `1-sp`.
fn item_with_list(item: &Item<'_>) -> Ordering {
    if matches!(item, Item::Number(_)) { Ordering::Greater } else { Ordering::Less }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Option<Ordering> {
        Some(parse(a)?.compare(&parse(b)?))
    }

    /// The POM reference, "Version Order Specification", with its examples.
    #[test]
    fn the_order_of_the_pom_reference() {
        let ascending = [
            "1-alpha2snapshot",
            "1-alpha2",
            "1-alpha-123",
            "1-beta-2",
            "1-beta123",
            "1-m2",
            "1-m11",
            "1-rc",
            "1-cr2",
            "1-rc123",
            "1-SNAPSHOT",
            "1",
            "1-sp",
            "1-sp2",
            "1-sp123",
            "1-abc",
            "1-def",
            "1-pom-1",
            "1-1-snapshot",
            "1-1",
            "1-2",
            "1-123",
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(order(a, b), Some(i.cmp(&j)), "{a} {b}");
            }
        }
        for (a, b) in [
            ("1", "1.0.0"),
            ("1", "1-ga"),
            ("1.0.FINAL", "1"),
            ("1-a1", "1-alpha-1"),
            ("1x", "1.0.0-x"),
            ("1cr", "1rc"),
            ("1.0.RC2", "1.0-rc2"),
            ("1-0", "1"),
            ("01", "1"),
        ] {
            assert_eq!(order(a, b), Some(Ordering::Equal), "{a} {b}");
        }
        for (a, b) in [
            ("1", "1.1"),
            ("1-snapshot", "1"),
            ("1-foo2", "1-foo10"),
            ("1.foo", "1-1"),
            ("1-1", "1.1"),
            ("2.0.a", "2-1"),
        ] {
            assert_eq!(order(a, b), Some(Ordering::Less), "{a} {b}");
        }
    }

    /// Asked of Maven 3.8.7 itself (`java -cp maven-artifact-3.8.7.jar:commons-lang3.jar
    /// org.apache.maven.artifact.versioning.ComparableVersion A B`): its order has the first circle. The
    /// second is no circle there: 3.8.7 keeps a zero before a word in `0.a-`, which it reads as `[0, a]`,
    /// where the rule that we follow drops it.
    #[test]
    fn maven_itself_has_a_circle() {
        for (a, b) in
            [("0-rc.1", "0"), ("0", "v2"), ("v2", "0-rc.1"), ("0rc", "0"), ("0", "0.a-"), ("2.0.a", "2-1")]
        {
            assert_eq!(order(a, b), Some(Ordering::Less), "{a} {b}");
        }
        // Here Maven 3.8.7 says the opposite.
        assert_eq!(order("0.a-", "0rc"), Some(Ordering::Less));
    }

    #[test]
    fn words_alone_are_no_versions() {
        for bad in
            ["", "nonsense", "LATEST", "RELEASE", "[1,2)", "1.0 beta", "1.0é", "-", ".", "1.*", "../1", "1:2"]
        {
            assert!(parse(bad).is_none(), "{bad}");
        }
        assert_eq!(order("Finchley.RELEASE", "Finchley.SR1"), Some(Ordering::Less));
    }
}
