//! What EPSS says of records, in searches.

use super::catalogue as open;
use super::fixtures::{Folder, cve, import, now, osv};
use super::search::found;
use catalogue::{Catalogue, LIKELY, Order, Search};

/// Imports the scores of a day.
fn day(catalogue: &Catalogue, folder: &Folder, day: u8, scores: &str) {
    let text = format!(
        "#model_version:v2025.03.14,score_date:2026-11-{day:02}T00:00:00+0000\ncve,epss,percentile\n{scores}"
    );
    let report = import(catalogue, &[folder.file(&format!("epss-{day}.csv"), text)]);
    assert_eq!(report.bad, []);
}

/// FIRST, EPSS API: `epss` and `percentile`, from 0 to 1; a day of scores counts at once and writes no record.
#[test]
fn records_are_searched_and_sorted_by_epss() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let day = |number, scores| day(&catalogue, &folder, number, scores);
    day(1, "CVE-2024-0001,0.94321,0.999\nCVE-2024-0002,0.5,0.97\nCVE-2024-0003,0.00042,0.1\n");
    for number in 1..5 {
        import(&catalogue, &[folder.file("x.json", cve(&format!("CVE-2024-000{number}")))]);
    }
    let alias = osv("PYSEC-2024-9", "flask", "1.0", "2024-05-05").replace(
        "\"summary\"",
        "\"aliases\": [\"CVE-2024-0002\"], \"related\": [\"CVE-2024-0001\"], \"summary\"",
    );
    import(&catalogue, &[folder.file("y.json", alias)]);
    for (text, expected) in [
        ("epss>=0.5", vec!["CVE-2024-0001", "CVE-2024-0002", "PYSEC-2024-9"]),
        ("epss>0.5", vec!["CVE-2024-0001"]),
        ("EPSS<0.5", vec!["CVE-2024-0003"]),
        ("epss=0.00042 OR percentile:0.999", vec!["CVE-2024-0001", "CVE-2024-0003"]),
        ("percentile>=0.9 flask", vec!["PYSEC-2024-9"]),
        ("percentile<=0.97 -source:osv", vec!["CVE-2024-0002", "CVE-2024-0003"]),
        ("NOT epss>=0", vec!["CVE-2024-0004"]),
    ] {
        assert_eq!(found(&catalogue, text), expected, "{text}");
    }
    let hits = |text: &str, order| {
        let search = Search { order, ..Search::read(text, now()).unwrap() };
        let hits = catalogue.hits(&search, 0, 2, false, now()).unwrap();
        hits.hits.into_iter().map(|hit| (hit.id, hit.epss)).collect::<Vec<_>>()
    };
    let first = |id: &str, epss| (id.to_owned(), epss);
    assert_eq!(
        hits("source:cve", Order::Likeliest),
        [first("CVE-2024-0001", Some(0.94321)), first("CVE-2024-0002", Some(0.5))]
    );
    assert_eq!(hits("source:osv", Order::Newest), [first("PYSEC-2024-9", None)], "nobody asked");
    let change = catalogue.state().unwrap();
    day(2, "CVE-2024-0001,0.1,0.5\nCVE-2024-0002,0.2,0.6\nCVE-2024-0004,0.9,0.99\n");
    assert_eq!(catalogue.state().unwrap(), change, "no record was written again");
    assert_eq!(hits("source:cve", Order::Likeliest)[0], first("CVE-2024-0004", Some(0.9)));
    assert_eq!(found(&catalogue, "epss>=0.5"), ["CVE-2024-0004"]);
    for (text, at, reason) in [
        (
            "heap epss>=50",
            11,
            "At character 12: A number from 0 to 1 is expected here, such as 0.5 for 50 %.",
        ),
        ("percentile:high", 11, "At character 12: A number from 0 to 1"),
        ("epss>=NaN", 6, "At character 7: A number from 0 to 1"),
    ] {
        let wrong = Search::read(text, now()).unwrap_err();
        assert!(wrong.at == at && wrong.to_string().starts_with(reason), "{text}: {wrong}");
    }
}

/// FIRST, "Probability, Percentiles, and Binning": hits are counted by probability, in no other words; each count is
/// what its condition finds, whatever came in since the scores were read.
#[test]
fn hits_are_counted_by_epss_and_records_that_come_in_count_at_once() {
    let folder = Folder::new();
    let catalogue = open(&folder);
    let likely = |text: &str| {
        let search = Search::read(text, now()).unwrap();
        let likely = catalogue.hits(&search, 0, 9, true, now()).unwrap().facets.unwrap().likely;
        let counted = LIKELY.map(|from| found(&catalogue, &format!("{text} epss>={from}")).len() as u64);
        assert_eq!(likely, counted, "{text}");
        likely
    };
    let flask = |day: &str, alias: &str| {
        let alias = format!("\"aliases\": [\"{alias}\"], \"summary\"");
        let record = osv("PYSEC-2024-9", "flask", "1.0", day).replace("\"summary\"", &alias);
        import(&catalogue, &[folder.file("flask.json", record)]);
    };
    import(&catalogue, &[folder.file("1.json", cve("CVE-2024-0001"))]);
    assert_eq!(likely(""), [0, 0, 0], "there are no scores yet");
    day(&catalogue, &folder, 1, "CVE-2024-0001,0.5,0.9\nCVE-2024-0002,0.1,0.8\nCVE-2024-0003,0.00999,0.1\n");
    assert_eq!(likely(""), [1, 1, 1]);
    import(&catalogue, &[folder.file("2.json", cve("CVE-2024-0002"))]);
    import(&catalogue, &[folder.file("3.json", cve("CVE-2024-0003"))]);
    assert_eq!((likely(""), likely("-id:CVE-2024-0001")), ([1, 2, 2], [0, 1, 1]));
    flask("2024-05-05", "CVE-2024-0001");
    assert_eq!(likely(""), [2, 3, 3], "a record is known by its aliases");
    flask("2024-05-06", "CVE-2024-0003");
    assert_eq!(likely(""), [1, 2, 2], "and no longer by those that it lost");
    day(&catalogue, &folder, 2, "CVE-2024-0001,0.02,0.5\nCVE-2024-0003,0.7,0.9\n");
    assert_eq!(likely(""), [2, 3, 4]);
}
