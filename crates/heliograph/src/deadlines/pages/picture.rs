//! The clocks of a case on one line of time, drawn on the server: lying on wide screens, upright on
//! small ones, and the same in words.

use crate::deadlines::Clock;
use crate::web::Shown;
use jiff::Timestamp;
use maud::{Markup, html};

const WIDTH: f64 = 1130.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 1060.0;

/// The upright line: where it stands, and how far its points are apart.
const UPRIGHT: f64 = 20.0;
const STEP: usize = 44;

/// Characters that there is room for beside a point; the words below the picture say it all.
const LYING: usize = 24;
const STANDING: usize = 40;

/// Half the room of a lying label.
const HALF: f64 = 70.0;

/// A named point on the line: what, when, and the class that colours it.
pub(crate) struct Point {
    pub(crate) words: String,
    pub(crate) at: Timestamp,
    pub(crate) class: &'static str,
}

/// Draws what happened, now, what is due, what was put off and when the embargo ends.
pub(crate) fn picture(shown: &Shown, clocks: &[Clock], mut points: Vec<Point>) -> Markup {
    let dated = clocks.iter().filter(|clock| clock.is_open() && !clock.reference);
    let mut put_off = Vec::new();
    for (clock, due) in dated.filter_map(|clock| Some((clock, clock.due?))) {
        let (class, words) = match clock.state.as_str() {
            "overdue" => ("missed", format!("overdue: {}", clock.title)),
            "extended" => ("extended", format!("put off: {}", clock.title)),
            _ => ("due", clock.title.clone()),
        };
        if class == "extended" {
            put_off.push(due);
        }
        points.push(Point { words, at: due, class });
    }
    if points.is_empty() {
        return html! {};
    }
    points.push(Point { words: "now".into(), at: shown.now, class: "now" });
    points.sort_by_key(|point| point.at);
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return html! {} };
    let label = format!("Time line from {} to {}", shown.date(first.at), shown.date(last.at));
    html! {
        (lying(shown, &points, &put_off, &label))
        (upright(shown, &points, &label))
        details {
            summary { "The time line in words" }
            ol { @for point in &points { li { (point.words) ": " (crate::web::instant(shown, point.at)) } } }
        }
    }
}

fn lying(shown: &Shown, points: &[Point], put_off: &[Timestamp], label: &str) -> Markup {
    let (start, end) = match (points.first(), points.last()) {
        (Some(first), Some(last)) => (first.at.as_second(), last.at.as_second()),
        _ => return html! {},
    };
    let span = (end - start).max(3600) as f64;
    let x = |at: Timestamp| LEFT + (at.as_second() - start) as f64 / span * (RIGHT - LEFT);
    let now = x(shown.now);
    let mut lanes = [f64::MIN; 3];
    html! {
        svg.line role="img" aria-label=(label) viewBox={ "0 0 " (WIDTH) " 140" } {
            line.track x1=(LEFT) x2=(RIGHT) y1="76" y2="76" stroke-width="6" {}
            line.past x1=(LEFT) x2=(now) y1="76" y2="76" stroke-width="6" {}
            // A delay is drawn from now on: what was before it has passed.
            @for until in put_off {
                line.delay x1=(now) x2=(x(*until)) y1="76" y2="76" stroke-width="6" stroke-dasharray="6 4" {}
            }
            @for (number, point) in points.iter().enumerate() {
                @let px = x(point.at);
                @let lane = lane(&mut lanes, px);
                circle.{ (point.class) } cx=(px) cy="76" r="7" stroke-width="3" { title { (point.words) ", " (shown.date(point.at)) } }
                text x=(px) y=(58 - 18 * lane) text-anchor=(anchor(px)) { (brief(&point.words, LYING)) }
                @if number == 0 || number + 1 == points.len() || point.class != "dot" && point.class != "now" {
                    text.quiet x=(px) y=(98 + 16 * lane) text-anchor=(anchor(px)) { (short(shown, point.at)) }
                }
            }
        }
    }
}

/// One point below the other, in the order of time and not to scale: a narrow screen has the room
/// for words.
fn upright(shown: &Shown, points: &[Point], label: &str) -> Markup {
    let y = |number: usize| STEP * number + STEP / 2;
    let (last, height) = (y(points.len().saturating_sub(1)), STEP * points.len());
    let now = points.iter().position(|point| point.class == "now").map_or(0, y);
    html! {
        svg.line.upright role="img" aria-label=(label) viewBox={ "0 0 340 " (height) } {
            line.track x1=(UPRIGHT) x2=(UPRIGHT) y1=(y(0)) y2=(last) stroke-width="6" {}
            line.past x1=(UPRIGHT) x2=(UPRIGHT) y1=(y(0)) y2=(now) stroke-width="6" {}
            @for (number, point) in points.iter().enumerate() {
                circle.{ (point.class) } cx=(UPRIGHT) cy=(y(number)) r="7" stroke-width="3" {}
                text x="40" y=(y(number) - 2) { (brief(&point.words, STANDING)) }
                text.quiet x="40" y=(y(number) + 14) { (shown.date(point.at)) }
            }
        }
    }
}

/// The lowest lane whose last label ends before this one begins.
fn lane(lanes: &mut [f64; 3], x: f64) -> usize {
    let free = lanes.iter().position(|end| *end + 8.0 < x - HALF).unwrap_or(2);
    lanes[free] = x + HALF;
    free
}

fn brief(words: &str, room: usize) -> String {
    match words.char_indices().nth(room) {
        Some(_) => words.chars().take(room - 1).chain(['…']).collect(),
        None => words.to_owned(),
    }
}

fn anchor(x: f64) -> &'static str {
    match x {
        x if x < LEFT + HALF => "start",
        x if x > RIGHT - HALF => "end",
        _ => "middle",
    }
}

/// Day, month, hour and zone: the year is in the label and in the words.
fn short(shown: &Shown, at: Timestamp) -> String {
    let date = shown.date(at);
    let parts: Vec<&str> = date.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [day, month, _year, hour, zone, ..] => format!("{day} {month} {hour} {zone}"),
        _ => date,
    }
}
