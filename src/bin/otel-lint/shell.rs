//! `otel-lint completions` and `otel-lint man`: what a shell and its users read about the arguments,
//! written from the arguments themselves.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command, CommandFactory};
use clap_complete::aot::Generator;
use clap_complete::env::{Bash, CompleteEnv, Elvish, EnvCompleter, Fish, Powershell, Zsh};
use clap_complete_nushell::Nushell;
use clap_mangen::Man;
use otel_lint::report;
use otel_lint::rule::{Group, Rule};
use otel_lint::target::Version;
use otel_lint::{linter, rules, settings};

use crate::args::{Args, CompletionsArgs, ManArgs};
use crate::common_args::Shell;
use crate::exit::Outcome;
use crate::output;

/// The variable by which a shell's script asks this program what could be typed next.
const ASKED: &str = "OTEL_LINT_COMPLETE";

/// zsh finds the script by its file name at the first Tab and runs it in place of the function that it registers.
/// That Tab is to be answered too.
const ZSH_FIRST_TAB: &[u8] =
    b"if [[ $funcstack[1] == _otel-lint ]]; then _clap_dynamic_completer_otel_lint; fi\n";

/// Answers the script of a shell that asks what could be typed next, and ends the process; without such
/// a question it does nothing.
pub fn answer() {
    if std::env::var_os(ASKED).is_some_and(|shell| !shell.is_empty()) {
        CompleteEnv::with_factory(|| with_values(Args::command())).var(ASKED).complete();
    }
}

/// Prints the script that makes a shell complete arguments.
pub fn completions(args: &CompletionsArgs) -> Outcome {
    const NAME: &str = "otel-lint";
    let script_of = |shell: &dyn EnvCompleter| {
        let mut script = Vec::new();
        shell.write_registration(ASKED, NAME, NAME, NAME, &mut script).map(|()| script)
    };
    let script = match args.shell {
        Shell::Bash => script_of(&Bash),
        Shell::Elvish => script_of(&Elvish),
        Shell::Fish => script_of(&Fish),
        Shell::PowerShell => script_of(&Powershell),
        Shell::Zsh => script_of(&Zsh).map(|script| [&script, ZSH_FIRST_TAB].concat()),
        // This one can't ask: it gets all that there is.
        Shell::Nushell => {
            let mut command = with_values(Args::command());
            command.set_bin_name(NAME);
            command.build();
            let mut script = Vec::new();
            Nushell.try_generate(&command, &mut script).map(|()| script)
        }
    };
    match script {
        Ok(script) => output::finish_bytes(&script),
        Err(_) => unreachable!("a vector takes all that is written"),
    }
}

/// Prints the manual page of the program or of one of its commands.
pub fn manual(args: &ManArgs) -> Outcome {
    let mut program = Args::command();
    program.build();
    let (title, command) = match &args.command {
        None => ("otel-lint".to_owned(), program),
        Some(name) => {
            let Some(command) = program.find_subcommand(name) else {
                let names: Vec<_> = program.get_subcommands().map(Command::get_name).collect();
                output::say(&report::clean(&format!(
                    "otel-lint: there is no command `{name}`; there are {}",
                    names.join(", ")
                )));
                return Outcome::Failed;
            };
            (format!("otel-lint-{name}"), command.clone())
        }
    };
    let mut page = Vec::new();
    match Man::new(command).title(title).manual("otel-lint").render(&mut page) {
        Ok(()) => output::finish_bytes(&page),
        Err(_) => unreachable!("a vector takes all that is written"),
    }
}

/// The arguments as shells should know them: names of rules, groups and releases are values to choose
/// from. The program itself reads more than these, in its own way and with its own messages.
fn with_values(mut command: Command) -> Command {
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| match sub.get_name() {
            "explain" => with_named_values(sub, &explained()),
            "suppress" => with_named_values(sub, &rule_ids(rules::ALL.iter().copied())),
            _ => with_named_values(sub, &selectors()),
        });
    }
    with_named_values(command, &selectors())
}

/// `command` with `names` as the values of the arguments that take rules.
fn with_named_values(command: Command, names: &[PossibleValue]) -> Command {
    command.mut_args(|arg| match arg.get_id().as_str() {
        "select" | "ignore" | "error" | "warn" | "rule" => one_of(arg, names.to_vec()),
        "krakend_version" => one_of(arg, releases()),
        _ => arg,
    })
}

fn one_of(arg: Arg, values: Vec<PossibleValue>) -> Arg {
    arg.value_parser(PossibleValuesParser::new(values))
}

/// What `--select` and the like take: all rules, groups, single rules.
fn selectors() -> Vec<PossibleValue> {
    let all = PossibleValue::new("all").help("every rule");
    std::iter::once(all).chain(groups()).chain(rule_ids(rules::ALL.iter().copied())).collect()
}

/// What has a page or a list of its own.
fn explained() -> Vec<PossibleValue> {
    let own = [&settings::RULE, &linter::INTERNAL_ERROR];
    groups().chain(rule_ids(rules::ALL.iter().copied().chain(own))).collect()
}

fn groups() -> impl Iterator<Item = PossibleValue> {
    Group::ALL.into_iter().map(|group| PossibleValue::new(group.as_str()).help("a group of rules"))
}

fn rule_ids(rules: impl Iterator<Item = &'static Rule>) -> Vec<PossibleValue> {
    rules.map(|rule| PossibleValue::new(rule.id).help(rule.summary)).collect()
}

/// The minor releases, newest first.
fn releases() -> Vec<PossibleValue> {
    let minors = Version::PATCHES.iter().rev();
    minors.map(|known| PossibleValue::new(known.minor())).collect()
}
