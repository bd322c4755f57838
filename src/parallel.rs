//! Work on all cores, results in order.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
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
    if items.len() < 2 {
        return items.iter().map(work).collect();
    }
    let done = Mutex::new(Vec::with_capacity(items.len()));
    each(items.len(), &|nth| {
        let result = work(&items[nth]);
        done.lock().unwrap_or_else(PoisonError::into_inner).push((nth, result));
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(nth, _)| *nth);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does `work` for each number below `count`.
fn each(count: usize, work: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    let take = || {
        loop {
            let nth = next.fetch_add(1, Ordering::Relaxed);
            if nth >= count {
                return;
            }
            work(nth);
        }
    };
    thread::scope(|scope| {
        // Where a system gives no more threads, those that are there do the work.
        for _ in 1..cores().min(count) {
            if thread::Builder::new().spawn_scoped(scope, take).is_err() {
                break;
            }
        }
        take();
    });
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
