//! What can be wrong with a project: errors are values with a place.

use super::origin::Place;

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// The text of a template does not follow the syntax of `text/template`.
    Syntax,
    /// A function is called that neither Go nor the gateway has.
    UnknownFunction,
    /// A variable is used that is not declared at this place.
    UndefinedVariable,
    /// A template is executed that no file defines.
    UndefinedTemplate,
    /// A function gets too many or too few arguments, or one of a type it does not take.
    WrongArguments,
    /// A field is asked of null, or of something that has no fields.
    NilField,
    /// A function, given arguments of the right types, fails.
    FunctionFailed,
    /// An action is not possible with the type of its value, such as `range` over a string.
    WrongType,
    /// A settings file is not a JSON object, or has a number that Go's `float64` cannot hold.
    Settings,
    /// Go would go on, but a limit of this program is reached.
    Limit,
    /// Go can do this, this program cannot.
    Unsupported,
}

impl ErrorKind {
    /// The name in outputs for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::UnknownFunction => "unknown-function",
            Self::UndefinedVariable => "undefined-variable",
            Self::UndefinedTemplate => "undefined-template",
            Self::WrongArguments => "wrong-arguments",
            Self::NilField => "nil-field",
            Self::FunctionFailed => "function-failed",
            Self::WrongType => "wrong-type",
            Self::Settings => "settings",
            Self::Limit => "limit",
            Self::Unsupported => "unsupported",
        }
    }
}

/// Why a project, or a part of it, is not rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The kind.
    pub kind: ErrorKind,
    /// Where: the token or expression at fault, or the action that is not closed.
    pub place: Place,
    /// What is wrong, for people. It holds names from the templates but no value of a setting or
    /// variable.
    pub message: String,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, place: Place, message: impl Into<String>) -> Self {
        Self { kind, place, message: message.into() }
    }
}
