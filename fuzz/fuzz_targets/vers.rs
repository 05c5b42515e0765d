//! A range in the first line, a version in the second: what is read is written in one way, reads as the
//! same, and holds the same versions.

#![no_main]

use versions::Vers;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (range, version) = text.split_once('\n').unwrap_or((text, "1.0"));
    for scheme in ["npm", "pypi", "gem", "nuget", "conan", "nginx", "openssl"] {
        let _ = Vers::from_native(scheme, range);
    }
    let strict = Vers::parse_canonical(range);
    let Ok(read) = range.parse::<Vers>() else { return };
    let written = read.to_string();
    let again = written.parse::<Vers>();
    assert_eq!(again.as_ref(), Ok(&read), "{range:?} gives {written:?}");
    assert_eq!(again.unwrap().contains(version), read.contains(version), "{text:?}");
    if let Ok(strict) = strict {
        assert_eq!(strict, read, "{range:?}");
    }
});
