//! What was refused, given back: a form, so that what was written is not lost, or an address without what is wrong with it.

use super::asked::PAGE_FIELDS;
use super::form::{Fields, unescaped};
use crate::refusal::Refusal;
use axum::http::Uri;
use maud::{Markup, html};

/// Never shown again: whoever looks over a shoulder must not read them.
const SECRETS: [&str; 4] = ["password", "code", "secret", "token"];

/// What was sent to a place, to be corrected and sent once more.
pub(super) fn draw(place: &str, fields: &Fields, refusal: &Refusal) -> Markup {
    let wrong = match refusal {
        Refusal::Invalid { field, .. } => field.as_ref(),
        Refusal::Conflict(_) | Refusal::NotYet(_) | Refusal::TooMany { .. } | Refusal::Internal(_) => "",
        _ => return html! {},
    };
    let written: Vec<(&str, &[String])> =
        fields.pairs().iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect();
    let secret = written.iter().any(|(name, _)| SECRETS.iter().any(|word| name.contains(word)));
    if secret {
        return html! { p { "Nothing was changed." @if !wrong.is_empty() { " It is about: " (words(wrong)) "." } } };
    }
    // What stands in several rows, or is a word of the form's own, is sent along as it was.
    let rows = |values: &[String]| values.len() > 1;
    html! {
        p { "Nothing was changed, and what you wrote is kept here"
            @if wrong.is_empty() { ". Send it again, or copy it." } @else { ". It is about: " (words(wrong)) "." } }
        form.narrow method="post" action=(place) {
            @for (name, values) in &written {
                @for (at, value) in values.iter().enumerate() {
                    @let at_fault = *name == wrong;
                    @let shown = at_fault || !rows(values) && value.contains([' ', '\n']);
                    @if shown { (field(name, at, value, at_fault)) }
                    @else { input type="hidden" name=(name) value=(value); }
                }
            }
            div.actions { button.btn.main { "Send again" } }
        }
    }
}

/// What of an address is wrong, and the same address without it: of a list, its first page with the same filters.
pub(super) fn mended(address: &Uri, refusal: &Refusal) -> Option<Markup> {
    let Refusal::Invalid { field, .. } = refusal else { return None };
    // Two slashes lead to another host, and where the whole address is wrong no field of it is.
    if address.path().starts_with("//") || field == "address" {
        return None;
    }
    let is_wrong =
        |pair: &&str| unescaped(pair.split('=').next().unwrap_or_default().as_bytes()) == field.as_bytes();
    let (wrong, mut kept): (Vec<&str>, Vec<&str>) = address.query()?.split('&').partition(is_wrong);
    if wrong.is_empty() {
        return None;
    }
    let is_page = PAGE_FIELDS.contains(&field.as_ref());
    let first = format!("{field}=1");
    kept.extend(is_page.then_some(first.as_str()));
    let place = match kept.as_slice() {
        [] => address.path().to_owned(),
        kept => format!("{}?{}", address.path(), kept.join("&")),
    };
    Some(html! {
        p { "It is about: " (words(field)) ", in the address." }
        p { a href=(place) { @if is_page { "To the first page of this list" } @else { "The same without it" } } }
    })
}

fn field(name: &str, at: usize, value: &str, at_fault: bool) -> Markup {
    let id = format!("{name}-{at}");
    let invalid = at_fault.then_some("true");
    html! {
        label for=(id) { (label(name)) @if at > 0 { " " (at + 1) } }
        @if value.contains('\n') || value.chars().count() > 80 {
            textarea id=(id) name=(name) aria-invalid=[invalid] autofocus[at_fault && at == 0] { (value) }
        } @else {
            input type="text" id=(id) name=(name) value=(value) aria-invalid=[invalid] autofocus[at_fault && at == 0];
        }
    }
}

/// `how_found` is "how found".
fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// A field's name as a label: `how_found` is "How found".
fn label(name: &str) -> String {
    let words = words(name);
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn drawn(pairs: &[(&str, &[&str])], refusal: &Refusal) -> String {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let pairs: BTreeMap<String, Vec<String>> =
            pairs.iter().map(|(name, all)| ((*name).to_owned(), values(all))).collect();
        draw("/case/HEL-2026-000001/statement", &Fields::from_pairs(pairs), refusal).into_string()
    }

    #[test]
    fn what_was_written_comes_back_and_the_fault_is_marked() {
        let refusal = Refusal::invalid("text", "At most 20000 characters, please.");
        let page = drawn(&[("product", &["Lamp", "<b>"]), ("text", &["two words"])], &refusal);
        assert!(page.contains(r#"<input type="hidden" name="product" value="Lamp">"#), "{page}");
        assert!(page.contains(r#"<input type="hidden" name="product" value="&lt;b&gt;">"#), "{page}");
        assert!(page.contains(r#"name="text" value="two words" aria-invalid="true" autofocus"#), "{page}");
        assert!(page.contains("It is about: text."), "{page}");
    }

    #[test]
    fn secrets_do_not_come_back() {
        for name in ["password", "new_password", "code", "claim_code", "totp_secret", "token"] {
            let refusal = Refusal::invalid("name", "Please fill this in.");
            let page = drawn(&[(name, &["zinnober"]), ("name", &["Ada Brandt"])], &refusal);
            assert!(!page.contains("zinnober") && !page.contains("<form"), "{page}");
        }
    }

    #[test]
    fn an_address_that_is_refused_leads_to_the_same_without_what_is_wrong() {
        let link = |address: &str, field: &'static str| {
            let refusal = Refusal::invalid(field, "No.");
            let page = mended(&address.parse().unwrap(), &refusal).map(Markup::into_string)?;
            assert!(page.contains(&format!("It is about: {field}, in the address.")), "{page}");
            Some(crate::testing::between(&page, "href=\"", "\"").replace("&amp;", "&"))
        };
        let to = |address: &str| Some(address.to_owned());
        assert_eq!(link("/?q=a%26b&page=10001&order=newest", "page"), to("/?q=a%26b&order=newest&page=1"));
        assert_eq!(link("/desk?waiting=x&reports=public", "waiting"), to("/desk?reports=public&waiting=1"));
        assert_eq!(link("/imports?%70age=x&page=2", "page"), to("/imports?page=1"), "however it is written");
        assert_eq!(link("/deadlines?show=odd", "show"), to("/deadlines"));
        assert_eq!(link("/deadlines?show=odd&page=2", "show"), to("/deadlines?page=2"));
        assert_eq!(link("/deadlines?show=odd&x=why?", "show"), to("/deadlines?x=why?"));
        // RFC 3986, 4.2: what begins with two slashes names a host.
        assert_eq!(link("//evil.example/?page=0", "page"), None);
        assert_eq!(link("/?address=1&x=%FF", "address"), None, "it is the whole address");
        assert_eq!(link("/deadlines", "show").or(link("/deadlines?day=x", "show")), None);
        assert_eq!(mended(&"/x?page=0".parse().unwrap(), &Refusal::NotFound).map(Markup::into_string), None);
    }

    #[test]
    fn what_could_not_be_sent_again_is_not_offered_again() {
        assert_eq!(drawn(&[("message", &["two words"])], &Refusal::NotFound), "");
        assert_eq!(drawn(&[("message", &["two words"])], &Refusal::forbidden("No.")), "");
    }
}
