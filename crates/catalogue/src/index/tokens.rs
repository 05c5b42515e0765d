//! Text taken apart into what can be looked up: words without case and accents; of Chinese, Japanese
//! and Korean, which write no blanks, each two neighbouring characters.

use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RawTokenizer, TextAnalyzer, Token, TokenStream, Tokenizer,
};

/// The name under which the index knows it. Raised whenever texts are taken apart in another way.
pub(super) const NAME: &str = "words-1";

/// Bytes of a word that are looked at: longer ones are keys and dumps.
const WORD_BYTES: usize = 120;

pub(super) fn analyzer() -> TextAnalyzer {
    let folding =
        TextAnalyzer::builder(RawTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter);
    TextAnalyzer::from(Words { token: Token::default(), folding: folding.build() })
}

/// What has to be looked up for a text: its words with their positions.
pub(super) fn words(text: &str) -> Vec<(usize, String)> {
    let mut analyzer = analyzer();
    let mut stream = analyzer.token_stream(text);
    let mut words = Vec::new();
    while let Some(token) = stream.next() {
        words.push((token.position, token.text.clone()));
    }
    words
}

/// Other spellings of a word: German umlauts and what is written where a keyboard has none.
pub(super) fn spellings(word: &str) -> Vec<String> {
    const PAIRS: [(&str, &str, char); 3] = [("ae", "a", 'ä'), ("oe", "o", 'ö'), ("ue", "u", 'ü')];
    let lower = word.to_lowercase();
    let mut plain = lower.clone();
    let mut spelled = lower.clone();
    for (long, short, umlaut) in PAIRS {
        plain = plain.replace(long, short);
        spelled = spelled.replace(umlaut, long);
    }
    let mut found: Vec<String> = Vec::new();
    for other in [plain, spelled].into_iter().filter(|other| *other != lower) {
        found.extend(words(&other).into_iter().map(|(_, word)| word));
    }
    found
}

#[derive(Clone)]
struct Words {
    token: Token,
    /// Takes case and accents from a word. Most words are plain ASCII and do without.
    folding: TextAnalyzer,
}

struct Stream<'a> {
    text: &'a str,
    rest: usize,
    /// The character before was taken as the second of a pair.
    in_run: bool,
    token: &'a mut Token,
    folding: &'a mut TextAnalyzer,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        self.token.reset();
        Stream { text, rest: 0, in_run: false, token: &mut self.token, folding: &mut self.folding }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        while let Some(letter) = self.letter() {
            let from = self.rest;
            self.rest += letter.len_utf8();
            let is_paired = has_no_blanks(letter);
            let next = self.letter().filter(|next| is_paired && has_no_blanks(*next));
            let to = match (is_paired, next) {
                (true, Some(next)) => self.rest + next.len_utf8(),
                // The last of a run stands in the pair before.
                (true, None) if self.in_run => {
                    self.in_run = false;
                    continue;
                }
                (true, None) => self.rest,
                (false, _) if letter.is_alphanumeric() => {
                    self.in_run = false;
                    self.rest = self.word_end();
                    self.rest
                }
                (false, _) => {
                    self.in_run = false;
                    continue;
                }
            };
            self.in_run = next.is_some();
            self.take(from, to);
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

impl Stream<'_> {
    /// What comes next.
    fn letter(&self) -> Option<char> {
        self.text[self.rest..].chars().next()
    }

    fn word_end(&self) -> usize {
        let rest = &self.text.as_bytes()[self.rest..];
        let plain = rest.iter().position(|byte| !byte.is_ascii_alphanumeric());
        match plain {
            None => return self.text.len(),
            Some(at) if rest[at].is_ascii() => return self.rest + at,
            Some(_) => {}
        }
        let ends = |letter: char| !letter.is_alphanumeric() || has_no_blanks(letter);
        self.text[self.rest..].find(ends).map_or(self.text.len(), |length| self.rest + length)
    }

    fn take(&mut self, from: usize, to: usize) {
        let word = &self.text[from..to];
        let end = (0..=word.len().min(WORD_BYTES)).rev().find(|end| word.is_char_boundary(*end)).unwrap_or(0);
        self.token.text.clear();
        let word = &word[..end];
        if word.is_ascii() {
            self.token.text.push_str(word);
            self.token.text.make_ascii_lowercase();
        } else {
            let mut folded = self.folding.token_stream(word);
            folded.process(&mut |token| self.token.text.push_str(&token.text));
        }
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = from;
        self.token.offset_to = to;
    }
}

/// Scripts that write words without blanks between them.
pub(super) fn has_no_blanks(letter: char) -> bool {
    matches!(letter,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn words_lose_case_and_accents() {
        assert_eq!(
            texts("Pufferüberlauf in libXML2 (CVE-2024-1)"),
            ["pufferuberlauf", "in", "libxml2", "cve", "2024", "1"]
        );
        assert_eq!(texts("straße Ærø"), ["strasse", "aero"]);
        assert_eq!(texts(" -- ; \u{0} "), [""; 0]);
    }

    #[test]
    fn chinese_is_looked_up_by_neighbouring_characters() {
        assert_eq!(texts("远程代码执行"), ["远程", "程代", "代码", "码执", "执行"]);
        assert_eq!(texts("洞"), ["洞"]);
        assert_eq!(
            texts("OpenSSL漏洞, Apache の脆弱性"),
            ["openssl", "漏洞", "apache", "の脆", "脆弱", "弱性"]
        );
    }

    #[test]
    fn german_words_are_found_with_and_without_umlauts() {
        assert_eq!(spellings("Pufferueberlauf"), ["pufferuberlauf"]);
        assert_eq!(spellings("Überlauf"), ["ueberlauf"]);
        assert_eq!(spellings("kernel"), [""; 0]);
    }

    #[test]
    fn a_word_of_any_length_is_cut_between_characters() {
        assert_eq!(texts(&"ä".repeat(1_000)).len(), 1);
        assert!(texts(&"x".repeat(1_000))[0].len() <= WORD_BYTES);
    }
}
