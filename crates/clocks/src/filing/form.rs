//! The form of one duty.

use super::table::{FieldTable, Input, Need};
use crate::duty::Duty;
use crate::scope::words;

/// What one filing asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The name and version of the list that the fields are from; `None` where they are what the
    /// rule itself says that a filing contains.
    pub list: Option<(String, String)>,
    /// Whether somebody, the authority's list or the rule, says what a filing contains. Where nobody does,
    /// there is one field for free text.
    pub names_contents: bool,
    /// The stage for people, such as `Early warning`.
    pub stage: String,
    /// The fields that this stage shows, in their order.
    pub fields: Vec<FormField>,
}

/// One field of one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// The name.
    pub name: String,
    /// The label.
    pub title: String,
    /// Whether it must be filled in.
    pub need: Need,
    /// What is written in it.
    pub input: Input,
    /// The words to choose from; empty where any text will do.
    pub choices: Vec<String>,
    /// Characters at most, where the list says.
    pub max: Option<usize>,
    /// What else to know.
    pub note: Option<String>,
}

impl Form {
    /// The form of a duty: from the list where it has this duty's stage, else from what the rule
    /// says that it contains.
    pub fn of(duty: &Duty, table: Option<&FieldTable>) -> Form {
        table.and_then(|table| Form::listed(duty, table)).unwrap_or_else(|| Form::of_content(duty))
    }

    fn listed(duty: &Duty, table: &FieldTable) -> Option<Form> {
        let (kind, stage) = table.place(duty.id.as_str())?;
        let mut fields = Vec::new();
        for field in &table.fields {
            let need = field.needs.get(kind).and_then(|needs| needs.0.get(stage)).copied();
            let Some(need) = need.filter(|need| *need != Need::NotShown) else { continue };
            fields.push(FormField {
                name: field.name.clone(),
                title: field.title.clone(),
                need,
                input: field.input,
                choices: field.choices.clone(),
                max: field.max,
                note: field.note.clone(),
            });
        }
        let stage = table.stages.get(stage)?.title.clone();
        Some(Form {
            list: Some((table.id.clone(), table.version.clone())),
            names_contents: true,
            stage,
            fields,
        })
    }

    fn of_content(duty: &Duty) -> Form {
        let field = |item: &String| {
            // A question mark means "where applicable".
            let (name, need) = match item.strip_suffix('?') {
                Some(name) => (name, Need::IfAvailable),
                None => (item.as_str(), Need::Required),
            };
            let title = words(name);
            let mut letters = title.chars();
            let title = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
            FormField {
                name: name.to_owned(),
                title: title.unwrap_or_default(),
                need,
                input: Input::Text,
                choices: Vec::new(),
                max: None,
                note: None,
            }
        };
        let names_contents = !duty.content.is_empty();
        let fields =
            if names_contents { duty.content.iter().map(field).collect() } else { vec![free_text()] };
        Form { list: None, names_contents, stage: duty.title.clone(), fields }
    }
}

/// What is filed, where neither a form nor the rule says what that is.
fn free_text() -> FormField {
    FormField {
        name: "text".to_owned(),
        title: "What is filed".to_owned(),
        need: Need::Optional,
        input: Input::Text,
        choices: Vec::new(),
        max: None,
        note: None,
    }
}
