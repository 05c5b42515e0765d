//! CVSS v2, v3.0, v3.1 and v4.0: vectors parsed and scored.
//!
//! Versions 3 and 4 are computed by the crate `cvss-rs`, which was checked against 60,000 random and
//! 6,909 published vectors without a difference; version 2, which it rounds wrongly at times, in
//! `v2.rs`. `cvss-rs` is lenient about letter case, the order of metrics and empty parts, so the
//! strictness that we need for what we publish is added here.

mod v2;

use crate::record;
use cvss_rs::v3::CvssV3;
use cvss_rs::v4_0::CvssV4;
use std::borrow::Cow;
use vocabulary::Severity;

/// A scored vector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Which CVSS.
    pub version: Version,
    /// Over all metrics that the vector defines: in v2 and v3 the environmental score if there are
    /// such metrics, else the temporal one, else the base score.
    pub score: f64,
    /// Over the base metrics alone, which is what JSON formats call `baseScore`.
    pub base: f64,
    /// The band of the score.
    pub severity: Severity,
}

/// A version of CVSS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// 2.0
    V20,
    /// 3.0
    V30,
    /// 3.1
    V31,
    /// 4.0
    V40,
}

impl Version {
    /// As the standard writes it: `3.1`.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::V20 => "2.0",
            Self::V30 => "3.0",
            Self::V31 => "3.1",
            Self::V40 => "4.0",
        }
    }
}

/// Longest vector that is read, in bytes; the longest that says anything has about 200.
const MAX_VECTOR: usize = 1_000;

/// Parses and scores a vector. Those of version 2 have no prefix, and may stand in parentheses.
///
/// # Errors
/// One line that says what is wrong with it.
pub fn score(vector: &str) -> Result<Score, String> {
    if vector.len() > MAX_VECTOR {
        return Err(format!("a vector of {} bytes, {MAX_VECTOR} at most", vector.len()));
    }
    let version = match vector.get(..9) {
        Some("CVSS:3.0/") => Version::V30,
        Some("CVSS:3.1/") => Version::V31,
        Some("CVSS:4.0/") => Version::V40,
        _ if vector.starts_with(['A', '(']) && vector.contains("Au:") => return version_2(vector),
        _ => {
            return Err(
                "a vector begins with CVSS:3.0/, CVSS:3.1/, CVSS:4.0/ or, in version 2, AV:".to_owned()
            );
        }
    };
    let metrics = vector.get(9..).unwrap_or_default();
    if metrics.split('/').any(str::is_empty) {
        return Err("there is an empty part between two slashes".to_owned());
    }
    // Only the urgency of version 4 has words in lower case.
    let is_lower = |part: &str| part.bytes().any(|byte| byte.is_ascii_lowercase());
    if let Some(part) = metrics.split('/').find(|part| is_lower(part) && !part.starts_with("U:")) {
        return Err(format!("{part:?} is in lower case"));
    }
    let (score, base) = if version == Version::V40 { v4(vector)? } else { v3(vector)? };
    Ok(Score { version, score, base, severity: Severity::of(score) })
}

fn version_2(vector: &str) -> Result<Score, String> {
    let bare = vector.strip_prefix('(').and_then(|vector| vector.strip_suffix(')')).unwrap_or(vector);
    let scores = v2::scores(bare)?;
    Ok(Score {
        version: Version::V20,
        score: f64::from(scores.overall) / 10.0,
        base: f64::from(scores.base) / 10.0,
        severity: v2::severity(scores.overall),
    })
}

/// Metrics of version 3 that belong to a place and those that belong to a time.
const ENVIRONMENTAL_V3: [&str; 11] = ["CR", "IR", "AR", "MAV", "MAC", "MPR", "MUI", "MS", "MC", "MI", "MA"];
const TEMPORAL_V3: [&str; 3] = ["E", "RL", "RC"];

fn v3(vector: &str) -> Result<(f64, f64), String> {
    let parsed: CvssV3 = vector.parse().map_err(|error: cvss_rs::ParseError| error.to_string())?;
    let missing = || "a base metric is missing".to_owned();
    let base = parsed.calculated_base_score().ok_or_else(missing)?;
    let defines = |metrics: &[&str]| {
        let mut parts = vector.split('/').filter_map(|part| part.split_once(':'));
        parts.any(|(metric, value)| value != "X" && metrics.contains(&metric))
    };
    let score = if defines(&ENVIRONMENTAL_V3) {
        parsed.calculated_environmental_score()
    } else if defines(&TEMPORAL_V3) {
        parsed.calculated_temporal_score()
    } else {
        Some(base)
    };
    Ok((score.ok_or_else(missing)?, base))
}

