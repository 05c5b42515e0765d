//! CVSS v2, computed exactly.
//!
//! Authority: FIRST, "A Complete Guide to the Common Vulnerability Scoring System Version 2.0", 3.2.1
//! to 3.2.3, and NVD for the bands (there is no "none" and no "critical"). The equations are
//! computed in whole numbers: a base score of 8.55 is 8.6, which binary fractions miss.

use vocabulary::Severity;

/// The metrics with their values and weights in thousandths; the first six must be there.
/// An undefined metric has the weight of `ND`.
const METRICS: [(&str, &[(&str, i128)]); 14] = [
    ("AV", &[("L", 395), ("A", 646), ("N", 1000)]),
    ("AC", &[("H", 350), ("M", 610), ("L", 710)]),
    ("Au", &[("M", 450), ("S", 560), ("N", 704)]),
    ("C", &[("N", 0), ("P", 275), ("C", 660)]),
    ("I", &[("N", 0), ("P", 275), ("C", 660)]),
    ("A", &[("N", 0), ("P", 275), ("C", 660)]),
    ("E", &[("ND", 1000), ("U", 850), ("POC", 900), ("F", 950), ("H", 1000)]),
    ("RL", &[("ND", 1000), ("OF", 870), ("TF", 900), ("W", 950), ("U", 1000)]),
    ("RC", &[("ND", 1000), ("UC", 900), ("UR", 950), ("C", 1000)]),
    ("CDP", &[("ND", 0), ("N", 0), ("L", 100), ("LM", 300), ("MH", 400), ("H", 500)]),
    ("TD", &[("ND", 1000), ("N", 0), ("L", 250), ("M", 750), ("H", 1000)]),
    ("CR", &[("ND", 1000), ("L", 500), ("M", 1000), ("H", 1510)]),
    ("IR", &[("ND", 1000), ("L", 500), ("M", 1000), ("H", 1510)]),
    ("AR", &[("ND", 1000), ("L", 500), ("M", 1000), ("H", 1510)]),
];

/// How many of the metrics belong to the base.
const BASE: usize = 6;
/// How many belong to base and time.
const TEMPORAL: usize = 9;

/// Scores of a vector, in tenths.
pub(super) struct Scores {
    /// Of the base metrics.
    pub(super) base: i32,
    /// Of all metrics that are defined.
    pub(super) overall: i32,
}

/// Reads a vector such as `AV:N/AC:L/Au:N/C:P/I:P/A:P`, in any order of the metrics.
pub(super) fn scores(vector: &str) -> Result<Scores, String> {
    let mut weights = METRICS.map(|(_, values)| values.first().map_or(0, |(_, weight)| *weight));
    let mut seen = [false; METRICS.len()];
    let mut defined = [false; METRICS.len()];
    for part in vector.split('/') {
        let (metric, value) =
            part.split_once(':').ok_or_else(|| format!("{part:?} is no metric with a value"))?;
        let place = METRICS.iter().position(|(known, _)| *known == metric);
        let (Some(place), Some((_, values))) = (place, place.and_then(|place| METRICS.get(place))) else {
            return Err(format!("{metric:?} is no metric of CVSS 2.0"));
        };
        let weight = values.iter().find(|(known, _)| *known == value);
        let (_, weight) = weight.ok_or_else(|| format!("{metric} has no value {value:?}"))?;
        if seen.get_mut(place).is_some_and(|seen| std::mem::replace(seen, true)) {
            return Err(format!("{metric} is given twice"));
        }
        if let (Some(own), Some(defined)) = (weights.get_mut(place), defined.get_mut(place)) {
            *own = *weight;
            *defined = value != "ND";
        }
    }
    if !seen.iter().take(BASE).all(|seen| *seen) {
        return Err("a base metric is missing".to_owned());
    }
    let [av, ac, au, c, i, a, e, rl, rc, cdp, td, cr, ir, ar] = weights;
    let exploitability = [av, ac, au];
    let time = [e, rl, rc];
    let base = base_score(exploitability, impact([c * 1000, i * 1000, a * 1000]));
    // Only the environmental equation has an end for the impact.
    let adjusted_impact = impact([c * cr, i * ir, a * ar]).min(10 * 10_i128.pow(20));
    let adjusted = temporal_score(base_score(exploitability, adjusted_impact), time);
    // (adjusted + (10 - adjusted) * CDP) * TD, in units of 10^-7.
    let environmental = rounded((adjusted * 1000 + (100 - adjusted) * cdp) * td, 7).max(0);
    let is_defined = |from, to| defined.iter().take(to).skip(from).any(|defined| *defined);
    let overall = match (is_defined(TEMPORAL, METRICS.len()), is_defined(BASE, TEMPORAL)) {
        (true, _) => environmental,
        (false, true) => temporal_score(base, time),
        (false, false) => base,
    };
    let tenths = |score: i128| i32::try_from(score).unwrap_or_default();
    Ok(Scores { base: tenths(base), overall: tenths(overall) })
}

