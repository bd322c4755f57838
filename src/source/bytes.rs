//! The memory that a source is in, and what is read of it.
//!
//! The system hands out fresh memory in pages of 4 KB, and each takes longer than to read a file into it.
//! Linux has pages of 2 MB, too, for who asks.

use std::ops::{Deref, DerefMut};
#[cfg(target_os = "linux")]
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(target_os = "linux")]
use memmap2::{Advice, MmapMut};

/// The size of the large pages of most systems: nothing smaller needs one.
#[cfg(any(target_os = "linux", test))]
const LARGE: usize = 2 << 20;

/// Pages that nobody uses any more: whoever reads a large document again and again, as an editor does,
/// need not ask the system for them each time.
#[cfg(target_os = "linux")]
fn spare() -> MutexGuard<'static, Vec<MmapMut>> {
    static SPARE: Mutex<Vec<MmapMut>> = Mutex::new(Vec::new());
    SPARE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many such are kept: a document is read into two tapes.
#[cfg(target_os = "linux")]
const MOST_SPARE: usize = 2;

/// Bytes of a source, or of what is read of it.
#[derive(Debug)]
pub struct Bytes(Memory);

#[derive(Debug)]
enum Memory {
    Heap(Vec<u8>),
    /// Memory of its own, with no file behind it.
    #[cfg(target_os = "linux")]
    Pages(MmapMut),
}

impl Bytes {
    /// So many zeros; those that nobody writes to cost nothing.
    #[must_use]
    pub fn zeroed(len: usize) -> Self {
        #[cfg(target_os = "linux")]
        if len >= LARGE
            && let Ok(pages) = MmapMut::map_anon(len)
        {
            // Without large pages it is memory like any other.
            let _ = pages.advise(Advice::HugePage);
            return Self(Memory::Pages(pages));
        }
        Self(Memory::Heap(vec![0; len]))
    }
}

impl Bytes {
    /// At least so many bytes, whatever is in them: to be written to before they are read.
    #[must_use]
    pub fn scratch(len: usize) -> Self {
        #[cfg(target_os = "linux")]
        if len >= LARGE
            && let Some(pages) = spare().extract_if(.., |pages| pages.len() >= len).next()
        {
            return Self(Memory::Pages(pages));
        }
        Self::zeroed(len)
    }

    /// Keeps large pages for the next who asks for some.
    pub fn give_back(self) {
        #[cfg(target_os = "linux")]
        if let Memory::Pages(pages) = self.0 {
            let mut spare = spare();
            if spare.len() < MOST_SPARE {
                spare.push(pages);
            }
        }
    }
}

impl<T: Into<Vec<u8>>> From<T> for Bytes {
    fn from(bytes: T) -> Self {
        Self(Memory::Heap(bytes.into()))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Memory::Heap(bytes) => bytes,
            #[cfg(target_os = "linux")]
            Memory::Pages(pages) => pages,
        }
    }
}

impl DerefMut for Bytes {
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Memory::Heap(bytes) => bytes,
            #[cfg(target_os = "linux")]
            Memory::Pages(pages) => pages,
        }
    }
}

impl Clone for Bytes {
    fn clone(&self) -> Self {
        Self::from(&**self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scratch_has_room_enough() {
        for len in [0, 1, LARGE - 1, LARGE, 3 * LARGE, LARGE + 1] {
            let mut bytes = Bytes::scratch(len);
            assert!(bytes.len() >= len);
            bytes.fill(7);
            bytes.give_back();
        }
    }

    #[test]
    fn zeros_are_zeros() {
        for len in [0, 1, 4096, 5 << 20] {
            let mut bytes = Bytes::zeroed(len);
            assert_eq!(bytes.len(), len);
            assert!(bytes.iter().all(|&byte| byte == 0));
            if let Some(last) = bytes.last_mut() {
                *last = 7;
            }
            let copy = bytes.clone();
            assert_eq!(&*copy, &*bytes);
            assert_eq!(copy.last().copied(), (len > 0).then_some(7));
        }
    }
}
