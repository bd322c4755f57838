//! Faults around the program: a full disk, permissions that are lost, files that change while they are
//! read, links in circles, signals. The status tells, no part of a file is left, and nothing is lost.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::program::{BAD, CLEAN, Folder, PROGRAM, err, out, status};

/// A configuration with something to fix.
fn fixable() -> String {
    CLEAN.replace("\"host\":", "\"port\": \"4317\", \"host\":")
}

#[test]
fn a_full_disk_is_no_success() {
    if !fs::exists("/dev/full").expect("an answer") {
        return eprintln!("skipped: there is no /dev/full here");
    }
    let folder = Folder::new("full-disk");
    folder.write("krakend.json", CLEAN).write("bad.json", BAD);
    for arguments in
        [&["bad.json"][..], &["bad.json", "-f", "json"], &["effective", "krakend.json"]]
    {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("it is there");
        let output = Command::new(PROGRAM)
            .args(arguments)
            .current_dir(&folder.0)
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(err(&output).contains("cannot write to standard output"), "{}", err(&output));
    }
    // A report and a baseline in a full place.
    for arguments in [["--report", "json=/dev/full"], ["--write-baseline", "/dev/full"]] {
        let output = folder.run(&[&["krakend.json"], &arguments[..]].concat());
        assert_eq!(status(&output), 2, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains("/dev/full"), "{}", err(&output));
    }
    assert_eq!(folder.names(), ["bad.json", "krakend.json"]);
}

#[test]
fn a_disk_that_is_full_leaves_the_old_file() {
    // A file system of one page, if this user may make one.
    let folder = Folder::new("tiny-disk");
    let mount = folder.0.join("disk");
    fs::create_dir(&mount).expect("a folder");
    let text = format!("{}{}", fixable().trim_end(), " ".repeat(3000));
    let script = format!(
        "mount -t tmpfs -o size=8k none disk && printf %s '{}' > disk/krakend.json && \
         head -c 3000 /dev/zero > disk/other; \"$0\" --fix --unsafe-fixes disk/krakend.json; \
         echo status $?; ls -A disk; cat disk/krakend.json",
        text.replace('\'', "'\\''")
    );
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", &script, PROGRAM])
        .current_dir(&folder.0)
        .output();
    let Ok(output) = output else {
        return eprintln!("skipped: no file system can be made here");
    };
    let shown = out(&output);
    if err(&output).contains("mount:") || err(&output).contains("unshare:") {
        return eprintln!("skipped: no file system can be made here: {}", err(&output));
    }
    assert!(shown.contains("status 2"), "{shown}\n{}", err(&output));
    assert!(err(&output).contains("cannot be written"), "{}", err(&output));
    assert!(shown.contains("krakend.json\nother\n"), "{shown}");
    assert!(shown.ends_with(&text), "the old text is still there: {shown}");
}

#[test]
fn a_folder_that_takes_no_files_leaves_the_old_ones() {
    let folder = Folder::new("closed-folder");
    folder.write("krakend.json", fixable());
    let closed = |mode| fs::set_permissions(&folder.0, fs::Permissions::from_mode(mode));
    closed(0o555).expect("permissions change");
    if fs::write(folder.0.join("probe"), "").is_ok() {
        closed(0o755).expect("permissions change");
        return eprintln!("skipped: permissions hold nobody back here");
    }
    let output = folder.run(&["--fix", "--unsafe-fixes", "krakend.json"]);
    closed(0o755).expect("permissions change");
    assert_eq!(status(&output), 2, "{}", err(&output));
    assert_eq!(folder.read("krakend.json"), fixable());
    assert_eq!(folder.names(), ["krakend.json"]);
}

#[test]
fn links_in_circles_end() {
    let folder = Folder::new("link-circles");
    folder.write("gateway/krakend.json", CLEAN);
    symlink("..", folder.0.join("gateway/up")).expect("a link");
    symlink("loop.json", folder.0.join("loop.json")).expect("a link");
    symlink("b.json", folder.0.join("a.json")).expect("a link");
    symlink("a.json", folder.0.join("b.json")).expect("a link");
    let output = folder.run(&["."]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    for name in ["loop.json", "a.json", "gateway/up/loop.json"] {
        for arguments in [&[name][..], &[name, "--fix"], &["effective", name]] {
            let output = folder.run(arguments);
            assert_eq!(status(&output), 2, "{arguments:?}: {}", err(&output));
            assert!(err(&output).contains(name), "{arguments:?}: {}", err(&output));
        }
    }
    let output = folder.run(&["gateway/krakend.json", "--report", "json=loop.json"]);
    assert_eq!(status(&output), 2, "{}", err(&output));
}

#[test]
fn a_file_that_is_replaced_all_the_time_is_read_whole_or_told() {
    let folder = Folder::new("replaced");
    let fixable = fixable();
    folder.write("krakend.json", &fixable);
    let path = folder.0.join("krakend.json");
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Two texts, never a mixture, with the file missing in between now and then.
            for nth in 0.. {
                if stop.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                let new = folder.0.join("new");
                fs::write(&new, if nth % 2 == 0 { CLEAN } else { &*fixable })
                    .expect("it is written");
                fs::rename(&new, &path).expect("it is renamed");
                if nth % 7 == 0 {
                    let _ = fs::remove_file(&path);
                }
            }
        });
        for _ in 0..12 {
            let output = folder.run(&["--fix", "--unsafe-fixes", "krakend.json"]);
            // Nothing to fix, fixed, or it was changed meanwhile or is gone; never a panic or a signal.
            assert!([0, 1, 2].contains(&status(&output)), "{:?}", output.status);
            assert!(!err(&output).contains("panicked"), "{}", err(&output));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(!folder.names().iter().any(|name| name.contains(".tmp")), "{:?}", folder.names());
}

/// Sends a signal. By the `kill` of the shell: small systems have no program of that name.
pub fn send(signal: &str, child: &Child) {
    let kill = format!("kill -{signal} {}", child.id());
    let sent = Command::new("sh").args(["-c", &kill]).status();
    assert!(sent.expect("a shell").success());
}

#[test]
fn a_signal_ends_it_and_leaves_no_part_of_a_file() {
    for signal in ["INT", "TERM"] {
        let folder = Folder::new(&format!("signal-{signal}"));
        // It waits for standard input, which never ends.
        let has_env = Command::new("env").args(["--default-signal=INT", "true"]).status();
        let mut command = if has_env.is_ok_and(|status| status.success()) {
            let mut command = Command::new("env");
            command.args(["--default-signal=INT", PROGRAM]);
            command
        } else {
            Command::new(PROGRAM)
        };
        let mut child = command
            .args(["-", "--report", "json=report.json"])
            .current_dir(&folder.0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep(Duration::from_millis(300));
        send(signal, &child);
        let ended = child.wait().expect("it ends");
        let number = if signal == "INT" { 2 } else { 15 };
        assert_eq!(ended.signal(), Some(number), "{ended:?}");
        assert_eq!(folder.names(), [""; 0]);
    }
}
