//! Random edits: the server lives, answers, and has the very text that the client has.

use serde_json::{Value, json};

use crate::client::{Client, able};

/// Numbers that look random, the same in each run.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end.max(1)
    }

    pub fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// What is typed and pasted: marks of each format, line ends, wide characters, settings.
pub const PIECES: [&str; 26] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "😀",
    "é",
    "- ",
    "#",
    "=",
    "{{",
    "}}",
    "\"port\": 1,",
    "telemetry/opentelemetry",
    "exporters:\n  ",
    "[[x]]\n",
    "|\n",
    "&a *a",
];

const JSON: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "trace_sample_rate": 0.5,
      "exporters": { "otlp": [{ "name": "😀", "host": "c", "use_http": true }] }
    }
  },
  "endpoints": [{ "endpoint": "/a", "backend": [{ "url_pattern": "/", "extra_config": {
    "telemetry/opentelemetry": { "backend": { "traces": {} } } } }] }]
}
"#;

const YAML: &str = "version: 3\r\nextra_config:\r\n  telemetry/opentelemetry:\r\n    exporters:\r\n      otlp:\r\n        - name: é\r\n          host: c # otel-lint: ignore[x] y\r\n          port: 70000\r\n";

const TOML: &str = "version = 3\n[extra_config.\"telemetry/opentelemetry\"]\ntrace_sample_rate = 0.5\n[[extra_config.\"telemetry/opentelemetry\".exporters.otlp]]\nname = \"c\"\nhost = \"c\"\n";

const MANIFEST: &str = "apiVersion: v1\nkind: ConfigMap\ndata:\n  krakend.json: |\n    {\"version\": 3, \"extra_config\": {\"telemetry/opentelemetry\": {\n      \"exporters\": {\"otlp\": [{\"name\": \"c\", \"host\": \"c\", \"use_http\": true}]}}}}\n";

const TEMPLATE: &str = "{\"version\": 3, \"extra_config\": {\"telemetry/opentelemetry\": {\n  {{ if .x }}\"trace_sample_rate\": {{ .x.rate }},{{ end }}\n  \"exporters\": {\"otlp\": [{\"name\": \"c\", \"host\": {{ marshal .x.host }}, \"use_http\": true}]}}}}\n";

/// The offset of a place by the rules of the protocol, one character after the other.
fn offset(text: &str, line: usize, character: usize, encoding: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at_line, mut column) = (0, 0);
    for (at, c) in text.char_indices() {
        let ends = c == '\n' || (c == '\r' && bytes.get(at + 1) != Some(&b'\n'));
        let is_end = c == '\n' || c == '\r';
        if at_line == line {
            let width = match encoding {
                "utf-8" => c.len_utf8(),
                "utf-16" => c.len_utf16(),
                _ => 1,
            };
            if is_end || column + width > character {
                return at;
            }
            column += width;
        }
        if ends {
            at_line += 1;
            column = 0;
        }
    }
    text.len()
}

fn edit_at_random(name: &str, start: &str, encoding: &str, seed: u64, rounds: usize) {
    let mut able = able();
    able["general"]["positionEncodings"] = json!([encoding]);
    let mut client = Client::new(able, json!({ "inlayHints": true }));
    let uri = format!("file:///nowhere/{name}");
    let mut random = Random(seed);
    let mut text = start.to_owned();
    client.open(&uri, "plain", &text);
    let mut version = 1;
    for round in 0..rounds {
        let mut changes = Vec::new();
        for _ in 0..=random.below(3) {
            if random.below(40) == 0 {
                // Cut off anywhere, or as it was in the beginning.
                let cut = (0..=start.len() - random.below(start.len())).rev();
                let cut = cut.into_iter().find(|at| start.is_char_boundary(*at)).unwrap_or(0);
                start[..cut].clone_into(&mut text);
                changes.push(json!({ "text": text }));
                continue;
            }
            let lines = text.lines().count() + 2;
            let (line, character) = (random.below(lines), random.below(70));
            let (more, width) = (random.below(8) / 7, random.below(6));
            let end = (line + more, if more == 0 { character + width } else { width });
            let new = match random.below(3) {
                0 => String::new(),
                1 => random.one_of(&PIECES).to_owned(),
                _ => random.one_of(&PIECES).repeat(2),
            };
            let from = offset(&text, line, character, encoding);
            let to = offset(&text, end.0, end.1, encoding).max(from);
            text.replace_range(from..to, &new);
            let place =
                |(line, character): (usize, usize)| json!({ "line": line, "character": character });
            let range = json!({ "start": place((line, character)), "end": place(end) });
            changes.push(json!({ "range": range, "text": new }));
        }
        version += 1;
        client.change(&uri, version, Value::Array(changes));
        let document = json!({ "uri": uri });
        let place = json!({ "line": random.below(12), "character": random.below(40) });
        let asked = json!({ "textDocument": document, "position": place });
        match round % 8 {
            0 => _ = client.request("textDocument/hover", asked),
            1 => _ = client.request("textDocument/completion", asked),
            2 => {
                let asked = json!({ "textDocument": document });
                _ = client.request("textDocument/documentSymbol", asked);
            }
            3 => _ = client.request("textDocument/definition", asked),
            4 => {
                let end = json!({ "line": 99, "character": 0 });
                let range = json!({ "start": place, "end": end });
                let context = json!({ "diagnostics": [] });
                let params =
                    json!({ "textDocument": document, "range": range, "context": context });
                _ = client.request("textDocument/codeAction", params);
            }
            5 => {
                let range = json!({ "start": place, "end": { "line": 99, "character": 0 } });
                let params = json!({ "textDocument": document, "range": range });
                _ = client.request("textDocument/inlayHint", params);
            }
            6 => _ = client.request("textDocument/prepareRename", asked),
            _ => _ = client.diagnostics(&uri, version),
        }
        let answer = client.request("otel-lint/text", json!({ "textDocument": document }));
        assert_eq!(answer["text"], text, "{name} {encoding} {seed} round {round}");
        assert_eq!(answer["version"], version);
    }
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn the_text_of_the_server_is_that_of_the_client() {
    let documents = [
        ("krakend.json", JSON),
        ("krakend.yaml", YAML),
        ("krakend.toml", TOML),
        ("configmap.yaml", MANIFEST),
        ("krakend.tmpl", TEMPLATE),
        ("otel-lint.toml", "[rules]\nsampling = \"off\"\n"),
    ];
    let more: usize = std::env::var("LSP_ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    for (nth, (name, text)) in documents.into_iter().enumerate() {
        let encoding = ["utf-16", "utf-8", "utf-32"][nth % 3];
        for seed in 0..more as u64 {
            edit_at_random(name, text, encoding, 7 + nth as u64 + 100 * seed, 80);
        }
    }
}
