//! The parameters of a request: `name=value`, or a bare name that says yes.

use super::NvdError;
use crate::web::unescaped;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// What an address asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Parameters {
    named: Vec<(String, String)>,
    /// How many to leave out at the beginning.
    pub(super) start: usize,
    pub(super) per_page: usize,
}

/// Parameters in one address.
const PARAMETERS_MAX: usize = 64;

/// Days between two dates, as NVD has it; its clients cut longer times into such pieces.
const DAYS_MAX: i64 = 120;

impl Parameters {
    /// Reads the part of an address behind "?". Names that are not `known` are refused, as NVD does:
    /// an unread condition would give too much.
    pub(super) fn read(query: Option<&str>, known: &[&str], per_page_max: usize) -> Result<Self, NvdError> {
        let mut parameters = Self { per_page: per_page_max, ..Self::default() };
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // The door has refused what is no UTF-8.
            let text = |part: &str| String::from_utf8_lossy(&unescaped(part.as_bytes())).into_owned();
            let (name, value) = (text(name), text(value));
            match name.as_str() {
                "startIndex" => parameters.start = number(&name, &value)?,
                "resultsPerPage" => {
                    let wanted = number(&name, &value)?;
                    if wanted > per_page_max {
                        return Err(NvdError::invalid(format!(
                            "resultsPerPage: {wanted}, at most {per_page_max}"
                        )));
                    }
                    parameters.per_page = wanted;
                }
                _ if known.contains(&name.as_str()) => parameters.named.push((name, value)),
                _ => {
                    let known = known.join(", ");
                    return Err(NvdError::invalid(format!(
                        "a parameter that is not read here; known are {known}"
                    )));
                }
            }
            if parameters.named.len() > PARAMETERS_MAX {
                return Err(NvdError::invalid(format!("more than {PARAMETERS_MAX} parameters")));
            }
        }
        Ok(parameters)
    }

    /// The value of a parameter; empty, where it stands alone.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a bare parameter is there; `hasKev=false` is a no.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !value.eq_ignore_ascii_case("false"))
    }

    /// The instants between which something lies, in microseconds; NVD wants both or none, in their
    /// order, and not too far from each other.
    pub(super) fn between(&self, from: &str, to: &str) -> Result<Option<(i64, i64)>, NvdError> {
        let (start, end) = match (self.get(from), self.get(to)) {
            (None, None) => return Ok(None),
            (Some(start), Some(end)) => (instant(from, start)?, instant(to, end)?),
            _ => return Err(NvdError::invalid(format!("{from} and {to} go together"))),
        };
        if start > end {
            return Err(NvdError::invalid(format!("{from} lies behind {to}")));
        }
        if end.duration_since(start) > SignedDuration::from_hours(24 * DAYS_MAX) {
            return Err(NvdError::invalid(format!("{from} to {to}: more than {DAYS_MAX} days")));
        }
        Ok(Some((start.as_microsecond(), end.as_microsecond())))
    }
}

fn number(name: &str, value: &str) -> Result<usize, NvdError> {
    value.parse().map_err(|_| NvdError::invalid(format!("{name}: a number is expected")))
}

/// ISO 8601, with a zone or, as NVD reads it, in UTC.
fn instant(name: &str, value: &str) -> Result<Timestamp, NvdError> {
    // A plus that was not encoded has become a blank.
    let value = value.replace(' ', "+");
    let zoned = || value.parse::<Timestamp>().ok();
    let plain = || TimeZone::UTC.to_timestamp(value.parse::<DateTime>().ok()?).ok();
    let found = zoned().or_else(plain);
    let wrong = || NvdError::invalid(format!("{name}: a date such as 2024-01-31T00:00:00.000 is expected"));
    found.ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Parameters, String> {
        let known = ["hasKev", "cpeName", "pubStartDate", "pubEndDate"];
        Parameters::read(Some(query), &known, 2_000).map_err(|error| error.message)
    }

    #[test]
    fn values_flags_and_pages_are_read() {
        let asked = read("cpeName=cpe%3A2.3%3Aa%3Ax&hasKev&startIndex=4000&resultsPerPage=20").unwrap();
        assert_eq!((asked.start, asked.per_page, asked.get("cpeName")), (4_000, 20, Some("cpe:2.3:a:x")));
        assert!(asked.is_set("hasKev") && !read("hasKev=False").unwrap().is_set("hasKev"));
        assert_eq!(read("").unwrap().per_page, 2_000);
    }

    #[test]
    fn instants_are_utc_unless_they_say_otherwise() {
        let asked =
            read("pubStartDate=2024-01-01T00:00:00.000&pubEndDate=2024-01-01T01:00:00%2B01:00").unwrap();
        assert_eq!(
            asked.between("pubStartDate", "pubEndDate").ok().flatten().map(|(from, to)| to - from),
            Some(0)
        );
        let alone = read("pubStartDate=2024-01-01T00:00:00").unwrap().between("pubStartDate", "pubEndDate");
        assert_eq!(alone.err().unwrap().message, "pubStartDate and pubEndDate go together");
    }

    /// NVD, "Vulnerabilities": at most 120 consecutive days with any parameter of dates, and both ends.
    #[test]
    fn dates_are_in_order_and_at_most_120_days_apart() {
        let between = |from: &str, to: &str| {
            let asked = read(&format!("pubStartDate={from}&pubEndDate={to}")).unwrap();
            asked.between("pubStartDate", "pubEndDate").map_err(|error| error.message)
        };
        let day = 24 * 60 * 60 * 1_000_000;
        assert_eq!(
            between("2024-01-01T00:00", "2024-04-30T00:00").unwrap().map(|(a, b)| b - a),
            Some(120 * day)
        );
        let over = between("2024-01-01T00:00:00.000Z", "2024-04-30T00:00:00.001Z").unwrap_err();
        assert_eq!(over, "pubStartDate to pubEndDate: more than 120 days");
        let turned = between("2024-01-02T00:00:00%2B00:00", "2024-01-01T00:00:00%2B00:00").unwrap_err();
        assert_eq!(turned, "pubStartDate lies behind pubEndDate");
        // Clients leave the seconds away, and the zone.
        assert!(
            between("2024-10-22T13:36%2B00:00", "2024-10-22T13:36").unwrap().is_some_and(|(a, b)| a == b)
        );
        assert!(between("-009999-01-01T00:00:00", "9999-12-31T00:00:00").is_err());
    }

    #[test]
    fn what_is_not_read_is_refused_with_what_is() {
        assert!(read("hasOval").unwrap_err().contains("known are hasKev, cpeName"));
        assert_eq!(read("resultsPerPage=2001").unwrap_err(), "resultsPerPage: 2001, at most 2000");
        assert_eq!(read("startIndex=-1").unwrap_err(), "startIndex: a number is expected");
    }
}
