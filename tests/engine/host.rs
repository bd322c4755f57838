//! What a host may lend to the engine, and what it may keep.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use otel_lint::document;
use otel_lint::linter::{self, Host, Options};
use otel_lint::parallel::{Executor, Sequential};
use otel_lint::rules::{self, ExampleKind};
use otel_lint::source::Source;

/// Runs each work item on a thread of its own, the last one first.
struct Scattered;

impl Executor for Scattered {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        thread::scope(|scope| {
            for nth in (0..count).rev() {
                scope.spawn(move || work(nth));
            }
        });
    }
}

/// The bad examples of all rules.
fn sources() -> Vec<Source> {
    let examples = rules::ALL.iter().flat_map(|rule| rules::examples(rule));
    let bad = examples.filter(|example| example.kind == ExampleKind::Bad);
    bad.map(|it| Source::new("krakend.json", it.text).with_format(it.format)).collect()
}

fn pedantic() -> Options {
    Options { pedantic: true, ..Options::default() }
}

#[test]
fn whoever_runs_the_work_the_result_is_the_same() {
    for source in sources() {
        let with = |executor| {
            let host = Host { executor, ..Host::PLAIN };
            format!("{:?}", linter::analyze(&source, &pedantic(), host))
        };
        assert_eq!(with(&Scattered), with(&Sequential));
    }
}

#[test]
fn a_document_that_the_host_keeps_is_checked_as_its_source_is() {
    for source in sources() {
        let mut parsed = document::read(&source);
        let kept = linter::analyze_parsed(&mut parsed, &pedantic(), Host::PLAIN);
        let fresh = linter::analyze(&source, &pedantic(), Host::PLAIN);
        assert_eq!(format!("{kept:?}"), format!("{fresh:?}"));
    }
}

#[test]
fn a_check_ends_soon_after_it_is_cancelled() {
    let template = Source::new("krakend.tmpl", r#"{"version": 3, "extra_config": {{ .Extra }}}"#);
    for source in sources().into_iter().chain([template]) {
        for patience in [0, 1, 5] {
            let asked = Arc::new(AtomicUsize::new(0));
            let is_cancelled = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
            let host = Host { is_cancelled: &is_cancelled, ..Host::PLAIN };
            let analysis = linter::analyze(&source, &pedantic(), host);
            let asked = asked.load(Ordering::Relaxed);
            // A source without a rule to run is done before anybody asks.
            assert_eq!(analysis.is_none(), asked > patience, "{asked} {patience}");
            assert!(
                asked <= patience + 1 + rules::ALL.len(),
                "{asked} questions after the first yes"
            );
        }
    }
}
