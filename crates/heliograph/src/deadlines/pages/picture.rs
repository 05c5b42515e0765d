//! The clocks of a case on one line of time, drawn on the server.

use crate::deadlines::Clock;
use crate::web::Shown;
use jiff::Timestamp;
use maud::{Markup, html};

const WIDTH: f64 = 1130.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 1060.0;

/// A named point on the line: what, when, and the class that colours it.
pub(crate) struct Point {
    pub(crate) words: String,
    pub(crate) at: Timestamp,
    pub(crate) class: &'static str,
}

/// Draws what happened, now, what is due and when the embargo ends. The list of clocks beside it
/// says the same in words.
pub(crate) fn picture(shown: &Shown, clocks: &[Clock], mut points: Vec<Point>) -> Markup {
    for clock in clocks.iter().filter(|clock| clock.is_open() && !clock.reference) {
        if let Some(due) = clock.due {
            let class = if due < shown.now { "missed" } else { "due" };
            points.push(Point { words: clock.duty.clone(), at: due, class });
        }
    }
    points.push(Point { words: "now".into(), at: shown.now, class: "now" });
    points.sort_by_key(|point| point.at);
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return html! {} };
    let (start, span) = (first.at, (last.at.as_second() - first.at.as_second()).max(3600) as f64);
    let x = |at: Timestamp| LEFT + (at.as_second() - start.as_second()) as f64 / span * (RIGHT - LEFT);
    let label = format!("Time line from {} to {}", shown.date(first.at), shown.date(last.at));
    let now = x(shown.now);
    let mut lanes = [f64::MIN; 3];
    html! {
        svg.line role="img" aria-label=(label) viewBox={ "0 0 " (WIDTH) " 140" } {
            line.track x1=(LEFT) x2=(RIGHT) y1="76" y2="76" stroke-width="6" {}
            line.past x1=(LEFT) x2=(now) y1="76" y2="76" stroke-width="6" {}
            @for (number, point) in points.iter().enumerate() {
                @let px = x(point.at);
                @let lane = lane(&mut lanes, px);
                circle.{ (point.class) } cx=(px) cy="76" r="7" stroke-width="3" { title { (point.words) ", " (shown.date(point.at)) } }
                text x=(px) y=(58 - 18 * lane) text-anchor=(anchor(px)) { (point.words) }
                @if number == 0 || number + 1 == points.len() || point.class != "dot" && point.class != "now" {
                    text.quiet x=(px) y=(98 + 16 * lane) text-anchor=(anchor(px)) { (short(shown, point.at)) }
                }
            }
        }
    }
}

/// The lowest lane whose last label ends before this one begins.
fn lane(lanes: &mut [f64; 3], x: f64) -> usize {
    let free = lanes.iter().position(|end| *end + 8.0 < x - 50.0).unwrap_or(2);
    lanes[free] = x + 50.0;
    free
}

fn anchor(x: f64) -> &'static str {
    match x {
        x if x < LEFT + 40.0 => "start",
        x if x > RIGHT - 40.0 => "end",
        _ => "middle",
    }
}

fn short(shown: &Shown, at: Timestamp) -> String {
    let date = shown.date(at);
    date.split_once(' ').map_or(date.clone(), |_| {
        // Day, month, hour: the year is in the label and in the list.
        let parts: Vec<&str> = date.split([' ', ',']).filter(|part| !part.is_empty()).collect();
        format!(
            "{} {} {}",
            parts.first().unwrap_or(&""),
            parts.get(1).unwrap_or(&""),
            parts.get(3).unwrap_or(&"")
        )
    })
}
