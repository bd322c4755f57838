//! Links the unwinder into the program, where the system has it as a static library.
//!
//! Rust's standard library takes it from `libgcc_s`, the only shared library beside libc that the
//! program would need. To load it is a tenth of the start of the program, and a container that holds
//! libc alone has none. Where there is no static one, all is as it would be without this file.

use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if links_glibc() && linker().is_some_and(|linker| has_unwinder(&linker)) {
        println!("cargo::rustc-link-lib=static:-bundle=gcc_eh");
    }
}

/// Whether the program is linked to a shared libc of GNU.
fn links_glibc() -> bool {
    let is = |name: &str, value| env::var(name).is_ok_and(|it| it == value);
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
        && !features.split(',').any(|feature| feature == "crt-static")
}

/// What links for the target: the default of Rust is `cc`, but that links for the host.
fn linker() -> Option<String> {
    let named = env::var("RUSTC_LINKER").ok();
    named.or_else(|| (env::var("TARGET") == env::var("HOST")).then(|| "cc".to_owned()))
}

/// Whether `linker`, which is a compiler of C in nearly every case, would find the library.
fn has_unwinder(linker: &str) -> bool {
    let answer = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output();
    // What it does not find it names without a folder.
    answer.is_ok_and(|answer| {
        let path = String::from_utf8_lossy(&answer.stdout);
        Path::new(path.trim()).is_absolute() && Path::new(path.trim()).is_file()
    })
}
