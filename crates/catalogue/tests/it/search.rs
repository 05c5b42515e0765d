//! Search: what is found, and in which order.

use super::fixtures::{Folder, cve, import, kev, many, now, osv, told};
use super::{catalogue as open, counts};
use catalogue::{Catalogue, Order, Search};

pub(super) fn found(catalogue: &Catalogue, text: &str) -> Vec<String> {
    let search = Search::read(text, now()).unwrap();
    let mut ids: Vec<String> =
        catalogue.hits(&search, 0, 100, false, now()).unwrap().hits.into_iter().map(|hit| hit.id).collect();
    ids.sort();
    ids
}

/// A catalogue that holds these documents.
fn holding(documents: &[String]) -> (Folder, Catalogue) {
    let folder = Folder::new();
    let catalogue = open(&folder);
    for (number, document) in documents.iter().enumerate() {
        let path = folder.file(&format!("given/{number}.json"), document);
        assert_eq!(import(&catalogue, &[path]).bad, [], "a fixture has to be good");
    }
    (folder, catalogue)
}

#[test]
fn fields_conditions_and_operators_find_what_they_say() {
    let (_folder, catalogue) = holding(&many());
    for (text, expected) in [
        ("vendor:apache", vec!["CVE-2024-1"]),
        ("vendor=apache", vec![]),
        ("vendor=\"apache software foundation\"", vec!["CVE-2024-1"]),
        ("product:server OR product=gateway", vec!["CVE-2024-1", "CVE-2024-2"]),
        ("cvss>=8", vec!["CVE-2024-1", "CVE-2025-4"]),
        ("severity:medium", vec!["CVE-2024-2"]),
        ("kev:true", vec!["CVE-2024-2"]),
        ("kev:false cvss<8", vec!["CVE-2025-3"]),
        ("published<=7d", vec!["CVE-2024-2"]),
        ("year:2025 -planer", vec!["CVE-2025-4"]),
        ("source:osv", vec!["PYSEC-2024-1"]),
        ("ecosystem:PyPI", vec!["PYSEC-2024-1"]),
        ("package=django", vec!["PYSEC-2024-1"]),
        ("affects:pkg:pypi/Django@4.2", vec!["PYSEC-2024-1"]),
        ("affects:pkg:pypi/django@4.2.5", vec![]),
        ("affects:pkg:pypi/django", vec!["PYSEC-2024-1"]),
        ("id:CVE-2025*", vec!["CVE-2025-3", "CVE-2025-4"]),
        ("NOT source:cve", vec!["PYSEC-2024-1"]),
        ("(heap OR traversal) NOT vendor:nordwind", vec!["CVE-2024-1"]),
        ("title:overflow", vec!["CVE-2024-1"]),
    ] {
        assert_eq!(found(&catalogue, text), expected, "{text}");
    }
}

#[test]
fn german_and_chinese_are_found_as_people_type_them() {
    let (_folder, catalogue) = holding(&many());
    for text in ["pufferüberlauf", "PUFFERUEBERLAUF", "pufferuberlauf x OR strassenplaner", "vendor:müller"]
    {
        assert_eq!(found(&catalogue, text), ["CVE-2025-3"], "{text}");
    }
    for text in ["代码执行", "漏洞", "vendor:华为", "远程代码执行漏洞"] {
        assert_eq!(found(&catalogue, text), ["CVE-2025-4"], "{text}");
    }
    assert_eq!(found(&catalogue, "执行代码"), [""; 0], "the order of the characters counts");
}

#[test]
fn what_fits_best_comes_first_and_other_orders_are_at_hand() {
    let (_folder, catalogue) = holding(&[
        told("CVE-2024-1", "Flaw in a product that has kerberos as an option", "A", "B", "5.0", "2024-01-01"),
        told("CVE-2024-2", "Kerberos", "MIT", "Kerberos", "4.0", "2023-01-01"),
        told("CVE-2024-3", "kerberos in passing", "C", "D", "9.0", "2022-01-01"),
    ]);
    let first = |order| {
        let search = Search { order, ..Search::read("kerberos", now()).unwrap() };
        let hits = catalogue.hits(&search, 0, 2, false, now()).unwrap();
        assert_eq!(hits.total, 3);
        hits.hits[0].id.clone()
    };
    assert_eq!(first(Order::Fit), "CVE-2024-2");
    assert_eq!(first(Order::Newest), "CVE-2024-1");
    assert_eq!(first(Order::Severest), "CVE-2024-3");
}

