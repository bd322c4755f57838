//! What an editor asks about an open file, as data: no protocol, no files, no threads.
//!
//! Everything works on a [`Source`](crate::source::Source) and answers in its bytes; [`Text`] turns
//! them into lines and columns, in the unit that the editor counts. Each question looks at the
//! documents in the file, embedded ones and readings of a template too, and answers nothing where a
//! file has nothing to do with the gateway's telemetry.

mod actions;
mod complete;
mod describe;
mod hints;
mod hover;
mod in_force;
mod links;
mod names;
mod part;
#[cfg(feature = "settings")]
mod settings_file;
mod symbols;
mod text;

pub use actions::{Action, ActionKind, Change, NO_REASON, change, fix_all, offers};
pub use complete::{Completion, CompletionKind, complete};
pub use hints::{Hint, hints};
pub use hover::{Hover, hover};
pub use links::{Link, links};
pub use names::{Name, NameError, names, rename};
#[cfg(feature = "settings")]
pub use settings_file::complete as complete_settings;
pub use symbols::{Symbol, SymbolKind, symbols};
pub use text::{Encoding, Place, Range, Text, TooLarge};
