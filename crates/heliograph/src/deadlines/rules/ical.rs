//! Clocks as a calendar that other programs subscribe to (RFC 5545). Pure.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// One date in the calendar. It leaves the centre, so it names subjects by their harmless names and
/// nobody but the role that owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What stays the same when the date changes, so that calendars move the entry.
    pub(crate) uid: String,
    pub(crate) due: Timestamp,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) url: String,
}

/// The calendar's text.
pub(crate) fn calendar(name: &str, entries: &[Entry], now: Timestamp) -> String {
    let mut out = String::new();
    let mut line = |text: &str| fold(&mut out, text);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Heliograph//Deadlines//EN");
    line("CALSCALE:GREGORIAN");
    line("METHOD:PUBLISH");
    line(&format!("NAME:{}", escaped(name)));
    line(&format!("X-WR-CALNAME:{}", escaped(name)));
    line("REFRESH-INTERVAL;VALUE=DURATION:PT15M");
    for entry in entries {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", escaped(&entry.uid)));
        line(&format!("DTSTAMP:{}", utc(now)));
        line(&format!("DTSTART:{}", utc(entry.due)));
        line(&format!("SUMMARY:{}", escaped(&entry.summary)));
        line(&format!("DESCRIPTION:{}", escaped(&entry.description)));
        line(&format!("URL:{}", entry.url));
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

/// An instant in UTC (3.3.5, form 2); a calendar program shows it in its reader's zone.
fn utc(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A TEXT value (3.3.11). What is no text at all, such as a bell, is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(letter),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A content line (3.1): at most 75 octets, continued after a line break and a space, never within
/// a character.
fn fold(out: &mut String, line: &str) {
    const OCTETS: usize = 75;
    let mut used = 0;
    for letter in line.chars() {
        if used + letter.len_utf8() > OCTETS {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(letter);
        used += letter.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(summary: &str) -> Entry {
        Entry {
            uid: "4f1d@centre.example".into(),
            due: "2026-12-03T09:15:00Z".parse().unwrap(),
            summary: summary.into(),
            description: "owed by us".into(),
            url: "https://centre.example/deadlines/HEL-2026-000001".into(),
        }
    }

    #[test]
    fn a_calendar_is_what_rfc_5545_says() {
        let text = calendar("Centre", &[entry("Tell the vendor")], "2026-11-25T16:00:00Z".parse().unwrap());
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Heliograph//Deadlines//EN\r\n\
            CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nNAME:Centre\r\nX-WR-CALNAME:Centre\r\n\
            REFRESH-INTERVAL;VALUE=DURATION:PT15M\r\nBEGIN:VEVENT\r\nUID:4f1d@centre.example\r\n\
            DTSTAMP:20261125T160000Z\r\nDTSTART:20261203T091500Z\r\nSUMMARY:Tell the vendor\r\n\
            DESCRIPTION:owed by us\r\nURL:https://centre.example/deadlines/HEL-2026-000001\r\n\
            TRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(text, expected);
    }

    /// RFC 5545, 3.1 and 3.3.11: no line is longer than 75 octets, and folding and escaping undo each other.
    #[test]
    fn long_and_hostile_texts_are_folded_and_escaped() {
        let hostile = "a;b,c\\d\r\nEND:VEVENT\u{7}\u{0} ä€😀 ".repeat(9);
        let text = calendar("x", &[entry(&hostile)], Timestamp::UNIX_EPOCH);
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        assert!(!text.replace("\r\n", "").contains(['\r', '\n', '\u{7}', '\u{0}']));
        assert_eq!(text.matches("END:VEVENT\r\n").count(), 1);
        let unfolded = text.replace("\r\n ", "");
        let summary = unfolded.split("\r\n").find_map(|line| line.strip_prefix("SUMMARY:")).unwrap();
        let plain =
            summary.replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",").replace("\\\\", "\\");
        assert_eq!(plain, hostile.replace("\r\n", "\n").replace(['\u{7}', '\u{0}'], ""));
    }
}
