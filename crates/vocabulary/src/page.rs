//! One page of a long list.

/// Rows on a page where nobody asks for another number.
pub const PAGE_SIZE: u32 = 50;

/// The last page of a list: what lies behind, nobody reads page by page.
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

    /// The one before it; none before the first.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        Self::new(self.number - 1)
    }

    /// The one after it; none after [`PAGE_MAX`], because it would be refused.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::new(self.number + 1)
    }

    /// A list from its beginning, at most so many pages of it, and whether more rows follow.
    ///
    /// # Errors
    /// That of the page which could not be had.
    pub fn gather<T, E>(
        pages_max: u32,
        mut rows_of: impl FnMut(Self) -> Result<Vec<T>, E>,
    ) -> Result<(Vec<T>, bool), E> {
        let (mut all, mut page) = (Vec::new(), Self::FIRST);
        loop {
            let mut rows = rows_of(page)?;
            let more = page.cut(&mut rows);
            all.append(&mut rows);
            match page.next().filter(|next| more && next.number <= pages_max) {
                Some(next) => page = next,
                None => return Ok((all, more)),
            }
        }
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
    }

    #[test]
    fn no_page_leads_to_one_that_is_refused() {
        let last = Page::new(PAGE_MAX).unwrap();
        assert_eq!((Page::FIRST.next(), last.next()), (Page::new(2), None));
        assert_eq!((Page::FIRST.before(), last.before()), (None, Page::new(PAGE_MAX - 1)));
    }

    #[test]
    fn a_list_is_gathered_up_to_a_number_of_pages_and_says_whether_that_was_all() {
        let gathered = |pages_max: u32, count: i64| {
            let rows_of = |page: Page| {
                let end = count.min(page.offset() + page.limit());
                Ok::<_, ()>((page.offset()..end).collect::<Vec<_>>())
            };
            let (all, more) = Page::gather(pages_max, rows_of).unwrap();
            assert!(all.iter().copied().eq(0..all.len() as i64));
            (all.len(), more)
        };
        assert_eq!(
            (gathered(2, 0), gathered(2, 50), gathered(2, 99)),
            ((0, false), (50, false), (99, false))
        );
        assert_eq!((gathered(2, 100), gathered(2, 101)), ((100, false), (100, true)));
        assert_eq!(gathered(u32::MAX, 500_001), (500_000, true));
        assert_eq!(Page::gather(2, |_| Err::<Vec<()>, _>("gone")), Err("gone"));
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
