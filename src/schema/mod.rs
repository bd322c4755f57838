pub mod known;
pub mod pass;
mod unknown;
use crate::target::Version;
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Service,
    Endpoint,
    Backend,
    Security,
    File,
}
pub enum Step {
    Key(String),
    Index(usize),
}
pub struct ShapeError {
    pub instance: Vec<Step>,
    pub kind: ShapeKind,
}
pub enum ShapeKind {
    UnknownKeys(Vec<String>),
    WrongType { expected: String },
    Missing(String),
    TooSmall { limit: String },
    TooLarge { limit: String },
    TooFew,
    NotAllowed { options: Vec<String> },
}
pub fn errors(_: Scope, _: Version, _: &serde_json::Value) -> Vec<ShapeError> {
    vec![]
}
pub fn text(_: Scope, _: Version) -> String {
    String::new()
}
