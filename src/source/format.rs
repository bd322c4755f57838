//! The formats of configurations, and how one is told by a name or a text.

/// The formats a configuration comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Strict JSON, as Go's `encoding/json` reads it.
    #[default]
    Json,
    /// YAML, as `go.yaml.in/yaml/v3` reads it.
    Yaml,
    /// TOML, as `pelletier/go-toml` reads it.
    Toml,
}

/// What is to be known about a format outside of its reader.
struct Traits {
    format: Format,
    /// The name in messages.
    name: &'static str,
    /// The name in rule examples and on the command line.
    word: &'static str,
    /// The extensions of its files, in lower case.
    extensions: &'static [&'static str],
    /// The rule about its syntax.
    syntax_rule: &'static str,
}

/// Every format. A new one needs its entry here, and its reader in `document/`.
const FORMATS: [Traits; 3] = [
    Traits {
        format: Format::Json,
        name: "JSON",
        word: "json",
        extensions: &["json"],
        syntax_rule: "invalid-json",
    },
    Traits {
        format: Format::Yaml,
        name: "YAML",
        word: "yaml",
        extensions: &["yaml", "yml"],
        syntax_rule: "invalid-yaml",
    },
    Traits {
        format: Format::Toml,
        name: "TOML",
        word: "toml",
        extensions: &["toml"],
        syntax_rule: "invalid-toml",
    },
];

impl Format {
    /// Every format.
    pub const ALL: [Self; FORMATS.len()] = {
        let mut all = [Self::Json; FORMATS.len()];
        let mut nth = 0;
        while nth < FORMATS.len() {
            all[nth] = FORMATS[nth].format;
            nth += 1;
        }
        all
    };

    fn traits(self) -> &'static Traits {
        FORMATS.iter().find(|traits| traits.format == self).expect("every format has its entry")
    }

    /// The extensions of its files, in lower case.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        self.traits().extensions
    }

    /// The name on the command line and in rule examples.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.traits().word
    }

    /// The id of the rule about its syntax.
    #[must_use]
    pub fn syntax_rule(self) -> &'static str {
        self.traits().syntax_rule
    }

    /// The format of a file called `name`, by its extension in any case: what is not YAML or TOML is
    /// JSON, as for the gateway (krakend-koanf `parser.go:56-65`).
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        Self::named(name).unwrap_or(Self::Json)
    }

    /// The format that the extension of `name` stands for, if it does for one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        let is = |known: &&str| known.eq_ignore_ascii_case(extension);
        Self::ALL.into_iter().find(|format| format.extensions().iter().any(is))
    }

    /// The format of a text without a name, by its first line that is neither empty nor begins with
    /// `#`: a `{` or a list is JSON, `[name]` and `key =` are TOML, anything else is YAML. A text
    /// without such a line is JSON.
    #[must_use]
    pub fn of_text(bytes: &[u8]) -> Self {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let Some(line) = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")) else {
            return Self::Json;
        };
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.\"'/ \t".contains(byte);
        match line {
            [b'{', ..] => Self::Json,
            [b'[', rest @ ..] => {
                let rest = rest.strip_prefix(b"[").unwrap_or(rest);
                let name = rest.iter().position(|byte| !is_name(byte)).unwrap_or(rest.len());
                let is_word = rest[..name].iter().any(|b| b.is_ascii_alphabetic() || *b == b'_');
                if is_word && rest[name..].starts_with(b"]") { Self::Toml } else { Self::Json }
            }
            _ => {
                let name = line.iter().position(|byte| !is_name(byte)).unwrap_or(line.len());
                let is_toml = name > 0 && line[name..].starts_with(b"=");
                if is_toml { Self::Toml } else { Self::Yaml }
            }
        }
    }

    /// The name in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.traits().name
    }
}
