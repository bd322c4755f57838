//! `otel-lint schema`: print a JSON schema.

use crate::args::SchemaArgs;
use crate::exit::Outcome;
use crate::output;

pub fn run(args: &SchemaArgs) -> Outcome {
    output::finish(&otel_lint::schema::text(args.scope.into(), args.krakend_version))
}
