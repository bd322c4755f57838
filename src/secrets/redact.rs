//! Findings without secrets: whatever a rule or a reader quotes.

use std::borrow::Cow;

use super::values::{parts, redacted_as};
use super::{STARS, in_text, near, overlapping};
use crate::document::{Document, Kind};
use crate::finding::Finding;
use crate::source::{Source, Span};

/// The shortest secret that is looked for anywhere in a text; a shorter one only counts if it is
/// quoted.
const SHORTEST: usize = 4;

/// Secrets at the places of a finding that are compared with what it says; if there are more, nothing
/// that it quotes is shown.
const MOST: usize = 32;

/// Bytes of a secret that is looked for in what is said; beside a longer one nothing quoted is shown.
const LONGEST: usize = 8192;

/// Takes what may be secret out of all that `findings` of `docs` say, the documents of one source in their
/// order, and gives the secrets near their places, sorted. Values of keys called like one of `headers` are
/// among them.
#[must_use]
pub fn protect(
    docs: &[&Document<'_>],
    findings: &mut [&mut Finding],
    headers: &[String],
) -> Vec<Span> {
    let Some(source) = docs.first().map(|doc| doc.source()) else { return Vec::new() };
    let secrets = near(docs, findings, headers);
    let beginning = |doc: &Document<'_>| doc.root().map(|root| doc.span(root).start);
    let docs: Vec<_> = docs.iter().filter_map(|doc| Some((beginning(doc)?, *doc))).collect();
    for finding in findings {
        redact(source, finding, &secrets);
        let place = finding.primary.span.start;
        let holder = docs.partition_point(|(start, _)| *start <= place).saturating_sub(1);
        if let Some((_, doc)) = docs.get(holder) {
            hide_keys(doc, finding, &secrets);
        }
    }
    secrets
}

/// The same for `findings` of a text that is not read as a document.
#[must_use]
pub fn protect_text(source: &Source, findings: &mut [Finding]) -> Vec<Span> {
    let secrets = in_text(source);
    for finding in findings {
        redact(source, finding, &secrets);
    }
    secrets
}

/// Takes `secrets` of `source` out of the words of `finding`.
fn redact(source: &Source, finding: &mut Finding, secrets: &[Span]) {
    let there = Secrets::at(source, finding, secrets);
    let labels = std::iter::once(&mut finding.primary).chain(&mut finding.related);
    let title = finding.fix.as_mut().map(|fix| &mut fix.title);
    let texts = [&mut finding.message, &mut finding.help].into_iter();
    for text in texts.chain(labels.map(|label| &mut label.text)).chain(title) {
        if let Cow::Owned(clean) = there.without(text) {
            *text = clean;
        }
    }
    if let Some(fix) = &mut finding.fix {
        let shows = |text: &str| matches!(there.without(text), Cow::Owned(_));
        fix.is_secret |= fix.replacements.iter().any(|replacement| shows(&replacement.text));
    }
}

/// The secrets at the places of one finding.
struct Secrets {
    texts: Vec<String>,
    are_all: bool,
}

impl Secrets {
    fn at(source: &Source, finding: &Finding, secrets: &[Span]) -> Self {
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        let spans = labels.flat_map(|label| overlapping(secrets, label.span));
        let mut texts = Vec::new();
        let mut count = 0;
        for span in spans.take(MOST + 1) {
            count += 1;
            if span.range().len() > LONGEST {
                // What quotes a part of it is not shown at all: see `are_all`.
                count = MOST + 1;
                break;
            }
            let raw = String::from_utf8_lossy(source.slice(*span));
            if let Ok(text) = serde_json::from_str::<String>(&raw) {
                texts.push(text);
            }
            texts.push(raw.trim_matches(is_quote).to_owned());
            // Beside a fault a secret may be more than one string.
            let strings = raw.split(is_quote).filter(|string| string.len() >= SHORTEST);
            texts.extend(strings.map(str::to_owned));
        }
        for nth in 0..texts.len() {
            let text = texts[nth].clone();
            for part in parts(&text) {
                let pieces = text[part.clone()].split([':', '@', ' ']).map(str::to_owned);
                texts.extend(pieces);
                texts.push(text[part].to_owned());
            }
        }
        texts.retain(|text| !text.is_empty());
        // The longest first: it may have a shorter one in it.
        texts.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        texts.dedup();
        Self { texts, are_all: count <= MOST }
    }

    /// `text` with stars in the place of secrets.
    fn without<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut clean = Cow::Borrowed(text);
        for secret in &self.texts {
            if let Some(less) = without(&clean, secret) {
                clean = Cow::Owned(less);
            }
        }
        if (!self.texts.is_empty() || !self.are_all)
            && let Some(less) = self.without_cuts(&clean)
        {
            clean = Cow::Owned(less);
        }
        let less = redacted_as(&clean, &without_prose_colons(&clean));
        if let Some(less) = less {
            clean = Cow::Owned(less);
        }
        clean
    }

    /// `text` without what it quotes and cuts short if a part of a secret is left in it; without
    /// everything that it quotes unless all secrets there are known.
    fn without_cuts(&self, text: &str) -> Option<String> {
        let hides = |quoted: &str| !self.are_all || self.has_rest(quoted);
        let shown = text.split('`').enumerate().map(|(nth, part)| {
            // Every other part is quoted.
            if nth % 2 == 1 && hides(part) { STARS } else { part }
        });
        let shown = shown.collect::<Vec<_>>().join("`");
        (shown != text).then_some(shown)
    }

    /// Whether `quoted` is cut short, and what is left of it is a part of a secret.
    fn has_rest(&self, quoted: &str) -> bool {
        quoted.contains('…')
            && quoted.split('…').map(|rest| rest.trim_matches(is_quote)).any(|rest| {
                rest.len() >= SHORTEST && self.texts.iter().any(|secret| secret.contains(rest))
            })
    }
}

