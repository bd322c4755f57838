//! Writes the work that the scripts measure into a folder: `rustc -O benches/work/main.rs`.

#[path = "mod.rs"]
mod work;

use std::fs;
use std::path::Path;

use work::{Faults, SEED, SMALL, configuration};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).expect("usage: work FOLDER");
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("small"))?;
    let write = |name: &str, text: String| fs::write(folder.join(name), text);
    write("seed.json", SEED.to_owned())?;
    for (name, endpoints) in [("1k", 1_000), ("10k", 10_000), ("100k", 100_000)] {
        write(&format!("{name}.json"), configuration(endpoints, Faults::None).pretty())?;
    }
    let last = configuration(10_000, Faults::Last);
    write("10k-last.json", last.pretty())?;
    write("10k-line.json", configuration(10_000, Faults::None).minified())?;
    write("10k-line-1000.json", configuration(10_000, Faults::Many(1_000)).minified())?;
    write("1k-100.json", configuration(1_000, Faults::Many(100)).pretty())?;
    write("10k.yaml", configuration(10_000, Faults::None).yaml())?;
    for index in 0..200 {
        let text = configuration(SMALL, Faults::None).pretty();
        write(&format!("small/{index:03}.json"), text)?;
    }
    Ok(())
}
