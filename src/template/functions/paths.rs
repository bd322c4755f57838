//! Paths with slashes.

use super::super::value::Value;
use super::Function;

/// These functions. The gateway runs on Linux, where those of the system are the same.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("base", "s", |_, args| Ok(Value::text(base(args[0].bytes())))),
    Function::new("osBase", "s", |_, args| Ok(Value::text(base(args[0].bytes())))),
    Function::new("dir", "s", |_, args| Ok(Value::text(dir(args[0].bytes())))),
    Function::new("osDir", "s", |_, args| Ok(Value::text(dir(args[0].bytes())))),
    Function::new("clean", "s", |_, args| Ok(Value::text(clean(args[0].bytes())))),
    Function::new("osClean", "s", |_, args| Ok(Value::text(clean(args[0].bytes())))),
    Function::new("ext", "s", |_, args| Ok(Value::text(ext(args[0].bytes())))),
    Function::new("osExt", "s", |_, args| Ok(Value::text(ext(args[0].bytes())))),
    Function::new("isAbs", "s", |_, args| Ok(Value::bool(args[0].bytes().starts_with(b"/")))),
    Function::new("osIsAbs", "s", |_, args| Ok(Value::bool(args[0].bytes().starts_with(b"/")))),
];

fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let end = path.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
    let path = &path[..end];
    let start = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    if path.is_empty() { b"/" } else { &path[start..] }
}

fn dir(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    clean(&path[..end])
}

fn ext(path: &[u8]) -> &[u8] {
    let start = path.iter().rposition(|byte| matches!(byte, b'/' | b'.'));
    match start {
        Some(start) if path[start] == b'.' => &path[start..],
        _ => b"",
    }
}

/// The shortest equal path: without `.`, empty parts, and parts that `..` takes back.
pub(in super::super) fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match parts.last() {
                Some(last) if *last != b".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(part),
            },
            _ => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", &joined[..]].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}