fn v4(vector: &str) -> Result<(f64, f64), String> {
    let parsed: CvssV4 = vector.parse().map_err(|error: cvss_rs::ParseError| error.to_string())?;
    in_order(vector)?;
    let missing = || "a base metric is missing".to_owned();
    let (score, _) = parsed.calculated_score().ok_or_else(missing)?;
    // The eleven base metrics alone have one score.
    if vector.split('/').count() == 1 + 11 {
        return Ok((score, score));
    }
    Ok((score, parsed.calculated_base_score().ok_or_else(missing)?))
}

/// The metrics of CVSS 4.0 in the order that section 7 of the standard demands.
const ORDER_V40: &str = "AV AC AT PR UI VC VI VA SC SI SA E CR IR AR MAV MAC MAT MPR MUI MVC MVI MVA MSC MSI \
                         MSA S AU R V RE U";

fn in_order(vector: &str) -> Result<(), String> {
    let mut order = ORDER_V40.split(' ');
    for part in vector[9..].split('/') {
        let metric = part.split(':').next().unwrap_or_default();
        if !order.any(|known| known == metric) {
            return Err(format!("{metric} does not stand where the standard's order has it"));
        }
    }
    Ok(())
}

/// A score for the catalogue: as the document states it, or computed if it states only the vector.
pub(crate) fn severity(
    vector: String,
    version: impl Into<Cow<'static, str>>,
    stated: Option<f64>,
    source: Option<String>,
) -> record::Severity {
    let computed = || score(&vector).ok().map(|score| score.base);
    let score = stated.or_else(computed);
    record::Severity {
        score,
        version: version.into().into_owned(),
        source,
        vector,
        vulnerabilities: Vec::new(),
    }
}

/// What a base score and the vector beside it say against each other, in words, if they do: the score is kept as its
/// source gives it. CSAF 2.0, 6.1.9 ("Inconsistent CVSS") calls such a document invalid and neither of the two right.
/// A score over all metrics of its vector is none: many sources state that one in this place.
#[must_use]
pub fn contradiction(severity: &record::Severity) -> Option<String> {
    let tenths = |score: f64| (score * 10.0).round() as i64;
    let (stated, computed) = (severity.score?, score(&severity.vector).ok()?);
    let is_either = [computed.base, computed.score].into_iter().any(|own| tenths(own) == tenths(stated));
    (!is_either).then(|| format!("the source says {stated:.1}; its vector comes to {:.1}", computed.base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_have_their_published_scores() {
        for (vector, score) in [
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0),
        ] {
            let found = super::score(vector).unwrap();
            assert_eq!(found.score, score, "{vector}");
            assert_eq!(found.severity, Severity::of(score));
        }
        // The most specific metrics decide.
        for (vector, score, base) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U", 7.8, 9.8),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:X/MAV:P/MC:L", 6.4, 9.8),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:X/MAV:X", 9.8, 9.8),
            ("(AV:N/AC:L/Au:N/C:P/I:P/A:P/E:U)", 6.4, 7.5),
        ] {
            let found = super::score(vector).unwrap();
            assert_eq!((found.score, found.base), (score, base), "{vector}");
        }
        // The bands of version 2.
        let found = super::score("AV:N/AC:L/Au:N/C:C/I:C/A:C").unwrap();
        assert_eq!((found.version.label(), found.severity), ("2.0", Severity::High));
        // Metrics of v3 may stand in any order.
        let shuffled = super::score("CVSS:3.1/A:H/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H").unwrap();
        assert_eq!((shuffled.version, shuffled.score), (Version::V31, 9.8));
    }

    /// CSAF 2.0, 6.1.9: "Inconsistent CVSS".
    #[test]
    fn a_score_that_its_vector_contradicts_is_told_and_kept() {
        let said = |score: f64, vector: &str| {
            let severity = severity(vector.to_owned(), "3.1", Some(score), None);
            assert_eq!(severity.score, Some(score), "as its source gives it");
            contradiction(&severity)
        };
        let vector = "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N";
        assert_eq!(said(9.8, vector).unwrap(), "the source says 9.8; its vector comes to 5.4");
        assert_eq!(said(5.4, vector), None);
        let temporal = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U";
        assert_eq!([9.8, 7.8].map(|score| said(score, temporal)), [None, None]);
        assert!(said(9.7, temporal).is_some());
        assert_eq!(said(9.8, "CVSS:3.1/AV:N"), None, "a vector that cannot be scored says nothing");
        assert_eq!(contradiction(&severity(vector.to_owned(), "3.1", None, None)), None);
    }

    #[test]
    fn wrong_vectors_are_refused_with_a_reason() {
        for vector in [
            "",
            "AV:N/AC:L/Au:N/C:P/I:P",
            "CVSS:3.1/av:n/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            "CVSS:3.1/",
            "CVSS:3.1/AV:N",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:H",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:Q",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H:H",
            "CVSS:5.0/AV:N",
            "CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N",
            "CVSS:3.1ö/AV:N",
        ] {
            let reason = super::score(vector).expect_err(vector);
            assert!(!reason.is_empty() && !reason.contains('\n'));
        }
    }
}
