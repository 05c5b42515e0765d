//! Reading forms: limits first, then names.

use crate::refusal::Refusal;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
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

/// Fields and files in one form, at most; rows of a table count cell by cell.
const FIELDS_MAX: usize = 10_000;

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

    /// The fields alone.
    pub(super) fn without_files(&self) -> Self {
        Self::from_pairs(self.values.clone())
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
        self.counted()
    }

    fn counted(&self) -> Result<(), Refusal> {
        if self.values.values().map(Vec::len).sum::<usize>() + self.uploads.len() > FIELDS_MAX {
            return Err(Refusal::TooLarge(format!("More than {FIELDS_MAX} fields in one form.").into()));
        }
        Ok(())
    }

    async fn read<S: Send + Sync>(mut request: Request, state: &S, limit: usize) -> Result<Self, Refusal> {
        DefaultBodyLimit::max(limit).apply(&mut request);
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut fields = Self::default();
        if kind.starts_with("multipart/form-data") {
            let multipart = Multipart::from_request(request, state).await;
            read_multipart(multipart.map_err(|_| unreadable())?, &mut fields, limit).await?;
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let bytes = Bytes::from_request(request, state).await.map_err(|_| too_large(limit))?;
            read_pairs(&bytes, &mut fields)?;
        } else {
            return Err(unreadable());
        }
        super::visit::sent(&fields);
        Ok(fields)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        Self::read(request, state, super::BODY_MAX).await
    }
}

/// The fields of a form that may bring files along.
pub(crate) struct WithFiles(pub(crate) Fields);

impl<S: Send + Sync> FromRequest<S> for WithFiles {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        Fields::read(request, state, super::FILES_MAX).await.map(Self)
    }
}

/// A urlencoded form. What is not UTF-8 is refused, not mended: a report must say what was written.
fn read_pairs(body: &[u8], fields: &mut Fields) -> Result<(), Refusal> {
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=').map(unescaped);
        let name = String::from_utf8(halves.next().unwrap_or_default()).map_err(|_| unreadable())?;
        let value = String::from_utf8(halves.next().unwrap_or_default());
        let value = value.map_err(|_| Refusal::invalid(name.clone(), NOT_UTF8))?;
        fields.add(name, value)?;
    }
    Ok(())
}

/// What stands in a form or a query, its percent signs and pluses undone.
pub(crate) fn unescaped(text: &[u8]) -> Vec<u8> {
    let blanks: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_encoding::percent_decode(&blanks).collect()
}

async fn read_multipart(mut multipart: Multipart, fields: &mut Fields, limit: usize) -> Result<(), Refusal> {
    let refused = |error: MultipartError| match error.status().as_u16() {
        413 => too_large(limit),
        _ => unreadable(),
    };
    while let Some(part) = multipart.next_field().await.map_err(refused)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(refused)?;
        match file {
            Some(file) if !file.is_empty() => {
                fields.uploads.push(Upload { name: file, bytes: bytes.to_vec() });
                fields.counted()?;
            }
            // A file input left empty sends an unnamed file.
            Some(_) => {}
            None => {
                let text = String::from_utf8(bytes.to_vec());
                let text = text.map_err(|_| Refusal::invalid(name.clone(), NOT_UTF8))?;
                fields.add(name, text)?;
            }
        }
    }
    Ok(())
}

const NOT_UTF8: &str = "This is not UTF-8 text.";

fn too_large(limit: usize) -> Refusal {
    let limit = limit / (1024 * 1024);
    Refusal::TooLarge(format!("This place takes at most {limit} MiB at once; nothing was sent.").into())
}

fn unreadable() -> Refusal {
    Refusal::invalid("form", "The form could not be read; it may have been cut off. Please send it again.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Fields, Refusal> {
        let mut fields = Fields::default();
        read_pairs(body.as_bytes(), &mut fields).map(|()| fields)
    }

    #[test]
    fn a_urlencoded_form_is_read_as_browsers_write_it() {
        let fields = read("a=1+2%2B3&b=%C3%A4&b=&&c&d=x=y&e=%zz%4").unwrap();
        let found = |name: &str| fields.all(name).join("|");
        assert_eq!(
            ["a", "b", "c", "d", "e", "f"].map(found),
            ["1 2+3", "ä|", "", "x=y", "%zz%4", ""].map(str::to_owned)
        );
    }

    #[test]
    fn what_is_not_text_is_refused_and_named() {
        for body in ["a=%FF", "a=x%00y", "a=%C3", "a=\u{0}"] {
            assert!(matches!(read(body), Err(Refusal::Invalid { field, .. }) if field == "a"), "{body}");
        }
        assert!(read("%FF=a").is_err());
    }

    #[test]
    fn the_number_of_fields_has_a_limit_however_they_are_called() {
        assert!(read(&"a=1&".repeat(FIELDS_MAX)).is_ok());
        assert!(matches!(read(&"a=1&".repeat(FIELDS_MAX + 1)), Err(Refusal::TooLarge(_))));
    }
}
