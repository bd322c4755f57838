//! The places a telemetry block can have.

use std::fmt;
use std::str::FromStr;

/// What a schema describes: one block in its place, or a whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `telemetry/opentelemetry` at the root.
    Service,
    /// `telemetry/opentelemetry` of an endpoint or an async agent.
    Endpoint,
    /// `telemetry/opentelemetry` of a backend.
    Backend,
    /// `telemetry/opentelemetry-security` at the root.
    Security,
    /// A whole configuration, all blocks in their places.
    File,
}

/// The namespace of the telemetry block, as a key of an `extra_config`.
pub const NAMESPACE: &str = "telemetry/opentelemetry";
/// The namespace of the Enterprise block with the exporters' credentials.
pub const SECURITY_NAMESPACE: &str = "telemetry/opentelemetry-security";

/// The namespaces of telemetry blocks, each with the scopes that have it. Whatever recognises, masks or
/// searches blocks asks this table; the model type of each scope is in [`crate::model`].
pub const NAMESPACES: [(&str, &[Scope]); 2] = [
    (NAMESPACE, &[Scope::Service, Scope::Endpoint, Scope::Backend]),
    (SECURITY_NAMESPACE, &[Scope::Security]),
];

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] =
        [Self::Service, Self::Endpoint, Self::Backend, Self::Security, Self::File];
    /// The scopes that are one block each.
    pub const BLOCKS: [Self; 4] = [Self::Service, Self::Endpoint, Self::Backend, Self::Security];

    /// The name: of schema files, and as `--scope` takes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Endpoint => "endpoint",
            Self::Backend => "backend",
            Self::Security => "security",
            Self::File => "file",
        }
    }

    /// The key of the block in an `extra_config`; `None` for a whole file.
    #[must_use]
    pub fn namespace(self) -> Option<&'static str> {
        let mut namespaces = NAMESPACES.iter();
        namespaces.find(|(_, scopes)| scopes.contains(&self)).map(|(namespace, _)| *namespace)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let named = Self::ALL.into_iter().find(|scope| scope.as_str() == text);
        named.ok_or_else(|| ScopeError(text.to_owned()))
    }
}

/// A text that names no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a scope: write service, endpoint, backend, security or file")]
pub struct ScopeError(String);
