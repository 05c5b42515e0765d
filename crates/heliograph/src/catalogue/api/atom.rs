//! Feeds (Atom, RFC 4287).

use jiff::Timestamp;
use std::fmt::Write;

/// A feed.
pub(crate) struct Feed {
    pub(crate) title: String,
    /// Where people find the same.
    pub(crate) place: String,
    /// Its own address, by which it is known.
    pub(crate) own: String,
    /// The address of this part of it, and of the one with what is older (RFC 5005, 3).
    pub(crate) part: String,
    pub(crate) next: Option<String>,
    pub(crate) updated: Timestamp,
    pub(crate) author: String,
    pub(crate) entries: Vec<Entry>,
}

/// An entry of a feed.
pub(crate) struct Entry {
    /// For good, and no other's.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) updated: Timestamp,
    pub(crate) published: Option<Timestamp>,
    pub(crate) link: String,
    pub(crate) category: Option<&'static str>,
    pub(crate) summary: String,
}

impl Feed {
    /// The document.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
        );
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "<id>{own}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n<link rel=\"self\" href=\"{part}\"/>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{place}\"/>\n<author><name>{author}</name></author>\n",
            own = escaped(&self.own),
            part = escaped(&self.part),
            title = escaped(&self.title),
            updated = self.updated,
            place = escaped(&self.place),
            author = escaped(&self.author),
        );
        if let Some(next) = &self.next {
            let _ = writeln!(text, "<link rel=\"next\" href=\"{}\"/>", escaped(next));
        }
        for entry in &self.entries {
            let published =
                entry.published.map_or(String::new(), |at| format!("<published>{at}</published>"));
            let category =
                entry.category.map_or(String::new(), |word| format!("<category term=\"{word}\"/>"));
            let _ = writeln!(
                text,
                "<entry><id>{}</id><title>{}</title><updated>{}</updated>{published}\
                 <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>{category}<summary>{}</summary></entry>",
                escaped(&entry.id),
                escaped(&entry.title),
                entry.updated,
                escaped(&entry.link),
                escaped(&entry.summary),
            );
        }
        text.push_str("</feed>\n");
        text
    }
}

/// Text as XML has it; characters that XML 1.0 has no place for become signs of something missing.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            letter if letter < ' ' || matches!(letter, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_title_becomes_markup() {
        assert_eq!(escaped("<a href=\"x\">&\u{0}\n"), "&lt;a href=&quot;x&quot;&gt;&amp;\u{fffd} ");
    }
}
