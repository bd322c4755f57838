//! `otel-lint schema`: print a JSON schema.

use crate::args::SchemaArgs;
use crate::exit::Outcome;
use crate::output;

pub fn run(args: &SchemaArgs) -> Outcome {
    let schema = otel_lint::schema::text(args.scope.into(), args.krakend_version);
    match output::print(&schema) {
        Ok(()) => Outcome::Clean,
        Err(error) => {
            output::say(&format!("otel-lint: cannot write to standard output: {error}"));
            Outcome::Failed
        }
    }
}
