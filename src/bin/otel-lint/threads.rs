//! The threads that the engine may use: those of one pool, one for each core.

use otel_lint::parallel::Executor;

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
