use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// `module|file > function`, and why it is no frame of the application.
fn shown(platform: &str, frame: Value) -> String {
    let document = json!({"platform": platform, "stacktrace": {"frames": [frame]}});
    let event = Event::read(&document);
    assert_eq!(event.skipped, []);
    let normal = normalise(&event.stack.as_ref().unwrap().frames[0], &event, &Rules::default());
    let library = match normal.in_app.why {
        Why::Library(what) => format!(" ({what})"),
        _ => String::new(),
    };
    let noise = normal.names.noise.map(|why| format!(" [{why}]")).unwrap_or_default();
    format!("{} > {}{library}{noise}", normal.names.place(), normal.names.function)
}

#[test]
fn python() {
    let module = |module: &str, function: &str| shown("python", json!({"module": module, "function": function}));
    assert_eq!(module("shop.views", "view"), "shop.views > view");
    assert_eq!(module("shop.views", "outer.<locals>.inner"), "shop.views > inner");
    assert_eq!(module("shop.views", "<lambda>"), "shop.views > ");
    assert!(module("shop.views", "<listcomp>").contains("[a comprehension"));
    let file = |path: &str| shown("python", json!({"filename": path, "function": "f"}));
    assert_eq!(file("/opt/v/lib/python3.11/site-packages/flask/app.py"), "flask/app.py > f (an installed package)");
    assert_eq!(file("/usr/lib/python3.11/logging/__init__.py"), "logging/__init__.py > f (Python's own library)");
    assert_eq!(file("/tmp/ipykernel_12345/678.py"), "<notebook> > f");
    assert_eq!(
        shown("python", json!({"module": "__main__", "filename": "/srv/a/run.py", "function": "f"})),
        "run.py > f"
    );
}

#[test]
fn javascript() {
    let url = |file: &str, function: &str| shown("javascript", json!({"filename": file, "function": function}));
    for function in
        ["Cart.total", "async Cart.total", "async*total", "total", "Object.total [as run]", "new total", "a/b/total"]
    {
        assert_eq!(url("https://shop.example.com/main.4185d9aa.js?v=5", function), "main.js > total", "{function}");
    }
    for anonymous in ["<anonymous>", "?", "Object.<anonymous>", "Server.?", "total/<", "global code", "", "t", "e.n"] {
        assert_eq!(url("https://shop.example.com/main.js", anonymous), "main.js > ", "{anonymous}");
    }
    assert_eq!(url("https://shop.example.com/products/a.html", "total"), " > total");
    assert_eq!(url("webpack:///./src/cart.ts", "t"), "src/cart.ts > t");
    assert_eq!(url("webpack-internal:///(ssr)/./src/cart.ts", "total"), "src/cart.ts > total");
    assert_eq!(url("webpack://shop/./src/cart.ts?4185", "total"), "src/cart.ts > total");
    assert_eq!(url("../../src/cart.ts", "total"), "src/cart.ts > total");
    assert_eq!(url("app:///main-DbQ2xY9p.js", "total"), "main.js > total");
    assert_eq!(url("blob:https://shop.example.com/1-2", "total"), " > total");
    assert_eq!(
        url("/srv/app/node_modules/express/lib/router.js", "next"),
        "express/lib/router.js > next (an installed package)"
    );
    assert_eq!(url("chrome-extension://abc/content.js", "run"), "content.js > run (a browser extension)");
    assert_eq!(url("node:internal/timers", "run"), "node:internal/timers > run (the engine or its loader)");
    assert!(url("[native code]", "map").contains("[part of the engine]"));
}

#[test]
fn rust() {
    let name = |function: &str| shown("native", json!({"function": function, "filename": "cart.rs"}));
    for function in [
        "shop::cart::Cart<T>::total::h0123456789abcdef",
        "shop::cart::Cart::total::{{closure}}::{{closure}}",
        "shop[4185d9aade26cd3a]::cart::Cart::<alloc::string::String>::total::{closure#0}",
        "<shop::cart::Cart<T>>::total",
        "shop::cart::Cart::total.llvm.123456",
        "shop::cart::Cart$LT$T$GT$::total::h0123456789abcdef",
    ] {
        assert_eq!(name(function), "shop::cart::Cart > total", "{function}");
    }
    assert_eq!(name("<shop::Cart<T> as core::fmt::Debug>::fmt"), "shop::Cart as core::fmt::Debug > fmt");
    assert_eq!(name("_$LT$shop..Cart$u20$as$u20$core..fmt..Debug$GT$::fmt"), "shop::Cart as core::fmt::Debug > fmt");
    assert!(name("core::panicking::panic_fmt").ends_with("(Rust's own library)"));
    assert!(name("<alloc::boxed::Box<F> as core::ops::FnOnce<()>>::call_once").ends_with("(Rust's own library)"));
    assert!(name("tokio::runtime::task::poll").ends_with("(a crate from elsewhere)"));
}

