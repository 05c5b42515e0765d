//! The files that the rules read, and Rust text without its comments and strings.

use std::path::Path;

/// Never ours, or made by a build or by fuzzing.
const FOLDERS_PASSED_OVER: &[&str] = &["target", ".git", "node_modules", "corpus", "artifacts"];

#[derive(Debug)]
pub(super) struct Source {
    /// From the workspace's root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
    /// For Rust: `text` with comments and the insides of strings as blanks, so that a rule about
    /// code does not stumble over prose. Same length, same lines. Empty for other files.
    pub(super) code: String,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Source {
        let code = if path.ends_with(".rs") { without_prose(text) } else { String::new() };
        Source { path: path.to_owned(), text: text.to_owned(), code }
    }

    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The code without the test module at the foot of the file; nothing if all of it is tests.
    pub(super) fn production(&self) -> &str {
        if self.is_test() {
            return "";
        }
        const MARK: &str = "#[cfg(test)]";
        let foot = self.code.match_indices(MARK).find(|(at, _)| {
            let after = self.code[at + MARK.len()..].trim_start();
            after.starts_with("mod ") && after.find('{') < after.find(';').or(Some(usize::MAX))
        });
        foot.map_or(&self.code, |(at, _)| &self.code[..at])
    }

    /// A file that only tests compile.
    pub(super) fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

/// Every text file below `root`.
pub(super) fn load(root: &Path) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            let name = entry.file_name();
            if FOLDERS_PASSED_OVER.iter().any(|folder| name == *folder) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let relative = path.strip_prefix(root)?;
                sources.push(Source::new(&relative.to_string_lossy().replace('\\', "/"), &text));
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

/// The number of the line in which a byte stands, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Where `word` stands on its own, not inside a longer word.
pub(super) fn find_words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let starts_inside = word.starts_with(is_word);
    let ends_inside = word.ends_with(is_word);
    text.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = text[..at].chars().next_back().is_some_and(is_word);
        let after = text[at + word.len()..].chars().next().is_some_and(is_word);
        !(starts_inside && before || ends_inside && after)
    })
}

pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn without_prose(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let inside_word = code.ends_with(is_word);
        let length = prose_length(rest, inside_word);
        if length == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            blank(&rest[..length], &mut code);
            rest = &rest[length..];
        }
    }
    code
}

/// One blank for each byte, so that places stay the same; line ends stay line ends.
fn blank(prose: &str, code: &mut String) {
    code.extend(prose.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
}

/// How many bytes of comment, string or character literal `rest` begins with.
fn prose_length(rest: &str, inside_word: bool) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return comment_length(rest);
    }
    if rest.starts_with('"') {
        return string_length(rest);
    }
    if rest.starts_with('\'') {
        return character_length(rest);
    }
    if !inside_word && rest.starts_with(['r', 'b', 'c']) {
        return raw_string_length(rest);
    }
    0
}

/// Rust's block comments nest.
fn comment_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn string_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `'a'`, `'\n'`, `'\u{1b}'`; but not the lifetime `'a`.
fn character_length(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    let (Some((_, first)), Some((second_at, second))) = (characters.next(), characters.next()) else {
        return 0;
    };
    if first == '\\' {
        let after_escaped = second_at + second.len_utf8();
        return rest[after_escaped..].find('\'').map_or(0, |at| after_escaped + at + 1);
    }
    if second == '\'' { second_at + 1 } else { 0 }
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br##"…"##`, `c"…"`; zero for a word that only begins with these letters.
fn raw_string_length(rest: &str) -> usize {
    let prefix = rest.bytes().take_while(|byte| b"rbc".contains(byte)).count().min(2);
    let hashes = rest[prefix..].bytes().take_while(|byte| *byte == b'#').count();
    let opening = prefix + hashes;
    if !rest[opening..].starts_with('"') {
        return 0;
    }
    if !rest[..prefix].contains('r') {
        return if hashes == 0 { opening + string_length(&rest[opening..]) } else { 0 };
    }
    let end = format!("\"{}", "#".repeat(hashes));
    rest[opening + 1..].find(&end).map_or(rest.len(), |at| opening + 1 + at + end.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let code = without_prose(text);
        assert_eq!(code.len(), text.len());
        let words = code.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words, expected, "in {text:?}");
    }

    #[test]
    fn comments_and_strings_are_blank() {
        check("let a = 1; // async", "let a = 1;");
        check("/* a /* b */ async */ let a;", "let a;");
        check(r#"f("as\"ync", x)"#, "f( , x)");
        check("f(r#\"a \" async\"#, x)", "f( , x)");
        check("f(br\"\\\", b\"x\", x)", "f( , , x)");
        check("let c = '\"'; async", "let c = ; async");
        check(r"let c = '\''; async", "let c = ; async");
        check(r"let c = '\u{1b}'; async", "let c = ; async");
        check("fn f<'a>(b: &'a str) { bar }", "fn f<'a>(b: &'a str) { bar }");
        check("let größe = \"ü\"; async", "let größe = ; async");
    }

    #[test]
    fn lines_stay_where_they_are() {
        let source = Source::new("a.rs", "/* one\ntwo */\nlet x = \"a\nb\";\nasync");
        let at = source.code.find("async").unwrap();
        assert_eq!(line_of(&source.code, at), 5);
    }

    #[test]
    fn the_test_module_at_the_foot_is_not_production() {
        let source =
            Source::new("a/rules.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    async fn b() {}\n}\n");
        assert_eq!(source.production(), "fn a() {}\n");
        let declared = Source::new("a/mod.rs", "#[cfg(test)]\nmod tests;\nfn a() { }\n");
        assert!(declared.production().contains("fn a"));
        assert_eq!(Source::new("reports/tests.rs", "fn a() {}").production(), "");
    }

    #[test]
    fn words_are_whole() {
        let found = |text, word| find_words(text, word).count();
        assert_eq!(found("async fn a", "async"), 1);
        assert_eq!(found("asynchronous fn a_async", "async"), 0);
        assert_eq!(found("x.await; y.awaited", ".await"), 1);
        assert_eq!(found("crate::storage::Tx", "storage::"), 1);
        assert_eq!(found("cold_storage::Tx", "storage::"), 0);
    }

    #[test]
    fn every_text_file_is_loaded_and_builds_are_not() {
        let root = crate::guard::folder("load", None).unwrap();
        std::fs::create_dir_all(root.join("target/debug")).unwrap();
        std::fs::create_dir_all(root.join("crates/cvd")).unwrap();
        std::fs::write(root.join("target/debug/a.rs"), "").unwrap();
        std::fs::write(root.join("crates/cvd/b.rs"), "fn b() {}").unwrap();
        std::fs::write(root.join("picture.png"), [0x89, 0xff]).unwrap();
        let paths: Vec<_> = load(&root).unwrap().into_iter().map(|source| source.path).collect();
        assert_eq!(paths, ["crates/cvd/b.rs"]);
        std::fs::remove_dir_all(root).unwrap();
    }
}