#[test]
fn the_index_is_made_anew_when_it_is_lost_or_damaged() {
    let folder = Folder::new();
    let path = folder.file("x.json", cve("CVE-2024-1"));
    let first = open(&folder);
    import(&first, &[path]);
    assert_eq!(found(&first, "heap"), ["CVE-2024-1"]);
    drop(first);
    let index = folder.0.join("catalogue.index-9");
    std::fs::write(index.join("meta.json"), "{").unwrap();
    let older = folder.0.join("catalogue.index-1");
    std::fs::create_dir(&older).unwrap();
    let again = open(&folder);
    assert!(!older.exists(), "what an older program left takes up no room");
    assert_eq!(found(&again, "heap"), [""; 0]);
    // Whoever waits hears of it; of an index that follows as it should there is nothing to hear.
    let told = |catalogue: &Catalogue| {
        let mut told = Vec::new();
        catalogue.catch_up_and_tell(&mut |done, all| told.push((done, all))).unwrap();
        told
    };
    assert_eq!(told(&again), [(0, 1), (1, 1)]);
    assert_eq!(found(&again, "heap"), ["CVE-2024-1"]);
    assert_eq!(told(&again), []);
    import(&again, &[folder.file("y.json", cve("CVE-2024-2"))]);
    assert_eq!(told(&again), []);
    drop(again);
    assert_eq!(told(&open(&folder)), []);
    std::fs::remove_dir_all(&index).unwrap();
    assert_eq!(told(&open(&folder)), [(0, 2), (2, 2)]);
}

