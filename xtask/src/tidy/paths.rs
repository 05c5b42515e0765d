//! Which paths a file names below `crate::`.

use super::source::is_word;

/// One path, as in `crate::ledger::submit`, without `crate`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CratePath<'a> {
    pub(super) at: usize,
    pub(super) parts: Vec<&'a str>,
}

/// Every path below `crate::`, with groups such as `crate::{a, b::{c, d}}` taken apart. The text has
/// neither comments nor strings.
pub(super) fn of_crate(code: &str) -> Vec<CratePath<'_>> {
    const MARK: &str = "crate::";
    let mut found = Vec::new();
    for (at, _) in code.match_indices(MARK) {
        if !code[..at].ends_with(is_word) {
            let mut reader = Reader { code, at: at + MARK.len(), start: at, found: Vec::new() };
            reader.tree(&[]);
            found.append(&mut reader.found);
        }
    }
    found
}

struct Reader<'a> {
    code: &'a str,
    at: usize,
    start: usize,
    found: Vec<CratePath<'a>>,
}

impl<'a> Reader<'a> {
    /// `name`, `name::tree`, `*` or `{tree, tree}`.
    fn tree(&mut self, before: &[&'a str]) {
        self.blanks();
        if self.eat("{") {
            self.group(before);
            return;
        }
        let place = if before.is_empty() && self.is_in_group() { self.at } else { self.start };
        let name = self.word();
        let mut parts = before.to_vec();
        parts.extend(Some(name).filter(|name| !name.is_empty()));
        if !name.is_empty() && self.eat("::") {
            self.tree_at(place, &parts);
        } else if !parts.is_empty() {
            self.found.push(CratePath { at: place, parts });
        }
    }

    fn tree_at(&mut self, place: usize, parts: &[&'a str]) {
        let outer = std::mem::replace(&mut self.start, place);
        self.tree(parts);
        self.start = outer;
    }

    fn group(&mut self, before: &[&'a str]) {
        while self.at < self.code.len() && !self.eat("}") {
            let begun = self.at;
            self.tree(before);
            // ` as name`, `*`, a comma: nothing that names a path.
            let rest = &self.code[self.at..];
            let skipped = rest.find([',', '}']).unwrap_or(rest.len());
            self.at += skipped;
            self.eat(",");
            self.blanks();
            if self.at == begun {
                return;
            }
        }
    }

    fn is_in_group(&self) -> bool {
        self.at > self.start + "crate::".len()
    }

    fn blanks(&mut self) {
        self.at += self.code[self.at..].len() - self.code[self.at..].trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        let is_next = self.code[self.at..].starts_with(token);
        self.at += if is_next { token.len() } else { 0 };
        is_next
    }

    fn word(&mut self) -> &'a str {
        let rest = &self.code[self.at..];
        let word = &rest[..rest.find(|character| !is_word(character)).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: &[&str]) {
        let found: Vec<String> = of_crate(code).iter().map(|path| path.parts.join("::")).collect();
        assert_eq!(found, expected, "in {code}");
    }

    #[test]
    fn paths_and_groups() {
        check("use crate::ledger;", &["ledger"]);
        check("crate::ledger::submit(a, crate::web::page())", &["ledger::submit", "web::page"]);
        check(
            "use crate::{app::App, ledger::{self, Ledger as L}, web::*};",
            &["app::App", "ledger::self", "ledger::Ledger", "web"],
        );
        check("use crate::{\n    a,\n    b::{\n        c::d,\n    },\n};", &["a", "b::c::d"]);
        check("pub(crate) fn a() { my_crate::b() }", &[]);
        check(
            "let x: Vec<crate::people::Person> = f::<crate::cases::Case>();",
            &["people::Person", "cases::Case"],
        );
        check("use crate::{a", &["a"]);
    }

    #[test]
    fn a_path_in_a_group_has_its_own_place() {
        let code = "use crate::{\n    app,\n    cases::open,\n};";
        let places: Vec<&str> = of_crate(code).iter().map(|path| &code[path.at..path.at + 3]).collect();
        assert_eq!(places, ["app", "cas"]);
    }
}
