//! What ids, addresses and languages look like. Stricter than the standards where that keeps us
//! clear of differences between their readers.

/// An id such as `HEL-2026-000123`.
pub(crate) fn is_id(id: &str) -> bool {
    let group = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    id.len() <= 64 && id.contains('-') && id.split('-').all(group)
}

/// `CVE-`, four digits of year, and 4 to 19 digits.
pub(crate) fn is_cve_id(id: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    match id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-')) {
        Some((year, number)) => {
            year.len() == 4 && digits(year) && (4..=19).contains(&number.len()) && digits(number)
        }
        None => false,
    }
}

/// `CWE-` and 1 to 5 digits, the first not 0.
pub(crate) fn is_cwe_id(id: &str) -> bool {
    id.strip_prefix("CWE-").is_some_and(|number| {
        (1..=5).contains(&number.len())
            && !number.starts_with('0')
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A random UUID, as CVE organisations have.
pub(crate) fn is_uuid_v4(uuid: &str) -> bool {
    let groups: Vec<&str> = uuid.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && groups[2].starts_with('4')
        && groups[3].starts_with(['8', '9', 'a', 'b', 'A', 'B'])
}

/// An `https` or `http` address with a host, in the characters of RFC 3986, without user or
/// password.
pub(crate) fn is_url(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return false;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let label = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.split('.').all(label)
        && port
            .is_none_or(|port| port.parse::<u16>().is_ok() && port.bytes().all(|byte| byte.is_ascii_digit()))
        && path.matches('#').count() <= 1
        && uri_characters(path, b"-._~!$&'()*+,;=:@/?#")
}

/// Letters, digits, these signs, and percent signs that are followed by two hexadecimal digits.
fn uri_characters(text: &str, signs: &[u8]) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)),
        other => other.is_ascii_alphanumeric() || signs.contains(other),
    })
}

/// A package URL without version, qualifiers and subpath: `pkg:type/namespace/name`.
pub(crate) fn is_purl(purl: &str) -> bool {
    let Some((kind, path)) = purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let kind_is_fine = kind.starts_with(|first: char| first.is_ascii_lowercase())
        && kind
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte));
    let segment = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.contains("%00")
            && uri_characters(part, b"-._~+")
    };
    kind_is_fine && path.split('/').all(segment)
}

/// An ISO 639-1 language, with an ISO 3166-1 region if need be.
pub(crate) fn is_language(language: &str) -> bool {
    let (language, region) = match language.split_once('-') {
        Some((language, region)) => (language, Some(region)),
        None => (language, None),
    };
    let has =
        |list: &str, code: &str| code.len() == 2 && list.split_ascii_whitespace().any(|known| known == code);
    has(LANGUAGES, language) && region.is_none_or(|region| has(REGIONS, region))
}

const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy \
    da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig \
    ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml \
    mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg \
    si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh \
    yi yo za zh zu";

const REGIONS: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ \
    BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER \
    ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM \
    IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF \
    MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK \
    PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD \
    TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        assert!(
            is_id("HEL-2026-000123") && is_id("hel-1") && !is_id("HEL") && !is_id("HEL-") && !is_id("H-ä")
        );
        assert!(is_cve_id("CVE-1900-0001") && is_cve_id("CVE-2026-1234567890123456789"));
        for wrong in ["CVE-26-0001", "CVE-2026-001", "cve-2026-0001", "CVE-2026-000a", "CVE-2026", ""] {
            assert!(!is_cve_id(wrong), "{wrong}");
        }
        assert!(is_cwe_id("CWE-79") && !is_cwe_id("CWE-079") && !is_cwe_id("CWE-") && !is_cwe_id("79"));
        assert!(is_uuid_v4("7d1f3a52-9a0e-4c39-8a53-0c1de0a6ab10"));
        assert!(!is_uuid_v4("7d1f3a52-9a0e-1c39-8a53-0c1de0a6ab10") && !is_uuid_v4("7d1f3a52"));
    }

    #[test]
    fn addresses() {
        for right in
            ["https://example.org", "http://a-b.example.org:8080/p?q=1&r=%20#f", "https://example.org/a(b)~"]
        {
            assert!(is_url(right), "{right}");
        }
        for wrong in [
            "",
            "https://",
            "ftp://example.org",
            "https://example..org",
            "https://exa mple.org",
            "https://e.org/ü",
            "https://user@example.org",
            "https://e.org/%2",
            "https://e.org:99999",
            "https://e.org:+1",
            "https://e.org/#a#b",
            "https://e.org/\"",
            "javascript:alert(1)",
            "https://e.org/[1]",
        ] {
            assert!(!is_url(wrong), "{wrong}");
        }
    }

    #[test]
    fn package_urls() {
        for right in [
            "pkg:pypi/kestrel",
            "pkg:npm/%40kestrel/bus",
            "pkg:deb/debian/kestrel",
            "pkg:golang/example.org/a/b",
        ] {
            assert!(is_purl(right), "{right}");
        }
        for wrong in [
            "pkg:pypi",
            "pkg:/x",
            "pkg:pypi/a@1",
            "pkg:pypi/a?b=c",
            "pkg:pypi//a",
            "pkg:Py/a",
            "pkg:pypi/a b",
            "pkg://pypi/a",
        ] {
            assert!(!is_purl(wrong), "{wrong}");
        }
    }

    #[test]
    fn languages() {
        assert!(is_language("en") && is_language("de-AT") && is_language("pt-BR"));
        for wrong in ["", "english", "xx", "EN", "en-", "en-uk", "en-UK", "en-GB-oed"] {
            assert!(!is_language(wrong), "{wrong}");
        }
    }
}
