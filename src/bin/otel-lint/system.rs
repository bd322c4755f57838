//! What the operating system says, in one wording everywhere.

use std::io;

/// Why something failed, without the number that the operating system gives it.
pub fn reason(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        kind if error.raw_os_error().is_some() && kind.to_string() != OTHER => kind.to_string(),
        _ => error.to_string(),
    };
    let number = error.raw_os_error().map(|number| format!(" (os error {number})"));
    number.and_then(|number| text.strip_suffix(&number)).unwrap_or(&text).to_owned()
}

/// What the standard library calls an error that it has no word for.
const OTHER: &str = "uncategorized error";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_left_out() {
        for (error, text) in [
            (io::Error::from(io::ErrorKind::PermissionDenied), "permission denied"),
            (io::Error::from(io::ErrorKind::NotFound), "there is no such file or folder"),
            (io::Error::other("gone"), "gone"),
        ] {
            assert_eq!(reason(&error), text);
        }
        for number in 1..130 {
            let said = reason(&io::Error::from_raw_os_error(number));
            assert!(!said.contains("os error") && !said.contains(OTHER), "{number}: {said}");
        }
    }
}
