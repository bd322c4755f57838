//! `otel-lint effective`: what the gateway will really do.

use otel_lint::content::Content;
use otel_lint::document::template;
use otel_lint::effective::Effective;
use otel_lint::linter;
use otel_lint::outline::{Outline, human, mermaid};
use otel_lint::report;
use otel_lint::{content, document};

use crate::args::{EffectiveArgs, EffectiveFormat, OutputFormat};
use crate::exit::Outcome;
use crate::inputs::{self, InputError};
use crate::{output, settings};

pub fn run(args: &EffectiveArgs) -> Outcome {
    let finder = settings::finder(&args.settings);
    let file = match inputs::named(args.file.as_slice()) {
        Ok(files) => files[0].clone(),
        Err(error) => return failed(&error),
    };
    let in_force = match finder.in_force(&file, &args.target.choices()) {
        Ok(in_force) => in_force,
        Err(error) => {
            settings::say(&error, OutputFormat::Human, args.color);
            return Outcome::Failed;
        }
    };
    let source = match inputs::read(&file, &args.input) {
        Ok(source) => source,
        Err(error) => return failed(&error),
    };
    let parsed = document::read(&source);
    if template::is_template(&parsed) {
        let name = report::clean(source.name());
        output::say(&format!(
            "otel-lint: {name} is a template: only the rendered file tells what is in force"
        ));
        output::say(&format!(
            "  FC_ENABLE=1 FC_OUT=out.json krakend check -c {name}, then `otel-lint effective out.json`"
        ));
        return Outcome::Failed;
    }
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
            let error = InputError::Unrecognised(name);
            output::say(&format!("otel-lint: {error}"));
            return Outcome::Failed;
        }
        _ => {}
    }
    let target = linter::target_of(&parsed.document, &in_force.options());
    let outline = Outline::new(&Effective::new(&parsed.document, target));
    output::finish(&match args.output_format {
        EffectiveFormat::Human => human::render(&outline, output::style(args.color).color),
        EffectiveFormat::Json => outline.json(),
        EffectiveFormat::Mermaid => mermaid::render(&outline),
    })
}

fn failed(error: &InputError) -> Outcome {
    output::say(&report::clean(&format!("otel-lint: {error}")));
    Outcome::Failed
}
