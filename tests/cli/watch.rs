//! `--watch`: what editors do to files is seen, and Ctrl-C ends it.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use crate::faults::send;
use crate::program::{Folder, PROGRAM};

fn config(port: u32) -> String {
    format!(
        r#"{{"version": 3, "extra_config": {{"telemetry/opentelemetry": {{"exporters": {{
            "otlp": [{{"name": "c", "host": "collector", "port": {port}}}]}}}}}}}}"#
    )
}

/// The program in `folder`, started as by a shell in the foreground: whoever runs the tests may ignore
/// SIGINT, as a shell does for what it starts with `&`, and children inherit that. GNU's `env` undoes it.
fn program(folder: &Folder) -> Command {
    let reset = "--default-signal=INT";
    let can_reset = Command::new("env").args([reset, "true"]).stderr(Stdio::null()).status();
    if can_reset.is_ok_and(|status| status.success()) {
        let mut command = folder.start("env");
        command.args([reset, PROGRAM]);
        return command;
    }
    eprintln!(
        "no `env --default-signal` here: Ctrl-C ends the program only if SIGINT is not ignored"
    );
    folder.start(PROGRAM)
}

/// A running watch, its lines of standard error as they come.
struct Watch {
    folder: Folder,
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn new(name: &str, args: &[&str]) -> Self {
        let folder = Folder::new(&format!("watch/{name}"));
        folder.write("krakend.json", config(4317));
        let mut child = program(&folder)
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self { folder, child, lines }
    }

    /// Everything that is said up to the end of the next run.
    fn run(&self) -> String {
        let mut said = String::new();
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(60)).expect("another run");
            if line.starts_with("watching for changes") {
                return said;
            }
            said.push_str(&line);
            said.push('\n');
        }
    }

    /// That nothing runs for a while.
    fn is_quiet(&self) {
        let line = self.lines.recv_timeout(Duration::from_millis(1500));
        assert!(line.is_err(), "{line:?}");
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path(name)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_editors_do_is_seen() {
    let watch = Watch::new("editors", &["--watch"]);
    assert!(watch.run().contains("no findings"));
    watch.is_quiet();

    fs::write(watch.path("krakend.json"), config(4318)).expect("written in place");
    assert!(watch.run().contains("1 warning"));

    // As vim and JetBrains save: another file takes the name, here one of the same length.
    fs::write(watch.path(".new"), config(4319)).expect("written beside");
    fs::rename(watch.path(".new"), watch.path("krakend.json")).expect("renamed over");
    assert!(watch.run().contains("no findings"));

    fs::remove_file(watch.path("krakend.json")).expect("deleted");
    assert!(watch.run().contains("krakend.json: no such file"));
    watch.is_quiet();
    fs::write(watch.path("krakend.json"), config(70000)).expect("created again");
    assert!(watch.run().contains("1 error"));

    // The settings count, also where there were none.
    fs::write(watch.path("otel-lint.toml"), "[rules]\nport-range = 'warning'\n").expect("settings");
    assert!(watch.run().contains("1 warning"));
    fs::write(watch.path("otel-lint.toml"), "[rules]\nport-range = 'wrong'\n").expect("settings");
    assert!(watch.run().contains("otel-lint.toml is wrong"));
    fs::remove_file(watch.path("otel-lint.toml")).expect("deleted");
    assert!(watch.run().contains("1 error"));
}

#[test]
fn a_folder_is_searched_again() {
    let watch = Watch::new("folder", &["--watch", "."]);
    assert!(watch.run().contains("no findings in 1 file"));
    fs::create_dir_all(watch.path("new")).expect("a folder");
    fs::write(watch.path("new/gateway.json"), config(4318)).expect("a file");
    assert!(watch.run().contains("1 warning in 2 files"));
    fs::write(watch.path("new/other.txt"), "not ours").expect("a file");
    watch.is_quiet();
    fs::remove_dir_all(watch.path("new")).expect("deleted");
    assert!(watch.run().contains("no findings in 1 file"));
}

#[test]
fn ctrl_c_ends_it() {
    let mut watch = Watch::new("interrupt", &["--watch", "--quiet", "krakend.json"]);
    watch.run();
    send("INT", &watch.child);
    let end = Instant::now() + Duration::from_secs(60);
    let status = loop {
        match watch.child.try_wait().expect("it can be asked") {
            Some(status) => break status,
            None if Instant::now() > end => panic!("it still runs: is SIGINT ignored here?"),
            None => thread::sleep(Duration::from_millis(10)),
        }
    };
    assert_eq!(status.signal(), Some(2), "{status}");
}

#[test]
fn standard_input_cannot_be_watched() {
    let mut watch = Watch::new("stdin", &["--watch", "-"]);
    let line = watch.lines.recv_timeout(Duration::from_secs(60)).expect("a line");
    assert!(line.contains("standard input cannot be watched"), "{line}");
    assert_eq!(watch.child.wait().expect("it ends").code(), Some(2));
}
