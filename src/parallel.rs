//! Work on all cores, results in order.
//!
//! A thread that has work for several cores gets helpers, who stay with it: on a virtual machine a new
//! thread often begins on the core of the one that made it, and is given its own only after some
//! milliseconds, which is longer than most of the work takes. Work within such work is done by whoever
//! comes upon it: all cores are busy already, and a helper may be waiting for its result.

use std::cell::Cell;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use rayon_core::{ThreadPool, ThreadPoolBuilder};

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

/// What `one` and `other` give, each done by whoever is free.
///
/// # Panics
/// If one of them does.
pub fn both<A: Send + Sync, B: Send + Sync>(
    one: impl Fn() -> A + Sync,
    other: impl Fn() -> B + Sync,
) -> (A, B) {
    let (first, second) = (OnceLock::new(), OnceLock::new());
    each(2, &|nth| match nth {
        0 => _ = first.get_or_init(&one),
        _ => _ = second.get_or_init(&other),
    });
    (first.into_inner().unwrap_or_else(one), second.into_inner().unwrap_or_else(other))
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
    let wanted = cores().min(count).saturating_sub(1);
    let helpers = Helpers::call(wanted);
    if let Helpers::Here(pool) = &helpers {
        pool.in_place_scope(|scope| {
            for _ in 0..wanted {
                scope.spawn(|_| take());
            }
            take();
        });
    } else {
        take();
    }
    helpers.dismiss();
}

/// Those who work with this thread.
enum Helpers {
    /// Nobody was needed yet.
    Uncalled,
    Here(ThreadPool),
    /// They are at work for this thread, or it is one itself.
    AtWork,
    /// The system gives no more threads.
    Nobody,
}

thread_local! {
    static HELPERS: Cell<Helpers> = const { Cell::new(Helpers::Uncalled) };
}

impl Helpers {
    /// So many who are free, or those that there are.
    fn call(wanted: usize) -> Self {
        match HELPERS.replace(Self::AtWork) {
            Self::Here(pool) if pool.current_num_threads() >= wanted => Self::Here(pool),
            Self::Uncalled | Self::Here(_) if wanted > 0 => Self::start(wanted),
            helpers => helpers,
        }
    }

    fn start(wanted: usize) -> Self {
        let builder = ThreadPoolBuilder::new().num_threads(wanted);
        let Ok(pool) = builder.start_handler(|_| HELPERS.set(Self::AtWork)).build() else {
            return Self::Nobody;
        };
        // Who sleeps until they have begun leaves them a core, and is sooner given another.
        pool.broadcast(|_| ());
        Self::Here(pool)
    }

    /// Lets them wait for the next work.
    fn dismiss(self) {
        HELPERS.set(self);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

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

    #[test]
    fn work_may_have_work_within_it() {
        let tens: Vec<usize> = (0..50).collect();
        let sum_of = |ten: &usize| {
            let ones: Vec<usize> = (0..10).map(|one| ten * 10 + one).collect();
            let (odd, even) = super::both(
                || super::map(&ones, |one| one % 2 * one).iter().sum::<usize>(),
                || super::map(&ones, |one| (1 - one % 2) * one).iter().sum::<usize>(),
            );
            odd + even
        };
        // Again and again, and with more to do than before: the helpers are the same or more.
        for count in [1, 2, 50, 3] {
            let sums = super::map(&tens[..count], sum_of);
            assert_eq!(sums.iter().sum::<usize>(), (0..count * 10).sum::<usize>());
        }
    }

    /// Gives a worker that waits until `count` are at work, a minute at most: whether they were.
    fn together(count: usize) -> impl Fn() -> bool + Sync {
        let (at_work, begin) = (AtomicUsize::new(0), Instant::now());
        move || {
            at_work.fetch_add(1, Ordering::Relaxed);
            let are_all = || at_work.load(Ordering::Relaxed) == count;
            while !are_all() && begin.elapsed().as_secs() < 60 {
                std::thread::yield_now();
            }
            are_all()
        }
    }

    #[test]
    fn work_is_shared_by_all_cores() {
        let cores = super::cores();
        let items: Vec<usize> = (0..cores).collect();
        let worker = together(cores);
        assert_eq!(super::map(&items, |_| worker()), vec![true; cores]);
        let worker = together(cores.min(2));
        assert_eq!(super::both(&worker, || cores < 2 || worker()), (true, true));
    }
}
