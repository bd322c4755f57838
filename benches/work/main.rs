//! Writes the work that the scripts measure into a folder: all of it, or the files that are named.
//! `rustc --edition 2024 -O benches/work/main.rs` builds it.

#[path = "mod.rs"]
mod work;

use std::path::PathBuf;
use std::{env, fs, io};

use work::{Faults, SEED, SMALL, configuration};

fn main() -> io::Result<()> {
    let mut args = env::args().skip(1);
    let folder = PathBuf::from(args.next().expect("usage: work FOLDER [NAME]..."));
    let names: Vec<String> = args.collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let write = |name: &str, text: &dyn Fn() -> String| {
        if wanted(name) { fs::write(folder.join(name), text()) } else { Ok(()) }
    };
    let valid = |endpoints| configuration(endpoints, Faults::None);

    fs::create_dir_all(&folder)?;
    write("seed.json", &|| SEED.to_owned())?;
    for (name, endpoints) in [("1k.json", 1_000), ("10k.json", 10_000), ("100k.json", 100_000)] {
        write(name, &|| valid(endpoints).pretty())?;
    }
    write("1k-100.json", &|| configuration(1_000, Faults::Many(100)).pretty())?;
    write("10k-last.json", &|| configuration(10_000, Faults::Last).pretty())?;
    write("10k-line.json", &|| valid(10_000).minified())?;
    write("10k-line-1000.json", &|| configuration(10_000, Faults::Many(1_000)).minified())?;
    write("10k.yaml", &|| valid(10_000).yaml())?;
    if wanted("small") {
        fs::create_dir_all(folder.join("small"))?;
        let text = valid(SMALL).pretty();
        for index in 0..200 {
            fs::write(folder.join(format!("small/{index:03}.json")), &text)?;
        }
    }
    Ok(())
}
