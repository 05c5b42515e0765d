//! Every answer is looked at: what stands in it that this viewer must not see, and whether the journal
//! knew of the read before.

use super::centre::Centre;
use super::people::Person;
use crate::testing::Answer;
use std::collections::BTreeSet;

/// What texts for the vault begin with, and what drafts do, which are for the public in the end.
pub(super) const SEALED: &str = crate::testing::MARK;
pub(super) const DRAFTED: &str = "karmesin";

/// All marks in some text: the word, digits, and an x.
pub(super) fn marks_in(text: &str) -> BTreeSet<String> {
    let of = |word: &'static str| {
        text.match_indices(word).filter_map(move |(at, _)| {
            let rest = &text[at + word.len()..];
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            (digits > 0 && rest[digits..].starts_with('x'))
                .then(|| text[at..at + word.len() + digits].to_owned())
        })
    };
    of(SEALED).chain(of(DRAFTED)).collect()
}

impl Centre {
    /// `before` is how many entries there were when the request was sent, `own` what may come back.
    pub(super) fn watch(
        &mut self,
        person: usize,
        what: &str,
        before: usize,
        answer: &Answer,
        own: &BTreeSet<String>,
    ) {
        let viewer = self.people[person].clone();
        for value in answer.headers().values() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            assert!(marks_in(&value).is_empty(), "{what}: a sealed text in a header: {value}");
        }
        let body = String::from_utf8_lossy(answer.bytes()).into_owned();
        let opened = self.opened_since(before, &viewer);
        for mark in marks_in(&body).difference(own) {
            self.seen += 1;
            self.may_show(person, &viewer, what, mark, &opened);
        }
        self.catch_up_with_the_journal();
    }

    fn may_show(&self, person: usize, viewer: &Person, what: &str, mark: &str, opened: &BTreeSet<String>) {
        let Some(known) = self.marks.get(mark) else { panic!("{what}: nobody wrote {mark}") };
        let Some(item) = &known.item else {
            assert_eq!(known.author, person, "{what}: {} sees an unsent text, {mark}", viewer.name);
            return;
        };
        let place = &self.story.items[item];
        let may = self.story.may_see(viewer, known.is_contact, place);
        let (name, who) = (&viewer.name, &viewer.who);
        assert!(may, "{what}: {name} ({who:?}) sees {mark} of {place:?}{}", self.last_words());
        let needs_entry = !self.story.is_public(place);
        assert!(
            !needs_entry || opened.contains(item),
            "{what}: {name} ({who:?}) sees {mark} of {place:?}, and the journal does not say so{}",
            self.last_words()
        );
    }

    /// What the journal says that this viewer opened, in its entries from `before` on.
    fn opened_since(&self, before: usize, viewer: &Person) -> BTreeSet<String> {
        let mut opened = BTreeSet::new();
        for recorded in self.entries_from(before) {
            if recorded.kind == "sealed.read" && recorded.actor.to_string() == viewer.actor {
                let items = recorded.body["items"].as_array().unwrap();
                opened.extend(items.iter().map(|item| item.as_str().unwrap().to_owned()));
            }
        }
        opened
    }
}

#[test]
fn marks_are_found_wherever_they_stand() {
    let found = marks_in("<p>zinnober12x</p>karmesin7xzinnober12x zinnober zinnober9");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["karmesin7", "zinnober12"]);
}
