//! Generated advisories: what passes the checks is rendered valid, and reasonable ones pass.

use crate::{invented, valid};
use formats::advisory::*;
use formats::record::Status;
use formats::{Advisory, csaf, cve, osv};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

type Text = BoxedStrategy<String>;

/// Texts as people write them: any script, quotes, backslashes, angle brackets.
fn reasonable() -> Text {
    let letters = "[A-Za-z0-9äßçжλ漢字🌞\"'\\\\<>&%{}|/.,;:()+*#@ -]{1,40}";
    letters.prop_filter("says something", |text| !text.trim().is_empty()).boxed()
}

/// Texts as nobody should write them.
fn anything() -> Text {
    prop_oneof![
        6 => reasonable(),
        1 => ".{0,8}",
        1 => select(vec!["", " ", "\n", "a\0b", "\u{feff}", "all", "<= 1", "vers:x/*", "*", "0", "\u{202e}x"])
            .prop_map(str::to_owned),
        1 => Just("x".repeat(5000)),
    ]
    .boxed()
}

fn version(text: &Text, wild: bool) -> Text {
    let tame = "[0-9]{1,3}(\\.[0-9]{1,4}){0,3}([-+~][a-z0-9]{1,5})?".boxed();
    if wild { prop_oneof![2 => tame, 1 => text.clone()].boxed() } else { tame }
}

fn which(version: &Text) -> BoxedStrategy<Which> {
    let (v, introduced) = (version, prop::option::of(version.clone()));
    prop_oneof![
        Just(Which::All),
        v.clone().prop_map(Which::Exact),
        v.clone().prop_map(Which::From),
        (introduced.clone(), v.clone()).prop_map(|(introduced, fixed)| Which::Before { introduced, fixed }),
        (introduced, v.clone())
            .prop_map(|(introduced, last_affected)| Which::UpTo { introduced, last_affected }),
    ]
    .boxed()
}

fn versions(version: &Text) -> BoxedStrategy<Versions> {
    let status = select(vec![
        Status::Affected,
        Status::NotAffected,
        Status::Fixed,
        Status::UnderInvestigation,
        Status::Unknown,
    ]);
    let kind = select(vec![None, Some("semver"), Some("custom"), Some("git")]);
    (which(version), status, kind)
        .prop_map(|(which, status, kind)| Versions { which, status, version_type: kind.map(str::to_owned) })
        .boxed()
}

fn url(text: &Text, wild: bool) -> Text {
    let tame =
        "https://[a-z]{1,8}\\.example\\.org(:[1-9][0-9]{1,3})?(/[A-Za-z0-9._~%20-]{0,12}(\\?q=[a-z]{0,3})?)?"
            .prop_filter("percent signs are encoded", |url| !url.contains('%'))
            .boxed();
    if wild { prop_oneof![6 => tame, 1 => text.clone()].boxed() } else { tame }
}

fn package(text: &Text, wild: bool) -> BoxedStrategy<Package> {
    let ecosystems =
        select(vec!["PyPI", "npm", "Maven", "Debian:12", "crates.io", "Linux", "GitHub Actions"]);
    let ecosystem = if wild {
        prop_oneof![6 => ecosystems.prop_map(str::to_owned), 1 => text.clone()].boxed()
    } else {
        ecosystems.prop_map(str::to_owned).boxed()
    };
    let purl = "pkg:(pypi|npm|generic|deb/debian)/[a-z][a-z0-9._%20-]{0,8}"
        .prop_filter("percent signs are encoded", |purl| !purl.contains('%'))
        .boxed();
    let purl = if wild { prop_oneof![6 => purl, 1 => text.clone()].boxed() } else { purl };
    (ecosystem, text.clone(), prop::option::of(purl))
        .prop_map(|(ecosystem, name, purl)| Package { ecosystem, name, purl })
        .boxed()
}

fn remediation(text: &Text, url: &Text) -> BoxedStrategy<Remediation> {
    let category = select(vec![
        RemediationCategory::VendorFix,
        RemediationCategory::Mitigation,
        RemediationCategory::Workaround,
        RemediationCategory::NoneAvailable,
        RemediationCategory::NoFixPlanned,
    ]);
    (category, text.clone(), prop::option::of(url.clone()))
        .prop_map(|(category, details, url)| Remediation { category, details, url })
        .boxed()
}

fn product(text: &Text, wild: bool) -> BoxedStrategy<Product> {
    // Few names, so that products meet in one branch of the tree.
    let name = prop_oneof![select(vec!["Kestrel", "Nordwind"]).prop_map(str::to_owned), text.clone()];
    let list = prop::collection::vec(versions(&version(text, wild)), usize::from(!wild)..5);
    (
        name.clone(),
        name,
        prop::option::of(package(text, wild)),
        list,
        prop::collection::vec(remediation(text, &url(text, wild)), 0..3),
        prop::option::of(text.clone()),
    )
        .prop_map(|(vendor, product, package, versions, remediations, statement)| Product {
            vendor,
            product,
            package,
            versions,
            remediations,
            statement,
        })
        .boxed()
}

