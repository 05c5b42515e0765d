//! The register as a table (RFC 4180): a line for each clearance of a person, or one for a person
//! without any. Pure.

use super::act::Act;
use super::event::Function;
use super::state::Entry;
use crate::refusal::Refusal;
use crate::web::TableRow;

/// The columns, in this order.
pub(in crate::vetting) const COLUMNS: [&str; 10] = [
    "login",
    "scheme",
    "level",
    "authority",
    "granted",
    "until",
    "briefed_until",
    "confidentiality_until",
    "review",
    "functions",
];

/// One line: whose it is, and what it says.
pub(in crate::vetting) struct Line<'a>(pub(in crate::vetting) &'a TableRow);

impl Line<'_> {
    fn cell(&self, name: &str) -> &str {
        self.0.cell(name)
    }

    /// Whose it is.
    pub(in crate::vetting) fn login(&self) -> String {
        self.cell("login").to_lowercase()
    }

    /// What is to be done so that the entry is as this line says; what it says already is left out.
    pub(in crate::vetting) fn acts(&self, entry: &Entry) -> Result<Vec<Act>, Refusal> {
        let mut acts = Vec::new();
        if !self.cell("scheme").is_empty() {
            let cell = |name: &str| self.cell(name).to_owned();
            let parts = [cell("scheme"), cell("level"), cell("authority")];
            let clearance = super::act::clearance(parts.clone(), self.cell("granted"), self.cell("until"))?;
            let waits = entry.proposals.get(&clearance.scheme).map(|proposal| &proposal.clearance);
            let is_there = [entry.clearances.get(&clearance.scheme), waits].into_iter().flatten();
            if !is_there.into_iter().any(|known| same(known, &clearance)) {
                let [scheme, level, authority] = parts;
                let (granted, until) = (cell("granted"), cell("until"));
                acts.push(Act::RecordClearance { scheme, level, authority, granted, until });
            }
        }
        let known =
            |lasting: &Option<super::state::Lasting>| lasting.as_ref().map(|lasting| lasting.span().1);
        let review = entry.review.as_ref().map(|review| review.at);
        for (name, known) in [
            ("briefed_until", known(&entry.briefing)),
            ("confidentiality_until", known(&entry.nda)),
            ("review", review),
        ] {
            let text = self.cell(name);
            if text.is_empty() {
                continue;
            }
            let column = COLUMNS.iter().find(|column| **column == name).copied().unwrap_or("line");
            let at = super::act::instant(column, text)?;
            if known == Some(at.at) {
                continue;
            }
            acts.push(match name {
                "briefed_until" => Act::Brief { until: text.to_owned() },
                "confidentiality_until" => Act::ConfirmNda { until: text.to_owned() },
                _ => Act::SetReview { at: text.to_owned() },
            });
        }
        for word in self.cell("functions").split(';').map(str::trim).filter(|word| !word.is_empty()) {
            let (word, confidential) = (word.trim_end_matches('!'), word.ends_with('!'));
            let function: Function = word.parse().map_err(|_| {
                let names: Vec<&str> = Function::ALL.iter().map(|(name, _)| *name).collect();
                Refusal::invalid("functions", format!("Functions are {}.", names.join(", ")))
            })?;
            if entry.functions.get(&function) != Some(&confidential) {
                acts.push(Act::GiveFunction { function, confidential });
            }
        }
        Ok(acts)
    }
}

fn same(one: &super::event::Clearance, other: &super::event::Clearance) -> bool {
    let key = |clearance: &super::event::Clearance| {
        let names = (clearance.level.clone(), clearance.authority.clone());
        (names, clearance.granted.at, clearance.until.at)
    };
    key(one) == key(other)
}

/// An entry as lines of cells.
pub(in crate::vetting) fn lines(login: &str, entry: &Entry) -> Vec<[String; 10]> {
    let until = |lasting: &Option<super::state::Lasting>| {
        let end = lasting.as_ref().and_then(|lasting| lasting.until.as_ref());
        end.map(|end| end.at.to_string()).unwrap_or_default()
    };
    let functions: Vec<String> = entry
        .functions
        .iter()
        .map(|(function, confidential)| {
            format!("{}{}", function.name(), if *confidential { "!" } else { "" })
        })
        .collect();
    let rest = [
        until(&entry.briefing),
        until(&entry.nda),
        entry.review.as_ref().map(|review| review.at.to_string()).unwrap_or_default(),
        functions.join(";"),
    ];
    let line = |[scheme, level, authority, granted, until]: [String; 5]| {
        let [briefed, confidential, review, functions] = rest.clone();
        [login.to_owned(), scheme, level, authority, granted, until, briefed, confidential, review, functions]
    };
    let cleared = entry.clearances.values().map(|one| {
        let dates = [one.granted.at.to_string(), one.until.at.to_string()];
        let [granted, until] = dates;
        line([one.scheme.clone(), one.level.clone(), one.authority.clone(), granted, until])
    });
    let all: Vec<[String; 10]> = cleared.collect();
    if all.is_empty() { vec![line(Default::default())] } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "login,scheme,level,authority,granted,until,briefed_until,confidentiality_until,review,functions\n";

    fn row(text: &str) -> TableRow {
        crate::web::csv_rows(&format!("{HEAD}{text}\n"), &COLUMNS).unwrap().remove(0)
    }

    #[test]
    fn a_line_asks_for_what_is_not_there_yet() {
        let entry = Entry::default();
        let full = row(
            "A.B,us,secret,dcsa,2026-10-01T08:00:00Z,2027-10-01T08:00:00Z,2027-01-01T00:00:00Z,,,\"analysis;audit!\"",
        );
        let full = Line(&full);
        assert_eq!((full.login().as_str(), full.acts(&entry).unwrap().len()), ("a.b", 4));
        assert_eq!(Line(&row("a,,,,,,,,,")).acts(&entry).unwrap(), []);
        for (text, column) in
            [("a,,,,,,,,,zinnober", "functions"), ("a,,,,,,,never,,", "confidentiality_until")]
        {
            let row = row(text);
            let refused = Line(&row).acts(&entry).unwrap_err();
            assert_eq!((row.finding(&refused).line, row.finding(&refused).column.as_str()), (2, column));
        }
    }
}
