//! The interface in the binary: what the build script makes of a directory, and what a browser is answered.

#[path = "../build/embed.rs"]
mod embed;

use std::fs;
use std::io::Read;

use hyper::{Method, StatusCode};
use tempfile::TempDir;

use crate::client::Running;

const SCRIPT: &str =
    "console.log('a line that is long enough to be worth compressing, and compressing, and compressing');";

#[test]
fn the_build_script_makes_a_table_of_what_is_there_and_compresses_it() {
    let (dist, out) = (TempDir::new().expect("a directory"), TempDir::new().expect("a directory"));
    fs::create_dir(dist.path().join("assets")).expect("is made");
    for (path, text) in [
        ("index.html", "<!doctype html>"),
        ("assets/app-1a.js", SCRIPT),
        ("assets/app-1a.js.map", "{}"),
        ("assets/.hidden", "x"),
    ] {
        fs::write(dist.path().join(path), text).expect("is written");
    }
    assert_eq!(embed::write(dist.path(), out.path()).expect("embeds"), 2);
    let table = fs::read_to_string(out.path().join(embed::TABLE)).expect("a table");
    assert!(table.contains("path: \"assets/app-1a.js\"") && table.contains("path: \"index.html\""), "{table}");
    assert!(!table.contains(".map") && !table.contains(".hidden"), "{table}");
    let stem = out.path().join("interface-0");
    let mut unfolded = String::new();
    let brotli = fs::File::open(stem.with_extension("br")).expect("brotli");
    brotli::Decompressor::new(brotli, 4096).read_to_string(&mut unfolded).expect("unfolds");
    assert_eq!(unfolded, SCRIPT);
    unfolded.clear();
    let gzip = fs::File::open(stem.with_extension("gz")).expect("gzip");
    flate2::read::GzDecoder::new(gzip).read_to_string(&mut unfolded).expect("unfolds");
    assert_eq!(unfolded, SCRIPT);
}

#[test]
fn without_a_built_interface_the_table_is_empty() {
    let (dist, out) = (TempDir::new().expect("a directory"), TempDir::new().expect("a directory"));
    let table = || fs::read_to_string(out.path().join(embed::TABLE)).expect("a table");
    assert_eq!(embed::write(&dist.path().join("none"), out.path()).expect("embeds nothing"), 0);
    assert_eq!(table(), "&[\n]\n");
    fs::write(dist.path().join("left-over.js"), SCRIPT).expect("is written");
    assert_eq!(embed::write(dist.path(), out.path()).expect("embeds nothing"), 0);
}

#[tokio::test]
async fn every_path_of_a_person_is_a_page_and_every_path_of_a_program_is_not() {
    let running = Running::owned().await;
    let open = async |path: &str, accepted: &str| {
        running.send(running.request(Method::GET, path, &[("accept", accepted)], "")).await
    };
    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for path in
        ["/", "/setup?token=x", "/sign-in", "/he/activity", "/dashboard/activity", "/admin/audit", "/audit/x?a=b"]
    {
        let page = open(path, BROWSER).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8", "{path}");
        let policy = page.headers["content-security-policy"].to_str().expect("ASCII").to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(page.headers[name], value, "{path}");
        }
    }
    for path in ["/api/v1/nothing", "/api", "/v1/traces", "/_cat/indices", "/assets/none-1a.js", "/health/x"] {
        open(path, BROWSER).await.refused(StatusCode::NOT_FOUND);
    }
    for (path, accepted) in [("/activity", "application/json"), ("/activity", "*/*")] {
        open(path, accepted).await.refused(StatusCode::NOT_FOUND);
    }
    let posted = running.send(running.request(Method::POST, "/activity", &[("accept", BROWSER)], "")).await;
    posted.refused(StatusCode::NOT_FOUND);
    let elastic = open("/", "application/json").await.expect(StatusCode::OK);
    assert_eq!(elastic["tagline"], "You Know, for Search");
    running.server.stop().await.expect("stops");
}
