//! CWE ids in the many ways that documents write them.

/// Adds the id at the beginning of this text (`CWE-79`, `cwe-79: Cross-site Scripting`), once.
pub(crate) fn collect(weaknesses: &mut Vec<String>, text: &str) {
    let Some(number) = number(text) else { return };
    let known = weaknesses.iter().any(|id| id[4..] == *number);
    if !known {
        weaknesses.push(format!("CWE-{number}"));
    }
}

/// What NVD writes where it names no weakness (nvd.nist.gov/vuln/categories).
const MARKS: [&str; 2] = ["NVD-CWE-noinfo", "NVD-CWE-Other"];

/// The mark that this text is, in any letter case, as NVD spells it.
#[must_use]
pub fn mark_of(text: &str) -> Option<&'static str> {
    MARKS.into_iter().find(|mark| mark.eq_ignore_ascii_case(text.trim()))
}

/// Adds the id at the beginning of this text, or the mark that it is, once.
pub(crate) fn collect_marked(weaknesses: &mut Vec<String>, marks: &mut Vec<String>, text: &str) {
    match mark_of(text) {
        Some(mark) if !marks.iter().any(|known| known == mark) => marks.push(mark.to_owned()),
        Some(_) => {}
        None => collect(weaknesses, text),
    }
}

/// The digits of the id at the beginning of this text.
fn number(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let prefix = text.get(..4)?;
    let digits = text.get(4..).filter(|_| prefix.eq_ignore_ascii_case("CWE-"))?;
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    (1..=6).contains(&end).then_some(&digits[..end])
}

#[cfg(test)]
mod tests {
    /// NVD, "CWE Slice": two names of its own stand where it names no weakness.
    #[test]
    fn marks_are_kept_beside_ids_as_nvd_spells_them() {
        let (mut found, mut marks) = (Vec::new(), Vec::new());
        for text in ["NVD-CWE-Other", "nvd-cwe-noinfo ", "NVD-CWE-noinfo", "CWE-79", "NVD-CWE-79"] {
            super::collect_marked(&mut found, &mut marks, text);
        }
        assert_eq!(
            (found, marks),
            (vec!["CWE-79".into()], vec!["NVD-CWE-Other".into(), "NVD-CWE-noinfo".into()])
        );
    }

    #[test]
    fn ids_are_found_at_the_beginning_and_kept_once() {
        let mut found = Vec::new();
        for text in ["CWE-79", "cwe-79: XSS", " CWE-121 Stack", "CWE-", "n/a", "", "CWE-1234567", "Ü"] {
            super::collect(&mut found, text);
        }
        assert_eq!(found, ["CWE-79", "CWE-121"]);
    }
}
