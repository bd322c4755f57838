//! Runs the program in a folder of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A configuration without any finding.
pub const CLEAN: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "collector", "host": "collector" }] }
    }
  }
}
"#;

/// One error, at 5:75: no such port.
pub const BAD: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "c", "host": "collector", "port": 70000 }] }
    }
  }
}
"#;

/// One warning, at 5:75: gRPC to port 4318.
pub const WARN: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "c", "host": "collector", "port": 4318 }] }
    }
  }
}
"#;

/// The path of the program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_otel-lint");

/// What would change how the program behaves, if the tests run where it is set.
const ENVIRONMENT: [&str; 16] = [
    "CI_PROJECT_DIR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "FC_ENABLE",
    "FC_OUT",
    "FC_PARTIALS",
    "FC_SETTINGS",
    "FC_TEMPLATES",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "GITHUB_WORKSPACE",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "NO_COLOR",
    "WORKSPACE",
];

/// A fresh folder for one test, the root of a repository.
pub struct Folder(pub PathBuf);

impl Folder {
    /// The folder `name`, which no other test uses.
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join(".git")).expect("a folder for the test");
        Self(path)
    }

    /// The path of what is called `name` in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the test");
        std::fs::write(path, content).expect("a file for the test");
        self
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file of the test")
    }

    /// What is in the folder.
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("it is there");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let names = names.map(|name| name.to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name != ".git").collect();
        names.sort();
        names
    }

    /// `program`, to be run in the folder with nothing at standard input.
    pub fn start(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.0).stdin(Stdio::null());
        for name in ENVIRONMENT {
            command.env_remove(name);
        }
        command
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.start(PROGRAM);
        command.args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program runs")
    }

    /// A run with `input` at standard input.
    pub fn pipe(&self, args: &[&str], input: &[u8]) -> Output {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        child.stdin.take().expect("a pipe").write_all(input).expect("it reads all");
        child.wait_with_output().expect("it ends")
    }

    /// What a run says: status, standard output and standard error.
    pub fn told(&self, args: &[&str]) -> (i32, String, String) {
        self.told_in("", args)
    }

    /// The same in the folder `name` below this one.
    pub fn told_in(&self, name: &str, args: &[&str]) -> (i32, String, String) {
        let output = self.command(args).current_dir(self.path(name)).output();
        let output = output.expect("the program runs");
        (status(&output), out(&output), err(&output))
    }
}

pub fn status(output: &Output) -> i32 {
    output.status.code().expect("it was not killed")
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