/// A vector with all base metrics and some of the others, in the standard's order.
fn vector(prefix: &'static str, base: &'static str, others: &'static str) -> BoxedStrategy<Vector> {
    let choice = |metric: &'static str, absent: bool| {
        let (name, values) = metric.split_once(':').unwrap();
        let mut parts: Vec<String> = values.split(',').map(|value| format!("/{name}:{value}")).collect();
        if absent {
            parts.extend(vec![String::new(); parts.len() * 2]);
        }
        select(parts)
    };
    let parts: Vec<_> = base
        .split_whitespace()
        .map(|metric| choice(metric, false))
        .chain(others.split_whitespace().map(|metric| choice(metric, true)))
        .collect();
    parts.prop_map(move |parts| Vector { vector: format!("{prefix}{}", parts.concat()) }).boxed()
}

fn severities(text: &Text, wild: bool) -> BoxedStrategy<Vec<Vector>> {
    let base3 = "AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:N,L,H I:N,L,H A:N,L,H";
    let others3 = "E:X,U,P,F,H RL:X,O,T,W,U RC:X,U,R,C CR:X,L,M,H IR:X,L,M,H AR:X,L,M,H MAV:X,N,A,L,P MAC:X,L,H MPR:X,N,L,H \
                   MUI:X,N,R MS:X,U,C MC:X,N,L,H MI:X,N,L,H MA:X,N,L,H";
    let base4 =
        "AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N SA:H,L,N";
    let others4 = "E:X,A,P,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MAT:X,N,P MPR:X,N,L,H MUI:X,N,P,A MVC:X,N,L,H \
                   MVI:X,N,L,H MVA:X,N,L,H MSC:X,N,L,H MSI:X,N,L,H,S MSA:X,N,L,H,S S:X,N,P AU:X,N,Y R:X,A,U,I V:X,D,C RE:X,L,M,H \
                   U:X,Clear,Green,Amber,Red";
    let one = |v: BoxedStrategy<Vector>| prop::option::of(v);
    let wild_one = if wild {
        prop::option::weighted(0.1, text.clone().prop_map(|vector| Vector { vector })).boxed()
    } else {
        Just(None).boxed()
    };
    (
        one(vector("CVSS:3.0", base3, others3)),
        one(vector("CVSS:3.1", base3, others3)),
        one(vector("CVSS:4.0", base4, others4)),
        wild_one,
    )
        .prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().flatten().collect())
        .boxed()
}

fn weaknesses() -> BoxedStrategy<Vec<Weakness>> {
    let known = [
        ("CWE-79", "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')"),
        ("CWE-787", "Out-of-bounds Write"),
        ("CWE-20", "Improper Input Validation"),
    ];
    prop::sample::subsequence(known.to_vec(), 0..=3)
        .prop_map(|list| {
            list.into_iter().map(|(id, name)| Weakness { id: id.into(), name: name.into() }).collect()
        })
        .boxed()
}

fn links(text: &Text, wild: bool) -> BoxedStrategy<Vec<Link>> {
    let kind = select(vec![
        LinkKind::Canonical,
        LinkKind::Advisory,
        LinkKind::Article,
        LinkKind::Detection,
        LinkKind::Discussion,
        LinkKind::Report,
        LinkKind::Fix,
        LinkKind::Introduced,
        LinkKind::Package,
        LinkKind::Evidence,
        LinkKind::Web,
    ]);
    let link = (kind, url(text, wild), prop::option::of(text.clone()))
        .prop_map(|(kind, url, summary)| Link { kind, url, summary });
    prop::collection::vec(link, usize::from(!wild)..5).boxed()
}

fn acknowledgements(text: &Text, wild: bool) -> BoxedStrategy<Vec<Acknowledgement>> {
    let kind = select(vec![CreditKind::Finder, CreditKind::Reporter, CreditKind::Tool, CreditKind::Other]);
    let thanks = (prop::option::of(text.clone()), prop::option::of(text.clone()), kind)
        .prop_map(|(name, organisation, kind)| Acknowledgement { name, organisation, kind })
        .prop_filter("names someone", move |thanks| {
            wild || thanks.name.is_some() || thanks.organisation.is_some()
        });
    prop::collection::vec(thanks, 0..4).boxed()
}

