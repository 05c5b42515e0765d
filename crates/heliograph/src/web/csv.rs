//! Tables for spreadsheets (RFC 4180).

/// A line of cells.
pub(crate) fn csv_line<C: AsRef<str>>(cells: &[C]) -> String {
    let quoted: Vec<String> = cells.iter().map(|cell| quoted(cell.as_ref())).collect();
    format!("{}\r\n", quoted.join(","))
}

/// A cell. A spreadsheet would run what begins like a formula, so that gets an apostrophe before it.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::csv_line;

    #[test]
    fn a_cell_is_quoted_and_no_formula() {
        assert_eq!(csv_line(&["a", "b \"c\", d", ""]), "\"a\",\"b \"\"c\"\", d\",\"\"\r\n");
        for formula in ["=1+1", "+1", "-1", "@x", "\tx"] {
            assert_eq!(csv_line(&[formula]), format!("\"'{formula}\"\r\n"));
        }
    }
}