/// 10.41 * (1 - …), in units of 10^-20, of impacts in millionths.
fn impact(impacts: [i128; 3]) -> i128 {
    const MILLION: i128 = 1_000_000;
    let kept: i128 = impacts.iter().map(|impact| MILLION - impact).product();
    1041 * (MILLION.pow(3) - kept)
}

/// The base equation, in tenths.
fn base_score([av, ac, au]: [i128; 3], impact: i128) -> i128 {
    if impact == 0 {
        return 0;
    }
    // 20 * AV * AC * Au, in units of 10^-9.
    let exploitability = 20 * av * ac * au;
    // ((0.6 * impact) + (0.4 * exploitability) - 1.5) * 1.176, in units of 10^-24.
    let sum = 6 * impact + 4 * exploitability * 10_i128.pow(11) - 15 * 10_i128.pow(20);
    rounded(sum * 1176, 24)
}

/// The temporal equation, in tenths.
fn temporal_score(base: i128, [e, rl, rc]: [i128; 3]) -> i128 {
    rounded(base * e * rl * rc, 10)
}

/// Rounds a number in units of 10^-`digits` to tenths, halves away from zero: an adjusted base score
/// may be below zero on the way to a score that is not.
fn rounded(number: i128, digits: u32) -> i128 {
    let tenth = 10_i128.pow(digits - 1);
    number.signum() * ((number.abs() + tenth / 2) / tenth)
}

/// NVD's bands for version 2.
pub(super) fn severity(tenths: i32) -> Severity {
    match tenths {
        ..40 => Severity::Low,
        40..70 => Severity::Medium,
        _ => Severity::High,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three examples of the guide, 3.3.1 to 3.3.3.
    #[test]
    fn the_examples_of_the_guide_have_their_scores() {
        for (vector, base, temporal, environmental) in [
            ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 78, "E:F/RL:OF/RC:C", ("CDP:H/TD:H/CR:M/IR:M/AR:H", 92)),
            ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 100, "E:F/RL:OF/RC:C", ("CDP:H/TD:H/CR:M/IR:M/AR:L", 90)),
            ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 62, "E:POC/RL:OF/RC:C", ("CDP:H/TD:H/CR:M/IR:M/AR:M", 75)),
        ] {
            let timed = format!("{vector}/{temporal}");
            assert_eq!(scores(vector).unwrap().overall, base, "{vector}");
            assert_eq!(scores(&timed).unwrap().base, base, "{vector}");
            assert_eq!(
                scores(&format!("{timed}/{}", environmental.0)).unwrap().overall,
                environmental.1,
                "{vector}"
            );
        }
        assert_eq!(scores("AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C").unwrap().overall, 64);
        assert_eq!(scores("AV:N/AC:L/Au:N/C:N/I:N/A:N").unwrap().overall, 0);
        assert_eq!(scores("AV:L/AC:L/Au:N/C:C/I:C/A:C").unwrap().overall, 72);
        assert_eq!(scores("AV:L/AC:H/Au:M/C:N/I:N/A:P/RL:TF/CDP:MH/AR:L").unwrap().overall, 39);
        assert_eq!(scores("AV:L/AC:H/Au:M/C:N/I:N/A:P/RL:TF/AR:L").unwrap().overall, 0);
    }

    #[test]
    fn wrong_vectors_are_refused_with_a_reason() {
        for (vector, reason) in [
            ("AV:N", "a base metric is missing"),
            ("AV:N/AC:L/AU:N/C:P/I:P/A:P", "\"AU\" is no metric of CVSS 2.0"),
            ("AV:X/AC:L/Au:N/C:P/I:P/A:P", "AV has no value \"X\""),
            ("AV:N/AV:N/AC:L/Au:N/C:P/I:P/A:P", "AV is given twice"),
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P/", "\"\" is no metric with a value"),
        ] {
            assert_eq!(scores(vector).err().as_deref(), Some(reason));
        }
    }
}