/// Dates are recent, because names of weaknesses are those of the CWE list at the release.
fn revisions(text: &Text) -> BoxedStrategy<Vec<Revision>> {
    let steps = prop::collection::vec((0..100_000_000_000_i64, text.clone()), 1..4);
    (1_700_000_000_000..1_900_000_000_000_i64, steps)
        .prop_map(|(start, steps)| {
            let mut at = start;
            let revision = |(nth, (step, summary)): (usize, (i64, String))| {
                at += step;
                let date = jiff::Timestamp::from_millisecond(at).unwrap();
                Revision { number: u32::try_from(nth).unwrap() + 1, date, summary }
            };
            steps.into_iter().enumerate().map(revision).collect()
        })
        .boxed()
}

fn names(wild: bool) -> BoxedStrategy<(Vec<String>, Vec<String>, String)> {
    let cves = prop::sample::subsequence(
        vec!["CVE-1900-0001", "CVE-1900-0002", "CVE-1900-123456"],
        usize::from(!wild)..=3,
    );
    let aliases = prop::sample::subsequence(vec!["GHSA-xxxx", "NW 1", "Ü-1"], 0..=3);
    let languages: &[&str] =
        if wild { &["en", "de", "en-GB", "xx", "", "zh-TW"] } else { &["en", "en-GB", "en-IE"] };
    let own = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
    (cves, aliases, select(languages.to_vec()))
        .prop_map(move |(cves, aliases, language)| (own(cves), own(aliases), language.to_owned()))
        .boxed()
}

fn advisory(text: Text, wild: bool) -> BoxedStrategy<Advisory> {
    let optional = || prop::option::of(text.clone());
    let tlps = if wild { vec![Tlp::Clear, Tlp::Clear, Tlp::AmberStrict, Tlp::Red] } else { vec![Tlp::Clear] };
    let line = Union::new([text.clone(), "[A-Z][a-z ]{3,20}".boxed()]);
    (
        (names(wild), line, text.clone(), text.clone(), optional(), optional(), optional(), select(tlps)),
        prop::collection::vec(product(&text, wild), usize::from(!wild)..5),
        (
            severities(&text, wild),
            weaknesses(),
            links(&text, wild),
            acknowledgements(&text, wild),
            revisions(&text),
        ),
    )
        .prop_map(|(texts, products, lists)| {
            let ((cves, aliases, language), title, summary, description, impact, ssvc, evidence, tlp) = texts;
            let (severities, weaknesses, references, acknowledgements, revisions) = lists;
            Advisory {
                cves,
                aliases,
                title,
                summary,
                description,
                impact,
                products,
                severities,
                ssvc,
                weaknesses,
                references,
                acknowledgements,
                exploited: evidence.map(|evidence| Exploitation { evidence, first_seen: None }),
                tlp,
                initial_release: revisions.first().unwrap().date,
                current_release: revisions.last().unwrap().date,
                revisions,
                language,
                ..invented::advisory()
            }
        })
        .boxed()
}

/// Makes a reasonable advisory free of contradictions, and affected by something.
fn tidy(mut advisory: Advisory) -> Advisory {
    let mut seen = std::collections::HashSet::new();
    for (at, product) in advisory.products.iter_mut().enumerate() {
        product.product = format!("{} {at}", product.product);
        product.versions.retain(|versions| seen.insert((at, versions.which.clone())));
        product.versions.retain(|versions| match &versions.which {
            Which::Before { introduced: Some(introduced), fixed } => introduced != fixed,
            _ => true,
        });
        product.versions.push(Versions {
            which: Which::Exact("99999".into()),
            status: Status::Affected,
            version_type: None,
        });
    }
    advisory
}

fn all_valid(advisory: &Advisory) -> Result<(), TestCaseError> {
    const NONE: Vec<String> = Vec::new();
    if let Ok(rendered) = csaf::render(advisory) {
        prop_assert_eq!(valid::csaf(&rendered), NONE, "{}", rendered);
    }
    if let Ok(rendered) = osv::render(advisory) {
        prop_assert_eq!(valid::osv(&rendered), NONE, "{}", rendered);
    }
    for id in &advisory.cves {
        if let Ok(rendered) = cve::render(advisory, id) {
            prop_assert_eq!(valid::cve(&rendered), NONE, "{}", rendered);
        }
    }
    let bytes = advisory.canonical_bytes();
    prop_assert_eq!(&serde_json::from_slice::<Advisory>(&bytes).unwrap(), advisory);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn reasonable_advisories_are_rendered_valid_in_every_format(advisory in advisory(reasonable(), false)) {
        let advisory = tidy(advisory);
        prop_assert_eq!(csaf::render(&advisory).err(), None);
        prop_assert_eq!(osv::render(&advisory).err(), None);
        prop_assert_eq!(cve::render(&advisory, &advisory.cves[0]).err(), None);
        all_valid(&advisory)?;
    }

    #[test]
    fn any_advisory_is_refused_or_rendered_valid(advisory in advisory(anything(), true)) {
        all_valid(&advisory)?;
    }
}
