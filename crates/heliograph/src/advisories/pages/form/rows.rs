//! Products as rows of a form: one row for each span of versions, with what to do about them.

use super::words::{self, CATEGORIES, STATUSES};
use crate::refusal::Refusal;
use crate::web::Fields;
use formats::advisory::{Package, Product, Remediation, Versions, Which};

/// Rows of one kind in one form, at most.
pub(super) const ROWS_MAX: usize = 300;

/// Characters in one cell, at most.
const CELL_MAX: usize = 10_000;

/// One row, cell by cell, as the form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) vendor: String,
    pub(super) product: String,
    pub(super) which: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) status: String,
    pub(super) version_type: String,
    pub(super) ecosystem: String,
    pub(super) package: String,
    pub(super) purl: String,
    pub(super) remedy: String,
    pub(super) details: String,
    pub(super) url: String,
    pub(super) statement: String,
}

/// The cells of a column.
pub(super) fn column(fields: &Fields, name: &'static str) -> Result<Vec<String>, Refusal> {
    let cells = fields.all(name);
    if cells.len() > ROWS_MAX {
        return Err(Refusal::TooLarge(format!("At most {ROWS_MAX} rows, please.").into()));
    }
    if cells.iter().any(|cell| cell.chars().count() > CELL_MAX) {
        return Err(Refusal::invalid(name, format!("At most {CELL_MAX} characters, please.")));
    }
    Ok(cells.iter().map(|cell| cell.trim().replace("\r\n", "\n")).collect())
}

pub(super) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// The rows that were sent.
fn rows(fields: &Fields) -> Result<Vec<Row>, Refusal> {
    const NAMES: [&str; 14] = [
        "vendor",
        "product",
        "which",
        "from",
        "to",
        "status",
        "version_type",
        "ecosystem",
        "package",
        "purl",
        "remedy",
        "details",
        "url",
        "statement",
    ];
    let mut columns = Vec::new();
    for name in NAMES {
        columns.push(column(fields, name)?.into_iter());
    }
    let count = columns.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
    let mut rows = Vec::new();
    for _ in 0..count {
        let mut cells = columns.iter_mut().map(|column| column.next().unwrap_or_default());
        let mut next = || cells.next().unwrap_or_default();
        // In the order of the names above.
        rows.push(Row {
            vendor: next(),
            product: next(),
            which: next(),
            from: next(),
            to: next(),
            status: next(),
            version_type: next(),
            ecosystem: next(),
            package: next(),
            purl: next(),
            remedy: next(),
            details: next(),
            url: next(),
            statement: next(),
        });
    }
    Ok(rows)
}

/// The products that were sent. A row with the names of the row above it, or with none, says more
/// about the same product.
pub(super) fn read(fields: &Fields) -> Result<Vec<Product>, Refusal> {
    let mut products: Vec<Product> = Vec::new();
    for row in rows(fields)? {
        if row.is_empty() {
            continue;
        }
        let same = products.last().is_some_and(|last| row.is_about(last));
        if !same && row.vendor.is_empty() && row.product.is_empty() {
            return Err(Refusal::invalid(
                "product",
                "Name the product that this row is about, and its vendor.",
            ));
        }
        if !same {
            products.push(row.begun());
        }
        if let Some(product) = products.last_mut() {
            row.add_to(product)?;
        }
    }
    Ok(products)
}

/// The rows that show products.
pub(super) fn of(products: &[Product]) -> Vec<Row> {
    products.iter().flat_map(of_one).collect()
}

fn of_one(product: &Product) -> Vec<Row> {
    let count = product.versions.len().max(product.remediations.len()).max(1);
    let package = product.package.as_ref();
    let text = |field: fn(&Package) -> &str| package.map_or("", field).to_owned();
    let row = |at: usize| {
        let mut row = Row {
            vendor: product.vendor.clone(),
            product: product.product.clone(),
            which: "none".into(),
            ecosystem: text(|package| &package.ecosystem),
            package: text(|package| &package.name),
            purl: text(|package| package.purl.as_deref().unwrap_or_default()),
            ..Row::default()
        };
        if let Some(versions) = product.versions.get(at) {
            row.show(versions);
        }
        if let Some(remedy) = product.remediations.get(at) {
            row.remedy = words::name(CATEGORIES, remedy.category).into();
            row.details.clone_from(&remedy.details);
            row.url = remedy.url.clone().unwrap_or_default();
        }
        if at == 0 {
            row.statement = product.statement.clone().unwrap_or_default();
        }
        row
    };
    (0..count).map(row).collect()
}

