//! C# and other languages of .NET: state machines, display classes, local functions, arity of generics.

use super::brackets;
use super::names::{Names, file, is_inside, text};
use super::path;
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    let (mut module, method) = class(text(&frame.module));
    let mut function = function(text(&frame.function));
    if let Some(method) = method
        && matches!(function.as_str(), "MoveNext" | "")
    {
        function = method;
    }
    // Some clients write the class before the function.
    if let Some((class, name)) = function.rsplit_once('.')
        && !class.is_empty()
        && !name.is_empty()
        && !function.starts_with('.')
    {
        let (class, name) = (class.trim_end_matches('.').to_owned(), name.to_owned());
        if module.is_empty() {
            module = class;
        }
        function = name;
    }
    let noise = function.starts_with("lambda_method") || module.starts_with("Castle.Proxies");
    Names {
        module,
        function,
        file: path::stable(&path::clean(file(frame))),
        noise: noise.then_some("a proxy or a compiled expression, made while running"),
    }
}

/// The class without generics and generated classes, and the method whose state machine or closure it was:
/// ``Shop.Cart`1+<TotalAsync>d__12`` is `Shop.Cart` and `TotalAsync`.
fn class(raw: &str) -> (String, Option<String>) {
    let raw = brackets::without(raw, '[', ']');
    let mut method = None;
    let mut kept: Vec<&str> = Vec::new();
    for part in raw.split('+') {
        let part = part.split('`').next().unwrap_or(part);
        match part.strip_prefix('<') {
            Some(rest) => {
                let name = rest.split('>').next().unwrap_or_default();
                if !name.is_empty() && part.contains(">d__") {
                    method = Some(source_method(part));
                }
            }
            None => kept.push(part),
        }
    }
    (brackets::without(&kept.join("+"), '<', '>'), method)
}

/// The method in the name of what the compiler made of it: `<Total>b__0_1`, `<Total>d__2`, `<Total>g__Helper|0_0`,
/// `<<Total>b__0_1>d`.
fn source_method(raw: &str) -> String {
    const DEPTH_MAX: usize = 4;
    let mut name = raw;
    for _ in 0..DEPTH_MAX {
        let Some(end) = brackets::end_of_first(name, '<', '>') else { return name.to_owned() };
        let (inner, after) = (&name[1..end - 1], &name[end..]);
        if let Some(local) = after.strip_prefix("g__") {
            return local.split('|').next().unwrap_or(local).to_owned();
        }
        if inner.is_empty() {
            return after.to_owned();
        }
        name = inner;
    }
    name.to_owned()
}

fn function(raw: &str) -> String {
    let end = ["(", " {", "+("].iter().filter_map(|mark| raw.find(mark)).min().unwrap_or(raw.len());
    let raw = raw[..end].trim();
    if raw.starts_with('<') {
        return source_method(raw);
    }
    let plain = brackets::without(&brackets::without(raw, '<', '>'), '[', ']');
    let plain = plain.split('`').next().unwrap_or(&plain);
    // `async Task Shop.Cart.Total`: what it returns stands before it.
    plain.rsplit(' ').next().unwrap_or(plain).to_owned()
}

pub fn library(names: &Names) -> Option<&'static str> {
    const STANDARD: &[&str] = &["System", "Microsoft", "mscorlib", "Mono", "Interop", "Internal"];
    const FRAMEWORKS: &[&str] = &[
        "Sentry",
        "Newtonsoft",
        "Npgsql",
        "Dapper",
        "Serilog",
        "NLog",
        "log4net",
        "Castle",
        "Autofac",
        "FSharp",
        "Giraffe",
        "MassTransit",
        "MediatR",
        "Polly",
        "RestSharp",
        "IdentityModel",
        "StackExchange",
        "Swashbuckle",
        "Hangfire",
        "UnityEngine",
        "UnityEditor",
        "Xamarin",
        "Grpc",
        "AWSSDK",
        "Amazon",
        "MongoDB",
        "RabbitMQ",
        "Azure",
    ];
    if is_inside(&names.module, STANDARD, ".") {
        return Some(".NET's own library");
    }
    is_inside(&names.module, FRAMEWORKS, ".").then_some("a known framework")
}
