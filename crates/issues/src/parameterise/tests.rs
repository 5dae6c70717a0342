use proptest::prelude::*;

use super::*;

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(parameterise(text), *expected, "{text}");
    }
}

#[test]
fn numbers_in_all_their_forms() {
    check(&[
        ("user 17 failed", "user <int> failed"),
        ("offset -5, ratio 0.75", "offset <int>, ratio <float>"),
        ("1,234,567 rows", "<int> rows"),
        ("pair (1,2)", "pair (<int>,<int>)"),
        ("at 0x7FFE12ab in f", "at <hex> in f"),
        ("took 1.5s, then 3h2m1s, then 20 ms", "took <duration>, then <duration>, then <int> ms"),
        ("body of 10MB", "body of <size>"),
        ("1e-9 is small", "<float> is small"),
        ("library 4.17.21", "library <version>"),
        ("order #123 of shop-7", "order #<int> of shop-<int>"),
        ("job_4711 and utf8 and int32 and x86_64", "job_<int> and utf8 and int32 and x86_<int>"),
        ("50% of 3rd", "<int>% of 3rd"),
        ("worker3 at 10:20", "worker3 at <date>"),
        ("99999999999999999999999999999999999999", "<int>"),
    ]);
}

#[test]
fn addresses_ids_and_hashes() {
    check(&[
        ("mail to eve.b+x@mail.example.com.", "mail to <email>."),
        ("GET https://shop.example.com/a?b=1, then", "GET <url>, then"),
        ("(postgres://u:p@db/x)", "(<url>)"),
        ("connect 10.0.0.1:5432", "connect <ip>:<int>"),
        ("connect [::1]:5432 or fe80::1ff:fe23:4567:890a", "connect [<ip>]:<int> or <ip>"),
        ("std::vec and dead::beef", "std::vec and dead::beef"),
        ("id 123e4567-e89b-12d3-a456-426614174000!", "id <uuid>!"),
        ("d41d8cd98f00b204e9800998ecf8427e", "<md5>"),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", "<sha1>"),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "<sha256>"),
        ("commit a1b2c3d4", "commit <hex>"),
        ("decade facade deadbeef", "decade facade deadbeef"),
        ("Bearer eyJhbGciOi.eyJzdWIi.c2ln", "Bearer <jwt>"),
        ("key sk_live_4eC39HqLyjWDarjtT1", "key <token>"),
        ("Base64EncodedSha256Digest", "Base64EncodedSha256Digest"),
    ]);
}

#[test]
fn dates_and_times() {
    for date in [
        "2026-11-28",
        "2026-11-28T10:20:30.123Z",
        "2026-11-28 10:20:30,123",
        "2026-11-28T10:20:30+02:00",
        "28/11/2026",
        "28.11.2026 10:20",
        "28/Nov/2026:10:20:30 +0000",
        "Sat, 28 Nov 2026 10:20:30 GMT",
        "Sat Nov 28 10:20:30 2026",
        "Nov 28 10:20:30",
        "10:20:30",
    ] {
        let text = format!("[{date}] failed");
        if date.contains("/Nov/") {
            // The common log format has a colon between date and time.
            assert_eq!(parameterise(&text), "[<date>:<date>] failed");
        } else {
            assert_eq!(parameterise(&text), "[<date>] failed", "{date}");
        }
    }
    check(&[("May fail", "May fail"), ("sat down", "sat down"), ("mar 5", "mar <int>")]);
}

#[test]
fn quotes_keep_names_and_lose_data() {
    check(&[
        (
            "Cannot read properties of undefined (reading 'price')",
            "Cannot read properties of undefined (reading 'price')",
        ),
        ("'NoneType' object has no attribute 'total'", "'NoneType' object has no attribute 'total'"),
        ("no user \"Eve Example\" here", "no user <quoted> here"),
        ("no file 'report-2026.pdf'", "no file <quoted>"),
        ("name='eve' is taken", "name=<quoted> is taken"),
        ("it's one, isn't it", "it's one, isn't it"),
        ("Key (email)=(eve) already exists", "Key (email)=(<quoted>) already exists"),
        ("unclosed 'quote with 5", "unclosed 'quote with <int>"),
    ]);
}

#[test]
fn paths_are_data_and_routes_are_not() {
    check(&[
        ("open /var/lib/shop/a.db: no such file", "open <path>: no such file"),
        ("open C:\\data\\a.txt failed", "open <path> failed"),
        ("~/x/y.toml", "<path>"),
        ("Exception on /cart/17 [GET]", "Exception on /cart/<int> [GET]"),
        ("either/or", "either/or"),
    ]);
}

#[test]
fn the_code_of_an_answer_stays() {
    check(&[
        ("Request failed with status code 404", "Request failed with status code 404"),
        ("HTTP 503 from shop", "HTTP 503 from shop"),
        ("status: 500", "status: 500"),
        ("waited 503 times", "waited <int> times"),
        ("status code 40400", "status code <int>"),
    ]);
}

#[test]
fn two_lines_count() {
    assert_eq!(headline("\n\n  first  \n\n second\nthird"), "first\nsecond");
    assert_eq!(headline(" \n"), "");
    assert_eq!(headline(&"é".repeat(MESSAGE_BYTES_MAX)).len(), MESSAGE_BYTES_MAX);
}

#[test]
fn text_without_gaps_is_not_copied() {
    assert!(matches!(parameterise("nothing varies here"), Cow::Borrowed(_)));
}

/// Texts that make a scanner look ahead at every byte. A quadratic one would take minutes here.
#[test]
fn hostile_texts_take_linear_time() {
    for piece in
        ["'", "\"a", "a.", "a@", "1.", "1,", "::", "1h", "/tmp/", "eyJ.", "-", "0x", "é", "a-b@", "http://", "'='"]
    {
        let text = piece.repeat(400_000 / piece.len());
        assert!(parameterise(&text).len() <= text.len() * 8);
    }
}

proptest! {
    #[test]
    fn any_text_is_parameterised_and_lines_stay(text in "\\PC{0,200}") {
        let once = parameterise(&text);
        prop_assert_eq!(once.lines().count(), text.lines().count());
    }

    #[test]
    fn a_number_never_tells_two_messages_apart(one in 0u64.., other in 0u64..) {
        let text = |number: u64| parameterise(&format!("order {number} of user {number} failed")).into_owned();
        prop_assert_eq!(text(one), text(other));
    }
}
