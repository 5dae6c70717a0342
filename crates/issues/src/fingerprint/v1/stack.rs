//! A stack: which frames count, and whether they say enough.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::event::{Event, Frame, Stack};
use crate::fingerprint::component::Component;
use crate::frame::{self, InApp, Names, Normal};
use crate::rules::Rules;

pub struct StackPart {
    pub component: Component,
    /// Whether a frame that counts has a name: otherwise two different bugs would look alike.
    pub is_enough: bool,
}

/// Why the stack was cut short, which decides how its frames are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    Normal,
    /// The stack ran over: where it stopped is chance.
    Overflow,
}

/// Longer lines of source are generated ones.
const LINE_BYTES_MAX: usize = 120;

pub fn stack(stack: &Stack<'_>, event: &Event<'_>, rules: &Rules, depth: Depth) -> StackPart {
    let frames = frame::frames_of(stack);
    let normals: Vec<Normal> = frames.iter().map(|frame| frame::normalise(frame, event, rules)).collect();
    let is_usable = |normal: &Normal| normal.names.noise.is_none() && !is_nameless(&normal.names);
    let has_in_app = normals.iter().any(|normal| is_usable(normal) && normal.in_app.in_app);
    let is_chosen = |normal: &Normal| is_usable(normal) && (normal.in_app.in_app || !has_in_app);
    let last = normals.iter().rposition(is_chosen);
    let line = last.and_then(|last| source_line(&normals[last].names, &frames[last]));
    let mut repeats = match depth {
        Depth::Normal => Repeats::once(last),
        Depth::Overflow => Repeats::overflow(&normals, is_chosen),
    };
    let mut children = Vec::with_capacity(normals.len());
    let mut is_enough = false;
    for (index, normal) in normals.iter().enumerate() {
        let line = line.filter(|_| Some(index) == last && depth == Depth::Normal);
        let component = frame_component(&normal.names, line);
        let why: Option<Cow<'static, str>> = if let Some(noise) = normal.names.noise {
            Some(noise.into())
        } else if is_nameless(&normal.names) {
            Some("neither function nor file has a name".into())
        } else if !is_chosen(normal) {
            Some(not_in_app(&normal.in_app).into())
        } else {
            repeats.why_not(index, &normal.names).map(Into::into)
        };
        is_enough |= why.is_none() && (!normal.names.function.is_empty() || line.is_some());
        children.push(match why {
            Some(why) => component.without(why),
            None => component,
        });
    }
    if depth == Depth::Overflow {
        children.sort_by(|one, other| key(one).cmp(&key(other)));
    }
    let mut component = Component::group("stack", children);
    if component.counts && !has_in_app {
        component = component.because("no frame is of the application, so all count");
    }
    StackPart { component, is_enough }
}

/// Every function counts once, where it first appears from the outside; the one that broke closes the list. So a
/// recursion is the same however deep it went, and which of two functions that call each other broke still shows.
struct Repeats<'n> {
    seen: HashSet<(&'n str, &'n str)>,
    /// The function that counted last.
    newest: Option<(&'n str, &'n str)>,
    /// Only functions in this set count, if there is one.
    only: Option<HashSet<(&'n str, &'n str)>>,
    /// The frame that broke.
    closing: Option<usize>,
}

impl<'n> Repeats<'n> {
    fn once(closing: Option<usize>) -> Repeats<'n> {
        Repeats { seen: HashSet::new(), newest: None, only: None, closing }
    }

    /// Of a stack that ran over only what repeats counts: the functions that called each other without end.
    fn overflow(normals: &'n [Normal], is_chosen: impl Fn(&Normal) -> bool) -> Repeats<'n> {
        let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
        for normal in normals.iter().filter(|normal| is_chosen(normal)) {
            *counts.entry(identity(&normal.names)).or_default() += 1;
        }
        let repeated: HashSet<_> = counts.iter().filter(|(_, count)| **count > 1).map(|(one, _)| *one).collect();
        let only = (!repeated.is_empty()).then_some(repeated);
        Repeats { only, ..Repeats::once(None) }
    }

    /// Asked for every chosen frame, from the outside in.
    fn why_not(&mut self, index: usize, names: &'n Names) -> Option<&'static str> {
        let identity = identity(names);
        if self.only.as_ref().is_some_and(|only| !only.contains(&identity)) {
            return Some("the stack ran over, and this is not part of what repeats");
        }
        let closes = self.closing == Some(index) && self.newest != Some(identity);
        if !self.seen.insert(identity) && !closes {
            return Some("the same function counts already");
        }
        self.newest = Some(identity);
        None
    }
}

fn identity(names: &Names) -> (&str, &str) {
    (names.place(), &names.function)
}

fn key(component: &Component) -> Vec<&str> {
    component.children.iter().filter_map(|child| child.value.as_deref()).collect()
}

fn is_nameless(names: &Names) -> bool {
    names.place().is_empty() && names.function.is_empty()
}

fn not_in_app(in_app: &InApp) -> String {
    format!("not of the application: {}", in_app.why)
}

fn frame_component(names: &Names, line: Option<&str>) -> Component {
    let mut parts = Vec::with_capacity(3);
    if !names.module.is_empty() {
        parts.push(Component::leaf("module", names.module.as_str()));
    } else if !names.file.is_empty() {
        parts.push(Component::leaf("file", names.file.as_str()));
    }
    if !names.function.is_empty() {
        parts.push(Component::leaf("function", names.function.as_str()));
    }
    if let Some(line) = line {
        parts.push(Component::leaf("source line", line));
    }
    Component::group("frame", parts)
}

/// The source of the frame that broke, if its function has no name.
fn source_line<'f>(names: &Names, frame: &'f Frame<'_>) -> Option<&'f str> {
    let line = frame.context_line.as_deref()?.trim();
    let is_written = !line.is_empty() && line.len() <= LINE_BYTES_MAX && !line.contains("{snip}");
    (names.function.is_empty() && is_written).then_some(line)
}
