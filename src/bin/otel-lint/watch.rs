//! `--watch`: check again whenever something changes.
//!
//! By asking, not by being told: what an editor does to a file (write, rename over it, delete and
//! create), what a network drive or a container tells about that, and which folders have to be
//! watched for it, differs too much. Asking costs a look at each file's time, length and number.

use std::fs::{self, Metadata};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use otel_lint::report;
use otel_lint::settings::FILE_NAMES;

use crate::args::CheckArgs;
use crate::check::{self, Plan};
use crate::exit::Outcome;
use crate::inputs::InputError;
use crate::{discovery, output, projects, settings};

/// Time between two looks, unless a look takes long.
const PAUSE: Duration = Duration::from_millis(300);
/// Time in which what changed must not change again.
const CALM: Duration = Duration::from_millis(40);
/// Looks at what goes on changing, before it is checked all the same.
const PATIENCE: u32 = 25;

/// Checks until the user has enough, or nobody reads any more.
pub fn run(args: &CheckArgs) -> Outcome {
    let plan = match Plan::new(args) {
        Ok(plan) if plan.named.iter().any(|path| path.as_os_str() == "-") => {
            Err(InputError::StandardInput)
        }
        plan => plan,
    };
    let plan = match plan {
        Ok(plan) => plan,
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            return Outcome::Failed;
        }
    };
    let clears = io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|t| t != "dumb");
    loop {
        // Taken before the check: what changes meanwhile is seen afterwards.
        let seen = Snapshot::new(&plan, args);
        if clears {
            let _ = output::print("\x1b[H\x1b[2J\x1b[3J");
        }
        let outcome = check::once(&plan, args);
        if output::is_closed() {
            return outcome;
        }
        output::say("\nwatching for changes; Ctrl-C ends");
        seen.wait(&plan, args);
    }
}

/// What tells one state of a file from another.
type Stamp = (Option<SystemTime>, u64, u64);

/// The state of everything that decides what a run says.
#[derive(PartialEq, Eq)]
struct Snapshot(Vec<(PathBuf, Option<Stamp>)>);

impl Snapshot {
    fn new(plan: &Plan, args: &CheckArgs) -> Self {
        let finder = Arc::new(settings::finder(&args.settings));
        let mut files: Vec<PathBuf> = args.settings.config.iter().cloned().collect();
        for path in &plan.named {
            if discovery::is_folder(path) {
                files.extend(discovery::candidates(path, &plan.exclude, &finder, usize::MAX).files);
            } else {
                files.push(path.clone());
                files.extend(projects::around(path, &finder));
            }
        }
        if args.settings.config.is_none() && !args.settings.no_config {
            // Where there is no settings file yet there may be one soon.
            let mut folders: Vec<PathBuf> = files
                .iter()
                .flat_map(|file| {
                    finder.absolute(file).ancestors().skip(1).map(PathBuf::from).collect::<Vec<_>>()
                })
                .collect();
            folders.sort_unstable();
            folders.dedup();
            let names = |folder: PathBuf| FILE_NAMES.map(|name| folder.join(name));
            files.extend(folders.into_iter().flat_map(names));
        }
        Self(files.into_iter().map(|file| (stamp(&file), file)).map(|(s, f)| (f, s)).collect())
    }

    /// Waits until something is other than here, and has come to rest.
    fn wait(&self, plan: &Plan, args: &CheckArgs) {
        let mut pause = PAUSE;
        loop {
            thread::sleep(pause);
            let before = Instant::now();
            let mut now = Self::new(plan, args);
            // Not more than a tenth of a core, however large the folder is.
            pause = PAUSE.max(before.elapsed() * 10);
            if now == *self {
                continue;
            }
            for _ in 0..PATIENCE {
                thread::sleep(CALM);
                let later = Self::new(plan, args);
                if later == now {
                    break;
                }
                now = later;
            }
            return;
        }
    }
}

/// The state of a file; `None` if there is none.
fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.modified().ok(), metadata.len(), number(&metadata)))
}

/// What tells a file from another that was put in its place.
#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}
