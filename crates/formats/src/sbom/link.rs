//! BOM-Links: what a part of a bill is called outside of it, `urn:cdx:SERIAL-NUMBER/VERSION#REFERENCE`.
//!
//! Authority: the registration of the URN namespace `cdx` with IANA, and the definition `bomLinkElementType` of
//! CycloneDX 1.5 and later. A reference stands there as it is or percent-encoded: real documents do both.

const START: &str = "urn:cdx:";

/// Whether a name is a link to a part of a bill (BOM-Link).
pub fn is_bom_link(name: &str) -> bool {
    name.get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START))
}

/// What links to the parts of a bill begin with.
pub(super) fn start(serial_number: &str, version: Option<&str>) -> Option<String> {
    let (start, number) = serial_number.split_at_checked("urn:uuid:".len())?;
    // The default of the field `version` is 1.
    let version = version.map(str::trim).filter(|version| !version.is_empty()).unwrap_or("1");
    start.eq_ignore_ascii_case("urn:uuid:").then(|| format!("{START}{number}/{version}#"))
}

/// The reference that a link leads to, if it begins so and the reference is there.
pub(super) fn reference(start: &str, link: &str, is_there: impl Fn(&str) -> bool) -> Option<String> {
    let (own, reference) = link.split_at_checked(start.len())?;
    if !own.eq_ignore_ascii_case(start) {
        return None;
    }
    let plain = || decoded(reference).filter(|reference| is_there(reference));
    if is_there(reference) { Some(reference.to_owned()) } else { plain() }
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let (byte, after) = match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let digit = |letter: &u8| char::from(*letter).to_digit(16);
                (u8::try_from(digit(high)? * 16 + digit(low)?).ok()?, after)
            }
            (b'%', _) => return None,
            (byte, after) => (*byte, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERIAL: &str = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79";

    /// IANA's registration of `cdx`: serial number, version, and the reference as the fragment.
    #[test]
    fn a_link_leads_to_a_part_of_this_bill_in_this_version_alone() {
        let start = start(SERIAL, Some("2")).unwrap();
        let to = |link: &str| reference(&start, link, |known| ["a", "pkg:npm/%40x/y@1?z=1"].contains(&known));
        let own = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/2#";
        assert_eq!(to(&format!("{own}a")).as_deref(), Some("a"));
        assert_eq!(to(&format!("{}a", own.to_uppercase())).as_deref(), Some("a"), "RFC 8141 and RFC 9562");
        for reference in ["pkg:npm/%40x/y@1?z=1", "pkg%3Anpm%2F%2540x/y@1%3fz=1"] {
            assert_eq!(to(&format!("{own}{reference}")).as_deref(), Some("pkg:npm/%40x/y@1?z=1"));
        }
        for other in ["b", "", "%", "%4", "%e4", "%zz"] {
            assert_eq!(to(&format!("{own}{other}")), None);
        }
        assert_eq!(to(&own.replace("/2#", "/1#a")), None, "another version");
        assert_eq!(to(&own.replace("#", "")), None, "the bill as a whole");
        assert_eq!(to("urn:cdx:ä"), None);
    }

    #[test]
    fn a_bill_without_a_number_has_no_links() {
        assert_eq!(start(SERIAL, None).unwrap(), "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#");
        assert_eq!(start(SERIAL, Some(" ")), start(SERIAL, None));
        assert_eq!(start("3e671687-395b-41f5-a30f-a58921a69b79", None), None);
        assert_eq!(start("", None), None);
    }
}
