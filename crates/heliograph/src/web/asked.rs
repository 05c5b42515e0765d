//! What a program asks for in the query of an address, and lists that lead on to their next page.

use super::{encoded, unescaped};
use crate::refusal::Refusal;
use axum::Json;
use axum::extract::{FromRequestParts, Query};
use axum::http::header::LINK;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use vocabulary::{PAGE_MAX, Page};

/// The query of an address. A name that a place does not know is refused, because a filter that was
/// misspelt would look like one that finds everything.
pub(crate) struct Asked {
    path: String,
    pairs: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let unread = |_| Refusal::invalid("address", "The query of this address cannot be read.");
        let Query(pairs) = Query::try_from_uri(&parts.uri).map_err(unread)?;
        Ok(Self { path: parts.uri.path().to_owned(), pairs })
    }
}

/// Refuses a query that is no text once it is decoded, wherever it is asked.
pub(crate) fn readable(query: Option<&str>) -> Result<(), Refusal> {
    let Some(place) = query.and_then(unreadable) else { return Ok(()) };
    Err(Refusal::invalid("address", format!("The value of pair {place} of the query is no UTF-8.")))
}

/// The first pair of a query that is no text once it is decoded, counted from 1. Decoding replaces such bytes, so
/// that another question would be answered.
fn unreadable(query: &str) -> Option<usize> {
    let is_text = |pair: &str| String::from_utf8(unescaped(pair.as_bytes())).is_ok();
    query.split('&').position(|pair| !is_text(pair)).map(|at| at + 1)
}

/// The fields of an address that name the page of a list.
pub(super) const PAGE_FIELDS: [&str; 3] = ["page", "history", "waiting"];

/// The page of a list that an address names in this field; the first where it names none.
pub(crate) fn page_in(field: &'static str, text: Option<&str>) -> Result<Page, Refusal> {
    page_numbered(field, text.map(|text| text.parse().unwrap_or(0)))
}

/// The page of a list with this number; the first where there is none.
pub(crate) fn page_numbered(field: &'static str, number: Option<u32>) -> Result<Page, Refusal> {
    let wrong = || {
        Refusal::invalid(field, format!("A number from 1 to {PAGE_MAX}: no list is shown further than that."))
    };
    number.map_or(Ok(Page::FIRST), |number| Page::new(number).ok_or_else(wrong))
}

impl Asked {
    /// The page that is asked for, in a list that takes these filters.
    pub(crate) fn page(&self, filters: &[&str]) -> Result<Page, Refusal> {
        self.only(&[&["page"], filters].concat())?;
        page_in("page", self.text("page"))
    }

