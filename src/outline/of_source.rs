//! The outlines of a source, whatever it is: a configuration, a part of one, or a file that holds some.

use super::{Outline, Places, place};
use crate::document::{self, Document, template, yaml};
use crate::effective::Effective;
use crate::linter::{self, Options};
use crate::recognise::embedded::{MOST_LEVELS, texts};
use crate::recognise::{self, Content, Foreign, Reason, Recognised};
use crate::source::{Format, Source};

/// Why there is no outline of a source, in words that follow "it is".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoOutline {
    /// What a template becomes is not known before it is rendered.
    #[error("a template: only the rendered text tells what is in force")]
    Template,
    /// The gateway cannot read it either.
    #[error("not valid {}", .0.as_str())]
    Broken(Format),
    /// There is no configuration in it.
    #[error("not a KrakenD configuration: {0}")]
    Unrecognised(Reason),
}

/// What the gateway does with each configuration, or part of one, that `source`, which people know as
/// `name`, is or holds; at least one.
///
/// # Errors
/// If that cannot be told.
pub fn of_source(
    source: &Source,
    name: &str,
    options: &Options,
) -> Result<Vec<Outline>, NoOutline> {
    of_rendered(source, name, options, &|span| place(source, span))
}

/// The same of a rendered text, which is written at `places`.
///
/// # Errors
/// If that cannot be told.
pub fn of_rendered(
    source: &Source,
    name: &str,
    options: &Options,
    places: &Places<'_>,
) -> Result<Vec<Outline>, NoOutline> {
    let parsed = document::read(source);
    if template::is_template(&parsed) {
        return Err(NoOutline::Template);
    }
    let Recognised { content, reason } = recognise::of(&parsed);
    let is_broken = !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning);
    if content == Content::Configuration && is_broken {
        return Err(NoOutline::Broken(source.format()));
    }
    let mut outlines = Vec::new();
    collect(source, name, options, places, 0, &mut outlines);
    if outlines.is_empty() {
        let is_unknown = content == Content::Unrecognised;
        return Err(NoOutline::Unrecognised(if is_unknown { reason } else { Reason::NoMarks }));
    }
    Ok(outlines)
}

/// What the gateway does with each configuration, or part of one, that `source` is or holds. It is
/// known as `name`; an embedded one as the file and the pointer to its text, which its lines are of.
fn collect(
    source: &Source,
    name: &str,
    options: &Options,
    places: &Places<'_>,
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
            outlines
                .extend(reading.into_iter().flat_map(|it| parts(&it.document, options, places)));
            for outline in &mut outlines[before..] {
                name.clone_into(&mut outline.file);
            }
            continue;
        }
        if let Some(key) = recognise::key_of(doc) {
            outlines.extend(parts(&doc.under(key), options, places));
        }
        match recognise::of(parsed).content {
            Content::Configuration => {
                let target = linter::target_of(doc, options);
                outlines.push(Outline::with_places(&Effective::new(doc, target), places));
            }
            Content::Fragment => outlines.extend(parts(doc, options, places)),
            _ => {}
        }
        for outline in &mut outlines[before..] {
            name.clone_into(&mut outline.file);
        }
        let holds_texts = Foreign::of(doc).is_none_or(Foreign::is_carrier);
        if level < MOST_LEVELS && holds_texts && before == outlines.len() || level == 0 {
            for text in texts(doc) {
                let inner = format!("{name}#{}", doc.pointer(text.node));
                let places = |span| place(&text.source, span);
                collect(&text.source, &inner, options, &places, level + 1, outlines);
            }
        }
    }
}

/// What is known of each telemetry block of a part of a configuration.
fn parts(doc: &Document<'_>, options: &Options, places: &Places<'_>) -> Vec<Outline> {
    let target = linter::target_of(doc, options);
    let found = recognise::blocks(doc).into_iter();
    let effective = found.map(|found| Effective::of_fragment(doc, target, found));
    effective.filter(Effective::has_telemetry).map(|it| Outline::with_places(&it, places)).collect()
}