impl Row {
    /// Whether nothing was typed; choices have a value in every row.
    fn is_empty(&self) -> bool {
        let typed = [
            &self.vendor,
            &self.product,
            &self.from,
            &self.to,
            &self.version_type,
            &self.ecosystem,
            &self.package,
            &self.purl,
            &self.details,
            &self.url,
            &self.statement,
        ];
        typed.iter().all(|cell| cell.is_empty())
    }

    fn package(&self) -> Option<Package> {
        let given = [&self.ecosystem, &self.package, &self.purl].iter().any(|cell| !cell.is_empty());
        given.then(|| Package {
            ecosystem: self.ecosystem.clone(),
            name: self.package.clone(),
            purl: some(&self.purl),
        })
    }

    fn is_about(&self, product: &Product) -> bool {
        if self.vendor.is_empty() && self.product.is_empty() && self.package().is_none() {
            return true;
        }
        self.vendor == product.vendor && self.product == product.product && self.package() == product.package
    }

    fn begun(&self) -> Product {
        Product {
            vendor: self.vendor.clone(),
            product: self.product.clone(),
            package: self.package(),
            versions: Vec::new(),
            remediations: Vec::new(),
            statement: None,
        }
    }

    fn add_to(&self, product: &mut Product) -> Result<(), Refusal> {
        if let Some(which) = self.which()? {
            let status = words::value(STATUSES, &self.status);
            let status = status.ok_or_else(|| Refusal::invalid("status", "Choose one of the states."))?;
            product.versions.push(Versions { which, status, version_type: some(&self.version_type) });
        }
        if !self.remedy.is_empty() || !self.details.is_empty() || !self.url.is_empty() {
            let category = words::value(CATEGORIES, &self.remedy);
            let category = category.ok_or_else(|| {
                Refusal::invalid("remedy", "Choose what kind of remedy it is that you describe.")
            })?;
            let (details, url) = (self.details.clone(), some(&self.url));
            product.remediations.push(Remediation { category, details, url });
        }
        if let Some(more) = some(&self.statement) {
            product.statement = Some(match product.statement.take() {
                Some(before) => format!("{before}\n\n{more}"),
                None => more,
            });
        }
        Ok(())
    }

    fn which(&self) -> Result<Option<Which>, Refusal> {
        let (from, to) = (some(&self.from), some(&self.to));
        Ok(Some(match (self.which.as_str(), from, to) {
            ("none" | "", None, None) => return Ok(None),
            ("all", None, None) => Which::All,
            ("exact", Some(version), None) => Which::Exact(version),
            ("from", Some(version), None) => Which::From(version),
            ("before", introduced, Some(fixed)) => Which::Before { introduced, fixed },
            ("up_to", introduced, Some(last_affected)) => Which::UpTo { introduced, last_affected },
            ("before" | "up_to", _, None) => {
                return Err(Refusal::invalid("to", "This span needs the version where it ends."));
            }
            ("exact" | "from", None, _) => {
                return Err(Refusal::invalid("from", "This span needs the version where it begins."));
            }
            ("exact" | "from", Some(_), Some(_)) => {
                return Err(Refusal::invalid("to", "This span has no end; leave the second version empty."));
            }
            ("all" | "none" | "", _, _) => {
                return Err(Refusal::invalid(
                    "which",
                    "Versions are given, but the span does not use them. Choose which versions are meant.",
                ));
            }
            _ => return Err(Refusal::invalid("which", "Choose which versions are meant.")),
        }))
    }

    fn show(&mut self, versions: &Versions) {
        let (which, from, to) = match &versions.which {
            Which::All => ("all", None, None),
            Which::Exact(version) => ("exact", Some(version), None),
            Which::From(version) => ("from", Some(version), None),
            Which::Before { introduced, fixed } => ("before", introduced.as_ref(), Some(fixed)),
            Which::UpTo { introduced, last_affected } => ("up_to", introduced.as_ref(), Some(last_affected)),
        };
        self.which = which.into();
        self.from = from.cloned().unwrap_or_default();
        self.to = to.cloned().unwrap_or_default();
        self.status = words::name(STATUSES, versions.status).into();
        self.version_type = versions.version_type.clone().unwrap_or_default();
    }
}
