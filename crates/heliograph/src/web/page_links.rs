//! The ways from a page of a list to those beside it. A page that would be refused is not offered.

use maud::{Markup, html};
use vocabulary::{PAGE_MAX, PAGE_SIZE, Page};

/// What stands where a page of a list has no row: on the first one what would be here, and behind the last the way back.
pub(crate) fn no_rows(page: Page, why: &str, address: impl Fn(u32) -> String) -> Markup {
    html! {
        @if page.before().is_none() { p { (why) } }
        @else { p { "There is no such page of this list. " a href=(address(1)) { "To the first" } } }
    }
}

/// The link below a list that goes on. Below its last page stands that there is none.
pub(crate) fn onward(page: Page, more: bool, words: &str, address: impl Fn(u32) -> String) -> Markup {
    html! { @if more { p { (next(page, None, words, None, address)) } } }
}

/// The links below a list that is also turned back; nothing where there is no page beside this one. Hits of a search
/// say where it is told how to narrow it down.
pub(crate) fn page_links(
    label: &str,
    page: Page,
    more: bool,
    [back, on]: [&str; 2],
    narrower: Option<&str>,
    address: impl Fn(u32) -> String,
) -> Markup {
    html! {
        @if more || page.before().is_some() {
            nav.actions aria-label=(label) {
                @if let Some(before) = page.before() {
                    a.btn rel="prev" href=(address(before.number())) { (back) }
                }
                @if more { (next(page, Some("btn"), on, narrower, address)) }
            }
        }
    }
}

/// Rows of a list that its pages show.
const SHOWN: u32 = PAGE_MAX * PAGE_SIZE;

fn next(
    page: Page,
    class: Option<&str>,
    words: &str,
    narrower: Option<&str>,
    address: impl Fn(u32) -> String,
) -> Markup {
    html! {
        @match page.next() {
            Some(next) => a class=[class] rel="next" href=(address(next.number())) { (words) },
            None => span.quiet {
                "This is the last page: only the first " (SHOWN / 1000) "," (format!("{:03}", SHOWN % 1000)) " are shown here."
                @if let Some(place) = narrower { " " a href=(place) { "A narrower search" } " finds the others." }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: &str = "<span class=\"quiet\">This is the last page: only the first 500,000 are shown here.";

    fn at(number: u32) -> Page {
        Page::new(number).unwrap()
    }

    #[test]
    fn a_page_behind_the_last_says_so_and_an_empty_list_what_would_be_here() {
        let none = |number| no_rows(at(number), "None yet.", |page| format!("/x?page={page}")).into_string();
        assert_eq!(none(1), "<p>None yet.</p>");
        let behind = "<p>There is no such page of this list. <a href=\"/x?page=1\">To the first</a></p>";
        assert_eq!([none(2), none(PAGE_MAX)], [behind, behind]);
    }

    #[test]
    fn the_last_page_offers_none_that_would_be_refused() {
        let more = |page| onward(page, true, "More", |next| format!("/x?page={next}")).into_string();
        assert_eq!(more(at(2)), "<p><a rel=\"next\" href=\"/x?page=3\">More</a></p>");
        assert_eq!(more(at(PAGE_MAX)), format!("<p>{END}</span></p>"));
        assert_eq!(onward(at(PAGE_MAX), false, "More", |_| String::new()).into_string(), "");
    }

    fn both(page: Page, more: bool, narrower: Option<&str>) -> String {
        page_links("Pages", page, more, ["Back", "On"], narrower, |number| format!("/x?page={number}"))
            .into_string()
    }

    #[test]
    fn a_list_is_turned_both_ways_and_one_of_a_single_page_not_at_all() {
        let offers = |page, more| {
            let links = both(page, more, None);
            ["page=1\"", "page=3\"", "page=10001", END].map(|part| links.contains(part))
        };
        assert_eq!(offers(at(2), true), [true, true, false, false]);
        assert_eq!(offers(at(2), false), [true, false, false, false]);
        assert_eq!(offers(at(PAGE_MAX), true), [false, false, false, true]);
        assert_eq!(both(at(1), false, None), "", "a landmark without a link in it leads nowhere");
    }

    #[test]
    fn only_hits_of_a_search_are_found_by_a_narrower_one() {
        let advice = "<a href=\"/help\">A narrower search</a> finds the others.";
        assert!(both(at(PAGE_MAX), true, Some("/help")).contains(&format!("{END} {advice}</span>")));
        assert!(!both(at(PAGE_MAX), true, None).contains("search"));
        assert!(!both(at(2), true, Some("/help")).contains("search"));
    }
}
