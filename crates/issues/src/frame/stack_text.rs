//! Stacks as engines print them: V8 (`    at total (file.js:1:2)`), Firefox and Safari (`total@file.js:1:2`).

use crate::event::Frame;
use crate::event::limits::FRAMES_MAX;

/// Frames of a printed stack, outermost first as everywhere; empty if the text is none.
pub fn parse(text: &str) -> Vec<Frame<'_>> {
    let mut frames: Vec<Frame<'_>> = text.lines().filter_map(line).take(FRAMES_MAX).collect();
    frames.reverse();
    frames
}

fn line(line: &str) -> Option<Frame<'_>> {
    let line = line.trim();
    match line.strip_prefix("at ") {
        Some(rest) => v8(rest),
        None => gecko(line),
    }
}

/// `total (file.js:1:2)`, `async Cart.total (file.js:1:2)`, `file.js:1:2`, `eval (eval at run (a.js:1:2), <anonymous>:3:4)`.
fn v8(rest: &str) -> Option<Frame<'_>> {
    let (function, location) = match rest.strip_suffix(')').and_then(|rest| rest.split_once(" (")) {
        Some((function, location)) => (Some(function), location),
        None => (None, rest),
    };
    // Of evaluated code the place that evaluated it is what has a name.
    let location = match location.strip_prefix("eval at ").and_then(|rest| rest.split_once(" (")) {
        Some((_, inner)) => inner.split(')').next().unwrap_or(inner),
        None => location,
    };
    frame(function, location)
}

/// `total@file.js:1:2`, `@file.js:1:2`, `total@[native code]`, `run@file.js line 5 > eval:1:2`.
fn gecko(line: &str) -> Option<Frame<'_>> {
    let (function, location) = line.split_once('@')?;
    let location = location.split_once(" line ").map_or(location, |(file, _)| file);
    let looks_like_one = location == "[native code]" || location.contains('/') || location.contains(':');
    if function.contains(' ') && !function.ends_with(" code") && !function.contains('*') || !looks_like_one {
        return None;
    }
    frame(Some(function).filter(|function| !function.is_empty()), location)
}

fn frame<'t>(function: Option<&'t str>, location: &'t str) -> Option<Frame<'t>> {
    let (file, line, column) = position(location);
    if file.is_empty() {
        return None;
    }
    let is_native = matches!(file, "native" | "[native code]" | "<anonymous>");
    Some(Frame {
        function: function.map(Into::into),
        filename: Some(file.into()),
        line,
        column,
        in_app: is_native.then_some(false),
        ..Frame::default()
    })
}

/// The file and up to two numbers behind it.
fn position(location: &str) -> (&str, Option<u64>, Option<u64>) {
    let number = |text: &str| text.parse::<u64>().ok();
    match location.rsplit_once(':').and_then(|(rest, last)| Some((rest, number(last)?))) {
        None => (location, None, None),
        Some((rest, last)) => match rest.rsplit_once(':').and_then(|(file, line)| Some((file, number(line)?))) {
            Some((file, line)) => (file, Some(line), Some(last)),
            None => (rest, Some(last), None),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str, Option<u64>)]) {
        let frames = parse(text);
        let found: Vec<(&str, &str, Option<u64>)> = frames
            .iter()
            .map(|frame| (frame.function.as_deref().unwrap_or(""), frame.filename.as_deref().unwrap(), frame.line))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn v8_prints_the_innermost_first() {
        check(
            "TypeError: no price (at all)\n    at Cart.price (https://shop.example.com/main.js:6:97)\n    \
             at async Cart.total (https://shop.example.com/main.js:5:1)\n    at https://shop.example.com/main.js:1:1\n    \
             at Array.map (<anonymous>)\n    at eval (eval at run (https://shop.example.com/run.js:3:4), <anonymous>:1:1)",
            &[
                ("eval", "https://shop.example.com/run.js", Some(3)),
                ("Array.map", "<anonymous>", None),
                ("", "https://shop.example.com/main.js", Some(1)),
                ("async Cart.total", "https://shop.example.com/main.js", Some(5)),
                ("Cart.price", "https://shop.example.com/main.js", Some(6)),
            ],
        );
    }

    #[test]
    fn firefox_and_safari_print_at_signs() {
        check(
            "price@https://shop.example.com/main.js:6:97\nasync*total@https://shop.example.com/main.js:5:1\n\
             map@[native code]\nglobal code@https://shop.example.com/main.js:1\nrun@https://shop.example.com/a.js line 5 > eval:1:2\n",
            &[
                ("run", "https://shop.example.com/a.js", None),
                ("global code", "https://shop.example.com/main.js", Some(1)),
                ("map", "[native code]", None),
                ("async*total", "https://shop.example.com/main.js", Some(5)),
                ("price", "https://shop.example.com/main.js", Some(6)),
            ],
        );
    }

    #[test]
    fn other_text_is_no_stack() {
        for text in ["", "mail eve@example.com now", "look at me", "a\nb@c", "at "] {
            let frames = parse(text);
            assert!(frames.len() <= usize::from(text == "look at me"), "{text}: {frames:?}");
        }
    }
}
