//! The product tree as we write it: vendor, product, version, one product id for each version.

use super::range;
use super::written::Statuses;
use crate::advisory::{Advisory, Product, Versions, Which};
use crate::record::Status;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Tree<'a> {
    branches: Vec<Branch<'a, Branch<'a, Leaf>>>,
}

/// A vendor or a product, with what is below.
#[derive(Serialize)]
struct Branch<'a, Below> {
    branches: Vec<Below>,
    category: &'static str,
    name: &'a str,
}

/// A version.
#[derive(Serialize)]
struct Leaf {
    category: &'static str,
    name: String,
    product: FullName,
}

#[derive(Serialize)]
struct FullName {
    name: String,
    product_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_identification_helper: Option<Helper>,
}

#[derive(Serialize)]
struct Helper {
    purl: String,
}

/// An entry of the advisory and the product id that it has in the document.
pub(super) struct Numbered<'a> {
    pub product: &'a Product,
    pub versions: &'a Versions,
    pub id: String,
}

/// Every product and version once, numbered in the order of the advisory.
pub(super) fn numbered(advisory: &Advisory) -> Vec<Numbered<'_>> {
    let mut numbered: Vec<Numbered<'_>> = Vec::new();
    for product in &advisory.products {
        for versions in &product.versions {
            let id = format!("CSAFPID-{:04}", numbered.len() + 1);
            if !numbered.iter().any(|known| is_same(known, product, versions)) {
                numbered.push(Numbered { product, versions, id });
            }
        }
    }
    numbered
}

pub(super) fn is_same(known: &Numbered<'_>, product: &Product, versions: &Versions) -> bool {
    known.versions.which == versions.which
        && known.product.vendor == product.vendor
        && known.product.product == product.product
        && known.product.package == product.package
}

/// Branches of one name are one branch.
pub(super) fn tree<'a>(products: &[Numbered<'a>]) -> Tree<'a> {
    let mut tree = Tree { branches: Vec::new() };
    for numbered in products {
        let Product { vendor, product, .. } = numbered.product;
        let vendor = find_or_add(&mut tree.branches, "vendor", vendor);
        let product = find_or_add(&mut vendor.branches, "product_name", product);
        product.branches.push(leaf(numbered));
    }
    tree
}

fn find_or_add<'a, 't, Below>(
    branches: &'t mut Vec<Branch<'a, Below>>,
    category: &'static str,
    name: &'a str,
) -> &'t mut Branch<'a, Below> {
    let at = branches.iter().position(|branch| branch.name == name).unwrap_or(branches.len());
    if at == branches.len() {
        branches.push(Branch { branches: Vec::new(), category, name });
    }
    &mut branches[at]
}

fn leaf(numbered: &Numbered<'_>) -> Leaf {
    let Numbered { product, versions, id } = numbered;
    let (category, name) = range::branch(product, versions);
    let purl = product.package.as_ref().and_then(|package| package.purl.as_ref());
    Leaf {
        category,
        name,
        product: FullName {
            name: format!("{} {} {}", product.vendor, product.product, range::words(versions)),
            product_id: id.clone(),
            product_identification_helper: purl.map(|purl| Helper {
                purl: match &versions.which {
                    Which::Exact(version) => format!("{purl}@{}", range::encoded(version)),
                    _ => purl.clone(),
                },
            }),
        },
    }
}

/// Product ids by status. CSAF 2.0 has no "unknown"; what it has for "we cannot say yet" is
/// `under_investigation`.
pub(super) fn statuses(products: &[Numbered<'_>]) -> Statuses {
    let mut statuses = Statuses::default();
    for Numbered { versions, id, .. } in products {
        let list = match versions.status {
            Status::Affected => &mut statuses.known_affected,
            Status::NotAffected => &mut statuses.known_not_affected,
            Status::Fixed => &mut statuses.fixed,
            Status::UnderInvestigation | Status::Unknown => &mut statuses.under_investigation,
        };
        list.push(id.clone());
    }
    statuses
}
