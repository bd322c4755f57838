//! How long each stage takes, and how that grows with the size of a configuration: `cargo bench`.
//!
//! Whole processes, peers and memory are for `benches/peers`.

#![allow(missing_docs, reason = "criterion_group makes a public function, which has no reader")]

#[allow(dead_code, reason = "the generator that the scripts build uses all of it")]
mod work;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use otel_lint::document;
use otel_lint::effective::Effective;
use otel_lint::linter::{self, Options};
use otel_lint::policy::Policy;
use otel_lint::report::{concise, human};
use otel_lint::rules;
use otel_lint::schema;
use otel_lint::source::Source;
use otel_lint::target::Target;
use work::{REAL, SMALL, WARNED, configuration};

const STYLE: human::Style = human::Style { width: 80, color: false, links: false, unicode: true };

fn source(text: &str) -> Source {
    Source::new("krakend.json", text)
}

/// The stages of one check, in their order.
fn stages(criterion: &mut Criterion) {
    let text = configuration(0..1_000, 0).pretty();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(text.len() as u64));

    let path = std::env::temp_dir().join(format!("otel-lint-{}.json", std::process::id()));
    std::fs::write(&path, &text).expect("the folder for temporary files can be written");
    group.bench_function("read", |b| b.iter(|| std::fs::read(&path)));
    let _ = std::fs::remove_file(&path);

    let source = source(&text);
    group.bench_function("parse", |b| b.iter(|| document::read(&source)));
    let parsed = document::read(&source);
    let new = || Effective::new(&parsed.document, Target::default());
    group.bench_function("effective", |b| b.iter(new));
    let effective = new();
    let policy = Policy::default();
    group.bench_function("schema", |b| {
        b.iter(|| schema::check(&effective, &mut Vec::new()));
    });
    group.bench_function("rules", |b| {
        b.iter(|| {
            let mut findings = Vec::new();
            for rule in rules::ALL {
                linter::run(rule, &effective, &policy, &mut findings);
            }
            findings
        });
    });

    let faulty = configuration(0..1_000, 100).minified();
    let report = linter::check(self::source(&faulty), &Options::default());
    assert_eq!(report.findings.len(), 100 + 1_000 / WARNED, "one finding for each fault");
    group.throughput(Throughput::Elements(report.findings.len() as u64));
    group.bench_function("render/human", |b| b.iter(|| human::render(&report, STYLE)));
    group.bench_function("render/concise", |b| b.iter(|| concise::render(&report)));
    group.finish();
}

/// Whole checks of ever larger files: the throughput should not change.
fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth");
    for endpoints in [SMALL, REAL, 1_000, 10_000] {
        let text = configuration(0..endpoints, 0).pretty();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(endpoints), &text, |b, text| {
            b.iter(|| linter::check(source(text), &Options::default()));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    targets = stages, growth
}
criterion_main!(benches);
