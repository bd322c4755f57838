//! Files that are written whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Names that are tried for the new file: a crash may have left some of them.
const TRIES: usize = 100;

/// Writes `text` to `path`: to a new file beside it, which then takes its name and its permissions. A
/// link keeps pointing where it does. What is no file, such as a pipe, is written to as it is.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let old = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
        Ok(old) if old.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(old) if !old.is_file() || path.starts_with("/dev") || path.starts_with("/proc") => {
            return OpenOptions::new().append(true).open(path)?.write_all(text.as_bytes());
        }
        Ok(old) => Some(old.permissions()),
    };
    let target = if old.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
    let (mut file, new) = create_beside(&target)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| old.map_or(Ok(()), |old| file.set_permissions(old)))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&new, &target));
    if written.is_err() {
        // It is the cause that counts.
        let _ = fs::remove_file(&new);
    }
    written
}

/// A new file in the folder of `path`, and its name.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut nth = 0;
    loop {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}-{nth}.tmp", std::process::id()));
        let beside = path.with_file_name(name);
        match File::create_new(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && nth < TRIES => nth += 1,
            result => return Ok((result?, beside)),
        }
    }
}
