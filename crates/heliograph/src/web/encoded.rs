//! Texts as parts of addresses and of forms.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All that does not stand for itself everywhere in an address (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// A slash is nothing special in the value of a query (RFC 3986, 3.4), and a place stays readable with it.
const BUT_SLASHES: &AsciiSet = &RESERVED.remove(b'/');

/// A text as one step of a path, or as a name or a value of a query or a form.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A place of this centre as a value of a query.
pub(super) fn encoded_place(place: &str) -> String {
    utf8_percent_encode(place, BUT_SLASHES).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3986, 2.3: letters, digits and four signs stand for themselves; of all else the bytes are written.
    #[test]
    fn what_is_encoded_stays_one_part_of_an_address_and_is_read_as_it_was() {
        let plain = "azAZ09-_.~";
        assert_eq!((encoded(plain), encoded_place(plain)), (plain.to_owned(), plain.to_owned()));
        let odd = "a/b?c=d&e+f g%41#é\u{0}\"";
        assert_eq!(encoded(odd), "a%2Fb%3Fc%3Dd%26e%2Bf%20g%2541%23%C3%A9%00%22");
        assert_eq!(encoded_place(odd), encoded(odd).replace("%2F", "/"));
        assert_eq!(super::super::unescaped(encoded(odd).as_bytes()), odd.as_bytes());
    }
}
