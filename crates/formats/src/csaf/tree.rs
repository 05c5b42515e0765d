//! The product tree, flattened: a product id, and what the branches above it say about it.

use super::model::{Branch, FullName, Tree};
use crate::limits::TREE_BYTES;
use crate::record::Affected;
use crate::sbom::is_bom_link;
use std::collections::HashMap;

/// What a product id stands for.
#[derive(Clone, Default)]
pub(super) struct Product {
    /// Vendor, product, CPE and purl; no versions yet.
    pub row: Affected,
    /// The version branch above it.
    pub version: String,
    /// `vers` or `vls` if that branch is a range.
    pub range: Option<&'static str>,
    /// Links to it in bills of materials (BOM-Link).
    pub links: Vec<String>,
    /// It is meant within or together with another, or only some of its kind are: its own name and version mean more.
    pub is_narrower: bool,
    /// What it is called by is a family, which has other products.
    pub is_family: bool,
}

/// All products by id. The door has limited the depth, so this may recurse.
///
/// None if the products, written out, come to more than [`TREE_BYTES`].
pub(super) fn products(tree: Tree) -> Option<HashMap<String, Product>> {
    let mut flat = Flat { products: HashMap::new(), bytes_left: TREE_BYTES };
    for branch in tree.branches {
        flat.walk(branch, &Product::default())?;
    }
    for name in tree.full_product_names {
        flat.add(Product::default(), name)?;
    }
    for relationship in tree.relationships {
        if let Some(name) = relationship.full_product_name {
            // A component in another product: what we look for is the component.
            let component = flat.products.get(&relationship.product_reference).cloned();
            flat.add(Product { is_narrower: true, ..component.unwrap_or_default() }, name)?;
        }
    }
    Some(flat.products)
}

struct Flat {
    products: HashMap<String, Product>,
    bytes_left: usize,
}

impl Flat {
    fn walk(&mut self, branch: Branch, above: &Product) -> Option<()> {
        let (here, product, branches) = below(branch, above);
        self.pay(&here)?;
        if let Some(name) = product {
            self.add(here.clone(), name)?;
        }
        branches.into_iter().try_for_each(|branch| self.walk(branch, &here))
    }

    fn add(&mut self, product: Product, name: FullName) -> Option<()> {
        let product = named(product, &name);
        self.pay(&product)?;
        self.products.insert(name.product_id, product);
        Some(())
    }

    fn pay(&mut self, product: &Product) -> Option<()> {
        let row = &product.row;
        let names = [&row.vendor, &row.product, &row.purl].into_iter().flatten();
        let texts =
            names.chain(&row.cpes).chain(&row.platforms).chain([&product.version]).chain(&product.links);
        self.bytes_left = texts.map(|text| text.len() + 1).try_fold(self.bytes_left, usize::checked_sub)?;
        Some(())
    }
}

/// What is known one branch further down, and what hangs there.
fn below(branch: Branch, above: &Product) -> (Product, Option<FullName>, Vec<Branch>) {
    let mut here = above.clone();
    match branch.category.as_str() {
        "vendor" => here.row.vendor = Some(branch.name),
        "product_name" => (here.row.product, here.is_family) = (Some(branch.name), false),
        "product_family" if here.row.product.is_none() => {
            (here.row.product, here.is_family) = (Some(branch.name), true);
        }
        "product_family" => {}
        "product_version" => here.version = branch.name,
        "product_version_range" => {
            here.range = Some(if branch.name.starts_with("vers:") { "vers" } else { "vls" });
            here.version = branch.name;
        }
        "architecture" | "host_name" => here.row.platforms.push(branch.name),
        "service_pack" | "patch_level" if !branch.name.is_empty() => {
            here.version = format!("{} {}", here.version, branch.name).trim_start().to_owned();
        }
        _ => here.is_narrower = true,
    }
    (here, branch.product, branch.branches)
}

/// With what the full product name adds. It names the product where no branch does.
fn named(mut product: Product, name: &FullName) -> Product {
    if product.row.product.is_none() && !name.name.is_empty() {
        product.row.product = Some(name.name.clone());
    }
    if let Some(helper) = &name.product_identification_helper {
        product.row.cpes.extend(helper.cpe.clone());
        product.row.purl = helper.purl.clone().or_else(|| helper.purls.first().cloned()).or(product.row.purl);
        product.is_narrower |= helper.is_narrower();
        let links = helper.uris.iter().map(|uri| &uri.uri).filter(|uri| is_bom_link(uri));
        product.links.extend(links.cloned());
    }
    product
}
