//! A new text for a file, which somebody wants to see first: its diff, what is said about it, what is
//! still wrong with it; then it is written, if that is wanted.

use std::fs::{self, File};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use otel_lint::linter::Options;
use otel_lint::report::human::diff;
use otel_lint::report::{self, concise};
use otel_lint::setup::Remark;
use otel_lint::source::Source;
use otel_lint::{document, secrets};

use crate::choices::{SettingsArgs, TargetArgs};
use crate::common_args::{Color, InputArgs, OutputFormat};
use crate::exit::Outcome;
use crate::save::save;
use crate::threads::check_source;
use crate::{fixes, inputs, output, settings};

/// What the commands that propose a new text have in common.
#[derive(Debug, ClapArgs)]
pub struct ProposeArgs {
    /// Write the file without asking; else a terminal is asked, and nothing is written without one
    #[arg(short, long)]
    pub write: bool,
    /// The configuration; `-` is standard input, whose new text is printed
    #[arg(value_name = "FILE", default_value = inputs::DEFAULT)]
    pub file: PathBuf,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub gateway: TargetArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// When to use colour in what is said about wrong settings
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

impl ProposeArgs {
    /// How the file is checked; `None` if the settings are wrong, which has been said.
    pub fn options(&self) -> Option<Options> {
        let finder = settings::finder(&self.settings);
        match finder.in_force(&self.file, &self.gateway.choices()) {
            Ok(in_force) => Some(in_force.options()),
            Err(error) => {
                settings::say(&error, OutputFormat::Human, self.color);
                None
            }
        }
    }
}

/// A file and its new text.
pub struct Proposal<'p> {
    pub path: &'p Path,
    /// What the file holds; `None` if there is none.
    pub old: Option<&'p Source>,
    pub new: Source,
    pub remarks: &'p [Remark],
    pub options: Options,
}

impl Proposal<'_> {
    /// Shows it, and writes it if that is wanted. Standard input goes to standard output.
    pub fn present(self, args: &ProposeArgs) -> Outcome {
        if fixes::is_stdin(self.path) {
            self.explain();
            return output::finish_bytes(self.new.bytes());
        }
        if output::print(&self.diff()).is_err() {
            return Outcome::Failed;
        }
        self.explain();
        let name = report::name(&self.path.display().to_string());
        if !args.write && !is_confirmed(&name) {
            output::say(&format!("{name}: not written; --write writes it"));
            return Outcome::Clean;
        }
        match self.write() {
            Ok(()) => {
                output::say(&format!("{name}: written"));
                Outcome::Clean
            }
            Err(why) => {
                output::say(&report::clean(&format!("otel-lint: {name}: {why}")));
                Outcome::Failed
            }
        }
    }

    fn diff(&self) -> String {
        let secrets = |source: &Source| {
            let parsed = document::read(source);
            secrets::all(&parsed.document, &self.options.policy.sensitive_headers)
        };
        let empty = Source::new(self.new.name(), Vec::new()).with_format(self.new.format());
        let old = self.old.unwrap_or(&empty);
        diff::unified(self.new.name(), (old, &secrets(old)), (&self.new, &secrets(&self.new)))
    }

    /// What is said about each setting, and the findings that the new text brings.
    fn explain(&self) {
        for Remark { setting, text } in self.remarks {
            output::say(&report::clean(&format!("  {setting}: {text}")));
        }
        let known = self.old.map(|old| check_source(old.clone(), &self.options).analysis.findings);
        let known: Vec<_> =
            known.iter().flatten().map(|found| (found.rule, found.pointer.clone())).collect();
        let mut report = check_source(self.new.clone(), &self.options);
        let is_known = |rule, pointer: &String| known.contains(&(rule, pointer.clone()));
        report.analysis.findings.retain(|found| !is_known(found.rule, &found.pointer));
        if !report.findings.is_empty() {
            output::say("still to look at:");
            output::say(concise::render(&report).trim_end());
        }
    }

    fn write(&self) -> Result<(), String> {
        if let Some(old) = self.old {
            return save(self.path, old.bytes(), self.new.bytes()).map_err(|why| why.to_string());
        }
        let written = File::create_new(self.path).and_then(|mut file| {
            file.write_all(self.new.bytes())?;
            file.sync_all()
        });
        written.map_err(|error| {
            if error.kind() != io::ErrorKind::AlreadyExists {
                let _ = fs::remove_file(self.path);
            }
            crate::system::reason(&error)
        })
    }
}

/// Whether somebody at a terminal says that the file called `name` is to be written.
fn is_confirmed(name: &str) -> bool {
    ask(&format!("Write {name}? [y/N] "))
        .is_some_and(|answer| ["y", "yes"].contains(&answer.to_ascii_lowercase().as_str()))
}

/// The answer to `question`; `None` if there is no terminal to ask on.
pub fn ask(question: &str) -> Option<String> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return None;
    }
    let mut err = io::stderr().lock();
    write!(err, "{question}").and_then(|()| err.flush()).ok()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).ok()?;
    Some(answer.trim().to_owned())
}
