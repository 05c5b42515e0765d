//! Going through XML from tag to tag, within the limits that hold for every document. Entities that a
//! document defines for itself are not written out, since they can be bombs: a document that uses one where it
//! is read is refused, so that no word of it is lost in silence.

use crate::limits::DEPTH;
use crate::place;
use crate::read::{Place, ReadError, Reason};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Who is told what stands there.
pub(crate) trait Visitor {
    /// A tag opens, as the one of this depth, the outermost being 1.
    fn open(&mut self, tag: &BytesStart<'_>, depth: usize) -> Result<(), Reason>;
    /// The tag of this depth closes.
    fn close(&mut self, depth: usize) -> Result<(), Reason>;
    /// A piece of text in the tag that is open.
    fn prose(&mut self, text: &str) -> Result<(), Reason>;
}

/// Goes through a document.
///
/// # Errors
/// With line and column, if it is not well formed, nested deeper than [`DEPTH`], or refused by the visitor.
pub(crate) fn walk(text: &str, visitor: &mut dyn Visitor) -> Result<(), ReadError> {
    let mut xml = quick_xml::Reader::from_str(text);
    let mut depth = 0;
    loop {
        let at = usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX).min(text.len());
        let done = match xml.read_event() {
            Err(error) => Err(Reason::Syntax(error.to_string())),
            Ok(Event::Eof) if depth > 0 => Err(Reason::Syntax("the document breaks off here".to_owned())),
            Ok(Event::Eof) => return Ok(()),
            Ok(Event::Start(tag)) => open(visitor, &tag, &mut depth),
            Ok(Event::Empty(tag)) => {
                open(visitor, &tag, &mut depth).and_then(|()| close(visitor, &mut depth))
            }
            Ok(Event::End(_)) => close(visitor, &mut depth),
            Ok(Event::Text(text)) => visitor.prose(&text.xml10_content()),
            Ok(Event::CData(text)) => visitor.prose(&text.xml10_content()),
            Ok(Event::GeneralRef(name)) => match name.resolve_char_ref() {
                Ok(Some(letter)) => visitor.prose(letter.encode_utf8(&mut [0; 4])),
                _ => entity(&name.xml10_content()).and_then(|text| visitor.prose(text)),
            },
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_)) => Ok(()),
        };
        done.map_err(|reason| {
            let (line, column) = place::line_column(text.as_bytes().get(..at).unwrap_or_default());
            ReadError::new(Place { line: Some(line), column: Some(column), ..Place::default() }, reason)
        })?;
    }
}

fn open(visitor: &mut dyn Visitor, tag: &BytesStart<'_>, depth: &mut usize) -> Result<(), Reason> {
    *depth += 1;
    if *depth > DEPTH {
        return Err(Reason::TooDeep { limit: DEPTH });
    }
    visitor.open(tag, *depth)
}

fn close(visitor: &mut dyn Visitor, depth: &mut usize) -> Result<(), Reason> {
    let closed = visitor.close(*depth);
    *depth = depth.saturating_sub(1);
    closed
}

/// What an attribute says, if it is there and no longer than anything that is looked for.
///
/// # Errors
/// If the attributes are not well formed, or it uses an entity that is none of XML's own.
pub(crate) fn attribute(tag: &BytesStart<'_>, wanted: &str) -> Result<Option<String>, Reason> {
    let broken = |why: String| Reason::Syntax(format!("<{}>: {why}", short(tag.name().as_ref())));
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| broken(error.to_string()))?;
        if attribute.key.as_ref() == wanted {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| broken(format!("the attribute {wanted}: {error}")))?;
            return Ok((value.len() <= 1_000).then(|| value.into_owned()));
        }
    }
    Ok(None)
}

/// XML 1.0, 4.6: the entities that need no definition.
fn entity(name: &str) -> Result<&'static str, Reason> {
    Ok(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return Err(Reason::Syntax(format!("the entity &{}; is none of XML's own", short(name)))),
    })
}

/// As much of a name as fits into a sentence.
fn short(name: &str) -> String {
    name.chars().take(40).collect()
}