/// What the crate `sentry` calls the application's, and is not; and what is.
#[test]
fn rust_whatever_its_client_says() {
    let of = |frame: Value| {
        let mut frame = frame;
        frame["in_app"] = json!(true);
        let document = json!({"platform": "native", "sdk": {"name": "sentry.rust"}, "stacktrace": {"frames": [frame]}});
        let event = Event::read(&document);
        normalise(&event.stack.as_ref().unwrap().frames[0], &event, &Rules::default()).in_app.in_app
    };
    let registry = "/home/ann/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f";
    for frame in [
        json!({"function": "std::rt::lang_start"}),
        json!({"function": "core::panicking::panic_fmt"}),
        json!({"function": "alloc::vec::Vec<T>::push"}),
        json!({"function": "<alloc::boxed::Box<F> as core::ops::function::Fn<A>>::call"}),
        json!({"function": "<F as core::ops::function::FnOnce<()>>::call_once"}),
        json!({"function": "<F as futures_core::future::TryFuture>::try_poll"}),
        json!({"function": "rust_begin_unwind"}),
        json!({"function": "__rust_try"}),
        json!({"function": "_start"}),
        json!({"function": "main"}),
        json!({"function": "backtrace::backtrace::trace"}),
        json!({"function": "tokio::runtime::scheduler::current_thread::CoreGuard::block_on"}),
        json!({"function": "sentry_panic::PanicIntegration::event_from_panic_info"}),
        json!({"function": "sentry_core::hub::Hub::with_active"}),
        json!({"function": "anyhow::error::<impl anyhow::Error>::msg"}),
        // Inlined, with line tables only: a bare name and a file.
        json!({"function": "event_from_panic_info", "abs_path": format!("{registry}/sentry-panic-0.49.5/src/lib.rs")}),
        json!({"function": "call_once", "abs_path": "/rustc/598076/library/core/src/ops/function.rs"}),
        json!({"function": "call", "abs_path": "/opt/rust/toolchains/x/lib/rustlib/src/rust/library/alloc/src/boxed.rs"}),
        json!({"function": "total", "abs_path": "/home/ann/.cargo/git/checkouts/prices-1949cf8c/4f2c/src/lib.rs"}),
    ] {
        assert!(!of(frame.clone()), "{frame}");
    }
    for frame in [
        json!({"function": "shop::cart::Cart<T>::total"}),
        json!({"function": "<shop::Cart<T> as core::fmt::Debug>::fmt"}),
        json!({"function": "<T as shop::Total>::total"}),
        json!({"function": "stdlib::total"}),
        json!({"function": "sentry_box::watch", "abs_path": "/srv/build/sentry_box/src/lib.rs"}),
        json!({"function": "clone", "abs_path": "/srv/build/shop/src/cart.rs"}),
        json!({"function": "main", "abs_path": "/srv/build/shop/src/main.rs"}),
    ] {
        assert!(of(frame.clone()), "{frame}");
    }
}

#[test]
fn native() {
    let name = |function: &str| shown("native", json!({"function": function, "package": "/opt/shop/bin/shop"}));
    assert_eq!(name("shop::Cart<int>::total(int, char const*) const"), "shop::Cart > total");
    assert_eq!(name("std::vector<int> shop::(anonymous namespace)::run()"), "shop::{anonymous} > run");
    assert_eq!(name("-[Cart totalFor:]"), " > -[Cart totalFor:]");
    assert_eq!(name("<unknown>"), " > ");
    for runtime in ["std::vector<int>::at(unsigned long)", "core::panicking::panic_fmt", "rust_begin_unwind", "abort"] {
        assert!(name(runtime).ends_with("(the language's own library)"), "{runtime}");
    }
    for own in ["core::Reactor::start()", "main", "log::write(char const*)", "clone"] {
        assert!(!name(own).contains("library"), "{own}");
    }
}

#[test]
fn go() {
    let name = |module: &str, function: &str| shown("go", json!({"module": module, "function": function}));
    for function in
        ["(*Cart).Total", "(*Cart).Total.func1", "Cart.Total.func2.1", "(*Cart[...]).Total-fm", "(*Cart).Total.gowrap1"]
    {
        assert_eq!(
            name("github.com/acme/shop/v2/cart", function),
            "github.com/acme/shop/cart > Cart.Total",
            "{function}"
        );
    }
    assert_eq!(name("", "github.com/acme/shop/cart.(*Cart).Total"), "github.com/acme/shop/cart > Cart.Total");
    assert_eq!(name("main", "main.func1"), "main > main");
    assert_eq!(name("runtime", "goexit"), "runtime > goexit (Go's own library)");
}

