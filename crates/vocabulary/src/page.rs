//! One page of a long list.

/// Rows on a page where nobody asks for another number.
pub const PAGE_SIZE: u32 = 50;

/// The last page of a list: a deeper look needs a narrower filter.
pub const PAGE_MAX: u32 = 10_000;

/// Which page of a list is wanted; the first is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    number: u32,
}

impl Page {
    /// The first.
    pub const FIRST: Self = Self { number: 1 };

    /// Page `number`; none if it is 0, or lies behind [`PAGE_MAX`]: another page would answer another question.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        (1..=PAGE_MAX).contains(&number).then_some(Self { number })
    }

    /// One after the other, for whoever reads the whole list.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=PAGE_MAX).map(|number| Self { number })
    }

    /// The page's number, from 1.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number
    }

    /// Rows before this page.
    #[must_use]
    pub fn offset(self) -> i64 {
        i64::from(self.number - 1) * i64::from(PAGE_SIZE)
    }

    /// Rows to fetch: one more than shown, so that "next" is known without a count.
    #[must_use]
    pub fn limit(self) -> i64 {
        i64::from(PAGE_SIZE) + 1
    }

    /// Cuts what [`Page::limit`] fetched down to what is shown, and says whether more follows.
    pub fn cut<T>(self, rows: &mut Vec<T>) -> bool {
        let more = rows.len() > PAGE_SIZE as usize;
        rows.truncate(PAGE_SIZE as usize);
        more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_stands_for_another() {
        assert_eq!((Page::FIRST.number(), Page::FIRST.offset()), (1, 0));
        assert_eq!(Page::new(3).map(Page::offset), Some(100));
        assert_eq!(Page::new(PAGE_MAX).map(Page::number), Some(10_000));
        assert_eq!([0, PAGE_MAX + 1, u32::MAX].map(Page::new), [None; 3]);
        let all = Page::all().map(Page::number);
        assert!(all.eq(1..=PAGE_MAX));
    }

    #[test]
    fn the_row_that_tells_of_the_next_page_is_not_shown() {
        let cut = |count: usize| {
            let mut rows = vec![(); count];
            (Page::FIRST.cut(&mut rows), rows.len())
        };
        assert_eq!((cut(0), cut(50), cut(51)), ((false, 0), (false, 50), (true, 50)));
    }
}
