//! The `x-` annotations of the model, read for one scope. [`crate::model`] says what they mean.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::Scope;
use crate::model::{BackendOverride, EndpointOverride, Security, Service};
use crate::target::{Edition, Version, v};

/// The members of a schema.
pub(crate) type Keywords = Map<String, Value>;

/// The model of `scope` with all its annotations, everything inlined; for a whole file nothing.
pub(crate) fn annotated(scope: Scope) -> Keywords {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let generator = settings.into_generator();
    let schema = match scope {
        Scope::Service => generator.into_root_schema_for::<Service>(),
        Scope::Endpoint => generator.into_root_schema_for::<EndpointOverride>(),
        Scope::Backend => generator.into_root_schema_for::<BackendOverride>(),
        Scope::Security => generator.into_root_schema_for::<Security>(),
        Scope::File => return Keywords::new(),
    };
    match schema.to_value() {
        Value::Object(keywords) => keywords,
        _ => Keywords::new(),
    }
}

/// The properties of an object schema.
pub(crate) fn properties(schema: &Keywords) -> impl Iterator<Item = (&String, &Keywords)> {
    let all = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, schema)| Some((name, schema.as_object()?)))
}

/// Since when official schemas list something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// As long as what it belongs to.
    AsParent,
    /// Since the first release of this minor.
    Since(Version),
    /// In no schema of this scope.
    Nowhere,
}

/// `x-since`.
pub(crate) fn listed(schema: &Keywords, scope: Scope) -> Listed {
    match (schema.get("x-since"), text(schema, "x-since", scope)) {
        (None, _) => Listed::AsParent,
        (Some(_), None) => Listed::Nowhere,
        (Some(_), Some(minor)) => Listed::Since(version(minor)),
    }
}

/// `x-until`.
pub(crate) fn until(schema: &Keywords, scope: Scope) -> Option<Version> {
    text(schema, "x-until", scope).map(version)
}

/// Since when the Community Edition reads something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Works {
    /// As soon as it is listed.
    AsListed,
    /// Since this release.
    Since(Version),
    /// In no release.
    Never,
}

/// `x-works-since`; what only the Enterprise Edition has never works in the other.
pub(crate) fn works(schema: &Keywords, scope: Scope) -> Works {
    match text(schema, "x-works-since", scope) {
        Some("never") => Works::Never,
        _ if edition(schema, scope) == Edition::Enterprise => Works::Never,
        None => Works::AsListed,
        Some(release) => Works::Since(version(release)),
    }
}

/// `x-edition`: the lesser edition that has it.
pub(crate) fn edition(schema: &Keywords, scope: Scope) -> Edition {
    match text(schema, "x-edition", scope) {
        Some("ee") => Edition::Enterprise,
        _ => Edition::Community,
    }
}

fn text<'a>(schema: &'a Keywords, name: &str, scope: Scope) -> Option<&'a str> {
    match schema.get(name)? {
        Value::Object(by_scope) => by_scope.get(scope.as_str())?.as_str(),
        for_all => for_all.as_str(),
    }
}

/// `X.Y` is the first release of that minor here, not its newest patch as on the command line.
fn version(text: &str) -> Version {
    let mut numbers = text.split('.').map(|part| part.parse().expect("the model writes numbers"));
    let mut next = || numbers.next().unwrap_or(0);
    v(next(), next(), next())
}
