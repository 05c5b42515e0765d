//! The versions that records name, sorted once, so that a version is looked up instead of compared.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::vers::merged;
use crate::{Order, Version};

/// Versions of one order.
#[derive(Debug)]
pub(super) struct Places {
    order: Order,
    /// Distinct and ascending; in an order with circles all texts, as they came.
    texts: Vec<Box<str>>,
}

/// Which of the named versions a text is, readable or not in an order with circles.
pub(super) type ByText<'a> = HashMap<&'a str, usize>;

/// Where a version stands: at one of the named versions, or between two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(usize);

impl Place {
    /// Before every version.
    pub(super) const BEFORE_ALL: Self = Self(0);

    /// At the version of this index.
    pub(super) fn at(index: usize) -> Self {
        Self(2 * index + 1)
    }

    /// Behind this version and before the next.
    pub(super) fn just_behind(self) -> Self {
        Self(self.0 + 1)
    }

    /// The index of the version that it is at.
    pub(super) fn of_equal(self) -> Option<usize> {
        (self.0 % 2 == 1).then_some(self.0 / 2)
    }
}

impl Places {
    pub(super) fn new<'a>(order: Order, texts: impl Iterator<Item = &'a str>) -> (Self, ByText<'a>) {
        let (mut places, mut by_text) = (Self { order, texts: Vec::new() }, ByText::new());
        if !places.are_sorted() {
            for text in texts {
                by_text.entry(text).or_insert_with(|| {
                    places.texts.push(text.into());
                    places.texts.len() - 1
                });
            }
            return (places, by_text);
        }
        let mut distinct: Vec<&str> = texts.collect();
        distinct.sort_unstable();
        distinct.dedup();
        let read = distinct.into_iter().filter_map(|text| Some((Version::parse(order, text)?, text)));
        let mut last: Option<Version<'_>> = None;
        for (version, text) in merged(read.collect()) {
            if last.as_ref().and_then(|last| last.compare(&version)) != Some(Ordering::Equal) {
                places.texts.push(text.into());
            }
            by_text.insert(text, places.texts.len() - 1);
            last = Some(version);
        }
        (places, by_text)
    }

    pub(super) fn order(&self) -> Order {
        self.order
    }

    /// Whether the order is one: those of Maven and pacman have circles.
    pub(super) fn are_sorted(&self) -> bool {
        !matches!(self.order, Order::Maven | Order::Alpm)
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether the order takes this text for a version.
    pub(super) fn reads(&self, text: &str) -> bool {
        Version::parse(self.order, text).is_some()
    }

    /// Where a version stands among those that were named.
    pub(super) fn place(&self, version: &Version<'_>) -> Place {
        let mut equal = None;
        let before = self.texts.partition_point(|text| {
            let order = Version::parse(self.order, text).and_then(|named| named.compare(version));
            if order == Some(Ordering::Equal) {
                equal = Some(());
            }
            order == Some(Ordering::Less)
        });
        match equal {
            Some(()) => Place::at(before),
            None => Place(2 * before),
        }
    }

    /// All texts with what was read of them.
    pub(super) fn read(&self) -> Vec<(&str, Option<Version<'_>>)> {
        self.texts.iter().map(|text| (&**text, Version::parse(self.order, text))).collect()
    }
}
