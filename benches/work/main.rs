//! Writes the work that the scripts measure into a folder: all of it, or the files that are named.
//! `rustc --edition 2024 -O benches/work/main.rs` builds it.

#[path = "mod.rs"]
mod work;

use std::path::PathBuf;
use std::{env, fs, io};

use work::{REAL, SEED, SMALL, configuration};

fn main() -> io::Result<()> {
    let mut args = env::args().skip(1);
    let folder = PathBuf::from(args.next().expect("usage: work FOLDER [NAME]..."));
    let names: Vec<String> = args.collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let write = |name: &str, text: &dyn Fn() -> String| {
        if wanted(name) { fs::write(folder.join(name), text()) } else { Ok(()) }
    };
    fs::create_dir_all(&folder)?;
    write("seed.json", &|| SEED.to_owned())?;
    for (name, endpoints, wrong) in [
        ("real.json", REAL, 0),
        ("1k.json", 1_000, 0),
        ("1k-100.json", 1_000, 100),
        ("10k.json", 10_000, 0),
        ("10k-10000.json", 10_000, 10_000),
        ("100k.json", 100_000, 0),
    ] {
        write(name, &|| configuration(0..endpoints, wrong).pretty())?;
    }
    write("10k-line-1000.json", &|| configuration(0..10_000, 1_000).minified())?;
    write("10k.yaml", &|| configuration(0..10_000, 0).yaml())?;
    if wanted("small") {
        fs::create_dir_all(folder.join("small"))?;
        for nth in 0..200 {
            let endpoints = nth * SMALL..(nth + 1) * SMALL;
            let text = configuration(endpoints, 0).pretty();
            fs::write(folder.join(format!("small/{nth:03}.json")), text)?;
        }
    }
    Ok(())
}
