//! Work on all cores, results in order.

use std::num::NonZero;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many cores there are for this program.
#[must_use]
pub fn cores() -> usize {
    // To ask costs a dozen system calls.
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// What `work` makes of each of `items`, in their order, whichever core did it.
///
/// # Panics
/// If `work` does.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let workers = if items.len() < 2 { 1 } else { cores().min(items.len()) };
    if workers < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(nth) else { return done };
            done.push((nth, work(item)));
        }
    };
    let mut results: Vec<(usize, R)> = thread::scope(|scope| {
        // Where a system gives no more threads, those that are there do the work.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, take).ok();
        let helpers: Vec<_> = (1..workers).map_while(spawn).collect();
        let mut results = take();
        for helper in helpers {
            results.extend(helper.join().expect("nothing in `work` panics"));
        }
        results
    });
    results.sort_unstable_by_key(|(nth, _)| *nth);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..200).collect();
        let late_first = |item: &u64| {
            std::thread::sleep(Duration::from_micros(200 - item));
            item * 2
        };
        assert_eq!(super::map(&items, late_first), (0..400).step_by(2).collect::<Vec<u64>>());
        assert!(super::map(&[], late_first).is_empty());
    }
}
