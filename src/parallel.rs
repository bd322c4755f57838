//! Work that can be done in parallel, on threads that the host hands in.

use std::sync::{Mutex, PoisonError};

/// Runs independent work items, on any number of threads.
pub trait Executor: Sync {
    /// Calls `work` exactly once for each number below `count`, in any order, and returns when all
    /// calls have returned. `work` may call this method again.
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync));
}

/// Runs one work item after the other, on the calling thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sequential;

impl Executor for Sequential {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(work);
    }
}

/// The results of `work` for each of `items`, in their order.
///
/// # Panics
/// If `work` does.
pub fn map<T: Sync, R: Send>(
    executor: &dyn Executor,
    items: &[T],
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let done = Mutex::new(Vec::with_capacity(items.len()));
    executor.run(items.len(), &|nth| {
        let result = work(&items[nth]);
        done.lock().unwrap_or_else(PoisonError::into_inner).push((nth, result));
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(nth, _)| *nth);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the last item first.
    struct Backwards;

    impl Executor for Backwards {
        fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
            (0..count).rev().for_each(work);
        }
    }

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..200).collect();
        let doubled: Vec<u64> = (0..400).step_by(2).collect();
        assert_eq!(map(&Backwards, &items, |item| item * 2), doubled);
        assert_eq!(map(&Sequential, &items, |item| item * 2), doubled);
        assert!(map(&Backwards, &[], |item: &u64| *item).is_empty());
    }
}
