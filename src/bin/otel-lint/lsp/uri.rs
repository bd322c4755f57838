//! Files by their URIs, as editors name them.

use std::path::{Path, PathBuf};

use lsp_types::Uri;

/// The path of a `file:` URI; `None` for a document that is not a file.
pub fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = String::from_utf8(decoded(path)).ok()?;
    if cfg!(windows) {
        // `/c:/x` is `c:\x`, and `//server/share` is on another machine.
        let path = path.replace('/', "\\");
        let path = match path.strip_prefix('\\') {
            Some(drive) if drive.as_bytes().get(1) == Some(&b':') => drive.to_owned(),
            _ if !host.is_empty() => format!(r"\\{host}{path}"),
            _ => path,
        };
        return Some(PathBuf::from(path));
    }
    (host.is_empty() || host == "localhost").then(|| PathBuf::from(path))
}

/// The URI of a file.
pub fn of_path(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace('\\', if cfg!(windows) { "/" } else { "\\" });
    let mut text = String::from("file://");
    if !path.starts_with('/') {
        text.push('/');
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte) {
            text.push(byte as char);
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text.parse().ok()
}

/// `text` with its `%XX` as bytes.
fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|digits| str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                result.push(byte);
                at += 3;
            }
            _ => {
                result.push(bytes[at]);
                at += 1;
            }
        }
    }
    result
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_from_its_uri() {
        for name in ["/a/b.json", "/tmp/ü 😀#?%.json", "/c:/x", "/back\\slash"] {
            let uri = of_path(Path::new(name)).expect("it is Unicode");
            assert_eq!(path(uri.as_str()).as_deref(), Some(Path::new(name)), "{}", uri.as_str());
        }
        assert_eq!(path("file:///a%2Fb%zz"), Some(PathBuf::from("/a/b%zz")));
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file://elsewhere/a"), None);
    }
}
