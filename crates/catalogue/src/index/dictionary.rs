//! What the index knows of words and names, without looking into records.

use super::super::rules::query_distance;
use super::super::store::Error;
use super::Index;
use super::tokens::words;
use std::collections::BTreeMap;
use std::sync::Arc;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, InvertedIndexReader, Searcher, SegmentReader, TERMINATED};

fn failed(error: std::io::Error) -> Error {
    Error::Index(error.to_string())
}

/// The names of a field that begin so and that are wanted, in their order, each with how many
/// records have it (records that were replaced are counted until their part of the index is
/// written anew).
pub(super) fn names(
    searcher: &Searcher,
    field: Field,
    beginning: &str,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<(String, u64)>, Error> {
    let mut found: Vec<(String, u64)> = Vec::new();
    each_name(searcher, field, beginning, &mut |name| {
        if is_wanted(name.text) {
            found.push((name.text.to_owned(), name.count()));
        }
        Ok(())
    })?;
    Ok(found)
}

/// A name as the segments have it.
pub(super) struct Name<'a> {
    pub(super) text: &'a str,
    at: &'a [(&'a Part<'a>, TermInfo)],
}

/// A segment with what it knows of a field.
struct Part<'a> {
    segment: &'a SegmentReader,
    names: Arc<InvertedIndexReader>,
}

impl Name<'_> {
    /// How many records have it, those that were replaced among them.
    fn count(&self) -> u64 {
        self.at.iter().map(|(_, info)| u64::from(info.doc_freq)).sum()
    }

    /// The row of a record that has it and was not replaced.
    pub(super) fn row(&self) -> Result<Option<i64>, Error> {
        for (part, info) in self.at {
            let mut having = part.names.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
            let mut document = having.doc();
            while document != TERMINATED && part.segment.is_deleted(document) {
                document = having.advance();
            }
            if document != TERMINATED {
                let row = part.segment.fast_fields().u64("row")?.first(document);
                return Ok(row.and_then(|row| i64::try_from(row).ok()));
            }
        }
        Ok(None)
    }
}

/// Shows the names of a field that begin so, each once and in their order, however many there are.
pub(super) fn each_name(
    searcher: &Searcher,
    field: Field,
    beginning: &str,
    show: &mut dyn FnMut(Name<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let segments = searcher.segment_readers().iter();
    let part = |segment| Ok::<_, Error>(Part { segment, names: segment.inverted_index(field)? });
    let parts = segments.map(part).collect::<Result<Vec<_>, _>>()?;
    let mut streams = Vec::new();
    for part in &parts {
        let mut stream = part.names.terms().range().ge(beginning).into_stream().map_err(failed)?;
        if stream.advance() {
            streams.push((part, stream));
        }
    }
    let (mut next, mut at) = (Vec::new(), Vec::new());
    while let Some(first) = streams.iter().map(|(_, stream)| stream.key()).min() {
        next.clear();
        next.extend_from_slice(first);
        if !next.starts_with(beginning.as_bytes()) {
            break;
        }
        at.clear();
        let have_it = streams.iter().filter(|(_, stream)| stream.key() == next);
        at.extend(have_it.map(|(part, stream)| (*part, stream.value().clone())));
        if let Ok(text) = std::str::from_utf8(&next) {
            show(Name { text, at: &at })?;
        }
        streams.retain_mut(|(_, stream)| stream.key() != next || stream.advance());
    }
    Ok(())
}

/// The numbers of a field, each with how many records have it.
pub(super) fn numbers(searcher: &Searcher, field: Field) -> Result<Vec<(u32, u64)>, Error> {
    let mut found: BTreeMap<u32, u64> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut stream = inverted.terms().stream().map_err(failed)?;
        while stream.advance() {
            // Numbers stand as eight bytes, the largest first.
            let number = stream.key().try_into().ok().map(u64::from_be_bytes);
            if let Some(number) = number.and_then(|number| u32::try_from(number).ok()) {
                *found.entry(number).or_default() += u64::from(stream.value().doc_freq);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// So many times as often stands the word that was meant, where the other stands at all.
const FAR_MORE: u64 = 100;

/// Letters that a mistyped word has at least: shorter ones are near everything.
const TYPED_CHARS: usize = 4;

impl Index {
    /// The word of the index that was probably meant, if no record has this one, or hardly any.
    pub(crate) fn nearest_word(&self, typed: &str) -> Result<Option<String>, Error> {
        let typed = words(typed);
        let [(_, typed)] = typed.as_slice() else { return Ok(None) };
        let letters = typed.chars().count();
        if letters < TYPED_CHARS {
            return Ok(None);
        }
        let far = if letters < 8 { 1 } else { 2 };
        let searcher = self.reader.searcher();
        let mut best: Option<(usize, std::cmp::Reverse<u64>, String)> = None;
        let mut typed_so = 0;
        for field in [self.fields.title, self.fields.names, self.fields.prose] {
            let is_near = |word: &str| query_distance(typed, word, far).is_some();
            for (word, count) in names(&searcher, field, "", &is_near)? {
                match query_distance(typed, &word, far) {
                    Some(0) => typed_so += count,
                    Some(distance) => {
                        let one = (distance, std::cmp::Reverse(count), word);
                        best = Some(best.take().map_or(one.clone(), |best| best.min(one)));
                    }
                    None => {}
                }
            }
        }
        // What is there is a slip of the fingers only beside a word that is far more usual: records have some, too.
        let is_meant = |count: u64| count >= typed_so * FAR_MORE;
        Ok(best.filter(|(_, count, _)| is_meant(count.0)).map(|(_, _, word)| word))
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::Fields;
    use super::super::tokens;
    use super::*;

    /// vulnerability-lookup, `/api/vulnerability/browse`: all vendors, however many there are; NVD's feed of a
    /// year: all its ids, of which 2025 had nearly 50,000.
    #[test]
    fn names_have_no_end_that_nobody_told_of() {
        let (schema, fields) = Fields::schema();
        let index = tantivy::Index::create_in_ram(schema);
        index.tokenizers().register(tokens::NAME, tokens::analyzer());
        let mut writer = index.writer_with_num_threads::<tantivy::TantivyDocument>(1, 20 << 20).unwrap();
        for half in 0..2 {
            let mut document = tantivy::TantivyDocument::new();
            (0..30_000)
                .for_each(|number| document.add_text(fields.vendor, format!("vendor {half} {number:05}")));
            document.add_text(fields.vendor, "another");
            writer.add_document(document).unwrap();
            writer.commit().unwrap();
        }
        let searcher = index.reader().unwrap().searcher();
        let all = names(&searcher, fields.vendor, "vendor", &|_| true).unwrap();
        assert_eq!((all.len(), all[59_999].0.as_str()), (60_000, "vendor 1 29999"));
        let few = names(&searcher, fields.vendor, "", &|name| !name.starts_with("vendor")).unwrap();
        assert_eq!(few, [("another".to_owned(), 2)]);
    }
}
