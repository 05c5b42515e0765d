//! Findings as a table.

use super::super::rules::Answer;
use super::super::table::row;
use super::{Finding, Inventory, part_version, status_word};

/// One line for each finding, one for each part that could not be asked about, and one for each note.
pub fn csv(inventory: &Inventory) -> String {
    let mut lines = vec![
        "component,version,purl,vulnerability,answer,severity,exploited,fixed,records,vex,vex_source,reason"
            .to_owned(),
    ];
    lines.extend(inventory.findings.iter().map(line));
    for unasked in &inventory.unasked {
        let component = &unasked.component;
        let version = part_version(component).unwrap_or_default();
        let purl = component.purl.as_deref().unwrap_or_default();
        lines.push(row(&[
            &component.name,
            &version,
            purl,
            "",
            "not asked",
            "",
            "",
            "",
            "",
            "",
            "",
            unasked.reason,
        ]));
    }
    let note = |note: &String| row(&["", "", "", "", "note", "", "", "", "", "", "", note]);
    lines.extend(inventory.notes.iter().map(note));
    lines.join("\r\n") + "\r\n"
}

fn line(finding: &Finding) -> String {
    let answer = match finding.known.answer {
        Answer::Affected => "affected",
        _ => "unknown",
    };
    let component = &finding.component;
    let records: Vec<String> = finding
        .known
        .records
        .iter()
        .map(|record| format!("{} ({})", record.id, record.source.label()))
        .collect();
    let severity = finding.known.severity_tenths.map(|tenths| format!("{:.1}", tenths as f64 / 10.0));
    let (status, source, why) = match &finding.vex {
        Some(said) => (status_word(said.status), said.source.as_str(), said.why.as_deref()),
        None => ("", "", None),
    };
    row(&[
        &component.name,
        &part_version(component).unwrap_or_default(),
        component.purl.as_deref().unwrap_or_default(),
        &finding.known.id,
        answer,
        &severity.unwrap_or_default(),
        if finding.known.is_exploited { "yes" } else { "" },
        &finding.known.fixed.join(" "),
        &records.join("; "),
        status,
        source,
        why.unwrap_or_default(),
    ])
}
