//! Ranges of commits, with the repository at hand.
//!
//! Authority: OSV schema, `affected[].ranges[].type`, `GIT`: "`u < v` is true when commit `u` is a (perhaps
//! distant) parent of commit `v`", and "Evaluation". That order is partial, and the schema does not say
//! how to sort events of branches that were merged: which of two came last is then open, and so is the answer
//! where it depends on that.
//!
//! A change that was rebased or picked into another branch is another commit, and records seldom name it. Like
//! osv.dev, which compares patches, this takes it for the same: here by who wrote it when, and how it is called.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::matcher::ABBREVIATED;
use crate::{Event, MAX_LENGTH};

/// The commits of a repository, each with its parents.
#[derive(Debug, Clone, Default)]
pub struct History<'a> {
    /// The number of each commit: higher than those of its children.
    numbers: BTreeMap<&'a str, u32>,
    parents: Vec<Vec<u32>>,
    /// What tells the change of each commit from others; empty where nothing does.
    changes: Vec<&'a str>,
    /// The commits that make the same change, where there are several.
    twins: HashMap<&'a str, Vec<u32>>,
}

/// What came before a commit, and itself.
#[derive(Debug, Clone)]
pub struct Past<'h> {
    history: &'h History<'h>,
    commit: u32,
    has: Vec<bool>,
}

impl<'a> History<'a> {
    /// Reads lines of a commit and its parents, with blanks between them, and behind a tab what its change is known
    /// by: full names in lower case, each commit once and before its parents, down to the first. None if it is no
    /// such list.
    #[must_use]
    pub fn read(list: &'a str) -> Option<Self> {
        let (mut history, mut known) = (Self::default(), HashMap::<&str, u32>::new());
        for (line, number) in list.lines().zip(0..) {
            let (names, change) = line.split_once('\t').unwrap_or((line, ""));
            let commit = names.split_ascii_whitespace().next().unwrap_or_default();
            if history.numbers.insert(commit, number).is_some() {
                return None;
            }
            history.changes.push(change);
            if !change.is_empty()
                && let Some(twin) = known.insert(change, number)
            {
                history.twins.entry(change).or_insert_with(|| vec![twin]).push(number);
            }
        }
        for (line, number) in list.lines().zip(0..) {
            let names = line.split_once('\t').map_or(line, |(names, _)| names).split_ascii_whitespace();
            let parents = names.skip(1).map(|name| history.numbers.get(name).copied());
            let parents = parents.map(|parent| parent.filter(|parent| *parent > number));
            history.parents.push(parents.collect::<Option<Vec<u32>>>()?);
        }
        Some(history)
    }

    /// The names of all commits, in their order.
    pub fn commits(&self) -> impl Iterator<Item = &'a str> {
        self.numbers.keys().copied()
    }

    /// Whether a commit of this name is there; CVE records of Linux abbreviate them.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// What came before a commit; none where it is not there.
    #[must_use]
    pub fn past(&self, name: &str) -> Option<Past<'_>> {
        let commit = self.find(name)?;
        let mut has = vec![false; self.parents.len()];
        let mut open = vec![commit];
        while let Some(next) = open.pop() {
            if !std::mem::replace(&mut has[next as usize], true) {
                open.extend(&self.parents[next as usize]);
            }
        }
        Some(Past { history: self, commit, has })
    }

    fn find(&self, name: &str) -> Option<u32> {
        let name = if name.len() > MAX_LENGTH { "" } else { name.trim() };
        let name = name.to_ascii_lowercase();
        if name.len() < ABBREVIATED {
            return self.numbers.get(name.as_str()).copied();
        }
        let mut all = self.numbers.range(name.as_str()..).take_while(|(commit, _)| commit.starts_with(&name));
        all.next().filter(|_| all.next().is_none()).map(|(_, number)| *number)
    }

    /// Whether a commit came before another. Only what lies between the two is looked at.
    fn is_before(&self, one: u32, other: u32) -> bool {
        let (mut seen, mut open) = (HashSet::new(), vec![other]);
        while let Some(next) = open.pop() {
            let parents = self.parents[next as usize].iter().filter(|parent| **parent <= one);
            for parent in parents {
                if *parent == one {
                    return true;
                }
                if seen.insert(*parent) {
                    open.push(*parent);
                }
            }
        }
        false
    }
}

impl<'h> Past<'h> {
    /// All that there is.
    #[must_use]
    pub fn history(&self) -> &'h History<'h> {
        self.history
    }

