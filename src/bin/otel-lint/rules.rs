//! `otel-lint rules` and `otel-lint explain`: the catalogue and its pages.

use otel_lint::report::{self, rules as catalogue};
use otel_lint::rule::Rule;
use otel_lint::settings::{Selector, UnknownRule};
use otel_lint::{linter, rules, settings, spelling};

use crate::args::{ExplainArgs, PageFormat, RulesArgs, RulesFormat};
use crate::exit::Outcome;
use crate::output;

pub fn list(args: &RulesArgs) -> Outcome {
    let own = [&settings::RULE, &linter::INTERNAL_ERROR];
    let rules: Vec<&Rule> = rules::ALL.iter().copied().chain(own).collect();
    output::finish(&match args.output_format {
        RulesFormat::Human => catalogue::table(&rules),
        RulesFormat::Json => catalogue::json(&rules),
        RulesFormat::Markdown => catalogue::markdown(&rules, "docs/rules"),
    })
}

pub fn explain(args: &ExplainArgs) -> Outcome {
    if let Some(log) = &args.log {
        return by_log(log);
    }
    let name = args.rule.as_deref().unwrap_or_default();
    let rule = match name.parse() {
        _ if name.eq_ignore_ascii_case(settings::RULE.id) => &settings::RULE,
        _ if name.eq_ignore_ascii_case(linter::INTERNAL_ERROR.id) => &linter::INTERNAL_ERROR,
        Ok(Selector::Rule(rule)) => rule,
        Ok(selector) => {
            let members = rules::ALL.iter().copied().filter(|rule| selector.includes(rule));
            let members: Vec<&Rule> = members.collect();
            return output::finish(&match args.output_format {
                PageFormat::Human => catalogue::table(&members),
                PageFormat::Markdown => catalogue::markdown(&members, "docs/rules"),
            });
        }
        Err(UnknownRule { .. }) => {
            output::say(&report::clean(&format!(
                "otel-lint: there is no rule or group `{name}`: {}",
                suggestion(name)
            )));
            return Outcome::Failed;
        }
    };
    output::finish(&match args.output_format {
        PageFormat::Human => catalogue::explain(rule),
        PageFormat::Markdown => catalogue::page(rule),
    })
}

/// What to type in the place of `name`, which no rule and no group has.
fn suggestion(name: &str) -> String {
    let names: Vec<String> =
        spelling::ranked(name, Selector::names()).iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "`otel-lint rules` lists them".to_owned(),
        [one] => format!("did you mean {one}?"),
        [others @ .., last] => format!("did you mean {} or {last}?", others.join(", ")),
    }
}

fn by_log(log: &str) -> Outcome {
    let text = catalogue::by_log(log);
    if text.is_empty() {
        output::say(
            "otel-lint: no rule is known to make a gateway log this; \
             give the line without what stands before its message",
        );
        return Outcome::Failed;
    }
    output::finish(&text)
}
