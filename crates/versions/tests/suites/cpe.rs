//! A million names of real products.

use versions::cpe::{BadCpe, Cpe};

use super::data;

/// Every CPE 2.3 name of purl2cpe is read and written as it was, but for three that are broken and
/// those that should have had escapes. Every fiftieth is also taken through the two other forms.
#[test]
fn names_of_real_products_survive_the_round_trip() {
    let Some(files) = data::files("purl2cpe.tar.zst") else { return };
    let (mut count, mut rewritten, mut refused) = (0, 0, Vec::new());
    for line in files.iter().flat_map(|(_, text)| text.lines()) {
        let text = line.trim_start_matches([' ', '-', '"', '\'']).trim_end_matches(['"', '\'']);
        if !text.starts_with("cpe:2.3:") {
            continue;
        }
        count += 1;
        let name = match text.parse::<Cpe>() {
            Ok(name) => name,
            Err(error) => {
                refused.push(error);
                continue;
            }
        };
        let written = name.to_string();
        if written != text {
            assert_eq!(written.replace('\\', ""), text.replace('\\', ""));
            rewritten += 1;
        }
        if count % 50 == 0 {
            assert_eq!(name.to_uri().parse(), Ok(name.clone()), "{text}");
            assert_eq!(name.to_wfn().parse(), Ok(name), "{text}");
        }
    }
    eprintln!("purl2cpe: {count} names, {rewritten} written with other escapes, refused {refused:?}");
    assert_eq!((count, rewritten), (1_040_755, 292));
    assert_eq!(refused, [BadCpe::Count(14), BadCpe::Count(14), BadCpe::Wildcard("target_sw")]);
}
