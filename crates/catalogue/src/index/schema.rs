//! What the index holds of a record. It stores no texts: what is shown comes from the records.

use super::super::rules::Words;
use super::tokens;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::{TantivyDocument, Term};

/// Raised whenever the same fields get another content: an index of another number is made anew.
pub(super) const VERSION: &str = "9";

/// The fields, by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The number of the record's row.
    pub(super) row: Field,
    // What words are looked for in.
    pub(super) ids: Field,
    pub(super) title: Field,
    pub(super) names: Field,
    pub(super) prose: Field,
    // Names as a whole, as `rules::name_key` writes them.
    pub(super) id: Field,
    pub(super) vendor: Field,
    /// Vendor, and how a record spells it, with `SEPARATOR` between them.
    pub(super) spelled: Field,
    /// Vendor and product, with `SEPARATOR` between them.
    pub(super) product: Field,
    pub(super) package: Field,
    pub(super) ecosystem: Field,
    pub(super) cpe: Field,
    pub(super) stated_by: Field,
    pub(super) grade: Field,
    // Numbers.
    pub(super) weakness: Field,
    pub(super) source: Field,
    pub(super) severity: Field,
    pub(super) published: Field,
    pub(super) modified: Field,
    pub(super) year: Field,
    /// The score first and the date of publication then, in one number.
    pub(super) severest: Field,
    pub(super) exploited: Field,
    pub(super) withdrawn: Field,
    /// The record by which NVD's interface answers for its CVE id.
    pub(super) speaks: Field,
}

/// Between a vendor and its product, or its spelling; no name has it.
pub(super) const SEPARATOR: char = '\u{1f}';

/// The facts of a record that may change without its document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    pub(crate) row: i64,
    /// The number under which its source is stored.
    pub(crate) source: i64,
    pub(crate) severity_tenths: Option<i64>,
    pub(crate) published: Option<i64>,
    pub(crate) modified: Option<i64>,
    pub(crate) year: Option<i16>,
    pub(crate) is_exploited: bool,
    pub(crate) is_withdrawn: bool,
    /// It came from NVD, or as CVE where nothing from NVD has its id.
    pub(crate) speaks: bool,
}

impl Fields {
    pub(super) fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default().set_tokenizer(tokens::NAME);
        let words = TextOptions::default()
            .set_indexing_options(indexing.set_index_option(IndexRecordOption::WithFreqsAndPositions));
        let raw = TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false);
        let name =
            TextOptions::default().set_indexing_options(raw.set_index_option(IndexRecordOption::Basic));
        let fields = Self {
            row: schema.add_u64_field("row", INDEXED | FAST),
            ids: schema.add_text_field("ids", words.clone()),
            title: schema.add_text_field("title", words.clone()),
            names: schema.add_text_field("names", words.clone()),
            prose: schema.add_text_field("prose", words),
            id: schema.add_text_field("id", name.clone()),
            vendor: schema.add_text_field("vendor", name.clone()),
            spelled: schema.add_text_field("spelled", name.clone()),
            product: schema.add_text_field("product", name.clone()),
            package: schema.add_text_field("package", name.clone()),
            cpe: schema.add_text_field("cpe", name.clone()),
            stated_by: schema.add_text_field("stated_by", name.clone()),
            grade: schema.add_text_field("grade", name.clone()),
            ecosystem: schema.add_text_field("ecosystem", name.set_fast("raw")),
            weakness: schema.add_u64_field("weakness", INDEXED),
            source: schema.add_u64_field("source", INDEXED | FAST),
            severity: schema.add_i64_field("severity", FAST),
            published: schema.add_i64_field("published", FAST),
            modified: schema.add_i64_field("modified", FAST),
            year: schema.add_i64_field("year", FAST),
            severest: schema.add_i64_field("severest", FAST),
            exploited: schema.add_u64_field("exploited", INDEXED | FAST),
            withdrawn: schema.add_u64_field("withdrawn", INDEXED),
            speaks: schema.add_u64_field("speaks", INDEXED),
        };
        (schema.build(), fields)
    }

    pub(super) fn document(&self, words: &Words, facts: &Facts) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(self.row, facts.row.unsigned_abs());
        document.add_text(self.title, &words.title);
        for text in std::iter::once(&words.prose).chain(&words.told) {
            document.add_text(self.prose, text);
        }
        for id in &words.ids {
            document.add_text(self.ids, id);
            document.add_text(self.id, id);
        }
        // Whoever looks for a flaw that has no record finds what is about it.
        for id in &words.mentioned {
            document.add_text(self.prose, id);
        }
        for name in &words.names {
            document.add_text(self.names, name);
        }
        for vendor in &words.vendors {
            document.add_text(self.vendor, vendor);
        }
        for (vendor, spelling) in &words.spelled {
            document.add_text(self.spelled, format!("{vendor}{SEPARATOR}{spelling}"));
        }
        for (vendor, product) in &words.products {
            document.add_text(self.product, format!("{vendor}{SEPARATOR}{product}"));
        }
        let named = [
            (self.package, &words.packages),
            (self.ecosystem, &words.ecosystems),
            (self.stated_by, &words.stated_by),
            (self.grade, &words.grades),
            (self.grade, &words.criteria),
        ];
        for (field, names) in named {
            for name in names {
                document.add_text(field, name);
            }
        }
        for name in &words.cpes {
            document.add_text(self.cpe, name);
        }
        for weakness in &words.weaknesses {
            document.add_u64(self.weakness, u64::from(*weakness));
        }
        document.add_u64(self.source, facts.source.unsigned_abs());
        let numbers = [
            (self.severity, facts.severity_tenths),
            (self.published, facts.published),
            (self.modified, facts.modified),
            (self.year, facts.year.map(i64::from)),
            (self.severest, severest(facts)),
        ];
        for (field, number) in numbers {
            if let Some(number) = number {
                document.add_i64(field, number);
            }
        }
        document.add_u64(self.exploited, u64::from(facts.is_exploited));
        document.add_u64(self.withdrawn, u64::from(facts.is_withdrawn));
        document.add_u64(self.speaks, u64::from(facts.speaks));
        document
    }

    pub(super) fn row_term(&self, row: i64) -> Term {
        Term::from_field_u64(self.row, row.unsigned_abs())
    }
}

/// Seconds of the calendar take up fewer bits.
const SECONDS_BITS: u32 = 40;

fn severest(facts: &Facts) -> Option<i64> {
    let seconds = (facts.published.unwrap_or(0) / 1_000_000).clamp(0, (1 << SECONDS_BITS) - 1);
    facts.severity_tenths.map(|tenths| (tenths << SECONDS_BITS) + seconds)
}