#[test]
fn java() {
    let name = |module: &str, function: &str| shown("java", json!({"module": module, "function": function}));
    for (module, function) in [
        ("com.acme.Cart", "total"),
        ("com.acme.Cart", "lambda$total$0"),
        ("com.acme.Cart$1", "total"),
        ("com.acme.Cart$$Lambda$14/0x0000000800c03000", "total"),
        ("com.acme.Cart", "access$total"),
        ("com.acme.Cart", "total$default"),
        ("com.acme.Cart", "total$app_release"),
        ("com.acme.Cart", "total-7apg3OU"),
    ] {
        assert_eq!(name(module, function), "com.acme.Cart > total", "{module} {function}");
    }
    assert_eq!(name("java.base/java.lang.Thread", "run"), "java.lang.Thread > run (the platform's own library)");
    assert!(name("com.acme.Cart$$EnhancerBySpringCGLIB$$1a2b3c", "total").contains("[a proxy"));
    assert!(name("jdk.proxy2.$Proxy45", "total").contains("[a proxy"));
    assert!(name("com.acme.CartKt$total$2", "invokeSuspend").starts_with("com.acme.CartKt$total > invokeSuspend"));
}

#[test]
fn php() {
    let name = |function: &str| shown("php", json!({"function": function, "filename": "/srv/app/src/Cart.php"}));
    assert_eq!(name("Shop\\Cart::total"), "Shop\\Cart > total");
    assert_eq!(name("Shop\\Cart::{closure}"), "Shop\\Cart > {closure}");
    assert_eq!(name("Shop\\Cart::{closure:Shop\\Cart::total():42}"), "Shop\\Cart > {closure}");
    assert_eq!(name("class@anonymous\u{0}/srv/app/src/Cart.php:12$0::total"), "class@anonymous > total");
    assert_eq!(name("total"), "src/Cart.php > total");
    let vendor = json!({"function": "Illuminate\\Pipeline::then", "filename": "/vendor/laravel/Pipeline.php"});
    assert_eq!(shown("php", vendor), "Illuminate\\Pipeline > then (an installed package)");
}

#[test]
fn ruby() {
    let name = |function: &str| shown("ruby", json!({"function": function, "filename": "app/models/cart.rb"}));
    for function in
        ["total", "block in total", "block (2 levels) in Cart#total", "rescue in Shop::Cart.total", "Cart#total"]
    {
        assert_eq!(name(function), "app/models/cart.rb > total", "{function}");
    }
    assert_eq!(name("_app_views_show_html_erb___3482342342_7000"), "app/models/cart.rb > _app_views_show_html_erb");
    let gem = json!({"function": "call", "filename": "/usr/lib/ruby/gems/3.2.0/gems/rack-2.2.8/lib/rack/head.rb"});
    assert_eq!(shown("ruby", gem), "rack/lib/rack/head.rb > call (a gem)");
}

#[test]
fn csharp() {
    let name = |module: &str, function: &str| shown("csharp", json!({"module": module, "function": function}));
    for (module, function) in [
        ("Shop.Cart", "Total"),
        ("Shop.Cart+<Total>d__12", "MoveNext"),
        ("Shop.Cart`1[[System.String, mscorlib]]", "Total[T]"),
        ("Shop.Cart+<>c__DisplayClass3_0", "<Total>b__0"),
        ("Shop.Cart+<>c", "<Total>b__3_0"),
        ("Shop.Cart", "Total(Int32 id)"),
        ("", "async Task<bool> Shop.Cart.Total(int id)"),
        ("Shop.Cart", "Total { <lambda> }"),
        ("Shop.Cart+<>c+<<Total>b__3_0>d", "<<Total>b__3_0>d"),
    ] {
        assert_eq!(name(module, function), "Shop.Cart > Total", "{module} {function}");
    }
    assert_eq!(name("Shop.Cart", "<Total>g__Helper|3_0"), "Shop.Cart > Helper");
    assert_eq!(name("Shop.Cart", ".ctor"), "Shop.Cart > .ctor");
    assert_eq!(name("System.Linq.Enumerable", "First[TSource]"), "System.Linq.Enumerable > First (.NET's own library)");
}

proptest! {
    /// Names may hold anything: brackets that do not close, hashes that end early, characters beyond ASCII.
    #[test]
    fn no_name_makes_it_panic(
        platform in prop::sample::select(vec!["python", "javascript", "native", "rust", "go", "java", "php", "ruby", "csharp", "x"]),
        function in "[a-zA-Z0-9<>(){}\\[\\]$:.*/@#+`|_ é-]{0,40}",
        module in "[a-zA-Z0-9<>$:./@+`_é-]{0,40}",
        filename in "[a-zA-Z0-9<>()$:./@+_é?#\\\\-]{0,60}",
    ) {
        shown(platform, json!({"function": function, "module": module, "filename": filename, "symbol": function}));
    }
}