    /// Whether the commit lies in a range of this repository; None where that cannot be told.
    #[must_use]
    pub fn is_in<S: AsRef<str>>(&self, events: &[Event<S>]) -> Option<bool> {
        let (mut opened, mut closed) = (Vec::new(), Vec::new());
        for event in events {
            // What is not here came not before: the past of a commit is complete.
            match event {
                Event::Introduced(name) if name.as_ref() == "0" => opened.push(None),
                Event::Introduced(name) => opened.extend(self.came(name.as_ref()).map(Some)),
                Event::Fixed(name) => closed.extend(self.came(name.as_ref())),
                Event::LastAffected(name) => {
                    let last = self.came(name.as_ref()).filter(|last| *last != self.commit);
                    closed.extend(last);
                }
                Event::Limit(_) => {}
            }
        }
        let answers = opened.into_iter().map(|opening| self.stays_open(opening, &closed));
        match any(answers) {
            Some(false) => Some(false),
            within => match (within, self.is_below_limits(events)) {
                (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
        }
    }

    /// The commit, or the first that makes the same change, if it came before.
    fn came(&self, name: &str) -> Option<u32> {
        let commit = self.history.find(name)?;
        if self.has[commit as usize] {
            return Some(commit);
        }
        // What came before it is no copy of it, however alike they look: programs write many commits a second.
        let is_copy = |twin: &u32| self.has[*twin as usize] && !self.history.is_before(*twin, commit);
        let twins = self.history.twins.get(self.history.changes[commit as usize])?;
        twins.iter().copied().rfind(is_copy)
    }

    /// Whether nothing that closes came after what opens, which may be before all commits. One that came neither
    /// before it nor after it leaves that open.
    fn stays_open(&self, opening: Option<u32>, closed: &[u32]) -> Option<bool> {
        let Some(opening) = opening else { return Some(closed.is_empty()) };
        let mut is_open = Some(true);
        for closing in closed {
            if *closing == opening || self.history.is_before(opening, *closing) {
                return Some(false);
            }
            if !self.history.is_before(*closing, opening) {
                is_open = None;
            }
        }
        is_open
    }

    fn is_below_limits<S: AsRef<str>>(&self, events: &[Event<S>]) -> Option<bool> {
        let limits = events.iter().filter_map(|event| match event {
            Event::Limit(name) if name.as_ref() == "*" => Some(Some(true)),
            Event::Limit(name) => {
                let limit = self.history.find(name.as_ref());
                Some(limit.map(|limit| self.history.is_before(self.commit, limit)))
            }
            _ => None,
        });
        crate::matcher::before_limits(limits)
    }
}

fn any(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(false);
    loop {
        match answers.next() {
            Some(Some(true)) => return Some(true),
            Some(None) => all = None,
            Some(Some(false)) => {}
            None => return all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Event::{Fixed, Introduced, LastAffected, Limit};

    /// `a` to `e` is the trunk. From `b` leaves the branch `p`, `q`, `r`, and from `c` the branch `x`; `m` merges
    /// `r` into the trunk behind `e`, and `n` merges `x`.
    const COMMITS: &str = "n m x\nm e r\nr q\nq p\np b\ne d\nd c\nx c\nc b\nb a\na\n";

    fn affected(events: &[Event<&str>]) -> String {
        let history = History::read(COMMITS).unwrap();
        let mut said = String::new();
        for commit in ["a", "b", "c", "d", "e", "p", "q", "r", "x", "m", "n"] {
            match history.past(commit).unwrap().is_in(events) {
                Some(true) => said.push_str(commit),
                Some(false) => {}
                None => said.extend([commit, "?"]),
            }
        }
        said
    }

    #[test]
    fn a_range_of_commits_ends_where_its_fix_came_in() {
        // OSV schema, "Evaluation": vulnerable from `introduced` on, no longer from `fixed` on.
        assert_eq!(affected(&[Introduced("b"), Fixed("d")]), "bcpqrx", "other branches stay affected");
        assert_eq!(affected(&[Introduced("0"), Fixed("c")]), "abpqr", "`0` is before all commits");
        assert_eq!(affected(&[Introduced("c"), LastAffected("d")]), "cdx", "after it none is");
        assert_eq!(affected(&[Introduced("B"), Fixed("D"), Fixed("p")]), "bcx", "any letter case");
        assert_eq!(affected(&[Introduced("b"), Fixed("p"), Introduced("q")]), "bcdeqrxmn", "it came back");
        assert_eq!(affected(&[]), "");
    }

    #[test]
    fn a_range_ends_below_its_limits() {
        // OSV schema, "Limit events": X..Y "including X and excluding Y", and several widen it.
        assert_eq!(affected(&[Introduced("b"), Limit("d")]), "bc");
        assert_eq!(affected(&[Introduced("b"), Limit("d"), Limit("q")]), "bcp");
        assert_eq!(affected(&[Introduced("d"), Limit("*")]), "demn");
        assert_eq!(
            affected(&[Introduced("d"), Limit("elsewhere")]),
            "d?e?m?n?",
            "nobody knows what is below it"
        );
    }

    #[test]
    fn what_merged_branches_leave_open_is_not_decided() {
        // The flaw came in on the branch and its fix on the trunk: the merge has both, and who knows what is left.
        assert_eq!(affected(&[Introduced("q"), Fixed("d")]), "qrm?n?");
        // It was there before both, so the fix came after it wherever it came from.
        assert_eq!(affected(&[Introduced("a"), Fixed("q")]), "abcdepx");
        assert_eq!(affected(&[Introduced("elsewhere"), Fixed("d")]), "", "what is not here did not come in");
    }

    #[test]
    fn a_change_that_was_picked_into_another_branch_counts_there() {
        // `f` mends the trunk; `g` is the same on the branch, and no record names it.
        let history = "g b\tann 7 mend\nf c\tann 7 mend\nc b\tann 6\nb a\nh a\na\n";
        let history = History::read(history).unwrap();
        let affected = |commit| history.past(commit).unwrap().is_in(&[Introduced("0"), Fixed("f")]);
        assert_eq!(
            ["a", "b", "c", "f", "g", "h"].map(affected),
            [true, true, true, false, false, true].map(Some)
        );
    }

    #[test]
    fn only_a_whole_history_is_read() {
        for list in ["b a", "a\nb a\n", "a a\n", "b a\na\na\n", "b\n\n\n"] {
            assert!(History::read(list).is_none(), "{list}");
        }
        assert!(History::read("").unwrap().past("a").is_none());
    }

    #[test]
    fn an_abbreviated_name_means_the_one_commit_that_begins_so() {
        let names = ["0123456789abc1", "0123456789abc2", "0123456789ab30"];
        let list = names.join("\n");
        let history = History::read(&list).unwrap();
        assert!(history.has(names[0]) && history.has("0123456789AB3"));
        assert!(!history.has("0123456789abc"), "two begin so");
        assert!(!history.has("0123456789a"), "as short as that it may be anything");
    }
}
