//! Embeds the built interface: `ui/dist` as it is when the crate is compiled, or nothing.
//!
//! Never runs npm: `make build` builds the interface first. Without it the binary says so in the browser.

#[path = "build/embed.rs"]
mod embed;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let dist = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../ui/dist");
    // Cargo runs this again at every build while the directory that it watches is not there. Where it cannot be made,
    // that is all that is lost.
    let _not_made = std::fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build/embed.rs");
    embed::write(&dist, &PathBuf::from(std::env::var("OUT_DIR")?))?;
    Ok(())
}
