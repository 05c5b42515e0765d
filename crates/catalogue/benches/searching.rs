//! Top 20 with count: ours beside tantivy's own parser, searcher and collectors on the same index; and a page of
//! NVD's list of criteria beside opening a record for each of them.
//!
//! A word without quotes also stands for its other forms, which nobody else looks for; the second floor is
//! given them, so that it has the same work. Processor time of the thread. Needs `HELIOGRAPH_TEST_DATA`.

mod measure;

use catalogue::{Catalogue, Field, Input, Query, Search, Test};
use measure::{Folder, each};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, SimpleTokenizer, TextAnalyzer};

const ROUNDS: usize = 5;
const CALLS: usize = 1_000;

/// What is searched for, the same in tantivy's own language, and that with the forms that the index has.
/// The last word stands in quotes: by itself it would also look for longer words, as somebody may be typing.
const TEXTS: [(&str, &str, &str); 7] = [
    ("\"openssl\"", "openssl", "openssl"),
    (
        "buffer \"overflow\"",
        "buffer AND overflow",
        "(buffer OR buffers OR buffered OR buffering) AND overflow",
    ),
    ("\"cross-site scripting\"", "\"cross site scripting\"", "\"cross site scripting\""),
    (
        "linux kernel race \"condition\"",
        "linux AND kernel AND race AND condition",
        "linux AND (kernel OR kernels) AND (race OR races OR raced OR racing) AND condition",
    ),
    (
        "remote code execution wordpress \"plugin\"",
        "remote AND code AND execution AND wordpress AND plugin",
        "(remote OR remotely) AND (code OR codes OR coding OR coded) AND (execution OR executions) AND wordpress AND plugin",
    ),
    ("\"log4j\"", "log4j", "log4j"),
    ("\"vulnerability\"", "vulnerability", "vulnerability"),
];

fn main() -> anyhow::Result<()> {
    let Some(data) = measure::data() else { return Ok(()) };
    let folder = Folder::new("searching")?;
    let catalogue = Catalogue::open(&folder.0.join("catalogue.db"))?;
    let archives = ["osv-rustsec", "osv-golang", "osv-pypa", "csaf-cisa", "kev", "cve-vulnrichment"];
    let archives = archives.map(|name| Input::Path(data.join(format!("{name}.tar.zst"))));
    catalogue.import(&archives, "bench", &measure::now, &mut |_| {})?;
    let index = tantivy::Index::open_in_dir(measure::index_folder(&folder.0)?)?;
    let words =
        TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter);
    index.tokenizers().register("words-1", words.build());
    let searcher = index.reader()?.searcher();
    let fields = ["ids", "title", "names", "prose"].map(|name| index.schema().get_field(name));
    let parser = QueryParser::for_index(&index, fields.into_iter().collect::<Result<_, _>>()?);
    let theirs = |text: &str| {
        let query = parser.parse_query(text)?;
        Ok::<_, anyhow::Error>(searcher.search(&query, &(TopDocs::with_limit(20).order_by_score(), Count))?.1)
    };
    let now = measure::now();
    let ours = |text: &str| {
        let search = Search::read(text, now).map_err(|wrong| anyhow::anyhow!("{wrong}"))?;
        Ok::<_, anyhow::Error>(catalogue.rows(&search, 20, now)?.1)
    };
    for (text, raw, with_forms) in TEXTS {
        let found = (ours(text)?, theirs(raw)?, theirs(with_forms)?);
        let mut micros = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            micros[0].push(each(0..CALLS, |_| Ok(ours(text)? > 0))?);
            micros[1].push(each(0..CALLS, |_| Ok(theirs(raw)? > 0))?);
            micros[2].push(each(0..CALLS, |_| Ok(theirs(with_forms)? > 0))?);
        }
        let [ours, raw, forms] = micros.map(|mut values| measure::middle(&mut values));
        println!(
            "{text:40} {ours:7.1} us, {:.2} x raw tantivy, {:.2} x with forms (goal: at most 1.5); hits {found:?}",
            ours / raw,
            ours / forms
        );
    }
    criteria(&catalogue)?;
    scores(&catalogue, &folder)
}

