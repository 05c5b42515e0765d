//! What people with an account want to hear of: a saved search, which is public and has a feed of its own,
//! or a bill of materials, which is sealed and looked at again whenever the catalogue has changed.

mod rules;
mod store;

pub(crate) mod api;
pub(crate) mod pages;

#[cfg(test)]
mod tests;

pub(crate) use store::look_again;
