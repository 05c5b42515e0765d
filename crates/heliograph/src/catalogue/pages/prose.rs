//! Texts of sources: paragraphs, lists, code and links, and nothing else. What OSV and GitHub write is
//! Markdown; the others write plain text, in which a new line is one.

use super::link;
use catalogue::{Source, clip};
use maud::{Markup, html};

/// Letters of a text before the rest is folded away.
const OPEN_CHARS: usize = 1_500;
/// Letters of a text that are shown at all; the document has the rest.
const TEXT_CHARS: usize = 40_000;
/// Bytes of a paragraph of plain text, after which the next line begins another: traces are one long one.
const PARAGRAPH_BYTES: usize = 600;
/// How far behind its beginning a mark must end: a text could begin thousands that never do.
const MARK_BYTES: usize = 500;

/// A text of a source.
pub(super) fn prose(text: &str, source: Source) -> Markup {
    let text = clip(text, TEXT_CHARS).replace("\r\n", "\n").replace('\r', "\n");
    let is_marked = matches!(source, Source::Osv | Source::Ghsa);
    let blocks = blocks(&text, is_marked);
    let mut letters = 0;
    let open = blocks.iter().take_while(|block| {
        let is_open = letters < OPEN_CHARS;
        letters += block.1.chars().count();
        is_open
    });
    let (open, folded) = blocks.split_at(open.count());
    html! {
        div.prose { (all(open, is_marked)) }
        @if !folded.is_empty() { details { summary { "The rest of this text" } div.prose { (all(folded, is_marked)) } } }
    }
}