/// `text` with another character for the colons of its prose, so that what stands behind one is not taken
/// for the value of the name before it: "no setting `headers`: it is ignored". What comes from a file
/// stands in quotes in the words of a finding. As long as `text`, in bytes.
fn without_prose_colons(text: &str) -> Cow<'_, str> {
    if !text.contains(": ") || text.matches('`').count() % 2 == 1 {
        return Cow::Borrowed(text);
    }
    let mut quote = None;
    let mut rest = text.chars().peekable();
    let mut changed = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '`' || c == '"' => quote = Some(c),
            _ => {}
        }
        let is_prose = quote.is_none() && c == ':' && rest.peek() == Some(&' ');
        changed.push(if is_prose { '.' } else { c });
    }
    Cow::Owned(changed)
}

/// `text` without `secret`; `None` if it is not in it.
fn without(text: &str, secret: &str) -> Option<String> {
    let mut clean = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(secret) {
        let (before, after) = (&text[..at], &text[at + secret.len()..]);
        let (last, next) = (before.chars().next_back(), after.chars().next());
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_apart = if secret.len() < SHORTEST {
            last.is_some_and(is_quote) && next.is_some_and(is_quote)
        } else {
            !is_word(last) && !is_word(next)
        };
        if is_apart {
            clean.push_str(&text[done..at]);
            clean.push_str(STARS);
            done = at + secret.len();
        }
    }
    (done > 0).then(|| clean + &text[done..])
}

/// Takes keys that are secrets, such as a value that lost its key to a fault, out of the pointer and
/// the identity of `finding`.
fn hide_keys(doc: &Document<'_>, finding: &mut Finding, secrets: &[Span]) {
    let mut at = doc.root();
    let mut hidden: Vec<String> = Vec::new();
    for part in finding.pointer.split('/').skip(1) {
        let key = part.replace("~1", "/").replace("~0", "~");
        let member = match at.map(|node| (node, doc.kind(node))) {
            Some((list, Kind::Array)) => {
                at = key.parse().ok().and_then(|index| doc.item(list, index));
                continue;
            }
            Some((object, Kind::Object)) => doc.get(object, &key),
            _ => None,
        };
        let is_secret = member
            .is_some_and(|member| overlapping(secrets, doc.span(member.key)).next().is_some());
        if is_secret || !parts(&key).is_empty() {
            hidden.push(part.to_owned());
        }
        at = member.map(|member| member.value);
    }
    for part in hidden {
        for text in [&mut finding.pointer, &mut finding.identity] {
            let parts = text.split('/').map(|own| if own == part { STARS } else { own });
            *text = parts.collect::<Vec<_>>().join("/");
        }
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(secret: &str, text: &str) -> String {
        let there = Secrets { texts: vec![secret.to_owned()], are_all: true };
        there.without(text).into_owned()
    }

    #[test]
    fn a_secret_is_taken_out_of_what_is_said() {
        for (secret, text, shown) in [
            ("hunter", "`hunter` is not a number", "`***` is not a number"),
            ("hunter", "the key `\"hunter\"` has no value", "the key `\"***\"` has no value"),
            ("hunter", "hunters", "hunters"),
            ("ab", "`ab` or ab", "`***` or ab"),
            ("hunter-and-more", "`hunter-a…` is not a number", "`***` is not a number"),
            ("hunter", "such as `\"a\": \"…\"`", "such as `\"a\": \"…\"`"),
            ("x", "set `https://u:p@h`", "set `https://***@h`"),
            ("x", "no setting `headers`: it is ignored", "no setting `headers`: it is ignored"),
            ("x", "no headers: nothing is sent", "no headers: nothing is sent"),
            ("x", "`headers: a=b` stands here", "`headers: ***` stands here"),
            ("x", "\"password: b\" stands here", "\"password: ***\" stands here"),
            ("x", "a quote ` and password: b", "a quote ` and password: ***"),
            ("x", "see: Bearer abc", "see: Bearer ***"),
        ] {
            assert_eq!(clean(secret, text), shown);
        }
    }

    #[test]
    fn nothing_quoted_is_shown_beside_too_many_secrets() {
        let there = Secrets { texts: vec!["x".to_owned()], are_all: false };
        assert_eq!(there.without("`abc` stands here"), "`***` stands here");
    }
}
