//! `otel-lint effective`: what the gateway will really do.

use std::path::Path;
use std::sync::Arc;

use otel_lint::document::{self, Document, template, yaml};
use otel_lint::effective::Effective;
use otel_lint::flexible::Environment;
use otel_lint::linter::{self, Options};
use otel_lint::outline::{Outline, human, mermaid};
use otel_lint::recognise::embedded::{MOST_LEVELS, texts};
use otel_lint::recognise::{self, Content, Foreign, Reason, Recognised};
use otel_lint::report;
use otel_lint::source::{Format, Source};

use crate::args::{EffectiveArgs, EffectiveFormat, OutputFormat};
use crate::exit::Outcome;
use crate::inputs::{self, InputError};
use crate::projects::{self, Described};
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
    let mut outlines = Vec::new();
    let outcome = if described.has_parts() {
        of_project(&described, &options, args, &mut outlines)
    } else {
        of_file(&file, &options, args, &mut outlines)
    };
    if let Err(outcome) = outcome {
        return outcome;
    }
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
    outlines: &mut Vec<Outline>,
) -> Result<(), Outcome> {
    if let Some(line) = &described.line {
        output::say(&report::clean(line));
    }
    let environments = described.read(&args.flexible).map_err(|error| failed(&error))?;
    let several = environments.len() > 1;
    for Environment { name, project } in &environments {
        let rendered = render::rendered(project).ok_or(Outcome::Failed)?;
        let base = project.file(project.base()).source.name();
        let known_as = if several { format!("{base} ({name})") } else { base.to_owned() };
        let source = Source::new(known_as.as_str(), rendered.text).with_format(Format::Json);
        let before = outlines.len();
        collect(&source, &known_as, options, 0, outlines);
        if outlines.len() == before {
            let parsed = document::read(&source);
            let reason = recognise::of(&parsed).reason;
            return Err(failed(&InputError::Unrecognised(known_as, reason)));
        }
    }
    Ok(())
}

/// What the gateway does with one file.
fn of_file(
    file: &Path,
    options: &Options,
    args: &EffectiveArgs,
    outlines: &mut Vec<Outline>,
) -> Result<(), Outcome> {
    let source = inputs::read(file, &args.input).map_err(|error| failed(&error))?;
    let parsed = document::read(&source);
    let name = report::clean(source.name());
    if template::is_template(&parsed) {
        output::say(&format!(
            "otel-lint: {name} is a template: only the rendered text tells what is in force"
        ));
        output::say(&format!(
            "  otel-lint effective {name} --fc-settings DIR --fc-partials DIR --fc-templates DIR"
        ));
        return Err(Outcome::Failed);
    }
    let Recognised { content, reason } = recognise::of(&parsed);
    let is_broken = !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning);
    if content == Content::Configuration && is_broken {
        output::say(&format!(
            "otel-lint: {name} is not valid {}: `otel-lint {name}` tells where",
            source.format().as_str()
        ));
        return Err(Outcome::Failed);
    }
    collect(&source, source.name(), options, 0, outlines);
    if outlines.is_empty() {
        let reason = if content == Content::Unrecognised { reason } else { Reason::NoMarks };
        return Err(failed(&InputError::Unrecognised(name, reason)));
    }
    Ok(())
}

/// What the gateway does with each configuration, or part of one, that `source` is or holds. It is
/// known as `name`; an embedded one as the file and the pointer to its text, which its lines are of.
fn collect(
    source: &Source,
    name: &str,
    options: &Options,
    level: usize,
    outlines: &mut Vec<Outline>,
) {
    let documents = match source.format() {
        Format::Yaml => {
            let first = document::read(source);
            if recognise::of(&first).content == Content::Configuration {
                vec![first]
            } else {
                yaml::documents(source)
            }
        }
        Format::Json | Format::Toml => vec![document::read(source)],
    };
    for parsed in &documents {
        let doc = &parsed.document;
        let is_broken = !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning);
        let before = outlines.len();
        if is_broken && !recognise::is_list(parsed) {
            let template = recognise::spliced(parsed);
            let reading = template.as_ref().and_then(|template| template.readings.first());
            outlines.extend(reading.into_iter().flat_map(|it| parts(&it.document, options)));
            for outline in &mut outlines[before..] {
                name.clone_into(&mut outline.file);
            }
            continue;
        }
        if let Some(key) = recognise::key_of(doc) {
            outlines.extend(parts(&doc.under(key), options));
        }
        match recognise::of(parsed).content {
            Content::Configuration => {
                let target = linter::target_of(doc, options);
                outlines.push(Outline::new(&Effective::new(doc, target)));
            }
            Content::Fragment => outlines.extend(parts(doc, options)),
            _ => {}
        }
        for outline in &mut outlines[before..] {
            name.clone_into(&mut outline.file);
        }
        let holds_texts = Foreign::of(doc).is_none_or(Foreign::is_carrier);
        if level < MOST_LEVELS && holds_texts && before == outlines.len() || level == 0 {
            for text in texts(doc) {
                let inner = format!("{name}#{}", doc.pointer(text.node));
                collect(&text.source, &inner, options, level + 1, outlines);
            }
        }
    }
}

/// What is known of each telemetry block of a part of a configuration.
fn parts(doc: &Document<'_>, options: &Options) -> Vec<Outline> {
    let target = linter::target_of(doc, options);
    let found = recognise::blocks(doc).into_iter();
    let effective = found.map(|found| Effective::of_fragment(doc, target, found));
    effective.filter(Effective::has_telemetry).map(|it| Outline::new(&it)).collect()
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
