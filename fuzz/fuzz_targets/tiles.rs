//! The address of a tile (the first line), the size of a tree (the second), and what lies there.

#![no_main]

use merkle::TilePath;

fn line(input: &[u8]) -> Option<(&str, &[u8])> {
    let end = input.iter().position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&input[..end]).ok()?, &input[end + 1..]))
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((text, rest)) = line(input) else { return };
    let Some((size, bytes)) = line(rest) else { return };
    let (Ok(path), Ok(size)) = (text.parse::<TilePath>(), size.parse()) else { return };
    assert_eq!(path.to_string(), text);
    let _ = (path.span(), path.exists_in(size), path.is_covered_by(size));
    if let Ok(hashes) = path.read_hashes(bytes) {
        assert_eq!(path.render_hashes(&hashes).unwrap(), bytes);
    }
    if let Ok(entries) = path.read_entries(bytes) {
        assert_eq!(path.render_entries(&entries).unwrap(), bytes);
    }
});
