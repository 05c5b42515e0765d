//! Tables for spreadsheets (RFC 4180).

use crate::refusal::Refusal;

/// A line of cells, with its end. What a spreadsheet would take for a formula gets an apostrophe before it.
pub(crate) fn csv_line<C: AsRef<str>>(cells: &[C]) -> String {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    format!("{}\r\n", catalogue::csv_row(&cells))
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct TableFinding {
    /// Counted from 1, the names of the columns first.
    pub(crate) line: usize,
    /// The column; empty where it is about the whole line.
    pub(crate) column: String,
    pub(crate) reason: String,
}

/// A row of a table: its line, and its cells by the names of their columns.
pub(crate) struct TableRow {
    pub(crate) line: usize,
    cells: Vec<(&'static str, String)>,
}

impl TableRow {
    /// That its command was refused.
    pub(crate) fn finding(&self, refusal: &Refusal) -> TableFinding {
        let column = match refusal {
            Refusal::Invalid { field, .. } => field.to_string(),
            _ => String::new(),
        };
        TableFinding { line: self.line, column, reason: refusal.to_string() }
    }

    /// A cell without the space around it, and without the apostrophe that keeps a spreadsheet from running
    /// it.
    pub(crate) fn cell(&self, column: &str) -> &str {
        let cell = self.cells.iter().find(|(name, _)| *name == column).map_or("", |(_, cell)| cell.trim());
        match cell.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
            _ => cell,
        }
    }
}

/// Rows of one table, at most.
const ROWS_MAX: usize = 5_000;

/// Reads a table with exactly these columns, in any order.
pub(crate) fn csv_rows(text: &str, columns: &[&'static str]) -> Result<Vec<TableRow>, TableFinding> {
    let wrong = |line: usize, reason: String| TableFinding { line, column: String::new(), reason };
    let mut lines = csv_cells(text.trim_start_matches('\u{feff}'))?.into_iter();
    let (_, head) = lines.next().ok_or_else(|| wrong(1, format!("expected {}", columns.join(","))))?;
    let names: Vec<&'static str> =
        head.iter().filter_map(|name| columns.iter().find(|known| **known == name.trim()).copied()).collect();
    let is_whole = names.len() == head.len() && columns.iter().all(|column| names.contains(column));
    if !is_whole || names.len() != columns.len() {
        return Err(wrong(1, format!("expected the columns {}", columns.join(","))));
    }
    let mut rows = Vec::new();
    for (line, cells) in lines {
        if cells.len() != names.len() {
            return Err(wrong(line, format!("{} cells, {} expected", cells.len(), names.len())));
        }
        rows.push(TableRow { line, cells: names.iter().copied().zip(cells).collect() });
    }
    match rows.len() {
        0 => Err(wrong(1, "no line follows the names of the columns".into())),
        many if many > ROWS_MAX => Err(wrong(1, format!("{many} lines, {ROWS_MAX} at most"))),
        _ => Ok(rows),
    }
}

/// Lines with their cells. A cell in quotation marks may hold commas and line ends; two marks stand for
/// one.
fn csv_cells(text: &str) -> Result<Vec<(usize, Vec<String>)>, TableFinding> {
    let (mut lines, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut is_quoted, mut line, mut begun) = (false, 1, 1);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, is_quoted) {
            ('"', true) if letters.next_if_eq(&'"').is_some() => cell.push('"'),
            ('"', true) => is_quoted = false,
            ('"', false) if cell.is_empty() => is_quoted = true,
            (',', false) => cells.push(std::mem::take(&mut cell)),
            ('\r', false) if letters.peek() == Some(&'\n') => {}
            ('\n', false) => {
                cells.push(std::mem::take(&mut cell));
                lines.push((begun, std::mem::take(&mut cells)));
                (line, begun) = (line + 1, line + 1);
            }
            _ => {
                line += usize::from(letter == '\n');
                cell.push(letter);
            }
        }
    }
    if is_quoted {
        let reason = "a quotation mark is never closed".to_owned();
        return Err(TableFinding { line: begun, column: String::new(), reason });
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        lines.push((begun, cells));
    }
    lines.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::{csv_line, csv_rows};
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Vec<(usize, String, String)>, String> {
        let rows = csv_rows(text, &["a", "b"]);
        let rows = rows.map_err(|found| format!("{}: {}", found.line, found.reason))?;
        Ok(rows.iter().map(|row| (row.line, row.cell("a").to_owned(), row.cell("b").to_owned())).collect())
    }

    #[test]
    fn a_table_is_read_as_spreadsheets_write_it_and_refused_with_its_line() {
        let rows = read("\u{feff}b,a\r\n\"x, \"\"y\"\"\nz\", 1 \r\n\r\n'=2,'it\r\n").unwrap();
        assert_eq!(rows, [(2, "1".into(), "x, \"y\"\nz".into()), (5, "'it".into(), "=2".into())]);
        for (text, refusal) in [
            ("", "1: expected a,b"),
            ("a\n1", "1: expected the columns a,b"),
            ("a,b,c\n1,2,3", "1: expected the columns a,b"),
            ("a,a\n1,2", "1: expected the columns a,b"),
            ("a,b\n", "1: no line follows the names of the columns"),
            ("a,b\n1,2\n1", "3: 1 cells, 2 expected"),
            ("a,b\n1,\"2\n3\n", "2: a quotation mark is never closed"),
        ] {
            assert_eq!(read(text), Err(refusal.to_owned()), "{text:?}");
        }
        let many = format!("a,b\n{}", "1,2\n".repeat(5_001));
        assert_eq!(read(&many), Err("1: 5001 lines, 5000 at most".into()));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_was_written_is_read_back(text in "[ab\",\r\n'=]{0,40}", cell in ".{1,20}") {
            let _ = read(&text);
            let written = format!("{}{}", csv_line(&["a", "b"]), csv_line(&[cell.as_str(), "x"]));
            let trimmed = cell.trim();
            let plain = !trimmed.starts_with(['\'', '\t', '\r', '=', '+', '-', '@']) && !cell.starts_with(['\t', '\r', '=', '+', '-', '@']);
            if plain {
                prop_assert_eq!(&read(&written).unwrap()[0].1, trimmed);
            }
        }
    }

    #[test]
    fn a_cell_is_quoted_and_no_formula() {
        assert_eq!(csv_line(&["a", "b \"c\", d", ""]), "a,\"b \"\"c\"\", d\",\r\n");
        for formula in ["=1+1", "+1", "-1", "@x", "\tx"] {
            assert_eq!(csv_line(&[formula]), format!("'{formula}\r\n"));
        }
    }
}
