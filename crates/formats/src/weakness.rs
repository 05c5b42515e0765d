//! CWE ids in the many ways that documents write them.

/// Adds the id at the beginning of this text (`CWE-79`, `cwe-79: Cross-site Scripting`), once.
pub(crate) fn collect(weaknesses: &mut Vec<String>, text: &str) {
    let Some(number) = number(text) else { return };
    let known = weaknesses.iter().any(|id| id[4..] == *number);
    if !known {
        weaknesses.push(format!("CWE-{number}"));
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
    #[test]
    fn ids_are_found_at_the_beginning_and_kept_once() {
        let mut found = Vec::new();
        for text in ["CWE-79", "cwe-79: XSS", " CWE-121 Stack", "CWE-", "n/a", "", "CWE-1234567", "Ü"] {
            super::collect(&mut found, text);
        }
        assert_eq!(found, ["CWE-79", "CWE-121"]);
    }
}
