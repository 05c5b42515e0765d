//! EPSS: how likely it is that a vulnerability is exploited within the next thirty days.
//!
//! Authority: first.org/epss/data_stats: CSV, one line `#model_version:…,score_date:…`, one line of
//! column names, one line for each CVE id. Scores say something about the records of others, so they
//! are no records.

use crate::door;
use crate::lenient::parse_time;
use crate::limits::{EPSS_BYTES, LINE_BYTES};
use crate::read::{Place, ReadError, Reason};
use jiff::Timestamp;

/// The scores of a day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// The model that gave them, as the file names it.
    pub model: Option<String>,
    /// The day that they are for.
    pub at: Option<Timestamp>,
    /// In the file's order.
    pub scores: Vec<Score>,
    /// Lines that were not understood; the rest is kept all the same.
    pub bad: Vec<ReadError>,
}

/// The score of one vulnerability.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Its id, in capitals.
    pub cve: String,
    /// A probability, from 0 to 1.
    pub probability: f64,
    /// The share of all vulnerabilities that score no higher, from 0 to 1.
    pub percentile: f64,
}

/// Whether this is the beginning of such a file.
pub(crate) fn is_beginning(text: &str) -> bool {
    text.starts_with("#model_version:")
        || text.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("cve,epss"))
}

/// Reads the scores of a day.
///
/// # Errors
/// If it is no text, larger than [`EPSS_BYTES`], or has no column names.
pub fn read(bytes: &[u8]) -> Result<Scores, ReadError> {
    let text = door::text(bytes, EPSS_BYTES)?;
    let mut found = Scores::default();
    let mut columns: Option<Columns> = None;
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if let Some(comment) = line.strip_prefix('#') {
            for (name, value) in comment.split(',').filter_map(|part| part.split_once(':')) {
                match name.trim() {
                    "model_version" => found.model = Some(value.chars().take(100).collect()),
                    "score_date" => found.at = day(value),
                    _ => {}
                }
            }
            continue;
        }
        match &columns {
            _ if line.is_empty() => {}
            None => {
                columns = Some(
                    Columns::named(line)
                        .ok_or_else(|| bad(at, "expected the columns cve, epss and percentile"))?,
                )
            }
            Some(columns) => match columns.score(line) {
                Ok(score) => found.scores.push(score),
                Err(reason) => found.bad.push(bad(at, reason)),
            },
        }
    }
    if columns.is_none() {
        return Err(ReadError::whole(Reason::Shape("no line with the names of columns".to_owned())));
    }
    Ok(found)
}

/// Real files write `+0000`, which RFC 3339 has as `+00:00`.
fn day(value: &str) -> Option<Timestamp> {
    parse_time(value).or_else(|| parse_time(value.get(..10)?))
}

fn bad(line: usize, reason: &str) -> ReadError {
    let place = Place { line: Some(line + 1), column: Some(1), ..Place::default() };
    ReadError::new(place, Reason::Shape(reason.to_owned()))
}

struct Columns {
    cve: usize,
    probability: usize,
    percentile: usize,
}

impl Columns {
    fn named(line: &str) -> Option<Self> {
        let at = |name: &str| line.split(',').position(|column| column.trim().eq_ignore_ascii_case(name));
        Some(Self { cve: at("cve")?, probability: at("epss")?, percentile: at("percentile")? })
    }

    fn score(&self, line: &str) -> Result<Score, &'static str> {
        if line.len() > LINE_BYTES {
            return Err("a line of more than 1,000 bytes");
        }
        let part = |at: usize| line.split(',').nth(at).map(str::trim).ok_or("a column is missing");
        let share = |at: usize| {
            let share = part(at)?.parse::<f64>().map_err(|_| "not a number")?;
            (0.0..=1.0).contains(&share).then_some(share).ok_or("not between 0 and 1")
        };
        let cve = part(self.cve)?.to_uppercase();
        if !is_cve(&cve) {
            return Err("not a CVE id");
        }
        Ok(Score { cve, probability: share(self.probability)?, percentile: share(self.percentile)? })
    }
}

fn is_cve(id: &str) -> bool {
    let numbers = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(year, number)| {
        year.len() == 4 && digits(year) && (4..=19).contains(&number.len()) && digits(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_scores_is_read_and_a_bad_line_costs_no_other() {
        let text = "#model_version:v2025.03.14,score_date:2026-11-01T00:00:00+0000\ncve,epss,percentile\r\n\
                    CVE-1900-0042,0.94,0.9991\nnonsense\ncve-1900-0043,1.5,0.1\nCVE-1900-0044,NaN,0.1\n\nCVE-1900-0045,0,1\n";
        let found = read(text.as_bytes()).unwrap();
        assert_eq!(found.model.as_deref(), Some("v2025.03.14"));
        assert_eq!(found.at.unwrap().to_string(), "2026-11-01T00:00:00Z");
        let ids: Vec<&str> = found.scores.iter().map(|score| score.cve.as_str()).collect();
        assert_eq!(ids, ["CVE-1900-0042", "CVE-1900-0045"]);
        assert_eq!((found.scores[0].probability, found.scores[0].percentile), (0.94, 0.9991));
        let bad: Vec<String> = found.bad.iter().map(ToString::to_string).collect();
        assert_eq!(
            bad,
            [
                "document (line 4 column 1): not a CVE id",
                "document (line 5 column 1): not between 0 and 1",
                "document (line 6 column 1): not between 0 and 1",
            ]
        );
    }

    #[test]
    fn what_is_no_list_of_scores_is_refused() {
        let refusal = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        assert_eq!(
            refusal(b"a,b\nCVE-1900-0042,1,1"),
            "document (line 1 column 1): expected the columns cve, epss and percentile"
        );
        assert_eq!(refusal(b"#x\n"), "document: no line with the names of columns");
        assert_eq!(refusal(b"cve,epss,percentile\n\xff"), "document (line 2 column 1): not UTF-8");
        assert!(refusal(&vec![b'x'; EPSS_BYTES + 1]).contains("but at most"));
        let long = format!("cve,epss,percentile\n{}", "x".repeat(2_000));
        assert_eq!(read(long.as_bytes()).unwrap().bad.len(), 1);
    }
}
