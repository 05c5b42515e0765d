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
    /// Page `number`, at least 1 and at most [`PAGE_MAX`].
    #[must_use]
    pub fn new(number: Option<u32>) -> Self {
        Self { number: number.unwrap_or(1).clamp(1, PAGE_MAX) }
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
    fn pages_are_clamped() {
        assert_eq!(Page::new(None).offset(), 0);
        assert_eq!(Page::new(Some(0)).number(), 1);
        assert_eq!(Page::new(Some(3)).offset(), 100);
        assert_eq!(Page::new(Some(u32::MAX)).number(), 10_000);
    }

    #[test]
    fn the_row_that_tells_of_the_next_page_is_not_shown() {
        let cut = |count: usize| {
            let mut rows = vec![(); count];
            (Page::new(None).cut(&mut rows), rows.len())
        };
        assert_eq!((cut(0), cut(50), cut(51)), ((false, 0), (false, 50), (true, 50)));
    }
}
