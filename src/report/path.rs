//! Paths in reports: relative to the repository, with slashes, whatever the system and however the
//! file was named. What reads a report knows the repository, not the folder the tool ran in.

/// Where the tool ran, and where paths in reports begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// Parts of the folder that relative names start from.
    here: Vec<String>,
    /// Parts of the folder that paths in reports start from; above `here`, or the same.
    root: Vec<String>,
    /// Whether a backslash separates, and drives have letters.
    windows: bool,
}

impl Base {
    /// A base for a tool that runs in the absolute path `here`. Paths begin at `root` if that is
    /// `here` or above it, else at `here`.
    #[must_use]
    pub fn new(here: &str, root: Option<&str>) -> Self {
        Self::on(cfg!(windows), here, root)
    }

    fn on(windows: bool, here: &str, root: Option<&str>) -> Self {
        let here = resolve(Vec::new(), here, windows);
        let root = root.map(|root| resolve(Vec::new(), root, windows));
        let root = root.filter(|root| here.starts_with(root)).unwrap_or_else(|| here.clone());
        Self { here, root, windows }
    }

    /// The path of the file called `name`: relative if it is below the root, else absolute, as in
    /// `/etc/krakend.json` or `C:/krakend.json`.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        if is_stream(name) {
            return name.to_owned();
        }
        let parts = if is_absolute(name, self.windows) {
            resolve(Vec::new(), name, self.windows)
        } else {
            resolve(self.here.clone(), name, self.windows)
        };
        match parts.strip_prefix(self.root.as_slice()) {
            Some(below) => below.join("/"),
            None if self.windows => parts.join("/"),
            None => format!("/{}", parts.join("/")),
        }
    }

    /// The path of the file called `name` as a URI reference (RFC 3986), and whether it is relative.
    #[must_use]
    pub fn uri(&self, name: &str) -> (String, bool) {
        let path = self.path(name);
        let is_relative = !is_absolute(&path, self.windows);
        let slashes = match (is_relative, path.starts_with('/')) {
            (true, _) => "",
            (false, true) => "file://",
            (false, false) => "file:///",
        };
        (format!("{slashes}{}", encoded(&path, is_relative)), is_relative)
    }
}

/// Whether `name` is not a file but a stream, such as `<stdin>`.
fn is_stream(name: &str) -> bool {
    name.starts_with('<') && name.ends_with('>')
}

fn is_absolute(name: &str, windows: bool) -> bool {
    let drive = windows && name.as_bytes().get(1) == Some(&b':');
    name.starts_with('/') || (windows && name.starts_with('\\')) || drive
}

/// The parts of `name` after those of `parts`, without `.` and, by their meaning, without `..`.
fn resolve(mut parts: Vec<String>, name: &str, windows: bool) -> Vec<String> {
    for part in name.split(|c| c == '/' || (windows && c == '\\')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part.to_owned()),
        }
    }
    parts
}

/// `path` with all bytes encoded that a URI may not have as they are. In a relative reference the
/// first colon would end a scheme.
fn encoded(path: &str, is_relative: bool) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        let is_plain = byte.is_ascii_alphanumeric()
            || b"/-._~!$&'()*+,;=@".contains(&byte)
            || (byte == b':' && !is_relative);
        if is_plain {
            uri.push(char::from(byte));
        } else {
            use std::fmt::Write;
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_begin_at_the_root() {
        let base = Base::on(false, "/repo/gateway", Some("/repo/"));
        for (name, path, uri) in [
            ("krakend.json", "gateway/krakend.json", "gateway/krakend.json"),
            ("./a//b/../c.json", "gateway/a/c.json", "gateway/a/c.json"),
            ("../x y.json", "x y.json", "x%20y.json"),
            ("/repo/é:1%.json", "é:1%.json", "%C3%A9%3A1%25.json"),
            ("/etc/k.json", "/etc/k.json", "file:///etc/k.json"),
            ("../../../k.json", "/k.json", "file:///k.json"),
            ("a\\b.json", "gateway/a\\b.json", "gateway/a%5Cb.json"),
            ("<stdin>", "<stdin>", "%3Cstdin%3E"),
        ] {
            assert_eq!(base.path(name), path);
            assert_eq!(base.uri(name).0, uri);
        }
        assert!(base.uri("k.json").1 && !base.uri("/etc/k.json").1);
    }

    #[test]
    fn windows_has_its_own_separators() {
        let base = Base::on(true, r"C:\repo", None);
        for (name, path, uri) in [
            (r"gateway\krakend.json", "gateway/krakend.json", "gateway/krakend.json"),
            (r"C:\repo\a b.json", "a b.json", "a%20b.json"),
            (r"D:\k.json", "D:/k.json", "file:///D:/k.json"),
        ] {
            assert_eq!(base.path(name), path);
            assert_eq!(base.uri(name).0, uri);
        }
    }

    #[test]
    fn a_root_elsewhere_is_none() {
        let base = Base::on(false, "/elsewhere", Some("/repo"));
        assert_eq!(base.path("k.json"), "k.json");
    }
}
