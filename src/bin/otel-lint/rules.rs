//! `otel-lint rules` and `otel-lint explain`: the catalogue and its pages.

use otel_lint::report::rules as catalogue;
use otel_lint::{rules, settings, spelling};

use crate::args::{ExplainArgs, PageFormat, RulesArgs, RulesFormat};
use crate::exit::Outcome;
use crate::output;

pub fn list(args: &RulesArgs) -> Outcome {
    output::finish(&match args.output_format {
        RulesFormat::Human => catalogue::table(rules::ALL),
        RulesFormat::Json => catalogue::json(rules::ALL),
        RulesFormat::Markdown => catalogue::markdown(rules::ALL, "docs/rules"),
    })
}

pub fn explain(args: &ExplainArgs) -> Outcome {
    let own = Some(&settings::RULE).filter(|rule| rule.id == args.rule);
    let Some(rule) = rules::get(&args.rule).or(own) else {
        let hint = match spelling::nearest(&args.rule, rules::ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`otel-lint rules` lists them".to_owned(),
        };
        output::say(&format!("otel-lint: there is no rule `{}`: {hint}", args.rule));
        return Outcome::Failed;
    };
    output::finish(&match args.output_format {
        PageFormat::Human => catalogue::explain(rule),
        PageFormat::Markdown => catalogue::page(rule),
    })
}
