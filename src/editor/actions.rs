//! What can be done about findings: as data, for an editor to offer.
//!
//! [`offers`] costs next to nothing; what an offer changes is found when somebody takes it
//! ([`change`]), for that may mean to check the text again.

use crate::analysis::{Analysis, CheckedFile};
use crate::document;
use crate::finding::{Finding, Fix, Replacement, Safety};
use crate::fix;
use crate::linter;
use crate::recognise::Content;
use crate::rules;
use crate::source::{Source, Span};
use crate::suppress;

/// The reason that a suppression has before somebody writes one.
pub const NO_REASON: &str = "TODO: say why";

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// The fix of a finding.
    Fix(Safety),
    /// The fixes of all findings of its rule.
    FixRule,
    /// All safe fixes.
    FixAll,
    /// The file says to ignore the finding.
    Suppress,
    /// The page of the rule is shown.
    Explain,
}

/// Something that can be done about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// The same for people.
    pub title: String,
    /// The rule it is about; empty for all.
    pub rule: &'static str,
    /// The finding it is about, as an index into those of the analysis.
    pub finding: Option<usize>,
}

/// What changes in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These bytes, sorted and disjoint.
    Replacements(Vec<Replacement>),
    /// All of it is this text now.
    Text(Vec<u8>),
}

/// Looks at a text again.
pub type Check<'c> = &'c dyn Fn(Source) -> CheckedFile;

/// What can be done about the findings at `span`: fixes first.
#[must_use]
pub fn offers(analysis: &Analysis, span: Span) -> Vec<Action> {
    let is_here = |at: Span| at.start <= span.end && span.start <= at.end;
    let here = analysis.findings.iter().enumerate();
    let here: Vec<_> = here.filter(|(_, finding)| is_here(finding.primary.span)).collect();
    let mut rules: Vec<&'static str> = Vec::new();
    for (_, finding) in &here {
        if !rules.contains(&finding.rule) {
            rules.push(finding.rule);
        }
    }
    let fixes = here.iter().filter_map(|(nth, finding)| {
        let fix = finding.fix.as_ref().filter(|fix| !fix.replacements.is_empty())?;
        let (kind, title) = (ActionKind::Fix(fix.safety), fix.title.clone());
        Some(Action { kind, title, rule: finding.rule, finding: Some(*nth) })
    });
    let mut offers: Vec<Action> = fixes.collect();
    for &rule in &rules {
        let fixable = |finding: &&Finding| is_fixable(finding, rule);
        if analysis.findings.iter().filter(fixable).nth(1).is_some() {
            let title = format!("Fix all findings of {rule}");
            offers.push(Action { kind: ActionKind::FixRule, title, rule, finding: None });
        }
    }
    let is_written_by_hand =
        matches!(analysis.content, Content::Carrier | Content::Template | Content::Rendered);
    for (nth, finding) in here.iter().filter(|_| !is_written_by_hand) {
        if rules::get(finding.rule).is_some_and(rules::can_be_ignored) {
            let title = format!("Ignore {} here, with a reason", finding.rule);
            let (kind, rule) = (ActionKind::Suppress, finding.rule);
            offers.push(Action { kind, title, rule, finding: Some(*nth) });
        }
    }
    offers.extend(rules.into_iter().map(|rule| Action {
        kind: ActionKind::Explain,
        title: format!("Explain {rule}"),
        rule,
        finding: None,
    }));
    offers
}

/// The offer to apply all safe fixes, if there are any.
#[must_use]
pub fn fix_all(analysis: &Analysis) -> Option<Action> {
    let is_safe = |fix: &Fix| fix.safety == Safety::Safe && !fix.replacements.is_empty();
    let mut fixes = analysis.findings.iter().filter_map(|finding| finding.fix.as_ref());
    let title = "Apply all safe fixes of otel-lint".to_owned();
    let all = Action { kind: ActionKind::FixAll, title, rule: "", finding: None };
    fixes.any(is_safe).then_some(all)
}

/// What `action`, which was offered for `file`, changes in it; `None` if nothing can be changed after
/// all.
#[must_use]
pub fn change(file: &CheckedFile, action: &Action, check: Check<'_>) -> Option<Change> {
    let finding = || file.findings.get(action.finding?);
    match action.kind {
        ActionKind::Fix(_) => {
            let fix = finding()?.fix.as_ref()?;
            Some(Change::Replacements(fix.replacements.clone()))
        }
        ActionKind::FixRule => {
            let only = |mut file: CheckedFile| {
                file.analysis.findings.retain(|finding| is_fixable(finding, action.rule));
                file
            };
            let fixed = linter::fix(only(file.clone()), true, |source| only(check(source)));
            (fixed.count > 0).then(|| Change::Text(fixed.file.source.into_bytes()))
        }
        ActionKind::FixAll => {
            let fixed = linter::fix(file.clone(), false, check);
            (fixed.count > 0).then(|| Change::Text(fixed.file.source.into_bytes()))
        }
        ActionKind::Suppress => suppression(file, finding()?, check).map(Change::Replacements),
        ActionKind::Explain => None,
    }
}

fn is_fixable(finding: &Finding, rule: &str) -> bool {
    let fix = finding.fix.as_ref().filter(|fix| !fix.replacements.is_empty());
    finding.rule == rule && fix.is_some()
}

/// What makes `file` ignore `finding`, if that is understood when it is read again.
fn suppression(
    file: &CheckedFile,
    finding: &Finding,
    check: Check<'_>,
) -> Option<Vec<Replacement>> {
    let source = &file.source;
    let parsed = document::read(source);
    let doc = &parsed.document;
    let edits = suppress::edits(doc, [finding.pointer.as_str()], finding.rule, NO_REASON)?;
    let mut lowered = [Finding { fix: None, ..finding.clone() }.safe_fix("Ignore it", edits)];
    fix::lower(doc, &mut lowered);
    let [Finding { fix, .. }] = lowered;
    let replacements = fix?.replacements;
    let text = fix::replace(source.bytes(), &replacements);
    let after = check(Source::new(source.name(), text).with_format(source.format()));
    let count =
        |file: &CheckedFile| file.findings.iter().filter(|it| it.rule == finding.rule).count();
    (count(&after) < count(file)).then_some(replacements)
}
