//! The threads that the engine may use: those of one pool, one for each core.

use otel_lint::analysis::CheckedFile;
use otel_lint::linter::{self, Host, Options};
use otel_lint::parallel::{Executor, Sequential};
use otel_lint::source::Source;

/// The size in bytes from which on it pays to check one file on several threads.
const LARGE: usize = 1 << 20;

/// The pool of the process.
pub struct Threads;

impl Executor for Threads {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        if count < 2 {
            return (0..count).for_each(work);
        }
        rayon_core::scope(|scope| {
            for nth in 0..count {
                scope.spawn(move |_| work(nth));
            }
        });
    }
}

/// Checks a text that was read, on all cores.
pub fn check_source(source: Source, options: &Options) -> CheckedFile {
    let executor: &dyn Executor = if source.bytes().len() < LARGE { &Sequential } else { &Threads };
    let host = Host { executor, ..Host::PLAIN };
    // Nobody cancels a run but by ending the process.
    let analysis = linter::analyze(&source, options, host).unwrap_or_default();
    CheckedFile { source, analysis }
}