/// What counting by EPSS costs with the scores of a day: at once after they came in, after a record came in, and
/// when nothing did.
fn scores(catalogue: &Catalogue, folder: &Folder) -> anyhow::Result<()> {
    let now = measure::now();
    let years = (2010..2024).flat_map(|year| (1..=18_800).map(move |number| (year, number)));
    let mut day =
        String::from("#model_version:v2025.03.14,score_date:2026-11-01T00:00:00+0000\ncve,epss,percentile\n");
    for (count, (year, number)) in years.chain((1..=59_800).map(|number| (2024, number))).enumerate() {
        let score = f64::from(count as u32 % 1_000).powi(2) / 1e6;
        day.push_str(&format!("CVE-{year}-{number:04},{score:.5},0.5\n"));
    }
    let bring = |name: &str, text: &str| {
        let path = folder.0.join(name);
        std::fs::write(&path, text)?;
        catalogue.import(&[Input::Path(path)], "bench", &measure::now, &mut |_| {})
    };
    let search = Search::read("\"vulnerability\"", now).map_err(|wrong| anyhow::anyhow!("{wrong}"))?;
    let counted = |with_facets| {
        Ok(catalogue.hits(&search, 0, 1, with_facets, now)?.facets.is_some_and(|facets| facets.likely[0] > 0)
            == with_facets)
    };
    bring("epss.csv", &day)?;
    let first = each(0..1, |_| counted(true))?;
    let mut micros = [const { Vec::new() }; 3];
    for round in 0..ROUNDS {
        let listed = format!(
            r#"{{"schema_version": "1.6.0", "id": "PYSEC-2024-{round}", "modified": "2024-05-05T00:00:00Z", "aliases": ["CVE-2024-0001"]}}"#
        );
        bring("one.json", &listed)?;
        micros[0].push(each(0..1, |_| counted(true))?);
        micros[1].push(each(0..100, |_| counted(true))?);
        micros[2].push(each(0..100, |_| counted(false))?);
    }
    let [after_one, facets, without] = micros.map(|mut values| measure::middle(&mut values));
    println!(
        "facets of 33,000 hits with EPSS {facets:.0} us, after a record came in {after_one:.0} us, after 323,000 scores came in {first:.0} us; without facets {without:.0} us"
    );
    Ok(())
}

/// A page of NVD's `cpematch/2.0` without parameters: criteria from the middle of the list, each with the names
/// of products that it means; and what it would cost to open the record that has it for each.
fn criteria(catalogue: &Catalogue) -> anyhow::Result<()> {
    let now = measure::now();
    let total = catalogue.all_criteria(0, 0)?.0;
    let page = || catalogue.all_criteria(total / 2, 500);
    let named = |number: String| {
        let name = format!("criterion:{}", number.to_lowercase());
        Search::of(Query::Test(Test::Named { field: Field::Grade, name, is_beginning: true }))
    };
    let searches: Vec<Search> = page()?.1.iter().map(|one| named(catalogue::criterion_id(one))).collect();
    let mut micros = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        micros[0].push(each(0..10, |_| Ok(page()?.1.len() == 500))?);
        micros[1].push(each(0..10, |_| {
            let all = page()?.1.iter().map(|one| catalogue.names_of(one)).collect::<Result<Vec<_>, _>>()?;
            Ok(all.iter().any(|names| !names.is_empty()))
        })?);
        micros[2].push(each(0..1, |_| {
            let open = |search| Ok::<_, catalogue::Error>(catalogue.whole(search, 0, 1, now)?.0.len());
            Ok(searches.iter().map(open).sum::<Result<usize, _>>()? == 500)
        })?);
    }
    let [list, names, opened] = micros.map(|mut values| measure::middle(&mut values) / 1e3);
    println!(
        "a page of 500 of {total} criteria {list:.1} ms, with their names {names:.1} ms; a record opened for each {opened:.1} ms"
    );
    Ok(())
}