/// A headline: only what it marks as code is shown as such.
pub(super) fn headline(text: &str) -> Markup {
    let whole = text.matches('`').count().is_multiple_of(2);
    html! {
        @if !whole { (text) } @else {
            @for (at, part) in text.split('`').enumerate() {
                @if at % 2 == 1 { code { (part) } } @else { (part) }
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Head,
    Item,
    Code,
}

#[derive(Debug, PartialEq, Eq)]
struct Block(Kind, String);

fn blocks(text: &str, is_marked: bool) -> Vec<Block> {
    let (mut all, mut is_code, mut is_open): (Vec<Block>, bool, bool) = (Vec::new(), false, false);
    for line in text.lines() {
        let bare = line.trim();
        if is_marked && (bare.starts_with("```") || bare.starts_with("~~~")) {
            is_code = !is_code;
            is_open = false;
            if is_code {
                all.push(Block(Kind::Code, String::new()));
            }
            continue;
        }
        if is_code {
            let code = all.last_mut().map(|block| &mut block.1);
            code.into_iter().for_each(|code| code.extend([line, "\n"]));
            continue;
        }
        if bare.is_empty() {
            is_open = false;
            continue;
        }
        let (kind, words) = if is_marked { kind_of(bare) } else { (Kind::Text, line.trim_end()) };
        match all.last_mut().filter(|_| is_open && kind == Kind::Text) {
            Some(block) => block.1.extend([if is_marked { " " } else { "\n" }, words]),
            None => all.push(Block(kind, words.trim_start().to_owned())),
        }
        let is_long = !is_marked && all.last().is_some_and(|block| block.1.len() > PARAGRAPH_BYTES);
        is_open = kind != Kind::Head && !is_long;
    }
    all
}

/// What a line of Markdown is, and its words.
fn kind_of(line: &str) -> (Kind, &str) {
    let head = line.trim_start_matches('#');
    if head.len() < line.len() && head.starts_with(' ') {
        return (Kind::Head, head.trim());
    }
    let item = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark));
    let numbered = line.split_once(". ").filter(|(number, _)| {
        (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    match item.or(numbered.map(|(_, words)| words)) {
        Some(words) => (Kind::Item, words.trim()),
        None => (Kind::Text, line),
    }
}

fn all(blocks: &[Block], is_marked: bool) -> Markup {
    let groups = blocks.chunk_by(|one, other| one.0 == Kind::Item && other.0 == Kind::Item);
    html! {
        @for group in groups {
            @match group {
                [Block(Kind::Item, _), ..] => ul { @for Block(_, words) in group { li { (inline(words, is_marked)) } } },
                [Block(Kind::Head, words), ..] => p { b { (inline(words, is_marked)) } },
                [Block(Kind::Code, words), ..] => pre.code { (words) },
                [Block(Kind::Text, words), ..] => p.text { (inline(words, is_marked)) },
                [] => {}
            }
        }
    }
}

/// A part of a line.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Plain(&'a str),
    Code(&'a str),
    Bold(&'a str),
    /// Words, and the address that they lead to.
    Link(&'a str, &'a str),
}

/// One line with its code, its weight and its links.
pub(super) fn inline(text: &str, is_marked: bool) -> Markup {
    html! {
        @for part in parts(text, is_marked) {
            @match part {
                Part::Plain(words) => (words),
                Part::Code(words) => code { (words) },
                Part::Bold(words) => b { (words) },
                Part::Link(words, url) => (link(url, words)),
            }
        }
    }
}

fn parts(text: &str, is_marked: bool) -> Vec<Part<'_>> {
    let (mut all, mut plain, mut at) = (Vec::new(), 0, 0);
    while let Some(letter) = text[at..].chars().next() {
        match marked(&text[at..], is_marked) {
            Some((part, length)) => {
                if plain < at {
                    all.push(Part::Plain(&text[plain..at]));
                }
                all.push(part);
                at += length;
                plain = at;
            }
            None => at += letter.len_utf8(),
        }
    }
    if plain < at {
        all.push(Part::Plain(&text[plain..]));
    }
    all
}

/// What begins here, if anything does, and how many bytes it takes.
fn marked(rest: &str, is_marked: bool) -> Option<(Part<'_>, usize)> {
    if rest.starts_with("https://") || rest.starts_with("http://") {
        let ends = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '<' | '>' | ')' | '`');
        let url =
            rest[..rest.find(ends).unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '!', '?']);
        return Some((Part::Link(url, url), url.len()));
    }
    if !is_marked {
        return None;
    }
    let near = &rest[..rest.floor_char_boundary(MARK_BYTES)];
    let within = |mark: &str| {
        let words = near.strip_prefix(mark)?;
        words.split_once(mark).map(|(words, _)| words).filter(|words| !words.trim().is_empty())
    };
    if let Some(words) = within("`") {
        return Some((Part::Code(words), words.len() + 2));
    }
    if let Some(words) = within("**") {
        return Some((Part::Bold(words), words.len() + 4));
    }
    let (words, after) = near.strip_prefix('[')?.split_once("](")?;
    let (url, _) = after.split_once(')')?;
    let is_plain = !words.contains(['[', ']']) && !url.contains(char::is_whitespace);
    is_plain.then_some((Part::Link(words, url), words.len() + url.len() + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, String)> {
        blocks(text, true).into_iter().map(|Block(kind, words)| (kind, words)).collect()
    }

    #[test]
    fn markdown_becomes_paragraphs_lists_and_code() {
        let text = "# Impact\nwrapped\nline\n\n- one\n  goes on\n- two\n\n```rust\nlet a = 1;\n\nlet b;\n```\n1. first";
        let expected = [
            (Kind::Head, "Impact"),
            (Kind::Text, "wrapped line"),
            (Kind::Item, "one goes on"),
            (Kind::Item, "two"),
            (Kind::Code, "let a = 1;\n\nlet b;\n"),
            (Kind::Item, "first"),
        ];
        assert_eq!(kinds(text), expected.map(|(kind, words)| (kind, words.to_owned())));
        let plain = prose("one\ntwo\n\n- three", Source::Cve).into_string();
        let trace = prose(&"[1.0] Oops\r\n".repeat(400), Source::Cve).into_string();
        assert!(trace.contains("The rest of this text") && !trace.contains('\r'), "{trace}");
        assert!(plain.contains(">one\ntwo</p>") && plain.contains(">- three</p>"), "{plain}");
    }

    #[test]
    fn code_weight_and_links_are_shown_and_the_rest_is_left_as_it_is() {
        let text = "`a<b` **b** [c](https://c.example/x) see https://d.example/y. 2 ** 3 `open [e](x y)";
        let expected = [
            Part::Code("a<b"),
            Part::Plain(" "),
            Part::Bold("b"),
            Part::Plain(" "),
            Part::Link("c", "https://c.example/x"),
            Part::Plain(" see "),
            Part::Link("https://d.example/y", "https://d.example/y"),
            Part::Plain(". 2 ** 3 `open [e](x y)"),
        ];
        assert_eq!(parts(text, true), expected);
        assert_eq!(parts("`a` 漢字", false), [Part::Plain("`a` 漢字")]);
        assert_eq!(headline("`arone` was <removed>").into_string(), "<code>arone</code> was &lt;removed&gt;");
        assert_eq!(headline("5` long").into_string(), "5` long");
    }

    #[test]
    fn nothing_of_a_text_becomes_markup_or_a_dangerous_link() {
        let shown =
            prose("<b>x</b> [c](javascript:alert(1)) `<i>`\n```\n<script>", Source::Osv).into_string();
        assert!(!shown.contains("<script") && !shown.contains("<b>x") && !shown.contains("<i>"), "{shown}");
        assert!(!shown.contains("href"), "{shown}");
    }

    #[test]
    fn marks_that_never_end_cost_little() {
        let began = std::time::Instant::now();
        for text in ["[".repeat(TEXT_CHARS), "`a**[".repeat(TEXT_CHARS / 5), "漢".repeat(TEXT_CHARS)] {
            assert!(!prose(&text, Source::Ghsa).into_string().is_empty());
        }
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
        let long = prose(&"a b\n\n".repeat(2_000), Source::Osv).into_string();
        assert!(long.contains("The rest of this text"));
    }
}
