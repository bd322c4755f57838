//! The memory that a source is in, and what is read of it.
//!
//! The system hands out fresh memory in pages of 4 KB, and each takes longer than to read a file into it.
//! Linux has pages of 2 MB, too, for who asks.

use std::ops::{Deref, DerefMut};

#[cfg(target_os = "linux")]
use memmap2::{Advice, MmapMut};

/// The size of the large pages of most systems: nothing smaller needs one.
#[cfg(target_os = "linux")]
const LARGE: usize = 2 << 20;

/// Bytes of a source, or about one.
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
