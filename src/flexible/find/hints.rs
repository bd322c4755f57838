//! What a Dockerfile, a Compose file, a manifest or a script says of the folders of a flexible
//! configuration. They are read as text: what counts is that a variable is set there to some path.

use super::paths;
use crate::source::Format;

/// A folder of a flexible configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folder {
    Settings,
    Partials,
    Templates,
}

impl Folder {
    const ALL: [Self; 3] = [Self::Settings, Self::Partials, Self::Templates];

    fn variable(self) -> &'static str {
        match self {
            Self::Settings => "FC_SETTINGS",
            Self::Partials => "FC_PARTIALS",
            Self::Templates => "FC_TEMPLATES",
        }
    }

    /// The names that such a folder usually has.
    pub(super) fn names(self) -> [&'static str; 2] {
        match self {
            Self::Settings => ["settings", "setting"],
            Self::Partials => ["partials", "partial"],
            Self::Templates => ["templates", "template"],
        }
    }

    /// The folder that is usually called `name`.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|folder| folder.names().contains(&name))
    }
}

/// What one file says.
#[derive(Clone, Debug)]
pub struct Hint {
    /// Its path.
    pub file: String,
    /// Folders as the gateway sees them.
    pub(super) values: Vec<(Folder, String)>,
    /// What the extension of `FC_OUT` says.
    pub(super) format: Option<Format>,
    /// The arguments of `-c`.
    pub(super) bases: Vec<String>,
    /// What is copied or mounted: from, to.
    pub(super) copies: Vec<(String, String)>,
}

/// Whether the file called `name` is of a kind that sets variables for a gateway.
#[must_use]
pub fn may_say(name: &str) -> bool {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["dockerfile", "containerfile", "makefile", "justfile", "taskfile", "jenkinsfile", ".env"]
        .iter()
        .any(|part| name.contains(part))
        || ["yml", "yaml", "sh", "bash", "mk", "env", "ps1", "bat", "tf", "tpl", "service"]
            .contains(&extension)
}

impl Hint {
    /// What `text`, the text of `file`, says; `None` if that is nothing.
    #[must_use]
    pub fn read(file: &str, text: &str) -> Option<Self> {
        if !text.contains("FC_") {
            return None;
        }
        let values_of = |variable: &'static str| {
            text.match_indices(variable).filter_map(|(at, name)| value(text, at, name.len()))
        };
        let mut values = Vec::new();
        for folder in Folder::ALL {
            values.extend(values_of(folder.variable()).map(|value| (folder, value.to_owned())));
        }
        if values.is_empty() {
            return None;
        }
        let format = values_of("FC_OUT").find_map(Format::named);
        let (bases, copies) = (bases(text), copies(text));
        Some(Self { file: file.to_owned(), values, format, bases, copies })
    }

    /// Whether it stands where what is about a base in the folder `base` may stand: in the same folder,
    /// above it, below it or below the folder around it. Hidden folders belong to the one around them.
    pub(super) fn is_beside(&self, base: &str) -> bool {
        let around = paths::folder(base);
        self.is_in_line(base)
            || (!around.is_empty() && paths::is_within(&self.visible_folder(), around))
    }

    /// Whether it stands in the folder `base`, above it or below it.
    pub(super) fn is_in_line(&self, base: &str) -> bool {
        let folder = self.visible_folder();
        paths::is_within(base, &folder) || paths::is_within(&folder, base)
    }

    /// The folder it is in, or the one around a hidden one.
    fn visible_folder(&self) -> String {
        let visible = self.folder().split('/').take_while(|part| !part.starts_with('.'));
        visible.collect::<Vec<_>>().join("/")
    }

    /// The folder it is in.
    pub(super) fn folder(&self) -> &str {
        paths::folder(&self.file)
    }
}

/// What the variable whose name is at `at` is set to.
fn value(text: &str, at: usize, len: usize) -> Option<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let (before, after) = (&text[..at], &text[at + len..]);
    let line = before.rsplit('\n').next().unwrap_or_default();
    if before.ends_with(is_word) || after.starts_with(is_word) || is_comment(line) {
        return None;
    }
    let after = after.trim_start_matches(['"', '\'']);
    let next = after.trim_start_matches([' ', '\t']);
    let value = if let Some(value) =
        [":=", "?=", "=", ":"].iter().find_map(|s| next.strip_prefix(s))
    {
        value.trim_start_matches([' ', '\t'])
    } else if next.starts_with(['\n', '\r']) {
        // As in the manifest of a container.
        next.trim_start().strip_prefix("value:")?.trim_start_matches([' ', '\t'])
    } else if next.len() < after.len() && line.trim_start().to_ascii_uppercase().starts_with("ENV")
    {
        next
    } else {
        return None;
    };
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split([quote, '\n']).next()?,
        _ => value.split(|c: char| c.is_whitespace() || "\"',;\\&|".contains(c)).next()?,
    };
    Some(value.trim()).filter(|value| !value.is_empty())
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//")
}

/// What follows `-c`.
fn bases(text: &str) -> Vec<String> {
    let mut bases = Vec::new();
    for line in text.lines().filter(|line| !is_comment(line)) {
        let words = line.split(|c: char| c.is_whitespace() || "\"'[],=".contains(c));
        let mut words = words.filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            let is_short = word.len() <= 4
                && word.starts_with('-')
                && word.ends_with('c')
                && word[1..].chars().all(|c| c.is_ascii_lowercase());
            if let Some(next) = words.peek().filter(|_| is_short || word == "--config") {
                bases.push((*next).to_owned());
            }
        }
    }
    bases
}

/// What is copied into an image or mounted into a container.
fn copies(text: &str) -> Vec<(String, String)> {
    let mut copies = Vec::new();
    for line in text.lines().filter(|line| !is_comment(line)) {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default().to_ascii_uppercase();
        if first == "COPY" || first == "ADD" {
            let words: Vec<&str> = words.filter(|word| !word.starts_with("--")).collect();
            if let [sources @ .., target] = &*words {
                let pair = |source: &&str| ((*source).to_owned(), (*target).to_owned());
                copies.extend(sources.iter().map(pair));
            }
            continue;
        }
        for word in line.split_whitespace() {
            let word = word.trim_matches(['"', '\'', ',', '\\']);
            let mut parts = word.split(':');
            if let (Some(from), Some(to)) = (parts.next(), parts.next())
                && to.starts_with('/')
                && !to.starts_with("//")
                && !from.is_empty()
            {
                copies.push((from.to_owned(), to.to_owned()));
            }
        }
    }
    copies
}