#[test]
fn an_index_of_another_file_is_not_believed() {
    let folder = Folder::new();
    let (one, other) = (folder.file("1.json", cve("CVE-2024-1")), folder.file("2.json", cve("CVE-2024-2")));
    let first = open(&folder);
    import(&first, &[one]);
    drop(first);
    for file in std::fs::read_dir(&folder.0).unwrap().map(Result::unwrap) {
        if file.file_name().to_string_lossy().starts_with("catalogue.db") {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
    let second = open(&folder);
    import(&second, &[other]);
    assert_eq!(found(&second, "heap"), ["CVE-2024-2"]);
}

#[test]
fn a_changed_record_is_found_by_its_new_words_only() {
    let folder = Folder::new();
    let records = open(&folder);
    let old = folder.file("1.json", osv("PYSEC-2024-1", "flask", "1.0", "2024-05-05"));
    import(&records, &[old]);
    let new = osv("PYSEC-2024-1", "flask", "1.0", "2024-06-06").replace("A flaw", "A deadlock");
    let new = folder.file("2.json", new);
    assert_eq!(counts(&import(&records, &[new])), [0, 1, 0, 0, 0]);
    assert_eq!(found(&records, "deadlock"), ["PYSEC-2024-1"]);
    assert_eq!(found(&records, "flaw "), [""; 0]);
}

#[test]
fn a_listing_marks_the_record_and_stands_back_behind_it_in_any_order() {
    for reversed in [false, true] {
        let folder = Folder::new();
        let mut files = [
            folder.file("1.json", cve("CVE-2024-1")),
            folder.file("2.json", kev(&["CVE-2024-1"], "2024-05-05")),
        ];
        if reversed {
            files.reverse();
        }
        let records = open(&folder);
        for file in files {
            import(&records, &[file]);
        }
        let search = Search::read("kev:true", now()).unwrap();
        let hits = records.hits(&search, 0, 10, true, now()).unwrap();
        assert_eq!(hits.hits.len(), 1, "{reversed}");
        assert_eq!((hits.hits[0].source.name(), hits.facets.unwrap().exploited), ("cve", 1));
    }
}

/// English and German by the forms of words, Chinese by its characters; a phrase in quotes stays exact.
#[test]
fn other_forms_of_a_word_are_found_and_count_for_less() {
    let (_folder, catalogue) = holding(&[
        told("CVE-2024-1", "Buffer overflows in several policies", "A", "B", "5.0", "2024-01-01"),
        told("CVE-2024-2", "Buffer overflow in the policy", "C", "D", "5.0", "2023-01-01"),
        told("CVE-2024-3", "Schwachstellen in der Prüfung von Signaturen", "E", "F", "5.0", "2022-01-01"),
        told("CVE-2024-4", "远程代码执行漏洞", "G", "H", "5.0", "2021-01-01"),
    ]);
    let both = ["CVE-2024-1", "CVE-2024-2"];
    for text in ["overflow buffer", "overflows buffer", "policy buffer", "policies buffer"] {
        assert_eq!(found(&catalogue, text), both, "{text}");
    }
    for (text, expected) in [
        ("\"overflows\"", "CVE-2024-1"),
        ("\"overflow in\"", "CVE-2024-2"),
        ("Schwachstelle Signatur", "CVE-2024-3"),
        ("洞", "CVE-2024-4"),
        ("执", "CVE-2024-4"),
    ] {
        assert_eq!(found(&catalogue, text), [expected], "{text}");
    }
    let search = Search::read("overflow buffer", now()).unwrap();
    let hits = catalogue.hits(&search, 0, 2, false, now()).unwrap().hits;
    assert_eq!(hits[0].id, "CVE-2024-2", "the word itself comes first");
}

/// Records have slips of the fingers of their own.
#[test]
fn a_slip_that_some_record_has_too_is_taken_for_the_usual_word() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    for number in 1..=101 {
        let word = if number == 101 { "kernal" } else { "kernel" };
        folder
            .file(&format!("db/{number}.json"), cve(&format!("CVE-2024-{number}")).replace("Overflow", word));
    }
    assert_eq!(import(&catalogue, &[folder.0.join("db")]).counts.added, 101);
    let meant = |text: &str| catalogue.correction(&Search::read(text, now()).unwrap()).unwrap();
    assert_eq!(meant("kernal zebra").as_deref(), Some("kernel zebra"));
    assert_eq!(meant("kernel zebra"), None);
}

/// NVD, `cpes/2.0`: every name once and in order, whichever part of the index holds it, however many there are.
#[test]
fn names_of_products_come_page_by_page_out_of_all_parts_of_the_index() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let name = |number: usize| format!("cpe:2.3:a:acme:router_{number:02}:*:*:*:*:*:*:*:*");
    for import_number in 0..3 {
        let names: Vec<String> = (import_number * 4..import_number * 4 + 6).map(name).collect();
        let document = cve(&format!("CVE-2024-{import_number}"))
            .replace(r#""vendor": "Acme","#, &format!(r#""cpes": {names:?}, "vendor": "Acme","#));
        let report = import(&catalogue, &[folder.file(&format!("{import_number}.json"), document)]);
        assert_eq!(report.counts.added, 1, "{report:?}");
    }
    let all: Vec<String> = (0..14).map(name).collect();
    let page = |beginning: &str, from, at_most| {
        catalogue.cpe_names(beginning, &|name| !name.contains("router_03"), from, at_most).unwrap()
    };
    let wanted: Vec<String> = all.iter().filter(|name| !name.contains("router_03")).cloned().collect();
    assert_eq!(page("", 0, 100), (13, wanted.clone()));
    assert_eq!(page("cpe:2.3:a:acme", 4, 3), (13, wanted[4..7].to_vec()));
    assert_eq!(page("cpe:2.3:a:acme:router_1", 3, 9), (4, vec![name(13)]));
    assert_eq!(page("cpe:2.3:o", 0, 9), (0, vec![]));
}

/// NVD, `cpematch/2.0` without parameters: every criterion once, by its number, however many records have it.
#[test]
fn criteria_come_page_by_page_each_with_its_versions() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    for number in 0..3 {
        let cpes = [
            format!("cpe:2.3:a:acme:router_{number}:*:*:*:*:*:*:*:*"),
            "cpe:2.3:h:acme:box:-:*:*:*:*:*:*:*".into(),
        ];
        let document = cve(&format!("CVE-2024-{number}"))
            .replace(r#""vendor": "Acme","#, &format!(r#""cpes": {cpes:?}, "vendor": "Acme","#));
        import(&catalogue, &[folder.file(&format!("{number}.json"), document)]);
    }
    let (total, all) = catalogue.all_criteria(0, 100).unwrap();
    let mut names: Vec<&str> =
        all.iter().map(|criterion| criterion.name.split(':').nth(4).unwrap()).collect();
    names.sort_unstable();
    assert_eq!((total, names), (4, vec!["box", "router_0", "router_1", "router_2"]));
    assert!(all.iter().all(|criterion| criterion.end_excluding.as_deref() == Some("2.0")), "{all:?}");
    let ids: Vec<String> = all.iter().map(catalogue::criterion_id).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    assert_eq!(catalogue.all_criteria(1, 2).unwrap(), (4, all[1..3].to_vec()));
    assert_eq!(catalogue.all_criteria(9, 2).unwrap(), (4, vec![]));
}

/// NVD, `cpematch/2.0` and `cpeName`: CVE-2024-20433 names 2,434 builds, of which each is found; and what a
/// record no longer says is neither on a page nor found by its number.
#[test]
fn a_list_of_every_build_is_found_whole_until_its_record_says_otherwise() {
    let name = |number: usize| format!("cpe:2.3:o:acme:os:{number}:*:*:*:*:*:*:*");
    let of = |builds: std::ops::Range<usize>, day: &str| {
        let affected =
            format!(r#""defaultStatus": "affected", "cpes": {:?}"#, builds.map(name).collect::<Vec<_>>());
        cve("CVE-2024-1").replace(r#""defaultStatus": "unaffected""#, &affected).replace("2024-03-03", day)
    };
    let (folder, catalogue) = holding(&[of(0..2_434, "2024-03-03"), cve("CVE-2024-2")]);
    let (total, all) = catalogue.all_criteria(0, 3_000).unwrap();
    assert_eq!((total, all.len()), (2_434, 2_434));
    assert_eq!(catalogue.cpe_names("cpe:2.3:o:acme:os", &|_| true, 0, 1).unwrap().0, 2_434);
    let asked = catalogue::Asked::of_cpe(&name(2_433), false, Default::default()).unwrap();
    let meant = Search::of(catalogue::Query::Test(catalogue::Test::Affects(catalogue::Subject::Named(
        Box::new(asked),
    ))));
    assert_eq!(catalogue.rows(&meant, 9, now()).unwrap().1, 1);
    import(&catalogue, &[folder.file("given/0.json", of(0..2, "2024-04-04"))]);
    assert_eq!(catalogue.all_criteria(0, 3_000).unwrap().1.len(), 2);
    assert_eq!(catalogue.cpe_names("", &|_| true, 0, 9).unwrap().1, [name(0), name(1)]);
    let known =
        |number| all.iter().find(|one| one.name == name(number)).map(catalogue::criterion_id).unwrap();
    assert_eq!(catalogue.criterion_of(&known(2_433)).unwrap(), None);
    let found = catalogue.criterion_of(&known(1).to_lowercase()).unwrap();
    assert_eq!(found.map(|one| one.name), Some(name(1)));
}

/// GCVE-BCP-07: an entry is had by its id; and what a record says of a version comes along with it.
#[test]
fn one_listing_and_the_answers_of_a_version_are_had_alone() {
    let other = told("CVE-2024-2", "Another", "Acme", "Router", "5.0", "2024-01-01").replace("1.0\"", "?\"");
    let (_folder, catalogue) =
        holding(&[cve("CVE-2024-1"), other, kev(&["CVE-2024-1", "CVE-2024-7"], "2024-05-05")]);
    assert_eq!(catalogue.listing_of(" cve-2024-7").unwrap().unwrap().id, "CVE-2024-7");
    assert_eq!(catalogue.listing_of("CVE-2024-2").unwrap().map(|listing| listing.id), None);
    let mut ids = catalogue.listed_ids().unwrap();
    ids.sort();
    assert_eq!(ids, ["CVE-2024-1", "CVE-2024-7"]);
    let said = |version: &str, limit| {
        let (found, total) = catalogue.affected("ACME", "router", version, limit).unwrap();
        (found.iter().map(|flaw| format!("{} {:?}", flaw.id(), flaw.answer)).collect::<Vec<_>>(), total)
    };
    // A listing of which nobody has a record yet says nothing of versions.
    let all = ["CVE-2024-1 Affected", "CVE-2024-2 Unknown", "CVE-2024-7 Unknown"];
    assert_eq!(said("1.5", 9), (all.map(str::to_owned).to_vec(), 3));
    assert_eq!(said("1.5", 1), (vec![all[0].to_owned()], 3));
    assert_eq!(said("2.5", 9).1, 1);
}

/// RFC 5005: what follows a page is found from its last entry on, whatever came in meanwhile; each hit once.
#[test]
fn pages_follow_one_another_while_records_come_in() {
    let dates = ["2024-01-01", "2024-03-03", "2024-02-02", "2024-02-02", "2024-02-02"];
    let record =
        |number: usize, date: &str| told(&format!("CVE-2024-{number}"), "heap", "A", "B", "5.0", date);
    let mut all: Vec<String> = dates.iter().enumerate().map(|(number, date)| record(number, date)).collect();
    all.push(record(5, "2024-01-01").replace("\"datePublished\": \"2024-01-01T00:00:00Z\", ", ""));
    let (folder, catalogue) = holding(&all);
    let search = Search { order: Order::Newest, ..Search::read("\"heap\"", now()).unwrap() };
    let (mut seen, mut rest) = (Vec::new(), search.clone());
    for round in 0.. {
        let hits = catalogue.hits(&rest, 0, 2, false, now()).unwrap();
        seen.extend(hits.hits.iter().map(|hit| hit.id.clone()));
        let Some(last) = hits.hits.last().filter(|_| hits.more) else { break };
        rest = search.clone().after(&search.place_of(last).unwrap().to_string()).unwrap();
        let newer = record(10 + round, "2024-04-04");
        assert_eq!(import(&catalogue, &[folder.file("new.json", newer)]).counts.added, 1);
    }
    let ids = [1, 4, 3, 2, 0, 5].map(|number| format!("CVE-2024-{number}"));
    assert_eq!(seen, ids, "equal dates by their numbers, and what has none last");
    for odd in ["", "_", "2024-02-02", "2024-02-02T00:00:00Z_x", "soon_1", "_-1"] {
        assert!(search.clone().after(odd).is_none(), "{odd}");
    }
    assert!(Search { order: Order::Severest, ..search }.after("2024-02-02T00:00:00Z_1").is_none());
}
