//! `telemetry/opentelemetry-security`: credentials for collectors.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Field;

/// Headers that authenticate exporters at their collectors. Where this block is not read, exports go
/// out without credentials, unless the variable `OTEL_EXPORTER_OTLP_HEADERS` has them.
// krakend-schema v2.6 telemetry/opentelemetry-security.json; there is no code of it in the open.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(
    title = "OpenTelemetry credentials",
    extend("required" = ["otlp"], "x-edition" = "ee")
)]
pub struct Security {
    /// The exporters that need credentials.
    #[schemars(title = "OTLP exporters", extend("minItems" = 1))]
    pub otlp: Field<Vec<Field<Credentials>>>,
}

/// The credentials of one exporter.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["name", "headers"]))]
pub struct Credentials {
    /// Name of an OTLP exporter of `telemetry/opentelemetry`, letter by letter. That exporter must
    /// have `use_http` on.
    #[schemars(title = "Exporter name", extend("examples" = ["collector"]))]
    pub name: Field<String>,

    /// Headers added to everything this exporter sends. Every member is a header, also one that
    /// would be a comment elsewhere; values are texts.
    #[schemars(
        title = "Headers",
        extend("minProperties" = 1, "examples" = [{"api-key": "${OTLP_API_KEY}"}])
    )]
    pub headers: Field<BTreeMap<String, Field<String>>>,
}