    /// Refuses whatever else is asked for, with its place.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let Some(at) = self.pairs.iter().position(|(name, _)| !known.contains(&name.as_str())) else {
            return Ok(());
        };
        let may = match known {
            [] => "nothing".to_owned(),
            known => format!("{}, and nothing else", known.join(", ")),
        };
        Err(Refusal::invalid("address", format!("The query may name {may}; pair {} of it does.", at + 1)))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A whole number of at most `max`.
    pub(crate) fn number(&self, name: &'static str, max: u32) -> Result<Option<u32>, Refusal> {
        let number = |text: &str| text.parse().ok().filter(|number| *number <= max);
        let wrong = || Refusal::invalid(name, format!("A whole number from 0 to {max}."));
        self.text(name).map(|text| number(text).ok_or_else(wrong)).transpose()
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        self.choice(name, &[("true", true), ("false", false)])
    }

    /// One of some words.
    pub(crate) fn choice<T: Clone>(
        &self,
        name: &'static str,
        words: &[(&str, T)],
    ) -> Result<Option<T>, Refusal> {
        let known = |text: &str| words.iter().find(|(word, _)| *word == text).map(|(_, value)| value.clone());
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let wrong = || Refusal::invalid(name, format!("One of {}.", all.join(", ")));
        self.text(name).map(|text| known(text).ok_or_else(wrong)).transpose()
    }

    /// A page of a list, of which one row more was fetched than is shown.
    pub(crate) fn list<T: Serialize>(&self, page: Page, mut rows: Vec<T>) -> Response {
        let more = page.cut(&mut rows);
        self.part(page, &rows, more)
    }

    /// A page of a list. `Link: …; rel="next"` (RFC 8288) leads on, with the same filters; without
    /// it, this was the last page that there is.
    pub(crate) fn part<T: Serialize>(&self, page: Page, rows: &[T], more: bool) -> Response {
        let mut response = Json(rows).into_response();
        if let Some(next) = page.next().filter(|_| more) {
            let filters = self.pairs.iter().filter(|(name, _)| name != "page");
            let filters = filters.map(|(name, value)| format!("{}={}&", encoded(name), encoded(value)));
            let query: String = filters.collect();
            let link = format!("<{}?{query}page={}>; rel=\"next\"", self.path, next.number());
            response.headers_mut().extend(link.parse().ok().map(|link| (LINK, link)));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        let parts = axum::http::Request::get(format!("/api/v1/x?{query}")).body(()).unwrap().into_parts().0;
        let Query(pairs) = Query::try_from_uri(&parts.uri).unwrap();
        Asked { path: parts.uri.path().to_owned(), pairs }
    }

    fn field<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> String {
        match refused {
            Err(Refusal::Invalid { field, .. }) => field.into_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_query_is_read_by_name_and_what_is_wrong_is_named() {
        let good = asked("page=2&state=received&exploited=true&older=7");
        let filters = ["state", "exploited", "older"];
        assert_eq!(good.page(&filters), Ok(Page::new(2).unwrap()));
        assert_eq!(good.choice("state", &[("received", 1)]), Ok(Some(1)));
        assert_eq!(good.flag("exploited"), Ok(Some(true)));
        assert_eq!(good.number("older", 7), Ok(Some(7)));
        assert_eq!(good.number("absent", 7), Ok(None));
        assert_eq!(field(good.page(&["state"])), "address");
        assert_eq!(field(asked("pages=2").page(&[])), "address");
        assert!(format!("{:?}", asked("page=2&pages=2").only(&["page"])).contains("pair 2 of it"));
        assert!(asked("").only(&[]).is_ok() && asked("x=").only(&[]).is_err());
        assert_eq!(field(asked("state=odd").choice("state", &[("received", 1)])), "state");
        assert_eq!(field(asked("exploited=yes").flag("exploited")), "exploited");
        for page in ["x", "-1", "0", "10001", "99999999999", "1.0", ""] {
            assert_eq!(field(asked(&format!("page={page}")).page(&[])), "page", "{page}");
        }
    }

    /// WHATWG URL, "application/x-www-form-urlencoded": what is no UTF-8 decodes to U+FFFD, which nobody asked for.
    #[test]
    fn what_is_no_text_is_not_asked_for() {
        for good in ["", "q=a", "q=%C3%BC+%zz%", "q=ü", "q=%"] {
            assert_eq!(unreadable(good), None, "{good}");
        }
        for (bad, place) in [("q=%ff%fe", 1), ("page=2&q=%c3", 2), ("%ff=1", 1), ("q=%C3+%BC", 1)] {
            assert_eq!(unreadable(bad), Some(place), "{bad}");
        }
    }

    #[test]
    fn a_full_page_leads_on_with_its_filters() {
        let list = |query: &str, rows: usize| {
            let asked = asked(query);
            let page = asked.page(&["q"]).unwrap();
            let answer = asked.list(page, vec![0; rows]);
            answer.headers().get(LINK).map(|link| link.to_str().unwrap().to_owned())
        };
        assert_eq!(list("", 50), None);
        assert_eq!(list("", 51).as_deref(), Some("</api/v1/x?page=2>; rel=\"next\""));
        let next = list("q=a%26b&page=3", 51);
        assert_eq!(next.as_deref(), Some("</api/v1/x?q=a%26b&page=4>; rel=\"next\""));
        assert_eq!(list("page=9999", 51).as_deref(), Some("</api/v1/x?page=10000>; rel=\"next\""));
        assert_eq!(list("page=10000", 51), None, "page 10,001 would be refused");
    }
}
