//! `otel-lint suppress`: writes into the files that findings of a rule are to be ignored, and why.

use std::path::Path;

use otel_lint::analysis::CheckedFile;
use otel_lint::recognise::Content;
use otel_lint::report::human::diff;
use otel_lint::rule::Rule;
use otel_lint::settings::Finder;
use otel_lint::source::Source;
use otel_lint::{document, fix, report, rules, secrets, spelling, suppress};

use crate::args::SuppressArgs;
use crate::common_args::OutputFormat;
use crate::exit::Outcome;
use crate::save::save;
use crate::threads::check_source;
use crate::{fixes, inputs, output, settings};

pub fn run(args: &SuppressArgs) -> Outcome {
    let Some(rule) = rules::get(&args.rule).filter(|rule| rules::can_be_ignored(rule)) else {
        let hint = match (rules::get(&args.rule), spelling::nearest(&args.rule, rules::ids())) {
            (Some(_), _) => "its findings cannot be ignored in a file".to_owned(),
            (None, Some(near)) => format!("there is no such rule; did you mean `{near}`?"),
            (None, None) => "there is no such rule; `otel-lint rules` lists them".to_owned(),
        };
        output::say(&report::clean(&format!("otel-lint: {}: {hint}", args.rule)));
        return Outcome::Failed;
    };
    if args.reason.trim().is_empty() {
        output::say("otel-lint: --reason: say why, for whoever reads the file next");
        return Outcome::Failed;
    }
    let files = match inputs::named(&args.files) {
        Ok(files) => files,
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            return Outcome::Failed;
        }
    };
    let finder = settings::finder(&args.settings);
    let outcomes = files.iter().map(|file| one(file, rule, &finder, args));
    outcomes.max().unwrap_or(Outcome::Clean)
}

/// Suppresses the findings in one file.
fn one(path: &Path, rule: &'static Rule, finder: &Finder, args: &SuppressArgs) -> Outcome {
    let name = path.display();
    let failed = |what: &str| {
        output::say(&report::clean(&format!("otel-lint: {name}: {what}")));
        Outcome::Failed
    };
    let in_force = match finder.in_force(path, &args.target.choices()) {
        Ok(in_force) => in_force,
        Err(error) => {
            settings::say(&error, OutputFormat::Human, args.color);
            return Outcome::Failed;
        }
    };
    let source = match inputs::read(path, &args.input) {
        Ok(source) => source,
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            return Outcome::Failed;
        }
    };
    let mut options = in_force.options();
    options.pedantic = true;
    let before = check_source(source, &options);
    let found = count(&before, rule);
    if found == 0 {
        return failed(&format!("there is no finding of `{}` to ignore", rule.id));
    }
    if matches!(before.content, Content::Carrier | Content::Template) {
        return failed(
            "write the suppression by hand: an embedded text or a template is not changed",
        );
    }
    let Some(text) = suppressed(&before, rule, &args.reason) else {
        return failed("there is no place to write it: write the suppression by hand");
    };
    let new = Source::new(before.source.name(), text).with_format(before.source.format());
    let after = check_source(new, &options);
    if count(&after, rule) > 0 || after.findings.len() > before.findings.len() {
        return failed("a suppression here would not hold: write it by hand");
    }
    let secrets = |source: &Source| {
        let parsed = document::read(source);
        secrets::all(&parsed.document, &options.policy.sensitive_headers)
    };
    let (old, new) = (&before.source, &after.source);
    let shown = diff::unified(old.name(), (old, &secrets(old)), (new, &secrets(new)));
    let printed = if fixes::is_stdin(path) {
        output::finish_bytes(new.bytes())
    } else if let Err(why) = save(path, old.bytes(), new.bytes()) {
        return failed(&why.to_string());
    } else {
        output::finish(&shown)
    };
    let findings = if found == 1 { "finding" } else { "findings" };
    let name = report::name(&name.to_string());
    output::say(&format!("{name}: {found} {findings} of {} ignored", rule.id));
    printed
}

/// How many findings of `rule` are reported.
fn count(file: &CheckedFile, rule: &Rule) -> usize {
    file.findings.iter().filter(|finding| finding.rule == rule.id).count()
}

/// The text of `file` with its findings of `rule` ignored.
fn suppressed(file: &CheckedFile, rule: &'static Rule, reason: &str) -> Option<Vec<u8>> {
    let parsed = document::read(&file.source);
    let doc = &parsed.document;
    let findings = file.findings.iter().filter(|finding| finding.rule == rule.id);
    let pointers = findings.map(|finding| finding.pointer.as_str());
    fix::edited(doc, suppress::edits(doc, pointers, rule.id, reason.trim())?)
}
