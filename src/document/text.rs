//! The text of a quoted JSON string.

use std::borrow::Cow;

/// Resolves the escapes of `quoted`, a JSON string with its quotes, as Go's `encoding/json` does:
/// a lone surrogate escape and every byte that is no UTF-8 become U+FFFD.
pub(super) fn unquote(quoted: &[u8]) -> Cow<'_, str> {
    let inner = quoted.strip_prefix(b"\"").unwrap_or(quoted);
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    if !inner.contains(&b'\\') {
        if let Ok(text) = std::str::from_utf8(inner) {
            return Cow::Borrowed(text);
        }
    }
    todo!("helper: escapes, invalid UTF-8")
}
