//! Java, Kotlin, Scala: lambdas, proxies and accessors have numbers; Kotlin adds suffixes to functions.

use super::names::{Names, file, is_inside, text};
use super::path;
use crate::event::Frame;

pub fn names(frame: &Frame<'_>) -> Names {
    let class = class(text(&frame.module));
    Names {
        function: function(text(&frame.function)),
        file: path::stable(&path::clean(file(frame))),
        noise: noise(text(&frame.module)),
        module: class,
    }
}

/// Names after which a class is only the work of a generator.
const GENERATED: &[&str] = &[
    "$$Lambda",
    "$$EnhancerBy",
    "$$FastClassBy",
    "$$SpringCGLIB",
    "$HibernateProxy",
    "_$$_",
    "$ByteBuddy",
    "$MockitoMock",
    "$$ExternalSyntheticLambda",
    "$$InternalSyntheticLambda",
    "$Proxy",
    "_ClientProxy",
    "_Subclass",
    "$$anon",
];

/// Without what a generator adds, and without the numbers of anonymous classes: `Cart$total$1` is `Cart$total`.
pub fn class(raw: &str) -> String {
    // Modules of the platform: `java.base/java.lang.Thread`.
    let raw = raw.rsplit_once('/').filter(|(module, _)| !module.contains("$$")).map_or(raw, |(_, class)| class);
    let end = GENERATED.iter().filter_map(|mark| raw.find(mark)).min().unwrap_or(raw.len());
    let parts = raw[..end].split('$').filter(|part| !part.bytes().all(|byte| byte.is_ascii_digit()));
    parts.collect::<Vec<_>>().join("$")
}

/// `lambda$total$0`, `total$lambda$1`, `access$total`, `total$default`, `total$app_release`, `total-impl`,
/// `total-7apg3OU` and `total$suspendImpl` are all `total`.
fn function(raw: &str) -> String {
    const MARKS: &[&str] = &["lambda", "access", "default", "suspendImpl", "null", "static", "anonfun", "bridge"];
    let name = match raw.rsplit_once('-') {
        Some((name, _)) if !name.is_empty() => name,
        _ => raw,
    };
    let is_variant = |part: &str| part.ends_with("_debug") || part.ends_with("_release") || part.ends_with("_main");
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let kept: Vec<&str> =
        name.split('$').filter(|part| !is_number(part) && !MARKS.contains(part) && !is_variant(part)).collect();
    if kept.is_empty() { raw.to_owned() } else { kept.join("$") }
}

fn noise(class: &str) -> Option<&'static str> {
    const PROXIES: &[&str] = &[
        "$$EnhancerBy",
        "$$FastClassBy",
        "$$SpringCGLIB",
        "$Proxy",
        "$HibernateProxy",
        "$ByteBuddy",
        "GeneratedMethodAccessor",
        "GeneratedConstructorAccessor",
        "NativeMethodAccessorImpl",
        "DelegatingMethodAccessorImpl",
        "DirectMethodHandleAccessor",
        "LambdaForm$",
        "_ClientProxy",
        "$MockitoMock",
    ];
    PROXIES.iter().any(|mark| class.contains(mark)).then_some("a proxy or an accessor, made while running")
}

pub fn library(names: &Names) -> Option<&'static str> {
    const STANDARD: &[&str] = &[
        "java",
        "javax",
        "jdk",
        "sun",
        "com.sun",
        "kotlin",
        "kotlinx",
        "scala",
        "groovy",
        "clojure.lang",
        "android",
        "androidx",
        "dalvik",
        "com.android",
        "libcore",
    ];
    const FRAMEWORKS: &[&str] = &[
        "org.springframework",
        "org.apache",
        "org.hibernate",
        "org.eclipse.jetty",
        "org.jboss",
        "org.slf4j",
        "ch.qos.logback",
        "io.netty",
        "io.undertow",
        "io.vertx",
        "io.quarkus",
        "io.micronaut",
        "io.ktor",
        "io.sentry",
        "reactor",
        "io.reactivex",
        "okhttp3",
        "okio",
        "retrofit2",
        "com.google",
        "com.fasterxml",
        "com.zaxxer",
        "com.mysql",
        "org.postgresql",
        "org.junit",
        "jakarta",
        "io.grpc",
        "akka",
        "play",
        "com.squareup",
        "org.mockito",
    ];
    if is_inside(&names.module, STANDARD, ".") {
        return Some("the platform's own library");
    }
    is_inside(&names.module, FRAMEWORKS, ".").then_some("a known framework")
}
