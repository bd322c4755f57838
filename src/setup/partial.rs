//! Parts of a flexible configuration: members of an `extra_config`, without the braces around them, so that
//! a base can take them in beside others.

use serde_json::{Map, Value};

use super::{Refusal, edits};
use crate::source::{Format, Source};
use crate::{document, fix};

/// What makes an object of members, and the line that it adds before them.
const BRACES: (&[u8], &[u8]) = (b"{\n", b"\n}");

/// The text of a new part that has `blocks`.
#[must_use]
pub fn new(blocks: &[(&'static str, Value)]) -> String {
    let members: Map<String, Value> =
        blocks.iter().map(|(name, block)| ((*name).to_owned(), block.clone())).collect();
    let text = format!("{:#}", Value::Object(members));
    let lines = text.lines().filter_map(|line| line.strip_prefix("  "));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The text of `part`, which has members alone, with `blocks` behind them.
pub fn extended(part: &Source, blocks: &[(&'static str, Value)]) -> Result<Vec<u8>, Refusal> {
    if part.bytes().trim_ascii().is_empty() {
        return Ok(new(blocks).into_bytes());
    }
    let (open, close) = BRACES;
    let text = part.bytes().trim_ascii_end();
    let whole = [open, text, close].concat();
    let whole = Source::new(part.name(), whole).with_format(Format::Json);
    let parsed = document::read(&whole);
    let edits = edits(&parsed, blocks).map_err(|why| match why {
        Refusal::Present(line) => Refusal::Present(line - 1),
        Refusal::NoObject(line) => Refusal::NoObject(line - 1),
        other => other,
    })?;
    let edited = fix::edited(&parsed.document, edits).ok_or(Refusal::NoPlace)?;
    let members = edited.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let end = &part.bytes()[text.len()..];
    Ok([members.ok_or(Refusal::NoPlace)?, end].concat())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{extended, new};
    use crate::setup::Refusal;
    use crate::source::Source;

    #[test]
    fn blocks_go_behind_the_members_of_a_part() {
        let blocks = [("telemetry/opentelemetry", json!({"exporters": {}}))];
        let block = "\"telemetry/opentelemetry\": {\n  \"exporters\": {}\n}\n";
        assert_eq!(new(&blocks), block);
        let with = |text: &str| {
            let text = extended(&Source::new("t.tmpl", text), &blocks);
            text.map(|text| String::from_utf8(text).expect("UTF-8"))
        };
        assert_eq!(with(" \n").as_deref(), Ok(block));
        let logging = "\"telemetry/logging\": { \"level\": \"{{ .level }}\" }";
        assert_eq!(with(&format!("{logging}\n")), Ok(format!("{logging},\n{block}")));
        assert_eq!(with(logging), Ok(format!("{logging},\n{}", block.trim_end())));
        let indented = format!("    {logging},\r\n    \"router\": {{}}\r\n\r\n");
        let expected =
            "    \"telemetry/opentelemetry\": {\r\n        \"exporters\": {}\r\n    }\r\n\r\n";
        let expected = format!("{},\r\n{expected}", indented.trim_end());
        assert_eq!(with(&indented), Ok(expected));
        assert_eq!(with("\n\"telemetry/opentelemetry\": {}"), Err(Refusal::Present(2)));
        assert_eq!(with("\"telemetry/logging\": {{ .logging }}"), Err(Refusal::Broken));
        assert_eq!(with("\"endpoint\": \"/a\""), Err(Refusal::Foreign));
    }
}
