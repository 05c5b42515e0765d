//! The ways from a page of a list to those beside it. A page that would be refused is not offered.

use maud::{Markup, html};
use vocabulary::{PAGE_MAX, Page};

/// The link below a list that goes on. Below its last page stands that there is none.
pub(crate) fn onward(page: Page, more: bool, words: &str, address: impl Fn(u32) -> String) -> Markup {
    html! { @if more { p { (next(page, None, words, address)) } } }
}

/// The links below a list that is also turned back.
pub(crate) fn page_links(
    label: &str,
    page: Page,
    more: bool,
    [back, on]: [&str; 2],
    address: impl Fn(u32) -> String,
) -> Markup {
    html! {
        nav.actions aria-label=(label) {
            @if let Some(before) = page.before() {
                a.btn rel="prev" href=(address(before.number())) { (back) }
            }
            @if more { (next(page, Some("btn"), on, address)) }
        }
    }
}

fn next(page: Page, class: Option<&str>, words: &str, address: impl Fn(u32) -> String) -> Markup {
    html! {
        @match page.next() {
            Some(next) => a class=[class] rel="next" href=(address(next.number())) { (words) },
            None => span.quiet { "Page " (PAGE_MAX) " is the last. What lies behind, a narrower search finds." },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_offers_none_that_would_be_refused() {
        let at = |number: u32| Page::new(number).unwrap();
        let more = |page| onward(page, true, "More", |next| format!("/x?page={next}")).into_string();
        assert_eq!(more(at(2)), "<p><a rel=\"next\" href=\"/x?page=3\">More</a></p>");
        assert_eq!(
            more(at(PAGE_MAX)),
            "<p><span class=\"quiet\">Page 10000 is the last. What lies behind, a narrower search finds.</span></p>"
        );
        assert_eq!(onward(at(PAGE_MAX), false, "More", |_| String::new()).into_string(), "");
        let both = |page, more| {
            let links = page_links("Pages", page, more, ["Back", "On"], |number| format!("/x?page={number}"));
            let links = links.into_string();
            ["page=1\"", "page=3\"", "page=10001", "a narrower search"].map(|part| links.contains(part))
        };
        assert_eq!(both(at(2), true), [true, true, false, false]);
        assert_eq!(both(at(2), false), [true, false, false, false]);
        assert_eq!(both(at(1), false), [false; 4]);
        assert_eq!(both(at(PAGE_MAX), true), [false, false, false, true]);
    }
}
