//! The report form: its fields, read and drawn in one place.

use crate::refusal::Refusal;
use crate::reports::rules::{Contact, FILES_MAX, NewReport, ReportText};
use crate::web::{Fields, date_input, field, text_area};
use maud::{Markup, html};

/// Reads a report from the form.
pub(in crate::reports) fn read(fields: Fields) -> Result<NewReport, Refusal> {
    let anonymous = fields.ticked("anonymous");
    let contact = Contact {
        name: fields.limited("contact_name", 300)?,
        address: fields.limited("contact_address", 300)?,
        credit: fields.ticked("credit"),
    };
    let given = !contact.name.is_empty() || !contact.address.is_empty();
    let text = ReportText {
        product: fields.limited("product", 300)?,
        vendor: fields.limited("vendor", 300)?,
        versions: fields.limited("versions", 2_000)?,
        description: fields.limited("description", 50_000)?,
        how_found: fields.limited("how_found", 10_000)?,
        impact: fields.limited("impact", 10_000)?,
        exploited_evidence: fields.limited("exploited_evidence", 10_000)?,
        public_where: fields.limited("public_where", 2_000)?,
        contact: (given && !anonymous).then_some(contact),
        files: fields.uploads.iter().map(|file| file.name.clone()).collect(),
    };
    Ok(NewReport {
        exploited: fields.ticked("exploited"),
        public: fields.ticked("public"),
        planned: fields.instant("planned")?,
        for_manufacturer: fields.ticked("for_manufacturer"),
        aware: fields.instant("aware")?,
        proof_of_concept: fields.limited("proof_of_concept", 200_000)?,
        files: fields.uploads.into_iter().map(|file| file.bytes).collect(),
        text,
    })
}

/// The form, filled with what was written before.
pub(in crate::reports) fn draw(fields: &Fields, zone: &str) -> Markup {
    let text = |name: &str| fields.text(name).to_owned();
    html! {
        form method="post" action="/report" enctype="multipart/form-data" data-draft="/report/draft" {
            (what(&text))
            (urgency(fields, zone))
            (evidence(&text))
            (who(fields))
            div.actions {
                button.btn.main { "Send the report" }
                button.btn formaction="/report/draft" formenctype="application/x-www-form-urlencoded" formnovalidate {
                    "Save the draft"
                }
                span.quiet data-draft-note aria-live="polite" {}
            }
        }
    }
}

fn what(text: &dyn Fn(&str) -> String) -> Markup {
    html! {
        (field("product", "Product", "As its users call it", &text("product"), true))
        (field("vendor", "Vendor", "Who makes it, if you know", &text("vendor"), false))
        (field("versions", "Versions", "Which ones you know to be affected", &text("versions"), false))
        (text_area("description", "What is wrong?", "And how can it be reproduced?", &text("description"), true))
        (text_area("impact", "What does an attacker gain?", "", &text("impact"), false))
        (text_area("how_found", "How did you find it?", "", &text("how_found"), false))
    }
}

fn urgency(fields: &Fields, zone: &str) -> Markup {
    let ticked = |name: &str| fields.ticked(name);
    let text = |name: &str| fields.text(name);
    let zone_of = |name: &str| match text(&format!("{name}_zone")) {
        "" => zone.to_owned(),
        given => given.to_owned(),
    };
    html! {
        fieldset {
            legend { "How urgent is it?" }
            label.inline { input type="checkbox" name="exploited" value="yes" checked[ticked("exploited")];
                "It is exploited already" }
            (field("exploited_evidence", "How is that known?", "", text("exploited_evidence"), false))
            label.inline { input type="checkbox" name="public" value="yes" checked[ticked("public")];
                "It is public already" }
            (field("public_where", "Where?", "", text("public_where"), false))
            (date_input("planned", "You plan to publish", "Day, hour and zone; leave it empty if you have no plan",
                text("planned"), &zone_of("planned")))
            label.inline { input type="checkbox" name="for_manufacturer" value="yes" checked[ticked("for_manufacturer")];
                "I report for the manufacturer of this product" }
            (date_input("aware", "The manufacturer became aware",
                "Its legal clocks count from this moment, not from our receipt", text("aware"), &zone_of("aware")))
        }
    }
}

fn evidence(text: &dyn Fn(&str) -> String) -> Markup {
    html! {
        (text_area("proof_of_concept", "Proof of concept",
            "Only if it is needed to understand the flaw. It is sealed apart, never handed on in bulk, and deleted \
             by rule after publication.", &text("proof_of_concept"), false))
        label for="files" { "Files" span.quiet {
            "Up to " (FILES_MAX) " files, 10 MiB each, 25 MiB in all. A draft does not keep them." } }
        input type="file" id="files" name="files" multiple;
    }
}

fn who(fields: &Fields) -> Markup {
    html! {
        fieldset {
            legend { "Who are you?" span.quiet {
                "You may stay anonymous: with the claim code you can follow and answer all the same." } }
            label.inline { input type="checkbox" name="anonymous" value="yes" checked[fields.ticked("anonymous")];
                "I want to stay anonymous" }
            (field("contact_name", "Name", "", fields.text("contact_name"), false))
            (field("contact_address", "How we reach you", "An e-mail address, for example",
                fields.text("contact_address"), false))
            label.inline { input type="checkbox" name="credit" value="yes" checked[fields.ticked("credit")];
                "Thank me by name in the advisory" }
        }
    }
}
