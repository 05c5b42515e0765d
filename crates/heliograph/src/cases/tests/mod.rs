//! A case in conversation: requests in, pages and refusals out, as each participant sees them.

mod claimed;
mod closing;
mod crowded;
mod desk;
mod embargo;
mod forms;
mod later_vendors;
mod leaving;
mod merging;
mod numbers;
mod participants;
mod reads;

use crate::testing::{Answer, Client};

/// An end of the embargo, so many days after every test begins, as a form sends it.
fn end(day: &'static str) -> [(&'static str, &'static str); 2] {
    [("end", day), ("end_zone", "UTC")]
}

/// What a refusal says, with its status.
fn refused(answer: &Answer) -> (u16, String) {
    let words = crate::testing::between(answer.text(), "</h1><p>", "</p>");
    (answer.status(), words.replace("&quot;", "\"").replace("&#39;", "'"))
}

fn done(answer: &Answer) {
    assert_eq!(answer.status(), 303, "{}", answer.text());
}

/// The words of a page, without its marks.
fn words(client: &Client<'_>, path: &str) -> String {
    let answer = client.get(path);
    assert_eq!(answer.status(), 200, "{path}: {}", answer.text());
    let mut inside = false;
    let text: String = answer
        .text()
        .chars()
        .map(|c| {
            inside = c == '<' || inside && c != '>';
            if inside || c == '>' { ' ' } else { c }
        })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&quot;", "\"")
}
