//! `otel-lint schema`: print a JSON schema.

use otel_lint::{schema, settings};

use crate::args::SchemaArgs;
use crate::exit::Outcome;
use crate::output;

pub fn run(args: &SchemaArgs) -> Outcome {
    output::finish(&match args.scope.scope() {
        Some(scope) => schema::text(scope, args.krakend_version),
        None => schema::pretty(&settings::schema()),
    })
}
