//! `otel-lint effective`: what the gateway will really do.

use std::sync::Arc;

use otel_lint::flexible::{self, Environment};
use otel_lint::linter::Options;
use otel_lint::outline::{self, NoOutline, Outline, human, mermaid};
use otel_lint::report;

use crate::args::{EffectiveArgs, EffectiveFormat};
use crate::common_args::OutputFormat;
use crate::described::Described;
use crate::exit::Outcome;
use crate::inputs::{self, InputError};
use crate::projects;
use crate::{output, render, settings};

pub fn run(args: &EffectiveArgs) -> Outcome {
    let finder = Arc::new(settings::finder(&args.settings));
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
    let options = in_force.options();
    let described = match projects::of_base(&file, &finder, &args.flexible) {
        Ok(described) => described,
        Err(error) => return failed(&error),
    };
    let outlines = if described.has_parts() {
        of_project(&described, &options, args)
    } else {
        let source = inputs::read(&file, &args.input).map_err(|error| failed(&error));
        source.and_then(|source| {
            outline::of_source(&source, source.name(), &options)
                .map_err(|none| unknown(none, source.name()))
        })
    };
    let outlines = match outlines {
        Ok(outlines) => outlines,
        Err(outcome) => return outcome,
    };
    output::finish(&match args.output_format {
        EffectiveFormat::Human => {
            let color = output::style(args.color).color;
            let drawn: Vec<_> = outlines.iter().map(|it| human::render(it, color)).collect();
            drawn.join("\n")
        }
        EffectiveFormat::Json => json(&outlines),
        EffectiveFormat::Mermaid => {
            let drawn: Vec<_> = outlines.iter().map(mermaid::render).collect();
            drawn.join("\n")
        }
    })
}

/// What the gateway does with a flexible configuration, in each of its environments.
fn of_project(
    described: &Described,
    options: &Options,
    args: &EffectiveArgs,
) -> Result<Vec<Outline>, Outcome> {
    if let Some(line) = &described.line {
        output::say(&report::clean(line));
    }
    let environments = described.read(&args.flexible).map_err(|error| failed(&error))?;
    let several = environments.len() > 1;
    let mut outlines = Vec::new();
    for Environment { name, project } in &environments {
        let rendered = render::rendered(project).ok_or(Outcome::Failed)?;
        let base = project.file(project.base()).source.name();
        let known_as = if several { format!("{base} ({name})") } else { base.to_owned() };
        let made = flexible::outlines(project, rendered, &known_as, options);
        outlines.extend(made.map_err(|none| unknown(none, &known_as))?);
    }
    Ok(outlines)
}

/// Says why it is not known what the gateway does with what people know as `name`.
fn unknown(none: NoOutline, name: &str) -> Outcome {
    let name = report::clean(name);
    match none {
        NoOutline::Template => {
            output::say(&format!("otel-lint: {name} is {none}"));
            output::say(&format!(
                "  otel-lint effective {name} --fc-settings DIR --fc-partials DIR --fc-templates DIR"
            ));
        }
        NoOutline::Broken(_) => {
            output::say(&format!("otel-lint: {name} is {none}: `otel-lint {name}` tells where"));
        }
        NoOutline::Unrecognised(reason) => {
            return failed(&InputError::Unrecognised(name, reason));
        }
    }
    Outcome::Failed
}

/// One object, as documented; of several configurations a list of them.
fn json(outlines: &[Outline]) -> String {
    if let [one] = outlines {
        one.json()
    } else {
        let all: Vec<_> = outlines.iter().map(|it| it.json().trim_end().to_owned()).collect();
        format!("[\n{}\n]\n", all.join(",\n"))
    }
}

fn failed(error: &InputError) -> Outcome {
    output::say(&report::clean(&format!("otel-lint: {error}")));
    Outcome::Failed
}
