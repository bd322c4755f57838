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
    if let Some(log) = &args.log {
        return by_log(log);
    }
    let id = args.rule.as_deref().unwrap_or_default();
    let own = Some(&settings::RULE).filter(|rule| rule.id == id);
    let Some(rule) = rules::get(id).or(own) else {
        let hint = match spelling::nearest(id, rules::ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`otel-lint rules` lists them".to_owned(),
        };
        output::say(&format!("otel-lint: there is no rule `{id}`: {hint}"));
        return Outcome::Failed;
    };
    output::finish(&match args.output_format {
        PageFormat::Human => catalogue::explain(rule),
        PageFormat::Markdown => catalogue::page(rule),
    })
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
