//! A chain of exceptions: types and stacks, and messages where neither says anything.

use super::message::plain;
use super::stack::{self, Depth, StackPart};
use crate::event::{Event, Exception, Frame};
use crate::fingerprint::component::Component;
use crate::frame::{Family, type_name};
use crate::rules::Rules;

/// The browser could not load a file that the last deployment took away. Where and which is chance.
const STALE_FILES: &[&str] = &["ChunkLoadError"];
/// Types that only hold a text.
const TEXTS: &[&str] = &["*errors.errorString"];
/// Types of a stack that ran over; in JavaScript the message says it.
const OVERFLOWS: &[&str] = &["RecursionError", "StackOverflowError", "StackOverflowException", "SystemStackError"];

/// All exceptions of the event, root cause first; `None` if none says anything.
pub fn exceptions(event: &Event<'_>, rules: &Rules, domain: &str) -> Option<Component> {
    let family = Family::of(&Frame::default(), event);
    let stacks: Vec<Option<StackPart>> = event
        .exceptions
        .iter()
        .map(|exception| Some(stack::stack(exception.stack.as_ref()?, event, rules, depth(exception))))
        .collect();
    let has_stack = stacks.iter().flatten().any(|part| part.is_enough);
    let chain = event.exceptions.iter().zip(stacks);
    let mut children: Vec<Component> =
        chain.map(|(exception, stack)| exception_component(exception, stack, family, has_stack)).collect();
    let is_group = |exception: &Exception<'_>| exception.mechanism.as_ref().is_some_and(|one| one.is_group);
    if event.exceptions.iter().any(is_group) {
        children = group(children, event.exceptions.iter().map(is_group).collect(), domain);
    } else {
        drop_repetitions(&mut children, domain);
    }
    let component = Component::group("exceptions", children);
    component.counts.then_some(component)
}

fn exception_component(
    exception: &Exception<'_>,
    stack: Option<StackPart>,
    family: Family,
    chain_has_stack: bool,
) -> Component {
    let kind = type_name(exception.kind.as_deref().unwrap_or_default(), family);
    let is_synthetic = exception.mechanism.as_ref().is_some_and(|mechanism| mechanism.synthetic);
    let is_stale_file = STALE_FILES.contains(&kind.as_str());
    let says_nothing = kind.is_empty() || is_synthetic || TEXTS.contains(&kind.as_str());
    let is_enough = stack.as_ref().is_some_and(|part| part.is_enough);
    let mut children = Vec::new();
    if !kind.is_empty() {
        let component = Component::leaf("type", kind);
        children.push(if is_synthetic { component.without("the client made it up") } else { component });
    }
    if let Some(StackPart { component, is_enough }) = stack {
        children.push(match is_enough {
            _ if is_stale_file => component.without(STALE),
            false => component.without("no frame that could count has a name"),
            true => component,
        });
    }
    let value = exception.value.as_deref().map(plain).filter(|value| !value.is_empty());
    if let Some(value) = value.map(|value| Component::leaf("value", value)) {
        children.push(if is_stale_file {
            value.without(STALE)
        } else if says_nothing {
            value
        } else if is_enough {
            value.without("type and stack say it better")
        } else if chain_has_stack {
            value.without("another exception of the chain has a stack")
        } else {
            value
        });
    }
    Component::group("exception", children)
}

const STALE: &str = "a file of an earlier deployment is gone: all such errors are one";

fn depth(exception: &Exception<'_>) -> Depth {
    let is_type = exception.kind.as_deref().is_some_and(|kind| OVERFLOWS.iter().any(|one| kind.ends_with(one)));
    let says_so = |value: &str| value.starts_with("Maximum call stack size exceeded") || value == "too much recursion";
    if is_type || exception.value.as_deref().is_some_and(says_so) { Depth::Overflow } else { Depth::Normal }
}

/// An exception that holds others: each kind of them counts once, in whatever order they failed.
fn group(children: Vec<Component>, is_group: Vec<bool>, domain: &str) -> Vec<Component> {
    let has_leaf = children.iter().zip(&is_group).any(|(child, is_group)| child.counts && !is_group);
    let mut keyed: Vec<([u8; 32], Component)> = children
        .into_iter()
        .zip(is_group)
        .map(|(child, is_group)| match is_group && has_leaf {
            true => child.without("it only holds the others"),
            false => child,
        })
        .map(|child| (child.digest(domain), child))
        .collect();
    keyed.sort_by_key(|(digest, child)| (!child.counts, *digest));
    let mut children: Vec<Component> = Vec::new();
    let mut before = None;
    for (digest, child) in keyed {
        let is_repeated = child.counts && before == Some(digest);
        before = Some(digest);
        children.push(if is_repeated { child.without("the same failed more than once") } else { child });
    }
    children
}

/// A retry that wraps the same exception again and again counts once.
fn drop_repetitions(children: &mut [Component], domain: &str) {
    if children.len() < 2 {
        return;
    }
    let mut before = None;
    for child in children.iter_mut().filter(|child| child.counts) {
        let digest = child.digest(domain);
        if before == Some(digest) {
            child.counts = false;
            child.why = Some("the same as the one before".into());
        }
        before = Some(digest);
    }
}
