//! The items of a feed or of a list of records, in pieces of any size.

#![no_main]

use formats::page::Items;

libfuzzer_sys::fuzz_target!(|input: (u8, &[u8])| {
    let (at_once, bytes) = (usize::from(input.0).max(1), input.1);
    // A list of records is known by its beginning; whatever is none is taken for a feed.
    let mut items = Items::of_records(bytes).unwrap_or_else(|| Items::of("vulnerabilities"));
    for part in bytes.chunks(at_once) {
        // An item is a piece of the document, so it cannot be larger.
        if items.push(part, &mut |item| item.len() <= bytes.len()).is_err() {
            return;
        }
    }
    let _ = items.finish();
});
