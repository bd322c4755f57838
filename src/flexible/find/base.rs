//! Which files are bases of a flexible configuration, and which are their parts, from their paths and texts.

use super::hints::Folder;
use crate::document::template::chart;
use crate::effective::fragment::{SchemaPart, part_of_schema};
use crate::source::Source;

/// Whether `source` may be the base of a flexible configuration: a whole configuration with actions,
/// which does not stand in a folder of parts.
#[must_use]
pub fn is_base(source: &Source) -> bool {
    let text = source.bytes();
    let has = |word: &[u8]| memchr::memmem::find(text, word).is_some();
    has(b"{{")
        && !is_part(source.name())
        && !chart::is_chart(text)
        && if after_comments(text).starts_with(b"{") {
            has_schema(text) || has_version(text)
        } else {
            // YAML or TOML. Other programs have a `version` of 3, too.
            has_version_line(text) && (has(b"extra_config") || has(b"endpoints"))
        }
}

/// Whether the file at `path` stands in a folder of parts.
#[must_use]
pub fn is_part(path: &str) -> bool {
    let path = path.replace('\\', "/");
    path.rsplit('/').skip(1).any(|folder| Folder::of_name(folder).is_some())
}

/// The action by which a base takes in the file at `path`: a partial by its path below their folder, if that
/// has a usual name, a template by its name.
#[must_use]
pub fn action_for(path: &str) -> String {
    let path = path.replace('\\', "/");
    let folders: Vec<&str> = path.split('/').collect();
    let last = folders.len() - 1;
    let part = (0..last).rev().find_map(|at| Some((at, Folder::of_name(folders[at])?)));
    match part {
        Some((_, Folder::Templates)) => format!("{{{{ template \"{}\" . }}}}", folders[last]),
        Some((at, _)) => format!("{{{{ include \"{}\" }}}}", folders[at + 1..].join("/")),
        None => format!("{{{{ include \"{}\" }}}}", folders[last]),
    }
}

/// `text` from its first line that is no comment on. The gateway reads such a base if `FC_OUT` makes it YAML.
fn after_comments(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_start();
    while rest.starts_with(b"#") {
        rest = memchr::memchr(b'\n', rest).map_or(&[][..], |end| rest[end..].trim_ascii_start());
    }
    rest
}

/// Whether a schema of a whole configuration is named, and not that of a part.
fn has_schema(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"krakend.io/schema").any(|at| {
        let url = text[at..].split(|byte| matches!(byte, b'"' | b'\n')).next().unwrap_or_default();
        std::str::from_utf8(url).is_ok_and(|url| part_of_schema(url) == Some(SchemaPart::Whole))
    })
}

/// Whether the key `version` has the number of a configuration somewhere.
fn has_version(text: &[u8]) -> bool {
    let key = b"\"version\"";
    memchr::memmem::find_iter(text, key).any(|at| {
        let after = text[at + key.len()..].trim_ascii_start();
        let value = after.strip_prefix(b":").unwrap_or_default().trim_ascii_start();
        matches!(value, [b'2'..=b'4', next, ..] if !next.is_ascii_digit() && *next != b'.')
            || value.starts_with(b"{{")
    })
}

/// Whether a line of YAML or TOML sets `version` at the root to the number of a configuration.
fn has_version_line(text: &[u8]) -> bool {
    text.split(|&byte| byte == b'\n').any(|line| {
        let value = line.strip_prefix(b"version").unwrap_or_default().trim_ascii_start();
        matches!(value, [b':' | b'=', number @ ..] if matches!(number.trim_ascii(), [b'2'..=b'4']))
    })
}

/// Whether `source` refers to other files as only the Enterprise Edition can.
#[must_use]
pub fn has_references(source: &Source) -> bool {
    memchr::memmem::find(source.bytes(), b"\"$ref\"").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_a_whole_configuration_with_actions() {
        let is = |name: &str, text: &str| is_base(&Source::new(name, text));
        let of = |schema: &str| {
            format!(
                r#"{{"$schema":"https://www.krakend.io/schema/v2.13/{schema}","x":{{{{ .x }}}}}}"#
            )
        };
        assert!(
            is("k.tmpl", &of("krakend.json")) && !is("k.tmpl", &of("service_extra_config.json"))
        );
        assert!(is("krakend.tmpl", "{ \"version\": 3, {{ include \"x\" }} }"));
        assert!(is("krakend.tmpl", "# Ours\n\n#\n{ \"version\": 3, {{ include \"x\" }} }"));
        assert!(!is("krakend.tmpl", "# {{ include \"x\" }}"));
        assert!(!is("krakend.json", "{ \"version\": 3 }"));
        assert!(!is("config/partials/x.tmpl", "{ \"version\": 3, {{ env \"x\" }} }"));
        assert!(!is("chart/krakend.json", "{ \"version\": 3, {{ .Values.x }} }"));
        assert!(!is("x.tmpl", "\"version\": {{ .a.b }}"));
    }
}
