//! Lines of tables in CSV, by RFC 4180.

/// One line, without its end. What a spreadsheet would take for a formula is written as text.
pub fn row(fields: &[&str]) -> String {
    let field = |field: &&str| {
        let text = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            format!("'{field}")
        } else {
            (*field).to_owned()
        };
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    fields.iter().map(field).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_is_no_formula_and_no_second_cell() {
        assert_eq!(
            super::row(&["a,b", "say \"x\"", "=1+1", "plain", ""]),
            "\"a,b\",\"say \"\"x\"\"\",'=1+1,plain,"
        );
    }
}
