//! Affected versions as a ruler: where they begin and where they end, in the order of versions.

use catalogue::{Stretch, stretches};
use formats::record::Record;
use maud::{Markup, html};

/// Products that get a ruler; the lists below have all.
const RULERS: usize = 6;
/// Stretches on one ruler: more cannot be read.
const STRETCHES: usize = 8;
/// Letters of a version on a ruler: longer ones are hashes, or sentences.
const MARK_CHARS: usize = 16;
/// From one version to the next, and at both ends.
const STEP: usize = 100;
/// Versions on a ruler that fits a telephone.
const MARKS_SMALL: usize = 2;

/// Rulers of the products of a record whose affected versions have an order.
pub(super) fn rulers(record: &Record) -> Markup {
    let all: Vec<(String, Vec<Stretch>)> = stretches(record);
    let fit = all.iter().filter(|(_, stretches)| tells(stretches)).take(RULERS);
    html! { @for (label, stretches) in fit { (ruler(label, stretches)) } }
}

/// Whether a ruler tells more than a list: there is a stretch on it, and its versions are short.
fn tells(stretches: &[Stretch]) -> bool {
    let is_version = |mark: &String| {
        mark.chars().count() <= MARK_CHARS
            && !mark.contains(['<', '>', '=', '|', ','])
            && !mark.contains(char::is_whitespace)
    };
    let mut marks = stretches.iter().flat_map(|stretch| [&stretch.from, &stretch.to]).flatten();
    let is_stretch =
        |stretch: &Stretch| !stretch.is_point() && (stretch.from.is_some() || stretch.to.is_some());
    (1..=STRETCHES).contains(&stretches.len()) && stretches.iter().any(is_stretch) && marks.all(is_version)
}

fn ruler(label: &str, stretches: &[Stretch]) -> Markup {
    let mut marks: Vec<&str> = Vec::new();
    for mark in
        stretches.iter().flat_map(|stretch| [stretch.from.as_deref(), stretch.to.as_deref()]).flatten()
    {
        if marks.last() != Some(&mark) {
            marks.push(mark);
        }
    }
    let width = STEP * (marks.len() + 1);
    let place = |mark: &str| marks.iter().position(|known| *known == mark).map_or(0, |at| STEP * (at + 1));
    let span = |stretch: &Stretch| {
        let from = stretch.from.as_deref().map_or(0, place);
        (from, stretch.to.as_deref().map_or(width, place))
    };
    let words: Vec<String> = stretches.iter().map(Stretch::in_words).collect();
    let words = format!("{}: affected {}", super::statements::called(label), words.join("; "));
    html! {
        figure.ruler {
            figcaption { (words) }
            svg.wide[marks.len() > MARKS_SMALL] viewBox={ "0 0 " (width) " 40" } width=(width) height="40" role="img" aria-label=(words) {
                line.track x1="0" x2=(width) y1="12" y2="12" stroke-width="6" {}
                @for stretch in stretches {
                    @let (from, to) = span(stretch);
                    line.hit x1=(from) x2=(to) y1="12" y2="12" stroke-width="10" {}
                }
                @for stretch in stretches {
                    @if let Some(to) = &stretch.to {
                        circle class=(if stretch.with_end { "hit-end" } else { "free-end" }) cx=(place(to)) cy="12" r="6" {}
                    }
                }
                @for (at, mark) in marks.iter().enumerate() {
                    text x=(STEP * (at + 1)) y="36" text-anchor="middle" { (mark) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(from: &str, to: &str, with_end: bool) -> Stretch {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Stretch { from: given(from), to: given(to), with_end }
    }

    #[test]
    fn a_ruler_is_drawn_only_of_what_has_a_length_and_can_be_read() {
        assert!(tells(&[stretch("1.0", "1.2", false), stretch("2.0", "2.0", true)]));
        for (from, to) in
            [("1.0", "1.0"), ("", ""), ("", "<= 21.12"), ("", "d61d0e09d008bfb29bc32532b1b94fcc")]
        {
            assert!(!tells(&[stretch(from, to, true)]), "{from} {to}");
        }
        assert!(!tells(&[]) && !tells(&vec![stretch("1", "2", false); STRETCHES + 1]));
    }
}
