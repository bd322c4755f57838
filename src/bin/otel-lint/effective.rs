//! `otel-lint effective`: what the gateway will really do.

use otel_lint::{content, document};
use otel_lint::effective::Effective;
use otel_lint::linter::{self, Options};
use otel_lint::outline::{Outline, human, mermaid};
use otel_lint::report::{self, Content};

use crate::args::{EffectiveArgs, EffectiveFormat};
use crate::exit::Outcome;
use crate::{inputs, output};

pub fn run(args: &EffectiveArgs) -> Outcome {
    let read = inputs::named(args.file.as_slice()).and_then(|files| inputs::read(&files[0], &args.input));
    let source = match read {
        Ok(source) => source,
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            return Outcome::Failed;
        }
    };
    let parsed = document::read(&source);
    if !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning) {
        let name = report::clean(source.name());
        output::say(&format!(
            "otel-lint: {name} is not valid {}: `otel-lint {name}` tells where",
            source.format().as_str()
        ));
        return Outcome::Failed;
    }
    let name = report::clean(source.name());
    match content::of(&parsed.document) {
        Content::Fragment => {
            output::say(&format!(
                "otel-lint: {name} is a part of a configuration: what the gateway does is told by \
                 the whole"
            ));
            return Outcome::Failed;
        }
        Content::Unrecognised => {
            let error = inputs::InputError::Unrecognised(name);
            output::say(&format!("otel-lint: {error}"));
            return Outcome::Failed;
        }
        _ => {}
    }
    let options = Options {
        version: args.target.krakend_version,
        edition: args.target.edition.into(),
        pedantic: false,
    };
    let target = linter::target_of(&parsed.document, options);
    let outline = Outline::new(&Effective::new(&parsed.document, target));
    output::finish(&match args.output_format {
        EffectiveFormat::Human => human::render(&outline, output::style(args.color).color),
        EffectiveFormat::Json => outline.json(),
        EffectiveFormat::Mermaid => mermaid::render(&outline),
    })
}
