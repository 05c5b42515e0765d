//! Reading forms: limits first, then names.

use crate::refusal::Refusal;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use std::collections::BTreeMap;
use vocabulary::Instant;

/// A file that came with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// The fields of a form, urlencoded or multipart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    values: BTreeMap<String, Vec<String>>,
    pub(crate) uploads: Vec<Upload>,
}

/// Fields in one form, at most.
const FIELDS_MAX: usize = 500;

impl Fields {
    /// The value, trimmed; empty where the form had none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// All values of a repeated field.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a box was ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A text of a limited length that must be there.
    pub(crate) fn required(&self, name: &'static str, max: usize) -> Result<String, Refusal> {
        let text = self.limited(name, max)?;
        if text.is_empty() { Err(Refusal::invalid(name, "Please fill this in.")) } else { Ok(text) }
    }

    /// A text of a limited length that may be empty.
    pub(crate) fn limited(&self, name: &'static str, max: usize) -> Result<String, Refusal> {
        let text = self.text(name);
        if text.chars().count() > max {
            return Err(Refusal::invalid(name, format!("At most {max} characters, please.")));
        }
        Ok(text.replace("\r\n", "\n"))
    }

    /// A day and hour with its zone (`name`, `name_zone`), if given.
    pub(crate) fn instant(&self, name: &'static str) -> Result<Option<Instant>, Refusal> {
        let date = self.text(name);
        if date.is_empty() {
            return Ok(None);
        }
        let zone = match self.text(&format!("{name}_zone")) {
            "" => "UTC",
            zone => zone,
        };
        Instant::local(date, zone).map(Some).map_err(|error| Refusal::invalid(name, error.to_string()))
    }

    /// The pairs as they came, for a draft.
    pub(crate) fn pairs(&self) -> &BTreeMap<String, Vec<String>> {
        &self.values
    }

    /// Fields from a draft.
    pub(crate) fn from_pairs(values: BTreeMap<String, Vec<String>>) -> Self {
        Self { values, uploads: Vec::new() }
    }

    fn add(&mut self, name: String, value: String) -> Result<(), Refusal> {
        if value.contains('\0') {
            return Err(Refusal::invalid(name, "A NUL character cannot be stored."));
        }
        self.values.entry(name).or_default().push(value);
        if self.values.len() > FIELDS_MAX {
            return Err(Refusal::TooLarge(format!("More than {FIELDS_MAX} fields in one form.").into()));
        }
        Ok(())
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut fields = Self::default();
        if kind.starts_with("multipart/form-data") {
            let multipart = Multipart::from_request(request, state).await;
            read_multipart(multipart.map_err(|_| unreadable())?, &mut fields).await?;
            return Ok(fields);
        }
        let pairs = axum::Form::<Vec<(String, String)>>::from_request(request, state).await;
        let axum::Form(pairs) = pairs.map_err(|error| match error.status().as_u16() {
            413 => too_large(),
            _ => unreadable(),
        })?;
        for (name, value) in pairs {
            fields.add(name, value)?;
        }
        Ok(fields)
    }
}

async fn read_multipart(mut multipart: Multipart, fields: &mut Fields) -> Result<(), Refusal> {
    while let Some(part) = multipart.next_field().await.map_err(|error| refused(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|error| refused(&error))?;
        match file {
            Some(file) if !file.is_empty() => {
                fields.uploads.push(Upload { name: file, bytes: bytes.to_vec() })
            }
            // A file input left empty sends an unnamed file.
            Some(_) => {}
            None => {
                let text = String::from_utf8(bytes.to_vec())
                    .map_err(|_| Refusal::invalid(name.clone(), "This is not UTF-8 text."))?;
                fields.add(name, text)?;
            }
        }
    }
    Ok(())
}

fn refused(error: &axum::extract::multipart::MultipartError) -> Refusal {
    if error.status().as_u16() == 413 { too_large() } else { unreadable() }
}

fn too_large() -> Refusal {
    Refusal::TooLarge("The form and its files are larger than this place takes; nothing was sent.".into())
}

fn unreadable() -> Refusal {
    Refusal::invalid("form", "The form could not be read; it may have been cut off. Please send it again.")
}
