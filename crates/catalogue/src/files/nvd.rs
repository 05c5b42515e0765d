//! NVD's feeds: all CVE records of a year, and what was changed within eight days.

use super::super::rules::{self, Bounds, Field, Query, Test};
use super::super::{Catalogue, Error, Order, Search};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{SignedDuration, Timestamp};
use std::io::Write;

/// The feeds that are not of a year, with the age in days of what is in them.
pub const FEEDS: [(&str, i64); 2] = [("modified", 8), ("recent", 8)];
/// The year of NVD's first feed, and that of the first CVE ids.
const FIRST_FEED: i16 = 2002;
const FIRST_YEAR: i16 = 1999;
/// Records read at a time.
const PART: usize = 2_000;

/// One feed: of a year, or by its name.
pub(super) fn feed(
    catalogue: &Catalogue,
    name: &str,
    year: Option<i16>,
    file: impl Write,
) -> Result<(), Error> {
    let stock = catalogue.stock()?;
    // A feed is the same whenever it is made of the same records.
    let now = stock.last_import.unwrap_or(Timestamp::UNIX_EPOCH);
    let mut tests = vec![Query::Test(Test::SpeaksForCve)];
    if let Some(year) = year {
        // Clients begin with NVD's first feed, in which all the years before stand, too.
        let years = if year == FIRST_FEED { FIRST_YEAR..=year } else { year..=year };
        let of_year = |year: i16| {
            let name = format!("CVE-{year}-");
            Query::Test(Test::Named { field: Field::Id, name, is_beginning: true })
        };
        tests.push(Query::Any(years.map(of_year).collect()));
    } else if let Some((_, days)) = FEEDS.iter().find(|(known, _)| *known == name) {
        let since = now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
        let bounds = Bounds { from: Some(since.as_microsecond()), below: None };
        tests.push(Query::Test(if name == "recent" {
            Test::Published(bounds)
        } else {
            Test::Modified(bounds)
        }));
    }
    let search = Search { order: Order::Oldest, ..Search::of(Query::All(tests)) };
    let mut out = GzEncoder::new(file, Compression::default());
    let (mut whole, total) = catalogue.whole(&search, 0, PART, now)?;
    write!(
        out,
        "{{\"resultsPerPage\":{total},\"startIndex\":0,\"totalResults\":{total},\"format\":\"NVD_CVE\",\"version\":\"2.0\",\
         \"timestamp\":\"{}\",\"vulnerabilities\":[",
        rules::nvd_time(now)
    )?;
    let mut written = 0;
    while !whole.is_empty() {
        for one in &whole {
            let cve = one.nvd(now);
            write!(out, "{}{{\"cve\":{cve}}}", if written == 0 { "" } else { "," })?;
            written += 1;
        }
        (whole, _) = catalogue.whole(&search, written, PART, now)?;
    }
    write!(out, "]}}")?;
    out.finish()?.flush()?;
    Ok(())
}
