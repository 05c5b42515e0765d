//! An authority's form as data.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;

use super::FIELD_MAX;
use crate::parse::toml_date;
use crate::terms::Verified;

/// Bytes of a field list at most; the longest known is a twentieth of it.
const LIST_MAX: usize = 256 * 1024;

/// The kind of a duty whose name has none.
const ALL: &str = "all";

/// The fields of a form, with what each stage of a filing needs of them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldTable {
    /// The version of this format, `fields/1`.
    pub schema: String,
    /// The name of the list.
    pub id: String,
    /// Its version.
    pub version: String,
    /// When it was read.
    #[serde(deserialize_with = "toml_date")]
    pub read_on: Date,
    /// Where it was read.
    pub source: String,
    /// How it was checked.
    pub verified: Verified,
    /// The stages in their order.
    #[serde(rename = "stage")]
    pub stages: Vec<Stage>,
    /// The fields in their order.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
}

/// A stage of a filing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// What a duty's name ends with: `ew` of `aev.ew`. A name without a dot is all of it.
    pub id: String,
    /// For people.
    pub title: String,
}

/// A field of the form, known by its name and never by a number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Field {
    /// The name.
    pub name: String,
    /// The label.
    pub title: String,
    /// Characters at most, where the list says.
    pub max: Option<usize>,
    /// What is written in it.
    #[serde(default)]
    pub input: Input,
    /// The words to choose from.
    #[serde(default)]
    pub choices: Vec<String>,
    /// What else to know.
    pub note: Option<String>,
    /// By kind of case (what a duty's name begins with, or `all`): what each stage needs, such as `R/O/-`.
    #[serde(flatten)]
    pub needs: BTreeMap<String, Needs>,
}

impl Field {
    /// Whether a stage, by its place in the list, shows it for any kind of case.
    pub fn shown_at(&self, stage: usize) -> bool {
        self.needs.values().any(|needs| needs.0.get(stage).is_some_and(|need| *need != Need::NotShown))
    }
}

/// What is written in a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Any text.
    #[default]
    Text,
    /// A day and hour with its zone.
    Instant,
}

/// Whether a stage needs a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// It must be filled in.
    Required,
    /// It must be filled in if there is anything to say.
    IfAvailable,
    /// It may be filled in.
    Optional,
    /// The form does not have it.
    NotShown,
}

impl Need {
    fn parse(letter: &str) -> Option<Need> {
        match letter {
            "R" => Some(Need::Required),
            "A" => Some(Need::IfAvailable),
            "O" => Some(Need::Optional),
            "-" => Some(Need::NotShown),
            _ => None,
        }
    }

    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Need::Required => "required",
            Need::IfAvailable => "required if available",
            Need::Optional => "optional",
            Need::NotShown => "not shown",
        }
    }
}

/// One need for each stage.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Needs(pub(crate) Vec<Need>);

impl TryFrom<String> for Needs {
    type Error = String;

    fn try_from(text: String) -> Result<Needs, String> {
        let needs: Option<Vec<Need>> = text.split('/').map(Need::parse).collect();
        needs.map(Needs).ok_or_else(|| {
            format!("`{text}` is not a need by stage: write R, O, A or - for each, as in R/O/-")
        })
    }
}

impl FieldTable {
    /// Reads and checks a field list.
    ///
    /// # Errors
    /// What is wrong, and in which field.
    pub fn parse(text: &str) -> Result<FieldTable, String> {
        if text.len() > LIST_MAX {
            return Err(format!("a field list has at most {LIST_MAX} bytes"));
        }
        let table: FieldTable = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        if table.schema != "fields/1" {
            return Err(format!("schema `{}` is not known; expected fields/1", table.schema));
        }
        if table.stages.is_empty() {
            return Err("it has no stage".to_owned());
        }
        let mut names = BTreeSet::new();
        for field in &table.fields {
            let say = |what: &str| Err(format!("field `{}`: {what}", field.name));
            if field.name.is_empty()
                || !field.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            {
                return say("its name takes small letters, digits and underscores");
            }
            if !names.insert(&field.name) {
                return say("it stands there twice");
            }
            if field.needs.is_empty() || field.needs.values().any(|needs| needs.0.len() != table.stages.len())
            {
                return say("it must say for a kind of case what every stage needs");
            }
            if field.max.is_some_and(|max| max == 0 || max > FIELD_MAX) {
                return say(&format!("its limit must lie between 1 and {FIELD_MAX} characters"));
            }
        }
        Ok(table)
    }

    /// The kind of case and the place of the stage that a duty's name means: `aev.ew`, or `ew` where a law
    /// knows one kind only.
    pub(crate) fn place(&self, duty: &str) -> Option<(&str, usize)> {
        let (kind, stage) = duty.rsplit_once('.').unwrap_or((ALL, duty));
        let stage = self.stages.iter().position(|known| known.id == stage)?;
        let (kind, _) = self.fields.iter().find_map(|field| field.needs.get_key_value(kind))?;
        Some((kind, stage))
    }
}
